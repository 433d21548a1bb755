"""The form for real: keys pressed, focus followed, files saved, pixels in view."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from parcours import (
    MINUTES_PROMISES,
    TOUCHES_PAR_SECONDE,
    Clavier,
    aller_a_l_etape,
    attendre_le_verdict,
    champ_de,
    ouvrir_le_projet,
    saisie_de,
)
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from pages_clas.formulaire_champs import cle

pytestmark = pytest.mark.long
"""A real browser through a long form: minutes, not seconds."""


def test_the_form_talks_to_its_own_server_alone_and_has_no_error(page: Page, adresse: str) -> None:
    hotes: set[str] = set()
    erreurs: list[str] = []
    page.on("request", lambda requete: hotes.add(urlsplit(requete.url).netloc))
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "resultat")
    assert page.title() == "Auto-contrôle de mon projet – Assistant Clas"
    assert hotes - {""} == {urlsplit(adresse).netloc}
    assert erreurs == []


def test_a_draft_is_begun_with_the_keyboard_alone(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse)
    attendre_le_verdict(page, "Incomplet")
    page.locator("#etape-en-cours").focus()
    clavier = Clavier(page, tabulation=True)
    clavier.chercher("departement", "69", "Rhône (69)")
    expect(page.locator(".st-key-etape-locale")).to_be_visible()
    page.locator(".st-key-suivante button").focus()
    clavier.suite()
    case = champ_de(page, "public.niveaux").get_by_role("checkbox", name="Élémentaire")
    clavier.atteindre(case)
    page.keyboard.press("Space")
    expect(case).to_be_checked()
    clavier.choisir("public.besoin_repere_avec_etablissements", "Non")
    attendre_le_verdict(page, "Non éligible")
    expect(page.locator(".clas-blocage")).to_contain_text("établissements scolaires")
    expect(page.locator("#clas-annonces")).to_contain_text("Verdict : Non éligible, 1 critère")


def test_a_failing_criterion_leads_to_its_field_and_back_to_the_verdict(
    page: Page, adresse: str
) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "encadrement")
    Clavier(page).ecrire("collectifs.1.intervenants", "1")
    attendre_le_verdict(page, "Non éligible")
    aller_a_l_etape(page, "budget")
    Clavier(page).valider("revoir-encadrement-1")
    champ = saisie_de(page, "collectifs.1.intervenants")
    expect(champ).to_be_focused()
    expect(champ).to_be_in_viewport()
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    attendre_le_verdict(page, "Éligible")
    expect(champ).to_be_focused()


def test_the_next_question_leads_to_its_field(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse)
    lien = page.locator(".st-key-clas-questions button").first
    assert lien.inner_text() == "Quels niveaux scolaires le projet accueille-t-il\u00a0?"
    lien.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#etape-en-cours")).to_contain_text("Le public")
    expect(champ_de(page, "public.niveaux").locator("input:focus")).to_have_count(1)


def test_a_correction_is_applied_and_undone_with_the_keyboard(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "seances")
    Clavier(page).ecrire("collectifs.1.semaines", "20")
    attendre_le_verdict(page, "Non éligible")
    expect(page.locator(".st-key-clas-propositions")).to_contain_text("Verdict alors : Éligible")
    Clavier(page).valider("appliquer-1")
    attendre_le_verdict(page, "Éligible")
    expect(page.locator("#verdict-du-projet")).to_be_focused()
    expect(saisie_de(page, "collectifs.1.semaines")).to_have_value("27")
    Clavier(page).valider("annuler")
    attendre_le_verdict(page, "Non éligible")
    expect(saisie_de(page, "collectifs.1.semaines")).to_have_value("20")


def test_a_value_that_is_refused_is_tied_to_its_field(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "collectifs")
    champ = saisie_de(page, "collectifs.1.enfants")
    Clavier(page).ecrire("collectifs.1.enfants", "douze")
    erreur = page.locator(".clas-erreur")
    expect(erreur).to_contain_text("« douze » n'est pas retenu. Attendu : un nombre entier.")
    expect(champ).to_have_attribute("aria-invalid", "true")
    assert erreur.get_attribute("id") in (champ.get_attribute("aria-describedby") or "").split()
    attendre_le_verdict(page, "Incomplet")
    champ.focus()
    Clavier(page).ecrire("collectifs.1.enfants", "12")
    expect(erreur).to_have_count(0)
    expect(champ).not_to_have_attribute("aria-invalid", "true")
    attendre_le_verdict(page, "Éligible")


def test_typing_on_is_never_lost_while_an_answer_is_worked_out(page: Page, adresse: str) -> None:
    ouvrir_le_projet(page, adresse)
    aller_a_l_etape(page, "seances")
    for chemin, texte in (
        ("collectifs.1.seances_par_semaine", "2"),
        ("collectifs.1.duree_seance_minutes", "90"),
        ("collectifs.1.semaines", "27"),
    ):
        saisie_de(page, chemin).focus()
        page.keyboard.type(texte)
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    expect(saisie_de(page, "collectifs.1.seances_par_semaine")).to_have_value("2")
    expect(saisie_de(page, "collectifs.1.duree_seance_minutes")).to_have_value("90")
    expect(saisie_de(page, "collectifs.1.semaines")).to_have_value("27")


def test_a_project_is_saved_then_opened_again(page: Page, adresse: str, tmp_path: Path) -> None:
    ouvrir_le_projet(page, adresse, "69")
    aller_a_l_etape(page, "collectifs")
    # The verdict goes and comes back: only then has 11 been received.
    Clavier(page).ecrire("collectifs.1.enfants", "20")
    attendre_le_verdict(page, "Non éligible")
    saisie_de(page, "collectifs.1.enfants").focus()
    Clavier(page).ecrire("collectifs.1.enfants", "11")
    attendre_le_verdict(page, "Éligible")
    attendre_le_repos(page)
    with page.expect_download() as attente:
        page.locator(".st-key-enregistrer button").click()
    fichier = tmp_path / attente.value.suggested_filename
    attente.value.save_as(fichier)
    assert fichier.name == "projet-clas.json"
    assert json.loads(fichier.read_text("utf-8"))["collectifs"][0]["enfants"] == 11
    page.locator(".st-key-recommencer button").click()
    attendre_le_verdict(page, "Incomplet")
    page.locator("input[type=file]").set_input_files(fichier)
    attendre_le_verdict(page, "Éligible")
    aller_a_l_etape(page, "collectifs")
    expect(saisie_de(page, "collectifs.1.enfants")).to_have_value("11")


def test_a_file_that_cannot_be_opened_says_why(page: Page, adresse: str, tmp_path: Path) -> None:
    ouvrir_le_projet(page, adresse)
    page.get_by_text("Partir d'un exemple, ouvrir ou enregistrer un fichier").click()
    fautif = tmp_path / "projet.json"
    fautif.write_text('{"anne_scolaire": "2025-2026"}', "utf-8")
    page.locator("input[type=file]").set_input_files(fautif)
    expect(page.locator(".clas-avis-erreur")).to_contain_text("vouliez-vous « annee_scolaire » ?")
    expect(page.locator("#clas-annonces")).to_contain_text("vouliez-vous « annee_scolaire » ?")
    assert violations(page) == []


def test_the_report_is_downloaded(page: Page, adresse: str, tmp_path: Path) -> None:
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "resultat")
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
    ouvrir_le_projet(page, adresse, "34")
    aller_a_l_etape(page, "encadrement")
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
    attendre_le_verdict(page, "Éligible")


def test_a_whole_draft_is_filled_with_the_keyboard_alone_within_three_minutes(
    page: Page, adresse: str
) -> None:
    ouvrir_le_projet(page, adresse)
    clavier = Clavier(page, tabulation=True)
    clavier.chercher("departement", "(01)", "Ain (01)")
    clavier.chercher("annee_scolaire", "2025-2026", "2025-2026")
    clavier.suite()
    clavier.atteindre(champ_de(page, "public.niveaux").get_by_role("checkbox", name="Collège"))
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
    attendre_le_verdict(page, "Éligible")
    assert clavier.touches < 60 * MINUTES_PROMISES * TOUCHES_PAR_SECONDE
    expect(page.locator(".clas-montants")).to_contain_text("2\u202f563\u00a0€")
