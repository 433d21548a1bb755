"""Is it said, supposed, or no fact at all? What stands around words tells.

« J'ai 6 enfants, c'est bon ? » says 6; « 6 enfants, c'est bon ? » supposes it; « il faut 8
enfants » or « combien d'enfants ? » speak of the rule.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache
from typing import Final, NamedTuple

from assistant.dialogue.facts.donnees import lire_mots
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.models import Certitude
from assistant.dialogue.facts.motifs import compiler

_FIN_DE_PHRASE: Final = re.compile(r" [.?!;](?= )")
_COUPE: Final = re.compile(r" [,:](?= )")
_MOTS_AVANT_NEGATION: Final = 3
_PORTEE: Final = 400
"""Characters of a sentence looked at on either side: it keeps the reading linear."""


class Phrase(NamedTuple):
    """A sentence of the plain text, ``debut:fin``; ``interroge``: it asks something."""

    debut: int
    fin: int
    interroge: bool


@lru_cache(maxsize=64)
def phrases(texte: str) -> tuple[Phrase, ...]:
    """Cut the plain text into sentences; the places cover it whole."""
    lues: list[Phrase] = []
    debut = 0
    marques = [m.start() for m in _FIN_DE_PHRASE.finditer(texte)] + [len(texte)]
    for marque in marques:
        fin = min(marque + 2, len(texte))
        morceau = texte[debut : fin + 1]
        interroge = (
            texte[marque + 1 : marque + 2] == "?"
            or any(_attitude(nom).search(morceau) for nom in ("ouverte", "oui_non"))
            or _finale().search(texte, max(debut, marque - 40), marque + 1) is not None
        )
        lues.append(Phrase(debut, fin, interroge))
        debut = fin
    return tuple(lues)


@lru_cache(maxsize=64)
def _debuts(texte: str) -> tuple[int, ...]:
    return tuple(phrase.debut for phrase in phrases(texte))


def phrase_de(flux: Flux, place: int) -> Phrase:
    """Return the sentence at ``place``."""
    return phrases(flux.texte)[max(bisect_right(_debuts(flux.texte), place) - 1, 0)]


def proposition(flux: Flux, debut: int, fin: int) -> tuple[int, int]:
    """Return the clause around ``debut:fin``: its sentence, cut at commas and colons."""
    phrase = phrase_de(flux, debut)
    gauche, droite = max(phrase.debut, debut - _PORTEE), min(phrase.fin, fin + _PORTEE)
    for coupe in _COUPE.finditer(flux.texte, gauche, droite):
        if coupe.end() <= debut:
            gauche = coupe.end()
        elif coupe.start() >= fin - 1:
            droite = coupe.start() + 1
            break
    return gauche, droite


def certitude(flux: Flux, debut: int, fin: int) -> Certitude | None:
    """Return how firmly the words ``debut:fin`` are meant of their project; None: not at all."""
    phrase = phrase_de(flux, debut)
    avant = flux.texte[max(phrase.debut, debut - _PORTEE) : debut]
    gauche, droite = proposition(flux, debut, fin)
    autour = flux.texte[gauche : droite + 1]
    affirme = _dernier("affirme", avant + flux.texte[debut:fin])
    if _attitude("rapporte").search(autour) or _dernier("generalites", avant) >= 0:
        return None
    if not _attitude("affirme").search(autour) and (
        _attitude("obligation").search(autour)
        or (phrase.interroge and _attitude("bornes").search(autour))
    ):
        return None
    if _dernier("hypothese", avant) >= 0:
        return "supposee"
    if _attitude("passe").search(autour):
        return None
    if not phrase.interroge:
        return "dite"
    if _dernier_mot(avant) in lire_mots().attitudes["possessif"]:
        return "dite"
    if _dernier("permission", avant) >= 0:
        return "supposee"
    interroge = max(_dernier("oui_non", avant), _dernier("ouverte", avant))
    if affirme >= 0 and (interroge < 0 or _dernier("oui_non", avant) < 0 <= affirme - interroge):
        return "dite"  # « on a 10 enfants, … ? », « combien touche-t-on ? on a 10 enfants »
    if _attitude("ouverte").search(autour) and affirme < 0 and not _complete(avant):
        return None
    return "supposee"


def imagine(flux: Flux, place: int) -> bool:
    """Whether the sentence at ``place`` imagines something: « si on … », « et avec … »."""
    phrase = phrase_de(flux, place)
    texte = flux.texte[phrase.debut : min(phrase.fin, phrase.debut + _PORTEE)]
    premiers = " ".join(texte.split()[:2])
    completes = {
        f"{lien}{mot}" for lien in ("", "et ") for mot in lire_mots().attitudes["complement"]
    }
    return (
        any(_attitude(nom).search(texte) for nom in ("hypothese", "permission"))
        or premiers in completes
        or premiers.split()[:1] == ["avec"]
    )


def affirme(flux: Flux, debut: int, fin: int) -> bool:
    """Whether the person speaks of what they do in the sentence of ``debut:fin``."""
    phrase = phrase_de(flux, debut)
    gauche = max(phrase.debut, debut - _PORTEE)
    return _attitude("affirme").search(flux.texte, gauche, fin) is not None


def est_nie(flux: Flux, debut: int, fin: int, *, dedans: bool = True) -> bool:
    """Whether the words ``debut:fin`` are denied: « pas de … », « aucun … », « n'est pas … »."""
    gauche, _ = proposition(flux, debut, fin)
    avant = flux.texte[gauche:debut]
    derniers = " ".join(avant.split()[-_MOTS_AVANT_NEGATION:])
    lu = f" {derniers} {flux.texte[debut:fin] if dedans else ''} "
    lu = _fausses_negations().sub(" ", lu)
    return _negations().search(lu) is not None


def corrige(flux: Flux) -> bool:
    """Whether the text takes something back."""
    return _corrections().search(flux.texte) is not None


def _dernier(attitude: str, texte: str) -> int:
    """Return the place of the last words of an attitude, -1 if there are none."""
    return max((trouve.start() for trouve in _attitude(attitude).finditer(texte)), default=-1)


def _dernier_mot(texte: str) -> str:
    return texte.rsplit(maxsplit=1)[-1] if texte.strip() else ""


def _complete(avant: str) -> bool:
    """« … pour », « … avec » : what follows completes the question, it is not its answer."""
    return _dernier_mot(avant) in lire_mots().attitudes["complement"]


def _attitude(nom: str) -> re.Pattern[str]:
    return compiler(lire_mots().attitudes[nom])


@cache
def _finale() -> re.Pattern[str]:
    """« 6 enfants c bon », « démarrage en janvier possible »: a question without its mark."""
    return re.compile(rf"{_attitude('finale').pattern}$")


def _negations() -> re.Pattern[str]:
    return compiler(lire_mots().negations)


def _fausses_negations() -> re.Pattern[str]:
    return compiler(lire_mots().fausses_negations)


def _corrections() -> re.Pattern[str]:
    return compiler(lire_mots().corrections)
