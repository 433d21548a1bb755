"""Read YAML by the safe loader, in C where it is there: ten times faster, same result."""

from __future__ import annotations

from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(content: str | bytes) -> Any:  # noqa: ANN401 - the caller's model checks it
    """Read one document.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(content, _LOADER)  # noqa: S506 - both loaders are the safe ones
