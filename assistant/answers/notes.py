"""Reserves that follow an answer: another year, a dated amount, a département without text."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answers.composition import Composition
from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.answers.understanding import Comprehension
from corpus.models import NATIONALE, DocumentCanonique
from index.scope import is_local, outside_year


def reserves(
    lu: Comprehension, composed: Composition, documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """What a reader must know of the texts quoted, in short sentences."""
    return [
        *_year_notes(lu, composed, documents),
        *_amount_notes(lu, composed, documents),
        *_place_notes(lu, composed, documents),
        *([load_messages()["tronquee"]] if lu.tronquee else []),
    ]


def _year_notes(
    lu: Comprehension, composed: Composition, documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """Say which local text is of another school year than the one asked about."""
    message = load_messages()["hors_annee"]
    fiches = dict.fromkeys(documents[c.document].fiche for c in composed.citations)
    return [
        message.format(annee=fiche.annee, demandee=lu.annee_scolaire)
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
    if not unknown or composed.portee != NATIONALE:
        return []
    lieu = ", ".join(nom_departement(code) for code in unknown)
    return [load_messages()["sans_texte_local"].format(lieu=lieu)]
