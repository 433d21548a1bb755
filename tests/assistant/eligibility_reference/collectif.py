"""National criteria of each collectif, with the rural exception and its local reading."""

from collections.abc import Callable
from typing import Any

from .groups import (
    ANNEE_DU_TEXTE,
    BOOLEENS,
    CONFORME,
    NON_CONFORME,
    SOUS_RESERVE,
    Faits,
    Groupe,
    Statuts,
)


def groupes_du_collectif(collectif: dict[str, Any], numero: int) -> list[Groupe]:
    def fait(nom: str, partition: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        return collectif.get(nom), partition

    def propres(*noms: str) -> tuple[str, ...]:
        """The context facts that the collectif does not give for itself."""
        return tuple(nom for nom in noms if collectif.get(nom) is None)

    def avec_ses_faits(regle: Callable[[Faits], Statuts]) -> Callable[[Faits], Statuts]:
        siens = {
            nom: collectif[nom]
            for nom in ("milieu_rural", "population_commune", "demarrage_en_cours_d_annee")
            if collectif.get(nom) is not None
        }
        return lambda faits: regle(faits | siens)

    ruralite = ("departement", "annee_scolaire", *propres("milieu_rural", "population_commune"))
    return [
        Groupe(
            ruralite,
            {
                "enfants": fait("enfants", (0, 4, 5, 7, 8, 12, 13)),
                "handicap": fait("enfant_en_situation_de_handicap", BOOLEENS),
                "intervenants": fait("intervenants", (0, 1, 2)),
            },
            avec_ses_faits(_effectif_et_encadrement),
            numero,
        ),
        Groupe(
            ruralite,
            {
                "seances": fait("seances_par_semaine", (0, 1, 2)),
                "duree": fait("duree_seance_minutes", (89, 90, 119, 120)),
                "locaux": fait("locaux_contraints", BOOLEENS),
                "derogation": fait(
                    "derogation_comite", ("aucune", "en_attente", "accordee", "refusee")
                ),
            },
            avec_ses_faits(_frequence),
            numero,
        ),
        Groupe(
            propres("demarrage_en_cours_d_annee"),
            {"semaines": fait("semaines", (0, 1, 26, 27))},
            avec_ses_faits(_semaines),
            numero,
        ),
        Groupe(
            (),
            {"lieu": fait("meme_lieu_accessible_aux_parents", BOOLEENS)},
            lambda faits: {"lieu": CONFORME if faits["lieu"] else NON_CONFORME},
            numero,
        ),
    ]


def _exception_rurale(faits: Faits) -> str:
    """What the rural exception gives to a collectif: `non_conforme` where it does not hold."""
    if faits["departement"] != "69":
        return CONFORME if faits["milieu_rural"] else NON_CONFORME
    if faits["annee_scolaire"] == ANNEE_DU_TEXTE["69"]:
        return SOUS_RESERVE if faits["population_commune"] < 5000 else NON_CONFORME
    return SOUS_RESERVE if faits["milieu_rural"] else NON_CONFORME


def _effectif_et_encadrement(faits: Faits) -> Statuts:
    enfants, rural = faits["enfants"], _exception_rurale(faits)
    effectif = NON_CONFORME
    if 8 <= enfants <= 12:
        effectif = CONFORME
    elif 5 <= enfants <= 7:
        effectif = CONFORME if faits["handicap"] else rural
    encadrement = NON_CONFORME
    if faits["intervenants"] >= 2:
        encadrement = CONFORME
    elif faits["intervenants"] == 1 and enfants < 8:
        encadrement = rural
    return {"effectif": effectif, "encadrement": encadrement}


def _frequence(faits: Faits) -> Statuts:
    seances, duree, derogation = faits["seances"], faits["duree"], faits["derogation"]
    statut = NON_CONFORME
    if seances >= 2:
        statut = CONFORME if duree >= 90 else NON_CONFORME
    elif seances == 1 and duree >= 120:
        if derogation == "accordee":
            statut = CONFORME
        elif _exception_rurale(faits) != NON_CONFORME or (
            faits["locaux"] and derogation == "en_attente"
        ):
            statut = SOUS_RESERVE
    return {"frequence": statut}


def _semaines(faits: Faits) -> Statuts:
    if faits["semaines"] >= 27:
        return {"semaines": CONFORME}
    if faits["semaines"] >= 1 and faits["demarrage_en_cours_d_annee"]:
        return {"semaines": SOUS_RESERVE}
    return {"semaines": NON_CONFORME}
