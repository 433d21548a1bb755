"""Names of the départements, for what people read."""

from __future__ import annotations

from functools import lru_cache

from assistant.understanding.repertoire import lire_departements


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {d.code: d.nom for d in lire_departements()}


def nom_departement(code: str) -> str:
    """Name of a département: « Hérault » for 34; the code itself when it is unknown."""
    return _names().get(code, code)
