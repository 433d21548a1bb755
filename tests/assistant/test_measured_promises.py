"""What holds of every answer, over all the question sets of the project.

The short run puts every question without a département, and one in three with a département; the
long one puts every question with each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pytest
from essais import DAY, QUESTIONS

from assistant.answers.engine import Assistant
from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.evaluation.facts import word_count
from assistant.evaluation.proof import letters_and_digits
from assistant.evaluation.run import evaluer
from assistant.evaluation.sets import QuestionMesuree, lire_jeu
from assistant.models import Question, Reponse
from assistant.understanding.territoires import reperer_departements
from corpus.models import NATIONALE, DocumentCanonique

DEPARTEMENTS = ("34", "69", "75")
MARKS = re.compile(r"(?<!\\)((?:\[\d+\])+)")
QUOTED = re.compile(r"^(?:\*\*[^*]+\*\*(?: \([^()]*\))? : )?«")
NAME = re.compile(r"^(?:\*\*[^*]+\*\*(?: \([^()]*\))? : )")
MAX_WORDS = 120
CARD_OF_SILENCE = "Les textes ne le "


class Given(NamedTuple):
    """An answer and what it was asked for."""

    place: str
    texte: str
    departements: frozenset[str]
    """Named in the question or in an earlier turn, else selected."""
    reponse: Reponse


def _given(assistant: Assistant, asked: QuestionMesuree, departement: str | None) -> list[Given]:
    question = asked.question.model_copy(update={"departement": departement, "date": DAY})
    standing = frozenset(filter(None, [departement]))
    made: list[Given] = []
    sealed = assistant.repondre(question)
    for number, (texte, answer) in enumerate(zip(asked.textes, sealed, strict=True), start=1):
        named = tuple(m.code for m in reperer_departements(texte))
        made.append(
            Given(
                place=f"{asked.question.id}, tour {number}, {departement}",
                texte=texte,
                departements=frozenset(named) or standing,
                reponse=answer.reponse,
            )
        )
        standing = frozenset(named[-1:]) or standing
    return made


def _sets() -> list[QuestionMesuree]:
    return [asked for path in sorted(QUESTIONS.glob("*.jsonl")) for asked in lire_jeu(path)]


@pytest.fixture(scope="module")
def given(assistant: Assistant) -> list[Given]:
    """Every question without a département, and one in three with a département."""
    asked = _sets()
    selected: list[tuple[QuestionMesuree, str | None]] = [(one, None) for one in asked]
    selected += [(one, DEPARTEMENTS[n % len(DEPARTEMENTS)]) for n, one in enumerate(asked[::3])]
    return [answer for one, code in selected for answer in _given(assistant, one, code)]


@pytest.fixture(scope="module")
def answers(given: list[Given]) -> list[Given]:
    """Those of type « reponse »."""
    return [one for one in given if one.reponse.type == "reponse"]


def test_every_set_is_put(given: list[Given]) -> None:
    asked = _sets()
    assert len(asked) >= 400
    assert len(given) > sum(len(one.textes) for one in asked)
    assert {one.reponse.type for one in given} == {"reponse", "hors_corpus", "precision"}


def unfaithful(given: Iterable[Given], documents: Mapping[str, DocumentCanonique]) -> list[str]:
    """Places of answers with a citation or passage that is not its slice of the stored text."""
    return [
        one.place
        for one in given
        if any(
            documents[c.document].texte[c.debut : c.fin] != c.extrait
            or documents[c.document].version != c.version
            for c in one.reponse.citations
        )
        or any(
            documents[p.document].texte[p.debut : p.fin] != p.texte for p in one.reponse.passages
        )
    ]


def out_of_place(given: Iterable[Given], documents: Mapping[str, DocumentCanonique]) -> list[str]:
    """Places of answers that hold a text of a département that nobody named or chose."""
    return [
        one.place
        for one in given
        if one.departements
        and (
            {documents[c.document].fiche.portee for c in one.reponse.citations}
            | {documents[p.document].fiche.portee for p in one.reponse.passages}
            | {one.reponse.portee}
        )
        - {NATIONALE, *one.departements}
    ]


def test_every_citation_and_passage_is_verbatim(given: list[Given], assistant: Assistant) -> None:
    assert unfaithful(given, assistant.documents) == []


def test_no_text_of_another_departement_is_ever_found(
    given: list[Given], assistant: Assistant
) -> None:
    assert out_of_place(given, assistant.documents) == []


@pytest.mark.long
@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_every_question_holds_these_promises_with_each_departement(
    assistant: Assistant, departement: str
) -> None:
    given = [one for asked in _sets() for one in _given(assistant, asked, departement)]
    assert unfaithful(given, assistant.documents) == []
    assert out_of_place(given, assistant.documents) == []
    answers = [one for one in given if one.reponse.type == "reponse"]
    assert [one.place for one in answers if misquoted(one.reponse)] == []


def test_ten_passages_come_with_every_answer_to_a_question(given: list[Given]) -> None:
    few = [o.place for o in given if o.reponse.type != "precision" and len(o.reponse.passages) < 10]
    assert few == []


def test_an_answer_cites_and_a_citation_is_given_once(answers: list[Given]) -> None:
    assert [one.place for one in answers if not one.reponse.citations] == []
    twice = [
        one.place
        for one in answers
        if len({(c.document, c.debut, c.fin) for c in one.reponse.citations})
        != len(one.reponse.citations)
    ]
    assert twice == []


def notes_of(texte: str) -> list[str]:
    """Paragraphs of an answer that the program says of itself."""
    messages = load_messages()
    patterns = [
        re.sub(r"\\\{\w+\\\}", ".+", re.escape(messages[name]))
        for name in (
            "manque", "hors_annee", "montant_date", "sans_texte_local", "sans_texte_pour_l_autre",
            "tronquee",
        )
    ]  # fmt: skip
    return [
        paragraph
        for paragraph in texte.split("\n\n")
        if any(re.fullmatch(pattern, paragraph) for pattern in patterns)
    ]


def misquoted(answer: Reponse) -> bool:
    """Whether anything is shown as quoted that is not, word for word, what its marks cite."""
    notes = notes_of(answer.texte)
    body = "\n\n".join(p for p in answer.texte.split("\n\n") if p not in notes)
    # What a card says is in our own words; what stands between « » after a text's name is quoted.
    pieces = MARKS.split(body)
    for words, marks in zip(pieces[::2], pieces[1::2], strict=False):
        if not QUOTED.match(words.strip()):
            continue
        cited = [answer.citations[int(n) - 1].extrait for n in re.findall(r"\d+", marks)]
        shown = letters_and_digits(NAME.sub("", words.strip()))
        whole = [letters_and_digits(cited[0])]
        whole += [letters_and_digits(cited[1] + cited[0])] if len(cited) > 1 else []
        if shown not in whole:
            return True
    return False


def test_what_an_answer_shows_is_what_its_marks_cite_word_for_word(answers: list[Given]) -> None:
    assert [one.place for one in answers if misquoted(one.reponse)] == []


def test_a_changed_figure_in_an_answer_would_be_seen(answers: list[Given]) -> None:
    figure = re.compile(r"(?<=\s)(\d+)(?=\s)")
    answer = next(
        one.reponse
        for one in answers
        if QUOTED.match(one.reponse.texte) and figure.search(one.reponse.texte.split(" » ")[0])
    )
    changed = figure.sub(lambda found: str(int(found[1]) + 1), answer.texte, count=1)
    assert misquoted(answer.model_copy(update={"texte": changed}))


def test_the_quotations_of_an_answer_stay_within_120_words(answers: list[Given]) -> None:
    long = [
        one.place
        for one in answers
        if word_count(one.reponse.texte) - sum(map(word_count, notes_of(one.reponse.texte)))
        > MAX_WORDS
    ]
    assert long == []


def test_hardly_any_answer_exceeds_120_words_with_its_reserves(answers: list[Given]) -> None:
    long = [one.place for one in answers if word_count(one.reponse.texte) > MAX_WORDS]
    assert len(long) <= 0.02 * len(answers), long


def test_a_local_text_is_named_with_its_departement(answers: list[Given]) -> None:
    unnamed = [
        one.place
        for one in answers
        for citation in one.reponse.citations
        if citation.portee != NATIONALE
        and nom_departement(citation.portee) not in one.reponse.texte
    ]
    assert unnamed == []


def test_the_scope_of_an_answer_is_that_of_the_local_text_that_it_cites(
    answers: list[Given],
) -> None:
    wrong = [
        one.place
        for one in answers
        for local in ([c.portee for c in one.reponse.citations if c.portee != NATIONALE],)
        if one.reponse.portee != (local[0] if local else NATIONALE)
    ]
    assert wrong == []


def test_one_departement_at_most_answers_who_named_none(answers: list[Given]) -> None:
    mixed = [
        one.place
        for one in answers
        if not one.departements and len({c.portee for c in one.reponse.citations} - {NATIONALE}) > 1
    ]
    assert mixed == []


def test_a_refusal_says_so_first_and_quotes_nothing_as_an_answer(given: list[Given]) -> None:
    refusals = [one for one in given if one.reponse.type == "hors_corpus"]
    opening, label = load_messages()["hors_corpus"], load_messages()["proches"]
    assert refusals
    for one in refusals:
        texte = one.reponse.texte
        if texte.startswith(CARD_OF_SILENCE):
            continue
        assert texte.startswith(opening), one.place
        assert (label in texte) == bool(one.reponse.citations), one.place
        assert one.reponse.portee == NATIONALE, one.place
        assert not [c for c in one.reponse.citations if f"« {c.extrait[:40]}" in texte], one.place


def test_confidence_is_a_probability_and_tells_answers_from_refusals(given: list[Given]) -> None:
    answered = [o.reponse.confiance for o in given if o.reponse.type == "reponse"]
    refused = [o.reponse.confiance for o in given if o.reponse.type == "hors_corpus"]
    assert min(answered) > max(refused)
    assert all(0 <= value <= 1 for value in (*answered, *refused))


def test_what_was_measured_is_not_lost(assistant: Assistant) -> None:
    """Floors below what was measured on the development sets: they catch a regression."""
    asked = {name: lire_jeu(QUESTIONS / f"{name}.jsonl") for name in DEV}
    texts = {name: document.texte for name, document in assistant.documents.items()}
    scopes = {name: document.fiche.portee for name, document in assistant.documents.items()}

    def put(question: Question) -> list[Reponse]:
        return [sealed.reponse for sealed in assistant.repondre(question)]

    reports = {
        name: evaluer(questions, put, texts, portees=scopes).ensemble
        for name, questions in asked.items()
    }
    base = reports["base_dev"]
    assert base.preuve_dans_1.part is not None
    assert base.preuve_dans_5.part is not None
    assert base.preuve_dans_1.part >= 0.70
    assert base.preuve_dans_5.part >= 0.90
    recalls = [report.refus.rappel for report in reports.values()]
    refused = [report.refus.repondables_refusees for report in reports.values()]
    assert sum(r.reussites for r in recalls) >= 0.5 * sum(r.total for r in recalls)
    assert sum(r.reussites for r in refused) <= 0.08 * sum(r.total for r in refused)


DEV = ("base_dev", "reponses_dev", "silence_dev")
