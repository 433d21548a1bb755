"""Changes that drawn projects are given: near every threshold of the contract, as data."""

from typing import Any

from .national import OBJECTIFS

Chemin = tuple[str | int, ...]

# Changes made to a collectif that conforms, one fact or several that only matter together.
ECARTS_DU_COLLECTIF: tuple[dict[str, Any], ...] = (
    *({"enfants": enfants} for enfants in (0, 4, 5, 7, 8, 12, 13)),
    *({"intervenants": intervenants} for intervenants in (0, 1, 3)),
    {"enfant_en_situation_de_handicap": True},
    {"enfants": 5, "enfant_en_situation_de_handicap": True},
    {"enfants": 6, "milieu_rural": True},
    {"enfants": 6, "population_commune": 4999},
    {"enfants": 7, "intervenants": 1, "milieu_rural": True, "population_commune": 4999},
    {"enfants": 8, "intervenants": 1, "milieu_rural": True, "population_commune": 4999},
    {"enfants": 6, "intervenants": 1},
    {"meme_lieu_accessible_aux_parents": False},
    *({"seances_par_semaine": seances} for seances in (0, 1, 3)),
    *({"duree_seance_minutes": duree} for duree in (0, 89, 119, 120)),
    *(
        {"seances_par_semaine": 1, "duree_seance_minutes": 120, "derogation_comite": derogation}
        for derogation in ("aucune", "en_attente", "accordee", "refusee")
    ),
    {"seances_par_semaine": 1, "duree_seance_minutes": 119, "derogation_comite": "accordee"},
    {"seances_par_semaine": 1, "duree_seance_minutes": 120, "milieu_rural": True},
    {"seances_par_semaine": 1, "duree_seance_minutes": 120, "population_commune": 4999},
    {
        "seances_par_semaine": 1,
        "duree_seance_minutes": 120,
        "locaux_contraints": True,
        "derogation_comite": "en_attente",
    },
    {"locaux_contraints": True},
    {"derogation_comite": "accordee"},
    *({"semaines": semaines} for semaines in (0, 1, 26, 53)),
    *(
        {"semaines": semaines, "demarrage_en_cours_d_annee": True}
        for semaines in (0, 1, 13, 26, 27)
    ),
    *({"milieu_rural": valeur} for valeur in (True, False)),
    *({"population_commune": valeur} for valeur in (0, 4999, 5000)),
    {"demarrage_en_cours_d_annee": False},
)

# Changes made to the rest of the project: the path, and the value put there.
ECARTS_DU_PROJET: tuple[tuple[Chemin, Any], ...] = (
    *(
        (("public", "niveaux"), niveaux)
        for niveaux in (
            ["maternelle"],
            ["elementaire", "maternelle"],
            ["college", "superieur"],
            [],
            ["elementaire", "lycee"],
        )
    ),
    (("public", "besoin_repere_avec_etablissements"), False),
    (("diagnostic_des_besoins",), False),
    *((("milieu_rural",), valeur) for valeur in (True, True, False)),
    *((("population_commune",), valeur) for valeur in (0, 4999, 5000)),
    *((("demarrage_en_cours_d_annee",), valeur) for valeur in (True, True, False)),
    (("hors_temps_scolaire",), False),
    (("charte", "laicite"), False),
    *(
        (
            ("charte",),
            {
                "laicite": True,
                "participation_familles": participation,
                "participation_liee_a_action_ponctuelle": liee,
            },
        )
        for participation in ("symbolique", "significative")
        for liee in (True, False)
    ),
    (("aide_aux_devoirs_exclusive",), True),
    *(
        (("actions_individuelles",), valeur)
        for valeur in ("partielles", "partielles", "exclusives")
    ),
    (("competences_intervenants",), False),
    *((("coordinateur", nom), False) for nom in ("designe", "experience")),
    *((("coordinateur", "niveau_bac_plus"), niveau) for niveau in (0, 1)),
    *(
        (("axes", axe), [nom for nom in objectifs if nom != manquant])
        for axe, objectifs in OBJECTIFS.items()
        for manquant in objectifs[:2]
    ),
    *(
        (("axes", axe), {nom: nom != objectifs[-1] for nom in objectifs})
        for axe, objectifs in OBJECTIFS.items()
    ),
    (("budget", "cofinancements"), []),
)

# Changes that give a reserve and no refusal (in the Hérault and the Rhône, less often).
ECARTS_SOUS_RESERVE: tuple[tuple[Chemin, Any], ...] = (
    (("coordinateur", "niveau_bac_plus"), 1),
    (("coordinateur", "experience"), False),
    (("actions_individuelles",), "partielles"),
    (
        ("charte",),
        {
            "laicite": True,
            "participation_familles": "significative",
            "participation_liee_a_action_ponctuelle": True,
        },
    ),
)

# Changes to what one département alone asks for.
ECARTS_LOCAUX: dict[str, tuple[tuple[Chemin, Any], ...]] = {
    "34": (
        (("herault", "projet_de_territoire"), False),
        (("herault", "accompagne_par_la_caf"), False),
        *((("depot_elan",), jour) for jour in ("2025-07-14", "2025-07-15", "2025-07-16")),
    ),
    "69": (
        *((("rhone", "validation_comite_pilotage_local"), v) for v in ("en_attente", "refusee")),
        (("rhone", "temps_formation_ou_reflexion"), False),
        (("rhone", "sans_discrimination"), False),
        (("rhone", "articulation_dispositifs"), False),
        *(
            (("rhone", "activites"), activites)
            for activites in (
                [],
                ["methodologie"],
                ["culture", "enseignement_specifique"],
                ["methodologie", "loisirs_exclusifs"],
                ["etudes_surveillees"],
                ["jeux", "soutien_matieres"],
            )
        ),
    ),
}
