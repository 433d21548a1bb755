"""Fifth step, first half: what is quoted, in which order, and which texts say the same."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz

from assistant.answers.selection import UniteChoisie
from corpus.models import Bloc, DocumentCanonique
from corpus.sentences import split_sentences
from index.french import fold, words

WORDS = 100
"""Words of quotations in one answer: with the names of the texts, it stays under 120."""
SAME = 82.0
"""Likeness (0 to 100) from which two units say the same thing."""
CLOSE = 0.80
"""Share of the best unit's mark from which another one completes the answer."""
NATIONAL_FIRST = 0.90
"""Share of a local unit's mark from which a national unit is put before it."""
LOCAL_NOTE = 0.70
"""Share of the best mark from which the local text of someone's département is added."""
QUOTED = 3
"""Quotations in one answer, at most."""
SUPPORTS = 3
"""Other texts cited for saying the same."""
SUPPORTED = 0.5
"""Share of a quotation's words that a text counts at least to be cited for saying the same."""
SHORT_PARAGRAPH = 70
"""Words up to which a paragraph is quoted whole rather than one sentence of it."""
SHORT_LIST = 80
"""Words up to which a list is quoted whole rather than one item of it."""
SHORT_ITEM = 15
"""Words under which an item is not understood without its introduction."""
NAME_WORDS = 8
"""Words that naming the text adds to each quotation."""
_DECISIVE = re.compile(
    r"\b(?:ne|n'|pas|doi\w+|peu\w+|accept\w+|eligib\w+|obligat\w+|sauf|devr\w+)\b"
)
_LISTED = ("element", "ligne_tableau")
_NEGATIONS = frozenset(
    {"ne", "n", "pas", "non", "ni", "sans", "sauf", "hors", "jamais", "aucun", "aucune"}
)


class Partie(BaseModel):
    """One quotation of the answer and the texts that say the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unite: UniteChoisie
    appuis: tuple[UniteChoisie, ...] = ()


def choose_parts(
    units: Sequence[UniteChoisie],
    documents: Mapping[str, DocumentCanonique],
    room: int = WORDS,
    *,
    named: bool,
) -> list[Partie]:
    """Pick the quotations: the best, its twins in other texts, a complement, the local text.

    Args:
        units: units of answer, best first.
        documents: documents by id.
        room: words that the quotations should not exceed, unless the first does alone.
        named: someone's département is known, so that its local text belongs in the answer.
    """
    if not units:
        return []
    chosen: list[UniteChoisie] = []
    whole: list[UniteChoisie] = []
    spent = 0
    for unit, opening in _candidates(units, named=named):
        document = documents[unit.hit.passage.document]
        wide = widen(unit, document)
        if any(_overlap(wide, u) or (_same(wide, u) and not opening) for u in whole):
            continue
        fitting = (u for u in (wide, unit) if spent + _size(u, document) <= room)
        kept = next(fitting, None if chosen else unit)
        if kept is None:
            continue
        spent += _size(kept, document)
        chosen.append(kept)
        whole.append(wide)
        if len(chosen) == QUOTED:
            break
    taken = list(chosen)
    parts: list[Partie] = []
    for unit in chosen:
        supports = _supports(unit, units, taken)
        taken += supports
        parts.append(Partie(unite=unit, appuis=supports))
    return parts


def _candidates(
    units: Sequence[UniteChoisie], *, named: bool
) -> Iterator[tuple[UniteChoisie, bool]]:
    """Units worth quoting, in order: national before local where both answer, then the rest.

    Each with whether it opens the answer: that one is quoted even if it repeats the other opening
    unit, since a national rule and a local one are two.
    """
    best = units[0]
    opening = [best]
    other = next((u for u in units if u.hit.local != best.hit.local), None)
    if other is not None and best.hit.local and other.note >= NATIONAL_FIRST * best.note:
        opening = [other, best]
    elif other is not None and named and other.note >= LOCAL_NOTE * best.note:
        opening.append(other)
    yield from ((unit, True) for unit in opening)
    for unit in units[1:]:
        if unit.note < CLOSE * best.note:
            return
        if named or best.hit.local or not unit.hit.local:
            yield unit, False


def _size(unit: UniteChoisie, document: DocumentCanonique) -> int:
    """Words that quoting a unit takes."""
    introduction = document.texte[slice(*unit.introduction)] if unit.introduction else ""
    return len(introduction.split()) + len(unit.texte.split()) + NAME_WORDS


def widen(unit: UniteChoisie, document: DocumentCanonique) -> UniteChoisie:
    """Quote the whole paragraph or list where it is short: half a rule misleads.

    A long list keeps the one item, and its introduction where the item needs it.
    """
    if unit.liste:
        return unit
    bloc = document.blocs[bisect_right(document.blocs, unit.debut, key=lambda b: b.debut) - 1]
    if bloc.introduit_par is None:
        short = len(document.texte[bloc.debut : bloc.fin].split()) <= SHORT_PARAGRAPH
        return _resized(unit, document, bloc.debut, bloc.fin) if short else unit
    start, end = _list_span(bloc, document)
    if unit.introduction and len(document.texte[start:end].split()) <= SHORT_LIST:
        return _resized(unit, document, start, end).model_copy(update={"liste": True})
    introduction = document.texte[slice(*unit.introduction)] if unit.introduction else ""
    needed = len(unit.texte.split()) < SHORT_ITEM or _DECISIVE.search(fold(introduction))
    return unit if needed else unit.model_copy(update={"introduction": None})


def _resized(unit: UniteChoisie, document: DocumentCanonique, debut: int, fin: int) -> UniteChoisie:
    update = {"debut": debut, "fin": fin, "texte": document.texte[debut:fin], "introduction": None}
    return unit.model_copy(update=update)


def _list_span(bloc: Bloc, document: DocumentCanonique) -> tuple[int, int]:
    """From the sentence that introduces an item's list to the list's last item."""
    introduction = document.blocs[bloc.introduit_par or 0]
    last = bloc
    for following in document.blocs[bloc.numero + 1 :]:
        if following.introduit_par != bloc.introduit_par or following.nature not in _LISTED:
            break
        last = following
    start = split_sentences(document.texte, introduction.debut, introduction.fin)[-1][0]
    return start, last.fin


def _supports(
    unit: UniteChoisie, units: Sequence[UniteChoisie], taken: Sequence[UniteChoisie]
) -> tuple[UniteChoisie, ...]:
    """Units of other passages that say the same; a local one never supports a national one."""
    found: list[UniteChoisie] = []
    for other in units:
        if other.hit.local != unit.hit.local or any(_overlap(other, u) for u in (*taken, *found)):
            continue
        if _confirms(other, unit):
            found.append(other)
    return tuple(found[:SUPPORTS])


def _confirms(other: UniteChoisie, quoted: UniteChoisie) -> bool:
    """Whether a unit says all that is quoted: its figures, its negations, most of its words.

    Likeness alone would let a title, or the same sentence with another amount, pass for a proof.
    """
    said, wanted = words(fold(other.texte)), words(fold(quoted.texte))
    return (
        len(said) >= SUPPORTED * len(wanted)
        and _figures(wanted) <= _figures(said)
        and _NEGATIONS.isdisjoint(said) == _NEGATIONS.isdisjoint(wanted)
        and _same(other, quoted)
    )


def _figures(said: Sequence[str]) -> set[str]:
    return {word for word in said if word[0].isdigit()}


def _same(one: UniteChoisie, other: UniteChoisie) -> bool:
    return fuzz.token_set_ratio(one.texte.lower(), other.texte.lower()) >= SAME


def _overlap(one: UniteChoisie, other: UniteChoisie) -> bool:
    same_text = one.hit.passage.document == other.hit.passage.document
    return same_text and one.debut < other.fin and other.debut < one.fin
