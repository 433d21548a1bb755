"""What Streamlit looks for in the installed packages, looked for once in a process."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def paquets_lus_une_fois() -> Iterator[None]:
    """Have each page opened without a browser take up what the first one found.

    Streamlit reads what every installed package says of itself at each page opened so, which takes
    longer than most pages; the packages installed do not change while tests run.
    """
    with pytest.MonkeyPatch.context() as patch:
        lus = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", lus)
        yield
