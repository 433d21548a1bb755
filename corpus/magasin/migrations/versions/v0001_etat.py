"""What people ask, and what agents say of it."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the log of questions and the journal of marks."""
    op.execute("CREATE SCHEMA questions")
    # Dates are UTC, ISO 8601 to the second: their order is that of words, as in the local file.
    op.execute("""
        CREATE TABLE questions.echanges (
            numero bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            cle text NOT NULL UNIQUE,
            conversation text NOT NULL,
            tour integer NOT NULL,
            date text COLLATE "C" NOT NULL,
            question text NOT NULL,
            type text NOT NULL,
            texte text NOT NULL,
            portee text NOT NULL,
            departement text,
            annee_scolaire text,
            citations text NOT NULL,
            fiches text NOT NULL,
            confiance double precision NOT NULL,
            version_textes text NOT NULL,
            version_regles text NOT NULL,
            classement text NOT NULL,
            duree_ms bigint NOT NULL,
            plie text NOT NULL
        )
    """)
    op.execute("CREATE INDEX echanges_par_date ON questions.echanges (date)")
    op.execute("""
        CREATE TABLE questions.opinions (
            echange bigint PRIMARY KEY
                REFERENCES questions.echanges (numero) ON DELETE CASCADE,
            vote text NOT NULL,
            commentaire text NOT NULL,
            date text COLLATE "C" NOT NULL,
            plie text NOT NULL
        )
    """)
    op.execute("CREATE SCHEMA avis")
    op.execute("""
        CREATE TABLE avis.marques (
            numero bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ligne text NOT NULL
        )
    """)


def downgrade() -> None:
    """Refuse: what people and agents said is not thrown away by a step back."""
    raise NotImplementedError("reprenez une sauvegarde de la base")
