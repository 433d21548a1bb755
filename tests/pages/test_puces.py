"""The facts held, on the page of the conversation: shown, corrected, removed, brought back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from formulaire import APP, REGLES
from streamlit.testing.v1 import AppTest

from assistant.dialogue.memoire import Memoire
from assistant.dialogue.retouches import faits_tenus
from pages_clas.avancee import PATIENCE, avancee_html
from pages_clas.cartes import Tour
from pages_clas.conversation_tours import EXEMPLES
from pages_clas.formulaire_champs import cle

PROJET = "On a 6 gamins à la campagne et 1 anim, c'est bon ?"
ENFANTS = "collectifs.1.enfants"


@pytest.fixture
def page() -> AppTest:
    return demander(AppTest.from_file(str(APP), default_timeout=60).run(), PROJET)


def demander(page: AppTest, question: str) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def html_de(page: AppTest) -> str:
    assert not page.exception
    corps = (element.proto.body for element in page.html)
    return unescape("\n".join(c for c in corps if not c.startswith(("<style", "<script"))))


def puces(page: AppTest) -> list[str]:
    """The facts as they are read: « Nom : valeur mots »."""
    trouvees = re.findall(r'<p class="clas-puce">(.*?)</p>', html_de(page), flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", puce).strip() for puce in trouvees]


def tenus(page: AppTest) -> dict[str, Any]:
    memoire: Memoire = page.session_state["memoire"]
    return {f.chemin: f.valeur for f in faits_tenus(memoire, REGLES)}


def tours(page: AppTest) -> list[Tour]:
    gardes: list[Tour] = page.session_state["tours"]
    return gardes


def presser(page: AppTest, geste: str, chemin: str) -> AppTest:
    suffixe = cle(chemin).removeprefix("champ-")
    page.button(key=f"{geste}-{suffixe}").click().run()
    assert not page.exception
    return page


def corriger(page: AppTest, chemin: str, texte: str) -> AppTest:
    presser(page, "corriger", chemin)
    page.text_input(key=cle(chemin)).set_value(texte).run()
    return page.button(key="correction-enregistrer").click().run()


def verdict_dit(page: AppTest) -> str:
    trouve = re.search(r"l'auto-contrôle dit : <strong>([^<]+)", html_de(page))
    assert trouve is not None
    return trouve[1]


def test_each_fact_is_a_chip_with_its_words(page: AppTest) -> None:
    dites = puces(page)
    assert len(dites) == len(tenus(page))
    assert any("6" in dite and "« 6 gamins »" in dite for dite in dites)


@pytest.mark.long
def test_the_buttons_of_each_chip_name_its_fact(page: AppTest) -> None:
    gestes = [b.label for b in page.button if b.label.startswith(("Corriger", "Retirer"))]
    assert len(gestes) == 2 * len(tenus(page))
    assert len(set(gestes)) == len(gestes)


def test_a_chip_corrects_its_fact_and_says_so(page: AppTest) -> None:
    corriger(page, ENFANTS, "9")
    assert tenus(page)[ENFANTS] == 9
    assert any("9" in dite and "corrigé par vous" in dite for dite in puces(page))
    assert ": 9 au lieu de 6." in html_de(page)


@pytest.mark.long
def test_the_next_answer_follows_the_correction(page: AppTest) -> None:
    corriger(page, ENFANTS, "14")
    demander(page, "Notre projet est-il éligible ?")
    projet = tours(page)[-1].reponse.eligibilite
    assert projet is not None
    motifs = " ".join(c["motif"] for c in projet["criteres"])
    assert "14 enfants" in motifs


def test_an_answer_that_hung_on_the_fact_says_that_it_is_of_before(page: AppTest) -> None:
    assert "Réponse d'avant votre changement" not in html_de(page)
    corriger(page, ENFANTS, "14")
    assert "Réponse d'avant votre changement" in html_de(page)


@pytest.mark.long
def test_an_answer_on_the_rules_is_of_no_before(page: AppTest) -> None:
    demander(page, "Qui peut encadrer les enfants ?")
    corriger(page, ENFANTS, "14")
    assert [tour.perimee for tour in tours(page)] == [True, False]


def test_a_value_that_is_refused_stays_in_its_field_with_the_reason(page: AppTest) -> None:
    corriger(page, ENFANTS, "beaucoup")
    assert tenus(page)[ENFANTS] == 6
    assert "« beaucoup » n'est pas retenu" in html_de(page)
    assert page.text_input(key=cle(ENFANTS)).value == "beaucoup"


@pytest.mark.long
def test_a_correction_can_be_left(page: AppTest) -> None:
    presser(page, "corriger", ENFANTS)
    page.text_input(key=cle(ENFANTS)).set_value("9").run()
    page.button(key="correction-fermer").click().run()
    assert tenus(page)[ENFANTS] == 6
    assert not page.text_input


@pytest.mark.long
def test_a_yes_or_no_is_corrected_with_the_choices_of_the_form(page: AppTest) -> None:
    presser(page, "corriger", "milieu_rural")
    page.radio(key=cle("milieu_rural")).set_value("non").run()
    page.button(key="correction-enregistrer").click().run()
    assert tenus(page)["milieu_rural"] is False


@pytest.mark.long
def test_the_number_of_collectifs_is_corrected_within_its_bounds(page: AppTest) -> None:
    demander(page, "On a 2 groupes.")
    presser(page, "corriger", "collectifs")
    page.text_input(key="champ-nombre-de-collectifs").set_value("999").run()
    page.button(key="correction-enregistrer").click().run()
    assert "de 0 à 200" in html_de(page)
    page.text_input(key="champ-nombre-de-collectifs").set_value("3").run()
    page.button(key="correction-enregistrer").click().run()
    assert tenus(page)["collectifs"] == 3


@pytest.mark.long
def test_a_co_funding_is_corrected_in_its_list(page: AppTest) -> None:
    demander(page, "La commune nous donne 3 000 €.")
    presser(page, "corriger", "budget.cofinancements.1")
    page.text_input(key=cle("budget.cofinancements.1.montant")).set_value("2500").run()
    page.button(key="correction-enregistrer").click().run()
    assert tenus(page)["budget.cofinancements.1"]["montant"] == 2500


@pytest.mark.long
def test_two_facts_that_cannot_both_be_true_are_said_to_contradict(page: AppTest) -> None:
    demander(page, "Le coût total du projet est de 9 000 €.")
    demander(page, "Le prix de revient du groupe est de 8 000 €.")
    corriger(page, "budget.cout_total", "7000")
    assert "contredit un autre fait" in html_de(page)
    assert tenus(page)["budget.cout_total"] == 9000


@pytest.mark.long
def test_a_chip_removes_its_fact(page: AppTest) -> None:
    presser(page, "retirer-fait", "milieu_rural")
    assert "milieu_rural" not in tenus(page)
    assert "N'est plus retenu" in html_de(page)


def test_the_last_change_can_be_undone_with_what_it_marked(page: AppTest) -> None:
    presser(page, "retirer-fait", ENFANTS)
    assert tours(page)[0].perimee
    page.button(key="annuler-les-faits").click().run()
    assert tenus(page)[ENFANTS] == 6
    assert not tours(page)[0].perimee


@pytest.mark.long
def test_the_verdict_shown_is_the_one_that_is_answered(page: AppTest) -> None:
    corriger(page, ENFANTS, "14")
    dit = verdict_dit(page)
    demander(page, "Notre projet est-il éligible ?")
    donnees = tours(page)[-1].reponse.eligibilite
    assert donnees is not None
    assert (dit, donnees["verdict"]) == ("Non éligible", "non_eligible")


@pytest.mark.long
def test_a_new_conversation_leaves_nothing_held_nor_said(page: AppTest) -> None:
    presser(page, "corriger", ENFANTS)
    page.button(key="nouvelle").click().run()
    assert "Ce que j'ai retenu" not in html_de(page)
    assert sorted(b.label for b in page.button) == sorted(EXEMPLES)


@pytest.mark.long
def test_two_or_three_questions_follow_and_none_was_asked(page: AppTest) -> None:
    for _ in range(3):
        suites = [b for b in page.button if (b.key or "").startswith("suite-")]
        assert 2 <= len(suites) <= 3
        posees = {tour.question for tour in tours(page)}
        assert posees.isdisjoint({s.label for s in suites} - {"Pourquoi ?", "Où est-ce écrit ?"})
        suites[-1].click().run()


@pytest.mark.long
def test_words_of_a_person_are_never_markup(page: AppTest) -> None:
    demander(page, "La fondation <img src=x onerror=alert(1)> nous donne 3 000 €.")
    corps = "\n".join(element.proto.body for element in page.html)
    assert "<img" not in corps


@pytest.mark.parametrize(("passees", "tardive"), [(0, True), (149, True), (150, False)])
def test_a_step_is_not_seen_before_it_has_lasted(passees: float, tardive: bool) -> None:
    rendu = avancee_html("chercher", 5, "attente-1", 2, passees)
    assert ("clas-tardive" in rendu) == tardive
    assert f'data-apres="{max(0, PATIENCE - round(passees))}"' in rendu
    assert "Je cherche dans les 5 textes…" in rendu


@pytest.mark.long
def test_no_step_is_left_on_the_page(page: AppTest) -> None:
    assert "clas-avancee" not in html_de(page)
