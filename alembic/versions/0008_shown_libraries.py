"""What the search index knows of libraries; search documents say more, so that all masters are merged anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("member_library", sa.Column("shown", JSONB(), server_default="{}", nullable=False))
    op.add_column(
        "member_library", sa.Column("shown_due", sa.Boolean(), server_default="true", nullable=False)
    )
    op.create_index(
        "ix_member_library_shown_due", "member_library", ["isil"], postgresql_where=sa.text("shown_due")
    )
    op.execute("""
        INSERT INTO pending_match (source_record_id, former_description_id)
        SELECT id, description_id FROM source_record WHERE member AND NOT deleted
    """)
