"""Why a file cannot be read."""

from __future__ import annotations

from typing import Literal

Motif = Literal[
    "vide",
    "inconnu",
    "deguise",
    "chiffre",
    "endommage",
    "numerise",
    "trop_gros",
    "trop_de_pages",
    "trop_imbrique",
    "trop_long",
    "trop_de_memoire",
]


class FichierRefuse(ValueError):
    """A file is not read; the message says in one French sentence what was found and expected."""

    def __init__(self, motif: Motif, message: str) -> None:
        super().__init__(message)
        self.motif: Motif = motif
