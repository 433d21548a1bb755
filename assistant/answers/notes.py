"""Reserves that follow an answer.

Another year, a dated amount, a département without text, content that the source file lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answers.composition import Composition
from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.answers.understanding import Comprehension
from assistant.models import Citation
from corpus.models import NATIONALE, DocumentCanonique, Trou
from index.french import stems
from index.scope import is_local, outside_year
from index.search import Retrieval

_NEAR_HOLE = 3
"""Characters between a span and a hole of the text that touches it."""
_NAMED = 6
"""Départements that are named; more are numbered."""
_SHORT_WORD = 3
"""Letters up to which a stem says nothing of what is missing."""


def reserves(
    lu: Comprehension,
    composed: Composition,
    retrieval: Retrieval,
    documents: Mapping[str, DocumentCanonique],
) -> list[str]:
    """What a reader must know of the texts quoted, in short sentences."""
    return [
        *incomplete_search(retrieval.result.incomplet),
        *missing_content(retrieval, composed.citations, documents),
        *year_notes(lu, composed, documents),
        *_amount_notes(lu, composed, documents),
        *_place_notes(lu, composed, documents),
        *([load_messages()["tronquee"]] if lu.tronquee else []),
    ]


def incomplete_search(departements: Sequence[str]) -> list[str]:
    """Say which départements' texts could not be searched, if any."""
    if not departements:
        return []
    named = len(departements) <= _NAMED
    lieux = (f"{nom_departement(c)} ({c})" if named else c for c in departements)
    return [load_messages()["incomplet"].format(lieux=", ".join(lieux))]


def missing_content(
    retrieval: Retrieval,
    citations: Sequence[Citation],
    documents: Mapping[str, DocumentCanonique],
) -> list[str]:
    """Say what a text lost: beside what is quoted, or what the question asks for.

    The question asks for it when it holds half the words that say what is missing, or one of them
    where the passage that announces it was found.
    """
    hits = [hit.passage for hit in retrieval.result.hits]
    asked = {*retrieval.words.own, *retrieval.words.added}
    said: list[str] = []
    for document in (documents[name] for name in dict.fromkeys(hit.document for hit in hits)):
        name = document.fiche.id
        for trou in document.trous:
            lost = {s for s in stems(trou.objet) if len(s) > _SHORT_WORD}
            shared = len(asked & lost)
            announced = any(h.document == name and _touches(h.debut, h.fin, trou) for h in hits)
            quoted = any(c.document == name and _touches(c.debut, c.fin, trou) for c in citations)
            if quoted or (announced and shared) or (shared and 2 * shared >= len(lost)):
                said.append(
                    load_messages()["manque"].format(
                        objet=trou.objet, texte=document.fiche.titre_court
                    )
                )
    return said


def _touches(debut: int, fin: int, trou: Trou) -> bool:
    return debut <= trou.position <= fin + _NEAR_HOLE


def year_notes(
    lu: Comprehension, composed: Composition, documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """Say which local text is of another school year than the one asked about."""
    message = load_messages()["hors_annee"]
    fiches = dict.fromkeys(documents[c.document].fiche for c in composed.citations)
    return [
        message.format(texte=fiche.titre_court, annee=fiche.annee, demandee=lu.annee_scolaire)
        for fiche in fiches
        if fiche.annee and is_local(fiche) and outside_year(fiche, lu.annee_scolaire)
    ]


def _amount_notes(
    lu: Comprehension, composed: Composition, documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """Say that an amount is that of its text's year: no old amount passes for today's."""
    years = {
        fiche.annee
        for citation in composed.citations
        if "€" in citation.extrait or "euros" in citation.extrait
        for fiche in (documents[citation.document].fiche,)
        if fiche.annee and fiche.annee < lu.annee_scolaire and not is_local(fiche)
    }
    if not years:
        return []
    annees = " et ".join(sorted(years))
    return [load_messages()["montant_date"].format(annee=annees, demandee=lu.annee_scolaire)]


def _place_notes(
    lu: Comprehension, composed: Composition, documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """Say that no local text is known for someone's département."""
    covered = {d.fiche.portee for d in documents.values()}
    unknown = [code for code in lu.departements if code not in covered]
    if not unknown:
        return []
    message = "sans_texte_local" if composed.portee == NATIONALE else "sans_texte_pour_l_autre"
    lieu = ", ".join(nom_departement(code) for code in unknown)
    return [load_messages()[message].format(lieu=lieu)]
