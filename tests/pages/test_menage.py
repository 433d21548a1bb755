"""What pages leave is gone through now and then, not after each of them."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from pages_clas.menage import PERIODE, Menage

pytestmark = pytest.mark.long
"""Memory is gone through many times."""


class Cycle:
    """Something that only a collection can end."""

    def __init__(self) -> None:
        self.soi = self


class Horloge:
    def __init__(self) -> None:
        self.heure = 0.0

    def __call__(self) -> float:
        return self.heure


@pytest.fixture(autouse=True)
def _rendre_la_memoire() -> Iterator[None]:
    """Nothing of this is left to the tests that follow."""
    yield
    gc.unfreeze()
    gc.collect()


def laisser() -> weakref.ref[Cycle]:
    return weakref.ref(Cycle())


def test_the_collection_after_a_page_finds_nothing_of_it() -> None:
    with Menage().page():
        laisse = laisser()
    gc.collect()
    assert laisse() is not None


def test_what_nothing_holds_goes_at_the_next_time() -> None:
    horloge = Horloge()
    menage = Menage(heure=horloge)
    with menage.page():
        laisse = laisser()
    horloge.heure = PERIODE
    with menage.page():
        pass
    assert laisse() is None


def test_a_page_that_fails_leaves_nothing_to_the_collection_either() -> None:
    laisses = []

    def echouer() -> None:
        with Menage().page():
            laisses.append(laisser())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        echouer()
    gc.collect()
    assert laisses[0]() is not None


def test_what_is_held_stays() -> None:
    horloge = Horloge()
    menage = Menage(heure=horloge)
    with menage.page():
        tenu = Cycle()
    menage.ranger()
    assert tenu.soi is tenu
