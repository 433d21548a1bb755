"""Words of Word documents: changes, fields, hidden text, boxes, symbols and images."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from docx.shared import Cm
from office_files import blocs, docx, docx_body, lire_docx, paragraphe, textes

IMAGE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def _words(inner: str) -> str:
    return " | ".join(textes(lire_docx(docx_body(f"<w:p>{inner}</w:p>"))))


def _run(text: str, properties: str = "", tag: str = "t") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def _field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


CHANGED = (
    _run("Le taux est de ")
    + f'<w:del w:id="1">{_run("30 pour cent", tag="delText")}</w:del>'
    + f'<w:ins w:id="2">{_run("32,5 %")}</w:ins>'
    + f'<w:moveFrom w:id="3">{_run(" du prix")}</w:moveFrom>'
    + _run(" au plus")
    + f'<w:moveTo w:id="4">{_run(" du prix")}</w:moveTo>'
    + _run(".")
)


def test_changes_that_wait_are_read_as_accepted() -> None:
    assert _words(CHANGED) == "Le taux est de 32,5 % au plus du prix."


def test_changes_that_wait_are_counted_in_a_remark() -> None:
    charge = lire_docx(docx_body(f"<w:p>{CHANGED}</w:p>"))
    assert charge.remarques == (
        (
            "3 modifications suivies en attente : 1 ajout (2 mots), 1 suppression (3 mots), "
            "1 déplacement ; le texte est lu comme si tout était accepté"
        ),
    )


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next() -> None:
    cut = (
        f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{_run("Première ")}</w:p>'
        f"<w:p>{_run('et seconde.')}</w:p>"
    )
    assert textes(lire_docx(docx_body(cut))) == ["Première et seconde."]


def test_a_drop_cap_joins_its_word() -> None:
    capital = paragraphe("L", '<w:framePr w:dropCap="drop"/>')
    assert textes(lire_docx(docx_body(capital + paragraphe("e Clas.")))) == ["Le Clas."]


def test_comments_are_left_out_and_counted() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("Le texte.")
        document.add_comment(paragraph.runs, text="À revoir", author="A")

    charge = lire_docx(docx(build))
    assert textes(charge) == ["Le texte."]
    assert charge.remarques == ("1 commentaire laissé de côté",)


@pytest.mark.parametrize(
    ("properties", "shown"),
    [("<w:vanish/>", "ac"), ('<w:vanish w:val="0"/>', "abc"), ("<w:b/>", "abc")],
)
def test_hidden_text_is_left_out(properties: str, shown: str) -> None:
    assert _words(_run("a") + _run("b", properties) + _run("c")) == shown


def test_hidden_words_are_counted_in_a_remark() -> None:
    charge = lire_docx(docx_body(f"<w:p>{_run('vu')}{_run(' pas vu', '<w:vanish/>')}</w:p>"))
    assert charge.remarques == ("2 mots masqués : laissés de côté",)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("PAGE", "avant après"),
        ("NUMPAGES \\* MERGEFORMAT", "avant après"),
        ("REF _Ref12 \\h", "avant 12 après"),
        ('HYPERLINK "https://caf.fr"', "avant 12 après"),
        ("SEQ Tableau", "avant 12 après"),
    ],
)
def test_page_numbers_are_left_out_and_other_fields_kept(code: str, shown: str) -> None:
    assert _words(_run("avant ") + _field(code, "12 ") + _run("après")) == shown
    simple = f"<w:fldSimple w:instr='{code}'>{_run('12 ')}</w:fldSimple>"
    assert _words(_run("avant ") + simple + _run("après")) == shown


def test_a_field_inside_the_code_of_another_is_not_text() -> None:
    code = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        + _field("REF x", "caché")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + _run("vu")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert _words(code) == "vu"


def test_a_table_of_contents_that_never_ends_silences_nothing() -> None:
    begin = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r></w:p>'
    )
    assert textes(lire_docx(docx_body(begin + paragraphe("Le texte.")))) == ["Le texte."]


def _box(content: str) -> str:
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic>"
        f"<a:graphicData><wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback>"
        f"<w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox>"
        "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_after_the_paragraph_that_holds_it() -> None:
    box = _box(paragraphe("Important") + paragraphe("Un seul dossier."))
    body = f"<w:p>{_run('Début ')}{box}{_run('fin.')}</w:p>{paragraphe('Suite.')}"
    assert blocs(lire_docx(docx_body(body))) == [
        ("paragraphe", 0, "Début fin."),
        ("encadre", 4, "Important"),
        ("paragraphe", 0, "Un seul dossier."),
        ("paragraphe", 0, "Suite."),
    ]


def test_a_text_box_in_the_old_drawing_language_is_read() -> None:
    pict = (
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{paragraphe('Ancien.')}"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    assert _words(pict) == "Ancien."


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ("a</w:t><w:softHyphen/><w:t>b", "ab"),
        ("a</w:t><w:noBreakHyphen/><w:t>b", "a-b"),
        ("a</w:t><w:tab/><w:t>b", "a b"),
        ("a</w:t><w:br/><w:t>b", "a b"),
        ("a</w:t><w:cr/><w:t>b", "a b"),
        ("a\u00adb \u00a0 c \ufb01n d\u2019un", "ab c fin d’un"),
        ('a </w:t><w:sym w:font="Wingdings" w:char="F0E0"/><w:t> b', "a → b"),
        ('a </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> b', "a ≥ b"),
        ('a</w:t><w:sym w:font="Inconnue" w:char="F0B3"/><w:t>b', "ab"),
        ('a</w:t><w:sym w:font="Arial" w:char="20AC"/><w:t>b', "a€b"),
    ],
)
def test_special_characters_are_read_as_seen(inner: str, shown: str) -> None:
    assert _words(f'<w:r><w:t xml:space="preserve">{inner}</w:t></w:r>') == shown


def test_wrappers_inside_a_paragraph_keep_their_words() -> None:
    wrapped = (
        f'<w:hyperlink w:anchor="x">{_run("lien ")}</w:hyperlink>'
        f"<w:smartTag>{_run('balise ')}</w:smartTag>"
        f"<w:sdt><w:sdtContent>{_run('contrôle ')}</w:sdtContent></w:sdt>"
        '<w:bookmarkStart w:id="0" w:name="s"/>'
        f"<w:customXml>{_run('données')}</w:customXml><w:bookmarkEnd w:id='0'/>"
        "<m:oMath><m:r><m:t> x</m:t></m:r></m:oMath>"
        "<w:r><w:ruby><w:rt><w:r><w:t>petit</w:t></w:r></w:rt><w:rubyBase><w:r><w:t> base</w:t>"
        "</w:r></w:rubyBase></w:ruby></w:r>"
    )
    assert _words(wrapped) == "lien balise contrôle données x base"


def test_content_controls_around_blocks_and_rows_keep_their_words() -> None:
    row = f"<w:tr><w:tc>{paragraphe('a')}</w:tc><w:tc>{paragraphe('b')}</w:tc></w:tr>"
    body = (
        f"<w:sdt><w:sdtContent>{paragraphe('Dedans.')}</w:sdtContent></w:sdt>"
        f"<w:tbl><w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl>"
    )
    assert textes(lire_docx(docx_body(body))) == ["Dedans.", "a\tb"]


def test_an_image_is_a_hole_with_its_description() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("Voir le schéma.")
        picture = document.add_paragraph().add_run().add_picture(io.BytesIO(IMAGE), width=Cm(2))
        picture._inline.docPr.set("descr", "Les étapes du projet")
        document.add_paragraph("Suite.")

    charge = lire_docx(docx(build))
    assert [bloc.trou for bloc in charge.blocs] == ["une image (« Les étapes du projet »)", None]
    assert charge.remarques == ("une image ou un objet : le contenu n'en est pas lu",)


def test_a_form_field_shows_its_box() -> None:
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox>'
        "</w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert _words(box + _run(" Oui")) == "☒ Oui"


def test_imported_content_is_never_followed_but_told() -> None:
    charge = lire_docx(docx_body(paragraphe("Texte.") + '<w:altChunk r:id="rId99"/>'))
    assert charge.remarques == ("1 contenu d'un autre fichier : non lu",)
