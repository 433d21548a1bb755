"""What a server refuses, said in French by its SQLSTATE, without its words nor ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import psycopg


class MagasinIndisponible(Exception):
    """The shared store cannot be read or written; the message says why and what to do.

    It is a clause without a final stop, and quotes neither a password nor a parameter.
    """

    def __init__(self, message: str, etat: str = "", *, absent: bool = False) -> None:
        super().__init__(message)
        self.etat = etat
        """SQLSTATE, five characters; empty where the server said nothing."""
        self.absent = absent
        """Whether the server is not there now, so that asking again at once is in vain."""


class DelaiDepasse(psycopg.OperationalError):
    """The server said nothing in time: the line was closed on our side."""


_SANS_REPONSE: Final = "il ne répond pas : vérifiez qu'il est lancé et que le réseau y mène"
_MIGRATION: Final = "il n'est pas préparé pour ce programme : lancez « clas preparer »"
_PLEIN: Final = "il n'a plus de place sur son disque : libérez-en"
_DELAI: Final = "il a mis trop longtemps : recommencez, ou voyez ce qui l'occupe"
_ARRET: Final = "il s'arrête ou redémarre : recommencez dans un instant"
_REFUS: Final = "il refuse l'utilisateur ou le mot de passe : vérifiez CLAS_BASE"
_OCCUPE: Final = "il a déjà trop de connexions : recommencez, ou augmentez max_connections"

_ETATS: Final[Mapping[str, str]] = {
    "28": _REFUS,
    "3D": "la base n'existe pas sur ce serveur : créez-la, ou vérifiez CLAS_BASE",
    "53100": _PLEIN,
    "53200": "il n'a plus assez de mémoire",
    "53300": _OCCUPE,
    "57014": _DELAI,
    "57P": _ARRET,
    "55P03": "un autre programme l'occupe : recommencez",
    "40": "un autre programme a écrit en même temps : recommencez",
    "25006": "il est en lecture seule : voyez son administration",
    "25P03": _DELAI,
    "42P01": _MIGRATION,
    "42703": _MIGRATION,
    "42883": _MIGRATION,
    "3F": _MIGRATION,
    "42501": "l'utilisateur n'a pas les droits qu'il faut : voyez son administration",
    "58": "son disque refuse : voyez son administration",
    "XX001": "des données y sont abîmées : reprenez une sauvegarde",
    "XX002": "un index y est abîmé : voyez son administration (REINDEX)",
    "08": _SANS_REPONSE,
}
_ABSENT: Final = ("08", "57P", "53300", "28", "3D")

# A refused connection carries no SQLSTATE up to us: its words do, in the server's language.
_MOTS: Final = (
    (re.compile(r"password|mot de passe|pg_hba|role |rôle ", re.IGNORECASE), "28P01"),
    (re.compile(r"database .*does not exist|base .*n'existe pas", re.IGNORECASE), "3D000"),
    (re.compile(r"too many|trop de|remaining connection", re.IGNORECASE), "53300"),
    (re.compile(r"starting up|shutting down|recovery|démarr|arrêt", re.IGNORECASE), "57P03"),
)


def indisponible(error: psycopg.Error, ou: str) -> MagasinIndisponible:
    """Say what an error of the driver means; ``ou``: which base, as it may be shown."""
    etat = error.sqlstate or ""
    if isinstance(error, DelaiDepasse):
        return MagasinIndisponible(_dit(ou, "il ne répond plus"), absent=True)
    if not etat and isinstance(error, psycopg.OperationalError):
        etat = _etat_de(str(error))
        if not etat:
            return MagasinIndisponible(_dit(ou, _SANS_REPONSE), absent=True)
    longest = max((debut for debut in _ETATS if etat.startswith(debut)), key=len, default="")
    raison = _ETATS.get(longest, f"PostgreSQL répond {etat or type(error).__name__}")
    return MagasinIndisponible(_dit(ou, raison), etat, absent=etat.startswith(_ABSENT))


def _etat_de(mots: str) -> str:
    # The account is told wrong before the base is: a base that is not there names a role too.
    if "FATAL" not in mots:
        return ""
    found = [etat for motif, etat in _MOTS if motif.search(mots)]
    return "3D000" if "3D000" in found else found[0] if found else "08004"


def _dit(ou: str, raison: str) -> str:
    return f"le magasin partagé ({ou}) ne peut pas servir : {raison}"
