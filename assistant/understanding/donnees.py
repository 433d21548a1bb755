"""Reading of the word lists that stand beside this package's code."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

# libyaml reads the place names twenty times faster; some builds of PyYAML come without it.
_LECTEUR: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def lire_yaml(nom: str) -> Any:  # noqa: ANN401 - whatever the file holds; the caller's model checks it
    """Return the content of the data file ``nom`` (``"departements.yaml"``) of this package."""
    contenu = resources.files(__package__).joinpath(nom).read_text(encoding="utf-8")
    return yaml.load(contenu, Loader=_LECTEUR)  # noqa: S506 - both loaders are the safe ones
