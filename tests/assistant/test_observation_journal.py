"""The technical log: one line of JSON for each event, never a word of anybody."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from observation_en_petit import journal_pris, lignes, mesurer

from assistant.dialogue.conseiller import Conseiller
from assistant.observation.evenements import JOURNAL, dire, reponse_donnee
from assistant.observation.journal import TAILLE, Prise, ouvrir_la_sortie
from assistant.observation.lignes import RACINE
from assistant.observation.observateur import Observateur, ouvrir_observateur
from assistant.observation.reglage import ReglageObservation

MOTS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèà", min_size=14, max_size=24).map(
    lambda mots: f"xq{mots}"
)
"""Words that no text, no setting and no part of the program holds."""


class Interruption(Exception):
    """An error whose words are those of somebody."""


def _rompre(mots: str) -> None:
    try:
        json.loads(mots)
    except ValueError as error:
        raise KeyError(f"{mots} {error}") from error


@pytest.mark.long
@given(mots=st.lists(MOTS, min_size=1, max_size=3))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_word_of_a_question_is_told_of_its_answer(
    assistant: Conseiller, mots: list[str]
) -> None:
    observateur = Observateur(ReglageObservation(journal="json", lenteur=0.1), "essai:1")
    questions = (
        f"Combien d'enfants par groupe chez {' '.join(mots)} ?",
        f"On a 6 enfants à {mots[0]} et 1 animateur, {' '.join(mots)} ?",
        f"{' '.join(mots)} ?",
    )
    with journal_pris() as ecrit:
        observateur.servir(assistant)
        for question in questions:
            observateur.repondu(mesurer(assistant, question, "34"))
    dit = ecrit.getvalue() + observateur.metriques.ecrire().decode()
    assert dit.count('"evenement": "reponse"') == len(questions)
    assert not [mot for mot in mots if mot in dit]


@pytest.mark.long
@given(mots=MOTS, journal=st.sampled_from(("streamlit.error_util", "clas.acces", "x.y", "root")))
@settings(max_examples=30, deadline=None)
def test_neither_a_message_nor_an_exception_is_quoted(mots: str, journal: str) -> None:
    log = logging.getLogger(None if journal == "root" else journal)
    with journal_pris() as ecrit:
        try:
            _rompre(mots)
        except KeyError:
            log.exception("refusé : %s", mots)
        log.warning("sans erreur : %s", {"question": mots})
    assert mots not in ecrit.getvalue()
    interrompue, simple = lignes(ecrit)
    assert interrompue["evenement"] == "erreur"
    assert interrompue["erreur"] == "KeyError"
    assert interrompue["ou"].startswith("tests/assistant/test_observation_journal.py:")
    assert interrompue["ou"].endswith(" _rompre")
    assert simple["niveau"] == "WARNING"


@given(mots=MOTS)
@settings(max_examples=10, deadline=None)
def test_a_thread_or_a_warning_quotes_nothing_either(mots: str) -> None:
    def rompre() -> None:
        raise Interruption(mots)

    with journal_pris() as ecrit:
        fil = threading.Thread(target=rompre)
        fil.start()
        fil.join()
        warnings.warn(mots, stacklevel=1)
    assert mots not in ecrit.getvalue()
    assert lignes(ecrit)[0]["erreur"] == "Interruption"


def test_a_logger_made_late_with_its_own_way_out_is_taken_over_too() -> None:
    dehors = io.StringIO()
    with journal_pris() as ecrit:
        tardif = logging.getLogger("bibliotheque.tardive")
        tardif.propagate = False
        tardif.addHandler(logging.StreamHandler(dehors))
        tardif.error("Jeanne Martin")
        tardif.addHandler(logging.StreamHandler(dehors))
        tardif.error("Jeanne Martin")
    assert dehors.getvalue() == ""
    assert [ligne["journal"] for ligne in lignes(ecrit)] == ["bibliotheque.tardive"] * 2
    tardif.error("après")
    assert dehors.getvalue() == "après\n"
    tardif.handlers.clear()


def test_what_the_program_says_of_itself_is_told_as_it_stands() -> None:
    with journal_pris() as ecrit:
        logging.getLogger("clas.questions").error("%s ; les réponses n'en dépendent pas", "plein")
        logging.getLogger("clas.acces").warning("acte refusé (%s) : %s", "expire", "Jeanne")
    assert [ligne["message"] for ligne in lignes(ecrit)] == [
        "plein ; les réponses n'en dépendent pas",
        "acte refusé (…) : …",
    ]


def test_an_answer_is_one_line_and_a_slow_one_says_the_time_of_each_step(
    assistant: Conseiller,
) -> None:
    mesure = mesurer(assistant, "Combien d'enfants par groupe ?", "34")
    with journal_pris() as ecrit:
        dire(reponse_donnee(mesure, lenteur=60.0))
        dire(reponse_donnee(mesure, lenteur=0.0))
    vite, lente = lignes(ecrit)
    assert (vite["niveau"], lente["niveau"]) == ("INFO", "WARNING")
    assert (vite["type"], vite["departement_connu"]) == ("reponse", True)
    assert vite["version"] == assistant.index.info.version
    assert vite["classement"] == assistant.modeles.rangement
    assert vite["secondes"] == pytest.approx(mesure.duree.secondes, abs=1e-4)
    assert (vite["lente"], lente["lente"]) == (False, True)
    assert "etapes" not in vite
    assert {"comprendre", "chercher", "composer", "verifier"} <= set(lente["etapes"])
    assert sum(lente["etapes"].values()) <= lente["secondes"] + 0.001


def test_the_version_is_told_when_it_is_another_and_only_then(assistant: Conseiller) -> None:
    observateur = Observateur(ReglageObservation(journal="json"), "essai:1")
    with journal_pris() as ecrit:
        observateur.servir(assistant)
        observateur.servir(assistant)
    [ligne] = lignes(ecrit)
    assert ligne["evenement"] == "version_ouverte"
    assert ligne["version"] == assistant.index.info.version
    assert ligne["encodeur"]


def test_an_act_that_fails_is_told_as_one(assistant: Conseiller) -> None:
    assert assistant.documents
    observateur = Observateur(ReglageObservation(journal="json"), "essai:1")
    with journal_pris() as ecrit:
        with observateur.acte("publier"):
            pass
        with pytest.raises(Interruption), observateur.acte("publier"):
            raise Interruption("Jeanne")
    assert [(ligne["action"], ligne["fait"]) for ligne in lignes(ecrit)] == [
        ("publier", True),
        ("publier", False),
    ]
    assert observateur.metriques.valeur("clas_actes_total", action="publier", issue="échec") == 1


def test_nothing_is_written_where_nobody_asked(
    assistant: Conseiller, capfd: pytest.CaptureFixture[str]
) -> None:
    ouvert = ouvrir_observateur({}, 8501)
    assert ouvert.prise is None
    ouvert.observateur.servir(assistant)
    ouvert.observateur.repondu(mesurer(assistant, "Combien d'enfants par groupe ?"))
    ouvert.observateur.arreter()
    dit = capfd.readouterr()
    assert dit.out + dit.err == ""


def test_the_file_is_its_owner_s_alone_and_bounded(tmp_path: Path) -> None:
    fichier = tmp_path / "technique.jsonl"
    prise = Prise(ouvrir_la_sortie(fichier, "essai:1"))
    prise.prendre()
    try:
        logging.getLogger(JOURNAL).info("essai")
    finally:
        prise.rendre()
    assert fichier.stat().st_mode & 0o777 == 0o600
    [ligne] = fichier.read_text("utf-8").splitlines()
    assert json.loads(ligne)["replique"] == "essai:1"
    assert TAILLE <= 50 * 1024 * 1024


def test_every_file_begun_after_it_is_its_owner_s_alone_too(tmp_path: Path) -> None:
    fichier = tmp_path / "technique.jsonl"
    prise = Prise(ouvrir_la_sortie(fichier, "essai:1", taille=300))
    prise.prendre()
    try:
        for rang in range(12):
            logging.getLogger(JOURNAL).info("essai %d", rang)
    finally:
        prise.rendre()
    droits = {un.name: un.stat().st_mode & 0o777 for un in tmp_path.iterdir()}
    assert len(droits) > 2
    assert set(droits.values()) == {0o600}


def test_files_left_open_to_others_are_closed_to_them(tmp_path: Path) -> None:
    fichiers = [tmp_path / nom for nom in ("technique.jsonl", "technique.jsonl.1")]
    for fichier in fichiers:
        fichier.write_text("{}\n", "utf-8")
        fichier.chmod(0o644)
    ouvrir_la_sortie(fichiers[0], "essai:1").close()
    assert [fichier.stat().st_mode & 0o777 for fichier in fichiers] == [0o600] * 2
    assert fichiers[0].read_text("utf-8") == "{}\n"


def test_a_setting_that_says_nonsense_prevents_nothing(caplog: pytest.LogCaptureFixture) -> None:
    ouvert = ouvrir_observateur({"CLAS_JOURNAL_TECHNIQUE": "peut-être"}, None)
    assert ouvert.prise is None
    assert "CLAS_JOURNAL_TECHNIQUE vaut « peut-être »" in caplog.text
    sans = {"CLAS_JOURNAL_TECHNIQUE": "json", "CLAS_JOURNAL_TECHNIQUE_FICHIER": "/dev/null/x"}
    assert ouvrir_observateur(sans, None).prise is None
    assert "ne peut pas être écrit" in caplog.text


@pytest.mark.long
def test_a_command_loads_nothing_of_it() -> None:
    programme = (
        "import sys; from assistant.cli import main\n"
        "try: main(['demander', 'Combien de séances ?'])\n"
        "finally: print([m for m in sys.modules if m.startswith(("
        "'assistant.observation', 'prometheus_client', 'opentelemetry'))])"
    )
    dit = subprocess.run(
        [sys.executable, "-c", programme],
        cwd=RACINE, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert dit.stdout.splitlines()[-1] == "[]"
