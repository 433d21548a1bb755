"""Explanation of the first steps: what was understood, and the way chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from assistant.dialogue.chemin import Chemin, Pertinence, VoieSuivie
from assistant.dialogue.facts import FaitsLus
from assistant.eligibility.report.labels import Libelles as LibellesDesFaits
from assistant.explication.libelles import lire_libelles
from assistant.explication.models import (
    Compris,
    FaitCompris,
    Ouverture,
    PertinenceLue,
    VoieExpliquee,
)


def expliquer_compris(chemin: Chemin, noms: LibellesDesFaits) -> Compris:
    """Say what was understood; ``noms``: names of facts and of their values."""
    lecture, tour = chemin.lecture, chemin.tour
    assert lecture is not None
    lu = tour.lu if tour else None
    return Compris(
        texte=lecture.ecrite.texte,
        tronquee=lecture.ecrite.tronquee,
        genre=lecture.entree.genre,
        en_anglais=lecture.en_anglais,
        traduction=lecture.entree.texte if lecture.traduite else None,
        recommence=lecture.recommence,
        suite=tour.suite.genre if tour else "seule",
        question_seule=(tour.suite.montree or tour.texte) if tour else lecture.entree.texte,
        rappel=(tour.suite.rappel or None) if tour else None,
        recherche=chemin.trouvaille.lu.recherche if chemin.trouvaille else None,
        ouvertures=tuple(_ouvertures(lu.texte, lu.recherche)) if lu else (),
        departements=lu.departements if lu else (),
        departements_nommes=lu.departements_nommes if lu else (),
        lieux_etrangers=lu.lieux_etrangers if lu else (),
        annee_scolaire=lu.annee_scolaire if lu else None,
        annees_nommees=lu.annees_nommees if lu else (),
        faits=tuple(_faits(tour.lus, noms)) if tour else (),
    )


_RAISONS: Final[Mapping[VoieSuivie, str]] = {
    "accueil": "genre",
    "recommencement": "recommence",
    "retenu": "retenu",
}
"""Why a way was taken that was not chosen among those that answer."""


def _ouvertures(ecrit: str, recherche: str) -> Iterator[Ouverture]:
    """Words of the question that are searched otherwise than they are written."""
    avant, apres = ecrit.split(), recherche.split()
    for operation, i, j, k, fin in SequenceMatcher(
        None, avant, apres, autojunk=False
    ).get_opcodes():
        if operation != "equal":
            yield Ouverture(ecrit=" ".join(avant[i:j]), lu=" ".join(apres[k:fin]))


def _faits(lus: FaitsLus, noms: LibellesDesFaits) -> Iterator[FaitCompris]:
    for fait in lus.faits:
        yield FaitCompris(
            chemin=fait.chemin,
            nom=noms.nom(fait.chemin),
            valeur=fait.valeur,
            dit=noms.valeur(fait.valeur, noms.fait(fait.chemin)),
            mots=fait.mots,
            certitude=fait.certitude,
        )
    for imprecis in lus.a_preciser:
        yield FaitCompris(
            chemin=imprecis.chemin,
            nom=noms.nom(imprecis.chemin),
            valeur=None,
            dit=noms.valeur(None),
            mots=imprecis.mots,
            certitude="a_preciser",
        )


def expliquer_voie(chemin: Chemin) -> VoieExpliquee:
    """Say which way the question was answered by, and why."""
    libelles = lire_libelles()
    choix, lecture = chemin.choix, chemin.lecture
    if chemin.repli or (choix and choix.raison):
        raison = chemin.repli or (choix.raison if choix else "")
        pourquoi = libelles.raisons[raison]
    else:
        raison = _RAISONS.get(chemin.voie, "reprise")
        genre = lecture.entree.genre if lecture else ""
        pourquoi = libelles.raisons[raison].format(genre=genre)
    return VoieExpliquee(
        voie=chemin.voie,
        libelle=libelles.voies[chemin.voie],
        raison=raison,
        pourquoi=pourquoi,
        critere=choix.critere if choix else None,
        pertinence=_pertinence(chemin.pertinence) if chemin.pertinence else None,
        repli=chemin.repli,
    )


def _pertinence(lue: Pertinence) -> PertinenceLue:
    return PertinenceLue(
        deja=lue.deja,
        groupes=lue.groupes,
        probabilite=lue.jauge.probabilite if lue.jauge else None,
        seuil=lue.jauge.seuil if lue.jauge else None,
        suffit=lue.suffit,
    )
