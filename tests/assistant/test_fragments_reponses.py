"""A store of three nodes, as the pages and the commands use it: prepared, published to, asked."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from exploitation import diagnostic, environnement
from publication_en_petit import add_text, little_data, publish_it
from sqlalchemy import text

from assistant.answers.engine import open_assistant
from assistant.cli_magasin import preparer_le_magasin
from assistant.configuration import Configuration
from assistant.diagnostic.modeles import Constat
from assistant.dialogue.conseiller import Conseiller
from assistant.magasin import magasin_de_base
from assistant.models import Question, Reponse
from assistant.preparation import preparer
from assistant.publication import apercu, etat
from assistant.publication.etat import service_of
from assistant.sauvegarde.restaurer import restaurer
from assistant.sauvegarde.sauvegarder import sauvegarder
from corpus.base.rangement import BaseAbsente, BaseInutilisable
from corpus.magasin.adresse import BASE_VARIABLE
from index.postgres.fragments.plan import FRAGMENTS_VARIABLE, RESTE, PlanFragments
from index.postgres.versions import erase_version
from index.storage import current_version
from tests.noeuds_lances import NoeudsLances, noeuds_lances
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

HELD = {"ici": [], "sud": ["34"], "nord": "le reste"}
ASKED = "Qui peut encadrer les enfants dans le collectif ?"


@pytest.fixture(scope="module")
def trois(serveurs_de_noeuds: tuple[ServeurPostgres, ...]) -> Iterator[NoeudsLances]:
    """Three nodes, and the passwords that open them; what is served is small."""
    with pytest.MonkeyPatch.context() as patch, noeuds_lances(serveurs_de_noeuds, HELD) as noeuds:
        for nom, serveur in zip(("SUD", "NORD"), serveurs_de_noeuds[1:], strict=True):
            patch.setenv(f"CLAS_FRAGMENT_{nom}", serveur.mot_de_passe)
        for module, kept in ((etat, "read_cards"), (apercu, "lire_registre")):
            patch.setattr(module, kept, getattr(module, kept))
        little_data()
        yield noeuds


@pytest.fixture(scope="module")
def place(
    trois: NoeudsLances, donnees: Path, tmp_path_factory: pytest.TempPathFactory
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
    place: Configuration, trois: NoeudsLances
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
        assert conseiller.index.nodes == {"sud": False, "nord": True}
        found = conseiller.rechercher(ASKED, "34", 10)
        assert found is not None
        assert found.incomplet == ("34",)
    finally:
        trois.serveurs["sud"].lancer()
    assert "incomplète" not in whole.texte


def test_where_the_copy_may_stand_for_a_node_answers_are_whole(
    place: Configuration, trois: NoeudsLances
) -> None:
    conseiller = opened(place)
    whole = [answer(conseiller, departement) for departement in (None, "34", "69")]
    with trois.serveurs["sud"].gele():
        assert [answer(conseiller, departement) for departement in (None, "34", "69")] == whole


def test_preparing_again_gives_a_node_back_what_it_lost(
    place: Configuration, trois: NoeudsLances, capsys: pytest.CaptureFixture[str]
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
    place: Configuration, trois: NoeudsLances
) -> None:
    service = service_of(place)
    assert service is not None
    before = service.in_service()
    add_text(place, 40)
    trois.serveurs["nord"].arreter()
    try:
        with pytest.raises(BaseAbsente, match=r"nœud « nord » : la base .* ne peut pas servir"):
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


def named(place: Configuration, folder: Path, **changes: str) -> list[Constat]:
    """What the diagnosis says of the nodes, read from a file as an operator writes it."""
    assert place.magasin is not None
    assert place.fragments is not None
    plan = folder / "noeuds.yaml"
    plan.write_text(json.dumps(place.fragments.model_dump(mode="json")), "utf-8")
    secret = place.magasin.mot_de_passe
    url = f"postgresql://clas:{secret.get_secret_value() if secret else ''}@127.0.0.1"
    environ = {
        **environnement(place.donnees),
        BASE_VARIABLE: f"{url}:{place.magasin.port}/{place.magasin.base}",
        FRAGMENTS_VARIABLE: str(plan),
        **{nom: os.environ[nom] for nom in ("CLAS_FRAGMENT_SUD", "CLAS_FRAGMENT_NORD")},
        **changes,
    }
    return list(diagnostic(environ, ("nœuds",)).constats)


def test_the_diagnosis_tells_each_node_and_names_what_is_wrong_with_it(
    place: Configuration, trois: NoeudsLances, tmp_path: Path
) -> None:
    sud, nord = named(place, tmp_path)
    assert (sud.etat, nord.etat) == ("bon", "bon"), (sud, nord)
    assert sud.trouve.startswith("sud : postgresql://")
    assert "1 département de la version" in sud.trouve

    trois.serveurs["sud"].arreter()
    try:
        away, there = named(place, tmp_path)
        sans_copie, _ = named(without_copies(place), tmp_path)
    finally:
        trois.serveurs["sud"].lancer()
    assert (away.etat, there.etat) == ("en_panne", "bon")
    assert away.trouve.startswith("sud (postgresql://")
    assert "la copie de chaque machine répond pour 34 (copie_de_secours)" in away.remede
    assert "la recherche est incomplète, et les réponses disent qu'il y manque 34" in (
        sans_copie.remede
    )

    refused, _ = named(place, tmp_path, CLAS_FRAGMENT_SUD="faux")
    assert "refuse l'utilisateur ou le mot de passe" in refused.trouve
    assert "CLAS_FRAGMENT_SUD" in refused.remede
    assert "CLAS_BASE" not in refused.remede

    wrong, _ = named(place, tmp_path, CLAS_FRAGMENT_SUD="")
    assert "la variable CLAS_FRAGMENT_SUD ne donne pas de mot de passe" in wrong.trouve
    assert "donnez CLAS_FRAGMENT_SUD dans l'environnement" in wrong.remede


def test_the_diagnosis_says_that_a_node_lost_its_part(
    place: Configuration, trois: NoeudsLances, tmp_path: Path
) -> None:
    with trois.magasins["sud"].connexion() as connection:
        for (version,) in connection.execute(text("SELECT version FROM index_versions")).all():
            erase_version(connection, version)
    lost, _ = named(place, tmp_path)
    assert lost.trouve == "sud : n'a pas sa part de la version en service"
    assert lost.remede.startswith("lancez « clas preparer » : il la recevra")
    preparer(place, annonce=lambda _: None)
    assert {one.etat for one in named(place, tmp_path)} == {"bon"}


def test_the_diagnosis_says_that_the_file_of_nodes_changed_since(
    place: Configuration, tmp_path: Path
) -> None:
    assert place.fragments is not None
    moved = [
        {**noeud, "departements": {"ici": ["34"], "sud": [], "nord": RESTE}[noeud["nom"]]}
        for noeud in place.fragments.model_dump(mode="json")["noeuds"]
    ]
    changed = place.model_copy(
        update={"fragments": PlanFragments.model_validate({"noeuds": moved})}
    )
    *each, told = named(changed, tmp_path)
    assert {one.etat for one in each} == {"bon"}
    assert told.trouve == "sud : tient 34, et le fichier de CLAS_FRAGMENTS lui donne rien"
    assert told.etat == "a_surveiller"


def test_what_was_destroyed_everywhere_comes_back_to_new_nodes(
    place: Configuration, trois: NoeudsLances, tmp_path: Path
) -> None:
    asked = (None, "34", "69", "01")
    conseiller = opened(without_copies(place))
    whole = [answer(conseiller, departement) for departement in asked]
    archive = tmp_path / "tout.tar.gz"
    sauvegarder(place, archive, annonce=lambda _: None)
    for nom, serveur in trois.serveurs.items():
        base = trois.magasins[nom].adresse.base
        trois.magasins[nom].fermer()
        serveur.supprimer(base)
        serveur.creer(base)
    shutil.rmtree(place.dossier_index)
    magasin_de_base.cache_clear()
    folder = tmp_path / "neuf"
    restaurer(archive, folder, place.magasin, annonce=lambda _: None)
    (folder / "modele").symlink_to(place.dossier_modele.resolve())
    back = place.model_copy(update={"donnees": folder})
    preparer_le_magasin(back.magasin, back.fragments)
    preparer(back, annonce=lambda _: None)
    again = opened(without_copies(back))
    assert [answer(again, departement) for departement in asked] == whole
    assert {one.etat for one in named(back, tmp_path)} == {"bon"}
