"""From the conversation to the form and back, without a browser: nothing lost without a word."""

from __future__ import annotations

from typing import Any

import pytest
from formulaire import APP, REGLES, brouillon_de, html_de, mot_de, projet_de
from streamlit.testing.v1 import AppTest

from assistant.dialogue.retouches import faits_tenus
from assistant.eligibility import verifier
from pages_clas import PAGE_PROJET, PAGE_QUESTION
from pages_clas.formulaire_brouillon import Brouillon
from pages_clas.formulaire_champs import cle

RECIT = "On est une association de l'Hérault, on a 6 gamins à la campagne et 1 anim, c'est bon ?"
ENFANTS = "collectifs.1.enfants"


@pytest.fixture
def page() -> AppTest:
    ouverte = AppTest.from_file(str(APP), default_timeout=60).run()
    return ouverte.chat_input[0].set_value(RECIT).run()


def vers_le_formulaire(page: AppTest) -> AppTest:
    page.button(key="ouvrir-le-formulaire").click().run()
    return page.switch_page(PAGE_PROJET).run()


def vers_la_conversation(page: AppTest) -> AppTest:
    page.button(key="reprendre-la-conversation").click().run()
    return page.switch_page(PAGE_QUESTION).run()


def tenus(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    return {f.chemin: f.valeur for f in faits_tenus(page.session_state["memoire"], REGLES)}


def repondre(page: AppTest, etape: str, chemin: str, texte: str) -> AppTest:
    page.button(key=f"etape-{etape}").click().run()
    return page.text_input(key=cle(chemin)).set_value(texte).run()


def dernier_verdict(page: AppTest) -> dict[str, Any]:
    page.chat_input[0].set_value("Notre projet est-il éligible ?").run()
    assert not page.exception
    donnees: dict[str, Any] = page.session_state["tours"][-1].reponse.eligibilite
    return donnees


def test_the_form_opens_with_what_was_told(page: AppTest) -> None:
    projet = projet_de(vers_le_formulaire(page))
    assert projet["departement"] == "34"
    assert projet["collectifs"] == [{"enfants": 6, "intervenants": 1}]


@pytest.mark.long
def test_each_answer_says_that_it_comes_from_the_conversation(page: AppTest) -> None:
    rendu = html_de(vers_le_formulaire(page)).replace("\u00a0", " ")
    assert "Vient de la conversation : « Hérault »" in rendu
    assert "Supposé par la conversation : à vérifier." in rendu


@pytest.mark.long
def test_an_answer_changed_in_the_form_no_longer_says_so(page: AppTest) -> None:
    repondre(vers_le_formulaire(page), "collectifs", ENFANTS, "9")
    assert brouillon_de(page).origine(ENFANTS) is None
    page.button(key="annuler").click().run()
    assert brouillon_de(page).origine(ENFANTS) is not None


@pytest.mark.long
def test_the_form_and_the_conversation_say_the_same_of_the_same_facts(page: AppTest) -> None:
    dit = dernier_verdict(page)
    vers_le_formulaire(page)
    assert verifier(projet_de(page), REGLES).model_dump(mode="json") == dit


def test_a_draft_that_says_otherwise_is_kept_until_the_person_chooses(page: AppTest) -> None:
    page.switch_page(PAGE_PROJET).run()
    repondre(page, "collectifs", ENFANTS, "9")
    avant = projet_de(page)
    page.switch_page(PAGE_QUESTION).run()
    vers_le_formulaire(page)
    assert projet_de(page) == avant
    assert "9 dans le brouillon, 6 dans la conversation" in html_de(page)


@pytest.mark.long
@pytest.mark.parametrize(
    ("bouton", "enfants", "departement"),
    [
        ("garder-le-brouillon", 9, None),
        ("completer-le-brouillon", 9, "34"),
        ("remplacer-le-brouillon", 6, "34"),
    ],
)
def test_the_choice_made_is_the_one_that_is_kept(
    page: AppTest, bouton: str, enfants: int, departement: str | None
) -> None:
    page.switch_page(PAGE_PROJET).run()
    repondre(page, "collectifs", ENFANTS, "9")
    page.switch_page(PAGE_QUESTION).run()
    vers_le_formulaire(page).button(key=bouton).click().run()
    assert brouillon_de(page).lire(ENFANTS) == enfants
    assert brouillon_de(page).lire("departement") == departement
    assert "ne disent pas la même chose" not in html_de(page)


@pytest.mark.long
def test_what_the_conversation_brought_can_be_undone(page: AppTest) -> None:
    vers_le_formulaire(page).button(key="annuler").click().run()
    assert projet_de(page) == {"collectifs": [{}]}


@pytest.mark.long
def test_facts_brought_twice_are_not_asked_about(page: AppTest) -> None:
    vers_le_formulaire(page)
    page.switch_page(PAGE_QUESTION).run()
    page.chat_input[0].set_value("non, 9 enfants").run()
    vers_le_formulaire(page)
    assert brouillon_de(page).lire(ENFANTS) == 9
    assert "ne disent pas la même chose" not in html_de(page)


def test_the_conversation_takes_up_again_with_the_answers_of_the_form(page: AppTest) -> None:
    repondre(vers_le_formulaire(page), "collectifs", ENFANTS, "14")
    attendu = verifier(projet_de(page), REGLES).model_dump(mode="json")
    mot = mot_de(page)
    vers_la_conversation(page)
    assert tenus(page)[ENFANTS] == 14
    assert f"l'auto-contrôle dit : <strong>{mot}" in html_de(page).replace("&#x27;", "'")
    assert dernier_verdict(page) == attendu


@pytest.mark.long
def test_an_answer_given_before_the_form_changed_it_is_of_before(page: AppTest) -> None:
    repondre(vers_le_formulaire(page), "collectifs", ENFANTS, "14")
    vers_la_conversation(page)
    assert page.session_state["tours"][0].perimee


@pytest.mark.long
def test_a_place_unknown_in_the_form_is_unknown_in_the_conversation(page: AppTest) -> None:
    page.selectbox(key="departement").set_value("69").run()
    page.switch_page(PAGE_PROJET).run()
    repondre(page, "collectifs", ENFANTS, "9")
    vers_la_conversation(page)
    assert page.selectbox(key="departement").value == ""
    assert tenus(page) == {ENFANTS: 9}


@pytest.mark.long
def test_the_answers_of_the_form_can_be_left_with_the_place_that_they_took_over(
    page: AppTest,
) -> None:
    page.selectbox(key="departement").set_value("69").run()
    avant = tenus(page)
    page.switch_page(PAGE_PROJET).run()
    repondre(page, "collectifs", ENFANTS, "9")
    vers_la_conversation(page).button(key="annuler-les-faits").click().run()
    assert tenus(page) == avant
    assert page.selectbox(key="departement").value == "69"


@pytest.mark.long
def test_the_form_alone_begins_a_conversation(page: AppTest) -> None:
    page.button(key="nouvelle").click().run()
    page.switch_page(PAGE_PROJET).run()
    repondre(page, "collectifs", ENFANTS, "9")
    vers_la_conversation(page)
    assert "Ce que j'ai retenu de votre projet" in html_de(page).replace("&#x27;", "'")
    assert page.session_state["tours"] == []


def test_a_draft_undone_forgets_where_its_values_came_from() -> None:
    brouillon = Brouillon()
    assert brouillon.origine("milieu_rural") is None
    brouillon.poser("essai", {"milieu_rural": True})
    assert brouillon.origine("milieu_rural") is None
