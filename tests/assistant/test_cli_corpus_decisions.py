"""``clas corpus``: the draft compared, and what is decided of it, through the real commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from essais import Clas
from tenue import DRAFT, NOTE, WHO, drafts, journal

from assistant.cli import DONE, FAILED, UNUSABLE
from assistant.configuration import Configuration
from assistant.publication.comparaison import DocumentNomme
from assistant.publication.etat import open_base


def test_a_change_is_told_with_its_words_and_what_rests_on_it(
    compared: tuple[dict[str, Any], str, str],
) -> None:
    _, _, words = compared
    assert "constitué de [-8-] {+6+} à [-12-] {+10+} enfants maximum" in words
    assert "critère effectif" in words
    assert "la valeur semble changer : 8 → 6" in words
    assert "Bloque la publication" in words
    assert "\x1b" not in words


def test_the_successor_is_compared_with_the_text_that_it_follows(
    compared: tuple[dict[str, Any], str, str],
) -> None:
    report, _, words = compared
    successor = next(d for d in report["documents"] if d["succede"])
    assert successor["document"] == "circulaire-2026-014"
    values = [v for a in successor["appuis"] for v in a["valeurs"]]
    assert any("7885" in v["ancienne"] and "8120" in v["nouvelle"] for v in values)
    assert not any(a["bloque"] for a in successor["appuis"])
    assert "document 004, derniere_annee : – → 2025-2026" in words


def test_a_text_added_is_told_with_for_whom_it_is(
    compared: tuple[dict[str, Any], str, str],
) -> None:
    report, page, words = compared
    assert "  + document circulaire-2026-014 : Circulaire n° 2026-014" in words
    assert "(portée nationale)" in words
    assert "portée nationale" in page
    (added,) = report["ajoutes"]
    assert added["portee"] == "nationale"
    assert DocumentNomme(document="n", titre="Note", portee="30").dit == "Note (portée : Gard, 30)"


def test_the_report_counts_changes_by_nature(compared: tuple[dict[str, Any], str, str]) -> None:
    report, _, _ = compared
    changed = next(d for d in report["documents"] if d["document"] == "001")
    assert changed["comptes"]["fond"] == 3
    assert "critère effectif" in report["bloquants"]


def test_the_page_stands_alone_and_marks_words_without_colour(
    compared: tuple[dict[str, Any], str, str],
) -> None:
    _, page, _ = compared
    assert "<del>8</del>" in page
    assert "<ins>6</ins>" in page
    assert "line-through" in page
    assert "<script" not in page
    assert "http" not in page.partition("<body>")[0]


def test_two_files_are_compared(keep: Clas, files: Path, tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(NOTE.replace("9 enfants", "7 enfants"), "utf-8")
    given = keep("comparer", files / "note.md", tmp_path / "b.md")
    assert given.status == DONE
    assert "compte [-9-] {+7+} enfants" in given.out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), FAILED, "Rien n'est en préparation"),
        (("004",), UNUSABLE, "deux versions"),
        (("004", "1"), UNUSABLE, "ne se compare qu'à"),
        (("004", "zzz"), UNUSABLE, "« zzz » n'est ni"),
        (("004", "004@000000000000"), UNUSABLE, "n'est ni"),
        (("1", "000000000000"), FAILED, "n'est pas dans la base"),
    ],
)
def test_what_cannot_be_compared_is_told(
    keep: Clas, arguments: tuple[str, ...], status: int, said: str
) -> None:
    given = keep("comparer", *arguments)
    assert given.status == status
    assert said in given.err


@pytest.mark.long
def test_what_quotes_the_same_words_is_put_aside_together(mine: tuple[Clas, Path]) -> None:
    run, folder = mine
    given = run("ecarter", "critère effectif", "--raison", "le nombre change")
    assert given.status == DONE
    assert "parametre « effectif_max »" in given.out
    base = open_base(Configuration(donnees=folder, modele=None))
    draft = base.read_draft()
    assert draft is not None
    assert "collectif-definition" in {r.nom for r in draft.retraits}


@pytest.mark.long
def test_what_was_put_aside_by_mistake_blocks_again(mine: tuple[Clas, Path]) -> None:
    run, folder = mine
    assert "Rien n'empêche" in run("ecarter", "--tout", "--raison", "à revoir").out
    given = run("ecarter", "critère effectif", "--reprendre")
    assert given.status == DONE
    assert "empêchent encore de publier" in given.out
    assert ("reprendre", WHO, "regle effectif") in journal(folder)


@pytest.mark.long
def test_a_quotation_whose_substance_changed_is_not_mended_unasked(
    mine: tuple[Clas, Path],
) -> None:
    run, _ = mine
    start = "Un collectif d'enfants est un groupe constitué"
    shown = run("reparer", "001", "--ancien", start)
    assert "À sa place maintenant : « Un collectif d'enfants est un groupe constitué de 6 à" in (
        shown.out
    )
    words = shown.out.splitlines()[1].partition("« ")[2].removesuffix(" »")
    given = run("reparer", "001", "--ancien", start, "--nouveau", words)
    assert given.status == FAILED
    assert "8, 12 → 6, 10" in given.err
    done = run("reparer", "001", "--ancien", start, "--nouveau", words, "--malgre-le-fond")
    assert done.status == DONE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ecarter", "--raison", "r"), "donnez des noms"),
        pytest.param(
            ("ecarter", "critère lune", "--raison", "r"),
            "n'est pas touché",
            marks=pytest.mark.long,
        ),
        (("ecarter", "--tout"), "--raison"),
        (("ecarter", "x", "--reprendre"), "n'est pas mis de côté"),
        pytest.param(
            ("reparer", "001", "--ancien", "des mots qui n'y sont pas"),
            "aucune citation touchée",
            marks=pytest.mark.long,
        ),
        pytest.param(
            ("reparer", "001", "--ancien", "Un collectif d'enfants est un groupe constitué",
             "--nouveau", "des mots qui n'y sont pas du tout"),
            "« des mots",
            marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
def test_a_decision_on_nothing_says_what_there_is(
    mine: tuple[Clas, Path], arguments: tuple[str, ...], said: str
) -> None:
    given = mine[0](*arguments)
    assert given.status == UNUSABLE
    assert said in given.err


def test_an_entry_of_the_draft_is_amended(mine: tuple[Clas, Path]) -> None:
    run, folder = mine
    given = run("modifier", "circulaire-2026-014", "--rang", "2", "--titre-court", "La nouvelle")
    assert given.status == DONE
    fiche = drafts(folder)["circulaire-2026-014"].fiche
    assert (fiche.rang, fiche.titre_court) == (2, "La nouvelle")
    assert run("modifier", "004", "--derniere-annee", "2026-2027").status == DONE
    # It came with the program: once amended, an update of the program leaves it as it is.
    assert drafts(folder)["004"].origine == "apporte"


def test_a_text_said_to_replace_another_may_replace_none_after_all(
    mine: tuple[Clas, Path],
) -> None:
    run, folder = mine
    assert drafts(folder)["circulaire-2026-014"].remplace == "004"
    assert run("modifier", "circulaire-2026-014", "--remplace", "aucun").status == DONE
    assert drafts(folder)["circulaire-2026-014"].remplace is None


def test_a_document_withdrawn_is_still_read(keep: Clas, bare: Path) -> None:
    given = keep("retirer", "003", "--raison", "page supprimée")
    assert given.status == DONE
    assert drafts(bare)["003"].retire
    assert keep("texte", "003").status == DONE
    assert keep("retirer", "003", "--reprendre").status == DONE
    assert not drafts(bare)["003"].retire


def test_a_document_that_only_the_draft_had_leaves_it(keep: Clas, bare: Path, files: Path) -> None:
    keep("ajouter", files / "note.md")
    assert "Ôté du brouillon" in keep("retirer", "note-29-2026", "--raison", "erreur").out
    assert "note-29-2026" not in drafts(bare)


def test_nothing_is_left_to_answer_from_is_refused(keep: Clas, bare: Path) -> None:
    given = keep("retirer", "000", "001", "002", "003", "004", "--raison", "tout")
    assert given.status == FAILED
    assert not (bare / "corpus" / DRAFT).exists()


def test_a_draft_is_given_up_even_when_it_cannot_be_read(keep: Clas, bare: Path) -> None:
    (bare / "corpus" / DRAFT).write_text("{")
    assert "clas corpus abandonner" in keep("comparer").err
    assert keep("abandonner").out == "Brouillon abandonné.\n"
    assert keep("abandonner").out == "Il n'y avait pas de brouillon.\n"


def test_two_people_do_not_change_the_draft_at_once(keep: Clas, bare: Path, files: Path) -> None:
    base = open_base(Configuration(donnees=bare, modele=None))
    with base.writing():
        given = keep("ajouter", files / "note.md")
    assert given.status == FAILED
    assert "autre personne" in given.err
