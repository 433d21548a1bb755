"""Destroyed and brought back, for real: nothing is lost, the answers are the same to the bit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from essais import Clas
from etat_entier import (
    etat,
    mettre_en_commun,
    petite_installation,
    registre_de_place,
    remplir,
    reponses,
)
from exploitation import changer_un_octet, diagnostic, environnement, installer_comme, nommes
from questions_gardees import echange
from sqlalchemy import text

from assistant.cli import DONE
from assistant.configuration import FOLDER_VARIABLE, Configuration
from assistant.publication.etat import open_base
from assistant.questions_posees.models import Filtres
from assistant.sauvegarde.lecture import verifier
from assistant.sauvegarde.modeles import ArchiveRefusee, SauvegardeImpossible
from assistant.sauvegarde.partage import GARDEES, LAISSEES
from assistant.sauvegarde.restaurer import extraire, restaurer
from assistant.sauvegarde.sauvegarder import sauvegarder
from corpus.base.models import Evenement, Retrait
from corpus.base.store import Base
from corpus.magasin.moteur import Magasin
from corpus.magasin.preparation import preparer_dans
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

ICI = Path(__file__).parent


@pytest.fixture(scope="module")
def petite(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small installation, to be copied."""
    return petite_installation(donnees, tmp_path_factory.mktemp("petite") / "donnees").donnees


@pytest.fixture
def place(petite: Path, tmp_path: Path) -> Configuration:
    """An installation with something of everything."""
    place = Configuration(donnees=installer_comme(petite, tmp_path / "donnees"), modele=None)
    remplir(place)
    return place


@pytest.fixture
def commune(petite: Path, tmp_path: Path, magasin: Magasin) -> Configuration:
    """The same, in a shared store."""
    place = Configuration(
        donnees=installer_comme(petite, tmp_path / "commune"), modele=None, magasin=magasin.adresse
    )
    mettre_en_commun(place)
    remplir(place)
    return place


@pytest.fixture
def autre_base(serveur_postgres: ServeurPostgres, base_postgres: str) -> Iterator[Magasin]:
    """A base that nothing has prepared yet."""
    nom = f"{base_postgres}_neuve"
    serveur_postgres.creer(nom)
    ouvert = Magasin(serveur_postgres.adresse(nom))
    yield ouvert
    ouvert.fermer()
    serveur_postgres.supprimer(nom)


def sauver(place: Configuration, cible: Path, **options: bool) -> Path:
    sauvegarder(place, cible, annonce=lambda _: None, **options)
    return cible


def ramener(archive: Path, dossier: Path, magasin: Magasin | None = None) -> Configuration:
    """Bring back, with the model that the archive has not."""
    adresse = magasin.adresse if magasin else None
    bilan = restaurer(archive, dossier, adresse, annonce=lambda _: None)
    assert bilan.constats == ()
    return Configuration(donnees=dossier, modele=None, magasin=adresse)


def modele_de(source: Path, place: Configuration) -> Configuration:
    (place.donnees / "modele").symlink_to((source / "modele").resolve())
    return place


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


def test_a_damaged_archive_touches_nothing(place: Configuration, tmp_path: Path) -> None:
    archive = sauver(place, tmp_path / "s.tar.gz")
    changer_un_octet(archive)
    with pytest.raises(ArchiveRefusee):
        ramener(archive, tmp_path / "autre")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["donnees", "s.tar.gz"]


def test_what_is_damaged_is_not_saved_as_if_it_were_whole(
    place: Configuration, tmp_path: Path
) -> None:
    changer_un_octet(next((place.dossier_index / "versions").glob("*/vectors.npy")))
    with pytest.raises(SauvegardeImpossible, match=r"vectors\.npy"):
        sauver(place, tmp_path / "s.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["donnees"]


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


PAS = """
import shutil, sys
from pathlib import Path
from publication_en_petit import Effects, in_a_child
from assistant.configuration import Configuration
from assistant.sauvegarde.lecture import verifier
from assistant.sauvegarde.restaurer import comptes_de, restaurer
from assistant.sauvegarde.sauvegarder import sauvegarder

quoi, source, travail = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
place = Configuration(donnees=source, modele=None)
archive, dossier, compte = travail / "s.tar.gz", travail / "r", travail.parent / "compte"

def faire():
    if quoi == "sauvegarder":
        sauvegarder(place, archive, annonce=lambda _: None)
    else:
        restaurer(source, dossier, None, annonce=lambda _: None)

def arrete_a(pas):
    def mener():
        effets = Effects(pas, "kill")
        effets.watch()
        faire()
        compte.write_text(str(effets.seen))
        return 0
    return in_a_child(mener)

def entier():
    if quoi == "sauvegarder":
        if archive.exists():
            verifier(archive)
        return archive.exists()
    if dossier.exists():
        attendu = dict(verifier(source)[1].comptes)
        assert comptes_de(Configuration(donnees=dossier, modele=None)) == attendu
    return dossier.exists()

def vide():
    for path in (archive, dossier):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

assert arrete_a(0) == 0 and entier()
total = int(compte.read_text())
vide()
pas = sorted({1, 5, total // 2, total - 12, *range(total - 2, total + 1)})
faits = []
for un in pas:
    assert arrete_a(un) is None, un
    faits.append(entier())
    vide()
assert arrete_a(0) == 0 and entier()
laisses = sorted(path.name for path in travail.iterdir())
assert laisses == [archive.name if quoi == "sauvegarder" else dossier.name], laisses
print(total, faits)
"""


@pytest.mark.parametrize("quoi", ["sauvegarder", "restaurer"])
def test_killed_anywhere_it_leaves_all_or_nothing(
    quoi: str, place: Configuration, tmp_path: Path
) -> None:
    source = place.donnees
    if quoi == "restaurer":
        source = sauver(place, tmp_path / "source.tar.gz")
    travail = tmp_path / "travail"
    travail.mkdir()
    fait = subprocess.run(
        [sys.executable, "-c", PAS, quoi, str(source), str(travail)],
        env={**os.environ, "PYTHONPATH": f"{ICI.parents[1]}:{ICI}"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert fait.returncode == 0, fait.stderr
    assert "False" in fait.stdout


REMPLIR = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from assistant.sauvegarde import remplissage
from assistant.sauvegarde.restaurer import restaurer
from corpus.magasin.adresse import adresse_de

archive, dossier, url, quand = sys.argv[1:]
original = getattr(remplissage, quand)
def mourir(*reste):
    original(*reste)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(remplissage, quand, mourir)
restaurer(Path(archive), Path(dossier), adresse_de(url), annonce=lambda _: None)
"""


def test_killed_while_it_fills_a_store_it_leaves_the_base_empty(
    place: Configuration,
    petite: Path,
    autre_base: Magasin,
    serveur_postgres: ServeurPostgres,
    tmp_path: Path,
) -> None:
    avant = etat(place)
    archive, dossier = sauver(place, tmp_path / "s.tar.gz"), tmp_path / "autre"
    url = serveur_postgres.url(autre_base.adresse.base)
    for quand in ("_base", "_index", "_verifier"):
        fait = subprocess.run(
            [sys.executable, "-c", REMPLIR, str(archive), str(dossier), url, quand],
            env={**os.environ, "PYTHONPATH": f"{ICI.parents[1]}:{ICI}"},
            timeout=120,
            check=False,
        )
        assert fait.returncode == -9
        assert not dossier.exists()
    assert etat(modele_de(petite, ramener(archive, dossier, autre_base))) == avant
    assert not list(tmp_path.glob(".autre.*"))


@contextmanager
def petit_disque(ou: Path, mio: int) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("monter un disque demande d'être root")
    ou.mkdir()
    fait = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mio}m", "tmpfs", ou], check=False)
    if fait.returncode != 0:
        pytest.skip("cette machine ne laisse pas monter de disque")
    try:
        yield ou
    finally:
        subprocess.run(["umount", ou], check=True)


def test_a_full_disk_is_said_and_leaves_nothing(place: Configuration, tmp_path: Path) -> None:
    archive = sauver(place, tmp_path / "s.tar.gz")
    with petit_disque(tmp_path / "disque", 8) as disque:
        with pytest.raises(SauvegardeImpossible, match="vérifiez la place libre"):
            sauver(place, disque / "s.tar.gz")
        assert list(disque.iterdir()) == []
        with pytest.raises(SauvegardeImpossible, match="libérez de la place"):
            ramener(archive, disque / "donnees")
        assert list(disque.iterdir()) == []
    assert verifier(archive)


def test_a_store_is_filled_only_where_the_folder_has_its_room(
    place: Configuration, autre_base: Magasin, tmp_path: Path
) -> None:
    """What a restoration has no room for is said before, and the same command works after."""
    archive = sauver(place, tmp_path / "s.tar.gz")
    with petit_disque(tmp_path / "disque", 200) as disque:
        dossier = disque / "donnees"
        (dossier / "modele").mkdir(parents=True)
        (dossier / "modele" / "poids.onnx").write_bytes(b"0" * (100 << 20))
        with pytest.raises(SauvegardeImpossible, match="libérez de la place") as refus:
            remplacer(archive, dossier, autre_base)
        assert "Errno" not in str(refus.value)
        assert [path.name for path in disque.iterdir()] == ["donnees"]
    dossier.mkdir(parents=True)
    assert remplacer(archive, dossier, autre_base) is None


def remplacer(archive: Path, dossier: Path, magasin: Magasin) -> Path | None:
    """Where what was there went."""
    return restaurer(
        archive, dossier, magasin.adresse, remplacer=True, annonce=lambda _: None
    ).ecarte


def test_what_moved_goes_back_where_the_store_does_not_take_it(
    place: Configuration, autre_base: Magasin, tmp_path: Path
) -> None:
    """The base refuses at the very end, when it is committed."""
    archive = sauver(place, tmp_path / "s.tar.gz")
    dossier = tmp_path / "autre"
    dossier.mkdir()
    (dossier / "temoin").write_text("ici", "utf-8")
    with autre_base.connexion(preparer=True) as connection:
        preparer_dans(connection, str(autre_base.adresse))
    with autre_base.connexion() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION refuser() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RAISE EXCEPTION 'non'; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER refuser AFTER INSERT ON base.pieces"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuser()"
            )
        )
    with pytest.raises(SauvegardeImpossible):
        remplacer(archive, dossier, autre_base)
    assert [path.name for path in dossier.iterdir()] == ["temoin"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["autre", "donnees", "s.tar.gz"]
    with autre_base.connexion() as connection:
        connection.execute(text("DROP FUNCTION refuser CASCADE"))
    ecarte = remplacer(archive, dossier, autre_base)
    assert ecarte is not None
    assert (ecarte / "temoin").is_file()
