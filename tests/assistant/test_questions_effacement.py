"""The log of questions: what is past its period is gone for good."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from questions_gardees import DANS_UN_FICHIER, JOUR, Horloge, echange, gardien, octets, questions

from assistant.questions_posees import fichier as fichier_module
from assistant.questions_posees import gardien as gardien_module
from assistant.questions_posees import partage as partage_module
from assistant.questions_posees.models import (
    Filtres,
    QuestionsInutilisables,
)
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.moteur import Magasin


@DANS_UN_FICHIER
def test_what_is_past_its_period_is_gone_from_the_bytes(
    registre: Registre, horloge: Horloge
) -> None:
    vieux = [echange(question=f"ANCIEN-{n} " + "z" * (n * 137 % 2_900)) for n in range(40)]
    for garde in vieux:
        registre.ajouter(garde)
        registre.noter(garde.cle, "pas_utile", f"REMARQUE {garde.question}")
    horloge.avancer(200)
    for n in range(15):
        registre.ajouter(echange(question=f"RECENT-{n} " + "y" * (n * 197), date=horloge()))
    horloge.avancer(166)
    ouvert = sqlite3.connect(registre.lieu.path)
    ouvert.execute("SELECT count(*) FROM echanges").fetchone()
    assert b"ANCIEN" in octets(registre)
    assert registre.purger() == 40
    restes = octets(registre)
    ouvert.close()
    assert b"ANCIEN" not in restes
    assert b"REMARQUE" not in restes
    assert restes.count(b"RECENT-") >= 15
    assert len(questions(registre)) == 15
    assert registre.purger() == 0


def test_what_is_past_its_period_is_gone_from_the_tables_of_the_store(
    magasin_vide: Magasin, horloge: Horloge
) -> None:
    registre = Registre(Partage(magasin_vide), 365, horloge)
    for n in range(20):
        garde = echange(question=f"ANCIEN-{n} " + "z" * (n * 137 % 2_900))
        registre.ajouter(garde)
        registre.noter(garde.cle, "pas_utile", f"REMARQUE {garde.question}")
    horloge.avancer(366)
    registre.ajouter(echange(question="RECENT", date=horloge()))
    assert b"ANCIEN" in octets(registre)
    assert registre.purger() == 20
    restes = octets(registre)
    assert b"ANCIEN" not in restes
    assert b"REMARQUE" not in restes
    assert b"RECENT" in restes


def test_a_reader_that_holds_what_is_erased_is_told_and_the_erasure_taken_up_again(
    tmp_path: Path, horloge: Horloge
) -> None:
    registre = Registre(tmp_path, 1, horloge, patience=0.05)
    registre.ajouter(echange(question="ANCIEN"))
    horloge.avancer(2)
    lecteur = sqlite3.connect(registre.lieu.path)
    lecteur.execute("BEGIN")
    lecteur.execute("SELECT count(*) FROM echanges").fetchone()
    with pytest.raises(QuestionsInutilisables):
        registre.purger()
    assert questions(registre) == []
    lecteur.close()
    assert registre.purger() == 0
    assert b"ANCIEN" not in octets(registre)


def test_what_is_past_its_period_is_shown_no_more_even_before_it_is_erased(
    registre: Registre, horloge: Horloge
) -> None:
    registre.ajouter(echange())
    horloge.avancer(365)
    assert questions(registre)
    horloge.avancer(1)
    assert not questions(registre)
    assert registre.compter(Filtres()).total == 0


def test_an_exchange_of_the_last_day_is_kept_and_one_older_is_not(
    tmp_path: Path, horloge: Horloge
) -> None:
    registre = Registre(tmp_path, 30, horloge)
    for jours in (29, 30, 31):
        registre.ajouter(echange(question=f"{jours}", date=JOUR - timedelta(days=jours)))
    assert registre.purger() == 1
    assert questions(registre) == ["30", "29"]


def test_too_many_exchanges_drive_out_the_oldest(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fichier_module, "PLUS", 5)
    monkeypatch.setattr(partage_module, "PLUS", 5)
    monkeypatch.setattr(gardien_module, "TOUS_LES", 10)
    tenu = gardien(registre)
    for numero in range(1, 11):
        assert tenu.garder(echange(question=f"{numero}"))
    assert questions(registre) == ["10", "9", "8", "7", "6"]


def test_everything_can_be_erased(registre: Registre) -> None:
    garde = echange(question="ANCIEN")
    registre.ajouter(garde)
    registre.noter(garde.cle, "utile", "ANCIEN aussi")
    assert registre.vider() == 1
    assert b"ANCIEN" not in octets(registre)
    registre.ajouter(echange())
    # A number is never given twice: an export made before still says which exchange it was.
    assert registre.lister(Filtres(), 10).lignes[0].numero == 2
