"""The log of questions never prevents an answer: full, locked, damaged, killed, badly set."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from questions_gardees import (
    DANS_UN_FICHIER,
    JOUR,
    Horloge,
    echange,
    gardien,
    octets,
    questions,
    registre_de,
)

from assistant.configuration import (
    Configuration,
    ReglageInutilisable,
    ReglageJournal,
    read_log_settings,
)
from assistant.questions_posees.gardien import Gardien, open_keeper
from assistant.questions_posees.listing import everything
from assistant.questions_posees.models import (
    Filtres,
    QuestionsInutilisables,
)
from assistant.questions_posees.registre import Registre
from assistant.questions_posees.schema import FICHIER

POSIX = pytest.mark.skipif(os.name != "posix", reason="il faut des limites POSIX")


@DANS_UN_FICHIER
def test_a_keeper_that_is_off_keeps_nothing(registre: Registre) -> None:
    eteint = Gardien(registre, actif=False)
    assert eteint.garder(echange()) is False
    assert eteint.noter("0" * 32, "utile", "") is None
    assert not registre.lieu.path.exists()


def test_what_was_kept_before_is_erased_in_time_though_nothing_is_kept_any_more(
    registre: Registre, horloge: Horloge
) -> None:
    registre.ajouter(echange(question="ANCIEN"))
    horloge.avancer(366)
    Gardien(registre, actif=False).entretenir()
    assert b"ANCIEN" not in octets(registre)


def test_a_keeper_erases_the_first_time_then_once_a_day(
    registre: Registre, horloge: Horloge, monkeypatch: pytest.MonkeyPatch
) -> None:
    faites = []
    monkeypatch.setattr(Registre, "purger", lambda _: faites.append(horloge()) or 0)
    tenu = gardien(registre)
    for _ in range(48):
        tenu.entretenir()
        horloge.avancer(1 / 24)
    assert faites == [JOUR, JOUR + timedelta(days=1)]


def test_a_locked_file_is_told_without_words_and_does_not_hold_for_long(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    registre = Registre(tmp_path, 365, lambda: JOUR, patience=0.1)
    registre.ajouter(echange())
    autre = sqlite3.connect(registre.lieu.path, isolation_level=None)
    autre.execute("BEGIN IMMEDIATE")
    tenu = gardien(registre)
    with registre.lieu.lecture("lues") as connection:
        attendues = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    assert attendues == 100  # milliseconds
    with caplog.at_level(logging.ERROR):
        assert tenu.garder(echange(question="QUESTION-SECRETE")) is False
        assert tenu.garder(echange(question="QUESTION-SECRETE")) is False
    [dit] = caplog.messages
    assert "un autre programme l'occupe" in dit
    assert "QUESTION-SECRETE" not in caplog.text
    autre.execute("COMMIT")
    assert tenu.garder(echange()) is True


@pytest.mark.parametrize(
    ("abimer", "pourquoi"),
    [
        (lambda path: path.write_bytes(b"rien de tel" * 500), "n'est pas un journal de questions"),
        (lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" * 30_000), "abîmé"),
        (lambda path: (path.unlink(), path.mkdir()), "ne peut pas être ouvert"),
    ],
)
@DANS_UN_FICHIER
def test_a_damaged_file_is_told_and_left_as_it_is(
    registre: Registre,
    caplog: pytest.LogCaptureFixture,
    abimer: Callable[[Path], object],
    pourquoi: str,
) -> None:
    registre.ajouter(echange())
    abimer(registre.lieu.path)
    with caplog.at_level(logging.ERROR):
        assert gardien(registre).garder(echange(question="QUESTION-SECRETE")) is False
    assert pourquoi in caplog.text
    assert "QUESTION-SECRETE" not in caplog.text
    with pytest.raises(QuestionsInutilisables, match=pourquoi):
        registre.lister(Filtres(), 10)


@DANS_UN_FICHIER
def test_a_row_that_somebody_changed_hides_no_other(registre: Registre) -> None:
    for question in ("un", "deux", "trois"):
        registre.ajouter(echange(question=question))
    with sqlite3.connect(registre.lieu.path) as main:
        main.execute("UPDATE echanges SET citations = '{' WHERE numero = 2")
    lus = registre.lister(Filtres(), 10)
    assert [ligne.echange.question for ligne in lus.lignes] == ["trois", "un"]
    assert lus.abimees == (2,)
    assert len(everything(registre, Filtres())) == 2


@DANS_UN_FICHIER
def test_a_file_of_a_later_program_is_left_alone(registre: Registre) -> None:
    registre.ajouter(echange())
    with sqlite3.connect(registre.lieu.path) as main:
        main.execute("PRAGMA user_version = 2")
    with pytest.raises(QuestionsInutilisables, match="version plus récente"):
        registre.ajouter(echange())
    with pytest.raises(QuestionsInutilisables, match="version plus récente"):
        registre.lister(Filtres(), 10)


@DANS_UN_FICHIER
def test_a_file_taken_away_is_made_again(registre: Registre) -> None:
    registre.ajouter(echange(question="avant"))
    shutil.rmtree(registre.lieu.path.parent)
    registre.ajouter(echange(question="après"))
    assert questions(registre) == ["après"]


def _begin(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a script in a process of its own, which finds the program and this file."""
    here = Path(__file__)
    paths = os.pathsep.join((str(here.parent), str(here.parents[2])))
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )


def _end(processus: subprocess.Popen[str]) -> str:
    _, said = processus.communicate(timeout=120)
    assert processus.returncode == 0, said[-2000:]
    return said


MANY = """
import sys
from pathlib import Path
from assistant.questions_posees.registre import Registre
from questions_gardees import JOUR, echange
registre = Registre(Path(sys.argv[1]), 365, lambda: JOUR, patience=60)
for number in range(12):
    garde = echange(question=f"{sys.argv[2]}-{number}")
    registre.ajouter(garde)
    registre.noter(garde.cle, "utile", sys.argv[2])
    if number % 5 == 0:
        registre.purger()
"""


@pytest.mark.long
def test_of_two_writers_at_once_neither_loses_anything(tmp_path: Path) -> None:
    for writer in [_begin(MANY, tmp_path, nom) for nom in ("une", "deux")]:
        _end(writer)
    lus = registre_de(tmp_path).lister(Filtres(), 1_000).lignes
    assert len(lus) == 24
    for nom in ("une", "deux"):
        siennes = [li.echange.question for li in lus if li.echange.question.startswith(nom)]
        assert siennes == [f"{nom}-{n}" for n in reversed(range(12))]
    assert all(li.opinion and li.opinion.commentaire in li.echange.question for li in lus)


TOO_BIG = """
import logging, resource, sys
from pathlib import Path
from assistant.questions_posees.gardien import Gardien
from assistant.questions_posees.registre import Registre
from questions_gardees import JOUR, echange
logging.basicConfig()
registre = Registre(Path(sys.argv[1]), 365, lambda: JOUR)
for number in range(5):
    registre.ajouter(echange(question=f"avant-{number}"))
size = registre.lieu.path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
gardien = Gardien(registre, actif=True)
for number in range(20):
    gardien.garder(echange(question=f"QUESTION-SECRETE-{number} " + "z" * 1900))
"""


@POSIX
@pytest.mark.long
def test_a_file_that_may_not_grow_keeps_what_it_held_and_says_so_once(tmp_path: Path) -> None:
    said = _end(_begin(TOO_BIG, tmp_path))
    assert said.count("n'ont pas pu être écrites") == 1
    assert "les réponses n'en dépendent pas" in said
    assert "QUESTION-SECRETE" not in said
    lus = questions(registre_de(tmp_path))
    assert lus[-5:] == [f"avant-{n}" for n in reversed(range(5))]
    registre_de(tmp_path).ajouter(echange(question="après"))


@POSIX
@pytest.mark.long
@pytest.mark.parametrize("place", [16, 60, 200])
def test_a_full_disk_keeps_what_it_held_and_takes_the_rest_once_there_is_room(
    tmp_path: Path, place: int
) -> None:
    disk = tmp_path / "petit"
    disk.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if not done or done.returncode != 0:
        pytest.skip("il faut pouvoir monter un petit disque (tmpfs, en root)")
    try:
        registre = registre_de(disk)
        registre.ajouter(echange(question="avant"))
        libre = shutil.disk_usage(disk).free
        bourre = disk / "bourre"
        bourre.write_bytes(b"\0" * max(0, libre - place * 1024))
        tenu = gardien(registre)
        gardes = sum(tenu.garder(echange(question="z" * 1_900)) for _ in range(150))
        assert gardes < 150
        bourre.unlink()
        assert len(questions(registre)) == gardes + 1
        assert questions(registre)[-1] == "avant"
        assert tenu.garder(echange()) is True
    finally:
        subprocess.run(["umount", str(disk)], check=True)


KILLED = """
import os, sys
from pathlib import Path
from assistant.questions_posees.registre import Registre
from questions_gardees import JOUR, echange
import threading, time
registre = Registre(Path(sys.argv[1]), 365, lambda: JOUR)
threading.Thread(target=lambda: (time.sleep(float(sys.argv[2])), os._exit(0)), daemon=True).start()
for number in range(100_000):
    registre.ajouter(echange(question=f"{number} " + "z" * 500))
    if number % 5 == 4:
        registre.vider()
"""


@pytest.mark.long
@pytest.mark.parametrize("apres", [0.05, 0.1, 0.2, 0.4, 0.8])
def test_a_writer_killed_on_the_way_leaves_a_file_that_serves(tmp_path: Path, apres: float) -> None:
    _end(_begin(KILLED, tmp_path, apres))
    registre = registre_de(tmp_path)
    avant = questions(registre)
    assert len(avant) <= 5
    registre.ajouter(echange(question="après"))
    assert questions(registre) == ["après", *avant]


# How it is set.


@pytest.mark.parametrize(
    ("donnees", "actif", "jours"),
    [
        ({}, True, 365),
        ({"CLAS_JOURNAL": "non"}, False, 365),
        ({"CLAS_JOURNAL": " Oui ", "CLAS_JOURNAL_JOURS": " 1 "}, True, 1),
        ({"CLAS_JOURNAL_JOURS": "1095"}, True, 1095),
        ({"CLAS_JOURNAL_JOURS": "007"}, True, 7),
    ],
)
def test_a_setting_is_read(donnees: dict[str, str], actif: bool, jours: int) -> None:
    assert read_log_settings(donnees) == ReglageJournal(actif=actif, jours=jours)


@pytest.mark.parametrize("jours", ["0", "1096", "-1", "1.5", "un", "٣", "1e2", "9" * 5_000, "+3"])
def test_another_period_is_refused_with_what_is_accepted(jours: str) -> None:
    with pytest.raises(ReglageInutilisable, match=r"CLAS_JOURNAL_JOURS vaut .* de 1 à 1095"):
        read_log_settings({"CLAS_JOURNAL_JOURS": jours})


@pytest.mark.parametrize("actif", ["0", "off", "false", "no"])
def test_a_word_that_may_mean_no_is_refused_and_nothing_is_kept(
    actif: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CLAS_JOURNAL", actif)
    with caplog.at_level(logging.ERROR):
        ouvert = open_keeper(Configuration(donnees=tmp_path, modele=None))
    assert ouvert.garder(echange()) is False
    assert f"CLAS_JOURNAL vaut « {actif} »" in caplog.text
    assert not (tmp_path / "questions" / FICHIER).exists()
