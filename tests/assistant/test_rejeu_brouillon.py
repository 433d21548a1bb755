"""The replay of a draft: what is asked, from where, and the one report that tells it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from essais import Clas
from projets import conforme
from rangements import copy_of
from tenue import keeping
from test_publication import rewritten

from assistant.cli import DONE, FAILED, UNUSABLE
from assistant.configuration import Configuration
from assistant.publication.brouillons import DemandeInutilisable
from assistant.publication.comparaison import Rapport
from assistant.publication.decisions import put_aside_items
from assistant.publication.etat import contents, documents_of, open_base, version_in_service
from assistant.publication.exports import journal_bytes
from assistant.publication.publier import PublicationRefusee, draft_version, look
from assistant.publication.rapport import report_html, report_markdown
from assistant.publication.rejeu import replay
from assistant.publication.rejeu_brouillon import (
    QUESTIONS_VARIABLE,
    replay_draft,
    touched_titles,
)
from assistant.publication.rejeu_modeles import QuestionTemoin
from assistant.publication.rejeu_temoins import read_projects, read_questions
from corpus.base.models import Brouillon, EntreeBase, VersionBase
from corpus.models import DocumentCanonique

pytestmark = pytest.mark.long

WHO, WHY = "Camille", "le prix plafond a changé"
PRICE = ("est de 7885 € (soit 2563 €", "est de 8112 € (soit 2636 €")
PAST = "Quel est le prix plafond de la Ps ?"


def in_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


def drafted(place: Configuration, document: str, *change: str) -> DocumentCanonique:
    """Put a document with other words in the draft, and put aside what that breaks."""
    base, parent = open_base(place), in_service(place)
    text = rewritten(documents_of(base, parent)[document], *change)
    base.keep_text(text)
    entry = EntreeBase(fiche=text.fiche, texte=text.version, origine="apporte")
    base.write_draft(
        Brouillon(
            parent=parent.identite,
            documents=tuple(entry if e.fiche.id == document else e for e in parent.documents),
        )
    )
    return text


@pytest.fixture(scope="module")
def blocked(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """A data folder whose draft gives another ceiling price, nothing decided; only read."""
    place = copy_of(donnees, tmp_path_factory.mktemp("bloque"))
    drafted(place, "004", *PRICE)
    return place


@pytest.fixture(scope="module")
def ready(blocked: Configuration, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """The same, once what rests on the price is put aside."""
    place = copy_of(blocked.donnees, tmp_path_factory.mktemp("pret"))
    put_aside_items(place, None, WHY, WHO)
    return place


@pytest.fixture
def past(tmp_path: Path) -> Path:
    path = tmp_path / "passees.jsonl"
    lines = [
        {"id": "1", "question": PAST},
        {"id": "2", "tours": ["Nous sommes dans le 34.", "Et le bonus ?"]},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_a_draft_that_blocks_is_not_replayed(blocked: Configuration) -> None:
    with pytest.raises(PublicationRefusee, match="ne peut pas encore être rejoué"):
        replay_draft(blocked)


def test_the_titles_of_the_cards_that_the_draft_touches_are_asked(ready: Configuration) -> None:
    seen, here = look(ready)
    draft = open_base(ready).read_draft()
    assert draft is not None
    asked = {q.question for q in touched_titles(seen, here, draft)}
    aside = {r.nom for r in draft.retraits if r.genre == "fiche"}
    titles = {c.fiche.titre for c in here.fiches if c.fiche.id in aside}
    assert titles
    assert titles <= asked
    assert len(asked) < len(here.fiches) / 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "ligne 1 : JSON illisible"),
        ('{"id": "1"}', "ligne 1 : il faut « question » ou « tours »"),
        ('{"id": "1", "question": "a", "departement": "99"}', "champ « departement »"),
    ],
)
def test_a_file_of_questions_that_is_none_names_its_line(
    ready: Configuration, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(DemandeInutilisable, match="questions à rejouer") as raised:
        replay_draft(ready, questions=[path])
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "1"}', "ligne 1 : attendu un objet avec « id » et « projet »"),
        pytest.param("{", "ligne 1", marks=pytest.mark.long),
        pytest.param('{"id": "1", "projet": {"lune": 1}}', "ligne 1", marks=pytest.mark.long),
    ],
)
def test_a_file_of_projects_that_is_none_names_its_line(
    ready: Configuration, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(DemandeInutilisable, match="projets à rejouer") as raised:
        replay_draft(ready, projets=[path])
    assert said in str(raised.value)


def test_the_journal_is_handed_over_as_a_table_and_as_a_pdf(ready: Configuration) -> None:
    rows = [
        *csv.reader(journal_bytes(ready, "csv").decode("utf-8-sig").splitlines(), delimiter=";")
    ]
    assert rows[0] == ["date", "auteur", "action", "objet", "détail"]
    assert {row[1] for row in rows[1:]} == {WHO}
    assert journal_bytes(ready, "pdf").startswith(b"%PDF-")


def test_the_journal_is_shown_and_written_by_the_command(
    clas: Clas, ready: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = keeping(clas, ready.donnees, monkeypatch)
    assert f"{WHO}  ecarter  parametre prix_plafond : {WHY}" in run("journal").out
    events = len(open_base(ready).read_journal())
    for name in ("j.csv", "j.pdf"):
        given = run("journal", "--export", tmp_path / name)
        assert (given.status, given.out) == (
            DONE, f"{events} action(s) écrite(s) dans {tmp_path / name}.\n",
        )  # fmt: skip
        assert (tmp_path / name).stat().st_size
    refused = run("journal", "--export", tmp_path / "j.xls")
    assert refused.status == UNUSABLE
    assert ".csv, .pdf" in refused.err


def test_an_empty_journal_is_told_so(keep: Clas) -> None:
    assert keep("journal").out == "Le journal est vide.\n"


def test_a_draft_that_blocks_is_compared_all_the_same_and_the_replay_is_told_to_wait(
    clas: Clas, blocked: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = keeping(clas, blocked.donnees, monkeypatch)("comparer")
    assert given.status == DONE
    assert "ne sont pas rejoués" in given.err
    assert "7885 € → 8112 €" in given.out


def test_without_the_replay_none_is_made(
    clas: Clas, ready: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = keeping(clas, ready.donnees, monkeypatch)("comparer", "--sans-rejeu", "--json")
    assert given.status == DONE
    assert Rapport.model_validate_json(given.raw).rejeu is None


def test_past_questions_go_with_the_draft_alone(keep: Clas, past: Path) -> None:
    given = keep("comparer", "1", "1", "--questions", past)
    assert given.status == UNUSABLE
    assert "le brouillon seul" in given.err


def test_nothing_in_preparation_is_nothing_to_replay(keep: Clas) -> None:
    assert keep("comparer").status == FAILED


@pytest.mark.long
def test_one_report_joins_the_changes_what_rests_on_them_and_the_replay(
    clas: Clas,
    ready: Configuration,
    past: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    projects = tmp_path / "projets.jsonl"
    projects.write_text(json.dumps({"id": "le mien", "projet": conforme()}), "utf-8")
    page = tmp_path / "rapport.html"
    run = keeping(clas, ready.donnees, monkeypatch)
    given = run("comparer", "--json", "--html", page, "--questions", past, "--projets", projects)
    assert given.status == DONE, given.err
    report = Rapport.model_validate_json(given.raw)
    assert report.rejeu is not None
    assert any(gap.question.question == PAST for gap in report.rejeu.reponses)
    mine = next(gap for gap in report.rejeu.verifications if gap.nom == "le mien")
    assert ("total", 2863, None) in {(e.montant, e.avant, e.apres) for e in mine.euros}
    shown = page.read_text("utf-8").replace("\u00a0", " ").replace("\u202f", " ")
    for said in (
        "7885 € → 8112 €", "Mis de côté ou réparé", "Question : Quel est le prix plafond",
        "Projet : le mien", "total : 2 863 € → inconnu", "Rien n'empêche de publier",
    ):  # fmt: skip
        assert said in shown, said
    assert shown == report_html(report).replace("\u00a0", " ").replace("\u202f", " ")
    assert "prix plafond" in report_markdown(report)


@pytest.mark.long
def test_past_questions_of_the_configured_file_are_asked_and_turns_know_those_before(
    ready: Configuration, past: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = replay_draft(ready)
    monkeypatch.setenv(QUESTIONS_VARIABLE, str(past))
    found = replay_draft(ready)
    assert found.questions == plain.questions + 3
    by_words = {gap.question.question: gap for gap in found.reponses}
    assert PAST in by_words
    bonus = QuestionTemoin(question="Et le bonus ?", avant=("Nous sommes dans le 34.",))
    assert all(gap.question == bonus for gap in found.reponses if gap.question.avant)


@pytest.mark.long
def test_whoever_replays_twice_is_told_the_same(ready: Configuration) -> None:
    assert replay_draft(ready) == replay_draft(ready, vu=look(ready))


@pytest.mark.long
def test_encoding_a_question_once_for_both_versions_changes_no_answer(
    ready: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    import assistant.publication.rejeu as module  # noqa: PLC0415 - what is looked at

    base = open_base(ready)
    draft = base.read_draft()
    assert draft is not None
    here = contents(base, in_service(ready))
    version = draft_version(base, in_service(ready), draft)
    asked, projects = read_questions()[:25], read_projects()[:3]
    quick = replay(ready, here, version, asked, projects)
    monkeypatch.setattr(module, "_Remembering", lambda encoder: encoder)
    assert replay(ready, here, version, asked, projects) == quick
