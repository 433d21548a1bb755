"""Give a process the file it is to read and take its answers, within a time and a size."""

from __future__ import annotations

import math
import os
import selectors
import subprocess
from collections.abc import Callable, Iterator
from time import monotonic
from typing import IO, Self

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import MIB, Limites
from corpus.loading.pepiniere import Enfant

_START = 30.0
"""Seconds for the process to be ready: its own start does not depend on the file."""
_CHUNK = 1 << 16
_COMPLAINTS = 1 << 14
"""Bytes kept of what the process writes on its error output."""

Processus = subprocess.Popen[bytes] | Enfant


def mib(size: int) -> str:
    """A size in bytes, as messages give it."""
    return f"{size / MIB:.1f} Mio".replace(".", ",").replace(",0 ", " ")


def seconds(value: float) -> str:
    """A time, as messages give it."""
    return f"{value:g} s".replace(".", ",")


def open_pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    """A pipe of a process that was started with one."""
    if pipe is None:
        raise ValueError("le processus a été démarré sans tube")
    return pipe


class Exchange:
    """Gives a process its file and takes its answers, within the time and the size allowed."""

    def __init__(self, process: Processus, content: bytes, limites: Limites) -> None:
        self._limites = limites
        self._content = content
        self._sent = 0
        self._line = bytearray()
        self._received = 0
        self._complaints = bytearray()
        self._closed = False
        self._silent_after = monotonic() + _START
        self._over_after = math.inf
        self._selector = selectors.DefaultSelector()
        self._input = open_pipe(process.stdin)
        self._errors = open_pipe(process.stderr)
        output = open_pipe(process.stdout)
        for pipe, event, handle in (
            (self._input, selectors.EVENT_WRITE, self._send),
            (output, selectors.EVENT_READ, self._receive),
            (self._errors, selectors.EVENT_READ, self._listen),
        ):
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, event, handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()

    def lines(self) -> Iterator[bytes]:
        """Yield each whole line of answer, until the process closes its output.

        Raises:
            FichierRefuse: it is silent, or goes on, for too long; it says too much.
        """
        while not self._closed:
            for key, _ in self._selector.select(self._time_left()):
                handle: Callable[[int], Iterator[bytes]] = key.data
                yield from handle(key.fd)
            # After what was waiting is read: the caller, not the process, may have been slow.
            self._check_time()

    def complaints(self) -> str:
        """What the process wrote on its error output, once it has closed the other."""
        if not self._errors.closed:
            for _ in self._listen(self._errors.fileno()):
                pass
        return self._complaints.decode("utf-8", "replace")

    def _time_left(self) -> float:
        return max(0.0, min(self._silent_after, self._over_after) - monotonic())

    def _check_time(self) -> None:
        now = monotonic()
        if now >= self._over_after:
            most = seconds(self._limites.secondes_en_tout)
            raise FichierRefuse("trop_long", f"sa lecture dure plus de {most}")
        if now >= self._silent_after:
            most = seconds(self._limites.secondes if self._received else _START)
            raise FichierRefuse("trop_long", f"sa lecture n'avance plus depuis {most}")

    def _send(self, handle: int) -> Iterator[bytes]:
        end = len(self._content)
        try:
            self._sent += os.write(
                handle, memoryview(self._content)[self._sent : self._sent + _CHUNK]
            )
        except BlockingIOError:
            return
        except BrokenPipeError:
            # Its answer, or its end, says why it reads no more.
            self._sent = end
        if self._sent == end:
            self._forget(self._input)
        yield from ()

    def _receive(self, handle: int) -> Iterator[bytes]:
        chunk = os.read(handle, _CHUNK)
        self._closed = not chunk
        self._received += len(chunk)
        if self._received > self._limites.octets_decompresses:
            most = mib(self._limites.octets_decompresses)
            raise FichierRefuse("trop_gros", f"ce qu'il contient dépasse {most} une fois lu")
        now = monotonic()
        self._silent_after = now + self._limites.secondes
        self._over_after = min(self._over_after, now + self._limites.secondes_en_tout)
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            line = bytes(self._line + part)
            self._line.clear()
            yield line
        self._line += rest

    def _listen(self, handle: int) -> Iterator[bytes]:
        try:
            chunk = os.read(handle, _CHUNK)
        except BlockingIOError:
            return
        self._complaints = (self._complaints + chunk)[-_COMPLAINTS:]
        if not chunk:
            self._forget(self._errors)
        yield from ()

    def _forget(self, pipe: IO[bytes]) -> None:
        self._selector.unregister(pipe)
        pipe.close()
