"""The technical log of a process: everything that is logged in it goes through one way, as JSON.

Libraries give their loggers handlers of their own, some of them late, which would write what an
exception says. Each logger is therefore taken over before its first record is handled.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from assistant.observation.lignes import LigneJson

TAILLE: Final = 20 * 1024 * 1024
"""Bytes of the file from which another one is begun."""
ANCIENS: Final = 4
"""Files kept besides."""
_A_SOI: Final = 0o600
_PROCESSUS: Final = "clas.processus"


class _FichierASoi(RotatingFileHandler):
    """A file that its owner alone reads, those begun after it was opened too."""

    def _open(self) -> TextIOWrapper:
        # Each time that a file is begun: what Python opens follows the mask of the account.
        return os.fdopen(_ouvert_a_soi(self.baseFilename), "a", encoding=self.encoding)


def _ouvert_a_soi(fichier: str) -> int:
    """A file to add lines to; one that was there, open to others, is closed to them."""
    descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _A_SOI)
    try:
        if stat.S_ISREG(os.fstat(descripteur).st_mode):
            os.fchmod(descripteur, _A_SOI)
    except OSError:
        os.close(descripteur)
        raise
    return descripteur


def ouvrir_la_sortie(fichier: Path | None, replique: str, taille: int = TAILLE) -> logging.Handler:
    """Where lines go: a file of a bounded size that its owner alone reads, or the standard error.

    Args:
        fichier: None for the standard error.
        replique: name of this replica, said on each line.
        taille: bytes from which another file is begun.

    Raises:
        OSError: the file cannot be written.
    """
    sortie: logging.Handler
    if fichier is None:
        sortie = logging.StreamHandler(sys.stderr)
    else:
        for rang in range(1, ANCIENS + 1):
            ancien = fichier.with_name(f"{fichier.name}.{rang}")
            if ancien.is_file():
                ancien.chmod(_A_SOI)
        sortie = _FichierASoi(fichier, maxBytes=taille, backupCount=ANCIENS, encoding="utf-8")
    sortie.setFormatter(LigneJson(replique))
    return sortie


class Prise:
    """All the loggers of a process, taken over until they are given back."""

    def __init__(self, sortie: logging.Handler) -> None:
        self._sortie = sortie
        self._rendus: list[Callable[[], None]] = []
        self._vus: set[str] = set()
        self._verrou = threading.Lock()

    def prendre(self) -> None:
        """Have every line written there, and nothing anywhere else."""
        racine = logging.getLogger()
        notre = logging.getLogger("clas")
        avant, niveaux = list(racine.handlers), (racine.level, notre.level)
        fabrique, crochets = logging.getLogRecordFactory(), (sys.excepthook, threading.excepthook)
        leve = logging.raiseExceptions

        def rendre() -> None:
            racine.handlers[:] = avant
            racine.setLevel(niveaux[0])
            notre.setLevel(niveaux[1])
            logging.setLogRecordFactory(fabrique)
            sys.excepthook, threading.excepthook = crochets
            logging.raiseExceptions = leve
            logging.captureWarnings(capture=False)

        self._rendus.append(rendre)

        def fabriquer(*args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401 - any record
            record = fabrique(*args, **kwargs)
            self._adopter(record.name)
            return record

        racine.handlers[:] = [self._sortie]
        racine.setLevel(logging.WARNING)
        notre.setLevel(logging.INFO)
        for nom in list(logging.root.manager.loggerDict):
            self._adopter(nom)
        logging.setLogRecordFactory(fabriquer)
        # A line that cannot be written is lost: told elsewhere, its words would be too.
        logging.raiseExceptions = False
        logging.captureWarnings(capture=True)
        sys.excepthook = _processus_interrompu
        threading.excepthook = _fil_interrompu

    def rendre(self) -> None:
        """Leave the loggers as they were found."""
        while self._rendus:
            self._rendus.pop()()
        self._sortie.close()

    def _adopter(self, nom: str) -> None:
        """Have a logger write where the others do, and nowhere of its own."""
        if nom == "root":
            return
        journal = logging.getLogger(nom)
        with self._verrou:
            if nom not in self._vus:
                self._vus.add(nom)
                self._rendus.append(_rendre(journal))
                journal.propagate = True
                if not nom.startswith("clas") and journal.level < logging.WARNING:
                    journal.setLevel(logging.NOTSET)
            # Each time: a library may have given it another way out since.
            if not all(map(_est_notre, journal.handlers)):
                journal.handlers[:] = filter(_est_notre, journal.handlers)


def _rendre(journal: logging.Logger) -> Callable[[], None]:
    """What puts a logger back as it is now."""
    handlers, propage, niveau = list(journal.handlers), journal.propagate, journal.level

    def rendre() -> None:
        journal.handlers[:] = handlers
        journal.propagate = propage
        journal.setLevel(niveau)

    return rendre


def _est_notre(handler: logging.Handler) -> bool:
    """Whether a handler is the program's: it counts, and writes nothing."""
    return type(handler).__module__.startswith(("assistant.", "pages_clas."))


def _processus_interrompu(
    genre: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(genre, KeyboardInterrupt):
        return
    logging.getLogger(_PROCESSUS).critical(
        "le processus s'interrompt", exc_info=(genre, error, trace)
    )


def _fil_interrompu(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    logging.getLogger(_PROCESSUS).error(
        "un fil s'interrompt", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
    )
