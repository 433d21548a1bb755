"""Explanation of a search: candidates, scope, what the score of each passage is made of."""

from __future__ import annotations

from assistant.explication.libelles import lire_libelles
from assistant.explication.models import (
    FaconProche,
    PassageExplique,
    RechercheExpliquee,
    Signaux,
    TexteFiltre,
)
from assistant.fiches.loading import TARGET
from assistant.quotation import SEPARATEUR_DE_SECTION
from corpus.models import NATIONALE
from index.models import Hit, Weights
from index.scope import outside_year
from index.search import Retrieval, Steps

PASSAGES = 10
"""First passages explained."""


def expliquer_recherche(found: Retrieval, fiches: float) -> RechercheExpliquee:
    """Explain the search that an answer was made from.

    ``fiches``: what the cards add to the score of the passages that prove them.
    """
    steps, result = found.steps, found.result
    candidats = steps.candidates
    return RechercheExpliquee(
        mots=found.words.own,
        mots_ajoutes=found.words.added,
        mots_inconnus=found.words.unknown,
        part_connue=result.known_share,
        candidats_par_le_sens=len(candidats.near),
        candidats_par_les_mots=len(candidats.worded),
        candidats=len(candidats.rows),
        relus=steps.ranked.read,
        poids={**_poids(steps.weights), "fiches": fiches},
        textes=_textes(found),
        passages=tuple(
            _passage(found, rang, hit, fiches)
            for rang, hit in enumerate(result.hits[:PASSAGES], start=1)
        ),
        facons=tuple(
            FaconProche(
                rang=rang,
                fiche=hit.target.removeprefix(TARGET),
                texte=hit.text,
                score=hit.score,
                paire=hit.pair,
            )
            for rang, hit in enumerate(result.asked, start=1)
        ),
    )


def _poids(weights: Weights) -> dict[str, float]:
    """Name the weights as the signals are named."""
    return {
        "sens": weights.dense,
        "mots": weights.lexical,
        "mots_ouverts": weights.expanded,
        "interaction": weights.late,
        "questions": weights.asked,
        "malus_local": weights.local_penalty,
        "bonus_local": weights.local_bonus,
        "malus_annee": weights.year_penalty,
    }


def _textes(found: Retrieval) -> tuple[TexteFiltre, ...]:
    """Say which texts could answer, from the rows that the search kept."""
    query, allowed = found.steps.query, found.steps.allowed
    passages = found.stored.passages
    kept = {p.document for p in (passages if allowed is None else (passages[i] for i in allowed))}
    mots = lire_libelles().portees
    textes = []
    for nom, document in found.stored.documents.items():
        fiche = document.fiche
        if fiche.portee == NATIONALE:
            pourquoi = "nationale"
        elif nom not in kept:
            pourquoi = "ecartee"
        else:
            pourquoi = "locale_demandee" if query.departements else "locale_libre"
        suite = ""
        if nom in kept and outside_year(fiche, query.annee_scolaire):
            suite = mots["hors_annee"].format(annee=query.annee_scolaire)
        textes.append(
            TexteFiltre(
                document=nom,
                titre=fiche.titre_court,
                portee=fiche.portee,
                retenu=nom in kept,
                pourquoi=mots[pourquoi] + suite,
            )
        )
    return tuple(textes)


def _passage(found: Retrieval, rang: int, hit: Hit, fiches: float) -> PassageExplique:
    steps = found.steps
    ranked = [one.passage.id for one in steps.ranked.hits].index(hit.passage.id)
    place, before = steps.ranked.places[ranked], steps.ranked.hits[ranked]
    led = hit.score - before.score
    row = int(steps.candidates.rows[place])
    passage = hit.passage
    near = steps.asked.near
    apports = _apports(steps, place, led)
    return PassageExplique(
        rang=rang,
        document=passage.document,
        titre=found.stored.documents[passage.document].fiche.titre_court,
        section=SEPARATEUR_DE_SECTION.join(passage.section) or None,
        debut=passage.debut,
        fin=passage.fin,
        texte=passage.texte,
        par_le_sens=row in steps.candidates.near,
        par_les_mots=row in steps.candidates.worded,
        valeurs=Signaux(
            sens=hit.signals.dense,
            mots=hit.signals.lexical,
            mots_ouverts=hit.signals.expanded,
            interaction=hit.signals.late,
            questions=near.get(row, min(near.values(), default=0.0)),
            portee=apports.portee,
            annee=apports.annee,
            fiches=led / fiches if fiches else 0.0,
        ),
        fusion=float(steps.fused.score[place]),
        apports=apports,
        score=hit.score,
    )


def _apports(steps: Steps, place: int, fiches: float) -> Signaux:
    """What each signal adds to the score of a candidate: they sum to it."""
    w, fused, ranked = steps.weights, steps.fused, steps.ranked
    texte = 1 - w.asked * steps.asked.any
    premiers = texte * (1 - w.late) / (w.dense + w.lexical + w.expanded)
    return Signaux(
        sens=premiers * w.dense * float(fused.dense[place]),
        mots=premiers * w.lexical * float(fused.lexical[place]),
        mots_ouverts=premiers * w.expanded * float(fused.expanded[place]),
        interaction=texte * w.late * float(ranked.late[place]),
        questions=w.asked * float(ranked.asked[place]),
        portee=float(ranked.scope[place]),
        annee=float(ranked.year[place]) + 0.0,  # no « -0 »
        fiches=fiches,
    )
