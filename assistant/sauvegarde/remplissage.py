"""Filling the empty base of a shared store from a restored folder: one transaction, or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from assistant.avis.journal import JOURNAL as AVIS
from assistant.phrase import phrase
from assistant.questions_posees.lieux import plier
from assistant.questions_posees.schema import FICHIER, TABLES
from assistant.sauvegarde.modeles import Comptes, Entete, SauvegardeImpossible
from assistant.sauvegarde.questions import colonnes
from corpus.base.rangement import JOURNAL, Dossier, Genre
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin
from corpus.magasin.preparation import preparer_dans
from index.checking import INFO
from index.copies import name_version, send_file
from index.lexicon import load_lexicon
from index.postgres.exchange import driver_of
from index.postgres.versions import copy_version, use_version
from index.storage import VERSIONS, IndexInutilisable, open_named, read_info

_DELAI: Final = 1800.0
"""Seconds that a statement may take: the graph of a large index does."""
_GENRES: Final[tuple[Genre, ...]] = ("fichiers", "textes", "versions")
_VIDE: Final = text(
    "SELECT NOT EXISTS (SELECT FROM base.pieces) AND NOT EXISTS (SELECT FROM base.journal)"
    " AND NOT EXISTS (SELECT FROM base.brouillon) AND NOT EXISTS (SELECT FROM questions.echanges)"
    " AND NOT EXISTS (SELECT FROM avis.marques) AND NOT EXISTS (SELECT FROM public.index_courante)"
)
_COMPTES: Final = text(
    "SELECT (SELECT count(*) FROM base.pieces WHERE genre = 'fichiers') AS fichiers,"
    " (SELECT count(*) FROM base.pieces WHERE genre = 'textes') AS textes,"
    " (SELECT count(*) FROM base.pieces WHERE genre = 'versions') AS versions,"
    " (SELECT count(*) FROM base.brouillon) AS brouillon,"
    " (SELECT count(*) FROM base.journal WHERE octet_length(ligne) > 0) AS journal,"
    " (SELECT count(*) FROM avis.marques) AS avis,"
    " (SELECT count(*) FROM questions.echanges) AS echanges,"
    " (SELECT count(*) FROM questions.opinions) AS opinions"
)
_SUIVANT: Final = text(
    "SELECT setval(pg_get_serial_sequence('questions.echanges', 'numero'),"
    " (SELECT coalesce(max(numero), 1) FROM questions.echanges),"
    " EXISTS (SELECT FROM questions.echanges))"
)


def remplir(
    magasin: Magasin,
    dossier: Path,
    entete: Entete,
    comptes: Comptes,
    avant: Callable[[], None] = lambda: None,
) -> None:
    """Fill the base of a store, verify what is in it, and only then let it be seen.

    ``avant`` is done just before: where it raises, nothing is seen of what was filled.

    Raises:
        SauvegardeImpossible: it is not empty, or could not be filled; nothing has changed in it.
    """
    try:
        with magasin.connexion(_DELAI, preparer=True) as connection:
            preparer_dans(connection, str(magasin.adresse))
            if not connection.scalar(_VIDE):
                raise SauvegardeImpossible(_pleine(magasin))
            _base(connection, dossier / "corpus")
            _avis(connection, dossier / "avis" / AVIS)
            _questions(connection, dossier / "questions" / FICHIER)
            _index(connection, dossier / "index", entete.index)
            _verifier(connection, comptes)
            avant()
    except (MagasinIndisponible, IndexInutilisable) as error:
        raise SauvegardeImpossible(phrase(error)) from error
    finally:
        magasin.fermer()


def _pleine(magasin: Magasin) -> str:
    base = magasin.adresse.base
    return (
        f"La base du magasin partagé ({magasin.adresse}) n'est pas vide : rien n'y a été changé. "
        f"Mettez-la de côté (« ALTER DATABASE {base} RENAME TO {base}_avant », une fois les pages "
        f"arrêtées), faites-en une neuve (« CREATE DATABASE {base} ENCODING 'UTF8' TEMPLATE "
        "template0 »), puis recommencez."
    )


def _base(connection: Connection, dossier: Path) -> None:
    ici = Dossier(dossier)
    pieces = ((genre, nom, ici.read(genre, nom)) for genre in _GENRES for nom in ici.names(genre))
    _copier(connection, ("base", "pieces"), ("genre", "nom", "contenu"), pieces)
    brouillon = ici.read_draft()
    if brouillon is not None:
        _copier(connection, ("base", "brouillon"), ("contenu",), [(brouillon,)])
    _copier(connection, ("base", "journal"), ("ligne",), _lignes(dossier / JOURNAL))


def _avis(connection: Connection, path: Path) -> None:
    # A damaged line stays one that is told as damaged; the store takes no other letters than these.
    lignes = (
        (ligne.decode("utf-8", "replace").replace("\x00", "\ufffd"),) for (ligne,) in _lignes(path)
    )
    _copier(connection, ("avis", "marques"), ("ligne",), lignes)


def _lignes(path: Path) -> Iterator[tuple[bytes]]:
    """Lines of a file, without their ends, in order; nothing where there is no file."""
    if not path.is_file():
        return
    with path.open("rb") as stream:
        for ligne in stream:
            if ligne.strip():
                yield (ligne.removesuffix(b"\n"),)


def _questions(connection: Connection, path: Path) -> None:
    """Rows of the log, with their numbers, and their words folded as the store wants them."""
    if not path.is_file():
        return
    echanges, opinions = colonnes(TABLES.echanges), colonnes(TABLES.opinions)
    question, texte = echanges.index("question"), echanges.index("texte")
    commentaire = opinions.index("commentaire")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as lu:
        _copier(
            connection,
            ("questions", "echanges"),
            (*echanges, "plie"),
            (
                (*row, plier(f"{row[question]}\n{row[texte]}"))
                for row in lu.execute(f"SELECT {', '.join(echanges)} FROM echanges")  # noqa: S608 - names of ours
            ),
        )
        _copier(
            connection,
            ("questions", "opinions"),
            (*opinions, "plie"),
            (
                (*row, plier(row[commentaire]))
                for row in lu.execute(f"SELECT {', '.join(opinions)} FROM opinions")  # noqa: S608 - the same
            ),
        )
    connection.execute(_SUIVANT)


def _copier(
    connection: Connection,
    table: tuple[str, str],
    noms: tuple[str, ...],
    lignes: Iterable[Sequence[Any]],
) -> None:
    """Put rows in a table; it holds one at a time, and keeps the numbers that they have."""
    ordre = sql.SQL("COPY {table} ({noms}) FROM STDIN").format(
        table=sql.Identifier(*table), noms=sql.SQL(", ").join(map(sql.Identifier, noms))
    )
    ligne: psycopg.Connection[Any] = driver_of(connection)
    with ligne.cursor() as cursor, cursor.copy(ordre) as copie:
        for row in lignes:
            copie.write_row(row)


def _index(connection: Connection, folder: Path, version: str) -> None:
    """The version in service: its files, then the tables that are made of them, read back whole."""
    path = folder / VERSIONS / version
    for nom, digest in read_info(path).files.items():
        if nom != INFO:
            send_file(connection, path / nom, digest)
    name_version(connection, folder, version)
    copy_version(connection, open_named(folder, version, load_lexicon()))
    use_version(connection, version)


def _verifier(connection: Connection, comptes: Comptes) -> None:
    trouves = dict(connection.execute(_COMPTES).mappings().one())
    autres = {nom: combien for nom, combien in trouves.items() if comptes[nom] != combien}
    if autres:
        raise SauvegardeImpossible(
            f"Le magasin n'a pas pris tout ce qui lui était donné ({autres}, attendu {comptes}) : "
            "rien n'y a été changé."
        )
