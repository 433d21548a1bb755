"""Who is let in: over claims, times, headers, addresses and roles."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.acces import Identite, Refus, Requete, Situation, decide, opening
from assistant.acces.identite import DUREE
from assistant.configuration import read_configuration

MAINTENANT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECONDE = int(MAINTENANT.timestamp())
CLIENT = "assistant-clas"
EMETTEUR = "https://comptes.caf.exemple"
AUTH: dict[str, object] = {
    "redirect_uri": "https://clas.caf.exemple/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": CLIENT,
    "client_secret": "secret",
    "server_metadata_url": f"{EMETTEUR}/.well-known/openid-configuration",
}
JETON: dict[str, object] = {
    "is_logged_in": True,
    "provider": "default",
    "iss": EMETTEUR,
    "aud": CLIENT,
    "iat": SECONDE - 60,
    "exp": SECONDE + 3600,
    "sub": "1001",
    "email": "gestion@caf.exemple",
    "email_verified": True,
}
DROITE = Requete(
    entetes=(("Host", "localhost:8501"), ("Origin", "http://localhost:8501")),
    temoins=("_streamlit_xsrf",),
    adresse="127.0.0.1",
    serveur="127.0.0.1",
)
LOCALE = Situation(
    local=True,
    roles=None,
    auth=None,
    entetes_crus=False,
    revendications={},
    requete=DROITE,
    instant=MAINTENANT,
)


@pytest.fixture(scope="module")
def comptes(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    """A keeper's request to a server with accounts."""
    roles = tmp_path_factory.mktemp("acces") / "roles.yaml"
    roles.write_text(
        """
personnes:
  - {courriel: gestion@caf.exemple, role: gestionnaire, nom: Claude Martin}
  - {courriel: agent@caf.exemple, role: agent}
  - {sub: "2002", role: gestionnaire}
  - {sub: "3003", role: agent}
""",
        encoding="utf-8",
    )
    return Situation(
        local=False,
        roles=roles,
        auth=AUTH,
        entetes_crus=False,
        revendications=JETON,
        requete=Requete(),
        instant=MAINTENANT,
    )


def _avec(situation: Situation, **revendications: object) -> Identite | Refus:
    """Decide with other claims; None takes one away."""
    claims = situation.revendications | revendications  # type: ignore[operator]  # a dict here
    gardees = {nom: valeur for nom, valeur in claims.items() if valeur is not None}
    return decide(dataclasses.replace(situation, revendications=gardees))


def _sans(situation: Situation, **autre: Any) -> Identite | Refus:
    return decide(dataclasses.replace(situation, **autre))


def _motif(decision: Identite | Refus) -> str:
    assert isinstance(decision, Refus), decision
    return decision.motif


# Accounts.


def test_a_keeper_is_let_in_until_their_token_ends(comptes: Situation) -> None:
    assert decide(comptes) == Identite(
        role="gestionnaire",
        auteur="Claude Martin (gestion@caf.exemple)",
        voie="compte",
        expire=MAINTENANT + timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("revendications", "role"),
    [
        ({"email": "Agent@CAF.exemple"}, "agent"),
        ({"email": None, "sub": "2002"}, "gestionnaire"),
        ({"email_verified": None}, "gestionnaire"),
        ({"email_verified": "true"}, "gestionnaire"),
        ({"sub": "3003"}, "agent"),  # listed twice: the lesser role
        ({"aud": [CLIENT]}, "gestionnaire"),
        ({"aud": [CLIENT, "autre"], "azp": CLIENT}, "gestionnaire"),
        ({"exp": SECONDE + 0.5}, "gestionnaire"),
        ({"nbf": SECONDE - 60}, "gestionnaire"),
        ({"iat": SECONDE + 60}, "gestionnaire"),
    ],
)
def test_good_claims_give_the_role_that_is_listed(
    comptes: Situation, revendications: dict[str, object], role: str
) -> None:
    decision = _avec(comptes, **revendications)
    assert isinstance(decision, Identite)
    assert decision.role == role


@pytest.mark.parametrize(
    ("revendications", "motif"),
    [
        ({"is_logged_in": None}, "anonyme"),
        ({"is_logged_in": False}, "anonyme"),
        ({"is_logged_in": "true"}, "anonyme"),
        ({"is_logged_in": 1}, "anonyme"),
        ({"provider": "autre"}, "jeton"),
        ({"provider": None}, "jeton"),
        ({"iss": None}, "jeton"),
        ({"iss": EMETTEUR + "/"}, "jeton"),
        ({"iss": "https://comptes.caf.exemple.pirate.exemple"}, "jeton"),
        ({"aud": None}, "jeton"),
        ({"aud": "autre"}, "jeton"),
        ({"aud": []}, "jeton"),
        ({"aud": CLIENT.upper()}, "jeton"),
        ({"aud": {CLIENT: 1}}, "jeton"),
        ({"aud": "autre", "azp": CLIENT}, "jeton"),
        ({"azp": "autre"}, "jeton"),
        ({"aud": [CLIENT, "autre"]}, "jeton"),
        ({"aud": [CLIENT, "autre"], "azp": "autre"}, "jeton"),
        ({"exp": None}, "jeton"),
        ({"exp": True}, "jeton"),
        ({"exp": str(SECONDE + 3600)}, "jeton"),
        ({"exp": float("nan")}, "jeton"),
        ({"exp": float("inf")}, "jeton"),
        ({"exp": 10**400}, "jeton"),
        ({"iat": None}, "jeton"),
        ({"iat": SECONDE + 121}, "jeton"),
        ({"nbf": SECONDE + 121}, "jeton"),
        ({"nbf": "demain"}, "jeton"),
        ({"exp": SECONDE}, "expiree"),
        ({"exp": 0}, "expiree"),
        ({"iat": SECONDE - DUREE, "exp": SECONDE + 10**9}, "expiree"),
        ({"email": "inconnu@caf.exemple"}, "sans_role"),
        ({"email": None}, "sans_role"),
        ({"email": ["gestion@caf.exemple"]}, "sans_role"),
        ({"email": "gestion@caf.exemple "}, "sans_role"),
        ({"email_verified": False}, "sans_role"),
        ({"email_verified": "false"}, "sans_role"),
        ({"email_verified": 1}, "sans_role"),
        ({"email": None, "sub": "gestion@caf.exemple"}, "sans_role"),
        ({"email": None, "sub": 2002}, "sans_role"),
        ({"email": None, "sub": None}, "sans_role"),
        ({"email": "inconnu@caf.exemple", "sub": None}, "sans_role"),
        ({"email": None, "role": "gestionnaire", "roles": ["gestionnaire"]}, "sans_role"),
    ],
)
def test_other_claims_give_no_role(
    comptes: Situation, revendications: dict[str, object], motif: str
) -> None:
    assert _motif(_avec(comptes, **revendications)) == motif


@settings(deadline=None)
@given(st.integers(-(10**10), 10**10), st.integers(-(10**10), 10**10))
@example(SECONDE - 1, SECONDE + 1)
@example(SECONDE + 120, SECONDE + 121)
def test_nobody_is_let_in_outside_the_times_of_their_token(
    comptes: Situation, iat: int, exp: int
) -> None:
    decision = _avec(comptes, iat=iat, exp=exp)
    dedans = iat - 120 <= SECONDE < min(exp, iat + DUREE)
    assert isinstance(decision, Identite) == dedans


_VALEURS: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda dedans: st.lists(dedans, max_size=3) | st.dictionaries(st.text(max_size=5), dedans),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*JETON, "azp", "nbf", "role"]), _VALEURS))
def test_whatever_the_claims_are_they_are_judged_and_nobody_gains_by_them(
    comptes: Situation, revendications: dict[str, object]
) -> None:
    decision = _avec(comptes, **revendications)
    if isinstance(decision, Identite):
        assert revendications.get("aud", CLIENT) in (CLIENT, [CLIENT])
        assert revendications.get("iss", EMETTEUR) in (EMETTEUR, None)
        assert decision.expire is not None
        assert decision.expire > MAINTENANT


@pytest.mark.parametrize(
    "fautif",
    [
        {"cookie_secret": "x" * 31},
        {"cookie_secret": ""},
        {"cookie_secret": None},
        {"client_id": ""},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "http://clas.caf.exemple/oauth2callback"},
        {"redirect_uri": "https://"},
        {"server_metadata_url": None},
        {"server_metadata_url": "http://comptes.caf.exemple/.well-known/openid-configuration"},
        {"server_metadata_url": "https://comptes.caf.exemple/configuration"},
    ],
)
def test_accounts_that_could_be_forged_let_nobody_in(
    comptes: Situation, fautif: dict[str, object]
) -> None:
    decision = _sans(comptes, auth=AUTH | fautif)
    assert _motif(decision) == "configuration"
    assert isinstance(decision, Refus)
    assert decision.detail not in decision.message


def test_an_issuer_may_be_given_where_the_address_does_not_tell_it(
    comptes: Situation, tmp_path: Path
) -> None:
    roles = tmp_path / "roles.yaml"
    roles.write_text(
        f"emetteur: {EMETTEUR}\npersonnes: [{{sub: '1001', role: agent}}]", encoding="utf-8"
    )
    auth = AUTH | {"server_metadata_url": "https://comptes.caf.exemple/configuration"}
    decision = _sans(comptes, auth=auth, roles=roles)
    assert isinstance(decision, Identite)
    assert decision.role == "agent"


def test_a_change_of_the_list_holds_from_the_next_check_on(
    comptes: Situation, tmp_path: Path
) -> None:
    roles = tmp_path / "roles.yaml"
    for contenu, motif in (
        ("personnes: [{courriel: gestion@caf.exemple, role: agent}]", None),
        ("personnes: []", "sans_role"),
        ("personnes: [{courriel: gestion@caf.exemple, role: agent}]", None),
        ("personnes: n'importe quoi", "configuration"),
    ):
        roles.write_text(contenu, encoding="utf-8")
        decision = _sans(comptes, roles=roles)
        assert (decision.motif if isinstance(decision, Refus) else None) == motif
    roles.unlink()
    assert _motif(_sans(comptes, roles=roles)) == "configuration"


def test_without_a_list_nobody_has_a_role(comptes: Situation) -> None:
    assert _motif(_sans(comptes, roles=None)) == "configuration"


def test_identities_from_headers_let_nobody_in(comptes: Situation) -> None:
    assert _motif(_sans(comptes, entetes_crus=True)) == "configuration"
    assert _motif(_sans(LOCALE, entetes_crus=True)) == "configuration"


# This computer.


def test_this_computer_is_let_in_as_a_keeper_without_a_password() -> None:
    decision = decide(LOCALE)
    assert isinstance(decision, Identite)
    assert (decision.role, decision.voie, decision.expire) == ("gestionnaire", "local", None)


@pytest.mark.parametrize("valeur", ["", "0", "true", "oui", "1 ", "2", "01"])
def test_nothing_but_one_opens_this_computer(valeur: str) -> None:
    assert not read_configuration({"CLAS_AGENTS_LOCAL": valeur}).agents_local
    assert read_configuration({"CLAS_AGENTS_LOCAL": "1"}).agents_local


def test_nothing_is_open_by_default(comptes: Situation) -> None:
    ferme = dataclasses.replace(LOCALE, local=False)
    assert opening(ferme) == "fermee"
    assert _motif(decide(ferme)) == "fermee"
    # Neither a list alone nor claims open anything.
    assert _motif(_sans(ferme, roles=comptes.roles, revendications=JETON)) == "fermee"
    assert not read_configuration({}).agents_local
    assert read_configuration({}).roles is None


def test_accounts_leave_no_way_in_without_one(comptes: Situation) -> None:
    les_deux = dataclasses.replace(comptes, local=True, requete=DROITE, revendications={})
    assert opening(les_deux) == "comptes"
    assert _motif(decide(les_deux)) == "anonyme"
    assert opening(dataclasses.replace(les_deux, auth={})) == "comptes"
    assert _motif(_sans(les_deux, auth={})) == "configuration"
    assert _motif(_sans(les_deux, auth={}, revendications=JETON)) == "configuration"
