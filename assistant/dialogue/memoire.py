"""What a conversation holds from one turn to the next: the project told, the last thing asked.

A ``Memoire`` is plain frozen data: a turn reads one and gives back the next, so that the same
words always get the same answers, and a page can show what is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from assistant.dialogue.facts import Certitude, FaitLu, Valeur
from assistant.models import Citation
from assistant.quotation import ReponseScellee

if TYPE_CHECKING:
    from assistant.dialogue.chemin import Chemin

_GELE = ConfigDict(frozen=True, extra="forbid")

Voie = Literal["regle", "critere", "verdict", "montant"]
"""How a turn was answered: from the cards and texts, or by the checker."""
Origine = Literal["message", "correction", "formulaire"]
"""``message``: read in what was written; ``correction``: set by the person on the fact itself;
``formulaire``: answered in the self-check form."""


class FaitRetenu(BaseModel):
    """A fact of the project, the words that gave it, the turn (from 1) they stood in.

    ``mots`` is empty where no words gave it: a correction, an answer of the form.
    """

    model_config = _GELE

    chemin: str
    valeur: Valeur
    mots: str
    certitude: Certitude
    tour: int
    origine: Origine = "message"


class Sujet(BaseModel):
    """The last thing answered: what « pourquoi ? » or « et dans le Rhône ? » is about."""

    model_config = _GELE

    question: str
    """The last question that stood alone: what « à propos de » names."""
    mots: str = ""
    """Words that a follow-up is searched with, beside its own; empty: those of the question."""
    voie: Voie
    cartes: tuple[str, ...] = ()
    """Ids of the cards that came first."""
    famille: str | None = None
    """Family of subjects of the first card."""
    critere: str | None = None
    citations: tuple[Citation, ...] = ()


class Memoire(BaseModel):
    """A conversation so far."""

    model_config = _GELE

    tours: int = 0
    projet: Mapping[str, Any] = {}
    """The project told, as plain data of the contract."""
    faits: tuple[FaitRetenu, ...] = ()
    """Latest fact of each path, in the order told."""
    departement: str | None = None
    """Stated in the conversation; None: the selector's holds."""
    annee_scolaire: str | None = None
    cadre: tuple[FaitRetenu, ...] = ()
    """Where that place and that year come from: a value that no longer holds says nothing."""
    sujet: Sujet | None = None
    attendus: tuple[str, ...] = ()
    """Paths of the facts just asked for."""
    en_anglais: bool = False
    """The last turn was in English."""


class Echange:
    """One turn answered: the sealed answer, what was understood, what is held from now on.

    ``comprise``: the question as it stands alone, None when it is what was written; ``suites``:
    questions that could follow; ``chemin``: what each step made of the turn.
    """

    __slots__ = ("chemin", "comprise", "memoire", "scellee", "suites")

    def __init__(
        self,
        scellee: ReponseScellee,
        memoire: Memoire,
        chemin: Chemin,
        *,
        comprise: str | None = None,
        suites: tuple[str, ...] = (),
    ) -> None:
        self.chemin = chemin
        self.scellee = scellee
        self.memoire = memoire
        self.comprise = comprise
        self.suites = suites

    def avec(self, chemin: Chemin) -> Echange:
        """Return the same turn with more of its path."""
        return Echange(
            self.scellee, self.memoire, chemin, comprise=self.comprise, suites=self.suites
        )


def retenir(
    faits: Iterable[FaitRetenu], lus: Iterable[FaitLu], tour: int
) -> tuple[FaitRetenu, ...]:
    """Add the facts of a turn: the last word on a path is kept, with its words."""
    gardes = {fait.chemin: fait for fait in faits}
    for lu in lus:
        gardes.pop(lu.chemin, None)
        gardes[lu.chemin] = FaitRetenu(
            chemin=lu.chemin, valeur=lu.valeur, mots=lu.mots, certitude=lu.certitude, tour=tour
        )
    return tuple(gardes.values())


def meme_valeur(dite: Any, tenue: Any) -> bool:  # noqa: ANN401 - fact values
    """Whether a value told is the one that a project holds, however each is written.

    A record holds what is told of it where it says at least that.
    """
    if isinstance(dite, bool) != isinstance(tenue, bool):
        return False
    if isinstance(dite, list) and isinstance(tenue, list):
        return sorted(map(str, dite)) == sorted(map(str, tenue))
    if isinstance(dite, Mapping) and isinstance(tenue, Mapping):
        return all(tenue.get(c) == v for c, v in dite.items() if v is not None)
    return bool(dite == tenue)
