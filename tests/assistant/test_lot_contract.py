"""A file of questions: read whole, answered in order, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from essais import DAY, Clas

from assistant.cli import DONE, UNUSABLE
from assistant.lot import MAX_BYTES, MAX_TURNS

QUESTION = "Combien d'enfants par groupe ?"


def _write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "reponses.jsonl"


def test_answers_come_in_the_order_of_the_questions(clas: Clas, source: Path, target: Path) -> None:
    questions = [QUESTION, "Bonjour", "Combien de séances par semaine ?", ""]
    _write(source, *({"id": f"q{n}", "question": q} for n, q in enumerate(questions)))
    given = clas("demander", "--lot", source, "--sortie", target)
    assert given.status == DONE
    answers = _read(target)
    assert [line["id"] for line in answers] == ["q0", "q1", "q2", "q3"]
    assert all(line.keys() == {"id", "reponses"} for line in answers)
    assert [line["reponses"][0]["type"] for line in answers] == [
        "reponse", "precision", "reponse", "precision",
    ]  # fmt: skip


def test_a_line_is_answered_as_the_command_answers_it(
    clas: Clas, source: Path, target: Path
) -> None:
    line = {"id": "1", "question": QUESTION, "departement": "34", "annee_scolaire": "2025-2026"}
    clas("demander", "--lot", _write(source, line), "--sortie", target)
    alone = clas("demander", QUESTION, "--departement", "34", "--annee", "2025-2026", "--json")
    assert _read(target)[0]["reponses"] == [json.loads(alone.out)]


def test_each_turn_of_a_conversation_has_its_answer(clas: Clas, source: Path, target: Path) -> None:
    turns = ["Quelle date limite dans l'Hérault ?", "merci", "et dans le Rhône ?"]
    clas("demander", "--lot", _write(source, {"id": "c", "tours": turns}), "--sortie", target)
    answers = _read(target)[0]["reponses"]
    assert [answer["type"] for answer in answers] == ["reponse", "precision", answers[2]["type"]]
    assert {p["document"] for p in answers[2]["passages"]} & {"000", "002"} == {"002"}


def test_the_date_of_a_line_is_what_this_year_counts_from(
    clas: Clas, source: Path, target: Path
) -> None:
    asked = {"question": "Date limite de dépôt dans l'Hérault ?"}
    _write(
        source,
        {"id": "1", "date": "2025-11-03", **asked},
        {"id": "2", "date": "2027-11-03", **asked},
    )
    clas("demander", "--lot", source, "--sortie", target)
    first, second = (line["reponses"][0]["texte"] for line in _read(target))
    assert "pas sur" not in first
    assert "pas sur 2027-2028" in second


def test_unknown_keys_blank_lines_and_a_byte_order_mark_are_let_through(
    clas: Clas, source: Path, target: Path
) -> None:
    line = json.dumps({"id": "1", "question": QUESTION, "remarque": {"a": ["\ud800"]}})
    source.write_bytes(f"\ufeff\n  \n{line}\r\n\n".encode())
    assert clas("demander", "--lot", source, "--sortie", target).status == DONE
    assert len(_read(target)) == 1


def test_an_empty_file_has_no_answer(clas: Clas, source: Path, target: Path) -> None:
    source.write_bytes(b"")
    assert clas("demander", "--lot", source, "--sortie", target).status == DONE
    assert target.read_bytes() == b""


def test_a_line_separator_inside_a_question_does_not_end_its_line(
    clas: Clas, source: Path, target: Path
) -> None:
    source.write_text(
        '{"id": "1", "question": "Combien d\'enfants\u2028par groupe ?\x85"}\n'
        '{"id": "2", "question": "Combien\u2029d\'enfants ?"}\n',
        encoding="utf-8",
    )
    assert clas("demander", "--lot", source, "--sortie", target).status == DONE
    assert len(target.read_bytes().split(b"\n")) == 3


def test_lone_surrogates_are_answered_in_valid_utf_8(
    clas: Clas, source: Path, target: Path
) -> None:
    source.write_text(
        '{"id": "\\ud800", "question": "\\ud800 Combien d\'enfants par groupe ? \\udfff"}\n'
        '{"id": "2", "tours": ["\\udc00", "\\ud83d\\ude00"]}\n',
        encoding="utf-8",
    )
    assert clas("demander", "--lot", source, "--sortie", target).status == DONE
    first, second = _read(target)
    assert first["id"] == "\ufffd"
    assert first["reponses"][0]["type"] == "reponse"
    assert [answer["type"] for answer in second["reponses"]] == ["precision", "precision"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "JSON illisible"),
        ("[1]", "trouvé une liste"),
        ("null", "trouvé null"),
        ("9" * 5000, "JSON illisible"),
        ("[" * 100_000, "JSON illisible"),
        ('{"question": "a"}', "champ « id » : absent ; attendu un texte"),
        ('{"id": 3, "question": "a"}', "champ « id » : trouvé un nombre ; attendu un texte"),
        ('{"id": "1"}', "« question » ou « tours »"),
        ('{"id": "1", "question": "a", "tours": ["b"]}', "« question » ou « tours »"),
        ('{"id": "1", "question": 5}', "champ « question » : trouvé un nombre"),
        ('{"id": "1", "question": ["a"]}', "champ « question » : trouvé une liste"),
        ('{"id": "1", "tours": "a"}', "champ « tours » : trouvé un texte"),
        ('{"id": "1", "tours": []}', "champ « tours » : 0 tours"),
        ('{"id": "1", "tours": ["a", null]}', "champ « tours.2 » : trouvé null"),
        (json.dumps({"id": "1", "tours": ["a"] * (MAX_TURNS + 1)}), f"{MAX_TURNS + 1} tours"),
        ('{"id": "1", "question": "a", "departement": "34 "}', "champ « departement » : « 34  »"),
        ('{"id": "1", "question": "a", "departement": 34}', "champ « departement » : trouvé un n"),
        ('{"id": "1", "question": "a", "departement": "\\u001b[31m"}', "« \ufffd[31m »"),
        ('{"id": "1", "question": "a", "annee_scolaire": "2025-2024"}', "champ « annee_scolaire »"),
        ('{"id": "1", "question": "a", "annee_scolaire": "٢٠٢٥-٢٠٢٦"}', "champ « annee_scolaire »"),
        ('{"id": "1", "question": "a", "date": "2025-02-30"}', "champ « date » : « 2025-02-30 »"),
        ('{"id": "1", "question": "a", "date": "20250203"}', "champ « date » : « 20250203 »"),
        ('{"id": "1", "question": "a", "date": ""}', "champ « date » : «  »"),
        ('{"id": "1", "question": "a", "date": "0001-01-01"}', "champ « date »"),
        ('{"id": "1", "question": "a", "date": true}', "champ « date » : trouvé vrai ou faux"),
    ],
)
def test_a_bad_line_is_told_with_its_place_and_leaves_no_output(
    clas: Clas, source: Path, target: Path, line: str, told: str
) -> None:
    good = json.dumps({"id": "0", "question": QUESTION})
    source.write_text(f"{good}\n\n{line}\n", encoding="utf-8")
    given = clas("demander", "--lot", source, "--sortie", target)
    assert given.status == UNUSABLE
    assert given.err.startswith("questions.jsonl, ligne 3")
    assert told in given.err
    assert "\x1b" not in given.err
    assert len(given.err) < 400
    assert not target.exists()


def test_a_bad_line_leaves_an_earlier_output_untouched(
    clas: Clas, source: Path, target: Path
) -> None:
    source.write_text("{\n", encoding="utf-8")
    target.write_bytes(b"avant")
    assert clas("demander", "--lot", source, "--sortie", target).status == UNUSABLE
    assert target.read_bytes() == b"avant"
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "questions.jsonl", "reponses.jsonl",
    ]  # fmt: skip


def test_an_earlier_output_is_replaced_whole(clas: Clas, source: Path, target: Path) -> None:
    target.write_bytes(b"x" * 1_000_000)
    _write(source, {"id": "1", "question": "Bonjour", "date": DAY})
    assert clas("demander", "--lot", source, "--sortie", target).status == DONE
    assert len(_read(target)) == 1


def test_questions_are_never_overwritten_by_their_answers(
    clas: Clas, source: Path, tmp_path: Path
) -> None:
    _write(source, {"id": "1", "question": QUESTION})
    before = source.read_bytes()
    link = tmp_path / "lien.jsonl"
    link.symlink_to(source)
    for output in (source, link, tmp_path / "." / "questions.jsonl"):
        given = clas("demander", "--lot", source, "--sortie", output)
        assert given.status == UNUSABLE
        assert "fichier des questions" in given.err
    assert source.read_bytes() == before


def test_an_output_through_a_link_goes_where_the_link_leads(
    clas: Clas, source: Path, target: Path, tmp_path: Path
) -> None:
    link = tmp_path / "lien.jsonl"
    link.symlink_to(target)
    _write(source, {"id": "1", "question": "Bonjour"})
    assert clas("demander", "--lot", source, "--sortie", link).status == DONE
    assert link.is_symlink()
    assert len(_read(target)) == 1


def test_an_output_that_cannot_stand_is_told_before_answering(
    clas: Clas, source: Path, tmp_path: Path
) -> None:
    _write(source, {"id": "1", "question": QUESTION})
    for output, told in (
        (tmp_path / "absent" / "r.jsonl", "dossier introuvable"),
        (tmp_path, "fichier ordinaire"),
        (Path("/dev/null"), "fichier ordinaire"),
    ):
        given = clas("demander", "--lot", source, "--sortie", output)
        assert given.status == UNUSABLE
        assert told in given.err


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "introuvable"), (b"\xff\xfe{}", "n'est pas en UTF-8"), ("dossier", "lisible")],
)
def test_a_file_that_cannot_be_read_is_unusable(
    clas: Clas, source: Path, target: Path, content: bytes | str | None, told: str
) -> None:
    if isinstance(content, bytes):
        source.write_bytes(content)
    elif content is not None:
        source.mkdir()
    given = clas("demander", "--lot", source, "--sortie", target)
    assert given.status == UNUSABLE
    assert told in given.err
    assert not target.exists()


def test_a_file_beyond_64_mib_is_refused_unread(clas: Clas, source: Path, target: Path) -> None:
    with source.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    given = clas("demander", "--lot", source, "--sortie", target)
    assert given.status == UNUSABLE
    assert "64 Mio" in given.err
