"""The form as it is shown in a real browser: names, paper, narrow screens, accessibility."""

from __future__ import annotations

import re

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from parcours import (
    ETAPES,
    Clavier,
    aller_a_l_etape,
    attendre_le_verdict,
    ouvrir_le_projet,
)
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

pytestmark = pytest.mark.long
"""A real browser through a long form: minutes, not seconds."""


def test_fields_of_a_collectif_and_of_a_set_are_named_groups(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "collectifs")
    groupe = page.get_by_role("group", name="Collectif 1")
    expect(groupe.get_by_role("textbox", name="Combien d'enfants")).to_have_value("10")
    aller_a_l_etape(page, "public")
    niveaux = page.get_by_role("group", name="Quels niveaux scolaires")
    expect(niveaux.get_by_role("checkbox")).to_have_count(7)


def test_no_english_word_of_streamlit_is_left_in_the_form(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse, "34")
    # Icons are letters that a font draws, hidden from screen readers.
    page.add_style_tag(content="[data-testid=stIconMaterial] { display: none; }")
    for etape in ("structure", "budget", "resultat"):
        aller_a_l_etape(page, etape)
        noms = page.evaluate("""() => [...document.querySelectorAll("[aria-label],[title],[alt]")]
            .flatMap(e => ["aria-label", "title", "alt"].map(a => e.getAttribute(a) || ""))""")
        mots = " ".join([*noms, page.locator("body").inner_text()])
        anglais = re.findall(
            r"\b(?:upload|browse|drag|drop|per file|download|choose|press|enter|open|close|step)\b",
            mots,
            re.IGNORECASE,
        )
        assert anglais == []


def test_on_paper_the_result_is_whole_and_the_buttons_are_gone(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "resultat")
    appels = page.evaluate("""() => {
        window.appels = 0;
        window.print = () => (window.appels += 1);
        document.querySelector("[data-imprimer]").click();
        return window.appels;
    }""")
    assert appels == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".clas-critere blockquote").first).to_be_visible()
    expect(page.locator(".st-key-clas-etapes")).not_to_be_visible()
    expect(page.locator(".st-key-rapport-pdf button")).not_to_be_visible()
    assert page.locator(".stMain").evaluate("e => getComputedStyle(e).overflowY") == "visible"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".clas-critere blockquote").first).not_to_be_visible()


def _choisir(page: Page, boite: Locator, titre: str) -> None:
    """Choose in a list: one that opens while the page scrolls or is drawn closes at once."""
    option = page.get_by_role("option", name=titre)
    for essai in range(4):
        if essai:
            attendre_le_repos(page)
        boite.click()
        try:
            option.click(timeout=4000)
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"« {titre} » ne se laisse pas choisir")


def test_on_a_narrow_phone_nothing_scrolls_sideways_and_the_verdict_stays_at_hand(
    telephone: Page, adresse: str
) -> None:
    ouvrir_le_projet(telephone, adresse, "34")
    barre = telephone.locator("a.clas-barre")
    expect(barre).to_be_in_viewport()
    expect(barre).to_contain_text("Éligible")
    boite = telephone.locator(".st-key-clas-choix-etape").get_by_role("combobox")
    for titre in ("Le public", "Le budget", "Le résultat en détail"):
        _choisir(telephone, boite, titre)
        expect(telephone.locator("#etape-en-cours")).to_contain_text(titre)
        expect(telephone.locator("#etape-en-cours")).to_be_focused()
        largeurs = telephone.evaluate("""() => [document.documentElement,
            document.querySelector("#stMain")].map(e => e.scrollWidth)""")
        assert max(largeurs) <= 320
        debords = telephone.evaluate("""() =>
            [...document.querySelectorAll("#stMain *")].filter(e => e.checkVisibility())
                .filter(e => !e.closest(".clas-lu, [aria-hidden=true], thead"))
                .filter(e => e.getBoundingClientRect().height > 0)
                .filter(e => e.getBoundingClientRect().right > 321)
                .map(e => e.className.toString().slice(0, 60))""")
        assert debords == []
    barre.focus()
    telephone.keyboard.press("Enter")
    expect(telephone.locator("#verdict-du-projet")).to_be_focused()
    expect(telephone.locator("#verdict-du-projet")).to_be_in_viewport()
    assert violations(telephone) == []


@pytest.mark.parametrize("exemple", [None, "34"])
def test_an_empty_and_a_full_form_have_no_serious_accessibility_violation(
    page: Page, adresse: str, exemple: str | None
) -> None:
    ouvrir_le_projet(page, adresse, exemple)
    page.locator(".clas-textes summary").first.click()
    assert violations(page) == []


def test_a_form_that_fails_has_no_serious_accessibility_violation(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "collectifs")
    Clavier(page).ecrire("collectifs.1.enfants", "20")
    attendre_le_verdict(page, "Non éligible")

    assert violations(page) == []
    aller_a_l_etape(page, "resultat")
    assert violations(page) == []


@pytest.mark.parametrize("etape", ETAPES)
def test_no_step_has_a_serious_accessibility_violation(
    page: Page, adresse: str, etape: str
) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, etape)
    for plie in page.locator("#stMain details summary").all()[:12]:
        plie.click()
    assert violations(page) == []
