"""What the page keeps and never fails for: an answer does not depend on its log.

What could not be written is told in the server's log, once for each cause, without a word of
what was asked. Where the log is in a shared store that is not there, it waits on this machine and
is brought when the store is back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final, TypeVar

from assistant.configuration import MOST_DAYS, Configuration, ReglageInutilisable, read_log_settings
from assistant.magasin import magasin_de_page
from assistant.questions_posees.envois import Attente, Envoi, Genre
from assistant.questions_posees.models import (
    EchangeAbsent,
    EchangeGarde,
    Opinion,
    QuestionsInutilisables,
    Vote,
)
from assistant.questions_posees.registre import Registre, ecrit, opinion_de, opinion_ecrite

T = TypeVar("T")
_LOG: Final = logging.getLogger("clas.questions")
TOUS_LES: Final = 1_000
"""Exchanges after which it is seen whether there are too many."""
_CHAQUE: Final = timedelta(days=1)


LOT: Final = 20
"""What is brought at a time: somebody may be waiting, and the store may be far."""
_REPRISE: Final = 2.0
"""Seconds between two looks at what waits, where nothing is kept in between."""


class Gardien:
    """The log as the page uses it."""

    def __init__(
        self,
        registre: Registre,
        *,
        actif: bool,
        attente: Attente | None = None,
        avant: Registre | None = None,
    ) -> None:
        self.registre = registre
        self.actif = actif
        """Whether what is asked is kept."""
        self.attente = attente
        """Where what a shared store does not take waits; None where the log is on this machine."""
        self.avant = avant
        """What this machine kept before there was a store: nothing is added to it, and its period
        passes all the same."""
        self._dite = ""
        self._entretenu: datetime | None = None
        self._verse = threading.Lock()
        self._depart = (datetime.now(UTC), monotonic())
        self._regarde = float("-inf")

    def garder(self, echange: EchangeGarde) -> bool:
        """Keep an exchange; whether it was, be it to be brought to the store later."""
        if not self.actif:
            return False

        numero = self._tried(lambda: self.registre.ajouter(echange))
        if numero is None:
            return self._differer("echange", echange.cle, ecrit(echange))
        if numero % TOUS_LES == 0:
            self._tried(self._purger_le_registre)
        self.verser()
        return True

    def noter(self, cle: str, vote: Vote, commentaire: str) -> Opinion | None:
        """Keep what is thought of an exchange, as it was masked; None where it could not be."""
        if not self.actif:
            return None
        # Its exchange may be among what waits.
        self.verser()
        try:
            return self.registre.noter(cle, vote, commentaire)
        except EchangeAbsent as error:
            if not self._attend(cle):
                self._dire(error)
                return None
        except QuestionsInutilisables as error:
            self._dire(error)
        opinion = opinion_de(vote, commentaire, self.registre.horloge())
        return opinion if self._differer("opinion", cle, opinion_ecrite(opinion)) else None

    def verser(self) -> bool:
        """Bring some of what waits to the shared store, each once; whether nothing waits any more.

        Safe to be killed at any point: what may have been brought is brought again, to no effect.
        """
        attente = self.attente
        if attente is None or not self._verse.acquire(blocking=False):
            return attente is None
        try:
            self._regarde = monotonic()
            envois = self._tried(lambda: attente.premiers(LOT))
            if not envois:
                return envois is not None
            if self._tried(lambda: self._apporter(attente, envois)) is None:
                return False
            return len(envois) < LOT
        finally:
            self._verse.release()

    def entretenir(self) -> None:
        """Erase what is past its period, the first time and then once a day.

        Also where nothing is kept any more: what was kept before has its period all the same.
        What waits for the store is brought to it, if it is back.
        """
        if self.actif and monotonic() - self._regarde > _REPRISE:
            self.verser()
        now = self.registre.horloge()
        if self._entretenu is not None and now - self._entretenu < _CHAQUE:
            return
        self._entretenu = now
        if self._tried(self._purger) is None:
            # Not at once: each page drawn would wait for what prevents it.
            self._entretenu = now - _CHAQUE + timedelta(minutes=10)

    def _purger(self) -> int:
        # First what is on this machine: the store may not be there.
        ici = 0
        if self.attente and self._est_a_l_heure():
            ici = self.attente.purger(self.registre.limite())
            if self.avant is not None:
                ici += self.avant.purger()
        return ici + self._purger_le_registre()

    def _attend(self, cle: str) -> bool:
        """Whether an exchange is among what waits for the store: what is said of it waits too."""
        attente = self.attente
        return attente is not None and bool(self._tried(lambda: attente.attend(cle)))

    def _est_a_l_heure(self) -> bool:
        """Whether the clock is the store's; or, while it is away, went on since we began."""
        dit = self._tried(self.registre.lieu.a_l_heure)
        if dit is not None:
            return dit
        date, instant = self._depart
        ecart = datetime.now(UTC) - date - timedelta(seconds=monotonic() - instant)
        return abs(ecart) < timedelta(hours=1)

    def _purger_le_registre(self) -> int:
        """Erase what is past its period there: never by a clock that is alone to say so."""
        if self.registre.lieu.a_l_heure():
            return self.registre.purger()
        _LOG.warning("L'heure de cette machine n'est pas celle du magasin : rien n'est effacé")
        return 0

    def _apporter(self, attente: Attente, envois: Sequence[Envoi]) -> bool:
        self.registre.verser(envois)
        attente.retirer(envois)
        return True

    def _differer(self, genre: Genre, cle: str, contenu: Mapping[str, Any]) -> bool:
        attente = self.attente
        if attente is None:
            return False
        try:
            attente.ajouter(genre, cle, contenu)
        except QuestionsInutilisables as error:
            self._dire(error)
            return False
        return True

    def _tried(self, act: Callable[[], T]) -> T | None:
        try:
            done = act()
        except QuestionsInutilisables as error:
            self._dire(error)
            return None
        self._dite = ""
        return done

    def _dire(self, error: QuestionsInutilisables) -> None:
        if self._dite != str(error):
            self._dite = str(error)
            _LOG.error("%s ; les réponses n'en dépendent pas", error)


def open_keeper(configuration: Configuration) -> Gardien:
    """The log of a server, kept as the environment says; not at all where it says nonsense.

    Raises:
        MagasinMalRegle: the packages that a shared store needs are not installed.
    """
    try:
        reglage = read_log_settings()
    except ReglageInutilisable as error:
        _LOG.error("%s ; en attendant, rien n'est gardé", error)
        return _gardien(configuration, MOST_DAYS, actif=False)
    return _gardien(configuration, reglage.jours, actif=reglage.actif)


def _gardien(configuration: Configuration, jours: int, *, actif: bool) -> Gardien:
    dossier = configuration.dossier_questions
    if configuration.magasin is None:
        return Gardien(Registre(dossier, jours), actif=actif)
    magasin = magasin_de_page(configuration.magasin)
    # Where there is none, its packages are not needed.
    from assistant.questions_posees.partage import DELAIS_PAGE, Partage  # noqa: PLC0415

    return Gardien(
        Registre(Partage(magasin, DELAIS_PAGE), jours),
        actif=actif,
        attente=Attente(dossier),
        avant=Registre(dossier, jours),
    )
