"""The systemd units say what the program does."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from commandes import inconnues
from livraison import BIN, DEPLOY, OPT, RACINE, UNITES, mots_de_l_environnement, unite

from corpus.loading import worker
from pages_clas.arret import DELAI

SYSTEMD = shutil.which("systemd-analyze")
avec_systemd = pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze est absent")
NOMS = (
    "clas@.service",
    "clas-preparer@.service",
    "clas-sauvegarde.service",
    "clas-sauvegarde.timer",
)
EXPOSITION = 20
"""Tenths: below, systemd says that a unit is exposed little."""


def analyser(*mots: str) -> subprocess.CompletedProcess[str]:
    assert SYSTEMD is not None
    return subprocess.run([SYSTEMD, *mots], capture_output=True, text=True, timeout=60, check=False)


@avec_systemd
def test_systemd_reads_every_unit_without_a_complaint(tmp_path: Path) -> None:
    for nom in NOMS:
        texte = (UNITES / nom).read_text("utf-8")
        # What is not on this machine: the program where it is installed, and its account.
        texte = re.sub(rf"{BIN}/\w+", "/bin/true", texte)
        texte = re.sub(r"(?m)^(User|Group)=clas$", r"\1=root", texte)
        (tmp_path / nom).write_text(texte)
    lus = []
    for nom in NOMS:
        lus.append(tmp_path / nom.replace("@", "@8501"))
        if "@" in nom:
            shutil.copy(tmp_path / nom, lus[-1])
    verifie = analyser("verify", "--man=no", *map(str, lus))
    assert (verifie.returncode, verifie.stderr) == (0, "")


@avec_systemd
@pytest.mark.parametrize("nom", [nom for nom in NOMS if nom.endswith(".service")])
def test_systemd_finds_each_service_little_exposed(nom: str) -> None:
    juge = analyser(
        "security", "--offline=true", "--no-pager", f"--threshold={EXPOSITION}", str(UNITES / nom)
    )
    assert juge.returncode == 0, juge.stdout[-200:]


def test_a_replica_has_the_time_that_it_takes_to_leave() -> None:
    assert DELAI < int(unite("clas@.service")["TimeoutStopSec"][0]) <= DELAI + 10


def test_a_replica_is_started_as_the_program_is() -> None:
    (lance,) = unite("clas@.service")["ExecStart"]
    assert lance.startswith(f"{BIN}/python -m streamlit run serveur.py ")
    assert (RACINE / "serveur.py").is_file()
    # Only the proxy of this machine may talk to it.
    assert "--server.address 127.0.0.1 " in lance


def test_each_replica_writes_in_a_folder_of_its_own_and_nowhere_else() -> None:
    reglages = unite("clas@.service")
    assert mots_de_l_environnement(reglages)["CLAS_DONNEES"] == "/var/lib/clas/%i"
    assert reglages["StateDirectory"] == ["clas/%i"]
    assert reglages["ProtectSystem"] == ["strict"]
    assert "ReadWritePaths" not in reglages


def test_a_replica_waits_for_its_preparation_and_serves_without_it() -> None:
    replique, preparation = unite("clas@.service"), unite("clas-preparer@.service")
    for cle in ("After", "Wants"):
        assert "clas-preparer@%i.service" in replique[cle][0].split()
    assert "Requires" not in replique
    assert preparation["ExecStart"] == [f"{BIN}/clas preparer"]
    for cle in ("User", "StateDirectory", "EnvironmentFile", "UMask", "ProtectSystem"):
        assert replique[cle] == preparation[cle]
    assert mots_de_l_environnement(replique) == mots_de_l_environnement(preparation)


def test_only_what_makes_the_model_may_write_what_it_runs() -> None:
    # Torch compiles as it goes, and refuses to work where it may not; serving does without.
    sans = {nom for nom in NOMS[:3] if "MemoryDenyWriteExecute" not in unite(nom)}
    assert sans == {"clas-preparer@.service"}


def test_the_reader_of_files_may_cut_itself_off() -> None:
    # It asks for these two, and gives them up with the network.
    assert worker._NEW_USER
    assert worker._NEW_NETWORK
    assert unite("clas@.service")["RestrictNamespaces"] == ["user net"]


def test_the_proxy_sends_to_the_replicas_that_the_unit_names() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    servis = re.findall(r"server 127\.0\.0\.1:(\d+)", nginx)
    texte = (UNITES / "clas@.service").read_text("utf-8")
    (lances,) = re.findall(r"systemctl enable --now ((?:clas@\d+ ?)+)", texte)
    assert re.findall(r"clas@(\d+)", lances) == servis


def test_a_backup_that_failed_takes_away_no_older_one() -> None:
    # systemd runs ExecStartPost once ExecStart succeeded, and the command replaces the shell.
    (fait,) = unite("clas-sauvegarde.service")["ExecStart"]
    (retire,) = unite("clas-sauvegarde.service")["ExecStartPost"]
    assert "exec " in fait
    dossier, suffixe = "/var/backups/clas", ".tar.gz"
    assert f'"{dossier}/clas-$$(date +%%F-%%H%%M%%S){suffixe}"' in fait
    assert f'{dossier} -maxdepth 1 -type f -name "clas-*{suffixe}"' in retire


def test_a_backup_that_was_stopped_leaves_no_word_of_anybody(tmp_path: Path) -> None:
    (retire,) = unite("clas-sauvegarde.service")["ExecStopPost"]
    laisse = tmp_path / ".clas-2026-03-12-020000.4321.sauvegarde"
    laisse.mkdir()
    (laisse / "archive").touch()
    autres = [tmp_path / nom for nom in ("clas-2026-03-12-020000.tar.gz", ".avant.1.sauvegarde")]
    for autre in autres:
        autre.mkdir()
    subprocess.run(
        shlex.split(retire.replace("/var/backups/clas", str(tmp_path))), check=True, timeout=60
    )
    assert sorted(tmp_path.iterdir()) == sorted(autres)


def test_every_command_that_is_run_is_one_of_the_program() -> None:
    fichiers = [*UNITES.iterdir(), *(DEPLOY / "docker").iterdir(), DEPLOY / "Dockerfile"]
    lances = [
        reste
        for fichier in fichiers
        for reste in re.findall(
            rf"(?m)^(?!#).*?(?:(?:{BIN}|\.venv/bin)/|^)clas ([a-z].*)$",
            fichier.read_text("utf-8"),
        )
    ]
    assert len(lances) >= 3
    assert inconnues(lances) == []


def test_everything_is_where_the_guide_installs_it() -> None:
    guide = (RACINE / "docs" / "exploitation.md").read_text("utf-8")
    for chemin in (OPT, "/etc/clas/clas.env", "/var/lib/clas", "/var/backups/clas"):
        assert chemin in guide
