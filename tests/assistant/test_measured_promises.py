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

from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.dialogue.conseiller import Conseiller
from assistant.eligibility.commands import regles_livrees
from assistant.evaluation.facts import word_count
from assistant.evaluation.proof import letters_and_digits
from assistant.evaluation.run import evaluer
from assistant.evaluation.sets import QuestionMesuree, lire_jeu
from assistant.fiches.loading import fill_cards, read_cards
from assistant.models import Citation, Question, Reponse
from assistant.understanding.territoires import reperer_departements
from corpus.models import NATIONALE, DocumentCanonique

pytestmark = pytest.mark.long
"""Every question of every set is asked."""

DEPARTEMENTS = ("34", "69", "75")
MARKS = re.compile(r"(?<!\\)((?:\[\d+\])+)")
QUOTED = re.compile(r"^(?:\*\*[^*]+\*\*(?: \([^()]*\))? : )?«")
NAME = re.compile(r"^(?:\*\*[^*]+\*\*(?: \([^()]*\))? : )")
BETWEEN = re.compile(r"«\s*([^«»]+?)\s*»")
ALONE = re.compile(r"\*\*([^*]+) seulement(?: \([^()]*\))?\*\*")
DROPPED = len("Oui : X")
MAX_WORDS = 120
CARD_OF_SILENCE = "Les textes ne le "


class Given(NamedTuple):
    """An answer and what it was asked for."""

    place: str
    texte: str
    departements: frozenset[str]
    """Named in the question or in an earlier turn, else selected."""
    reponse: Reponse


def _given(assistant: Conseiller, asked: QuestionMesuree, departement: str | None) -> list[Given]:
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
def given(habitue: Conseiller) -> list[Given]:
    """Every question without a département, and one in three with a département."""
    asked = _sets()
    selected: list[tuple[QuestionMesuree, str | None]] = [(one, None) for one in asked]
    selected += [(one, DEPARTEMENTS[n % len(DEPARTEMENTS)]) for n, one in enumerate(asked[::3])]
    return [answer for one, code in selected for answer in _given(habitue, one, code)]


@pytest.fixture(scope="module")
def answers(given: list[Given]) -> list[Given]:
    """Those of type « reponse »."""
    return [one for one in given if one.reponse.type == "reponse"]


def test_every_set_is_put(given: list[Given]) -> None:
    asked = _sets()
    assert len(asked) >= 400
    assert len(given) > sum(len(one.textes) for one in asked)
    types = {one.reponse.type for one in given}
    assert types == {"reponse", "eligibilite", "hors_corpus", "precision"}


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


def test_every_citation_and_passage_is_verbatim(given: list[Given], habitue: Conseiller) -> None:
    assert unfaithful(given, habitue.documents) == []


def test_no_text_of_another_departement_is_ever_found(
    given: list[Given], habitue: Conseiller
) -> None:
    assert out_of_place(given, habitue.documents) == []


@pytest.mark.long
@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_every_question_holds_these_promises_with_each_departement(
    habitue: Conseiller, departement: str
) -> None:
    given = [one for asked in _sets() for one in _given(habitue, asked, departement)]
    assert unfaithful(given, habitue.documents) == []
    assert out_of_place(given, habitue.documents) == []
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


def marked(answer: Reponse) -> list[tuple[str, list[Citation]]]:
    """Words of an answer, notes left out, up to each run of marks; and what these cite."""
    notes = notes_of(answer.texte)
    body = "\n\n".join(p for p in answer.texte.split("\n\n") if p not in notes)
    pieces = MARKS.split(body)
    return [
        (words.strip(), [answer.citations[int(n) - 1] for n in re.findall(r"\d+", marks)])
        for words, marks in zip(pieces[::2], pieces[1::2], strict=False)
    ]


def misquoted(answer: Reponse) -> bool:
    """Whether anything is shown as quoted that is not, word for word, what its marks cite.

    What opens with « » is a quotation: whole, it is what its first mark cites, with what the
    second one does before it. A card is said in our own words: what these put between « » stands
    in one of the texts that the card cites. The name of a text may have « » of its own.
    """
    for words, cited in marked(answer):
        extracts = [citation.extrait for citation in cited]
        if QUOTED.match(words):
            shown = letters_and_digits(NAME.sub("", words))
            whole = [letters_and_digits(extracts[0])]
            whole += [letters_and_digits(extracts[1] + extracts[0])] if len(extracts) > 1 else []
            if shown not in whole:
                return True
        elif any(
            not any(letters_and_digits(quoted) in letters_and_digits(e) for e in extracts)
            for quoted in BETWEEN.findall(NAME.sub("", words.rsplit("\n\n", 1)[-1]))
        ):
            return True
    return False


def test_what_an_answer_shows_is_what_its_marks_cite_word_for_word(answers: list[Given]) -> None:
    assert [one.place for one in answers if misquoted(one.reponse)] == []


def test_a_changed_figure_in_an_answer_would_be_seen(answers: list[Given]) -> None:
    figure = re.compile(r"\d+")
    with_figures = (
        (one.reponse, NAME.match(words), words)
        for one in answers
        for words, _ in marked(one.reponse)
        if QUOTED.match(words) and figure.search(NAME.sub("", words))
    )
    answer, name, words = next(with_figures)
    start = name.end() if name else 0
    quoted = figure.sub(lambda found: str(int(found[0]) + 1), words[start:], count=1)
    changed = answer.texte.replace(words, words[:start] + quoted)
    assert changed != answer.texte
    assert misquoted(answer.model_copy(update={"texte": changed}))


def test_words_that_no_text_has_are_seen_between_the_quotation_marks_of_a_card(
    answers: list[Given],
) -> None:
    said = [
        one.reponse
        for one in answers
        if any(not QUOTED.match(w) and BETWEEN.search(w) for w, _ in marked(one.reponse))
    ]
    assert said
    for answer in said:
        changed = BETWEEN.sub("« bicyclette »", answer.texte)
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


def unnamed(answer: Reponse, divergences: Iterable[str]) -> list[str]:
    """Départements whose text is cited and not said to be theirs alone.

    It is where « X seulement » stands before the marks, or before a quotation of the same text
    that comes just before. A card that says how texts differ names each of those instead.
    """
    found: list[str] = []
    standing = ""
    for words, cited in marked(answer):
        alone = ALONE.findall(words)
        if not (words.startswith("«") and standing):
            standing = alone[-1] if alone else ""
        differ = any(said in words for said in divergences)
        for citation in cited:
            if citation.portee == NATIONALE:
                continue
            name = nom_departement(citation.portee)
            if not (name in words if differ else name in (standing, *alone)):
                found.append(name)
    told = {c.document for _, cited in marked(answer) for c in cited}
    found += [
        nom_departement(c.portee)
        for c in answer.citations
        if c.portee != NATIONALE and c.document not in told
    ]
    return found


@pytest.fixture(scope="module")
def divergences() -> list[str]:
    """What the cards that say how texts differ say, without the « Oui : » that may be dropped."""
    cards = fill_cards(read_cards(), regles_livrees())
    return [card.reponse[DROPPED:] for card in cards if card.divergence]


def test_a_local_text_is_named_with_its_departement(
    answers: list[Given], divergences: list[str]
) -> None:
    found = {one.place: names for one in answers if (names := unnamed(one.reponse, divergences))}
    assert found == {}


def test_a_local_text_that_loses_its_name_would_be_seen(
    answers: list[Given], divergences: list[str]
) -> None:
    local = [
        one.reponse
        for one in answers
        if ALONE.search(one.reponse.texte)
        and not any(said in one.reponse.texte for said in divergences)
    ]
    assert local
    for answer in local:
        bare = ALONE.sub(r"**\1**", answer.texte)
        assert unnamed(answer.model_copy(update={"texte": bare}), divergences)


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


def test_one_departement_at_most_answers_who_named_none_unless_texts_are_compared(
    answers: list[Given], divergences: list[str]
) -> None:
    mixed = [
        one.place
        for one in answers
        if not one.departements
        and len({c.portee for c in one.reponse.citations} - {NATIONALE}) > 1
        and not any(said in one.reponse.texte for said in divergences)
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


@pytest.mark.long
def test_what_was_measured_is_not_lost(habitue: Conseiller) -> None:
    """Floors below what was measured on the development sets: they catch a regression."""
    asked = {name: lire_jeu(QUESTIONS / f"{name}.jsonl") for name in DEV}
    texts = {name: document.texte for name, document in habitue.documents.items()}
    scopes = {name: document.fiche.portee for name, document in habitue.documents.items()}

    def put(question: Question) -> list[Reponse]:
        return [sealed.reponse for sealed in habitue.repondre(question)]

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
