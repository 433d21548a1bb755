"""Metrics: what is counted, told as Prometheus reads it, with few values for each label."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from observation_en_petit import mesurer
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.etapes import Etape, suivre
from assistant.models import Question
from assistant.observation.chronometre import Chronometre, Duree, Passage
from assistant.observation.etat import CollecteurEtat, EtatServeur, Service
from assistant.observation.mesure import Mesure, mesure_de
from assistant.observation.metriques import ERREURS, ETAPES, Metriques
from assistant.observation.observateur import Observateur
from assistant.observation.recentes import Recentes, temps_de
from assistant.observation.reglage import (
    ObservationMalReglee,
    ReglageObservation,
    lire_observation,
    nom_de_la_replique,
)
from corpus.magasin.adresse import lire_adresse
from corpus.magasin.comptes import raison_de
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Bornes, Magasin
from tests.travail import travail


def _mesure(secondes: float, etape: Etape = "chercher") -> Mesure:
    duree = Duree(0.0, secondes, (Passage(etape, 0.0, secondes),))
    return Mesure(
        "hors_corpus",
        "peu_sur",
        "regle",
        departement_connu=False,
        duree=duree,
        classement="lu",
        version="v1",
    )


@pytest.fixture
def metriques() -> Metriques:
    return Metriques(CollectorRegistry())


def test_an_answer_is_counted_with_its_kind_and_the_time_of_its_steps(
    metriques: Metriques, assistant: Conseiller
) -> None:
    metriques.compter(mesurer(assistant, "Combien d'enfants par groupe ?"), lente=True)
    assert metriques.valeur("clas_questions_total", type="reponse") == 1
    assert metriques.valeur("clas_reponses_lentes_total") == 1
    assert metriques.valeur("clas_reponse_seconds_count") == 1
    for etape in ("comprendre", "chercher", "composer", "verifier"):
        assert metriques.valeur("clas_etape_seconds_count", etape=etape) == 1
    for partie in ("vecteur", "candidats", "questions", "classement"):
        assert metriques.valeur("clas_recherche_seconds_count", partie=partie) == 1


@pytest.mark.parametrize(
    ("question", "raison"),
    [
        ("Comment obtenir le RSA ?", "hors_sujet"),
        ("Quelle est la recette de la tarte aux pommes ?", "hors_sujet"),
        ("Comment faire un gâteau au chocolat ?", "hors_sujet"),
        ("Quel est le salaire d'un animateur Clas ?", "silence"),
        ("Combien d'années garder les pièces en vue d'un contrôle de la Caf ?", "silence"),
        ("Quelle est la date limite de dépôt dans le Gard ?", "texte_absent"),
        ("date limite dans le Gard ?", "texte_absent"),
        ("Quelles sont les règles en Belgique ?", "texte_absent"),
        ("Où inscrire ma fille au Clas à Béziers ?", "peu_sur"),
    ],
)
def test_a_question_without_an_answer_says_why(
    metriques: Metriques, assistant: Conseiller, question: str, raison: str
) -> None:
    mesure = mesurer(assistant, question)
    metriques.compter(mesure, lente=False)
    assert mesure.type == "hors_corpus"
    assert mesure.raison == raison
    assert metriques.valeur("clas_refus_total", raison=raison) == 1


def test_an_answer_that_could_not_be_checked_is_a_refusal(assistant: Conseiller) -> None:
    mesure = mesure_de(None, assistant, Chronometre().arreter(), departement_connu=False)
    assert (mesure.type, mesure.raison) == ("refusee", "citation")


def test_threads_lose_no_count(metriques: Metriques) -> None:
    recentes = Recentes(plus=50)

    def repondre() -> None:
        for _ in range(200):
            metriques.compter(_mesure(0.01), lente=False)
            recentes.ajouter(_mesure(0.01))

    fils = [threading.Thread(target=repondre) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert metriques.valeur("clas_questions_total", type="hors_corpus") == 1600
    assert metriques.valeur("clas_etape_seconds_count", etape="chercher") == 1600
    assert recentes.etapes()["chercher"].reponses == 50


def test_no_label_grows_without_end(metriques: Metriques) -> None:
    for rang in range(500):
        metriques.erreur(f"Erreur{rang}")
        metriques.compter(_mesure(0.001 * rang, ETAPES[rang % len(ETAPES)]), lente=False)
    familles = list(text_string_to_metric_families(metriques.ecrire().decode()))
    erreurs = next(f for f in familles if f.name == "clas_erreurs")
    assert len(erreurs.samples) <= ERREURS + 1
    assert sum(len(f.samples) for f in familles) < 600


def test_what_prometheus_reads_is_what_the_server_is(metriques: Metriques) -> None:
    instant = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    service = Service("abc123", "7", "clas-encodeur", "0123456789ab", "lu", instant)
    etat = EtatServeur(
        "hote:8501", "0.1.0", instant, service, "absent",
        noeuds={"sud": True, "nord": False},
        sessions=3, pages=1, en_attente=12, disque_libre=5_000, disque_total=9_000,
    )  # fmt: skip
    metriques.registre.register(CollecteurEtat(lambda: etat))
    familles = {f.name: f for f in text_string_to_metric_families(metriques.ecrire().decode())}
    [version] = familles["clas_version_info"].samples
    assert version.labels["version"] == "abc123"
    assert version.labels["encodeur"] == "clas-encodeur"
    valeurs = {nom: f.samples[0].value for nom, f in familles.items() if len(f.samples) == 1}
    assert valeurs["clas_sessions"] == 3
    assert valeurs["clas_questions_en_attente"] == 12
    assert valeurs["clas_magasin_present"] == 0
    noeuds = {s.labels["noeud"]: s.value for s in familles["clas_noeud_present"].samples}
    assert noeuds == {"sud": 1, "nord": 0}
    assert valeurs["clas_disque_libre_bytes"] == 5_000
    assert valeurs["process_resident_memory_bytes"] > 0
    assert all(nom.startswith(("clas_", "process_")) for nom in familles)


@given(st.lists(st.floats(0, 100), min_size=1))
@settings(deadline=None)
def test_half_and_nineteen_twentieths_of_times_are_under_what_is_told(temps: list[float]) -> None:
    dit = temps_de(temps)
    assert dit is not None
    assert sum(t <= dit.p50 for t in temps) * 2 >= len(temps)
    assert sum(t <= dit.p95 for t in temps) * 100 >= 95 * len(temps)
    assert min(temps) <= dit.p50 <= dit.p95 <= max(temps)


def test_a_store_that_is_away_is_counted_by_reason_then_left_alone() -> None:
    adresse = lire_adresse({"CLAS_BASE": "postgresql://clas:secret@127.0.0.1:9/clas"})
    assert adresse is not None
    magasin = Magasin(adresse, Bornes(connexion=0.5, pause=60.0))
    for _ in range(3):
        with pytest.raises(MagasinIndisponible), magasin.connexion():
            pass
    reserve = magasin.reserve
    assert reserve.refus == {"absent": 1, "coupe": 2}
    assert reserve.coupe
    assert (reserve.en_usage, reserve.connexions) == (0, 8)
    magasin.fermer()


@pytest.mark.parametrize(
    ("etat", "raison"),
    [("53100", "plein"), ("57014", "delai"), ("40001", "conflit"), ("42P01", "preparation"),
     ("42501", "acces"), ("28P01", "acces"), ("53300", "occupe"), ("XX001", "autre")],
)  # fmt: skip
def test_a_refusal_is_named_by_its_state(etat: str, raison: str) -> None:
    assert raison_de(MagasinIndisponible("non", etat)) == raison


@pytest.mark.parametrize(
    ("variable", "valeur"),
    [
        ("CLAS_JOURNAL_TECHNIQUE", "xml"),
        ("CLAS_LENTEUR", "vite"),
        ("CLAS_LENTEUR", "0"),
        ("CLAS_LENTEUR", "nan"),
        ("CLAS_TRACES", "ftp://hote"),
        ("CLAS_TRACES", "http://compte:secret@hote"),
        ("CLAS_TRACES", "http://hote:port"),
        ("CLAS_REPLIQUE", "ma réplique"),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_is_accepted(variable: str, valeur: str) -> None:
    with pytest.raises(ObservationMalReglee) as refus:
        lire_observation({variable: valeur})
    assert variable in str(refus.value)
    assert "secret" not in str(refus.value)


def test_a_replica_is_named_by_its_operator_or_by_its_machine() -> None:
    sienne = lire_observation({"CLAS_REPLIQUE": "nord-2", "CLAS_TRACES": "http://hote:4318/"})
    assert nom_de_la_replique(sienne, 8501) == "nord-2"
    assert sienne.traces == "http://hote:4318/v1/traces"
    assert nom_de_la_replique(lire_observation({}), 8501).endswith(":8501")
    assert lire_observation({"CLAS_LENTEUR": "0,5"}).lenteur == 0.5


def test_to_observe_an_answer_is_little_work_that_does_not_grow(assistant: Conseiller) -> None:
    """Its share of an answer's time is measured by the bench « observation »."""
    observateur = Observateur(ReglageObservation(), "essai:1")
    question = Question(id="1", date="2025-11-03")
    chronometre = Chronometre()
    with suivre(chronometre):
        echange = assistant.echanger(question, "Combien de séances par semaine ?", Memoire())
    duree = chronometre.arreter()

    def observer() -> None:
        observateur.repondu(mesure_de(echange, assistant, duree, departement_connu=False))

    observer()
    premier = travail(observer)
    for _ in range(300):
        observer()
    assert premier.appels < 1_000
    assert travail(observer).appels <= premier.appels
