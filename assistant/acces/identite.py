"""Whether the claims of a login may be believed, each time they are used.

Streamlit checks a token once, when somebody logs in, and keeps its claims for thirty days in a
signed cookie. Its library does not compare ``aud`` with the client, and lets an expired token pass
for two minutes: what matters is checked here again.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

Motif = Literal["fermee", "configuration", "anonyme", "jeton", "expiree", "sans_role", "local"]
"""Why nobody is let in. ``fermee``: nothing opens the agents' pages; ``configuration``: what
opens them cannot be trusted; ``jeton``: claims that are not for us; ``local``: a request that does
not come straight from this computer."""

DUREE: Final = 12 * 3600
"""Seconds after which a login is over, whatever its token says."""
_ECART: Final = 120
"""Seconds by which the provider's clock may be ahead of ours."""
_SECRET: Final = 32
"""Characters that the key of the session cookies has at least."""
_DECOUVERTE: Final = "/.well-known/openid-configuration"
_FOURNISSEUR: Final = "default"
"""How Streamlit names the one provider of ``[auth]``."""


@dataclass(frozen=True, slots=True)
class Refus:
    """Why somebody is not let in."""

    motif: Motif
    message: str
    """What the page says."""
    detail: str = ""
    """What the log says besides: never shown, since it may tell how the server is set up."""


class ConnexionInutilisable(ValueError):
    """The configuration of logins cannot be trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Client:
    """What tokens must be made by, and for."""

    emetteur: str
    identifiant: str


def client_of(auth: Mapping[str, object], emetteur: str | None) -> Client:
    """Read the client of a configuration ``[auth]``.

    Args:
        auth: the section, as Streamlit reads it.
        emetteur: the issuer, where the address of the provider does not tell it.

    Raises:
        ConnexionInutilisable: something is missing, or weak enough for a session to be forged.
    """
    cookie = _text(auth, "cookie_secret")
    if len(cookie) < _SECRET:
        raise ConnexionInutilisable(
            f"cookie_secret a {len(cookie)} caractères ; il en faut {_SECRET} tirés au hasard"
        )
    decouverte = _text(auth, "server_metadata_url")
    for nom, adresse in (
        ("server_metadata_url", decouverte),
        ("redirect_uri", _text(auth, "redirect_uri")),
    ):
        if not _is_private(adresse):
            raise ConnexionInutilisable(f"{nom} doit commencer par https:// (hors de ce poste)")
    if emetteur is None:
        if not decouverte.endswith(_DECOUVERTE):
            raise ConnexionInutilisable(
                f"server_metadata_url ne finit pas par {_DECOUVERTE} : "
                "donnez « emetteur » dans le fichier des rôles"
            )
        emetteur = decouverte.removesuffix(_DECOUVERTE)
    return Client(emetteur=emetteur, identifiant=_text(auth, "client_id"))


def refusal_of_claims(
    claims: Mapping[str, object], client: Client, instant: datetime
) -> Refus | None:
    """Say why claims are not to be believed at this instant; None when they are."""
    faute = (
        _wrong_origin(claims, client)
        or _wrong_audience(claims, client)
        or _wrong_times(claims, instant)
    )
    if faute:
        return Refus("jeton", _PAS_POUR_NOUS, faute)
    maintenant = instant.timestamp()
    if maintenant >= end_of(claims):
        return Refus("expiree", _EXPIREE)
    return None


def end_of(claims: Mapping[str, object]) -> float:
    """When a login is over, in seconds of the epoch; minus infinity when its times are unusable."""
    exp, iat = _number(claims, "exp"), _number(claims, "iat")
    return -math.inf if exp is None or iat is None else min(exp, iat + DUREE)


_PAS_POUR_NOUS = "Cette connexion n'est pas reconnue ici. Déconnectez-vous, puis reconnectez-vous."
_EXPIREE = "Votre connexion a expiré. Reconnectez-vous pour continuer."


def _wrong_origin(claims: Mapping[str, object], client: Client) -> str:
    if claims.get("provider") != _FOURNISSEUR:
        return "fournisseur autre que celui de [auth]"
    if claims.get("iss") != client.emetteur:
        return f"émetteur {str(claims.get('iss'))[:80]!a} ; attendu {client.emetteur!a}"
    return ""


def _wrong_audience(claims: Mapping[str, object], client: Client) -> str:
    aud, azp = claims.get("aud"), claims.get("azp")
    audience = aud if isinstance(aud, list) else [aud]
    if client.identifiant not in audience:
        return f"jeton destiné à {str(aud)[:80]!a} ; attendu {client.identifiant!a}"
    if azp is not None and azp != client.identifiant:
        return f"jeton remis à {str(azp)[:80]!a} ; attendu {client.identifiant!a}"
    if len(audience) > 1 and azp is None:
        return "jeton à plusieurs destinataires, sans azp"
    return ""


def _wrong_times(claims: Mapping[str, object], instant: datetime) -> str:
    iat, nbf = _number(claims, "iat"), claims.get("nbf")
    if _number(claims, "exp") is None or iat is None:
        return "jeton sans dates (exp, iat)"
    au_plus_tard = instant.timestamp() + _ECART
    if iat > au_plus_tard:
        return "jeton émis dans l'avenir"
    debut = _number(claims, "nbf")
    if nbf is not None and (debut is None or debut > au_plus_tard):
        return "jeton qui ne vaut pas encore"
    return ""


def _number(claims: Mapping[str, object], nom: str) -> float | None:
    valeur = claims.get(nom)
    if isinstance(valeur, bool) or not isinstance(valeur, int | float):
        return None
    try:
        nombre = float(valeur)
    except OverflowError:
        return None
    return nombre if math.isfinite(nombre) else None


def _text(auth: Mapping[str, object], nom: str) -> str:
    valeur = auth.get(nom)
    if not isinstance(valeur, str) or not valeur.strip():
        raise ConnexionInutilisable(f"[auth] ne donne pas {nom}")
    return valeur


def _is_private(adresse: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    try:
        lue = urlsplit(adresse.replace("{port}", "8501"))
        hote = lue.hostname
    except ValueError:
        return False
    return bool(hote) and (lue.scheme == "https" or (lue.scheme == "http" and is_loopback(hote)))


def is_loopback(hote: str | None) -> bool:
    """Whether a host, by name or by address, is this computer and no other."""
    if hote == "localhost":
        return True
    try:
        return ipaddress.ip_address(hote or "").is_loopback
    except ValueError:
        return False
