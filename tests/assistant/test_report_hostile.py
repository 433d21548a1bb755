from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projets import conforme, poser
from test_report_content import (
    contexte,
    lire_html,
    nu,
    page_du_markdown,
    rendu,
    texte_de,
    tous_les_formats,
    verifie,
)

from assistant.eligibility.report import FORMATS, rendre_rapport
from assistant.eligibility.report.pdf import imprimable
from assistant.eligibility.report.text import lisible

ORDINAIRE = "Association Les Lucioles"
NOMS = (
    '#eval("1+1")',
    "#[content] #let x = 1",
    "$x^2$ et $ y $",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "&lt;b&gt; & &amp;",
    "*gras* _italique_ **fort** ~~barré~~",
    "a | b || c |",
    "`code` ``` bloc",
    "[lien](javascript:alert(1)) ![image](http://exemple.test/x.png)",
    "# titre",
    "## 1. titre",
    "- liste",
    "+ liste",
    "12. liste",
    "12) liste",
    "= titre",
    "===",
    "---",
    "> cité",
    "    code",
    "https://exemple.test/page www.exemple.test a@exemple.test",
    "@reference <etiquette> //commentaire /*bloc*/",
    "${7*7} {{7*7}} {% x %} %s",
    "\\ \\n \\u{41} \\# \\*",
    "'apostrophes' \"guillemets\" « chevrons »",
    "=cmd|' /C calc'!A0",
)


@tous_les_formats
def test_a_hostile_name_is_read_as_it_was_written(format_demande: str) -> None:
    projet = conforme("34")
    lignes = [{"financeur": nom, "type": "commune", "montant": 10} for nom in NOMS]
    projet["budget"]["cofinancements"] = lignes
    projet["porteur"]["nom"] = " ; ".join(NOMS)[:500]
    texte = texte_de(rendu(projet, format_demande), format_demande)
    assert [nom for nom in NOMS if nu(nom) not in texte] == []


@cache
def _balises_de_la_page(porteur: str) -> list[str]:
    page = rendu(poser(conforme("34"), "porteur.nom", porteur), "html")
    return lire_html(page.decode("utf-8")).balises


@pytest.mark.parametrize("nom", NOMS)
def test_a_hostile_name_adds_no_element_to_the_page(nom: str) -> None:
    assert _balises_de_la_page(nom) == _balises_de_la_page(ORDINAIRE)


@cache
def _balises_du_markdown(porteur: str) -> list[str]:
    projet = poser(conforme("34"), "porteur.nom", porteur)
    return lire_html(page_du_markdown(rendu(projet, "md"))).balises


@pytest.mark.long
@pytest.mark.parametrize("nom", NOMS)
def test_a_hostile_name_adds_no_element_to_the_markdown_once_laid_out(nom: str) -> None:
    assert _balises_du_markdown(nom) == _balises_du_markdown(ORDINAIRE)


def test_the_page_has_no_script_and_fetches_nothing() -> None:
    page = rendu(poser(conforme("34"), "porteur.nom", " ".join(NOMS)[:500]), "html").decode("utf-8")
    assert not {"script", "link", "img", "iframe", "object"} & set(lire_html(page).balises)
    assert re.search(r"<[^>]+\s(src|on\w+)=", page) is None
    assert set(re.findall(r'<[^>]+href="([^"]*)"', page)) == {
        "#contenu",
        *(f"#partie-{numero}" for numero in range(1, 10)),
    }


def test_the_pdf_has_no_action_script_or_link() -> None:
    octets = rendu(poser(conforme("34"), "porteur.nom", " ".join(NOMS)[:500]), "pdf")
    lecteur = pypdf.PdfReader(io.BytesIO(octets))
    assert "/OpenAction" not in lecteur.trailer["/Root"]
    assert all("/Annots" not in page for page in lecteur.pages)


def test_the_word_document_links_to_nothing_outside() -> None:
    octets = rendu(poser(conforme("34"), "porteur.nom", " ".join(NOMS)[:500]), "docx")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        liens = [archive.read(n) for n in archive.namelist() if n.endswith(".rels")]
    assert not any(b"TargetMode" in lien for lien in liens)


def test_an_override_of_direction_is_shown_and_reorders_nothing() -> None:
    assert lisible("fdp\u202e.exe\u202c\u2066x\u2069") == (
        "fdp[U+202E].exe[U+202C][U+2066]x[U+2069]"
    )


def test_right_to_left_writing_and_its_marks_are_kept() -> None:
    nom = "جمعية \u200fالنور\u200e \u061c"
    assert lisible(nom) == nom


def test_a_control_character_or_half_a_character_is_shown_by_its_code() -> None:
    assert lisible("a\x00b\x1bc\x7f\ud800\uffff") == ("a[U+0000]b[U+001B]c[U+007F][U+D800][U+FFFF]")


@pytest.mark.parametrize("format_demande", ["docx", "html", "md"])
def test_emoji_and_right_to_left_names_stand_as_written(format_demande: str) -> None:
    nom = "Les 🎉 étoiles 👩🏽‍🏫 جمعية النور 星"
    projet = poser(conforme("34"), "porteur.nom", nom)
    assert nu(nom) in texte_de(rendu(projet, format_demande), format_demande)


def test_a_character_that_no_embedded_font_draws_is_shown_by_its_code_in_the_pdf() -> None:
    projet = poser(conforme("34"), "porteur.nom", "Les 🎉 étoiles 星")
    assert nu("Les [U+1F389] étoiles [U+661F]") in texte_de(rendu(projet, "pdf"), "pdf")


def test_a_very_long_word_may_break_and_loses_no_letter() -> None:
    mot = "é" * 500
    assert imprimable(mot).replace("\u200b", "") == mot
    assert max(map(len, imprimable(mot).split("\u200b"))) <= 20


def test_every_character_said_to_be_drawn_is_drawn() -> None:
    # A PDF/UA file with one character that no font draws is refused by the compiler.
    caracteres = [c for c in map(chr, range(0x20, 0x2800)) if imprimable(lisible(c)) == c]
    assert len(caracteres) > 1000
    nom_maximum = 480
    lignes = [
        {"financeur": " ".join(caracteres[i : i + nom_maximum // 2]), "type": "autre", "montant": 1}
        for i in range(0, len(caracteres), nom_maximum // 2)
    ]
    projet = poser(conforme("34"), "budget.cofinancements", lignes)
    texte = texte_de(rendu(projet, "pdf"), "pdf")
    assert "Ж" in texte
    assert "[U+" not in texte


@pytest.mark.long
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nom=st.text(max_size=120))
def test_no_name_that_a_project_may_hold_breaks_a_format(nom: str) -> None:
    projet = poser(conforme("34"), "porteur.nom", nom.encode("utf-8", "replace").decode("utf-8"))
    for format_demande in FORMATS:
        assert rendu(projet, format_demande)


def test_an_address_in_a_name_is_no_link_for_readers_that_make_links_of_addresses() -> None:
    nom = "https://exemple.test www.exemple.test a@exemple.test"
    ecrit = rendu(poser(conforme("34"), "porteur.nom", nom), "md").decode("utf-8")
    assert not re.search(r"https://exemple|www\.exemple|a@exemple", ecrit)


@cache
def _page_qui_reserve(phrase: str) -> str:
    projet, resultat = verifie(conforme("34"))
    change = resultat.model_copy(update={"reserves": (phrase,)})
    return page_du_markdown(rendre_rapport(projet, change, contexte(), "md"))


@pytest.mark.parametrize("debut", ["- ", "+ ", "1. ", "12) ", "# ", "> ", "=== ", "--- ", "| "])
def test_a_sentence_may_start_like_a_list_or_a_title_and_stay_a_sentence(debut: str) -> None:
    lue = lire_html(_page_qui_reserve(f"{debut}mots"))
    assert lue.balises == lire_html(_page_qui_reserve("mots")).balises
    assert nu(f"{debut}mots") in nu("".join(lue.morceaux))
