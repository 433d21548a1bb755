"""What cannot be in these texts, whatever stands near it: a place, a year, a date they lack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from assistant.answers.finding import Trouvaille, attested
from assistant.answers.places import nom_departement
from assistant.answers.selection import expected_of, load_attentes
from assistant.answers.understanding import Comprehension
from assistant.understanding.territoires import reperer_departements
from corpus.lecture_yaml import read_yaml
from corpus.models import NATIONALE
from index.french import fold, stems
from index.scope import outside_year
from index.search import Retrieval

_FILE = Path(__file__).with_name("absences.yaml")
_SENTENCE = re.compile(r"[^.?!]+[.?!]*")
_AMOUNT = re.compile(r"\d\s*(?:€|euros?\b|M€|millions?\b)")
_DAY = re.compile(
    r"\b(?:1er|\d{1,2}) (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre"
    r"|novembre|decembre)\b"
)
_RELATIVE = re.compile(r"\b(?:an|annee|rentree|saison)s?\b")


def _any_of(expressions: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(e)}(?!\w)" for e in expressions))


Expressions = Annotated[re.Pattern[str], BeforeValidator(_any_of)]
"""Words without accents, any of which is looked for as a whole."""


class Absences(BaseModel):
    """Words that ask for what no text here can say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    echeances: Expressions
    """What asks for a last day."""
    depots: Expressions
    """What speaks of filing an application."""
    provenances: Expressions
    """What makes a country the one that a family comes from."""
    limites: tuple[str, ...]
    """What asks for the last day of filing, where nothing else is asked."""
    dispositif: tuple[str, ...]
    """What the Clas is called: to say it is to ask nothing."""


@lru_cache(maxsize=1)
def load_absences() -> Absences:
    """Read the words shipped with the program."""
    return Absences.model_validate(read_yaml(_FILE.read_text(encoding="utf-8")))


def is_plainly_absent(found: Trouvaille) -> bool:
    """Whether what is asked cannot be in these texts, whatever stands near it.

    Five cases: a place, and nothing asked; the rules of another country; what a département sets
    for itself, for one whose text is not here; a last day for filing that the département's own
    text does not give, or not for that year; an amount of a year that no passage found names.
    """
    lu, retrieval = found.lu, found.retrieval
    folded = fold(lu.texte)
    if _names_only_a_place(found):
        return True
    if lu.lieux_etrangers and not load_absences().provenances.search(folded):
        return True
    if asks_for_deadline(found):
        return _lacks_deadline(found)
    if _is_elsewhere(lu, retrieval) and load_attentes().local.search(folded):
        return bool({"date", "acteur"} & {a.nom for a in expected_of(lu.texte)})
    return _asks_amount_of_year(lu) and _no_amount_of_year(lu, retrieval)


def _asks_amount_of_year(lu: Comprehension) -> bool:
    """Whether the words that ask, not the story around them, ask an amount and name a year."""
    sentences = _SENTENCE.findall(lu.texte)
    asking = " ".join(s for s in sentences if s.rstrip().endswith("?")) or lu.texte
    named = any(year[:4] in asking for year in lu.annees_nommees) or _RELATIVE.search(fold(asking))
    return bool(lu.annees_nommees and named) and any(
        a.nom == "montant" for a in expected_of(asking)
    )


def asks_for_deadline(found: Trouvaille) -> bool:
    """Whether it asks until when an application may be filed, or for « la date limite » alone."""
    folded, words = fold(found.lu.texte), load_absences()
    if words.echeances.search(folded) and words.depots.search(folded):
        return True
    asked = {stem for stem in _beside_the_place(found) if not stem.isdecimal()}
    alone = set(stems(" ".join((*words.limites, *words.dispositif))))
    return _any_of(words.limites).search(folded) is not None and asked <= alone


def _lacks_deadline(found: Trouvaille) -> bool:
    """Whether no local text of the places asked about gives that date, for the year asked."""
    lu = found.lu
    if not lu.departements:
        return False
    dated = [
        card.carte.fiche
        for card in attested(found).cartes
        if card.carte.fiche.portee in lu.departements
        and _DAY.search(fold(card.carte.fiche.reponse))
    ]
    if _dated_by_a_text_without_card(found):
        return False
    if not dated:
        return True
    years = {year for fiche in dated for year in (fiche.du, fiche.au) if year}
    spoken = {year for year in lu.annees_nommees if "-" in year}
    return bool(spoken) and spoken.isdisjoint(years)


def is_dated_by_its_own_text(found: Trouvaille) -> bool:
    """Whether it asks for a deadline that a local text says, of which no card speaks."""
    return asks_for_deadline(found) and _dated_by_a_text_without_card(found)


def _dated_by_a_text_without_card(found: Trouvaille) -> bool:
    """Whether a local text that no card speaks of gives a day, for the years named, if any."""
    documents = found.retrieval.stored.documents
    named = {year for year in found.lu.annees_nommees if "-" in year}
    return any(
        unit.hit.passage.document in found.sans_fiche
        and _DAY.search(fold(unit.texte))
        and not any(outside_year(documents[unit.hit.passage.document].fiche, y) for y in named)
        for unit in found.unites
    )


def _names_only_a_place(found: Trouvaille) -> bool:
    """Whether a question names a place and asks nothing: « et dans le Gard ? » on its own."""
    return bool(found.lu.departements_nommes) and not _beside_the_place(found)


def _beside_the_place(found: Trouvaille) -> set[str]:
    """Content stems of a question, less those of the places that it names."""
    lu = found.lu
    names = [nom_departement(code) for code in lu.departements_nommes]
    names += [lu.texte[m.debut : m.fin] for m in reperer_departements(lu.texte)]
    return set(found.retrieval.words.own) - set(stems(" ".join(names)))


def _is_elsewhere(lu: Comprehension, retrieval: Retrieval) -> bool:
    covered = {d.fiche.portee for d in retrieval.stored.documents.values()} - {NATIONALE}
    return bool(lu.departements_nommes) and covered.isdisjoint(lu.departements_nommes)


def _no_amount_of_year(lu: Comprehension, retrieval: Retrieval) -> bool:
    """Whether no passage found gives an amount and names the last year asked about."""
    year = max(lu.annees_nommees)[:4]
    return not any(
        re.search(rf"\b{year}\b", hit.passage.texte) and _AMOUNT.search(hit.passage.texte)
        for hit in retrieval.result.hits
    )
