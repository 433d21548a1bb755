"""What a version is in the shared store: small files read once, and rows read as they are needed.

The checksums of both are kept beside, in ``sommes.json``, whose own is the seal of the version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from index.checking import INFO
from index.draft import draft_of
from index.parts import document_file
from index.postgres.packing import digest, vector_out
from index.stored import ASKED, ATTACHED, BASE, BOUNDS, SPELLINGS, StoredIndex

VOCABULARY: Final = "vocabulaire.json"
SUMS: Final = "sommes.json"

Row: TypeAlias = tuple[int | str | bytes, ...]

TABLES: Final = {
    "passages": ("int4", "text", "text", "bytea"),
    "questions": ("int4", "bytea"),
    "jetons": ("int4", "bytea", "bytea", "bytea"),
    "mots": ("text", "text", "bytea", "bytea"),
}
"""Types of the columns, as they are sent; a vector is sent as its octets."""

READ_BACK: Final = {
    "passages": "SELECT rang, document, portee, vector_send(vecteur) FROM {s}.passages ORDER BY 1",
    "questions": "SELECT rang, vector_send(vecteur) FROM {s}.questions ORDER BY 1",
    "jetons": "SELECT rang, valeurs, echelles, fins FROM {s}.jetons ORDER BY 1",
    "mots": 'SELECT racine, portee, rangs, poids FROM {s}.mots ORDER BY racine COLLATE "C",'
    ' portee COLLATE "C"',
}
"""Their rows as they were sent, in the order in which they are summed."""


def files_of(stored: StoredIndex) -> dict[str, bytes]:
    """Small files of a version: those that it has on disk, and its words with their numbers."""
    draft = draft_of(stored)
    files = {
        INFO: stored.info.model_dump_json().encode(),
        ASKED: draft.questions,
        ATTACHED: stored.attached,
        BASE: stored.base,
        SPELLINGS: _json(dict(stored.lexical.spellings)),
        VOCABULARY: _json(dict(stored.lexical.vocabulary.holding)),
        BOUNDS: np.asarray(stored.tokens.bounds, dtype="<i8").tobytes(),
    }
    for part in draft.parts:
        assert isinstance(part.document, bytes)
        files[document_file(part.reusable.name)] = part.document
    return files


@dataclass(frozen=True, slots=True)
class Share:
    """What of a version a base holds."""

    nom: str
    """Name of the version there."""
    portees: frozenset[str]
    """Scopes of its passages."""
    files: Mapping[str, bytes]
    asked: bool = True
    """Whether the ways that people ask are with them."""


def whole(stored: StoredIndex) -> Share:
    """All of a version."""
    return Share(stored.info.version, frozenset(scopes_of(stored)), files_of(stored))


def rows_of(stored: StoredIndex, table: str, share: Share) -> Iterator[Row]:
    """Rows of a table that a share of a version holds, in the order of their keys."""
    made = {"passages": _passages, "questions": _questions, "jetons": _tokens, "mots": _words}
    return made[table](stored, share)


def _passages(stored: StoredIndex, share: Share) -> Iterator[Row]:
    for row, (passage, portee) in enumerate(zip(stored.passages, scopes_of(stored), strict=True)):
        if portee in share.portees:
            yield row, passage.document, portee, vector_out(stored.vectors[row])


def _questions(stored: StoredIndex, share: Share) -> Iterator[Row]:
    for row in range(len(stored.passages), len(stored.entries) if share.asked else 0):
        yield row, vector_out(stored.vectors[row])


def _tokens(stored: StoredIndex, share: Share) -> Iterator[Row]:
    tokens = stored.tokens
    asked = range(len(stored.passages), len(stored.entries)) if share.asked else range(0)
    mine = (row for row, portee in enumerate(scopes_of(stored)) if portee in share.portees)
    for row in (*mine, *asked):
        start, end = int(tokens.bounds[row]), int(tokens.bounds[row + 1])
        values, scales = tokens.kept(start, end)
        ends = np.asarray(tokens.ends[start:end])
        yield (
            row,
            values.astype("i1").tobytes(),
            scales.astype("<f4").tobytes(),
            ends.astype("<i4").tobytes(),
        )


def _words(stored: StoredIndex, share: Share) -> Iterator[Row]:
    """What each stem adds to each passage, apart for each scope: a search reads its own alone."""
    scopes = np.array(scopes_of(stored), dtype=object)
    for stem, rows, weights in sorted(stored.lexical.postings(), key=lambda one: one[0].encode()):
        there = scopes[rows]
        for portee in sorted(set(there.tolist()) & share.portees, key=str.encode):
            mine = there == portee
            yield (
                stem,
                portee,
                rows[mine].astype("<i4").tobytes(),
                weights[mine].astype("<f4").tobytes(),
            )


def scopes_of(stored: StoredIndex) -> list[str]:
    """Scope of each passage of a version."""
    return [stored.documents[passage.document].fiche.portee for passage in stored.passages]


class Summing:
    """Checksum of rows, as they go by."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Give the rows on, summed."""
        for row in rows:
            self._found.append(digest(*(_framed(field) for field in row)))
            yield row

    def sum(self) -> str:
        """Checksum of the rows that went by."""
        return digest("\n".join(self._found).encode())


def _framed(field: float | str | bytes) -> bytes:
    """Octets of a field, such that no two rows have the same."""
    content = field if isinstance(field, bytes) else str(field).encode()
    return len(content).to_bytes(8, "big") + content


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
