"""Criteria that the texts of the Hérault and of the Rhône add."""

from datetime import date
from typing import Any

from .groups import (
    ANNEE_DU_TEXTE,
    CONFORME,
    NON_CONFORME,
    SANS_OBJET,
    SOUS_RESERVE,
    Faits,
    Groupe,
    Statuts,
    groupe_booleen,
    lire,
)

CODES_34 = ("depot_elan", "projet_de_territoire", "accompagnement_caf")
CODES_69 = (
    "comite_pilotage_local",
    "formation_intervenants",
    "sans_discrimination",
    "articulation_dispositifs",
    "activites",
)
CODES_LOCAUX = {*CODES_34, *CODES_69}

ACTIVITES_EXCLUES = {
    "enseignement_specifique",
    "loisirs_exclusifs",
    "etudes_surveillees",
    "soutien_matieres",
}


def groupes_locaux(projet: dict[str, Any]) -> list[Groupe]:
    departement = projet.get("departement")
    groupes: list[Groupe] = []
    if departement in {"34", None}:
        groupes += [_seulement_en(groupe, "34") for groupe in _groupes_herault(projet)]
    if departement in {"69", None}:
        groupes += [_seulement_en(groupe, "69") for groupe in _groupes_rhone(projet)]
    return groupes


def _seulement_en(groupe: Groupe, departement: str) -> Groupe:
    """The same group, silent in the completions of another département."""

    def regle(faits: Faits) -> Statuts:
        return groupe.regle(faits) if faits["departement"] == departement else {}

    return Groupe(("departement", *groupe.contexte), groupe.faits, regle, groupe.collectif)


def _groupes_herault(projet: dict[str, Any]) -> list[Groupe]:
    return [
        Groupe(
            ("annee_scolaire",),
            {"depot": (projet.get("depot_elan"), ("2025-07-14", "2025-07-15", "2025-07-16"))},
            _depot_elan,
        ),
        groupe_booleen(
            "projet_de_territoire",
            lire(projet, "herault", "projet_de_territoire"),
            voulu=True,
            sinon=SOUS_RESERVE,
        ),
        groupe_booleen(
            "accompagnement_caf",
            lire(projet, "herault", "accompagne_par_la_caf"),
            voulu=True,
            sinon=SOUS_RESERVE,
        ),
    ]


def _depot_elan(faits: Faits) -> Statuts:
    if faits["annee_scolaire"] != ANNEE_DU_TEXTE["34"]:
        return {"depot_elan": SANS_OBJET}
    depot, limite = date.fromisoformat(faits["depot"]), date(2025, 7, 15)
    if depot == limite:
        return {"depot_elan": SOUS_RESERVE}
    return {"depot_elan": CONFORME if depot < limite else NON_CONFORME}


def _groupes_rhone(projet: dict[str, Any]) -> list[Groupe]:
    activites = lire(projet, "rhone", "activites")
    groupes = [
        Groupe(
            ("annee_scolaire",),
            {
                "validation": (
                    lire(projet, "rhone", "validation_comite_pilotage_local"),
                    ("en_attente", "accordee", "refusee"),
                )
            },
            _comite_pilotage_local,
        ),
        Groupe(
            ("annee_scolaire", "niveaux"),
            {
                "activites": (
                    None if activites is None else tuple(activites),
                    ((), ("methodologie",), ("culture",), ("soutien_matieres",)),
                )
            },
            _activites,
        ),
    ]
    for code, cle in (
        ("formation_intervenants", "temps_formation_ou_reflexion"),
        ("sans_discrimination", "sans_discrimination"),
        ("articulation_dispositifs", "articulation_dispositifs"),
    ):
        groupes.append(
            groupe_booleen(
                code,
                lire(projet, "rhone", cle),
                voulu=True,
                sinon=NON_CONFORME,
                annee_locale=ANNEE_DU_TEXTE["69"],
            )
        )
    return groupes


def _comite_pilotage_local(faits: Faits) -> Statuts:
    if faits["validation"] == "accordee":
        return {"comite_pilotage_local": CONFORME}
    if faits["validation"] == "en_attente":
        return {"comite_pilotage_local": SOUS_RESERVE}
    dans_l_annee = faits["annee_scolaire"] == ANNEE_DU_TEXTE["69"]
    return {"comite_pilotage_local": NON_CONFORME if dans_l_annee else SOUS_RESERVE}


def _activites(faits: Faits) -> Statuts:
    activites = set(faits["activites"])
    refusees = (
        not activites
        or bool(activites & ACTIVITES_EXCLUES)
        or ("college" in faits["niveaux"] and activites == {"methodologie"})
    )
    if not refusees:
        return {"activites": CONFORME}
    dans_l_annee = faits["annee_scolaire"] == ANNEE_DU_TEXTE["69"]
    return {"activites": NON_CONFORME if dans_l_annee else SOUS_RESERVE}
