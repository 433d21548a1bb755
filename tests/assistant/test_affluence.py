"""Where many people ask at once, a few are answered at a time and reading gives way."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from assistant.answers.affluence import Affluence


def test_no_more_people_than_places_are_answered_at_once() -> None:
    affluence = Affluence(2)
    lock, now, most = threading.Lock(), 0, 0

    def answered(_who: int) -> None:
        nonlocal now, most
        with affluence.tour():
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.005)
            with lock:
                now -= 1

    with ThreadPoolExecutor(8) as people:
        list(people.map(answered, range(24)))
    assert most == 2


def test_nobody_is_read_again_while_somebody_waits() -> None:
    affluence = Affluence(1)
    come = threading.Event()

    def answered() -> None:
        come.set()
        with affluence.tour():
            pass

    with ThreadPoolExecutor(1) as other, affluence.tour():
        with affluence.relecture() as alone:
            assert alone
        waiting = other.submit(answered)
        assert come.wait(60)
        while not affluence.en_attente:
            time.sleep(0.001)
        with affluence.relecture() as crowded:
            assert not crowded
    waiting.result(60)
    with affluence.relecture() as after:
        assert after


def test_nobody_is_held_for_ever_by_an_answer_that_does_not_end() -> None:
    affluence = Affluence(1)
    with affluence.tour(), ThreadPoolExecutor(1) as other:

        def go_on() -> int:
            with affluence.tour(patience=0.01):
                return affluence.en_attente

        assert other.submit(go_on).result(5) == 0
    # The place that was held is the one given back: there is still one, and one only.
    with affluence.tour(), ThreadPoolExecutor(1) as other:
        started = threading.Event()

        def come() -> None:
            started.set()
            with affluence.tour(patience=0.01):
                pass

        other.submit(come).result(5)
        assert started.is_set()


def test_a_turn_is_given_back_by_who_fails() -> None:
    affluence = Affluence(1)
    try:
        with affluence.tour():
            raise ZeroDivisionError  # noqa: TRY301
    except ZeroDivisionError:
        pass
    with affluence.tour(patience=0.0), affluence.relecture() as held:
        assert held
