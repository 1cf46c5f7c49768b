"""Services of libraries that tell what can be had now."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "availability_service",
        sa.Column("isil", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["isil"], ["member_library.isil"], name="fk_availability_service_isil"),
        sa.PrimaryKeyConstraint("isil", name="pk_availability_service"),
    )
