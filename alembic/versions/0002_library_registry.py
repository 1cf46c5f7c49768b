"""The registry of member libraries: what is known of each, events, groups, invitations, registrations, access keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary, Place
from unioncat.core.membership.names import name_key, search_key
from unioncat.core.membership.units import resolve_province

revision = "0002"
down_revision = "0001"

_NOW = sa.text("now()")
_LIBRARY = (
    sa.Column("confirmed", sa.Boolean(), server_default="false", nullable=False),
    sa.Column("status", sa.Text(), server_default="active", nullable=False),
    sa.Column("legal_form", sa.Text()),
    sa.Column("level", sa.Text()),
    sa.Column("province_code", sa.Text()),
    sa.Column("commune_code", sa.Text()),
    sa.Column("commune", sa.Text()),
    sa.Column("address", sa.Text()),
    sa.Column("latitude", postgresql.DOUBLE_PRECISION()),
    sa.Column("longitude", postgresql.DOUBLE_PRECISION()),
    sa.Column("function", sa.Text()),
    sa.Column("subject_fields", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    sa.Column("governing_body", sa.Text()),
    sa.Column("website", sa.Text()),
    sa.Column("contacts", sa.JSON(), server_default="[]", nullable=False),
    sa.Column("lends", sa.Boolean()),
    sa.Column("copies", sa.Boolean()),
    sa.Column("fee", sa.Boolean()),
    sa.Column("lending_policy", sa.Text()),
    sa.Column("name_key", sa.Text(), server_default="", nullable=False),
    sa.Column("search_key", sa.Text(), server_default="", nullable=False),
)


def upgrade() -> None:
    for column in _LIBRARY:
        op.add_column("member_library", column)
    op.create_check_constraint(
        "ck_member_library_whole_position", "member_library", "(latitude is null) = (longitude is null)"
    )
    op.create_index("uq_member_library_isil", "member_library", [sa.text("lower(isil)")], unique=True)
    for name in ("name_key", "province_code", "latitude"):
        op.create_index(f"ix_member_library_{name}", "member_library", [name])
    _fill()
    _create_events_and_groups()
    _create_admission()


def _fill() -> None:
    """The libraries of an older version get what is derived from their names."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT isil, name, name_en, province FROM member_library")).all()
    statement = sa.text(
        "UPDATE member_library SET province_code = :code, name_key = :name_key, "
        "search_key = :search_key WHERE isil = :isil"
    )
    for row in rows:
        try:
            unit = resolve_province(row.province) if row.province else None
        except InvalidLibrary:
            unit = None
        code = unit.code if unit else None
        library = MemberLibrary(Isil(row.isil), row.name, row.name_en, row.province, place=Place(code))
        values = {"code": code, "name_key": name_key(row.name), "search_key": search_key(library)}
        connection.execute(statement, values | {"isil": row.isil})


def _create_events_and_groups() -> None:
    op.create_table(
        "library_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("isil", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("successors", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(["isil"], ["member_library.isil"], name="fk_library_event_isil"),
        sa.PrimaryKeyConstraint("id", name="pk_library_event"),
        sa.UniqueConstraint("isil", "kind", "day", name="uq_library_event_isil_kind_day"),
    )
    op.create_table(
        "library_group",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("coordinator", sa.Text()),
        sa.Column("starts", sa.Date()),
        sa.Column("ends", sa.Date()),
        sa.ForeignKeyConstraint(
            ["coordinator"], ["member_library.isil"], name="fk_library_group_coordinator"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_library_group"),
    )
    op.create_table(
        "library_group_member",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("isil", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date()),
        sa.Column("ends", sa.Date()),
        sa.ForeignKeyConstraint(["code"], ["library_group.code"], name="fk_library_group_member_code"),
        sa.ForeignKeyConstraint(["isil"], ["member_library.isil"], name="fk_library_group_member_isil"),
        sa.PrimaryKeyConstraint("code", "isil", name="pk_library_group_member"),
    )
    op.create_index("ix_library_group_member_isil", "library_group_member", ["isil"])


def _create_admission() -> None:
    op.create_table(
        "library_invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("isil", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("created", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_library_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_library_invitation_token_hash"),
    )
    op.create_table(
        "library_registration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=False),
        sa.Column("isil", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("posted", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["library_invitation.id"], name="fk_library_registration_invitation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_library_registration"),
        sa.UniqueConstraint("invitation_id", name="uq_library_registration_invitation_id"),
        sa.CheckConstraint(
            "(status = 'pending') = (decided is null)", name="ck_library_registration_decided_once"
        ),
    )
    op.create_index("ix_library_registration_status_id", "library_registration", ["status", "id"])
    op.create_table(
        "access_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("isil", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("created", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True)),
        sa.CheckConstraint("(role = 'library') = (isil is not null)", name="ck_access_key_library_has_isil"),
        sa.ForeignKeyConstraint(["isil"], ["member_library.isil"], name="fk_access_key_isil"),
        sa.PrimaryKeyConstraint("id", name="pk_access_key"),
        sa.UniqueConstraint("key_hash", name="uq_access_key_key_hash"),
    )
