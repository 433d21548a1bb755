"""Knowledge cards in an answer: which one is asked for, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.answers.composition import Composition, Morceau, escape, joined, said_plainly
from assistant.answers.places import nom_departement
from assistant.answers.ranking import (
    GIVES,
    Candidate,
    ModeleClassement,
    candidate,
    load_ranking,
    traits,
)
from assistant.answers.selection import UniteChoisie, expected_of
from assistant.fiches.loading import FichePrete
from assistant.models import Citation
from corpus.models import NATIONALE, DocumentCanonique
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
CARD_MARK = 1.0
"""Mark from which a card alone may answer."""
NEAR_MARK = 0.90
"""Mark from which cards are said, each under its own question."""
SURE = 0.75
"""Probability from which the first card is said alone."""
POSSIBLE = 0.05
"""Probability under which a card is not said beside the first."""
SAID = 3
"""Cards said in one answer, at most."""
FIRM_MARGIN = 0.02
"""Lead over the next card that a yes or a no asks for."""
FIRM_NEAR = 0.90
"""Nearness to a known way to ask that a yes or a no asks for."""
FIRM_KNOWN = 0.70
"""Share of the question's words that a card must use to say yes or no: a word that it ignores
(« à temps plein », « pendant les vacances ») may be what is asked."""
WRONG = "avis_faux"
"""Why a card that an agent marked wrong is not said."""
ASIDE = "mise_de_cote"
"""Why a card that was put aside is not said."""


@dataclass(frozen=True, slots=True)
class Note:
    """How well a card is asked for, whatever the others: the terms of its mark."""

    proche: float
    """Nearness of the question to a known way to ask."""
    preuve: float
    connus: float
    lieu: float
    attribut: float

    @property
    def total(self) -> float:
        """The mark: the sum of its terms, in their order."""
        return self.proche + self.preuve + self.connus + self.lieu + self.attribut


@dataclass(frozen=True, slots=True)
class Classement:
    """What a card's mark and its place are made of."""

    note: Note
    traits: tuple[float, ...]
    """Traits that the ranking weighs, in the order of ``ranking.NAMES``."""
    force: float
    """Strength that the ranking gives it; ``CarteChoisie.part`` compares it with the others'."""


class CarteChoisie(BaseModel):
    """A card and how well it is asked for (0 to about 1.2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carte: FichePrete
    note: float
    proche: float
    """Nearness of the question to a known way to ask."""
    connus: float
    """Share, by rarity, of the question's words that the card uses."""
    part: float = 1.0
    """Probability, among the cards found, that it is the one asked for."""
    classement: Classement | None = None
    """What ``note`` and ``part`` are made of; None for a card that was not ranked."""
    facteur: float = 1.0
    """What a follow-up multiplied its chances by."""
    fausse: bool = False
    """An agent marked it wrong, or it was put aside: it keeps its place, so that no neighbour takes
    it, and is never said."""

    @property
    def tue(self) -> str:
        """Why one that is ``fausse`` is not said."""
        return ASIDE if self.carte.ecartee else WRONG


def choose_cards(
    question: str,
    retrieval: Retrieval,
    units: Sequence[UniteChoisie],
    cards: Mapping[str, FichePrete],
    departements: Sequence[str],
    *,
    wrong: Collection[str] = (),
    dits: Collection[str] = (),
    modele: ModeleClassement | None = None,
) -> tuple[CarteChoisie, ...]:
    """Cards asked for, the most probable first; none of another département.

    ``note`` says how well a card is asked for, whatever the others; ``part`` which one is, among
    those found; ``wrong``: ids of those that an agent marked wrong, or that were put aside;
    ``dits``: départements with a text of their own that no card speaks of.
    """
    modele = modele or load_ranking()
    found = [
        one
        for one in candidates(retrieval, cards, departements, modele)
        if not _says_another_is_silent(one.carte, departements, dits)
    ]
    if not found:
        return ()
    rows = traits(question, found, retrieval, units, departements)
    strengths = modele.strengths(rows)
    shares = np.exp(strengths - strengths.max())
    shares /= shares.sum()
    expected = [a.nom for a in expected_of(question) if a.nom in GIVES]
    marks = [_mark(one, expected, departements) for one in found]
    chosen = [
        CarteChoisie(
            carte=one.carte,
            note=mark.total,
            proche=one.trouvee.score,
            connus=one.connus,
            part=round(share, 6),
            classement=Classement(mark, tuple(row), force),
            fausse=one.carte.fiche.id in wrong,
        )
        for one, mark, share, row, force in zip(
            found, marks, shares.tolist(), rows.tolist(), strengths.tolist(), strict=True
        )
    ]
    return tuple(sorted(chosen, key=lambda c: (-c.part, -c.note, c.carte.fiche.id)))


def candidates(
    retrieval: Retrieval,
    cards: Mapping[str, FichePrete],
    departements: Sequence[str],
    modele: ModeleClassement,
) -> list[Candidate]:
    """Cards found through the ways that people ask, nearest first; none of elsewhere."""
    return [
        candidate(modele.nearness(hit), cards[hit.target], retrieval)
        for hit in retrieval.result.asked
        if hit.target in cards and _in_place(cards[hit.target], departements)
    ]


def _mark(found: Candidate, expected: Sequence[str], departements: Sequence[str]) -> Note:
    """How well a card is asked for: nearness, what proves it, the words that it knows."""
    fiche = found.carte.fiche
    place = LOCAL_SHIFT if fiche.portee in departements else -LOCAL_SHIFT
    missed = bool(expected) and not any(fiche.attribut in GIVES[name] for name in expected)
    return Note(
        proche=found.trouvee.score,
        preuve=EVIDENCE * found.preuve,
        connus=WORDS_KNOWN * found.connus,
        lieu=place if fiche.portee != NATIONALE else 0.0,
        attribut=-MISMATCH if missed else 0.0,
    )


def _says_another_is_silent(
    card: FichePrete, departements: Sequence[str], dits: Collection[str]
) -> bool:
    """Whether a card says that a département has no text, though it has one."""
    named = {*card.fiche.sauf, *dits}
    return bool(card.fiche.sauf and departements) and set(departements) <= named


def _in_place(card: FichePrete, departements: Sequence[str]) -> bool:
    """Whether a card may answer someone of these départements.

    One that compares texts is left out where it speaks of another département's. One put aside
    needs no quotation left: it only keeps its place.
    """
    if not (card.ecartee or any(_quotable(c, card, departements) for c in card.citations)):
        return False
    if departements and set(departements) <= set(card.fiche.sauf):
        return False
    if not departements or not card.fiche.divergence:
        return card.fiche.portee in (NATIONALE, *departements) or not departements
    return all(_quotable(c, card, departements) for c in card.citations)


def _quotable(citation: Citation, card: FichePrete, departements: Sequence[str]) -> bool:
    """Whether a quotation has its place: a local one, only for its département or named as such."""
    if citation.portee in (NATIONALE, card.fiche.portee):
        return True
    return card.fiche.divergence and (not departements or citation.portee in departements)


def compose_cards(
    chosen: Sequence[CarteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
    words: int,
    question: str,
) -> Composition:
    """Say the card asked for, and beside it the local card of someone's département.

    Where it is not plain which card is asked for, the probable ones are said, each under the
    question that it answers: what is said then holds whatever was meant.

    Args:
        chosen: cards asked for, best first; at least one, and the first is not marked wrong.
        departements: départements named or chosen.
        documents: documents by id.
        words: words that the answer should not exceed, unless the first card does alone.
        question: the question, as it was searched.
    """
    plain = is_plain(chosen)
    said = _said(chosen, departements) if plain else [chosen[0].carte]
    citations: list[Citation] = []
    lines: list[Morceau] = []
    why = plainness(chosen)
    left_out = {c.carte.fiche.id: c.tue if c.fausse else why for c in chosen[1:]}

    def add(card: FichePrete) -> None:
        quoted = [
            c for c in dict.fromkeys(_order(card, documents)) if _quotable(c, card, departements)
        ][:CITED]
        new = [c for c in quoted if c not in citations]
        citations.extend(new)
        marks = "".join(f"[{citations.index(c) + 1}]" for c in quoted)
        reponse = said_plainly(card.fiche.reponse, question) if plain else card.fiche.reponse
        title = "" if plain else f"**{_titled(card)}** "
        line = f"{title}{scope_prefix(card)}{reponse} {marks}"
        lines.append(Morceau(genre="fiche", source=card.fiche.id, texte=line))
        left_out.pop(card.fiche.id, None)

    for card in said:
        add(card)
    if not plain:
        others, left_out = _others(chosen, departements)
        for other in others:
            if _length(lines, other.fiche.titre, other.fiche.reponse) < words:
                add(other)
            else:
                left_out[other.fiche.id] = "trop_long"
    place = len(said)
    for reserve in said[0].fiche.reserves:
        if _length(lines, reserve) <= words:
            lines.insert(place, Morceau(genre="reserve", source=said[0].fiche.id, texte=reserve))
            place += 1
    local = next((c.portee for c in citations if c.portee != NATIONALE), NATIONALE)
    return Composition(
        texte=joined(lines),
        citations=tuple(citations),
        portee=local,
        morceaux=tuple(lines),
        ecartees=tuple(left_out.items()),
    )


def _length(lines: Sequence[Morceau], *more: str) -> int:
    """Words of some paragraphs and of what would be added."""
    return len(" ".join([*(line.texte for line in lines), *more]).split())


def _titled(card: FichePrete) -> str:
    """Question of a card, as a label: « » are kept for the texts' own words."""
    return escape(re.sub(r"«\s*([^«»]*?)\s*»", r"“\1”", card.fiche.titre))


def is_plain(chosen: Sequence[CarteChoisie]) -> bool:
    """Whether the first card is plainly the one asked for."""
    return plainness(chosen) in _PLAIN


_PLAIN = frozenset({"silence_dit", "seule_trouvee", "nettement_demandee", "fermement_demandee"})
"""What lets the first card answer alone."""


def plainness(chosen: Sequence[CarteChoisie]) -> str:
    """Say why the first card answers alone, or why it does not.

    One that says yes or no must also be near and know the question's words: a firm answer to
    another question is the worst there is.
    """
    first, *others = chosen
    if first.note < CARD_MARK or (others and first.part < SURE):
        if first.carte.fiche.silence:
            return "silence_dit"
        return "note_faible" if first.note < CARD_MARK else "part_faible"
    if not others:
        return "seule_trouvee"
    if first.carte.fiche.polarite is None:
        return "nettement_demandee"
    clear = first.note - max(c.note for c in others) >= FIRM_MARGIN
    firm = clear and first.proche >= FIRM_NEAR and first.connus >= FIRM_KNOWN
    return "fermement_demandee" if firm else "oui_non_incertain"


def _others(
    chosen: Sequence[CarteChoisie], departements: Sequence[str]
) -> tuple[list[FichePrete], dict[str, str]]:
    """Cards to say beside the first, and why not the others.

    A local one is said only where it is from there, or both are.
    """
    scope = {NATIONALE, chosen[0].carte.fiche.portee, *departements}
    kept: list[FichePrete] = []
    refused: dict[str, str] = {}
    places = SAID - 1
    here = [c for c in chosen[1:] if _from_here(c, chosen[0], departements)][:1]
    for card in [*here, *(c for c in chosen[1:] if c not in here)]:
        fiche = card.carte.fiche
        if card.part < POSSIBLE and card not in here:
            refused[fiche.id] = "part_minime"
        elif fiche.portee not in scope:
            refused[fiche.id] = "autre_portee"
        elif fiche.divergence and not departements:
            refused[fiche.id] = "divergence_sans_lieu"
        elif len(kept) == places:
            refused[fiche.id] = "assez_de_fiches"
        elif card.fausse:
            # Its place stays empty: no other card is said for want of it.
            refused[fiche.id] = card.tue
            places -= 1
        else:
            kept.append(card.carte)
    return kept, refused


def _from_here(card: CarteChoisie, first: CarteChoisie, departements: Sequence[str]) -> bool:
    """Whether a card is of someone's département, near, and asked for nearly as the first."""
    near = card.note >= max(CARD_MARK, first.note - BESIDE)
    return near and card.carte.fiche.portee in departements


def _said(chosen: Sequence[CarteChoisie], departements: Sequence[str]) -> list[FichePrete]:
    """National card first; a local one stands beside it only where its département is known."""
    best = chosen[0]
    near = [c for c in chosen[1:] if c.note >= best.note - BESIDE]
    local = best.carte.fiche.portee != NATIONALE
    if best.carte.fiche.divergence or not departements:
        return [best.carte]
    other = next(
        (
            c
            for c in near
            if (c.carte.fiche.portee != NATIONALE) != local
            and c.carte.fiche.sujet == best.carte.fiche.sujet
        ),
        None,
    )
    if other is None or other.fausse:
        return [best.carte]
    return [other.carte, best.carte] if local else [best.carte, other.carte]


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


def scope_prefix(card: FichePrete) -> str:
    """Say which département a local card is of, and for which year; nothing for a national one."""
    fiche = card.fiche
    if fiche.portee == NATIONALE:
        return ""
    years = f" ({fiche.du})" if fiche.du else ""
    return f"**{nom_departement(fiche.portee)} seulement{years}** : "
