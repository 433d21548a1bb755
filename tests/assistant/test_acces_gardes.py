"""The guards themselves: pages that nobody registered, and acts judged at their own moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from assistant.acces import Identite, Situation, decide
from assistant.configuration import Configuration
from assistant.publication.etat import open_base
from corpus.base.models import Evenement
from pages_clas import garde
from pages_clas.pages_agents import PAGES, PageAgents, pages_de
from tests.composants import paquets_lus_une_fois
from tests.situations import ICI

__all__ = ["paquets_lus_une_fois"]  # a fixture, used by itself
RACINE = Path(__file__).resolve().parents[2]
AILLEURS = dataclasses.replace(ICI, requete=dataclasses.replace(ICI.requete, adresse="10.0.0.1"))


@pytest.fixture
def dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    monkeypatch.delenv("CLAS_AGENTS_LOCAL", raising=False)
    return tmp_path


def _journal(dossier: Path) -> list[Evenement]:
    return list(open_base(Configuration(donnees=dossier, modele=None)).read_journal())


def _se_suivent(monkeypatch: pytest.MonkeyPatch, *situations: Situation) -> None:
    """Have one request after another be judged; the last one for ever."""
    suite: Iterator[Situation] = iter(situations)
    monkeypatch.setattr(garde, "situation", lambda: next(suite, situations[-1]))


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.adresse)
def test_a_page_refuses_by_itself_whoever_has_no_role(page: PageAgents, dossier: Path) -> None:
    montree = AppTest.from_file(str(RACINE / page.script), default_timeout=60).run()
    assert not montree.exception
    assert "Page réservée" in _html(montree)
    assert not montree.button
    assert not montree.text_area
    assert not montree.file_uploader
    assert not list(dossier.iterdir())


def test_a_page_is_given_to_those_whose_role_covers_it() -> None:
    gestionnaire, refus = decide(ICI), decide(AILLEURS)
    assert isinstance(gestionnaire, Identite)
    assert pages_de(gestionnaire) == PAGES
    agent = dataclasses.replace(gestionnaire, role="agent")
    assert pages_de(agent) == tuple(p for p in PAGES if p.role == "agent")
    assert pages_de(refus) == ()


ACTE = """
import os
from pathlib import Path

import streamlit as st

from pages_clas import garde

garde.exiger("agent")
st.write("page ouverte")
garde.agir(
    "gestionnaire",
    "verifier",
    "essai",
    lambda _: Path(os.environ["CLAS_DONNEES"], "fait").touch(),
)
st.write("acte fait")
"""


def _executer() -> AppTest:
    return AppTest.from_string(ACTE, default_timeout=30).run()


def test_an_act_is_judged_again_when_it_is_done(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page was opened; between it and the act, the way in was closed.
    _se_suivent(monkeypatch, ICI, AILLEURS)
    page = _executer()
    assert [m.value for m in page.markdown] == ["page ouverte"]
    assert "ne s&#x27;ouvrent que depuis" in _html(page)
    assert not list(dossier.iterdir())


def test_an_act_that_is_let_in_is_done_and_told_once(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _se_suivent(monkeypatch, ICI)
    debut = datetime.now(UTC)
    page = _executer()
    assert [m.value for m in page.markdown] == ["page ouverte", "acte fait"]
    assert (dossier / "fait").exists()
    (ligne,) = _journal(dossier)
    assert (ligne.action, ligne.objet, ligne.detail) == ("verifier", "essai", "")
    assert ligne.auteur.startswith("poste local")
    assert debut <= ligne.date <= datetime.now(UTC) + timedelta(seconds=1)


def test_an_act_that_tells_itself_is_not_told_twice(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _se_suivent(monkeypatch, ICI)
    base = open_base(Configuration(donnees=dossier, modele=None))

    def publier(identite: Identite) -> None:
        base.log(
            Evenement(date=datetime.now(UTC), auteur=identite.auteur, action="publier", objet="v2")
        )

    garde.agir("gestionnaire", "publier", "base", publier)
    assert [(e.action, e.objet) for e in _journal(dossier)] == [("publier", "v2")]


def test_an_act_that_fails_is_told_as_failed(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _se_suivent(monkeypatch, ICI)

    def rater(_: Identite) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        garde.agir("gestionnaire", "retirer", "document 003", rater)
    (ligne,) = _journal(dossier)
    assert (ligne.action, ligne.detail) == ("retirer", "échec (ZeroDivisionError)")


def test_an_act_that_the_journal_cannot_tell_is_not_done(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _se_suivent(monkeypatch, ICI)
    faits: list[Identite] = []
    with pytest.raises(ValueError, match="action"):
        garde.agir("gestionnaire", "détruire", "tout", faits.append)
    assert faits == []
    assert _journal(dossier) == []


def test_words_of_an_act_stay_on_one_line_of_the_journal(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _se_suivent(monkeypatch, ICI)
    piege = 'x"}\n{"date":"2026-01-01T00:00:00Z","auteur":"autre","action":"publier"}'
    garde.agir("gestionnaire", "verifier", piege, lambda _: None, detail=piege)
    (ligne,) = _journal(dossier)
    assert (ligne.objet, ligne.detail) == (piege, piege)


@pytest.mark.parametrize(
    ("secrets", "ouverture"),
    [
        (None, "local"),
        ("[autre]\ncle = 1", "local"),
        ("[auth]\nclient_id = 'x'", "comptes"),
        ("auth = 'x'", "comptes"),
        ("[auth\nclient_id = 'x'", "comptes"),
    ],
)
def test_secrets_that_cannot_be_read_open_no_other_way_in(
    dossier: Path, monkeypatch: pytest.MonkeyPatch, secrets: str | None, ouverture: str
) -> None:
    monkeypatch.setenv("CLAS_AGENTS_LOCAL", "1")
    fichier = dossier / "secrets.toml"
    if secrets is not None:
        fichier.write_text(secrets, encoding="utf-8")
    habituels = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(fichier)])
    st.secrets._reset()
    try:
        assert garde.ouverture() == ouverture
    finally:
        config.set_option("secrets.files", habituels)
        st.secrets._reset()


def test_an_agent_may_not_do_what_takes_a_keeper(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = dossier / "roles.yaml"
    roles.write_text("personnes: [{sub: '7', role: agent}]", encoding="utf-8")
    emetteur = "https://comptes.exemple"
    agent = dataclasses.replace(
        ICI,
        roles=roles,
        auth={
            "redirect_uri": "https://clas.exemple/oauth2callback",
            "cookie_secret": "x" * 32,
            "client_id": "clas",
            "server_metadata_url": f"{emetteur}/.well-known/openid-configuration",
        },
        revendications={
            "is_logged_in": True,
            "provider": "default",
            "iss": emetteur,
            "aud": "clas",
            "sub": "7",
            "iat": ICI.instant.timestamp() - 1,
            "exp": ICI.instant.timestamp() + 60,
        },
    )
    _se_suivent(monkeypatch, agent)
    page = _executer()
    assert [m.value for m in page.markdown] == ["page ouverte"]
    assert "rôle de gestionnaire" in _html(page)
    assert [f.name for f in dossier.iterdir()] == ["roles.yaml"]
