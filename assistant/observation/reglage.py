"""What an operator asked to see, from the environment: nothing more than before by default."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

JOURNAL_VARIABLE: Final = "CLAS_JOURNAL_TECHNIQUE"
FILE_VARIABLE: Final = "CLAS_JOURNAL_TECHNIQUE_FICHIER"
SLOW_VARIABLE: Final = "CLAS_LENTEUR"
TRACES_VARIABLE: Final = "CLAS_TRACES"
REPLICA_VARIABLE: Final = "CLAS_REPLIQUE"
LENTEUR: Final = 2.0
"""Seconds from which an answer is told as slow, where nothing says how many."""
LENTEUR_MIN: Final = 0.1
LENTEUR_MAX: Final = 60.0
_CHEMIN: Final = "/v1/traces"
_INTERDIT: Final = re.compile(r"[^\x21-\x7e]|[\\<>\"{}|^`?#]")
_NOM: Final = re.compile(r"[\w.:@-]{1,64}", re.ASCII)


class ObservationMalReglee(ValueError):
    """A variable that cannot be used; the message says what is accepted, and no address."""


class ReglageObservation(BaseModel):
    """What is told of a server, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    journal: Literal["non", "json"] = "non"
    fichier: Path | None = None
    """File of the technical log; None: the standard error."""
    lenteur: float = LENTEUR
    """Seconds from which an answer is slow."""
    traces: str | None = None
    """Address that traces are sent to, that of ``/v1/traces`` itself; None: nothing is sent."""
    replique: str | None = None
    """Name of this replica; None: that of the machine, with the port."""


def lire_observation(environment: Mapping[str, str] = os.environ) -> ReglageObservation:
    """Read what is asked for.

    ``CLAS_JOURNAL_TECHNIQUE``: « json » or « non », the default;
    ``CLAS_JOURNAL_TECHNIQUE_FICHIER``: a file; ``CLAS_LENTEUR``: 0,1 to 60 seconds;
    ``CLAS_TRACES``: the address of an OTLP receiver; ``CLAS_REPLIQUE``: a name.

    Raises:
        ObservationMalReglee: another value.
    """
    fichier = environment.get(FILE_VARIABLE, "").strip()
    traces = environment.get(TRACES_VARIABLE, "").strip()
    replique = environment.get(REPLICA_VARIABLE, "").strip()
    if replique and not _NOM.fullmatch(replique):
        raise ObservationMalReglee(
            f"{REPLICA_VARIABLE} : un nom de 64 caractères au plus, en lettres sans accent, "
            "chiffres et . : @ - _"
        )
    return ReglageObservation(
        journal=_journal(environment.get(JOURNAL_VARIABLE, "").strip().lower()),
        fichier=Path(fichier).expanduser().resolve() if fichier else None,
        lenteur=_lenteur(environment.get(SLOW_VARIABLE, "").strip()),
        traces=_adresse(traces) if traces else None,
        replique=replique or None,
    )


def nom_de_la_replique(reglage: ReglageObservation, port: int | None) -> str:
    """How this replica is called: as it was named, else by its machine and its port."""
    if reglage.replique is not None:
        return reglage.replique
    machine = socket.gethostname() or "machine"
    return f"{machine}:{port}" if port else machine


def _journal(ecrit: str) -> Literal["non", "json"]:
    match ecrit:
        case "" | "non":
            return "non"
        case "json":
            return "json"
        case _:
            raise ObservationMalReglee(
                f"{JOURNAL_VARIABLE} vaut « {ecrit[:40]} » : attendu « json » ou « non »"
            )


def _lenteur(ecrit: str) -> float:
    if not ecrit:
        return LENTEUR
    try:
        secondes = float(ecrit.replace(",", "."))
    except ValueError:
        secondes = 0.0
    if not LENTEUR_MIN <= secondes <= LENTEUR_MAX:
        raise ObservationMalReglee(
            f"{SLOW_VARIABLE} vaut « {ecrit[:40]} » : attendu un nombre de secondes, de 0,1 à 60"
        )
    return secondes


def _adresse(url: str) -> str:
    try:
        parts = urlsplit(url)
        valide = not _INTERDIT.search(url) and parts.port != 0
    except ValueError:
        valide = False
    if not valide or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ObservationMalReglee(
            f"{TRACES_VARIABLE} : une adresse en http ou https, comme http://127.0.0.1:4318"
        )
    if parts.username is not None or parts.password is not None:
        raise ObservationMalReglee(f"{TRACES_VARIABLE} : pas d'identifiant dans l'adresse")
    nue = url.rstrip("/")
    return nue if nue.endswith(_CHEMIN) else f"{nue}{_CHEMIN}"
