"""The path of one turn: what each step made of it, kept beside the answer.

Nothing is computed again for it: a path holds the records that the steps handed to one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.anglais import est_anglais, traduire
from assistant.answers.drafting import Jauge, Redaction
from assistant.answers.finding import Trouvaille
from assistant.dialogue.cas import Dit
from assistant.dialogue.dossier_dit import Etude
from assistant.dialogue.memoire import Memoire, Voie
from assistant.dialogue.suites import recommence
from assistant.dialogue.tour import Tour
from assistant.dialogue.voies import Choix
from assistant.etapes import commencer
from assistant.quotation import ReponseScellee
from assistant.understanding.entree import Entree, qualifier

VoieSuivie = Voie | Literal["accueil", "recommencement", "retenu", "note", "pourquoi", "source"]
"""``accueil``: greetings, thanks, noise; ``recommencement``: « recommençons »; ``retenu`` and
``note``: facts said back; ``pourquoi`` and ``source``: about the last answer."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """A turn as it was written and as it is read."""

    ecrite: Entree
    """As written, cleaned."""
    entree: Entree
    """As read: an English question in French words, without « recommençons »."""
    en_anglais: bool
    recommence: bool
    memoire: Memoire
    """What is held when the turn begins."""

    @property
    def traduite(self) -> bool:
        """Whether French words were put for English ones."""
        return self.en_anglais and self.ecrite.genre in _TRADUITS


_TRADUITS = ("question", "hors_langue")


@dataclass(frozen=True, slots=True)
class Pertinence:
    """Whether a turn is about a Clas project: who told one, or speaks of groups, is."""

    deja: bool
    """A project was told, or something answered, before."""
    groupes: bool
    """The turn speaks of groups of children."""
    jauge: Jauge | None = None
    """How probable it is that the texts speak of it; None where it was not asked."""

    @property
    def suffit(self) -> bool:
        """Whether the checker may answer."""
        return self.deja or self.groupes or (self.jauge is not None and self.jauge.suffit)


@dataclass(frozen=True, slots=True)
class Chemin:
    """What each step made; None for a step that the turn did not go through."""

    voie: VoieSuivie
    lecture: Lecture | None = None
    tour: Tour | None = None
    choix: Choix | None = None
    pertinence: Pertinence | None = None
    repli: str | None = None
    """Why the texts answered where the checker was chosen."""
    trouvaille: Trouvaille | None = None
    redaction: Redaction | None = None
    etude: Etude | None = None
    dit: Dit | None = None
    ecartee: ReponseScellee | None = None
    """The answer that is not given, because an agent marked it wrong."""
    secondes: Mapping[str, float] = field(default_factory=dict)
    """Time of each step, ``total`` for the whole turn."""


def lire(texte: str, memoire: Memoire) -> Lecture:
    """Read what was written: language, kind, whether the conversation begins anew."""
    commencer("comprendre")
    ecrite = entree = qualifier(texte)
    en_anglais = est_anglais(entree, en_cours=memoire.en_anglais)
    memoire = memoire.model_copy(update={"tours": memoire.tours + 1, "en_anglais": en_anglais})
    if en_anglais and entree.genre in _TRADUITS:
        entree = entree.model_copy(update={"texte": traduire(entree.texte), "genre": "question"})
    reste = recommence(entree.texte)
    if reste is not None:
        memoire = Memoire(tours=memoire.tours, en_anglais=en_anglais)
        entree = qualifier(reste)
    return Lecture(ecrite, entree, en_anglais, reste is not None, memoire)
