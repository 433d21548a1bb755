"""The sentences of the conversation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from corpus.lecture_yaml import read_yaml

_FICHIER: Final = Path(__file__).with_name("messages.yaml")


@lru_cache(maxsize=1)
def _lire() -> dict[str, str]:
    donnees: dict[str, str] = read_yaml(_FICHIER.read_text(encoding="utf-8"))
    return donnees


def phrase(nom: str, **valeurs: object) -> str:
    """Return a sentence, its places filled in."""
    return _lire()[nom].format(**valeurs) if valeurs else _lire()[nom]
