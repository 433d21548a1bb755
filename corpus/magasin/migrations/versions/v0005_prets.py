"""What was made ready for the draft: a kind of piece more, which can all be made again."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Accept the pieces made ready."""
    op.execute("ALTER TABLE base.pieces DROP CONSTRAINT pieces_genre_check")
    op.execute(
        "ALTER TABLE base.pieces ADD CONSTRAINT pieces_genre_check"
        " CHECK (genre IN ('fichiers', 'textes', 'versions', 'prets'))"
    )


def downgrade() -> None:
    """Forget them: they are made again."""
    op.execute("DELETE FROM base.pieces WHERE genre = 'prets'")
    op.execute("ALTER TABLE base.pieces DROP CONSTRAINT pieces_genre_check")
    op.execute(
        "ALTER TABLE base.pieces ADD CONSTRAINT pieces_genre_check"
        " CHECK (genre IN ('fichiers', 'textes', 'versions'))"
    )
