"""What a conversation holds, mended fact by fact: each change gives another memory."""

from __future__ import annotations

from typing import Any

import pytest
from eligibility_reference.strategies import projets_partiels
from essais import DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dialogue.memoire import FaitRetenu, Memoire
from assistant.dialogue.retouches import (
    aplatir,
    corriger,
    deplier,
    faits_tenus,
    remplacer,
    retirer,
)
from assistant.dialogue.tour import lire_tour
from assistant.eligibility import ProjetInutilisable, lire_projet
from assistant.eligibility.commands import regles_livrees
from assistant.eligibility.donnees import en_donnees
from assistant.models import Question

REGLES = regles_livrees()
RECIT = "On a 6 gamins à la campagne dans l'Hérault et 1 anim, un coût total de 9 000 €."


def essais(nombre: int) -> settings:
    return settings(
        max_examples=nombre, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


def raconter(*messages: str) -> Memoire:
    memoire = Memoire()
    for message in messages:
        suivante = memoire.model_copy(update={"tours": memoire.tours + 1})
        memoire = lire_tour(Question(id="t", date=DAY), message, suivante).memoire
    return memoire


def tenus(memoire: Memoire) -> dict[str, FaitRetenu]:
    return {f.chemin: f for f in faits_tenus(memoire, REGLES)}


def valeurs(memoire: Memoire) -> dict[str, Any]:
    return {chemin: fait.valeur for chemin, fait in tenus(memoire).items()}


def test_every_fact_told_is_held_with_its_words_the_place_among_them() -> None:
    mots = {chemin: fait.mots for chemin, fait in tenus(raconter(RECIT)).items()}
    assert mots["departement"] == "Hérault"
    assert mots["collectifs.1.enfants"] == "6 gamins"
    assert mots["milieu_rural"] == "campagne"


def test_a_supposition_is_no_fact() -> None:
    memoire = raconter(RECIT, "et si on avait 14 enfants ?")
    assert valeurs(memoire)["collectifs.1.enfants"] == 6


def test_a_number_that_the_model_refuses_is_no_fact_and_lends_no_words() -> None:
    memoire = raconter("On a 6 gamins.", "non, 10 001 enfants")
    assert valeurs(memoire)["collectifs.1.enfants"] == 6
    assert "10" not in tenus(memoire)["collectifs.1.enfants"].mots


def test_a_correction_gives_another_memory_and_leaves_the_first() -> None:
    avant = raconter(RECIT)
    copie = avant.model_copy(deep=True)
    apres = corriger(avant, "collectifs.1.enfants", 9, REGLES)
    assert avant == copie
    assert valeurs(apres) == valeurs(avant) | {"collectifs.1.enfants": 9}


def test_a_corrected_fact_is_said_by_the_person_and_has_no_words() -> None:
    fait = tenus(corriger(raconter(RECIT), "collectifs.1.enfants", 9, REGLES))[
        "collectifs.1.enfants"
    ]
    assert (fait.certitude, fait.origine, fait.mots) == ("dite", "correction", "")


def test_facts_that_a_correction_does_not_touch_keep_their_words() -> None:
    apres = corriger(raconter(RECIT), "collectifs.1.enfants", 9, REGLES)
    assert tenus(apres)["milieu_rural"] == tenus(raconter(RECIT))["milieu_rural"]


@pytest.mark.parametrize(
    ("chemin", "valeur"),
    [
        ("collectifs.1.enfants", 10_001),
        ("collectifs.1.enfants", "six"),
        ("collectifs", 201),
        ("departement", "99"),
        ("annee_scolaire", "2025-2027"),
        ("public.niveaux", ["creche"]),
    ],
)
def test_a_value_that_the_form_refuses_is_refused(chemin: str, valeur: object) -> None:
    with pytest.raises(ProjetInutilisable):
        corriger(raconter(RECIT), chemin, valeur, REGLES)


def test_a_correction_that_contradicts_another_fact_is_refused_rather_than_forget_it() -> None:
    memoire = corriger(raconter(RECIT), "collectifs.1.prix_de_revient", 8000, REGLES)
    with pytest.raises(ProjetInutilisable, match="cout_total"):
        corriger(memoire, "budget.cout_total", 7000, REGLES)


def test_a_fact_corrected_to_unknown_is_no_longer_held() -> None:
    assert "milieu_rural" not in valeurs(corriger(raconter(RECIT), "milieu_rural", None, REGLES))


def test_a_removed_fact_goes_alone() -> None:
    avant = raconter(RECIT)
    apres = valeurs(retirer(avant, "milieu_rural", REGLES))
    assert apres == {c: v for c, v in valeurs(avant).items() if c != "milieu_rural"}


def test_a_removed_place_leaves_the_choice_of_the_page_in_force() -> None:
    apres = retirer(raconter(RECIT), "departement", REGLES)
    assert apres.departement is None
    assert "departement" not in valeurs(apres)


def test_fewer_collectifs_take_what_was_told_of_the_others_with_them() -> None:
    memoire = corriger(Memoire(), "collectifs", 2, REGLES)
    memoire = corriger(memoire, "collectifs.2.enfants", 10, REGLES)
    assert valeurs(corriger(memoire, "collectifs", 1, REGLES)) == {}


def test_a_number_of_collectifs_removed_leaves_those_of_which_something_is_known() -> None:
    memoire = corriger(Memoire(), "collectifs", 3, REGLES)
    memoire = corriger(memoire, "collectifs.2.enfants", 10, REGLES)
    assert valeurs(retirer(memoire, "collectifs", REGLES)) == {
        "collectifs": 2,
        "collectifs.2.enfants": 10,
    }


def test_a_co_funding_removed_leaves_the_others_and_their_words() -> None:
    memoire = raconter("La commune nous donne 3 000 € et la MSA 500 €.")
    apres = tenus(retirer(memoire, "budget.cofinancements.1", REGLES))
    assert list(apres) == ["budget.cofinancements.1"]
    avant = tenus(memoire)["budget.cofinancements.2"]
    assert (apres["budget.cofinancements.1"].mots, apres["budget.cofinancements.1"].valeur) == (
        avant.mots,
        avant.valeur,
    )


def test_the_last_co_funding_removed_makes_them_unknown_not_absent() -> None:
    memoire = raconter("La commune nous donne 3 000 €.")
    assert valeurs(retirer(memoire, "budget.cofinancements.1", REGLES)) == {}


def test_a_bare_number_said_after_a_correction_does_not_answer_an_older_question() -> None:
    memoire = raconter(RECIT).model_copy(update={"attendus": ("collectifs.1.semaines",)})
    assert corriger(memoire, "collectifs.1.enfants", 9, REGLES).attendus == ()


def test_a_fact_that_new_rules_no_longer_read_is_let_go_alone() -> None:
    projet = {"ancien": {"fait": True}, "milieu_rural": True, "collectifs": [{"enfants": 9}]}
    assert valeurs(Memoire(projet=projet)) == {"milieu_rural": True, "collectifs.1.enfants": 9}


def test_facts_of_the_form_that_were_told_keep_their_words() -> None:
    memoire = raconter(RECIT)
    projet = {"departement": "34", "milieu_rural": True, "collectifs": [{"enfants": 9}]}
    apres = tenus(remplacer(memoire, projet, REGLES))
    assert apres["milieu_rural"].mots == "campagne"
    assert apres["collectifs.1.enfants"].origine == "formulaire"
    assert "budget.cout_total" not in apres


@essais(40)
@given(projet=projets_partiels())
def test_a_project_is_the_set_of_its_facts(projet: dict[str, Any]) -> None:
    donnees = en_donnees(lire_projet(projet, REGLES), REGLES)
    assert deplier(aplatir(donnees)) == donnees


@essais(40)
@given(projet=projets_partiels(), autre=projets_partiels(), choix=st.data())
def test_any_fact_can_be_set_to_any_value_that_a_project_may_have(
    projet: dict[str, Any], autre: dict[str, Any], choix: st.DataObject
) -> None:
    memoire = remplacer(Memoire(tours=1), projet, REGLES)
    voulus = valeurs(remplacer(Memoire(tours=1), autre, REGLES))
    simples = {c: v for c, v in voulus.items() if not c.startswith(("collectifs", "budget", "fin"))}
    chemin = choix.draw(st.sampled_from(sorted(simples)))
    if chemin == "debut":
        memoire = retirer(memoire, "fin", REGLES)
    apres = corriger(memoire, chemin, simples[chemin], REGLES)
    assert valeurs(apres) == valeurs(memoire) | {chemin: simples[chemin]}


@pytest.mark.long
@essais(60)
@given(projet=projets_partiels())
def test_removing_every_fact_leaves_nothing(projet: dict[str, Any]) -> None:
    memoire = remplacer(Memoire(tours=1), projet, REGLES)
    for chemin in reversed(list(valeurs(memoire))):
        memoire = retirer(memoire, chemin, REGLES)
    assert valeurs(memoire) == {}
    assert memoire.projet == {}
