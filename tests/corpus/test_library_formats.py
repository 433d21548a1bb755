"""A corpus whose documents are files of every format, as a manifest names them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import hostiles
import pypandoc
import pytest
import typst
import yaml

from corpus.library import MANIFEST, load_corpus
from corpus.manifest import ManifesteInutilisable
from corpus.models import DocumentCanonique, Format
from corpus.places import boxes_of, page_at

MARKDOWN = """# Le financement du Clas

La Caf verse une aide pour chaque groupe d'enfants.

## Les bonus

- Un bonus pour les enfants ;
- un bonus pour les parents.
"""
TYPST = """#set text(lang: "fr")
= Le financement du Clas
La Caf verse une aide pour chaque groupe d'enfants.
#pagebreak()
== Les bonus
- Un bonus pour les enfants ;
- un bonus pour les parents.
"""
SENTENCE = "La Caf verse une aide pour chaque groupe d'enfants."


def by_pandoc(folder: Path, name: str) -> bytes:
    path = folder / name
    pypandoc.convert_text(
        MARKDOWN,
        path.suffix[1:],
        format="markdown-smart",
        outputfile=str(path),
        extra_args=["--standalone", "--metadata", "title=Clas"],
    )
    return path.read_bytes()


def made(folder: Path, name: str) -> bytes:
    match Path(name).suffix:
        case ".pdf":
            return typst.compile(TYPST.encode("utf-8"))
        case ".md":
            return MARKDOWN.encode("utf-8")
        case _:
            return by_pandoc(folder, name)


def manifest_of(folder: Path, name: str, content: bytes, known: str, **fields: object) -> Path:
    """A manifest of one document, whose file is written beside."""
    (folder / name).write_bytes(content)
    entry = yaml.safe_load(MANIFEST.read_text("utf-8"))["documents"][1]
    del entry["mise_en_page"]
    entry |= {"fichier": name, "sha256": hashlib.sha256(content).hexdigest(), "format": known}
    path = folder / "manifest.yaml"
    path.write_text(yaml.safe_dump({"documents": [entry | fields]}, allow_unicode=True), "utf-8")
    return path


def loaded(folder: Path, name: str, content: bytes, known: str) -> DocumentCanonique:
    return load_corpus(manifest_of(folder, name, content, known), folder).documents["001"]


def refused(folder: Path, name: str, content: bytes, known: str, **fields: object) -> str:
    with pytest.raises(ManifesteInutilisable) as caught:
        load_corpus(manifest_of(folder, name, content, known, **fields), folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("note.pdf", "pdf"),
        ("note.docx", "docx"),
        ("note.odt", "odt"),
        ("note.html", "html"),
        ("note.md", "markdown"),
    ],
)
def test_a_document_of_each_format_is_read_with_its_outline(
    tmp_path: Path, name: str, known: Format
) -> None:
    document = loaded(tmp_path, name, made(tmp_path, name), known)
    assert document.fiche.format == known
    found = {document.texte[b.debut : b.fin].removeprefix("• "): b for b in document.blocs}
    assert SENTENCE.replace("'", "’") in document.texte.replace("'", "’")
    assert found["Le financement du Clas"].nature == "titre"
    assert found["Les bonus"].nature == "titre"
    assert found["un bonus pour les parents."].nature == "element"
    assert found["un bonus pour les parents."].section[-1] == "Les bonus"
    assert document.carte == ()


def test_a_pdf_gives_the_page_and_the_places_of_its_words(tmp_path: Path) -> None:
    document = loaded(tmp_path, "note.pdf", made(tmp_path, "note.pdf"), "pdf")
    start, second = document.texte.index("La Caf"), document.texte.index("Un bonus")
    assert page_at(document, start) == 1
    assert page_at(document, second) == 2
    boxes = boxes_of(document, start, start + len("La Caf"))
    assert [document.texte[box.debut : box.fin] for box in boxes] == ["La", "Caf"]
    assert boxes[0].x0 < boxes[0].x1 <= boxes[1].x0
    assert boxes[0].haut < boxes[0].bas


def test_two_readings_of_a_file_are_the_same(tmp_path: Path) -> None:
    content = made(tmp_path, "note.pdf")
    first = loaded(tmp_path, "note.pdf", content, "pdf")
    assert loaded(tmp_path, "note.pdf", content, "pdf") == first


def test_a_file_that_is_not_of_the_format_announced_is_named(tmp_path: Path) -> None:
    message = refused(tmp_path, "note.md", b"# Un titre", "html")
    assert message == (
        "document 001, format : « html » annoncé, note.md est au format « markdown »"
    )


def test_a_plain_text_is_not_read_as_another_format(tmp_path: Path) -> None:
    message = refused(tmp_path, "note.txt", b"Un paragraphe.", "markdown")
    assert "« markdown » annoncé" in message


def test_a_refused_file_is_named_with_its_document(tmp_path: Path) -> None:
    message = refused(tmp_path, "note.pdf", hostiles.encrypted_pdf(), "pdf")
    assert message.startswith("document 001 : note.pdf : ")
    assert "mot de passe" in message


def test_a_changed_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    message = refused(tmp_path, "note.pdf", b"rien d'un PDF", "pdf", sha256="0" * 64)
    assert "note.pdf a changé" in message


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    path = manifest_of(tmp_path, "note.pdf", b"%PDF-1.7", "pdf")
    (tmp_path / "note.pdf").unlink()
    with pytest.raises(ManifesteInutilisable, match=r"document 001 : note\.pdf est absent"):
        load_corpus(path, tmp_path)


def test_a_structured_file_has_no_layout_of_plain_text(tmp_path: Path) -> None:
    message = refused(tmp_path, "note.pdf", b"%PDF-1.7", "pdf", mise_en_page="pdf")
    assert "document 001" in message
    assert "mise_en_page est obligatoire pour le format texte, et pour lui seul" in message
