"""How the knowledge cards asked for are said: one alone, or the probable ones one under another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answers.cards import CARD_MARK, CarteChoisie, quotable
from assistant.answers.composition import Composition, Morceau, escape, joined, said_plainly
from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.fiches.loading import FichePrete
from assistant.models import Citation
from corpus.models import NATIONALE, DocumentCanonique

BESIDE = 0.06
"""Marks under the best within which a card of the other scope is said beside it."""
CITED = 6
"""Quotations of one card, at most."""
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
VERY_NEAR = 0.95
"""Nearness from which a yes or a no stands without the question that it answers."""
TURNED = 0.10
"""Marks under the first within which a card that answers the contrary of the same subject may be
the question turned round: the question answered is then said."""
FIRM_KNOWN = 0.70
"""Share of the question's words that a card must use to say yes or no: a word that it ignores
(« à temps plein », « pendant les vacances ») may be what is asked."""


def compose_cards(
    chosen: Sequence[CarteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
    words: int,
    question: str,
    *,
    after: Sequence[Citation] = (),
    titled: bool = False,
    beside_own: bool = False,
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
        after: quotations of what is said before in the same answer, which keep their numbers.
        titled: name the question that is answered, though it is plain.
        beside_own: a text of their own, that no card speaks of, may say otherwise: what a national
            card says of « the texts » is said of the national ones.
    """
    plain = is_plain(chosen)
    said = _said(chosen, departements) if plain else [chosen[0].carte]
    citations: list[Citation] = list(after)
    lines: list[Morceau] = []
    why = plainness(chosen)
    left_out = {c.carte.fiche.id: c.tue if c.fausse else why for c in chosen[1:]}

    def add(card: FichePrete) -> None:
        quoted = [
            c for c in dict.fromkeys(_order(card, documents)) if quotable(c, card, departements)
        ][:CITED]
        new = [c for c in quoted if c not in citations]
        citations.extend(new)
        marks = "".join(f"[{citations.index(c) + 1}]" for c in quoted)
        reponse = said_plainly(card.fiche.reponse, question) if plain else card.fiche.reponse
        named = not plain or ((titled or _may_be_misread(chosen)) and not lines)
        title = f"**{_titled(card)}** " if named else ""
        national = beside_own and card.fiche.portee == NATIONALE
        scope = load_messages()["textes_nationaux"] if national else scope_prefix(card)
        line = f"{title}{scope}{reponse} {marks}"
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


def _may_be_misread(chosen: Sequence[CarteChoisie]) -> bool:
    """Whether a « Oui » or a « Non » needs the question that it answers before it.

    « Faut-il un registre ? » may find « Peut-on s'en passer ? Non » : without that question, the
    answer would say the contrary.
    """
    first, *others = chosen
    if first.carte.fiche.polarite is None:
        return False
    turned = any(
        other.carte.fiche.sujet == first.carte.fiche.sujet
        and other.carte.fiche.polarite not in (None, first.carte.fiche.polarite)
        and other.note >= first.note - TURNED
        for other in others
    )
    return turned or first.proche < VERY_NEAR


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
