"""Addresses of this machine where no one answers, for what is done of a service that is down."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


def adresse_fermee() -> str:
    """Address of this machine that refuses connections."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{prise.getsockname()[1]}/v1"


@contextmanager
def trou_noir() -> Iterator[str]:
    """Address that takes no connection and refuses none: its queue is full.

    As a machine behind a wall that drops what it receives, without leaving this one.
    """
    with socket.socket() as ecoute:
        ecoute.bind(("127.0.0.1", 0))
        ecoute.listen(0)
        adresse = ecoute.getsockname()
        pleines = [socket.socket() for _ in range(4)]
        try:
            for prise in pleines:
                prise.settimeout(0)
                prise.connect_ex(adresse)
            yield f"http://127.0.0.1:{adresse[1]}/v1"
        finally:
            for prise in pleines:
                prise.close()
