"""Several replicas behind a proxy: what each says of itself, its stop, its death."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from attente import attendre_le_repos
from playwright.sync_api import Browser, BrowserContext, Page, expect
from repliques import RACINE, Replique, nginx_lance, replique_lancee
from sqlalchemy import text
from tenir import fenetre

from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.moteur import Magasin
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

QUESTION = "Combien de séances par semaine ?"
SUITE = "et en milieu rural ?"
RACONTEE = "On a 10 enfants et 2 animateurs, c'est bon ?"
ATTENTE = 60_000
"""Milliseconds: the first visit opens the texts."""


@pytest.fixture
def environnement(serveur_postgres: ServeurPostgres, base_postgres: str) -> dict[str, str]:
    return {
        BASE_VARIABLE: serveur_postgres.url(base_postgres),
        "STREAMLIT_SERVER_COOKIE_SECRET": "le même pour toutes",
    }


@pytest.fixture
def paire(environnement: dict[str, str], tmp_path: Path) -> Iterator[list[Replique]]:
    """Two replicas that are ready."""
    with ExitStack() as lancees:
        repliques = [
            lancees.enter_context(replique_lancee(environnement, tmp_path)) for _ in range(2)
        ]
        for replique in repliques:
            replique.attendre(200)
        yield repliques


@pytest.fixture
def contexte(navigateur: Browser) -> Iterator[BrowserContext]:
    contexte = fenetre(navigateur)
    yield contexte
    contexte.close()


def _demander(page: Page, question: str, numero: int) -> None:
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(question, timeout=ATTENTE)
    boite.press("Enter")
    expect(page.locator(f"#question-{numero}")).to_contain_text(question, timeout=ATTENTE)
    expect(page.locator(".clas-reponse")).to_have_count(numero, timeout=ATTENTE)
    attendre_le_repos(page)


def _attendre_le_magasin(replique: Replique) -> dict[str, object]:
    """What it says once its store answers in time: a busy machine keeps it waiting."""
    limite = time.monotonic() + 60
    while True:
        _, dit = replique.demander("/pret")
        if dit["magasin"] == "répond" or time.monotonic() > limite:
            return dit
        time.sleep(0.1)


def _qui_sert(repliques: list[Replique]) -> Replique:
    """The one that the page is joined to: the others have no connection that lasts."""
    tenues = {replique.port: _connexions(replique) for replique in repliques}
    return max(repliques, key=lambda replique: tenues[replique.port])


def _connexions(replique: Replique) -> int:
    """Connections open to a replica, as the system lists them."""
    port = f"{replique.port:04X}"
    lignes = Path("/proc/net/tcp").read_text().splitlines()[1:]
    champs = (ligne.split() for ligne in lignes)
    return sum(c[1].endswith(f":{port}") and c[3] == "01" for c in champs)


def test_a_conversation_goes_on_when_the_replica_that_serves_it_is_killed(
    paire: list[Replique], contexte: BrowserContext, tmp_path: Path, magasin: Magasin
) -> None:
    with nginx_lance(paire, tmp_path) as adresse:
        page = contexte.new_page()
        page.goto(adresse)
        _demander(page, RACONTEE, 1)
        _demander(page, QUESTION, 2)
        avant = page.locator(".clas-reponse").all_inner_texts()
        assert "conversation=" in page.url
        tuee = _qui_sert(paire)
        tuee.processus.kill()
        tuee.processus.wait()

        _demander(page, SUITE, 3)
        assert page.locator(".clas-reponse").all_inner_texts()[:2] == avant
        expect(page.locator("#clas-faits-titre")).to_be_visible()
        expect(page.locator(".clas-comprise")).to_contain_text(QUESTION)

        # A visitor who comes now never sees the dead one; nor the state of any.
        nouvelle = contexte.browser
        assert nouvelle is not None
        for _ in range(3):
            autre = fenetre(nouvelle)
            visite = autre.new_page()
            visite.goto(adresse)
            visite.get_by_role("textbox", name="Votre question sur le Clas").wait_for(
                timeout=ATTENTE
            )
            autre.close()
        for chemin in ("/sante", "/pret", "/pret/", "/metriques", "/_stcore/metrics"):
            assert contexte.request.get(f"{adresse}{chemin}").status == 404

        # Opened again from its address, all of it is there.
        jeton = page.url.partition("conversation=")[2]
        page.goto(page.url)
        expect(page.locator(".clas-reponse")).to_have_count(3, timeout=ATTENTE)
    ecrits = b"".join(trace.read_bytes() for trace in tmp_path.glob("*.log"))
    assert b"GET /" in ecrits
    assert jeton.encode() not in ecrits
    with magasin.connexion() as connection:
        lignes = connection.execute(text("SELECT nom, contenu FROM conversations.gardees")).all()
    assert lignes
    for ligne in lignes:
        for mots in (QUESTION, "animateurs", jeton):
            assert mots.encode() not in bytes(ligne.nom) + bytes(ligne.contenu)


def test_a_replica_says_what_it_is_then_stops_when_it_is_told_to(
    environnement: dict[str, str], tmp_path: Path
) -> None:
    with replique_lancee(environnement, tmp_path) as replique:
        replique.attendre(200)
        dit = _attendre_le_magasin(replique)
        assert dit.pop("version")
        assert dit == {"pret": True, "magasin": "répond", "degrade": False, "raison": ""}
        assert replique.demander("/sante") == (200, {"etat": "en marche"})
        replique.processus.send_signal(signal.SIGTERM)
        # It says so before it stops: after, nobody would answer.
        assert replique.attendre(503)["raison"] == "Ce serveur s'arrête."
        replique.processus.wait(timeout=60)


def test_a_replica_without_its_store_is_ready_and_says_that_it_goes_on_alone(
    serveur_postgres: ServeurPostgres, tmp_path: Path
) -> None:
    absente = {BASE_VARIABLE: serveur_postgres.url("absente")}
    with replique_lancee(absente, tmp_path) as replique:
        dit = replique.attendre(200)
        assert (dit["magasin"], dit["degrade"]) == ("absent", True)


def test_a_store_that_is_frozen_does_not_hold_the_answer_on_readiness(
    serveur_postgres: ServeurPostgres, environnement: dict[str, str], tmp_path: Path
) -> None:
    with replique_lancee(environnement, tmp_path) as replique:
        replique.attendre(200)
        _attendre_le_magasin(replique)
        with serveur_postgres.gele():
            statut, dit = replique.demander("/pret")
            assert (statut, dit["magasin"], dit["degrade"]) == (200, "absent", True)


def test_a_replica_without_texts_is_not_ready_and_names_no_path(tmp_path: Path) -> None:
    vide = {"CLAS_DONNEES": str(tmp_path / "vide")}
    with replique_lancee(vide, tmp_path) as replique:
        dit = replique.attendre(503)
        while dit["raison"] == "Les textes s'ouvrent.":
            time.sleep(0.1)
            _, dit = replique.demander("/pret")
        assert "clas preparer" in dit["raison"]
        assert str(tmp_path) not in str(dit)


_PROCESSUS = """
import signal, sys, time
from pages_clas.arret import Arret
signal.signal(signal.SIGTERM, lambda *_: print("serveur prévenu", flush=True))
arret = Arret(delai=float(sys.argv[1]))
arret.installer()
with arret.page():
    print("page commencée", flush=True)
    fin = time.monotonic() + float(sys.argv[2])
    while time.monotonic() < fin:
        time.sleep(0.05)
    print("page finie", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(
    ("delai", "duree", "dit"),
    [
        (10.0, 1.8, ["page finie", "serveur prévenu"]),
        (4.5, 60.0, ["serveur prévenu"]),
    ],
)
def test_what_is_being_drawn_ends_before_the_process_leaves_but_not_for_ever(
    delai: float, duree: float, dit: list[str]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PROCESSUS, str(delai), str(duree)],
        cwd=RACINE,
        stdout=subprocess.PIPE,
        text=True,
    ) as processus:
        assert processus.stdout is not None
        assert processus.stdout.readline() == "page commencée\n"
        processus.terminate()
        assert processus.stdout.read().splitlines() == dit
        assert processus.wait(timeout=60) == 0
