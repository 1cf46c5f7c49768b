"""The first schema: libraries, feeds, source records, descriptions, masters, changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("master_serial", data_type=sa.BigInteger)))
    op.execute(sa.schema.CreateSequence(sa.Sequence("source_record_id", data_type=sa.BigInteger)))
    op.create_table(
        "description",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("matched", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_description"),
        sa.UniqueConstraint("fingerprint", name="uq_description_fingerprint"),
    )
    op.create_table(
        "master_record",
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("master_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("redirect_to", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("isbns", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("issns", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(status = 'live') = (content is not null) and (status = 'redirect') = (redirect_to is not null)",
            name="ck_master_record_status_fits",
        ),
        sa.ForeignKeyConstraint(
            ["redirect_to"], ["master_record.serial"], name="fk_master_record_redirect_to"
        ),
        sa.PrimaryKeyConstraint("serial", name="pk_master_record"),
        sa.UniqueConstraint("master_id", name="uq_master_record_master_id"),
    )
    op.create_index(
        "ix_master_record_isbns", "master_record", ["isbns"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_master_record_issns", "master_record", ["issns"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_master_record_redirect_to", "master_record", ["redirect_to"], unique=False)
    op.create_table(
        "member_library",
        sa.Column("isil", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("rank", sa.SmallInteger(), server_default="100", nullable=False),
        sa.Column("registered", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("isil", name="pk_member_library"),
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["serial"], ["master_record.serial"], name="fk_change_serial"),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )
    op.create_table(
        "harvest_source",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("isil", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("metadata_prefix", sa.Text(), nullable=False),
        sa.Column("set_spec", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["isil"], ["member_library.isil"], name="fk_harvest_source_isil"),
        sa.PrimaryKeyConstraint("id", name="pk_harvest_source"),
    )
    op.create_index(
        "uq_harvest_source_feed",
        "harvest_source",
        ["isil", "protocol", "address", sa.literal_column("coalesce(set_spec, '')")],
        unique=True,
    )
    op.create_table(
        "match_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("description_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["description_id"], ["description.id"], name="fk_match_key_description_id"),
        sa.PrimaryKeyConstraint("key", "description_id", name="pk_match_key"),
    )
    op.create_index("ix_match_key_description_id", "match_key", ["description_id"], unique=False)
    op.create_table(
        "pair_verdict",
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("score", sa.REAL(), nullable=False),
        sa.CheckConstraint("low < high", name="ck_pair_verdict_ordered"),
        sa.ForeignKeyConstraint(["high"], ["description.id"], name="fk_pair_verdict_high"),
        sa.ForeignKeyConstraint(["low"], ["description.id"], name="fk_pair_verdict_low"),
        sa.PrimaryKeyConstraint("low", "high", name="pk_pair_verdict"),
    )
    op.create_index("ix_pair_verdict_high", "pair_verdict", ["high"], unique=False)
    op.create_table(
        "harvest",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("deleted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("window_from", sa.Text(), nullable=True),
        sa.Column("window_until", sa.Text(), nullable=True),
        sa.Column("checkpoint", sa.JSON(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "delivered = created + updated + unchanged + deleted + rejected", name="ck_harvest_adds_up"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["harvest_source.id"], name="fk_harvest_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_harvest"),
    )
    op.create_index("ix_harvest_source_id_id", "harvest", ["source_id", "id"], unique=False)
    op.create_table(
        "rejected_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvest.id"], name="fk_rejected_record_harvest_id"),
        sa.ForeignKeyConstraint(["source_id"], ["harvest_source.id"], name="fk_rejected_record_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rejected_record"),
        sa.UniqueConstraint("source_id", "content_hash", name="uq_rejected_record_source_id_content_hash"),
    )
    op.create_index("ix_rejected_record_harvest_id", "rejected_record", ["harvest_id"], unique=False)
    op.create_table(
        "source_record",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("control_number", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("datestamp", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("marc", sa.JSON(), nullable=True),
        sa.Column("holdings", sa.JSON(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("description_id", sa.BigInteger(), nullable=True),
        sa.Column("master_serial", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "deleted or (marc is not null and description_id is not null)",
            name="ck_source_record_live_is_whole",
        ),
        sa.ForeignKeyConstraint(
            ["description_id"], ["description.id"], name="fk_source_record_description_id"
        ),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvest.id"], name="fk_source_record_harvest_id"),
        sa.ForeignKeyConstraint(
            ["master_serial"], ["master_record.serial"], name="fk_source_record_master_serial"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["harvest_source.id"], name="fk_source_record_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_source_record"),
        sa.UniqueConstraint("source_id", "identifier", name="uq_source_record_source_id_identifier"),
    )
    op.create_index("ix_source_record_description_id", "source_record", ["description_id"], unique=False)
    op.create_index("ix_source_record_master_serial", "source_record", ["master_serial"], unique=False)
    op.create_index(
        "ix_source_record_source_id_control_number",
        "source_record",
        ["source_id", "control_number"],
        unique=False,
    )
    op.create_table(
        "pending_match",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_record_id", sa.BigInteger(), nullable=False),
        sa.Column("former_description_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["former_description_id"], ["description.id"], name="fk_pending_match_former_description_id"
        ),
        sa.ForeignKeyConstraint(
            ["source_record_id"], ["source_record.id"], name="fk_pending_match_source_record_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pending_match"),
    )
    op.create_index("ix_pending_match_source_record_id", "pending_match", ["source_record_id"], unique=False)
    op.create_table(
        "superseded_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_record_id", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("harvest_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvest.id"], name="fk_superseded_record_harvest_id"),
        sa.ForeignKeyConstraint(
            ["source_record_id"], ["source_record.id"], name="fk_superseded_record_source_record_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_superseded_record"),
    )
    op.create_index(
        "ix_superseded_record_source_record_id", "superseded_record", ["source_record_id"], unique=False
    )
