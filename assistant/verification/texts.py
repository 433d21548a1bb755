"""The texts that a quotation is looked for in: those in service, and all that ever were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.configuration import Configuration
from assistant.publication.etat import documents_of, open_base, version_in_service
from assistant.quotation import IndexCitation
from assistant.verification.models import Fin, Remplacement
from corpus.base.models import EntreeBase, VersionBase
from corpus.base.store import Base
from corpus.comparison.alignment import Alignement, align
from corpus.comparison.reading import Lecture, read_words
from corpus.library import load_corpus
from corpus.models import DocumentCanonique, FicheDocument

Cle = tuple[str, str]
"""A document and the version of its text."""


@dataclass(frozen=True, slots=True)
class Ancien:
    """A text that is no longer in service: its entry of the day, and why it went."""

    fiche: FicheDocument
    version: str
    remplacement: Remplacement


class Recueil:
    """Texts in service and before; what is worked out of each is worked out once."""

    def __init__(
        self,
        en_service: Mapping[str, DocumentCanonique],
        anciens: Sequence[Ancien] = (),
        base: Base | None = None,
    ) -> None:
        self.en_service = dict(en_service)
        self.anciens = {(a.fiche.id, a.version): a for a in anciens}
        self._base = base
        self._textes: dict[Cle, DocumentCanonique | None] = {}
        self._indexes: dict[Cle, IndexCitation] = {}
        self._lectures: dict[Cle, Lecture] = {}
        self._alignements: dict[tuple[Cle, Cle], Alignement] = {}

    def document(self, nom: str, version: str | None = None) -> DocumentCanonique | None:
        """A text by its document and version (by default, the one in service).

        Raises:
            BaseInutilisable: the base holds it, altered.
        """
        present = self.en_service.get(nom)
        if present is not None and version in (None, present.version):
            return present
        if version is None:
            return None
        ancien = self.anciens.get((nom, version))
        if ancien is None or self._base is None:
            return None
        if (nom, version) not in self._textes:
            lu = self._base.read_text(nom, version)
            self._textes[nom, version] = lu and lu.model_copy(update={"fiche": ancien.fiche})
        return self._textes[nom, version]

    def old_texts(self) -> tuple[DocumentCanonique, ...]:
        """Every text that left service, latest gone first."""
        lus = (self.document(nom, version) for nom, version in self.anciens)
        return tuple(lu for lu in lus if lu is not None)

    def index(self, document: DocumentCanonique) -> IndexCitation:
        """What quotations of a text are looked up in."""
        cle = (document.fiche.id, document.version)
        if cle not in self._indexes:
            self._indexes[cle] = IndexCitation(document)
        return self._indexes[cle]

    def lecture(self, document: DocumentCanonique) -> Lecture:
        """The words and sentences of a text."""
        cle = (document.fiche.id, document.version)
        if cle not in self._lectures:
            self._lectures[cle] = read_words(document)
        return self._lectures[cle]

    def alignement(self, ancien: DocumentCanonique, nouveau: DocumentCanonique) -> Alignement:
        """Which word of a text each word of another is."""
        cle = ((ancien.fiche.id, ancien.version), (nouveau.fiche.id, nouveau.version))
        if cle not in self._alignements:
            self._alignements[cle] = align(ancien, nouveau)
        return self._alignements[cle]

    def remplacement(self, document: DocumentCanonique) -> Remplacement | None:
        """Why a text is no longer in service; None while it is."""
        ancien = self.anciens.get((document.fiche.id, document.version))
        return ancien.remplacement if ancien else None

    def versions(self, nom: str) -> tuple[str, ...]:
        """Versions of a document that can be read, the one in service first."""
        present = self.en_service.get(nom)
        return (
            *((present.version,) if present else ()),
            *(version for autre, version in self.anciens if autre == nom),
        )

    def documents(self) -> tuple[str, ...]:
        """Every document that is or was in service."""
        return tuple(dict.fromkeys([*self.en_service, *(nom for nom, _ in self.anciens)]))


def open_texts(configuration: Configuration) -> Recueil:
    """Open the texts of a data folder; those that ship, before anything is set up.

    Raises:
        BaseInutilisable: a text in service is lost or altered.
        ManifesteInutilisable: the texts that ship cannot be read.
    """
    version = version_in_service(configuration)
    if version is None:
        return Recueil(load_corpus().documents)
    base = open_base(configuration)
    return Recueil(documents_of(base, version), out_of_service(base.versions(), version), base)


def out_of_service(versions: Sequence[VersionBase], present: VersionBase) -> tuple[Ancien, ...]:
    """Every text of a version of the base that is not in service, latest gone first."""
    gone: dict[Cle, Ancien] = {}
    served = {(nom, entree.texte) for nom, entree in present.en_service.items()}
    known = {version.identite: version for version in versions}
    child, chain = present, {present.identite}
    while child.parent in known and child.parent not in chain:
        parent = known[child.parent]
        for entree in parent.documents:
            cle = (entree.fiche.id, entree.texte)
            left = _left(entree, child)
            if left is not None and cle not in served and cle not in gone:
                gone[cle] = Ancien(entree.fiche, entree.texte, left)
        chain.add(parent.identite)
        child = parent
    for version in versions:
        for entree in version.documents:
            cle = (entree.fiche.id, entree.texte)
            if cle not in served and cle not in gone:
                gone[cle] = Ancien(
                    entree.fiche,
                    entree.texte,
                    _gone("retire" if entree.retire else "abandonne", version),
                )
    return tuple(gone.values())


def _left(entree: EntreeBase, child: VersionBase) -> Remplacement | None:
    """How a text left with the version that came after; None when it did not."""
    after = next((e for e in child.documents if e.fiche.id == entree.fiche.id), None)
    if entree.retire:
        return None
    if after is None or after.retire:
        # Another document may say that it comes after this one.
        after = next((e for e in child.documents if e.remplace == entree.fiche.id), None)
    if after is None:
        return _gone("retire", child)
    if after.texte == entree.texte and after.fiche.id == entree.fiche.id:
        return None
    came = {
        "titre": after.fiche.titre, "document": after.fiche.id, "version": after.texte
    }  # fmt: skip
    return _gone("remplace", child).model_copy(update=came)


def _gone(sorte: Fin, version: VersionBase) -> Remplacement:
    return Remplacement(sorte=sorte, date=version.date, auteur=version.auteur, motif=version.motif)
