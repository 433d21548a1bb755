from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from corpus.canonical import build_canonical
from corpus.library import MANIFEST, SOURCES, load_corpus
from corpus.manifest import ManifesteInutilisable, load_manifest, read_source
from corpus.models import FicheDocument

MakeFiche = Callable[..., FicheDocument]
Change = Callable[[dict[str, object]], None]


def entries() -> list[dict[str, object]]:
    """The shipped manifest, as plain data to change."""
    found: list[dict[str, object]] = yaml.safe_load(MANIFEST.read_text("utf-8"))["documents"]
    return found


def written(folder: Path, documents: object) -> Path:
    path = folder / "manifest.yaml"
    path.write_text(yaml.safe_dump({"documents": documents}, allow_unicode=True), "utf-8")
    return path


def test_the_shipped_manifest_describes_the_five_texts() -> None:
    fiches = {fiche.id: fiche for fiche in load_manifest(MANIFEST).documents}
    assert sorted(fiches) == ["000", "001", "002", "003", "004"]
    assert {name: f.portee for name, f in fiches.items()} == {
        "000": "34",
        "001": "nationale",
        "002": "69",
        "003": "nationale",
        "004": "nationale",
    }
    assert {name: f.fichier[:3] for name, f in fiches.items()} == {name: name for name in fiches}
    assert fiches["000"].annee == "2025-2026"
    assert fiches["002"].annee == "2024-2025"
    assert fiches["004"].date_publication.isoformat() == "2021-04-06"
    assert fiches["004"].derniere_annee is None
    assert fiches["003"].adresse == (
        "https://www.caf.fr/partenaires/contrat-local-d-accompagnement-la-scolarite"
    )
    assert {name for name, f in fiches.items() if f.rang == 1} == {"001", "004"}


def change_key(**values: object) -> Change:
    return lambda entry: entry.update(values)


def without_key(name: str) -> Change:
    return lambda entry: entry.pop(name) and None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_key(couleur="bleu"), ["couleur", "clé inconnue"]),
        (change_key(portee="Hérault"), ["portee", "« Hérault »", "nationale"]),
        (change_key(annee="2025"), ["annee", "« 2025 »"]),
        (change_key(sha256="abc"), ["sha256", "« abc »"]),
        (change_key(nature="roman"), ["nature", "« roman »", "circulaire"]),
        (change_key(mise_en_page="epub"), ["mise_en_page", "« epub »", "markdown"]),
        (change_key(rang=0), ["rang", "« 0 »"]),
        (change_key(date_publication="2025-02-30"), ["date_publication", "2025-02-30"]),
        (change_key(lacunes=[{"apres": "", "objet": "un tableau"}]), ["lacunes.0.apres"]),
        (without_key("titre"), ["titre", "absente"]),
        (without_key("fichier"), ["fichier", "absente"]),
    ],
)
def test_a_bad_entry_is_refused_by_its_name_and_field(
    tmp_path: Path, change: Change, words: list[str]
) -> None:
    documents = entries()
    change(documents[2])
    with pytest.raises(ManifesteInutilisable) as refused:
        load_manifest(written(tmp_path, documents))
    message = str(refused.value)
    assert "document 003" in message
    for word in words:
        assert word in message


def test_an_entry_without_identifier_is_named_by_its_rank(tmp_path: Path) -> None:
    documents = entries()
    del documents[1]["id"]
    with pytest.raises(ManifesteInutilisable, match=r"document n° 2, id : valeur absente"):
        load_manifest(written(tmp_path, documents))


def test_a_repeated_identifier_is_named(tmp_path: Path) -> None:
    documents = entries()
    documents[1]["id"] = "004"
    with pytest.raises(ManifesteInutilisable, match="identifiant répété : 004"):
        load_manifest(written(tmp_path, documents))


@pytest.mark.parametrize("content", ["documents: [", "- un\n\t- deux", "\x00"])
def test_a_manifest_that_is_not_yaml_is_said_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(ManifesteInutilisable, match=r"manifest\.yaml : YAML illisible"):
        load_manifest(path)


@pytest.mark.parametrize("content", ["", "documents: []", "documents:", "textes: []", "[]"])
def test_a_manifest_without_documents_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(ManifesteInutilisable, match=r"manifest\.yaml"):
        load_manifest(path)


def test_an_absent_manifest_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ManifesteInutilisable, match=r"manifest\.yaml est absent"):
        load_manifest(tmp_path / "manifest.yaml")


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    fiche = load_manifest(MANIFEST).documents[0]
    with pytest.raises(ManifesteInutilisable, match=r"document 004 : 004_\w+\.txt est absent"):
        read_source(fiche, tmp_path)


def test_a_changed_file_is_refused_with_both_checksums(tmp_path: Path) -> None:
    fiche = load_manifest(MANIFEST).documents[0]
    content = (SOURCES / fiche.fichier).read_bytes() + b" "
    (tmp_path / fiche.fichier).write_bytes(content)
    found = hashlib.sha256(content).hexdigest()[:12]
    with pytest.raises(ManifesteInutilisable, match="a changé") as refused:
        read_source(fiche, tmp_path)
    assert "document 004" in str(refused.value)
    assert found in str(refused.value)
    assert fiche.sha256[:12] in str(refused.value)


def test_a_file_of_another_encoding_is_read_as_the_same_text(
    tmp_path: Path, make_fiche: MakeFiche
) -> None:
    text = "Créé en 1996, « l’œuvre » coûte 5 €.\n"
    for encoding in ("utf-8", "utf-8-sig", "windows-1252", "utf-16"):
        content = text.encode(encoding)
        (tmp_path / "essai.txt").write_bytes(content)
        fiche = make_fiche(sha256=hashlib.sha256(content).hexdigest())
        assert read_source(fiche, tmp_path) == text, encoding


def test_the_shipped_files_are_read_character_for_character() -> None:
    for fiche in load_manifest(MANIFEST).documents:
        expected = (SOURCES / fiche.fichier).read_bytes().decode("utf-8")
        assert read_source(fiche, SOURCES) == expected.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x89PNG\r\n\x1a\n\x00\x01\x02\x03" * 20, "n'est pas"), (b"  \n", "aucun texte")],
)
def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, make_fiche: MakeFiche, content: bytes, words: str
) -> None:
    (tmp_path / "essai.txt").write_bytes(content)
    fiche = make_fiche(sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ManifesteInutilisable, match=r"document essai : essai\.txt : ") as refused:
        read_source(fiche, tmp_path)
    assert words in str(refused.value)


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path, make_fiche: MakeFiche) -> None:
    (tmp_path / "essai.txt").mkdir()
    with pytest.raises(ManifesteInutilisable, match=r"document essai : essai\.txt : .*dossier"):
        read_source(make_fiche(), tmp_path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"format": "epub"}, ["format", "« epub »", "'docx'"]),
        ({"format": "pdf"}, ["mise_en_page", "format pdf, mise_en_page web"]),
        ({"mise_en_page": None}, ["mise_en_page", "format texte, mise_en_page None"]),
    ],
)
def test_a_format_and_a_layout_that_do_not_go_together_are_named(
    tmp_path: Path, fields: dict[str, object], words: list[str]
) -> None:
    documents = entries()
    documents[2].update(fields)
    with pytest.raises(ManifesteInutilisable) as refused:
        load_manifest(written(tmp_path, documents))
    assert "document 003" in str(refused.value)
    for word in words:
        assert word in str(refused.value)


def test_a_lost_heading_that_heads_nothing_is_refused(make_fiche: MakeFiche) -> None:
    lost = {"avant": "Des mots absents", "titre": "I. Titre", "niveau": 1}
    with pytest.raises(
        ManifesteInutilisable, match=r"essai, titres_restitues : .*Des mots absents"
    ):
        build_canonical("Un paragraphe.\n", make_fiche(titres_restitues=[lost]))


def test_a_hole_whose_words_are_not_there_is_refused(make_fiche: MakeFiche) -> None:
    hole = {"apres": "Des mots absents", "objet": "un tableau"}
    with pytest.raises(ManifesteInutilisable, match=r"essai, lacunes : .*Des mots absents"):
        build_canonical("Un paragraphe.\n", make_fiche(lacunes=[hole]))


def test_furniture_is_left_out_line_by_line(make_fiche: MakeFiche) -> None:
    fiche = make_fiche(mobilier=["Retour"], mise_en_page="web")
    document = build_canonical("Retour\n\nLe retour à l’école. Retour.\n\nRetour\n", fiche)
    assert document.texte == "Le retour à l’école. Retour."


def test_documents_come_in_the_order_of_the_manifest(tmp_path: Path) -> None:
    documents = list(reversed(entries()))
    corpus = load_corpus(written(tmp_path, documents), SOURCES)
    assert list(corpus.documents) == [entry["id"] for entry in documents]


def test_a_text_keeps_its_version_while_its_words_do(make_fiche: MakeFiche) -> None:
    one = build_canonical("Un  paragraphe.\r\n", make_fiche())
    same = build_canonical("Un\u00a0paragraphe.", make_fiche())
    other = build_canonical("Un paragraphe !", make_fiche())
    assert one.version == same.version == hashlib.sha256(b"Un paragraphe.").hexdigest()[:12]
    assert other.version != one.version
