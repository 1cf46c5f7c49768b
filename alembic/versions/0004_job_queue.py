"""The job queue: procrastinate's tables in a schema of their own, made by the library's own migrations up to 3.4.0.

A newer release of the library that brings more of them gets a migration here that applies those.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0004"
down_revision = "0003"

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    connection = op.get_bind()
    former = connection.scalar(sa.text("SELECT current_setting('search_path')"))
    op.execute("CREATE SCHEMA IF NOT EXISTS jobs")
    if connection.scalar(sa.text("SELECT to_regclass('jobs.procrastinate_jobs')")) is not None:
        return
    op.execute("SET LOCAL search_path = jobs")
    raw = connection.connection.dbapi_connection
    for script in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        if script.name <= LAST:
            raw.run_async(lambda driver, sql=script.read_text(encoding="utf-8"): driver.execute(sql))
    connection.execute(sa.text("SELECT set_config('search_path', :former, true)"), {"former": former})
