"""What was learned ships whole, small and for this model; anything else is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from index.embedding import recipe
from index.learned.lora import merge
from index.learned.record import (
    ADAPTER,
    RECORD,
    SHIPPED,
    AppriInutilisable,
    Lora,
    read_learned,
)

MEGABYTES_15 = 15_000_000
SHIPPED_FILES = sorted(path.name for path in SHIPPED.glob("*.safetensors"))
TWO = Lora(sha256="0" * 64, rank=1, alpha=2)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "livre"))


def test_what_ships_is_for_the_model_that_ships() -> None:
    learned = read_learned()
    assert learned is not None
    assert learned.record.base == recipe.CONTENT_HASH


def test_what_ships_is_under_fifteen_megabytes() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < MEGABYTES_15


@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_a_shipped_file_says_nothing_of_the_machine_that_made_it(name: str) -> None:
    with safe_open(SHIPPED / name, framework="np") as opened:
        assert not opened.metadata()
        assert not [key for key in opened.keys() if "/" in key]  # noqa: SIM118 - not a mapping


def test_without_a_record_nothing_was_learned(tmp_path: Path) -> None:
    assert read_learned(tmp_path) is None


def test_what_was_learned_on_another_model_is_refused(copy: Path) -> None:
    with pytest.raises(AppriInutilisable, match="appris sur un modèle d'empreinte"):
        read_learned(copy, base="f" * 64)


@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_an_altered_file_is_refused_by_its_name(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[-1] ^= 1
    (copy / name).write_bytes(bytes(data))
    with pytest.raises(AppriInutilisable, match=f"{name} n'a pas l'empreinte"):
        read_learned(copy)


@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_a_lost_file_is_refused_by_its_name(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(AppriInutilisable, match=f"{name} est absent"):
        read_learned(copy)


def test_an_unreadable_record_is_refused(copy: Path) -> None:
    (copy / RECORD).write_text("{", encoding="utf-8")
    with pytest.raises(AppriInutilisable, match="illisible"):
        read_learned(copy)


def test_a_record_with_an_unknown_field_is_refused(copy: Path) -> None:
    data = json.loads((copy / RECORD).read_text(encoding="utf-8"))
    (copy / RECORD).write_text(json.dumps({**data, "autre": 1}), encoding="utf-8")
    with pytest.raises(AppriInutilisable, match="illisible"):
        read_learned(copy)


def test_another_adapter_makes_another_identity(copy: Path) -> None:
    learned = read_learned(copy)
    assert learned is not None
    other = learned.record.model_copy(update={"adapter": TWO})
    assert learned.content_hash != type(learned)(copy, other).content_hash


def test_matrices_are_added_to_their_weight_alone() -> None:
    weights = {"a.weight": np.eye(2, dtype=np.float16), "b.weight": np.eye(2, dtype=np.float16)}
    matrices = {
        "a.lora_A": np.array([[1.0, 2.0]], dtype=np.float16),
        "a.lora_B": np.array([[3.0], [0.5]], dtype=np.float16),
    }
    merged = merge(weights, matrices, TWO)
    assert merged["a.weight"].tolist() == [[7.0, 12.0], [1.0, 3.0]]
    assert merged["b.weight"].tolist() == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    "matrices",
    [
        {"c.lora_A": np.zeros((1, 2)), "c.lora_B": np.zeros((2, 1))},
        {"a.lora_A": np.zeros((1, 2))},
        {"a.lora_A": np.zeros((1, 3)), "a.lora_B": np.zeros((2, 1))},
        {"a.lora_A": np.zeros((2, 2)), "a.lora_B": np.zeros((2, 2))},
    ],
    ids=["no such weight", "alone", "another width", "another rank"],
)
def test_matrices_that_are_of_no_weight_are_refused(matrices: dict[str, np.ndarray]) -> None:
    with pytest.raises(AppriInutilisable, match=r"« [ac] »"):
        merge({"a.weight": np.eye(2)}, matrices, TWO)


def test_the_shipped_matrices_change_the_weights_a_little_and_not_for_nothing() -> None:
    for name, tensor in load_file(SHIPPED / ADAPTER).items():
        assert np.isfinite(tensor).all(), name
    moved = [np.abs(t).max() for n, t in load_file(SHIPPED / ADAPTER).items() if "lora_B" in n]
    assert min(moved) > 0
