"""The decision to answer, explained: two regressions, signal by signal, and what they come to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from assistant.answers.confidence import Regression
from assistant.answers.drafting import Jauge
from assistant.dialogue.chemin import Chemin
from assistant.explication.libelles import lire_libelles

_GELE = ConfigDict(frozen=True, extra="forbid")


class Signal(BaseModel):
    """A signal of the decision: ``apport`` = ``centree`` × ``poids``."""

    model_config = _GELE

    nom: str
    libelle: str
    valeur: float
    moyenne: float
    ecart_type: float
    centree: float
    poids: float
    apport: float


class RegressionExpliquee(BaseModel):
    """A probability: ``somme`` = ``constante`` + Σ ``apport``, then a logistic curve."""

    model_config = _GELE

    signaux: tuple[Signal, ...]
    constante: float
    somme: float
    probabilite: float


class DecisionExpliquee(BaseModel):
    """Whether the texts answer: the product of two probabilities, beside a threshold."""

    model_config = _GELE

    objet: str
    """``repondre``, or ``projet``: whether the question is about a Clas project."""
    sujet: RegressionExpliquee
    """Whether it is about what the texts speak of."""
    reponse: RegressionExpliquee
    """Whether the texts answer it, if it is."""
    probabilite: float
    seuil: float
    annoncee: float
    """Confidence that answers of this probability deserve."""
    absente: bool
    """By rule, it cannot be in these texts."""
    silencieuse: bool
    """A card of silence stands clear of every card that answers."""
    repond: bool
    pourquoi: str


def expliquer_decision(chemin: Chemin) -> DecisionExpliquee | None:
    """Explain whether the texts answer; None where it was not asked."""
    redaction, pertinence = chemin.redaction, chemin.pertinence
    if redaction is not None:
        repond = redaction.reponse.type == "reponse"
        if redaction.absente:
            raison = "absente"
        elif redaction.silencieuse:
            raison = "silencieuse"
        elif repond:
            raison = "seuil_atteint"
        else:
            raison = "rien_a_citer" if redaction.jauge.suffit else "seuil_manque"
        return _decision("repondre", redaction.jauge, raison, repond=repond).model_copy(
            update={"absente": redaction.absente, "silencieuse": redaction.silencieuse}
        )
    if pertinence is not None and pertinence.jauge is not None:
        raison = "seuil_atteint" if pertinence.jauge.suffit else "seuil_manque"
        return _decision("projet", pertinence.jauge, raison, repond=pertinence.suffit)
    return None


def _decision(objet: str, jauge: Jauge, raison: str, *, repond: bool) -> DecisionExpliquee:
    modele = jauge.modele
    return DecisionExpliquee(
        objet=objet,
        sujet=_regression(modele.sujet, modele.of_subject(jauge.signaux)),
        reponse=_regression(modele.repond, jauge.signaux),
        probabilite=jauge.probabilite,
        seuil=jauge.seuil,
        annoncee=modele.announced(jauge.probabilite),
        absente=False,
        silencieuse=False,
        repond=repond,
        pourquoi=lire_libelles().decisions[raison],
    )


def _regression(modele: Regression, mesures: NDArray[np.float64]) -> RegressionExpliquee:
    libelles = lire_libelles()
    signaux = tuple(
        Signal(
            nom=nom,
            libelle=libelles.signaux[nom],
            valeur=valeur,
            moyenne=moyenne,
            ecart_type=ecart,
            centree=centree,
            poids=poids,
            apport=centree * poids,
        )
        for nom, valeur, moyenne, ecart, centree, poids in zip(
            modele.signals,
            mesures.tolist(),
            modele.means,
            modele.deviations,
            modele.standardised(mesures).tolist(),
            modele.weights,
            strict=True,
        )
    )
    return RegressionExpliquee(
        signaux=signaux,
        constante=modele.intercept,
        somme=modele.intercept + sum(s.apport for s in signaux),
        probabilite=modele.probability(mesures),
    )
