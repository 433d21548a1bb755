"""After the first ranking: read the first candidates where it is unsure, and rank anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from assistant.answers.absence import is_plainly_absent
from assistant.answers.cards import CarteChoisie
from assistant.answers.finding import Trouvaille
from assistant.answers.lecture import ModeleLecture, lire, rank_cards
from assistant.answers.modeles import Modeles
from assistant.answers.places import nom_departement
from assistant.answers.ranking import proved_in
from assistant.answers.understanding import Comprehension
from assistant.etapes import commencer
from corpus.models import DocumentCanonique
from index.learned.reader import Reader
from index.models import Hit


def relire(
    found: Trouvaille, modeles: Modeles, documents: Mapping[str, DocumentCanonique]
) -> Trouvaille:
    """Rank the cards anew by what the reader says of the first; then the passages, by the cards.

    Nothing is read without a reader, nor where the first ranking is sure.
    """
    return led_by_cards(_read(found, modeles, documents), modeles.classement.passage_fiche)


def _read(
    found: Trouvaille, modeles: Modeles, documents: Mapping[str, DocumentCanonique]
) -> Trouvaille:
    reader, modele = modeles.reader, modeles.lecture
    if reader is None or modele is None or is_sure(found, modele):
        return found
    if modeles.affluence is None:
        return _read_by(found, reader, modele, documents)
    with modeles.affluence.relecture() as free:
        if free:
            return _read_by(found, reader, modele, documents)
    return replace(found, sans_place=True)


def _read_by(
    found: Trouvaille,
    reader: Reader,
    modele: ModeleLecture,
    documents: Mapping[str, DocumentCanonique],
) -> Trouvaille:
    commencer("relire")
    started = perf_counter()
    asked = without_unknown_places(found.lu, documents)
    lecture = lire(reader, asked, found.cartes, found.unites, documents)
    return replace(
        found,
        cartes=rank_cards(found.cartes, lecture, modele),
        lecture=lecture,
        secondes={**found.secondes, "lire": perf_counter() - started},
    )


def without_unknown_places(lu: Comprehension, documents: Mapping[str, DocumentCanonique]) -> str:
    """The question, less the départements of which no text speaks.

    There the national rule answers: what the place changes is a matter of rules, not of reading.
    """
    covered = {document.fiche.portee for document in documents.values()}
    names = (nom_departement(code) for code in lu.departements_nommes if code not in covered)
    text = lu.recherche
    for name in names:
        text = re.sub(_PLACE.format(re.escape(name)), "", text, flags=re.IGNORECASE)
    return text.strip() or lu.recherche


_PLACE = r"(?:\s*\b(?:dans|en|à|pour|de|du|sur)\b)?(?:\s+(?:les|la|le)\b|\s+l['’])?\s*\b{}\b"
"""A place, and what brings it in: « dans le Gard », « de l'Ain »."""


def is_sure(found: Trouvaille, modele: ModeleLecture) -> bool:
    """Whether the first ranking is sure.

    What is asked cannot be in these texts; or a card is far ahead, asked for in known words.
    """
    nearest = max((hit.score for hit in found.retrieval.result.asked), default=0.0)
    leading = max((c.part for c in found.cartes), default=0.0)
    known = leading >= modele.part_sure and nearest >= modele.proche_sure
    return known or is_plainly_absent(found)


def led_by_cards(found: Trouvaille, weight: float) -> Trouvaille:
    """The same, its passages ranked by their scores and by the probable cards that they prove."""
    if not weight:
        return found
    result = found.retrieval.result
    hits = rank_passages(result.hits, found.cartes, weight)
    retrieval = replace(found.retrieval, result=result.model_copy(update={"hits": hits}))
    return replace(found, retrieval=retrieval)


def rank_passages(
    hits: Sequence[Hit], cartes: Sequence[CarteChoisie], weight: float
) -> tuple[Hit, ...]:
    """The passages, best first, each with ``weight`` times the share of the cards it proves."""
    scored = [
        hit.model_copy(update={"score": hit.score + weight * _proved(hit, cartes)}) for hit in hits
    ]
    return tuple(sorted(scored, key=lambda hit: -hit.score))


def _proved(hit: Hit, cartes: Sequence[CarteChoisie]) -> float:
    """Share of the cards, each by its probability, that a passage proves."""
    passage = hit.passage
    return sum(
        c.part
        for c in cartes
        if not c.carte.fiche.silence
        and proved_in(c.carte, passage.document, passage.debut, passage.fin)
    )
