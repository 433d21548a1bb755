"""The report as a PDF that screen readers can read (PDF/UA-1), its fonts inside it."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from assistant.eligibility.report.models import Rapport
from assistant.eligibility.report.text import code
from assistant.eligibility.report.wording import lire_textes
from corpus.lecture_yaml import read_yaml

_DOSSIER: Final = Path(__file__).parent
_GABARIT: Final = _DOSSIER / "rapport.typ"
_GLYPHES: Final = _DOSSIER / "glyphes.yaml"
_MOTS: Final = ("fait", "pourquoi", "page_sur", "deux_points")
_MOT_MAXIMUM: Final = 20
"""Longest run of characters that a column can hold without a place to break."""
_CODES: Final = frozenset({"genre", "statut", "verdict"})
"""Fields that the layout reads and nobody sees."""
_COUPURE: Final = "\u200b"
_LONG: Final = re.compile(rf"\S{{{_MOT_MAXIMUM + 1},}}")
_SIMPLES: Final = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x0A)))
"""Characters that every font has, in any combination."""


def en_pdf(rapport: Rapport) -> bytes:
    """Lay the report out. The same report always gives the same bytes; nothing is fetched."""
    try:
        return _compiler(rapport, _connus())
    except typst.TypstError:
        # Each character has a glyph, but not every sequence of marks: keep the plain ones alone.
        return _compiler(rapport, _SIMPLES)


def _compiler(rapport: Rapport, connus: frozenset[str]) -> bytes:
    donnees: dict[str, Any] = rapport.model_dump(mode="json")
    for section, donnee in zip(rapport.sections, donnees["sections"], strict=True):
        donnee["intitule"] = section.intitule
    textes = lire_textes()
    donnees["mots"] = {cle: textes.mot(cle) for cle in _MOTS}
    midi = dt.datetime.combine(rapport.jour, dt.time(12), dt.UTC)
    return typst.compile(
        _GABARIT,
        root=_DOSSIER,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"rapport": json.dumps(_imprimer(donnees, connus), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=midi,
    )


def _imprimer(valeur: Any, connus: frozenset[str]) -> Any:  # noqa: ANN401 - any JSON
    """Make every text of the data printable."""
    if isinstance(valeur, str):
        return imprimable(valeur, connus)
    if isinstance(valeur, list):
        return [_imprimer(v, connus) for v in valeur]
    if isinstance(valeur, dict):
        return {c: v if c in _CODES else _imprimer(v, connus) for c, v in valeur.items()}
    return valeur


def imprimable(texte: str, connus: frozenset[str] | None = None) -> str:
    """Replace what no embedded font draws by its code, and let very long words break."""
    admis = _connus() if connus is None else connus
    dessine = texte.replace("\t", " ")
    if not admis.issuperset(dessine):
        dessine = "".join(c if c in admis else code(c) for c in dessine)
    return _LONG.sub(_couper, dessine) if len(dessine) > _MOT_MAXIMUM else dessine


def _couper(trouve: re.Match[str]) -> str:
    mot = trouve[0]
    return _COUPURE.join(
        mot[place : place + _MOT_MAXIMUM] for place in range(0, len(mot), _MOT_MAXIMUM)
    )


@lru_cache(maxsize=1)
def _connus() -> frozenset[str]:
    plages: list[list[str]] = read_yaml(_GLYPHES.read_text(encoding="utf-8"))["plages"]
    connus = {"\n"}
    for plage in (p for ligne in plages for p in ligne):
        premier, dernier = (int(borne, 16) for borne in plage.split("-"))
        connus.update(map(chr, range(premier, dernier + 1)))
    return frozenset(connus)
