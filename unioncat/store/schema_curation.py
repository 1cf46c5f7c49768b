"""The tables of curation: what people decide about records, what the matcher related, and what masters looked like."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from unioncat.store.schema import NOW, description, harvest, master_record, source_record
from unioncat.store.schema_libraries import metadata as metadata

# Source records that are, or are not, of one publication, because a person says so.
curator_decision = Table(
    "curator_decision",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("origin", Text, nullable=False),  # pair, merge, split, bulk
    Column("batch", BigInteger),  # the first decision of the same bulk
    Column("made", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("pattern", Text),
    Column("evidence", JSON),
    Column("withdrawn", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Column("withdrawn_why", Text),
    CheckConstraint("kind in ('same', 'different')", name="kind_known"),
    Index(None, "batch"),
)

# `side` 0 and 1: the two sides of the decision; of a split 1 are those that leave.
decision_member = Table(
    "decision_member",
    metadata,
    Column("decision_id", BigInteger, ForeignKey(curator_decision.c.id), primary_key=True),
    Column("source_record_id", BigInteger, ForeignKey(source_record.c.id), primary_key=True),
    Column("side", SmallInteger, nullable=False),
    Index(None, "source_record_id"),
)

# Pairs that a person put off: they come back into the queue on `until`, or when either description changes.
deferred_review = Table(
    "deferred_review",
    metadata,
    Column("low", BigInteger, ForeignKey(description.c.id), primary_key=True),
    Column("high", BigInteger, ForeignKey(description.c.id), primary_key=True),
    Column("until", Date),
    Column("batch", BigInteger),  # of a bulk: its number, from the same row of numbers as those of decisions
    Column("made", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    CheckConstraint("low < high", name="ordered"),
)

# Corrections of curators. They hang on source records and follow these through merges, splits and harvests.
correction = Table(
    "correction",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("action", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("replaced", Text),
    Column("field", JSON),
    Column("made", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("withdrawn", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Column("withdrawn_why", Text),
)

correction_anchor = Table(
    "correction_anchor",
    metadata,
    Column("correction_id", BigInteger, ForeignKey(correction.c.id), primary_key=True),
    Column("source_record_id", BigInteger, ForeignKey(source_record.c.id), primary_key=True),
    Index(None, "source_record_id"),
)

# Descriptions that are not of one publication, but of publications that belong together; `kind` reads low to high.
pair_relation = Table(
    "pair_relation",
    metadata,
    Column("low", BigInteger, ForeignKey(description.c.id), primary_key=True),
    Column("high", BigInteger, ForeignKey(description.c.id), primary_key=True),
    Column("kind", Text, primary_key=True),
    CheckConstraint("low < high", name="ordered"),
    Index(None, "high"),
)

# What a master record looked like before its present version, and the source records it was made of.
master_version = Table(
    "master_version",
    metadata,
    Column("serial", BigInteger, ForeignKey(master_record.c.serial), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("written", DateTime(timezone=True), nullable=False),
    Column("content", JSON, nullable=False),
    Column("members", ARRAY(BigInteger), nullable=False),
)

# What an operator should look at. One alarm about one thing is open at a time.
alarm = Table(
    "alarm",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column(
        "facts", Text, nullable=False
    ),  # what must change before it is raised again once a person closed it
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id)),
    Column("detail", JSON, nullable=False),
    Column("raised", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("closed", DateTime(timezone=True)),
    Column("closed_by", Text),
    Column("closed_why", Text),
    Index("uq_alarm_open", "kind", "subject", unique=True, postgresql_where=text("closed IS NULL")),
)

# How far in the outbox it was looked for what should raise an alarm; one row.
alarm_watch = Table(
    "alarm_watch",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
)

# Match keys that became crowded or free since it was last looked for what should raise an alarm.
crossed_key = Table("crossed_key", metadata, Column("key", Text, primary_key=True))

# The policy by which the verdicts of the graph were made; one row.
matching_policy = Table(
    "matching_policy",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("policy", Text, nullable=False),
)
