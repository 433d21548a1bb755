"""The national rules of the Clas written for ``openfisca-core``, to be timed beside ours.

Run by ``bench.eligibilite`` in a virtual environment of its own, where ``openfisca-core`` is: it
imports nothing of this repository. It first reads a line of JSON, complete projects outside the
départements that have a local text, and answers with the version of the package. Then for each
line ``[first, end]`` it evaluates these projects one at a time, and answers with the seconds
taken, verdicts and Ps.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from time import perf_counter, process_time
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

CONFORME, SOUS_RESERVE, NON_CONFORME = range(3)
VERDICTS = ("eligible", "eligible_sous_reserve", "non_eligible")
DEPUIS = "2021-01-01"
PARAMETRES = {
    "taux": 0.325,
    "prix_plafond": 7885,
    "semaines_pleines": 27,
    "enfants_minimum": 8,
    "enfants_maximum": 12,
    "enfants_minimum_exception": 5,
    "intervenants": 2,
    "seances": 2,
    "duree": 90,
    "duree_seance_unique": 120,
    "niveau_bac_plus": 2,
}

COLLECTIF = build_entity("collectif", "collectifs", "Un groupe d'enfants", is_person=True)
PROJET = build_entity(
    "projet",
    "projets",
    "Un projet",
    roles=[{"key": "membre", "plural": "membres", "label": "Collectifs"}],
)

Participation = Enum("Participation", ["gratuite", "symbolique", "significative"])
Actions = Enum("Actions", ["aucune", "partielles", "exclusives"])
Derogation = Enum("Derogation", ["aucune", "en_attente", "accordee", "refusee"])

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
NIVEAUX_ADMIS = ("elementaire", "college", "lycee")
NIVEAUX_REFUSES = ("maternelle", "superieur")
COMPTES = ("etat", "region", "departement", "commune", "msa", "fondation", "autre")
NON_COMPTES = ("caf", "fonds_propres", "familles")

# Criteria that one yes or no decides, and the value that conforms.
OUI_OU_NON = {
    "besoin_repere": True,
    "diagnostic": True,
    "hors_temps_scolaire": True,
    "laicite": True,
    "aide_aux_devoirs_exclusive": False,
    "competences_intervenants": True,
}
FAITS_DU_PROJET: dict[str, Any] = {
    **dict.fromkeys(OUI_OU_NON, bool),
    **dict.fromkeys([f"niveau_{n}" for n in NIVEAUX_ADMIS + NIVEAUX_REFUSES], bool),
    **dict.fromkeys([f"{axe}_{nom}" for axe, noms in OBJECTIFS.items() for nom in noms], bool),
    **dict.fromkeys([f"cofinancement_{t}" for t in COMPTES + NON_COMPTES], float),
    "participation_familles": Participation,
    "participation_liee": bool,
    "actions_individuelles": Actions,
    "evenements": int,
    "coordinateur_designe": bool,
    "coordinateur_niveau": int,
    "coordinateur_experience": bool,
}
FAITS_DU_COLLECTIF: dict[str, Any] = {
    "enfants": int,
    "intervenants": int,
    "handicap": bool,
    "lieu_accessible": bool,
    "seances": int,
    "duree": int,
    "semaines": int,
    "locaux_contraints": bool,
    "derogation": Derogation,
    "milieu_rural": bool,
    "en_cours_d_annee": bool,
    "prix_de_revient": float,
}

Formule = Callable[..., Any]


def _statut(conforme: Any, sous_reserve: Any = False) -> Any:  # noqa: ANN401 - numpy arrays
    return np.where(conforme, CONFORME, np.where(sous_reserve, SOUS_RESERVE, NON_CONFORME))


def _oui_ou_non(fait: str, voulu: bool) -> Formule:
    return lambda projet, periode: _statut(projet(fait, periode) == voulu)


def _tous(faits: list[str]) -> Formule:
    return lambda projet, periode: _statut(
        np.logical_and.reduce([projet(fait, periode) for fait in faits])
    )


def _public(projet: Any, periode: Any) -> Any:  # noqa: ANN401
    admis = np.logical_or.reduce([projet(f"niveau_{n}", periode) for n in NIVEAUX_ADMIS])
    refuses = np.logical_or.reduce([projet(f"niveau_{n}", periode) for n in NIVEAUX_REFUSES])
    return _statut(admis & ~refuses)


def _gratuite(projet: Any, periode: Any) -> Any:  # noqa: ANN401
    significative = projet("participation_familles", periode) == Participation.significative
    return _statut(~significative, projet("participation_liee", periode))


def _dynamique(projet: Any, periode: Any) -> Any:  # noqa: ANN401
    actions = projet("actions_individuelles", periode)
    partielles = (actions == Actions.partielles) & (projet("evenements", periode) >= 1)
    return _statut(actions == Actions.aucune, partielles)


def _coordinateur(projet: Any, periode: Any, parametres: Any) -> Any:  # noqa: ANN401
    niveau = projet("coordinateur_niveau", periode) >= parametres(periode).niveau_bac_plus
    designe = projet("coordinateur_designe", periode)
    return _statut(designe & niveau & projet("coordinateur_experience", periode), designe)


def _cofinancement(projet: Any, periode: Any) -> Any:  # noqa: ANN401
    return _statut(sum(projet(f"cofinancement_{t}", periode) for t in COMPTES) > 0)


def _effectif(collectif: Any, periode: Any, parametres: Any) -> Any:  # noqa: ANN401
    p, enfants = parametres(periode), collectif("enfants", periode)
    exception = collectif("handicap", periode) | collectif("milieu_rural", periode)
    entier = (enfants >= p.enfants_minimum) & (enfants <= p.enfants_maximum)
    petit = (enfants >= p.enfants_minimum_exception) & (enfants < p.enfants_minimum)
    return _statut(entier | (petit & exception))


def _encadrement(collectif: Any, periode: Any, parametres: Any) -> Any:  # noqa: ANN401
    p, intervenants = parametres(periode), collectif("intervenants", periode)
    seul = (intervenants == 1) & (collectif("enfants", periode) < p.enfants_minimum)
    rural = collectif("milieu_rural", periode)
    return _statut((intervenants >= p.intervenants) | (seul & rural))


def _frequence(collectif: Any, periode: Any, parametres: Any) -> Any:  # noqa: ANN401
    p = parametres(periode)
    seances, duree = collectif("seances", periode), collectif("duree", periode)
    derogation = collectif("derogation", periode)
    unique = (seances == 1) & (duree >= p.duree_seance_unique)
    attente = collectif("locaux_contraints", periode) & (derogation == Derogation.en_attente)
    return _statut(
        ((seances >= p.seances) & (duree >= p.duree))
        | (unique & (derogation == Derogation.accordee)),
        unique & (collectif("milieu_rural", periode) | attente),
    )


def _semaines(collectif: Any, periode: Any, parametres: Any) -> Any:  # noqa: ANN401
    semaines = collectif("semaines", periode)
    entamee = (semaines >= 1) & collectif("en_cours_d_annee", periode)
    return _statut(semaines >= parametres(periode).semaines_pleines, entamee)


def _lieu(collectif: Any, periode: Any) -> Any:  # noqa: ANN401
    return _statut(collectif("lieu_accessible", periode))


def _ps(collectif: Any, periode: Any, parametres: Any) -> Any:  # noqa: ANN401
    p = parametres(periode)
    prix = np.minimum(collectif("prix_de_revient", periode).astype(np.float64), p.prix_plafond)
    part = np.minimum(1, collectif("semaines", periode) / p.semaines_pleines)
    part = np.where(collectif("en_cours_d_annee", periode), part, 1)
    return np.floor(p.taux * prix * part + 0.5)


CRITERES_DU_PROJET: dict[str, Formule] = {
    **{f"critere_{fait}": _oui_ou_non(fait, voulu) for fait, voulu in OUI_OU_NON.items()},
    **{
        f"axe_{axe}": _tous([f"{axe}_{nom}" for nom in objectifs])
        for axe, objectifs in OBJECTIFS.items()
    },
    "public": _public,
    "gratuite": _gratuite,
    "dynamique_collective": _dynamique,
    "coordinateur": _coordinateur,
    "cofinancement": _cofinancement,
}
CRITERES_DU_COLLECTIF: dict[str, Formule] = {
    "effectif": _effectif,
    "encadrement": _encadrement,
    "frequence": _frequence,
    "critere_semaines": _semaines,
    "lieu": _lieu,
}


def _pire_du_collectif(collectif: Any, periode: Any) -> Any:  # noqa: ANN401
    return np.maximum.reduce([collectif(code, periode) for code in CRITERES_DU_COLLECTIF])


def _verdict(projet: Any, periode: Any) -> Any:  # noqa: ANN401
    siens = [projet(code, periode) for code in CRITERES_DU_PROJET]
    return np.maximum.reduce([*siens, projet.max(projet.members("pire", periode))])


def _ps_total(projet: Any, periode: Any) -> Any:  # noqa: ANN401
    return projet.sum(projet.members("ps", periode))


def _variable(nom: str, entite: Any, genre: Any, formule: Formule | None = None) -> Any:  # noqa: ANN401
    corps = {
        "entity": entite,
        "value_type": genre,
        "definition_period": DateUnit.YEAR,
        "label": nom,
    }
    if issubclass(genre, Enum):
        corps |= {"value_type": Enum, "possible_values": genre, "default_value": next(iter(genre))}
    if formule is not None:
        corps["formula"] = formule
    return type(nom, (Variable,), corps)


def systeme() -> TaxBenefitSystem:
    """The whole system: entities, dated parameters, facts and rules."""
    clas = TaxBenefitSystem([PROJET, COLLECTIF])
    valeurs = {nom: {"values": {DEPUIS: {"value": v}}} for nom, v in PARAMETRES.items()}
    clas.parameters = ParameterNode(data=valeurs)
    calcules = (
        (PROJET, int, CRITERES_DU_PROJET | {"verdict": _verdict}),
        (COLLECTIF, int, CRITERES_DU_COLLECTIF | {"pire": _pire_du_collectif}),
        (COLLECTIF, float, {"ps": _ps}),
        (PROJET, float, {"ps_total": _ps_total}),
    )
    for entite, faits in ((PROJET, FAITS_DU_PROJET), (COLLECTIF, FAITS_DU_COLLECTIF)):
        for nom, genre in faits.items():
            clas.add_variable(_variable(nom, entite, genre))
    for entite, genre, formules in calcules:
        for nom, formule in formules.items():
            clas.add_variable(_variable(nom, entite, genre, formule))
    return clas


def evaluer(clas: TaxBenefitSystem, cas: Mapping[str, Any]) -> tuple[str, int, float, float]:
    """Verdict and Ps of one case; seconds, and of processor, once the case is built."""
    simulation = SimulationBuilder().build_from_entities(clas, cas["situation"])
    debut, occupe = perf_counter(), process_time()
    verdict = VERDICTS[int(simulation.calculate("verdict", cas["periode"])[0])]
    ps = int(simulation.calculate("ps_total", cas["periode"])[0])
    return verdict, ps, perf_counter() - debut, process_time() - occupe


def cas_de(projet: Mapping[str, Any]) -> dict[str, Any]:
    """The project as openfisca-core takes it; each collectif says what it has from the project."""
    periode = projet["annee_scolaire"][:4]

    def dates(faits: Mapping[str, Any]) -> dict[str, Any]:
        return {nom: {periode: valeur} for nom, valeur in faits.items()}

    collectifs = {f"c{n}": dates(_collectif(projet, c)) for n, c in enumerate(projet["collectifs"])}
    un_projet = {"membres": list(collectifs), **dates(_projet(projet))}
    return {
        "periode": periode,
        "situation": {"projets": {"p": un_projet}, "collectifs": collectifs},
    }


def _projet(projet: Mapping[str, Any]) -> dict[str, Any]:
    charte, coordinateur = projet["charte"], projet["coordinateur"]
    faits = {
        "besoin_repere": projet["public"]["besoin_repere_avec_etablissements"],
        "diagnostic": projet["diagnostic_des_besoins"],
        "hors_temps_scolaire": projet["hors_temps_scolaire"],
        "laicite": charte["laicite"],
        "aide_aux_devoirs_exclusive": projet["aide_aux_devoirs_exclusive"],
        "competences_intervenants": projet["competences_intervenants"],
        "participation_familles": charte["participation_familles"],
        "participation_liee": charte["participation_liee_a_action_ponctuelle"],
        "actions_individuelles": projet["actions_individuelles"],
        "evenements": projet["evenements_collectifs_par_mois"],
        "coordinateur_designe": coordinateur["designe"],
        "coordinateur_niveau": coordinateur["niveau_bac_plus"],
        "coordinateur_experience": coordinateur["experience"],
    }
    faits |= {f"niveau_{niveau}": True for niveau in projet["public"]["niveaux"]}
    for axe, objectifs in projet["axes"].items():
        vrais = objectifs if isinstance(objectifs, list) else [n for n, v in objectifs.items() if v]
        faits |= {f"{axe}_{nom}": True for nom in vrais}
    for cofinancement in projet["budget"]["cofinancements"]:
        nom = f"cofinancement_{cofinancement['type']}"
        faits[nom] = faits.get(nom, 0) + cofinancement["montant"]
    return faits


def _collectif(projet: Mapping[str, Any], collectif: Mapping[str, Any]) -> dict[str, Any]:
    herites = {**projet, **collectif}
    return {
        "enfants": collectif["enfants"],
        "intervenants": collectif["intervenants"],
        "handicap": collectif["enfant_en_situation_de_handicap"],
        "lieu_accessible": collectif["meme_lieu_accessible_aux_parents"],
        "seances": collectif["seances_par_semaine"],
        "duree": collectif["duree_seance_minutes"],
        "semaines": collectif["semaines"],
        "locaux_contraints": collectif["locaux_contraints"],
        "derogation": collectif["derogation_comite"],
        "milieu_rural": herites["milieu_rural"],
        "en_cours_d_annee": herites["demarrage_en_cours_d_annee"],
        "prix_de_revient": collectif["prix_de_revient"],
    }


def main() -> None:
    clas = systeme()
    cas = [cas_de(projet) for projet in json.loads(sys.stdin.readline())]
    print(json.dumps({"version": version("openfisca-core")}), flush=True)
    for ligne in sys.stdin:
        premier, fin = json.loads(ligne)
        debut, occupe = perf_counter(), process_time()
        trouves = [evaluer(clas, un) for un in cas[premier:fin]]
        reponse = {
            "secondes": perf_counter() - debut,
            "processeur": process_time() - occupe,
            "calcul": sum(un[2] for un in trouves),
            "calcul_processeur": sum(un[3] for un in trouves),
            "verdicts": [un[0] for un in trouves],
            "ps": [un[1] for un in trouves],
        }
        print(json.dumps(reponse), flush=True)


if __name__ == "__main__":
    main()
