"""Groups told one by one, costs beside gifts, shares, and what is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.dialogue.facts import appliquer, lire_faits

N = "collectifs"
DESIGNE, NIVEAU = "coordinateur.designe", "coordinateur.niveau_bac_plus"
SEANCES, DUREE = "collectifs.1.seances_par_semaine", "collectifs.1.duree_seance_minutes"
HANDICAP = "enfant_en_situation_de_handicap"
BONUS = ("bonus.enfants.demande", "bonus.parents.demande")
TOTAL = "budget.cout_total"


def deux() -> dict[str, Any]:
    return {"collectifs": [{}, {}]}


def tailles(texte: str, connus: dict[str, Any] | None = None) -> list[int | None]:
    """The sizes of the groups once ``texte`` is read."""
    projet = appliquer(connus or {}, lire_faits(texte, connus))
    return [collectif.get("enfants") for collectif in projet.get("collectifs", [])]


def prix(texte: str, connus: dict[str, Any] | None = None) -> list[float | None]:
    projet = appliquer(connus or {}, lire_faits(texte, connus))
    return [collectif.get("prix_de_revient") for collectif in projet.get("collectifs", [])]


def dons(texte: str, connus: dict[str, Any] | None = None) -> dict[str, Any]:
    """What each giver gives, by type."""
    return {
        str(valeur["type"]): valeur.get("montant")
        for valeur in lire_faits(texte, connus).valeurs().values()
        if isinstance(valeur, dict)
    }


def a_preciser(
    texte: str, connus: dict[str, Any] | None = None, attendus: Sequence[str] = ()
) -> list[str]:
    lus = lire_faits(texte, connus, attendus=attendus)
    return [imprecis.chemin for imprecis in lus.a_preciser]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("trois groupes : un de 9, un de 14 et un de 5", [9, 14, 5]),
        ("deux groupes : un de 10 et un de 7", [10, 7]),
        ("deux groupes, un de 8 et un de 12, c'est bon ?", [8, 12]),
        ("deux groupes (un de 8, un de 12)", [8, 12]),
        ("deux groupes, l'un de 10, l'autre de 6", [10, 6]),
        ("deux groupes : le premier 10 et le second 7", [10, 7]),
        ("On a deux groupes. Le premier a 10 enfants, le second 7.", [10, 7]),
        ("trois groupes. Un de 8, un de 9, un de 10.", [8, 9, 10]),
        ("groupe A : 10, groupe B : 7", [10, 7]),
        ("le groupe A a 10 enfants et le groupe B 7", [10, 7]),
        ("2 groupes, groupe A de 10 enfants et groupe B de 7", [10, 7]),
        ("deux groupes : un groupe de 8 et un groupe de 12", [8, 12]),
        ("2 groupes : 8 enfants et 12 enfants", [8, 12]),
        ("on a deux groupes un en primaire de 9 et un au collège de 12", [9, 12]),
        ("2 groupes : l'un de 8 enfants avec 2 bénévoles, l'autre de 12 avec 1 salarié", [8, 12]),
        ("trois groupes : un de 9 et deux de 7", [9, 7, 7]),
        ("deux groupes : 8 en primaire et 12 au collège", [8, 12]),
        ("deux groupes, 10 le mardi et 8 le jeudi", [10, 8]),
        ("2 collectifs, un de primaires (10 enfants) et un de collégiens (8 enfants)", [10, 8]),
        ("deux groupes, un de 10 enfants de 6 à 11 ans et un de 8 ados", [10, 8]),
        ("trois groupes de 8 : un le lundi, un le mardi, un le jeudi", [8, 8, 8]),
        ("trois groupes dont un de 5", [5, None, None]),
        ("3 groupes : 1 au collège et 2 en élémentaire", [None, None, None]),
        ("deux groupes de 10, un au collège et un en primaire", [10, 10]),
        ("deux groupes, 1 de 1h30 et 1 de 2h", [None, None]),
    ],
)
def test_groups_listed_one_by_one_are_counted_once(texte: str, attendu: list[int | None]) -> None:
    assert tailles(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("deux groupes de 10 enfants et un de 8", [10, 10, 8]),
        ("deux groupes de 10 et un au collège", [10, 10, None]),
        ("un groupe de 10 et un de 7", [10, 7]),
    ],
)
def test_a_group_added_to_those_counted_is_one_more(texte: str, attendu: list[int | None]) -> None:
    assert tailles(texte) == attendu


@pytest.mark.parametrize(
    "texte", ["un de 10 et un de 7", "l'un de 10, l'autre de 7", "le premier 10 et le second 7"]
)
def test_sizes_listed_for_groups_already_known_are_theirs(texte: str) -> None:
    assert tailles(texte, deux()) == [10, 7]


def test_more_groups_listed_than_counted_are_left_to_ask() -> None:
    texte = "deux groupes : un de 9, un de 7 et un de 5"
    assert lire_faits(texte).valeurs() == {N: 2}
    assert a_preciser(texte) == ["collectifs.1.enfants", "collectifs.2.enfants"]


def test_the_verb_after_a_group_is_not_its_letter() -> None:
    assert tailles("le groupe a 9 enfants") == [9]


@pytest.mark.parametrize(
    ("texte", "cout", "recu"),
    [
        ("ça coûte 9000 €, la commune donne 3000 €", 9000, {"commune": 3000}),
        ("ça coûte 9000 € la mairie donne 3000 €", 9000, {"commune": 3000}),
        ("9 000 € de charges, commune : 3000 €", 9000, {"commune": 3000}),
        ("coût total 18000 €, commune 3000 €, région 2000 €", 18000,
         {"commune": 3000, "region": 2000}),
        ("mairie : 3000 €, département : 2500 €, coût : 9000 €", 9000,
         {"commune": 3000, "departement": 2500}),
        ("budget 9000 €, dont fonds propres 2000 €", 9000, {"fonds_propres": 2000}),
    ],
)  # fmt: skip
def test_a_cost_is_never_a_gift(texte: str, cout: int, recu: dict[str, int]) -> None:
    assert lire_faits(texte).valeurs()[TOTAL] == cout
    assert dons(texte) == recu


@pytest.mark.parametrize(
    "texte",
    [
        "Un groupe, coût 9000 €, la commune donne 3000",
        "Un groupe, coût 9000 €, la commune donne 3000 €",
        "chacun coûte 9 000 €, la commune donne 3 000 €",
    ],
)
def test_the_cost_of_one_group_is_not_what_the_commune_gives(texte: str) -> None:
    assert prix(texte) == [9000]
    assert dons(texte) == {"commune": 3000}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Deux groupes de 10, chacun coûte 8 500 €", [8500, 8500]),
        ("3 groupes de 9 à 4000 € chacun", [4000, 4000, 4000]),
        ("7 885 € par groupe, deux groupes", [7885, 7885]),
        ("deux groupes, 8 000 € chacun de charges", [8000, 8000]),
    ],
)
def test_an_amount_for_each_group_is_the_cost_of_each(texte: str, attendu: list[int]) -> None:
    assert prix(texte) == attendu
    assert TOTAL not in lire_faits(texte).valeurs()


def test_a_size_before_an_amount_is_no_range() -> None:
    assert tailles("3 groupes de 9 à 4000 € chacun") == [9, 9, 9]


@pytest.mark.parametrize(
    "texte",
    [
        "la caf verse 2 563 € par groupe, deux groupes",
        "on touche 2563 € par groupe",
        "2 groupes, quelle aide par groupe ? 2 563 € par groupe ?",
    ],
)
def test_what_is_received_for_each_group_is_no_cost(texte: str) -> None:
    assert not any("prix" in chemin for chemin in lire_faits(texte).valeurs())


def test_a_gift_for_each_of_several_groups_is_left_without_its_amount() -> None:
    assert dons("la mairie donne 1500 € par groupe", deux()) == {"commune": None}


@pytest.mark.parametrize(
    "texte", ["fonds propres de 2000 €", "2000 € de fonds propres", "fonds propres : 2000 €"]
)
def test_own_funds_are_a_co_funding(texte: str) -> None:
    assert dons(texte) == {"fonds_propres": 2000}


@pytest.mark.parametrize(
    "texte",
    [
        "Et avec les deux bonus ?",
        "Et avec les deux bonus",
        "les 2 bonus",
        "bonus enfants et parents",
        "combien avec les deux bonus ?",
    ],
)
def test_two_bonuses_are_supposed_and_no_children(texte: str) -> None:
    lus = lire_faits(texte, attendus=["collectifs.1.enfants"])
    assert lus.valeurs() == dict.fromkeys(BONUS, True)
    assert {fait.certitude for fait in lus.faits} == {"supposee"}


def test_to_ask_for_two_bonuses_is_said() -> None:
    lus = lire_faits("on demande les deux bonus")
    assert {f.chemin for f in lus.faits if f.certitude == "dite"} == set(BONUS)


@pytest.mark.parametrize(
    "texte", ["c'est quoi les deux bonus ?", "les deux bonus sont-ils cumulables ?"]
)
def test_a_question_on_the_bonuses_says_nothing(texte: str) -> None:
    assert lire_faits(texte).valeurs() == {}


@pytest.mark.parametrize("texte", ["ça dépasse 80 %", "ça dépasse 80 % ?", "on est à 80 pour cent"])
@pytest.mark.parametrize("nom", ["semaines", "enfants", "intervenants"])
def test_a_percentage_is_no_count(texte: str, nom: str) -> None:
    assert lire_faits(texte, attendus=[f"collectifs.1.{nom}"]).valeurs() == {}


@pytest.mark.parametrize(
    "texte",
    [
        "oublie le handicap",
        "enlève le handicap",
        "le handicap, oublie",
        "finalement pas d'enfant handicapé",
        "sans le handicap",
        "on n'a plus d'enfant handicapé",
        "il n'y a pas d'enfant en situation de handicap",
        "aucun enfant n'est en situation de handicap",
    ],
)
def test_a_disability_taken_back_is_no_longer_true(texte: str) -> None:
    connus = {"collectifs": [{"enfants": 6, HANDICAP: True}]}
    assert appliquer(connus, lire_faits(texte, connus))["collectifs"][0][HANDICAP] is False


@pytest.mark.parametrize(
    "texte",
    ["séance unique de 2h", "une seule séance de 2h", "une séance unique de 2h par semaine"],
)
def test_a_single_session_is_one_a_week_with_its_length(texte: str) -> None:
    assert lire_faits(texte).valeurs() == {SEANCES: 1, DUREE: 120}


@pytest.mark.parametrize(
    "texte",
    ["ni coordinateur ni cofinancement", "pas de coordinateur ni de cofinancement"],
)
def test_neither_denies_both(texte: str) -> None:
    assert lire_faits(texte).valeurs() == {DESIGNE: False, "budget.cofinancements": []}


def test_a_level_denied_is_left_to_ask() -> None:
    texte = "Le coordinateur n'a pas bac+2"
    assert lire_faits(texte).valeurs() == {DESIGNE: True}
    assert a_preciser(texte) == [NIVEAU]


def test_a_coordinator_not_yet_found_is_none() -> None:
    assert lire_faits("le coordinateur n'est pas encore recruté").valeurs() == {DESIGNE: False}


@pytest.mark.parametrize(
    "texte",
    ["3 intervenants au total", "3 animateurs pour les deux groupes", "3 intervenants en tout"],
)
def test_adults_told_for_all_the_groups_are_left_to_ask(texte: str) -> None:
    chemins = ["collectifs.1.intervenants", "collectifs.2.intervenants"]
    assert a_preciser(texte, deux(), attendus=chemins[:1]) == chemins
    assert not any("intervenants" in chemin for chemin in lire_faits(texte, deux()).valeurs())


@pytest.mark.parametrize(
    "texte",
    [
        "déplace 2 enfants du deuxième au troisième",
        "déplace 2 enfants du groupe 2 au groupe 3",
        "ajoute 2 enfants au premier groupe",
        "on enlève 2 enfants",
    ],
)
@pytest.mark.parametrize("groupes", [1, 3])
def test_children_who_move_are_no_size(texte: str, groupes: int) -> None:
    connus = {"collectifs": [{"enfants": 9} for _ in range(groupes)]}
    assert not any("enfants" in chemin for chemin in lire_faits(texte, connus).valeurs())


def test_to_move_to_a_number_of_children_is_a_size() -> None:
    assert tailles("on passe à 9 enfants") == [9]


def test_between_two_numbers_is_left_to_ask() -> None:
    assert lire_faits("entre 9 et 12 enfants").valeurs() == {}
    assert a_preciser("entre 9 et 12 enfants") == ["collectifs.1.enfants"]
