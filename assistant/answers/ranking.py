"""Which card is asked for: traits that one can read, weighed by a frozen linear model.

The model is fitted on the cards' own ways to ask, each put as a question that the index does not
know (``python -m assistant.classement``), never on a question set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from assistant.answers.selection import UniteChoisie, expected_of, load_attentes
from assistant.fiches.loading import FichePrete
from corpus.models import NATIONALE
from index.french import fold, stems, words
from index.models import AskedHit, Hit
from index.search import Retrieval

FILE = Path(__file__).with_name("classement.json")
RIVALS = 6
"""Nearest cards among which a word tells one from the others."""
NAMES = (
    "proche",
    "deux_facons",
    "preuve",
    "phrase",
    "mots_connus",
    "mots_distinctifs",
    "autre_attribut",
    "ouverte_et_oui_non",
    "fermee_et_oui_non",
    "locale_ici",
    "locale_ailleurs",
)
"""Names of the traits, in the order of a row."""
GIVES: Mapping[str, frozenset[str]] = {
    "montant": frozenset({"montant", "part", "comparaison", "liste"}),
    "part": frozenset({"part", "montant", "comparaison"}),
    "date": frozenset({"date", "duree", "comparaison"}),
    "duree": frozenset({"duree", "nombre", "comparaison"}),
    "nombre": frozenset({"nombre", "montant", "duree", "part", "comparaison"}),
    "acteur": frozenset({"qui", "liste", "comparaison"}),
}
"""What a question expects → attributes of the cards that can give it."""


class ModeleClassement(BaseModel):
    """Frozen weights: the strength of a card is Σ weight × trait, read against the other cards'."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    """First 12 hex digits of the sha256 of the ways to ask that it was fitted on."""
    traits: tuple[str, ...]
    weights: tuple[float, ...]
    pente: float = 1.0
    decalage: float = 0.0
    """What bring the nearness of an encoder to the scale in which marks are read."""
    passage_fiche: float = 0.0
    """Added to a passage's score for the share of the cards that it proves."""

    def nearness(self, found: AskedHit) -> AskedHit:
        """The same hit, on the scale in which marks are read."""
        score = self.pente * found.score + self.decalage
        pair = self.pente * found.pair + self.decalage
        return found.model_copy(update={"score": score, "pair": pair})

    @model_validator(mode="after")
    def _one_weight_a_trait(self) -> ModeleClassement:
        if len(self.traits) != len(self.weights):
            raise ValueError(f"{FILE.name} : il faut un poids par trait")
        return self

    def strengths(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Strength of each card, shape (cards,), from its traits, shape (cards, traits)."""
        return np.asarray(rows @ np.array(self.weights), dtype=np.float64)


@lru_cache(maxsize=4)
def load_ranking(path: Path = FILE) -> ModeleClassement:
    """Read a frozen model shipped with the program: by default, that of the general encoder."""
    return ModeleClassement.model_validate_json(path.read_bytes())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card found through the ways that people ask."""

    carte: FichePrete
    trouvee: AskedHit
    connus: float
    """Share, by rarity, of the question's words that the card uses."""
    preuve: float
    """Score of the best ranked passage that holds words of the card; 0 when none was found."""


def candidate(found: AskedHit, card: FichePrete, retrieval: Retrieval) -> Candidate:
    """Look at a card beside a question."""
    return Candidate(
        carte=card,
        trouvee=found,
        connus=known_share(retrieval.rarities, stems_of(card)),
        preuve=_evidence(card, retrieval.result.hits),
    )


def traits(
    question: str,
    candidates: Sequence[Candidate],
    retrieval: Retrieval,
    units: Sequence[UniteChoisie],
    departements: Sequence[str],
) -> NDArray[np.float64]:
    """Traits of each candidate, nearest first; shape (candidates, ``len(NAMES)``)."""
    expected = [a.nom for a in expected_of(question) if a.nom in GIVES]
    opened = _is_open(question)
    held = [stems_of(c.carte) for c in candidates]
    rows = np.zeros((len(candidates), len(NAMES)), dtype=np.float64)
    for place, found in enumerate(candidates):
        fiche = found.carte.fiche
        local = fiche.portee != NATIONALE
        closed = fiche.attribut == "oui_non"
        rivals = [s for rank, s in enumerate(held[:RIVALS]) if rank != place]
        rows[place] = (
            found.trouvee.score,
            found.trouvee.pair,
            found.preuve,
            _best_unit(found.carte, units),
            found.connus,
            _distinctive(retrieval.rarities, held[place], rivals),
            bool(expected) and not any(fiche.attribut in GIVES[name] for name in expected),
            opened and closed,
            closed and not opened,
            local and fiche.portee in departements,
            local and not departements,
        )
    return rows


def _is_open(question: str) -> bool:
    """Whether a question asks for something else than a yes or a no."""
    asks = load_attentes()
    return any(fold(word) in asks.interrogatifs or fold(word) in _OPEN for word in words(question))


_OPEN = frozenset({"comment", "pourquoi"})


def known_share(rarities: Mapping[str, float], held: frozenset[str]) -> float:
    """Share of a question's content stems, weighted by rarity, that are held."""
    total = sum(rarities.values())
    return sum(r for s, r in rarities.items() if s in held) / total if total else 0.0


def _distinctive(
    rarities: Mapping[str, float], held: frozenset[str], rivals: Sequence[frozenset[str]]
) -> float:
    """Share, by rarity, of the question's words that this card knows and its rivals do not."""
    total = sum(rarities.values())
    if not total:
        return 0.0
    alone = (
        r * (1 - sum(s in rival for rival in rivals) / max(1, len(rivals)))
        for s, r in rarities.items()
        if s in held
    )
    return sum(alone) / total


def _evidence(card: FichePrete, hits: Sequence[Hit]) -> float:
    return max(
        (
            hit.score
            for hit in hits
            if proved_in(card, hit.passage.document, hit.passage.debut, hit.passage.fin)
        ),
        default=0.0,
    )


def _best_unit(card: FichePrete, units: Sequence[UniteChoisie]) -> float:
    """Mark of the best sentence that holds words of the card; 0 when none was found."""
    return max(
        (u.note for u in units if proved_in(card, u.hit.passage.document, u.debut, u.fin)),
        default=0.0,
    )


def proved_in(card: FichePrete, document: str, debut: int, fin: int) -> bool:
    """Whether a quotation of a card shares words with a place of a document."""
    return any(c.document == document and c.debut < fin and debut < c.fin for c in card.citations)


def stems_of(card: FichePrete) -> frozenset[str]:
    """Stems of all the words of a card."""
    fiche = card.fiche
    return _stems((fiche.titre, fiche.reponse, *fiche.reserves, *fiche.formulations))


@lru_cache(maxsize=2048)
def _stems(said: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stems(" ".join(said)))
