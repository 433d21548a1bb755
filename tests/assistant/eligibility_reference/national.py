"""National criteria of the project, but for those of each collectif."""

from datetime import date
from typing import Any

from .groups import (
    ALERTE,
    ANNEE_DU_TEXTE,
    BOOLEENS,
    CONFORME,
    NON_CONFORME,
    RANG,
    SANS_OBJET,
    SOUS_RESERVE,
    Faits,
    Groupe,
    Statuts,
    groupe_booleen,
    lire,
)

OBJECTIFS = {
    "enfants": (
        "methodologie",
        "ressources_locales",
        "vie_collective",
        "entraide",
        "suivi_presences",
    ),
    "parents": (
        "information_inscription",
        "convivialite",
        "codes_ecole",
        "orientation_partenaires",
        "echanges_reguliers",
    ),
    "ecole": ("relations_equipes", "orientation_enfants", "reunion_concertation"),
    "territoire": ("partenaires_locaux",),
}

FINANCEURS_COMPTES = {"etat", "region", "departement", "commune", "msa", "fondation", "autre"}
# First school day after the Toussaint holidays, by school year: official calendars of the ministry
# (outside the corpus: none of the five texts gives these dates).
REPRISE_TOUSSAINT = {
    "2020-2021": date(2020, 11, 2),
    "2021-2022": date(2021, 11, 8),
    "2022-2023": date(2022, 11, 7),
    "2023-2024": date(2023, 11, 6),
    "2024-2025": date(2024, 11, 4),
    "2025-2026": date(2025, 11, 3),
    "2026-2027": date(2026, 11, 2),
}


def groupes_nationaux(projet: dict[str, Any]) -> list[Groupe]:
    booleens = {
        "besoin_repere": (lire(projet, "public", "besoin_repere_avec_etablissements"), True),
        "diagnostic": (projet.get("diagnostic_des_besoins"), True),
        "hors_temps_scolaire": (projet.get("hors_temps_scolaire"), True),
        "laicite": (lire(projet, "charte", "laicite"), True),
        "aide_aux_devoirs": (projet.get("aide_aux_devoirs_exclusive"), False),
        "competences_intervenants": (projet.get("competences_intervenants"), True),
    }
    groupes = [
        groupe_booleen(code, valeur, voulu=voulu, sinon=NON_CONFORME)
        for code, (valeur, voulu) in booleens.items()
    ]
    groupes += [_groupe_axe(projet, axe) for axe in OBJECTIFS]
    groupes += [
        Groupe(("niveaux",), {}, _public_et_fiches),
        Groupe(
            ("departement", "annee_scolaire"),
            {
                "participation": (
                    lire(projet, "charte", "participation_familles"),
                    ("gratuite", "symbolique", "significative"),
                ),
                "liee": (
                    lire(projet, "charte", "participation_liee_a_action_ponctuelle"),
                    BOOLEENS,
                ),
            },
            _gratuite,
        ),
        Groupe(
            (),
            {
                "actions": (
                    projet.get("actions_individuelles"),
                    ("aucune", "partielles", "exclusives"),
                ),
                "evenements": (projet.get("evenements_collectifs_par_mois"), (0, 1)),
            },
            _dynamique_collective,
        ),
        Groupe(
            (),
            {
                "designe": (lire(projet, "coordinateur", "designe"), BOOLEENS),
                "niveau_bac_plus": (lire(projet, "coordinateur", "niveau_bac_plus"), (1, 2)),
                "experience": (lire(projet, "coordinateur", "experience"), BOOLEENS),
            },
            _coordinateur,
        ),
        _groupe_cofinancement(lire(projet, "budget", "cofinancements")),
    ]
    return groupes


def _groupe_axe(projet: dict[str, Any], axe: str) -> Groupe:
    declares = lire(projet, "axes", axe)
    if isinstance(declares, list):
        declares = {objectif: objectif in declares for objectif in OBJECTIFS[axe]}
    faits = {objectif: (lire(declares, objectif), BOOLEENS) for objectif in OBJECTIFS[axe]}

    def regle(objectifs: Faits) -> Statuts:
        return {f"axe_{axe}": CONFORME if all(objectifs.values()) else NON_CONFORME}

    return Groupe((), faits, regle)


def _public_et_fiches(faits: Faits) -> Statuts:
    niveaux = set(faits["niveaux"])
    admis = bool(niveaux) and niveaux <= {"elementaire", "college", "lycee"}
    melange = "elementaire" in niveaux and bool(niveaux & {"college", "lycee"})
    return {
        "public": CONFORME if admis else NON_CONFORME,
        "fiches_distinctes": ALERTE if melange else SANS_OBJET,
    }


def _gratuite(faits: Faits) -> Statuts:
    participation, liee = faits["participation"], faits["liee"]
    national = CONFORME
    if participation == "significative":
        national = SOUS_RESERVE if liee else NON_CONFORME
    local = national
    departement = faits["departement"]
    refuse_en_34 = participation == "significative" or (participation == "symbolique" and not liee)
    if (departement == "34" and refuse_en_34) or (
        departement == "69" and participation == "significative"
    ):
        hors_annee = faits["annee_scolaire"] != ANNEE_DU_TEXTE[departement]
        local = SOUS_RESERVE if hors_annee else NON_CONFORME
    return {"gratuite": max(national, local, key=RANG.__getitem__)}


def _dynamique_collective(faits: Faits) -> Statuts:
    if faits["actions"] == "aucune":
        return {"dynamique_collective": CONFORME}
    if faits["actions"] == "partielles" and faits["evenements"] >= 1:
        return {"dynamique_collective": SOUS_RESERVE}
    return {"dynamique_collective": NON_CONFORME}


def _coordinateur(faits: Faits) -> Statuts:
    if not faits["designe"]:
        return {"coordinateur": NON_CONFORME}
    if faits["niveau_bac_plus"] >= 2 and faits["experience"]:
        return {"coordinateur": CONFORME}
    return {"coordinateur": SOUS_RESERVE}


def _groupe_cofinancement(cofinancements: list[dict[str, Any]] | None) -> Groupe:
    if cofinancements is None:
        # Any list is possible: one counted funding, or nothing, stand for all of them.
        faits: dict[str, tuple[Any, tuple[Any, ...]]] = {
            "type.0": ("commune", ()),
            "montant.0": (None, (0, 1)),
        }
    else:
        faits = {}
        for rang, cofinancement in enumerate(cofinancements):
            faits[f"type.{rang}"] = (cofinancement.get("type"), ("commune", "caf"))
            faits[f"montant.{rang}"] = (cofinancement.get("montant"), (0, 1))

    def regle(valeurs: Faits) -> Statuts:
        compte = any(
            valeurs[f"type.{rang}"] in FINANCEURS_COMPTES and valeurs[f"montant.{rang}"] > 0
            for rang in range(len(valeurs) // 2)
        )
        return {"cofinancement": CONFORME if compte else NON_CONFORME}

    return Groupe((), faits, regle)


def statut_calendrier(projet: dict[str, Any]) -> str:
    """The recommended dates; `sans_objet` where what is known does not decide."""
    annee, debut, fin = (projet.get(cle) for cle in ("annee_scolaire", "debut", "fin"))
    reprise = REPRISE_TOUSSAINT.get(annee) if annee is not None else None
    trop_tot = None
    if debut is not None and reprise is not None:
        trop_tot = date.fromisoformat(debut) < reprise
    trop_tard = None
    if fin is not None and annee is not None:
        trop_tard = date.fromisoformat(fin) > date(int(annee[5:]), 6, 15)
    if trop_tot or trop_tard:
        return ALERTE
    return CONFORME if trop_tot is False and trop_tard is False else SANS_OBJET
