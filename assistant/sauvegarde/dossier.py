"""The state of a data folder at one moment: what changes is copied, what does not is read later."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from assistant.avis.journal import JOURNAL as AVIS
from assistant.avis.journal import Journal
from assistant.configuration import Configuration
from assistant.phrase import phrase
from assistant.publication.etat import open_base, version_in_service
from assistant.questions_posees.envois import FICHIER as ATTENTE
from assistant.questions_posees.schema import FICHIER
from assistant.sauvegarde import questions as figees
from assistant.sauvegarde.modeles import Instantane, Piece, SauvegardeImpossible
from corpus.base.rangement import DRAFT, JOURNAL, BaseOccupee, Genre
from corpus.base.store import Base, BaseInutilisable
from corpus.base.watch import STATE
from corpus.files import CHUNK
from corpus.systeme import raison_systeme
from index.checking import INFO, check_description, read_info
from index.embedding.folder import RECORD
from index.storage import CURRENT, VERSIONS, current_version

ATTENDRE: Final = 600.0
"""Seconds that whoever publishes is waited for."""
_CHAQUE: Final = 0.02
_GENRES: Final[tuple[Genre, ...]] = ("fichiers", "textes", "versions")


@contextmanager
def instantane(
    configuration: Configuration, atelier: Path, *, questions: bool, modele: bool
) -> Iterator[Instantane]:
    """The state of a folder; nobody publishes while what changes is copied, and people still ask.

    Raises:
        SauvegardeImpossible: what is kept is damaged, or somebody has been writing for too long.
        QuestionsInutilisables: the log is damaged.
    """
    base = open_base(configuration)
    with tenue(base):
        date = datetime.now(UTC)
        textes = tuple(pieces_de_base(base))
        changeants = _changeants(configuration, base, atelier, questions=questions)
        index = current_version(configuration.dossier_index)
        version = version_in_service(configuration)
    if index is None:
        raise SauvegardeImpossible(
            "Aucune version de l'index n'est en service : lancez « clas preparer » d'abord."
        )
    pieces = (
        *textes,
        *(piece_de(nom, path) for nom, path in changeants.items()),
        *pieces_d_index(configuration.dossier_index, index),
        *(pieces_du_modele(configuration) if modele else ()),
    )
    yield Instantane(
        date=date,
        index=index,
        version=version.identite if version else None,
        pieces=pieces,
        comptes=comptes(pieces, changeants),
    )


@contextmanager
def tenue(base: Base) -> Iterator[None]:
    """Hold a base for oneself, once whoever publishes has ended.

    Raises:
        SauvegardeImpossible: it has lasted too long, or the folder cannot be written.
    """
    limite = monotonic() + ATTENDRE
    while True:
        tenir = base.writing()
        try:
            tenir.__enter__()
        except BaseOccupee as error:
            if monotonic() >= limite:
                raise SauvegardeImpossible(phrase(error)) from error
            sleep(_CHAQUE)
            continue
        except BaseInutilisable as error:
            raise SauvegardeImpossible(phrase(error)) from error
        break
    try:
        yield
    finally:
        tenir.__exit__(None, None, None)


def _changeants(
    configuration: Configuration, base: Base, atelier: Path, *, questions: bool
) -> dict[str, Path]:
    """Copies of what is changed in place, by the name that each has in an archive."""
    corpus, avis = base.folder, Journal(configuration.donnees / "avis")
    sources = {f"corpus/{nom}": corpus / nom for nom in (DRAFT, JOURNAL, STATE)}
    sources[f"avis/{AVIS}"] = avis.path
    copies: dict[str, Path] = {}
    for nom, source in sources.items():
        if source.is_file():
            copies[nom] = atelier / nom.replace("/", "_")
            shutil.copyfile(source, copies[nom])
    if questions:
        figes = figees.figer(configuration.dossier_questions, atelier)
        copies |= {f"questions/{nom}": path for nom, path in figes.items()}
    return copies


def pieces_de_base(base: Base) -> Iterator[Piece]:
    """Files, texts and versions: they never change, and each is checked as it is read."""
    for genre in _GENRES:
        for nom in base.names(genre):
            path = base.folder / genre / (nom if genre == "fichiers" else f"{nom}.json")
            yield Piece(
                f"corpus/{genre}/{path.name}",
                path.stat().st_size,
                _verifiee(base, genre, nom, path),
                nom if genre == "fichiers" else None,
            )


def _verifiee(base: Base, genre: Genre, nom: str, path: Path) -> Callable[[], Iterator[bytes]]:
    def lire() -> Iterator[bytes]:
        try:
            with _lu(path):
                if genre == "textes":
                    document, _, version = nom.partition("@")
                    base.read_text(document, version)
                elif genre == "versions":
                    base.read_version(nom)
        except BaseInutilisable as error:
            raise SauvegardeImpossible(
                f"{phrase(error)} Rien n'a été écrit : lancez « clas diagnostic »."
            ) from error
        yield from octets_de(path)

    return lire


def pieces_d_index(folder: Path, version: str) -> Iterator[Piece]:
    """Files of the version in service, and the one that names it.

    Raises:
        SauvegardeImpossible: its description cannot be trusted.
    """
    path = folder / VERSIONS / version
    tort = check_description(path)
    if tort is not None:
        raise SauvegardeImpossible(
            f"La version {version} de l'index, en service, est abîmée ({tort}) : lancez « clas "
            "preparer » d'abord."
        )
    nomme = version.encode("ascii")
    yield Piece(f"index/{CURRENT}", len(nomme), lambda: iter((nomme,)))
    for nom, digest in read_info(path).files.items():
        # The seal of the description is not the checksum of its file.
        attendu = None if nom == INFO else digest
        yield piece_de(f"index/{VERSIONS}/{version}/{nom}", path / nom, attendu)


def pieces_du_modele(configuration: Configuration) -> Iterator[Piece]:
    """Files of the model that is installed, and of what it is made again from."""
    dossier = configuration.dossier_modele
    installes = [path.parent for path in dossier.glob(f"[a-z]*/{RECORD}")]
    for place in (*sorted(installes), dossier / "source"):
        for path in sorted(place.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield piece_de(f"modele/{path.relative_to(dossier).as_posix()}", path)


def piece_de(nom: str, path: Path, attendu: str | None = None) -> Piece:
    """A file, by the name that it has in an archive.

    Raises:
        SauvegardeImpossible: it is not there.
    """
    if not path.is_file():
        raise SauvegardeImpossible(
            f"{path} n'est pas, ou n'est plus, là. Rien n'a été écrit : lancez « clas diagnostic »."
        )
    return Piece(nom, path.stat().st_size, lambda: octets_de(path), attendu)


def octets_de(path: Path) -> Iterator[bytes]:
    """Bytes of a file, a piece at a time.

    Raises:
        SauvegardeImpossible: it cannot be read.
    """
    with _lu(path), path.open("rb") as stream:
        while morceau := stream.read(CHUNK):
            yield morceau


@contextmanager
def _lu(path: Path) -> Iterator[None]:
    """Name the file that cannot be read: the disk that is written to is not at fault."""
    try:
        yield
    except OSError as error:
        raise SauvegardeImpossible(
            f"{path} ne se lit pas ({raison_systeme(error)}) : vérifiez ce fichier, ses droits et "
            "son disque. Rien n'a été gardé."
        ) from error


def comptes(pieces: tuple[Piece, ...], changeants: dict[str, Path]) -> dict[str, int]:
    """How many of each thing a state has."""
    absent = Path()
    lus = changeants.get(f"questions/{FICHIER}", absent)
    attend = changeants.get(f"questions/{ATTENTE}", absent)
    return {
        **{
            genre: sum(piece.nom.startswith(f"corpus/{genre}/") for piece in pieces)
            for genre in _GENRES
        },
        "brouillon": sum(piece.nom == f"corpus/{DRAFT}" for piece in pieces),
        "journal": compter_lignes(changeants.get(f"corpus/{JOURNAL}")),
        "avis": compter_lignes(changeants.get(f"avis/{AVIS}")),
        **figees.compter(lus, "echanges", "opinions"),
        **figees.compter(attend, "envois"),
    }


def compter_lignes(path: Path | None) -> int:
    """Lines of a file that are not empty; none where there is no file."""
    if path is None or not path.is_file():
        return 0
    with path.open("rb") as stream:
        return sum(bool(ligne.strip()) for ligne in stream)
