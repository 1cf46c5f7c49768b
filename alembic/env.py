"""Runs the migrations on the connection that `unioncat.store.migrations` hands over."""

from alembic import context

from unioncat.store.schema_curation import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
