"""Fingerprints of what is judged: its words and its quotations, and nothing else.

Neither the place of a quotation nor white space counts: a text that is only laid out again leaves
marks as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from assistant.avis.models import DIT, Cible
from assistant.fiches.loading import FichePrete
from assistant.models import Citation, Reponse
from assistant.rendering import plain


def print_of_card(carte: FichePrete) -> str:
    """Fingerprint of a card: what it says, for whom and when, and the words that prove it."""
    fiche = carte.fiche
    said = fiche.model_dump(
        mode="json",
        include={
            "titre", "reponse", "reserves", "polarite", "silence", "divergence", "portee", "du",
            "au",
        },
    )  # fmt: skip
    return _digest([said, _quoted(carte.citations)])


def print_of_answer(reponse: Reponse) -> str:
    """Fingerprint of an answer: the same words and quotations have the same, whoever asks."""
    return _digest([_words(reponse.texte), _quoted(reponse.citations)])


def target_of_card(carte: FichePrete, version: str) -> Cible:
    """A card, to be judged."""
    fiche = carte.fiche
    dit = f"{fiche.titre} {fiche.reponse}"
    return Cible("fiche", fiche.id, print_of_card(carte), version, _cut(dit))


def target_of_answer(reponse: Reponse, version: str) -> Cible:
    """An answer, to be judged."""
    empreinte = print_of_answer(reponse)
    return Cible("reponse", empreinte, empreinte, version, _cut(plain(reponse.texte)))


def _quoted(citations: Iterable[Citation]) -> list[list[str]]:
    return [[c.document, _words(c.extrait)] for c in citations]


def _words(texte: str) -> str:
    return " ".join(texte.split())


def _cut(texte: str) -> str:
    """First words, as any file can hold them."""
    mots = _words(texte.encode("utf-8", "replace").decode("utf-8"))
    return mots if len(mots) <= DIT else f"{mots[: DIT - 1]}…"


def _digest(what: object) -> str:
    said = json.dumps(what, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(said.encode("ascii")).hexdigest()
