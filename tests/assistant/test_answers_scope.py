"""For whom an answer holds: départements, school years."""

from __future__ import annotations

import pytest
from essais import DAY, Ask

from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question

DATE_LIMITE = "Quelle est la date limite pour déposer la demande"
RURAL = "En zone rurale peut-on avoir un seul animateur"


def _documents(assistant: Conseiller, question: str, departement: str | None = None) -> set[str]:
    put = Question(id="q", question=question, departement=departement, date=DAY)
    return {p.document for p in assistant.repondre(put)[0].reponse.passages}


def test_the_selected_departement_brings_its_local_text(ask: Ask) -> None:
    answer = ask(f"{DATE_LIMITE} ?", "34", "2025-2026")
    assert answer.portee == "34"
    assert "**Hérault seulement (2025-2026)**" in answer.texte
    assert "15 juillet 2025" in answer.texte


@pytest.mark.parametrize("named", ["dans l'Hérault", "dans le 34", "à Montpellier", "ds lherault"])
def test_a_departement_is_known_by_name_number_and_main_town(ask: Ask, named: str) -> None:
    assert ask(f"{DATE_LIMITE} {named} ?").portee == "34"


def test_the_departement_named_wins_over_the_one_selected(assistant: Conseiller) -> None:
    named = _documents(assistant, f"{DATE_LIMITE} dans le Rhône ?", "34")
    assert "000" not in named
    assert "002" in named


def test_two_departements_named_are_both_looked_at(assistant: Conseiller) -> None:
    question = "Quelles orientations pour les Clas dans l'Hérault et dans le Rhône ?"
    assert {"000", "002"} <= _documents(assistant, question, "75")


def test_a_departement_without_text_is_told_beside_the_national_rule(ask: Ask) -> None:
    answer = ask("Combien d'enfants par groupe dans le Gard ?")
    assert answer.type == "reponse"
    assert answer.portee == "nationale"
    assert "Aucun texte local n'est connu" in answer.texte
    assert "Gard" in answer.texte


def test_a_departement_without_text_is_told_when_nothing_answers(ask: Ask) -> None:
    answer = ask("et dans le Gard ?")
    assert answer.type == "hors_corpus"
    assert "aucun texte local pour ce département (Gard)" in answer.texte


def test_the_departement_without_text_is_told_beside_the_one_that_has_one(ask: Ask) -> None:
    answer = ask(f"{DATE_LIMITE} dans le Gard et dans l'Hérault ?")
    assert answer.portee == "34"
    assert "(Gard)" in answer.texte
    assert "règles nationales sont citées" not in answer.texte


def test_no_such_note_where_a_local_text_is_known(ask: Ask) -> None:
    assert "Aucun texte local" not in ask("Combien d'enfants par groupe dans le Rhône ?").texte


def test_a_local_text_of_another_year_is_labelled_with_its_year(ask: Ask) -> None:
    late, timely = (ask(f"{RURAL} ?", "69", year) for year in ("2025-2026", "2024-2025"))
    assert late.portee == timely.portee == "69"
    assert "porte sur 2024-2025, pas sur 2025-2026" in late.texte
    assert "pas sur" not in timely.texte


def test_an_amount_of_an_older_text_is_said_to_be_of_its_year(ask: Ask) -> None:
    answer = ask("Quel est le montant de chaque bonus ?", None, "2025-2026")
    assert "€" in "".join(c.extrait for c in answer.citations)
    assert "montants d'un texte de 2021-2022" in answer.texte


def test_the_year_named_wins_over_the_one_selected(ask: Ask) -> None:
    answer = ask(f"{RURAL} dans le Rhône en 2027-2028 ?", None, "2024-2025")
    assert "pas sur 2027-2028" in answer.texte


def test_a_departement_named_in_a_turn_holds_for_the_next_ones(assistant: Conseiller) -> None:
    turns = ("Je suis dans le Rhône.", f"{RURAL} ?", f"{DATE_LIMITE} dans l'Hérault ?")
    answers = assistant.repondre(Question(id="c", tours=turns, departement="75", date=DAY))
    found = [{p.document for p in sealed.reponse.passages} for sealed in answers]
    assert "000" not in found[1]
    assert "002" in found[1]
    assert "002" not in found[2]
    assert "000" in found[2]


def test_another_country_is_told_to_be_outside_the_texts(ask: Ask) -> None:
    answer = ask("Comment se passe le Clas en Belgique ?")
    assert answer.type == "hors_corpus"
    assert "autre pays" in answer.texte
    assert answer.citations == ()


def test_another_scheme_is_told_to_be_outside_the_texts(ask: Ask) -> None:
    answer = ask("Quel est le montant du RSA pour une personne seule ?")
    assert answer.type == "hors_corpus"
    assert "ne parlent que du Clas" in answer.texte
