"""Files that a measurement reads and writes: bounded, and refused with what is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.systeme import raison_systeme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_OCTETS = 64 * 1024 * 1024
"""Size beyond which a file is refused; no more than that is ever read of it."""
_SHOWN = 80


class FichierInutilisable(Exception):
    """Input that cannot be used; its message, in French, says where, what was found, accepted."""


def lire_octets(chemin: Path, limite: int = MAX_OCTETS) -> bytes:
    """Read a file of at most ``limite`` bytes.

    Raises:
        FichierInutilisable: the file cannot be read, or is larger.

    """
    try:
        with chemin.open("rb") as flux:
            contenu = flux.read(limite + 1)
    except OSError as error:
        raise FichierInutilisable(
            f"{chemin} : fichier illisible ({raison_systeme(error)})"
        ) from error
    if len(contenu) > limite:
        raise FichierInutilisable(
            f"{chemin} : trouvé plus de {_taille(limite)} ; accepté : {_taille(limite)} au plus"
        )
    return contenu


def lire_texte(chemin: Path, limite: int = MAX_OCTETS) -> str:
    """Read a file of UTF-8, its byte order mark left out.

    Raises:
        FichierInutilisable: see :func:`lire_octets`; or the file is not UTF-8.

    """
    contenu = lire_octets(chemin, limite)
    try:
        return contenu.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"0x{error.object[error.start]:02x} à l'octet {error.start}"
        raise FichierInutilisable(f"{chemin} : trouvé {found} ; accepté : de l'UTF-8") from error


def verifier_sortie(cible: Path, sources: Iterable[Path]) -> None:
    """Refuse to write where a page could not stand, or in place of what is read.

    Raises:
        FichierInutilisable: no such folder, not an ordinary file, or one of ``sources``.

    """
    if not cible.parent.is_dir():
        raise FichierInutilisable(
            f"{cible} : trouvé aucun dossier de ce nom ; accepté : un fichier d'un dossier existant"
        )
    if not cible.exists():
        return
    if not cible.is_file():
        raise FichierInutilisable(
            f"{cible} : trouvé un dossier ou un fichier spécial ; accepté : un fichier ordinaire "
            "où écrire la page"
        )
    if any(cible.samefile(source) for source in sources):
        raise FichierInutilisable(
            f"{cible} : trouvé un fichier qui vient d'être lu ; accepté : un autre fichier où "
            "écrire la page"
        )


def _taille(octets: int) -> str:
    unites = ((2**20, "Mio"), (2**10, "Kio"), (1, "octets"))
    facteur, unite = next(pair for pair in unites if octets % pair[0] == 0)
    return f"{octets // facteur} {unite}"


def montre(value: object) -> str:
    """Write what was found for a message: short, without what no terminal should obey."""
    text = f"« {value} »" if isinstance(value, str) else repr(value)
    plain = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
