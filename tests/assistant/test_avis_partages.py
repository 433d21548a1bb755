"""Marks in the shared store: held by every replica, known even when the store is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from test_avis_journal import CIBLE, avis

from assistant.avis.actes import mark
from assistant.avis.journal import Journal
from assistant.avis.models import AvisInutilisables
from assistant.avis.partage import FRAICHEUR, JournalPartage
from assistant.avis.registre import Registre, open_marks
from assistant.configuration import Configuration
from corpus.magasin.moteur import Bornes, Magasin
from tests.postgres_lance import ServeurPostgres, attendre

PAUSE = 0.3


@pytest.fixture
def presse(magasin_vide: Magasin) -> Iterator[Magasin]:
    """The store as a page opens it, though tried again sooner."""
    bornes = Bornes(connexion=0.5, requete=1.0, verrou=0.5, pause=PAUSE, connexions=4)
    ouvert = Magasin(magasin_vide.adresse, bornes)
    yield ouvert
    ouvert.fermer()


def replique(magasin: Magasin, dossier: Path) -> Registre:
    return Registre(JournalPartage(magasin, Journal(dossier)))


def test_a_mark_holds_for_another_replica_within_a_second(
    magasin_vide: Magasin, tmp_path: Path
) -> None:
    ici, ailleurs = (replique(magasin_vide, tmp_path / nom) for nom in ("ici", "ailleurs"))
    assert ailleurs.marques().derniers == {}
    mark(ici, CIBLE, "faux", "le nombre est faux", "Une agente")
    assert [a.statut for a in ici.marques().derniers.values()] == ["faux"]
    assert FRAICHEUR <= 1
    time.sleep(FRAICHEUR)
    assert ailleurs.marques().derniers


def test_of_many_writers_at_once_none_loses_a_mark(magasin_vide: Magasin, tmp_path: Path) -> None:
    def ecrire(nom: str) -> None:
        ici = replique(magasin_vide, tmp_path / nom)
        for numero in range(15):
            ici.add(avis(auteur=nom, cible=f"{nom}-{numero}"))

    noms = ("une", "deux", "trois", "quatre")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ecrire, noms))
    historique = replique(magasin_vide, tmp_path / "lu").marques().historique
    assert len(historique) == 60
    for nom in noms:
        siens = [a.cible for a in historique if a.auteur == nom]
        assert siens == [f"{nom}-{numero}" for numero in range(15)]


def test_a_damaged_row_is_told_and_hides_no_other(magasin_vide: Magasin, tmp_path: Path) -> None:
    registre = replique(magasin_vide, tmp_path)
    for statut in ("verifie", "faux", "douteux"):
        registre.add(avis(statut=statut, commentaire="x", cible=f"essai-{statut}"))
    with magasin_vide.connexion() as connection:
        connection.execute(
            text(
                "UPDATE avis.marques SET ligne = replace(ligne, 'faux', 'verifie') WHERE numero = 2"
            )
        )
    marques = registre.marques()
    assert [a.statut for a in marques.historique] == ["verifie", "douteux"]
    assert marques.abimees == (2,)


def test_a_store_that_is_away_leaves_the_marks_known_and_refuses_others(
    serveur_postgres: ServeurPostgres, presse: Magasin, tmp_path: Path
) -> None:
    registre = replique(presse, tmp_path)
    registre.add(avis(statut="faux", commentaire="x"))
    assert registre.marques().alerte == ""
    serveur_postgres.arreter("immediate")
    try:
        with pytest.raises(AvisInutilisables, match="n'ont pas pu être écrits"):
            registre.add(avis(cible="autre"))
        # A replica that starts meanwhile on this machine knows them too.
        for reste in (registre, replique(presse, tmp_path)):
            marques = reste.marques()
            assert [a.statut for a in marques.derniers.values()] == ["faux"]
            assert "n'ont pas pu être lus" in marques.alerte
    finally:
        serveur_postgres.lancer()
    attendre(lambda: registre.marques().alerte == "")


@pytest.mark.long
def test_a_frozen_store_is_not_waited_for_at_each_answer(
    serveur_postgres: ServeurPostgres, presse: Magasin, tmp_path: Path
) -> None:
    registre = replique(presse, tmp_path)
    registre.add(avis(statut="faux", commentaire="x"))
    assert registre.marques().alerte == ""
    time.sleep(FRAICHEUR)
    with serveur_postgres.gele():
        for _ in range(20):
            assert registre.marques().derniers
        # Once, and no other before a second; each wait is its own.
        assert 1 <= presse.reserve.refus["absent"] <= 5
    attendre(lambda: registre.marques().alerte == "")


def test_marks_are_opened_where_the_configuration_says(
    magasin_vide: Magasin, tmp_path: Path
) -> None:
    configuration = Configuration(donnees=tmp_path, modele=None, magasin=magasin_vide.adresse)
    open_marks(configuration).add(avis(cible="partagée"))
    lues = replique(magasin_vide, tmp_path / "autre").marques().historique
    assert [a.cible for a in lues] == ["partagée"]
    assert not (tmp_path / "avis" / "journal.jsonl").exists()
