"""After the first ranking: let the learned reader read the first candidates, and rank them anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

from assistant.answers.finding import Trouvaille
from assistant.answers.lecture import lire, rank_cards, rank_passages, rank_units
from assistant.answers.modeles import Modeles
from corpus.models import DocumentCanonique


def relire(
    found: Trouvaille, modeles: Modeles, documents: Mapping[str, DocumentCanonique]
) -> Trouvaille:
    """Read the first candidates; without a reader, leave what was found as it is."""
    reader, modele = modeles.reader, modeles.lecture
    if reader is None or modele is None:
        return found
    started = perf_counter()
    lecture = lire(reader, found.lu.recherche, found.cartes, found.unites, documents)
    cartes = rank_cards(found.cartes, lecture, modele)
    result = found.retrieval.result
    hits = rank_passages(result.hits, cartes, found.unites, lecture, modele)
    return replace(
        found,
        retrieval=replace(found.retrieval, result=result.model_copy(update={"hits": hits})),
        unites=rank_units(found.unites, lecture, modele),
        cartes=cartes,
        lecture=lecture,
        secondes={**found.secondes, "lire": perf_counter() - started},
    )
