"""How screens and commands write how many there are of something."""

from __future__ import annotations


def compte(nombre: int, nom: str, *adjectifs: str) -> str:
    """Write how many there are; one and none are singular. Each word takes an « s » in the plural.

    Example:
        ``compte(1, "question") == "1 question"``; ``compte(2, "question") == "2 questions"``
    """
    pluriel = "s" if nombre > 1 else ""
    return " ".join([str(nombre), *(f"{mot}{pluriel}" for mot in (nom, *adjectifs))])
