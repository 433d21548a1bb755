"""``clas corpus ajouter`` and ``actualiser``: real files through the real commands."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from essais import Clas, Sortie
from tenue import DRAFT, NOTE, WHO, drafts, journal

from assistant.cli import DONE, FAILED, UNUSABLE
from assistant.configuration import Configuration
from assistant.publication.etat import open_base
from corpus.base.watch import read_watch
from corpus.library import SOURCES, Corpus


def test_what_is_added_is_told_with_where_each_value_was_read(
    drafted: tuple[Path, Sortie],
) -> None:
    _, said = drafted
    assert said.status == DONE
    assert "nouvelle version du document 001" in said.out
    assert "document nouveau, circulaire-2026-014" in said.out
    assert "« Paris, le 12/05/2026 »" in said.out
    assert "2 fichier(s) ajouté(s)" in said.out


def test_a_new_version_takes_the_place_of_the_old_text_in_the_draft_alone(
    drafted: tuple[Path, Sortie], corpus: Corpus
) -> None:
    entree = drafts(drafted[0])["001"]
    assert entree.origine == "apporte"
    assert entree.fiche.format == "docx"
    assert entree.texte != corpus.documents["001"].version


def test_a_text_that_replaces_another_ends_its_years(drafted: tuple[Path, Sortie]) -> None:
    entries = drafts(drafted[0])
    assert entries["circulaire-2026-014"].remplace == "004"
    assert entries["004"].fiche.derniere_annee == "2025-2026"


def test_files_and_texts_of_the_draft_are_kept(drafted: tuple[Path, Sortie], files: Path) -> None:
    base = open_base(Configuration(donnees=drafted[0], modele=None))
    entree = drafts(drafted[0])["001"]
    assert base.read_file(entree.fiche.sha256) == (files / "referentiel.docx").read_bytes()
    kept = base.read_text("001", entree.texte)
    assert kept is not None
    assert "6 à 10" in kept.texte


def test_every_addition_is_told_in_the_journal(drafted: tuple[Path, Sortie]) -> None:
    assert journal(drafted[0]) == [
        ("ajouter", WHO, "document 001"),
        ("ajouter", WHO, "document circulaire-2026-014"),
    ]


def test_a_file_already_there_is_refused_and_the_others_go_on(
    keep: Clas, bare: Path, files: Path, tmp_path: Path
) -> None:
    same = shutil.copy(SOURCES / "002_24328cbee9bc7148.txt", tmp_path / "encore.txt")
    (tmp_path / "faux.pdf").write_bytes(b"pas un PDF")
    given = keep("ajouter", Path(same), files / "note.md", tmp_path / "faux.pdf", tmp_path / "rien")
    assert given.status == FAILED
    assert f"{tmp_path}/encore.txt : refusé, déjà dans la base : document 002" in given.err
    assert "faux.pdf : refusé" in given.err
    assert "rien : refusé, aucun fichier de ce nom" in given.err
    assert "1 fichier(s) ajouté(s) au brouillon, 3 refusé(s)" in given.out
    assert "note-29-2026" in drafts(bare)


def test_a_folder_and_an_archive_are_gone_through(
    keep: Clas, bare: Path, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "d" / "sous").mkdir(parents=True)
    shutil.copy(files / "note.md", tmp_path / "d" / "sous")
    with zipfile.ZipFile(tmp_path / "d" / "a.zip", "w") as made:
        made.writestr("cahier.txt", "Cahier des charges 2026-2027\n\nLa Caf de l'Aude instruit.")
    assert keep("ajouter", tmp_path / "d").status == DONE
    assert {"note-29-2026", "cahier-11-2026"} <= drafts(bare).keys()


def test_two_files_of_the_same_text_are_not_both_added(
    keep: Clas, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "deux.md").write_text(NOTE + "\n\n", "utf-8")
    given = keep("ajouter", files / "note.md", tmp_path / "deux.md")
    assert given.status == FAILED
    assert "deux.md : refusé, déjà dans la base : document note-29-2026" in given.err


def test_a_trial_keeps_nothing(keep: Clas, bare: Path, files: Path) -> None:
    given = keep("ajouter", "--essai", files / "note.md")
    assert given.status == DONE
    assert "rien n'est gardé" in given.out
    assert not (bare / "corpus" / DRAFT).exists()


def test_corrections_of_the_line_win_over_those_of_the_file(
    keep: Clas, bare: Path, files: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "fiche.yaml"
    sheet.write_text("titre: De la fiche\ntitre_court: Note\nportee: '56'\n", "utf-8")
    given = keep(
        "ajouter", files / "note.md", "--fiche", sheet, "--titre", "De la ligne", "--id", "n1",
        "--derniere-annee", "aucune",
    )  # fmt: skip
    assert given.status == DONE
    fiche = drafts(bare)["n1"].fiche
    assert (fiche.titre, fiche.titre_court, fiche.portee) == ("De la ligne", "Note", "56")
    assert fiche.derniere_annee is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--portee", "99"), "portee : « 99 »"),
        (("--annee", "2026"), "annee : « 2026 »"),
        (("--id", "../x"), "id : « ../x »"),
        (("--remplace", "999"), "« 999 » inconnu"),
        (("--nouveau", "--id", "004"), "déjà celui d'un document"),
        (("--auteur", "  "), "--auteur"),
        (("--date", "hier"), "date comme 2026-09-01"),
    ],
)
def test_a_correction_that_is_not_accepted_says_what_is(
    keep: Clas, bare: Path, files: Path, arguments: tuple[str, ...], said: str
) -> None:
    given = keep("ajouter", files / "note.md", *arguments)
    assert given.status == UNUSABLE
    assert said in given.err
    assert not (bare / "corpus" / DRAFT).exists()


@pytest.mark.parametrize("content", ["- a\n", "a: [", "couleur: bleu\n", "&a [*a]\n", "\x00"])
def test_a_sheet_that_is_none_is_unusable(
    keep: Clas, files: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "f.yaml").write_text(content)
    given = keep("ajouter", files / "note.md", "--fiche", tmp_path / "f.yaml")
    assert given.status == UNUSABLE
    assert "Traceback" not in given.err


def test_corrections_are_for_one_file(keep: Clas, files: Path) -> None:
    given = keep("ajouter", files / "note.md", files / "referentiel.docx", "--titre", "T")
    assert given.status == UNUSABLE
    assert "un seul fichier" in given.err


def test_a_watched_folder_gives_what_changed_and_nothing_else(
    keep: Clas, bare: Path, tmp_path: Path
) -> None:
    watched = tmp_path / "suivi"
    watched.mkdir()
    (watched / "note.md").write_text(NOTE, "utf-8")
    (watched / "aude.txt").write_text("Cahier des charges 2026-2027\n\nLa Caf de l'Aude.", "utf-8")
    assert "2 ajouté(s)" in keep("actualiser", watched).out
    before = journal(bare)
    assert "2 fichier(s) inchangé(s), 0 ajouté(s)" in keep("actualiser", watched).out
    assert journal(bare) == before
    (watched / "note.md").write_text(NOTE.replace("9 enfants", "7 enfants"), "utf-8")
    changed = keep("actualiser", watched).out
    assert "nouvelle version du document note-29-2026" in changed
    assert "1 fichier(s) inchangé(s), 1 ajouté(s)" in changed


def test_a_note_that_names_no_departement_is_added_once_somebody_says_whose_it_is(
    keep: Clas, bare: Path, tmp_path: Path
) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Note de cadrage 2026-2027\n\nDu texte.", "utf-8")
    given = keep("ajouter", note)
    assert given.status == FAILED
    assert "pour qui il est n'a pas été reconnu" in given.err
    assert journal(bare) == []
    assert keep("ajouter", note, "--portee", "48").status == DONE
    assert [action for action, _, _ in journal(bare)] == ["ajouter"]


def test_a_note_that_names_no_departement_is_not_published_unseen(
    keep: Clas, bare: Path, tmp_path: Path
) -> None:
    watched = tmp_path / "suivi"
    watched.mkdir()
    (watched / "note.md").write_text("# Note de cadrage 2026-2027\n\nDu texte.", "utf-8")
    given = keep("actualiser", watched, "--publier", "--motif", "Suivi")
    assert given.status == FAILED
    assert "pour qui il est n'a pas été reconnu (aucun département, ou plusieurs)" in given.err
    assert journal(bare) == []
    assert "publier" not in [action for action, _, _ in journal(bare)]


def test_a_file_gone_is_told_and_its_document_stays_unless_asked(
    keep: Clas, bare: Path, tmp_path: Path
) -> None:
    watched = tmp_path / "suivi"
    watched.mkdir()
    (watched / "note.md").write_text(NOTE, "utf-8")
    keep("actualiser", watched)
    (watched / "note.md").unlink()
    assert "non retiré" in keep("actualiser", watched).out
    assert "note-29-2026" in drafts(bare)
    assert "retiré" in keep("actualiser", watched, "--retirer-absents").out
    assert "note-29-2026" not in drafts(bare)


def test_files_are_told_by_the_path_typed_and_remembered_by_their_place_in_the_folder(
    keep: Clas, bare: Path, tmp_path: Path
) -> None:
    watched = tmp_path / "suivi"
    watched.mkdir()
    (watched / "note.md").write_text(NOTE, "utf-8")
    (watched / "faux.pdf").write_bytes(b"pas un PDF")
    given = keep("actualiser", watched)
    assert f"{watched}/note.md : ajouté au brouillon" in given.out.splitlines()[0]
    assert given.err.startswith(f"{watched}/faux.pdf : refusé")
    assert list(read_watch(bare / "corpus").of(watched)) == ["suivi/note.md"]
    (watched / "note.md").unlink()
    assert f"{watched}/note.md : n'est plus dans le dossier" in keep("actualiser", watched).out


def test_a_folder_is_taken_again_once_the_draft_was_given_up(
    keep: Clas, bare: Path, tmp_path: Path
) -> None:
    watched = tmp_path / "suivi"
    watched.mkdir()
    (watched / "note.md").write_text(NOTE, "utf-8")
    keep("actualiser", watched)
    keep("abandonner")
    assert "1 ajouté(s)" in keep("actualiser", watched).out
    assert "note-29-2026" in drafts(bare)


def test_what_is_no_folder_is_not_watched(keep: Clas, files: Path) -> None:
    assert keep("actualiser", files / "note.md").status == UNUSABLE


def test_a_text_of_the_cnaf_added_for_one_departement_is_told_as_a_contradiction(
    keep: Clas, tmp_path: Path
) -> None:
    nationale = tmp_path / "circulaire.md"
    nationale.write_text(
        "# Circulaire nationale Cnaf n° 2027-001\n\nUn collectif compte de 8 à 12 enfants.\n",
        "utf-8",
    )
    says = "l'éditeur est national (Cnaf), mais la portée est celle d'un département (30, Gard)"
    given = keep("ajouter", nationale, "--portee", "30")
    assert (given.status, says in given.out) == (DONE, True), given.out
    assert says in keep("modifier", "circulaire-2027-001", "--titre", "Autre").out
    settled = keep("modifier", "circulaire-2027-001", "--editeur", "Caf du Gard")
    assert (settled.status, "à savoir" in settled.out) == (DONE, False), settled
