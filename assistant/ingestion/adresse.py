"""What ``--dask`` accepts."""

from __future__ import annotations

import re
from typing import Final

_MOST_WORKERS: Final = 64
"""Processes of a cluster of this machine."""
_REMOTE: Final = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")
LOCAL: Final = re.compile(r"local(?::(\d{1,3}))?")


def checked_address(address: str) -> str:
    """An address that ``--dask`` accepts.

    Raises:
        ValueError: it is none; the message says what is expected.
    """
    found = LOCAL.fullmatch(address)
    if found and found[1] and not 1 <= int(found[1]) <= _MOST_WORKERS:
        raise ValueError(f"« {address[:60]} » : de 1 à {_MOST_WORKERS} processus")
    if not found and not _REMOTE.fullmatch(address):
        raise ValueError(
            f"« {address[:60]} » : attendu « local », « local:N » ou « tcp://machine:port »"
        )
    return address
