"""``clas evaluer``: the command that measures a set and writes its page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.configuration import FOLDER_VARIABLE
from assistant.models import Question

if TYPE_CHECKING:
    from essais import Clas

    from assistant.dialogue.conseiller import Conseiller

UNUSABLE = 2
QUESTION = "Combien d'enfants par groupe ?"


def _set(folder: Path, name: str, **fields: Any) -> Path:
    file = folder / name
    line = {"id": name, "question": QUESTION, "faits": [["8 à 12"]]} | fields
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return file


def test_the_page_is_written_beside_the_measures(clas: Clas, tmp_path: Path) -> None:
    file, page = _set(tmp_path, "jeu.jsonl"), tmp_path / "mesures.html"
    given = clas("evaluer", file, "--json", "--html", page)
    assert given.status == 0
    assert json.loads(given.out)["ensemble"]["questions"] == 1
    assert page.read_bytes().startswith(b'<!DOCTYPE html>\n<html lang="fr">')
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["jeu.jsonl", "mesures.html"]


def test_a_line_that_expects_nothing_stops_the_command(clas: Clas, tmp_path: Path) -> None:
    file = tmp_path / "jeu.jsonl"
    file.write_text('{"id": "x", "question": "combien ?"}\n', encoding="utf-8")
    given = clas("evaluer", file)
    assert (given.status, given.out) == (UNUSABLE, "")
    assert f"{file}, ligne 1 : champs « repondable »" in given.err


def test_a_conversation_measured_turn_by_turn_has_the_answers_of_the_adviser(
    clas: Clas, assistant: Conseiller, tmp_path: Path
) -> None:
    tours = ["On a 6 enfants par groupe, c'est bon ?", "Pourquoi ?", "Et pour 9 ?"]
    file = tmp_path / "jeu.jsonl"
    file.write_text(json.dumps({"id": "x", "tours": tours, "faits": [["8"]]}), encoding="utf-8")
    measured_turns = json.loads(clas("evaluer", file, "--json").out)["tours"]
    answers = assistant.repondre(Question(id="x", tours=tuple(tours)))
    assert [turn["reponse"] for turn in measured_turns] == [a.reponse.texte for a in answers]
    assert len({turn["latence_ms"] for turn in measured_turns}) == len(tours)


def test_several_sets_are_measured_as_one(clas: Clas, tmp_path: Path) -> None:
    first, second = _set(tmp_path, "a.jsonl"), _set(tmp_path, "b.jsonl", style="sms")
    together = json.loads(clas("evaluer", first, second, "--json").out)
    alone = json.loads(clas("evaluer", first, "--json").out)
    assert together["fichier"] == "a.jsonl, b.jsonl"
    assert [turn["id"] for turn in together["tours"]] == ["a.jsonl", "b.jsonl"]
    assert together.keys() == alone.keys()


def test_two_sets_with_the_same_id_are_unusable(clas: Clas, tmp_path: Path) -> None:
    first, second = _set(tmp_path, "a.jsonl"), _set(tmp_path, "b.jsonl", id="a.jsonl")
    given = clas("evaluer", first, second)
    assert given.status == UNUSABLE
    assert "b.jsonl : champ « id »" in given.err
    assert "déjà dans" in given.err


def test_a_page_is_never_written_in_place_of_a_set_nor_nowhere(clas: Clas, tmp_path: Path) -> None:
    file = _set(tmp_path, "jeu.jsonl")
    before = file.read_bytes()
    for target in (file, tmp_path / "absent" / "mesures.html", tmp_path):
        given = clas("evaluer", file, "--html", target)
        assert given.status == UNUSABLE
        assert str(target) in given.err
    assert file.read_bytes() == before


def test_the_corpus_is_listed_without_the_model(
    clas: Clas, donnees: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index").symlink_to(donnees / "index")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    given = clas("corpus", "lister")
    assert given.status == 0
    assert len(given.out.splitlines()) == 5
