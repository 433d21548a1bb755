"""The guide shows commands that exist, and links that lead somewhere."""

from __future__ import annotations

import re

import pytest
from commandes import inconnues
from livraison import RACINE, UNITES, reglages_livres

from assistant.diagnostic.controles import CONTROLES
from assistant.diagnostic.partage import PARTAGES
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


def test_every_metric_that_is_named_is_told(guide: str) -> None:
    dites = "".join(
        fichier.read_text("utf-8")
        for fichier in (RACINE / "assistant" / "observation").iterdir()
        if fichier.suffix == ".py"
    )
    for nom in re.findall(r"`(clas_[a-z_]+)`", guide):
        assert f'"{nom}"' in dites, nom


def test_every_check_that_the_guide_names_is_one_of_the_diagnosis() -> None:
    texte = (RACINE / "docs" / "exploitation.md").read_text("utf-8")
    incidents = texte.partition("## Quand quelque chose")[2].partition("\n## ")[0]
    lignes = [ligne.split(" | ") for ligne in incidents.splitlines() if ligne.startswith("| ")]
    nommes = {nom for ligne in lignes[2:] for nom in ligne[1].split(", ")} - {"—"}
    connus = {controle.nom for controle in (*CONTROLES, *PARTAGES)}
    assert nommes <= connus
    assert len(nommes) >= 20
