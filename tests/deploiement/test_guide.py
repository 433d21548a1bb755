"""The guide shows commands that exist, and links that lead somewhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from commandes import inconnues
from livraison import RACINE, UNITES, reglages_livres
from prometheus_client import CollectorRegistry

from assistant.diagnostic.controles import CONTROLES
from assistant.diagnostic.partage import PARTAGES, des_noeuds
from assistant.observation.etat import CollecteurEtat, EtatServeur, Service
from assistant.observation.metriques import Metriques
from corpus.magasin.comptes import EtatReserve
from pages_clas.sonde import Sonde

GUIDES = ("exploitation.md", "passage-a-l-echelle.md")


@pytest.fixture(params=GUIDES)
def guide(request: pytest.FixtureRequest) -> str:
    return (RACINE / "docs" / request.param).read_text("utf-8")


def test_every_command_of_the_program_that_is_shown_exists(guide: str) -> None:
    # In a block, at the start of a line; in the text, between backticks.
    montrees = re.findall(r"(?m)^(?:PORT=\d+ )?clas(?:-commande)? ([a-z].*)$", guide)
    montrees += re.findall(r"`(?:PORT=\d+ )?clas(?:-commande)? ([a-z][^`…]*)`", guide)
    assert inconnues(montrees) == []


def test_every_file_given_to_the_command_of_the_service_is_named_from_the_root(guide: str) -> None:
    # It starts from the program's folder, not from where whoever types it is.
    donnes = re.findall(
        r"clas-commande (?:sauvegarder|restaurer|corpus (?:ajouter|actualiser)) (\S+)", guide
    )
    assert [donne for donne in donnes if not donne.startswith("/")] == []


def test_every_bench_that_is_shown_exists(guide: str) -> None:
    for module in re.findall(r"python -m (bench[\w.]*)", guide):
        chemin = RACINE.joinpath(*module.split("."))
        assert chemin.with_suffix(".py").is_file() or (chemin / "__main__.py").is_file(), module


def test_every_setting_that_is_named_is_shipped(guide: str) -> None:
    nommes = set(re.findall(r"\b(?:CLAS|STREAMLIT)_[A-Z_]*[A-Z]\b", guide))
    assert nommes <= reglages_livres(commentes=True).keys()


def test_every_link_leads_to_a_file(guide: str) -> None:
    for lien in re.findall(r"\]\((?!http)([^)#]+)", guide):
        assert (RACINE / "docs" / lien).resolve().exists(), lien


def test_every_unit_that_is_named_is_shipped(guide: str) -> None:
    livrees = {fichier.name.split(".")[0].rstrip("@") for fichier in UNITES.iterdir()}
    for nom in re.findall(r"systemctl (?:enable --now|start|stop|restart) ([\w@.-]+)", guide):
        assert re.split(r"[@.]", nom)[0] in livrees, nom


def test_the_state_of_a_replica_is_asked_where_it_is_told(guide: str) -> None:
    for chemin in re.findall(r"curl http://127\.0\.0\.1:8501/(\w+)", guide):
        assert hasattr(Sonde, chemin)


@pytest.fixture(scope="module")
def exposees() -> set[str]:
    """Names under which « /metriques » tells what a replica with a shared store is and did."""
    instant = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    etat = EtatServeur(
        "hote:8501", "0.1.0", instant,
        Service("abc123", "7", "clas-encodeur", "0123456789ab", "lu", instant), "répond",
        reserves={"pages": EtatReserve(8, 1, 2, 30, 0.5, {"absent": 1}, coupe=False)},
        noeuds={"sud": True}, sessions=3, en_attente=12, disque_libre=5_000, disque_total=9_000,
    )  # fmt: skip
    metriques = Metriques(CollectorRegistry())
    metriques.registre.register(CollecteurEtat(lambda: etat))
    metriques.erreur("KeyError")
    lignes = metriques.ecrire().decode().splitlines()
    return {re.split(r"[ {]", ligne)[0] for ligne in lignes if not ligne.startswith("#")}


def test_every_metric_that_is_named_is_exposed_under_this_name(
    guide: str, exposees: set[str]
) -> None:
    # As an alert is written: of a name that is not exposed, nobody is ever warned.
    assert set(re.findall(r"`(clas_[a-z_]+)`", guide)) <= exposees


def test_every_check_that_the_guide_names_is_one_of_the_diagnosis() -> None:
    texte = (RACINE / "docs" / "exploitation.md").read_text("utf-8")
    incidents = texte.partition("## Quand quelque chose")[2].partition("\n## ")[0]
    lignes = [ligne.split(" | ") for ligne in incidents.splitlines() if ligne.startswith("| ")]
    nommes = {nom for ligne in lignes[2:] for nom in ligne[1].split(", ")} - {"—"}
    connus = {controle.nom for controle in (*CONTROLES, *PARTAGES, *des_noeuds())}
    assert nommes <= connus
    assert len(nommes) >= 20
