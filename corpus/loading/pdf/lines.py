"""From segments to lines: pieces drawn apart on one baseline, list marks and their text."""

from __future__ import annotations

import re

from corpus.loading.pdf.geometry import Line, Word, line_of

_SAME_BASE = 0.3
_NEAR = 0.7
"""Of the size: pieces of a line stand closer than this."""
_MARK_REACH = 5.0
"""Of the size: how far the text of a list item may stand from its mark."""
_BACK = 0.6
BULLETS = "•·‣▪▫◦●○■□◆◇–—−-➢➤►▶▷→⇒✓✔☐☑❖*§¤o\u2043\u2219\u25aa\u25cf"
_MARK = re.compile(
    rf"[{re.escape(BULLETS)}]|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{1,5}})[.)°]|"
    r"\d{1,2}(?:[.-]\d{1,2}){1,4}\.?|\d{1,3}|[IVX]{1,5}[.)]?|\d{1,2}°"
)


def lines_of(ranked: list[tuple[int, list[Word]]], page: int) -> list[tuple[int, Line]]:
    """Give the lines of a page with their rank in the order drawn."""
    pieces = [(rank, list(words)) for rank, words in ranked]
    rows: list[list[tuple[int, list[Word]]]] = []
    for piece in sorted(pieces, key=lambda piece: piece[1][0].base):
        base, size = _level(piece[1])
        row = rows[-1] if rows else None
        if row is not None:
            last_base, last_size = _level(row[-1][1])
            if abs(base - last_base) <= _SAME_BASE * max(size, last_size):
                row.append(piece)
                continue
        rows.append([piece])
    lines: list[tuple[int, Line]] = []
    for row in rows:
        lines.extend((rank, line_of(words, page)) for rank, words in _joined(row))
    return sorted(lines, key=lambda ranked_line: ranked_line[0])


def _level(words: list[Word]) -> tuple[float, float]:
    main = max(words, key=lambda word: (not word.raised, len(word.text)))
    return main.base, main.size


def _joined(row: list[tuple[int, list[Word]]]) -> list[tuple[int, list[Word]]]:
    """Join the pieces of a row that touch, and list marks with what they mark."""
    row = sorted(row, key=lambda piece: piece[1][0].box.x0)
    joined: list[tuple[int, list[Word]]] = []
    for rank, words in row:
        if joined:
            before_rank, before = joined[-1]
            size = min(before[-1].size, words[0].size)
            gap = words[0].box.x0 - before[-1].box.x1
            marks = len(before) == 1 and _MARK.fullmatch(before[0].text) is not None
            if -_BACK * size < gap < (_MARK_REACH if marks else _NEAR) * size:
                joined[-1] = (min(rank, before_rank), [*before, *words])
                continue
        joined.append((rank, words))
    return joined
