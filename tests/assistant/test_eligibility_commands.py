from __future__ import annotations

import json
from pathlib import Path

import pytest
from projets import conforme, poser, regles

from assistant.eligibility import EntreeInutilisable, verifier
from assistant.eligibility.commands import (
    exemple,
    modele_commente,
    regles_livrees,
    verifier_fichier,
    verifier_lot,
)
from assistant.eligibility.reading import lire_fichier


def _ecrire(chemin: Path, projet: object) -> Path:
    chemin.write_text(json.dumps(projet), encoding="utf-8")
    return chemin


def test_the_shipped_rules_are_those_of_the_package() -> None:
    assert regles_livrees().version == regles().version


def test_the_text_says_the_verdict_then_what_blocks_then_the_rest(tmp_path: Path) -> None:
    projet = poser(conforme("34", coordinateur=None), "collectifs.1.intervenants", 1)
    texte = verifier_fichier(_ecrire(tmp_path / "p.json", projet), regles())
    rubriques = [
        "Verdict : NON ÉLIGIBLE",
        "Ce qui bloque",
        "Ce qui est incertain",
        "Ce qui convient",
        "Montants",
        "Corrections possibles",
        "Réserves",
    ]
    places = [texte.index(rubrique) for rubrique in rubriques]
    assert places == sorted(places)
    assert "collectifs.1.intervenants : 1 → 2" in texte


def test_an_incomplete_project_gets_its_next_question(tmp_path: Path) -> None:
    projet = conforme("34", hors_temps_scolaire=None)
    texte = verifier_fichier(_ecrire(tmp_path / "p.json", projet), regles())
    assert "Prochaine question : Les séances ont-elles lieu en dehors du temps scolaire ?" in texte


def test_the_json_is_the_result_of_the_contract(tmp_path: Path) -> None:
    texte = verifier_fichier(_ecrire(tmp_path / "p.json", conforme("34")), regles(), en_json=True)
    donnees = json.loads(texte)
    assert list(donnees) == [
        "verdict",
        "criteres",
        "montants",
        "calendrier_paiement",
        "pluriannuel",
        "a_renseigner",
        "corrections",
        "reserves",
    ]
    assert list(donnees["criteres"][0]) == [
        "code",
        "collectif",
        "statut",
        "motif",
        "constate",
        "attendu",
        "portee",
        "citations",
    ]
    assert donnees["montants"]["total"] == 2863


def test_a_file_of_projects_gives_one_line_each_in_order(tmp_path: Path) -> None:
    entree, sortie = tmp_path / "projets.jsonl", tmp_path / "resultats.jsonl"
    lignes = [{"id": f"p{i}", "projet": conforme("34") if i % 2 else {}} for i in range(6)]
    entree.write_text("\n\n".join(map(json.dumps, lignes)) + "\n", encoding="utf-8-sig")
    assert verifier_lot(entree, sortie, regles()) == 6
    lues = [json.loads(ligne) for ligne in sortie.read_text(encoding="utf-8").splitlines()]
    assert [ligne["id"] for ligne in lues] == [f"p{i}" for i in range(6)]
    attendu = verifier(conforme("34"), regles()).model_dump(mode="json")
    assert lues[1]["resultat"] == attendu


@pytest.mark.parametrize(
    ("ligne", "dit"),
    [
        ('{"id": "b", "projet": {"enfants": 1}}', "ligne 2 : « enfants » : clé inconnue"),
        ('{"id": "b"}', "ligne 2 : « projet » : absent"),
        ('{"projet": {}}', "ligne 2 : « id » : absent"),
        ("[1]", "ligne 2 : la ligne vaut une liste"),
        ("{", "ligne 2"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_written(
    tmp_path: Path, ligne: str, dit: str
) -> None:
    entree, sortie = tmp_path / "projets.jsonl", tmp_path / "resultats.jsonl"
    entree.write_text('{"id": "a", "projet": {}}\n' + ligne, encoding="utf-8")
    sortie.write_text("avant", encoding="utf-8")
    with pytest.raises(EntreeInutilisable, match=dit):
        verifier_lot(entree, sortie, regles())
    assert sortie.read_text(encoding="utf-8") == "avant"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["projets.jsonl", "resultats.jsonl"]


def test_a_missing_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EntreeInutilisable, match="n'existe pas"):
        verifier_fichier(tmp_path / "absent.json", regles())


def test_the_empty_file_asks_everything_and_says_nothing(tmp_path: Path) -> None:
    modele = modele_commente(regles())
    chemin = tmp_path / "modele.yaml"
    chemin.write_text(modele, encoding="utf-8")
    trouve = verifier(lire_fichier(chemin, regles()), regles())
    assert trouve.verdict == "incomplet"
    assert not [c for c in trouve.criteres if c.statut in {"conforme", "non_conforme"}]
    for fait in regles().faits.values():
        if fait.declaration is not None:
            assert fait.declaration.question in modele


@pytest.mark.parametrize("departement", ["34", "69", "75", "2A", "976"])
def test_the_example_of_a_departement_is_eligible(departement: str) -> None:
    assert verifier(json.loads(exemple(departement, regles())), regles()).verdict == "eligible"


def test_the_example_of_no_departement_is_refused() -> None:
    with pytest.raises(EntreeInutilisable, match="departement"):
        exemple("99", regles())
