"""The file that says which node holds which départements: read, or refused in so many words."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.magasin.adresse import MagasinMalRegle
from corpus.models import NATIONALE
from index.postgres.fragments.plan import PlanFragments, adresse_du_noeud, lire_plan, plan_de

WRITTEN = """
noeuds:
  - nom: ici
    departements: []
  - nom: sud
    adresse: postgresql://clas@10.0.0.2:5432/clas
    mot_de_passe: CLAS_FRAGMENT_SUD
    departements: ["34", "2A"]
  - nom: nord
    adresse: postgresql://clas@10.0.0.3/clas
    departements: le reste
"""


def plan(tmp_path: Path, written: str = WRITTEN) -> PlanFragments:
    path = tmp_path / "noeuds.yaml"
    path.write_text(written, "utf-8")
    return plan_de(path)


def test_each_departement_has_its_node_and_the_others_have_the_one_of_the_rest(
    tmp_path: Path,
) -> None:
    read = plan(tmp_path)
    held = {n.nom: read.portees_de(n, (NATIONALE, "34", "69", "2A", "69")) for n in read.noeuds}
    assert held == {"ici": (), "sud": ("2A", "34"), "nord": ("69",)}


def test_a_password_comes_from_the_environment_alone(tmp_path: Path) -> None:
    sud = plan(tmp_path).autres[0]
    adresse = adresse_du_noeud(sud, {"CLAS_FRAGMENT_SUD": "secret"})
    assert adresse.mot_de_passe is not None
    assert adresse.mot_de_passe.get_secret_value() == "secret"
    with pytest.raises(MagasinMalRegle, match="CLAS_FRAGMENT_SUD ne donne pas"):
        adresse_du_noeud(sud, {})


def test_without_the_variable_there_are_no_nodes() -> None:
    assert lire_plan({}) is None


REFUSED = {
    'departements: ["34", "2A"]|departements: ["34", "34"]': "département « 34 » répété",
    'departements: ["34", "2A"]|departements: ["34", "20"]': "« 20 » n'est pas un département",
    'departements: ["34", "2A"]|departements: le reste': "2 nœuds ont « le reste »",
    'departements: le reste|departements: ["69"]': "ne sont sur aucun nœud .*« le reste »",
    'departements: ["34", "2A"]|departements: [34]': "entre guillemets",
    "nom: nord|nom: sud": "nom de nœud « sud » répété",
    "nom: nord|nom: Nord": "attendu une minuscule",
    "10.0.0.3/clas|10.0.0.2:5432/clas": "adresse .* répété",
    "    adresse: postgresql://clas@10.0.0.3/clas\n|": "2 nœuds sans « adresse »",
    "clas@10.0.0.3|clas:motdepasse@10.0.0.3": "un mot de passe est écrit dans le fichier",
    "postgresql://clas@10.0.0.3|mysql://clas@10.0.0.3": "ne commence pas par",
    "    departements: []\n|": "manque",
    "nom: ici|nom: ici\n    taille: 3": "clé inconnue",
    "noeuds:|noeuds: [": "n'est pas un YAML lisible",
    "noeuds:|serveurs:": "attendu « noeuds »|manque|clé inconnue",
}


@pytest.mark.parametrize("change", REFUSED)
def test_what_is_badly_written_is_refused_and_no_password_is_shown(
    tmp_path: Path, change: str
) -> None:
    before, _, after = change.partition("|")
    assert before in WRITTEN
    with pytest.raises(MagasinMalRegle, match=REFUSED[change]) as refused:
        plan(tmp_path, WRITTEN.replace(before, after))
    assert str(refused.value).startswith("CLAS_FRAGMENTS : ")
    assert "motdepasse" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MagasinMalRegle, match=r"absent\.yaml ne se lit pas"):
        lire_plan({"CLAS_FRAGMENTS": str(tmp_path / "absent.yaml")})
