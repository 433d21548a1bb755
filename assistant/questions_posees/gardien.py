"""What the page keeps and never fails for: an answer does not depend on its log.

What could not be written is told in the server's log, once for each cause, without a word of
what was asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from assistant.configuration import MOST_DAYS, Configuration, ReglageInutilisable, read_log_settings
from assistant.questions_posees.models import EchangeGarde, Opinion, QuestionsInutilisables, Vote
from assistant.questions_posees.registre import Registre

T = TypeVar("T")
_LOG: Final = logging.getLogger("clas.questions")
TOUS_LES: Final = 1_000
"""Exchanges after which it is seen whether there are too many."""
_CHAQUE: Final = timedelta(days=1)


class Gardien:
    """The log as the page uses it."""

    def __init__(self, registre: Registre, *, actif: bool) -> None:
        self.registre = registre
        self.actif = actif
        """Whether what is asked is kept."""
        self._dite = ""
        self._entretenu: datetime | None = None

    def garder(self, echange: EchangeGarde) -> bool:
        """Keep an exchange; whether it was."""
        if not self.actif:
            return False

        numero = self._tried(lambda: self.registre.ajouter(echange))
        if numero is not None and numero % TOUS_LES == 0:
            self._tried(self.registre.purger)
        return numero is not None

    def noter(self, cle: str, vote: Vote, commentaire: str) -> Opinion | None:
        """Keep what is thought of an exchange, as it was masked; None where it could not be."""
        if not self.actif:
            return None
        return self._tried(lambda: self.registre.noter(cle, vote, commentaire))

    def entretenir(self) -> None:
        """Erase what is past its period, the first time and then once a day.

        Also where nothing is kept any more: what was kept before has its period all the same.
        """
        now = self.registre.horloge()
        if self._entretenu is not None and now - self._entretenu < _CHAQUE:
            return
        self._entretenu = now
        if self._tried(self.registre.purger) is None:
            # Not at once: each page drawn would wait for what prevents it.
            self._entretenu = now - _CHAQUE + timedelta(minutes=10)

    def _tried(self, act: Callable[[], T]) -> T | None:
        try:
            done = act()
        except QuestionsInutilisables as error:
            if self._dite != str(error):
                self._dite = str(error)
                _LOG.error("%s ; les réponses n'en dépendent pas", error)
            return None
        self._dite = ""
        return done


def open_keeper(configuration: Configuration) -> Gardien:
    """The log of a data folder, kept as the environment says; not at all where it says nonsense."""
    try:
        reglage = read_log_settings()
    except ReglageInutilisable as error:
        _LOG.error("%s ; en attendant, rien n'est gardé", error)
        return Gardien(Registre(configuration.dossier_questions, MOST_DAYS), actif=False)
    return Gardien(Registre(configuration.dossier_questions, reglage.jours), actif=reglage.actif)
