"""The process that draws one page of a PDF: it bounds itself first, and only then opens it.

It is started by ``assistant.verification.page_image``, with the file's bytes on its standard input
and what is asked on its command line; it writes a PNG on its standard output, or a line that says
why not on its error output.
"""

from __future__ import annotations

import os
import resource
import sys
from io import BytesIO
from typing import TYPE_CHECKING

from pydantic import BaseModel

from corpus.models import FROZEN, Boite

if TYPE_CHECKING:
    from PIL import Image

FAULT = 3
"""Exit status for a file that cannot be drawn; the reason is on the error output."""
_MIB = 1024 * 1024
_OPEN_FILES = 64
_AROUND = 1.5
"""Points between the words and their frame."""
_STROKE = (178, 58, 0)
_FILL = (255, 214, 64)


class DessinDemande(BaseModel):
    """A page to draw, and the words to frame on it."""

    model_config = FROZEN

    page: int
    """From 1."""
    boites: tuple[Boite, ...] = ()
    largeur: int = 1000
    """Pixels."""
    hauteur: int = 4000
    """Pixels, at most."""
    pages: int = 600
    secondes: int = 10
    memoire: int = 512 * _MIB
    """Bytes of address space."""
    image: int = 8 * _MIB
    """Bytes of the image, at most."""


class PageIllisible(ValueError):
    """A page cannot be drawn; the message says why."""


def main(argument: str) -> int:
    """Draw the page asked for of the file that stands on the standard input."""
    demande = DessinDemande.model_validate_json(argument)
    _bound(demande)
    try:
        image = draw(sys.stdin.buffer.read(), demande)
    except PageIllisible as refus:
        print(refus, file=sys.stderr)
        return FAULT
    except MemoryError:
        print("la page demande trop de mémoire", file=sys.stderr)
        return FAULT
    except Exception as error:  # noqa: BLE001 - a hostile file's fault stops at this process
        print(f"le fichier est abîmé ou mal formé ({type(error).__name__})", file=sys.stderr)
        return FAULT
    sys.stdout.buffer.write(image)
    sys.stdout.buffer.flush()
    # Nothing that the library has set aside for the end of the process runs.
    os._exit(0)


def draw(content: bytes, demande: DessinDemande) -> bytes:
    """Draw a page as a PNG, its words framed.

    Raises:
        PageIllisible: there is no such page, or its image is too heavy.
    """
    import pypdfium2  # noqa: PLC0415 - only once the process is bounded

    document = pypdfium2.PdfDocument(content)
    count = len(document)
    if count > demande.pages or not 1 <= demande.page <= count:
        raise PageIllisible(f"page {demande.page} demandée, le fichier en compte {count}")
    page = document[demande.page - 1]
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise PageIllisible("la page n'a pas de taille")
    scale = min(demande.largeur / width, demande.hauteur / height)
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    _frame(image, demande.boites, scale)
    written = BytesIO()
    image.save(written, format="PNG", optimize=False)
    if written.tell() > demande.image:
        raise PageIllisible("l'image de la page est trop lourde")
    return written.getvalue()


def _frame(image: Image.Image, boites: tuple[Boite, ...], scale: float) -> None:
    """Tint the words, then frame each run of them on a line."""
    from PIL import Image, ImageChops, ImageDraw  # noqa: PLC0415

    places = [tuple(round(scale * side) for side in run) for run in _runs(boites)]
    tint = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(tint)
    for place in places:
        pen.rectangle(place, fill=_FILL)
    image.paste(ImageChops.multiply(image, tint))
    pen = ImageDraw.Draw(image)
    for place in places:
        pen.rectangle(place, outline=_STROKE, width=max(2, round(scale)))


def _runs(boites: tuple[Boite, ...]) -> list[tuple[float, float, float, float]]:
    """Words of one line as one frame."""
    runs: list[tuple[float, float, float, float]] = []
    for boite in boites:
        here = (
            boite.x0 - _AROUND, boite.haut - _AROUND, boite.x1 + _AROUND, boite.bas + _AROUND
        )  # fmt: skip
        last = runs[-1] if runs else None
        middle = (boite.haut + boite.bas) / 2
        if last and last[1] <= middle <= last[3] and here[0] - last[0] >= 0:
            runs[-1] = (
                last[0],
                min(last[1], here[1]),
                max(last[2], here[2]),
                max(last[3], here[3]),
            )
        else:
            runs.append(here)
    return runs


def _bound(demande: DessinDemande) -> None:
    """Take limits that this process cannot raise again."""
    for which, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_FSIZE, demande.image, demande.image),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
        (resource.RLIMIT_CPU, demande.secondes, demande.secondes + 1),
        (resource.RLIMIT_AS, demande.memoire, demande.memoire),
    ):
        _, inherited = resource.getrlimit(which)
        if inherited != resource.RLIM_INFINITY:
            soft, hard = min(soft, inherited), min(hard, inherited)  # noqa: PLW2901 - the lower one
        resource.setrlimit(which, (soft, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
