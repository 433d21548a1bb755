"""What is asked: about their own case or the rule, which criterion, an amount, a verdict."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from assistant.dialogue.facts.attitudes import phrases
from assistant.dialogue.facts.donnees import Critere, lire_questions
from assistant.dialogue.facts.flux import lire_flux
from assistant.dialogue.facts.lecture import lire_faits
from assistant.dialogue.facts.motifs import compiler

_POIDS_QUESTION: Final = 2


def est_cas_personnel(texte: str) -> bool:
    """Whether ``texte`` speaks of the person's own project, not of the rule for anyone.

    >>> est_cas_personnel("On a 6 enfants, ça passe ?"), est_cas_personnel("Combien d'enfants ?")
    (True, False)
    """
    plein = lire_flux(texte).texte
    questions = lire_questions()
    depouille = compiler(questions.impersonnel).sub("", plein)
    if compiler(questions.personnel).search(depouille):
        return True
    # « 6 enfants en ville, 1 animateur : ça passe ? » describes a case without saying whose.
    return demande_verdict(texte) and len(_sujets(texte)) > 1


def demande_verdict(texte: str) -> bool:
    """Whether ``texte`` asks if the project passes: « c'est bon ? », « on est éligible ? »."""
    return compiler(lire_questions().verdict).search(lire_flux(texte).texte) is not None


def demande_montant(texte: str) -> bool:
    """Whether ``texte`` asks how much money the project may receive: « on touche combien ? »."""
    plein = lire_flux(texte).texte
    questions = lire_questions()
    return (
        compiler(questions.montant).search(plein) is not None
        and compiler(questions.montant_sauf).search(plein) is None
    )


def critere_demande(texte: str) -> str | None:
    """Return the code of the criterion that ``texte`` is about; None if none is, or several.

    The words of the question count before what is told; without any, the facts told do, if they
    are all of one criterion (« on aura 14 enfants, c'est possible ? »).
    """
    plein = lire_flux(texte).texte
    notes: dict[str, tuple[int, int]] = {}
    for phrase in phrases(plein):
        morceau = plein[phrase.debut : phrase.fin + 1]
        for critere in lire_questions().criteres:
            for trouve in compiler(critere.motifs).finditer(morceau):
                poids = _POIDS_QUESTION if phrase.interroge else 1
                poids += _suit_une_interrogation(morceau, trouve)
                note = (poids, trouve.end() - trouve.start())
                notes[critere.code] = max(notes.get(critere.code, (0, 0)), note)
    sujets = _sujets(texte)
    if notes:
        meilleure = max(notes.values())
        gagnants = [code for code, note in notes.items() if note == meilleure]
        if meilleure[0] > _POIDS_QUESTION or len(sujets) <= 1:
            return gagnants[0]
    return next(iter(sujets)) if len(sujets) == 1 else None


def _suit_une_interrogation(morceau: str, trouve: re.Match[str]) -> int:
    """« combien d'intervenants »: the criterion is what is asked, not what is told."""
    avant = morceau[max(trouve.start() - 40, 0) : trouve.start()]
    mot = _interrogation().search(f"{avant}{trouve[0]}")
    return 1 if mot else 0


@cache
def _interrogation() -> re.Pattern[str]:
    return compiler(lire_questions().interrogation)


@lru_cache(maxsize=64)
def _sujets(texte: str) -> frozenset[str]:
    """Return the criteria that the facts of ``texte`` are about."""
    lus = lire_faits(texte)
    chemins = {re.sub(r"\.[0-9]+\.", ".*.", fait.chemin) for fait in lus.faits}
    chemins |= {re.sub(r"\.[0-9]+\.", ".*.", vague.chemin) for vague in lus.a_preciser}
    return frozenset(c.code for c in lire_questions().criteres if _concerne(c, chemins))


def _concerne(critere: Critere, chemins: set[str]) -> bool:
    return any(
        chemin == fait or chemin.startswith(f"{fait}.")
        for fait in critere.faits
        for chemin in chemins
    )
