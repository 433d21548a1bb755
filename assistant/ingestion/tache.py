"""What a worker does with one file: read it, cut it, embed it, and leave the pieces ready.

A task has no memory: the same file gives the same bytes under the same names, whoever does it and
however often. Its reading is bounded in a process apart, as everywhere: a file that harms harms
that process alone.
"""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import perf_counter

from assistant.configuration import Configuration, read_configuration
from assistant.ingestion.identite import Identite, differences, identity_of
from assistant.ingestion.pieces import Lecture, pack_reading, reading_name
from assistant.publication.ajouts import proposed_of
from assistant.publication.etat import open_base
from corpus.base.store import Base, BaseInutilisable
from corpus.base.voisinage import traits_of
from corpus.loading.errors import FichierRefuse
from corpus.loading.opening import load_bytes
from corpus.loading.pepiniere import Pepiniere
from corpus.models import DocumentCanonique
from corpus.passages import cut_passages
from index.embedding.encoder import Encoder
from index.embedding.errors import ErreurModele
from index.embedding.factory import open_encoder
from index.entries import passage_entry
from index.lexicon import Lexique, load_lexicon
from index.models import Entry
from index.ready import embed, pack_ready, ready_name


@dataclass(frozen=True, slots=True)
class Demande:
    """A file to make ready; or a text whose entry changed, whose vectors are to be made."""

    nom: str
    contenu: bytes
    jour: str
    """The day it is added (ISO 8601)."""
    identite: Identite
    """What the process that does it must be."""
    marque: str
    """Mark of the base that it must write in: the one of whoever asks."""
    document: str = ""
    """The text (JSON) whose vectors are wanted; empty: a file is."""


@dataclass(frozen=True, slots=True)
class Pret:
    """A file is ready; ``piece`` names what was read of it."""

    piece: str
    passages: int = 0
    secondes: float = 0.0
    """Time that it took; 0 when it was ready before."""
    vecteurs: float = 0.0
    """Of which, to embed."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """A file cannot be read, and why."""

    raison: str


@dataclass(frozen=True, slots=True)
class Inapte:
    """A worker may not do it, and why."""

    qui: str
    raison: str


@dataclass(frozen=True, slots=True)
class Panne:
    """It could not be written, and why: the file is not the cause."""

    raison: str


Resultat = Pret | Refuse | Inapte | Panne


@dataclass(frozen=True, slots=True)
class Atelier:
    """What a process needs to make files ready, opened once."""

    configuration: Configuration
    encoder: Encoder
    lexique: Lexique
    identite: Identite
    pepiniere: Pepiniere

    def base(self) -> Base:
        """The base, for one thread."""
        return open_base(self.configuration)


def open_workshop(configuration: Configuration) -> Atelier:
    """Open what this process needs.

    Raises:
        ErreurModele: the model is not there, or is damaged.
    """
    encoder = open_encoder(configuration.modele, configuration.dossier_modele)
    return Atelier(configuration, encoder, load_lexicon(), identity_of(encoder), Pepiniere())


@lru_cache(maxsize=1)
def _workshop() -> Atelier:
    return open_workshop(read_configuration())


def presenter(identite: Identite, marque: str) -> str:
    """Say, in French, why this process may not work for another; empty when it may."""
    try:
        return _unfit(_workshop(), identite, marque)
    except ErreurModele as error:
        return f"son modèle ne s'ouvre pas ({error})"
    except BaseInutilisable as error:
        return f"sa base ne s'ouvre pas ({error})"


def _unfit(atelier: Atelier, identite: Identite, marque: str) -> str:
    other = differences(identite, atelier.identite)
    if other:
        return f"il a {other}"
    if atelier.base().mark() != marque:
        return (
            "il n'écrit pas dans la même base : donnez-lui le même dossier CLAS_DONNEES, sur un "
            "disque partagé, ou le même CLAS_BASE"
        )
    return ""


def ingerer(demande: Demande) -> Resultat:
    """Do a task in this worker."""
    unfit = presenter(demande.identite, demande.marque)
    return Inapte(_here(), unfit) if unfit else prepare(_workshop(), demande)


def _here() -> str:
    return f"{socket.gethostname()} (processus {os.getpid()})"


def prepare(atelier: Atelier, demande: Demande) -> Resultat:
    """Make a file ready; what is ready already is not made again."""
    start = perf_counter()
    base = atelier.base()
    try:
        if demande.document:
            document = DocumentCanonique.model_validate_json(demande.document)
            _, spent = _embed_document(atelier, base, document)
            return Pret("", 0, perf_counter() - start, spent)
        digest = hashlib.sha256(demande.contenu).hexdigest()
        name = reading_name(digest, demande.nom, demande.identite.empreinte)
        if base.read_ready(name) is not None:
            return Pret(name)
        charge = load_bytes(demande.contenu, demande.nom, pepiniere=atelier.pepiniere)
        day = date.fromisoformat(demande.jour)
        proposed = proposed_of(charge, demande.nom, digest, (), day)
        # The vectors first: what was read is there last, and says that all is.
        passages, spent = _embed_document(atelier, base, proposed.document)
        lecture = Lecture(charge=charge, proposition=proposed, traits=traits_of(proposed.document))
        base.keep_ready(name, pack_reading(lecture))
    except FichierRefuse as refus:
        return Refuse(str(refus).removeprefix(f"{demande.nom} : "))
    except BaseInutilisable as error:
        return Panne(str(error))
    return Pret(name, passages, perf_counter() - start, spent)


def entries_of(document: DocumentCanonique, lexique: Lexique) -> tuple[Entry, ...]:
    """What a build embeds of a document."""
    return tuple(passage_entry(one, document, lexique) for one in cut_passages(document))


def _embed_document(atelier: Atelier, base: Base, document: DocumentCanonique) -> tuple[int, float]:
    entries = entries_of(document, atelier.lexique)
    model = atelier.encoder.description
    name = ready_name(entries, model)
    if not entries or base.read_ready(name) is not None:
        return len(entries), 0.0
    start = perf_counter()
    vectors = [embed(one, atelier.encoder) for one in entries]
    spent = perf_counter() - start
    base.keep_ready(name, pack_ready(entries, vectors, model.dimension))
    return len(entries), spent
