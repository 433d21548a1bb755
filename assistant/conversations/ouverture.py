"""Opening the conversations of the shared store, without its packages where there is none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.magasin import magasin_de_page
from corpus.magasin.adresse import AdresseMagasin, MagasinMalRegle

if TYPE_CHECKING:
    from assistant.conversations.garde import Conversations


@lru_cache(maxsize=2)
def ouvrir_conversations(adresse: AdresseMagasin) -> Conversations | None:
    """The conversations that the pages of a process share; None where they cannot be kept."""
    try:
        magasin = magasin_de_page(adresse)
    except MagasinMalRegle:
        # Said when the pages are started, and by the log of questions.
        return None
    # An extra, absent by default.
    from assistant.conversations.garde import Conversations  # noqa: PLC0415

    return Conversations(magasin)
