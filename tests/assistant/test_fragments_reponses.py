"""A store of three nodes, as the pages and the commands use it: prepared, published to, asked."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from publication_en_petit import add_text, little_data, publish_it

from assistant.answers.engine import open_assistant
from assistant.cli_magasin import preparer_le_magasin
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question, Reponse
from assistant.preparation import preparer
from assistant.publication import apercu, etat
from assistant.publication.etat import service_of
from corpus.base.rangement import BaseAbsente, BaseInutilisable
from index.storage import current_version
from tests.noeuds_lances import TroisNoeuds, trois_noeuds
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

HELD = {"ici": [], "sud": ["34"], "nord": "le reste"}
ASKED = "Qui peut encadrer les enfants dans le collectif ?"


@pytest.fixture(scope="module")
def trois(serveurs_de_noeuds: tuple[ServeurPostgres, ...]) -> Iterator[TroisNoeuds]:
    """Three nodes, and the passwords that open them; what is served is small."""
    with pytest.MonkeyPatch.context() as patch, trois_noeuds(serveurs_de_noeuds, HELD) as noeuds:
        for nom, serveur in zip(("SUD", "NORD"), serveurs_de_noeuds[1:], strict=True):
            patch.setenv(f"CLAS_FRAGMENT_{nom}", serveur.mot_de_passe)
        for module, kept in ((etat, "read_cards"), (apercu, "lire_registre")):
            patch.setattr(module, kept, getattr(module, kept))
        little_data()
        yield noeuds


@pytest.fixture(scope="module")
def place(
    trois: TroisNoeuds, donnees: Path, tmp_path_factory: pytest.TempPathFactory
) -> Configuration:
    """A machine that prepared the nodes."""
    folder = tmp_path_factory.mktemp("une")
    # Vectors that are ready are taken up.
    shutil.copytree(donnees / "index", folder / "index")
    (folder / "modele").symlink_to((donnees / "modele").resolve())
    made = Configuration(
        donnees=folder,
        modele=None,
        lecteur=False,
        magasin=trois.ici.adresse,
        fragments=trois.noeuds.plan,
    )
    preparer(made, annonce=lambda _: None)
    return made


def without_copies(place: Configuration) -> Configuration:
    """The same, whose copy stands for the base that is asked, not for the other nodes."""
    assert place.fragments is not None
    fragments = place.fragments.model_copy(update={"copie_de_secours": False})
    return place.model_copy(update={"fragments": fragments})


def opened(place: Configuration) -> Conseiller:
    return Conseiller(open_assistant.__wrapped__(place))


def answer(conseiller: Conseiller, departement: str | None = None, asked: str = ASKED) -> Reponse:
    question = Question(id="q", question=asked, departement=departement)
    return conseiller.repondre(question)[0].reponse


def test_what_three_nodes_answer_is_what_one_machine_answers(place: Configuration) -> None:
    alone = opened(place.model_copy(update={"magasin": None, "fragments": None}))
    shared = opened(without_copies(place))
    for departement in (None, "34", "69", "01"):
        assert answer(shared, departement) == answer(alone, departement)


def test_an_answer_says_which_departements_could_not_be_searched(
    place: Configuration, trois: TroisNoeuds
) -> None:
    conseiller = opened(without_copies(place))
    whole = answer(conseiller, "34")
    trois.serveurs["sud"].arreter()
    try:
        told = answer(conseiller, "34")
        assert "Recherche incomplète" in told.texte
        assert "Hérault (34)" in told.texte
        assert (
            json.loads(told.model_dump_json()).keys() == json.loads(whole.model_dump_json()).keys()
        )
        assert "Hérault (34)" in answer(conseiller).texte
        # The rules of elsewhere, and the national ones, go on as if nothing had happened.
        for departement in ("69", "01"):
            said = answer(conseiller, departement)
            assert said.citations
            assert "incomplète" not in said.texte
        nobody = answer(conseiller, "34", "Quel est le prix d'un abonnement de piscine ?")
        assert "Hérault (34)" in nobody.texte
        english = answer(conseiller, "34", "Who may supervise the children in the group?")
        assert "Incomplete search" in english.texte or "incomplète" in english.texte
        found = conseiller.rechercher(ASKED, "34", 10)
        assert found is not None
        assert found.incomplet == ("34",)
    finally:
        trois.serveurs["sud"].lancer()
    assert "incomplète" not in whole.texte


def test_where_the_copy_may_stand_for_a_node_answers_are_whole(
    place: Configuration, trois: TroisNoeuds
) -> None:
    conseiller = opened(place)
    whole = [answer(conseiller, departement) for departement in (None, "34", "69")]
    with trois.serveurs["sud"].gele():
        assert [answer(conseiller, departement) for departement in (None, "34", "69")] == whole


def test_preparing_again_gives_a_node_back_what_it_lost(
    place: Configuration, trois: TroisNoeuds, capsys: pytest.CaptureFixture[str]
) -> None:
    sud = trois.serveurs["sud"]
    base = trois.magasins["sud"].adresse.base
    trois.magasins["sud"].fermer()
    sud.supprimer(base)
    sud.creer(base)
    conseiller = opened(without_copies(place))
    assert "Recherche incomplète" in answer(conseiller, "34").texte
    preparer_le_magasin(place.magasin, place.fragments)
    assert "Nœud « sud »" in capsys.readouterr().out
    before = current_version(place.dossier_index)
    preparer(place, annonce=lambda _: None)
    assert current_version(place.dossier_index) == before
    assert "incomplète" not in answer(opened(without_copies(place)), "34").texte


def test_nothing_is_published_while_a_node_is_away_and_all_of_it_is_after(
    place: Configuration, trois: TroisNoeuds
) -> None:
    service = service_of(place)
    assert service is not None
    before = service.in_service()
    add_text(place, 40)
    trois.serveurs["nord"].arreter()
    try:
        with pytest.raises(BaseAbsente, match="ne peut pas servir"):
            publish_it(place)
        assert service.in_service() == before
    finally:
        trois.serveurs["nord"].lancer()
    time.sleep(1.1)
    publish_it(place)
    assert service.in_service() not in {before, None}
    alone = opened(place.model_copy(update={"magasin": None, "fragments": None}))
    assert answer(opened(without_copies(place)), "69") == answer(alone, "69")


def test_a_machine_that_does_not_know_the_nodes_publishes_nothing(place: Configuration) -> None:
    unaware = place.model_copy(update={"fragments": None})
    add_text(unaware, 40)
    with pytest.raises(BaseInutilisable, match="CLAS_FRAGMENTS"):
        publish_it(unaware)
