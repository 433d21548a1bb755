"""The field's abbreviations and the words that people use for the words of the texts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.lecture_yaml import read_yaml
from index.french import fold, stem, words

FILE = Path(__file__).with_name("lexicon.yaml")


class Synonymes(BaseModel):
    """Words that people say, and the words that the texts use for the same thing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dits: tuple[str, ...]
    textes: tuple[str, ...]


class Lexique(BaseModel):
    """Data that helps search; never quoted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sigles: Mapping[str, str]
    synonymes: tuple[Synonymes, ...]
    mots_vides: str

    @cached_property
    def stop(self) -> frozenset[str]:
        """Folded words that carry no content in a question."""
        return frozenset(fold(word) for word in self.mots_vides.split())

    @cached_property
    def _said(self) -> Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]:
        """First stem of each expression said → (its stems, number of its group)."""
        table: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, group in enumerate(self.synonymes):
            for expression in group.dits:
                key = tuple(stem(word) for word in words(expression))
                if len(key) == 1 and key[0] in self.stop:
                    # « sûr » folds into « sur », which nearly every question holds.
                    continue
                table.setdefault(key[0], []).append((key, number))
        return {first: tuple(keys) for first, keys in table.items()}

    def abbreviations(self, text: str) -> list[str]:
        """Long forms of the abbreviations that a text holds, each once, in order."""
        found = dict.fromkeys(fold(word) for word in words(text))
        return [self.sigles[word] for word in found if word in self.sigles]

    def said_as(self, question: list[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """What a question (its stems, in order) says otherwise than the texts.

        Returns:
            Pairs (stems of the expression said, words of the texts for it), in order.
        """
        return [
            (key, self.synonymes[number].textes)
            for position, first in enumerate(question)
            for key, number in self._said.get(first, ())
            if tuple(question[position : position + len(key)]) == key
        ]


def load_lexicon(path: Path = FILE) -> Lexique:
    """Read the lexicon shipped with the program, or another."""
    data = read_yaml(path.read_text(encoding="utf-8"))
    return Lexique.model_validate(data)
