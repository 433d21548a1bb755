"""Made-up texts like the five real ones: their sentences' shapes, their words, none of their rules.

A sentence is a real one whose content words are others of the same shape (ending, capital, length):
it reads like French of the field and says nothing. The same seed gives the same files.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from corpus.base.clues import departements
from corpus.library import load_corpus
from corpus.sentences import split_sentences

SEED: Final = 20261122
_WORD: Final = re.compile(r"\w+", re.UNICODE)
_SHORT: Final = 4
"""Letters up to which a word is kept: most of them are what holds a sentence together."""
_PARAGRAPH: Final = 3
_SECTION: Final = 3
_PASSAGE: Final = 430
"""Characters of a passage, about."""
_FORMATS: Final = ("md", "md", "md", "html", "txt")
_YEARS: Final = range(2016, 2027)


@dataclass(frozen=True, slots=True)
class Fictif:
    """A made-up file."""

    nom: str
    contenu: bytes


def files(count: int, passages: int = 10, seed: int = SEED) -> Iterator[Fictif]:
    """Yield made-up files of about so many passages each: three in four of a département."""
    places = sorted(departements().items())
    for rank in range(count):
        # Each file has a generator of its own: the first ones are the same, however many follow.
        generator = random.Random(f"{seed} {rank}")
        year = _YEARS[rank // len(places) % len(_YEARS)]
        if rank % 4 == 3:
            title = f"Circulaire n° {year}-{rank % 990 + 10:03d}, {_words(generator, 5)}"
            head = f"Paris, le {generator.randint(1, 28)}/{generator.randint(1, 12):02d}/{year}"
        else:
            lieu = places[rank % len(places)][1]
            title = f"Note de cadrage Clas {year}-{year + 1} {lieu.de}, {_words(generator, 3)}"
            head = f"La Caf {lieu.de} lance son appel à projets pour l'année {year}-{year + 1}."
        kind = _FORMATS[rank % len(_FORMATS)]
        sections = tuple(_sections(generator, passages * _PASSAGE))
        yield Fictif(f"{rank:05d}.{kind}", _written(kind, title, head, sections).encode("utf-8"))


Section = tuple[str, tuple[str, ...]]


def _sections(generator: random.Random, characters: int) -> Iterator[Section]:
    left = characters
    while left > 0:
        paragraphs = tuple(
            " ".join(_sentence(generator) for _ in range(_PARAGRAPH)) for _ in range(_SECTION)
        )
        left -= sum(map(len, paragraphs))
        yield _words(generator, 4).capitalize(), paragraphs


def _written(kind: str, title: str, head: str, sections: tuple[Section, ...]) -> str:
    if kind == "html":
        body = "".join(
            f"<h2>{escape(name)}</h2>" + "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
            for name, paragraphs in sections
        )
        return (
            f"<!DOCTYPE html><html lang=fr><head><meta charset=utf-8><title>{escape(title)}"
            f"</title></head><body><h1>{escape(title)}</h1><p>{escape(head)}</p>{body}"
            "</body></html>"
        )
    first, second = ("# ", "## ") if kind == "md" else ("", "")
    body = "\n\n".join(
        "\n\n".join((f"{second}{name}", *paragraphs)) for name, paragraphs in sections
    )
    return f"{first}{title}\n\n{head}\n\n{body}\n"


def _sentence(generator: random.Random) -> str:
    shapes, words = _learned()
    shape = generator.choice(shapes)

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word.isdigit():
            return str(generator.randint(1, 10 ** len(word) - 1))
        return word if len(word) <= _SHORT else generator.choice(words[_shape(word)])

    return _WORD.sub(other, shape)


def _words(generator: random.Random, count: int) -> str:
    _, words = _learned()
    known = [word for shape in sorted(words) if not shape[1] for word in words[shape]]
    return " ".join(generator.choice(known) for _ in range(count))


def _shape(word: str) -> tuple[str, bool, int]:
    """Words of one shape may stand for one another."""
    return word[-2:].casefold(), word[0].isupper(), len(word) // 5


@lru_cache(maxsize=1)
def _learned() -> tuple[tuple[str, ...], dict[tuple[str, bool, int], tuple[str, ...]]]:
    """Sentences of the real texts, and their words by shape."""
    sentences: list[str] = []
    words: defaultdict[tuple[str, bool, int], set[str]] = defaultdict(set)
    for document in load_corpus().documents.values():
        for bloc in document.blocs:
            if bloc.nature not in ("paragraphe", "element"):
                continue
            for start, end in split_sentences(document.texte, bloc.debut, bloc.fin):
                sentence = " ".join(document.texte[start:end].split())
                if len(sentence.split()) > _SHORT:
                    sentences.append(sentence)
                    for word in _WORD.findall(sentence):
                        if len(word) > _SHORT and not word.isdigit():
                            words[_shape(word)].add(word)
    return tuple(sentences), {shape: tuple(sorted(found)) for shape, found in words.items()}
