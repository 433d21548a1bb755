"""What the project costs, who gives, who pays."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.facts import lire_faits

TOTAL = "budget.cout_total"
PRIX = "collectifs.1.prix_de_revient"
PRIX2 = "collectifs.2.prix_de_revient"
AUCUN: list[Any] = []


def dons(texte: str, connus: dict[str, Any] | None = None) -> dict[str, tuple[Any, Any]]:
    lus = lire_faits(texte, connus).valeurs()
    return {
        chemin.removeprefix("budget.cofinancements."): (valeur["type"], valeur.get("montant"))
        for chemin, valeur in lus.items()
        if isinstance(valeur, dict)
    }


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("ça coûte 9 000 €", {TOTAL: 9000}),
        ("ça coûte 9000", {TOTAL: 9000}),
        ("budget total de 18 000 euros", {TOTAL: 18000}),
        ("notre budget est de 9k€", {TOTAL: 9000}),
        ("le projet revient à 12 500,50 €", {TOTAL: 12500.5}),
        ("neuf mille euros de coût total", {TOTAL: 9000}),
        ("le prix de revient est de 7 885 €", {PRIX: 7885}),
        ("chaque groupe coûte 8000 €", {PRIX: 8000}),
        ("1 groupe de 10, ça coûte 9000 €",
         {"collectifs": 1, "collectifs.1.enfants": 10, TOTAL: 9000, PRIX: 9000}),
        ("2 groupes, 8000 € par groupe de charges", {"collectifs": 2, PRIX: 8000, PRIX2: 8000}),
        ("la caf nous donne déjà 500 € en plus",
         {"budget.autres_financements_caf_clas": 500}),
    ],
)  # fmt: skip
def test_what_it_costs_is_read(texte: str, attendu: dict[str, Any]) -> None:
    assert lire_faits(texte).valeurs() == attendu


@pytest.mark.parametrize(
    "texte",
    [
        "un budget de 12000 € pour un groupe de 10",
        "un prix de revient de 9000 € pour chaque groupe",
        "ça coûte 18000 € pour deux groupes",
        "la mairie met 3000 € pour le goûter",
    ],
)
def test_money_said_without_its_unit_is_read_as_with_it(texte: str) -> None:
    lus = lire_faits(texte).valeurs()
    assert lus
    assert lire_faits(texte.replace(" €", "")).valeurs() == lus


def test_people_put_for_something_are_no_money() -> None:
    assert not any("budget" in chemin for chemin in lire_faits("on en met 2 pour 120").valeurs())


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("la mairie met 3000 €", {"1": ("commune", 3000)}),
        ("la mairie met 3000", {"1": ("commune", 3000)}),
        ("le département nous donne 2 500 €", {"1": ("departement", 2500)}),
        ("3000 € de la mairie et 2000 € du département",
         {"1": ("commune", 3000), "2": ("departement", 2000)}),
        ("la mairie met 3000 € et la région 1 500 €",
         {"1": ("commune", 3000), "2": ("region", 1500)}),
        ("subvention municipale de 1200 euros", {"1": ("commune", 1200)}),
        ("une fondation nous verse 1000 €", {"1": ("fondation", 1000)}),
        ("la MSA participe à hauteur de 800 €", {"1": ("msa", 800)}),
        ("on met 1500 € de fonds propres", {"1": ("fonds_propres", 1500)}),
        ("l'agglo donne 700 €", {"1": ("autre", 700)}),
        ("financement : mairie 3000, département 1500",
         {"1": ("commune", 3000), "2": ("departement", 1500)}),
        ("la mairie nous cofinance", {"1": ("commune", None)}),
        ("la mairie prête la salle", {}),
        ("la caf verse 2563 €", {}),
        ("le bonus est de 300 €", {}),
    ],
)  # fmt: skip
def test_each_giver_is_read_with_its_amount(
    texte: str, attendu: dict[str, tuple[Any, Any]]
) -> None:
    assert dons(texte) == attendu


@pytest.mark.parametrize(
    "texte",
    [
        "aucun cofinancement",
        "pas de cofinanceur",
        "on n'a pas d'autre financeur",
        "seule la Caf nous finance",
        "sans cofi",
    ],
)
def test_no_co_funding_is_an_empty_list(texte: str) -> None:
    assert lire_faits(texte).valeurs() == {"budget.cofinancements": AUCUN}


def test_a_giver_already_known_is_corrected_not_added() -> None:
    connus = {"budget": {"cofinancements": [{"type": "commune", "montant": 3000}]}}
    assert dons("la mairie met 3500 €", connus) == {"1": ("commune", 3500)}
    assert dons("le département donne 900 €", connus) == {"2": ("departement", 900)}


@pytest.mark.parametrize(
    "texte",
    [
        "les parents paient 50 € par an",
        "40 € l'année par famille",
        "les parents donnent 2 € par séance",
    ],
)
def test_a_participation_between_the_bounds_is_left_to_ask(texte: str) -> None:
    lus = lire_faits(texte)
    assert lus.valeurs() == {}
    assert [i.chemin for i in lus.a_preciser] == ["charte.participation_familles"]
