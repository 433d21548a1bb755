"""A model that a setting names: whether it is on this machine, without opening it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HUB_PARTS: Final = 2
"""A hub name is « model » or « owner/model »: anything else is a folder."""
_DEFAULT_OWNER: Final = "sentence-transformers"
_MARKS: Final = ("modules.json", "config.json")
"""Files of which such a model has one at least."""


def is_a_path(reference: str) -> bool:
    """Whether a name can only be that of a folder."""
    folder = Path(reference)
    return folder.is_absolute() or len(folder.parts) > HUB_PARTS


def missing_model(reference: str) -> str | None:
    """Say why a model, named by its folder or on a hub, is not here; None when it is.

    Nothing is asked of any network, and no weight is read: one that is here may yet not open.
    """
    folder = Path(reference)
    if folder.is_dir():
        if any((folder / mark).is_file() for mark in _MARKS):
            return None
        return f"le dossier {reference} ne contient pas de modèle sentence-transformers"
    if is_a_path(reference):
        return f"le dossier {reference} n'existe pas"
    if _received(reference):
        return None
    return (
        f"« {reference} » n'est ni un dossier, ni un modèle déjà reçu d'un dépôt sur cette machine"
    )


def _received(name: str) -> bool:
    # It takes half a second to import: only who names another model pays for it.
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415

    owned = [name] if "/" in name else [name, f"{_DEFAULT_OWNER}/{name}"]
    try:
        return any(
            isinstance(try_to_load_from_cache(one, mark), str) for one in owned for mark in _MARKS
        )
    except HFValidationError:
        return False
