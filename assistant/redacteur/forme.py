"""The normal form of a sentence: what is left once what a rewording may change is undone.

Two sentences say the same thing, for this program, when their normal forms are equal: the same
words in the same order but for a closed list of turns of phrase. Nothing is guessed from the
likeness of words: « animateur » is not « animation », « les » is not « des ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.redacteur.jetons import Phrase
from assistant.redacteur.tournures import Tournure, deplier, lire_tournures

_DIT_OUI: Final = frozenset({"oui", "non"})
_CITE: Final = "«"
_GRAS: Final = "**"
_ARTICLES: Final = frozenset({"le", "la", "l'", "les"})
_DETERMINANTS: Final = _ARTICLES | {"un", "ce", "de", "à", "ou", "et"}
"""Words behind which « maximum » is a name."""
_INFINITIF: Final = re.compile(r"[^\W\d_]{2,}(?:er|ir|oir|dre|ttre|aire|ire)$")
_PAS_INFINITIF: Final = frozenset(
    {"mer", "hier", "premier", "dernier", "dossier", "cahier", "particulier", "quartier", "métier",
     "avoir-faire", "territoire", "scolaire", "partenaire", "salaire", "horaire", "maire",
     "secrétaire", "bénéficiaire", "gestionnaire", "questionnaire", "calendrier", "atelier"}
)  # fmt: skip
_ETRE: Final = frozenset({"est", "sont"})
_VERBE: Final = 2
"""Words of « est accepté »."""


def forme(phrase: Phrase, *, premiere: bool) -> tuple[str, ...]:
    """Normal form of a sentence; ``premiere``: it opens the answer."""
    cles = _sans_entree(_ouverte(phrase.cles), premiere=premiere)
    return _grouper(_ranger(_oui_non(_annonce(_ouverte(cles)))))


def commence_par_une_circonstance(phrase: Phrase) -> bool:
    """Whether a sentence opens on what bounds it: a place, a case, a time."""
    cles = _ouverte(phrase.cles)
    mots = lire_tournures()
    return bool(cles) and cles[0] in mots.circonstances | mots.retiennent | mots.portent


def _ouverte(cles: tuple[str, ...]) -> tuple[str, ...]:
    """Words as they would stand in the middle of a sentence, contractions opened."""
    return deplier(_sans_capitale(cles))


def _sans_capitale(cles: tuple[str, ...]) -> tuple[str, ...]:
    """The capital of a first word is that of its place, unless it has others."""
    if not cles or cles[0][1:] != cles[0][1:].lower():
        return cles
    return (cles[0].lower(), *cles[1:])


def _commence(cles: Sequence[str], place: int, tournure: Tournure) -> int:
    """Place after a turn of phrase that stands at ``place``; 0 where it does not."""
    fin = place + len(tournure.mots)
    if tuple(cles[place:fin]) != tournure.mots:
        return 0
    avant = cles[place - 1] if place else ""
    suite = cles[fin] if fin < len(cles) else ""
    if tournure.devant == "infinitif" and not _est_infinitif(suite):
        return 0
    if tournure.devant == "rien" and (avant in _DETERMINANTS or _compte(suite)):
        return 0
    return fin


def _compte(mot: str) -> bool:
    """Whether a word may begin what is counted."""
    return mot[:1].isdigit() or mot in {"un", "une", "de"}


def _est_infinitif(mot: str) -> bool:
    return mot not in _PAS_INFINITIF and _INFINITIF.fullmatch(mot) is not None


def _sans_entree(cles: tuple[str, ...], *, premiere: bool) -> tuple[str, ...]:
    """Leave out the words that lead to a sentence."""
    tournures = lire_tournures()
    for tournure in tournures.ouvertures if premiere else tournures.liaisons:
        fin = _commence(cles, 0, tournure)
        suite = cles[fin:]
        if not fin or not suite:
            continue
        # « C'est oui » is no way to speak.
        if premiere and (suite[0] not in _DIT_OUI or cles[fin - 1] in (",", ":")):
            return suite
        if not premiere and suite[0] == ",":
            return suite[1:]
    return cles


def _annonce(cles: tuple[str, ...]) -> tuple[str, ...]:
    """« Selon **texte**, « mots » » and « **texte** précise : « mots » » as « **texte** : … »."""
    cite = next((rang for rang, cle in enumerate(cles) if cle.startswith(_CITE)), 0)
    if not cite:
        return cles
    avant, signe, suite = cles[: cite - 1], cles[cite - 1], cles[cite:]
    for selon in (("selon",), ("de", "après")):
        if avant[: len(selon)] == selon and signe in (",", ":"):
            nom = _nom(avant[len(selon) :])
            return (*nom, ":", *suite) if nom else cles
    for tournure in lire_tournures().annonces:
        if signe == ":" and avant[-len(tournure.mots) :] == tournure.mots:
            nom = _nom(avant[: -len(tournure.mots)])
            return (*nom, ":", *suite) if nom else cles
    return cles


def _nom(cles: tuple[str, ...]) -> tuple[str, ...]:
    """The bold name of a text without its article, and what follows it between brackets.

    Empty where these words are anything else, or name a text that holds in one place alone.
    """
    nom = cles[1:] if cles[:1] and cles[0] in _ARTICLES else cles
    if not nom or not nom[0].startswith(_GRAS) or "seulement" in nom[0]:
        return ()
    entre = nom[1:]
    crochets = entre[:1] == ("(",) and entre[-1:] == (")",) and entre.count("(") == 1
    return nom if not entre or crochets else ()


def _oui_non(cles: tuple[str, ...]) -> tuple[str, ...]:
    """« Oui, … » is « Oui : … »."""
    if len(cles) > 1 and cles[0] in _DIT_OUI and cles[1] in (",", ":"):
        return (cles[0], ":", *_sans_capitale(cles[2:]))
    return cles


def _grouper(cles: tuple[str, ...]) -> tuple[str, ...]:
    """Put the name of its group for each turn of phrase that has one, longest first."""
    groupees: list[str] = []
    place = 0
    while place < len(cles):
        for tournure in lire_tournures().groupes:
            fin = _commence(cles, place, tournure)
            if fin:
                groupees.append(tournure.cle)
                place = fin
                break
        else:
            groupees.append(cles[place])
            place += 1
    return tuple(groupees)


def _ranger(cles: tuple[str, ...]) -> tuple[str, ...]:
    """Put the circumstance that opens a plain sentence at its end: « En milieu rural, … ».

    Only behind « est accepté » and the like: behind a noun, it would bear on that noun alone.
    """
    mots = lire_tournures()
    if not cles or cles[0] not in mots.deplacables or cles.count(",") != 1:
        return cles
    virgule = cles.index(",")
    avant, apres = cles[:virgule], cles[virgule + 1 :]
    deplacable = all(cle.replace("'", "").replace("-", "").isalpha() for cle in avant)
    retenue = any(cle in mots.retiennent or not cle[0].isalnum() for cle in apres)
    attachee = len(apres) > _VERBE and apres[-_VERBE] in _ETRE
    return (*apres, *avant) if deplacable and attachee and not retenue else cles
