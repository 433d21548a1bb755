"""Plain text, in any encoding met in French offices."""

from __future__ import annotations

from corpus.loading.encoding import decode
from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import Advance, Limites
from corpus.loading.models import TexteBrut


def read_plain(content: bytes, limits: Limites, advance: Advance) -> TexteBrut:
    """Read a text file; its lines are kept as they are, without the byte order mark.

    Raises:
        FichierRefuse: ``vide``, ``trop_gros``, or ``inconnu`` for what is not text.
    """
    advance(0, 1)
    text, encoding, remarks = decode(content, limits)
    if not text.strip("\ufeff\u200b \t\r\n\f\v\xa0\x1a"):
        raise FichierRefuse("vide", "le fichier ne contient aucun texte")
    advance(1, 1)
    return TexteBrut(format="texte", texte=text, encodage=encoding, remarques=remarks)
