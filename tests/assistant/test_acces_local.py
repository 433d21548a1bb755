"""A request of this very computer, and all those that only look like one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assistant.acces import Identite, Refus, Requete, Situation, decide

MAINTENANT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
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


def _motif(decision: Identite | Refus) -> str:
    assert isinstance(decision, Refus), decision
    return decision.motif


def _requete(**autre: Any) -> Identite | Refus:
    return decide(dataclasses.replace(LOCALE, requete=dataclasses.replace(DROITE, **autre)))


_TRANSMIS = st.sampled_from(
    [
        "Forwarded",
        "Via",
        "X-Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
        "X-Real-IP",
        "X-Client-IP",
        "X-Original-URL",
        "CF-Connecting-IP",
        "True-Client-IP",
        "X-Amzn-Trace-Id",
    ]
)


@settings(deadline=None)
@given(_TRANSMIS, st.text(max_size=30), st.randoms(use_true_random=False), st.integers(0, 2))
def test_a_forwarding_header_is_refused_in_any_case_and_place(
    nom: str, valeur: str, hasard: Any, place: int
) -> None:
    ecrit = "".join(hasard.choice((c.lower(), c.upper())) for c in nom)
    entetes = list(DROITE.entetes)
    entetes.insert(place, (ecrit, valeur))
    assert _motif(_requete(entetes=tuple(entetes))) == "local"


@settings(deadline=None)
@given(st.ip_addresses())
def test_only_an_address_of_this_computer_is_local(adresse: Any) -> None:
    for champ in ("adresse", "serveur"):
        decision = _requete(**{champ: str(adresse)})
        assert isinstance(decision, Identite) == adresse.is_loopback


@pytest.mark.parametrize("champ", ["adresse", "serveur"])
@pytest.mark.parametrize(
    "adresse", [None, "", "0.0.0.0", "::", "127.0.0.1.exemple.fr", "unix://x", "::ffff:10.0.0.1"]
)
def test_an_address_that_is_not_known_is_not_local(champ: str, adresse: str | None) -> None:
    assert _motif(_requete(**{champ: adresse})) == "local"


@pytest.mark.parametrize(
    "hote",
    [
        "clas.exemple.fr",
        "clas.exemple.fr:8501",
        "localhost.exemple.fr:8501",
        "127.0.0.1.exemple.fr",
        "localhost:8501@exemple.fr",
        "exemple.fr#localhost:8501",
        "localhost:",
        "localhost:8501 ",
        "localhost.",
        "127.0.0.2:8501",
        "127.1:8501",
        "0.0.0.0:8501",
        "[::]:8501",
        "",
    ],
)
def test_another_name_of_the_server_is_not_local(hote: str) -> None:
    entetes = (("Host", hote), ("Origin", f"http://{hote}"))
    assert _motif(_requete(entetes=entetes)) == "local"


@pytest.mark.parametrize("hote", ["localhost", "LOCALHOST:80", "127.0.0.1:8501", "[::1]:8501"])
def test_the_names_of_this_computer_are_local(hote: str) -> None:
    entetes = (("host", hote), ("origin", f"http://{hote}"))
    assert isinstance(_requete(entetes=entetes), Identite)


@pytest.mark.parametrize(
    "entetes",
    [
        (),
        (("Host", "localhost:8501"),),
        (("Origin", "http://localhost:8501"),),
        (*DROITE.entetes, ("Host", "localhost:8501")),
        (*DROITE.entetes, ("Host", "exemple.fr")),
        (*DROITE.entetes, ("Origin", "http://localhost:8501")),
    ],
)
def test_a_request_that_does_not_say_where_it_goes_and_comes_from_is_not_local(
    entetes: tuple[tuple[str, str], ...],
) -> None:
    assert _motif(_requete(entetes=entetes)) == "local"


@settings(deadline=None)
@given(st.text(max_size=30))
@example("null")
@example("http://localhost:9999")
@example("http://127.0.0.1:8501")
@example("http://exemple.fr")
@example("http://localhost:8501.exemple.fr")
@example("http://x@localhost:8501")
@example("http://[")
@example("file://localhost:8501")
def test_a_page_of_elsewhere_is_not_local(origine: str) -> None:
    assume(origine.lower() not in ("http://localhost:8501", "https://localhost:8501"))
    entetes = (("Host", "localhost:8501"), ("Origin", origine))
    assert _motif(_requete(entetes=entetes)) == "local"


def test_a_page_inside_another_site_is_not_local() -> None:
    assert _motif(_requete(temoins=())) == "local"
    assert _motif(_requete(temoins=("_streamlit_user",))) == "local"
