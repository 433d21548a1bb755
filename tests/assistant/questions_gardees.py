"""What tests of the log of questions share: exchanges, a clock, a way to look at the disk."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.questions_posees.fichier import Fichier
from assistant.questions_posees.gardien import Gardien
from assistant.questions_posees.models import EchangeGarde, Filtres
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.moteur import Magasin

DANS_UN_FICHIER = pytest.mark.parametrize("lieu", ["fichier"], indirect=True)
"""For what is only true of a file of this machine."""
JOUR = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


class Horloge:
    """A clock that says what it is told to."""

    def __init__(self) -> None:
        self.instant = JOUR

    def __call__(self) -> datetime:
        return self.instant

    def avancer(self, jours: float) -> None:
        self.instant += timedelta(days=jours)


def echange(**fields: object) -> EchangeGarde:
    plain: dict[str, object] = {
        "cle": secrets.token_hex(16),
        "conversation": "0" * 16,
        "tour": 1,
        "date": JOUR,
        "question": "Combien de séances par semaine ?",
        "type": "reponse",
        "texte": "Deux.\n\n- une\n- deux",
        "portee": "nationale",
        "confiance": 0.9,
        "version_textes": "0123456789ab",
        "version_regles": "ba9876543210",
        "classement": "lu",
        "duree_ms": 42,
    }
    return EchangeGarde.model_validate(plain | fields)


def registre_de(dossier: Path) -> Registre:
    return Registre(dossier, 365, lambda: JOUR)


def gardien(registre: Registre) -> Gardien:
    return Gardien(registre, actif=True)


def questions(registre: Registre, **filtres: object) -> list[str]:
    lus = registre.lister(Filtres.model_validate(filtres), 1_000)
    assert lus.abimees == ()
    return [ligne.echange.question for ligne in lus.lignes]


def octets(registre: Registre) -> bytes:
    """Everything that is on disk, whatever its file."""
    lieu = registre.lieu
    if isinstance(lieu, Fichier):
        return b"".join(path.read_bytes() for path in lieu.path.parent.iterdir())
    assert isinstance(lieu, Partage)
    return octets_partages(lieu.magasin)


def octets_partages(magasin: Magasin) -> bytes:
    """Files of the tables of the log in a store: rows, long words, indexes."""
    with magasin.moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        dossier = Path(str(connection.scalar(text("SHOW data_directory"))))
        fichiers = connection.scalars(
            text(
                "SELECT pg_relation_filepath(c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'i')"
                " AND c.relnamespace = 'questions'::regnamespace UNION ALL"
                " SELECT pg_relation_filepath(reltoastrelid) FROM pg_class"
                " WHERE relnamespace = 'questions'::regnamespace AND reltoastrelid <> 0"
            )
        ).all()
    return b"".join((dossier / nom).read_bytes() for nom in fichiers)
