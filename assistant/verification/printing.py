"""A long list laid out as a PDF that screen readers can read (PDF/UA-1), its fonts inside it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import typst
from pydantic import BaseModel

from assistant.eligibility.report.pdf import imprimable
from corpus.models import FROZEN

_DOSSIER: Final = Path(__file__).parent
_GABARIT: Final = _DOSSIER / "liste.typ"
_SIMPLES: Final = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x0A)))
"""Characters that every font has, in any combination."""


class CitationImprimee(BaseModel):
    """Words quoted, and where they are from."""

    model_config = FROZEN

    extrait: str
    source: str


class BlocImprime(BaseModel):
    """A few words under a heading, with what they rest on."""

    model_config = FROZEN

    tete: str = ""
    texte: str = ""
    note: str = ""
    citations: tuple[CitationImprimee, ...] = ()


class Article(BaseModel):
    """A heading and what stands under it."""

    model_config = FROZEN

    titre: str
    note: str = ""
    blocs: tuple[BlocImprime, ...]


class Imprime(BaseModel):
    """What is printed: articles, or one table."""

    model_config = FROZEN

    titre: str
    chapeau: str
    jour: dt.date
    articles: tuple[Article, ...] = ()
    entetes: tuple[str, ...] = ()
    lignes: tuple[tuple[str, ...], ...] = ()


def en_pdf(imprime: Imprime) -> bytes:
    """Lay it out. The same content always gives the same bytes; nothing is fetched."""
    try:
        return _compile(imprime, None)
    except typst.TypstError:
        # Each character has a glyph, but not every sequence of marks: keep the plain ones alone.
        return _compile(imprime, _SIMPLES)


def _compile(imprime: Imprime, connus: frozenset[str] | None) -> bytes:
    donnees = _printable(imprime.model_dump(mode="json"), connus)
    return typst.compile(
        _GABARIT,
        root=_DOSSIER,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"liste": json.dumps(donnees, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=dt.datetime.combine(imprime.jour, dt.time(12), dt.UTC),
    )


def _printable(valeur: Any, connus: frozenset[str] | None) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(valeur, str):
        return imprimable(valeur, connus)
    if isinstance(valeur, list):
        return [_printable(v, connus) for v in valeur]
    if isinstance(valeur, dict):
        return {cle: _printable(v, connus) for cle, v in valeur.items()}
    return valeur
