"""What an error says, as a sentence that someone reads."""

from __future__ import annotations


def phrase(said: object) -> str:
    """Write what an error says with a capital and one full stop.

    >>> phrase("le disque est plein")
    'Le disque est plein.'
    """
    words = str(said).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
