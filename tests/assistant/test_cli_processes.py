"""The real command, in processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.configuration import FOLDER_VARIABLE, MODEL_VARIABLE

pytestmark = pytest.mark.long
"""Real processes, side by side."""

CLAS = Path(sys.executable).with_name("clas")
QUESTION = "Combien d'enfants par groupe ?"


def _run(
    donnees: Path, *arguments: str | bytes, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    kept = {k: v for k, v in os.environ.items() if k not in (MODEL_VARIABLE, "PYTHONUTF8")}
    return subprocess.run(
        [CLAS, *arguments],
        env=kept | {FOLDER_VARIABLE: str(donnees)} | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_two_processes_give_the_same_bytes_whatever_the_locale(donnees: Path) -> None:
    first = _run(donnees, "demander", QUESTION, "--annee", "2025-2026", PYTHONHASHSEED="1")
    second = _run(
        donnees, "demander", QUESTION, "--annee", "2025-2026",
        PYTHONHASHSEED="2", LC_ALL="C", PYTHONIOENCODING="latin-1", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout
    assert "« " in first.stdout.decode("utf-8")
    assert b"\x1b" not in first.stdout
    assert first.stderr == b""


def test_bytes_that_are_not_utf_8_are_no_traceback(donnees: Path) -> None:
    given = _run(donnees, "demander", b"Combien d'enfants par groupe ? \xff\xfe", "--json")
    assert given.returncode == 0
    assert json.loads(given.stdout)["type"] == "reponse"


def test_a_reader_who_leaves_early_is_no_error(donnees: Path) -> None:
    environment = os.environ | {FOLDER_VARIABLE: str(donnees)}
    for command in ('demander "Combien d\'enfants ?"', "corpus texte 004", "chercher bonus --k 50"):
        given = subprocess.run(
            ["bash", "-c", f'set -o pipefail; "{CLAS}" {command} | true'],
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert given.returncode == 0
        assert given.stderr == b""


@pytest.mark.long
def test_an_index_made_by_another_model_is_refused_with_what_to_do(
    donnees: Path, tmp_path: Path
) -> None:
    from index.checking import sealed  # noqa: PLC0415
    from index.storage import INFO, current_version, read_info  # noqa: PLC0415

    shutil.copytree(donnees / "index", tmp_path / "index")
    (tmp_path / "modele").symlink_to((donnees / "modele").resolve())
    version = current_version(tmp_path / "index")
    assert version is not None
    folder = tmp_path / "index" / "versions" / version
    info = read_info(folder)
    other = info.model_copy(
        update={"model": info.model.model_copy(update={"content_hash": "0" * 64})}
    )
    (folder / INFO).write_text(sealed(other).model_dump_json(), encoding="utf-8")
    given = _run(tmp_path, "demander", QUESTION)
    assert given.returncode == 1
    assert "clas preparer" in given.stderr.decode("utf-8")
    assert given.stdout == b""


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("demander", QUESTION), 1), (("demander", QUESTION, "--departement", "zz"), 2)],
)
def test_an_error_is_one_french_sentence_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    given = _run(tmp_path, *arguments)
    said = given.stderr.decode("utf-8")
    assert given.returncode == status
    assert said.endswith(".\n")
    assert said.count("\n") == 1
    assert "Traceback" not in said
