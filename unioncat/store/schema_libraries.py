"""The tables of the registry of libraries; they share the metadata of `schema.py`, which has the libraries themselves."""

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
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY

from unioncat.store.schema import NOW, member_library
from unioncat.store.schema import metadata as metadata

library_event = Table(
    "library_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("isil", Text, ForeignKey(member_library.c.isil), nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("document", Text),
    Column("note", Text),
    Column("successors", ARRAY(Text), nullable=False, server_default="{}"),
    Column("recorded", DateTime(timezone=True), nullable=False, server_default=NOW),
    UniqueConstraint("isil", "kind", "day"),
)

library_group = Table(
    "library_group",
    metadata,
    Column("code", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("coordinator", Text, ForeignKey(member_library.c.isil)),
    Column("starts", Date),
    Column("ends", Date),
)

library_group_member = Table(
    "library_group_member",
    metadata,
    Column("code", Text, ForeignKey(library_group.c.code), primary_key=True),
    Column("isil", Text, ForeignKey(member_library.c.isil), primary_key=True),
    Column("starts", Date),
    Column("ends", Date),
    Index(None, "isil"),
)

# Where a library tells what can be had now; asked by control number.
availability_service = Table(
    "availability_service",
    metadata,
    Column("isil", Text, ForeignKey(member_library.c.isil), primary_key=True),
    Column("protocol", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("prefix", Text, nullable=False, server_default=""),
)

# Tokens and keys are kept as SHA-256 only: who reads the database cannot use them.
library_invitation = Table(
    "library_invitation",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("isil", Text),
    Column("note", Text),
    Column("created", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("expires", DateTime(timezone=True), nullable=False),
    Column("used", DateTime(timezone=True)),
)

library_registration = Table(
    "library_registration",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("invitation_id", BigInteger, ForeignKey(library_invitation.c.id), nullable=False, unique=True),
    Column("isil", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("reason", Text),
    Column("posted", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("decided", DateTime(timezone=True)),
    CheckConstraint("(status = 'pending') = (decided is null)", name="decided_once"),
    Index(None, "status", "id"),
)

access_key = Table(
    "access_key",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("isil", Text, ForeignKey(member_library.c.isil)),
    Column("note", Text),
    Column("created", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("revoked", DateTime(timezone=True)),
    CheckConstraint("(role = 'library') = (isil is not null)", name="library_has_isil"),
)
