"""Conversations about a person's own project: what the checker says is what the answer says."""

from __future__ import annotations

from typing import Any

import pytest
from essais import DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.eligibility import verifier
from assistant.evaluation.facts import word_count
from assistant.models import Question
from assistant.quotation import ReponseScellee

SMS = "g 6 gamins a la campagne et 1 anim c bon ?"


def converser(assistant: Conseiller, *tours: str, departement: str | None = None) -> list[Echange]:
    situation = Question(id="c", departement=departement, date=DAY)
    memoire = Memoire()
    echanges: list[Echange] = []
    for tour in tours:
        echanges.append(assistant.echanger(situation, tour, memoire))
        memoire = echanges[-1].memoire
    return echanges


def texte(echange: Echange) -> str:
    return echange.scellee.reponse.texte


def resultat(echange: Echange) -> dict[str, Any]:
    donnees = echange.scellee.reponse.eligibilite
    assert donnees is not None
    return donnees


def test_a_hurried_message_about_a_project_gets_yes_and_why(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, SMS)
    reponse = echange.scellee.reponse
    assert reponse.type == "eligibilite"
    assert reponse.texte.startswith("Oui, pour ce que vous m'avez dit")
    assert "6 enfants : accepté en milieu rural, à partir de 5." in reponse.texte
    assert reponse.citations


def test_each_fact_is_held_with_the_words_that_gave_it(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, SMS)
    held = {f.chemin: (f.valeur, f.mots) for f in echange.memoire.faits}
    assert held["collectifs.1.enfants"] == (6, "6 gamins")
    assert held["milieu_rural"] == (True, "campagne")
    assert held["collectifs.1.intervenants"] == (1, "1 anim")


def test_a_correction_replaces_the_fact_and_changes_the_answer(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, SMS, "non, 9 enfants")
    assert echange.memoire.projet["collectifs"][0]["enfants"] == 9
    assert resultat(echange)["verdict"] == "non_eligible"


def test_a_bare_number_corrects_the_count_that_it_is_nearest_to(habitue: Conseiller) -> None:
    *_, echange = converser(
        habitue, "On aura treize enfants et deux bénévoles.", "oups, je voulais dire douze"
    )
    assert echange.memoire.projet["collectifs"][0] == {"enfants": 12, "intervenants": 2}


def test_a_supposition_changes_the_answer_and_not_what_is_held(habitue: Conseiller) -> None:
    *_, echange = converser(
        habitue, "On a 10 enfants et 2 animateurs, c'est bon ?", "et si on avait 14 enfants ?"
    )
    assert "14 enfants" in texte(echange)
    assert echange.memoire.projet["collectifs"][0]["enfants"] == 10


def test_a_project_that_is_not_eligible_is_told_so_before_any_amount(
    habitue: Conseiller,
) -> None:
    *_, echange = converser(
        habitue,
        "1 groupe de 10 enfants, 2 bénévoles, coût total 9000 €, on touche combien ?",
        "et si on met 20 enfants ?",
    )
    first, *amounts = texte(echange).split("\n\n")
    assert first.startswith("En l'état, le projet n'est **pas éligible**. 20 enfants")
    assert "€" not in first
    assert "€" in "".join(amounts)


def test_the_criterion_asked_is_answered_first_with_no(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, "On aura 14 enfants dans un seul groupe, c'est possible ?")
    assert texte(echange).startswith("Non. 14 enfants : plus de 12")
    assert "12 au lieu de 14" in texte(echange)


def test_a_fact_that_decides_is_asked_for(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, "On n'a que 6 enfants en ville, ça passe ?")
    reponse = echange.scellee.reponse
    assert reponse.type == "precision"
    assert reponse.texte.startswith("Cela dépend")
    assert echange.memoire.attendus == ("collectifs.1.enfant_en_situation_de_handicap",)
    assert reponse.citations


def test_what_was_asked_for_is_answered_with_one_word(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, "On n'a que 6 enfants en ville, ça passe ?", "oui")
    assert echange.memoire.projet["collectifs"][0]["enfant_en_situation_de_handicap"] is True
    assert "6 enfants : accepté" in texte(echange)


def test_an_amount_shows_the_arithmetic_of_the_checker(habitue: Conseiller) -> None:
    (echange,) = converser(
        habitue,
        "On a 10 enfants, 2 anims, 27 semaines et un prix de revient de 9000 euros : "
        "on touche combien ?",
    )
    montants = resultat(echange)["montants"]
    assert montants["ps_total"] == 2563
    assert montants["detail"][0] in texte(echange)
    assert "à confirmer auprès de votre Caf" in texte(echange)


def test_an_amount_that_lacks_a_fact_says_the_rule_and_asks_for_it(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, SMS, "et pour l'argent ?")
    assert "2\u202f563\u00a0€ au plus par collectif" in texte(echange)
    assert echange.memoire.attendus == ("collectifs.1.prix_de_revient",)


def test_why_gives_the_reason_of_the_checker_and_its_words(habitue: Conseiller) -> None:
    avant, echange = converser(habitue, "On aura 14 enfants, c'est possible ?", "pourquoi ?")
    reponse = echange.scellee.reponse
    assert "plus de 12" in reponse.texte
    assert reponse.citations[0] in avant.scellee.reponse.citations
    assert reponse.citations[0].extrait.split()[0] in reponse.texte


def test_where_it_stands_quotes_what_the_last_answer_cited(habitue: Conseiller) -> None:
    avant, echange = converser(habitue, "Combien de séances par semaine ?", "où est-ce écrit ?")
    cited = echange.scellee.reponse.citations
    assert cited
    assert set(cited) <= set(avant.scellee.reponse.citations)


def test_starting_again_forgets_everything_told(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, "On est dans le 34, " + SMS, "recommençons")
    assert echange.memoire.projet == {}
    assert echange.memoire.faits == ()
    assert echange.memoire.departement is None


def test_a_place_said_once_holds_until_another_is_said(habitue: Conseiller) -> None:
    echanges = converser(
        habitue, "On est à Montpellier.", "Combien d'enfants par groupe ?", "et à Lyon ?"
    )
    assert [e.memoire.departement for e in echanges] == ["34", "34", "69"]


def test_a_local_criterion_is_named_with_its_departement(habitue: Conseiller) -> None:
    (echange,) = converser(
        habitue,
        "Notre dossier est déposé sur ELAN le 20 juillet 2025, c'est bon ?",
        departement="34",
    )
    assert "**Hérault seulement**" in texte(echange)
    assert echange.scellee.reponse.portee == "34"


def test_facts_told_without_a_question_are_noted_or_judged(habitue: Conseiller) -> None:
    note, juge = converser(habitue, "Nous sommes une association.", "On a 7 enfants inscrits.")
    assert texte(note).startswith("C'est noté")
    assert juge.memoire.projet["collectifs"][0]["enfants"] == 7
    assert juge.scellee.reponse.citations


def test_keywords_are_a_question_even_when_they_read_as_facts(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, "grande section maternelle âge minimum inscription")
    assert not texte(echange).startswith("C'est noté")


def test_a_whole_project_told_in_keywords_is_judged(habitue: Conseiller) -> None:
    told = "1 groupe de 10 gamins du cp au cm2, 2 benevoles, 2 seances de 1h30, gratuit"
    (echange,) = converser(habitue, told)
    assert resultat(echange)["verdict"] == "incomplet"
    assert "10 enfants : entre 8 et 12" in texte(echange)


def test_an_answer_offers_at_most_three_questions_that_could_follow(habitue: Conseiller) -> None:
    for echange in converser(habitue, SMS, "et pour l'argent ?", "Combien d'enfants par groupe ?"):
        assert 1 <= len(echange.suites) <= 3


@pytest.mark.parametrize(
    ("question", "dit"),
    [
        ("How many children per group?", "8 to 12"),
        ("We have 14 kids in one group, is it ok?", "does not comply"),
        ("Hello!", "Ask me your question"),
    ],
)
def test_a_question_in_english_is_answered_in_english(
    habitue: Conseiller, question: str, dit: str
) -> None:
    (echange,) = converser(habitue, question)
    assert dit in texte(echange)


def test_an_english_answer_quotes_the_french_words(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, "How many children per group?")
    reponse = echange.scellee.reponse
    assert f"« {reponse.citations[0].extrait} »" in reponse.texte


def test_another_language_gets_a_pointer_in_french_and_english(habitue: Conseiller) -> None:
    (echange,) = converser(habitue, "¿Cuántos niños por grupo, por favor?")
    assert "français" in texte(echange)
    assert "English" in texte(echange) or "French" in texte(echange)


TOURS = st.lists(
    st.sampled_from(
        [
            SMS, "non, 9 enfants", "et pour l'argent ?", "pourquoi ?", "où est-ce écrit ?", "oui",
            "non", "12", "et dans le Rhône ?", "et en 2024-2025 ?", "recommençons", "merci", "??",
            "2 collectifs de 10 enfants", "ça coûte 9 000 euros", "on est éligibles ?", "",
            "How many sessions?", "on demande le bonus parents", "et si on avait 3 groupes ?",
            "le prix plafond de 2030 ?", "\x00", "grande section", "100000000000 enfants",
        ]
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


OU = st.sampled_from([None, "34", "69", "75"])


def _series(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


def _all_sealed_and_short(assistant: Conseiller, tours: list[str], departement: str | None) -> None:
    for echange in converser(assistant, *tours, departement=departement):
        assert isinstance(echange.scellee, ReponseScellee)
        assert texte(echange).strip()
        assert word_count(texte(echange)) <= 135


def _no_other_place(assistant: Conseiller, tours: list[str], departement: str | None) -> None:
    for echange in converser(assistant, *tours, departement=departement):
        place = echange.memoire.departement or departement
        cited = {c.portee for c in echange.scellee.reponse.citations} - {"nationale"}
        assert place is None or cited <= {place}


def _results_of_the_checker(assistant: Conseiller, tours: list[str]) -> None:
    for echange in converser(assistant, *tours):
        donnees = echange.scellee.reponse.eligibilite
        if donnees is None or any("et si" in tour for tour in tours):
            continue
        projet: dict[str, Any] = {"annee_scolaire": "2025-2026", **echange.memoire.projet}
        projet["collectifs"] = projet.get("collectifs") or [{}]
        for nom in ("departement", "annee_scolaire"):
            if getattr(echange.memoire, nom):
                projet[nom] = getattr(echange.memoire, nom)
        assert donnees["verdict"] == verifier(projet, assistant.regles).verdict


@given(tours=TOURS, departement=OU)
@_series(10)
def test_any_conversation_is_answered_sealed_and_short(
    habitue: Conseiller, tours: list[str], departement: str | None
) -> None:
    _all_sealed_and_short(habitue, tours, departement)


@pytest.mark.long
@given(tours=TOURS, departement=OU)
@_series(40)
def test_more_conversations_are_answered_sealed_and_short(
    habitue: Conseiller, tours: list[str], departement: str | None
) -> None:
    _all_sealed_and_short(habitue, tours, departement)


@given(tours=TOURS, departement=OU)
@_series(10)
def test_no_other_departement_s_text_is_ever_cited(
    habitue: Conseiller, tours: list[str], departement: str | None
) -> None:
    _no_other_place(habitue, tours, departement)


@pytest.mark.long
@given(tours=TOURS, departement=OU)
@_series(40)
def test_no_other_departement_s_text_is_cited_in_more_conversations(
    habitue: Conseiller, tours: list[str], departement: str | None
) -> None:
    _no_other_place(habitue, tours, departement)


@given(tours=TOURS)
@_series(10)
def test_the_result_shown_is_that_of_the_checker_on_the_project_held(
    habitue: Conseiller, tours: list[str]
) -> None:
    _results_of_the_checker(habitue, tours)


@pytest.mark.long
@given(tours=TOURS)
@_series(30)
def test_the_result_shown_is_that_of_the_checker_in_more_conversations(
    habitue: Conseiller, tours: list[str]
) -> None:
    _results_of_the_checker(habitue, tours)


def test_the_same_conversation_always_gets_the_same_answers(assistant: Conseiller) -> None:
    tours = (SMS, "et pour l'argent ?", "non, 9 enfants", "pourquoi ?", "et dans le Rhône ?")
    runs = [[e.scellee.json for e in converser(assistant, *tours)] for _ in range(2)]
    assert runs[0] == runs[1]


def test_what_is_held_is_told_when_it_is_asked(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, "On a 10 enfants et 2 animateurs.", "tu retiens quoi ?")
    assert "enfants inscrits : 10" in texte(echange)
    assert "intervenants : 2" in texte(echange)


def test_a_supposition_is_said_to_be_one(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, "On a 10 enfants, c'est bon ?", "et si on avait 14 enfants ?")
    assert "Supposition, qui n'est pas retenue : collectif 1 – enfants inscrits : 14." in texte(
        echange
    )


def test_a_place_named_alone_judges_the_project_told_there(habitue: Conseiller) -> None:
    *_, echange = converser(habitue, "On a 10 enfants et 2 animateurs.", "et dans le Rhône ?")
    assert resultat(echange)["verdict"] == "incomplet"
    assert echange.memoire.departement == "69"


def test_a_bonus_that_nobody_asked_for_is_no_part_of_the_amount(habitue: Conseiller) -> None:
    (echange,) = converser(
        habitue, "On a 10 enfants, un prix de revient de 3000 € et 27 semaines : combien ?"
    )
    assert texte(echange).startswith("**975\u00a0€ de Ps**")


def test_the_place_chosen_on_the_page_gives_way_to_the_one_named(habitue: Conseiller) -> None:
    *_, echange = converser(
        habitue,
        "Notre dossier est déposé sur ELAN le 20 juillet 2025, c'est bon ?",
        "et dans l'Ain ?",
        departement="34",
    )
    assert "34" not in {c.portee for c in echange.scellee.reponse.citations}
