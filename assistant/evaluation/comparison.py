"""Two runs of one question set, question by question.

A question is common when both runs put the same words and expected the same answers to it; the
others are counted and left out. Differences are B − A, over the common questions alone.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from assistant.evaluation.coverage import reussi
from assistant.evaluation.errors import attendu, fautes
from assistant.evaluation.files import FichierInutilisable
from assistant.evaluation.paired import (
    intervalle_mediane,
    intervalle_moyenne,
    moyennes,
    p_des_signes,
)
from assistant.evaluation.reliability import annonce_tenue
from assistant.evaluation.report import RANGS, MesureTour
from assistant.models import TypeReponse

if TYPE_CHECKING:
    from assistant.evaluation.runs import Execution

FROZEN = ConfigDict(frozen=True, extra="forbid")

Statistique = Literal["part", "moyenne", "mediane"]
Issue = Literal["gagnee", "perdue", "juste_deux_fois", "fausse_deux_fois", "non_jugee"]


class EcartApparie(BaseModel):
    """A measure over the turns that both runs measured, and its paired difference."""

    model_config = FROZEN

    mesure: str
    libelle: str
    meilleur: Literal["haut", "bas"]
    statistique: Statistique
    tours: int = Field(ge=0)
    questions: int = Field(ge=0)
    a: float | None
    """Null when there is no turn to measure."""
    b: float | None
    ecart: float | None
    """Mean of B − A; of a median, median over the questions of their mean B − A, which is not
    the difference of the medians ``a`` and ``b``."""
    intervalle: tuple[float, float] | None
    """Of ``ecart``."""
    mieux: int = Field(ge=0)
    """Questions that do better in B; ``moins_bien``: worse."""
    moins_bien: int = Field(ge=0)
    p: float
    """Exact sign test on these two (McNemar's, on right and wrong), not corrected for the number
    of measures. It is about how many questions change, not about the size of ``ecart``."""


class Cote(BaseModel):
    """What one run did with a turn."""

    model_config = FROZEN

    type: TypeReponse
    refusee: bool
    reussi: bool | None
    rang_preuve: int | None
    confiance: float
    latence_ms: float
    fautes: tuple[str, ...]
    reponse: str


class TourCompare(BaseModel):
    """A common turn in both runs."""

    model_config = FROZEN

    id: str
    tour: int
    conversation: bool
    texte: str
    attendu: str
    issue: Issue
    a: Cote
    b: Cote


class Comparaison(BaseModel):
    """Two runs side by side, over the questions that they have in common."""

    model_config = FROZEN

    a: str
    """Name of the file of the first run."""
    b: str
    jeu_a: str | None
    """Name of the question set of the first run."""
    jeu_b: str | None
    questions_a: int
    questions_b: int
    questions_communes: int
    questions_changees: tuple[str, ...]
    """Ids that both runs have, with other words or other expectations: left out."""
    ecarts: tuple[EcartApparie, ...]
    tours: tuple[TourCompare, ...]
    """The common turns, in the order of A."""

    def d_issue(self, issue: Issue) -> tuple[TourCompare, ...]:
        """Return the turns of one outcome."""
        return tuple(tour for tour in self.tours if tour.issue == issue)


class _Mesure(NamedTuple):
    nom: str
    libelle: str
    valeur: Callable[[MesureTour], float | None]
    meilleur: Literal["haut", "bas"] = "haut"
    statistique: Statistique = "part"


def comparer(a: Execution, b: Execution, *, nom_a: str, nom_b: str) -> Comparaison:
    """Compare two runs over their common questions.

    Raises:
        FichierInutilisable: they have none.

    """
    de_a, de_b = _par_question(a.tours), _par_question(b.tours)
    partagees = [ident for ident in de_a if ident in de_b]
    communes = [ident for ident in partagees if memes_attentes(de_a[ident], de_b[ident])]
    if not communes:
        raise FichierInutilisable(
            f"{nom_a} et {nom_b} : trouvé {len(de_a)} et {len(de_b)} questions, dont "
            f"{len(partagees)} de même identifiant et aucune commune (mêmes mots, mêmes attentes) "
            "; accepté : deux mesures qui partagent des questions"
        )
    paires = [list(zip(de_a[ident], de_b[ident], strict=True)) for ident in communes]
    return Comparaison(
        a=nom_a,
        b=nom_b,
        jeu_a=a.fichier,
        jeu_b=b.fichier,
        questions_a=len(de_a),
        questions_b=len(de_b),
        questions_communes=len(communes),
        questions_changees=tuple(ident for ident in partagees if ident not in set(communes)),
        ecarts=tuple(_ecart(mesure, paires) for mesure in _MESURES),
        tours=tuple(_compare(*paire) for question in paires for paire in question),
    )


def memes_attentes(a: Sequence[MesureTour], b: Sequence[MesureTour]) -> bool:
    """Tell whether two runs put the same question and expect the same answers.

    By fingerprint; for runs saved before there was one, by what they keep of both.
    """
    if len(a) != len(b):
        return False
    if all(tour.empreinte for tour in (*a, *b)):
        return [tour.empreinte for tour in a] == [tour.empreinte for tour in b]
    return [_gardes(tour) for tour in a] == [_gardes(tour) for tour in b]


def _gardes(tour: MesureTour) -> tuple[object, ...]:
    return (
        tour.texte,
        tour.repondable,
        tour.genre_refus,
        tour.faits_attendus,
        tour.preuve_attendue,
    )


def _par_question(tours: Sequence[MesureTour]) -> dict[str, list[MesureTour]]:
    groupes: dict[str, list[MesureTour]] = {}
    for tour in tours:
        groupes.setdefault(tour.id, []).append(tour)
    return {ident: sorted(groupe, key=lambda tour: tour.tour) for ident, groupe in groupes.items()}


def _ecart(
    mesure: _Mesure, paires: Sequence[Sequence[tuple[MesureTour, MesureTour]]]
) -> EcartApparie:
    """Compare the two runs by one measure, over the turns where both have it."""
    valeurs = [
        [
            (avant, apres)
            for tour_a, tour_b in question
            if (avant := mesure.valeur(tour_a)) is not None
            and (apres := mesure.valeur(tour_b)) is not None
        ]
        for question in paires
    ]
    valeurs = [question for question in valeurs if question]
    ecarts = [[apres - avant for avant, apres in question] for question in valeurs]
    sens = 1 if mesure.meilleur == "haut" else -1
    signes = [sens * sum(de_question) for de_question in ecarts]
    mieux, moins_bien = sum(s > 0 for s in signes), sum(s < 0 for s in signes)
    tous = [paire for question in valeurs for paire in question]
    mediane = mesure.statistique == "mediane"
    resume = statistics.median if mediane else statistics.fmean
    a, b, ecart = None, None, None
    if tous:
        a, b = (resume([paire[cote] for paire in tous]) for cote in (0, 1))
        ecart = resume(moyennes(ecarts) if mediane else [e for q in ecarts for e in q])
    return EcartApparie(
        mesure=mesure.nom,
        libelle=mesure.libelle,
        meilleur=mesure.meilleur,
        statistique=mesure.statistique,
        tours=len(tous),
        questions=len(valeurs),
        a=a,
        b=b,
        ecart=ecart,
        intervalle=intervalle_mediane(ecarts) if mediane else intervalle_moyenne(ecarts),
        mieux=mieux,
        moins_bien=moins_bien,
        p=p_des_signes(mieux, moins_bien),
    )


def _compare(a: MesureTour, b: MesureTour) -> TourCompare:
    return TourCompare(
        id=a.id,
        tour=a.tour,
        conversation=a.conversation,
        texte=a.texte,
        attendu=attendu(a),
        issue=issue(reussi(a), reussi(b)),
        a=_cote(a),
        b=_cote(b),
    )


def issue(a: bool | None, b: bool | None) -> Issue:
    """Say what became of a turn from one run to the other."""
    if a is None or b is None:
        return "non_jugee"
    if a == b:
        return "juste_deux_fois" if a else "fausse_deux_fois"
    return "gagnee" if b else "perdue"


def _cote(tour: MesureTour) -> Cote:
    return Cote(
        type=tour.type,
        refusee=tour.refusee,
        reussi=reussi(tour),
        rang_preuve=tour.rang_preuve,
        confiance=tour.confiance,
        latence_ms=tour.latence_ms,
        fautes=tuple(faute.dite for faute in fautes(tour)),
        reponse=tour.reponse,
    )


def _dans(k: int) -> Callable[[MesureTour], float | None]:
    def valeur(tour: MesureTour) -> float | None:
        if not tour.preuve_attendue:
            return None
        return float(tour.rang_preuve is not None and tour.rang_preuve <= k)

    return valeur


def _rang_inverse(tour: MesureTour) -> float | None:
    if not tour.preuve_attendue:
        return None
    return 1 / tour.rang_preuve if tour.rang_preuve else 0.0


def _brier(tour: MesureTour) -> float | None:
    tenue = annonce_tenue(tour)
    return None if tenue is None else (tour.confiance - tenue) ** 2


_MESURES = (
    _Mesure("bien_traitees", "Bien traitées", reussi),
    *(
        _Mesure(
            f"preuve_dans_{k}", "Preuve en tête" if k == 1 else f"Preuve dans les {k}", _dans(k)
        )
        for k in RANGS
    ),
    _Mesure("mrr_10", "MRR@10", _rang_inverse, statistique="moyenne"),
    _Mesure("ndcg_10", "nDCG@10", lambda tour: tour.ndcg_10, statistique="moyenne"),
    _Mesure("reponses_justes", "Réponses justes", lambda tour: tour.juste),
    _Mesure(
        "sans_interdit",
        "Sans rien d'interdit",
        lambda tour: None if tour.interdits_trouves is None else not tour.interdits_trouves,
    ),
    _Mesure("citations_probantes", "Citations qui prouvent", lambda tour: tour.citations_probantes),
    _Mesure(
        "citations_verbatim",
        "Citations mot pour mot",
        lambda tour: not tour.citations_infideles if tour.citations else None,
    ),
    _Mesure(
        "regles_locales_deplacees",
        "Règle locale déplacée",
        lambda tour: bool(tour.portees_deplacees),
        "bas",
    ),
    _Mesure(
        "refus_rappel",
        "Sans réponse, refusées",
        lambda tour: tour.refusee if tour.repondable is False else None,
    ),
    _Mesure(
        "repondables_refusees",
        "Répondables, refusées",
        lambda tour: tour.refusee if tour.repondable else None,
        "bas",
    ),
    _Mesure("brier", "Score de Brier", _brier, "bas", "moyenne"),
    _Mesure("latence_ms", "Latence (ms), médianes", lambda tour: tour.latence_ms, "bas", "mediane"),
)
