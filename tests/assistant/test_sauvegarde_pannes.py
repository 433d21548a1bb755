"""Damage, death at any step, a full disk, a base that refuses: all is done, or nothing is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from etat_entier import etat
from exploitation import changer_un_octet
from sauvegardes import modele_de, ramener, sauver
from sqlalchemy import text

from assistant.configuration import Configuration
from assistant.sauvegarde.lecture import verifier
from assistant.sauvegarde.modeles import ArchiveRefusee, SauvegardeImpossible
from assistant.sauvegarde.restaurer import restaurer
from corpus.magasin.moteur import Magasin
from corpus.magasin.preparation import preparer_dans
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

ICI = Path(__file__).parent


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
