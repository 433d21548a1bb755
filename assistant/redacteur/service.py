"""The optional writer: what may be sent to it, what may come back, and nothing else.

The answer as composed stays the reference. What the writer gives is shown beside it only once it
passed ``controler``, then the same seal as any answer.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Final, NamedTuple

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.publication.etat import archives_of, revision_in
from assistant.quotation import ReponseRefusee, ReponseScellee, Verificateur
from assistant.redacteur.client import demander
from assistant.redacteur.consigne import messages_pour
from assistant.redacteur.controle import controler
from assistant.redacteur.disjoncteur import Disjoncteur, joindre
from assistant.redacteur.reglage import ReglageRedacteur
from assistant.redacteur.reponse import EchecRedacteur

_LOG: Final = logging.getLogger("clas.redacteur")
_CONFIES: Final = frozenset({"fiche", "reserve", "citation"})
"""Paragraphs that are sent: those of the cards and texts. The others may name the place or the year
of whoever asks: they stay here, and are put back after."""
LONGUEUR_MAX: Final = 6000
"""Characters that are sent, at most."""


class Confie(NamedTuple):
    """What an answer is cut into: what the writer is given, and what stays here."""

    texte: str
    suite: str
    """Paragraphs that follow it, as they stand; empty where there are none."""


def a_confier(echange: Echange) -> Confie | None:
    """What of an answer may be reworded; None where nothing may.

    Only an answer from the cards and texts, in French: never a verdict, an amount worked out, what
    the texts do not say, or an answer in which an error was found.
    """
    reponse, chemin = echange.scellee.reponse, echange.chemin
    redaction = chemin.redaction
    if reponse.type != "reponse" or reponse.eligibilite is not None or redaction is None:
        return None
    if chemin.voie != "regle" or chemin.ecartee is not None or echange.memoire.en_anglais:
        return None
    morceaux = redaction.composition.morceaux
    nombre = next((n for n, m in enumerate(morceaux) if m.genre not in _CONFIES), len(morceaux))
    texte = "\n\n".join(m.texte for m in morceaux[:nombre])
    suite = "".join(f"\n\n{m.texte}" for m in morceaux[nombre:])
    if not texte or len(texte) > LONGUEUR_MAX or texte + suite != reponse.texte:
        return None
    return Confie(texte, suite)


class Redacteur:
    """A writer that was configured; one for a process, shared by its threads."""

    def __init__(self, reglage: ReglageRedacteur, disjoncteur: Disjoncteur | None = None) -> None:
        self._reglage = reglage
        self._disjoncteur = disjoncteur or Disjoncteur(lambda: joindre(reglage.hote, reglage.port))

    def lisser(self, echange: Echange, assistant: Conseiller) -> ReponseScellee | None:
        """Reword the answer of a turn.

        Args:
            echange: the turn, whose own answer is left as it is.
            assistant: what gave it, for its texts.

        Returns:
            The reworded answer, checked and sealed; None where there is none to show.
        """
        confie = a_confier(echange)
        reecrit = self._faire_reecrire(confie.texte) if confie is not None else None
        if confie is None or reecrit is None:
            return None
        brouillon = echange.scellee.reponse.model_copy(update={"texte": reecrit + confie.suite})
        try:
            return _sceau(assistant).sceller(brouillon)
        except ReponseRefusee:
            _LOG.warning("Reformulation refusée au scellement.")
            return None

    def _faire_reecrire(self, texte: str) -> str | None:
        """Words of the writer that say what a text says; None where it gave none."""
        if not self._disjoncteur.permet():
            return None
        try:
            recu = demander(self._reglage, messages_pour(texte))
        except EchecRedacteur as echec:
            self._disjoncteur.echec()
            # Never what was received, nor where it came from: the log is read by others.
            _LOG.warning("Pas de reformulation : %s.", echec)
            return None
        self._disjoncteur.reussite()
        fautes = controler(texte, recu)
        if fautes:
            _LOG.info("Reformulation refusée : %s.", " ; ".join(fautes))
            return None
        return recu if recu != texte else None


def _sceau(assistant: Conseiller) -> Verificateur:
    """What checks an answer of an assistant: made anew from its texts, in a few milliseconds."""
    return Verificateur(assistant.documents, archives_of(revision_in(assistant.index.base)))


@lru_cache(maxsize=4)
def ouvrir_redacteur(reglage: ReglageRedacteur) -> Redacteur:
    """Return the writer of some settings, the same one all through the process."""
    return Redacteur(reglage)
