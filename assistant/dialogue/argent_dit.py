"""Answers about money: what the project may receive, with the checker's arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from assistant.dialogue.cas import Dit, demander, tenir
from assistant.dialogue.dossier_dit import Etude
from assistant.dialogue.phrases import phrase
from assistant.eligibility import Regles
from assistant.eligibility.models import Critere
from assistant.eligibility.templates import euros
from assistant.models import Citation
from corpus.models import NATIONALE

_FAITS_DE_MONTANT: Final = (
    "prix_de_revient",
    "cout_total",
    "semaines",
    "demande",
    "demarrage_en_cours_d_annee",
    "autres_financements_caf_clas",
)
"""Facts worth asking for first when money is asked about, in this order."""
_LIGNES: Final = 5


def dire_montant(etude: Etude, regles: Regles) -> Dit:
    """Say how much the project may receive, how it is worked out, and what is missing to know."""
    montants = etude.resultat.montants
    bareme = montants.bareme
    annee = etude.projet.annee_scolaire or ""
    taux, plafond_80 = _citations(regles, "taux_ps"), _citations(regles, "plafond_caf")
    if bareme.prix_plafond is None or bareme.taux is None:
        citations = tuple(dict.fromkeys((*_citations(regles, "prix_plafond"), *taux)))
        return Dit(
            texte=phrase("montant_sans_bareme", demandee=annee),
            citations=citations,
            portee=NATIONALE,
            tranche=True,
        )
    plafond = _citations(regles, "prix_plafond")
    bonus = _citations(regles, "bonus_montant")
    bloquant = _bloquant(etude)
    d_abord = bloquant.citations if bloquant else ()
    citations = tuple(dict.fromkeys((*d_abord, *plafond[:1], *taux, *bonus[:1], *plafond_80[:1])))
    lignes = [_entete(etude)] if montants.ps_total is not None else []
    lignes += [_detail(montants.detail)] if montants.ps_total is not None else []
    if montants.ps_total is None:
        lignes.append(_regle(etude, regles, citations, (*plafond[:1], *taux)))
    if montants.ps_total is None and montants.ps_max and _un_prix_est_dit(etude):
        lignes.append(phrase("montant_ps_au_plus", ps=euros(montants.ps_max)))
    if montants.bonus_enfants is None or montants.bonus_parents is None:
        lignes.append(_bonus(regles, annee, citations, bonus))
    if montants.plafond_80 is None:
        part, _ = regles.parametre("plafond_caf", int(annee[:4]))
        if part is not None:
            dit = phrase("montant_80", part=_pourcent(part.valeur))
            lignes.append(f"{dit} {_marques(citations, plafond_80[:1])}")
    if montants.ps_total is not None:
        lignes[0] += f" {_marques(citations, (*plafond[:1], *taux))}"
    if bloquant:
        motif = f"{bloquant.motif} {_marques(citations, bloquant.citations)}"
        lignes.insert(0, phrase("montant_non_eligible", motif=motif))
    attendus = tuple(
        sorted(
            (c for c in etude.resultat.a_renseigner if _rang(c) < len(_FAITS_DE_MONTANT)),
            key=_rang,
        )
    )[:1]
    if montants.ps_total is None and attendus:
        lignes.append(demander(attendus, regles, len(montants.ps_par_collectif)))
    if bareme.a_confirmer:
        lignes.append(phrase("montant_a_confirmer", annee=bareme.annee_scolaire, demandee=annee))
    return Dit(
        texte=tenir(lignes),
        citations=citations,
        portee=NATIONALE,
        tranche=montants.ps_total is not None or montants.total_max is not None,
        attendus=attendus if montants.ps_total is None else (),
    )


def _bloquant(etude: Etude) -> Critere | None:
    """What makes the project not eligible: it is said before any amount."""
    if etude.resultat.verdict != "non_eligible":
        return None
    return next(c for c in etude.resultat.criteres if c.statut == "non_conforme")


def _entete(etude: Etude) -> str:
    """The total where it is known, else the Ps: a bonus that nobody asked for is no part of it."""
    montants = etude.resultat.montants
    if montants.total is not None:
        return phrase("montant_total", total=euros(montants.total))
    return phrase("montant_ps", ps=euros(montants.ps_total or 0))


def _un_prix_est_dit(etude: Etude) -> bool:
    return any(c.prix_de_revient is not None for c in etude.projet.collectifs or ())


def _detail(lignes: Sequence[str]) -> str:
    return "\n".join(f"- {ligne}" for ligne in lignes[:_LIGNES])


def _regle(
    etude: Etude, regles: Regles, citations: Sequence[Citation], appuis: Sequence[Citation]
) -> str:
    """The rule of the Ps, and what it comes to at most for one collectif."""
    bareme = etude.resultat.montants.bareme
    assert bareme.prix_plafond is not None
    plafond = Decimal(str(bareme.prix_plafond))
    taux, _ = regles.parametre("taux_ps", int((bareme.annee_scolaire or "")[:4]))
    assert taux is not None
    dit = phrase(
        "montant_ps_par_collectif",
        taux=_pourcent(taux.valeur),
        plafond=euros(plafond),
        annee=bareme.annee_scolaire,
        ps=euros((plafond * taux.valeur).quantize(Decimal(1), rounding="ROUND_HALF_UP")),
    )
    return f"{dit} {_marques(citations, appuis)}"


def _bonus(
    regles: Regles, annee: str, citations: Sequence[Citation], appuis: Sequence[Citation]
) -> str:
    montant, _ = regles.parametre("bonus_montant", int(annee[:4]))
    assert montant is not None
    return f"{phrase('montant_bonus', bonus=euros(montant.valeur))} {_marques(citations, appuis)}"


def _citations(regles: Regles, nom: str) -> tuple[Citation, ...]:
    return regles.citations_des_parametres.get((NATIONALE, nom), ())


def _marques(citations: Sequence[Citation], appuis: Sequence[Citation]) -> str:
    numeros = sorted({citations.index(c) + 1 for c in appuis if c in citations})
    return "".join(f"[{n}]" for n in numeros)


def _pourcent(part: Decimal) -> str:
    return f"{format((part * 100).normalize(), 'f').replace('.', ',')}\u00a0%"


def _rang(chemin: str) -> int:
    nom = chemin.rsplit(".", 1)[-1]
    return _FAITS_DE_MONTANT.index(nom) if nom in _FAITS_DE_MONTANT else len(_FAITS_DE_MONTANT)
