"""Add low-rank matrices to the weights that they were learned beside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.learned.record import AppriInutilisable, Lora

A, B = ".lora_A", ".lora_B"
Tensors = Mapping[str, NDArray[np.floating]]


def merge(weights: Tensors, matrices: Tensors, lora: Lora) -> dict[str, NDArray[np.float32]]:
    """The weights, with ``alpha / rank · B · A`` added to each that has a pair of matrices.

    Sums are made in float64, so that every processor rounds to the same weights.

    Args:
        weights: tensors by name; a linear layer's has shape (out, in).
        matrices: for a weight ``name.weight``, ``name.lora_A`` (rank, in) and ``name.lora_B``
            (out, rank).
        lora: rank and scale.

    Raises:
        AppriInutilisable: a matrix is of no known weight, alone, or of another shape.
    """
    merged = {name: np.asarray(tensor, dtype=np.float32) for name, tensor in weights.items()}
    for name in sorted({key.removesuffix(A).removesuffix(B) for key in matrices}):
        weight, down, up = f"{name}.weight", matrices.get(name + A), matrices.get(name + B)
        if weight not in merged or down is None or up is None:
            raise AppriInutilisable(f"« {name} » : matrice sans pareille, ou d'aucun poids connu")
        out, into = merged[weight].shape
        if down.shape != (lora.rank, into) or up.shape != (out, lora.rank):
            raise AppriInutilisable(
                f"« {name} » : matrices {down.shape} et {up.shape} pour un poids {(out, into)} "
                f"et un rang de {lora.rank}"
            )
        added = up.astype(np.float64) @ down.astype(np.float64) * (lora.alpha / lora.rank)
        merged[weight] = (merged[weight].astype(np.float64) + added).astype(np.float32)
    return merged
