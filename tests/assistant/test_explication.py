"""An explanation says what the run did: its values, every step, nothing a terminal obeys."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from essais import DAY, Clas
from rich.console import Console

from assistant.answers.ranking import NAMES as TRAITS
from assistant.answers.signals import READ_NAMES
from assistant.cli import DONE, UNUSABLE
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.explication import Explication, afficher, expliquer
from assistant.explication.libelles import lire_libelles
from assistant.explication.rendu import LARGEUR
from assistant.models import Question, Reponse

REPOSITORY = Path(__file__).resolve().parents[2]
REGLE = "Combien d'enfants dans un groupe ?"
CRITERE = "J'ai 6 enfants dans mon groupe, est-ce que ça passe ?"
MONTANT = "Mon groupe de 9 enfants coûte 9000 € sur 30 semaines : combien va-t-on toucher ?"
PROJET = "On a 10 enfants et 2 intervenants, notre projet est-il éligible ?"
SILENCE = "Quel est le taux de TVA sur les fournitures de bureau ?"
BONJOUR = "bonjour"
ANGLAIS = "How many children can there be in a group?"
QUESTIONS = (REGLE, CRITERE, MONTANT, PROJET, SILENCE, BONJOUR, ANGLAIS)
CHERCHEES = (REGLE, CRITERE, MONTANT, PROJET, SILENCE, ANGLAIS)
ECHAPPEMENT = "Combien d'enfants\x1b[31m par\x07 groupe\u202e\x9b2J ?"
OBEI = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def converser(
    assistant: Conseiller, tours: Sequence[str], departement: str | None = None
) -> tuple[Echange, Explication]:
    """Puts some turns; gives the last and its explanation."""
    memoire = Memoire()
    situation = Question(id="q", departement=departement, date=DAY)
    for tour in tours:
        echange = assistant.echanger(situation, tour, memoire)
        memoire = echange.memoire
    return echange, expliquer(assistant, echange)


def expliquee(assistant: Conseiller, question: str, departement: str | None = None) -> Explication:
    return converser(assistant, [question], departement)[1]


def rendue(explication: Explication) -> str:
    sortie = StringIO()
    afficher(explication, Console(file=sortie, width=LARGEUR, highlight=False))
    return sortie.getvalue()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_the_same_with_its_explanation(clas: Clas, question: str) -> None:
    plain = clas("demander", question, "--json").out
    both = json.loads(clas("demander", question, "--json", "--expliquer").out)
    assert both.keys() == {"reponse", "explication"}
    assert both["reponse"] == json.loads(plain)
    Explication.model_validate(both["explication"])


@pytest.mark.parametrize("question", CHERCHEES)
def test_the_passages_explained_are_those_of_the_answer(habitue: Conseiller, question: str) -> None:
    echange, explication = converser(habitue, [question])
    assert explication.recherche is not None
    explained = [(p.document, p.debut, round(p.score, 6)) for p in explication.recherche.passages]
    answered = [(p.document, p.debut, p.score) for p in echange.scellee.reponse.passages]
    assert explained == answered[: len(explained)]
    assert len(explained) == 10


@pytest.mark.parametrize("question", [REGLE, ANGLAIS])
def test_the_probability_explained_is_the_confidence_of_the_answer(
    habitue: Conseiller, question: str
) -> None:
    echange, explication = converser(habitue, [question])
    assert explication.decision is not None
    assert round(explication.decision.annoncee, 4) == echange.scellee.reponse.confiance


def test_the_cards_told_as_said_are_the_titles_or_answers_in_the_text(
    habitue: Conseiller,
) -> None:
    echange, explication = converser(habitue, [REGLE])
    dites = [f.fiche for f in explication.fiches if f.dite]
    composees = [p.source for p in explication.composition.paragraphes if p.genre == "fiche"]
    assert dites == composees
    assert dites[0] == explication.fiches[0].fiche
    assert [p.texte for p in explication.composition.paragraphes] == texte_en_morceaux(
        echange.scellee.reponse, explication
    )


def texte_en_morceaux(reponse: Reponse, explication: Explication) -> list[str]:
    """The answer's text cut where the explanation says that its paragraphs end."""
    reste, morceaux = reponse.texte, []
    for paragraphe in explication.composition.paragraphes:
        morceaux.append(reste[: len(paragraphe.texte)])
        reste = reste[len(paragraphe.texte) :].removeprefix("\n\n")
    assert not reste
    return morceaux


@pytest.mark.parametrize("question", CHERCHEES)
@pytest.mark.parametrize("departement", [None, "34"])
def test_what_signals_add_to_a_passage_sums_to_its_score(
    habitue: Conseiller, question: str, departement: str | None
) -> None:
    recherche = expliquee(habitue, question, departement).recherche
    assert recherche is not None
    for passage in recherche.passages:
        assert sum(passage.apports.model_dump().values()) == pytest.approx(passage.score, abs=1e-6)


@pytest.mark.parametrize("question", CHERCHEES)
def test_the_traits_of_a_card_sum_to_its_strength_and_the_terms_to_its_mark(
    habitue: Conseiller, question: str
) -> None:
    fiches = expliquee(habitue, question).fiches
    assert fiches
    for fiche in fiches:
        assert [t.nom for t in fiche.traits] == list(TRAITS)
        assert sum(t.apport for t in fiche.traits) == pytest.approx(fiche.force, abs=1e-9)
        assert sum(fiche.termes.values()) == pytest.approx(fiche.note, abs=1e-12)


@pytest.mark.parametrize("question", [REGLE, SILENCE, ANGLAIS])
def test_the_signals_and_the_constants_sum_to_what_the_probability_is_made_of(
    habitue: Conseiller, question: str
) -> None:
    echange, explication = converser(habitue, [question])
    decision, found = explication.decision, echange.chemin.trouvaille
    assert decision is not None
    assert found is not None
    modele = habitue.modeles.confiance_de(found)
    probability = 1.0
    for part, fitted in ((decision.sujet, modele.sujet), (decision.reponse, modele.repond)):
        assert [s.nom for s in part.signaux] == list(fitted.signals)
        total = part.constante + sum(s.apport for s in part.signaux)
        assert total == pytest.approx(part.somme, abs=1e-12)
        assert 1 / (1 + 2.718281828459045**-total) == pytest.approx(part.probabilite, abs=1e-9)
        probability *= part.probabilite
    assert probability == pytest.approx(decision.probabilite, abs=1e-9)


def test_shares_of_the_cards_sum_to_one(habitue: Conseiller) -> None:
    assert sum(f.part for f in expliquee(habitue, REGLE).fiches) == pytest.approx(1, abs=1e-4)


def test_a_general_question_goes_through_the_search_the_cards_and_the_decision(
    habitue: Conseiller,
) -> None:
    e = expliquee(habitue, REGLE)
    assert (e.voie.voie, e.voie.raison) == ("regle", "question_generale")
    assert e.recherche is not None
    assert e.recherche.facons[0].score >= e.recherche.facons[1].score
    assert e.decision is not None
    assert e.decision.repond
    assert e.verification is None
    assert e.controle.citations


def test_a_question_on_one_criterion_shows_what_the_checker_found(habitue: Conseiller) -> None:
    e = expliquee(habitue, CRITERE)
    assert (e.voie.voie, e.voie.critere) == ("critere", "effectif")
    assert [(f.chemin, f.valeur) for f in e.compris.faits] == [("collectifs.1.enfants", 6)]
    assert e.compris.faits[0].mots in CRITERE
    assert e.voie.pertinence is not None
    assert e.voie.pertinence.suffit
    assert e.verification is not None
    assert "effectif" in [c.code for c in e.verification.criteres]
    assert e.decision is None
    assert e.controle.citations_du_resultat > 0


def test_a_question_of_money_shows_the_arithmetic(habitue: Conseiller) -> None:
    e = expliquee(habitue, MONTANT)
    assert e.voie.voie == "montant"
    assert e.verification is not None
    assert any(re.search(r"min\(9\s000.*7\s885", ligne) for ligne in e.verification.calcul)


def test_a_project_shows_every_criterion_of_the_answer(habitue: Conseiller) -> None:
    echange, e = converser(habitue, [PROJET], "34")
    resultat = echange.scellee.reponse.eligibilite
    assert e.voie.voie == "verdict"
    assert e.verification is not None
    assert resultat is not None
    assert [(c.code, c.statut) for c in e.verification.criteres] == [
        (c["code"], c["statut"]) for c in resultat["criteres"]
    ]


def test_a_refusal_shows_a_probability_under_the_threshold(habitue: Conseiller) -> None:
    e = expliquee(habitue, SILENCE)
    assert e.composition.type == "hors_corpus"
    assert e.decision is not None
    assert not e.decision.repond
    assert e.decision.probabilite < e.decision.seuil
    assert not any(f.dite for f in e.fiches)


def test_a_greeting_is_told_as_such_and_nothing_is_searched(habitue: Conseiller) -> None:
    e = expliquee(habitue, BONJOUR)
    assert (e.voie.voie, e.compris.genre) == ("accueil", "salutation")
    assert "salutation" in e.voie.pourquoi
    assert e.recherche is None
    assert e.fiches == ()
    assert e.decision is None


def test_a_turn_in_english_shows_the_french_that_was_searched(habitue: Conseiller) -> None:
    e = converser(habitue, ["hello", ANGLAIS])[1]
    assert e.compris.en_anglais
    assert e.compris.texte == ANGLAIS
    assert e.compris.traduction is not None
    assert "enfants" in e.compris.traduction
    assert e.recherche is not None
    assert "enfant" in e.recherche.mots
    assert {p.genre for p in e.composition.paragraphes} == {"anglais"}


def test_hurried_writing_is_shown_with_what_it_was_opened_into(habitue: Conseiller) -> None:
    ouvertures = expliquee(habitue, "cb de gamins ds un groupe ?").compris.ouvertures
    assert ("cb", "combien") in [(o.ecrit, o.lu) for o in ouvertures]


def test_a_follow_up_shows_the_question_that_it_stands_for(habitue: Conseiller) -> None:
    e = converser(habitue, [REGLE, "et en milieu rural ?"])[1]
    assert e.compris.suite == "suite"
    assert REGLE in e.compris.question_seule
    assert e.compris.rappel
    assert any(f.facteur != 1 for f in e.fiches)


def test_the_text_of_another_departement_is_told_put_aside(habitue: Conseiller) -> None:
    recherche = expliquee(habitue, REGLE, "34").recherche
    assert recherche is not None
    assert [t.document for t in recherche.textes if not t.retenu] == ["002"]
    assert not any(p.document == "002" for p in recherche.passages)


def test_each_quotation_of_the_answer_is_told_with_its_place(habitue: Conseiller) -> None:
    echange, e = converser(habitue, [REGLE])
    citations = echange.scellee.reponse.citations
    assert [(c.document, c.debut, c.fin) for c in e.controle.citations] == [
        (c.document, c.debut, c.fin) for c in citations
    ]
    for citation in e.controle.citations:
        texte = habitue.documents[citation.document].texte
        assert texte[citation.debut : citation.fin] == citation.extrait


def test_the_versions_are_those_of_the_index_in_use(habitue: Conseiller) -> None:
    versions = expliquee(habitue, BONJOUR).versions
    assert versions.index == habitue.index.info.version
    assert versions.documents == dict(habitue.index.info.documents)
    assert versions.regles == habitue.regles.version


def test_every_settings_file_named_is_there() -> None:
    for reglage in lire_libelles().reglages:
        assert (REPOSITORY / reglage.fichier).is_file(), reglage.fichier


def test_every_trait_and_signal_has_its_words() -> None:
    libelles = lire_libelles()
    assert list(libelles.traits) == list(TRAITS)
    assert list(libelles.signaux) == list(READ_NAMES)


def test_the_whole_time_is_no_less_than_that_of_its_steps(habitue: Conseiller) -> None:
    *etapes, total = expliquee(habitue, REGLE).durees
    assert total.etape == "total"
    assert sum(d.millisecondes for d in etapes if d.dans is None) <= total.millisecondes
    assert {"comprendre", "chercher", "fiches", "decider", "composer", "verifier"} <= {
        d.etape for d in etapes
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_line_is_longer_than_eighty_columns(habitue: Conseiller, question: str) -> None:
    assert max(map(len, rendue(expliquee(habitue, question, "34")).splitlines())) <= 80


def test_without_a_terminal_the_text_is_plain_and_has_every_step(
    habitue: Conseiller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    texte = rendue(expliquee(habitue, REGLE))
    titres = re.findall(r"^\d+\. ([^(\n]*[^ (\n])", texte, flags=re.MULTILINE)
    assert "\x1b" not in texte
    assert titres == [
        "Comprendre", "Choisir la voie", "Retrouver", "Choisir les fiches", "Décider",
        "Composer", "Contrôler les citations", "Versions et réglages", "Temps",
    ]  # fmt: skip


def test_no_control_character_of_a_question_reaches_the_terminal(clas: Clas) -> None:
    for options in (["--expliquer"], ["--expliquer", "--json"]):
        sortie = clas("demander", ECHAPPEMENT, *options)
        assert sortie.status == DONE
        assert not OBEI.search(sortie.out)


def test_words_between_brackets_are_shown_as_they_are(habitue: Conseiller) -> None:
    question = "Combien d'enfants [bold red]par groupe[/bold red] ?"
    assert "[bold red]" in rendue(expliquee(habitue, question))


def test_a_file_of_questions_is_not_explained(clas: Clas, tmp_path: Path) -> None:
    lot = tmp_path / "lot.jsonl"
    lot.write_text('{"id": "1", "question": "bonjour"}\n', encoding="utf-8")
    sortie = clas("demander", "--lot", lot, "--sortie", tmp_path / "s.jsonl", "--expliquer")
    assert sortie.status == UNUSABLE
    assert "--expliquer" in sortie.err
