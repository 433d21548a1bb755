"""The writer behind real answers, by real servers in processes of their own."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator

import pytest
from essais import DAY, Clas, asked

from assistant.cli import DONE, UNUSABLE
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.models import Question
from assistant.quotation import ReponseScellee
from assistant.redacteur.disjoncteur import Disjoncteur
from assistant.redacteur.libelles import MENTION, ORIGINE
from assistant.redacteur.service import Confie, Redacteur, a_confier
from bench.adresses import adresse_fermee
from tests.redacteur_lance import ServeurRedacteur, servir
from tests.redacteur_menteur import MENSONGES, mentir

EFFECTIF = "Combien d'enfants par groupe ?"
COURTES = 8
"""Answers that the short suite lies about."""
GRAINES = 200


@pytest.fixture(scope="module")
def serveur() -> Iterator[ServeurRedacteur]:
    with servir() as ouvert:
        yield ouvert


def _echanger(
    assistant: Conseiller, question: str, departement: str | None = None, annee: str | None = None
) -> Echange:
    posee = Question(id="q", departement=departement, annee_scolaire=annee, date=DAY)
    return assistant.echanger(posee, question, Memoire())


def _confiees(assistant: Conseiller, nombre: int | None = None) -> list[tuple[Echange, Confie]]:
    """Answers to development questions that a writer may reword; never those of the test sets."""
    trouvees: list[tuple[Echange, Confie]] = []
    for posee in asked("reponses_dev", "base_dev"):
        echange = assistant.echanger(posee, posee.question or "", Memoire())
        confie = a_confier(echange)
        if confie is not None:
            trouvees.append((echange, confie))
        if len(trouvees) == nombre:
            break
    return trouvees


@pytest.fixture(scope="module")
def quelques(assistant: Conseiller) -> list[tuple[Echange, Confie]]:
    return _confiees(assistant, COURTES)


def _redacteur(serveur: ServeurRedacteur, mode: str) -> Redacteur:
    """A writer that is always asked: what is tested is what comes of it."""
    return Redacteur(serveur.reglage(mode), Disjoncteur(lambda: True, attente=10))


def test_an_honest_rewording_is_sealed_with_the_same_citations(
    assistant: Conseiller, serveur: ServeurRedacteur
) -> None:
    echange = _echanger(assistant, EFFECTIF)
    lissee = _redacteur(serveur, "honnete").lisser(echange, assistant)
    assert isinstance(lissee, ReponseScellee)
    avant, apres = echange.scellee.reponse, lissee.reponse
    assert "au maximum" in apres.texte
    assert apres.model_copy(update={"texte": avant.texte}) == avant


def test_honest_rewordings_get_through_for_most_answers(
    assistant: Conseiller, serveur: ServeurRedacteur, quelques: list[tuple[Echange, Confie]]
) -> None:
    redacteur = _redacteur(serveur, "honnete")
    lissees = [redacteur.lisser(echange, assistant) for echange, _ in quelques]
    assert sum(lissee is not None for lissee in lissees) >= COURTES / 2


def test_a_liar_gets_nothing_through(
    assistant: Conseiller, serveur: ServeurRedacteur, quelques: list[tuple[Echange, Confie]]
) -> None:
    for graine in range(len(MENSONGES)):
        echange, _ = quelques[graine % len(quelques)]
        redacteur = _redacteur(serveur, f"menteur/{graine}")
        assert redacteur.lisser(echange, assistant) is None, graine


@pytest.mark.long
def test_a_liar_gets_nothing_through_in_two_hundred_attempts_over_real_answers(
    assistant: Conseiller, serveur: ServeurRedacteur
) -> None:
    confiees = _confiees(assistant)
    assert len(confiees) > 100
    menti: set[str] = set()
    # Some lies only fit some answers: attempts go on until each kind was told.
    for graine in range(GRAINES * 5):
        if graine >= GRAINES and menti == set(MENSONGES):
            break
        # Drawn apart from the lie, so that no kind always meets the same answers.
        echange, confie = random.Random(f"réponse {graine}").choice(confiees)
        nom, texte = mentir(confie.texte, graine)
        assert texte != confie.texte
        menti.add(nom)
        lissee = _redacteur(serveur, f"menteur/{graine}").lisser(echange, assistant)
        assert lissee is None, (graine, nom, texte)
    assert menti == set(MENSONGES)


@pytest.mark.parametrize(
    "mode", ["poli", "refus", "vide", "500", "coupe", "redirection", "invalide"]
)
def test_a_writer_that_fails_leaves_the_answer_as_it_is(
    assistant: Conseiller, serveur: ServeurRedacteur, mode: str
) -> None:
    echange = _echanger(assistant, EFFECTIF)
    avant = echange.scellee.json
    assert _redacteur(serveur, mode).lisser(echange, assistant) is None
    assert echange.scellee.json == avant


def test_what_comes_back_unchanged_is_no_rewording(
    assistant: Conseiller, serveur: ServeurRedacteur
) -> None:
    echange = _echanger(assistant, EFFECTIF)
    assert _redacteur(serveur, "echo").lisser(echange, assistant) is None


@pytest.mark.parametrize(
    ("question", "departement"),
    [
        ("bonjour", None),
        ("On a 10 enfants et 2 animateurs, c'est bon ?", "34"),
        ("Quelle est la capitale de l'Australie ?", None),
        ("Quelle est la date limite de dépôt dans le Gard ?", None),
        ("How many children in a group?", None),
    ],
)
def test_a_verdict_a_silence_a_greeting_and_english_are_never_sent(
    assistant: Conseiller, serveur: ServeurRedacteur, question: str, departement: str | None
) -> None:
    echange = _echanger(assistant, question, departement)
    avant = len(serveur.recues())
    assert a_confier(echange) is None
    assert _redacteur(serveur, "honnete").lisser(echange, assistant) is None
    assert len(serveur.recues()) == avant


def test_neither_the_question_nor_the_place_nor_the_year_of_whoever_asks_is_sent(
    assistant: Conseiller, serveur: ServeurRedacteur
) -> None:
    question = "Combien d'enfants par groupe ? C'est pour Zorglub."
    echange = _echanger(assistant, question, "30", "2031-2032")
    confie = a_confier(echange)
    assert confie is not None
    assert "Gard" in confie.suite
    lissee = _redacteur(serveur, "honnete").lisser(echange, assistant)
    corps = serveur.recues()[-1]["corps"]
    for dit in ("Zorglub", "Gard", "2031"):
        assert dit not in corps
    assert json.loads(corps)["messages"][-1]["content"] == confie.texte
    assert lissee is not None
    assert lissee.reponse.texte.endswith(confie.suite)


def test_a_writer_that_is_down_is_not_asked_and_the_answer_is_the_same(
    assistant: Conseiller, serveur: ServeurRedacteur
) -> None:
    echange = _echanger(assistant, EFFECTIF)
    avant = len(serveur.recues())
    absent = Redacteur(serveur.reglage("honnete"), Disjoncteur(lambda: False, attente=10))
    assert absent.lisser(echange, assistant) is None
    assert len(serveur.recues()) == avant


def test_failures_in_a_row_spare_the_next_answers(
    assistant: Conseiller, serveur: ServeurRedacteur
) -> None:
    echange = _echanger(assistant, EFFECTIF)
    redacteur = _redacteur(serveur, "500")
    avant = len(serveur.recues())
    for _ in range(6):
        assert redacteur.lisser(echange, assistant) is None
    assert len(serveur.recues()) == avant + 2


def test_the_log_says_why_and_neither_the_words_nor_the_key(
    assistant: Conseiller, serveur: ServeurRedacteur, caplog: pytest.LogCaptureFixture
) -> None:
    cle = "sk-tres-secret-0123456789"
    echange = _echanger(assistant, EFFECTIF)
    with caplog.at_level(logging.DEBUG):
        for mode in ("500", "menteur/0", "poli"):
            reglage = serveur.reglage(mode, CLAS_LLM_CLE=cle)
            Redacteur(reglage, Disjoncteur(lambda: True, attente=10)).lisser(echange, assistant)
    assert "état HTTP 500" in caplog.text
    assert cle not in caplog.text
    assert "collectif" not in caplog.text


def test_the_command_shows_the_reworded_answer_then_the_answer_itself(
    clas: Clas, serveur: ServeurRedacteur, monkeypatch: pytest.MonkeyPatch
) -> None:
    seule = clas("demander", EFFECTIF)
    monkeypatch.setenv("CLAS_LLM_URL", serveur.url("honnete"))
    avant = len(serveur.recues())
    sans = clas("demander", EFFECTIF)
    assert (sans.status, sans.out) == (DONE, seule.out)
    assert clas("demander", EFFECTIF, "--json").status == DONE
    assert len(serveur.recues()) == avant
    avec = clas("demander", EFFECTIF, "--rediger")
    assert avec.status == DONE
    lissee, _, origine = avec.out.partition(f"\n\n{MENTION}\n\n{ORIGINE} :\n\n")
    assert "au maximum" in lissee
    assert origine == seule.out


@pytest.mark.parametrize("url", ["", "ftp://a", None])
def test_the_command_says_why_there_is_no_rewording_and_answers(
    clas: Clas, monkeypatch: pytest.MonkeyPatch, url: str | None
) -> None:
    monkeypatch.setenv("CLAS_LLM_URL", adresse_fermee() if url is None else url)
    seule = clas("demander", EFFECTIF)
    avec = clas("demander", EFFECTIF, "--rediger")
    assert (avec.status, avec.out) == (DONE, seule.out)
    assert avec.err.strip()


@pytest.mark.parametrize("option", ["--json", "--expliquer"])
def test_the_command_refuses_to_reword_what_is_read_by_programs(clas: Clas, option: str) -> None:
    assert clas("demander", EFFECTIF, "--rediger", option).status == UNUSABLE
