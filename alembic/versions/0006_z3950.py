"""Targets of Z39.50: what is set for them, what a probe found out, and the parts of a run."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("harvest_source", sa.Column("target_terms", sa.JSON()))
    op.add_column("harvest_source", sa.Column("target_profile", sa.JSON()))
    op.add_column("harvest_source", sa.Column("probed", sa.DateTime(timezone=True)))
    op.create_table(
        "harvest_part",
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("deleted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvest.id"], name="fk_harvest_part_harvest_id"),
        sa.PrimaryKeyConstraint("harvest_id", "name", name="pk_harvest_part"),
    )
