"""``clas questions``: what the page kept, listed, exported, erased."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from essais import Clas
from questions_gardees import DANS_UN_FICHIER, echange, octets

from assistant.configuration import FOLDER_VARIABLE, LOG_DAYS_VARIABLE, LOG_VARIABLE
from assistant.lot import read_questions
from assistant.questions_posees.lieux import Lieu
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.adresse import BASE_VARIABLE
from tests.postgres_lance import ServeurPostgres


@pytest.fixture
def registre(
    clas: Clas,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lieu: Lieu,
    serveur_postgres: ServeurPostgres,
) -> Registre:
    """The log that the command finds, in one place or the other, where two questions were asked."""
    assert clas
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    if isinstance(lieu, Partage):
        monkeypatch.setenv(BASE_VARIABLE, serveur_postgres.url(lieu.magasin.adresse.base))
    log = Registre(lieu, 365)
    now = datetime.now(UTC)
    useless = echange(question="Où déposer ?", departement="34", date=now - timedelta(days=20))
    log.ajouter(useless)
    log.noter(useless.cle, "pas_utile", "rien sur le lieu")
    log.ajouter(echange(date=now, conversation="1" * 16))
    return log


@pytest.mark.usefixtures("registre")
def test_questions_are_listed_with_what_is_to_be_looked_at_first(clas: Clas) -> None:
    listed = clas("questions", "lister")
    assert listed.status == 0
    first, second, counts = listed.out.strip().split("\n\n")
    assert first.startswith("n° 1, ")
    assert "pour 34" in first
    assert "« Où déposer ? »" in first
    assert "pas utile : rien sur le lieu" in first
    assert second.startswith("n° 2, ")
    assert counts == "2 échanges (réponse des textes : 2 ; pas utile : 1)."
    assert "Où déposer" not in clas("questions", "lister", "--vue", "utile").out
    [only] = json.loads(clas("questions", "lister", "--departement", "34", "--json").out)
    assert only["echange"]["question"] == "Où déposer ?"


@pytest.mark.usefixtures("registre")
def test_questions_are_exported_whole(clas: Clas, tmp_path: Path) -> None:
    target = tmp_path / "questions.csv"
    said = clas("questions", "exporter", target, "--mots", "deposer")
    assert (said.status, said.out) == (0, f"1 question(s) dans {target}.\n")
    with target.open(encoding="utf-8-sig", newline="") as stream:
        head, cells = csv.reader(stream, delimiter=";")
    assert head[:3] == ["Numéro", "Date", "Question"]
    assert cells[2:4] == ["Où déposer ?", "34"]


@pytest.mark.usefixtures("registre")
def test_questions_exported_to_be_asked_again_are_read_by_the_commands_that_ask(
    clas: Clas, tmp_path: Path
) -> None:
    target = tmp_path / "questions.jsonl"
    said = clas("questions", "exporter", target, "--mots", "deposer")
    assert (said.status, said.out) == (0, f"1 question(s) dans {target}.\n")
    [question] = read_questions(target)
    assert (question.id, question.question, question.departement) == ("n1", "Où déposer ?", "34")


def test_a_shorter_period_erases_at_once(
    clas: Clas, registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOG_DAYS_VARIABLE, "10")
    said = clas("questions", "purger")
    assert said.out == "1 question(s) effacée(s) ; la durée gardée est de 10 jours.\n"
    assert "déposer".encode() not in octets(registre)
    assert clas("questions", "purger", "--tout").out == "1 question(s) effacée(s).\n"
    assert clas("questions", "lister").out == "Aucun échange.\n"


@DANS_UN_FICHIER
@pytest.mark.usefixtures("registre")
@pytest.mark.parametrize(
    ("arguments", "said_why"),
    [
        (("lister", "--limite", "0"), "--limite : 0 ; attendu de 1 à 1000"),
        (("lister", "--limite", "1001"), "attendu de 1 à 1000"),
        (("lister", "--du", "hier"), "--du : « hier » ; attendu un jour"),
        (("lister", "--au", "31/02/2026"), "attendu un jour"),
        (("lister", "--departement", "999"), "attendu un code"),
        (("lister", "--vue", "rien"), "choix possibles"),
        (("exporter", "questions.pdf"), "s'écrivent en .csv ou en .jsonl"),
        (("exporter", "/nulle/part/q.csv"), "n'existe pas"),
        ((), "il manque"),
    ],
)
def test_what_cannot_be_used_is_told(clas: Clas, arguments: tuple[str, ...], said_why: str) -> None:
    refused = clas("questions", *arguments)
    assert refused.status == 2
    assert said_why in refused.err


def test_a_period_that_cannot_be_used_is_told(clas: Clas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG_DAYS_VARIABLE, "toujours")
    refused = clas("questions", "lister")
    assert refused.status == 2
    assert "CLAS_JOURNAL_JOURS vaut « toujours »" in refused.err
    refused = clas("page")
    assert refused.status == 1
    assert "CLAS_JOURNAL_JOURS vaut « toujours »" in refused.err


@DANS_UN_FICHIER
def test_a_damaged_log_is_told(clas: Clas, registre: Registre) -> None:
    registre.lieu.path.write_bytes(b"rien de tel" * 500)
    for arguments in (
        ("lister",),
        ("purger",),
        ("exporter", registre.lieu.path.with_name("q.csv")),
    ):
        failed = clas("questions", *arguments)
        assert failed.status == 1
        assert failed.err.startswith("Les questions posées n'ont pas pu être ")
        assert "n'est pas un journal de questions" in failed.err


def test_the_command_line_keeps_nothing_of_what_it_is_asked(
    clas: Clas, donnees: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOG_VARIABLE, "oui")
    assert clas("demander", "Combien de séances par semaine ?").status == 0
    assert not (donnees / "questions").exists()
