"""Whether a rewording says what the answer says, no more, no less: strict, and the same for all.

What is held is not a likeness. Each sentence of the rewording must be, in its place, a sentence of
the answer but for a closed list of turns of phrase (``tournures.yaml``): the same words in the same
order, the same numbers, negations, modalities, names, conditions, quotations byte for byte, and the
same marks behind it. What may change: how sentences are joined and led to, and those turns.

When in doubt it refuses. A refusal costs fluency, and the answer as composed is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from assistant.redacteur.forme import commence_par_une_circonstance, forme
from assistant.redacteur.jetons import Phrase, lire_phrases
from assistant.redacteur.tournures import lire_tournures
from corpus.comparison.substance import read_marks

LONGUEUR: Final = 1.2
"""Longest rewording, for an answer of length 1."""
_LETTRES: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ"
    " \n\u00a0\u202f.,;:!?'’()«»*[]/%€-"
)
"""Characters of a rewording, beside those of the answer itself."""
_ADRESSE: Final = re.compile(r"https?:|www\.|://|mailto:|@", re.IGNORECASE)
_CITATION: Final = re.compile("«[^«»]*»")
_APPEL: Final = re.compile(r"\[([^\]\n]*)\]")


def controler(origine: str, reecrit: str) -> tuple[str, ...]:
    """Say what keeps a rewording from being shown, in French; nothing when it may be.

    Args:
        origine: the answer as it was composed.
        reecrit: what the writer made of it.
    """
    return (
        tuple(_fautes_de_forme(origine, reecrit))
        or tuple(_fautes(lire_phrases(origine), lire_phrases(reecrit)))
        or tuple(_pertes(origine, reecrit))
    )


def _fautes_de_forme(origine: str, reecrit: str) -> Iterator[str]:
    """What is plain from the characters alone."""
    if len(reecrit) > LONGUEUR * len(origine):
        yield "trop long"
    etrangers = set(reecrit) - _LETTRES - set(origine)
    if etrangers or any(unicodedata.category(c) in ("Cc", "Cf") and c != "\n" for c in reecrit):
        yield "caractère étranger"
    if not unicodedata.is_normalized("NFC", reecrit):
        yield "accents écrits à part"
    if Counter(_ADRESSE.findall(reecrit)) - Counter(_ADRESSE.findall(origine)):
        yield "adresse ajoutée"
    if _CITATION.findall(reecrit) != _CITATION.findall(origine):
        yield "citation changée"
    if _APPEL.findall(reecrit) != _APPEL.findall(origine):
        yield "appel de citation changé"


def _fautes(avant: tuple[Phrase, ...], apres: tuple[Phrase, ...]) -> Iterator[str]:
    """What differs from one sentence of the answer to its place in the rewording."""
    if len(avant) != len(apres):
        yield "phrase ajoutée, retirée ou coupée"
        return
    for rang, (ici, la) in enumerate(zip(avant, apres, strict=True)):
        if forme(ici, premiere=rang == 0) != forme(la, premiere=rang == 0):
            yield f"phrase {rang + 1} : des mots ont changé"
        if ici.appels != la.appels:
            yield f"phrase {rang + 1} : ses citations ont changé"
        if not _meme_fin(ici, la):
            yield f"phrase {rang + 1} : sa fin a changé"
    suites = zip(pairwise(enumerate(avant)), apres[:-1], strict=True)
    for ((rang, ici), (_, suite)), la in suites:
        reunies = ici.alinea and not la.alinea
        if reunies and not _peut_reunir(_alinea(avant, rang), _alinea(avant, rang + 1)):
            yield f"phrase {rang + 1} : réunie à une autre"
        if la.fin != ";" and _capitale(suite) and not _capitale(apres[rang + 1]):
            yield f"phrase {rang + 2} : sans capitale"
        if la.alinea and not ici.alinea:
            yield f"phrase {rang + 1} : séparée de la suivante"
        if la.fin == ";" != ici.fin and not _peut_enchainer(ici, suite):
            yield f"phrase {rang + 1} : enchaînée à une autre"


def _meme_fin(ici: Phrase, la: Phrase) -> bool:
    """The sign that ends a sentence: a full stop may be added, or weaker within a paragraph."""
    if ici.fin == la.fin:
        return True
    return (ici.fin == "" and la.fin == ".") or (
        ici.fin in (".", "") and la.fin == ";" and not la.alinea
    )


def _capitale(phrase: Phrase) -> bool:
    """Whether a sentence does not begin with a small letter."""
    return not (phrase.jetons and phrase.jetons[0].cle[:1].islower())


def _alinea(phrases: tuple[Phrase, ...], rang: int) -> tuple[Phrase, ...]:
    """Sentences of the paragraph that a sentence stands in."""
    debut = next((i + 1 for i in range(rang - 1, -1, -1) if phrases[i].alinea), 0)
    fin = next(i for i in range(rang, len(phrases)) if phrases[i].alinea)
    return phrases[debut : fin + 1]


def _peut_reunir(avant: tuple[Phrase, ...], apres: tuple[Phrase, ...]) -> bool:
    """Whether two paragraphs may be one.

    Not where a label bounds one of them (a place, a question), nor a list; nor where the first is
    unproved and the second is not: its marks would seem to prove both.
    """
    mots = [cle for phrase in (*avant, *apres) for cle in phrase.cles]
    if any(cle == "\n" or cle[:1] == "«" or cle[:2] == "**" for cle in mots):
        return False
    return any(p.appels for p in avant) or not any(p.appels for p in apres)


def _peut_enchainer(ici: Phrase, suite: Phrase) -> bool:
    """Whether a semicolon may stand for a full stop: where nothing would bear on the next words."""
    mots = (*ici.cles, *suite.cles)
    if any(cle == ":" or cle[:1] == "«" or cle[:2] == "**" for cle in mots):
        return False
    return not commence_par_une_circonstance(ici) and not (lire_tournures().portent & set(ici.cles))


def _pertes(origine: str, reecrit: str) -> Iterator[str]:
    """The same again, by another way: figures, negations, what must and what may.

    It should never find anything; were the normal form ever too broad, this would.
    """
    if _nombres(origine) != _nombres(reecrit):
        yield "nombre changé"
    if _marques(origine) != _marques(reecrit):
        yield "négation, devoir ou date changés"


def _nombres(texte: str) -> Counter[str]:
    """Numbers of a text, in figures or in letters."""
    jetons = (j for phrase in lire_phrases(texte) for j in phrase.jetons)
    return Counter(j.cle for j in jetons if j.genre == "nombre")


def _marques(texte: str) -> Counter[str]:
    return Counter(m.cle for m in read_marks(texte) if m.genre in _TENUES)


_TENUES: Final = ("negation", "modalite", "date")
