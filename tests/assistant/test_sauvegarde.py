"""Destroyed and brought back, for real: nothing is lost, the answers are the same to the bit."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from essais import Clas
from etat_entier import (
    etat,
    registre_de_place,
    reponses,
)
from exploitation import diagnostic, environnement, installer_comme, nommes
from questions_gardees import echange
from sauvegardes import modele_de, ramener, sauver
from sqlalchemy import text

from assistant.cli import DONE
from assistant.configuration import FOLDER_VARIABLE, Configuration
from assistant.publication.etat import open_base
from assistant.questions_posees.models import Filtres
from assistant.sauvegarde.lecture import verifier
from assistant.sauvegarde.modeles import SauvegardeImpossible
from assistant.sauvegarde.partage import GARDEES, LAISSEES
from assistant.sauvegarde.restaurer import extraire, restaurer
from corpus.base.models import Evenement, Retrait
from corpus.base.store import Base
from corpus.magasin.moteur import Magasin
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long


def test_a_folder_that_was_destroyed_comes_back_whole(
    place: Configuration, petite: Path, tmp_path: Path
) -> None:
    avant = etat(place)
    archive = sauver(place, tmp_path / "s.tar.gz")
    shutil.rmtree(place.donnees)
    rendue = modele_de(petite, ramener(archive, place.donnees))
    assert etat(rendue) == avant
    assert (rendue.donnees / "questions").stat().st_mode & 0o077 == 0
    environ = environnement(rendue.donnees)
    noms = ["index", "citations", "brouillon", "questions posées", "questions en attente", "droits"]
    assert set(nommes(diagnostic(environ, noms))) <= {"questions en attente"}


def test_what_to_do_next_is_said_of_the_folder_that_was_brought_back(
    place: Configuration, tmp_path: Path, clas: Clas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(place.donnees))
    archive, ailleurs = tmp_path / "s.tar.gz", tmp_path / "un autre dossier"
    assert clas("sauvegarder", str(archive)).status == DONE
    sortie = clas("restaurer", str(archive), "--dans", str(ailleurs))
    assert sortie.status == DONE
    assert f"« {FOLDER_VARIABLE}='{ailleurs}' clas preparer »" in sortie.out
    assert f"« {FOLDER_VARIABLE}='{ailleurs}' clas diagnostic »" in sortie.out
    assert str(place.donnees) not in sortie.out


def test_only_an_archive_that_holds_what_people_asked_is_to_be_kept_as_a_secret(
    place: Configuration, tmp_path: Path, clas: Clas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(place.donnees))
    avec = clas("sauvegarder", str(tmp_path / "avec.tar.gz"))
    shutil.rmtree(place.donnees / "questions")
    sans = clas("sauvegarder", str(tmp_path / "sans.tar.gz"))
    secret = "ce que des personnes ont demandé"
    assert (secret in avec.out, secret in sans.out) == (True, False)


def test_answers_of_the_whole_index_are_the_same_to_the_bit(donnees: Path, tmp_path: Path) -> None:
    place = Configuration(donnees=installer_comme(donnees, tmp_path / "donnees"), modele=None)
    avant = reponses(place)
    archive = sauver(place, tmp_path / "s.tar.gz")
    shutil.rmtree(place.donnees)
    assert reponses(modele_de(donnees, ramener(archive, place.donnees))) == avant


def test_a_store_that_was_destroyed_comes_back_whole(
    commune: Configuration,
    petite: Path,
    autre_base: Magasin,
    tmp_path: Path,
    serveur_postgres: ServeurPostgres,
) -> None:
    assert commune.magasin is not None
    avant = etat(commune)
    archive = sauver(commune, tmp_path / "s.tar.gz")
    serveur_postgres.supprimer(commune.magasin.base)
    shutil.rmtree(commune.donnees)
    rendue = modele_de(petite, ramener(archive, commune.donnees, autre_base))
    assert etat(rendue) == avant
    # What is added now comes after what came back.
    registre_de_place(rendue).ajouter(echange(cle="e" * 32))
    assert registre_de_place(rendue).compter(Filtres()).total == 8
    # And what was in a store comes back to a folder as well.
    seule = modele_de(petite, ramener(archive, tmp_path / "seule"))
    assert etat(seule) == avant


def test_what_was_in_a_folder_comes_back_to_a_store(
    place: Configuration, petite: Path, autre_base: Magasin, tmp_path: Path
) -> None:
    avant = etat(place)
    archive = sauver(place, tmp_path / "s.tar.gz")
    assert etat(modele_de(petite, ramener(archive, tmp_path / "autre", autre_base))) == avant


def test_a_store_that_lives_is_left_as_it_is(
    place: Configuration, commune: Configuration, magasin: Magasin, tmp_path: Path
) -> None:
    archive = sauver(place, tmp_path / "s.tar.gz")
    with pytest.raises(SauvegardeImpossible, match="n'est pas vide"):
        ramener(archive, tmp_path / "autre", magasin)
    assert not (tmp_path / "autre").exists()
    assert registre_de_place(commune).compter(Filtres()).total == 7


def test_every_table_of_the_store_is_saved_or_left_knowingly(magasin: Magasin) -> None:
    with magasin.connexion() as connection:
        tables = connection.scalars(
            text(
                "SELECT schemaname || '.' || tablename FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        )
        assert set(tables) == GARDEES | LAISSEES


def test_a_folder_that_lives_is_left_as_it_is_unless_it_is_to_be_moved_aside(
    place: Configuration, tmp_path: Path
) -> None:
    archive = sauver(place, tmp_path / "s.tar.gz", questions=False)
    with pytest.raises(SauvegardeImpossible, match="n'est pas vide"):
        ramener(archive, place.donnees)
    bilan = restaurer(archive, place.donnees, None, remplacer=True, annonce=lambda _: None)
    assert bilan.ecarte is not None
    assert registre_de_place(place).compter(Filtres()).total == 0
    ecartee = Configuration(donnees=bilan.ecarte, modele=None)
    assert registre_de_place(ecartee).compter(Filtres()).total == 7
    assert (place.donnees / "modele").exists()


def test_the_model_comes_with_it_when_it_is_asked_for(donnees: Path, tmp_path: Path) -> None:
    place = Configuration(donnees=installer_comme(donnees, tmp_path / "donnees"), modele=None)
    archive = sauver(place, tmp_path / "s.tar.gz", modele=True)
    rendue = ramener(archive, tmp_path / "autre")
    noms = ["modèle", "vecteurs du modèle", "index et modèle"]
    assert nommes(diagnostic(environnement(rendue.donnees), noms)) == {}


@pytest.mark.parametrize("ou", ["place", "commune"])
def test_all_is_of_one_moment_while_people_ask_and_somebody_publishes(
    ou: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Somebody changes the draft and the journal together; somebody else asks, in order."""
    vivante: Configuration = request.getfixturevalue(ou)
    fin = threading.Event()
    rates: list[str] = []

    def tenir() -> None:
        base, rang = open_base(vivante), 2
        while not fin.is_set():
            with base.writing(wait=True), base.together():
                rang += 1
                changer_le_brouillon(base, rang)
            fin.wait(0.05)
        rates.append(f"tenus {rang}")

    def demander() -> None:
        registre, rang = registre_de_place(vivante), 6
        while not fin.is_set():
            rang += 1
            registre.ajouter(echange(cle=f"{rang:032x}", question=f"Question n° {rang}"))
            fin.wait(0.01)
        rates.append(f"posees {rang}")

    fils = [threading.Thread(target=quoi) for quoi in (tenir, demander)]
    for fil in fils:
        fil.start()
    try:
        archives = [sauver(vivante, tmp_path / f"{rang}.tar.gz") for rang in range(2)]
    finally:
        fin.set()
        for fil in fils:
            fil.join()
    assert len(rates) == 2, rates
    for archive in archives:
        dossier = archive.with_suffix(".dossier")
        dossier.mkdir()
        extraire(archive, dossier, verifier(archive))
        rendue = Configuration(donnees=dossier, modele=None)
        base, registre = open_base(rendue), registre_de_place(rendue)
        brouillon = base.read_draft()
        assert brouillon is not None
        # The act and what it did are both there, or neither is.
        assert len(base.journal_lines()) in (2, len(brouillon.retraits))
        lues = registre.lister(Filtres(), 100_000)
        cles = sorted(int(ligne.echange.cle, 16) for ligne in lues.lignes)
        assert cles == list(range(len(cles)))


def changer_le_brouillon(base: Base, rang: int) -> None:
    """A change of the draft that tells how many acts there were, and the act."""
    brouillon = base.read_draft()
    assert brouillon is not None
    retraits = tuple(Retrait(genre="fiche", nom=f"fiche-{n}", raison="essai") for n in range(rang))
    base.write_draft(brouillon.model_copy(update={"retraits": retraits}))
    base.log(
        Evenement(date=datetime.now(UTC), auteur="Camille", action="modifier", objet=str(rang))
    )
