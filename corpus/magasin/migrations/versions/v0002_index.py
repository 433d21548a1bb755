"""Which versions of the index are in the store, and which one answers."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what all versions share; each has a schema of its own, made when it is copied."""
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.execute("""
        CREATE TABLE public.index_versions (
            version text PRIMARY KEY,
            format integer NOT NULL,
            sceau text NOT NULL,
            copiee_le timestamptz NOT NULL DEFAULT now()
        )
    """)
    op.execute("""
        CREATE TABLE public.index_courante (
            ordre bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            version text NOT NULL,
            depuis timestamptz NOT NULL DEFAULT now()
        )
    """)


def downgrade() -> None:
    """Refuse: going back is putting a version of before in use, not losing which ones were."""
    raise NotImplementedError("reprenez une sauvegarde de la base")
