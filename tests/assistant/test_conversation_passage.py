"""From the conversation to the form and back: the same project, the same verdict."""

from __future__ import annotations

from typing import Any

import pytest
from eligibility_reference.strategies import projets_partiels
from essais import DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.dossier_dit import etudier
from assistant.dialogue.memoire import Memoire
from assistant.dialogue.retouches import aplatir, remplacer
from assistant.dialogue.tour import situer
from assistant.eligibility import lire_projet, verifier
from assistant.eligibility.commands import regles_livrees
from assistant.eligibility.donnees import en_donnees
from assistant.models import Question
from pages_clas.conversation_etat import annee_lue
from pages_clas.passage import apport_de, projet_du_formulaire

REGLES = regles_livrees()
Projet = dict[str, Any]


def essais(nombre: int) -> settings:
    return settings(max_examples=nombre, deadline=None, suppress_health_check=list(HealthCheck))


def assert_same_project_and_verdict(projet: Projet, conseiller: Conseiller) -> None:
    """Through the conversation, a project of the form comes back as it went, judged alike."""
    memoire = remplacer(Memoire(tours=1), projet, REGLES)
    cadre = Question(
        id="", departement=memoire.departement, annee_scolaire=memoire.annee_scolaire, date=DAY
    )
    ecrit = en_donnees(lire_projet(projet, REGLES), REGLES)
    revenu = projet_du_formulaire(memoire, cadre, REGLES)
    assert {"collectifs": [{}], "annee_scolaire": annee_lue(cadre)} | ecrit == revenu
    situe = situer(memoire.projet, cadre)
    etude = etudier(situe, annee_lue(cadre), REGLES, conseiller.libelles)
    assert etude.resultat == verifier(revenu, REGLES)
    if "annee_scolaire" in ecrit and "collectifs" in ecrit:
        assert etude.resultat == verifier(projet, REGLES)


@essais(40)
@given(projet=projets_partiels())
def test_a_project_of_the_form_is_judged_alike_by_the_conversation(
    assistant: Conseiller, projet: Projet
) -> None:
    assert_same_project_and_verdict(projet, assistant)


@pytest.mark.long
@pytest.mark.timeout(1200)
@essais(4000)
@given(projet=projets_partiels())
def test_thousands_of_projects_of_the_form_are_judged_alike_by_the_conversation(
    assistant: Conseiller, projet: Projet
) -> None:
    assert_same_project_and_verdict(projet, assistant)


@essais(40)
@given(projet=projets_partiels(), choisi=st.sampled_from([None, "34", "75"]))
def test_what_the_conversation_brings_says_of_each_value_where_it_comes_from(
    projet: Projet, choisi: str | None
) -> None:
    memoire = remplacer(Memoire(tours=1), projet, REGLES)
    cadre = Question(id="", departement=memoire.departement or choisi, date=DAY)
    apport = apport_de(memoire, cadre, REGLES)
    faits = {c: v for c, v in aplatir(apport.projet).items() if c != "collectifs"}
    assert {c: o.valeur for c, o in apport.origines.items()} == faits
    assert all(o.mots for o in apport.origines.values())


def test_a_school_year_that_nobody_said_is_brought_as_supposed() -> None:
    apport = apport_de(Memoire(), Question(id="", date=DAY), REGLES)
    assert apport.origines["annee_scolaire"].valeur == "2025-2026"
    assert "Supposé" in apport.origines["annee_scolaire"].mots


RECITS = (
    ("On a 6 gamins à la campagne et 1 anim c bon ?", "on est dans l'Hérault", "pour 2024-2025"),
    (
        "On est une association du Rhône, on accueille 10 enfants avec 2 bénévoles.",
        "On fait 2 séances par semaine de 1h30 pendant 30 semaines.",
        "Le coût total est de 9 000 € et la commune nous donne 3 000 €.",
        "Notre projet est-il éligible ?",
    ),
    (
        "On a 2 groupes de 9 enfants.",
        "C'est gratuit pour les familles.",
        "Notre projet est-il bon ?",
    ),
    ("On a 14 enfants dans un seul groupe, c'est possible ?",),
)


@pytest.mark.parametrize("recit", RECITS, ids=[r[0][:30] for r in RECITS])
def test_the_verdict_told_is_the_one_that_the_form_opens_with(
    assistant: Conseiller, recit: tuple[str, ...]
) -> None:
    memoire = Memoire()
    situation = Question(id="c", date=DAY)
    dernier = None
    for tour in recit:
        echange = assistant.echanger(situation, tour, memoire)
        memoire = echange.memoire
        dernier = echange.scellee.reponse.eligibilite or dernier
    cadre = Question(
        id="", departement=memoire.departement, annee_scolaire=memoire.annee_scolaire, date=DAY
    )
    apport = apport_de(memoire, cadre, assistant.regles)
    attendu = verifier(apport.projet, assistant.regles).model_dump(mode="json")
    final = assistant.echanger(situation, "Notre projet est-il éligible ?", memoire)
    assert final.scellee.reponse.eligibilite == attendu
