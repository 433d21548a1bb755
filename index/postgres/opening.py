"""Opening a version of the shared store: what is small is read once, and verified."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from corpus.models import DocumentCanonique, Passage
from index.checking import INFO, sealed
from index.dense import FLAT_UP_TO
from index.lexicon import Lexique
from index.models import Entry, IndexInfo, StoredUnit
from index.parts import Part, document_file
from index.postgres.contents import READ_BACK, SUMS, VOCABULARY, Summing
from index.postgres.exchange import Ouvrir, exchange
from index.postgres.fragments.demandes import places_of
from index.postgres.fragments.disposition import disposition_in
from index.postgres.fragments.lecture import FragmentedReading, Fragments
from index.postgres.fragments.presence import Presence
from index.postgres.names import schema_of, stated
from index.postgres.packing import digest, vectors_in
from index.postgres.reading import FetchedReading, Served, Statements
from index.postgres.secours import SafeReading
from index.postgres.versions import seal_of, sums_in, versions_used
from index.storage import IndexInutilisable
from index.stored import ASKED, ATTACHED, BASE, BOUNDS, ENTRIES, SPELLINGS
from index.view import Asking, IndexView, Reading
from index.vocabulary import Vocabulary


@dataclass(frozen=True)
class PostgresIndex:
    """A version of the shared store, open: it reads that version, and no other."""

    info: IndexInfo
    documents: dict[str, DocumentCanonique]
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    units: tuple[tuple[StoredUnit, ...], ...]
    lexical: Vocabulary
    attached: bytes
    base: bytes
    warning: str | None
    ways: NDArray[np.float32]
    """Sentence vectors of the ways that people ask: each search compares them all."""
    served: Served
    copy: IndexView | None = None
    """The same version on this machine, for when the store gives way; None: there is none."""
    fragments: Fragments | None = None
    """The nodes that hold it; None: one base holds it whole."""

    def ways_asked(self) -> NDArray[np.float32]:
        """Sentence vectors of the entries that are ways that people ask."""
        return self.ways

    @property
    def nodes(self) -> Mapping[str, bool]:
        """Other nodes that hold it → whether each was there when last tried; nobody is asked."""
        if self.fragments is None:
            return {}
        away = self.fragments.presence.away
        return {part.noeud: part.noeud not in away for part in self.fragments.places.parts}

    def reading(self, asking: Asking) -> Reading:
        """Begin to read what one search needs."""
        fetched: Reading
        if self.fragments is None:
            fetched = FetchedReading(self.served, asking)
        else:
            entier = self.fragments.secours and self.copy is not None
            fetched = FragmentedReading(self.served, self.fragments, asking, entier=entier)
        return fetched if self.copy is None else SafeReading(fetched, self.copy.reading(asking))


def open_postgres(
    ouvrir: Ouvrir, lexique: Lexique, version: str | None = None, exact_up_to: int = FLAT_UP_TO
) -> PostgresIndex:
    """Open the version in use, or the latest whole one that was before it; or the one named.

    Args:
        ouvrir: opens a transaction on the shared store.
        lexique: abbreviations, synonyms and stop words.
        version: its name; None: the one in use.
        exact_up_to: passages in scope up to which all are compared.

    Raises:
        IndexInutilisable: there is none.
    """
    if version is not None:
        candidates: tuple[str, ...] = (version,)
    else:
        with ouvrir() as connection:
            candidates = versions_used(connection)
    if not candidates:
        raise IndexInutilisable(
            "Le magasin partagé n'a pas encore d'index : lancez « clas preparer »."
        )
    troubles: list[str] = []
    for name in candidates:
        warning = f"{' ; '.join(troubles)}. La version {name} est utilisée à la place."
        try:
            with ouvrir() as connection:
                contents = _read(connection, name)
        except IndexInutilisable as error:
            troubles.append(str(error).removesuffix("."))
            continue
        return _opened(contents, ouvrir, lexique, exact_up_to, warning if troubles else None)
    raise IndexInutilisable(f"{' ; '.join(troubles)}.")


@dataclass(frozen=True)
class _Contents:
    version: str
    sceau: str
    files: dict[str, bytes]
    ways: tuple[bytes, ...]


def _read(connection: Connection, version: str) -> _Contents:
    """Read what is kept of a version, and verify it.

    Raises:
        IndexInutilisable: it is not there, or not whole.
    """
    schema_of(version)
    seal = seal_of(connection, version)
    if seal is None:
        raise IndexInutilisable(f"La version {version} de l'index est absente du magasin partagé.")
    rows, asked = exchange(
        connection,
        version,
        [
            (stated("SELECT nom, contenu FROM {s}.fichiers", version), ()),
            (stated(READ_BACK["questions"], version), ()),
        ],
    )
    files: dict[str, bytes] = dict(rows)
    summing = Summing()
    for _ in summing.through(asked):
        pass
    sums = sums_in(files, seal)
    wrong = [SUMS]
    if sums is not None:
        read = {name: digest(content) for name, content in files.items() if name != SUMS}
        read["questions"] = summing.sum()
        apart = {"passages", "jetons", "mots"}
        names = (sums.keys() - apart) | read.keys()
        wrong = sorted(name for name in names if sums.get(name) != read.get(name))
    if wrong:
        raise IndexInutilisable(
            f"La version {version} de l'index est inutilisable dans le magasin partagé "
            f"({wrong[0]} altéré) : recopiez-la."
        )
    return _Contents(version, seal, files, tuple(vector for _, vector in asked))


def _opened(
    contents: _Contents,
    ouvrir: Ouvrir,
    lexique: Lexique,
    exact_up_to: int,
    warning: str | None,
) -> PostgresIndex:
    files = contents.files
    info = IndexInfo.model_validate_json(files[INFO])
    if info != sealed(info) or info.version != contents.version:
        raise IndexInutilisable(
            f"La version {contents.version} de l'index est inutilisable dans le magasin partagé "
            f"({INFO} altéré) : recopiez-la."
        )
    parts = [Part.model_validate_json(files[document_file(name)]) for name in info.documents]
    passages = tuple(chain.from_iterable(part.passages for part in parts))
    documents = {part.document.fiche.id: part.document for part in parts}
    served = Served(
        version=contents.version,
        sceau=contents.sceau,
        ouvrir=ouvrir,
        sources=Statements(contents.version, len(passages)),
        dimension=info.model.dimension,
        passages=len(passages),
        portees=tuple(sorted({document.fiche.portee for document in documents.values()})),
        bounds=np.frombuffer(files[BOUNDS], dtype="<i8").astype(np.int64),
        graph_beyond=exact_up_to,
        opened={},
    )
    return PostgresIndex(
        info=info,
        documents=documents,
        passages=passages,
        entries=(
            *chain.from_iterable(part.entries for part in parts),
            *ENTRIES.validate_json(files[ASKED]),
        ),
        units=tuple(chain.from_iterable(part.units for part in parts)),
        lexical=Vocabulary(
            json.loads(files[VOCABULARY]), len(passages), json.loads(files[SPELLINGS]), lexique
        ),
        attached=files[ATTACHED],
        base=files[BASE],
        warning=warning,
        ways=vectors_in(contents.ways, info.model.dimension),
        served=served,
        fragments=_fragments(files, documents, passages, len(served.bounds) - 1),
    )


def _fragments(
    files: dict[str, bytes],
    documents: dict[str, DocumentCanonique],
    passages: tuple[Passage, ...],
    entries: int,
) -> Fragments | None:
    """Where the rows of a version are, when several nodes hold them."""
    disposition = disposition_in(files)
    if disposition is None:
        return None
    portees = [documents[passage.document].fiche.portee for passage in passages]
    return Fragments(places_of(disposition, portees, entries), Presence())
