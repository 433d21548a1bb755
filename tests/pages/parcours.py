"""A project told to the form in a real browser: opening it, its fields, the keyboard."""

from __future__ import annotations

import re

import pytest
from attente import attendre_le_repos
from playwright.sync_api import Locator, Page, expect

from pages_clas.formulaire_champs import cle

ETAPES = (
    "structure",
    "public",
    "collectifs",
    "encadrement",
    "seances",
    "axes",
    "parents",
    "ecole",
    "territoire",
    "locale",
    "budget",
    "bonus",
    "resultat",
)
MINUTES_PROMISES = 3
TOUCHES_PAR_SECONDE = 2
"""Of somebody who is used to the keyboard, what is thought over included."""
expect.set_options(timeout=20_000)


def ouvrir_le_projet(page: Page, adresse: str, exemple: str | None = None) -> None:
    page.goto(f"{adresse}/projet")
    expect(page.locator("#verdict-du-projet")).to_be_visible()
    attendre_le_repos(page)
    if exemple:
        page.get_by_text("Partir d'un exemple, ouvrir ou enregistrer un fichier").click()
        page.locator(f".st-key-exemple-{exemple} button").click()
        attendre_le_verdict(page, "Éligible")
        expect(page.locator("#etape-en-cours")).to_be_focused()
        attendre_le_repos(page)


def attendre_le_verdict(page: Page, mot: str) -> None:
    expect(page.locator(".clas-mot")).to_have_text(re.compile(rf"{mot}$"))


def aller_a_l_etape(page: Page, nom: str) -> None:
    bouton = page.locator(f".st-key-etape-{nom} button")
    bouton.click()
    expect(bouton).to_have_attribute("aria-current", "step")
    expect(page.locator("#etape-en-cours")).to_be_focused()
    attendre_le_repos(page)


def champ_de(page: Page, chemin: str) -> Locator:
    return page.locator(f".st-key-{cle(chemin)}")


def saisie_de(page: Page, chemin: str) -> Locator:
    return champ_de(page, chemin).locator("input")


class Clavier:
    """Keys pressed; with ``tabulation``, an element is reached by the Tab key alone."""

    def __init__(self, page: Page, *, tabulation: bool = False) -> None:
        self._page, self._tabulation = page, tabulation
        self.touches = 0
        """Keys pressed so far."""

    def atteindre(self, element: Locator, pas: int = 120) -> None:
        if not self._tabulation:
            element.focus()
            return
        element.wait_for()
        for _ in range(pas):
            if element.evaluate("element => element === document.activeElement"):
                return
            self._presser("Tab")
        pytest.fail(f"La tabulation n'atteint pas : {element}")

    def choisir(self, chemin: str, reponse: str) -> None:
        """Answer a choice with the arrow keys."""
        champ = champ_de(self._page, chemin)
        voulue = champ.get_by_role("radio", name=reponse, exact=True)
        self.atteindre(champ.locator("input:checked"))
        for _ in range(champ.get_by_role("radio").count()):
            if voulue.is_checked():
                break
            self._presser("ArrowDown")
        expect(voulue).to_be_checked()

    def ecrire(self, chemin: str, texte: str) -> None:
        self.atteindre(saisie_de(self._page, chemin))
        self._presser("Control+A")
        self._taper(texte)
        self._presser("Tab")

    def chercher(self, chemin: str, mots: str, choisi: str) -> None:
        """Choose in a list by some of the words, once the page is at rest."""
        attendre_le_repos(self._page)
        boite = champ_de(self._page, chemin).get_by_role("combobox")
        self.atteindre(boite)
        self._presser("Control+A")
        self._taper(mots)
        expect(self._page.get_by_role("option")).to_have_count(1)
        self._presser("ArrowDown")
        self._presser("Enter")
        expect(boite).to_have_value(choisi)

    def valider(self, nom_de_cle: str) -> None:
        self.atteindre(self._page.locator(f".st-key-{nom_de_cle} button"))
        self._presser("Enter")

    def suite(self) -> None:
        titre = self._page.locator("#etape-en-cours").inner_text()
        self.valider("suivante")
        expect(self._page.locator("#etape-en-cours")).not_to_have_text(titre)
        expect(self._page.locator("#etape-en-cours")).to_be_focused()

    def _presser(self, touche: str) -> None:
        self.touches += 1
        self._page.keyboard.press(touche)

    def _taper(self, texte: str) -> None:
        self.touches += len(texte)
        self._page.keyboard.type(texte)
