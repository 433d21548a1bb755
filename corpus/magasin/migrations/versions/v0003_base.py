"""The document base, and whole index versions that each replica has a copy of."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the document base, then those of the copies of the index."""
    op.execute("CREATE SCHEMA base")
    op.execute("""
        CREATE TABLE base.pieces (
            genre text NOT NULL CHECK (genre IN ('fichiers', 'textes', 'versions')),
            nom text NOT NULL,
            contenu bytea NOT NULL,
            PRIMARY KEY (genre, nom)
        )
    """)
    op.execute("""
        CREATE TABLE base.brouillon (
            seul boolean PRIMARY KEY DEFAULT true CHECK (seul),
            contenu bytea NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE base.journal (
            rang bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ligne bytea NOT NULL
        )
    """)
    # Who took the base last: a machine that was cut off proves by it that it still holds it.
    op.execute("""
        CREATE TABLE base.main (
            seul boolean PRIMARY KEY DEFAULT true CHECK (seul),
            jeton uuid
        )
    """)
    op.execute("INSERT INTO base.main DEFAULT VALUES")
    op.execute("CREATE SCHEMA copies")
    op.execute("""
        CREATE TABLE copies.fichiers (
            empreinte text PRIMARY KEY,
            morceaux integer NOT NULL
        )
    """)
    # What is kept is vectors, which look like noise: to try to compress them is lost time.
    op.execute("""
        CREATE TABLE copies.morceaux (
            empreinte text REFERENCES copies.fichiers ON DELETE CASCADE,
            rang integer,
            contenu bytea STORAGE EXTERNAL NOT NULL,
            PRIMARY KEY (empreinte, rang)
        )
    """)
    op.execute("""
        CREATE TABLE copies.versions (
            version text PRIMARY KEY,
            description bytea NOT NULL
        )
    """)


def downgrade() -> None:
    """Refuse: the texts and their history are not thrown away by a step back."""
    raise NotImplementedError("reprenez une sauvegarde de la base")
