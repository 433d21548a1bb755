from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.redacteur.disjoncteur import ECHECS, FRAICHEUR, PAUSE, Disjoncteur, joindre
from assistant.redacteur.reglage import lire_reglage
from bench.adresses import adresse_fermee, trou_noir
from tests.redacteur_lance import ServeurRedacteur, servir


class Temps:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.maintenant = 1000.0

    def __call__(self) -> float:
        return self.maintenant


class Sonde:
    """A probe whose issue is told, and that counts its calls."""

    def __init__(self, *, la: bool) -> None:
        self.la = la
        self.appels = 0

    def __call__(self) -> bool:
        self.appels += 1
        return self.la


@pytest.fixture(scope="module")
def serveur() -> Iterator[ServeurRedacteur]:
    with servir() as ouvert:
        yield ouvert


def test_a_writer_that_is_there_may_be_asked() -> None:
    assert Disjoncteur(Sonde(la=True), attente=10).permet()


def test_a_writer_that_is_not_there_is_left_alone_for_a_minute() -> None:
    temps, sonde = Temps(), Sonde(la=False)
    disjoncteur = Disjoncteur(sonde, temps, attente=10)
    assert [disjoncteur.permet() for _ in range(5)] == [False] * 5
    assert sonde.appels == 1
    temps.maintenant += PAUSE
    sonde.la = True
    assert disjoncteur.permet()
    assert sonde.appels == 2


def test_failures_in_a_row_leave_it_alone_for_a_minute() -> None:
    temps, sonde = Temps(), Sonde(la=True)
    disjoncteur = Disjoncteur(sonde, temps, attente=10)
    for _ in range(ECHECS):
        assert disjoncteur.permet()
        disjoncteur.echec()
    appels = sonde.appels
    assert not disjoncteur.permet()
    temps.maintenant += PAUSE - 1
    assert not disjoncteur.permet()
    assert sonde.appels == appels
    temps.maintenant += 2
    assert disjoncteur.permet()


def test_a_success_between_two_failures_forgets_the_first() -> None:
    disjoncteur = Disjoncteur(Sonde(la=True), attente=10)
    for _ in range(3):
        disjoncteur.echec()
        disjoncteur.reussite()
        assert disjoncteur.permet()


def test_a_writer_known_to_be_there_is_not_probed_again_at_once() -> None:
    temps, sonde = Temps(), Sonde(la=True)
    disjoncteur = Disjoncteur(sonde, temps, attente=10)
    assert disjoncteur.permet()
    temps.maintenant += FRAICHEUR / 2
    assert disjoncteur.permet()
    assert sonde.appels == 1
    temps.maintenant += FRAICHEUR
    assert disjoncteur.permet()
    assert sonde.appels == 2


def test_a_probe_that_does_not_come_back_holds_no_answer_and_is_started_once() -> None:
    """Whatever the clock: the probe ends only once every answer was let go without it."""
    partir, appels = threading.Event(), []

    def sonder() -> bool:
        appels.append(1)
        return partir.wait(60)

    disjoncteur = Disjoncteur(sonder, attente=0)
    assert not any(disjoncteur.permet() for _ in range(50))
    assert len(appels) == 1
    partir.set()
    # Once it has come back, the next answers know.
    assert any(disjoncteur.permet() for _ in range(12_000) if not threading.Event().wait(0.005))


def test_a_listening_server_is_reached(serveur: ServeurRedacteur) -> None:
    lu = serveur.reglage("honnete")
    assert joindre(lu.hote, lu.port)


def test_a_closed_port_is_not_reached() -> None:
    lu = lire_reglage({"CLAS_LLM_URL": adresse_fermee()})
    assert lu is not None
    assert not joindre(lu.hote, lu.port)


def test_a_name_that_nobody_has_is_not_reached() -> None:
    assert not joindre("redacteur.invalid", 80)


@pytest.mark.long
def test_an_address_that_answers_nothing_is_not_reached() -> None:
    with trou_noir() as url:
        lu = lire_reglage({"CLAS_LLM_URL": url})
        assert lu is not None
        assert not joindre(lu.hote, lu.port)
