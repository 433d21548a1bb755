"""The measures as a web page, and the command that writes it."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from test_evaluation_measures import GROUP, answer, report, retrieval

from assistant.configuration import FOLDER_VARIABLE
from assistant.evaluation.page import en_html
from assistant.evaluation.table import groupes

if TYPE_CHECKING:
    from pathlib import Path

    from essais import Clas

    from assistant.evaluation.report import RapportEvaluation

UNUSABLE = 2
QUESTION = "Combien d'enfants par groupe ?"
PIEGE = '<script>alert("x")</script> & <b>gras</b>'


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its words."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def measured() -> RapportEvaluation:
    """Two right answers, a missing fact, an answer where the texts are silent, a wrong refusal."""
    good = ("001", "huit à douze enfants")
    facts = {"faits": [["Huit à douze"]], "style": "sms", "categorie": "seuil"}
    refusal = answer(type="hors_corpus", citations=(), texte="Rien.", confiance=0.1)
    return report(
        retrieval(good, preuves=[GROUP], **facts),
        ({"faits": [["quinze"]], "interdits": ["douze"]}, answer(confiance=0.5, texte=PIEGE)),
        ({"repondable": False, "genre_refus": "quasi"}, answer(confiance=0.4)),
        ({"faits": [["douze"]]}, refusal),
        (
            {
                "tours": ["a", "b"],
                "repondable_tours": [True, False],
                "faits_tours": [[["douze"]], None],
                "nature_tours": ["reponse", "silence"],
            },
            [answer(), refusal],
        ),
    )


def test_conversations_are_measured_by_rank_and_by_nature_of_turn() -> None:
    found = measured()
    assert {name: m.tours for name, m in found.par_rang.items()} == {"1": 1, "2": 1}
    assert {name: m.tours for name, m in found.par_nature.items()} == {"reponse": 1, "silence": 1}
    assert found.par_rang["1"].reponses_justes.reussites == 1
    assert found.par_nature["silence"].refus.rappel.reussites == 1


def test_ranks_of_turns_are_in_the_order_of_numbers() -> None:
    found = report(({"tours": ["x"] * 11}, [answer()] * 11))
    assert list(found.par_rang) == [str(rank) for rank in range(1, 12)]


def test_without_conversations_nothing_is_shown_of_them() -> None:
    found = report(({}, answer()))
    assert [title for title, _ in groupes(found)] == ["Par style", "Par catégorie"]


def test_the_curve_is_in_the_json_and_in_the_page() -> None:
    found = measured()
    # Right: two at 0.9; wrong: 0.5 and 0.4; refused: two of six.
    curve = json.loads(found.model_dump_json())["risque_couverture"]
    assert (curve["tours"], curve["repondus"]) == (6, 4)
    assert [(p["couverture"], p["risque"]) for p in curve["points"]] == [
        (2 / 6, 0.0),
        (3 / 6, 1 / 3),
        (4 / 6, 0.5),
    ]
    assert curve["aire"]["valeur"] == (0 + 0 + 1 / 3 + 1 / 2) / 4
    page = Page(en_html(found))
    assert "Aire sous la courbe (risque moyen, AURC) : 0,208" in page.words
    assert "sur 4 réponses pour 6 questions jugées" in page.words
    assert {"svg", "desc", "polyline"} <= page.tags()


def test_every_error_is_in_the_page_with_what_was_expected_and_said() -> None:
    words = Page(en_html(measured())).words
    assert "Erreurs (3 sur 6 réponses)" in words
    for said in (
        "une réponse qui dit : « quinze »",
        "il manque : « quinze »",
        "répondue, alors que les textes ne répondent pas",
        "refusée, alors que les textes répondent",
        "type hors_corpus, confiance 0,100",
    ):
        assert said in words


def test_errors_are_not_folded_away() -> None:
    assert not {"details", "script", "template"} & Page(en_html(measured())).tags()


def test_words_of_a_set_or_of_an_answer_never_become_markup() -> None:
    page = Page(en_html(measured()))
    assert PIEGE in page.words
    assert not {"script", "b"} & page.tags()


def test_a_page_holds_no_control_character_nor_half_of_one() -> None:
    found = report(({"faits": [["x"]]}, answer(texte="a\x00\x1b\ud800b")))
    assert "a\ufffd\ufffd\ufffdb" in Page(en_html(found)).words


def test_the_page_asks_nothing_of_anyone() -> None:
    page = Page(en_html(measured()))
    outside = [
        value
        for _, attributes in page.elements
        for name in ("src", "href", "action")
        if (value := attributes.get(name)) is not None and not value.startswith("#")
    ]
    assert outside == []
    assert "link" not in page.tags()


def test_every_column_and_row_of_a_table_has_its_heading() -> None:
    page = Page(en_html(measured()))
    scopes = [attributes.get("scope") for tag, attributes in page.elements if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert [tag for tag, _ in page.elements].count("caption") == sum(
        tag == "table" for tag, _ in page.elements
    )


def test_the_same_report_gives_the_same_bytes() -> None:
    found = measured()
    assert en_html(found) == en_html(found)


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
