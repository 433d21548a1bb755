"""Faults seeded for real: each is named, with what to do of it, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from etat_entier import mettre_en_commun, remplir
from exploitation import changer_un_octet, diagnostic, environnement, installer_comme, nommes
from questions_gardees import echange, registre_de
from sqlalchemy import text

from assistant.configuration import Configuration
from assistant.diagnostic.controles import CONTROLES
from assistant.diagnostic.modeles import Constat
from corpus.magasin.moteur import Magasin
from index.lexicon import load_lexicon
from index.storage import open_index, write_version
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long

REPOSITORY = Path(__file__).resolve().parents[2]
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
LONGS = ("vecteurs du modèle", "citations")
COURANTS = tuple(c.nom for c in CONTROLES if c.nom not in LONGS)
PARTAGES = (
    "magasin partagé", "extension du magasin", "version du magasin", "horloge du magasin",
    "place du magasin", "écrivain du magasin",
)  # fmt: skip


@pytest.fixture
def dossier(petite: Path, tmp_path: Path) -> Path:
    return installer_comme(petite, tmp_path / "donnees")


@pytest.fixture
def commun(petite: Path, tmp_path: Path, magasin: Magasin) -> Path:
    """A machine that shares a store."""
    dossier = installer_comme(petite, tmp_path / "donnees")
    mettre_en_commun(Configuration(donnees=dossier, modele=None, magasin=magasin.adresse))
    return dossier


def octet_du_modele(dossier: Path) -> None:
    """One byte of one file of each model there is; the others are those that are installed."""
    source = (dossier / "modele").resolve()
    (dossier / "modele").unlink()
    shutil.copytree(source, dossier / "modele", copy_function=os.symlink)
    for abime in (dossier / "modele").glob("*/onnx/model_int8.onnx"):
        octets = abime.read_bytes()
        abime.unlink()
        abime.write_bytes(octets)
        changer_un_octet(abime)


def autre_modele(dossier: Path) -> None:
    """The version in use was made by another model."""
    stored = open_index(dossier / "index", load_lexicon())
    modele = stored.info.model.model_copy(update={"content_hash": "0" * 64})
    info = stored.info.model_copy(update={"model": modele, "version": "0123456789ab"})
    write_version(dossier / "index", type(stored)(**{**vars(stored), "info": info}))


def octet_des_vecteurs(dossier: Path) -> None:
    changer_un_octet(next((dossier / "index" / "versions").glob("*/vectors.npy")))


def octet_d_un_texte(dossier: Path) -> None:
    changer_un_octet(next((dossier / "corpus" / "textes").glob("004@*")))


def version_perdue(dossier: Path) -> None:
    (dossier / "index" / "courante").unlink()


def brouillon_illisible(dossier: Path) -> None:
    (dossier / "corpus" / "brouillon.json").write_text('{"parent": ')


def journal_coupe(dossier: Path) -> None:
    (dossier / "corpus" / "journal.jsonl").write_text('{"date":"2026-03-12T')


def page_des_questions(dossier: Path) -> None:
    """A page in the middle of the log of questions is overwritten."""
    registre = registre_de(dossier / "questions")
    for _ in range(50):
        registre.ajouter(echange(texte="mot " * 300))
    registre.purger()
    fichier = dossier / "questions" / "questions.sqlite3"
    octets = bytearray(fichier.read_bytes())
    octets[4096 * 4 : 4096 * 12] = os.urandom(4096 * 8)
    fichier.write_bytes(octets)
    for a_cote in dossier.joinpath("questions").glob("*-*"):
        a_cote.unlink()


def avis_abime(dossier: Path) -> None:
    (dossier / "avis").mkdir()
    (dossier / "avis" / "journal.jsonl").write_text('{"somme":"0","avis":{}}\n')


@pytest.mark.parametrize(
    ("abimer", "attendus", "remede"),
    [
        (octet_du_modele, {"modèle"}, "lancez « clas preparer »"),
        (autre_modele, {"index et modèle"}, "reprenez celui de l'index (CLAS_MODELE)"),
        (octet_des_vecteurs, {"index"}, "lancez « clas preparer »"),
        (octet_d_un_texte, {"textes de la base", "règles"}, "d'une sauvegarde"),
        (version_perdue, {"index"}, "lancez « clas preparer »"),
        (brouillon_illisible, {"brouillon"}, "clas corpus abandonner"),
        (journal_coupe, {"journal des actes"}, "supprimez cette ligne"),
        (page_des_questions, {"questions posées"}, "clas restaurer"),
        (avis_abime, {"avis des agents"}, "posez de nouveau ces avis"),
    ],
)
def test_each_fault_of_a_folder_is_named_with_its_remedy_and_nothing_else(
    abimer: Callable[[Path], None], attendus: set[str], remede: str, dossier: Path
) -> None:
    abimer(dossier)
    nomme = nommes(diagnostic(environnement(dossier), COURANTS))
    assert set(nomme) == attendus, nomme
    assert any(remede in constat.remede for constat in nomme.values()), nomme
    assert all(constat.etat == "en_panne" and constat.remede for constat in nomme.values())


def test_nothing_is_named_of_a_sound_folder_with_something_of_everything(dossier: Path) -> None:
    remplir(Configuration(donnees=dossier, modele=None))
    (dossier / "questions" / "attente.sqlite3").unlink()
    tout = diagnostic(environnement(dossier))
    assert nommes(tout) == {}
    assert {constat.nom for constat in tout.constats} == {c.nom for c in CONTROLES}


def test_nothing_is_named_of_a_sound_store(
    commun: Path, serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    url = serveur_postgres.url(base_postgres)
    tout = diagnostic(environnement(commun, CLAS_BASE=url), (*COURANTS, *PARTAGES))
    assert nommes(tout) == {}
    assert {"magasin partagé", "horloge du magasin"} < {c.nom for c in tout.constats}
    assert serveur_postgres.mot_de_passe not in tout.model_dump_json()


def du_magasin(dossier: Path, url: str) -> dict[str, Constat]:
    return nommes(diagnostic(environnement(dossier, CLAS_BASE=url), (*COURANTS, *PARTAGES)))


@pytest.mark.parametrize(
    "cas",
    [
        (
            "UPDATE public.alembic_version SET version_num = '0003'",
            "magasin partagé", "version plus ancienne du programme", "lancez « clas preparer »",
        ),
        (
            "UPDATE public.alembic_version SET version_num = '9999'",
            "magasin partagé", "version plus récente du programme", "mettez le programme à jour",
        ),
        (
            "DELETE FROM public.index_courante",
            "version du magasin", "aucune version", "lancez « clas preparer »",
        ),
        ("DROP EXTENSION vector CASCADE", "extension du magasin", "vector", "CREATE EXTENSION"),
    ],
)  # fmt: skip
def test_each_fault_of_a_store_is_named_with_its_remedy(
    cas: tuple[str, str, str, str],
    commun: Path,
    magasin: Magasin,
    serveur_postgres: ServeurPostgres,
) -> None:
    ordre, attendu, dit, remede = cas
    with magasin.connexion() as connection:
        connection.execute(text(ordre))
    nomme = du_magasin(commun, serveur_postgres.url(magasin.adresse.base))
    assert attendu in nomme, nomme
    # Without its vectors, the version is no longer whole either.
    assert set(nomme) <= {attendu, "version du magasin"}
    assert dit in nomme[attendu].trouve
    assert remede in nomme[attendu].remede


def test_a_machine_that_answers_from_another_version_is_named(
    commun: Path, magasin: Magasin, serveur_postgres: ServeurPostgres
) -> None:
    (commun / "index" / "courante").write_text("0123456789ab")
    nomme = du_magasin(commun, serveur_postgres.url(magasin.adresse.base))
    assert "0123456789ab sur cette machine" in nomme["version du magasin"].trouve
    assert "clas preparer" in nomme["version du magasin"].remede


def test_a_wrong_password_is_named_and_never_shown(
    dossier: Path, serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    url = serveur_postgres.url(base_postgres).replace(serveur_postgres.mot_de_passe, "pas-le-bon")
    tout = diagnostic(environnement(dossier, CLAS_BASE=url), (*COURANTS, *PARTAGES))
    assert set(nommes(tout)) == {"magasin partagé"}
    assert "vérifiez CLAS_BASE" in nommes(tout)["magasin partagé"].remede
    assert "pas-le-bon" not in tout.model_dump_json()


def test_a_store_that_is_stopped_is_named(
    dossier: Path, serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    url = serveur_postgres.url(base_postgres)
    serveur_postgres.arreter("immediate")
    try:
        nomme = du_magasin(dossier, url)
    finally:
        serveur_postgres.lancer()
    assert set(nomme) == {"magasin partagé"}
    assert "vérifiez qu'il est lancé" in nomme["magasin partagé"].remede


@pytest.fixture
def disque(tmp_path: Path) -> Iterator[Callable[[Path, str], None]]:
    """Mounts a small disk on a folder, with some options."""
    if os.geteuid() != 0:
        pytest.skip("monter un disque demande d'être root")
    montes: list[Path] = []

    def monter(ou: Path, options: str) -> None:
        ou.mkdir(parents=True, exist_ok=True)
        ordre = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(ou)]
        if subprocess.run(ordre, check=False).returncode != 0:
            pytest.skip("cette machine ne laisse pas monter de disque")
        montes.append(ou)

    yield monter
    for ou in montes:
        subprocess.run(["umount", str(ou)], check=True)
    assert tmp_path.is_dir()


def test_a_full_disk_is_named(dossier: Path, disque: Callable[[Path, str], None]) -> None:
    disque(dossier / "questions", "size=1m,mode=700")
    with (dossier / "questions" / "ballast").open("wb") as ballast:
        ballast.write(bytes(1 << 20))
    nomme = nommes(diagnostic(environnement(dossier), COURANTS))
    assert "disque" in nomme
    assert set(nomme) <= {"disque", "droits"}
    assert f"df -h {dossier / 'questions'}" in nomme["disque"].remede


def test_a_folder_that_cannot_be_written_is_named(
    dossier: Path, disque: Callable[[Path, str], None]
) -> None:
    disque(dossier / "avis", "ro,size=2g")
    nomme = nommes(diagnostic(environnement(dossier), COURANTS))
    assert set(nomme) == {"droits"}
    assert f"chown -R COMPTE {dossier / 'avis'}" in nomme["droits"].remede


def en_processus(dossier: Path, **environ: str) -> dict[str, str]:
    """What the command itself names, and its remedies."""
    fait = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "diagnostic", "--json", "--rapide"],
        env={**os.environ, **environnement(dossier), "PYTHONPATH": str(REPOSITORY), **environ},
        cwd="/",
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert fait.returncode == 1, fait.stderr
    constats = json.loads(fait.stdout)["constats"]
    return {c["nom"]: c["remede"] for c in constats if c["etat"] == "en_panne"}


def test_a_clock_that_jumped_back_is_named(dossier: Path) -> None:
    assert FAKETIME.is_file(), "paquet faketime absent"
    nomme = en_processus(
        dossier, LD_PRELOAD=str(FAKETIME), FAKETIME="-4000d", FAKETIME_DONT_FAKE_MONOTONIC="1"
    )
    assert set(nomme) == {"horloge"}
    assert "timedatectl" in nomme["horloge"]


def test_a_rule_whose_quotation_is_gone_is_named(dossier: Path, tmp_path: Path) -> None:
    programme = tmp_path / "programme"
    for paquet in ("assistant", "corpus", "index"):
        shutil.copytree(
            REPOSITORY / paquet, programme / paquet, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(REPOSITORY / "constraints.txt", programme)
    regles = programme / "assistant" / "eligibility" / "rules" / "national.yaml"
    cite = "8 à 12 enfants maximum"
    assert cite in regles.read_text("utf-8")
    regles.write_text(regles.read_text("utf-8").replace(cite, "9 à 12 enfants maximum"), "utf-8")
    nomme = en_processus(dossier, PYTHONPATH=str(programme))
    assert set(nomme) == {"règles"}
    assert "clas corpus reparer" in nomme["règles"]
