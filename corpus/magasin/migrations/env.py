"""Run by Alembic: brings its steps to the connection that it is given, in its transaction."""

from __future__ import annotations

from alembic import context

from corpus.magasin.preparation import CONNEXION

context.configure(
    connection=context.config.attributes[CONNEXION],
    target_metadata=None,
    version_table_schema="public",
)
context.run_migrations()
