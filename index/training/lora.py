"""Low-rank matrices beside a network, by PEFT: put there, named, written without its settings."""

from __future__ import annotations

from pathlib import Path

import torch
from peft import LoraConfig
from sentence_transformers import SentenceTransformer

from index.learned.lora import A, B

TARGETS = ("query", "key", "value", "dense")
_PEFT = {".lora_A.default.weight": A, ".lora_B.default.weight": B}


def settings(rank: int, alpha: int) -> LoraConfig:
    """Matrices beside every linear layer; nothing is dropped, the data are read few times."""
    return LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, target_modules=list(TARGETS))


def open_trainable(folder: Path, rank: int, alpha: int) -> SentenceTransformer:
    """Open a sentence-transformers folder with new matrices beside it, the only ones that learn.

    The weights are kept in bfloat16: training reads them twice a step, and changes none.
    """
    model = SentenceTransformer(
        str(folder),
        device="cpu",
        model_kwargs={
            "add_pooling_layer": False,
            "dtype": torch.bfloat16,
            "attn_implementation": "sdpa",
        },
        # Dropping takes more time here than the products themselves, for few passes over the data.
        config_kwargs={"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    )
    model.add_adapter(settings(rank, alpha))
    keep_precise(model)
    model.train()
    return model


def keep_precise(network: torch.nn.Module) -> None:
    """Keep in float32 what learns: in bfloat16 a small step would be rounded away."""
    for weight in network.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()


def learning(network: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """Weights that learn, by the names that the shipped files give them."""
    return {_name(name): p for name, p in network.named_parameters() if p.requires_grad}


def _name(name: str) -> str:
    for ending, short in _PEFT.items():
        if name.endswith(ending):
            return name.removesuffix(ending).removeprefix("trunk.") + short
    return name
