"""Reading an archive that nobody vouches for: each name, size and checksum before it is believed.

Members are read from their plainest form alone: a regular file each, under a name that the program
itself gives. Links, long names, sparse files and the rest of what tar can say are refused.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from assistant.sauvegarde.modeles import (
    ENTETE,
    FORMAT,
    MANIFESTE,
    PLUS,
    PLUS_EN_TOUT,
    PLUS_GRAND,
    PLUS_GRAND_RECIT,
    ArchiveRefusee,
    Entete,
    Genre,
    Manifeste,
    Membre,
    est_admis,
)
from corpus.files import CHUNK

Prendre = Callable[[str, Iterator[bytes]], None]
"""Takes the bytes of a member, under its name; they must be read to their end."""
_BLOC: Final = tarfile.BLOCKSIZE
_ETRANGERE: Final = "ce n'est pas une sauvegarde de ce programme"
_COUPEE: Final = "elle est coupée, sa fin manque"
_ABIMEE: Final = "elle est abîmée"


def verifier(path: Path) -> tuple[Entete, Manifeste]:
    """Read an archive whole, without writing anything.

    Raises:
        ArchiveRefusee: it is cut, damaged, foreign, or of a later program.
    """
    return lire(path, lambda _nom, octets: _perdre(octets))


def lire(path: Path, prendre: Prendre) -> tuple[Entete, Manifeste]:
    """Read an archive whole, and give each member to be taken, its bytes as they come.

    They are known to be right once this returns: what was taken before it raises is to be dropped.

    Raises:
        ArchiveRefusee: it is cut, damaged, foreign, or of a later program.
    """
    with _dite(path), gzip.open(path, "rb") as flux:
        return _Parcours(flux, prendre).mener()


class _Parcours:
    """One reading of an archive."""

    def __init__(self, flux: gzip.GzipFile, prendre: Prendre) -> None:
        self._flux = flux
        self._prendre = prendre
        self._membres: dict[str, Membre] = {}
        self._total = 0

    def mener(self) -> tuple[Entete, Manifeste]:
        nom, taille = self._suivant()
        if nom != ENTETE:
            raise ArchiveRefusee(_ETRANGERE)
        entete = _entete(self._recit(nom, taille))
        while True:
            nom, taille = self._suivant()
            if nom == MANIFESTE:
                return entete, self._fin(self._recit(nom, taille))
            self._membre(nom, taille)

    def _membre(self, nom: str, taille: int) -> None:
        if not est_admis(nom) or nom in self._membres:
            raise ArchiveRefusee(f"elle contient « {nom[:80]} », qui n'y a pas de place")
        self._total += taille
        if taille > PLUS_GRAND or self._total > PLUS_EN_TOUT or len(self._membres) >= PLUS:
            raise ArchiveRefusee(f"« {nom[:80]} » la rend plus grande que ce qui est accepté")
        somme = hashlib.sha256()
        self._prendre(nom, _comptes(self._octets(taille), somme.update))
        self._membres[nom] = Membre(nom=nom, taille=taille, sha256=somme.hexdigest())

    def _recit(self, nom: str, taille: int) -> bytes:
        if taille > PLUS_GRAND_RECIT:
            raise ArchiveRefusee(f"« {nom} » est trop grand")
        contenu = b"".join(self._octets(taille))
        if nom == ENTETE:
            somme = hashlib.sha256(contenu).hexdigest()
            self._membres[nom] = Membre(nom=nom, taille=taille, sha256=somme)
        return contenu

    def _fin(self, recit: bytes) -> Manifeste:
        try:
            manifeste = Manifeste.model_validate_json(recit)
        except ValidationError as error:
            raise ArchiveRefusee(_ABIMEE) from error
        if manifeste != manifeste.scelle():
            raise ArchiveRefusee(_ABIMEE)
        if manifeste.membres != tuple(self._membres.values()):
            trouves = set(self._membres.values())
            autres = [m.nom for m in manifeste.membres if m not in trouves]
            dit = f"{_ABIMEE} (« {autres[0][:80]} »)" if autres else _ABIMEE
            raise ArchiveRefusee(dit)
        if self._flux.read(2 * _BLOC) != b"\0" * (2 * _BLOC) or self._flux.read(1):
            raise ArchiveRefusee(_ABIMEE)
        return manifeste

    def _suivant(self) -> tuple[str, int]:
        """Name and size of the next member."""
        bloc = self._exact(_BLOC)
        try:
            info = tarfile.TarInfo.frombuf(bloc, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            raise ArchiveRefusee(_ABIMEE if self._membres else _ETRANGERE) from error
        if info.type != tarfile.REGTYPE or info.size < 0:
            raise ArchiveRefusee(
                f"elle contient « {info.name[:80]} », qui n'est pas un fichier ordinaire"
                if self._membres
                else _ETRANGERE
            )
        return info.name, info.size

    def _octets(self, taille: int) -> Iterator[bytes]:
        reste = taille
        while reste:
            morceau = self._flux.read(min(CHUNK, reste))
            if not morceau:
                raise ArchiveRefusee(_COUPEE)
            reste -= len(morceau)
            yield morceau
        self._exact(-taille % _BLOC)

    def _exact(self, combien: int) -> bytes:
        lus = self._flux.read(combien)
        if len(lus) != combien:
            raise ArchiveRefusee(_COUPEE)
        return lus


def _entete(recit: bytes) -> Entete:
    try:
        genre = Genre.model_validate_json(recit)
    except ValidationError as error:
        raise ArchiveRefusee(_ETRANGERE) from error
    if genre.format > FORMAT:
        raise ArchiveRefusee(
            f"elle est au format {genre.format}, et ce programme lit jusqu'au format {FORMAT} : "
            "mettez-le à jour"
        )
    try:
        return Entete.model_validate_json(recit)
    except ValidationError as error:
        raise ArchiveRefusee(_ABIMEE) from error


def _comptes(octets: Iterator[bytes], compter: Callable[[bytes], object]) -> Iterator[bytes]:
    for morceau in octets:
        compter(morceau)
        yield morceau


def _perdre(octets: Iterator[bytes]) -> None:
    for _ in octets:
        pass


@contextmanager
def _dite(path: Path) -> Iterator[None]:
    """Say which file it is about, and what the layers below found wrong with it."""
    try:
        yield
    except ArchiveRefusee as error:
        raise _refus(path, str(error)) from error
    except EOFError as error:
        raise _refus(path, _COUPEE) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        debut = "Not a gzipped" in str(error)
        raise _refus(path, _ETRANGERE if debut else _ABIMEE) from error


def _refus(path: Path, tort: str) -> ArchiveRefusee:
    return ArchiveRefusee(f"L'archive {path} ne peut pas être restaurée : {tort}.")
