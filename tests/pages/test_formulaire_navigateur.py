"""The form for real: keys pressed, focus followed, files saved, pixels in view."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from attente import attendre_le_repos
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pypdf import PdfReader

from pages_clas.formulaire_champs import cle

pytestmark = pytest.mark.long
"""A real browser through a long form: minutes, not seconds."""

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
expect.set_options(timeout=20_000)


def _ouvrir(page: Page, adresse: str, exemple: str | None = None) -> None:
    page.goto(f"{adresse}/projet")
    expect(page.locator("#verdict-du-projet")).to_be_visible()
    attendre_le_repos(page)
    if exemple:
        page.get_by_text("Partir d'un exemple, ouvrir ou enregistrer un fichier").click()
        page.locator(f".st-key-exemple-{exemple} button").click()
        _verdict(page, "Éligible")
        expect(page.locator("#etape-en-cours")).to_be_focused()
        attendre_le_repos(page)


def _verdict(page: Page, mot: str) -> None:
    expect(page.locator(".clas-mot")).to_have_text(re.compile(rf"{mot}$"))


def _etape(page: Page, nom: str) -> None:
    bouton = page.locator(f".st-key-etape-{nom} button")
    bouton.click()
    expect(bouton).to_have_attribute("aria-current", "step")
    expect(page.locator("#etape-en-cours")).to_be_focused()
    attendre_le_repos(page)


def _champ(page: Page, chemin: str) -> Locator:
    return page.locator(f".st-key-{cle(chemin)}")


def _saisie(page: Page, chemin: str) -> Locator:
    return _champ(page, chemin).locator("input")


class Clavier:
    """Keys pressed; with ``tabulation``, an element is reached by the Tab key alone."""

    def __init__(self, page: Page, *, tabulation: bool = False) -> None:
        self._page, self._tabulation = page, tabulation

    def atteindre(self, element: Locator, pas: int = 120) -> None:
        if not self._tabulation:
            element.focus()
            return
        element.wait_for()
        for _ in range(pas):
            if element.evaluate("element => element === document.activeElement"):
                return
            self._page.keyboard.press("Tab")
        pytest.fail(f"La tabulation n'atteint pas : {element}")

    def choisir(self, chemin: str, reponse: str) -> None:
        """Answer a choice with the arrow keys."""
        champ = _champ(self._page, chemin)
        voulue = champ.get_by_role("radio", name=reponse, exact=True)
        self.atteindre(champ.locator("input:checked"))
        for _ in range(champ.get_by_role("radio").count()):
            if voulue.is_checked():
                break
            self._page.keyboard.press("ArrowDown")
        expect(voulue).to_be_checked()

    def ecrire(self, chemin: str, texte: str) -> None:
        self.atteindre(_saisie(self._page, chemin))
        self._page.keyboard.press("Control+A")
        self._page.keyboard.type(texte)
        self._page.keyboard.press("Tab")

    def chercher(self, chemin: str, mots: str, choisi: str) -> None:
        """Choose in a list by some of the words, once the page is at rest."""
        attendre_le_repos(self._page)
        boite = _champ(self._page, chemin).get_by_role("combobox")
        self.atteindre(boite)
        self._page.keyboard.press("Control+A")
        self._page.keyboard.type(mots)
        expect(self._page.get_by_role("option")).to_have_count(1)
        self._page.keyboard.press("ArrowDown")
        self._page.keyboard.press("Enter")
        expect(boite).to_have_value(choisi)

    def valider(self, nom_de_cle: str) -> None:
        self.atteindre(self._page.locator(f".st-key-{nom_de_cle} button"))
        self._page.keyboard.press("Enter")

    def suite(self) -> None:
        titre = self._page.locator("#etape-en-cours").inner_text()
        self.valider("suivante")
        expect(self._page.locator("#etape-en-cours")).not_to_have_text(titre)
        expect(self._page.locator("#etape-en-cours")).to_be_focused()


def _violations(page: Page) -> list[str]:
    """Serious and critical violations of the whole page: nothing is excluded."""
    attendre_le_repos(page)
    resultat: dict[str, Any] = Axe().run(page).response
    return [
        f"{v['id']} ({v['impact']}) : {v['nodes'][0]['html'][:200]}"
        for v in resultat["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def test_the_form_talks_to_its_own_server_alone_and_has_no_error(page: Page, adresse: str) -> None:
    hotes: set[str] = set()
    erreurs: list[str] = []
    page.on("request", lambda requete: hotes.add(urlsplit(requete.url).netloc))
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    _ouvrir(page, adresse, "34")
    _etape(page, "resultat")
    assert page.title() == "Auto-contrôle de mon projet – Assistant Clas"
    assert hotes - {""} == {urlsplit(adresse).netloc}
    assert erreurs == []


def test_a_draft_is_begun_with_the_keyboard_alone(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse)
    _verdict(page, "Incomplet")
    page.locator("#etape-en-cours").focus()
    clavier = Clavier(page, tabulation=True)
    clavier.chercher("departement", "69", "Rhône (69)")
    expect(page.locator(".st-key-etape-locale")).to_be_visible()
    page.locator(".st-key-suivante button").focus()
    clavier.suite()
    case = _champ(page, "public.niveaux").get_by_role("checkbox", name="Élémentaire")
    clavier.atteindre(case)
    page.keyboard.press("Space")
    expect(case).to_be_checked()
    clavier.choisir("public.besoin_repere_avec_etablissements", "Non")
    _verdict(page, "Non éligible")
    expect(page.locator(".clas-blocage")).to_contain_text("établissements scolaires")
    expect(page.locator("#clas-annonces")).to_contain_text("Verdict : Non éligible, 1 critère")


def test_a_failing_criterion_leads_to_its_field_and_back_to_the_verdict(
    page: Page, adresse: str
) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "encadrement")
    Clavier(page).ecrire("collectifs.1.intervenants", "1")
    _verdict(page, "Non éligible")
    _etape(page, "budget")
    Clavier(page).valider("revoir-encadrement-1")
    champ = _saisie(page, "collectifs.1.intervenants")
    expect(champ).to_be_focused()
    expect(champ).to_be_in_viewport()
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    _verdict(page, "Éligible")
    expect(champ).to_be_focused()


def test_the_next_question_leads_to_its_field(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse)
    lien = page.locator(".st-key-clas-questions button").first
    assert lien.inner_text() == "Quels niveaux scolaires le projet accueille-t-il\u00a0?"
    lien.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#etape-en-cours")).to_contain_text("Le public")
    expect(_champ(page, "public.niveaux").locator("input:focus")).to_have_count(1)


def test_a_correction_is_applied_and_undone_with_the_keyboard(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "seances")
    Clavier(page).ecrire("collectifs.1.semaines", "20")
    _verdict(page, "Non éligible")
    expect(page.locator(".st-key-clas-propositions")).to_contain_text("Verdict alors : Éligible")
    Clavier(page).valider("appliquer-1")
    _verdict(page, "Éligible")
    expect(page.locator("#verdict-du-projet")).to_be_focused()
    expect(_saisie(page, "collectifs.1.semaines")).to_have_value("27")
    Clavier(page).valider("annuler")
    _verdict(page, "Non éligible")
    expect(_saisie(page, "collectifs.1.semaines")).to_have_value("20")


def test_a_value_that_is_refused_is_tied_to_its_field(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "collectifs")
    champ = _saisie(page, "collectifs.1.enfants")
    Clavier(page).ecrire("collectifs.1.enfants", "douze")
    erreur = page.locator(".clas-erreur")
    expect(erreur).to_contain_text("« douze » n'est pas retenu. Attendu : un nombre entier.")
    expect(champ).to_have_attribute("aria-invalid", "true")
    assert erreur.get_attribute("id") in (champ.get_attribute("aria-describedby") or "").split()
    _verdict(page, "Incomplet")
    champ.focus()
    Clavier(page).ecrire("collectifs.1.enfants", "12")
    expect(erreur).to_have_count(0)
    expect(champ).not_to_have_attribute("aria-invalid", "true")
    _verdict(page, "Éligible")


def test_typing_on_is_never_lost_while_an_answer_is_worked_out(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse)
    _etape(page, "seances")
    for chemin, texte in (
        ("collectifs.1.seances_par_semaine", "2"),
        ("collectifs.1.duree_seance_minutes", "90"),
        ("collectifs.1.semaines", "27"),
    ):
        _saisie(page, chemin).focus()
        page.keyboard.type(texte)
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    expect(_saisie(page, "collectifs.1.seances_par_semaine")).to_have_value("2")
    expect(_saisie(page, "collectifs.1.duree_seance_minutes")).to_have_value("90")
    expect(_saisie(page, "collectifs.1.semaines")).to_have_value("27")


def test_a_project_is_saved_then_opened_again(page: Page, adresse: str, tmp_path: Path) -> None:
    _ouvrir(page, adresse, "69")
    _etape(page, "collectifs")
    # The verdict goes and comes back: only then has 11 been received.
    Clavier(page).ecrire("collectifs.1.enfants", "20")
    _verdict(page, "Non éligible")
    _saisie(page, "collectifs.1.enfants").focus()
    Clavier(page).ecrire("collectifs.1.enfants", "11")
    _verdict(page, "Éligible")
    attendre_le_repos(page)
    with page.expect_download() as attente:
        page.locator(".st-key-enregistrer button").click()
    fichier = tmp_path / attente.value.suggested_filename
    attente.value.save_as(fichier)
    assert fichier.name == "projet-clas.json"
    assert json.loads(fichier.read_text("utf-8"))["collectifs"][0]["enfants"] == 11
    page.locator(".st-key-recommencer button").click()
    _verdict(page, "Incomplet")
    page.locator("input[type=file]").set_input_files(fichier)
    _verdict(page, "Éligible")
    _etape(page, "collectifs")
    expect(_saisie(page, "collectifs.1.enfants")).to_have_value("11")


def test_a_file_that_cannot_be_opened_says_why(page: Page, adresse: str, tmp_path: Path) -> None:
    _ouvrir(page, adresse)
    page.get_by_text("Partir d'un exemple, ouvrir ou enregistrer un fichier").click()
    fautif = tmp_path / "projet.json"
    fautif.write_text('{"anne_scolaire": "2025-2026"}', "utf-8")
    page.locator("input[type=file]").set_input_files(fautif)
    expect(page.locator(".clas-avis-erreur")).to_contain_text("vouliez-vous « annee_scolaire » ?")
    expect(page.locator("#clas-annonces")).to_contain_text("vouliez-vous « annee_scolaire » ?")
    assert _violations(page) == []


def test_the_report_is_downloaded(page: Page, adresse: str, tmp_path: Path) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "resultat")
    signatures = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!DOCTYPE html>"}
    for forme, signature in signatures.items():
        with page.expect_download() as attente:
            page.locator(f".st-key-rapport-{forme} button").click()
        chemin = tmp_path / attente.value.suggested_filename
        attente.value.save_as(chemin)
        assert chemin.suffix == f".{forme}"
        assert chemin.read_bytes().startswith(signature)
    pdf = PdfReader(next(tmp_path.glob("*.pdf")))
    assert "Association exemple" in pdf.pages[0].extract_text()


def test_a_quotation_opens_highlighted_and_the_draft_stays(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "encadrement")
    aide = page.locator(f".st-key-cadre-{cle('collectifs.1.intervenants')} .clas-textes")
    expect(aide.locator("blockquote").first).not_to_be_visible()
    aide.locator("summary").focus()
    page.keyboard.press("Enter")
    mots = aide.locator("blockquote").first.inner_text()
    aide.locator("a").first.focus()
    with page.context.expect_page() as attente:
        page.keyboard.press("Enter")
    texte = attente.value
    expect(texte.locator("#passage-cite").first).to_be_in_viewport()
    assert " ".join(mots.split())[:60] in " ".join(
        texte.locator("mark.clas-citation").first.inner_text().split()
    )
    texte.close()
    _verdict(page, "Éligible")


def test_fields_of_a_collectif_and_of_a_set_are_named_groups(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "collectifs")
    groupe = page.get_by_role("group", name="Collectif 1")
    expect(groupe.get_by_role("textbox", name="Combien d'enfants")).to_have_value("10")
    _etape(page, "public")
    niveaux = page.get_by_role("group", name="Quels niveaux scolaires")
    expect(niveaux.get_by_role("checkbox")).to_have_count(7)


def test_no_english_word_of_streamlit_is_left_in_the_form(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse, "34")
    # Icons are letters that a font draws, hidden from screen readers.
    page.add_style_tag(content="[data-testid=stIconMaterial] { display: none; }")
    for etape in ("structure", "budget", "resultat"):
        _etape(page, etape)
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
    _ouvrir(page, adresse, "34")
    _etape(page, "resultat")
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
    _ouvrir(telephone, adresse, "34")
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
    assert _violations(telephone) == []


@pytest.mark.parametrize("exemple", [None, "34"])
def test_an_empty_and_a_full_form_have_no_serious_accessibility_violation(
    page: Page, adresse: str, exemple: str | None
) -> None:
    _ouvrir(page, adresse, exemple)
    page.locator(".clas-textes summary").first.click()
    assert _violations(page) == []


def test_a_form_that_fails_has_no_serious_accessibility_violation(page: Page, adresse: str) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, "collectifs")
    Clavier(page).ecrire("collectifs.1.enfants", "20")
    _verdict(page, "Non éligible")

    assert _violations(page) == []
    _etape(page, "resultat")
    assert _violations(page) == []


@pytest.mark.parametrize("etape", ETAPES)
def test_no_step_has_a_serious_accessibility_violation(
    page: Page, adresse: str, etape: str
) -> None:
    _ouvrir(page, adresse, "34")
    _etape(page, etape)
    for plie in page.locator("#stMain details summary").all()[:12]:
        plie.click()
    assert _violations(page) == []


def test_a_whole_draft_is_filled_with_the_keyboard_alone_within_three_minutes(
    page: Page, adresse: str
) -> None:
    _ouvrir(page, adresse)
    clavier = Clavier(page, tabulation=True)
    debut = time.monotonic()
    clavier.chercher("departement", "(01)", "Ain (01)")
    clavier.chercher("annee_scolaire", "2025-2026", "2025-2026")
    clavier.suite()
    clavier.atteindre(_champ(page, "public.niveaux").get_by_role("checkbox", name="Collège"))
    page.keyboard.press("Space")
    clavier.choisir("public.besoin_repere_avec_etablissements", "Oui")
    clavier.choisir("diagnostic_des_besoins", "Oui")
    clavier.suite()
    clavier.ecrire("collectifs.1.enfants", "10")
    clavier.choisir("collectifs.1.meme_lieu_accessible_aux_parents", "Oui")
    clavier.suite()
    clavier.ecrire("collectifs.1.intervenants", "2")
    clavier.choisir("competences_intervenants", "Oui")
    clavier.choisir("coordinateur.designe", "Oui")
    clavier.ecrire("coordinateur.niveau_bac_plus", "3")
    clavier.choisir("coordinateur.experience", "Oui")
    clavier.suite()
    clavier.choisir("hors_temps_scolaire", "Oui")
    clavier.ecrire("collectifs.1.seances_par_semaine", "2")
    clavier.ecrire("collectifs.1.duree_seance_minutes", "90")
    clavier.ecrire("collectifs.1.semaines", "28")
    clavier.suite()
    clavier.valider("oui-champ-axes-enfants-")
    clavier.choisir("aide_aux_devoirs_exclusive", "Non")
    clavier.choisir("actions_individuelles", "Aucune")
    clavier.suite()
    clavier.valider("oui-champ-axes-parents-")
    clavier.choisir("charte.participation_familles", "Gratuit")
    clavier.suite()
    clavier.valider("oui-champ-axes-ecole-")
    clavier.suite()
    clavier.choisir("axes.territoire.partenaires_locaux", "Oui")
    clavier.choisir("charte.laicite", "Oui")
    clavier.suite()
    clavier.ecrire("collectifs.1.prix_de_revient", "9 000 €")
    clavier.ecrire("budget.cout_total", "9500")
    clavier.choisir("budget.cofinancements", "Oui")
    clavier.ecrire("budget.cofinancements.1.montant", "3000")
    clavier.chercher("budget.cofinancements.1.type", "Commune", "Commune")
    _verdict(page, "Éligible")
    assert time.monotonic() - debut < 60 * MINUTES_PROMISES
    expect(page.locator(".clas-montants")).to_contain_text("2\u202f563\u00a0€")
