"""The log in the shared store: what the store does not take waits here, and comes to it once."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from questions_gardees import JOUR, Horloge, echange, questions
from sqlalchemy import text

from assistant.configuration import LOG_VARIABLE, Configuration
from assistant.magasin import magasin_de_page
from assistant.questions_posees.envois import Attente
from assistant.questions_posees.gardien import LOT, Gardien, open_keeper
from assistant.questions_posees.models import Filtres
from assistant.questions_posees.partage import DELAIS_PAGE, Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.moteur import Bornes, Magasin
from tests.postgres_lance import ServeurPostgres, attendre

ICI = Path(__file__).parent
PAUSE = 0.3
PAGE = Bornes(connexion=0.5, requete=0.3, verrou=0.2, pause=PAUSE, connexions=4)


@pytest.fixture
def magasin_presse(magasin_vide: Magasin) -> Iterator[Magasin]:
    """The store as a page opens it, though tried again sooner."""
    ouvert = Magasin(magasin_vide.adresse, PAGE)
    yield ouvert
    ouvert.fermer()


@pytest.fixture
def tenu(magasin_presse: Magasin, tmp_path: Path, horloge: Horloge) -> Gardien:
    """The log of a page of a replica."""
    return Gardien(
        Registre(Partage(magasin_presse, DELAIS_PAGE), 365, horloge),
        actif=True,
        attente=Attente(tmp_path),
    )


@pytest.fixture
def lu(magasin_vide: Magasin) -> Registre:
    """The log as others read it."""
    return Registre(Partage(magasin_vide), 365, lambda: JOUR)


@contextmanager
def occupe(magasin: Magasin) -> Iterator[None]:
    """As long as this lasts, nobody else writes to the log, nor reads it."""
    with magasin.moteur.connect() as autre:
        autre.execute(text("LOCK TABLE questions.echanges IN ACCESS EXCLUSIVE MODE"))
        yield


def test_what_the_store_takes_does_not_wait(tenu: Gardien, lu: Registre) -> None:
    assert tenu.garder(echange(question="un"))
    assert questions(lu) == ["un"]
    assert tenu.attente is not None
    assert not tenu.attente.path.exists()


def test_what_the_store_does_not_take_waits_masked_then_comes_once(
    tenu: Gardien, lu: Registre, magasin_vide: Magasin, caplog: pytest.LogCaptureFixture
) -> None:
    assert tenu.attente is not None
    garde = echange(question="SECRETE jean@asso.fr")
    with occupe(magasin_vide), caplog.at_level(logging.ERROR):
        assert tenu.garder(garde)
        assert tenu.noter(garde.cle, "pas_utile", "à jean@asso.fr")
    assert tenu.attente.compter() == 2
    assert b"jean" not in tenu.attente.path.read_bytes()
    assert "SECRETE" not in caplog.text
    assert tenu.verser()
    assert tenu.attente.compter() == 0
    [ligne] = lu.lister(Filtres(), 10).lignes
    assert ligne.echange.question == "SECRETE [courriel masqué]"
    assert ligne.opinion is not None
    assert ligne.opinion.commentaire == "à [courriel masqué]"


def test_what_was_brought_and_not_let_go_of_is_brought_again_to_no_effect(
    tenu: Gardien, lu: Registre, magasin_vide: Magasin
) -> None:
    assert tenu.attente is not None
    with occupe(magasin_vide):
        assert tenu.garder(echange(question="un"))
    # As a process that is killed between the two leaves it.
    tenu.registre.verser(tenu.attente.premiers(10))
    assert tenu.attente.compter() == 1
    assert tenu.verser()
    assert questions(lu) == ["un"]


def test_an_opinion_that_waited_gives_way_to_one_given_since(
    tenu: Gardien, lu: Registre, horloge: Horloge, magasin_vide: Magasin
) -> None:
    assert tenu.attente is not None
    garde = echange()
    tenu.garder(garde)
    with occupe(magasin_vide):
        tenu.noter(garde.cle, "pas_utile", "avant")
    horloge.avancer(1)
    tenu.registre.noter(garde.cle, "utile", "après")
    assert tenu.verser()
    [ligne] = lu.lister(Filtres(), 10).lignes
    assert ligne.opinion is not None
    assert (ligne.opinion.vote, ligne.opinion.commentaire) == ("utile", "après")


def test_an_opinion_on_what_nobody_keeps_does_not_wait(tenu: Gardien) -> None:
    assert tenu.noter("0" * 32, "utile", "") is None
    assert tenu.attente is not None
    assert tenu.attente.compter() == 0


@pytest.mark.long
def test_an_opinion_on_what_still_waits_waits_with_it(
    tenu: Gardien, lu: Registre, magasin_vide: Magasin
) -> None:
    # More than is brought at a time: the last one still waits when it is judged.
    gardes = [echange(question=f"question {n}") for n in range(LOT + 5)]
    with occupe(magasin_vide):
        assert all(tenu.garder(garde) for garde in gardes)
    assert tenu.noter(gardes[-1].cle, "utile", "") is not None
    attendre(tenu.verser)
    assert lu.compter(Filtres()).votes["utile"] == 1


def test_what_waits_has_its_period_too(
    tenu: Gardien, horloge: Horloge, magasin_vide: Magasin
) -> None:
    assert tenu.attente is not None
    with occupe(magasin_vide):
        tenu.garder(echange(question="ANCIEN"))
        horloge.avancer(366)
        eteint = Gardien(tenu.registre, actif=False, attente=tenu.attente)
        eteint.entretenir()
    assert tenu.attente.compter() == 0
    assert b"ANCIEN" not in tenu.attente.path.read_bytes()


def test_what_was_kept_here_before_the_store_has_its_period_too(
    tenu: Gardien, horloge: Horloge, tmp_path: Path
) -> None:
    avant = Registre(tmp_path, 365, horloge)
    avant.ajouter(echange(question="ANCIEN"))
    horloge.avancer(300)
    avant.ajouter(echange(question="RÉCENT", date=horloge()))
    horloge.avancer(66)
    Gardien(tenu.registre, actif=True, attente=tenu.attente, avant=avant).entretenir()
    assert questions(avant) == ["RÉCENT"]


def test_a_server_with_a_store_keeps_its_eye_on_what_it_kept_before(
    magasin_vide: Magasin, tmp_path: Path
) -> None:
    place = Configuration(donnees=tmp_path, modele=None, magasin=magasin_vide.adresse)
    avant = Registre(place.dossier_questions, 365, lambda: datetime(2020, 1, 1, tzinfo=UTC))
    avant.ajouter(echange(date=datetime(2020, 1, 1, tzinfo=UTC)))
    open_keeper(place).entretenir()
    assert questions(avant) == []


def test_an_unreadable_wait_prevents_nothing(tenu: Gardien, lu: Registre) -> None:
    assert tenu.attente is not None
    tenu.attente.path.write_bytes(b"rien de tel" * 500)
    assert tenu.garder(echange(question="un"))
    assert questions(lu) == ["un"]


def test_a_store_that_is_not_there_costs_one_wait_and_no_more(
    serveur_postgres: ServeurPostgres,
    magasin_vide: Magasin,
    tenu: Gardien,
    lu: Registre,
    tmp_path: Path,
) -> None:
    """One page finds it away; another, opened since it is back, brings all that waited."""
    magasin = Magasin(magasin_vide.adresse, replace(PAGE, pause=600))
    registre = Registre(Partage(magasin, DELAIS_PAGE), 365, lambda: JOUR)
    sienne = Gardien(registre, actif=True, attente=Attente(tmp_path))
    assert sienne.garder(echange(question="avant"))
    serveur_postgres.arreter("immediate")
    assert sienne.garder(echange(question="premier"))
    for n in range(4):
        assert sienne.garder(echange(question=f"pendant-{n}"))
    serveur_postgres.lancer()
    magasin.fermer()
    assert magasin.reserve.refus == {"absent": 1, "coupe": 4}
    assert tenu.attente is not None
    assert tenu.garder(echange(question="après"))
    assert tenu.attente.compter() == 0
    lues = questions(lu)
    assert sorted(lues) == sorted(
        ["avant", "premier", *(f"pendant-{n}" for n in range(4)), "après"]
    )


@pytest.mark.long
def test_a_frozen_store_holds_no_answer_and_loses_none(
    serveur_postgres: ServeurPostgres, tenu: Gardien, lu: Registre
) -> None:
    assert tenu.attente is not None
    assert tenu.garder(echange(question="avant"))
    with serveur_postgres.gele():
        for n in range(6):
            # The store says nothing: what ends the wait is the page's own delays.
            assert tenu.garder(echange(question=f"pendant-{n}"))
            tenu.entretenir()
            time.sleep(PAUSE / 2)
        assert tenu.attente.compter() == 6
    time.sleep(PAUSE)
    assert tenu.verser()
    assert sorted(questions(lu)) == ["avant", *(f"pendant-{n}" for n in range(6))]


@pytest.mark.long
def test_a_page_opened_while_the_store_is_frozen_does_not_wait_for_it(
    serveur_postgres: ServeurPostgres, tenu: Gardien
) -> None:
    assert tenu.garder(echange(question="avant"))
    with serveur_postgres.gele():
        tenu.entretenir()
    time.sleep(PAUSE)


def test_the_delays_of_a_page_hold_an_answer_less_than_a_second(magasin_vide: Magasin) -> None:
    bornes = magasin_de_page(magasin_vide.adresse).bornes
    assert DELAIS_PAGE.ecriture is not None
    assert bornes.connexion + DELAIS_PAGE.ecriture < 1


def test_a_store_that_answers_slowly_holds_an_answer_no_longer_than_its_delays(
    magasin_vide: Magasin, magasin_presse: Magasin, lu: Registre, tmp_path: Path
) -> None:
    """No statement is too long by itself; all of them together are."""
    delais = replace(DELAIS_PAGE, ecriture=0.0)
    tenu = Gardien(
        Registre(Partage(magasin_presse, delais), 365, lambda: JOUR),
        actif=True,
        attente=Attente(tmp_path),
    )
    assert tenu.attente is not None
    with magasin_vide.connexion() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION questions.lente() RETURNS trigger LANGUAGE plpgsql AS"
                " $$BEGIN PERFORM pg_sleep(0.28); RETURN NULL; END$$"
            )
        )
        connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER lente AFTER INSERT ON questions.echanges"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION questions.lente()"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER lente_aussi AFTER INSERT ON questions.echanges"
                " FOR EACH ROW EXECUTE FUNCTION questions.lente()"
            )
        )
    try:
        assert tenu.garder(echange(question="un"))
        assert tenu.attente.compter() == 1
    finally:
        with magasin_vide.connexion() as connection:
            connection.execute(text("DROP FUNCTION questions.lente() CASCADE"))
    time.sleep(PAUSE)
    tenu.verser()
    assert questions(lu) == ["un"]


KILLED = """
import sys
from pathlib import Path
from questions_gardees import JOUR, echange
from assistant.questions_posees.envois import Attente
from assistant.questions_posees.gardien import Gardien
from assistant.questions_posees.partage import DELAIS_PAGE, Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.adresse import adresse_de
from corpus.magasin.moteur import Bornes, Magasin
bornes = Bornes(connexion=0.5, requete=0.3, verrou=0.2, pause=0.05)
magasin = Magasin(adresse_de(sys.argv[1]), bornes)
registre = Registre(Partage(magasin, DELAIS_PAGE), 365, lambda: JOUR)
gardien = Gardien(registre, actif=True, attente=Attente(Path(sys.argv[2])))
for numero in range(10_000):
    assert gardien.garder(echange(question=f"question {numero}"))
    print(numero, flush=True)
"""


@pytest.mark.long
def test_a_page_killed_while_its_store_comes_and_goes_loses_nothing_it_kept(
    serveur_postgres: ServeurPostgres, tenu: Gardien, lu: Registre, tmp_path: Path
) -> None:
    """Every exchange that was said to be kept is there, once, whoever brings it."""
    ici = Path(__file__)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(ici.parent), str(ici.parents[2])))
    }
    base = tenu.registre.lieu.magasin.adresse.base
    page = subprocess.Popen(
        [sys.executable, "-c", KILLED, serveur_postgres.url(base), str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert page.stdout is not None
    assert page.stdout.readline() == "0\n"
    for _ in range(3):
        serveur_postgres.arreter("immediate")
        time.sleep(0.3)
        serveur_postgres.lancer()
        time.sleep(0.15)
    page.send_signal(signal.SIGKILL)
    gardees = 1 + len(page.stdout.read().split())
    page.wait(60)
    assert gardees > 20
    time.sleep(PAUSE)
    while not tenu.verser():
        time.sleep(0.05)
    lues = sorted(int(dite.split()[1]) for dite in questions(lu))
    # The one on its way when the page was killed may be there too.
    assert lues in (list(range(gardees)), list(range(gardees + 1)))


def test_the_page_opens_the_log_where_the_environment_says(
    magasin_vide: Magasin, lu: Registre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOG_VARIABLE, "oui")
    configuration = Configuration(donnees=tmp_path, modele=None, magasin=magasin_vide.adresse)
    assert open_keeper(configuration).garder(echange(question="ici"))
    assert questions(lu) == ["ici"]
    assert not configuration.dossier_questions.exists()


@pytest.mark.long
def test_a_machine_whose_clock_jumped_erases_nothing_of_the_store(
    base_postgres: str, serveur_postgres: ServeurPostgres, tmp_path: Path
) -> None:
    """Four hundred days ahead, by libfaketime, in a process of its own."""
    programme = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.configuration import Configuration
from assistant.questions_posees.gardien import LOT, Gardien, open_keeper
from corpus.magasin.adresse import adresse_de
from questions_gardees import echange

gardien = open_keeper(Configuration(
    donnees=Path(sys.argv[1]), modele=None, magasin=adresse_de(sys.argv[2])))
if sys.argv[3] == "garder":
    assert gardien.garder(echange(date=datetime.now(UTC)))
else:
    gardien.entretenir()
"""
    lib = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
    assert lib.is_file(), "paquet faketime absent"

    def run(what: str, **more: str) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ICI.parents[1]}:{ICI}",
            LOG_VARIABLE: "oui",
            **more,
        }
        url = serveur_postgres.url(base_postgres)
        subprocess.run(
            [sys.executable, "-c", programme, str(tmp_path), url, what],
            env=environment,
            check=True,
            timeout=60,
        )

    run("garder")
    run("entretenir", LD_PRELOAD=str(lib), FAKETIME="+400d", FAKETIME_DONT_FAKE_MONOTONIC="1")
    adresse = serveur_postgres.adresse(base_postgres)
    assert Registre(Partage(Magasin(adresse)), 365).compter(Filtres()).total == 1
