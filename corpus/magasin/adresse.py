"""Address of the shared store, from the environment; its password is never shown."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

BASE_VARIABLE: Final = "CLAS_BASE"
PORT: Final = 5432
_ATTENDU: Final = "postgresql://utilisateur:motdepasse@machine:port/base"
_OPTIONS: Final = ("sslmode", "sslrootcert")
_INTERDIT: Final = re.compile(r"[\x00-\x20\x7f]")
_NOM: Final = re.compile(r"[^\x00-\x1f\x7f]{1,63}")


class MagasinMalRegle(ValueError):
    """An address that cannot be used; one French sentence, without a word of the password."""


class AdresseMagasin(BaseModel):
    """Where the shared store is, and who opens it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hote: str
    port: int = Field(default=PORT, ge=1, le=65535)
    base: str
    utilisateur: str
    mot_de_passe: SecretStr | None = None
    """None: left to what PostgreSQL's own clients read (``PGPASSFILE``), or to a certificate."""
    options: tuple[tuple[str, str], ...] = ()
    """How the line is ciphered: ``sslmode``, ``sslrootcert``."""

    def __str__(self) -> str:
        """« base sur machine:port »: what may be shown to anybody."""
        hote = f"[{self.hote}]" if ":" in self.hote else self.hote
        return f"{self.base} sur {hote}:{self.port}"


def lire_adresse(environment: Mapping[str, str] = os.environ) -> AdresseMagasin | None:
    """Where ``CLAS_BASE`` says that the shared store is; None where everything is embedded.

    Raises:
        MagasinMalRegle: it is set, and is not the address of a PostgreSQL base.
    """
    url = environment.get(BASE_VARIABLE, "").strip()
    return adresse_de(url) if url else None


def adresse_de(url: str) -> AdresseMagasin:
    """Read « postgresql://… ».

    Raises:
        MagasinMalRegle: it is no such address; the message never quotes it.
    """
    if _INTERDIT.search(url):
        raise _mal("l'adresse contient une espace ou un caractère de contrôle")
    if "#" in url:
        raise _mal("l'adresse contient un « # » : écrivez-le « %23 » dans un mot de passe")
    try:
        lue = urlsplit(url)
        port = lue.port or PORT
    except ValueError:
        # The message of the library may quote a password, which a trace must not hold either.
        raise _mal(
            "le port n'est pas un nombre de 1 à 65535, ou la machine est mal écrite"
        ) from None
    if lue.scheme != "postgresql":
        raise _mal("l'adresse ne commence pas par « postgresql:// »")
    if not lue.hostname:
        raise _mal("la machine manque")
    if not lue.username:
        raise _mal("l'utilisateur manque")
    base = unquote(lue.path.removeprefix("/"))
    if not _NOM.fullmatch(base) or "/" in base:
        raise _mal("le nom de la base manque, ou n'en est pas un")
    secret = unquote(lue.password) if lue.password else None
    if secret is not None and "\x00" in secret:
        raise _mal("le mot de passe contient un caractère nul")
    return AdresseMagasin(
        hote=lue.hostname,
        port=port,
        base=base,
        utilisateur=unquote(lue.username),
        mot_de_passe=SecretStr(secret) if secret else None,
        options=_options(lue),
    )


def _options(lue: SplitResult) -> tuple[tuple[str, str], ...]:
    options = tuple(parse_qsl(lue.query, keep_blank_values=True))
    if any(nom not in _OPTIONS for nom, _ in options):
        raise _mal(f"après « ? », seuls {' et '.join(_OPTIONS)} sont acceptés")
    return options


def _mal(trouve: str) -> MagasinMalRegle:
    return MagasinMalRegle(f"{BASE_VARIABLE} : {trouve} ; attendu {_ATTENDU}")
