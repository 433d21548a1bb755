"""Who asks, and with which role: decided from the request and the configuration alone."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from assistant.acces.identite import (
    ConnexionInutilisable,
    Refus,
    client_of,
    end_of,
    refusal_of_claims,
)
from assistant.acces.local import Requete, refusal_of_local
from assistant.acces.roles import (
    Habilitations,
    HabilitationsInutilisables,
    Personne,
    RoleTenu,
    covers,
    normalise,
    read_habilitations,
)

Ouverture = Literal["fermee", "comptes", "local"]
"""What lets agents in. ``fermee``: nothing, their pages are off."""

_ABSENTE = "Les pages des agents ne sont pas ouvertes sur ce serveur."
_MAL_CONFIGURE = (
    "Les accès des agents sont mal configurés sur ce serveur : personne n'y entre. "
    "Prévenez la personne qui le tient ; le journal du serveur dit pourquoi."
)
_ANONYME = "Cette page est réservée aux agents : connectez-vous."
_SANS_ROLE = (
    "Votre compte n'a pas de rôle ici. Demandez à la personne qui tient ce serveur de vous ajouter."
)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision is taken from. Nothing in it is said by the page or its address."""

    local: bool
    """Whether this computer's own browser is let in without an account."""
    roles: Path | None
    """File that says who holds which role."""
    auth: Mapping[str, object] | None
    """Configuration of logins; None: there are no accounts; empty: it cannot be read."""
    entetes_crus: bool
    """Whether the server takes identities from headers, which anybody may send."""
    revendications: Mapping[str, object]
    """Claims of the login, from a cookie that the server signed; empty: nobody logged in."""
    requete: Requete
    instant: datetime
    """Now, with its time zone."""


@dataclass(frozen=True, slots=True)
class Identite:
    """Somebody who holds a role, at the instant it was asked."""

    role: RoleTenu
    auteur: str
    """How the journal names them."""
    voie: Literal["compte", "local"]
    expire: datetime | None
    """When they must log in again; None: never (this computer's own browser)."""


def opening(situation: Situation) -> Ouverture:
    """Say what lets agents in. Accounts, once configured, leave no other way."""
    if situation.auth is not None:
        return "comptes"
    return "local" if situation.local else "fermee"


def decide(situation: Situation) -> Identite | Refus:
    """Say who asks; a ``Refus`` for anybody who has no role, with the reason."""
    if situation.entetes_crus:
        return Refus("configuration", _MAL_CONFIGURE, "server.trustedUserHeaders est réglé")
    match opening(situation):
        case "fermee":
            return Refus("fermee", _ABSENTE)
        case "local":
            return refusal_of_local(situation.requete) or Identite(
                role="gestionnaire", auteur=_system_account(), voie="local", expire=None
            )
        case "comptes":
            return _decide_account(situation)


def _decide_account(situation: Situation) -> Identite | Refus:
    if not situation.auth:
        return Refus("configuration", _MAL_CONFIGURE, "[auth] est vide, ou secrets.toml illisible")
    claims = situation.revendications
    if claims.get("is_logged_in") is not True:
        return Refus("anonyme", _ANONYME)
    if situation.roles is None:
        return Refus("configuration", _MAL_CONFIGURE, "CLAS_ROLES ne nomme pas de fichier")
    try:
        habilitations = read_habilitations(situation.roles)
        client = client_of(situation.auth, habilitations.emetteur)
    except (HabilitationsInutilisables, ConnexionInutilisable) as error:
        return Refus("configuration", _MAL_CONFIGURE, str(error))
    refus = refusal_of_claims(claims, client, situation.instant)
    if refus:
        return refus
    personne = _find(habilitations, claims)
    if personne is None:
        return Refus("sans_role", _SANS_ROLE)
    return Identite(
        role=personne.role,
        auteur=personne.auteur,
        voie="compte",
        # The end of a believed login is at most twelve hours away.
        expire=datetime.fromtimestamp(end_of(claims), tz=UTC),
    )


def _find(habilitations: Habilitations, claims: Mapping[str, object]) -> Personne | None:
    """Find who the claims are of; whoever is listed under both keys has the lesser role."""
    sub, courriel = claims.get("sub"), _address(claims)
    trouvees = [
        p
        for p in habilitations.personnes
        if (p.sub is not None and p.sub == sub)
        or (p.courriel is not None and p.courriel == courriel)
    ]
    return min(trouvees, key=lambda p: covers(p.role, "gestionnaire"), default=None)


def _address(claims: Mapping[str, object]) -> str | None:
    """Address of the claims, unless the provider says that it did not check it."""
    courriel = claims.get("email")
    if not isinstance(courriel, str):
        return None
    verifiee = claims.get("email_verified", True)
    # Some providers write the word instead of the value.
    if verifiee is not True and verifiee != "true":
        return None
    try:
        return normalise(courriel)
    except ValueError:
        return None


def _system_account() -> str:
    try:
        compte = getpass.getuser()
    except (KeyError, OSError):
        compte = "inconnu"
    return f"poste local (compte {compte[:60]})"
