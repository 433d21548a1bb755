from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import pairs, pairs_environnement
from bench.tableau import ROOT


def test_without_the_peers_packages_the_bench_says_what_to_run_and_gives_no_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pairs_environnement, "FOLDER", tmp_path / "absent")

    assert list(pairs.run()) == []
    assert "python -m bench.pairs_environnement" in capsys.readouterr().err


def test_an_environment_that_lacks_a_package_is_not_taken_for_one_that_has_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(pairs_environnement, "FOLDER", tmp_path)

    assert pairs_environnement.peers_python() is None


def test_the_peers_process_starts_without_any_package_of_the_program() -> None:
    """It runs where only the peers are: importing it must need the standard library alone."""
    script = ROOT / "bench" / "pairs_processus.py"
    code = f"import runpy; print(sorted(runpy.run_path({str(script)!r})['PEERS']))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout.replace("'", '"')) == sorted(pairs.WAYS)


def test_every_way_of_a_peer_is_asked_on_both_writings_of_the_passages() -> None:
    names = [facon.name for facon in pairs.FACONS]
    assert len(set(names)) == len(names) == 2 * sum(len(ways) for ways in pairs.WAYS.values())
