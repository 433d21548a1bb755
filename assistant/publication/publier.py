"""Publish a draft, or go back: prepared beside, verified, switched by one rename."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from assistant.answers.engine import assistant_over
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question
from assistant.preparation import Advance, index_contents
from assistant.publication.apercu import Apercu, preview
from assistant.publication.etat import (
    Contenu,
    contents,
    documents_of,
    holding,
    open_base,
    service_of,
    version_in_service,
)
from assistant.quotation import ReponseRefusee
from corpus.base.models import Brouillon, Evenement, VersionBase
from corpus.base.store import Base, BaseInutilisable
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from index.storage import index_of_base, open_named, use_version

_SMOKE = 8
"""Questions asked of a version before people are answered from it."""
_NAMED = 5


class PublicationRefusee(Exception):
    """A draft may not be published as it is; the message says why and what to do."""


def draft_version(base: Base, parent: VersionBase, draft: Brouillon) -> VersionBase:
    """The version that a draft would make, before it has an author and a reason."""
    return VersionBase(
        numero=max((v.numero for v in base.versions()), default=parent.numero) + 1,
        parent=draft.parent,
        auteur="(brouillon)",
        date=None,
        motif="(brouillon)",
        documents=draft.documents,
        retraits=draft.retraits,
        reparations=draft.reparations,
    )


def look(configuration: Configuration) -> tuple[Apercu, Contenu]:
    """What publishing the draft would change, beside the version in service.

    Raises:
        PublicationRefusee: there is no draft, or it was prepared upon another version.
        BaseInutilisable: the base cannot be read.
    """
    base = open_base(configuration)
    draft, parent = _draft_upon(base, configuration)
    documents = documents_of(base, draft_version(base, parent, draft))
    here = contents(base, parent)
    return preview(here, draft, documents), here


def publish(
    configuration: Configuration,
    auteur: str,
    motif: str,
    annonce: Callable[[str], None],
    advance: Advance = lambda _done, _total: None,
) -> VersionBase:
    """Publish the draft: people are answered from it as soon as this returns.

    Whatever stops this, people are answered from the version before or from the new one, whole. A
    draft that an interrupted publication had put in service is not published again: what was left
    to note is noted, and its version returned.

    Raises:
        PublicationRefusee: no draft, a draft upon another version, a quotation that is broken
            and neither mended nor put aside, or a version that does not answer as it should.
        BaseInutilisable: the base cannot be read, or somebody else is changing it.
        IndexInutilisable: the index could not be written.
    """
    base = open_base(configuration)
    with holding(configuration, base):
        done = _settle(base, configuration)
        if done is not None:
            annonce(f"Ce brouillon est déjà en service : c'est la version n° {done.numero}.")
            return done
        draft, parent = _draft_upon(base, configuration)
        _forget_unserved(base, draft)
        version = draft_version(base, parent, draft).model_copy(
            update={"auteur": auteur, "motif": motif, "date": datetime.now(UTC)}
        )
        annonce("Comparaison avec la version en service…")
        seen = preview(contents(base, parent), draft, documents_of(base, version))
        if seen.bloquants:
            raise PublicationRefusee(refusal(seen))
        name = _prepare(base, version, configuration, annonce, advance)
        _switch(base, version, configuration, name, _event("publier", version), annonce)
        # All that was made ready is in the version; what cannot be dropped is the next time.
        with suppress(BaseInutilisable):
            base.forget_ready()
    return version


def go_back(
    configuration: Configuration,
    identite: str,
    auteur: str,
    annonce: Callable[[str], None],
    advance: Advance = lambda _done, _total: None,
    *,
    motif: str | None = None,
) -> VersionBase:
    """Answer from a version published before, again; ``motif``: why, for the journal.

    Raises:
        BaseInutilisable: there is no such version, or it cannot be read.
        PublicationRefusee: it does not answer as it should.
        IndexInutilisable: the index could not be written.
    """
    base = open_base(configuration)
    with holding(configuration, base):
        _settle(base, configuration)
        version = base.read_version(identite)
        name = _prepare(base, version, configuration, annonce, advance)
        event = _event("revenir", version, auteur)
        told = event.model_copy(update={"detail": motif}) if motif else event
        _switch(base, version, configuration, name, told, annonce)
    return version


def _settle(base: Base, configuration: Configuration) -> VersionBase | None:
    """Note a publication that was stopped after its switch; return its version.

    The switch is what publishes: the journal and the draft follow, here if not then.
    """
    draft, version = base.read_draft(), version_in_service(configuration)
    if draft is None or version is None or not _is_of(version, draft):
        return None
    event = _event("publier", version)
    if not any((e.action, e.objet) == (event.action, event.objet) for e in base.read_journal()):
        base.log(event)
    base.drop_draft()
    return version


def _forget_unserved(base: Base, draft: Brouillon) -> None:
    """Drop versions of this very draft whose publication was stopped just before its switch."""
    told = {event.objet for event in base.read_journal()}
    for version in base.versions():
        if _is_of(version, draft) and _event("publier", version).objet not in told:
            base.drop_version(version.identite)


def _is_of(version: VersionBase, draft: Brouillon) -> bool:
    return (version.parent, version.documents, version.retraits, version.reparations) == (
        draft.parent,
        draft.documents,
        draft.retraits,
        draft.reparations,
    )


def _note(base: Base, event: Evenement, annonce: Callable[[str], None]) -> None:
    """Write down a switch that is done; what cannot be is said, and settled the next time."""
    try:
        base.log(event)
        if event.action == "publier":
            base.drop_draft()
    except BaseInutilisable as error:
        annonce(f"La version est en service, mais le journal n'a pas pu être tenu : {error}.")


def _draft_upon(base: Base, configuration: Configuration) -> tuple[Brouillon, VersionBase]:
    draft, parent = base.read_draft(), version_in_service(configuration)
    if draft is None:
        raise PublicationRefusee(
            "Rien n'est en préparation : ajoutez d'abord un texte (« clas corpus ajouter »)."
        )
    if parent is None:
        raise PublicationRefusee("L'index n'est pas encore construit : lancez « clas preparer ».")
    if draft.parent != parent.identite:
        raise PublicationRefusee(
            f"Le brouillon a été préparé sur la version {draft.parent} ; la version en service est "
            f"{parent.identite} (n° {parent.numero}). Abandonnez-le et refaites-le."
        )
    return draft, parent


def _prepare(
    base: Base,
    version: VersionBase,
    configuration: Configuration,
    annonce: Callable[[str], None],
    advance: Advance,
) -> str:
    """Index a version beside, unless it still is, and check it; return the name of its index."""
    name = index_of_base(configuration.dossier_index, version.identite)
    contenu = contents(base, version)
    if name is None:
        annonce("Préparation à côté de la version en service…")
        encoder = open_encoder(configuration.modele, configuration.dossier_modele)
        report = index_contents(
            contenu, encoder, configuration, advance, current=False, ready=base.read_ready
        )
        name = report.info.version
    annonce("Vérification de la nouvelle version…")
    _smoke(configuration, name, contenu)
    return name


def _switch(  # noqa: PLR0917 - what is put in service, where, and what is told of it
    base: Base,
    version: VersionBase,
    configuration: Configuration,
    name: str,
    event: Evenement,
    annonce: Callable[[str], None],
) -> None:
    """Answer from a version that was checked: for all replicas at once, where there are several.

    The base keeps it just before the switch, so that what is refused or stopped leaves none.
    """
    service = service_of(configuration)
    if service is None:
        base.keep_version(version)
        use_version(configuration.dossier_index, name)
        _note(base, event, annonce)
        return
    annonce("Envoi au magasin partagé…")
    service.send(name)
    with base.together() as ensemble:
        base.keep_version(version)
        base.log(event)
        if event.action == "publier":
            base.drop_draft()
        assert ensemble is not None  # a shared base writes in one transaction
        service.name(ensemble, name)
    use_version(configuration.dossier_index, name)


def _smoke(configuration: Configuration, name: str, contenu: Contenu) -> None:
    """Ask a few questions of a version: each answer's quotations are checked as it is sealed."""
    stored = open_named(configuration.dossier_index, name, load_lexicon())
    encoder = open_encoder(configuration.modele, configuration.dossier_modele)
    conseiller = Conseiller(assistant_over(stored, encoder, configuration))
    step = max(1, len(contenu.fiches) // _SMOKE)
    for card in contenu.fiches[::step]:
        question = Question(id="essai", question=card.fiche.titre)
        try:
            answered = bool(conseiller.repondre(question)[0].reponse.texte)
        except ReponseRefusee:
            answered = False
        if not answered:
            raise PublicationRefusee(
                f"La version préparée ne répond pas à « {card.fiche.titre} » : elle n'est pas mise "
                "en service."
            )


def refusal(seen: Apercu) -> str:
    """Say what stands in the way of publishing, and what to do."""
    names = list(dict.fromkeys(appui.nom for appui in seen.bloquants))
    shown = ", ".join(f"« {name} »" for name in names[:_NAMED])
    more = f" et {len(names) - _NAMED} autres" if len(names) > _NAMED else ""
    return (
        f"{len(names)} règles ou fiches citent des mots que les textes ne disent plus : {shown}"
        f"{more}. Réparez leurs citations ou mettez-les de côté, puis publiez."
    )


def _event(action: str, version: VersionBase, auteur: str | None = None) -> Evenement:
    return Evenement.model_validate(
        {
            "date": datetime.now(UTC),
            "auteur": auteur or version.auteur,
            "action": action,
            "objet": f"version {version.numero} ({version.identite})",
            "detail": version.motif,
        }
    )
