"""What the replay found, as HTML: what people were told, what they would be told, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from assistant.eligibility.templates import euros
from assistant.publication.comparaison import cut_words
from assistant.publication.rapport_rejeu import (
    MONTANTS,
    STATUTS,
    TYPES,
    VERDICTS,
    contents_of_replay,
)
from assistant.publication.rejeu_modeles import (
    EcartProjet,
    EcartReponse,
    Gravite,
    Rejeu,
    ReponseRejouee,
)
from pages_clas.balises import echapper
from pages_clas.textes_comparaison import LEGENDE, cotes
from pages_clas.textes_tableau import compte, liste, tableau

_REPONSES: Final[dict[Gravite, str]] = {
    "haute": "La réponse n'est plus de la même sorte",
    "moyenne": "La réponse est dite autrement",
    "basse": "La réponse est la même, ses citations changent",
}
_PROJETS: Final[dict[Gravite, str]] = {
    "haute": "Le verdict change",
    "moyenne": "Un critère ou un montant change, le verdict reste",
    "basse": "Le résultat reste",
}
_COLLECTIF: Final = "ps_par_collectif."
_ENTETES: Final = ("Ce qui change", "Avant", "Après", "Pourquoi")


def rejeu_html(rejeu: Rejeu) -> str:
    """Everything that flips, most serious first; nothing is told by a colour alone."""
    resume = echapper(contents_of_replay(rejeu).resume)
    if not rejeu.reponses and not rejeu.verifications:
        return f"<p>{resume}</p><p><strong>Rien ne change pour les personnes.</strong></p>"
    reponses = "".join(
        _groupe(_REPONSES[g], [_question(r) for r in rejeu.reponses if r.gravite == g])
        for g in _REPONSES
    )
    projets = "".join(
        _groupe(_PROJETS[g], [_projet(p) for p in rejeu.verifications if p.gravite == g])
        for g in _PROJETS
    )
    dit = f"<p>{resume}</p>{LEGENDE}"
    if reponses:
        dit += f"<h4>Questions dont la réponse change ({len(rejeu.reponses)})</h4>{reponses}"
    if projets:
        dit += f"<h4>Projets dont le résultat change ({len(rejeu.verifications)})</h4>{projets}"
    return dit


def resume_du_rejeu(rejeu: Rejeu) -> str:
    """The same in one sentence."""
    reponses = compte(len(rejeu.reponses), "réponse change", "réponses changent")
    verdicts = sum(p.gravite == "haute" for p in rejeu.verifications)
    return (
        f"Rejeu terminé : {reponses}, {compte(verdicts, 'verdict change', 'verdicts changent')}, "
        f"{compte(len(rejeu.verifications), 'résultat', 'résultats')} de projet en tout. "
        "La liste est plus bas."
    )


def _groupe(nom: str, cas: Sequence[str]) -> str:
    return f"<h5>{echapper(nom)} ({len(cas)})</h5>{''.join(cas)}" if cas else ""


def _question(ecart: EcartReponse) -> str:
    lieu = f" (département {ecart.question.departement})" if ecart.question.departement else ""
    avant, apres = cut_words(ecart.avant.texte, ecart.apres.texte)
    sortes = f"Sorte de réponse, avant : {TYPES[ecart.avant.type]} ; après : "
    sortes = f"<p>{echapper(sortes + TYPES[ecart.apres.type])}.</p>" if ecart.type_change else ""
    citations = _citations(ecart.avant, ecart.apres) if ecart.citations_changees else ""
    return (
        f"<details><summary>{echapper(ecart.question.question)}{echapper(lieu)}</summary>"
        f"{sortes}{cotes(avant, apres)}{citations}</details>"
    )


def _citations(avant: ReponseRejouee, apres: ReponseRejouee) -> str:
    return (
        f"<p>Citations avant :</p>{liste(_preuves(avant)) or '<p>Aucune.</p>'}"
        f"<p>Citations après :</p>{liste(_preuves(apres)) or '<p>Aucune.</p>'}"
    )


def _preuves(reponse: ReponseRejouee) -> Iterable[str]:
    return (f"{c.document} : « {' '.join(c.extrait.split())} »" for c in reponse.citations)


def _projet(ecart: EcartProjet) -> str:
    nom, lignes = f"Projet : {ecart.nom}", tuple(lignes_du_projet(ecart))
    entetes = _ENTETES if any(pourquoi for *_, pourquoi in lignes) else _ENTETES[:3]
    return (
        f"<details><summary>{echapper(nom)} – {echapper(_en_bref(ecart))}</summary>"
        f"{tableau(nom, entetes, [ligne[: len(entetes)] for ligne in lignes])}</details>"
    )


def _en_bref(ecart: EcartProjet) -> str:
    if ecart.verdict_avant != ecart.verdict_apres:
        avant, apres = VERDICTS[ecart.verdict_avant], VERDICTS[ecart.verdict_apres]
        return f"{avant} avant, {apres} après"
    dits = []
    if ecart.criteres:
        dits.append(compte(len(ecart.criteres), "critère change", "critères changent"))
    if ecart.euros:
        dits.append(compte(len(ecart.euros), "montant change", "montants changent"))
    return ", ".join(dits)


def lignes_du_projet(ecart: EcartProjet) -> Iterator[tuple[str, str, str, str]]:
    """What changes for a project: what, before, after, and why where it is known."""
    if ecart.verdict_avant != ecart.verdict_apres:
        yield "Verdict", VERDICTS[ecart.verdict_avant], VERDICTS[ecart.verdict_apres], ""
    for critere in ecart.criteres:
        lequel = f" (collectif {critere.collectif})" if critere.collectif else ""
        nom = f"Critère {critere.code.replace('_', ' ')}{lequel}"
        yield nom, STATUTS[critere.avant], STATUTS[critere.apres], critere.motif
    for euro in ecart.euros:
        yield _montant(euro.montant), _somme(euro.avant), _somme(euro.apres), ""


def _montant(nom: str) -> str:
    if nom.startswith(_COLLECTIF):
        return f"Prestation de service du collectif {nom.removeprefix(_COLLECTIF)}"
    dit = MONTANTS.get(nom, nom)
    return f"{dit[:1].upper()}{dit[1:]}"


def _somme(valeur: float | None) -> str:
    return "inconnu" if valeur is None else euros(Decimal(str(valeur)))
