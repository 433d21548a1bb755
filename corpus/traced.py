"""Text that remembers where each of its characters stands in the source file.

Cleaning is a chain of small edits; carrying the origin of every character through them gives
the offset map of the canonical text for free, whatever the edits were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and, for each of its code points, the source offset it comes from."""

    text: str
    origin: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> Traced:
        """Keep the code points ``start:end``."""
        return Traced(self.text[start:end], self.origin[start:end])

    def strip(self, characters: str | None = None) -> Traced:
        """Drop leading and trailing white space (or the given characters)."""
        left = len(self.text) - len(self.text.lstrip(characters))
        right = len(self.text.rstrip(characters))
        return self.slice(left, max(left, right))

    def drop(self, pattern: re.Pattern[str]) -> Traced:
        """Remove every match of ``pattern``."""
        return self.sub(pattern, lambda match: (match.end(), match.end()))

    def sub(
        self, pattern: re.Pattern[str], kept: Callable[[re.Match[str]], tuple[int, int]]
    ) -> Traced:
        """Replace every match by the part of it that ``kept`` names, as ``(start, end)`` here."""
        parts: list[Traced] = []
        last = 0
        for match in pattern.finditer(self.text):
            parts.append(self.slice(last, match.start()))
            parts.append(self.slice(*kept(match)))
            last = match.end()
        parts.append(self.slice(last, len(self)))
        return concatenate(parts)

    def replace_run(self, pattern: re.Pattern[str], replacement: str) -> Traced:
        """Replace every match by one literal character, placed where the match began."""
        parts: list[Traced] = []
        last = 0
        for match in pattern.finditer(self.text):
            parts.append(self.slice(last, match.start()))
            parts.append(Traced(replacement, (self.origin[match.start()],) * len(replacement)))
            last = match.end()
        parts.append(self.slice(last, len(self)))
        return concatenate(parts)

    def lines(self) -> Iterator[Traced]:
        """Lines, without their line break."""
        start = 0
        for line in self.text.split("\n"):
            yield self.slice(start, start + len(line))
            start += len(line) + 1


def trace(text: str) -> Traced:
    """Begin tracing a source text: each character comes from its own offset."""
    return Traced(text, tuple(range(len(text))))


def concatenate(parts: Iterable[Traced], separator: str = "") -> Traced:
    """Join texts; a separator is given the origin of the character before it."""
    text: list[str] = []
    origin: list[int] = []
    for part in parts:
        if text and separator:
            text.append(separator)
            origin.extend([origin[-1] if origin else 0] * len(separator))
        text.append(part.text)
        origin.extend(part.origin)
    return Traced("".join(text), tuple(origin))


def runs(origin: tuple[int, ...]) -> tuple[tuple[int, int, int], ...]:
    """Compress origins into runs ``(canonical start, source start, length)``."""
    found: list[tuple[int, int, int]] = []
    start = 0
    for position in range(1, len(origin) + 1):
        if position == len(origin) or origin[position] != origin[position - 1] + 1:
            found.append((start, origin[start], position - start))
            start = position
    return tuple(found) if origin else ()
