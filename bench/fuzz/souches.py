"""Sound files that the mutations start from, made of the shipped texts by real tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import typst

from bench.rendus import FORMATS, FORMES, LONGUES, OutilAbsent, rendre
from corpus.library import load_corpus
from corpus.models import Format

DOCUMENTS = ("003", "000")
"""Two texts are enough: the web page, which is short, and one with tables and footnotes."""

_PAGE = """= Le financement du Clas
La Caf verse une aide#footnote[Pour un groupe.] pour chaque groupe, à l'office comme à l'école.
- Un groupe de huit enfants ;
- un groupe de dix enfants.
#table(columns: 2, [Bonus], [Montant], [Enfants], [100 €], [Parents], [200 €])
"""
"""A page that is read in little time, so that it is broken in many ways."""

NOMS: Mapping[Format, str] = {
    "pdf": "essai.pdf",
    "docx": "essai.docx",
    "odt": "essai.odt",
    "html": "essai.html",
    "markdown": "essai.md",
    "texte": "essai.txt",
}


@cache
def souches(format_lu: Format, *, longues: bool = True) -> Sequence[bytes]:
    """Files of a format, the shortest first; those of LibreOffice only where it is installed."""
    documents = [load_corpus().documents[name] for name in DOCUMENTS]
    if format_lu == "texte":
        encodings = ("utf-8", "utf-8-sig", "windows-1252", "utf-16")
        return [d.texte.encode(e, "replace") for d in documents for e in encodings]
    made: list[bytes] = []
    for forme in FORMES:
        if FORMATS[forme] != format_lu or (forme in LONGUES and not longues):
            continue
        try:
            made += [rendre(document, forme) for document in documents]
        except OutilAbsent:
            continue
    if format_lu == "pdf":
        made += [typst.compile(f"#set page(columns: {n})\n{_PAGE}".encode()) for n in (1, 2)]
    return sorted(made, key=len)
