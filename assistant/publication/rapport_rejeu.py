"""What a replay says, in plain French words: answers and verdicts that flip, euros that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.publication.rapport_contenu import counted
from assistant.publication.rejeu_modeles import (
    CritereChange,
    EcartProjet,
    EcartReponse,
    EuroChange,
    Gravite,
    Rejeu,
    ReponseRejouee,
)

GRAVITES: dict[Gravite, str] = {
    "haute": "gravité haute",
    "moyenne": "gravité moyenne",
    "basse": "gravité basse",
}
TYPES = {
    "reponse": "réponse des textes",
    "eligibilite": "réponse du vérificateur",
    "precision": "demande de précision",
    "hors_corpus": "les textes ne le disent pas",
}
VERDICTS = {
    "eligible": "éligible",
    "eligible_sous_reserve": "éligible sous réserve",
    "non_eligible": "non éligible",
    "incomplet": "incomplet",
}
STATUTS = {
    None: "absent",
    "conforme": "conforme",
    "non_conforme": "non conforme",
    "sous_reserve": "sous réserve",
    "a_renseigner": "à renseigner",
    "alerte": "alerte",
    "sans_objet": "sans objet",
}
MONTANTS = {
    "prix_plafond": "prix plafond",
    "ps_total": "prestation de service, en tout",
    "ps_min": "prestation de service, au moins",
    "ps_max": "prestation de service, au plus",
    "bonus_enfants": "bonus enfants",
    "bonus_parents": "bonus parents",
    "total_avant_plafond": "total avant le plafond de 80 %",
    "plafond_80": "plafond de 80 %",
    "total": "total",
    "total_min": "total, au moins",
    "total_max": "total, au plus",
    "acompte_n_max": "acompte de l'année N, au plus",
    "acompte_n1_max": "acompte de l'année N+1, au plus",
    "solde": "solde",
}
_OF_ONE = "ps_par_collectif."
_UNKNOWN = "inconnu"


@dataclass(frozen=True, slots=True)
class QuestionRejouee:
    """A question whose answer changes."""

    titre: str
    change: str
    avant: str
    apres: str
    preuves_avant: tuple[str, ...]
    preuves_apres: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjetRejoue:
    """A project whose result changes."""

    titre: str
    lignes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContenuRejeu:
    """What the replay says."""

    resume: str
    questions: tuple[QuestionRejouee, ...]
    projets: tuple[ProjetRejoue, ...]


def contents_of_replay(rejeu: Rejeu) -> ContenuRejeu:
    """Put a replay in words."""
    answers = counted(len(rejeu.reponses), "réponse change", "réponses changent")
    results = counted(len(rejeu.verifications), "résultat change", "résultats changent")
    return ContenuRejeu(
        resume=(
            f"{rejeu.questions} questions et {rejeu.projets} projets ont été rejoués sur la "
            f"version en service ({rejeu.avant}) et sur le brouillon : {answers}, {results}."
        ),
        questions=tuple(_question(gap) for gap in rejeu.reponses),
        projets=tuple(
            ProjetRejoue(f"{gap.nom} ({GRAVITES[gap.gravite]})", tuple(_lines(gap)))
            for gap in rejeu.verifications
        ),
    )


def _question(gap: EcartReponse) -> QuestionRejouee:
    place = gap.question.departement
    where = f" (département {place})" if place else ""
    before = gap.question.avant[-1:]
    after = f" (après : « {before[0]} »)" if before else ""
    changes = [
        words
        for changed, words in (
            (gap.type_change, f"{TYPES[gap.avant.type]} → {TYPES[gap.apres.type]}"),
            (gap.texte_change, "texte changé"),
            (gap.citations_changees, "citations changées"),
        )
        if changed
    ]
    return QuestionRejouee(
        titre=f"{gap.question.question}{where}{after}",
        change=f"{GRAVITES[gap.gravite]} : {', '.join(changes)}",
        avant=gap.avant.texte,
        apres=gap.apres.texte,
        preuves_avant=tuple(_proofs(gap.avant)),
        preuves_apres=tuple(_proofs(gap.apres)),
    )


def _proofs(reponse: ReponseRejouee) -> Iterator[str]:
    for citation in reponse.citations:
        yield f"{citation.document} : « {' '.join(citation.extrait.split())} »"


def _lines(gap: EcartProjet) -> Iterator[str]:
    if gap.verdict_avant != gap.verdict_apres:
        yield f"verdict : {VERDICTS[gap.verdict_avant]} → {VERDICTS[gap.verdict_apres]}"
    yield from map(_criterion, gap.criteres)
    # The whole first: it is what somebody looks for.
    yield from map(_euros, sorted(gap.euros, key=lambda change: change.montant != "total"))


def _criterion(change: CritereChange) -> str:
    which = f" (collectif {change.collectif})" if change.collectif else ""
    gap = f"{STATUTS[change.avant]} → {STATUTS[change.apres]}"
    return f"critère {change.code}{which} : {gap}. {change.motif}"


def _euros(change: EuroChange) -> str:
    name = MONTANTS.get(change.montant, change.montant)
    if name.startswith(_OF_ONE):
        name = f"prestation de service du collectif {name.removeprefix(_OF_ONE)}"
    return f"{name} : {_amount(change.avant)} → {_amount(change.apres)}"


def _amount(value: float | None) -> str:
    if value is None:
        return _UNKNOWN
    return f"{value:,.2f}".removesuffix(".00").replace(",", " ").replace(".", ",") + " €"
