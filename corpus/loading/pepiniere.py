"""Readers ready to be born: a process where the parsers are loaded, which forks once for each file.

Starting an interpreter and loading the parsers takes longer than reading most files. Here that is
done once; each file still has a process of its own, which takes the same limits before it meets
the file's bytes, and ends with it. The process that forks never sees a file.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import IO, Final, NoReturn

from corpus.loading.worker import READERS, Demande, dies_with, main, reader_of

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from corpus.loading.pepiniere import serve; serve(int(sys.argv[2]), int(sys.argv[3]))"
)
_LONGEST: Final = 1 << 16
"""Bytes of what is asked."""
_READY: Final = 60.0
"""Seconds for the parsers to be loaded."""
_ANSWER: Final = 10.0
_END: Final = 1.0
"""Seconds for a process that has closed its output to end."""
_LOOK: Final = 0.001
_WAIT, _KILL, _LATE = b"w", b"k", b"tard"


class Enfant:
    """The process of one file."""

    def __init__(self, link: socket.socket, pipes: tuple[IO[bytes], IO[bytes], IO[bytes]]) -> None:
        self._link = link
        self._code: int | None = None
        self._over_already = False
        self.stdin, self.stdout, self.stderr = pipes

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended.

        Raises:
            subprocess.TimeoutExpired: it did not end by itself; it is dead now.
        """
        code = self._over(_WAIT)
        if code is None:
            raise subprocess.TimeoutExpired("", timeout or _END)
        return code

    def end(self) -> None:
        """Bury it, dead or alive."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            pipe.close()
        self._over(_KILL)

    def _over(self, how: bytes) -> int | None:
        if not self._over_already:
            self._link.sendall(how)
            answer = self._link.recv(_LONGEST)
            if not answer:
                raise ConnectionError
            self._over_already = True
            self._code = None if answer == _LATE else int(answer)
        return self._code


@dataclass(frozen=True, slots=True)
class _Lien:
    """A process that forks, and the way to it."""

    prise: socket.socket
    process: subprocess.Popen[bytes]

    def close(self) -> None:
        """End it; what it forked ends with it."""
        self.prise.close()
        self.process.kill()
        self.process.wait()


class Pepiniere:
    """Processes that fork, as many as there are files read at once; they end with this one."""

    def __init__(self) -> None:
        self._free: list[_Lien] = []
        self._lock = Lock()

    @contextmanager
    def started(self, demande: Demande) -> Iterator[Enfant]:
        """Start the process of a file; whatever happens, it is dead and buried on leaving.

        Raises:
            OSError: none can be started.
        """
        child, link = self._child(demande)
        whole = False
        try:
            yield child
        finally:
            with suppress(OSError):
                child.end()
                whole = True
            if whole:
                with self._lock:
                    self._free.append(link)
            else:
                link.close()

    def close(self) -> None:
        """End those that read nothing."""
        with self._lock:
            free, self._free = self._free, []
        for link in free:
            link.close()

    def _child(self, demande: Demande) -> tuple[Enfant, _Lien]:
        with self._lock:
            known = self._free.pop() if self._free else None
        if known is not None:
            try:
                return _born(known.prise, demande), known
            except OSError:
                # It ended: with the thread that started it, perhaps.
                known.close()
        link = _opened()
        return _born(link.prise, demande), link


def _opened() -> _Lien:
    """Start a process that forks, and wait for it to be ready."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        process = subprocess.Popen(  # noqa: S603 - this very interpreter, with no word of any file
            [sys.executable, "-I", "-B", "-c", _PROGRAM, _ROOT, str(theirs.fileno()),
             str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            cwd="/",
            env={"LC_ALL": "C.UTF-8", **kept},
            umask=0o077,
            start_new_session=True,
        )  # fmt: skip
    link = _Lien(mine, process)
    mine.settimeout(_READY)
    try:
        ready = mine.recv(_LONGEST)
    except OSError:
        link.close()
        raise
    if not ready:
        link.close()
        raise ConnectionError
    mine.settimeout(_ANSWER)
    return link


def _born(link: socket.socket, demande: Demande) -> Enfant:
    ends = [os.pipe() for _ in range(3)]
    (their_in, my_in), (my_out, their_out), (my_err, their_err) = ends
    theirs = (their_in, their_out, their_err)
    mine = tuple(
        os.fdopen(handle, mode, buffering=0)
        for handle, mode in ((my_in, "wb"), (my_out, "rb"), (my_err, "rb"))
    )
    try:
        socket.send_fds(link, [demande.model_dump_json().encode("utf-8")], theirs)
        if not link.recv(_LONGEST):
            raise ConnectionError
    except OSError:
        for pipe in mine:
            pipe.close()
        raise
    finally:
        for handle in theirs:
            os.close(handle)
    return Enfant(link, (mine[0], mine[1], mine[2]))


def serve(handle: int, parent: int) -> None:
    """Fork a process for each file asked for, until who asks is gone."""
    if not dies_with(parent):
        return
    for known in READERS:
        reader_of(known)
    link = socket.socket(fileno=handle)
    link.sendall(b"pret")
    while True:
        asked, handles, _, _ = socket.recv_fds(link, _LONGEST, 3)
        if not asked:
            return
        child = os.fork()
        if not child:
            _be_born(link, asked, handles)
        for one in handles:
            os.close(one)
        link.sendall(b"ne")
        how = link.recv(1)
        code = _ended(child, patient=how == _WAIT)
        if not how:
            return
        link.sendall(_LATE if code is None else str(code).encode("ascii"))


def _be_born(link: socket.socket, asked: bytes, handles: list[int]) -> NoReturn:
    """Become the process of a file: it has nothing of the one that forked but its libraries."""
    link.close()
    os.setsid()
    for standard, handle in enumerate(handles):
        os.dup2(handle, standard)
        os.close(handle)
    demande = Demande.model_validate_json(asked).model_copy(update={"parent": os.getppid()})
    sys.exit(main(demande.model_dump_json()))


def _ended(child: int, *, patient: bool) -> int | None:
    """Exit status of a child; None when it had to be killed, at once or a little later."""
    until = monotonic() + (_END if patient else 0.0)
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        sleep(_LOOK)
