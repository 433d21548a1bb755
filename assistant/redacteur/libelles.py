"""What is said of a reworded answer, the same in the page and in a terminal."""

from __future__ import annotations

from typing import Final

MENTION: Final = (
    "Formulation lissée par un modèle de langue, puis comparée mot à mot au texte d'origine, "
    "qui fait foi."
)
ORIGINE: Final = "Texte d'origine"
AUCUN_REDACTEUR: Final = "Aucun rédacteur n'est réglé (CLAS_LLM_URL) : voici la réponse même."
PAS_DE_LISSEE: Final = "Pas de formulation lissée pour cette réponse : la voici même."
