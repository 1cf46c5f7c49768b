"""Curation: decisions of people, corrections, relations between publications, versions of masters, alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

_NOW = sa.text("now()")


def _number() -> "sa.Column[int]":
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _made() -> list["sa.Column[object]"]:
    return [
        sa.Column("made", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    ]


def _withdrawn() -> list["sa.Column[object]"]:
    return [
        sa.Column("withdrawn", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_why", sa.Text()),
    ]


def _points_to(table: str, column: str, target: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.{key}"], name=f"fk_{table}_{column}")


def _of_records(table: str, owner: str, *columns: "sa.Column[object]") -> None:
    """A table that hangs source records on its owner."""
    op.create_table(
        table,
        sa.Column(f"{owner.removeprefix('curator_')}_id", sa.BigInteger(), nullable=False),
        sa.Column("source_record_id", sa.BigInteger(), nullable=False),
        *columns,
        _points_to(table, f"{owner.removeprefix('curator_')}_id", owner),
        _points_to(table, "source_record_id", "source_record"),
        sa.PrimaryKeyConstraint(
            f"{owner.removeprefix('curator_')}_id", "source_record_id", name=f"pk_{table}"
        ),
    )
    op.create_index(f"ix_{table}_source_record_id", table, ["source_record_id"])


def _of_pairs(table: str, key: list[str], *columns: "sa.Column[object]") -> None:
    """A table of pairs of descriptions."""
    op.create_table(
        table,
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        *columns,
        sa.CheckConstraint("low < high", name=f"ck_{table}_ordered"),
        _points_to(table, "low", "description"),
        _points_to(table, "high", "description"),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
    )


def upgrade() -> None:
    op.drop_constraint("fk_match_key_description_id", "match_key", type_="foreignkey")
    op.add_column("pair_verdict", sa.Column("pattern", sa.Text()))
    for columns in ([], ["pattern"]):
        op.create_index(
            "_".join(["ix_pair_verdict_review", *columns]),
            "pair_verdict",
            [*columns, sa.text("score DESC"), "low", "high"],
            postgresql_where=sa.text("outcome = 'review'"),
        )
    op.add_column("pending_match", sa.Column("harvest_id", sa.BigInteger()))
    op.create_table(
        "held_match",
        sa.Column("source_record_id", sa.BigInteger(), nullable=False),
        sa.Column("former_description_id", sa.BigInteger()),
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        _points_to("held_match", "source_record_id", "source_record"),
        _points_to("held_match", "former_description_id", "description"),
        _points_to("held_match", "harvest_id", "harvest"),
        sa.PrimaryKeyConstraint("source_record_id", name="pk_held_match"),
    )
    op.create_index("ix_held_match_former_description_id", "held_match", ["former_description_id"])
    op.add_column("harvest_source", sa.Column("placeholders", sa.JSON()))
    op.add_column("harvest", sa.Column("serial_before", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("harvest", sa.Column("merged", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "curator_decision",
        _number(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("batch", sa.BigInteger()),
        *_made(),
        sa.Column("pattern", sa.Text()),
        sa.Column("evidence", sa.JSON()),
        *_withdrawn(),
        sa.CheckConstraint("kind in ('same', 'different')", name="ck_curator_decision_kind_known"),
        sa.PrimaryKeyConstraint("id", name="pk_curator_decision"),
    )
    op.create_index("ix_curator_decision_batch", "curator_decision", ["batch"])
    _of_records("decision_member", "curator_decision", sa.Column("side", sa.SmallInteger(), nullable=False))
    _of_pairs(
        "deferred_review",
        ["low", "high"],
        sa.Column("until", sa.Date()),
        sa.Column("batch", sa.BigInteger()),
        *_made(),
    )
    op.create_table(
        "correction",
        _number(),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("replaced", sa.Text()),
        sa.Column("field", sa.JSON()),
        *_made(),
        *_withdrawn(),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    _of_records("correction_anchor", "correction")
    _of_pairs("pair_relation", ["low", "high", "kind"], sa.Column("kind", sa.Text(), nullable=False))
    op.create_index("ix_pair_relation_high", "pair_relation", ["high"])
    op.create_table(
        "master_version",
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        _points_to("master_version", "serial", "master_record", "serial"),
        sa.PrimaryKeyConstraint("serial", "version", name="pk_master_version"),
    )
    op.create_table(
        "alarm",
        _number(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("harvest_id", sa.BigInteger()),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("raised", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.Text()),
        sa.Column("closed_why", sa.Text()),
        _points_to("alarm", "harvest_id", "harvest"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    op.create_index(
        "uq_alarm_open", "alarm", ["kind", "subject"], unique=True, postgresql_where=sa.text("closed IS NULL")
    )
    op.create_table(
        "alarm_watch",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_watch"),
    )
    op.create_table(
        "crossed_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_crossed_key"),
    )
    op.create_table(
        "matching_policy",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_matching_policy"),
    )
