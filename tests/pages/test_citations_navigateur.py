"""The page « Vérifier une citation » in a real browser: pasted, linked to, beside its original."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from hashlib import sha256

import pytest
import typst
from accessibilite import violations
from attente import attendre_le_repos
from playwright.sync_api import Browser, Page, expect

from assistant.configuration import Configuration, read_configuration
from assistant.preparation import preparer
from assistant.publication.apercu import put_aside
from assistant.publication.etat import documents_of, open_base, version_in_service
from assistant.publication.publier import draft_version, look, publish
from corpus.base.models import Brouillon, EntreeBase
from corpus.canonical import build_canonical, build_loaded
from corpus.library import SOURCES, load_corpus
from corpus.loading.models import DocumentCharge
from corpus.loading.opening import load_bytes
from corpus.manifest import read_source
from corpus.models import FicheDocument

PHRASE = (
    "Un collectif d'enfants est un groupe constitué de 8 à 12 enfants maximum qui se réunit durant "
    "toute l'année scolaire"
)
LOCAL = {"CLAS_AGENTS_LOCAL": "1"}
ATTENTE = 60_000
"""Milliseconds: the first visit opens the texts, the rules and the cards."""
PDF_ID = "essai-pdf"
PDF_PHRASE = "Le carnet de bord fictif compte quatorze pages numérotées"


@pytest.fixture(scope="session")
def adresse_agents(navigateur: Browser, lancer_serveur: Callable[[dict[str, str]], str]) -> str:
    """Address of pages that are opened to agents of this computer."""
    assert navigateur.is_connected()
    return lancer_serveur(LOCAL)


def _ouvrir(page: Page, adresse: str, suite: str = "") -> None:
    page.goto(f"{adresse}/citation{suite}")
    expect(page.get_by_role("button", name="Vérifier", exact=True)).to_be_visible(timeout=ATTENTE)
    if suite:
        contenu = page.locator(".clas-constat, .clas-avis").first
        expect(contenu).to_be_visible(timeout=ATTENTE)
    attendre_le_repos(page)


def _coller(page: Page, texte: str) -> None:
    """Paste and check with the keyboard alone."""
    boite = page.get_by_label("Phrase, réponse ou lien à vérifier")
    boite.focus()
    page.keyboard.insert_text(texte)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Vérifier", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".clas-constat").first).to_be_visible(timeout=ATTENTE)
    attendre_le_repos(page)


def _lien(document: str, mots: str) -> str:
    texte = load_corpus().documents[document]
    debut = texte.texte.index(mots)
    return f"?document={document}&version={texte.version}&debut={debut}&fin={debut + len(mots)}"


@pytest.mark.long
def test_an_altered_sentence_is_pasted_and_its_difference_shown(
    page: Page, adresse_agents: str
) -> None:
    _ouvrir(page, adresse_agents)
    _coller(page, PHRASE.replace("8 à 12", "6 à 12"))
    constat = page.locator(".clas-constat")
    expect(constat.get_by_role("heading", name="Altérée")).to_be_visible()
    expect(constat.locator(".clas-ecarts mark")).to_have_text(["différent : 8", "différent : 6"])
    expect(page.get_by_role("heading", name="Document d'origine", exact=True)).to_be_visible()
    assert violations(page) == []


@pytest.mark.long
def test_a_link_opens_at_its_words_and_leads_to_the_next_quotation(
    page: Page, adresse_agents: str
) -> None:
    _ouvrir(page, adresse_agents, _lien("001", PHRASE))
    expect(page.get_by_role("heading", name="Trouvée mot pour mot")).to_be_visible()
    compte = page.locator(".clas-compte")
    expect(compte).to_contain_text("Citation")
    avant = compte.inner_text()
    page.get_by_role("button", name="Citation suivante").click()
    expect(compte).not_to_have_text(avant)
    page.get_by_text("Qui s'appuie sur ce passage").first.click()
    expect(page.get_by_text("collectif-trop-nombreux").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("suite", "dit"),
    [
        ("?document=zzz&debut=1&fin=5", "zzz"),
        ("?document=001&version=000000000000&debut=1&fin=5", "000000000000"),
        ("?document=001&debut=1&fin=99999999", "99999999"),
        ("?document=001&debut=<script>&fin=2", "pas utilisable"),
    ],
)
def test_a_link_that_cannot_be_followed_says_why(
    page: Page, adresse_agents: str, suite: str, dit: str
) -> None:
    _ouvrir(page, adresse_agents, suite)
    expect(page.locator("#stMain, [data-testid=stMain]").first).to_contain_text(dit)
    assert violations(page) == []


@pytest.mark.long
def test_each_quotation_of_an_answer_is_checked_and_opened_apart(
    page: Page, adresse_agents: str
) -> None:
    _ouvrir(page, adresse_agents)
    inconnue = "La fusée décolle demain matin vers la planète Mars"
    _coller(page, f"[1] Référentiel\n« {PHRASE} »\n[2] Note\n« {inconnue} »\n")
    titres = page.locator(".clas-constat h2")
    expect(titres).to_have_count(2)
    expect(titres.nth(0)).to_contain_text("Trouvée mot pour mot")
    expect(titres.nth(1)).to_contain_text("Introuvable")
    page.get_by_role("button", name="Voir la citation 1 dans le document d'origine").click()
    expect(page.get_by_role("heading", name="Document d'origine", exact=True)).to_be_visible()


@pytest.mark.long
def test_words_that_are_pasted_are_shown_and_never_obeyed(page: Page, adresse_agents: str) -> None:
    _ouvrir(page, adresse_agents)
    hostile = "<img src=x onerror=alert(1)> **gras** [lien](http://x) $x^2$ :smile: <b>fin</b> là"
    _coller(page, hostile)
    expect(page.locator(".clas-constat .clas-mots").first).to_contain_text(hostile)
    assert page.locator(".clas-constat img, .clas-constat b").count() == 0


@pytest.mark.long
def test_nothing_scrolls_sideways_on_a_narrow_phone(telephone: Page, adresse_agents: str) -> None:
    _ouvrir(telephone, adresse_agents, _lien("001", PHRASE))
    largeur = telephone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert largeur <= 320


@pytest.mark.long
def test_the_card_of_a_citation_leads_to_its_verification(page: Page, adresse_agents: str) -> None:
    page.goto(adresse_agents)
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill("Combien de séances par semaine ?")
    boite.press("Enter")
    page.get_by_role("link", name="Vérifier la citation 1").click()
    expect(page.get_by_role("heading", name="Trouvée mot pour mot")).to_be_visible()
    page.get_by_text("Qui s'appuie sur ce passage").first.click()
    expect(page.get_by_text("Combien de séances par semaine ?").first).to_be_visible()


@pytest.mark.long
def test_a_porteur_sees_neither_the_page_nor_its_links(page: Page, adresse: str) -> None:
    page.goto(adresse)
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill("Combien de séances par semaine ?")
    boite.press("Enter")
    expect(page.get_by_role("link", name="Lire la citation 1 dans le texte")).to_be_visible()
    attendre_le_repos(page)
    assert page.get_by_role("link", name="Vérifier la citation 1").count() == 0
    page.goto(f"{adresse}/citation{_lien('001', PHRASE)}")
    attendre_le_repos(page)
    assert page.locator(".clas-constat").count() == 0


@pytest.fixture(scope="module")
def publiee(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """A data folder where a PDF was added and the référentiel replaced."""
    ici = read_configuration()
    place = Configuration(donnees=tmp_path_factory.mktemp("publiee"), modele=ici.modele)
    (place.donnees / "modele").symlink_to(ici.dossier_modele.resolve())
    shutil.copytree(ici.dossier_index, place.dossier_index)
    preparer(place, annonce=lambda _: None)
    base, parent = open_base(place), version_in_service(place)
    assert parent is not None
    pdf: bytes = typst.compile(
        f"= Note fictive\n\n{PDF_PHRASE}.\n".encode(), format="pdf", ignore_system_fonts=True
    )
    fiche = parent.documents[0].fiche.model_copy(
        update={
            "id": PDF_ID, "titre": "Note fictive", "titre_court": "Note fictive", "rang": 5,
            "fichier": "note.pdf", "sha256": sha256(pdf).hexdigest(), "format": "pdf",
            "mise_en_page": None, "lacunes": (), "titres_restitues": (), "mobilier": (),
            "adresse": None,
        }
    )  # fmt: skip
    charge = load_bytes(pdf, "note.pdf")
    assert isinstance(charge, DocumentCharge)
    note = build_loaded(charge, FicheDocument.model_validate(fiche.model_dump()))
    ancien = documents_of(base, parent)["001"]
    source = read_source(ancien.fiche, SOURCES)
    nouveau = build_canonical(source.replace("8 à 12", "6 à 10"), ancien.fiche)
    base.keep_file(pdf)
    for texte in (note, nouveau):
        base.keep_text(texte)
    documents = tuple(
        e.model_copy(update={"texte": nouveau.version, "origine": "apporte"})
        if e.fiche.id == "001"
        else e
        for e in parent.documents
    )
    ajout = EntreeBase(fiche=note.fiche, texte=note.version, origine="apporte")
    base.write_draft(Brouillon(parent=parent.identite, documents=(*documents, ajout)))
    vu, _ = look(place)
    draft = base.read_draft()
    assert draft is not None
    textes = documents_of(base, draft_version(base, parent, draft))
    retraits, reparations = put_aside(vu, vu.bloquants, "à relire dans le nouveau texte", textes)
    decide = {"retraits": retraits, "reparations": reparations}
    base.write_draft(draft.model_copy(update=decide))
    publish(place, "Une gestionnaire", "Référentiel revu", annonce=lambda _: None)
    return place


@pytest.fixture(scope="module")
def adresse_publiee(
    publiee: Configuration, navigateur: Browser, lancer_serveur: Callable[[dict[str, str]], str]
) -> str:
    assert navigateur.is_connected()
    return lancer_serveur({**LOCAL, "CLAS_DONNEES": str(publiee.donnees)})


@pytest.mark.long
def test_a_pdf_is_shown_as_a_page_with_its_words_beside(page: Page, adresse_publiee: str) -> None:
    _ouvrir(page, adresse_publiee)
    _coller(page, PDF_PHRASE)
    expect(page.get_by_role("heading", name="Trouvée mot pour mot")).to_be_visible()
    image = page.get_by_role("img", name="Page 1 du document d'origine")
    expect(image).to_be_visible()
    assert image.evaluate("i => i.naturalWidth") == 1000
    expect(page.locator("#passage-cite")).to_contain_text("quatorze pages")
    assert violations(page) == []


@pytest.mark.long
def test_an_old_link_says_that_its_text_was_replaced_and_what_it_says_now(
    page: Page, adresse_publiee: str
) -> None:
    _ouvrir(page, adresse_publiee, _lien("001", PHRASE))
    constat = page.locator(".clas-constat")
    expect(constat.locator(".clas-parti")).to_contain_text("Texte remplacé le")
    expect(constat).to_contain_text("Le texte en service dit autre chose")
    expect(constat.locator("blockquote mark.clas-differe").first).to_contain_text("6")
    assert violations(page) == []
