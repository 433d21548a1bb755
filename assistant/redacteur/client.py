"""One request to the writer: one attempt, to one address, within a time and a size.

What bounds it: a time to connect, a time between two reads, a time for the whole, a number of
bytes. No redirect is followed, no proxy of the environment is used, nothing compressed is
accepted: the only machine that is ever called is the one that was configured.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Final

import httpx

from assistant.redacteur.reglage import ReglageRedacteur
from assistant.redacteur.reponse import OCTETS_MAX, EchecRedacteur, lire_envoi

CONNEXION: Final = 1.0
"""Seconds to reach the machine."""
LECTURE: Final = 3.0
"""Seconds without a byte, at most."""
_FAIT: Final = 200
_JETONS_PAR_CARACTERE: Final = 0.6
"""Room given to the writer: French takes about one token for three characters."""
_EN_COURS: Final = threading.BoundedSemaphore(4)
"""Requests under way in this process, at most: a slow writer gathers no crowd."""


def demander(reglage: ReglageRedacteur, messages: Sequence[Mapping[str, str]]) -> str:
    """Put messages to the writer; return its words.

    The caller waits no longer than ``reglage.delai``, whatever the machine at the other end, or
    its name server, does.

    Raises:
        EchecRedacteur: nothing usable came in time.
    """
    if not _EN_COURS.acquire(blocking=False):
        raise EchecRedacteur("trop de demandes en cours")
    issue: list[str | EchecRedacteur] = []
    fini = monotonic() + reglage.delai

    def aller() -> None:
        try:
            issue.append(_echanger(reglage, messages, fini))
        except EchecRedacteur as echec:
            issue.append(echec)
        finally:
            _EN_COURS.release()

    # A thread, because no client bounds the time that a name takes to be resolved.
    fil = threading.Thread(target=aller, name="clas-redacteur", daemon=True)
    fil.start()
    fil.join(reglage.delai)
    if not issue:
        raise EchecRedacteur("trop lent")
    if isinstance(issue[0], EchecRedacteur):
        raise issue[0]
    return issue[0]


def _echanger(reglage: ReglageRedacteur, messages: Sequence[Mapping[str, str]], fini: float) -> str:
    attentes = httpx.Timeout(
        min(LECTURE, reglage.delai), connect=min(CONNEXION, reglage.delai), pool=reglage.delai
    )
    try:
        with (
            httpx.Client(timeout=attentes, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", reglage.url, json=_demande(reglage, messages), headers=_entetes(reglage)
            ) as recu,
        ):
            return _lire(recu, fini)
    except httpx.TimeoutException as error:
        raise EchecRedacteur("trop lent") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise EchecRedacteur("injoignable, ou ne parle pas HTTP") from error


def _lire(recu: httpx.Response, fini: float) -> str:
    if recu.status_code != _FAIT:
        raise EchecRedacteur(f"état HTTP {recu.status_code}")
    if recu.headers.get("content-encoding", "identity").lower() != "identity":
        raise EchecRedacteur("réponse comprimée")
    octets = bytearray()
    for morceau in recu.iter_raw():
        octets += morceau
        if len(octets) > OCTETS_MAX:
            raise EchecRedacteur("réponse trop longue")
        if monotonic() > fini:
            raise EchecRedacteur("trop lent")
    return lire_envoi(bytes(octets), recu.headers.get("content-type", ""))


def _entetes(reglage: ReglageRedacteur) -> dict[str, str]:
    entetes = {"Accept": "text/event-stream, application/json", "Accept-Encoding": "identity"}
    if reglage.cle is not None:
        entetes["Authorization"] = f"Bearer {reglage.cle.get_secret_value()}"
    return entetes


def _demande(reglage: ReglageRedacteur, messages: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    longueur = max(len(m["content"]) for m in messages)
    demande: dict[str, Any] = {
        "messages": [dict(m) for m in messages],
        "temperature": 0,
        "max_tokens": int(longueur * _JETONS_PAR_CARACTERE) + 200,
        "stream": True,
    }
    if reglage.modele is not None:
        demande["model"] = reglage.modele
    return demande
