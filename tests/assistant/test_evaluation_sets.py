"""Reading question sets, and saying what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from assistant.evaluation.files import FichierInutilisable
from assistant.evaluation.sets import document_id, lire_jeu, lire_jeux, lire_ligne

if TYPE_CHECKING:
    from pathlib import Path

PROOF = {"source": "004_03e28b91166f3ed8.txt", "extrait": "27 semaines"}


EXPECTED = ("repondable", "genre_refus", "preuves", "preuves_groupes", "faits", "interdits")


def line(**fields: Any) -> str:
    """Write a line; one that expects nothing expects an answer."""
    fields_of_turns = (f"{name}_tours" for name in EXPECTED)
    told = any(fields.get(name) is not None for name in (*EXPECTED, *fields_of_turns))
    expected = {} if told else {"repondable": True}
    return json.dumps({"id": "q1"} | expected | fields, ensure_ascii=False)


@pytest.mark.parametrize(
    "source", ["004_03e28b91166f3ed8.txt", "004", "004.txt", "sources/004_03e28b91166f3ed8.txt"]
)
def test_a_source_is_a_file_name_or_a_manifest_id(source: str) -> None:
    assert document_id(source) == "004"


def test_an_id_of_more_than_three_characters_is_kept_whole() -> None:
    assert document_id("circulaire-2024") == "circulaire-2024"


def test_all_but_the_id_the_question_and_one_expectation_may_be_left_out() -> None:
    read = lire_ligne(line(question="Combien ?"))
    (expected,) = read.attendus
    assert (read.categorie, read.style, read.genre_refus) == ("non précisé", "non précisé", None)
    assert expected.repondable is True
    assert (expected.groupes, expected.faits, expected.interdits) == ((), (), ())
    assert expected.departements == ()


def test_nulls_and_unknown_keys_are_as_absent_keys() -> None:
    nulls = dict.fromkeys(
        ("tours", "preuves", "preuves_groupes", "faits", "interdits", "style", "departement")
    )
    assert lire_ligne(line(question="x", inconnu=3, **nulls)) == lire_ligne(line(question="x"))


def test_a_kind_of_refusal_alone_says_that_the_texts_do_not_answer() -> None:
    assert lire_ligne(line(question="x", genre_refus="quasi")).attendus[0].repondable is False


def test_flat_proofs_are_one_group_of_alternatives() -> None:
    other = {"source": "001", "extrait": "trente"}
    (group,) = lire_ligne(line(question="x", preuves=[PROOF, other])).attendus[0].groupes
    assert [proof.document for proof in group] == ["004", "001"]


def test_groups_of_proofs_prevail_over_the_flat_list() -> None:
    other = {"source": "001", "extrait": "trente"}
    read = lire_ligne(
        line(question="x", preuves=[PROOF, other], preuves_groupes=[[PROOF], [other]])
    )
    assert [len(group) for group in read.attendus[0].groupes] == [1, 1]


def test_forbidden_words_may_be_lists_of_variants() -> None:
    nested = lire_ligne(line(question="x", interdits=[["5", "cinq"], ["6"]]))
    assert nested.attendus[0].interdits == ("5", "cinq", "6")


def test_plain_fields_of_a_conversation_hold_for_its_last_turn() -> None:
    read = lire_ligne(
        line(tours=["a", "b"], preuves=[PROOF], faits=[["27"]], interdits=["26"], repondable=True)
    )
    first, last = read.attendus
    assert (first.repondable, first.groupes, first.faits, first.interdits) == (None, (), (), ())
    assert last.repondable is True
    assert last.groupes[0][0].extrait == "27 semaines"
    assert (last.faits, last.interdits) == ((("27",),), ("26",))


def test_fields_by_turn_hold_for_their_turn() -> None:
    read = lire_ligne(
        line(
            tours=["a", "b", "c"],
            departement="34",
            preuves_tours=[[PROOF], None, [[PROOF], [PROOF]]],
            faits_tours=[[["27"]], [], [["8", "huit"]]],
            interdits_tours=[["26"], None, [["7"], ["6"]]],
            repondable_tours=[True, None, False],
            departements_tours=[None, ["69"], []],
        )
    )
    assert [expected.repondable for expected in read.attendus] == [True, None, False]
    assert [len(expected.groupes) for expected in read.attendus] == [1, 0, 2]
    assert [expected.faits for expected in read.attendus] == [(("27",),), (), (("8", "huit"),)]
    assert [expected.interdits for expected in read.attendus] == [("26",), (), ("7", "6")]
    assert [expected.departements for expected in read.attendus] == [("34",), ("69",), ()]


def test_a_turn_with_proofs_or_facts_is_answerable() -> None:
    read = lire_ligne(
        line(tours=["a", "b", "c", "d"], preuves_tours=[[PROOF], [], [], []],
             faits_tours=[[], [["8"]], [], []])
    )  # fmt: skip
    assert [expected.repondable for expected in read.attendus] == [True, True, None, True]


def test_the_question_put_is_that_of_the_contract() -> None:
    put = lire_ligne(
        line(question="x", departement="2A", annee_scolaire="2025-2026", date="2025-10-01")
    ).question
    assert put.model_dump() == {
        "id": "q1",
        "question": "x",
        "tours": None,
        "departement": "2A",
        "annee_scolaire": "2025-2026",
        "date": "2025-10-01",
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "champ « question » : trouvé rien (champ absent) ; accepté : un texte"),
        ({"question": 5}, "champ « question » : trouvé 5 ; accepté : un texte"),
        ({"question": "x", "tours": ["y"]}, "trouvé les deux ; accepté : l'un ou l'autre"),
        ({"tours": []}, "champ « tours » : trouvé [] ; accepté : une liste d'au moins un texte"),
        ({"question": "x", "id": " "}, "champ « id » : trouvé «   » ; accepté : un texte non vide"),
        ({"question": "x", "repondable": "oui"}, "trouvé « oui » ; accepté : true ou false"),
        ({"question": "x", "departement": "20"}, "champ « departement » : trouvé « 20 »"),
        ({"question": "x", "departement": 34}, "champ « departement » : trouvé 34"),
        ({"question": "x", "annee_scolaire": "2025-2027"}, "trouvé « 2025-2027 »"),
        ({"question": "x", "date": "2025-02-30"}, "champ « date » : trouvé « 2025-02-30 »"),
        ({"question": "x", "genre_refus": "loin"}, "accepté : « lointain », « quasi », ou null"),
        ({"question": "x", "faits": ["8"]}, "champ « faits.1 » : trouvé « 8 »"),
        ({"question": "x", "faits": [["8"], []]}, "champ « faits.2 » : trouvé []"),
        ({"question": "x", "faits": [["8", " "]]}, "champ « faits.1.2 » : trouvé «   »"),
        ({"question": "x", "preuves": [{"source": "4"}]}, "champ « preuves.1.extrait »"),
        (
            {"question": "x", "preuves": [PROOF, {"source": "004", "extrait": "**"}]},
            "champ « preuves.2.extrait » : trouvé « ** »",
        ),
        ({"question": "x", "preuves_groupes": [[]]}, "champ « preuves_groupes.1 » : trouvé []"),
        (
            {"tours": ["a", "b"], "faits_tours": [[["8"]]]},
            "champ « faits_tours » : trouvé 1 élément(s) ; accepté : 2, un par tour",
        ),
    ],
)
def test_an_unusable_line_names_file_line_field_found_and_accepted(
    tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    path = tmp_path / "jeu.jsonl"
    path.write_text(line(id="q0", question="x") + "\n\n" + line(**fields) + "\n", encoding="utf-8")
    with pytest.raises(FichierInutilisable) as raised:
        lire_jeu(path)
    assert str(raised.value).startswith(f"{path}, ligne 3 : champ")
    assert message in str(raised.value)


@pytest.mark.parametrize("bad", ["{", "[1]", "null", '{"id": "\\ud800", "question": "x"}'])
def test_a_line_that_is_no_json_object_is_told_so(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "jeu.jsonl"
    path.write_text(bad, encoding="utf-8")
    with pytest.raises(FichierInutilisable, match=r"ligne 1 : .*accepté : un objet JSON par ligne"):
        lire_jeu(path)


def test_an_id_given_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "jeu.jsonl"
    path.write_text(line(question="x") + "\n" + line(question="y"), encoding="utf-8")
    with pytest.raises(FichierInutilisable, match=r"ligne 2 : .*« q1 », déjà à la ligne 1"):
        lire_jeu(path)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "jeu.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line(question="x\u2028y").encode() + b"\r\n\r\n")
    assert [question.textes for question in lire_jeu(path)] == [("x\u2028y",)]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\n \n", "aucune question"), (b'{"id": "\xe9"}', "trouvé 0xe9 à l'octet 8")],
)
def test_an_empty_or_wrongly_encoded_file_is_told_so(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "jeu.jsonl"
    path.write_bytes(content)
    with pytest.raises(FichierInutilisable, match=message):
        lire_jeu(path)


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FichierInutilisable, match=r"absent\.jsonl : fichier illisible"):
        lire_jeu(tmp_path / "absent.jsonl")


def test_each_turn_of_a_conversation_has_the_nature_that_the_set_gives() -> None:
    read = lire_ligne(line(tours=["a", "b"], nature_tours=["reponse", None]))
    assert [expected.nature for expected in read.attendus] == ["reponse", None]
    assert lire_ligne(line(question="x")).attendus[0].nature is None


def test_natures_are_one_by_turn() -> None:
    with pytest.raises(ValueError, match=r"champ « nature_tours » : trouvé 1 élément"):
        lire_ligne(line(tours=["a", "b"], nature_tours=["reponse"]))


def test_sets_are_read_as_one_in_order(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(
        '{"id": "2", "question": "x", "repondable": true}\n'
        '{"id": "1", "question": "x", "repondable": true}\n'
    )
    second.write_text('{"id": "0", "question": "x", "repondable": true}\n')
    assert [read.question.id for read in lire_jeux([first, second])] == ["2", "1", "0"]


def test_an_id_in_two_sets_is_told_with_both(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for path in (first, second):
        path.write_text('{"id": "1", "question": "x", "repondable": true}\n')
    with pytest.raises(FichierInutilisable, match=r"b\.jsonl : .*« 1 », déjà dans .*a\.jsonl"):
        lire_jeux([first, second])
    with pytest.raises(FichierInutilisable, match="déjà dans"):
        lire_jeux([first, first])


@pytest.mark.parametrize(
    "fields",
    [
        {"question": "combien ?"},
        {"question": "combien ?", "faits": [], "preuves": None, "categorie": "seuil"},
        {"tours": ["a", "b"], "nature_tours": ["reponse", None]},
        {"tours": ["a", "b"], "repondable_tours": [None, None], "faits_tours": [[], None]},
    ],
)
def test_a_line_that_expects_nothing_is_unusable(tmp_path: Path, fields: dict[str, Any]) -> None:
    path = tmp_path / "jeu.jsonl"
    path.write_text(json.dumps({"id": "x"} | fields), encoding="utf-8")
    with pytest.raises(
        FichierInutilisable, match=r"ligne 1 : champs « repondable », .*attendu ; acc"
    ):
        lire_jeu(path)


@pytest.mark.parametrize(
    "fields",
    [
        {"repondable": False}, {"genre_refus": "quasi"}, {"preuves": [PROOF]}, {"faits": [["8"]]},
        {"preuves_groupes": [[PROOF]]}, {"interdits": ["5"]},
    ],
)  # fmt: skip
def test_one_expectation_is_enough(fields: dict[str, Any]) -> None:
    assert lire_ligne(json.dumps({"id": "x", "question": "x"} | fields)).question.id == "x"
