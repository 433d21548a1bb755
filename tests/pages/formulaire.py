"""The form as tests drive it without a browser: what they open, read and press."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from assistant.eligibility import (
    charger_regles,
    lire_projet,
    verifier,
)
from assistant.eligibility.donnees import poser
from assistant.eligibility.report.wording import lire_textes
from assistant.eligibility.samples import exemple
from corpus.library import load_corpus
from pages_clas import PAGE_PROJET
from pages_clas.formulaire_brouillon import Brouillon
from pages_clas.formulaire_plan import Guide

APP = Path(__file__).resolve().parents[2] / "app.py"
NOUVEAU = APP.parent / "tests" / "assistant" / "departement_11.yaml"
DOCUMENTS = load_corpus().documents
REGLES = charger_regles(DOCUMENTS)
GUIDE = Guide(REGLES, DOCUMENTS)


def ouvrir_le_formulaire() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=60).run().switch_page(PAGE_PROJET).run()


def brouillon_de(page: AppTest) -> Brouillon:
    assert not page.exception
    brouillon: Brouillon = page.session_state["brouillon_de_projet"]
    return brouillon


def projet_de(page: AppTest) -> dict[str, Any]:
    return brouillon_de(page).projet


def html_de(page: AppTest) -> str:
    assert not page.exception
    corps = (element.proto.body for element in page.html)
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def mot_de(page: AppTest) -> str:
    """Verdict that the page shows."""
    trouve = re.search(r'class="clas-mot">.*?</span>([^<]+)</p>', html_de(page))
    assert trouve is not None
    return unescape(trouve[1])


def aller_a(page: AppTest, nom: str) -> AppTest:
    return page.button(key=f"etape-{nom}").click().run()


def ouvrir_un_projet(
    page: AppTest, projet: dict[str, Any] | bytes, nom: str = "projet.json"
) -> AppTest:
    contenu = projet if isinstance(projet, bytes) else json.dumps(projet).encode()
    return page.file_uploader[0].set_value((nom, contenu, "application/json")).run()


def exemple_de(code: str = "34", **changements: Any) -> dict[str, Any]:
    """Example of a département, some facts changed by path (« __ » for the dots)."""
    projet: dict[str, Any] = json.loads(exemple(code, REGLES))
    for chemin, valeur in changements.items():
        projet = poser(projet, chemin.replace("__", "."), valeur)
    return projet


def mot_du_verdict(projet: dict[str, Any]) -> str:
    resultat = verifier(lire_projet(projet, REGLES), REGLES)
    return lire_textes().verdicts[resultat.verdict].mot
