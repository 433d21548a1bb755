"""Conversations in the shared store: written after each turn, read by whoever takes one over.

Nothing here is worth keeping anybody waiting: where the store is away, nothing is kept.
"""

from __future__ import annotations

import threading
from time import monotonic
from typing import Final, NamedTuple

from sqlalchemy import text

from assistant.conversations.modeles import ConversationGardee
from assistant.conversations.scelle import HEURES, nom_de, ouvrir, sceller
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin

PLUS: Final = 100_000
"""Conversations that the store holds, at most: nobody can fill its disk."""
_ATTENTE: Final = 0.5
"""Seconds that somebody may wait for one to be written."""
_LECTURE: Final = 1.0
_MENAGE: Final = 600.0
"""Seconds between two times that a process throws old ones away."""

_ECRIRE: Final = text(
    "INSERT INTO conversations.gardees (nom, contenu) VALUES (:nom, :contenu)"
    " ON CONFLICT (nom) DO UPDATE SET contenu = excluded.contenu, vue_le = now()"
)
# The store's clock alone says how long: those of the replicas may differ.
_LIRE: Final = text(
    "SELECT contenu FROM conversations.gardees"
    " WHERE nom = :nom AND vue_le > now() - make_interval(hours => :heures)"
)
_PERIMER: Final = text(
    "DELETE FROM conversations.gardees WHERE vue_le <= now() - make_interval(hours => :heures)"
)
_BORNER: Final = text(
    "DELETE FROM conversations.gardees WHERE vue_le <= (SELECT vue_le FROM conversations.gardees"
    " ORDER BY vue_le DESC OFFSET :plus LIMIT 1)"
)


class Lue(NamedTuple):
    """What asking for a conversation gave."""

    repond: bool
    """Whether the store answered: if not, asking again later may give one."""
    conversation: ConversationGardee | None = None


class Conversations:
    """The conversations of a shared store; used by the threads of a process."""

    def __init__(self, magasin: Magasin) -> None:
        self._magasin = magasin
        self._verrou = threading.Lock()
        self._menage = float("-inf")

    def garder(self, jeton: str, conversation: ConversationGardee) -> bool:
        """Keep a conversation under its token, in the place of what was; whether it is kept."""
        contenu = sceller(jeton, conversation)
        if contenu is None:
            return False
        try:
            with self._magasin.connexion(_ATTENTE) as connection:
                connection.execute(_ECRIRE, {"nom": nom_de(jeton), "contenu": contenu})
        except MagasinIndisponible:
            return False
        if self._a_ranger():
            self.purger()
        return True

    def lire(self, jeton: str) -> Lue:
        """The conversation of a token; none where it is unknown, too old, or cannot be read."""
        try:
            with self._magasin.connexion(_LECTURE) as connection:
                contenu = connection.scalar(_LIRE, {"nom": nom_de(jeton), "heures": HEURES})
        except MagasinIndisponible:
            return Lue(repond=False)
        return Lue(repond=True, conversation=ouvrir(jeton, bytes(contenu)) if contenu else None)

    def purger(self) -> bool:
        """Throw away what is past its time, and the oldest of what is too many; whether done."""
        try:
            with self._magasin.connexion(_LECTURE) as connection:
                connection.execute(_PERIMER, {"heures": HEURES})
                connection.execute(_BORNER, {"plus": PLUS})
        except MagasinIndisponible:
            return False
        return True

    def _a_ranger(self) -> bool:
        with self._verrou:
            if monotonic() - self._menage < _MENAGE:
                return False
            self._menage = monotonic()
            return True
