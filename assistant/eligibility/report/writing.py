"""One report, four formats: chosen by name, rendered to bytes, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from assistant.eligibility.errors import EntreeInutilisable
from assistant.eligibility.models import Resultat
from assistant.eligibility.project import Projet
from assistant.eligibility.report.content import composer
from assistant.eligibility.report.context import ContexteRapport
from assistant.eligibility.report.markdown import en_markdown
from assistant.eligibility.report.models import Rapport
from assistant.eligibility.report.page import en_html
from assistant.eligibility.report.pdf import en_pdf
from assistant.eligibility.report.word import en_word
from corpus.files import write_atomically

_RENDUS: Final[Mapping[str, Callable[[Rapport], bytes]]] = {
    "pdf": en_pdf,
    "docx": en_word,
    "html": en_html,
    "md": en_markdown,
}
FORMATS: Final = tuple(_RENDUS)
"""Accepted formats, each the suffix of its files without the dot."""
TYPES_MIME: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


class RapportInutilisable(EntreeInutilisable):
    """The file asked for cannot hold a report; the message says what is accepted."""


def rendre_rapport(
    projet: Projet,
    resultat: Resultat,
    contexte: ContexteRapport,
    format: str,  # noqa: A002 - the word that a download page uses
) -> bytes:
    """Return a report as the bytes of a file; the same inputs always give the same bytes.

    Raises:
        RapportInutilisable: the format is not one of ``FORMATS``.
    """
    rendre = _RENDUS.get(format)
    if rendre is None:
        raise RapportInutilisable(
            f"« {format} » : format de rapport inconnu ; formats acceptés : {', '.join(FORMATS)}."
        )
    return rendre(composer(projet, resultat, contexte))


def verifier_chemin(chemin: Path) -> str:
    """Return the format that a file's suffix asks for, before any work is done.

    Raises:
        RapportInutilisable: another suffix, a folder that does not exist, or a folder's name.
    """
    format_demande = chemin.suffix.lower().removeprefix(".")
    if format_demande not in _RENDUS:
        trouve = f"« {chemin.suffix} »" if chemin.suffix else "aucun suffixe"
        acceptes = ", ".join(f".{nom}" for nom in FORMATS)
        raise RapportInutilisable(
            f"{chemin.name} : {trouve} trouvé ; suffixes de rapport acceptés : {acceptes}."
        )
    if chemin.is_dir():
        raise RapportInutilisable(f"{chemin} : c'est un dossier ; attendu : un nom de fichier.")
    if not chemin.parent.is_dir():
        raise RapportInutilisable(
            f"{chemin.parent} : dossier introuvable ; créez-le, ou choisissez-en un autre."
        )
    return format_demande


def ecrire_rapport(
    projet: Projet, resultat: Resultat, contexte: ContexteRapport, chemin: Path
) -> None:
    """Write a report in the format of the file's suffix: ``.pdf``, ``.docx``, ``.html``, ``.md``.

    The file appears whole; on failure, one that was there before is left as it was.

    Raises:
        RapportInutilisable: see ``verifier_chemin``.
        OSError: the file cannot be written.
    """
    format_demande = verifier_chemin(chemin)
    write_atomically(chemin, [rendre_rapport(projet, resultat, contexte, format_demande)])
