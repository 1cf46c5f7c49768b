"""The tables. `alembic/` creates them; a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB, REAL

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NOW = text("now()")

member_library = Table(
    "member_library",
    metadata,
    Column("isil", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("province", Text),
    Column("kind", Text),
    Column("rank", SmallInteger, nullable=False, server_default="100"),
    Column("registered", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("confirmed", Boolean, nullable=False, server_default="false"),
    Column("status", Text, nullable=False, server_default="active"),
    Column("legal_form", Text),
    Column("level", Text),
    Column("province_code", Text),
    Column("commune_code", Text),
    Column("commune", Text),
    Column("address", Text),
    Column("latitude", DOUBLE_PRECISION),
    Column("longitude", DOUBLE_PRECISION),
    Column("function", Text),
    Column("subject_fields", ARRAY(Text), nullable=False, server_default="{}"),
    Column("governing_body", Text),
    Column("website", Text),
    Column("contacts", JSON, nullable=False, server_default="[]"),
    Column("lends", Boolean),
    Column("copies", Boolean),
    Column("fee", Boolean),
    Column("lending_policy", Text),
    Column("name_key", Text, nullable=False, server_default=""),  # see core/membership/names.py
    Column("search_key", Text, nullable=False, server_default=""),  # names, places and ISIL, for finding it
    # What the search index knows of it (`store/shown_libraries.py`), and whether that is to be looked at again.
    Column("shown", JSONB, nullable=False, server_default="{}"),
    Column("shown_due", Boolean, nullable=False, server_default="true"),
    CheckConstraint("(latitude is null) = (longitude is null)", name="whole_position"),
    Index("uq_member_library_isil", text("lower(isil)"), unique=True),
    Index(None, "name_key"),
    Index(None, "province_code"),
    Index(None, "latitude"),
    Index("ix_member_library_shown_due", "isil", postgresql_where=text("shown_due")),
)

harvest_source = Table(
    "harvest_source",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("isil", Text, ForeignKey(member_library.c.isil), nullable=False),
    Column("protocol", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("metadata_prefix", Text, nullable=False),
    Column("set_spec", Text),
    Column("profile", Text, nullable=False),
    Column("encoding", Text),
    Column("columns", JSON),
    Column("state", Text, nullable=False, server_default="accepted"),
    Column("schedule", Text),
    Column("overlap", Integer, nullable=False, server_default="0"),
    Column("deletions", Text, nullable=False, server_default="reported"),
    Column("most_deletions", SmallInteger, nullable=False, server_default="10"),
    Column("pause", REAL, nullable=False, server_default="0"),
    Column("secret", LargeBinary),  # encrypted, see unioncat/store/vault.py
    # What the running of the feed remembers.
    Column("due", DateTime(timezone=True)),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("message", Text),
    Column("remembered", JSON),
    Column("checked", DateTime(timezone=True)),
    Column("check_report", JSON),
    # What this source writes where it knows nothing, with who accepted that and why.
    Column("placeholders", JSON),
    # A target of Z39.50: what a person set, what a probe found out about it, and when.
    Column("target_terms", JSON),
    Column("target_profile", JSON),
    Column("probed", DateTime(timezone=True)),
    Index(None, "due"),
    Index(
        "uq_harvest_source_feed", "isil", "protocol", "address", text("coalesce(set_spec, '')"), unique=True
    ),
)

harvest = Table(
    "harvest",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_id", BigInteger, ForeignKey(harvest_source.c.id), nullable=False),
    Column("kind", Text, nullable=False, server_default="harvest"),
    Column("status", Text, nullable=False),
    Column("started", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("finished", DateTime(timezone=True)),
    Column("delivered", BigInteger, nullable=False, server_default="0"),
    Column("created", BigInteger, nullable=False, server_default="0"),
    Column("updated", BigInteger, nullable=False, server_default="0"),
    Column("unchanged", BigInteger, nullable=False, server_default="0"),
    Column("deleted", BigInteger, nullable=False, server_default="0"),
    Column("rejected", BigInteger, nullable=False, server_default="0"),
    Column("window_from", Text),
    Column("window_until", Text),
    Column("checkpoint", JSON),
    Column("message", Text),
    Column("total", BigInteger),
    Column("stop_asked", Boolean, nullable=False, server_default="false"),
    Column(
        "serial_before", BigInteger, nullable=False, server_default="0"
    ),  # of the newest master when it began
    Column(
        "merged", BigInteger, nullable=False, server_default="0"
    ),  # masters from before that it joined with others
    Column("quality", JSON),  # live records, rejected records and findings by kind when the run ended
    CheckConstraint("delivered = created + updated + unchanged + deleted + rejected", name="adds_up"),
    Index(None, "source_id", "id"),
)

description = Table(
    "description",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("content", JSON, nullable=False),
    Column("keys", ARRAY(Text), nullable=False),
    Column("matched", Boolean, nullable=False, server_default="false"),
)

# No foreign key: the matcher alone writes these rows, twenty to a description, and each would be checked.
match_key = Table(
    "match_key",
    metadata,
    Column("key", Text, primary_key=True),
    Column("description_id", BigInteger, primary_key=True),
    Index(None, "description_id"),
)

pair_verdict = Table(
    "pair_verdict",
    metadata,
    Column("low", BigInteger, ForeignKey(description.c.id), primary_key=True),
    Column("high", BigInteger, ForeignKey(description.c.id), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("score", REAL, nullable=False),
    Column("pattern", Text),  # of a pair for people: the features that kept it from being the same
    CheckConstraint("low < high", name="ordered"),
    Index(None, "high"),
    # The order of the review queue, of all and of one pattern.
    Index(
        "ix_pair_verdict_review",
        text("score DESC"),
        "low",
        "high",
        postgresql_where=text("outcome = 'review'"),
    ),
    Index(
        "ix_pair_verdict_review_pattern",
        "pattern",
        text("score DESC"),
        "low",
        "high",
        postgresql_where=text("outcome = 'review'"),
    ),
)

master_serial = Sequence("master_serial", metadata=metadata, data_type=BigInteger)

master_record = Table(
    "master_record",
    metadata,
    Column("serial", BigInteger, primary_key=True, autoincrement=False),
    Column("master_id", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("redirect_to", BigInteger, ForeignKey("master_record.serial")),
    Column("version", Integer, nullable=False),
    Column("content", JSON),
    Column("document", JSON),
    Column("isbns", ARRAY(Text), nullable=False, server_default="{}"),
    Column("issns", ARRAY(Text), nullable=False, server_default="{}"),
    Column("changed", DateTime(timezone=True), nullable=False, server_default=NOW),
    CheckConstraint(
        "(status = 'live') = (content is not null) and (status = 'redirect') = (redirect_to is not null)",
        name="status_fits",
    ),
    Index(None, "isbns", postgresql_using="gin"),
    Index(None, "issns", postgresql_using="gin"),
    Index(None, "redirect_to"),
)

source_record_id = Sequence("source_record_id", metadata=metadata, data_type=BigInteger)

source_record = Table(
    "source_record",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", BigInteger, ForeignKey(harvest_source.c.id), nullable=False),
    Column("identifier", Text, nullable=False),
    Column("control_number", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("datestamp", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("marc", JSON),
    Column("holdings", JSON),
    Column("findings", JSON),
    Column("description_id", BigInteger, ForeignKey(description.c.id)),
    Column("master_serial", BigInteger, ForeignKey(master_record.c.serial)),
    # Whether the matcher counted the record as a live member of `master_serial` when it last saw it.
    Column("member", Boolean, nullable=False, server_default="false"),
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), nullable=False),
    UniqueConstraint("source_id", "identifier"),
    CheckConstraint("deleted or (marc is not null and description_id is not null)", name="live_is_whole"),
    Index(None, "source_id", "control_number"),
    Index(None, "description_id"),
    Index(None, "master_serial"),
)

superseded_record = Table(
    "superseded_record",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_record_id", BigInteger, ForeignKey(source_record.c.id), nullable=False),
    Column("format", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), nullable=False),
    Index(None, "source_record_id"),
)

rejected_record = Table(
    "rejected_record",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_id", BigInteger, ForeignKey(harvest_source.c.id), nullable=False),
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), nullable=False),
    Column("place", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="not-a-record"),
    Column("reason", Text, nullable=False),
    Column("format", Text, nullable=False, server_default="iso2709"),
    Column("identifier", Text),
    Column("datestamp", Text),
    Column("raw", LargeBinary, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    UniqueConstraint("source_id", "content_hash"),
    Index(None, "harvest_id"),
)

# The identifiers that a run has seen, while it may still find out what is gone.
seen_record = Table(
    "seen_record",
    metadata,
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), primary_key=True),
    Column("identifier", Text, primary_key=True),
)

# The parts of a target's catalogue in a run: its hits, and what became of them (unioncat/core/target.py).
harvest_part = Table(
    "harvest_part",
    metadata,
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("hits", BigInteger, nullable=False),
    Column("live", BigInteger, nullable=False, server_default="0"),
    Column("deleted", BigInteger, nullable=False, server_default="0"),
    Column("rejected", BigInteger, nullable=False, server_default="0"),
)

# Deletions that wait for a person.
held_deletion = Table(
    "held_deletion",
    metadata,
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), primary_key=True),
    Column("source_record_id", BigInteger, ForeignKey(source_record.c.id), primary_key=True),
    Index(None, "source_record_id"),
)

pending_match = Table(
    "pending_match",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_record_id", BigInteger, ForeignKey(source_record.c.id), nullable=False),
    Column("former_description_id", BigInteger, ForeignKey(description.c.id)),
    Column("harvest_id", BigInteger),  # none where a decision, a correction or a rematch asks
    Index(None, "source_record_id"),
)

# Records that wait for a person before they are matched, with what the matcher last saw of them.
held_match = Table(
    "held_match",
    metadata,
    Column("source_record_id", BigInteger, ForeignKey(source_record.c.id), primary_key=True),
    Column("former_description_id", BigInteger, ForeignKey(description.c.id)),
    Column("harvest_id", BigInteger, ForeignKey(harvest.c.id), nullable=False),
    Index(None, "former_description_id"),
)

change = Table(
    "change",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("serial", BigInteger, ForeignKey(master_record.c.serial), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
)
