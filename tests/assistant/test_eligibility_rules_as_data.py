from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from projets import conforme, regles

from assistant.eligibility import Regles, ReglesInutilisables, charger_regles, lire_projet, verifier
from assistant.eligibility.errors import ProjetInutilisable
from assistant.eligibility.loading import DOSSIER
from corpus.library import load_corpus

Changer = Callable[[str, str, str], Regles]

NOUVEAU = (Path(__file__).parent / "departement_11.yaml").read_text(encoding="utf-8")
FAUTES = yaml.safe_load(
    (Path(__file__).parent / "regles_fautives.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    copie = tmp_path / "rules"
    shutil.copytree(DOSSIER, copie)
    return copie


@pytest.fixture
def changer(dossier: Path) -> Changer:
    """Replaces some words of a rule file, once, and loads the rules."""

    def remplacer(fichier: str, avant: str, apres: str) -> Regles:
        chemin = dossier / fichier
        texte = chemin.read_text(encoding="utf-8")
        assert avant in texte
        chemin.write_text(texte.replace(avant, apres, 1), encoding="utf-8")
        return charger_regles(load_corpus().documents, dossier)

    return remplacer


def test_the_ceiling_of_a_new_year_is_one_more_value(changer: Changer) -> None:
    nouvelles = changer(
        "parametres.yaml",
        "  - nom: bonus_montant",
        "      - {du: 2025-2026, au: 2025-2026, valeur: 8200, citations: [{document: '004', "
        'extrait: "prix plafond déterminé chaque année par la Cnaf"}]}\n\n  - nom: bonus_montant',
    )
    attendus = {
        "2021-2022": (2563, False),
        "2024-2025": (2563, True),
        "2025-2026": (2665, False),
        "2026-2027": (2665, True),
    }
    for annee, (ps, a_confirmer) in attendus.items():
        montants = verifier(conforme(annee_scolaire=annee), nouvelles).montants
        assert montants.ps_total == ps
        assert montants.bareme.a_confirmer == a_confirmer


def test_a_new_departement_with_facts_of_its_own_is_one_more_file(dossier: Path) -> None:
    (dossier / "11.yaml").write_text(NOUVEAU, encoding="utf-8")
    nouvelles = charger_regles(load_corpus().documents, dossier)
    bloc = {
        "referent_nomme": True,
        "lieux": ["mediatheque"],
        "reunions": 3,
        "commission": "favorable",
        "reception": "2026-06-30",
    }
    projet = conforme("11", annee_scolaire="2026-2027", aude=bloc)
    trouve = verifier(projet, nouvelles)
    statuts = {c.code: c.statut for c in trouve.criteres}
    assert [statuts[c] for c in ("referent", "vie_du_reseau", "reception")] == ["conforme"] * 3
    assert statuts["lieu"] == "sous_reserve"
    assert trouve.verdict == "eligible_sous_reserve"

    def sous(annee: str = "2026-2027", **faits: object) -> dict[str, str]:
        change = projet | {"annee_scolaire": annee, "aude": bloc | faits}
        return {c.code: c.statut for c in verifier(change, nouvelles).criteres}

    assert sous(referent_nomme=False)["referent"] == "non_conforme"
    assert sous("2025-2026", referent_nomme=False)["referent"] == "sous_reserve"
    assert sous(reunions=2)["vie_du_reseau"] == "sous_reserve"
    assert sous(reunions=None)["vie_du_reseau"] == "a_renseigner"
    assert sous(lieux=["ecole"])["vie_du_reseau"] == "non_conforme"
    assert sous(reception="2026-07-01")["reception"] == "non_conforme"
    assert sous("2025-2026", reception=None)["reception"] == "sans_objet"
    with pytest.raises(ProjetInutilisable, match=r"aude.reunion.*« reunions »"):
        lire_projet({"aude": {"reunion": 3}}, nouvelles)
    with pytest.raises(ProjetInutilisable, match=r"aude.reunions.*de 0 à 12"):
        lire_projet({"aude": {"reunions": 13}}, nouvelles)
    corrections = verifier(projet | {"aude": bloc | {"reunions": 1}}, nouvelles).corrections
    assert corrections == ()  # the place to be visited keeps the verdict where it is
    mendees = verifier(projet | {"aude": bloc | {"lieux": ["ecole"]}}, nouvelles).corrections
    assert [(c.champ, c.vers) for c in mendees] == [("aude.lieux", [])]


def test_the_other_departements_do_not_see_a_new_one(dossier: Path) -> None:
    (dossier / "11.yaml").write_text(NOUVEAU, encoding="utf-8")
    nouvelles = charger_regles(load_corpus().documents, dossier)
    for departement in ("34", "69", "75"):
        avant = verifier(conforme(departement), regles())
        assert verifier(conforme(departement), nouvelles) == avant


@pytest.mark.parametrize("faute", FAUTES, ids=lambda faute: faute["dit"])
def test_a_faulty_rule_file_is_refused_with_its_rule_and_field(
    changer: Changer, faute: dict[str, str]
) -> None:
    with pytest.raises(ReglesInutilisables, match=f"(?s){faute['dit']}"):
        changer(faute["fichier"], faute["avant"], faute["apres"])


def test_a_local_parameter_needs_a_national_passage_to_replace_a_national_one(
    dossier: Path,
) -> None:
    donnees = yaml.safe_load((dossier / "34.yaml").read_text(encoding="utf-8"))
    parametre = next(p for p in donnees["parametres"] if p["nom"] == "bonus_anciennete")
    del parametre["permet"]
    (dossier / "34.yaml").write_text(yaml.safe_dump(donnees, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ReglesInutilisables, match=r"bonus_anciennete.*permet"):
        charger_regles(load_corpus().documents, dossier)


def test_a_variant_without_a_passage_that_lets_it_is_refused(dossier: Path) -> None:
    donnees = yaml.safe_load((dossier / "34.yaml").read_text(encoding="utf-8"))
    donnees["variantes"][0]["permet"] = []
    (dossier / "34.yaml").write_text(yaml.safe_dump(donnees, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ReglesInutilisables, match=r"gratuite.permet"):
        charger_regles(load_corpus().documents, dossier)


def test_a_rule_may_change_from_a_year_on(dossier: Path) -> None:
    texte = (dossier / "national.yaml").read_text(encoding="utf-8")
    avant, _, suite = texte.partition("  - code: lieu\n")
    lieu, _, apres = suite.partition("  - code: fiches_distinctes\n")
    premiere = lieu.replace("    faits:", "    validite: {au: 2025-2026}\n    faits:", 1)
    seconde = premiere.replace("{au: 2025-2026}", "{du: 2026-2027}", 1)
    seconde = seconde.replace("statut: non_conforme", "statut: alerte")
    (dossier / "national.yaml").write_text(
        f"{avant}  - code: lieu\n{premiere}  - code: lieu\n{seconde}"
        f"  - code: fiches_distinctes\n{apres}",
        encoding="utf-8",
    )
    nouvelles = charger_regles(load_corpus().documents, dossier)
    projet = conforme()
    projet["collectifs"][0]["meme_lieu_accessible_aux_parents"] = False
    attendus = {"2025-2026": "non_conforme", "2026-2027": "alerte", None: "a_renseigner"}
    for annee, attendu in attendus.items():
        criteres = verifier(projet | {"annee_scolaire": annee}, nouvelles).criteres
        assert [c.statut for c in criteres if c.code == "lieu"] == [attendu]


def test_what_no_text_holds_is_marked_as_outside_the_corpus() -> None:
    hors = [p.nom for p in regles().parametres.values() if p.hors_corpus]
    assert hors == ["reprise_toussaint"]
    for (portee, nom), parametre in regles().parametres.items():
        assert parametre.hors_corpus != bool(regles().citations_des_parametres[portee, nom])


def test_the_version_of_the_rules_changes_with_them(dossier: Path, changer: Changer) -> None:
    memes = charger_regles(load_corpus().documents, dossier).version
    assert memes == regles().version
    assert changer("national.yaml", "titre: Laïcité", "titre: Principe de laïcité").version != memes


def test_a_field_of_the_form_has_a_passage_to_show() -> None:
    assert regles().citations_du_fait("axes.enfants.entraide")[0].extrait.startswith("Mettre en")
    assert regles().citations_du_fait("collectifs.*.semaines")
    assert not regles().citations_du_fait("porteur.nom")
