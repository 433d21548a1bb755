"""The five texts, written as DOCX and ODT by pandoc and LibreOffice, are read back whole."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

import pytest
from office_files import docx_body, libreoffice, lire_docx, lire_odt, paragraphe, textes

from bench.rendus import FORMATS, Forme, rendre
from corpus.canonical import build_loaded
from corpus.library import Corpus
from corpus.models import DocumentCanonique, FicheDocument

MakeFiche = Callable[..., FicheDocument]

MARKS = frozenset("·•‣▪○☐-–")
HEADINGS = ("titre", "question", "encadre")


def _words(text: str) -> list[str]:
    return [word for word in text.split() if word not in MARKS]


def _blocks(document: DocumentCanonique, *natures: str) -> list[str]:
    return [
        " ".join(_words(document.texte[bloc.debut : bloc.fin]))
        for bloc in document.blocs
        if bloc.nature in natures
    ]


def _kept(before: list[str], after: list[str]) -> int:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return sum(match.size for match in matcher.get_matching_blocks())


def _read_back(document: DocumentCanonique, forme: Forme, make: MakeFiche) -> DocumentCanonique:
    read = lire_docx if FORMATS[forme] == "docx" else lire_odt
    fiche = make(format=FORMATS[forme], mise_en_page=None)
    return build_loaded(read(rendre(document, forme)), fiche)


@pytest.mark.parametrize(
    "forme",
    [
        "pandoc-docx",
        "pandoc-odt",
        pytest.param("lo-docx", marks=pytest.mark.long),
        pytest.param("lo-odt", marks=pytest.mark.long),
    ],
)
def test_the_five_texts_are_read_back(corpus: Corpus, make_fiche: MakeFiche, forme: Forme) -> None:
    wanted = {"mots": 0, "titres": 0, "éléments": 0, "notes": 0, "lignes": 0}
    found = dict(wanted)
    for document in corpus.documents.values():
        read = _read_back(document, forme, make_fiche)
        for name, before, after in (
            ("mots", _words(document.texte), _words(read.texte)),
            ("titres", _blocks(document, *HEADINGS), _blocks(read, *HEADINGS)),
            ("éléments", _blocks(document, "element"), _blocks(read, "element")),
            ("notes", _blocks(document, "note"), _blocks(read, "note")),
            ("lignes", _blocks(document, "ligne_tableau"), _blocks(read, "ligne_tableau")),
        ):
            wanted[name] += len(before)
            found[name] += _kept(before, after)
            assert len(after) <= len(before) * 1.01 + 1, f"{name} en trop"
    shares = {name: found[name] / wanted[name] for name in wanted}
    assert shares["mots"] >= 0.995
    assert min(shares[name] for name in ("titres", "éléments")) >= 0.98
    assert min(shares[name] for name in ("notes", "lignes")) >= 0.94


@pytest.mark.long
def test_lists_are_numbered_as_libreoffice_shows_them() -> None:
    body = "".join(
        paragraphe(
            f"point {place}",
            f'<w:numPr><w:ilvl w:val="{rank}"/><w:numId w:val="{number}"/></w:numPr>',
        )
        for place, (number, rank) in enumerate(
            [(1, 0), (1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 2), (1, 1), (2, 0), (2, 0), (3, 0)]
        )
    )
    levels = "".join(
        f'<w:lvl w:ilvl="{rank}"><w:start w:val="{start}"/><w:numFmt w:val="{how}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for rank, how, text, start in (
            (0, "upperRoman", "%1.", 3),
            (1, "lowerLetter", "%1.%2)", 26),
            (2, "decimal", "(%3)", 1),
        )
    )
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2">'
        '<w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/>'
        '</w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
        "</w:numbering>"
    )
    content = docx_body(body, numbering=numbering)
    shown = libreoffice(content, "docx", "txt:Text (encoded):UTF8").decode("utf-8-sig")
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    assert textes(lire_docx(content)) == lines
    assert textes(lire_odt(libreoffice(content, "docx", "odt"))) == lines


@pytest.mark.long
def test_changes_boxes_notes_and_contents_pass_through_libreoffice() -> None:
    changed = (
        "<w:p><w:r><w:t xml:space='preserve'>Le taux est de </w:t></w:r>"
        "<w:del w:id='1' w:author='A'><w:r><w:delText>30 pour cent</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='A'><w:r><w:t>32,5 %</w:t></w:r></w:ins>"
        "<w:r><w:t>.</w:t></w:r></w:p>"
    )
    box = (
        "<w:p><w:r><w:t>Avant.</w:t></w:r><w:r><w:pict><v:shape style='width:200pt;height:90pt'>"
        f"<v:textbox><w:txbxContent>{paragraphe('Dans le cadre.')}</w:txbxContent></v:textbox>"
        "</v:shape></w:pict></w:r></w:p>"
    )
    content = docx_body(changed + box + paragraphe("caché", run="<w:vanish/>") + paragraphe("Fin."))
    wanted = ["Le taux est de 32,5 %.", "Avant.", "Dans le cadre.", "Fin."]
    for suffix, read in (("docx", lire_docx), ("odt", lire_odt)):
        charge = read(libreoffice(content, "docx", suffix))
        assert textes(charge) == wanted
        assert "1 ajout (2 mots), 1 suppression (3 mots)" in charge.remarques[0]
