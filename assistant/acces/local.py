"""Whether a request comes straight from a browser of this computer.

It is what opens the agents' pages without accounts (``CLAS_AGENTS_LOCAL=1``), for somebody who
keeps the texts on their own computer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from assistant.acces.identite import Refus, is_loopback

_TRANSMIS: Final = re.compile(
    r"forwarded|via|x-forwarded\b.*|x-original-.*|x-real-ip|x-client-ip|x-cluster-client-ip"
    r"|x-envoy-.*|x-proxyuser-ip|x-remote-.*|remote-(?:user|addr)|cf-.*|true-client-ip"
    r"|fastly-client-ip|x-appengine-.*|x-azure-.*|x-arr-.*|x-amzn?-.*|proxy-.*|client-ip"
)
"""Headers that something between the browser and the server adds."""
_HOTE: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?")
JETON: Final = "_streamlit_xsrf"
"""Cookie that browsers withhold from a page shown inside another site (``SameSite=Lax``)."""
_MESSAGE = (
    "Les pages des agents ne s'ouvrent que depuis l'ordinateur même où le programme est lancé, "
    "sans serveur intermédiaire."
)


@dataclass(frozen=True, slots=True)
class Requete:
    """How the browser reached the server, as the server itself saw it."""

    entetes: tuple[tuple[str, str], ...] = ()
    """Headers of the connection, in order; a header given twice is there twice."""
    temoins: tuple[str, ...] = ()
    """Names of its cookies."""
    adresse: str | None = None
    """Address at the other end of the connection; None: unknown."""
    serveur: str | None = None
    """Address that the server listens on; None: all of them."""

    def entete(self, nom: str) -> list[str]:
        """Values of a header."""
        return [valeur for autre, valeur in self.entetes if autre.lower() == nom]


def refusal_of_local(requete: Requete) -> Refus | None:
    """Say why a request is not taken for one of this computer; None when it is."""
    faute = next(_faults(requete), None)
    return Refus("local", _MESSAGE, faute) if faute else None


def _faults(requete: Requete) -> Iterator[str]:
    if not is_loopback(requete.serveur):
        yield f"le serveur écoute sur {requete.serveur or 'toutes les adresses'!a}"
    if not is_loopback(requete.adresse):
        yield f"la requête vient de {requete.adresse!a}"
    for nom, _ in requete.entetes:
        if _TRANSMIS.fullmatch(nom.strip().lower()):
            yield f"la requête porte l'en-tête {nom[:60]!a} d'un serveur intermédiaire"
    hotes = requete.entete("host")
    # Against a name of somebody else's that is made to point here (DNS rebinding).
    if len(hotes) != 1 or not _HOTE.fullmatch(hotes[0].lower()):
        yield f"la requête est adressée à {str(hotes)[:80]!a}"
        return
    # Against a page of another site, and a silent proxy: browsers say where the page comes from.
    origines = requete.entete("origin")
    if len(origines) != 1 or not _is_same(origines[0], hotes[0]):
        yield f"la page vient de {str(origines)[:80]!a}"
    if JETON not in requete.temoins:
        yield "la page est montrée dans celle d'un autre site"


def _is_same(origine: str, hote: str) -> bool:
    try:
        lue = urlsplit(origine)
    except ValueError:
        return False
    return lue.scheme in ("http", "https") and lue.netloc.lower() == hote.lower()
