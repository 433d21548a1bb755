"""The reference evaluator's short cuts against plain enumeration of whole projects."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .amounts import CLES, TAUX, _ps_conjointes
from .comparaison import comparer, en_attendu, en_resultat
from .ecarts import Chemin
from .reference import evaluer
from .strategies import (
    Projet,
    chemins_des_faits,
    oublier,
    projets_complets,
    projets_partiels,
)

BOOLEENS = (True, False)
SOMME = "the cost of the collectifs, no more"

# Representative values of every fact, by the last key of its path; written apart from those that
# the evaluator enumerates, and wider.
VALEURS: dict[str, tuple[Any, ...]] = {
    "departement": ("34", "69", "75", "2B"),
    "annee_scolaire": ("2020-2021", "2021-2022", "2024-2025", "2025-2026"),
    "niveaux": (["elementaire"], ["college"], ["elementaire", "lycee"], ["superieur"], []),
    "milieu_rural": BOOLEENS,
    "population_commune": (0, 4999, 5000),
    "demarrage_en_cours_d_annee": BOOLEENS,
    "depot_elan": ("2025-07-14", "2025-07-15", "2025-07-16"),
    "participation_familles": ("gratuite", "symbolique", "significative"),
    "actions_individuelles": ("aucune", "partielles", "exclusives"),
    "evenements_collectifs_par_mois": (0, 1, 3),
    "enfants": (4, 5, 7, 8, 9, 12, 13),
    "intervenants": (0, 1, 2, 3),
    "seances_par_semaine": (0, 1, 2, 3),
    "duree_seance_minutes": (0, 89, 90, 119, 120),
    "semaines": (0, 1, 26, 27, 53),
    "derogation_comite": ("aucune", "en_attente", "accordee", "refusee"),
    "prix_de_revient": (0, 7885, SOMME),
    "cout_total": (SOMME, 10**9),
    "autres_financements_caf_clas": (0, 10**9),
    "type": ("etat", "familles"),
    "montant": (0, 1),
    "annees_de_fonctionnement": (0, 1),
    "validation_comite_pilotage_local": ("en_attente", "accordee", "refusee"),
    "activites": ([], ["methodologie"], ["jeux"], ["etudes_surveillees"]),
    "debut": ("SEPTEMBRE", "JANVIER"),
    "niveau_bac_plus": (0, 1, 2, 5),
} | dict.fromkeys(
    (
        "besoin_repere_avec_etablissements",
        "diagnostic_des_besoins",
        "hors_temps_scolaire",
        "laicite",
        "participation_liee_a_action_ponctuelle",
        "aide_aux_devoirs_exclusive",
        "competences_intervenants",
        "designe",
        "experience",
        "convivialite",
        "partenaires_locaux",
        "enfant_en_situation_de_handicap",
        "meme_lieu_accessible_aux_parents",
        "locaux_contraints",
        "demande",
        "projet_annuel",
        "au_dela_du_socle",
        "projet_de_territoire",
        "accompagne_par_la_caf",
        "temps_formation_ou_reflexion",
        "sans_discrimination",
        "articulation_dispositifs",
    ),
    BOOLEENS,
)


@st.composite
def projets_a_trous(draw: st.DrawFn) -> tuple[Projet, list[Chemin]]:
    """A project with one to three unknown facts, none of them inside a collectif's override."""
    complet = draw(projets_complets(max_collectifs=2))
    for volet in ("enfants", "parents"):
        # A bonus that is not asked for may leave the rest unsaid: say it, so that all is known.
        complet["bonus"][volet] = {
            "projet_annuel": True,
            "au_dela_du_socle": True,
        } | complet["bonus"][volet]
    possibles = [
        chemin
        for chemin in chemins_des_faits(complet)
        if chemin[-1] in VALEURS
        and chemin not in {("bonus", "enfants"), ("axes", "enfants")}
        and not (
            "collectifs" in chemin
            and chemin[-1] in {"milieu_rural", "population_commune", "demarrage_en_cours_d_annee"}
        )
    ]
    chemins: list[Chemin] = draw(
        st.lists(st.sampled_from(possibles), min_size=1, max_size=3, unique=True)
    )
    couts = [chemin for chemin in chemins if chemin[-1] == "prix_de_revient"]
    chemins = [chemin for chemin in chemins if chemin not in couts[1:]]
    projet = complet
    for chemin in chemins:
        projet = oublier(projet, chemin, retirer=draw(st.booleans()))
    return projet, chemins


def completions(projet: Projet, chemins: list[Chemin]) -> list[Projet]:
    """Every valid whole project that the representative values make of this one."""
    trouvees = []
    for valeurs in product(*(VALEURS[str(chemin[-1])] for chemin in chemins)):
        copie = deepcopy(projet)
        for chemin, valeur in zip(chemins, valeurs, strict=True):
            noeud: Any = copie
            for etape in chemin[:-1]:
                noeud = noeud[etape]
            noeud[chemin[-1]] = valeur
        if _resoudre(copie):
            trouvees.append(copie)
    return trouvees


def _resoudre(projet: Projet) -> bool:
    """Replace the values that depend on others; false when the project is not valid then."""
    annee = projet["annee_scolaire"]
    if projet["debut"] in {"SEPTEMBRE", "JANVIER"}:
        septembre = projet["debut"] == "SEPTEMBRE"
        projet["debut"] = f"{annee[:4]}-09-01" if septembre else f"{annee[5:]}-01-01"
    prix = [collectif["prix_de_revient"] for collectif in projet["collectifs"]]
    somme = sum((Decimal(str(p)) for p in prix if p != SOMME), Decimal(0))
    budget = projet["budget"]
    if budget["cout_total"] == SOMME:
        budget["cout_total"] = somme
    reste = Decimal(str(budget["cout_total"])) - somme
    for collectif in projet["collectifs"]:
        if collectif["prix_de_revient"] == SOMME:
            collectif["prix_de_revient"] = max(reste, Decimal(0))
    return reste >= 0


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(projets_a_trous())
def test_factored_enumeration_agrees_with_whole_projects(
    a_trous: tuple[Projet, list[Chemin]],
) -> None:
    projet, chemins = a_trous
    partiel = evaluer(projet)
    entiers = [evaluer(entier) for entier in completions(projet, chemins)]

    verdicts = {entier["verdict"] for entier in entiers}
    ferme = len(verdicts) == 1 and (
        verdicts == {"non_eligible"}
        or (projet.get("departement") is not None and projet.get("annee_scolaire") is not None)
    )
    assert partiel["verdict"] == (verdicts.pop() if ferme else "incomplet")

    for cle, statut in partiel["criteres"].items():
        if cle[0] in {"departement", "annee_scolaire", "calendrier"}:
            continue
        statuts = {entier["criteres"].get(cle) for entier in entiers}
        assert statut == (statuts.pop() if len(statuts) == 1 else "a_renseigner"), cle

    montants = partiel["montants"]
    if projet.get("annee_scolaire") is None:
        assert {montants[cle] for cle in CLES} == {None}
        return
    totaux = [entier["montants"]["total"] for entier in entiers]
    if montants["total_min"] is not None:
        assert (montants["total_min"], montants["total_max"]) == (min(totaux), max(totaux))
    for cle in CLES:
        valeurs = {entier["montants"][cle] for entier in entiers}
        if montants[cle] is not None and cle not in {"total_min", "total_max"}:
            assert valeurs == {montants[cle]}, cle
        elif montants[cle] is None and cle != "solde" and None not in valeurs:
            assert len(valeurs) > 1, cle


@settings(max_examples=200, deadline=None)
@given(projets_partiels())
def test_every_partial_project_is_evaluated_and_agrees_with_itself(projet: Projet) -> None:
    evaluation = evaluer(projet)
    assert comparer(en_resultat(evaluation), en_attendu(evaluation)) == []
    montants = evaluation["montants"]
    if montants["total_min"] is not None:
        assert 0 <= montants["total_min"] <= montants["total_max"]
        if montants["plafond_80"] is not None:
            assert montants["total_max"] <= montants["plafond_80"]


@given(
    st.integers(0, 900),
    st.lists(
        st.sampled_from((Fraction(1), Fraction(20, 27), Fraction(1, 27))), min_size=2, max_size=2
    ),
)
@settings(max_examples=30, deadline=None)
def test_shared_cost_is_split_as_well_as_every_split_in_cents(
    centimes: int, parts: list[Fraction]
) -> None:
    def ps(cents: int, part: Fraction) -> int:
        return int(TAUX * part * cents / 100 + Fraction(1, 2))

    meilleure = max(
        ps(premier, parts[0]) + ps(centimes - premier, parts[1]) for premier in range(centimes + 1)
    )
    assert _ps_conjointes(parts, Fraction(centimes, 100)) == meilleure


def test_all_facts_unknown_takes_bounded_time_and_gives_no_verdict() -> None:
    assert evaluer({"collectifs": [{}, {}, {}, {}]})["verdict"] == "incomplet"
