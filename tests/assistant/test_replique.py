"""Two machines that share a store: what one publishes the other answers from, and goes on alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from publication_en_petit import AUTHOR, add_text, little_data, publish_it, set_up
from rangements import Rangements, copy_of

from assistant.answers.engine import open_assistant
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.magasin import magasin_de_base
from assistant.models import Question
from assistant.preparation import preparer
from assistant.publication import apercu, etat
from assistant.publication.etat import (
    documents_of,
    open_base,
    service_of,
    version_in_service,
)
from assistant.publication.publier import go_back
from assistant.replique.ouverture import open_shared
from assistant.replique.suivi import Suivi, following
from corpus.base.rangement import BaseAbsente, BaseInutilisable
from corpus.base.store import Base
from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.moteur import Magasin
from index.storage import current_version, model_in_use
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

ASKED = ("Combien d'enfants par groupe ?", "Qui peut encadrer les enfants ?")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve one card and read no ledger, as ``little_data`` does, until the test ends."""
    be_small(monkeypatch)


def be_small(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(etat, "read_cards", etat.read_cards)
    patch.setattr(apercu, "lire_registre", apercu.lire_registre)
    little_data()


@pytest.fixture(scope="module")
def prepared(
    donnees: Path,
    serveur_postgres: ServeurPostgres,
    modele_postgres: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Configuration:
    """A machine that prepared a store; only copied."""
    serveur_postgres.creer("repliques", modele_postgres)
    with pytest.MonkeyPatch.context() as patch:
        be_small(patch)
        patch.setenv(BASE_VARIABLE, serveur_postgres.url("repliques"))
        return set_up(donnees, tmp_path_factory.mktemp("une"))


@pytest.fixture
def first(
    small: None,  # noqa: ARG001 - what is served is small
    prepared: Configuration,
    tmp_path: Path,
) -> Iterator[Configuration]:
    """A machine that prepared the store."""
    with Rangements(prepared).copie(prepared, tmp_path / "une") as place:
        yield place


@pytest.fixture
def machine(first: Configuration, tmp_path: Path) -> Callable[[str], Configuration]:
    """Makes a machine that shares the store: its own folder, the model installed."""

    def make(name: str) -> Configuration:
        return first.model_copy(update={"donnees": new_folder(first.donnees, tmp_path / name)})

    return make


def new_folder(donnees: Path, folder: Path) -> Path:
    """A data folder where there is the model of another, and nothing else."""
    folder.mkdir()
    (folder / "modele").symlink_to((donnees / "modele").resolve())
    return folder


@pytest.fixture
def suivre() -> Iterator[Callable[[Configuration], Suivi]]:
    """Follows the store from a machine, until the test ends."""
    begun: list[Suivi] = []

    def begin(configuration: Configuration) -> Suivi:
        suivi = following(configuration)
        assert suivi is not None
        begun.append(suivi)
        return suivi

    yield begin
    for suivi in begun:
        suivi.arreter()


@pytest.fixture
def suivre_sans_regarder() -> Iterator[Callable[[Configuration], Suivi]]:
    """Follows the store by what it tells alone: it looks by itself ten minutes later."""
    begun: list[Suivi] = []

    def begin(configuration: Configuration) -> Suivi:
        service = service_of(configuration)
        assert configuration.magasin is not None
        assert service is not None
        begun.append(Suivi(magasin_de_base(configuration.magasin), service, tour=600))
        begun[-1].commencer()
        return begun[-1]

    yield begin
    for suivi in begun:
        suivi.arreter()


def within(seconds: float, done: Callable[[], bool]) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if done():
            return True
        time.sleep(0.02)
    return False


def answers(configuration: Configuration) -> list[str]:
    conseiller = Conseiller(open_assistant.__wrapped__(configuration))
    return [conseiller.repondre(Question(id="q", question=q))[0].json for q in ASKED]


def test_a_new_machine_takes_what_is_in_service_without_making_it(
    first: Configuration, machine: Callable[[str], Configuration]
) -> None:
    second = machine("deux")
    report = preparer(second, annonce=lambda _: None)
    assert (report.embedded, report.info.version) == (0, current_version(first.dossier_index))


def test_what_one_publishes_the_other_answers_from_as_soon_as_it_is_told(
    first: Configuration,
    machine: Callable[[str], Configuration],
    suivre_sans_regarder: Callable[[Configuration], Suivi],
) -> None:
    second = machine("deux")
    suivi = suivre_sans_regarder(second)
    before = current_version(first.dossier_index)
    assert within(60, lambda: current_version(second.dossier_index) == before)
    add_text(first, 40)
    publish_it(first)
    after = current_version(first.dossier_index)
    assert after != before
    assert within(60, lambda: current_version(second.dossier_index) == after)
    assert within(60, lambda: suivi.etat.version == after)
    assert answers(second) == answers(first)


def test_going_back_is_for_all(
    first: Configuration, machine: Callable[[str], Configuration]
) -> None:
    second = machine("deux")
    initial = version_in_service(first)
    assert initial is not None
    add_text(first, 40)
    publish_it(first)
    go_back(second, initial.identite, AUTHOR, annonce=lambda _: None)
    service = service_of(first)
    assert service is not None
    service.follow()
    assert version_in_service(first) == initial


def test_a_draft_is_seen_from_both_and_published_from_the_other(
    first: Configuration, machine: Callable[[str], Configuration]
) -> None:
    second = machine("deux")
    preparer(second, annonce=lambda _: None)
    add_text(first, 40)
    published = publish_it(second)
    assert open_base(first).read_draft() is None
    assert [e.action for e in open_base(first).read_journal()] == ["publier"]
    assert published.identite in open_base(first).names("versions")


def test_the_copy_here_gives_the_answers_that_the_store_gives(first: Configuration) -> None:
    assert first.magasin is not None
    shared = open_shared(first, first.magasin)
    assert type(shared).__name__ == "PostgresIndex"
    alone = first.model_copy(update={"magasin": None})
    assert answers(first) == answers(alone)


def test_an_answer_that_the_store_leaves_in_the_middle_is_the_same(
    first: Configuration, serveur_postgres: ServeurPostgres
) -> None:
    conseiller = Conseiller(open_assistant.__wrapped__(first))
    expected = answers(first.model_copy(update={"magasin": None}))
    with serveur_postgres.gele():
        found = [conseiller.repondre(Question(id="q", question=q))[0].json for q in ASKED]
    assert found == expected


def test_while_the_store_is_away_a_machine_answers_and_publishes_nothing(
    first: Configuration, serveur_postgres: ServeurPostgres
) -> None:
    expected = answers(first)
    add_text(first, 40)
    serveur_postgres.arreter()
    try:
        assert answers(first) == expected
        with pytest.raises(BaseAbsente):
            publish_it(first)
    finally:
        serveur_postgres.lancer()
    assert within(60, lambda: _published(first))


def _published(configuration: Configuration) -> bool:
    try:
        publish_it(configuration)
    except BaseInutilisable:
        return False
    return True


def test_a_machine_that_follows_finds_the_store_again_by_itself(
    first: Configuration,
    suivre: Callable[[Configuration], Suivi],
    serveur_postgres: ServeurPostgres,
    caplog: pytest.LogCaptureFixture,
) -> None:
    suivi = suivre(first)
    assert within(60, lambda: suivi.etat.relie)
    serveur_postgres.arreter()
    try:
        assert within(60, lambda: suivi.etat.absent)
    finally:
        serveur_postgres.lancer()
    assert within(60, lambda: suivi.etat.relie)
    dites = [getattr(r, "evenement", "") for r in caplog.records if r.name == "clas.replique"]
    assert dites == ["magasin_joint", "magasin_perdu", "magasin_retrouve"]


def test_a_machine_with_another_model_replaces_nothing_unless_told_to(
    first: Configuration,
) -> None:
    service = service_of(first)
    assert service is not None
    mine = model_in_use(first.dossier_index)
    assert mine is not None
    service.check_model(mine)
    with pytest.raises(BaseInutilisable, match="clas preparer --nouveau-modele"):
        service.check_model(mine.model_copy(update={"precision": "fp32"}))


def test_what_a_machine_kept_alone_goes_to_the_store_that_it_prepares(
    small: None,  # noqa: ARG001 - what is served is small
    prepared: Configuration,
    magasin: Magasin,
    tmp_path: Path,
) -> None:
    (tmp_path / "seule").mkdir()
    alone = copy_of(prepared.donnees, tmp_path / "seule")
    add_text(alone, 40)
    publish_it(alone)
    preparer(alone.model_copy(update={"magasin": magasin.adresse}), annonce=lambda _: None)
    elsewhere = Configuration(
        donnees=new_folder(alone.donnees, tmp_path / "neuve"), modele=None, magasin=magasin.adresse
    )
    preparer(elsewhere, annonce=lambda _: None)
    assert "essai" in answers_documents(elsewhere)
    assert [e.action for e in open_base(elsewhere).read_journal()] == ["publier"]


def test_a_text_damaged_on_one_machine_is_taken_from_the_store_again(first: Configuration) -> None:
    version = version_in_service(first)
    assert version is not None
    expected = documents_of(open_base(first), version)
    path = next((first.donnees / "corpus" / "textes").glob("003@*.json"))
    path.write_bytes(path.read_bytes()[:-9])
    assert documents_of(open_base(first), version) == expected
    assert documents_of(Base(first.donnees / "corpus"), version) == expected


def test_an_index_damaged_on_one_machine_is_brought_again(first: Configuration) -> None:
    assert first.magasin is not None
    expected = current_version(first.dossier_index)
    assert expected is not None
    path = first.dossier_index / "versions" / expected / "documents" / "003.json"
    path.write_bytes(path.read_bytes()[:-9])
    opened = open_shared(first, first.magasin)
    assert (opened.info.version, opened.warning) == (expected, None)
    assert type(opened).__name__ == "PostgresIndex"


def answers_documents(configuration: Configuration) -> set[str]:
    version = version_in_service(configuration)
    assert version is not None
    return set(documents_of(open_base(configuration), version))
