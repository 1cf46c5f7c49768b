"""Feeds: states, schedules, reading rules, checks; what a run has seen, and deletions that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SOURCE = (
    sa.Column("encoding", sa.Text()),
    sa.Column("columns", sa.JSON()),
    sa.Column("state", sa.Text(), server_default="accepted", nullable=False),
    sa.Column("schedule", sa.Text()),
    sa.Column("overlap", sa.Integer(), server_default="0", nullable=False),
    sa.Column("deletions", sa.Text(), server_default="reported", nullable=False),
    sa.Column("most_deletions", sa.SmallInteger(), server_default="10", nullable=False),
    sa.Column("pause", sa.REAL(), server_default="0", nullable=False),
    sa.Column("secret", sa.LargeBinary()),
    sa.Column("due", sa.DateTime(timezone=True)),
    sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
    sa.Column("message", sa.Text()),
    sa.Column("remembered", sa.JSON()),
    sa.Column("checked", sa.DateTime(timezone=True)),
    sa.Column("check_report", sa.JSON()),
)
_HARVEST = (
    sa.Column("kind", sa.Text(), server_default="harvest", nullable=False),
    sa.Column("total", sa.BigInteger()),
    sa.Column("stop_asked", sa.Boolean(), server_default="false", nullable=False),
    sa.Column("quality", sa.JSON()),
)
_REJECTED = (
    sa.Column("kind", sa.Text(), server_default="not-a-record", nullable=False),
    sa.Column("format", sa.Text(), server_default="iso2709", nullable=False),
    sa.Column("identifier", sa.Text()),
    sa.Column("datestamp", sa.Text()),
)


def upgrade() -> None:
    for table, columns in (
        ("harvest_source", _SOURCE),
        ("harvest", _HARVEST),
        ("rejected_record", _REJECTED),
    ):
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_harvest_source_due", "harvest_source", ["due"])
    op.create_table(
        "seen_record",
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvest.id"], name="fk_seen_record_harvest_id"),
        sa.PrimaryKeyConstraint("harvest_id", "identifier", name="pk_seen_record"),
    )
    op.create_table(
        "held_deletion",
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        sa.Column("source_record_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvest.id"], name="fk_held_deletion_harvest_id"),
        sa.ForeignKeyConstraint(
            ["source_record_id"], ["source_record.id"], name="fk_held_deletion_source_record_id"
        ),
        sa.PrimaryKeyConstraint("harvest_id", "source_record_id", name="pk_held_deletion"),
    )
    op.create_index("ix_held_deletion_source_record_id", "held_deletion", ["source_record_id"])
