"""What listens at an address of ``--dask`` is known within a bound."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import HTTPServer, SimpleHTTPRequestHandler

import dask
import pytest

from assistant.ingestion.equipe import GrappeIndisponible
from assistant.ingestion.liaison import reach

SOON = 0.5
_OWN = ("client.cert", "client.key")


@contextmanager
def silent() -> Iterator[str]:
    """Something that listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def talkative() -> Iterator[str]:
    """Something that says at once that it is no scheduler."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            heard, _ = server.accept()
            with heard:
                heard.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                heard.recv(1 << 16)

        speaker = threading.Thread(target=answer)
        speaker.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        speaker.join(timeout=60)


@contextmanager
def website() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def refusal(address: str) -> str:
    with pytest.raises(GrappeIndisponible) as refused:
        reach(address, SOON)
    return str(refused.value)


def test_what_never_answers_is_left_when_the_time_is_up() -> None:
    with silent() as address:
        assert f"l'ordonnanceur {address} ne répond pas" in refusal(address)


def test_a_web_server_is_not_waited_for() -> None:
    with website() as address:
        assert address in refusal(address)


def test_what_speaks_another_language_is_said_not_to_be_a_scheduler() -> None:
    with talkative() as address:
        assert "ne répond pas comme un ordonnanceur de Dask" in refusal(address)


def test_it_is_asked_the_same_by_a_caller_that_already_turns_a_loop() -> None:
    async def asked(address: str) -> str:
        return refusal(address)

    with talkative() as address, ThreadPoolExecutor(1) as other:
        said = other.submit(asyncio.run, asked(address)).result()
    assert "ne répond pas comme un ordonnanceur de Dask" in said


def test_an_encrypted_address_without_certificates_says_which_settings_are_missing() -> None:
    said = refusal("tls://127.0.0.1:8786")
    assert "demande des certificats, et aucun n'est réglé" in said
    assert "distributed.comm.tls.ca-file" in said
    assert "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT" in said


def test_certificates_that_are_not_there_are_told() -> None:
    nowhere = {f"distributed.comm.tls.{one}": "/nulle/part.pem" for one in ("ca-file", *_OWN)}
    with dask.config.set(nowhere):
        assert "les certificats réglés ne s'ouvrent pas" in refusal("tls://127.0.0.1:8786")
