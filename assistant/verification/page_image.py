"""A page of a document as it came, with the quoted words framed; drawn in a process apart.

Files are hostile until proven otherwise: the process has its own limits of time and memory, no
network to speak to and nothing to write to but one bounded file, and dies without harm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from assistant.verification.page_worker import FAULT, DessinDemande, PageIllisible
from corpus.loading.limits import LIMITES
from corpus.models import Boite, DocumentCanonique
from corpus.places import boxes_of

__all__ = ["PAGES", "PageIllisible", "draw_page", "pages_of"]

PAGES: Final = 3
"""Pages drawn for one quotation, the first ones."""
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from assistant.verification.page_worker import main; sys.exit(main(sys.argv[2]))"
)
"""Draws with the very code that asks, wherever it was started from."""
_START: Final = 10
"""Seconds for the process to be ready."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_REASON: Final = 200


def pages_of(
    document: DocumentCanonique, debut: int, fin: int
) -> tuple[tuple[int, tuple[Boite, ...]], ...]:
    """Pages that ``debut:fin`` stands on, each with the places of its words there.

    Raises:
        ValueError: the span is empty or goes beyond the text.
    """
    par_page: dict[int, list[Boite]] = {}
    for boite in boxes_of(document, debut, fin):
        par_page.setdefault(boite.page, []).append(boite)
    return tuple((page, tuple(boites)) for page, boites in sorted(par_page.items()))[:PAGES]


def draw_page(content: bytes, demande: DessinDemande) -> bytes:
    """Draw a page of a PDF; return a PNG.

    Raises:
        PageIllisible: it cannot be drawn, or not within the limits.
    """
    if len(content) > LIMITES.octets:
        raise PageIllisible("le fichier est trop gros pour être dessiné")
    command = [sys.executable, "-I", "-c", _PROGRAM, _ROOT, demande.model_dump_json()]
    with tempfile.TemporaryFile() as drawn, tempfile.TemporaryFile() as said:
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, no shell
                command,
                input=content,
                stdout=drawn,
                stderr=said,
                timeout=demande.secondes + _START,
                check=False,
                env={},
                close_fds=True,
            )
        except subprocess.TimeoutExpired as error:
            raise PageIllisible(f"la page n'est pas dessinée en {demande.secondes} s") from error
        drawn.seek(0)
        said.seek(0)
        image = drawn.read(demande.image + 1)
        reason = said.read(_REASON).decode("utf-8", "replace").strip()
    if ended.returncode == 0 and image.startswith(_SIGNATURE) and len(image) <= demande.image:
        return image
    if ended.returncode == FAULT and reason:
        raise PageIllisible(reason.splitlines()[-1])
    raise PageIllisible("le dessin de la page s'est arrêté net")
