"""The image and the composition say what the program does; no container is run here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from livraison import DEPLOY, OPT, RACINE, composition, copies, instructions, reglages_livres

from corpus.magasin.adresse import adresse_de
from pages_clas.arret import DELAI
from tests.postgres_lance import ServeurPostgres

OUTILS = Path(sysconfig.get_path("scripts"))
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
REPLIQUES = ("replique1", "replique2")


def lancer(*mots: str | Path, dans: Path = RACINE) -> str:
    """Errors of a command that did what it was asked; else what it said of it."""
    fait = subprocess.run(mots, cwd=dans, capture_output=True, text=True, timeout=60, check=False)
    return fait.stderr if fait.returncode == 0 else f"état {fait.returncode} : {fait}"


def test_the_image_is_written_as_its_linter_wants() -> None:
    assert lancer(OUTILS / "hadolint", DEPLOY / "Dockerfile") == ""


def test_compose_reads_its_file_without_a_complaint() -> None:
    fichier = DEPLOY / "compose.yaml"
    assert lancer(OUTILS / "docker-compose", "--file", fichier, "config", "--quiet") == ""


def test_what_the_image_takes_is_there_and_is_sent_to_be_built() -> None:
    ignores = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    sources = [source for prises, _ in copies() for source in prises]
    assert sources
    for source in sources:
        assert (RACINE / source).exists(), source
        assert any(
            source == gardee[1:] or source.startswith(f"{gardee[1:]}/")
            for gardee in ignores
            if gardee.startswith("!")
        ), source


def test_the_image_installs_torch_first_at_the_version_of_the_program() -> None:
    lances = [reste for nom, reste in instructions() if nom == "RUN" and "pip install" in reste]
    (voulue,) = re.findall(r'"(torch==[\d.]+)"', (RACINE / "pyproject.toml").read_text("utf-8"))
    assert voulue in lances[0]
    assert voulue in (RACINE / "Makefile").read_text("utf-8")
    assert "'.[serveur]'" in lances[1]
    assert all("--constraint constraints.txt" in lance for lance in lances)


def test_images_are_named_plainly_without_a_registry() -> None:
    bases = [reste.split()[0] for nom, reste in instructions() if nom == "FROM"]
    images = {service["image"] for service in composition()["services"].values()}
    assert {*bases, *images} == {
        "python:3.11-slim",
        "assistant-clas",
        "pgvector/pgvector:pg18",
        "nginx:stable",
    }


def test_the_image_runs_as_an_account_without_rights() -> None:
    derniers = dict(instructions())
    compte = derniers["USER"].split(":")[0]
    assert compte == "10001"
    assert any(f"--uid {compte}" in reste for nom, reste in instructions() if nom == "RUN")
    # The one that must be able to read its secrets.
    assert f"chown {compte} " in (DEPLOY / "compose.yaml").read_text("utf-8")


def test_the_health_of_the_image_is_asked_where_the_replica_tells_it() -> None:
    demande = dict(instructions())["HEALTHCHECK"]
    (port, chemin) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)'", demande)[0]
    assert f'Route("{chemin}"' in (RACINE / "serveur.py").read_text("utf-8")
    assert port == dict(instructions())["EXPOSE"]
    assert f"--server.port {port}" in (DEPLOY / "docker" / "lancer.sh").read_text("utf-8")


def test_replicas_have_the_time_that_they_take_to_leave() -> None:
    for nom in REPLIQUES:
        service = composition()["services"][nom]
        assert DELAI < int(service["stop_grace_period"].removesuffix("s")) <= DELAI + 10
        assert service["stop_signal"] == "SIGTERM"


def test_replicas_write_in_their_own_volume_and_nowhere_else() -> None:
    services = composition()["services"]
    assert all(services[nom]["read_only"] for nom in (*REPLIQUES, "nginx"))
    (dossier,) = {v.split(":")[1] for nom in REPLIQUES for v in services[nom]["volumes"]}
    assert len({v for nom in REPLIQUES for v in services[nom]["volumes"]}) == len(REPLIQUES)
    assert f"CLAS_DONNEES={dossier} " in dict(instructions())["ENV"]


def test_the_settings_of_the_replicas_are_known_and_hold_no_secret() -> None:
    reglages = composition()["services"]["replique1"]["environment"]
    assert {nom for nom in reglages if nom.startswith("CLAS_")} <= reglages_livres(
        commentes=True
    ).keys()
    adresse = adresse_de(reglages["CLAS_BASE"])
    assert adresse.mot_de_passe is None
    assert adresse.hote in composition()["services"]


def test_each_secret_is_a_file_that_is_declared_and_never_committed() -> None:
    lue = composition()
    services = lue["services"].values()
    assert {s for service in services for s in service.get("secrets", ())} == lue["secrets"].keys()
    for service in services:
        for valeur in service.get("environment", {}).values():
            if valeur.startswith("/run/secrets/"):
                assert valeur.removeprefix("/run/secrets/") in service["secrets"]
    assert "deploy/secrets/" in (RACINE / ".gitignore").read_text("utf-8").splitlines()


@pytest.mark.long
def test_a_replica_enters_the_store_with_the_password_of_its_file(
    serveur_postgres: ServeurPostgres, base_postgres: str, tmp_path: Path
) -> None:
    lue = composition()["services"]["replique1"]["environment"]
    # The line that the head of the file writes, for this server and this base.
    (ligne,) = re.findall(
        r"printf '(base:5432:clas:clas:)%s", (DEPLOY / "compose.yaml").read_text()
    )
    ligne = ligne.replace("base:5432:clas", f"127.0.0.1:{serveur_postgres.port}:{base_postgres}")
    secret = tmp_path / "pgpass"
    secret.write_text(f"{ligne}{serveur_postgres.mot_de_passe}\n")
    secret.chmod(0o600)
    adresse = lue["CLAS_BASE"].replace(
        "base:5432/clas", f"127.0.0.1:{serveur_postgres.port}/{base_postgres}"
    )
    essai = (
        "from corpus.magasin.adresse import lire_adresse\n"
        "from corpus.magasin.moteur import Magasin\n"
        "magasin = Magasin(lire_adresse())\n"
        "with magasin.connexion():\n"
        "    print('entré')\n"
        "magasin.fermer()\n"
    )
    environnement = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(RACINE), "CLAS_BASE": adresse}
    for fichier, attendu in ((secret, "entré\n"), (tmp_path / "absent", "")):
        fait = subprocess.run(
            [sys.executable, "-c", essai],
            env={**environnement, "PGPASSFILE": str(fichier), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert fait.stdout == attendu, fait.stderr
        assert serveur_postgres.mot_de_passe not in fait.stderr


def test_every_service_is_bounded_checked_and_started_again() -> None:
    for nom, service in composition()["services"].items():
        assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys(), nom
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or service["image"] == "assistant-clas"
        assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.skipif(NGINX is None, reason="nginx est absent")
def test_the_proxy_of_the_composition_sends_to_its_replicas(tmp_path: Path) -> None:
    services = composition()["services"]
    script = services["nginx"]["command"][2]
    regle = tmp_path / "clas.conf"
    # The very command, but for its paths, and for nginx itself.
    script = script.replace("/etc/clas/nginx.conf", str(DEPLOY / "nginx.conf"))
    script = script.replace("/etc/nginx/conf.d/clas.conf", str(regle)).partition(" && exec")[0]
    assert lancer("/bin/sh", "-ec", script) == ""
    port = dict(instructions())["EXPOSE"]
    adresses = [services[nom]["networks"]["dedans"]["ipv4_address"] for nom in REPLIQUES]
    ecrite = regle.read_text("utf-8")
    assert re.findall(r"server ([\d.:]+) max_fails", ecrite) == [f"{a}:{port}" for a in adresses]
    assert "/var/log" not in ecrite
    dossiers = "".join(
        f"{genre}_temp_path {tmp_path}/{genre};"
        for genre in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    entiere = tmp_path / "nginx.conf"
    sortie = ecrite.replace("/dev/stdout", str(tmp_path / "acces")).replace(
        "/dev/stderr", str(tmp_path / "erreurs")
    )
    entiere.write_text(
        f"pid {tmp_path}/nginx.pid; events {{}} http {{ {dossiers}\n"
        f"{sortie.replace('listen 80', 'listen 127.0.0.1:8099')} }}"
    )
    assert NGINX is not None
    dit = lancer(NGINX, "-t", "-e", tmp_path / "erreurs", "-p", tmp_path, "-c", entiere)
    assert "test is successful" in dit


def test_the_script_of_the_image_is_a_plain_shell_script() -> None:
    for fichier in (DEPLOY / "docker" / "lancer.sh", DEPLOY / "systemd" / "clas-commande"):
        assert lancer("/bin/sh", "-n", fichier) == ""
    assert f"{OPT}/lancer.sh" in dict(instructions())["CMD"]
