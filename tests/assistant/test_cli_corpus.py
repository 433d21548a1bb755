"""``clas corpus``: real files through the real commands, as whoever keeps the corpus runs them."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from essais import Clas, Sortie

from assistant.cli import DONE, FAILED, UNUSABLE
from assistant.configuration import FOLDER_VARIABLE, Configuration
from assistant.publication.auteur import AUTHOR_VARIABLE
from assistant.publication.comparaison import Rapport
from assistant.publication.comparaison_texte import render
from assistant.publication.etat import open_base
from bench.rendus import rendre
from corpus.base.models import EntreeBase
from corpus.canonical import build_canonical
from corpus.library import SOURCES, Corpus

DRAFT = "brouillon.json"
WHO = "Camille"


def folder_like(source: Path, target: Path) -> Path:
    """A data folder of one's own: its base is copied, its index only read."""
    target.mkdir()
    shutil.copytree(source / "corpus", target / "corpus")
    for name in ("index", "modele"):
        (target / name).symlink_to((source / name).resolve())
    return target


def keeping(clas: Clas, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Clas:
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    monkeypatch.setenv(AUTHOR_VARIABLE, WHO)

    def run(*arguments: str | Path) -> Sortie:
        return clas("corpus", *arguments)

    return run


@pytest.fixture
def bare(donnees: Path, tmp_path: Path) -> Path:
    """A data folder as the program set it up."""
    return folder_like(donnees, tmp_path / "donnees")


@pytest.fixture
def keep(clas: Clas, bare: Path, monkeypatch: pytest.MonkeyPatch) -> Clas:
    """Runs ``clas corpus`` there."""
    return keeping(clas, bare, monkeypatch)


@pytest.fixture(scope="module")
def files(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real files: a new référentiel (DOCX, PDF) and the circulaire that follows (HTML)."""
    folder = tmp_path_factory.mktemp("fichiers")
    old = corpus.documents["001"]
    source = (SOURCES / old.fiche.fichier).read_text("utf-8")
    new = build_canonical(source.replace("8 à 12", "6 à 10"), old.fiche)
    (folder / "referentiel.docx").write_bytes(rendre(new, "pandoc-docx"))
    circulaire = corpus.documents["004"].fiche.model_copy(
        update={
            "titre": "Circulaire n° 2026-014",
            "titre_court": "Circulaire Cnaf n° 2026-014",
            "lacunes": (),
            "titres_restitues": (),
        }
    )
    text = (
        (SOURCES / circulaire.fichier)
        .read_text("utf-8")
        .replace("n° 2021-006", "n° 2026-014")
        .replace("06/04/2021", "12/05/2026")
        .replace("la lettre circulaire 2011-176", "la circulaire n° 2021-006")
        .replace("rentrée scolaire 2021", "rentrée scolaire 2026")
        .replace("7885", "8120")
    )
    successor = build_canonical(text, circulaire)
    (folder / "circulaire-2026.html").write_bytes(rendre(successor, "site-html"))
    (folder / "note.md").write_text(NOTE, "utf-8")
    return folder


NOTE = """# Note de cadrage 2026-2027

La Caf du Finistère lance l'appel à projets Clas. Chaque collectif compte 9 enfants.

Le dossier est déposé avant le 3 juin 2026.
"""


@pytest.fixture(scope="module")
def drafted(
    donnees: Path, files: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Sortie]:
    """A data folder where both files are in the draft, and what the command said; only read."""
    folder = folder_like(donnees, tmp_path_factory.mktemp("brouillon") / "donnees")
    said: list[Sortie] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(folder))
        said.append(
            _run("ajouter", files / "referentiel.docx", files / "circulaire-2026.html",
                 "--auteur", WHO)
        )  # fmt: skip
    return folder, said[0]


def _run(*arguments: str | Path) -> Sortie:
    """Run the command outside of a test's own fixtures."""
    import io  # noqa: PLC0415
    from contextlib import redirect_stderr, redirect_stdout  # noqa: PLC0415

    from assistant.cli import main  # noqa: PLC0415

    raw = io.BytesIO()
    out, err = io.TextIOWrapper(raw, "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["corpus", *map(str, arguments)])
        out.flush()
    return Sortie(status, raw.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def compared(
    drafted: tuple[Path, Sortie], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], str, str]:
    """The draft compared: JSON, page, words."""
    page = tmp_path_factory.mktemp("page") / "c.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(drafted[0]))
        given = _run("comparer", "--json", "--html", page)
    assert given.status == DONE
    words = render(Rapport.model_validate_json(given.raw), colours=False)
    return json.loads(given.out), page.read_text("utf-8"), words


def drafts(folder: Path) -> dict[str, EntreeBase]:
    base = open_base(Configuration(donnees=folder, modele=None))
    draft = base.read_draft()
    assert draft is not None
    return {entree.fiche.id: entree for entree in draft.documents}


def journal(folder: Path) -> list[tuple[str, str, str]]:
    base = open_base(Configuration(donnees=folder, modele=None))
    return [(event.action, event.auteur, event.objet) for event in base.read_journal()]


# Adding.


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
    assert "encore.txt : refusé, déjà dans la base : document 002" in given.err
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


# The list and the texts.


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


# Comparing.


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


# Deciding.


@pytest.fixture
def mine(
    clas: Clas, drafted: tuple[Path, Sortie], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Clas, Path]:
    """A copy of the folder with the draft, and the command there."""
    folder = folder_like(drafted[0], tmp_path / "donnees")
    return keeping(clas, folder, monkeypatch), folder


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


# A watched folder.


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


# Checking.


def test_a_sound_base_is_told_so(keep: Clas) -> None:
    given = keep("verifier")
    assert (given.status, given.err) == (DONE, "")
    assert "Tout est en ordre" in given.out


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


# Publishing.


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
        (("revenir", "9"), UNUSABLE, "« 9 » inconnue"),
        (("revenir", "abcdef012345"), FAILED, "n'est pas dans la base"),
        (("retirer", "999", "--raison", "r"), UNUSABLE, "« 999 » inconnu"),
        (("modifier", "999", "--titre", "T"), UNUSABLE, "« 999 » inconnu"),
        (("modifier", "004"), UNUSABLE, "au moins un champ"),
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
    assert run("revenir", "1").status == DONE
    assert "circulaire-2026-014" not in run("lister").out
    assert run("texte", "circulaire-2026-014").status == DONE
    told = [action for action, _, _ in journal(folder)]
    assert told[-2:] == ["publier", "revenir"]
