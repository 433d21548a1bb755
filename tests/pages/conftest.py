from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from comptes import Site, servir_avec_des_comptes
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.composants import paquets_lus_une_fois

__all__ = ["paquets_lus_une_fois"]  # a fixture, used by itself
RACINE = Path(__file__).resolve().parents[2]
# The pages are a script's own folder, not an installed package.
sys.path.insert(0, str(RACINE))
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ATTENTE = 60
"""Seconds that a server may take to answer: a busy machine starts it slowly."""


def _chemin_de_chromium() -> str | None:
    declare = os.environ.get("CHROMIUM")
    if declare:
        return declare if Path(declare).is_file() else None
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _attendre(adresse: str, serveur: subprocess.Popen[bytes], journal: Path) -> None:
    limite = time.monotonic() + ATTENTE
    while time.monotonic() < limite:
        if serveur.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{adresse}/_stcore/health", timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"Le serveur de pages ne répond pas :\n{journal.read_text('utf-8')}")


@pytest.fixture(scope="session")
def lancer_serveur(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[dict[str, str]], str]]:
    """Start real servers on free ports; stop each of them by its own process."""
    dossier = tmp_path_factory.mktemp("serveurs")
    lances: list[subprocess.Popen[bytes]] = []

    def lancer(environnement: dict[str, str]) -> str:
        port = _port_libre()
        journal = dossier / f"{port}.log"
        commande = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        with journal.open("wb") as sortie:
            serveur = subprocess.Popen(
                commande,
                cwd=RACINE,
                env=os.environ | environnement,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
            )
        lances.append(serveur)
        adresse = f"http://127.0.0.1:{port}"
        _attendre(adresse, serveur, journal)
        return adresse

    yield lancer
    for serveur in lances:
        serveur.terminate()
        try:
            serveur.wait(timeout=60)
        except subprocess.TimeoutExpired:
            serveur.kill()
            serveur.wait()


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    chemin = _chemin_de_chromium()
    if chemin is None:
        pytest.skip(
            "Chromium est absent : installez-le (Debian : apt-get install chromium) "
            "ou donnez son chemin (CHROMIUM=/chemin/vers/chromium)."
        )
    with sync_playwright() as outils:
        ouvert = outils.chromium.launch(executable_path=chemin, args=list(OPTIONS))
        yield ouvert
        ouvert.close()


@pytest.fixture(scope="session")
def adresse(navigateur: Browser, lancer_serveur: Callable[[dict[str, str]], str]) -> str:
    """Address of the pages; no server is started without a browser."""
    assert navigateur.is_connected()
    return lancer_serveur({})


@pytest.fixture(scope="module")
def fournisseur(navigateur: Browser) -> Iterator[str]:
    """Address of a real OpenID Connect provider; no one is started without a browser."""
    assert navigateur.is_connected()
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    commande = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    processus = subprocess.Popen(
        commande, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    adresse = f"http://127.0.0.1:{port}"
    limite = time.monotonic() + 60
    while time.monotonic() < limite:
        try:
            urllib.request.urlopen(
                f"{adresse}/.well-known/openid-configuration", timeout=10
            ).close()
            break
        except (urllib.error.URLError, OSError):
            assert processus.poll() is None, "le fournisseur d'identité s'est arrêté"
            time.sleep(0.1)
    yield adresse
    processus.terminate()
    processus.wait(timeout=60)


@pytest.fixture(scope="module")
def site(
    fournisseur: str,
    lancer_serveur: Callable[[dict[str, str]], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    return servir_avec_des_comptes(fournisseur, lancer_serveur, tmp_path_factory.mktemp("comptes"))


@pytest.fixture(scope="module")
def local(
    navigateur: Browser,
    lancer_serveur: Callable[[dict[str, str]], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """Pages without accounts, opened to this computer."""
    assert navigateur.is_connected()
    dossier = tmp_path_factory.mktemp("local")
    adresse = lancer_serveur(
        {"HOME": str(dossier), "CLAS_AGENTS_LOCAL": "1", "CLAS_DONNEES": str(dossier / "var")}
    )
    return Site(adresse, dossier / "var", dossier, "")


def _contexte(
    navigateur: Browser, adresse: str, largeur: int, hauteur: int
) -> Iterator[BrowserContext]:
    """Open a window whose tabs share one cache: each tab is a session of its own all the same."""
    contexte = navigateur.new_context(
        viewport={"width": largeur, "height": hauteur}, locale="fr-FR", reduced_motion="reduce"
    )
    contexte.grant_permissions(["clipboard-read", "clipboard-write"], origin=adresse)
    contexte.set_default_timeout(30_000)
    yield contexte
    contexte.close()


@pytest.fixture(scope="session")
def ordinateur(navigateur: Browser, adresse: str) -> Iterator[BrowserContext]:
    yield from _contexte(navigateur, adresse, 1280, 900)


@pytest.fixture(scope="session")
def petit_ecran(navigateur: Browser, adresse: str) -> Iterator[BrowserContext]:
    yield from _contexte(navigateur, adresse, 320, 640)


def _onglet(contexte: BrowserContext) -> Iterator[Page]:
    """Open a tab that finds nothing of those before: Streamlit stores the state of the menu."""
    onglet = contexte.new_page()
    onglet.add_init_script("""
        if (location.protocol === "http:" && !sessionStorage.getItem("essai")) {
            localStorage.clear();
            sessionStorage.setItem("essai", "commencé");
        }
    """)
    yield onglet
    onglet.close()


@pytest.fixture
def page(ordinateur: BrowserContext) -> Iterator[Page]:
    yield from _onglet(ordinateur)


@pytest.fixture
def telephone(petit_ecran: BrowserContext) -> Iterator[Page]:
    yield from _onglet(petit_ecran)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test in a real browser a second try: it shares the machine with everything else.

    A retry is counted apart in the closing line, so that one that comes back is seen.
    """
    for item in items:
        if "navigateur" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
