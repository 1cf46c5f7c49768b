"""The registry of member libraries."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    pass
