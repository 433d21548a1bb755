"""The arithmetic of the amounts, printed: one line for each that is known."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from assistant.eligibility.engine.amounts import BONUS, Collectif, Donnees, proratise, ps_exacte
from assistant.eligibility.models import Montants
from assistant.eligibility.templates import euros, nombre_en_mots


def detailler(donnees: Donnees, montants: Montants) -> tuple[str, ...]:
    """Print the arithmetic, one line for each amount that is known."""
    lignes: list[str] = []
    ps = montants.ps_par_collectif
    for rang, (collectif, montant) in enumerate(zip(donnees.collectifs, ps, strict=True), 1):
        if montant is not None and collectif.prix is not None:
            lignes.append(f"Ps du collectif {rang} : {_arithmetique(collectif, donnees, montant)}")
    if montants.ps_total is not None and len(ps) > 1:
        termes = " + ".join(nombre_en_mots(p) for p in ps if p is not None)
        lignes.append(f"Ps totale : {termes} = {euros(montants.ps_total)}")
    bonus = (montants.bonus_enfants, montants.bonus_parents)
    for nom, montant in zip(BONUS, bonus, strict=True):
        if montant:
            lignes.append(
                f"Bonus « {nom} » : {len(ps)} × {euros(donnees.bonus_montant)} = {euros(montant)}"
            )
    lignes += _detail_du_total(donnees, montants)
    lignes += _detail_des_versements(donnees, montants)
    return tuple(lignes)


def _detail_du_total(donnees: Donnees, montants: Montants) -> list[str]:
    lignes: list[str] = []
    avant, plafond_80, total = montants.total_avant_plafond, montants.plafond_80, montants.total
    bonus = (montants.bonus_enfants, montants.bonus_parents)
    if avant is not None and montants.ps_total is not None and None not in bonus:
        parties = (montants.ps_total, *(b for b in bonus if b is not None))
        termes = " + ".join(nombre_en_mots(t) for t in parties)
        lignes.append(f"Total avant plafond : {termes} = {euros(avant)}")
    if plafond_80 is not None and donnees.cout_total is not None:
        lignes.append(
            f"Plafond : {pourcentage(donnees.part_caf)} × {euros(donnees.cout_total)} = "
            f"{euros(exact(donnees.part_caf * donnees.cout_total))} → {euros(plafond_80)}"
        )
    connus = donnees.autres is not None and avant is not None and plafond_80 is not None
    if total is not None and connus:
        lignes.append(
            f"Total : min({euros(avant or 0)} ; {euros(plafond_80 or 0)} − "
            f"{euros(donnees.autres or 0)}), 0 € au moins = {euros(total)}"
        )
    return lignes


def _detail_des_versements(donnees: Donnees, montants: Montants) -> list[str]:
    lignes: list[str] = []
    acomptes = (montants.acompte_n_max, montants.acompte_n1_max)
    if montants.ps_total is not None and montants.total is not None:
        garde = min(montants.ps_total, montants.total)
        parts = zip(("N", "N+1"), donnees.parts_acomptes, acomptes, strict=True)
        for quand, part, montant in parts:
            if montant:
                lignes.append(
                    f"Acompte {quand}, au plus : {pourcentage(part)} × {euros(garde)} = "
                    f"{euros(exact(garde * part))} → {euros(montant)}"
                )
    if montants.solde is not None and montants.total is not None:
        lignes.append(
            f"Solde : {euros(montants.total)} − {euros(acomptes[0] or 0)} − "
            f"{euros(acomptes[1] or 0)} = {euros(montants.solde)}"
        )
    return lignes


def _arithmetique(collectif: Collectif, donnees: Donnees, montant: int) -> str:
    assert donnees.plafond is not None
    prix = collectif.prix if collectif.prix is not None else Decimal(0)
    sur = collectif
    # When weeks or start are unknown and change nothing, the plain arithmetic is shown.
    if collectif.semaines is None or collectif.en_cours_d_annee is None:
        sur = collectif._replace(en_cours_d_annee=False)
    facteur = (
        f" × {collectif.semaines} / {donnees.semaines_annee}" if proratise(sur, donnees) else ""
    )
    return (
        f"{pourcentage(donnees.taux)} × min({euros(prix)} ; {euros(donnees.plafond.valeur)})"
        f"{facteur} = {euros(exact(ps_exacte(prix, sur, donnees)))} → {euros(montant)}"
    )


def exact(montant: Decimal) -> Decimal:
    """Cut to the thousandth of a euro, for display."""
    return montant.quantize(Decimal("0.001"), ROUND_FLOOR).normalize()


def pourcentage(part: Decimal) -> str:
    """Write a rate: « 32,5 % »."""
    texte = format((part * 100).normalize(), "f").replace(".", ",")
    return f"{texte}\u00a0%"
