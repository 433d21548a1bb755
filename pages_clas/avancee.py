"""What is being done while an answer is made: said as each step begins, gone with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Final

from streamlit.delta_generator import DeltaGenerator

from assistant.etapes import Etape
from pages_clas.balises import echapper

PATIENCE: Final = 150
"""Milliseconds before which nothing is shown nor said: an answer may come sooner."""
_MOTS: Final[Mapping[Etape, str]] = {
    "comprendre": "Je comprends la question…",
    "chercher": "Je cherche dans les {textes} textes…",
    "relire": "Je relis les passages trouvés…",
    "examiner": "J'examine votre projet avec les règles…",
    "composer": "Je compose la réponse…",
    "verifier": "Je vérifie les citations…",
    "reformuler": "Je fais reformuler la réponse…",
}


class Avancee:
    """Shows in one place the step that an answer is at: the listener of ``etapes.suivre``.

    ``place``: an empty element, that each step takes over; ``textes``: how many texts are
    searched; ``jeton``: names this answer, so that each of its steps is said once.
    """

    def __init__(self, place: DeltaGenerator, textes: int, jeton: str) -> None:
        self._place, self._textes, self._jeton = place, textes, jeton
        self._debut = monotonic()
        self._derniere: Etape | None = None
        self._rang = 0

    def __call__(self, etape: Etape) -> None:
        """Show a step; the same one again says nothing new."""
        if etape == self._derniere:
            return
        self._derniere = etape
        self._rang += 1
        passees = (monotonic() - self._debut) * 1000
        self._place.html(avancee_html(etape, self._textes, self._jeton, self._rang, passees))


def avancee_html(etape: Etape, textes: int, jeton: str, rang: int, passees: float) -> str:
    """Write a step that begins ``passees`` milliseconds after the question was sent.

    It is there at once, and seen and said only once the patience is over: whoever looks at the
    page decides, not the server, which may be busy by then.
    """
    mots = echapper(_MOTS[etape].format(textes=textes))
    reste = max(0, round(PATIENCE - passees))
    tardive = " clas-tardive" if reste else ""
    return (
        f'<p class="clas-avancee{tardive}" aria-hidden="true">{mots}</p>'
        f'<div hidden data-annonce="{echapper(jeton)}-{rang}" data-apres="{reste}">{mots}</div>'
    )
