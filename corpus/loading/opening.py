"""Read a file in a process apart, which is stopped when it goes beyond its limits."""

from __future__ import annotations

import errno
import math
import os
import re
import selectors
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from time import monotonic
from typing import IO, Self, TypeVar

from pydantic import ValidationError

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, MIB, Advance, Limites
from corpus.loading.members import Membre
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.loading.pepiniere import Enfant, Pepiniere
from corpus.loading.worker import (
    OUT_OF_MEMORY,
    REPONSE,
    Avance,
    Demande,
    Extrait,
    Lu,
    Membres,
    Refus,
    Reponse,
    tight_memory,
)
from corpus.systeme import raison_systeme

_ROOT = str(Path(__file__).resolve().parents[2])
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from corpus.loading.worker import main; sys.exit(main(sys.argv[2]))"
)
"""Reads with the very code that asks, wherever it was started from."""
_START = 30.0
"""Seconds for the process to be ready: its own start does not depend on the file."""
_END = 1.0
"""Seconds for a process that has closed its output to end."""
_CHUNK = 1 << 16
_COMPLAINTS = 1 << 14
"""Bytes kept of what the process writes on its error output."""
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_NAME = 80
_EXTENSION = 12
_MESSAGE = 600
_UNREADABLE = "sa lecture a donné un résultat illisible"
Processus = subprocess.Popen[bytes] | Enfant
_Reponse = TypeVar("_Reponse", Lu, Membres, Extrait)

_KINDS = (
    (stat.S_ISDIR, "c'est un dossier"),
    (stat.S_ISFIFO, "c'est un tube nommé"),
    (stat.S_ISSOCK, "c'est une prise réseau"),
    (stat.S_ISCHR, "c'est un périphérique"),
    (stat.S_ISBLK, "c'est un périphérique"),
)
_NO_ACCESS = {
    errno.ENOENT: "aucun fichier de ce nom à cet endroit",
    errno.ENOTDIR: "aucun fichier de ce nom à cet endroit",
    errno.EACCES: "la lecture de ce fichier n'est pas permise",
    errno.EPERM: "la lecture de ce fichier n'est pas permise",
    errno.ENAMETOOLONG: "ce nom est trop long pour un fichier",
    errno.ELOOP: "ce lien ne mène à aucun fichier",
    errno.ENXIO: "c'est une prise réseau ou un périphérique",
}
_ONLY_FILES = "seuls les fichiers ordinaires sont lus"


def _silent(_done: int, _total: int) -> None:
    """Tell nobody of the progress."""


def load_file(
    path: Path, limites: Limites = LIMITES, advance: Advance = _silent
) -> DocumentCharge | TexteBrut:
    """Read a file of any format, in a process of its own.

    Raises:
        FichierRefuse: it cannot be read; the message begins with its name.
    """
    return load_bytes(read_regular(path, limites), path.name, limites, advance)


def load_bytes(
    content: bytes,
    name: str,
    limites: Limites = LIMITES,
    advance: Advance = _silent,
    pepiniere: Pepiniere | None = None,
) -> DocumentCharge | TexteBrut:
    """Read a file that is already in memory; ``name`` says what it announces to be.

    ``advance`` runs in the caller's thread, and stops the reading by raising. ``pepiniere``: gives
    the process that reads, for whoever reads many files; else one is started from nothing.

    Raises:
        FichierRefuse: as ``load_file``.
    """
    asked = _about(content, name, limites)
    return _expected(_ask(content, asked, advance, pepiniere), Lu).charge


def list_archive(content: bytes, name: str, limites: Limites = LIMITES) -> tuple[Membre, ...]:
    """Files of a ZIP archive, in the order of their names, listed in a process apart.

    Raises:
        FichierRefuse: as ``load_file``; or some name in it leads out of it.
    """
    asked = _about(content, name, limites).model_copy(update={"tache": "lister"})
    return _expected(_ask(content, asked), Membres).membres


def unpack(content: bytes, member: Membre, au_plus: int, limites: Limites = LIMITES) -> bytes:
    """Unpack a file of a ZIP archive, ``au_plus`` bytes at most, in a process apart.

    Raises:
        FichierRefuse: as ``load_file``; or it unpacks to too much.
    """
    wanted = {"tache": "extraire", "rang": member.rang, "au_plus": au_plus}
    asked = _about(content, member.nom, limites).model_copy(update=wanted)
    return _expected(_ask(content, asked), Extrait).octets


def _about(content: bytes, name: str, limites: Limites) -> Demande:
    return Demande(nom=shown_name(name), taille=len(content), limites=limites, parent=os.getpid())


def read_regular(path: Path, limites: Limites = LIMITES) -> bytes:
    """Read the bytes of a regular file, within the size allowed; a pipe never blocks.

    Raises:
        FichierRefuse: as ``load_file``.
    """
    shown = shown_name(path.name)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            return _read_handle(handle, limites)
        finally:
            os.close(handle)
    except FichierRefuse as refus:
        raise _named(shown, refus) from refus
    except OSError as error:
        reason = (
            _NO_ACCESS.get(error.errno or 0)
            or f"ce fichier ne se lit pas ({raison_systeme(error)})"
        )
        raise FichierRefuse("inconnu", f"{shown} : {reason}") from error
    except ValueError as error:  # a null character in a path
        raise FichierRefuse("inconnu", f"{shown} : ce nom n'est pas celui d'un fichier") from error


def shown_name(name: str) -> str:
    """A file's name as messages give it: printable, short, its extension kept."""
    clean = " ".join(_UNPRINTABLE.sub(" ", PurePath(name.replace("\x00", " ")).name).split())
    if len(clean) > _NAME:
        extension = PurePath(clean).suffix[-_EXTENSION:]
        clean = f"{clean[: _NAME - len(extension)]}…{extension}"
    return clean or "fichier sans nom"


def _named(shown: str, refus: FichierRefuse) -> FichierRefuse:
    message = " ".join(_UNPRINTABLE.sub(" ", str(refus)).split())
    kept = message if len(message) <= _MESSAGE else f"{message[:_MESSAGE]}…"
    return FichierRefuse(refus.motif, f"{shown} : {kept}")


def _read_handle(handle: int, limites: Limites) -> bytes:
    state = os.fstat(handle)
    if not stat.S_ISREG(state.st_mode):
        kind = next((words for test, words in _KINDS if test(state.st_mode)), "ce n'en est pas un")
        raise FichierRefuse("inconnu", f"{kind} ; {_ONLY_FILES}")
    _check_size(state.st_size, limites)
    with os.fdopen(handle, "rb", closefd=False) as file:
        # The size may have changed since it was asked.
        content = file.read(limites.octets + 1)
    _check_size(len(content), limites)
    return content


def _check_size(size: int, limites: Limites) -> None:
    if size > limites.octets:
        raise FichierRefuse(
            "trop_gros",
            f"le fichier fait {_mib(size)}, au-delà de la limite de {_mib(limites.octets)}",
        )


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} Mio".replace(".", ",").replace(",0 ", " ")


def _seconds(value: float) -> str:
    return f"{value:g} s".replace(".", ",")


def _ask(
    content: bytes,
    demande: Demande,
    advance: Advance = _silent,
    pepiniere: Pepiniere | None = None,
) -> Reponse:
    """Put a question about a file to a process apart; the message of a refusal begins with it."""
    try:
        _check_size(len(content), demande.limites)
        return _answer(content, demande, advance, pepiniere)
    except FichierRefuse as refus:
        raise _named(demande.nom, refus) from refus


def _answer(
    content: bytes, demande: Demande, advance: Advance, pepiniere: Pepiniere | None
) -> Reponse:
    limites = demande.limites
    start = pepiniere.started if pepiniere else _started
    with start(demande) as process, _Exchange(process, content, limites) as exchange:
        for line in exchange.lines():
            match _understood(line):
                case Avance(fait=done, total=total):
                    if total:
                        advance(done, total)
                case Refus(motif=motif, message=message):
                    raise FichierRefuse(motif, message)
                case answer:
                    return answer
        raise _ended(process, exchange.complaints(), limites)


def _expected(answer: Reponse, kind: type[_Reponse]) -> _Reponse:
    if not isinstance(answer, kind):
        raise FichierRefuse("endommage", _UNREADABLE)
    return answer


@contextmanager
def _started(demande: Demande) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process; whatever happens, it is dead and buried on leaving."""
    process = subprocess.Popen(  # noqa: S603 - this very interpreter, with no word of the file's
        [sys.executable, "-I", "-B", "-c", _PROGRAM, _ROOT, demande.model_dump_json()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd="/",
        env=_environment(),
        umask=0o077,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout, process.stderr):
            _of(pipe).close()
        process.wait()


def _environment() -> dict[str, str]:
    """Nothing of the caller's but what the interpreter itself may need to start."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"LC_ALL": "C.UTF-8", **kept}


def _of(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("le processus a été démarré sans tube")
    return pipe


class _Exchange:
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
        self._input = _of(process.stdin)
        self._errors = _of(process.stderr)
        output = _of(process.stdout)
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
            most = _seconds(self._limites.secondes_en_tout)
            raise FichierRefuse("trop_long", f"sa lecture dure plus de {most}")
        if now >= self._silent_after:
            most = _seconds(self._limites.secondes if self._received else _START)
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
            most = _mib(self._limites.octets_decompresses)
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


def _understood(line: bytes) -> Reponse:
    try:
        return REPONSE.validate_json(line)
    except ValidationError as error:
        raise FichierRefuse("endommage", _UNREADABLE) from error


def _ended(process: Processus, complaints: str, limites: Limites) -> FichierRefuse:
    """Say why a process ended without an answer."""
    try:
        code = process.wait(_END)
    except subprocess.TimeoutExpired:
        return FichierRefuse("endommage", "sa lecture s'est arrêtée sans rien donner")
    if code == -signal.SIGXCPU:
        most = _seconds(limites.secondes_en_tout)
        return FichierRefuse("trop_long", f"sa lecture dure plus de {most} de calcul")
    if code == -signal.SIGKILL or OUT_OF_MEMORY.search(complaints):
        return FichierRefuse("trop_de_memoire", tight_memory(limites))
    how = signal.Signals(-code).name if code < 0 else f"code {code}"
    return FichierRefuse(
        "endommage", f"le fichier est abîmé ou mal formé : sa lecture s'est arrêtée net ({how})"
    )
