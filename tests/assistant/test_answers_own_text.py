"""A local text that was added says its own rule, though no card speaks of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from exploitation import installer_comme
from publication_en_petit import publish_it

from assistant.answers.engine import open_assistant
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question, Reponse
from assistant.publication.ajouts import Souhaits, keep_file, prepare_file
from corpus.base.intake import Apport, gather

pytestmark = pytest.mark.long
"""A publication replays what is known."""

NOTE = """# Note de cadrage de la Caf du Gard, Clas 2025-2026

## Le calendrier

Le dossier de demande est déposé avant le 20 mai 2025 auprès de la Caf du Gard.

## Les groupes

Les groupes du Gard comptent 9 enfants au plus, chaque groupe ayant son animateur.
"""
DAY = "20 mai 2025"
Ask = Callable[..., Reponse]


@pytest.fixture(scope="module")
def ask(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a machine whose base has the note of the Gard in service."""
    folder = tmp_path_factory.mktemp("gard")
    place = Configuration(
        donnees=installer_comme(donnees, folder / "donnees"), modele=None, lecteur=False
    )
    (folder / "note.md").write_text(NOTE, "utf-8")
    (apport,) = (one for one in gather([folder / "note.md"]) if isinstance(one, Apport))
    keep_file(place, prepare_file(place, apport, Souhaits({}), date(2025, 2, 1)), "Camille")
    publish_it(place)
    conseiller = Conseiller(open_assistant.__wrapped__(place))

    def asked(question: str, departement: str | None = "30", **fields: str) -> Reponse:
        wanted = Question(id="q", question=question, departement=departement, **fields)
        return conseiller.repondre(wanted)[0].reponse

    return asked


@pytest.mark.parametrize(
    "question",
    [
        "Quelle est la date limite de dépôt des dossiers ?",
        "Jusqu'à quand peut-on déposer ?",
        "date limite depot dossier clas svp",
    ],
)
def test_a_deadline_that_it_alone_says_is_said(ask: Ask, question: str) -> None:
    said = ask(question, date="2025-03-01")
    assert said.type == "reponse"
    assert "Gard seulement" in said.texte
    assert any(DAY in citation.extrait for citation in said.citations)
    assert "seule une note locale" not in said.texte


@pytest.mark.parametrize("departement", ["48", "34"])
def test_it_is_never_said_elsewhere(ask: Ask, departement: str) -> None:
    said = ask("Quelle est la date limite de dépôt des dossiers ?", departement, date="2025-03-01")
    assert DAY not in said.model_dump_json()


def test_a_rule_that_it_may_change_is_said_with_its_words_or_its_name(ask: Ask) -> None:
    said = ask("Combien d'enfants par groupe ?", date="2025-10-01")
    assert "8 à 12" in said.texte
    assert "du Gard" in said.texte


@pytest.mark.parametrize(
    "question",
    [
        "J'ai 11 enfants et 2 animateurs dans un groupe en ville, c'est bon ?",
        "Le prix de revient est de 9 000 € pour un groupe de 10 enfants, combien de Ps ?",
    ],
)
def test_what_is_checked_without_it_says_so(ask: Ask, question: str) -> None:
    said = ask(question, date="2025-10-01")
    assert said.type == "eligibilite"
    assert "Lisez aussi « Note de cadrage" in said.texte


def test_what_the_others_do_not_say_is_said_of_the_national_texts_alone(ask: Ask) -> None:
    said = ask("Quels sont les horaires des séances ?", date="2025-10-01")
    assert said.texte.startswith("**Textes nationaux** : ")
    assert "Note de cadrage" in said.texte


def test_it_is_quoted_in_an_answer_in_english_too(ask: Ask) -> None:
    said = ask("How many children can we welcome in each group?", date="2025-10-01")
    assert "8 to 12 children" in said.texte
    [own] = [c for c in said.citations if c.portee == "30"]
    assert f"**Gard only**: « {own.extrait} »" in said.texte


def test_what_is_checked_without_it_says_so_in_english_too(ask: Ask) -> None:
    said = ask("We have 11 children and 2 adults, are we eligible?", date="2025-10-01")
    assert said.type == "eligibilite"
    assert "Also read « Note de cadrage" in said.texte


def test_its_year_is_said_where_another_is_asked(ask: Ask) -> None:
    said = ask("Quelle est la date limite de dépôt des dossiers ?", annee_scolaire="2027-2028")
    assert DAY in said.texte
    assert "porte sur 2025-2026, pas sur 2027-2028" in said.texte


def test_what_it_does_not_speak_of_is_refused_as_before(ask: Ask) -> None:
    assert ask("Peut-on élever des abeilles ?").type == "hors_corpus"
