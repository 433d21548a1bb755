"""A node that is away is tried again, whatever its last try ended on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from corpus.magasin.erreurs import MagasinIndisponible
from index.postgres.fragments.presence import Presence, Sonder
from tests.postgres_lance import attendre


def _present(_nom: str) -> bool:
    return True


def _rompre(_nom: str) -> bool:
    raise ValueError("ce que personne n'attendait")


def _absent(_nom: str) -> bool:
    raise MagasinIndisponible("rien")


def _retrouve(presence: Presence) -> Callable[[], bool]:
    return lambda: not presence.absents(_present)


@pytest.mark.parametrize(
    "sonder",
    [
        pytest.param(
            _rompre,
            marks=pytest.mark.filterwarnings(
                "ignore::pytest.PytestUnhandledThreadExceptionWarning"
            ),
        ),
        _absent,
    ],
)
def test_a_node_whose_try_raises_is_tried_again_and_found(sonder: Sonder) -> None:
    presence = Presence(pause=0.0)
    presence.soupconner(["sud"])
    assert presence.absents(sonder) == {"sud"}
    attendre(_retrouve(presence))


def test_nodes_that_no_thread_could_try_are_tried_later() -> None:
    presence = Presence(pause=0.0)
    presence.soupconner(["sud", "nord"])
    avant = threading.stack_size(1 << 46)
    try:
        assert presence.absents(_present) == {"sud", "nord"}
    finally:
        threading.stack_size(avant)
    assert presence.absents(_absent) == {"sud", "nord"}
    attendre(_retrouve(presence))
