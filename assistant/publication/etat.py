"""Which version of the document base is in service, and everything that is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from assistant.configuration import Configuration
from assistant.eligibility import Regles, charger_regles
from assistant.eligibility.revision import AUCUNE, Revision
from assistant.fiches.loading import (
    FicheEcartee,
    FichePrete,
    fill_cards,
    locate_cards,
    read_cards,
)
from corpus.base.models import EntreeBase, VersionBase
from corpus.base.store import Base, BaseInutilisable
from corpus.library import load_corpus
from corpus.models import DocumentCanonique
from index.storage import base_in_use

SHIPPED_AUTHOR = "Assistant Clas"
SHIPPED_REASON = "Textes livrés avec le programme"
_VERSION = TypeAdapter(VersionBase | None)


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a version of the base gives to answer from."""

    version: VersionBase
    documents: dict[str, DocumentCanonique]
    """Documents that are searched, by id."""
    revision: Revision
    regles: Regles
    fiches: tuple[FichePrete, ...]
    ecartees: tuple[FicheEcartee, ...]


def open_base(configuration: Configuration) -> Base:
    """The document base of a data folder."""
    return Base(configuration.donnees / "corpus")


def shipped_version(documents: Mapping[str, DocumentCanonique]) -> VersionBase:
    """The version that comes with the program: the same, to the bit, on every machine."""
    return VersionBase(
        numero=1,
        parent=None,
        auteur=SHIPPED_AUTHOR,
        date=None,
        motif=SHIPPED_REASON,
        documents=tuple(
            EntreeBase(fiche=document.fiche, texte=document.version, origine="livre")
            for document in documents.values()
        ),
    )


def version_in_service(configuration: Configuration) -> VersionBase | None:
    """The version that people are answered from; None before any index is built."""
    return _VERSION.validate_json(base_in_use(configuration.dossier_index))


def version_of_index(record: bytes) -> VersionBase | None:
    """The version of the base that an index was made of; None for one made without a base."""
    return _VERSION.validate_json(record)


def revision_in(record: bytes) -> Revision:
    """What was decided in the version of the base that an index was made of."""
    version = version_of_index(record)
    return revision_of(version) if version else AUCUNE


def keep_shipped(base: Base) -> VersionBase:
    """Keep the shipped texts and their version in the base, if they were not.

    Raises:
        ManifesteInutilisable: they cannot be read.
    """
    documents = load_corpus().documents
    for document in documents.values():
        base.keep_text(document)
    version = shipped_version(documents)
    base.keep_version(version)
    return version


def in_service(configuration: Configuration) -> tuple[Regles, dict[str, DocumentCanonique]]:
    """Rules and texts that a project is checked with: those in service, else those that ship.

    Raises:
        BaseInutilisable: a text of the version in service is lost or altered.
        ReglesInutilisables: a quotation of a rule is not in the texts.
    """
    version = version_in_service(configuration)
    if version is None:
        documents = dict(load_corpus().documents)
        return charger_regles(documents), documents
    documents = documents_of(open_base(configuration), version)
    return charger_regles(documents, revision=revision_of(version)), documents


def documents_of(base: Base, version: VersionBase) -> dict[str, DocumentCanonique]:
    """Documents that a version searches, read from the base.

    Raises:
        BaseInutilisable: a text is lost or altered.
    """
    found: dict[str, DocumentCanonique] = {}
    for name, entree in version.en_service.items():
        document = base.read_text(name, entree.texte)
        if document is None:
            raise BaseInutilisable(
                f"le texte du document {name}, version {entree.texte}, n'est plus dans la base"
            )
        # Its scope and years are those of the version, which may differ from the day it was kept.
        found[name] = document.model_copy(update={"fiche": entree.fiche})
    return found


def contents(base: Base, version: VersionBase) -> Contenu:
    """Read a version whole: texts, rules and cards, with what was put aside or mended in it.

    Raises:
        BaseInutilisable: a text is lost or altered.
        ReglesInutilisables: a quotation of a rule is not in the texts, nor mended.
    """
    documents = documents_of(base, version)
    revision = revision_of(version)
    regles = charger_regles(documents, revision=revision)
    withdrawn = {r.nom: r.raison for r in version.retraits if r.genre == "fiche"}
    cards = read_cards()
    for name, reason in revision.parametres.items():
        withdrawn |= {c.id: reason for c in cards if f"{{p:{name}}}" in c.model_dump_json()}
    ready, aside = locate_cards(fill_cards(cards, regles), documents, revision, withdrawn)
    return Contenu(version, documents, revision, regles, ready, aside)


def revision_of(version: VersionBase) -> Revision:
    """What a version decided about rules whose words changed."""
    mended: dict[str, dict[str, str]] = {}
    for repair in version.reparations:
        mended.setdefault(repair.document, {})[repair.ancien] = repair.nouveau
    return Revision(
        ecartes={r.nom: r.raison for r in version.retraits if r.genre == "regle"},
        parametres={r.nom: r.raison for r in version.retraits if r.genre == "parametre"},
        reparations=mended,
    )
