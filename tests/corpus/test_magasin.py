"""The shared store's door: its address, its preparation, what it says when it cannot serve."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import text

from corpus.magasin.adresse import MagasinMalRegle, adresse_de, lire_adresse
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Bornes, Magasin
from corpus.magasin.preparation import preparer_magasin
from tests.postgres_lance import ServeurPostgres

RACINE = Path(__file__).resolve().parents[2]
SECRET = "tr3s-s3cr3t"
VITE = Bornes(connexion=0.5, requete=0.3, verrou=0.2, pause=0.3, connexions=2)


@pytest.fixture
def presse(serveur_postgres: ServeurPostgres, base_postgres: str) -> Iterator[Magasin]:
    """A prepared store that nobody waits long for."""
    ouvert = Magasin(serveur_postgres.adresse(base_postgres), VITE)
    yield ouvert
    ouvert.fermer()


def un(magasin: Magasin) -> object:
    with magasin.connexion() as connection:
        return connection.scalar(text("SELECT 1"))


def refus(magasin: Magasin) -> str:
    with pytest.raises(MagasinIndisponible) as caught:
        un(magasin)
    return str(caught.value)


def test_without_the_variable_there_is_no_shared_store() -> None:
    assert lire_adresse({}) is None
    assert lire_adresse({"CLAS_BASE": "  "}) is None


def test_an_address_is_read_whole() -> None:
    lue = adresse_de("postgresql://l%40a:p%2Fw@[::1]:6432/caf%20x?sslmode=require")
    assert (lue.hote, lue.port, lue.base, lue.utilisateur) == ("::1", 6432, "caf x", "l@a")
    assert lue.mot_de_passe == SecretStr("p/w")
    assert lue.options == (("sslmode", "require"),)
    assert str(lue) == "caf x sur [::1]:6432"


@pytest.mark.parametrize(
    ("url", "trouve"),
    [
        (f"mysql://u:{SECRET}@h/b", "ne commence pas"),
        (f"u:{SECRET}@h/b", "ne commence pas"),
        (f"postgresql://u:{SECRET}@/b", "la machine manque"),
        (f"postgresql://:{SECRET}@h/b", "l'utilisateur manque"),
        ("postgresql://h/b", "l'utilisateur manque"),
        (f"postgresql://u:{SECRET}@h", "le nom de la base manque"),
        (f"postgresql://u:{SECRET}@h/a/b", "le nom de la base manque"),
        (f"postgresql://u:{SECRET}@h:99999/b", "le port"),
        (f"postgresql://u:{SECRET}@h:{SECRET}/b", "le port"),
        (f"postgresql://u:{SECRET}@[h/b", "le port"),
        (f"postgresql://u:a#{SECRET}@h/b", "#"),
        (f"postgresql://u:a {SECRET}@h/b", "espace"),
        (f"postgresql://u:{SECRET}%00@h/b", "nul"),
        (f"postgresql://u:{SECRET}@h/b?options=-c", "sslmode"),
    ],
)
def test_another_address_is_refused_without_its_password(url: str, trouve: str) -> None:
    with pytest.raises(MagasinMalRegle) as caught:
        lire_adresse({"CLAS_BASE": url})
    dit = str(caught.value)
    assert trouve in dit
    assert "postgresql://utilisateur:motdepasse@machine:port/base" in dit
    assert SECRET not in dit


def test_a_password_is_never_shown() -> None:
    adresse = adresse_de(f"postgresql://u:{SECRET}@h/b")
    assert SECRET not in f"{adresse} {adresse!r} {Magasin(adresse)!r} {Magasin(adresse).moteur!r}"


def test_a_prepared_store_serves(magasin: Magasin) -> None:
    assert un(magasin) == 1


def test_preparing_again_does_nothing(magasin: Magasin) -> None:
    assert preparer_magasin(magasin) is False


def test_a_block_that_raises_leaves_nothing(magasin: Magasin) -> None:
    def ecrire() -> None:
        with magasin.connexion() as connection:
            connection.execute(text("CREATE TABLE public.essai (n int)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ecrire()
    with magasin.connexion() as connection:
        assert connection.scalar(text("SELECT to_regclass('public.essai')")) is None


def test_several_machines_prepare_one_store(serveur_postgres: ServeurPostgres) -> None:
    serveur_postgres.creer("a_preparer")
    magasins = [Magasin(serveur_postgres.adresse("a_preparer")) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(preparer_magasin, magasins)) == [False, False, False, True]
    for magasin in magasins:
        assert un(magasin) == 1
        magasin.fermer()
    serveur_postgres.supprimer("a_preparer")


def test_a_store_never_prepared_says_what_to_do(serveur_postgres: ServeurPostgres) -> None:
    magasin = Magasin(serveur_postgres.adresse("template1"))
    assert "n'a jamais été préparé : lancez « clas preparer »" in refus(magasin)
    magasin.fermer()


def test_a_store_of_a_later_program_is_left_alone(
    serveur_postgres: ServeurPostgres, magasin: Magasin
) -> None:
    serveur_postgres.ordonner(
        sql.SQL("UPDATE public.alembic_version SET version_num = 'demain'"),
        base=magasin.adresse.base,
    )
    assert "version plus récente du programme" in refus(magasin)
    with pytest.raises(MagasinIndisponible, match="plus récente"):
        preparer_magasin(magasin)


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"mot_de_passe": SecretStr(SECRET)}, "refuse l'utilisateur ou le mot de passe"),
        ({"base": "nulle_part"}, "la base n'existe pas"),
        ({"port": 1}, "ne répond pas"),
        ({"hote": "personne.invalid"}, "ne répond pas"),
    ],
)
def test_what_prevents_the_store_is_said(
    serveur_postgres: ServeurPostgres, champs: dict[str, object], dit: str
) -> None:
    said = refus(Magasin(serveur_postgres.adresse(**champs)))
    assert dit in said
    assert SECRET not in said
    assert serveur_postgres.mot_de_passe not in said


@pytest.mark.parametrize(
    ("ordre", "dit"),
    [
        ("SELECT pg_sleep(5)", "trop longtemps"),
        ("SELECT set_config('transaction_read_only', 'on', true), nextval('s')", "lecture seule"),
        ("SELECT * FROM public.absente", "clas preparer"),
        ("DO $$BEGIN RAISE SQLSTATE '53100'; END$$", "plus de place"),
        ("DO $$BEGIN RAISE SQLSTATE 'P0001'; END$$", "PostgreSQL répond P0001"),
    ],
)
def test_what_a_server_refuses_is_said(presse: Magasin, ordre: str, dit: str) -> None:
    def ecrire() -> None:
        with presse.connexion() as connection:
            connection.execute(text("CREATE SEQUENCE s"))
            connection.execute(text(ordre))

    with pytest.raises(MagasinIndisponible, match=dit):
        ecrire()
    assert un(presse) == 1


def test_a_held_lock_is_not_waited_for(presse: Magasin, magasin: Magasin) -> None:
    prendre = text("LOCK TABLE questions.echanges")
    with magasin.connexion() as tient:
        tient.execute(prendre)
        with (
            pytest.raises(MagasinIndisponible, match="un autre programme l'occupe"),
            presse.connexion() as attend,
        ):
            attend.execute(prendre)


def test_a_server_started_again_is_found_again(
    serveur_postgres: ServeurPostgres, magasin: Magasin
) -> None:
    assert un(magasin) == 1
    serveur_postgres.arreter("fast")
    serveur_postgres.lancer()
    assert un(magasin) == 1


def test_all_that_a_transaction_does_has_a_time(presse: Magasin) -> None:
    def lente() -> None:
        with presse.connexion(total=0) as connection:
            for _ in range(5):
                connection.execute(text("SELECT pg_sleep(0.2)"))

    with pytest.raises(MagasinIndisponible, match="ne répond plus"):
        lente()
    time.sleep(VITE.pause)
    # The time of one transaction is not that of the next.
    with presse.connexion(total=0) as connection:
        connection.execute(text("SELECT 1"))
    time.sleep(VITE.connexion)
    with presse.moteur.connect() as connection:
        assert connection.scalar(text("SELECT pg_sleep(0.1) IS NOT NULL"))


@pytest.mark.long
def test_a_frozen_server_holds_nobody(serveur_postgres: ServeurPostgres, presse: Magasin) -> None:
    """It says nothing: what ends the wait is ours alone."""
    assert un(presse) == 1
    with serveur_postgres.gele():
        assert "ne répond plus" in refus(presse)
        time.sleep(VITE.pause)
        # No line is open any more: this time it is the connection that is waited for.
        refus(presse)
        assert presse.reserve.refus == {"absent": 2}
    time.sleep(VITE.pause)
    assert un(presse) == 1


@pytest.mark.long
def test_a_frozen_server_is_waited_for_once_and_left_alone_for_a_while(
    serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    patient = Magasin(serveur_postgres.adresse(base_postgres), replace(VITE, pause=600))
    assert un(patient) == 1
    with serveur_postgres.gele():
        assert {refus(patient) for _ in range(20)} == {refus(patient)}
    assert patient.reserve.refus == {"absent": 1, "coupe": 20}
    patient.fermer()


def test_a_server_frozen_within_a_transaction_holds_nobody(
    serveur_postgres: ServeurPostgres, presse: Magasin
) -> None:
    def interrompue() -> None:
        with presse.connexion() as ici, serveur_postgres.gele():
            ici.execute(text("SELECT 1"))

    with pytest.raises(MagasinIndisponible, match="ne répond plus"):
        interrompue()
    time.sleep(VITE.pause)
    assert un(presse) == 1


def test_the_server_takes_no_other_password_than_its_own(serveur_postgres: ServeurPostgres) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(serveur_postgres.url().replace(serveur_postgres.mot_de_passe, "autre"))


def test_a_missing_package_is_named_with_what_installs_it() -> None:
    script = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from corpus.magasin.adresse import MagasinMalRegle, adresse_de\n"
        "from corpus.magasin.ouverture import ouvrir_magasin\n"
        "try:\n    ouvrir_magasin(adresse_de('postgresql://u@h/b'))\n"
        "except MagasinMalRegle as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"PYTHONPATH": str(RACINE), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert "« psycopg » manque" in done.stdout, done.stderr
    assert "pip install .[serveur]" in done.stdout


@pytest.mark.long
def test_the_embedded_program_needs_none_of_its_packages() -> None:
    """With nothing in ``CLAS_BASE``, what a page imports leaves them where they are."""
    script = (
        "import sys, assistant.cli, assistant.dialogue.conseiller, corpus.magasin.ouverture\n"
        "import assistant.questions_posees.gardien, assistant.avis.registre\n"
        "assert not {'psycopg', 'alembic', 'pgvector'} & set(sys.modules), 'importés'\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "CLAS_BASE"}
    environment["PYTHONPATH"] = str(RACINE)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
