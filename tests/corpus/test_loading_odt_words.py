"""Words of OpenDocument texts: changes, fields, hidden text and images; and bounds."""

from __future__ import annotations

import pytest
from office_files import blocs, edited, lire_odt, odt_body, substituted, textes, unzipped, zipped

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES

GOOD = odt_body("<text:p>Le texte.</text:p>")
HIDDEN = (
    '<style:style style:name="Cache" style:family="text"><style:text-properties '
    'text:display="none"/></style:style><style:style style:name="PCache" '
    'style:family="paragraph"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="SCache" style:family="section"><style:section-properties '
    'text:display="none"/></style:style>'
)


def _words(inner: str) -> str:
    return " | ".join(textes(lire_odt(odt_body(f"<text:p>{inner}</text:p>", HIDDEN))))


def _motif(content: bytes, **limits: float) -> str:
    with pytest.raises(FichierRefuse) as refused:
        lire_odt(content, LIMITES.model_copy(update=limits))
    assert str(refused.value)
    return refused.value.motif


CHANGED = (
    "<text:tracked-changes>"
    '<text:changed-region text:id="a"><text:insertion><office:change-info><dc:creator>A B'
    "</dc:creator></office:change-info></text:insertion></text:changed-region>"
    '<text:changed-region text:id="s"><text:deletion><office:change-info><dc:creator>A B'
    "</dc:creator></office:change-info><text:p>30 pour cent</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>"
    '<text:p>Le taux est de <text:change text:change-id="s"/><text:change-start '
    'text:change-id="a"/>32,5 %<text:change-end text:change-id="a"/>.</text:p>'
)


def test_changes_that_wait_are_read_as_accepted_and_counted() -> None:
    charge = lire_odt(odt_body(CHANGED))
    assert textes(charge) == ["Le taux est de 32,5 %."]
    assert charge.remarques == (
        (
            "2 modifications suivies en attente : 1 ajout (2 mots), 1 suppression (3 mots) ; "
            "le texte est lu comme si tout était accepté"
        ),
    )


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d", "a b c d"),
        ("a\u00adb \u00a0 c \ufb01n d\u2019un", "ab c fin d’un"),
        (
            "page <text:page-number>4</text:page-number> sur <text:page-count>9</text:page-count>",
            "page sur",
        ),
        (
            "voir <text:bookmark-ref text:reference-format='text'>la partie 2</text:bookmark-ref>",
            "voir la partie 2",
        ),
        ("page <text:bookmark-ref text:reference-format='page'>12</text:bookmark-ref>.", "page ."),
        (
            "le <text:date>1er mai</text:date> <text:placeholder>nom</text:placeholder>",
            "le 1er mai nom",
        ),
        ("a<office:annotation><text:p>À revoir</text:p></office:annotation>b", "ab"),
        ("a<text:span text:style-name='Cache'>caché</text:span>b", "ab"),
        ("a<text:hidden-text text:is-hidden='true'>caché</text:hidden-text>b", "ab"),
        (
            "<text:a>lien <text:span>interne</text:span></text:a><text:bookmark/> fin",
            "lien interne fin",
        ),
        (
            (
                "<text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>petit</text:ruby-text>"
                "</text:ruby>"
            ),
            "base",
        ),
        (
            "Tableau <text:sequence>2</text:sequence> : <text:soft-page-break/>suite",
            "Tableau 2 : suite",
        ),
    ],
)
def test_words_are_read_as_seen(inner: str, shown: str) -> None:
    assert _words(inner) == shown


def test_hidden_paragraphs_and_sections_are_left_out() -> None:
    body = (
        '<text:p text:style-name="PCache">caché</text:p>'
        '<text:section text:style-name="SCache"><text:p>caché</text:p></text:section>'
        '<text:section text:display="none"><text:p>caché</text:p></text:section>'
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>caché</text:p>'
        "<text:section><text:p>vu</text:p></text:section>"
    )
    assert textes(lire_odt(odt_body(body, HIDDEN))) == ["vu"]


def test_tables_of_contents_and_indexes_are_left_out() -> None:
    entries = "<text:index-body><text:p>Cadre 3</text:p></text:index-body>"
    body = "".join(
        f"<text:{kind}>{entries}</text:{kind}>"
        for kind in ("table-of-content", "alphabetical-index", "illustration-index")
    )
    assert textes(lire_odt(odt_body(body + "<text:p>Texte.</text:p>"))) == ["Texte."]


def test_an_image_is_a_hole_with_its_description() -> None:
    image = (
        "<text:p>Voir.</text:p><text:p><draw:frame><draw:image/><svg:desc>Les étapes</svg:desc>"
        "</draw:frame></text:p><text:p>Suite.</text:p>"
    )
    charge = lire_odt(odt_body(image))
    assert [bloc.trou for bloc in charge.blocs] == ["une image (« Les étapes »)", None]
    assert charge.remarques == ("une image ou un objet : le contenu n'en est pas lu",)


def test_the_text_of_a_shape_is_read() -> None:
    shape = "<draw:custom-shape><text:p>Dans la forme.</text:p></draw:custom-shape>"
    assert _words(f"Avant.{shape}") == "Avant. | Dans la forme."


def test_a_list_without_any_style_has_bullets() -> None:
    body = "<text:list><text:list-item><text:p>un</text:p></text:list-item></text:list>"
    assert blocs(lire_odt(odt_body(body))) == [("element", 1, "• un")]


def test_an_encrypted_document_is_told() -> None:
    manifest = unzipped(GOOD)["META-INF/manifest.xml"].decode()
    locked = manifest.replace(
        "</manifest:manifest>",
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        "</manifest:file-entry></manifest:manifest>",
    )
    assert locked != manifest
    assert _motif(edited(GOOD, {"META-INF/manifest.xml": locked.encode()})) == "chiffre"


def test_what_is_no_opendocument_text_is_refused() -> None:
    assert _motif(b"") == "vide"
    assert _motif(b"Bonjour") == "deguise"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    assert _motif(edited(GOOD, {"mimetype": kind})) == "deguise"
    assert _motif(GOOD[: len(GOOD) // 2]) == "endommage"
    assert _motif(edited(GOOD, {"content.xml": None})) == "endommage"
    assert _motif(edited(GOOD, {"content.xml": b"<a"})) == "endommage"
    assert _motif(edited(GOOD, {"content.xml": b"<a/>"})) == "endommage"


def test_a_document_without_styles_or_properties_is_read() -> None:
    bare = {"content.xml": unzipped(GOOD)["content.xml"]}
    assert textes(lire_odt(zipped(bare))) == ["Le texte."]


def test_a_template_is_read() -> None:
    kind = b"application/vnd.oasis.opendocument.text-template"
    assert textes(lire_odt(edited(GOOD, {"mimetype": kind}))) == ["Le texte."]


def test_entities_are_refused_and_bounds_hold() -> None:
    bomb = "<!DOCTYPE a [<!ENTITY x 'ha'>]><office:document-content "
    assert _motif(substituted(GOOD, "content.xml", "<office:document-content ", bomb)) == (
        "endommage"
    )
    assert _motif(GOOD, membres=2) == "trop_gros"
    assert _motif(GOOD, octets_decompresses=5_000) == "trop_gros"
    assert _motif(GOOD, caracteres=5) == "trop_gros"
    nested = "<text:span>" * 150 + "</text:span>" * 150
    assert _motif(odt_body(f"<text:p>{nested}</text:p>"), imbrication=100) == "trop_imbrique"


def test_an_empty_document_says_so_and_one_of_images_too() -> None:
    assert _motif(odt_body("<text:p> </text:p>")) == "vide"
    image = "<text:p><draw:frame><draw:image/></draw:frame></text:p>"
    assert _motif(odt_body(image)) == "numerise"


@pytest.mark.parametrize("value", ["-5", "99999999999999999999", "abc", ""])
def test_senseless_numbers_are_survived(value: str) -> None:
    body = (
        f'<text:h text:outline-level="{value}">T</text:h><table:table><table:table-row>'
        f'<table:table-cell table:number-columns-repeated="{value}" '
        f'table:number-rows-spanned="{value}"><text:p>a</text:p></table:table-cell>'
        f"<table:table-cell><text:p>b<text:s text:c='{value}'/></text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    assert "b" in " ".join(textes(lire_odt(odt_body(body))))
