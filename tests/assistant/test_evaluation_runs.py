"""Saved runs, and ``clas evaluer --comparer`` through the real command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from test_evaluation_comparison import execution
from test_evaluation_coverage import tour, wrong
from test_evaluation_measures import GROUP, PRICE, answer, cited, report, retrieval

from assistant.evaluation.coverage import reussi
from assistant.evaluation.files import FichierInutilisable, lire_octets, lire_texte
from assistant.evaluation.runs import lire_execution
from assistant.evaluation.sets import lire_ligne
from assistant.evaluation.traces import empreinte

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from essais import Clas

    from assistant.evaluation.report import MesureTour

UNUSABLE = 2


def saved(path: Path, *turns: MesureTour) -> Path:
    path.write_text(execution(*turns).model_dump_json(), encoding="utf-8")
    return path


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_saved_run_is_read_as_it_was(tmp_path: Path) -> None:
    found = report(retrieval(("001", "huit à douze enfants"), preuves=[GROUP], faits=[["8"]]))
    file = tmp_path / "a.json"
    file.write_text(found.model_dump_json(), encoding="utf-8")
    assert lire_execution(file).tours == found.tours


def test_a_turn_keeps_what_it_takes_to_judge_it() -> None:
    fields = {"preuves_groupes": [[GROUP], [PRICE]], "departement": "34"}
    passages = [("004", "L'action dure"), ("001", "huit à douze enfants")]
    question, shown = retrieval(*passages, **fields)
    given = shown.model_copy(
        update={"citations": (cited("004", "Le prix plafond est de 7 885 euros"),)}
    )
    (turn,) = report((question, given)).tours
    assert [(p.groupe, p.document, p.rang) for p in turn.preuves] == [
        (1, "001", 2),
        (2, "004", None),
    ]
    assert [(p.document, p.portee, p.prouve) for p in turn.passages] == [
        ("004", "nationale", ()),
        ("001", "nationale", (1,)),
    ]
    assert [(c.document, c.prouve) for c in turn.citations_donnees] == [("004", (2,))]
    assert (turn.departement, turn.annee_scolaire) == ("34", None)


def test_a_proof_given_twice_is_held_twice() -> None:
    (turn,) = report(
        retrieval(("001", "huit à douze enfants"), preuves_groupes=[[GROUP], [GROUP, PRICE]])
    ).tours
    assert turn.passages[0].prouve == (1, 2)


def test_whether_a_turn_went_well_is_kept() -> None:
    found = report(({"faits": [["huit"]]}, answer()), ({"faits": [["neuf"]]}, answer())).tours
    assert [turn.reussi for turn in found] == [True, False]
    assert all(turn.reussi is reussi(turn) for turn in found)


def test_the_fingerprint_follows_the_question_and_its_expectations_alone() -> None:
    plain = '{"id": "1", "question": "a", "faits": [["8", "huit"]]'
    marks = [
        empreinte(lire_ligne(line))
        for line in (
            plain + "}",
            plain + ', "style": "sms", "categorie": "seuil"}',
            plain.replace("huit", "neuf") + "}",
            plain.replace('"a"', '"b"') + "}",
            plain + ', "departement": "34"}',
        )
    ]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 4


def test_keys_of_a_later_version_are_ignored_and_those_of_an_earlier_one_not_asked(
    tmp_path: Path,
) -> None:
    def change(data: dict[str, Any]) -> None:
        data["nouveau"] = 1
        data["tours"][0]["nouveau"] = {"x": 1}
        for later in ("passages", "empreinte", "reussi", "preuves", "citations_donnees"):
            del data["tours"][0][later]

    file = changed(saved(tmp_path / "a.json", tour()), change)
    assert lire_execution(file) == execution(tour())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "trouvé un JSON illisible"),
        (b'{"id": "1"}\n{"id": "2"}\n', "trouvé un JSON illisible"),
        (b"[1]", "trouvé [1]"),
        (b"{}", "champ « tours » : trouvé rien (champ absent)"),
        (b'{"tours": []}', "champ « tours » : trouvé []"),
        (b'{"tours": [3]}', "champ « tours.1 » : trouvé 3"),
        (b"\xff", "trouvé 0xff à l'octet 0 ; accepté : de l'UTF-8"),
        (b"[" * 100_000, "trouvé un JSON illisible"),
    ],
)
def test_what_is_not_a_saved_run_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with pytest.raises(FichierInutilisable) as raised:
        lire_execution(file)
    assert str(raised.value).startswith(f"{file} : ")
    assert said in str(raised.value)
    assert "accepté : " in str(raised.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("confiance", 1.5), ("latence_ms", -1), ("rang_preuve", 0), ("type", "autre"), ("juste", 3)],
)
def test_a_value_that_cannot_be_is_refused_by_its_place(
    tmp_path: Path, field: str, value: Any
) -> None:
    file = changed(
        saved(tmp_path / "a.json", tour(), tour()),
        lambda data: data["tours"][1].update({field: value}),
    )
    with pytest.raises(FichierInutilisable, match=f"champ « tours.2.{field} » : trouvé "):
        lire_execution(file)


def test_the_same_turn_twice_is_refused(tmp_path: Path) -> None:
    file = changed(
        saved(tmp_path / "a.json", tour(), tour()),
        lambda data: data["tours"][1].update({"id": "q0"}),
    )
    with pytest.raises(FichierInutilisable, match=r"tours\.2\.id » : trouvé « q0 », tour 1, déjà"):
        lire_execution(file)


def test_a_file_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gros.json"
    file.write_bytes(b"x" * 1025)
    assert len(lire_octets(file, 1025)) == 1025
    with pytest.raises(
        FichierInutilisable, match=r"trouvé plus de 1 Kio ; accepté : 1 Kio au plus"
    ):
        lire_texte(file, 1024)


def test_two_runs_are_compared_without_the_model_in_words_json_and_a_page(
    clas: Clas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path / "vide"))
    first = saved(tmp_path / "a.json", tour(reponse="Oui, 12."), tour())
    second = saved(tmp_path / "b.json", wrong(0.5), tour())
    page = tmp_path / "comparaison.html"
    given = clas("evaluer", "--comparer", first, second, "--html", page)
    assert given.status == 0
    assert "Questions perdues (justes en A, fausses en B) : 1" in given.out
    assert "A (juste) : Oui, 12." in given.out
    assert page.read_bytes().startswith(b'<!DOCTYPE html>\n<html lang="fr">')
    found = json.loads(clas("evaluer", "--comparer", first, second, "--json").out)
    assert [(turn["id"], turn["issue"]) for turn in found["tours"]] == [
        ("q0", "perdue"),
        ("q1", "juste_deux_fois"),
    ]
    assert (found["ecarts"][0]["mesure"], found["ecarts"][0]["moins_bien"]) == ("bien_traitees", 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json", page.name]


def test_a_run_just_saved_compares_with_itself(clas: Clas, tmp_path: Path) -> None:
    file, run = tmp_path / "jeu.jsonl", tmp_path / "a.json"
    line = {"id": "1", "question": "Combien d'enfants par groupe ?", "faits": [["8 à 12"]]}
    file.write_text(json.dumps(line), encoding="utf-8")
    run.write_bytes(clas("evaluer", file, "--json").raw)
    saved_turn = json.loads(run.read_text(encoding="utf-8"))["tours"][0]
    assert len(saved_turn["passages"]) == 10
    assert saved_turn["latence_ms"] > 0
    found = json.loads(clas("evaluer", "--comparer", run, run, "--json").out)
    assert {one["ecart"] for one in found["ecarts"]} <= {0, None}


def test_runs_of_other_questions_are_unusable(clas: Clas, tmp_path: Path) -> None:
    first = saved(tmp_path / "a.json", tour(texte="avant"))
    second = saved(tmp_path / "b.json", tour(texte="après"))
    given = clas("evaluer", "--comparer", first, second)
    assert given.status == UNUSABLE
    assert "trouvé 1 et 1 questions, dont 1 de même identifiant et aucune commune" in given.err
    assert str(first) in given.err
    assert given.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "donnez au moins un jeu de questions"),
        (("jeu.jsonl", "--comparer", "a.json", "b.json"), "l'un des deux et pas les deux"),
        (("--comparer", "a.json"), "attend deux valeurs"),
        (("--comparer", "absent.json", "absent.json"), "absent.json : fichier illisible"),
    ],
)
def test_what_is_missing_or_too_much_is_told(
    clas: Clas, arguments: tuple[str, ...], said: str
) -> None:
    given = clas("evaluer", *arguments)
    assert given.status == UNUSABLE
    assert said in given.err


def test_a_comparison_is_never_written_over_a_run_nor_nowhere(clas: Clas, tmp_path: Path) -> None:
    run = saved(tmp_path / "a.json", tour())
    before = run.read_bytes()
    for target in (run, tmp_path / "absent" / "page.html", tmp_path):
        given = clas("evaluer", "--comparer", run, run, "--html", target)
        assert given.status == UNUSABLE
        assert str(target) in given.err
        assert "accepté : " in given.err
    assert run.read_bytes() == before
