from __future__ import annotations

import pytest

from assistant.configuration import read_configuration
from assistant.redacteur.reglage import RedacteurMalRegle, lire_reglage

URL = "http://127.0.0.1:11434/v1"
SECRET = "sk-tres-secret-0123456789"


def test_without_an_address_there_is_no_writer() -> None:
    assert read_configuration({"CLAS_LLM_CLE": SECRET, "CLAS_LLM_MODELE": "m"}).redacteur is None


def test_an_address_alone_is_enough() -> None:
    lu = lire_reglage({"CLAS_LLM_URL": f" {URL}/ "})
    assert lu is not None
    assert (lu.url, lu.cle, lu.modele, lu.delai) == (f"{URL}/chat/completions", None, None, 5.0)
    assert (lu.hote, lu.port) == ("127.0.0.1", 11434)


def test_an_address_that_is_whole_is_left_as_it_is() -> None:
    lu = lire_reglage({"CLAS_LLM_URL": f"{URL}/chat/completions"})
    assert lu is not None
    assert lu.url == f"{URL}/chat/completions"


def test_the_port_of_https_is_known() -> None:
    lu = lire_reglage({"CLAS_LLM_URL": "https://albert.exemple.fr/v1"})
    assert lu is not None
    assert lu.port == 443


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/v1", "file:///etc/passwd", "127.0.0.1:8000", "http://", "javascript:1",
        "http://moi:motdepasse@127.0.0.1/v1", "http://127.0.0.1/v1?cle=a", "http://a/v1#b",
        "http://a b/v1", "http://127.0.0.1:99999/v1", "http://[::1/v1", "http://é.fr/v1",
        "http://127.0.0.1/v1\\..\\x",
    ],
)  # fmt: skip
def test_an_address_that_is_not_one_of_a_service_is_refused(url: str) -> None:
    with pytest.raises(RedacteurMalRegle):
        lire_reglage({"CLAS_LLM_URL": url})


@pytest.mark.parametrize("delai", ["0", "-1", "31", "nan", "inf", "vite"])
def test_a_delay_out_of_bounds_is_refused(delai: str) -> None:
    with pytest.raises(RedacteurMalRegle):
        lire_reglage({"CLAS_LLM_URL": URL, "CLAS_LLM_DELAI": delai})


def test_a_delay_is_read_in_seconds() -> None:
    lu = lire_reglage({"CLAS_LLM_URL": URL, "CLAS_LLM_DELAI": "2,5"})
    assert lu is not None
    assert lu.delai == 2.5


@pytest.mark.parametrize("cle", ["a\nX-Autre: b", "clé", "a b"])
def test_a_key_that_would_write_more_than_itself_is_refused(cle: str) -> None:
    with pytest.raises(RedacteurMalRegle):
        lire_reglage({"CLAS_LLM_URL": URL, "CLAS_LLM_CLE": cle})


def test_a_key_never_leaves_in_the_clear_for_another_machine() -> None:
    with pytest.raises(RedacteurMalRegle):
        lire_reglage({"CLAS_LLM_URL": "http://10.0.0.7/v1", "CLAS_LLM_CLE": SECRET})
    assert lire_reglage({"CLAS_LLM_URL": URL, "CLAS_LLM_CLE": SECRET}) is not None
    assert lire_reglage({"CLAS_LLM_URL": "https://a.fr/v1", "CLAS_LLM_CLE": SECRET}) is not None


def test_the_key_is_in_no_representation_of_the_settings() -> None:
    reglages = read_configuration({"CLAS_LLM_URL": URL, "CLAS_LLM_CLE": SECRET})
    assert reglages.redacteur is not None
    for dit in (repr(reglages), str(reglages), reglages.model_dump_json()):
        assert SECRET not in dit
    assert hash(reglages)


def test_a_writer_that_is_badly_set_is_said_without_its_values_and_not_used() -> None:
    reglages = read_configuration({"CLAS_LLM_URL": f"http://moi:{SECRET}@a/v1"})
    assert reglages.redacteur is None
    assert reglages.alerte_redacteur is not None
    assert "CLAS_LLM_URL" in reglages.alerte_redacteur
    assert SECRET not in reglages.alerte_redacteur
