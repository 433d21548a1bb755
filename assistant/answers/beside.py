"""What is quoted beside a card: first, a département's own text that no card speaks of.

A local text may set another rule than the card: it is quoted, or at least named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from assistant.answers.composition import Composition, compose, escape
from assistant.answers.finding import Trouvaille, is_silence, quoted_already
from assistant.answers.messages import load_messages
from assistant.answers.selection import UniteChoisie
from assistant.models import Citation
from assistant.quotation import Refus, Verificateur
from corpus.models import NATIONALE, DocumentCanonique

ROOM_TO_ADD = 30
"""Words left from which a quotation is added to what a card says."""
BEST = 3
"""Best sentences among which that quotation is taken."""
NEAREST = 8
"""Best sentences among which one of a local text that no card speaks of is quoted."""
ROOM_FOR_A_TEXT = 80
"""Words that such a sentence may take."""

NAMED = 3
"""Such texts that are named, at most."""


def texts_without_card(
    documents: Mapping[str, DocumentCanonique], dits: Collection[str], departements: Sequence[str]
) -> frozenset[str]:
    """Local texts of some départements that no card speaks of; ``dits``: texts that cards quote."""
    return frozenset(
        name
        for name, document in documents.items()
        if document.fiche.portee in departements and name not in dits
    )


def beside_card(
    said: Composition,
    found: Trouvaille,
    documents: Mapping[str, DocumentCanonique],
    verificateur: Verificateur,
    left: int,
) -> Composition:
    """Add to what a card says the best sentence that it does not quote, in ``left`` words."""
    own = [u for u in _of_texts_without_card(found, NEAREST) if _new(u, said)]
    others = [u for u in found.unites[:BEST] if _new(u, said)]
    if own:
        # A local text may set another rule: it is never left out for want of room.
        unit, room = own[0], max(left, ROOM_FOR_A_TEXT)
    elif left < ROOM_TO_ADD or not others or is_silence(found):
        return said
    else:
        unit, room = others[0], left
    lieux, after = found.lu.departements, said.citations
    return _with(said, compose((unit,), lieux, documents, verificateur, room, after=after), room)


def beside_silence(
    said: Composition,
    found: Trouvaille,
    documents: Mapping[str, DocumentCanonique],
    verificateur: Verificateur,
) -> Composition:
    """Add what a local text says, where a card says that the texts do not speak of it."""
    own, room = _of_texts_without_card(found, BEST)[:1], ROOM_FOR_A_TEXT
    if not own:
        return said
    lieux, after = found.lu.departements, said.citations
    return _with(said, compose(own, lieux, documents, verificateur, room, after=after), room)


def nearest_quoted(
    units: Sequence[UniteChoisie], verificateur: Verificateur, most: int
) -> list[Citation]:
    """The best sentences that can be quoted, one of each text, ``most`` in all."""
    made: list[Citation] = []
    for unit in units:
        passage = unit.hit.passage
        citation = verificateur.citer(passage.document, unit.debut, unit.fin)
        if isinstance(citation, Refus) or any(c.document == passage.document for c in made):
            continue
        made.append(citation)
        if len(made) == most:
            break
    return made


def own_text_notes(
    found: Trouvaille,
    citations: Sequence[Citation],
    documents: Mapping[str, DocumentCanonique],
) -> list[str]:
    """Name a département's texts that neither card nor rule speaks of, where none is quoted."""
    quoted = {citation.document for citation in citations}
    if not found.sans_fiche or quoted & found.sans_fiche:
        return []
    titles = [documents[name].fiche.titre_court for name in sorted(found.sans_fiche)][:NAMED]
    textes = ", ".join(f"« {escape(title)} »" for title in titles)
    return [load_messages()["texte_propre"].format(textes=textes)]


def _of_texts_without_card(found: Trouvaille, most: int) -> tuple[UniteChoisie, ...]:
    """Among the ``most`` best sentences, those of local texts that no card speaks of."""
    return tuple(u for u in found.unites[:most] if u.hit.passage.document in found.sans_fiche)


def _new(unit: UniteChoisie, said: Composition) -> bool:
    return not quoted_already(unit, said.citations)


def _with(said: Composition, more: Composition | None, room: int) -> Composition:
    """Add a sentence to what is said, where it takes no more than some words."""
    if more is None or len(more.texte.split()) > room:
        return said
    return Composition(
        texte=f"{said.texte}\n\n{more.texte}",
        citations=(*said.citations, *more.citations),
        portee=said.portee if said.portee != NATIONALE else more.portee,
        morceaux=(*said.morceaux, *more.morceaux),
        ecartees=said.ecartees,
    )
