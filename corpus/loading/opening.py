"""Read a file in a process apart, which is stopped when it goes beyond its limits."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import TypeVar

from pydantic import ValidationError

from corpus.loading.errors import FichierRefuse
from corpus.loading.exchange import Exchange, Processus, mib, open_pipe, seconds
from corpus.loading.limits import LIMITES, Advance, Limites
from corpus.loading.members import Membre
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.loading.pepiniere import Pepiniere
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
_END = 1.0
"""Seconds for a process that has closed its output to end."""
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_NAME = 80
_EXTENSION = 12
_MESSAGE = 600
_UNREADABLE = "sa lecture a donné un résultat illisible"
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
            f"le fichier fait {mib(size)}, au-delà de la limite de {mib(limites.octets)}",
        )


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
    with start(demande) as process, Exchange(process, content, limites) as exchange:
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
            open_pipe(pipe).close()
        process.wait()


def _environment() -> dict[str, str]:
    """Nothing of the caller's but what the interpreter itself may need to start."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"LC_ALL": "C.UTF-8", **kept}


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
        most = seconds(limites.secondes_en_tout)
        return FichierRefuse("trop_long", f"sa lecture dure plus de {most} de calcul")
    if code == -signal.SIGKILL or OUT_OF_MEMORY.search(complaints):
        return FichierRefuse("trop_de_memoire", tight_memory(limites))
    how = signal.Signals(-code).name if code < 0 else f"code {code}"
    return FichierRefuse(
        "endommage", f"le fichier est abîmé ou mal formé : sa lecture s'est arrêtée net ({how})"
    )
