"""Random valid projects for hypothesis, drawn near every threshold of the contract.

- `projets_complets()`: every fact known. A conforming project, varied where that changes no status,
  to which some changes are made: none to three most often, so that every verdict comes out, and up
  to fifteen now and then;
- `projets_partiels(maximum=…)`: the same with some facts, or whole blocks, absent or null.

Drawn projects follow the validity rules of the contract: the collectifs together never cost more
than the total, `fin` never comes before `debut`, weeks stay within 53. At most two collectif costs
are left unknown when a project is partial, the limit of the reference's exact search of amounts.
"""

from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from .ecarts import (
    ECARTS_DU_COLLECTIF,
    ECARTS_DU_PROJET,
    ECARTS_LOCAUX,
    ECARTS_SOUS_RESERVE,
    Chemin,
)
from .national import OBJECTIFS

Projet = dict[str, Any]

ANNEES = tuple(f"{annee}-{annee + 1}" for annee in range(2020, 2027))
# The two départements with a text of their own, and the school years of these texts, come up often.
DEPARTEMENTS = ("34", "69", "75", "34", "69", "75", "01", "2A", "95", "971")
ANNEES_PESEES = (*ANNEES, "2024-2025", "2025-2026", "2024-2025", "2025-2026")
PRIX = (0, 0.01, 1.54, 20, 1020, 2700, 7860, 7884.61, 7884.62, 7884.99, 7885, 7885.01, 9000, 15000)
COUTS_EN_PLUS = (0, 0.01, 0.62, 1, 500, 1000, 5000)
AUTRES_FINANCEMENTS = (0, 0, 0, 0, 0.5, 1, 1000, 4000, 4637, 7200, 50000)
COFINANCEURS = (
    ("etat", "region", "departement", "commune", "msa", "fondation", "autre"),
    ("caf", "fonds_propres", "familles"),
)
MONTANTS_COFINANCES = (3000, 1, 0.01, 0)

# Strategies are made once, here: to make one costs more than to draw from it.
COLLECTIFS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "enfants": st.sampled_from((10, 8, 12)),
        "intervenants": st.just(2),
        "enfant_en_situation_de_handicap": st.just(value=False),
        "meme_lieu_accessible_aux_parents": st.just(value=True),
        "seances_par_semaine": st.just(2),
        "duree_seance_minutes": st.sampled_from((90, 120)),
        "semaines": st.sampled_from((27, 30)),
        "locaux_contraints": st.just(value=False),
        "derogation_comite": st.sampled_from(("aucune", "refusee")),
        "prix_de_revient": st.sampled_from(PRIX)
        | st.integers(0, 1_000_000).map(lambda centimes: float(Decimal(centimes) / 100)),
    }
)
"""A collectif that conforms outside any exception."""

_ANNEE = st.sampled_from(ANNEES_PESEES)
_DEPARTEMENT = st.sampled_from(DEPARTEMENTS)
_COMBIEN = (1, 0, 2, 1, 3, 2, 15)
_COMBIEN_D_ECARTS = st.sampled_from(_COMBIEN)
_ECARTS_DU_PROJET = {n: st.lists(st.sampled_from(ECARTS_DU_PROJET), max_size=n) for n in _COMBIEN}
_ECARTS_SOUS_RESERVE = st.lists(st.sampled_from(ECARTS_SOUS_RESERVE), max_size=1)
_ECARTS_LOCAUX = {
    code: st.lists(st.sampled_from(ecarts), max_size=2) for code, ecarts in ECARTS_LOCAUX.items()
}
_JOUR_DE_DEBUT = st.integers(0, 13)
_JOUR_DE_FIN = st.sampled_from((14, 15, 16, 30))
_COUT_EN_PLUS = st.sampled_from(COUTS_EN_PLUS)
_COMPTE = st.sampled_from(COFINANCEURS[0])
_AUTRES_COFINANCEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "financeur": st.just("y"),
            "type": st.sampled_from(COFINANCEURS[0] + COFINANCEURS[1]),
            "montant": st.sampled_from(MONTANTS_COFINANCES),
        }
    ),
    max_size=2,
)
_UN_SUR_HUIT = st.integers(0, 7)
_AUTRES_FINANCEMENTS = st.sampled_from(AUTRES_FINANCEMENTS)
_VOLET = st.sampled_from(
    [
        {"demande": demande, "projet_annuel": projet, "au_dela_du_socle": au_dela}
        for demande, projet, au_dela in (
            (True, True, True),
            (True, True, True),
            (True, True, False),
            (True, False, True),
            (False, True, True),
        )
    ]
    + [{"demande": False}]
).map(dict)
_BONUS = st.fixed_dictionaries(
    {"annees_de_fonctionnement": st.sampled_from((0, 1, 2)), "enfants": _VOLET, "parents": _VOLET}
)
_TYPE = st.sampled_from(("association", "centre_social", "collectivite", "autre"))
_ANNEES_DE_SOUTIEN = st.sampled_from((0, 1, 2, 3))
_OUI_OU_NON = st.booleans()
_NIVEAUX = st.sampled_from((["elementaire"], ["college"], ["elementaire", "college"]))
_PARTICIPATION = st.sampled_from(("gratuite", "symbolique"))
_LIEE = st.sampled_from((True, True, False))
_EVENEMENTS = st.sampled_from((1, 2, 0))
_NIVEAU_BAC_PLUS = st.sampled_from((2, 2, 3, 5))
_EN_LISTE = st.tuples(*[st.booleans()] * 4)
_SANS_LE_BLOC = st.sampled_from((True, True, True, False))


@cache
def _nombre(max_collectifs: int) -> st.SearchStrategy[int]:
    return st.sampled_from([n for n in (1, 1, 2, 2, 3, 4, 0) if n <= max_collectifs])


@cache
def _ecarts_des_collectifs(
    nombre: int, combien: int
) -> st.SearchStrategy[list[tuple[int, dict[str, Any]]]]:
    ecart = st.tuples(st.integers(0, nombre - 1), st.sampled_from(ECARTS_DU_COLLECTIF))
    return st.lists(ecart, max_size=combien)


def _dates_du_projet(draw: st.DrawFn, annee: str) -> tuple[str, str]:
    """Start and end, in order, around the Toussaint holidays, 1 January and 15 June."""
    n, n1 = int(annee[:4]), int(annee[5:])
    debuts = [f"{n}-11-{jour:02d}" for jour in range(1, 10)]
    debuts += [f"{n}-09-01", f"{n}-12-31", f"{n1}-01-01", f"{n1}-01-02", f"{n1}-06-14"]
    return debuts[draw(_JOUR_DE_DEBUT)], f"{n1}-06-{draw(_JOUR_DE_FIN)}"


def _budget(draw: st.DrawFn, prix: list[float]) -> dict[str, Any]:
    somme = sum((Decimal(str(p)) for p in prix), Decimal(0))
    en_plus = Decimal(str(draw(_COUT_EN_PLUS)))
    premier = {"financeur": "x", "type": draw(_COMPTE), "montant": 0.01}
    autres = draw(_AUTRES_COFINANCEMENTS)
    # One project in eight does without the first, and rests on what the others are.
    sans_le_premier = draw(_UN_SUR_HUIT) == 7
    return {
        "cout_total": float(somme + en_plus),
        "autres_financements_caf_clas": draw(_AUTRES_FINANCEMENTS),
        "cofinancements": autres if sans_le_premier else [premier, *autres],
    }


@st.composite
def projets_complets(draw: st.DrawFn, *, max_collectifs: int = 4) -> Projet:
    """A project with every fact known, now and then without any collectif."""
    annee = draw(_ANNEE)
    departement = draw(_DEPARTEMENT)
    nombre = draw(_nombre(max_collectifs))
    groupes = [draw(COLLECTIFS) for _ in range(nombre)]
    combien = draw(_COMBIEN_D_ECARTS)
    ecarts = [*draw(_ECARTS_DU_PROJET[combien])]
    ecarts += draw(_ECARTS_SOUS_RESERVE)
    if departement in _ECARTS_LOCAUX:
        ecarts += draw(_ECARTS_LOCAUX[departement])
    if groupes:
        for rang, ecart in draw(_ecarts_des_collectifs(nombre, combien)):
            groupes[rang].update(ecart)

    debut, fin = _dates_du_projet(draw, annee)
    projet: Projet = {
        "annee_scolaire": annee,
        "departement": departement,
        "porteur": {
            "nom": "Les Jardins du savoir",
            "type": draw(_TYPE),
            "annees_soutien_caf": draw(_ANNEES_DE_SOUTIEN),
            "bilan_conforme": draw(_OUI_OU_NON),
        },
        "public": {
            "niveaux": draw(_NIVEAUX),
            "besoin_repere_avec_etablissements": True,
        },
        "diagnostic_des_besoins": True,
        "milieu_rural": False,
        "population_commune": 12000,
        "demarrage_en_cours_d_annee": False,
        "debut": debut,
        "fin": fin,
        "depot_elan": "2025-06-30",
        "hors_temps_scolaire": True,
        "charte": {
            "laicite": True,
            "participation_familles": draw(_PARTICIPATION),
            "participation_liee_a_action_ponctuelle": draw(_LIEE),
        },
        "aide_aux_devoirs_exclusive": False,
        "actions_individuelles": "aucune",
        "evenements_collectifs_par_mois": draw(_EVENEMENTS),
        "competences_intervenants": True,
        "coordinateur": {
            "designe": True,
            "niveau_bac_plus": draw(_NIVEAU_BAC_PLUS),
            "experience": True,
        },
        "axes": {
            axe: list(objectifs) if en_liste else dict.fromkeys(objectifs, True)
            for (axe, objectifs), en_liste in zip(OBJECTIFS.items(), draw(_EN_LISTE), strict=True)
        },
        "collectifs": groupes,
        "budget": _budget(draw, [c["prix_de_revient"] for c in groupes]),
        "bonus": draw(_BONUS),
        "herault": {"projet_de_territoire": True, "accompagne_par_la_caf": True},
        "rhone": {
            "validation_comite_pilotage_local": "accordee",
            "temps_formation_ou_reflexion": True,
            "sans_discrimination": True,
            "articulation_dispositifs": True,
            "activites": ["methodologie", "culture"],
        },
    }
    # The block of another département says nothing here: it may be there or not.
    for bloc, sien in (("herault", "34"), ("rhone", "69")):
        if departement != sien and draw(_SANS_LE_BLOC):
            del projet[bloc]
    for chemin, valeur in ecarts:
        noeud: Any = projet
        for etape in chemin[:-1]:
            noeud = noeud[etape]
        noeud[chemin[-1]] = deepcopy(valeur)
    return projet


def chemins_des_faits(projet: Projet) -> list[Chemin]:
    """Every key that may be unknown: leaves, blocks, and the elements inside the collectifs."""
    chemins: list[Chemin] = []

    def parcourir(noeud: Any, chemin: Chemin) -> None:
        if isinstance(noeud, dict):
            for cle, valeur in noeud.items():
                chemins.append((*chemin, cle))
                parcourir(valeur, (*chemin, cle))
        elif isinstance(noeud, list):
            for rang, valeur in enumerate(noeud):
                if isinstance(valeur, dict):
                    parcourir(valeur, (*chemin, rang))

    parcourir(projet, ())
    return chemins


def oublier(projet: Projet, chemin: Chemin, *, retirer: bool) -> Projet:
    """The same project with one fact unknown: the key removed, or null."""
    copie = deepcopy(projet)
    noeud: Any = copie
    for etape in chemin[:-1]:
        noeud = noeud[etape] if isinstance(etape, int) else noeud.get(etape)
        if noeud is None:
            return copie
    if retirer:
        noeud.pop(chemin[-1], None)
    else:
        noeud[chemin[-1]] = None
    return copie


@cache
def _oublies(maximum: int) -> st.SearchStrategy[int]:
    return st.sampled_from((1, 2, 3, 5, maximum))


@st.composite
def projets_partiels(draw: st.DrawFn, *, maximum: int = 12, max_collectifs: int = 4) -> Projet:
    """A valid project of which up to `maximum` facts or blocks are unknown."""
    projet = draw(projets_complets(max_collectifs=max_collectifs))
    prix_oublies = 0
    chemins = chemins_des_faits(projet)
    combien = min(maximum, draw(_oublies(maximum)))
    for chemin in draw(st.lists(st.sampled_from(chemins), unique=True, max_size=combien)):
        if chemin[-1] == "prix_de_revient":
            prix_oublies += 1
            if prix_oublies > 2:
                continue
        projet = oublier(projet, chemin, retirer=draw(_OUI_OU_NON))
    return projet
