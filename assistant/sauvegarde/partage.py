"""The state of a shared store at one moment, written as the data folder of one machine.

All is read in one transaction that sees nothing of what is written after it began. What the store
keeps apart from it is left out: conversations, ciphered and forgotten in hours; the tables of an
index version, which are made again from its files; who holds the base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, LiteralString

from psycopg import IsolationLevel, sql
from psycopg.rows import dict_row

from assistant.avis.journal import JOURNAL as AVIS
from assistant.configuration import Configuration
from assistant.magasin import magasin_de_commande
from assistant.publication.etat import version_of_index
from assistant.questions_posees.envois import FICHIER as ATTENTE
from assistant.questions_posees.schema import FICHIER, TABLES
from assistant.sauvegarde import questions as figees
from assistant.sauvegarde.dossier import comptes, piece_de, pieces_du_modele
from assistant.sauvegarde.modeles import Instantane, Piece, SauvegardeImpossible
from corpus.base.partage import or_refused
from corpus.base.rangement import DRAFT, JOURNAL
from corpus.base.watch import STATE
from corpus.magasin.adresse import AdresseMagasin
from corpus.magasin.pilote import ConnexionBornee
from index.checking import INFO
from index.models import IndexInfo
from index.storage import BASE, CURRENT, VERSIONS

GARDEES: Final = frozenset(
    {
        "questions.echanges", "questions.opinions", "avis.marques", "base.pieces",
        "base.brouillon", "base.journal", "copies.fichiers", "copies.morceaux", "copies.versions",
        "public.index_courante",
    }
)  # fmt: skip
"""Tables that an archive holds, of the version in service for those of the index."""
LAISSEES: Final = frozenset(
    {
        "conversations.gardees", "base.main", "public.index_versions", "public.alembic_version",
    }
)  # fmt: skip
"""Tables that it does not, nor the schemas of index versions: a test finds any other."""
_ORDRE: Final = 3600.0
"""Seconds that a statement may take."""
_SILENCE: Final = 60.0
"""Seconds that the server may say nothing."""
_MORCEAU: Final = 4 << 20

_EN_SERVICE: Final = (
    "SELECT version FROM public.index_courante JOIN public.index_versions USING (version)"
    " GROUP BY version ORDER BY max(ordre) DESC LIMIT 1"
)
_DESCRIPTION: Final = "SELECT description FROM copies.versions WHERE version = %s"
_TAILLE: Final = (
    "SELECT coalesce(sum(octet_length(contenu)), -1)::bigint FROM copies.morceaux"
    " WHERE empreinte = %s"
)
_RANGS: Final = "SELECT rang FROM copies.morceaux WHERE empreinte = %s ORDER BY rang"
_RANG: Final = "SELECT contenu FROM copies.morceaux WHERE empreinte = %s AND rang = %s"
_PIECES: Final = (
    'SELECT genre, nom, octet_length(contenu) FROM base.pieces ORDER BY genre, nom COLLATE "C"'
)
_PIECE: Final = (
    "SELECT substring(contenu FROM %s FOR %s) FROM base.pieces WHERE genre = %s AND nom = %s"
)


@contextmanager
def instantane(
    configuration: Configuration,
    adresse: AdresseMagasin,
    atelier: Path,
    *,
    questions: bool,
    modele: bool,
) -> Iterator[Instantane]:
    """The state of a shared store, and what waits for it on this machine.

    Raises:
        BaseInutilisable: it cannot be read.
        SauvegardeImpossible: what it keeps is damaged.
        QuestionsInutilisables: what waits here is damaged.
    """
    magasin = magasin_de_commande(adresse)
    with or_refused(), magasin.connexion():
        # It is one that this program was made for.
        pass
    with or_refused(), magasin.ligne(_ORDRE) as ligne:
        ligne.delai = _SILENCE
        ligne.isolation_level = IsolationLevel.REPEATABLE_READ
        ligne.read_only = True
        with ligne.transaction():
            yield _lu(_Lecteur(ligne), configuration, atelier, questions=questions, modele=modele)


def _lu(
    lecteur: _Lecteur,
    configuration: Configuration,
    atelier: Path,
    *,
    questions: bool,
    modele: bool,
) -> Instantane:
    index = lecteur.un(_EN_SERVICE)
    if index is None:
        raise SauvegardeImpossible(
            "Aucune version n'est en service dans le magasin partagé : lancez « clas preparer »."
        )
    date = datetime.now(UTC)
    description = _description(lecteur, str(index))
    changeants = _changeants(lecteur, configuration, atelier, questions=questions)
    pieces = (
        *lecteur.pieces_de_base(),
        *(piece_de(nom, path) for nom, path in changeants.items()),
        *_pieces_d_index(lecteur, description),
        *(pieces_du_modele(configuration) if modele else ()),
    )
    return Instantane(
        date=date,
        index=str(index),
        version=_version(lecteur, description),
        pieces=pieces,
        comptes=comptes(pieces, changeants),
    )


def _description(lecteur: _Lecteur, index: str) -> bytes:
    found = lecteur.octets(_DESCRIPTION, index)
    if found is None:
        raise SauvegardeImpossible(
            f"La version {index} en service n'a pas de copie dans le magasin partagé : lancez "
            "« clas preparer » sur la machine qui l'a publiée."
        )
    return found


def _version(lecteur: _Lecteur, description: bytes) -> str | None:
    """Identity of the version of the document base that the index is of."""
    digest = IndexInfo.model_validate_json(description).files[BASE]
    version = version_of_index(b"".join(lecteur.morceaux(digest)))
    return version.identite if version else None


def _pieces_d_index(lecteur: _Lecteur, description: bytes) -> Iterator[Piece]:
    info = IndexInfo.model_validate_json(description)
    nomme = info.version.encode("ascii")
    ici = f"index/{VERSIONS}/{info.version}"
    yield Piece(f"index/{CURRENT}", len(nomme), lambda: iter((nomme,)))
    yield Piece(f"{ici}/{INFO}", len(description), lambda: iter((description,)))
    for nom, digest in info.files.items():
        if nom == INFO:
            continue
        taille = lecteur.un(_TAILLE, digest)
        assert isinstance(taille, int)
        # An empty file has no piece; one that is lost is found by its checksum.
        yield Piece(f"{ici}/{nom}", max(taille, 0), lecteur.de_fichier(digest), digest)


def _changeants(
    lecteur: _Lecteur, configuration: Configuration, atelier: Path, *, questions: bool
) -> dict[str, Path]:
    """What is changed in place, copied, by the name that each has in an archive."""
    copies: dict[str, Path] = {}
    brouillon = lecteur.octets("SELECT contenu FROM base.brouillon")
    if brouillon is not None:
        copies[f"corpus/{DRAFT}"] = atelier / "brouillon"
        copies[f"corpus/{DRAFT}"].write_bytes(brouillon)
    for nom, demande in (
        (f"corpus/{JOURNAL}", "SELECT ligne FROM base.journal ORDER BY rang"),
        (f"avis/{AVIS}", "SELECT convert_to(ligne, 'UTF8') FROM avis.marques ORDER BY numero"),
    ):
        copies[nom] = atelier / nom.replace("/", "_")
        with copies[nom].open("wb") as stream:
            for (ligne,) in lecteur.lignes(demande):
                stream.write(bytes(ligne) + b"\n")
    suivi = configuration.donnees / "corpus" / STATE
    if suivi.is_file():
        copies[f"corpus/{STATE}"] = suivi
    if questions:
        copies[f"questions/{FICHIER}"] = atelier / FICHIER
        figees.ecrire(
            atelier / FICHIER,
            lecteur.rangees("questions", "echanges", figees.colonnes(TABLES.echanges)),
            lecteur.rangees("questions", "opinions", figees.colonnes(TABLES.opinions)),
        )
        ici = figees.figer(configuration.dossier_questions, atelier, seulement=(ATTENTE,))
        copies |= {f"questions/{nom}": path for nom, path in ici.items()}
    return copies


class _Lecteur:
    """The transaction that all is read in."""

    def __init__(self, ligne: ConnexionBornee) -> None:
        self._ligne = ligne

    def octets(self, demande: LiteralString, *valeurs: object) -> bytes | None:
        """Bytes of the first row; None where there is none."""
        found = self.un(demande, *valeurs)
        assert found is None or isinstance(found, bytes)
        return found

    def un(self, demande: LiteralString, *valeurs: object) -> object:
        """First column of the first row; None where there is none."""
        row = self._ligne.execute(demande, valeurs, binary=True).fetchone()
        return None if row is None else row[0]

    def lignes(self, demande: LiteralString) -> Iterator[tuple[Any, ...]]:
        """Rows, some at a time."""
        with self._ligne.cursor("lues", binary=True) as cursor:
            yield from cursor.execute(demande)

    def rangees(
        self, schema: str, table: str, noms: tuple[str, ...]
    ) -> Iterator[Mapping[str, Any]]:
        """Rows of a table, some at a time, in the order of their first column."""
        demande = sql.SQL("SELECT {noms} FROM {table} ORDER BY 1").format(
            noms=sql.SQL(", ").join(map(sql.Identifier, noms)),
            table=sql.Identifier(schema, table),
        )
        with self._ligne.cursor("rangees", row_factory=dict_row) as cursor:
            yield from cursor.execute(demande)

    def pieces_de_base(self) -> tuple[Piece, ...]:
        """Files, texts and versions."""
        found = self._ligne.execute(_PIECES).fetchall()
        return tuple(
            Piece(
                f"corpus/{genre}/{nom}{'' if genre == 'fichiers' else '.json'}",
                taille,
                self._de_piece(genre, nom, taille),
                nom if genre == "fichiers" else None,
            )
            for genre, nom, taille in found
        )

    def _de_piece(self, genre: str, nom: str, taille: int) -> Callable[[], Iterator[bytes]]:
        def lire() -> Iterator[bytes]:
            for debut in range(1, taille + 1, _MORCEAU):
                yield self.octets(_PIECE, debut, _MORCEAU, genre, nom) or b""

        return lire

    def de_fichier(self, digest: str) -> Callable[[], Iterator[bytes]]:
        """Bytes of a file of an index version."""
        return lambda: self.morceaux(digest)

    def morceaux(self, digest: str) -> Iterator[bytes]:
        """Bytes of a file of an index version."""
        rangs = self._ligne.execute(_RANGS, (digest,)).fetchall()
        for (rang,) in rangs:
            yield self.octets(_RANG, digest, rang) or b""
