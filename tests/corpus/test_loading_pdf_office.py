"""PDF written by LibreOffice, as offices make them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypandoc
import pytest

from corpus.loading.limits import LIMITES
from corpus.loading.models import DocumentCharge
from corpus.loading.pdf import read_pdf

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n'est pas installé"),
]

ALINEAS = [
    f"Alinéa {n}. Le contrat local d’accompagnement à la scolarité soutient les enfants après la "
    "classe, dans un lieu ouvert aux parents, deux fois par semaine, avec deux adultes."
    for n in range(40)
]

CADRE = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles><style:style style:name="cadre" style:family="graphic">
<style:graphic-properties style:wrap="parallel" style:horizontal-pos="right"
 style:horizontal-rel="paragraph" style:vertical-pos="top" style:vertical-rel="paragraph"
 fo:border="0.5pt solid #000000" fo:padding="0.2cm" fo:margin-left="0.4cm"/></style:style>
</office:automatic-styles>
<office:body><office:text>{corps}</office:text></office:body></office:document>"""


def en_pdf(source: Path) -> DocumentCharge:
    profil = source.parent / "profil"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profil.as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(source.parent),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    content = source.with_suffix(".pdf").read_bytes()
    return read_pdf(content, LIMITES, lambda _done, _total: None)


def textes(document: DocumentCharge, nature: str) -> list[str]:
    return [bloc.contenu.texte for bloc in document.blocs if bloc.nature == nature]


def test_headings_lists_notes_and_tables_of_an_office_document_are_found(tmp_path: Path) -> None:
    rows = "\n".join(f"| Critère {n} | au moins {n} |" for n in range(45))
    markdown = (
        f"# Principes\n\n{ALINEAS[0]}[^a]\n\n- premier point\n- second point\n    - dedans\n\n"
        f"## Les enfants\n\n{ALINEAS[1]}\n\n1. un\n2. deux\n\n"
        f"| Objet | Seuil |\n|---|---|\n{rows}\n\n{ALINEAS[2]}\n\n[^a]: Une note de bas de page."
    )
    source = tmp_path / "note.docx"
    pypandoc.convert_text(markdown, "docx", format="markdown", outputfile=str(source))
    document = en_pdf(source)
    assert textes(document, "titre") == ["Principes", "Les enfants"]
    assert textes(document, "element") == [
        "• premier point",
        "• second point",
        "o dedans",
        "1. un",
        "2. deux",
    ]
    assert textes(document, "paragraphe") == ALINEAS[:3]
    assert textes(document, "ligne_tableau") == [
        "Objet\tSeuil",
        *(f"Critère {n}\tau moins {n}" for n in range(45)),
    ]
    assert [[n.texte for n in b.notes] for b in document.blocs if b.notes] == [
        ["Une note de bas de page."]
    ]


def test_a_text_frame_is_read_in_its_place_and_cuts_no_sentence(tmp_path: Path) -> None:
    cadre = (
        '<draw:frame draw:style-name="cadre" text:anchor-type="paragraph" svg:width="5cm">'
        '<draw:text-box fo:min-height="2cm"><text:p>Le dossier se dépose en ligne.</text:p>'
        "<text:p>La date limite est le 15 juin.</text:p></draw:text-box></draw:frame>"
    )
    corps = "".join(
        f"<text:p>{cadre if n == 3 else ''}{alinea}</text:p>" for n, alinea in enumerate(ALINEAS)
    )
    source = tmp_path / "cadre.fodt"
    source.write_text(CADRE.replace("{corps}", corps), encoding="utf-8")
    document = en_pdf(source)
    read = " ".join(bloc.contenu.texte for bloc in document.blocs)
    assert set(ALINEAS) <= set(textes(document, "paragraphe"))
    place = read.index("Le dossier se dépose en ligne.")
    assert read.index("Alinéa 2.") < place < read.index("Alinéa 6.")
    assert "La date limite est le 15 juin." in read
