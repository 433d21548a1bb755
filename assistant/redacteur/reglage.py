"""Which writer rewords answers, from the environment: none unless an address is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

URL_VARIABLE: Final = "CLAS_LLM_URL"
KEY_VARIABLE: Final = "CLAS_LLM_CLE"
MODEL_VARIABLE: Final = "CLAS_LLM_MODELE"
DELAY_VARIABLE: Final = "CLAS_LLM_DELAI"
DELAI: Final = 5.0
"""Seconds that a whole rewording may take, where nothing else is said."""
DELAI_MIN: Final = 0.5
DELAI_MAX: Final = 30.0
_CHEMIN: Final = "/chat/completions"
_CLE: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_MODELE: Final = re.compile(r"[\w./:@+-]{1,200}", re.ASCII)
_INTERDIT: Final = re.compile(r"[^\x21-\x7e]|[\\<>\"{}|^`]")


class RedacteurMalRegle(ValueError):
    """A writer that is not to be used as it is set; the message is one French sentence.

    It never holds the value of the key, nor an address that may hold one.
    """


class ReglageRedacteur(BaseModel):
    """An endpoint of the OpenAI-compatible protocol, and how long it is waited for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    """Address of ``/chat/completions`` itself."""
    cle: SecretStr | None = None
    modele: str | None = None
    """Name of the model; None: the server has only one, or a default."""
    delai: float = DELAI
    """Seconds from the question put to the last word received."""

    @property
    def hote(self) -> str:
        """Name or address of the machine."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Port of the machine."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)


def lire_reglage(environment: Mapping[str, str]) -> ReglageRedacteur | None:
    """Read the writer's settings; None where no address is given.

    Raises:
        RedacteurMalRegle: an address is given, and something is wrong with it or beside it.
    """
    url = environment.get(URL_VARIABLE, "").strip()
    if not url:
        return None
    cle = environment.get(KEY_VARIABLE, "").strip()
    if cle and not _CLE.fullmatch(cle):
        raise RedacteurMalRegle(f"{KEY_VARIABLE} : une clé n'a ni espace, ni accent.")
    modele = environment.get(MODEL_VARIABLE, "").strip()
    if modele and not _MODELE.fullmatch(modele):
        raise RedacteurMalRegle(
            f"{MODEL_VARIABLE} : un nom de modèle, en lettres, chiffres et . / : @ + - _."
        )
    return ReglageRedacteur(
        url=_adresse(url, avec_cle=bool(cle)),
        cle=SecretStr(cle) if cle else None,
        modele=modele or None,
        delai=_delai(environment.get(DELAY_VARIABLE, "").strip()),
    )


def _adresse(url: str, *, avec_cle: bool) -> str:
    """Address of the completions, from that of the service or its own."""
    try:
        parts = urlsplit(url)
        valide = not _INTERDIT.search(url) and parts.port != 0
    except ValueError:
        valide = False
    if not valide or parts.scheme not in ("http", "https") or not parts.hostname:
        raise RedacteurMalRegle(
            f"{URL_VARIABLE} : une adresse en http ou https, comme http://127.0.0.1:11434/v1."
        )
    if parts.username is not None or parts.password is not None:
        raise RedacteurMalRegle(
            f"{URL_VARIABLE} : pas d'identifiant dans l'adresse ; la clé va dans {KEY_VARIABLE}."
        )
    if "?" in url or "#" in url:
        raise RedacteurMalRegle(f"{URL_VARIABLE} : une adresse sans « ? » ni « # ».")
    if avec_cle and parts.scheme == "http" and not _de_cette_machine(parts.hostname):
        raise RedacteurMalRegle(
            f"{URL_VARIABLE} : une clé ne part pas en clair vers une autre machine ; https, "
            f"ou pas de {KEY_VARIABLE}."
        )
    chemin = url.rstrip("/")
    return chemin if chemin.endswith(_CHEMIN) else f"{chemin}{_CHEMIN}"


def _de_cette_machine(hote: str) -> bool:
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"


def _delai(ecrit: str) -> float:
    if not ecrit:
        return DELAI
    try:
        delai = float(ecrit.replace(",", "."))
    except ValueError:
        delai = 0.0
    if not DELAI_MIN <= delai <= DELAI_MAX:
        raise RedacteurMalRegle(
            f"{DELAY_VARIABLE} : un nombre de secondes, de {DELAI_MIN:g} à {DELAI_MAX:g}.".replace(
                "0.5", "0,5"
            )
        )
    return delai
