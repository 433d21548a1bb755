"""What axe finds of a whole page, once it is at rest."""

from __future__ import annotations

from typing import Any

from attente import attendre_le_repos
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Serious and critical violations of the whole page: nothing is excluded."""
    attendre_le_repos(page)
    resultat: dict[str, Any] = Axe().run(page).response
    return [
        f"{v['id']} ({v['impact']}) : {v['nodes'][0]['html'][:200]}"
        for v in resultat["violations"]
        if v["impact"] in ("serious", "critical")
    ]
