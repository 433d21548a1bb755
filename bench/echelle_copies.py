"""Made-up documents, as many as wanted: the real ones under other names, in other places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.files import write_atomically
from corpus.models import NATIONALE
from index.parts import document_file

DEPARTEMENTS = tuple(f"{code:02d}" for code in range(1, 96) if code != 20)
NATIONAL_ONE_IN = 10
"""One copy of the five texts in ten is national, the others are of a département each."""
_WORD = re.compile(r"\S+")


def write_parts(
    version: Path, names: Mapping[str, str], count: int, target: Path, *, pdf: bool = False
) -> int:
    """Write what an index holds of documents, until there are ``count`` passages or a few more.

    The first copy keeps the names and scopes of the real documents, which the ways to ask name.

    Args:
        version: folder of a real index version.
        names: its documents.
        count: passages wanted.
        target: folder that receives one file a document.
        pdf: whether to write them as if they came from PDF files.

    Returns:
        Passages written.
    """
    target.mkdir()
    real = [json.loads((version / document_file(name)).read_bytes()) for name in names]
    written = 0
    for number, part in _numbered(real):
        if written >= count:
            break
        made = part if number == 0 else _renamed(part, number)
        made = boxed(made) if pdf else made
        name = made["document"]["fiche"]["id"]
        write_atomically(target / f"{name}.json", [json.dumps(made, ensure_ascii=False).encode()])
        written += len(made["passages"])
    return written


def boxed(part: dict[str, Any]) -> dict[str, Any]:
    """The same, as if the file had been a PDF: each word has a place on a page."""
    texte = part["document"]["texte"]
    boites = [
        [word.start(), word.end(), 1 + word.start() // 2500, 71.25 + place % 9, 96.5, 98.125, 107.0]
        for place, word in enumerate(_WORD.finditer(texte))
    ]
    return {**part, "document": {**part["document"], "boites": boites}}


def parts_in(folder: Path) -> list[Path]:
    """Files that ``write_parts`` wrote, in order."""
    return sorted(folder.iterdir())


def _numbered(real: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while True:
        for part in real:
            yield number, part
        number += 1


def _renamed(part: dict[str, Any], number: int) -> dict[str, Any]:
    """A copy under another name; its titles are its own, as those of another text would be."""
    old = part["document"]["fiche"]["id"]
    new = f"{old}-{number:06d}"
    national = number % NATIONAL_ONE_IN == 0
    portee = NATIONALE if national else DEPARTEMENTS[number % len(DEPARTEMENTS)]

    def section(titles: list[str]) -> list[str]:
        return [f"{title} {number}" for title in titles]

    document = part["document"]
    return {
        "document": {
            **document,
            "fiche": {**document["fiche"], "id": new, "portee": portee},
            "blocs": [{**bloc, "section": section(bloc["section"])} for bloc in document["blocs"]],
        },
        "passages": [
            {
                **passage,
                "id": passage["id"].replace(f"{old}@", f"{new}@"),
                "document": new,
                "section": section(passage["section"]),
            }
            for passage in part["passages"]
        ],
        "entries": [
            {**entry, "target": entry["target"].replace(f"{old}@", f"{new}@")}
            for entry in part["entries"]
        ],
        "units": part["units"],
    }
