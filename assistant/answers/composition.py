"""Fifth step: a short answer made of the texts' own words, with what it rests on.

National rule before local; a local text is always named with its département and year. Nothing
is reworded: what stands between « » is a slice of a stored text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz

from assistant.answers.places import nom_departement
from assistant.answers.selection import UniteChoisie
from assistant.models import Citation
from assistant.quotation import Refus, Verificateur
from corpus.models import NATIONALE, DocumentCanonique

WORDS = 105
"""Words of quotations in one answer: with the names of the texts, it stays under 120."""
SAME = 82.0
"""Likeness (0 to 100) from which two units say the same thing in two texts."""
CLOSE = 0.80
"""Share of the best unit's mark from which a second one completes the answer."""
NATIONAL_FIRST = 0.75
"""Share of a local unit's mark from which a national unit is put before it."""
LOCAL_NOTE = 0.70
"""Share of the best mark from which the local text of someone's département is added."""
QUOTED = 3
"""Quotations in one answer, at most."""
SUPPORTS = 3
"""Other texts cited for saying the same."""
_LIST_LINE = re.compile(r"^\s*(?:[·•‣▪☐-]\s*)+")


class Partie(BaseModel):
    """One quotation of the answer and the texts that say the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unite: UniteChoisie
    appuis: tuple[UniteChoisie, ...] = ()


class Composition(BaseModel):
    """A composed answer: its words, its citations in order, its scope."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    citations: tuple[Citation, ...]
    portee: str


def compose(
    units: Sequence[UniteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
    verificateur: Verificateur,
) -> Composition | None:
    """Compose the answer from the units, best first; None when none may be quoted."""
    parts = choose_parts(units, departements, documents)
    citations: list[Citation] = []
    lines: list[str] = []
    for part in parts:
        made = _cite(part, verificateur)
        if not made:
            continue
        first = len(citations) + 1
        numbers = [*range(first, first + len(made))]
        citations.extend(made)
        lines.append(_line(part, numbers, documents))
    if not lines:
        return None
    local = next((c.portee for c in citations if c.portee != NATIONALE), NATIONALE)
    texte = "\n\n".join([*lines, *_reserves(citations, documents)])
    return Composition(texte=texte, citations=tuple(citations), portee=local)


def choose_parts(
    units: Sequence[UniteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
) -> list[Partie]:
    """Pick the quotations: the best, its twins in other texts, a complement, the local text."""
    lead = _lead(units, bool(departements)) if units else []
    parts: list[Partie] = []
    spent = 0
    for unit in lead:
        size = _size(unit, documents)
        if parts and spent + size > WORDS:
            continue
        spent += size
        parts.append(Partie(unite=unit, appuis=_supports(unit, units, lead)))
    return parts


def _lead(units: Sequence[UniteChoisie], named: bool) -> list[UniteChoisie]:
    """Order what is quoted: national before local, then what completes it.

    ``named``: someone's département is known, so that its local text belongs in the answer.
    """
    best = units[0]
    chosen = [best]
    other = next((u for u in units if u.hit.local != best.hit.local), None)
    if other is not None and best.hit.local and other.note >= NATIONAL_FIRST * best.note:
        chosen = [other, best]
    elif other is not None and named and other.note >= LOCAL_NOTE * best.note:
        chosen.append(other)
    for unit in units[1:]:
        if len(chosen) == QUOTED or unit.note < CLOSE * best.note:
            break
        if unit.hit.local and not named and not best.hit.local:
            continue
        if not any(_overlap(unit, u) or _same(unit, u) for u in chosen):
            chosen.append(unit)
    return chosen


def _supports(
    unit: UniteChoisie, units: Sequence[UniteChoisie], lead: Sequence[UniteChoisie]
) -> tuple[UniteChoisie, ...]:
    """Units of other passages that say the same; a local one never supports a national one."""
    found: list[UniteChoisie] = []
    for other in units:
        if other in lead or other.hit.local != unit.hit.local:
            continue
        if any(_overlap(other, u) for u in (unit, *found)) or not _same(unit, other):
            continue
        found.append(other)
    return tuple(found[:SUPPORTS])


def _same(one: UniteChoisie, other: UniteChoisie) -> bool:
    return fuzz.token_set_ratio(one.texte.lower(), other.texte.lower()) >= SAME


def _overlap(one: UniteChoisie, other: UniteChoisie) -> bool:
    same_text = one.hit.passage.document == other.hit.passage.document
    return same_text and one.debut < other.fin and other.debut < one.fin


def _size(unit: UniteChoisie, documents: Mapping[str, DocumentCanonique]) -> int:
    introduction = ""
    if unit.introduction:
        introduction = documents[unit.hit.passage.document].texte[slice(*unit.introduction)]
    return len(f"{introduction} {unit.texte}".split()) + 8


def _cite(part: Partie, verificateur: Verificateur) -> list[Citation]:
    """Citations of a part: its words, its introduction, then its supports."""
    made: list[Citation] = []
    for place, unit in enumerate((part.unite, *part.appuis)):
        document = unit.hit.passage.document
        spans = [(unit.debut, unit.fin)]
        if place == 0 and unit.introduction and not unit.liste:
            spans.append(unit.introduction)
        for span in spans:
            citation = verificateur.citer(document, *span)
            if isinstance(citation, Refus):
                if place == 0 and span == spans[0]:
                    return []
                continue
            made.append(citation)
    return made


def _line(part: Partie, numbers: Sequence[int], documents: Mapping[str, DocumentCanonique]) -> str:
    unit = part.unite
    document = documents[unit.hit.passage.document]
    marks = "".join(f"[{n}]" for n in numbers)
    name = _name(document)
    if unit.liste or "\n" in unit.texte:
        first, *items = [line for line in unit.texte.split("\n") if line.strip()]
        listed = "\n".join(f"- {_plain(_LIST_LINE.sub('', item))}" for item in items)
        return f"{name} : « {_plain(first)} »\n\n{listed}\n\n{marks}"
    words = _plain(_LIST_LINE.sub("", unit.texte))
    if unit.introduction:
        introduction = _plain(document.texte[slice(*unit.introduction)])
        return f"{name} : « {introduction} » « {words} » {marks}"
    return f"{name} : « {words} » {marks}"


def _name(document: DocumentCanonique) -> str:
    fiche = document.fiche
    if fiche.portee == NATIONALE:
        return f"**{fiche.titre_court}**"
    year = f", {fiche.annee}" if fiche.annee else ""
    return f"**{nom_departement(fiche.portee)} seulement** ({fiche.titre_court}{year})"


def _reserves(
    citations: Sequence[Citation], documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """Say what is missing from a text beside what was quoted."""
    said: list[str] = []
    for citation in citations:
        document = documents[citation.document]
        said += [
            f"À savoir : {trou.objet} manque dans le texte reçu ({document.fiche.titre_court})."
            for trou in document.trous
            if 0 <= trou.position - citation.fin < _NEAR_HOLE
            or citation.debut <= trou.position <= citation.fin
        ]
    return list(dict.fromkeys(said))


_NEAR_HOLE = 3


def _plain(texte: str) -> str:
    """One line of a text, its Markdown signs made harmless."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(texte.split()))
