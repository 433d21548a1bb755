"""A conversation as bytes that only its token opens: the store alone cannot read it.

The token is 128 bits drawn at random. What the store holds is a name and a ciphered content, each
derived from the token in a way of its own: neither gives the token nor the other.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import zlib
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from assistant.conversations.modeles import ConversationGardee

HEURES: Final = 12
"""Hours that a conversation is kept after what was last done there."""
TOURS: Final = 20
"""Turns kept, at most."""
TAILLE: Final = 128 * 1024
"""Bytes kept of a conversation, at most."""
_DEPLIEE: Final = 4 * 1024 * 1024
"""Bytes that it may come to once it is open."""
_JETON: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def nouveau_jeton() -> str:
    """128 bits drawn at random, as an address can carry them."""
    return secrets.token_urlsafe(16)


def est_un_jeton(mots: str) -> bool:
    """Whether these words could be a token."""
    return _JETON.fullmatch(mots) is not None


def nom_de(jeton: str) -> bytes:
    """Under what name the store keeps the conversation of a token."""
    return hashlib.sha256(jeton.encode()).digest()


def sceller(jeton: str, conversation: ConversationGardee) -> bytes | None:
    """Cipher a conversation; its oldest turns go where it is too long, None where it still is."""
    tours = conversation.tours[-TOURS:]
    while True:
        garde = conversation.model_copy(update={"tours": tours})
        clair = garde.model_dump_json().encode()
        if len(clair) <= _DEPLIEE:
            scellee = _coffre(jeton).encrypt(zlib.compress(clair, 1))
            if len(scellee) <= TAILLE:
                return scellee
        if not tours:
            return None
        tours = tours[(len(tours) + 1) // 2 :]


def ouvrir(jeton: str, scellee: bytes) -> ConversationGardee | None:
    """Open what a token keeps; None where it is damaged, foreign, or not understood any more."""
    try:
        pliee = _coffre(jeton).decrypt(scellee)
        depliage = zlib.decompressobj()
        clair = depliage.decompress(pliee, _DEPLIEE)
        return ConversationGardee.model_validate_json(clair) if depliage.eof else None
    except (InvalidToken, zlib.error, ValidationError):
        return None


def _coffre(jeton: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"clas conversation contenu")
    return Fernet(base64.urlsafe_b64encode(derive.derive(jeton.encode())))
