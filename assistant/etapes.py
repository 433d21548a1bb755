"""The steps of an answer, told as they begin to whoever waits for it.

The step says its name where it begins; nothing is told where nobody listens. A listener is called
in the thread that answers, and what it raises stops the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeAlias

Etape = Literal[
    "comprendre", "chercher", "relire", "examiner", "composer", "verifier", "reformuler"
]
"""``comprendre``: read the turn; ``chercher``: search the texts; ``relire``: let the learned
reader read what was found; ``examiner``: check the project told; ``composer``: decide and write;
``verifier``: check every quotation; ``reformuler``: let a writer reword what was checked."""
Ecoute: TypeAlias = Callable[[Etape], None]

# Of one answer, not of the program: each thread, and each context in it, has its own listener.
_ECOUTE: Final[ContextVar[Ecoute | None]] = ContextVar("ecoute", default=None)


@contextmanager
def suivre(ecoute: Ecoute) -> Iterator[None]:
    """Have ``ecoute`` called with each step that begins while the block runs.

    >>> with suivre(print):
    ...     commencer("chercher")
    chercher
    """
    jeton = _ECOUTE.set(ecoute)
    try:
        yield
    finally:
        _ECOUTE.reset(jeton)


def commencer(etape: Etape) -> None:
    """Say that a step begins."""
    ecoute = _ECOUTE.get()
    if ecoute is not None:
        ecoute(etape)
