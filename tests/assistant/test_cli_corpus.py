"""``clas corpus``: listing, reading, checking, publishing, through the real commands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from essais import Clas, Sortie
from tenue import DRAFT, drafts, journal, keeping

from assistant.cli import DONE, FAILED, UNUSABLE
from assistant.configuration import Configuration
from assistant.publication.etat import open_base


def test_the_draft_is_listed_apart(
    clas: Clas, drafted: tuple[Path, Sortie], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = keeping(clas, drafted[0], monkeypatch)
    served, _, draft = run("lister").out.partition("En préparation")
    assert [line[:3] for line in sorted(served.splitlines()) if line] == [
        "000", "001", "002", "003", "004",
    ]  # fmt: skip
    assert "jusqu'en 2025-2026, puis circulaire-2026-014" in draft
    told = json.loads(run("lister", "--json").out)
    by_id = {d["id"]: d for d in told["brouillon"]["documents"]}
    assert by_id["004"]["remplace_par"] == "circulaire-2026-014"
    assert {d["origine"] for d in told["documents"]} == {"livre"}


def test_versions_are_listed_with_number_author_and_reason(keep: Clas) -> None:
    (line,) = keep("lister", "--versions").out.splitlines()
    assert line.startswith("*   1")
    assert "Assistant Clas  Textes livrés avec le programme" in line


def test_a_text_kept_by_the_base_is_written_byte_for_byte(
    clas: Clas, drafted: tuple[Path, Sortie], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = keeping(clas, drafted[0], monkeypatch)
    entree = drafts(drafted[0])["001"]
    kept = open_base(Configuration(donnees=drafted[0], modele=None)).read_text("001", entree.texte)
    assert kept is not None
    given = run("texte", "001", "--version", entree.texte)
    assert given.raw == kept.texte.encode("utf-8")
    assert run("texte", "circulaire-2026-014").status == DONE


def test_a_text_that_was_altered_is_told_and_not_written(
    keep: Clas, bare: Path, files: Path
) -> None:
    keep("ajouter", files / "note.md")
    (path,) = (bare / "corpus" / "textes").glob("note-29-2026@*.json")
    path.write_text(path.read_text("utf-8").replace("9 enfants", "8 enfants"), "utf-8")
    given = keep("texte", "note-29-2026")
    assert given.status == FAILED
    assert "altéré" in given.err
    assert given.raw == b""


def test_a_sound_base_is_told_so(keep: Clas) -> None:
    given = keep("verifier")
    assert (given.status, given.err) == (DONE, "")
    assert "Tout est en ordre" in given.out


@pytest.mark.long
def test_an_index_that_an_older_program_wrote_is_no_anomaly(keep: Clas, bare: Path) -> None:
    shipped = (bare / "index").resolve()
    (bare / "index").unlink()
    shutil.copytree(shipped, bare / "index")
    older = bare / "index" / "versions" / ("0" * 12)
    older.mkdir()
    served = (bare / "index" / "courante").read_text("ascii")[:12]
    told = json.loads((older.parent / served / "index.json").read_bytes())
    (older / "index.json").write_text(json.dumps({**told, "format": 2}))
    assert keep("verifier").status == DONE


def _spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9] + b"123456789")


def test_all_that_is_wrong_is_named_with_its_remedy(keep: Clas, bare: Path, files: Path) -> None:
    keep("ajouter", files / "note.md")
    base = bare / "corpus"
    _spoil(next((base / "fichiers").iterdir()))
    _spoil(next((base / "textes").glob("003@*")))
    next((base / "textes").glob("002@*")).unlink()
    (base / DRAFT).write_text("{")
    (base / "journal.jsonl").write_text("rien\n{}\n")
    (base / "surveillance.json").write_text("[")
    given = keep("verifier")
    assert given.status == FAILED
    lines = given.out.splitlines()
    for named in (
        "fichiers/", "textes/003@", "document 002", DRAFT, "journal.jsonl, ligne 1",
        "surveillance.json",
    ):  # fmt: skip
        assert any(named in line and " → " in line for line in lines), named


@pytest.mark.long
def test_an_altered_version_is_named(keep: Clas, bare: Path) -> None:
    _spoil(next((bare / "corpus" / "versions").iterdir()))
    given = keep("verifier")
    assert given.status == FAILED
    assert "versions/" in given.out


@pytest.mark.long
def test_a_broken_quotation_stops_a_publication(mine: tuple[Clas, Path]) -> None:
    given = mine[0]("publier", "--motif", "Essai")
    assert given.status == FAILED
    assert "critère effectif" in given.err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("publier", "--motif", "M"), FAILED, "Rien n'est en préparation"),
        (("publier", "--motif", " "), UNUSABLE, "--motif"),
        (("publier",), UNUSABLE, "--motif"),
        (("publier", "--motif", "M" * 501), UNUSABLE, "501 caractères"),
        (("ajouter", ""), UNUSABLE, "un nom de fichier ou de dossier est attendu"),
        (("actualiser", " "), UNUSABLE, "un nom de fichier ou de dossier est attendu"),
        (("revenir", "9"), UNUSABLE, "« 9 » inconnue"),
        (("revenir", "abcdef012345"), FAILED, "n'est pas dans la base"),
        (("retirer", "004"), UNUSABLE, "clas corpus retirer : --raison : dites pourquoi"),
        (("retirer", "999", "--raison", "r"), UNUSABLE, "« 999 » inconnu"),
        (("modifier", "999", "--titre", "T"), UNUSABLE, "« 999 » inconnu"),
        (("modifier", "004"), UNUSABLE, "clas corpus modifier : donnez au moins un champ"),
        (("lister", "--version", "x"), UNUSABLE, "« x » inconnue"),
    ],
)
def test_what_cannot_be_done_is_told(
    keep: Clas, arguments: tuple[str, ...], status: int, said: str
) -> None:
    given = keep(*arguments)
    assert given.status == status
    assert said in given.err
    assert "Traceback" not in given.err


@pytest.mark.parametrize(
    "command",
    ["lister", "texte", "comparer", "ajouter", "modifier", "retirer", "actualiser", "ecarter",
     "reparer", "abandonner", "publier", "revenir", "verifier"],
)  # fmt: skip
def test_each_command_explains_itself_in_french(clas: Clas, command: str) -> None:
    given = clas("corpus", command, "--help")
    assert given.status == DONE
    assert "montre cette aide" in given.out
    assert "show this" not in given.out


@pytest.mark.long
def test_a_text_goes_from_its_file_to_the_answers_and_back(
    clas: Clas,
    donnees: Path,
    drafted: tuple[Path, Sortie],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "donnees"
    for name, source in (("corpus", drafted[0]), ("index", donnees)):
        shutil.copytree(source / name, folder / name)
    (folder / "modele").symlink_to((donnees / "modele").resolve())
    run = keeping(clas, folder, monkeypatch)
    assert run("ecarter", "--tout", "--raison", "le nombre d'enfants change").status == DONE
    published = run("publier", "--motif", "Textes de 2026")
    assert published.status == DONE, published.err
    assert "circulaire-2026-014" in run("lister").out
    assert run("verifier").status == DONE
    assert "constitué de [-8-] {+6+}" in run("comparer", "1", "2").out
    assert run("ecarter", "critère effectif", "--reprendre").status == FAILED
    assert run("revenir", "1", "--motif", "Un essai").status == DONE
    assert "circulaire-2026-014" not in run("lister").out
    assert run("texte", "circulaire-2026-014").status == DONE
    told = [action for action, _, _ in journal(folder)]
    assert told[-2:] == ["publier", "revenir"]
    kept = open_base(Configuration(donnees=folder, modele=None)).read_journal()
    assert kept[-1].detail == "Un essai"
