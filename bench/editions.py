"""Seeded edits of the five texts: what a new version may change, in its words or its layout only.

Each edit is made in the source file and read again by the product, so that what is compared is
what a keeper of the corpus would bring.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.canonical import build_canonical, source_offset
from corpus.comparison.substance import Marque, read_marks
from corpus.library import SOURCES
from corpus.manifest import ManifesteInutilisable, read_source
from corpus.models import DocumentCanonique

Sorte = Literal["montant", "part", "date", "nombre", "negation", "modalite", "restriction"]
SORTES: tuple[Sorte, ...] = (
    "montant", "part", "date", "nombre", "negation", "modalite", "restriction",
)  # fmt: skip

_OTHER_WORD = {
    "doit": "peut", "doivent": "peuvent", "peut": "doit", "peuvent": "doivent",
    "obligatoire": "facultative", "obligatoirement": "éventuellement", "janvier": "février",
    "février": "mars", "mars": "avril", "avril": "mai", "mai": "juin", "juin": "juillet",
    "juillet": "août", "août": "septembre", "septembre": "octobre", "octobre": "novembre",
    "novembre": "décembre", "décembre": "janvier", "maximum": "minimum", "minimum": "maximum",
    "avant": "après", "après": "avant", "sans": "avec", "deux": "trois", "trois": "quatre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edition:
    """One edit: the old text, the new one, and where the old words that it changed stood."""

    sorte: str
    ancien: DocumentCanonique
    nouveau: DocumentCanonique
    debut: int
    fin: int
    avant: str
    apres: str


def edits_of_substance(
    documents: Sequence[DocumentCanonique], number: int, seed: int
) -> Iterator[Edition]:
    """Yield so many edits, kind by kind in turn: one figure or word that a rule hangs on."""
    draw = random.Random(seed)
    marks = {
        sorte: [
            (document, mark)
            for document in documents
            for mark in read_marks(document.texte)
            if mark.genre == sorte and _other(mark) is not None
        ]
        for sorte in SORTES
    }
    made = 0
    while made < number:
        sorte = SORTES[made % len(SORTES)]
        document, mark = draw.choice(marks[sorte])
        edition = _edit(document, mark)
        if edition is not None:
            made += 1
            yield edition


def _other(mark: Marque) -> str | None:
    """What the mark is changed into; None for one that is left alone."""
    written = mark.ecrit
    digits = re.search(r"\d+(?!.*\d)", written)
    if digits:
        last = str((int(digits[0]) + 3) % 10 ** len(digits[0])).zfill(len(digits[0]))
        return written[: digits.start()] + last + written[digits.end() :]
    if mark.genre == "negation":
        return {"ne": "", "n'": "", "n’": "", "sans": "avec", "non": "", "pas": "plus"}.get(
            written.lower()
        )
    return _OTHER_WORD.get(written.lower())


def _edit(document: DocumentCanonique, mark: Marque) -> Edition | None:
    """Change a mark in the source file; None where it is not written there in one piece."""
    new = _other(mark)
    source = read_source(document.fiche, SOURCES)
    start = source_offset(document, mark.debut)
    if new is None or source[start : start + len(mark.ecrit)] != mark.ecrit:
        return None
    changed = source[:start] + new + source[start + len(mark.ecrit) :]
    nouveau = _read_again(document, changed)
    if nouveau is None:
        return None
    return Edition(
        sorte=mark.genre,
        ancien=document,
        nouveau=nouveau,
        debut=mark.debut,
        fin=mark.debut + len(mark.ecrit),
        avant=mark.ecrit,
        apres=new,
    )


def edits_of_layout(documents: Sequence[DocumentCanonique], seed: int) -> Iterator[Edition]:
    """Yield edits that change no word: other spaces, other signs, lines cut elsewhere."""
    draw = random.Random(seed)
    for document in documents:
        source = read_source(document.fiche, SOURCES)
        for sorte, changed in (
            ("apostrophes", source.translate({ord("'"): "’", ord("’"): "'"})),
            ("espaces insécables", re.sub(r"(?<=\w) (?=[:;!?%€»])", "\u00a0", source)),
            ("espaces doublées", re.sub(r"(?<=[^\W\d]) (?=[^\W\d])", "  ", source)),
            ("fins de ligne", source.replace("\n", "\r\n")),
            ("gras ôté", source.replace("**", "")),
            ("lignes coupées", _cut_lines(source, draw)),
        ):
            nouveau = _read_again(document, changed) if changed != source else None
            if nouveau is not None:
                yield Edition(sorte, document, nouveau, 0, 0, "", "")


def _cut_lines(source: str, draw: random.Random) -> str:
    """Cut long words at the end of a line, as a typesetter does."""

    def cut(match: re.Match[str]) -> str:
        word = match[0]
        return f"{word[:5]}\u00ad\n{word[5:]}" if draw.random() < 0.1 else word

    return re.sub(r"\b[a-zéèêàùôîç]{11,}\b", cut, source)


def _read_again(document: DocumentCanonique, source: str) -> DocumentCanonique | None:
    """Read an edited source; None when the edit undid words that the manifest names."""
    try:
        return build_canonical(source, document.fiche)
    except ManifesteInutilisable:
        return None
