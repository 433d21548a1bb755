"""Whether a person writes in English."""

from __future__ import annotations

from assistant.understanding.entree import Entree, lire_listes
from assistant.understanding.texte import mots

_ANGLAIS = "en"


def est_anglais(entree: Entree, *, en_cours: bool = False) -> bool:
    """Whether an input is to be answered in English.

    ``en_cours``: the turn before was in English; a short answer that no language claims (« 9 »,
    « 27 weeks », « Hérault ») is then still in English, until French words outnumber the others.

    Example:
        >>> est_anglais(qualifier("is it free?"))
        True
    """
    if entree.langue == _ANGLAIS:
        return True
    if not en_cours or entree.langue is not None:
        return False
    langues = lire_listes().langues
    suite = mots(entree.texte)
    francais = sum(mot in langues["fr"] for mot in suite)
    anglais = sum(mot in langues[_ANGLAIS] for mot in suite)
    return francais <= anglais
