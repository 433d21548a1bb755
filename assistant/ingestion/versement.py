"""Bring what workers made ready to the draft: in order, many at once, by this process alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.configuration import Configuration
from assistant.ingestion.pieces import Lecture, unpack_reading
from assistant.publication.ajouts import (
    POUR_QUI,
    Doublon,
    Souhaits,
    brought,
    for_nobody_known,
    placed,
    replaced_since,
)
from assistant.publication.brouillons import (
    ChangementRefuse,
    Etat,
    changing,
    log_added,
    put_in,
    save,
)
from assistant.publication.etat import open_base
from corpus.base.anciens import Anciens, anciens_of
from corpus.base.kinship import Parente, recognise
from corpus.base.models import EntreeBase
from corpus.base.proposal import settled
from corpus.base.store import Base
from corpus.base.voisinage import Voisinage
from corpus.models import DocumentCanonique


@dataclass(frozen=True, slots=True)
class Arrivage:
    """A file, and the piece that was made of it."""

    chemin: str
    contenu: bytes
    piece: str


@dataclass(frozen=True, slots=True)
class Verse:
    """A document put in the draft."""

    chemin: str
    entree: EntreeBase
    document: DocumentCanonique
    version: bool
    """It is a new version of a document that was known."""
    relu: bool
    """Its text or short title is not what was embedded: its vectors are to be made."""


@dataclass(frozen=True, slots=True)
class Connu:
    """The base already has it, or had it before what it has now."""

    chemin: str
    raison: str
    ancien: bool = False
    """It is an earlier text of its document: it was left aside, and that is told."""


@dataclass(frozen=True, slots=True)
class Ecarte:
    """A file set aside, and why."""

    chemin: str
    raison: str


@dataclass(frozen=True, slots=True)
class Manque:
    """A piece that is no longer there, or no longer whole: its file is to be read again."""

    arrivage: Arrivage


Sort = Verse | Connu | Ecarte | Manque


class Versement:
    """What puts documents in the draft, and knows those that are there."""

    def __init__(
        self, configuration: Configuration, auteur: str, jour: date, *, nouveau: bool = False
    ) -> None:
        self._configuration = configuration
        self._auteur = auteur
        self._jour = jour
        self._souhaits = Souhaits({}, nouveau=nouveau)
        self._near = Voisinage(self._read)
        self._known: dict[str, EntreeBase] = {}
        self._anciens = Anciens()

    def known_file(self, contenu: bytes) -> EntreeBase | None:
        """The document that a file gives, or gave, in the draft as it was when last seen."""
        digest = hashlib.sha256(contenu).hexdigest()
        return self._near.same_file(digest) or self._replaced(digest)

    def follow(self) -> int:
        """See the draft as it is; return how many documents it has.

        Raises:
            ChangementRefuse, BaseInutilisable: it cannot be changed.
        """
        with changing(self._configuration) as (base, now):
            return len(self._see(base, now))

    def bring(self, arrivages: Sequence[Arrivage]) -> tuple[Sort, ...]:
        """Put documents in the draft, all at once: one writing of it, whoever works meanwhile.

        Raises:
            ChangementRefuse, BaseInutilisable: it cannot be changed; it is as it was.
        """
        with changing(self._configuration) as (base, now), base.together():
            known = self._see(base, now)
            sorts = tuple(self._settle(base, known, one) for one in arrivages)
            added = [one.entree for one in sorts if isinstance(one, Verse)]
            if added:
                save(base, now, documents=tuple(known.values()))
                for entree in added:
                    log_added(base, entree, self._auteur)
        return sorts

    def _see(self, base: Base, now: Etat) -> dict[str, EntreeBase]:
        """Take up the documents of the draft as they are now, and what they were before."""
        self._known = now.documents
        self._near.follow(self._known)
        self._anciens = anciens_of(base, self._known)
        return self._known

    def _replaced(self, digest: str) -> EntreeBase | None:
        """The document that a file gave before, unless it is said to be another one."""
        return None if self._souhaits.nouveau else self._anciens.document(self._known, digest)

    def _settle(self, base: Base, known: dict[str, EntreeBase], one: Arrivage) -> Sort:
        digest = hashlib.sha256(one.contenu).hexdigest()
        twin = self._near.same_file(digest)
        if twin is not None:
            return Connu(one.chemin, f"document {twin.fiche.id}, c'est le même fichier")
        now = self._replaced(digest)
        if now is not None:
            return Connu(
                one.chemin, f"document {now.fiche.id}, {replaced_since(now).pourquoi}", ancien=True
            )
        content = base.read_ready(one.piece)
        lecture = None if content is None else unpack_reading(content)
        if lecture is None or lecture.proposition.fiche.sha256 != digest:
            return Manque(one)
        try:
            return self._placed(base, known, one, lecture)
        except Doublon as same:
            kin = same.parente
            return Connu(one.chemin, f"document {kin.document}, {kin.pourquoi}", same.ancien)
        except ChangementRefuse as refus:
            return Ecarte(one.chemin, str(refus))

    def _placed(
        self, base: Base, known: dict[str, EntreeBase], one: Arrivage, lecture: Lecture
    ) -> Verse:
        proposed = settled(lecture.proposition, known, self._jour)
        near = self._near.of(proposed, lecture.traits)
        kin: tuple[Parente, ...] = recognise(proposed, near, self._read)
        found, older, remplace = placed(
            proposed, kin, known, self._anciens, self._souhaits, lecture.charge, one.chemin
        )
        if for_nobody_known(found, older, self._souhaits):
            # One by one, whoever adds it reads what is proposed; here nobody would, and a rule of
            # one département would be given to all.
            raise ChangementRefuse(POUR_QUI)
        entree = brought(found, remplace)
        if older is not None:
            self._anciens.put(older.fiche.id, older.fiche.sha256, older.texte)
        put_in(base, known, entree, found.document, one.contenu)
        same = found.document.version == lecture.proposition.document.version
        self._near.put(entree, lecture.traits if same else None)
        if remplace in known and remplace is not None:
            self._near.put(known[remplace])
        titled = found.fiche.titre_court == lecture.proposition.fiche.titre_court
        return Verse(
            chemin=one.chemin,
            entree=entree,
            document=found.document,
            version=older is not None,
            relu=not (same and titled),
        )

    def _read(self, entree: EntreeBase) -> DocumentCanonique | None:
        return open_base(self._configuration).read_text(entree.fiche.id, entree.texte)
