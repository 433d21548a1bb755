"""The clock: plausible, and not before what was last written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from assistant.avis.journal import Journal
from assistant.avis.models import AvisInutilisables
from assistant.configuration import Configuration
from assistant.diagnostic.base import magasin_absent
from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    bon,
    configuration_de,
    panne,
)
from assistant.publication.etat import open_base
from assistant.questions_posees.fichier import Fichier
from assistant.questions_posees.models import QuestionsInutilisables

PREMIER: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Before it, this program did not exist."""
DERNIER: Final = datetime(2100, 1, 1, tzinfo=UTC)
_ECART: Final = timedelta(minutes=5)
"""What two machines may differ by without harm."""
_REMEDE: Final = (
    "réglez l'heure (« timedatectl set-ntp true », ou « date -s ») avant de publier ou d'effacer "
    "quoi que ce soit"
)


def horloge(contexte: Contexte) -> Iterator[Releve]:
    """Compare the clock with the calendar, then with what was last written here."""
    configuration, maintenant = configuration_de(contexte), contexte.maintenant()
    if not PREMIER <= maintenant < DERNIER:
        yield panne(f"elle dit {maintenant:%Y-%m-%d %H:%M} UTC", _REMEDE)
        return
    ecrits = dict(_ecrits(configuration, partage=magasin_absent(contexte) is None))
    if ecrits:
        quoi, dernier = max(ecrits.items(), key=lambda couple: couple[1])
        if dernier > maintenant + _ECART:
            yield panne(
                f"elle dit {maintenant:%Y-%m-%d %H:%M} UTC, et {quoi} est du "
                f"{dernier:%Y-%m-%d %H:%M} UTC : elle a reculé, ou elle avançait",
                _REMEDE,
            )
            return
    yield bon(f"{maintenant:%Y-%m-%d %H:%M} UTC, après tout ce qui a été écrit")


def _ecrits(configuration: Configuration, *, partage: bool) -> Iterator[tuple[str, datetime]]:
    """What was written last, of each kind; what cannot be read is another check's."""
    if partage:
        base = open_base(configuration)
        actes = [acte.date for acte in base.read_journal()]
        if actes:
            yield "la dernière ligne du journal", _utc(max(actes))
        publiees = [version.date for version in base.versions() if version.date]
        if publiees:
            yield "la dernière version publiée", _utc(max(publiees))
    try:
        avis = Journal(configuration.donnees / "avis").read()[1].avis
    except AvisInutilisables:
        avis = ()
    if avis:
        yield "le dernier avis d'un agent", _utc(max(un.date for un in avis))
    posee = _derniere_question(configuration)
    if posee is not None:
        yield "la dernière question posée", posee


def _derniere_question(configuration: Configuration) -> datetime | None:
    lieu = Fichier(configuration.dossier_questions)
    demande = select(func.max(lieu.tables.echanges.c.date))
    try:
        with lieu.lecture("lues") as connection:
            dite = connection.scalar(demande) if connection is not None else None
    except QuestionsInutilisables:
        return None
    return _utc(datetime.fromisoformat(dite)) if dite else None


def _utc(date: datetime) -> datetime:
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
