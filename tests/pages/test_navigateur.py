"""The real thing: a real server, a real browser, keys pressed and pixels in view."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from playwright.sync_api import Browser, Page, expect

from corpus.library import load_corpus

QUESTION = "Combien de séances par semaine ?"
HORS_CORPUS = "Comment obtenir le RSA ?"
PASSAGE = "textes?document=001&debut=15317&fin=15476"


def _accueil(page: Page, adresse: str) -> None:
    page.goto(adresse)
    expect(page.locator("#debut-de-page")).to_be_visible()
    attendre_le_repos(page)


def _demander(page: Page, question: str) -> None:
    """Ask with the keyboard alone, from wherever the focus is."""
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    donnees = page.locator(".clas-reponse").count()
    for _ in range(60):
        if boite.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(boite).to_be_focused()
    page.keyboard.insert_text(question)
    page.keyboard.press("Enter")
    expect(page.locator(".clas-question .clas-mots").last).to_have_text(question)
    expect(page.locator(".clas-reponse")).to_have_count(donnees + 1)
    expect(page.locator(".clas-reponse").last).to_be_visible()
    expect(page.get_by_role("button", name="Nouvelle conversation")).to_be_visible()
    attendre_le_repos(page)


def _a_l_ecran(page: Page, selecteur: str) -> bool:
    """Whether the element's box is within the window, below the page's header."""
    script = """selecteur => {
        const boite = document.querySelector(selecteur).getBoundingClientRect();
        return boite.top >= 0 && boite.bottom <= innerHeight && boite.height > 0;
    }"""
    return bool(page.evaluate(script, selecteur))


def _attendre_a_l_ecran(page: Page, selecteur: str) -> None:
    expect(page.locator(selecteur)).to_be_visible()
    attendre_le_repos(page)
    assert _a_l_ecran(page, selecteur)


def test_the_page_is_in_french_and_talks_to_its_own_server_alone(page: Page, adresse: str) -> None:
    hotes: set[str] = set()
    page.on("request", lambda requete: hotes.add(urlsplit(requete.url).netloc))
    erreurs: list[str] = []
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    _accueil(page, adresse)
    _demander(page, QUESTION)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == "Poser une question – Assistant Clas"
    assert hotes - {""} == {urlsplit(adresse).netloc}
    assert erreurs == []


@pytest.mark.long
def test_no_english_word_of_streamlit_is_left_to_be_read_or_heard(page: Page, adresse: str) -> None:
    _accueil(page, adresse)
    _demander(page, QUESTION)
    noms = page.evaluate("""() => [...document.querySelectorAll("[aria-label],[title],[alt]")]
        .flatMap(e => ["aria-label", "title", "alt"].map(a => e.getAttribute(a) || ""))""")
    mots = " ".join([*noms, page.locator("body").inner_text()])
    anglais = re.findall(
        r"\b(?:send|message|sidebar|main content|close|open|running|choose)\b", mots, re.IGNORECASE
    )
    assert anglais == []


def test_a_question_is_asked_and_its_citation_read_with_the_keyboard_alone(
    page: Page, adresse: str
) -> None:
    _accueil(page, adresse)
    _demander(page, QUESTION)
    expect(page.locator("#question-1")).to_be_in_viewport()
    appel = page.locator(".clas-corps a.clas-appel").first
    appel.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#citation-1-1")).to_be_focused()
    lien = page.get_by_role("link", name="Lire la citation 1 dans le texte")
    attendu = page.locator("#citation-1-1 mark").first.inner_text()
    for _ in range(10):
        if lien.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(lien).to_be_focused()
    page.keyboard.press("Enter")
    _attendre_a_l_ecran(page, "#passage-cite")
    expect(page.locator("#passage-cite")).to_be_focused()
    assert re.search(r"/textes\?document=\d{3}&version=[0-9a-f]{12}&debut=\d+&fin=\d+$", page.url)
    assert page.locator("#passage-cite").inner_text().startswith(attendu[:60])


@pytest.mark.long
def test_a_question_offered_after_an_answer_is_asked_with_the_keyboard(
    page: Page, adresse: str
) -> None:
    _accueil(page, adresse)
    _demander(page, "On aura 14 enfants dans un seul groupe, c'est possible ?")
    bouton = page.get_by_role("button", name="Pourquoi ?")
    for _ in range(60):
        if bouton.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(bouton).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".clas-question .clas-mots").last).to_have_text("Pourquoi ?")
    expect(page.locator(".clas-comprise").last).to_contain_text("14 enfants")


@pytest.mark.long
def test_the_way_back_finds_the_conversation_again(page: Page, adresse: str) -> None:
    _accueil(page, adresse)
    _demander(page, QUESTION)
    page.get_by_role("link", name="Lire la citation 1 dans le texte").click()
    expect(page.locator("#passage-cite")).to_be_visible()
    page.get_by_role("link", name="Revenir à la conversation").click()
    expect(page.locator("#question-1")).to_be_visible()


@pytest.mark.long
def test_a_shared_link_opens_at_its_quotation(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/{PASSAGE}")
    _attendre_a_l_ecran(page, "#passage-cite")
    style = page.locator("#passage-cite").evaluate("e => getComputedStyle(e).textDecorationLine")
    assert style == "underline"
    expect(page.locator("#passage-cite .clas-lu").first).to_have_text("Début de la citation :")


@pytest.mark.long
def test_the_answer_is_copied_with_its_sources(page: Page, adresse: str) -> None:
    _accueil(page, adresse)
    _demander(page, QUESTION)
    bouton = page.get_by_role("button", name="Copier la réponse et ses sources")
    bouton.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".clas-confirmation")).to_have_text("✓ Réponse copiée")
    expect(page.locator("#clas-annonces")).to_have_text("✓ Réponse copiée")
    copie = page.evaluate("navigator.clipboard.readText()")
    assert copie.startswith(f"Question : {QUESTION}")
    assert "Les textes cités :\n[1] " in copie
    lien = re.search(r"Dans le texte : (\S+)", copie)
    assert lien is not None
    page.goto(lien.group(1))
    _attendre_a_l_ecran(page, "#passage-cite")


@pytest.mark.long
def test_the_answer_is_announced_to_screen_readers(page: Page, adresse: str) -> None:
    _accueil(page, adresse)
    zone = page.locator("#clas-annonces")
    assert zone.get_attribute("aria-live") == "polite"
    _demander(page, QUESTION)
    expect(zone).to_contain_text(re.compile(r"Réponse affichée, avec \d+ citations?\."))
    _demander(page, HORS_CORPUS)
    expect(zone).to_contain_text("Les textes ne répondent pas")


@pytest.mark.long
def test_nothing_in_a_question_is_interpreted(page: Page, adresse: str) -> None:
    question = (
        '<img src=x onerror="window.piege=1"> <script>window.piege=1</script> '
        "[lien](https://exemple.fr) $x^2$ :red[rouge] **gras** -> --> combien d'enfants ?"
    )
    _accueil(page, adresse)
    _demander(page, question)
    mots = page.locator(".clas-question .clas-mots")
    assert mots.inner_text() == question
    assert mots.evaluate("element => element.children.length") == 0
    assert page.locator("img[src=x], a[href*='exemple.fr'], .katex").count() == 0
    assert page.evaluate("window.piege") is None


def test_the_first_tab_stop_leads_to_the_content_and_shows_its_focus(
    page: Page, adresse: str
) -> None:
    _accueil(page, adresse)
    page.keyboard.press("Tab")
    lien = page.get_by_role("link", name="Aller au contenu")
    expect(lien).to_be_focused()
    assert lien.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('#stMain') !== null")


@pytest.mark.long
def test_the_browser_shows_every_word_of_a_text(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/textes?document=004")
    expect(page.locator(".clas-texte")).to_be_visible()
    montre = page.evaluate("""() => {
        const copie = document.querySelector(".clas-texte").cloneNode(true);
        const ajouts = ".clas-lu, .clas-page, .clas-trou, .clas-restitue";
        copie.querySelectorAll(ajouts).forEach(e => e.remove());
        return copie.textContent;
    }""")
    assert "".join(montre.split()) == "".join(load_corpus().documents["004"].texte.split())


@pytest.mark.long
def test_search_goes_from_result_to_result_with_the_keyboard(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/textes?document=001")
    champ = page.get_by_label("Chercher dans ce texte")
    champ.focus()
    page.keyboard.insert_text("ecole")
    page.keyboard.press("Enter")
    expect(page.locator(".clas-compte")).to_contain_text(re.compile(r"Résultat 1 sur \d+"))
    expect(page.locator("#resultat-courant")).to_be_in_viewport()
    suivant = page.get_by_role("button", name="Suivant")
    suivant.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".clas-compte")).to_contain_text(re.compile(r"Résultat 2 sur \d+"))
    expect(suivant).to_be_focused()
    expect(suivant).to_be_in_viewport()
    _attendre_a_l_ecran(page, "#resultat-courant")


@pytest.mark.long
def test_the_outline_leads_to_a_heading_without_reloading(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/textes?document=004")
    page.get_by_text("Plan du texte").click()
    page.get_by_role("link", name="L’ordonnancement").click()
    expect(page.get_by_role("heading", name="L’ordonnancement")).to_be_focused()
    expect(page.get_by_role("heading", name="L’ordonnancement")).to_be_in_viewport()


@pytest.mark.long
@pytest.mark.parametrize("chemin", ["", PASSAGE, "textes?document=004"])
def test_nothing_scrolls_sideways_on_a_narrow_phone(
    telephone: Page, adresse: str, chemin: str
) -> None:
    telephone.goto(f"{adresse}/{chemin}")
    expect(telephone.locator("h1")).to_be_visible()
    if not chemin:
        _demander(telephone, QUESTION)
    largeurs = telephone.evaluate("""() =>
        [document.documentElement, document.querySelector("#stMain")].map(e => e.scrollWidth)""")
    assert max(largeurs) <= 320
    coupes = telephone.evaluate("""() =>
        [...document.querySelectorAll(".clas-carte *, .clas-texte *")]
            .filter(e => !e.classList.contains("clas-lu"))
            .filter(e => e.getBoundingClientRect().right > 321).length""")
    assert coupes == 0


@pytest.mark.long
def test_the_menu_of_a_phone_opens_the_texts(telephone: Page, adresse: str) -> None:
    _accueil(telephone, adresse)
    telephone.get_by_role("button", name="Ouvrir le menu").click()
    lien = telephone.get_by_role("link", name="Lire les textes")
    expect(lien).to_be_visible()
    assert violations(telephone) == []
    lien.click()
    expect(telephone.get_by_role("heading", name="Lire les textes")).to_be_visible()
    expect(lien).to_be_hidden()


@pytest.mark.long
def test_the_menu_of_a_phone_is_closed_by_escape_and_then_out_of_reach_of_tab(
    telephone: Page, adresse: str
) -> None:
    _accueil(telephone, adresse)
    ouvrir = telephone.get_by_role("button", name="Ouvrir le menu")
    ouvrir.click()
    lien = telephone.get_by_role("link", name="Lire les textes")
    expect(lien).to_be_visible()
    lien.focus()
    telephone.keyboard.press("Escape")
    expect(lien).to_be_hidden()
    expect(ouvrir).to_be_focused()
    for _ in range(4):
        telephone.keyboard.press("Tab")
        assert not telephone.evaluate("!!document.activeElement.closest('[data-testid=stSidebar]')")


def test_the_conversation_has_no_serious_accessibility_violation(page: Page, adresse: str) -> None:
    _accueil(page, adresse)
    assert violations(page) == []
    for question in (
        QUESTION,
        "Quelle est la date limite de dépôt dans l'Hérault ?",
        HORS_CORPUS,
        "bonjour",
        "g 6 gamins a la campagne et 1 anim c bon ?",
        "et pour l'argent ?",
    ):
        _demander(page, question)
    expect(page.locator(".st-key-clas-faits")).to_contain_text("6 gamins")
    assert violations(page) == []
    selecteur = page.get_by_role("combobox", name="Votre département")
    selecteur.focus()
    # The focus scrolls the page back to the selector: a list opened meanwhile would close.
    attendre_le_repos(page)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    # The list is scrolled from the selector that it names: wait until the two are tied.
    liste = page.get_by_role("listbox").get_attribute("id") or ""
    expect(selecteur).to_have_attribute("aria-expanded", "true")
    expect(selecteur).to_have_attribute("aria-controls", liste)
    assert violations(page) == []


@pytest.mark.long
def test_the_texts_have_no_serious_accessibility_violation(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/textes?document=004&debut=13173&fin=13332")
    expect(page.locator("#passage-cite")).to_be_visible()
    page.get_by_text("Plan du texte").click()
    champ = page.get_by_label("Chercher dans ce texte")
    champ.fill("enfants")
    champ.press("Enter")
    expect(page.locator("#resultat-courant")).to_be_visible()
    expect(page.locator(".clas-trou")).to_have_count(1)
    assert violations(page) == []


@pytest.mark.long
def test_a_link_that_cannot_be_followed_has_no_serious_accessibility_violation(
    page: Page, adresse: str
) -> None:
    page.goto(f"{adresse}/textes?document=zzz")
    expect(page.locator(".clas-avis-attention")).to_contain_text("zzz")
    assert violations(page) == []


@pytest.mark.long
def test_before_the_set_up_the_page_says_what_to_run(
    navigateur: Browser, lancer_serveur: Callable[[dict[str, str]], str], tmp_path: Any
) -> None:
    adresse = lancer_serveur({"CLAS_DONNEES": str(tmp_path)})
    contexte = navigateur.new_context()
    page = contexte.new_page()
    page.goto(adresse)
    expect(page.locator(".clas-avis-erreur")).to_contain_text("make app", timeout=30_000)
    assert "Traceback" not in page.locator("body").inner_text()
    assert violations(page) == []
    contexte.close()
