"""The two or three questions offered under an answer: near it, answered by the texts, not asked.

Those that the turn itself suggests come first, then the cards found for it and those that they
name. A card is offered by its title, which is one of the ways to ask it; one that only says that
the texts are silent, is of another place, or is marked wrong, is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from assistant.answers.drafting import is_near
from assistant.avis.jugements import Jugements
from assistant.dialogue.facts import lire_faits
from assistant.dialogue.memoire import Echange, Sujet
from assistant.dialogue.phrases import phrase
from assistant.dialogue.suites import lire_suite
from assistant.fiches.model import Fiche
from corpus.models import NATIONALE
from index.french import fold

PROPOSEES: Final = 3
"""Questions offered at most."""
_FICHES: Final = 4
"""Cards found for the turn that may be offered."""
_RENVOIS: Final = ("suite_pourquoi", "suite_source")
"""Questions about the last answer: asked of another, they are other questions."""
_JOUR: Final = date(2000, 1, 1)
"""Any day: the title of a card never says « cette année »."""


class Posee(NamedTuple):
    """A question asked before: its words, and as it was understood where that differs."""

    question: str
    comprise: str | None


def proposer(
    echange: Echange,
    posees: Iterable[Posee],
    jugements: Jugements,
    secours: Iterable[str],
    departement: str | None,
) -> tuple[str, ...]:
    """Return the questions to offer after a turn, ``PROPOSEES`` at most; none in English.

    Args:
        echange: the turn.
        posees: every question of the conversation, this one among them.
        jugements: the cards in service, and what agents say of them.
        secours: questions for where the turn suggests none.
        departement: what local cards may be offered for.
    """
    if echange.memoire.en_anglais:
        return ()
    dites = tuple(posees)
    fiches = {f.titre: f for f in _fiches(jugements)}
    gardees: list[str] = []
    for candidate in (*echange.suites, *_titres(echange, jugements), *secours):
        fiche = fiches.get(candidate)
        if (
            candidate not in gardees
            and not _deja(candidate, dites, echange.memoire.sujet)
            and (candidate not in _renvois() or _a_un_appui(echange))
            and (fiche is None or _convient(fiche, departement, echange))
        ):
            gardees.append(candidate)
        if len(gardees) == PROPOSEES:
            break
    return tuple(gardees)


def _renvois() -> frozenset[str]:
    return frozenset(map(phrase, _RENVOIS))


def _fiches(jugements: Jugements) -> Iterator[Fiche]:
    """Cards that may be said."""
    fausses = jugements.fausses()
    return (c.fiche for nom, c in jugements.cartes.items() if nom not in fausses)


def _titres(echange: Echange, jugements: Jugements) -> Iterator[str]:
    """Titles of the cards near a turn: those found for it, then those that these name."""
    chemin = echange.chemin
    if chemin.trouvaille is None:
        return
    redaction = chemin.redaction
    if redaction is not None and redaction.reponse.type == "hors_corpus":
        jauge = redaction.jauge
        if redaction.absente or not is_near(jauge.probabilite, jauge.seuil):
            # What was found is about something else.
            return
    servies = {f.id: f for f in _fiches(jugements)}
    trouvees = [c.carte.fiche for c in chemin.trouvaille.cartes[:_FICHES]]
    voisines = [servies[nom] for fiche in trouvees for nom in fiche.voir if nom in servies]
    dites = {m.source for m in redaction.composition.morceaux} if redaction else set()
    dites |= set(chemin.dit.cartes) if chemin.dit else set()
    yield from (f.titre for f in (*trouvees, *voisines) if f.id in servies and f.id not in dites)


def _convient(fiche: Fiche, departement: str | None, echange: Echange) -> bool:
    """Whether a card answers here, and its title is read as it stands: no fact, no follow-up."""
    if fiche.silence or fiche.portee not in (NATIONALE, departement):
        return False
    if fiche.divergence and departement is not None:
        # The texts that differ are not all of that place: asked for it, there is no answer.
        return False
    if _dit_un_fait(fiche.titre, echange.memoire.attendus):
        return False
    return lire_suite(fiche.titre, echange.memoire.sujet, _JOUR).genre == "seule"


@lru_cache(maxsize=1024)
def _dit_un_fait(titre: str, attendus: tuple[str, ...]) -> bool:
    """Whether a title would be taken for something told of the project."""
    return bool(lire_faits(titre, {}, attendus=attendus, jour=_JOUR).faits)


def _a_un_appui(echange: Echange) -> bool:
    """Whether the last answer has words of the texts to show."""
    sujet = echange.memoire.sujet
    return sujet is not None and bool(sujet.citations)


def _deja(candidate: str, posees: Iterable[Posee], sujet: Sujet | None) -> bool:
    """Whether a question was asked; one about the last answer, whether it was asked of it."""
    voulue = _nu(candidate)
    if candidate in _renvois():
        objet = _nu(sujet.question) if sujet else ""
        return any(voulue == _nu(p.question) and objet in _nu(p.comprise or "") for p in posees)
    return any(voulue in (_nu(p.question), _nu(p.comprise or "")) for p in posees)


def _nu(texte: str) -> str:
    """The words of a question, without accents, capitals or signs."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(texte)))
