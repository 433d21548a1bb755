"""Facts put into a project: always one that can be read, whatever was said."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projets import AXES, conforme, regles

from assistant.dialogue.facts import FaitLu, FaitsLus, appliquer, lire_faits
from assistant.dialogue.facts.application import _locaux
from assistant.dialogue.facts.donnees import (
    lire_argent,
    lire_mots,
    lire_questions,
    lire_vocabulaire,
)
from assistant.dialogue.facts.flux import LONGUEUR_LUE
from assistant.dialogue.facts.motifs import compiler
from assistant.eligibility import lire_projet
from tests.travail import croissance, jamais_lu, travail

MORCEAUX = [
    "on a", "j'ai", "6", "neuf", "enfants", "gamins", "2", "groupes", "de", "10", "et 11",
    "pas", "non,", "en fait", "anim", "bénévoles", "séances par semaine", "1h30", "2 x",
    "la mairie met", "3 000 €", "ça coûte", "9000 €", "par groupe", "le premier groupe",
    "le deuxième", "chacun", "à la campagne", "en ville", "?", ".", "si", "combien",
    "est-ce que", "aucun cofinancement", "collégiens", "CM2", "on démarre en janvier",
    "le 3 novembre 2025", "jusqu'au 12 juin 2024", "déposé sur Elan le 1/7/2025", "dans le 69",
    "dans l'Hérault", "2025-2026", "bonus", "pas de coordinateur", "bac+2", "999999999",
    "50 groupes", "une dizaine d'enfants", "études surveillées", "copil a validé", "gratuit",
    "10 € par an",
]  # fmt: skip


def fait(chemin: str, valeur: Any) -> FaitLu:
    return FaitLu(chemin=chemin, valeur=valeur, mots="", debut=0, fin=0)


def assert_quoted(lus: FaitsLus, texte: str) -> None:
    places = [(f.debut, f.fin, f.mots) for f in lus.faits]
    places += [(i.debut, i.fin, i.mots) for i in lus.a_preciser]
    for debut, fin, mots in places:
        assert texte[debut:fin] == mots


def test_facts_are_put_in_their_place() -> None:
    lus = lire_faits("deux groupes de 9 et 11, 2 anims chacun, la mairie met 3000 €")
    assert appliquer({}, lus) == {
        "collectifs": [{"enfants": 9, "intervenants": 2}, {"enfants": 11, "intervenants": 2}],
        "budget": {"cofinancements": [{"financeur": "mairie", "type": "commune", "montant": 3000}]},
    }


def test_a_later_fact_replaces_the_earlier_one() -> None:
    projet = appliquer({}, lire_faits("on a 14 enfants et 2 anims"))
    corrige = appliquer(projet, lire_faits("non, 9 enfants", projet))
    assert corrige["collectifs"] == [{"enfants": 9, "intervenants": 2}]


def test_the_project_given_is_not_changed() -> None:
    projet = conforme()
    avant = copy.deepcopy(projet)
    appliquer(projet, lire_faits("3 groupes de 8, 9 et 10"))
    assert projet == avant


def test_fewer_collectifs_drop_the_last_ones() -> None:
    projet = {"collectifs": [{"enfants": 9}, {"enfants": 10}]}
    assert appliquer(projet, [fait("collectifs", 1)]) == {"collectifs": [{"enfants": 9}]}


def test_of_two_costs_that_disagree_the_new_one_stays() -> None:
    projet = {"collectifs": [{"prix_de_revient": 9000}], "budget": {"cout_total": 9000}}
    moindre = appliquer(projet, [fait("budget.cout_total", 7000)])
    assert moindre == {"collectifs": [{}], "budget": {"cout_total": 7000}}
    plus = appliquer(projet, [fait("collectifs.1.prix_de_revient", 9500)])
    assert plus == {"collectifs": [{"prix_de_revient": 9500}], "budget": {}}


def test_of_two_dates_that_disagree_the_new_one_stays() -> None:
    projet = {"debut": "2025-11-03", "fin": "2026-06-12"}
    assert appliquer(projet, [fait("debut", "2026-09-01")]) == {"debut": "2026-09-01"}


def test_an_objective_keeps_those_of_the_short_form() -> None:
    projet = {"axes": {"enfants": ["entraide"]}}
    complet = appliquer(projet, [fait("axes.enfants.methodologie", valeur=True)])
    assert complet["axes"]["enfants"] == {
        nom: nom in {"entraide", "methodologie"} for nom in AXES["enfants"]
    }


@pytest.mark.parametrize(
    ("chemin", "valeur"),
    [
        ("collectifs.1.enfants", 10_001),
        ("collectifs.1.enfants", "six"),
        ("collectifs.201.enfants", 6),
        ("collectifs.0.enfants", 6),
        ("collectifs.x.enfants", 6),
        ("collectifs", 500),
        ("inconnu", True),
        ("herault.inconnu", True),
        ("rhone.validation_comite_pilotage_local", "peut-être"),
        ("herault.projet_de_territoire", "oui"),
        ("debut", "2025-02-31"),
        ("departement", "20"),
        ("locaux.x", 1),
        ("milieu_rural.x", True),
    ],
)
def test_a_fact_that_the_model_refuses_is_left_out(chemin: str, valeur: Any) -> None:
    projet = {"collectifs": [{"enfants": 9}], "milieu_rural": True}
    assert appliquer(projet, [fait(chemin, valeur)]) == projet


@settings(deadline=None)
@given(st.text(max_size=300))
def test_reading_never_fails_and_what_is_read_is_in_the_text(texte: str) -> None:
    lus = lire_faits(texte)
    assert_quoted(lus, texte)
    lire_projet(appliquer({}, lus), regles())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(MORCEAUX), max_size=14).map(" ".join), max_size=3),
    st.booleans(),
)
def test_a_conversation_always_leaves_a_readable_project(tours: list[str], depart: bool) -> None:
    projet: dict[str, Any] = conforme() if depart else {}
    for tour in tours:
        lus = lire_faits(tour, projet)
        assert_quoted(lus, tour)
        projet = appliquer(projet, lus)
        lire_projet(projet, regles())


_CHEMINS = st.sampled_from(
    [
        "collectifs", "collectifs.1.enfants", "collectifs.3.prix_de_revient", "budget.cout_total",
        "budget.cofinancements", "budget.cofinancements.1", "debut", "fin", "public.niveaux",
        "rhone.activites", "herault.projet_de_territoire", "axes.enfants.entraide", "axes.enfants",
        "departement", "annee_scolaire", "bonus.enfants.demande", "porteur.nom", "collectifs.2",
        "x.y",
    ]
)  # fmt: skip
_VALEURS = st.one_of(
    st.booleans(),
    st.integers(-5, 20_000),
    st.floats(allow_nan=True),
    st.text(max_size=12),
    st.sampled_from(["2025-11-03", "34", "2025-2026"]),
    st.lists(st.sampled_from(["culture", "college", "?"]), max_size=3),
    st.dictionaries(st.sampled_from(["type", "montant", "x"]), st.sampled_from([1, "etat", None])),
)


@settings(deadline=None)
@given(st.lists(st.tuples(_CHEMINS, _VALEURS), max_size=8))
def test_any_facts_leave_a_readable_project(paires: list[tuple[str, Any]]) -> None:
    faits = [fait(chemin, valeur) for chemin, valeur in paires]
    lire_projet(appliquer(conforme("34"), faits), regles())


def test_every_fact_of_the_data_files_is_one_of_the_model() -> None:
    declares = {f.nom for fichier in regles().fichiers.values() for f in fichier.faits}
    vocabulaire = lire_vocabulaire()
    lus = {c.chemin for c in vocabulaire.choix} | {c.chemin for c in vocabulaire.comptes}
    demandes = set(lire_mots().reponses) - {"collectifs"}
    assert (lus | demandes) <= declares


def test_every_value_of_the_data_files_is_accepted() -> None:
    for choix in lire_vocabulaire().choix:
        for cas in choix.cas:
            for valeur in (cas.valeur, cas.nie):
                if valeur is None:
                    continue
                pose = fait(choix.chemin.replace("*", "1"), valeur)
                projet = appliquer({}, [pose])
                assert projet, f"{choix.chemin} = {valeur} is refused"
                lire_projet(projet, regles())


def test_every_criterion_asked_is_one_of_the_rules() -> None:
    codes = {c.code for fichier in regles().fichiers.values() for c in fichier.criteres}
    assert {critere.code for critere in lire_questions().criteres} == codes


def test_every_pattern_compiles() -> None:
    argent, questions = lire_argent(), lire_questions()
    for motifs in (argent.aucun, argent.cout, questions.personnel, questions.montant):
        assert compiler(motifs).pattern
    assert _locaux()


ON_EST = "on a 6 enfants et 2 animateurs, "


@pytest.mark.parametrize(
    "motif",
    [
        ON_EST, "6 ", "un groupe de 9 et un de ", "non ", "8, 9, ",
        "la mairie met 3 € ", "a", ". ", "le premier groupe a 9 ", "si on est 8 ? ", "2 x 1h30 ",
    ],
)  # fmt: skip
def test_work_stays_in_proportion_to_the_text(motif: str) -> None:
    assert croissance(lire_faits, motif, LONGUEUR_LUE // 5) < 2.5


def test_what_follows_the_length_that_is_read_costs_nothing() -> None:
    lire_faits(jamais_lu(ON_EST, LONGUEUR_LUE))
    lu, suite = (jamais_lu(ON_EST, n) for n in (LONGUEUR_LUE, 10 * LONGUEUR_LUE))
    court, long = (travail(lambda texte=texte: lire_faits(texte)) for texte in (lu, suite))
    assert long.appels <= 1.1 * court.appels
