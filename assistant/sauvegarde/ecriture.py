"""Writing an archive: whole or not at all, a piece at a time, read back before it has its name."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import IO, Final, Literal

from assistant.sauvegarde.lecture import verifier
from assistant.sauvegarde.modeles import (
    ENTETE,
    MANIFESTE,
    SUFFIXE,
    ArchiveRefusee,
    Entete,
    Instantane,
    Manifeste,
    Membre,
    Piece,
    SauvegardeImpossible,
    est_admis,
)
from corpus.files import sync_folder
from corpus.systeme import raison_systeme

Advance = Callable[[int, int], None]
_NIVEAU: Final = 1
"""Most of it is vectors, which look like noise: more would be lost time."""
_ATELIER: Final = ".sauvegarde"
_VERROU: Final = ".verrou"
_CHAQUE: Final = 0.02


def ecrire(
    cible: Path,
    atelier: Path,
    entete: Entete,
    instantane: Instantane,
    *,
    remplacer: bool,
    advance: Advance = lambda _done, _total: None,
) -> Manifeste:
    """Write a state to a file that no other is replaced by unless it is asked for.

    Args:
        cible: the file to be.
        atelier: a folder beside it (see ``ouvert``), where it is written first.
        entete: what it says of itself.
        instantane: what it holds.
        remplacer: whether a file of that name gives way.
        advance: told (bytes written, bytes to write).

    Raises:
        SauvegardeImpossible: it could not be written, or is not what was read; there is none.
    """
    beside = atelier / "archive"
    with _dite(cible), beside.open("xb") as brut:
        # Words of people are in it.
        beside.chmod(0o600)
        manifeste = _remplir(brut, entete, instantane, advance)
        brut.flush()
        os.fsync(brut.fileno())
    try:
        relu = verifier(beside)
    except ArchiveRefusee as error:
        raise SauvegardeImpossible(
            f"La sauvegarde relue n'est pas ce qui avait été écrit ({error}) : le disque de "
            f"{cible.parent} est en cause. Rien n'a été gardé."
        ) from error
    if relu != (entete, manifeste):
        raise SauvegardeImpossible(
            f"La sauvegarde relue n'est pas ce qui avait été écrit : le disque de {cible.parent} "
            "est en cause. Rien n'a été gardé."
        )
    with _dite(cible):
        _nommer(beside, cible, remplacer=remplacer)
    return manifeste


def _remplir(
    brut: IO[bytes], entete: Entete, instantane: Instantane, advance: Advance
) -> Manifeste:
    total, fait = sum(piece.taille for piece in instantane.pieces), 0
    membres: list[Membre] = []
    with gzip.GzipFile(
        filename="", mode="wb", compresslevel=_NIVEAU, fileobj=brut, mtime=0
    ) as flux:
        quand = int(entete.date.timestamp())
        membres.append(_membre(flux, _recit(ENTETE, entete.model_dump_json().encode()), quand))
        for piece in instantane.pieces:
            if not est_admis(piece.nom):
                raise SauvegardeImpossible(f"« {piece.nom[:80]} » n'a pas de place dans l'archive.")
            membres.append(_membre(flux, piece, quand))
            fait += piece.taille
            advance(fait, total)
        manifeste = Manifeste(membres=tuple(membres), comptes=instantane.comptes).scelle()
        _membre(flux, _recit(MANIFESTE, manifeste.model_dump_json().encode()), quand)
        flux.write(b"\0" * (2 * tarfile.BLOCKSIZE))
    return manifeste


def _recit(nom: str, contenu: bytes) -> Piece:
    return Piece(nom, len(contenu), lambda: iter((contenu,)))


def _membre(flux: gzip.GzipFile, piece: Piece, quand: int) -> Membre:
    """Write a member, in the plainest of tar's ways: what it is, its bytes, what fills the block.

    Raises:
        SauvegardeImpossible: it is not as long as it was, or not what it was.
    """
    info = tarfile.TarInfo(piece.nom)
    info.size, info.mtime, info.mode = piece.taille, quand, 0o600
    flux.write(info.tobuf(tarfile.GNU_FORMAT))
    somme, ecrit = hashlib.sha256(), 0
    for morceau in piece.lire():
        somme.update(morceau)
        ecrit += len(morceau)
        flux.write(morceau)
    if ecrit != piece.taille or piece.attendu not in (None, somme.hexdigest()):
        raise SauvegardeImpossible(
            f"« {piece.nom} » n'est pas, ou n'est plus, ce qui avait été gardé. Rien n'a été "
            "écrit : lancez « clas diagnostic »."
        )
    flux.write(b"\0" * (-ecrit % tarfile.BLOCKSIZE))
    return Membre(nom=piece.nom, taille=ecrit, sha256=somme.hexdigest())


def _nommer(beside: Path, cible: Path, *, remplacer: bool) -> None:
    """Give its name to what is written: at once, and to nothing that has it already."""
    if remplacer:
        beside.replace(cible)
    else:
        try:
            cible.hardlink_to(beside)
        except FileExistsError as error:
            raise SauvegardeImpossible(deja(cible)) from error
        beside.unlink()
    sync_folder(cible.parent)


def deja(cible: Path) -> str:
    """What is said of a file that is already there."""
    return f"{cible} existe déjà : donnez un autre nom, ou --remplacer."


def check_cible(cible: Path, *, remplacer: bool) -> None:
    """Refuse a target at once, before anything is read.

    Raises:
        SauvegardeImpossible: it is there already, or its folder is not.
    """
    if not cible.parent.is_dir():
        raise SauvegardeImpossible(f"{cible.parent} n'est pas un dossier.")
    if cible.is_dir() or (cible.exists() and not remplacer):
        raise SauvegardeImpossible(f"{cible} est un dossier." if cible.is_dir() else deja(cible))


@contextmanager
def ouvert(cible: Path) -> Iterator[Path]:
    """A folder beside a target, closed to others, gone after; those of killed programs go first.

    Raises:
        SauvegardeImpossible: it cannot be made.
    """
    for ancien in cible.parent.glob(f".*{_ATELIER}"):
        _oublier(ancien)
    atelier = cible.parent / f".{cible.name.removesuffix(SUFFIXE)}.{os.getpid()}{_ATELIER}"
    with _dite(cible):
        verrou = _faire(atelier)
    try:
        with verrou:
            yield atelier
    finally:
        shutil.rmtree(atelier, ignore_errors=True)


def restes(dossier: Path) -> tuple[Path, ...]:
    """Folders of programs that were killed as they saved there, whatever they were saving to."""
    return tuple(path for path in dossier.glob(f".*{_ATELIER}") if _libre(path))


def _libre(atelier: Path) -> bool:
    """Whether nobody holds a folder; nothing is changed in it."""
    try:
        with (atelier / _VERROU).open() as verrou:
            return _tenir(verrou) == "tenu"
    except FileNotFoundError:
        return atelier.is_dir()
    except OSError:
        # Of another account: it is not ours to judge.
        return False


def _faire(atelier: Path) -> IO[str]:
    """Make a folder, and hold it; made again where somebody took it for one that was left.

    Raises:
        OSError: it cannot be made.
    """
    while True:
        atelier.mkdir(mode=0o700)
        try:
            verrou = (atelier / _VERROU).open("a")
        except FileNotFoundError:
            continue
        while _tenir(verrou) == "pris":
            sleep(_CHAQUE)
        if (atelier / _VERROU).exists():
            return verrou
        verrou.close()


def _tenir(verrou: IO[str]) -> Literal["tenu", "pris", "sans"]:
    """Hold a lock that goes with its holder, where the system has some and nobody else does."""
    try:
        import fcntl  # noqa: PLC0415 - absent from systems that are not POSIX

        fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ModuleNotFoundError:
        return "sans"
    except BlockingIOError:
        return "pris"
    return "tenu"


def _oublier(atelier: Path) -> None:
    """Drop what a killed program left: words of people may be in it."""
    with suppress(OSError), (atelier / _VERROU).open("a") as verrou:
        # Held while it goes: whoever has just made it makes another.
        if _tenir(verrou) == "tenu":
            shutil.rmtree(atelier, ignore_errors=True)


@contextmanager
def _dite(cible: Path) -> Iterator[None]:
    """Say in words that the disk is full or closed."""
    try:
        yield
    except OSError as error:
        raise SauvegardeImpossible(
            f"La sauvegarde n'a pas pu être écrite dans {cible.parent} ({raison_systeme(error)}) "
            ": vérifiez la place libre et les droits. Rien n'a été gardé."
        ) from error
