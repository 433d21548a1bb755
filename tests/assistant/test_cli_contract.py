"""The commands, as other programs rely on them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from essais import Clas

from assistant.cli import DONE, FAILED, UNUSABLE
from assistant.configuration import FOLDER_VARIABLE

QUESTION = "Combien d'enfants par groupe ?"
REPONSE = {"type", "texte", "citations", "passages", "portee", "confiance", "eligibilite"}
CITATION = {
    "document", "version", "titre", "portee", "annee", "section", "page", "extrait", "debut", "fin",
}  # fmt: skip
PASSAGE = {"document", "debut", "fin", "texte", "score"}


def _answer(clas: Clas, *arguments: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(clas("demander", *arguments, "--json").out)
    return given


def test_an_answer_has_the_keys_of_the_contract_and_no_other(clas: Clas) -> None:
    answer = _answer(clas, QUESTION)
    assert answer.keys() == REPONSE
    assert {key for citation in answer["citations"] for key in citation} == CITATION
    assert all(citation.keys() == CITATION for citation in answer["citations"])
    assert all(passage.keys() == PASSAGE for passage in answer["passages"])


def test_an_answer_comes_with_ten_ranked_passages_at_least(clas: Clas) -> None:
    passages = _answer(clas, QUESTION)["passages"]
    scores = [passage["score"] for passage in passages]
    assert len(passages) >= 10
    assert scores == sorted(scores, reverse=True)
    assert len({(p["document"], p["debut"]) for p in passages}) == len(passages)


def test_citations_slice_the_text_that_the_corpus_command_prints(clas: Clas) -> None:
    answer = _answer(clas, QUESTION)
    assert answer["citations"]
    for citation in answer["citations"]:
        printed = clas(
            "corpus", "texte", citation["document"], "--version", citation["version"]
        ).raw.decode("utf-8")
        assert printed[citation["debut"] : citation["fin"]] == citation["extrait"]
    for passage in answer["passages"]:
        printed = clas("corpus", "texte", passage["document"]).raw.decode("utf-8")
        assert printed[passage["debut"] : passage["fin"]] == passage["texte"]


def test_the_version_of_a_text_is_the_digest_of_the_bytes_printed(clas: Clas) -> None:
    from hashlib import sha256  # noqa: PLC0415

    for citation in _answer(clas, QUESTION)["citations"]:
        printed = clas("corpus", "texte", citation["document"]).raw
        assert sha256(printed).hexdigest()[:12] == citation["version"]


def test_the_answer_in_words_comes_before_its_numbered_sources(clas: Clas) -> None:
    shown = clas("demander", QUESTION).out
    words, _, sources = shown.partition("\nSources :\n")
    numbers = re.findall(r"\[(\d+)\]", words)
    assert "8 à 12 enfants" in words
    assert sorted({int(n) for n in numbers}) == [
        int(n) for n in re.findall(r"^  \[(\d+)\]", sources, re.MULTILINE)
    ]


def test_a_departement_and_a_year_are_taken_into_account(clas: Clas) -> None:
    question = "Quelle est la date limite pour déposer la demande ?"
    herault = _answer(clas, question, "--departement", "34", "--annee", "2025-2026")
    late = _answer(clas, question, "--departement", "34", "--annee", "2027-2028")
    assert herault["portee"] == "34"
    assert "15 juillet 2025" in herault["texte"]
    assert "2027-2028" not in herault["texte"]
    assert "pas sur 2027-2028" in late["texte"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((QUESTION, "--departement", "99"), "« 99 »"),
        ((QUESTION, "--departement", "20"), "« 20 »"),
        ((QUESTION, "--departement", ""), "«  »"),
        ((QUESTION, "--annee", "2025"), "« 2025 »"),
        ((QUESTION, "--annee", "2025-2027"), "« 2025-2027 »"),
        ((QUESTION, "--annee", "2025-2026\n"), "« 2025-2026\ufffd »"),
        ((QUESTION, "--departement", "\udcff"), "« ? »"),
        ((), "donnez une question"),
        ((QUESTION, "--sortie", "x.jsonl"), "donnez une question"),
        ((QUESTION, "--lot", "x.jsonl", "--sortie", "y.jsonl"), "donnez une question"),
        (("--lot", "x.jsonl"), "donnez une question"),
    ],
)
def test_an_unusable_request_is_told_what_was_found_and_what_is_accepted(
    clas: Clas, arguments: tuple[str, ...], named: str
) -> None:
    given = clas("demander", *arguments)
    assert given.status == UNUSABLE
    assert named in given.err
    assert given.raw == b""


@pytest.mark.parametrize("code", ["01", "2A", "2B", "95", "971", "976"])
def test_every_departement_of_the_contract_is_accepted(clas: Clas, code: str) -> None:
    assert clas("demander", QUESTION, "--departement", code).status == DONE


def test_a_question_that_is_not_utf_8_is_answered_all_the_same(clas: Clas) -> None:
    given = clas("demander", f"{QUESTION} \udce9")
    assert given.status == DONE
    assert "8 à 12" in given.out


@pytest.mark.parametrize("question", ["", "   ", "Quel temps fera-t-il demain à Oslo ?"])
def test_a_question_that_makes_no_sense_is_done(clas: Clas, question: str) -> None:
    assert clas("demander", question).status == DONE


def test_a_search_gives_as_many_passages_as_asked_for(clas: Clas) -> None:
    for asked in (1, 3, 25):
        found = json.loads(clas("chercher", "bonus", "--k", str(asked), "--json").out)
        assert len(found) == asked
        assert all(passage.keys() == PASSAGE for passage in found)


def test_a_search_without_a_word_finds_nothing(clas: Clas) -> None:
    assert json.loads(clas("chercher", " ", "--json").out) == []
    assert clas("chercher", "…").status == DONE


def test_a_search_keeps_out_the_texts_of_other_departements(clas: Clas) -> None:
    found = json.loads(
        clas("chercher", "date limite", "--departement", "69", "--k", "100", "--json").out
    )
    assert {p["document"] for p in found} == {"001", "002", "003", "004"}


@pytest.mark.parametrize("asked", ["0", "-1", "101", "dix", "1.5"])
def test_an_impossible_number_of_passages_is_unusable(clas: Clas, asked: str) -> None:
    given = clas("chercher", "bonus", f"--k={asked}")
    assert given.status == UNUSABLE
    assert asked in given.err


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http"])
def test_an_impossible_port_is_unusable(clas: Clas, port: str) -> None:
    given = clas("page", f"--port={port}")
    assert given.status == UNUSABLE
    assert port in given.err


def test_a_search_shown_in_words_names_text_scope_and_section(clas: Clas) -> None:
    shown = clas("chercher", "date limite", "--departement", "34", "--k", "1").out
    assert shown.startswith("1. ")
    assert "Hérault (34)" in shown


def test_an_unknown_document_or_version_is_told_what_is_known(clas: Clas) -> None:
    for arguments in (("999",), ("004", "--version", "000000000000"), ("../004",)):
        given = clas("corpus", "texte", *arguments)
        assert given.status == UNUSABLE
        assert arguments[-1] in given.err
        assert re.search(r"004 \(version [0-9a-f]{12}\)", given.err)
        assert given.raw == b""


def test_the_corpus_is_listed_with_versions_and_scopes(clas: Clas) -> None:
    lines = clas("corpus", "lister").out.splitlines()
    assert [line[:3] for line in sorted(lines)] == ["000", "001", "002", "003", "004"]
    assert "Rhône (69)" in next(line for line in lines if line.startswith("002"))


def test_a_question_set_is_measured_in_words_and_in_json(clas: Clas, tmp_path: Path) -> None:
    file = tmp_path / "jeu.jsonl"
    proof = {"source": "001_x.txt", "extrait": "8 à 12 enfants maximum"}
    line = {"id": "1", "question": QUESTION, "preuves": [proof], "faits": [["8 à 12"]]}
    file.write_text(json.dumps(line), encoding="utf-8")
    measured = json.loads(clas("evaluer", file, "--json").out)
    assert measured["ensemble"]["citations_verbatim"]["part"] == 1
    assert measured["ensemble"]["preuve_dans_10"] == {
        "reussites": 1,
        "total": 1,
        "part": 1.0,
        "intervalle": measured["ensemble"]["preuve_dans_10"]["intervalle"],
    }
    assert "1/1" in clas("evaluer", file).out


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "aucune question"),
        (b'{"id": "1"}\n', "ligne 1"),
        (
            b"\n".join(
                b'{"id": "1", "question": "%s", "faits": [["x"]]}' % asked for asked in (b"a", b"b")
            ),
            "ligne 2",
        ),
        (b"\xff\n", "0xff"),
    ],
)
def test_an_unusable_question_set_is_told_where(
    clas: Clas, tmp_path: Path, content: bytes, named: str
) -> None:
    file = tmp_path / "jeu.jsonl"
    file.write_bytes(content)
    given = clas("evaluer", file)
    assert given.status == UNUSABLE
    assert named in given.err


@pytest.mark.parametrize(
    "command",
    [
        ("demander", QUESTION),
        ("chercher", "bonus"),
        ("corpus", "texte", "004"),
        ("corpus", "lister"),
    ],
)
def test_without_an_index_the_command_says_what_to_run(
    clas: Clas, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was opened for another folder is not asked.
    clas("demander", QUESTION)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "vide"))
    given = clas(*command)
    assert given.status == FAILED
    assert "clas preparer" in given.err
    assert given.err.count("\n") == 1
    assert given.raw == b""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "il manque COMMANDE"),
        (("demandez",), "choix inconnu"),
        (("demander", QUESTION, "--jso"), "arguments inconnus"),
        (("demander", QUESTION, "--departement"), "attend une valeur"),
        (("corpus",), "il manque COMMANDE"),
    ],
)
def test_a_wrong_command_line_is_corrected_in_french(
    clas: Clas, arguments: tuple[str, ...], said: str
) -> None:
    given = clas(*arguments)
    assert given.status == UNUSABLE
    assert said in given.err
    assert "--help" in given.err


@pytest.mark.parametrize("command", [(), ("demander",), ("chercher",), ("corpus", "texte")])
def test_help_is_in_french(clas: Clas, command: tuple[str, ...]) -> None:
    given = clas(*command, "--help")
    assert given.status == DONE
    assert "montre cette aide" in given.out
    assert "positional" not in given.out
    assert "show this" not in given.out
