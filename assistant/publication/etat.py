"""Which version of the document base is in service, and everything that is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from assistant.configuration import Configuration
from assistant.eligibility import Regles, charger_regles
from assistant.eligibility.revision import AUCUNE, Element, Revision, element_de
from assistant.fiches.loading import (
    FicheEcartee,
    FichePrete,
    fill_cards,
    indexed_cards,
    locate_cards,
    read_cards,
)
from assistant.fiches.model import Fiche
from assistant.magasin import magasin_de_base
from assistant.models import Citation
from corpus.base.models import Archive, EntreeBase, Reparation, VersionBase
from corpus.base.rangement import Dossier
from corpus.base.store import Base, BaseInutilisable
from corpus.library import load_corpus
from corpus.models import DocumentCanonique
from index.storage import base_in_use

if TYPE_CHECKING:
    from assistant.replique.service import ServicePartage

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
    """Cards that are served."""
    ecartees: tuple[FicheEcartee, ...]
    """Cards that are not, and why."""

    @property
    def indexees(self) -> tuple[FichePrete, ...]:
        """Cards that are found: those served, and those put aside, which keep their place."""
        return indexed_cards(self.fiches, self.ecartees)


def open_base(configuration: Configuration) -> Base:
    """The document base: of the shared store where there is one, else of the data folder."""
    folder = configuration.donnees / "corpus"
    if configuration.magasin is None:
        return Base(folder)
    # First: it is what says, in words, that the extra is not installed.
    magasin = magasin_de_base(configuration.magasin)
    from corpus.base.partage import Partage  # noqa: PLC0415 - an extra, absent by default

    return Base(folder, Partage(magasin, Dossier(folder)))


def service_of(configuration: Configuration) -> ServicePartage | None:
    """Which version all the replicas answer from; None where this machine alone decides."""
    if configuration.magasin is None:
        return None
    magasin = magasin_de_base(configuration.magasin)
    from assistant.replique.noeuds import noeuds_de  # noqa: PLC0415 - an extra
    from assistant.replique.service import ServicePartage  # noqa: PLC0415 - the same

    plan = configuration.fragments
    noeuds = None if plan is None else partial(noeuds_de, plan)
    return ServicePartage(magasin, configuration.dossier_index, noeuds)


@contextmanager
def holding(
    configuration: Configuration, base: Base, *, wait: bool = False, any_model: bool = False
) -> Iterator[None]:
    """Hold a base for oneself, from the version in service: another machine may have published it.

    ``wait``: for whoever holds it; ``any_model``: whatever model made the version in service.

    Raises:
        BaseInutilisable: somebody else holds it, or what is in service cannot be brought here.
    """
    with base.writing(wait=wait):
        service = service_of(configuration)
        if service is not None:
            service.follow(any_model=any_model, checking=True)
        yield


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
    for citation in archives_of(revision):
        _check_archive(base, citation)
    regles = charger_regles(documents, revision=revision)
    withdrawn = {r.nom: r.raison for r in version.retraits if r.genre == "fiche"}
    cards = read_cards()
    for element, reason in revision.parametres.items():
        withdrawn |= {card.id: reason for card in cards if _says(card, element)}
    ready, aside = locate_cards(fill_cards(cards, regles), documents, revision, withdrawn)
    return Contenu(version, documents, revision, regles, ready, aside)


def _check_archive(base: Base, citation: Citation) -> None:
    """Check a quotation of a withdrawn text against what the base keeps of it."""
    document = base.read_text(citation.document, citation.version)
    words = document.texte[citation.debut : citation.fin] if document else None
    if words != citation.extrait:
        raise BaseInutilisable(
            f"le texte retiré du document {citation.document}, version {citation.version}, n'est "
            "plus dans la base, ou ne dit plus ce qu'une règle mise de côté en montre"
        )


def _says(card: Fiche, element: str) -> bool:
    """Whether a card says the value of a parameter (« depot_limite (34) »: of a département)."""
    name, _, place = element.removesuffix(")").partition(" (")
    return f"{{p:{name}}}" in card.model_dump_json() and place in ("", card.portee)


def revision_of(version: VersionBase) -> Revision:
    """What a version decided about rules whose words changed."""
    mended: dict[str, dict[str, str]] = {}
    shown: dict[Element, dict[tuple[str, str], str]] = {}
    kept: dict[Element, dict[tuple[str, str], Citation]] = {}
    entries = {entree.fiche.id: entree for entree in version.documents}
    for repair in version.reparations:
        words = (repair.document, repair.ancien)
        for element in map(_element, repair.pour if repair.montre else ()):
            if repair.archive is None:
                shown.setdefault(element, {})[words] = repair.nouveau
            elif repair.document in entries:
                cited = _archived(entries[repair.document], repair, repair.archive)
                kept.setdefault(element, {})[words] = cited
        if not repair.montre:
            mended.setdefault(repair.document, {})[repair.ancien] = repair.nouveau
    return Revision(
        ecartes={element_de(r.nom)[1]: r.raison for r in version.retraits if r.genre == "regle"},
        parametres={r.nom: r.raison for r in version.retraits if r.genre == "parametre"},
        reparations=mended,
        montres=shown,
        archives=kept,
    )


def _element(named: str) -> Element:
    genre, _, nom = named.partition(" ")
    return genre, nom


def _archived(entree: EntreeBase, repair: Reparation, archive: Archive) -> Citation:
    """The quotation of a text that is no longer in service, named as such."""
    gone = "texte retiré" if entree.retire else "texte d'avant"
    return Citation(
        document=repair.document,
        version=archive.texte,
        titre=f"{entree.fiche.titre} ({gone})",
        portee=entree.fiche.portee,
        annee=entree.fiche.annee,
        section=archive.section,
        page=archive.page,
        extrait=repair.nouveau,
        debut=archive.debut,
        fin=archive.fin,
    )


def archives_of(revision: Revision) -> tuple[Citation, ...]:
    """Quotations of withdrawn texts that rules put aside show, each once."""
    return tuple(dict.fromkeys(c for cited in revision.archives.values() for c in cited.values()))
