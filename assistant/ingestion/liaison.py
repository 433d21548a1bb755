"""Whether a Dask scheduler answers at an address, told within a bound.

Dask's own client waits for ever for the greeting of whatever listens without speaking its
language; who is there is therefore asked first.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from struct import error as StructError  # noqa: N812 - it is an exception
from typing import Final

from distributed.comm.core import CommClosedError, FatalCommClosedError, connect
from distributed.security import Security

from assistant.ingestion.equipe import GrappeIndisponible

CONNEXION: Final = 15.0
"""Seconds to reach the scheduler, its greeting included."""
_SETTINGS: Final = (
    "distributed.comm.tls.ca-file, distributed.comm.tls.client.cert et "
    "distributed.comm.tls.client.key"
)
_WHERE: Final = (
    "dans la configuration de Dask (un fichier de ~/.config/dask) ou par les variables "
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT et "
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY"
)
_STRANGE: Final = (ValueError, TypeError, KeyError, AssertionError, EOFError, StructError)
"""What Dask raises where what it reads is not of its own."""


def reach(address: str, seconds: float = CONNEXION) -> None:
    """Make sure that a scheduler of Dask answers.

    Args:
        address: « tcp://… » or « tls://… ».
        seconds: the most it may take, in all.

    Raises:
        GrappeIndisponible: it does not, or this machine has not what its address needs.
    """
    security = _security(address)
    try:
        # In a thread of its own: the caller's may already turn a loop.
        with ThreadPoolExecutor(1) as alone:
            alone.submit(asyncio.run, _within(address, security, seconds)).result()
    except FatalCommClosedError as error:
        raise GrappeIndisponible(
            f"l'ordonnanceur {address} et cette machine ne s'accordent pas sur leurs certificats : "
            f"vérifiez {_SETTINGS}, {_WHERE}"
        ) from error
    except (OSError, MemoryError, OverflowError, *_STRANGE) as error:
        spoke = not isinstance(error, OSError) or isinstance(error, CommClosedError)
        raise GrappeIndisponible(
            f"ce qui écoute à {address} ne répond pas comme un ordonnanceur de Dask : vérifiez la "
            "machine et le port"
            if spoke
            else f"l'ordonnanceur {address} ne répond pas en {seconds:.0f} s : vérifiez "
            "qu'il est démarré (« dask scheduler »), que ce port est le sien et que cette machine "
            "l'atteint"
        ) from error


async def _within(address: str, security: Security, seconds: float) -> None:
    await asyncio.wait_for(_greeted(address, security, seconds), seconds)


async def _greeted(address: str, security: Security, seconds: float) -> None:
    comm = await connect(address, timeout=seconds, **security.get_connection_args("client"))
    try:
        await comm.write({"op": "identity", "n_workers": 0, "reply": True})
        told = await comm.read()
        if not isinstance(told, dict) or told.get("type") != "Scheduler":
            raise ValueError(address)
    finally:
        comm.abort()


def _security(address: str) -> Security:
    """What Dask's configuration says of encryption.

    Raises:
        GrappeIndisponible: it is not what the address needs.
    """
    security = Security()
    encrypted = address.startswith("tls://")
    if security.require_encryption and not encrypted:
        raise GrappeIndisponible(
            f"--dask {address} : la configuration de Dask exige des échanges chiffrés "
            "(distributed.comm.require-encryption) ; donnez une adresse « tls://machine:port »"
        )
    if not encrypted:
        return security
    try:
        context = security.get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:
        raise GrappeIndisponible(
            f"--dask {address} : les certificats réglés ne s'ouvrent pas, ou n'en sont pas : "
            f"vérifiez {_SETTINGS}, {_WHERE}"
        ) from error
    if context is None:
        raise GrappeIndisponible(
            f"--dask {address} : une adresse « tls:// » demande des certificats, et aucun n'est "
            f"réglé : donnez {_SETTINGS}, {_WHERE}"
        )
    return security
