"""Conversations that another replica may have to go on with, ciphered, for some hours."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table: a name and a content that only the page's address opens."""
    op.execute("CREATE SCHEMA conversations")
    op.execute("""
        CREATE TABLE conversations.gardees (
            nom bytea PRIMARY KEY CHECK (octet_length(nom) = 32),
            contenu bytea STORAGE EXTERNAL NOT NULL CHECK (octet_length(contenu) <= 131072),
            vue_le timestamptz NOT NULL DEFAULT now()
        )
    """)
    op.execute("CREATE INDEX gardees_par_date ON conversations.gardees (vue_le)")


def downgrade() -> None:
    """Forget them: they would not have been kept a day."""
    op.execute("DROP SCHEMA conversations CASCADE")
