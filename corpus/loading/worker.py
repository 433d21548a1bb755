"""The process that reads one file: it bounds itself first, and only then meets the file's bytes.

It is started by ``corpus.loading.opening``, with the file's bytes on its standard input, and
answers in lines of JSON on its standard output: how far it is, then what it read or why not.
"""

from __future__ import annotations

import base64
import ctypes
import importlib
import logging
import math
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from time import monotonic
from typing import BinaryIO, Literal, cast

from pydantic import Base64Bytes, BaseModel, TypeAdapter

from corpus.loading.errors import FichierRefuse, Motif
from corpus.loading.limits import MIB, Advance, Limites
from corpus.loading.members import Membre, list_members, unpack_member
from corpus.loading.models import Charge, DocumentCharge, TexteBrut
from corpus.loading.recognition import recognise_format
from corpus.models import FROZEN, Format

Reader = Callable[[bytes, Limites, Advance], DocumentCharge | TexteBrut]

READERS: dict[Format, tuple[str, str]] = {
    "pdf": ("corpus.loading.pdf", "read_pdf"),
    "docx": ("corpus.loading.docx", "read_docx"),
    "odt": ("corpus.loading.odt", "read_odt"),
    "html": ("corpus.loading.html", "read_html"),
    "markdown": ("corpus.loading.markdown", "read_markdown"),
    "texte": ("corpus.loading.plain", "read_plain"),
}
"""Module and function of each format: a process imports one parser, the one that it needs."""

OUT_OF_MEMORY = re.compile(r"memory|bad_alloc|failed to map segment|cannot allocate", re.IGNORECASE)
"""How libraries say that they lack memory, when they do not raise what Python does."""

_OPEN_FILES = 64
_NEWS_EVERY = 0.05
"""Seconds between two lines of progress."""
_REASON = 160
"""Characters kept of a parser's own words."""
_PARENT_DEATH = 1
"""``PR_SET_PDEATHSIG``, of Linux."""
_NO_NEW_PRIVILEGES = 38
"""``PR_SET_NO_NEW_PRIVS``, of Linux."""
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
"""``CLONE_NEWUSER`` and ``CLONE_NEWNET``, of Linux: a network of its own, with nothing in it."""
_OUTSIDE = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "pty.")
"""Events by which Python tells that it is about to reach a network or start a program."""
_ORPHAN = 2
_CUT_SHORT = 3


class Demande(BaseModel):
    """What the process is asked, on its command line."""

    model_config = FROZEN

    nom: str
    taille: int
    """Bytes of the file."""
    limites: Limites
    parent: int
    """Number of the process that asks: this one does not outlive it."""
    tache: Literal["lire", "lister", "extraire"] = "lire"
    """Read a document, list the files of an archive, or unpack one of them."""
    rang: int = 0
    """Which one to unpack: its place in the archive's list."""
    au_plus: int = 0
    """Bytes that it may unpack to."""


class Avance(BaseModel):
    """Progress; ``total`` is 0 until it is known."""

    model_config = FROZEN

    genre: Literal["avance"] = "avance"
    fait: int
    total: int


class Lu(BaseModel):
    """What was read."""

    model_config = FROZEN

    genre: Literal["lu"] = "lu"
    charge: Charge


class Membres(BaseModel):
    """The files of an archive."""

    model_config = FROZEN

    genre: Literal["membres"] = "membres"
    membres: tuple[Membre, ...]


class Extrait(BaseModel):
    """A file of an archive, unpacked."""

    model_config = FROZEN

    genre: Literal["extrait"] = "extrait"
    octets: Base64Bytes


class Refus(BaseModel):
    """Why nothing is."""

    model_config = FROZEN

    genre: Literal["refus"] = "refus"
    motif: Motif
    message: str


Reponse = Avance | Lu | Membres | Extrait | Refus
REPONSE: TypeAdapter[Reponse] = TypeAdapter(Reponse)


def reader_of(known: Format) -> Reader:
    """Import the parser of a format.

    Raises:
        FichierRefuse: ``inconnu``, the libraries of this format are not installed.
    """
    module, name = READERS[known]
    try:
        return cast("Reader", getattr(importlib.import_module(module), name))
    except ModuleNotFoundError as error:
        raise FichierRefuse(
            "inconnu", f"la lecture du format {known} n'est pas installée (il manque {error.name})"
        ) from error


def read_content(
    content: bytes, name: str, limites: Limites, advance: Advance
) -> DocumentCharge | TexteBrut:
    """Recognise the format of a file and read it, in the process that calls.

    Raises:
        FichierRefuse: it cannot be read.
    """
    read = reader_of(recognise_format(content, name))
    return read(content, limites, advance)


def main(argument: str) -> int:
    """Read the file that stands on the standard input; ends the process once it has answered."""
    demande = Demande.model_validate_json(argument)
    answers = _answers()
    if not dies_with(demande.parent):
        return _ORPHAN
    _bound(demande.limites)
    _cut_off()
    logging.disable(logging.CRITICAL)
    tell = _Teller(answers)
    tell(0, 0)
    content = sys.stdin.buffer.read(demande.taille)
    if len(content) != demande.taille:
        return _CUT_SHORT
    answers.write(_answer(content, demande, tell) + b"\n")
    answers.flush()
    # Nothing that a parser has set aside for the end of the process runs.
    os._exit(0)


def _answers() -> BinaryIO:
    """Keep the standard output for answers alone: what a parser prints goes with the errors."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def dies_with(parent: int) -> bool:
    """Ask for this process to be killed when its parent dies; false if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    return os.getppid() == parent


def _bound(limites: Limites) -> None:
    """Take limits that this process cannot raise again."""
    seconds = math.ceil(limites.secondes_en_tout)
    for which, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
        # The second more lets the soft limit's own signal say what ended the process.
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_AS, limites.memoire, limites.memoire),
    ):
        _, inherited = resource.getrlimit(which)
        if inherited != resource.RLIM_INFINITY:
            soft, hard = min(soft, inherited), min(hard, inherited)  # noqa: PLW2901 - the lower one
        resource.setrlimit(which, (soft, hard))


def _cut_off() -> None:
    """Leave no way to another machine or another program, whatever a file may trick a parser into.

    Python's own calls are refused everywhere; on Linux, where the system allows it, the process
    also loses the network, native code included.
    """
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        system.unshare(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_refuse_the_outside)


def _refuse_the_outside(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_OUTSIDE):
        raise PermissionError(f"interdit pendant la lecture d'un fichier : {event}")


class _Teller:
    """Writes progress, when there is some and no more often than is useful."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._told = (-1, -1)
        self._at = -math.inf

    def __call__(self, done: int, total: int) -> None:
        now = monotonic()
        if (done, total) == self._told or now - self._at < _NEWS_EVERY:
            return
        self._told, self._at = (done, total), now
        line = Avance(fait=done, total=total).model_dump_json()
        self._answers.write(line.encode("utf-8") + b"\n")
        self._answers.flush()


def _answer(content: bytes, demande: Demande, advance: Advance) -> bytes:
    """The last line: every way for a parser to fail ends here, as a reason given to the user."""
    answer: Reponse
    try:
        answer = _done(content, demande, advance)
    except FichierRefuse as refus:
        answer = Refus(motif=refus.motif, message=_writable(str(refus)))
    except MemoryError:
        answer = Refus(motif="trop_de_memoire", message=tight_memory(demande.limites))
    except RecursionError:
        answer = Refus(motif="trop_imbrique", message="ses éléments sont trop imbriqués")
    except Exception as error:  # noqa: BLE001 - a parser's fault stops at this process
        answer = _fault(error, demande.limites)
    return answer.model_dump_json().encode("utf-8")


def _done(content: bytes, demande: Demande, advance: Advance) -> Reponse:
    match demande.tache:
        case "lister":
            return Membres(membres=list_members(content, demande.limites))
        case "extraire":
            member = unpack_member(content, demande.rang, demande.au_plus)
            return Extrait(octets=base64.encodebytes(member))
        case "lire":
            return Lu(charge=read_content(content, demande.nom, demande.limites, advance))


def _fault(error: Exception, limites: Limites) -> Refus:
    """What an exception that no loader expects says of the file: the reason, short, on one line."""
    if OUT_OF_MEMORY.search(str(error)):
        return Refus(motif="trop_de_memoire", message=tight_memory(limites))
    reason = " ".join(f"{type(error).__name__} : {error}".split())
    kept = reason if len(reason) <= _REASON else f"{reason[:_REASON]}…"
    message = f"le fichier est abîmé ou mal formé ({_writable(kept)})"
    return Refus(motif="endommage", message=message)


def _writable(text: str) -> str:
    """Without the halves of characters that a broken file may hold, which UTF-8 does not write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def tight_memory(limites: Limites) -> str:
    """Say that the memory allowed is not enough."""
    return f"sa lecture demande plus de {limites.memoire / MIB:.0f} Mio de mémoire"
