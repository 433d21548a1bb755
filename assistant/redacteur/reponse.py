"""What an endpoint sent back, read strictly: whole words of one whole message, or a failure.

Both shapes of the protocol are read, events (``text/event-stream``) and one JSON object. A server
may send either whatever it was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

OCTETS_MAX: Final = 256 * 1024
"""Bytes of a whole exchange; events repeat some two hundred of them for each few letters."""
_FINI: Final = "stop"
_DONNEE: Final = "data:"
_LUE: Final = ConfigDict(frozen=True, extra="ignore", strict=True)


class EchecRedacteur(Exception):
    """The writer gave nothing that can be used; the message says why, in a few French words.

    It never holds what was received: that may be anything.
    """


class _Message(BaseModel):
    model_config = _LUE

    content: str | None = None
    refusal: str | None = None


class _Choix(BaseModel):
    model_config = _LUE

    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: str | None = None


class _Envoi(BaseModel):
    """One event, or the whole answer."""

    model_config = _LUE

    choices: tuple[_Choix, ...] = ()


def lire_envoi(octets: bytes, genre: str) -> str:
    """Words of an answer.

    Args:
        octets: the whole body.
        genre: its ``Content-Type``.

    Raises:
        EchecRedacteur: no message, several, one that is cut short, refused or not of the protocol.
    """
    try:
        texte = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EchecRedacteur("réponse qui n'est pas du texte") from error
    if genre.partition(";")[0].strip().lower() == "text/event-stream":
        envois = list(_evenements(texte))
    else:
        envois = [_lire(texte)]
    return _assembler(envois)


def _evenements(texte: str) -> Iterator[_Envoi]:
    """Events of a stream, up to its closing one."""
    for ligne in texte.replace("\r\n", "\n").split("\n"):
        if not ligne.startswith(_DONNEE):
            continue
        donnee = ligne.removeprefix(_DONNEE).strip()
        if donnee == "[DONE]":
            return
        yield _lire(donnee)


def _lire(texte: str) -> _Envoi:
    try:
        return _Envoi.model_validate(json.loads(texte), strict=False)
    except (ValueError, ValidationError, RecursionError) as error:
        raise EchecRedacteur("réponse qui n'est pas du protocole") from error


def _assembler(envois: list[_Envoi]) -> str:
    """The one message of some events, which must say that it is finished."""
    morceaux: list[str] = []
    fin: str | None = None
    for envoi in envois:
        if len(envoi.choices) > 1:
            raise EchecRedacteur("plusieurs réponses au lieu d'une")
        for choix in envoi.choices:
            dit = choix.message or choix.delta
            if dit is not None and dit.refusal:
                raise EchecRedacteur("le rédacteur a refusé")
            if dit is not None and dit.content:
                morceaux.append(dit.content)
            fin = choix.finish_reason or fin
    if fin != _FINI:
        raise EchecRedacteur("réponse inachevée")
    texte = "".join(morceaux).strip()
    if not texte:
        raise EchecRedacteur("réponse vide")
    return texte
