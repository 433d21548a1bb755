from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from assistant.redacteur.client import demander
from assistant.redacteur.consigne import messages_pour
from assistant.redacteur.reglage import lire_reglage
from assistant.redacteur.reponse import EchecRedacteur, lire_envoi
from bench.adresses import adresse_fermee
from tests.redacteur_lance import ServeurRedacteur, servir
from tests.redacteur_serveur import PIEGE

TEXTE = "Un collectif compte de 8 à 12 enfants maximum. [1]"
LISSE = "Un collectif compte de 8 à 12 enfants au maximum [1]."
SECRET = "sk-tres-secret-0123456789"


@pytest.fixture(scope="module")
def serveur() -> Iterator[ServeurRedacteur]:
    with servir() as ouvert:
        yield ouvert


def _demander(serveur: ServeurRedacteur, mode: str, **autres: str) -> str:
    return demander(serveur.reglage(mode, **autres), messages_pour(TEXTE))


@pytest.mark.parametrize("mode", ["honnete", "objet"])
def test_events_and_one_object_are_both_read(serveur: ServeurRedacteur, mode: str) -> None:
    assert _demander(serveur, mode) == LISSE


@pytest.mark.parametrize(
    ("mode", "motif"),
    [
        ("401", "état HTTP 401"),
        ("429", "état HTTP 429"),
        ("500", "état HTTP 500"),
        ("204", "état HTTP 204"),
        ("redirection", "état HTTP 307"),
        ("enorme", "trop longue"),
        ("entetes", "injoignable"),
        ("bruit", "pas du texte"),
        ("pas_http", "injoignable"),
        ("invalide", "pas du protocole"),
        ("profond", "pas du protocole"),
        ("autre", "pas du protocole"),
        ("vide", "vide"),
        ("refus", "refusé"),
        ("inacheve", "inachevée"),
        ("coupe", "inachevée"),
        ("plusieurs", "plusieurs"),
        ("comprime", "comprimée"),
    ],
)
def test_whatever_a_server_does_wrong_is_a_failure_that_says_what(
    serveur: ServeurRedacteur, mode: str, motif: str
) -> None:
    with pytest.raises(EchecRedacteur, match=motif):
        _demander(serveur, mode)


@pytest.mark.parametrize("mode", ["muet", "goutte"])
def test_a_slow_server_is_not_waited_for_beyond_its_delay(
    serveur: ServeurRedacteur, mode: str
) -> None:
    # The server would take ten seconds at least; then it would be told to be something else.
    with pytest.raises(EchecRedacteur, match="trop lent"):
        _demander(serveur, mode, CLAS_LLM_DELAI="0.5")


def test_a_redirect_is_not_followed(serveur: ServeurRedacteur) -> None:
    with pytest.raises(EchecRedacteur):
        _demander(serveur, "redirection")
    assert PIEGE not in [recue["chemin"] for recue in serveur.recues()]


def test_a_closed_port_is_a_failure() -> None:
    lu = lire_reglage({"CLAS_LLM_URL": adresse_fermee()})
    assert lu is not None
    with pytest.raises(EchecRedacteur, match="injoignable"):
        demander(lu, messages_pour(TEXTE))


def test_there_is_one_attempt_and_no_more(serveur: ServeurRedacteur) -> None:
    avant = len(serveur.recues())
    with pytest.raises(EchecRedacteur):
        _demander(serveur, "500")
    assert len(serveur.recues()) == avant + 1


def test_the_key_and_the_model_are_given_to_the_server_and_to_no_one_else(
    serveur: ServeurRedacteur, capfd: pytest.CaptureFixture[str]
) -> None:
    _demander(serveur, "objet", CLAS_LLM_CLE=SECRET, CLAS_LLM_MODELE="essai/petit:1b")
    recue = serveur.recues()[-1]
    assert recue["entetes"]["Authorization"] == f"Bearer {SECRET}"
    assert json.loads(recue["corps"])["model"] == "essai/petit:1b"
    assert SECRET not in recue["corps"]
    assert SECRET not in "".join(capfd.readouterr())


def test_a_proxy_of_the_environment_is_not_used(
    serveur: ServeurRedacteur, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(nom, adresse_fermee())
    assert _demander(serveur, "objet") == LISSE


def _evenements(*donnees: str) -> bytes:
    return "".join(f"data: {d}\r\n\r\n" for d in donnees).encode()


def test_what_follows_the_end_of_a_stream_is_not_read() -> None:
    fin = '{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}'
    apres = '{"choices":[{"delta":{"content":"b"}}]}'
    assert lire_envoi(_evenements(fin, "[DONE]", apres), "text/event-stream") == "a"


def test_usage_events_without_a_choice_say_nothing() -> None:
    fin = '{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}'
    lu = lire_envoi(
        _evenements(fin, '{"choices":[],"usage":{"total_tokens":3}}'), "text/event-stream"
    )
    assert lu == "a"
