"""A project told in a real browser: chips, the form and back, follow-ups, at any width."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from parcours import attendre_le_verdict
from playwright.sync_api import Locator, Page, expect

from pages_clas.formulaire_champs import cle

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
RECIT = (
    "On est une association de l'Hérault, on monte un Clas.",
    "On a 6 gamins à la campagne et 1 anim.",
    "On fait 2 séances par semaine de 1h30 pendant 30 semaines.",
    "C'est gratuit pour les familles et le coût total est de 9 000 €.",
    "Notre projet est-il éligible ?",
)
ENFANTS = "collectifs.1.enfants"
expect.set_options(timeout=30_000)


def demander(page: Page, question: str) -> None:
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(question)
    nombre = page.locator(".clas-question").count()
    boite.press("Enter")
    reponse_affichee(page, nombre + 1)


def reponse_affichee(page: Page, nombre: int) -> None:
    expect(page.locator(".clas-reponse")).to_have_count(nombre)
    expect(page.get_by_role("button", name="Nouvelle conversation")).to_be_visible()
    attendre_le_repos(page)


def raconter(page: Page, adresse: str) -> None:
    page.goto(adresse)
    expect(page.locator("#debut-de-page")).to_be_visible()
    attendre_le_repos(page)
    for message in RECIT:
        demander(page, message)


def puce(page: Page, chemin: str) -> Locator:
    return page.locator(f".st-key-puce-{cle(chemin).removeprefix('champ-')}")


def verdict_dit(page: Page) -> str:
    return page.locator(".clas-verdict-des-faits strong").inner_text()


def atteindre(page: Page, element: Locator, pas: int = 200) -> None:
    """Reach an element with the Tab key alone."""
    element.wait_for()
    for _ in range(pas):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"La tabulation n'atteint pas : {element}")


def deborde(page: Page) -> int:
    largeurs: list[int] = page.evaluate("""() =>
        [document.documentElement, document.querySelector("#stMain")].map(e => e.scrollWidth)""")
    return max(largeurs)


def test_a_project_told_is_mended_taken_to_the_form_and_brought_back(
    page: Page, adresse: str
) -> None:
    raconter(page, adresse)
    assert violations(page) == []
    corriger_par_sa_puce(page)
    demander(page, "Qu'est-ce qui bloque ?")
    assert verdict_dit(page) == "Non éligible"
    changer_dans_le_formulaire(page)
    retirer_puis_reprendre(page)
    choisir_une_suite(page)


def corriger_par_sa_puce(page: Page) -> None:
    """Correct a fact with the keyboard alone."""
    atteindre(page, puce(page, ENFANTS).get_by_role("button", name=re.compile("^Corriger")))
    page.keyboard.press("Enter")
    champ = page.locator(f".st-key-{cle(ENFANTS)} input")
    expect(champ).to_be_focused()
    expect(champ).to_have_value("6")
    assert violations(page) == []
    page.keyboard.press("Control+A")
    page.keyboard.type("14")
    page.keyboard.press("Tab")
    atteindre(page, page.get_by_role("button", name="Enregistrer la correction"))
    page.keyboard.press("Enter")
    expect(page.locator("#message-des-faits")).to_contain_text("14 au lieu de 6")
    expect(page.locator("#message-des-faits")).to_be_focused()
    expect(puce(page, ENFANTS)).to_contain_text("corrigé par vous")
    expect(page.locator(".clas-avis-titre").first).to_contain_text("d'avant votre changement")
    assert violations(page) == []


def changer_dans_le_formulaire(page: Page) -> None:
    """Open the form with what was told, change an answer there, take it back."""
    dit = verdict_dit(page)
    page.get_by_role("button", name="Ouvrir l'auto-contrôle, déjà rempli").click()
    attendre_le_verdict(page, dit)
    assert urlsplit(page.url).query == ""
    expect(page.locator(".clas-origine").first).to_contain_text("Vient de la conversation")
    assert violations(page) == []
    page.locator(".st-key-etape-collectifs button").click()
    expect(page.locator(f".st-key-{cle(ENFANTS)} input")).to_have_value("14")
    saisie = page.locator(f".st-key-{cle(ENFANTS)} input")
    saisie.fill("7")
    saisie.press("Tab")
    expect(page.locator(".clas-mot")).not_to_have_text(re.compile("Non éligible$"))
    attendre_le_repos(page)
    mot = page.locator(".clas-mot").inner_text().split("\n")[-1].strip()
    page.get_by_role("button", name="Reprendre la conversation").click()
    expect(page.locator("#message-des-faits")).to_contain_text("réponses du formulaire")
    expect(page.locator("#message-des-faits")).to_be_focused()
    expect(puce(page, ENFANTS)).to_contain_text("7")
    assert verdict_dit(page) in mot
    attendre_le_repos(page)
    assert violations(page) == []


def retirer_puis_reprendre(page: Page) -> None:
    """Remove a fact, then undo it."""
    puce(page, "milieu_rural").get_by_role("button", name=re.compile("^Retirer")).click()
    expect(page.locator("#message-des-faits")).to_contain_text("N'est plus retenu")
    expect(page.locator("#message-des-faits")).to_be_focused()
    expect(puce(page, "milieu_rural")).to_have_count(0)
    page.get_by_role("button", name="Annuler ce changement").click()
    expect(puce(page, "milieu_rural")).to_be_visible()


def choisir_une_suite(page: Page) -> None:
    """Ask a question that is offered; the focus goes to it."""
    suite = page.locator(".st-key-clas-suites button").last
    mots = suite.inner_text()
    nombre = page.locator(".clas-reponse").count()
    suite.focus()
    page.keyboard.press("Enter")
    reponse_affichee(page, nombre + 1)
    expect(page.locator(".clas-question .clas-mots").last).to_have_text(mots)
    expect(page.locator(".clas-question").last).to_be_focused()
    assert violations(page) == []


def test_the_steps_are_said_then_leave_nothing(page: Page, adresse: str) -> None:
    page.goto(adresse)
    expect(page.locator("#debut-de-page")).to_be_visible()
    attendre_le_repos(page)
    page.evaluate("""() => {
        window.vus = [];
        new MutationObserver(() => {
            const etape = document.querySelector(".clas-avancee");
            const mots = etape?.textContent;
            if (!mots || window.vus.at(-1)?.mots === mots) return;
            const tardive = etape.classList.contains("clas-tardive");
            const cachee = getComputedStyle(etape).visibility === "hidden";
            window.vus.push({ mots, tardive, cachee });
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }""")
    demander(page, "On a 6 gamins à la campagne et 1 anim c bon ?")
    vus = page.evaluate("window.vus")
    assert vus, "aucune étape n'a été montrée"
    connues = ("comprends", "cherche dans les", "relis", "examine", "compose", "vérifie")
    assert all(any(mot in vu["mots"] for mot in connues) for vu in vus)
    assert [vu["cachee"] for vu in vus] == [vu["tardive"] for vu in vus]
    expect(page.locator(".clas-avancee")).to_have_count(0)
    assert page.locator("[aria-live]").count() == 1
    expect(page.locator("#clas-annonces")).to_contain_text("Réponse affichée")


def test_nothing_is_cut_on_a_phone(telephone: Page, adresse: str) -> None:
    raconter(telephone, adresse)
    assert deborde(telephone) <= 320
    puce(telephone, ENFANTS).get_by_role("button", name=re.compile("^Corriger")).click()
    expect(telephone.locator(f".st-key-{cle(ENFANTS)} input")).to_be_focused()
    assert deborde(telephone) <= 320
    assert violations(telephone) == []
    telephone.get_by_role("button", name="Laisser comme avant").click()
    expect(puce(telephone, ENFANTS)).to_be_visible()
    telephone.get_by_role("button", name="Ouvrir l'auto-contrôle, déjà rempli").click()
    expect(telephone.locator("#verdict-du-projet")).to_be_visible()
    attendre_le_repos(telephone)
    assert deborde(telephone) <= 320
    assert violations(telephone) == []


def test_a_draft_that_says_otherwise_is_asked_about_and_left_alone(
    page: Page, adresse: str
) -> None:
    page.goto(f"{adresse}/projet")
    expect(page.locator("#verdict-du-projet")).to_be_visible()
    attendre_le_repos(page)
    saisie = page.locator(f".st-key-{cle('porteur.nom')} input")
    saisie.fill("Association Lire")
    saisie.press("Tab")
    attendre_le_repos(page)
    page.get_by_role("link", name="Poser une question").click()
    expect(page.locator("#debut-de-page")).to_be_visible()
    attendre_le_repos(page)
    demander(page, RECIT[1])
    page.get_by_role("button", name="Ouvrir l'auto-contrôle, déjà rempli").click()
    expect(page.locator("#choix-de-l-apport")).to_be_focused()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    attendre_le_repos(page)
    assert deborde(page) <= 320
    page.get_by_role("button", name="Compléter mon brouillon").click()
    expect(page.locator("#etape-en-cours")).to_be_focused()
    expect(saisie).to_have_value("Association Lire")
    expect(page.locator("#choix-de-l-apport")).to_have_count(0)
    assert violations(page) == []
