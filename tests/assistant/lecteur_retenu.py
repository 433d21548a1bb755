"""A reader that reads each pair once: for tests that put the same questions again and again.

What the network gives depends on the pair alone (``index/learned/reader.py``), so that nothing that
is answered changes. Tests of that very promise have the reader itself.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.engine import Assistant
from index.learned.reader import Reader


class LecteurRetenu:
    """`Reader` that keeps what another one gave."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._forces: dict[tuple[str, str], float] = {}

    def strength(self, question: str, texte: str) -> float:
        """See ``Reader``."""
        pair = (question, texte)
        if pair not in self._forces:
            self._forces[pair] = self._reader.strength(question, texte)
        return self._forces[pair]


def retenant(assistant: Assistant) -> Assistant:
    """The same assistant, whose reader reads each pair once."""
    modeles = assistant._modeles
    if modeles.reader is not None:
        modeles = replace(modeles, reader=LecteurRetenu(modeles.reader))
    return Assistant(assistant._searcher, modeles)
