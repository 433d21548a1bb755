from __future__ import annotations

from typing import Any

import pytest
from projets import avec, conforme, poser, resultat

from assistant.eligibility.models import Montants

PLEIN = {"demande": True, "projet_annuel": True, "au_dela_du_socle": True}


def montants(projet: dict[str, Any]) -> Montants:
    return resultat(projet).montants


def test_the_published_example_gives_the_published_amounts() -> None:
    trouves = montants(conforme("34"))
    assert trouves.model_dump(exclude={"bareme", "detail"}) == {
        "ps_par_collectif": (2563,),
        "ps_total": 2563,
        "ps_min": 2563,
        "ps_max": 2563,
        "bonus_enfants": 300,
        "bonus_parents": 0,
        "total_avant_plafond": 2863,
        "plafond_80": 7200,
        "total": 2863,
        "total_min": 2863,
        "total_max": 2863,
        "acompte_n_max": 717,
        "acompte_n1_max": 1076,
        "solde": 1070,
    }


@pytest.mark.parametrize(
    ("prix", "ps"),
    [
        (7885, 2563),
        (7885.01, 2563),
        (7884.61, 2562),
        (7884.62, 2563),
        (1000, 325),
        (0, 0),
        (1.53, 0),
        (1.54, 1),
    ],
)
def test_the_ps_is_rounded_once_halves_up(prix: float, ps: int) -> None:
    assert montants(avec(conforme(), prix_de_revient=prix)).ps_par_collectif == (ps,)


@pytest.mark.parametrize(
    ("semaines", "en_cours", "ps"),
    [
        (20, True, 1898),
        (20, False, 2563),
        (27, True, 2563),
        (53, True, 2563),
        (1, True, 95),
        (0, True, 0),
    ],
)
def test_the_ps_is_in_proportion_after_a_start_during_the_year(
    semaines: int, en_cours: bool, ps: int
) -> None:
    projet = avec(conforme(), semaines=semaines, demarrage_en_cours_d_annee=en_cours)
    assert montants(projet).ps_total == ps
    assert montants(projet).bonus_enfants == 300


@pytest.mark.parametrize(
    ("annee", "plafond", "a_confirmer"),
    [
        ("2020-2021", None, True),
        ("2021-2022", 7885, False),
        ("2022-2023", 7885, True),
        ("2030-2031", 7885, True),
    ],
)
def test_the_ceiling_price_is_that_of_its_year_or_the_last_known(
    annee: str, plafond: int | None, a_confirmer: bool
) -> None:
    trouves = montants(conforme(annee_scolaire=annee))
    assert trouves.bareme.prix_plafond == plafond
    assert trouves.bareme.a_confirmer == a_confirmer
    assert (trouves.total is None) == (plafond is None)


@pytest.mark.parametrize(
    ("departement", "annees", "attendu"),
    [("34", 0, 0), ("34", 1, 300), ("75", 0, 300), ("34", None, None), ("75", None, 300)],
)
def test_a_bonus_waits_for_a_completed_year_in_the_herault_alone(
    departement: str, annees: int | None, attendu: int | None
) -> None:
    projet = conforme(departement, bonus={"annees_de_fonctionnement": annees, "enfants": PLEIN})
    assert montants(projet).bonus_enfants == attendu


@pytest.mark.parametrize("manque", ["demande", "projet_annuel", "au_dela_du_socle"])
def test_a_bonus_takes_all_its_conditions(manque: str) -> None:
    faux = conforme(bonus={"annees_de_fonctionnement": 2, "parents": PLEIN | {manque: False}})
    assert montants(faux).bonus_parents == 0
    inconnu = conforme(bonus={"annees_de_fonctionnement": 2, "parents": PLEIN | {manque: None}})
    assert montants(inconnu).bonus_parents is None


def test_a_cut_falls_on_the_bonus_before_the_ps() -> None:
    projet = avec(conforme(), prix_de_revient=3000)
    projet["budget"] |= {"cout_total": 3000, "autres_financements_caf_clas": 1400}
    trouves = montants(projet)
    assert (trouves.ps_total, trouves.total_avant_plafond) == (975, 1275)
    assert trouves.plafond_80 == 2400
    assert trouves.total == 1000
    assert trouves.acompte_n_max == 273
    assert trouves.acompte_n1_max == 409


def test_the_ceiling_of_80_percent_is_rounded_down_and_never_negative() -> None:
    projet = avec(conforme(), prix_de_revient=100)
    projet["budget"] |= {"cout_total": 100.99, "autres_financements_caf_clas": 5000}
    trouves = montants(projet)
    assert trouves.plafond_80 == 80
    assert trouves.total == 0
    assert trouves.solde == 0


@pytest.mark.parametrize(
    ("debut", "acompte"), [("2025-12-31", 717), ("2026-01-01", 0), (None, None)]
)
def test_no_advance_in_year_n_for_a_start_in_year_n_plus_1(
    debut: str | None, acompte: int | None
) -> None:
    trouves = montants(conforme(debut=debut))
    assert trouves.acompte_n_max == acompte
    assert (trouves.solde is None) == (acompte is None)


def test_an_unknown_amount_is_null_with_a_range_and_never_zero() -> None:
    trouves = montants(avec(conforme(), prix_de_revient=None))
    assert trouves.ps_par_collectif == (None,)
    assert trouves.total is None
    assert (trouves.ps_min, trouves.ps_max) == (0, 2563)
    assert (trouves.total_min, trouves.total_max) == (300, 2863)


def test_unknown_prices_share_what_is_left_of_the_total_cost() -> None:
    projet = conforme()
    projet["collectifs"] = [projet["collectifs"][0] | {"prix_de_revient": None} for _ in range(2)]
    projet["budget"]["cout_total"] = 103
    trouves = montants(projet)
    # 34 € is reached by two prices that both gain from the rounding, not by one price of 103 €.
    assert (trouves.ps_min, trouves.ps_max) == (0, 34)


def test_no_collectif_leaves_the_amounts_unknown() -> None:
    for collectifs in (None, []):
        trouves = montants(conforme(collectifs=collectifs))
        assert trouves.ps_par_collectif == ()
        assert trouves.ps_total is None
        assert trouves.total is None
        assert trouves.plafond_80 == 7200


def test_every_known_amount_has_its_line_of_arithmetic() -> None:
    detail = "\n".join(montants(conforme("34")).detail).replace("\u202f", " ").replace("\xa0", " ")
    for morceau in (
        "32,5 % × min(9 000 € ; 7 885 €) = 2 562,625 € → 2 563 €",
        "1 × 300 € = 300 €",
        "80 % × 9 000 € = 7 200 €",
        "28 % × 2 563 € = 717,64 € → 717 €",
        "42 % × 2 563 € = 1 076,46 € → 1 076 €",
        "2 863 € − 717 € − 1 076 € = 1 070 €",
    ):
        assert morceau in detail


@pytest.mark.parametrize(
    ("porteur", "possible", "duree"),
    [
        ({"type": "centre_social", "annees_soutien_caf": 0, "bilan_conforme": True}, True, 5),
        ({"type": "association", "annees_soutien_caf": 2, "bilan_conforme": True}, True, 4),
        ({"type": "association", "annees_soutien_caf": 1, "bilan_conforme": True}, False, None),
        ({"type": "centre_social", "annees_soutien_caf": 9, "bilan_conforme": False}, False, None),
        ({"type": None, "annees_soutien_caf": 2, "bilan_conforme": True}, True, None),
        ({"type": "association", "annees_soutien_caf": None, "bilan_conforme": True}, None, None),
        ({}, None, None),
    ],
)
def test_several_years_at_once_are_possible_for_two_kinds_of_porteurs(
    porteur: dict[str, Any], possible: bool | None, duree: int | None
) -> None:
    trouve = resultat(conforme(porteur=porteur)).pluriannuel
    assert (trouve.possible, trouve.duree_max_annees) == (possible, duree)
    assert trouve.citations


def test_the_calendar_carries_the_amounts_and_their_quotations() -> None:
    trouve = resultat(conforme("34"))
    assert [e.montant for e in trouve.calendrier_paiement] == [717, 1076, 1070]
    assert all(e.citations for e in trouve.calendrier_paiement)


def test_a_bonus_is_always_said_to_be_the_decision_of_the_caf() -> None:
    avec_bonus = resultat(conforme()).reserves
    sans_bonus = resultat(
        conforme(bonus={"enfants": {"demande": False}, "parents": {"demande": False}})
    ).reserves
    assert any("bonus est un maximum" in r for r in avec_bonus)
    assert not any("bonus est un maximum" in r for r in sans_bonus)


def test_the_reading_of_the_proportion_is_shown_when_it_is_used() -> None:
    court = avec(conforme(), semaines=20, demarrage_en_cours_d_annee=True)
    assert any("semaines / 27" in r for r in resultat(court).reserves)
    assert not any(
        "semaines / 27" in r for r in resultat(poser(conforme(), "debut", None)).reserves
    )


def test_the_whole_ps_of_a_small_collectif_is_said_to_be_a_reading() -> None:
    petit = avec(conforme(), enfants=6, enfant_en_situation_de_handicap=True)
    assert any("5 à 7 enfants est entière" in r for r in resultat(petit).reserves)
    assert not any("5 à 7 enfants" in r for r in resultat(conforme()).reserves)
