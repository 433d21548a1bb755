"""Guards of the agents' pages, and of every action that writes.

A page says ``exiger("agent")`` before anything else. An action is done through ``agir``, which
judges the request again at that moment and writes in the journal who did what. Neither reads
anything that a page, its address or its widgets hold.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import streamlit as st

from assistant.acces import (
    Identite,
    Ouverture,
    Refus,
    Requete,
    Role,
    Situation,
    covers,
    decide,
    opening,
)
from assistant.configuration import read_configuration
from assistant.publication.etat import open_base
from corpus.base.models import Evenement
from corpus.base.store import Base
from pages_clas.balises import avis
from pages_clas.observation import observateur

_LOG: Final = logging.getLogger("clas.acces")
# Apart: it names who acted, which no other line of the server's log does.
_JOURNAL_PERDU: Final = logging.getLogger("clas.acces.journal")
_DETAIL: Final = 300
_MOINDRE: Final = "Cette page demande le rôle de gestionnaire ; votre compte a celui d'agent."

T = TypeVar("T")


def situation() -> Situation:
    """Gather what a decision is taken from: configuration, claims, connection, time."""
    configuration = read_configuration()
    return Situation(
        local=configuration.agents_local,
        roles=configuration.roles,
        auth=_accounts(),
        entetes_crus=bool(st.get_option("server.trustedUserHeaders")),
        revendications=st.user.to_dict(),
        requete=_request(),
        instant=datetime.now(UTC),
    )


def ouverture() -> Ouverture:
    """What lets agents in on this server."""
    return opening(situation())


def qui() -> Identite | Refus:
    """Who asks, now."""
    decision = decide(situation())
    if isinstance(decision, Refus) and decision.detail:
        _say_once(f"{decision.motif} : {decision.detail}")
    return decision


def exiger(role: Role) -> Identite:
    """Let in whoever holds a role; say why on the page and stop there for anybody else."""
    decision = qui()
    if isinstance(decision, Identite) and covers(decision.role, role):
        return decision
    message = decision.message if isinstance(decision, Refus) else _MOINDRE
    st.html(avis("erreur", "Page réservée", [message]))
    return st.stop()


def agir(
    role: Role,
    action: str,
    objet: str,
    faire: Callable[[Identite], T],
    detail: str = "",
) -> T:
    """Do something that writes, as somebody who holds a role at this very moment.

    The journal of the document base then says who did what; an act that writes its own line there
    is not told twice, and one that fails is told with its failure.

    Args:
        role: the least role that it takes.
        action: what is done, one of the actions of ``Evenement``.
        objet: what it bears on: a document, a version.
        faire: does it, for the identity that was let in.
        detail: what else the journal says.
    """
    identite = admettre(role, action, objet)
    base = open_base(read_configuration())
    ligne = {"auteur": identite.auteur, "action": action, "objet": objet}
    # A line that the journal cannot hold is found out before anything is done.
    _event(ligne, detail)
    deja = len(base.read_journal())
    try:
        with observateur().acte(action):
            fait = faire(identite)
    except BaseException as error:
        _tell(base, _event(ligne, f"échec ({type(error).__name__}) {detail}".strip()))
        raise
    if not any(_is_told(event, ligne) for event in base.read_journal()[deja:]):
        _tell(base, _event(ligne, detail))
    return fait


def admettre(role: Role, action: str, objet: str) -> Identite:
    """``exiger`` at the moment of an act, with a line in the server's log where it is refused.

    Not in the journal: anybody could fill the disk with it. For an act that keeps a journal of its
    own, under the name of the identity that is returned; any other is done through ``agir``.
    """
    decision = qui()
    if isinstance(decision, Refus) or not covers(decision.role, role):
        motif = decision.motif if isinstance(decision, Refus) else "rôle insuffisant"
        _LOG.warning("acte refusé (%s) : %s %s", motif, action, ascii(objet[:80]))
    return exiger(role)


def _event(ligne: dict[str, str], detail: str) -> Evenement:
    return Evenement.model_validate(ligne | {"date": datetime.now(UTC), "detail": detail[:_DETAIL]})


def _is_told(event: Evenement, ligne: dict[str, str]) -> bool:
    return event.auteur == ligne["auteur"] and event.action == ligne["action"]


def _tell(base: Base, event: Evenement) -> None:
    """Write a line of the journal; where it cannot be, the server's log has it, and it is an error.

    Raises:
        OSError: the journal cannot be written.
    """
    try:
        base.log(event)
    except OSError:
        _JOURNAL_PERDU.critical(
            "journal impossible à écrire ; à y reporter : %s", event.model_dump_json()
        )
        raise


def _accounts() -> dict[str, object] | None:
    """Section ``[auth]`` of the secrets; None where there is none.

    Secrets that are there and cannot be read are no section at all, and no absence of one: the
    way in that is left without accounts must not open because of a slip in a file.
    """
    if not st.secrets.load_if_toml_exists():
        presents = any(Path(nom).exists() for nom in st.get_option("secrets.files"))
        return {} if presents else None
    section = st.secrets.get("auth")
    if section is None:
        return None
    return section.to_dict() if hasattr(section, "to_dict") else {}


def _request() -> Requete:
    """How the browser reached this server, as its connection tells it."""
    entetes = st.context.headers
    adresse = st.context.ip_address
    if adresse is None and entetes:
        # Streamlit says « no address » for the two addresses of this computer. Without headers
        # there is no connection at all, and the address stays unknown.
        adresse = "127.0.0.1"
    return Requete(
        entetes=tuple((nom, valeur) for nom in entetes for valeur in entetes.get_all(nom)),
        temoins=tuple(st.context.cookies),
        adresse=adresse,
        serveur=st.get_option("server.address"),
    )


@cache
def _say_once(message: str) -> None:
    """Write a line in the server's log, the first time: pages are drawn again and again."""
    _LOG.warning("accès refusé : %s", message)
