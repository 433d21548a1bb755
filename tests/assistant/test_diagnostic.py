"""What the diagnosis says of one thing at a time, and how it goes on whatever happens."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from essais import Clas
from exploitation import changer_un_octet, diagnostic, environnement, installer_comme, nommes
from questions_gardees import JOUR, echange, registre_de

from assistant.diagnostic.execution import diagnostiquer
from assistant.diagnostic.modeles import Contexte, Controle, Releve, bon
from assistant.diagnostic.reglages import CONNUES
from assistant.questions_posees.envois import Attente
from assistant.sauvegarde.ecriture import ouvert
from index.embedding.folder import open_folder

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def dossier(donnees: Path, tmp_path: Path) -> Path:
    return installer_comme(donnees, tmp_path / "donnees")


def test_nothing_is_named_on_a_sound_installation(clas: Clas) -> None:
    dit = clas("diagnostic", "--rapide", "--json")
    constats = json.loads(dit.out)["constats"]
    assert dit.status == 0
    assert [c for c in constats if c["etat"] in ("en_panne", "a_surveiller")] == []
    assert {"réglages", "index", "citations"} - {c["nom"] for c in constats} == {"citations"}


def test_a_broken_installation_leaves_with_1_and_says_what_to_do(
    clas: Clas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    dit = clas("diagnostic", "--rapide")
    assert dit.status == 1
    assert "À faire" in dit.out
    assert "lancez « clas preparer »" in dit.out


def test_settings_that_cannot_be_read_are_told_once_for_all_that_depends_on_them(
    clas: Clas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_BASE", "postgresql://u:tresor@h:99999/b")
    dit = " ".join(clas("diagnostic", "--rapide").out.split())
    assert dit.count("voyez « réglages »") == 1
    assert dit.count("les réglages sont illisibles ; en dépendent : modèle, index") == 1
    sans = clas("diagnostic", "--rapide", "--json")
    assert {c["etat"] for c in json.loads(sans.out)["constats"] if c["nom"] == "restes"} == {
        "non_verifie"
    }


def test_a_check_that_fails_or_hangs_stops_no_other() -> None:
    def casse(_: Contexte) -> Iterator[Releve]:
        raise ZeroDivisionError("secret")

    def dort(_: Contexte) -> Iterator[Releve]:
        time.sleep(5)
        yield bon("trop tard")

    def va(_: Contexte) -> Iterator[Releve]:
        yield bon("tout va")

    trouve = diagnostiquer(
        Contexte(None, {}),
        (Controle("casse", casse), Controle("dort", dort, delai=0.05), Controle("va", va)),
    )
    assert [(c.nom, c.etat) for c in trouve.constats] == [
        ("casse", "en_panne"), ("dort", "non_verifie"), ("va", "bon"),
    ]  # fmt: skip
    assert "ZeroDivisionError" in trouve.constats[0].trouve
    assert "secret" not in trouve.model_dump_json()


def test_what_a_check_found_before_it_failed_or_hung_is_kept() -> None:
    def casse(_: Contexte) -> Iterator[Releve]:
        yield bon("le début va")
        raise NotADirectoryError(20, "Not a directory", "/d/f")

    def dort(_: Contexte) -> Iterator[Releve]:
        yield bon("le début va")
        time.sleep(5)

    trouve = diagnostiquer(
        Contexte(None, {}), (Controle("casse", casse), Controle("dort", dort, delai=0.05))
    )
    assert [(c.nom, c.etat) for c in trouve.constats] == [
        ("casse", "bon"), ("casse", "en_panne"), ("dort", "bon"), ("dort", "non_verifie"),
    ]  # fmt: skip


def test_every_variable_that_the_program_reads_is_known() -> None:
    sources = [
        path
        for folder in ("assistant", "corpus", "index", "pages_clas")
        for path in (REPOSITORY / folder).rglob("*.py")
    ]
    read = {
        name
        for path in sources
        for name in re.findall(r'"(CLAS_[A-Z_]+)"', path.read_text("utf-8"))
    }
    assert read - {"CLAS_"} == CONNUES


@pytest.mark.parametrize(
    ("pose", "remede"),
    [
        ({"CLAS_DONNEE": "x"}, "écrivez CLAS_DONNEES"),
        ({"CLAS_BASE": "postgresql://u:tresor@h:99999/b"}, "corrigez CLAS_BASE"),
        ({"CLAS_JOURNAL_JOURS": "toujours"}, "corrigez CLAS_JOURNAL"),
        ({"CLAS_VERSIONS": "1"}, "corrigez CLAS_VERSIONS"),
        ({"CLAS_LLM_URL": "ftp://x", "CLAS_LLM_CLE": "tresor"}, "corrigez CLAS_LLM_URL"),
        ({"CLAS_AGENTS_LOCAL": "oui"}, "« 0 » ou « 1 »"),
        ({"CLAS_LECTEUR": "peut-être"}, "« oui » ou « non »"),
        ({"CLAS_ROLES": "/nulle/part.yaml"}, "corrigez ce fichier"),
        ({"CLAS_DOSSIER_SUIVI": "/nulle/part"}, "corrigez CLAS_DOSSIER_SUIVI"),
        ({"CLAS_REJEU": "/nulle/part"}, "corrigez CLAS_REJEU"),
        ({"CLAS_LENTEUR": "jamais"}, "corrigez CLAS_LENTEUR"),
        ({"CLAS_FRAGMENTS": "/nulle/part.yaml"}, "corrigez CLAS_FRAGMENTS"),
        (
            {
                "CLAS_JOURNAL_TECHNIQUE": "json",
                "CLAS_JOURNAL_TECHNIQUE_FICHIER": "/nulle/part/clas.log",
            },
            "corrigez CLAS_JOURNAL_TECHNIQUE_FICHIER",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_secret(
    pose: dict[str, str], remede: str, tmp_path: Path
) -> None:
    trouve = diagnostic(environnement(tmp_path) | pose, ["réglages"])
    assert remede in nommes(trouve)["réglages"].remede
    assert "tresor" not in trouve.model_dump_json()


def test_every_setting_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    wrong = {"CLAS_JOURNAL_TECHNIQUE": "xml", "CLAS_LENTEUR": "jamais", "CLAS_TRACES": "ftp://x"}
    trouve = diagnostic(environnement(tmp_path) | wrong, ["réglages"])
    assert sorted(constat.trouve.split()[0] for constat in trouve.constats) == sorted(wrong)


def test_a_name_that_only_begins_like_a_setting_is_not_taken_for_it(tmp_path: Path) -> None:
    """To write the other one could have words sent out."""
    trouve = diagnostic(environnement(tmp_path) | {"CLAS_TRUC": "x"}, ["réglages"])
    assert nommes(trouve)["réglages"].remede == "retirez-la de l'environnement"


def test_a_flipped_byte_of_the_index_is_named(dossier: Path) -> None:
    changer_un_octet(next((dossier / "index" / "versions").glob("*/vectors.npy")))
    constat = nommes(diagnostic(environnement(dossier), ["index"]))["index"]
    assert "vectors.npy altéré" in constat.trouve
    assert "clas preparer" in constat.remede


@pytest.mark.parametrize(
    ("nomme", "dit"),
    [
        ("nexistepas", "n'est ni un dossier, ni un modèle déjà reçu"),
        ("quelqu-un/nexistepas", "n'est ni un dossier, ni un modèle déjà reçu"),
        ("n'est pas un nom", "n'est ni un dossier, ni un modèle déjà reçu"),
        ("/nulle/part", "le dossier /nulle/part n'existe pas"),
        ("{vide}", "ne contient pas de modèle"),
    ],
)
def test_another_model_that_is_not_here_is_named(nomme: str, dit: str, tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    pose = environnement(tmp_path, CLAS_MODELE=nomme.format(vide=tmp_path / "vide"))
    constat = nommes(diagnostic(pose, ["modèle"], rapide=True))["modèle"]
    assert dit in constat.trouve
    assert "corrigez CLAS_MODELE" in constat.remede


def test_another_model_that_is_here_is_no_fault(donnees: Path, tmp_path: Path) -> None:
    autre = open_folder(donnees / "modele").trainable
    (constat,) = diagnostic(environnement(tmp_path, CLAS_MODELE=str(autre)), ["modèle"]).constats
    assert constat.etat == "non_verifie"


def test_a_file_copied_among_the_versions_of_the_index_is_no_fault_of_it(dossier: Path) -> None:
    versions = dossier / "index" / "versions"
    courante = next(versions.iterdir()).name
    for nom in (f"{courante}.bak", "0", "f: copie"):
        (versions / nom).write_bytes(b"x")
    (constat,) = diagnostic(environnement(dossier), ["index"]).constats
    assert constat.etat == "bon"
    assert courante in constat.trouve


def test_a_flipped_byte_of_a_text_is_named(dossier: Path) -> None:
    changer_un_octet(next((dossier / "corpus" / "textes").glob("004@*")))
    constat = nommes(diagnostic(environnement(dossier), ["textes de la base"]))["textes de la base"]
    assert "004@" in constat.trouve
    assert "sauvegarde" in constat.remede


def test_a_draft_that_cannot_be_read_is_named(dossier: Path) -> None:
    (dossier / "corpus" / "brouillon.json").write_text('{"parent": ')
    constat = nommes(diagnostic(environnement(dossier), ["brouillon"]))["brouillon"]
    assert "clas corpus abandonner" in constat.remede


def test_a_journal_cut_short_is_named(dossier: Path) -> None:
    (dossier / "corpus" / "journal.jsonl").write_text('{"date":"2026-03-12T')
    constat = nommes(diagnostic(environnement(dossier), ["journal des actes"]))["journal des actes"]
    assert "ligne 1" in constat.trouve
    assert "supprimez cette ligne" in constat.remede


@pytest.mark.parametrize("fichier", ["questions.sqlite3", "attente.sqlite3"])
def test_a_damaged_store_of_questions_is_named(fichier: str, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / fichier).write_bytes(b"rien de tel" * 1_000)
    trouve = nommes(
        diagnostic(environnement(tmp_path), ["questions posées", "questions en attente"])
    )
    (constat,) = trouve.values()
    assert fichier in constat.trouve
    assert "clas restaurer" in constat.remede


def test_what_waits_for_a_store_that_is_no_longer_set_is_named(tmp_path: Path) -> None:
    Attente(tmp_path / "questions").ajouter("echange", "cle", {"date": "2026-03-12"})
    trouve = diagnostic(environnement(tmp_path), ["questions en attente"])
    constat = nommes(trouve)["questions en attente"]
    assert "1 envois attendent" in constat.trouve
    assert "remettez CLAS_BASE" in constat.remede


def test_a_damaged_mark_is_named(tmp_path: Path) -> None:
    (tmp_path / "avis").mkdir()
    (tmp_path / "avis" / "journal.jsonl").write_text("{}\n")
    constat = nommes(diagnostic(environnement(tmp_path), ["avis des agents"]))["avis des agents"]
    assert "ligne 1" in constat.trouve
    assert "posez de nouveau" in constat.remede


@pytest.mark.parametrize("recul", [timedelta(days=40), timedelta(days=4_000)])
def test_a_clock_that_went_back_is_named(recul: timedelta, tmp_path: Path) -> None:
    registre_de(tmp_path / "questions").ajouter(echange(date=JOUR))

    def avant(contexte: Contexte) -> Contexte:
        return replace(contexte, maintenant=lambda: JOUR.astimezone(UTC) - recul)

    constat = nommes(diagnostic(environnement(tmp_path), ["horloge"], avec=avant))["horloge"]
    assert "timedatectl" in constat.remede


def test_a_writer_that_never_ends_is_named(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with (tmp_path / "corpus" / ".verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        assert nommes(diagnostic(environnement(tmp_path), ["écrivains"])) == {}
        longtemps = time.time() - 7_200
        os.utime(verrou.fileno(), (longtemps, longtemps))
        constat = nommes(diagnostic(environnement(tmp_path), ["écrivains"]))["écrivains"]
    assert "2,0 h" in constat.trouve
    assert f"kill {os.getpid()}" in constat.remede
    assert nommes(diagnostic(environnement(tmp_path), ["écrivains"])) == {}


def test_what_a_stopped_writer_left_is_named(tmp_path: Path) -> None:
    reste = tmp_path / "index" / "versions" / ".0123456789ab.x"
    reste.mkdir(parents=True)
    assert nommes(diagnostic(environnement(tmp_path), ["restes"])) == {}
    os.utime(reste, (0, 0))
    assert str(reste) in nommes(diagnostic(environnement(tmp_path), ["restes"]))["restes"].remede


def test_what_a_killed_backup_left_is_named_and_a_living_one_is_not(tmp_path: Path) -> None:
    donnees = tmp_path / "donnees"
    donnees.mkdir()
    tuee = tmp_path / ".clas-2026-03-12-020000.123.sauvegarde"
    with ouvert(tmp_path / "s.tar.gz") as vivante:
        tuee.mkdir()
        for path in (tuee, vivante):
            os.utime(path, (0, 0))
        trouve = diagnostic(environnement(donnees), ["restes"]).constats
    assert [str(tuee) in constat.remede for constat in trouve] == [True]


def test_a_package_at_another_version_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autre = tmp_path / "paquets" / "rich-0.0.1.dist-info"
    autre.mkdir(parents=True)
    (autre / "METADATA").write_text("Metadata-Version: 2.1\nName: rich\nVersion: 0.0.1\n")
    monkeypatch.syspath_prepend(autre.parent)
    constat = nommes(diagnostic(environnement(tmp_path), ["paquets"]))["paquets"]
    assert constat.trouve.startswith("rich 0.0.1 est installé")
    assert "pip install rich==" in constat.remede


def test_questions_that_other_accounts_may_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir(mode=0o755)
    constat = nommes(diagnostic(environnement(tmp_path), ["droits"]))["droits"]
    assert f"chmod 700 {tmp_path / 'questions'}" in constat.remede


def test_the_moment_of_the_diagnosis_is_told(tmp_path: Path) -> None:
    assert abs(diagnostic(environnement(tmp_path), ["mémoire"]).date - datetime.now(UTC)) < (
        timedelta(minutes=1)
    )
