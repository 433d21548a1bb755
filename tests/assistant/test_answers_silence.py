"""What the texts keep silent: said precisely, and never in place of an answer that they give."""

from __future__ import annotations

from pathlib import Path

import pytest
from essais import Ask

from assistant.answers.absence import asks_for_deadline, is_plainly_absent
from assistant.answers.engine import Assistant, open_assistant
from assistant.answers.finding import Trouvaille
from assistant.answers.silence import measure_silence, silence_of, speaking_of
from assistant.answers.understanding import comprendre
from assistant.configuration import Configuration
from assistant.fiches.loading import read_cards
from assistant.models import Question

OPENING = "Les textes ne le "


@pytest.fixture(scope="module")
def moteur(donnees: Path) -> Assistant:
    """The answering engine, under any dialogue."""
    return open_assistant(Configuration(donnees=donnees, modele=None))


def found(moteur: Assistant, question: str, departement: str | None = None) -> Trouvaille:
    put = Question(id="q", question=question, departement=departement, date="2025-11-03")
    return moteur.trouver(comprendre(put, question))


def test_every_card_of_silence_begins_by_saying_so() -> None:
    silent = [card for card in read_cards() if card.silence]
    assert len(silent) >= 60
    assert [c.id for c in silent if not c.reponse.startswith(OPENING)] == []
    assert [c.id for c in silent if c.polarite is not None or c.portee != "nationale"] == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Peut-on organiser une séance le samedi après-midi ?", "jour de la semaine"),
        ("Faut-il le casier judiciaire des bénévoles ?", "casier judiciaire"),
        ("Quelle assurance doit prendre l'association pour le Clas ?", "assurance"),
        ("Comment faire un recours contre le refus du comité ?", "recours"),
    ],
)
def test_a_question_on_a_silence_is_told_what_is_not_there(
    ask: Ask, question: str, said: str
) -> None:
    answer = ask(question)
    assert answer.type == "hors_corpus"
    assert answer.texte.startswith(OPENING)
    assert said in answer.texte
    assert answer.citations


def test_what_is_silent_elsewhere_is_not_told_to_those_whose_own_text_says_it(
    moteur: Assistant,
) -> None:
    def known(departement: str) -> set[str]:
        cards = found(moteur, "Jusqu'à quel jour puis-je déposer ?", departement).cartes
        return {c.carte.fiche.id for c in cards}

    assert "silence-date-ailleurs" in known("13")
    assert "silence-date-ailleurs" not in known("34")
    assert "herault-date-depot" in known("34")


@pytest.mark.parametrize(
    "question",
    [
        "Combien de séances par semaine faut-il faire ?",
        "Faut-il un diplôme pour être animateur ?",
        "Quel est le taux de la prestation de service ?",
        "Quelle est la durée d'une séance ?",
        "Peut-on recevoir un acompte ?",
    ],
)
def test_a_silence_never_stands_in_place_of_an_answer(ask: Ask, question: str) -> None:
    assert ask(question).type == "reponse"


def test_a_question_on_a_silence_lies_nearer_to_it_than_its_neighbour_does(
    moteur: Assistant,
) -> None:
    silent = measure_silence(found(moteur, "Peut-on organiser une séance le samedi ?"))
    answered = measure_silence(found(moteur, "Combien de séances par semaine ?"))
    assert silent.part > 0.5 > answered.part
    assert silent.marge > answered.marge


def test_an_answer_is_never_made_of_a_card_of_silence(moteur: Assistant) -> None:
    cards = speaking_of(found(moteur, "Peut-on organiser une séance le samedi ?")).cartes
    assert cards
    assert not any(card.carte.fiche.silence for card in cards)


def test_no_card_of_silence_is_said_of_what_the_texts_answer(moteur: Assistant) -> None:
    assert silence_of(found(moteur, "Combien d'enfants par groupe ?")) is None


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("Quelle est la date limite de dépôt du dossier dans le Rhône ?", True),
        ("Quelle est la date limite de dépôt du dossier dans l'Hérault ?", False),
        ("date limite à Lyon pour 2025-2026 ?", True),
        ("C'est quoi la date limite dans l'Hérault ?", False),
        ("Quelle est la date limite de dépôt du dossier dans l'Hérault en 2027-2028 ?", True),
        ("Jusqu'à quand envoyer le dossier Clas dans le Gard ?", True),
        ("Quel est le prix plafond pour 2024 ?", True),
        ("Quel est le prix plafond de 2021 ?", False),
        ("Le Clas existe-t-il en Belgique ?", True),
        ("Les familles arrivées de Belgique sont-elles acceptées ?", False),
    ],
)
def test_a_place_or_year_that_the_texts_lack_is_plainly_absent(
    moteur: Assistant, question: str, absent: bool
) -> None:
    assert is_plainly_absent(found(moteur, question)) is absent


def test_a_year_told_in_the_story_does_not_make_an_amount_absent(moteur: Assistant) -> None:
    told = "Nous dépenserons 9 000 € cette année. Quelle part la Caf peut-elle payer au plus ?"
    assert not is_plainly_absent(found(moteur, told))


@pytest.mark.parametrize(
    ("question", "filing"),
    [
        ("Jusqu'à quand peut-on envoyer le dossier ?", True),
        ("C'est quoi la date limite dans le Rhône ?", True),
        ("date limite clas 2025-2026 à Lyon", True),
        ("Jusqu'à quand durent les séances ?", False),
        ("Date limite pour fournir les pièces justificatives dans le Rhône ?", False),
        ("Quelle est la date limite du versement du solde ?", False),
    ],
)
def test_a_date_limite_is_that_of_filing_where_nothing_else_is_asked(
    moteur: Assistant, question: str, filing: bool
) -> None:
    assert asks_for_deadline(found(moteur, question)) is filing
