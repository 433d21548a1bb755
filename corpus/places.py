"""Where words of a canonical text stand on the pages of their source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from corpus.models import Boite, DocumentCanonique


def boxes_of(document: DocumentCanonique, debut: int, fin: int) -> tuple[Boite, ...]:
    """Places of the words that ``texte[debut:fin]`` holds or cuts, in order.

    Raises:
        ValueError: the span is empty or goes beyond the text.
    """
    _check(document, debut, fin)
    boxes = document.boites
    # Boxes follow one another without overlap: the one before the first may reach into the span.
    first = bisect_right(boxes, debut, key=lambda box: box.debut)
    last = bisect_left(boxes, fin, key=lambda box: box.debut)
    return tuple(box for box in boxes[max(0, first - 1) : last] if box.fin > debut)


def page_at(document: DocumentCanonique, position: int) -> int | None:
    """Page of the character at ``position``: its word's where known, else its block's.

    Raises:
        ValueError: the position is outside of the text.
    """
    _check(document, position, position + 1)
    number = bisect_right(document.blocs, position, key=lambda bloc: bloc.debut) - 1
    bloc = document.blocs[max(0, number)]
    rank = bisect_right(document.boites, position, key=lambda box: box.debut)
    before = document.boites[rank - 1] if rank else None
    if before is not None and before.debut >= bloc.debut:
        return before.page
    return bloc.page


def _check(document: DocumentCanonique, debut: int, fin: int) -> None:
    if not 0 <= debut < fin <= len(document.texte):
        raise ValueError(f"passage {debut}-{fin} hors du texte (0 à {len(document.texte)}) ou vide")
