"""Knowledge cards in an answer: which one is asked for, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from assistant.answers.composition import Composition
from assistant.answers.places import nom_departement
from assistant.answers.selection import expected_of, load_attentes
from assistant.fiches.loading import FichePrete
from assistant.models import Citation
from corpus.models import NATIONALE, DocumentCanonique
from index.french import fold, stems
from index.french import words as words_of
from index.models import Hit
from index.search import Retrieval

LOCAL_SHIFT = 0.02
"""Added to a local card for someone of its département, taken from it when nobody said where."""
MISMATCH = 0.03
"""Taken from a card that gives something else than what is asked (a date for an amount)."""
BESIDE = 0.06
"""Marks under the best within which a card of the other scope is said beside it."""
EVIDENCE = 0.10
"""Weight of the score of the best passage that proves the card."""
WORDS_KNOWN = 0.10
"""Weight of the share, by rarity, of the question's words that the card uses."""
CITED = 6
"""Quotations of one card, at most."""
_YES_NO = re.compile(r"(?:Oui|Non)\s*[:,]\s+")
_GIVES: Mapping[str, frozenset[str]] = {
    "montant": frozenset({"montant", "part", "comparaison", "liste"}),
    "part": frozenset({"part", "montant", "comparaison"}),
    "date": frozenset({"date", "duree", "comparaison"}),
    "duree": frozenset({"duree", "nombre", "comparaison"}),
    "nombre": frozenset({"nombre", "montant", "duree", "part", "comparaison"}),
    "acteur": frozenset({"qui", "liste", "comparaison"}),
}
"""What a question expects → attributes of the cards that can give it."""


class CarteChoisie(BaseModel):
    """A card and how well it is asked for (0 to about 1.2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carte: FichePrete
    note: float
    proche: float
    """Nearness of the question to a known way to ask."""
    connus: float
    """Share, by rarity, of the question's words that the card uses."""


def choose_cards(
    question: str,
    retrieval: Retrieval,
    cards: Mapping[str, FichePrete],
    departements: Sequence[str],
) -> tuple[CarteChoisie, ...]:
    """Cards asked for, best first; none of another département.

    Three things tell: how near a known way to ask is, how well the passages that prove the card
    were ranked, and how many of the question's words the card knows.
    """
    expected = [a.nom for a in expected_of(question) if a.nom in _GIVES]
    chosen: list[CarteChoisie] = []
    for hit in retrieval.result.asked:
        card = cards.get(hit.target)
        if card is None or not _in_place(card, departements):
            continue
        known = known_share(retrieval.rarities, _stems_of(card))
        mark = hit.score
        mark += EVIDENCE * _evidence(card, retrieval.result.hits)
        mark += WORDS_KNOWN * known
        if card.fiche.portee != NATIONALE:
            mark += LOCAL_SHIFT if card.fiche.portee in departements else -LOCAL_SHIFT
        if expected and not any(card.fiche.attribut in _GIVES[name] for name in expected):
            mark -= MISMATCH
        chosen.append(CarteChoisie(carte=card, note=mark, proche=hit.score, connus=known))
    return tuple(sorted(chosen, key=lambda c: (-c.note, c.carte.fiche.id)))


def _in_place(card: FichePrete, departements: Sequence[str]) -> bool:
    """Whether a card may answer someone of these départements.

    One that compares texts is left out where it speaks of another département's.
    """
    if not any(_quotable(c, card, departements) for c in card.citations):
        return False
    if not departements or not card.fiche.divergence:
        return card.fiche.portee in (NATIONALE, *departements) or not departements
    return all(_quotable(c, card, departements) for c in card.citations)


def _quotable(citation: Citation, card: FichePrete, departements: Sequence[str]) -> bool:
    """Whether a quotation has its place: a local one, only for its département or named as such."""
    if citation.portee in (NATIONALE, card.fiche.portee):
        return True
    return card.fiche.divergence and (not departements or citation.portee in departements)


def _evidence(card: FichePrete, hits: Sequence[Hit]) -> float:
    """Score of the best ranked passage that holds words of the card; 0 when none was found."""
    return max(
        (
            hit.score
            for hit in hits
            for c in card.citations
            if c.document == hit.passage.document
            and c.debut < hit.passage.fin
            and hit.passage.debut < c.fin
        ),
        default=0.0,
    )


@lru_cache(maxsize=2048)
def _stems_of(card: FichePrete) -> frozenset[str]:
    fiche = card.fiche
    said = (fiche.titre, fiche.reponse, *fiche.reserves, *fiche.formulations)
    return frozenset(stems(" ".join(said)))


def known_share(rarities: Mapping[str, float], held: frozenset[str]) -> float:
    """Share of a question's content stems, weighted by rarity, that are held."""
    total = sum(rarities.values())
    return sum(r for s, r in rarities.items() if s in held) / total if total else 0.0


def compose_cards(
    chosen: Sequence[CarteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
    words: int,
    question: str,
) -> Composition:
    """Say the best card, and beside it the local card of someone's département.

    Args:
        chosen: cards asked for, best first; at least one.
        departements: départements named or chosen.
        documents: documents by id.
        words: words that the answer should not exceed, unless the first card does alone.
        question: the question, as it was searched.
    """
    said = _said(chosen, departements)
    citations: list[Citation] = []
    lines: list[str] = []
    for card in said:
        quoted = [
            c
            for c in dict.fromkeys(_order(card, documents))
            if _quotable(c, card, departements) and c not in citations
        ][:CITED]
        marks = "".join(f"[{len(citations) + n}]" for n in range(1, len(quoted) + 1))
        lines.append(f"{_scope(card)}{_said_plainly(card.fiche.reponse, question)} {marks}")
        citations += quoted
    for reserve in said[0].fiche.reserves:
        if len(" ".join([*lines, reserve]).split()) <= words:
            lines.append(reserve)
    local = next((c.portee for c in citations if c.portee != NATIONALE), NATIONALE)
    return Composition(texte="\n\n".join(lines), citations=tuple(citations), portee=local)


def _said(chosen: Sequence[CarteChoisie], departements: Sequence[str]) -> list[FichePrete]:
    """National card first; a local one stands beside it only where its département is known."""
    best = chosen[0]
    near = [c for c in chosen[1:] if c.note >= best.note - BESIDE]
    local = best.carte.fiche.portee != NATIONALE
    if best.carte.fiche.divergence or not departements:
        return [best.carte]
    other = next(
        (
            c.carte
            for c in near
            if (c.carte.fiche.portee != NATIONALE) != local
            and c.carte.fiche.sujet == best.carte.fiche.sujet
        ),
        None,
    )
    if other is None:
        return [best.carte]
    return [other, best.carte] if local else [best.carte, other]


def _order(card: FichePrete, documents: Mapping[str, DocumentCanonique]) -> list[Citation]:
    """Quotations of a card: one of each text first, the strongest texts before the others."""
    seen: set[str] = set()
    first: list[Citation] = []
    rest: list[Citation] = []
    for citation in card.citations:
        (rest if citation.document in seen else first).append(citation)
        seen.add(citation.document)
    lead = card.citations[0]
    first.sort(key=lambda c: (c != lead, documents[c.document].fiche.rang))
    return [*first, *rest]


def _said_plainly(reponse: str, question: str) -> str:
    """Drop « Oui : » where nobody asked for a yes or a no."""
    match = _YES_NO.match(reponse)
    asks = load_attentes().interrogatifs
    if match is None or not any(fold(word) in asks for word in words_of(question)):
        return reponse
    rest = reponse[match.end() :]
    return rest[:1].upper() + rest[1:]


def _scope(card: FichePrete) -> str:
    fiche = card.fiche
    if fiche.portee == NATIONALE:
        return ""
    years = f" ({fiche.du})" if fiche.du else ""
    return f"**{nom_departement(fiche.portee)} seulement{years}** : "
