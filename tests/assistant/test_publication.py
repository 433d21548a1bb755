"""Preparing, publishing, going back: people are always answered from one whole version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rangements import Rangements, damage_text

from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.eligibility import verifier
from assistant.models import Question
from assistant.publication.apercu import put_aside
from assistant.publication.etat import (
    contents,
    documents_of,
    open_base,
    service_of,
    version_in_service,
)
from assistant.publication.publier import (
    PublicationRefusee,
    draft_version,
    go_back,
    look,
    publish,
)
from corpus.base.models import Brouillon, EntreeBase, VersionBase
from corpus.base.store import BaseInutilisable
from corpus.canonical import build_canonical
from corpus.library import SOURCES
from corpus.manifest import read_source
from corpus.models import DocumentCanonique
from index.storage import current_version

pytestmark = pytest.mark.long
"""Publishing for real: an index is made for each version."""

WHATEVER_THE_STORE = pytest.mark.parametrize("rangements", ["dossier"], indirect=True)
"""What a version says, once it is read, is not a matter of where it was kept."""

REASON = "le nombre d'enfants a changé dans le référentiel"


@pytest.fixture
def place(rangements: Rangements, tmp_path: Path) -> Iterator[Configuration]:
    """A place of one's own, as the program set it up."""
    with rangements.copie(rangements.depart, tmp_path) as place:
        yield place


def in_service(place: Configuration) -> VersionBase:
    version, service = version_in_service(place), service_of(place)
    assert version is not None
    if service is not None:
        # What this machine answers from is what all answer from.
        assert service.in_service() == current_version(place.dossier_index)
    return version


def rewritten(document: DocumentCanonique, old: str, new: str) -> DocumentCanonique:
    source = read_source(document.fiche, SOURCES)
    assert old in source
    return build_canonical(source.replace(old, new), document.fiche)


def prepare(place: Configuration, old: str = "8 à 12", new: str = "6 à 10") -> None:
    """Put a new text of the référentiel in the draft."""
    base, parent = open_base(place), in_service(place)
    text = rewritten(documents_of(base, parent)["001"], old, new)
    base.keep_text(text)
    base.write_draft(
        Brouillon(
            parent=parent.identite,
            documents=tuple(_replaced(e, text) for e in parent.documents),
        )
    )


def _replaced(entree: EntreeBase, text: DocumentCanonique) -> EntreeBase:
    if entree.fiche.id != text.fiche.id:
        return entree
    return entree.model_copy(update={"texte": text.version, "origine": "apporte"})


def set_aside_what_broke(place: Configuration) -> None:
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    seen, _ = look(place)
    documents = documents_of(base, draft_version(base, in_service(place), draft))
    retraits, reparations = put_aside(seen, seen.bloquants, REASON, documents)
    base.write_draft(draft.model_copy(update={"retraits": retraits, "reparations": reparations}))


def published(place: Configuration) -> VersionBase:
    prepare(place)
    set_aside_what_broke(place)
    return publish(place, "Une gestionnaire", "Référentiel revu", annonce=lambda _: None)


@pytest.fixture(scope="module")
def after(
    rangements: Rangements, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Configuration]:
    """A place where a new text of the référentiel was published; only read."""
    with rangements.copie(rangements.depart, tmp_path_factory.mktemp("publiee")) as place:
        published(place)
        yield place


@pytest.fixture
def later(after: Configuration, rangements: Rangements, tmp_path: Path) -> Iterator[Configuration]:
    """A place of one's own, where it was published."""
    with rangements.copie(after, tmp_path) as place:
        yield place


def adviser(place: Configuration) -> Conseiller:
    open_conseiller.cache_clear()
    return open_conseiller(place)


def test_the_version_that_ships_is_the_first(place: Configuration) -> None:
    version = in_service(place)
    assert (version.numero, version.parent, len(version.documents)) == (1, None, 5)


def test_a_draft_changes_nothing_before_it_is_published(place: Configuration) -> None:
    before = in_service(place)
    prepare(place)
    assert in_service(place) == before


def test_publishing_is_refused_while_a_rule_quotes_words_that_changed(
    place: Configuration,
) -> None:
    prepare(place)
    with pytest.raises(PublicationRefusee, match="critère effectif"):
        publish(place, "Une gestionnaire", "Référentiel revu", annonce=lambda _: None)


def test_a_refused_publication_leaves_the_version_in_service(place: Configuration) -> None:
    before = in_service(place)
    prepare(place)
    with pytest.raises(PublicationRefusee):
        publish(place, "Une gestionnaire", "Référentiel revu", annonce=lambda _: None)
    assert in_service(place) == before


def test_once_what_broke_is_put_aside_the_draft_is_published(after: Configuration) -> None:
    version = in_service(after)
    assert (version.numero, version.auteur) == (2, "Une gestionnaire")


@WHATEVER_THE_STORE
def test_a_criterion_put_aside_decides_nothing(after: Configuration) -> None:
    version = in_service(after)
    regles = contents(open_base(after), version).regles
    result = verifier({"collectifs": [{"enfants": 3}]}, regles)
    effectif = next(c for c in result.criteres if c.code == "effectif")
    assert effectif.statut == "a_renseigner"
    assert REASON in effectif.motif


@WHATEVER_THE_STORE
def test_a_criterion_put_aside_never_makes_a_project_ineligible(after: Configuration) -> None:
    before = contents(open_base(after), open_base(after).versions()[-1]).regles
    project = {"collectifs": [{"enfants": 3}]}
    assert verifier(project, before).verdict == "non_eligible"
    version = in_service(after)
    after = contents(open_base(after), version).regles
    assert verifier(project, after).verdict == "incomplet"


@WHATEVER_THE_STORE
def test_a_criterion_put_aside_shows_the_words_that_stand_now(after: Configuration) -> None:
    version = in_service(after)
    contenu = contents(open_base(after), version)
    result = verifier({"collectifs": [{"enfants": 3}]}, contenu.regles)
    effectif = next(c for c in result.criteres if c.code == "effectif")
    shown = effectif.citations[0]
    assert shown.extrait == contenu.documents[shown.document].texte[shown.debut : shown.fin]


def test_no_answer_gives_the_words_that_are_no_longer_in_the_texts(after: Configuration) -> None:
    for question in ("Combien d'enfants par groupe ?", "C'est quoi un collectif d'enfants ?"):
        answer = adviser(after).repondre(Question(id="1", question=question))[0].reponse
        assert not any("8 à 12" in c.extrait for c in answer.citations if c.document == "001")


def test_the_text_of_before_is_still_read_after_it_was_replaced(after: Configuration) -> None:
    first = open_base(after).versions()[-1]
    old = next(e.texte for e in first.documents if e.fiche.id == "001")
    kept = open_base(after).read_text("001", old)
    assert kept is not None
    assert "8 à 12" in kept.texte


def test_going_back_answers_from_the_version_of_before(later: Configuration) -> None:
    place = later
    first = open_base(place).versions()[-1]
    go_back(place, first.identite, "Un autre", annonce=lambda _: None)
    assert in_service(place) == first
    told = [(event.action, event.auteur) for event in open_base(place).read_journal()]
    assert told == [("publier", "Une gestionnaire"), ("revenir", "Un autre")]


def test_a_draft_prepared_upon_another_version_is_refused(later: Configuration) -> None:
    place = later
    base = open_base(place)
    first = base.versions()[-1]
    base.write_draft(Brouillon(parent=first.identite, documents=first.documents))
    with pytest.raises(PublicationRefusee, match="version en service"):
        publish(place, "Une gestionnaire", "Encore", annonce=lambda _: None)


def test_nothing_in_preparation_is_nothing_to_publish(place: Configuration) -> None:
    with pytest.raises(PublicationRefusee, match="Rien n'est en préparation"):
        publish(place, "Une gestionnaire", "Rien", annonce=lambda _: None)


def test_two_people_cannot_publish_at_once(place: Configuration) -> None:
    prepare(place)
    with open_base(place).writing(), pytest.raises(BaseInutilisable, match="autre personne"):
        publish(place, "Une gestionnaire", "Référentiel revu", annonce=lambda _: None)


@WHATEVER_THE_STORE
def test_a_document_withdrawn_is_no_longer_searched(place: Configuration) -> None:
    base, parent = open_base(place), in_service(place)
    base.write_draft(
        Brouillon(
            parent=parent.identite,
            documents=tuple(
                e.model_copy(update={"retire": e.fiche.id == "003"}) for e in parent.documents
            ),
        )
    )
    seen, _ = look(place)
    assert seen.retires == ("003",)
    assert {appui.document for appui in seen.sans_texte} == {"003"}


@pytest.mark.parametrize(("content", "said"), [(b"{}", "altér"), (None, "n'est plus dans la base")])
def test_a_lost_or_altered_text_is_never_published(
    place: Configuration, content: bytes | None, said: str
) -> None:
    prepare(place)
    set_aside_what_broke(place)
    before, draft = in_service(place), open_base(place).read_draft()
    assert draft is not None
    text = next(e.texte for e in draft.documents if e.fiche.id == "001")
    damage_text(place, f"001@{text}", content)
    with pytest.raises(BaseInutilisable, match=said):
        publish(place, "Une gestionnaire", "Référentiel revu", annonce=lambda _: None)
    assert in_service(place) == before
