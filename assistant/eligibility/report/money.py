"""Amounts, their arithmetic, the payment calendar and what several years would take."""

from __future__ import annotations

from decimal import Decimal

from assistant.eligibility.models import Montants, Pluriannuel, Resultat
from assistant.eligibility.report.criteria import citations_montrees
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.models import (
    Barre,
    Barres,
    Bloc,
    Calcul,
    Citations,
    Definitions,
    Paragraphe,
    SousTitre,
    Tableau,
)
from assistant.eligibility.report.wording import Textes
from assistant.eligibility.templates import euros, nombre_en_mots


def intervalle(bas: int | None, haut: int | None, montants: Montants, textes: Textes) -> str:
    """Write an amount, or the range that it lies in, or why there is none."""
    if bas is None or haut is None:
        if montants.bareme.prix_plafond is None:
            absent = montants.bareme.annee_scolaire is None
            return textes.mot("annee_absente" if absent else "bareme_absent")
        return textes.mot("a_calculer")
    if bas == haut:
        return euros(bas)
    return textes.mot("entre", bas=euros(bas), haut=euros(haut))


def total_en_mots(montants: Montants, textes: Textes) -> str:
    """Write the total, or its range."""
    return intervalle(montants.total_min, montants.total_max, montants, textes)


def montants_en_mots(montants: Montants, textes: Textes) -> tuple[Bloc, ...]:
    """Lay out the scale, the amounts and the arithmetic, line by line."""
    blocs: list[Bloc] = [Paragraphe(texte=textes.mot("montants_intro"))]
    bareme = montants.bareme
    if bareme.prix_plafond is not None and bareme.taux is not None:
        taux = Decimal(str(bareme.taux)) * 100
        dit = textes.mot(
            "bareme",
            annee=bareme.annee_scolaire,
            plafond=euros(Decimal(str(bareme.prix_plafond))),
            taux=f"{format(taux.normalize(), 'f').replace('.', ',')}\u00a0%",
        )
        if bareme.a_confirmer:
            dit += f" {textes.mot('bareme_a_confirmer')}"
        blocs.append(Paragraphe(texte=dit))
    lignes = _postes(montants, textes)
    blocs += [
        Tableau(
            legende=textes.mot("montants_legende"),
            entetes=(textes.mot("poste"), textes.mot("montant")),
            lignes=tuple(lignes),
            chiffres=(1,),
            totaux=(len(lignes) - 1,),
        ),
        SousTitre(texte=textes.mot("calcul")),
        Calcul(lignes=montants.detail)
        if montants.detail
        else Paragraphe(texte=textes.mot("calcul_absent")),
    ]
    return tuple(blocs)


def _postes(montants: Montants, textes: Textes) -> list[tuple[str, str]]:
    def dire(montant: int | None) -> str:
        return intervalle(montant, montant, montants, textes)

    lignes = [
        (textes.mot("ps_collectif", rang=rang), dire(ps))
        for rang, ps in enumerate(montants.ps_par_collectif, 1)
    ]
    ps = intervalle(montants.ps_min, montants.ps_max, montants, textes)
    return [
        *lignes,
        (textes.mot("ps_total"), ps),
        (textes.mot("bonus_enfants"), dire(montants.bonus_enfants)),
        (textes.mot("bonus_parents"), dire(montants.bonus_parents)),
        (textes.mot("total_avant_plafond"), dire(montants.total_avant_plafond)),
        (textes.mot("plafond_80"), dire(montants.plafond_80)),
        (textes.mot("total"), total_en_mots(montants, textes)),
    ]


def calendrier_en_mots(
    resultat: Resultat, annee_scolaire: str | None, libelles: Libelles, textes: Textes
) -> tuple[Bloc, ...]:
    """Draw the payment calendar, and give the same amounts in words with their quotations."""
    if not resultat.calendrier_paiement:
        return (Paragraphe(texte=textes.mot("calendrier_aucun")),)
    total = resultat.montants.total
    echeances = resultat.calendrier_paiement
    plus_grand = max((e.montant or 0 for e in echeances), default=0)
    barres: list[Barre] = []
    lignes: list[tuple[str, ...]] = []
    for echeance in echeances:
        connu = echeance.montant
        montant = textes.mot("non_chiffre") if connu is None else euros(connu)
        longueur = max(0, connu or 0) / plus_grand if plus_grand > 0 else 0
        barres.append(Barre(quand=echeance.quand, montant=montant, longueur=longueur))
        part = "–"
        if connu is not None and total:
            part = f"{nombre_en_mots(round(connu * 100 / total))}\u00a0%"
        lignes.append((echeance.quand, echeance.quoi, montant, part))
    blocs: list[Bloc] = []
    if annee_scolaire is not None:
        n, n1 = annee_scolaire.split("-")
        blocs.append(Paragraphe(texte=textes.mot("calendrier_annees", n=n, n1=n1)))
    if plus_grand > 0:
        description = " ; ".join(f"{b.quand} : {b.montant}" for b in barres)
        blocs.append(
            Barres(
                titre=textes.mot("calendrier_dessin"),
                description=f"{description}.",
                barres=tuple(barres),
            )
        )
    elif all(e.montant is None for e in echeances):
        blocs.append(Paragraphe(texte=textes.mot("calendrier_non_chiffre")))
    blocs += [
        Tableau(
            legende=textes.mot("calendrier"),
            entetes=(
                textes.mot("quand"),
                textes.mot("quoi"),
                textes.mot("montant"),
                textes.mot("part"),
            ),
            lignes=tuple(lignes),
            chiffres=(2, 3),
        ),
    ]
    uniques = {(c.document, c.debut, c.fin): c for e in echeances for c in e.citations}
    if uniques:
        blocs.append(Citations(citations=citations_montrees(uniques.values(), libelles)))
    return tuple(blocs)


def pluriannuel_en_mots(
    pluriannuel: Pluriannuel, libelles: Libelles, textes: Textes
) -> tuple[Bloc, ...]:
    """Say whether several years may be funded at once, for how long, and why."""
    reponses = {True: "possible", False: "impossible", None: "indetermine"}
    lignes = [(textes.mot("reponse"), textes.mot(reponses[pluriannuel.possible]))]
    duree = pluriannuel.duree_max_annees
    if duree is not None:
        dite = textes.mot("un_an") if duree == 1 else textes.mot("annees", nombre=duree)
        lignes.append((textes.mot("duree_max"), dite))
    blocs: list[Bloc] = [
        Paragraphe(texte=pluriannuel.motif),
        Definitions(lignes=tuple(lignes)),
    ]
    if pluriannuel.citations:
        blocs.append(Citations(citations=citations_montrees(pluriannuel.citations, libelles)))
    return tuple(blocs)
