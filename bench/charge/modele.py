"""What a load is, and what came of it: plain data that goes between processes as JSON."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SESSIONS_AU_PLUS = 200
DUREE_AU_PLUS = 600.0


class ChargeRefusee(ValueError):
    """A load that is not to be made; the message says what was found and what is accepted."""


@dataclass(frozen=True)
class Charge:
    """People who ask, each in a page of their own. Durations are in seconds."""

    adresses: tuple[str, ...]
    """Of the replicas: « 127.0.0.1:8501 »."""
    sessions: int
    duree: float
    """After which nobody asks any more."""
    reflexion: float = 5.0
    """Between an answer and the next question, give or take a fifth."""
    tours: int = 6
    """Questions of a conversation, before « Nouvelle conversation »."""
    patience: float = 30.0
    """For one answer, and for a page to open."""
    jeux: tuple[str, ...] = ("reponses_dev", "silence_dev")
    graine: int = 20_261_122

    def __post_init__(self) -> None:
        """Refuse what is not a load of this machine.

        Raises:
            ChargeRefusee: too many sessions, too long, or aimed elsewhere.
        """
        if not 1 <= self.sessions <= SESSIONS_AU_PLUS:
            raise ChargeRefusee(f"{self.sessions} sessions : attendu de 1 à {SESSIONS_AU_PLUS}")
        if not 0 < self.duree <= DUREE_AU_PLUS:
            raise ChargeRefusee(f"durée de {self.duree} s : attendu plus de 0 et au plus 600")
        ailleurs = [a for a in self.adresses if not a.startswith("127.0.0.1:")]
        if ailleurs or not self.adresses:
            raise ChargeRefusee(
                f"adresses « {', '.join(ailleurs)} » : attendu celles de cette machine, "
                "« 127.0.0.1:port »"
            )
        tenus = [jeu for jeu in self.jeux if not jeu.endswith("_dev")]
        if tenus or not self.jeux:
            raise ChargeRefusee(
                f"jeux « {', '.join(tenus)} » : attendu des jeux de développement, « …_dev »"
            )

    @classmethod
    def lue(cls, texte: str) -> Charge:
        """Read one written by ``json``.

        Raises:
            ChargeRefusee: see the class.
        """
        champs: dict[str, Any] = json.loads(texte)
        champs |= {nom: tuple(champs[nom]) for nom in ("adresses", "jeux") if nom in champs}
        return cls(**champs)

    @property
    def json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Demande:
    """One question put, and what came."""

    session: int
    question: str
    adresse: str
    """Of the replica that answered, else of the last one that was asked."""
    secondes: float
    """From the question first sent to the answer complete, whatever was cut in between."""
    envois: int
    """Times that it was sent: more than one where a replica was lost."""
    genre: str = ""
    """« reponse », « hors_corpus »… as the page says it; empty where there is no answer."""
    citations: tuple[str, ...] = ()
    """Words marked as quoted, on the cards of this answer."""
    erreur: str = ""
    """What is wrong, in French; empty where nothing is."""
    messages: tuple[str, ...] = ()
    """Titles of the message boxes on the page."""


@dataclass(frozen=True)
class Resultat:
    """What came of a load."""

    demandes: tuple[Demande, ...]
    ouvertures: tuple[float, ...]
    """Seconds that each page took to open."""
    reconnexions: int
    pertes: Mapping[str, int]
    """Connections lost or refused, by kind: each was tried again elsewhere."""
    processeur: float
    """Seconds of processor of the client itself, which shares the machine."""

    @classmethod
    def lu(cls, texte: str) -> Resultat:
        """Read one written by ``json``."""
        champs: dict[str, Any] = json.loads(texte)
        demandes = tuple(
            Demande(**{**d, "citations": tuple(d["citations"]), "messages": tuple(d["messages"])})
            for d in champs["demandes"]
        )
        ouvertures = tuple(champs["ouvertures"])
        return cls(**{**champs, "demandes": demandes, "ouvertures": ouvertures})

    @property
    def json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def erreurs(self) -> Mapping[str, int]:
        """Kinds of errors, and how many of each."""
        return Counter(d.erreur for d in self.demandes if d.erreur)

    @property
    def repondues(self) -> tuple[Demande, ...]:
        return tuple(d for d in self.demandes if not d.erreur)

    def centile(self, part: float) -> float:
        """Seconds that at most ``part`` of the answers took more than; NaN without any."""
        return centile([d.secondes for d in self.repondues], part)


def centile(valeurs: Sequence[float], part: float) -> float:
    """Smallest value that this share of the values does not exceed; NaN without any."""
    rangees = sorted(valeurs)
    return rangees[max(0, math.ceil(part * len(rangees)) - 1)] if rangees else math.nan
