"""Set-up: install the model, build the index. Safe to repeat, resumes after an interruption."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from assistant.answers.modeles import NOMS, models_for
from assistant.configuration import Configuration
from assistant.fiches.loading import dump_cards, ways_to_ask
from assistant.publication.etat import (
    Contenu,
    contents,
    holding,
    keep_shipped,
    open_base,
    service_of,
    version_in_service,
)
from corpus.base.models import EntreeBase, VersionBase
from corpus.base.store import Base
from index.build import BuildReport, build_index
from index.embedding.encoder import Encoder
from index.embedding.factory import open_encoder
from index.embedding.installation import installer
from index.lexicon import load_lexicon
from index.ready import ReadReady

Advance = Callable[[int, int], None]


def preparer(
    configuration: Configuration,
    annonce: Callable[[str], None],
    advance: Advance = lambda _done, _total: None,
    *,
    nouveau_modele: bool = False,
) -> BuildReport:
    """Install the default model unless another is configured, then bring the index up to date.

    The texts are those of the version of the document base in service; where the program comes
    with newer ones than it holds, these take their place.

    Args:
        configuration: where things live and which model is used.
        annonce: told, in French, what is being done.
        advance: told (texts embedded, texts to embed): passages, and questions of cards.
        nouveau_modele: whether to replace what is in service in a shared store with what this
            machine's model makes, where it is another.

    Raises:
        ErreurModele: the model cannot be had.
        ManifesteInutilisable: the shipped corpus cannot be read.
        BaseInutilisable: the document base cannot be read; or what is in service in the shared
            store was made with another model.
    """
    configuration.donnees.mkdir(parents=True, exist_ok=True)
    if configuration.modele is None:
        installer(configuration.dossier_modele, annonce=annonce)
    encoder = open_encoder(configuration.modele, configuration.dossier_modele)
    service = service_of(configuration)
    if service is not None and not nouveau_modele:
        service.check_model(encoder.description)
    report = prepare_index(configuration, encoder, annonce, advance)
    models = models_for(encoder.description, configuration)
    annonce(f"Classement : {NOMS[models.rangement]}.")
    return report


def prepare_index(
    configuration: Configuration,
    encoder: Encoder,
    annonce: Callable[[str], None],
    advance: Advance = lambda _done, _total: None,
) -> BuildReport:
    """Bring the index up to date with an encoder (see ``preparer``)."""
    annonce("Lecture des textes…")
    base = open_base(configuration)
    # Whoever publishes meanwhile goes first: the version in service is read after it.
    # The model was compared with that of the version in service, where it had to be.
    with holding(configuration, base, wait=True, any_model=True):
        base.adopt()
        shipped = keep_shipped(base)
        version = up_to_date(version_in_service(configuration), shipped)
        base.keep_version(version)
        contenu = contents(base, version)
        for card in contenu.ecartees:
            annonce(f"Fiche « {card.id} » écartée : {card.raison}")
        report = index_contents(contenu, encoder, configuration, advance)
        _share(configuration, base, report.info.version, annonce)
    annonce(
        f"Index {report.info.version} : {report.info.passages} passages. Vecteurs des passages et "
        f"des questions des fiches : {report.embedded} calculés, {report.reused} repris."
    )
    return report


def _share(
    configuration: Configuration, base: Base, version: str, annonce: Callable[[str], None]
) -> None:
    """Let the replicas of a shared store answer from what this machine made, where it is new."""
    service = service_of(configuration)
    if service is None:
        return
    if service.in_service() == version:
        service.spread(version)
        return
    annonce("Envoi au magasin partagé…")
    service.send(version)
    with base.together() as ensemble:
        assert ensemble is not None  # a shared base writes in one transaction
        service.name(ensemble, version)


def index_contents(
    contenu: Contenu,
    encoder: Encoder,
    configuration: Configuration,
    advance: Advance = lambda _done, _total: None,
    *,
    current: bool = True,
    ready: ReadReady = lambda _name: None,
) -> BuildReport:
    """Index a version of the base; by default, answer from it from now on.

    ``ready``: gives vectors made ahead, which are not made again.
    """
    return build_index(
        contenu.documents,
        encoder,
        load_lexicon(),
        configuration.dossier_index,
        advance=advance,
        asked=ways_to_ask(contenu.indexees),
        attached=dump_cards(contenu.indexees),
        base=contenu.version.model_dump_json().encode("utf-8"),
        current=current,
        ready=ready,
    )


def up_to_date(in_service: VersionBase | None, shipped: VersionBase) -> VersionBase:
    """The version in service, with the texts that ship now in place of those that shipped then.

    A document that whoever keeps the corpus brought, replaced or withdrew stays as they left it.
    """
    if in_service is None or _as_shipped(in_service):
        return shipped
    new = {entree.fiche.id: entree for entree in shipped.documents}
    kept = tuple(_renewed(entree, new) for entree in in_service.documents)
    known = {entree.fiche.id for entree in kept}
    documents = (*kept, *(e for name, e in new.items() if name not in known))
    if documents == in_service.documents:
        return in_service
    return VersionBase(
        numero=in_service.numero + 1,
        parent=in_service.identite,
        auteur=shipped.auteur,
        date=datetime.now(UTC),
        motif="Mise à jour des textes livrés avec le programme",
        documents=documents,
        retraits=in_service.retraits,
        reparations=in_service.reparations,
    )


def _as_shipped(version: VersionBase) -> bool:
    """Whether nobody changed anything in a version since it was installed."""
    decided = version.retraits or version.reparations
    return not decided and all(e.origine == "livre" and not e.retire for e in version.documents)


def _renewed(entree: EntreeBase, shipped: dict[str, EntreeBase]) -> EntreeBase:
    new = shipped.get(entree.fiche.id)
    if entree.origine == "apporte" or new is None:
        return entree
    return new.model_copy(update={"retire": entree.retire})
