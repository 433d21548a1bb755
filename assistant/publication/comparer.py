"""``clas corpus comparer``: the draft, two versions of the base, two texts, two files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assistant.configuration import Configuration
from assistant.eligibility.ledger import lire_registre
from assistant.publication.apercu import Apercu, preview
from assistant.publication.brouillons import DemandeInutilisable, Etat, state_of
from assistant.publication.comparaison import (
    DocumentRapporte,
    Rapport,
    report_document,
    report_preview,
)
from assistant.publication.etat import (
    Contenu,
    contents,
    documents_of,
    open_base,
    version_in_service,
)
from assistant.publication.publier import draft_version, look
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import effects
from corpus.base.models import Brouillon, EntreeBase, VersionBase
from corpus.base.proposal import like, propose
from corpus.base.store import Base, BaseInutilisable
from corpus.comparison.alignment import align
from corpus.comparison.changes import list_changes
from corpus.loading.opening import load_bytes, read_regular, shown_name
from corpus.models import DocumentCanonique

_IDENTITY = re.compile(r"[0-9a-f]{12}")
Cote = VersionBase | DocumentCanonique


def compare_draft(
    configuration: Configuration, vu: tuple[Apercu, Contenu] | None = None
) -> Rapport:
    """The draft beside the version in service; ``vu``: what ``look`` gave of it, if it did.

    Raises:
        PublicationRefusee: there is no draft, or it was prepared upon another version.
        BaseInutilisable: the base cannot be read.
    """
    seen, here = vu or look(configuration)
    state, base = state_of(configuration), open_base(configuration)
    parent, draft = state.parent, state.brouillon
    documents = documents_of(base, draft_version(base, parent, draft))
    report = report_preview(
        seen,
        parent.documents,
        draft.documents,
        (f"version {parent.numero} (en service)", "brouillon"),
        _successions(here, state, documents),
    )
    before = set(parent.retraits)
    return report.model_copy(
        update={
            "brouillon": True,
            "mis_de_cote": tuple(
                f"{r.nom} : {r.raison}" for r in draft.retraits if r not in before
            ),
            "reparations": len(set(draft.reparations) - set(parent.reparations)),
        }
    )


def _successions(
    here: Contenu, state: Etat, documents: dict[str, DocumentCanonique]
) -> Iterator[DocumentRapporte]:
    """Documents that come after another one, beside it."""
    for entree in state.brouillon.documents:
        old = here.documents.get(entree.remplace or "")
        new = documents.get(entree.fiche.id)
        if old is not None and new is not None and entree.fiche.id not in here.documents:
            yield compare_texts(old, new, here, succede=True)


def compare_texts(
    old: DocumentCanonique,
    new: DocumentCanonique,
    here: Contenu | None = None,
    *,
    succede: bool = False,
) -> DocumentRapporte:
    """Compare two texts; what rests on the old one is told where it is in service (``here``)."""
    alignement = align(old, new)
    touched = effects(alignement, _supports(here)) if here else ()
    return report_document(alignement, list_changes(alignement), touched, succede=succede)


def _supports(here: Contenu) -> tuple[Appui, ...]:
    return list_supports(here.documents, here.regles, here.fiches, lire_registre())


def compare_two(configuration: Configuration, first: str, second: str) -> Rapport:
    """Two versions of the base, or two texts: ``DOCUMENT``, ``DOCUMENT@version`` or a file.

    Raises:
        DemandeInutilisable: one is neither, or they are not of the same kind.
        FichierRefuse: a file cannot be read.
        BaseInutilisable: the base cannot be read.
    """
    base = open_base(configuration)
    old = resolve(configuration, base, first, None)
    new = resolve(configuration, base, second, old if isinstance(old, DocumentCanonique) else None)
    if isinstance(old, VersionBase) and isinstance(new, VersionBase):
        return _compare_versions(base, old, new)
    if isinstance(old, DocumentCanonique) and isinstance(new, DocumentCanonique):
        report = compare_texts(old, new, _if_in_service(configuration, base, old))
        return Rapport(ancien=first, nouveau=second, documents=(report,))
    raise DemandeInutilisable(
        "une version de la base ne se compare qu'à une autre version, un texte à un "
        f"autre texte ; trouvé « {first} » et « {second} »"
    )


def _compare_versions(base: Base, old: VersionBase, new: VersionBase) -> Rapport:
    draft = Brouillon(
        parent=old.identite,
        documents=new.documents,
        retraits=new.retraits,
        reparations=new.reparations,
    )
    seen = preview(contents(base, old), draft, documents_of(base, new))
    names = (f"version {old.numero}", f"version {new.numero}")
    return report_preview(seen, old.documents, new.documents, names).model_copy(
        update={"bloquants": ()}
    )


def _if_in_service(
    configuration: Configuration, base: Base, old: DocumentCanonique
) -> Contenu | None:
    version = version_in_service(configuration)
    entree = version.en_service.get(old.fiche.id) if version else None
    if version is None or entree is None or entree.texte != old.version:
        return None
    return contents(base, version)


def version_named(base: Base, name: str) -> VersionBase | None:
    """A version by its identity or its number; None where there is none."""
    if _IDENTITY.fullmatch(name):
        return base.read_version(name)
    if name.isascii() and name.isdigit() and len(name) <= 2:  # noqa: PLR2004 - « 004 » is a document
        return next((v for v in base.versions() if v.numero == int(name)), None)
    return None


def resolve(
    configuration: Configuration, base: Base, name: str, beside: DocumentCanonique | None
) -> Cote:
    """What is compared under a name.

    Raises:
        DemandeInutilisable: it names nothing.
    """
    path = Path(name)
    if path.is_file():
        return _of_file(path, beside)
    entree = _in_service(configuration).get(name)
    if entree is not None:
        return _kept(base, entree)
    document, mark, text = name.partition("@")
    if mark:
        found = base.read_text(document, text)
        if found is not None:
            return found
    else:
        version = version_named(base, name)
        if version is not None:
            return version
    known = ", ".join(f"{v.numero} ({v.identite})" for v in base.versions()[:5])
    raise DemandeInutilisable(
        f"« {shown_name(name)} » n'est ni une version de la base ({known or 'aucune'}), "
        "ni un document (comme 004), ni un texte conservé (DOCUMENT@version), ni un fichier"
    )


def _in_service(configuration: Configuration) -> dict[str, EntreeBase]:
    version = version_in_service(configuration)
    return {e.fiche.id: e for e in version.documents} if version else {}


def _kept(base: Base, entree: EntreeBase) -> DocumentCanonique:
    found = base.read_text(entree.fiche.id, entree.texte)
    if found is None:
        raise BaseInutilisable(f"le texte du document {entree.fiche.id} n'est plus dans la base")
    return found.model_copy(update={"fiche": entree.fiche})


def _of_file(path: Path, beside: DocumentCanonique | None) -> DocumentCanonique:
    content = read_regular(path)
    charge = load_bytes(content, path.name)
    digest = hashlib.sha256(content).hexdigest()
    proposed = propose(charge, shown_name(path.name), digest, (), date.today())  # noqa: DTZ011 - of the place
    read = like(proposed, beside.fiche, charge) if beside else proposed
    return read.document
