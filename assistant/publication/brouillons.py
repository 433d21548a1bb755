"""Change the draft: what the command line and the agents' page both call, with nothing to show.

Each change is made under the base's lock, upon the version in service, and told in the journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.configuration import Configuration
from assistant.publication.etat import holding, open_base, version_in_service
from assistant.publication.reparations import without_shown
from corpus.base.correction import corrected
from corpus.base.models import Brouillon, EntreeBase, Evenement, Retrait, VersionBase
from corpus.base.proposal import read_as
from corpus.base.store import Base
from corpus.library import SOURCES
from corpus.loading.errors import FichierRefuse
from corpus.loading.opening import load_bytes
from corpus.manifest import ManifesteInutilisable, read_checked
from corpus.models import DocumentCanonique, FicheDocument

_TEXT_FIELDS = frozenset({"mise_en_page", "mobilier", "lacunes", "titres_restitues"})
"""Fields that change the text itself: its file is read again."""


class ChangementRefuse(Exception):
    """The draft cannot be changed so; the message says why and what to do."""


class DemandeInutilisable(ValueError):
    """What is asked makes no sense: what was found, and what is accepted."""


@dataclass(frozen=True, slots=True)
class Etat:
    """The version in service, and the draft upon it."""

    parent: VersionBase
    brouillon: Brouillon
    nouveau: bool
    """Whether nothing was in preparation yet."""

    @property
    def documents(self) -> dict[str, EntreeBase]:
        """Every document of the draft, withdrawn ones included, by id."""
        return {entree.fiche.id: entree for entree in self.brouillon.documents}

    @property
    def change(self) -> bool:
        """Whether the draft says anything else than the version in service."""
        mine, theirs = self.brouillon, self.parent
        return (mine.documents, mine.retraits, mine.reparations) != (
            theirs.documents,
            theirs.retraits,
            theirs.reparations,
        )


def state_of(configuration: Configuration) -> Etat:
    """The draft as it is, or the one that a first change would begin.

    Raises:
        ChangementRefuse: no index is built, or the draft was prepared upon another version.
        BaseInutilisable: the draft cannot be read.
    """
    parent = version_in_service(configuration)
    if parent is None:
        raise ChangementRefuse("L'index n'est pas encore construit : lancez « clas preparer ».")
    draft = open_base(configuration).read_draft()
    if draft is None:
        begun = Brouillon(
            parent=parent.identite,
            documents=parent.documents,
            retraits=parent.retraits,
            reparations=parent.reparations,
        )
        return Etat(parent, begun, nouveau=True)
    if draft.parent != parent.identite:
        raise ChangementRefuse(
            f"Le brouillon a été préparé sur la version {draft.parent} ; la version en service est "
            f"{parent.identite} (n° {parent.numero}). Abandonnez-le (« clas corpus abandonner ») "
            "et refaites-le."
        )
    return Etat(parent, draft, nouveau=False)


def add_document(  # noqa: PLR0917 - what is kept, by whom and upon what
    configuration: Configuration,
    entree: EntreeBase,
    document: DocumentCanonique,
    contenu: bytes,
    auteur: str,
    vu: Etat,
) -> Etat:
    """Put a document in the draft, in place of the one of its id; keep its file and text.

    Args:
        configuration: where the base is.
        entree: the document; its ``remplace`` ends the years of the one that it replaces.
        document: its canonical text.
        contenu: the bytes of its file.
        auteur: who adds it.
        vu: the draft that it was compared with.

    Raises:
        ChangementRefuse: the draft changed since.
        BaseInutilisable: somebody else is changing the base.
    """
    with changing(configuration) as (base, now):
        if now.brouillon != vu.brouillon:
            raise ChangementRefuse(
                "Le brouillon a changé pendant la lecture du fichier : recommencez."
            )
        known = now.documents
        put_in(base, known, entree, document, contenu)
        save(base, now, documents=tuple(known.values()))
        log_added(base, entree, auteur)
    return state_of(configuration)


def put_in(
    base: Base,
    known: dict[str, EntreeBase],
    entree: EntreeBase,
    document: DocumentCanonique,
    contenu: bytes,
) -> None:
    """Put a document among those of a draft, and end the years of the one that it replaces.

    Its file and text are kept; the draft is written by whoever calls, who holds the base.
    """
    base.keep_file(contenu)
    base.keep_text(document)
    known[entree.fiche.id] = entree
    old = known.get(entree.remplace or "")
    if old is not None:
        known[old.fiche.id] = _with(base, old, ended_before(old.fiche, entree))


def log_added(base: Base, entree: EntreeBase, auteur: str) -> None:
    """Tell the journal of a document put in the draft."""
    detail = f"{entree.fiche.fichier}, texte {entree.texte}"
    log(base, "ajouter", auteur, f"document {entree.fiche.id}", detail)


def ended_before(old: FicheDocument, new: EntreeBase) -> FicheDocument:
    """The entry of a document that another replaces: valid until the school year before."""
    first = new.fiche.premiere_annee
    if first is None:
        return old
    last = f"{int(first[:4]) - 1}-{first[:4]}"
    too_early = old.premiere_annee is not None and last < old.premiere_annee
    if too_early or (old.derniere_annee is not None and old.derniere_annee <= last):
        return old
    return old.model_copy(update={"derniere_annee": last})


def amend(
    configuration: Configuration,
    name: str,
    fields: Mapping[str, object],
    remplace: str | None,
    auteur: str,
) -> EntreeBase:
    """Change the entry of a document in the draft; its text is read again where that changes it.

    ``remplace``: the document that it comes after, whose years end then; empty: none any more.

    Raises:
        DemandeInutilisable: no such document, or a value that is not accepted.
        ChangementRefuse: its file cannot be read again.
    """
    with changing(configuration) as (base, now):
        entree = _entry(now, name)
        if fields.get("id", name) != name:
            raise DemandeInutilisable(
                f"id : le document {name} ne change pas d'identifiant ; retirez-le et ajoutez-le "
                "sous un autre"
            )
        if remplace:
            _entry(now, remplace)
        try:
            fiche = corrected(entree.fiche, fields)
        except ValueError as error:
            raise DemandeInutilisable(str(error)) from error
        new = _with(base, entree, fiche)
        if any(getattr(fiche, f) != getattr(entree.fiche, f) for f in _TEXT_FIELDS):
            document = _read_again(base, fiche)
            base.keep_text(document)
            new = new.model_copy(update={"texte": document.version})
        known = now.documents | {name: new}
        if remplace == "":
            known[name] = new = new.model_copy(update={"remplace": None})
        elif remplace is not None:
            known[name] = new = new.model_copy(update={"remplace": remplace})
            old = known[remplace]
            known[remplace] = _with(base, old, ended_before(old.fiche, new))
        save(base, now, documents=tuple(known.values()))
        told = changed_fields(entree.fiche, fiche)
        log(base, "modifier", auteur, f"document {name}", ", ".join(told))
    return new


def changed_fields(before: FicheDocument, after: FicheDocument) -> tuple[str, ...]:
    """Names of the fields that differ."""
    return tuple(
        name for name in FicheDocument.model_fields if getattr(before, name) != getattr(after, name)
    )


def _with(base: Base, entree: EntreeBase, fiche: FicheDocument) -> EntreeBase:
    """A document with another entry: from then on it is the keeper's, and its file is kept."""
    if fiche == entree.fiche:
        return entree
    shipped = SOURCES / entree.fiche.fichier
    if entree.origine == "livre" and shipped.is_file():
        base.keep_file(read_checked(entree.fiche, SOURCES))
    return entree.model_copy(update={"fiche": fiche, "origine": "apporte"})


def _read_again(base: Base, fiche: FicheDocument) -> DocumentCanonique:
    try:
        return read_as(load_bytes(base.read_file(fiche.sha256), fiche.fichier), fiche)
    except (FichierRefuse, ManifesteInutilisable) as error:
        raise ChangementRefuse(str(error)) from error


def withdraw(
    configuration: Configuration, names: Sequence[str], raison: str, auteur: str
) -> tuple[str, ...]:
    """Withdraw documents; those that only the draft had leave it. Return the former.

    Raises:
        DemandeInutilisable: no such document.
        ChangementRefuse: nothing would be left to answer from.
    """
    with changing(configuration) as (base, now):
        known = now.documents
        published = {entree.fiche.id for entree in now.parent.documents}
        for name in names:
            entree = _entry(now, name)
            if name in published:
                known[name] = entree.model_copy(update={"retire": True})
            else:
                del known[name]
        if all(entree.retire for entree in known.values()):
            raise ChangementRefuse("Il ne resterait aucun texte pour répondre : rien n'est retiré.")
        save(base, now, documents=tuple(known.values()))
        for name in names:
            log(base, "retirer", auteur, f"document {name}", raison)
    return tuple(name for name in names if name in published)


def restore(configuration: Configuration, name: str, auteur: str) -> tuple[Retrait, ...]:
    """Bring a withdrawn document back in the draft, with all that its withdrawal put aside.

    Raises:
        DemandeInutilisable: no such document, or it is not withdrawn.
    """
    with changing(configuration) as (base, now):
        entree = _entry(now, name)
        if not entree.retire:
            raise DemandeInutilisable(f"Le document {name} n'est pas retiré.")
        known = now.documents | {name: entree.model_copy(update={"retire": False})}
        gone = {e.fiche.id for e in known.values() if e.retire}
        aside = now.brouillon.retraits
        back = tuple(r for r in aside if name in r.textes and not gone & {*r.textes})
        save(
            base,
            now,
            documents=tuple(known.values()),
            retraits=tuple(r for r in aside if r not in back),
            reparations=tuple(without_shown(now.brouillon.reparations, back)),
        )
        log(base, "reprendre", auteur, f"document {name}")
        for retrait in back:
            log(base, "reprendre", auteur, f"{retrait.genre} {retrait.nom}")
    return back


def drop(configuration: Configuration, auteur: str) -> bool:
    """Give up what was being prepared; false when nothing was."""
    base = open_base(configuration)
    with holding(configuration, base):
        there = base.has_draft()
        base.drop_draft()
        base.forget_ready()
        if there:
            log(base, "abandonner", auteur, "brouillon")
    return there


def _entry(now: Etat, name: str) -> EntreeBase:
    found = now.documents.get(name)
    if found is None:
        known = ", ".join(now.documents)
        raise DemandeInutilisable(f"Document « {name} » inconnu ; documents connus : {known}.")
    return found


@contextmanager
def changing(configuration: Configuration) -> Iterator[tuple[Base, Etat]]:
    """Hold the base, with the draft as it is."""
    base = open_base(configuration)
    with holding(configuration, base):
        yield base, state_of(configuration)


def save(base: Base, now: Etat, **update: object) -> None:
    """Replace the draft by one with other values."""
    base.write_draft(Brouillon.model_validate(now.brouillon.model_copy(update=update)))


def log(base: Base, action: str, auteur: str, objet: str, detail: str = "") -> None:
    """Tell the journal who did what."""
    base.log(
        Evenement.model_validate(
            {
                "date": datetime.now(UTC),
                "auteur": auteur,
                "action": action,
                "objet": objet,
                "detail": detail,
            }
        )
    )
