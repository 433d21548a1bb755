"""What situates a text, in words: scope, school year, page, and the link to a place in it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from assistant.answers.places import nom_departement
from assistant.models import Citation
from corpus.models import NATIONALE

_PREMIER_MOIS = 7
"""Month from which the coming school year is the one that people prepare."""
_PREMIERE_ANNEE = 2021
"""First school year covered by the texts."""


def nom_portee(portee: str) -> str:
    """« National », or « Hérault (34) »."""
    return "National" if portee == NATIONALE else nom_avec_code(portee)


def nom_avec_code(code: str) -> str:
    """« Hérault (34) »; the bare code when no département has it."""
    nom = nom_departement(code)
    return code if nom == code else f"{nom} ({code})"


def nom_annee(annee: str | None) -> str:
    """« année scolaire 2025-2026 », or that the text does not say."""
    return f"année scolaire {annee}" if annee else "année non précisée"


def annees_proposees(jour: date) -> tuple[str, ...]:
    """School years that a question may be about: those of the texts up to the next one."""
    courante = jour.year if jour.month >= _PREMIER_MOIS else jour.year - 1
    return tuple(f"{a}-{a + 1}" for a in range(courante + 1, _PREMIERE_ANNEE - 1, -1))


def parametres_du_passage(citation: Citation) -> dict[str, str]:
    """Query parameters that open the document page at a quotation."""
    return {
        "document": citation.document,
        "version": citation.version,
        "debut": str(citation.debut),
        "fin": str(citation.fin),
    }


def adresse_du_passage(citation: Citation) -> str:
    """Relative address of the document page, opened at a quotation."""
    return f"textes?{urlencode(parametres_du_passage(citation))}"


def situer(citation: Citation) -> str:
    """Say in one line where a quotation comes from."""
    parts = [citation.titre]
    if citation.section:
        parts.append(citation.section)
    if citation.page is not None:
        parts.append(f"page {citation.page}")
    parts += [nom_portee(citation.portee), nom_annee(citation.annee)]
    return " – ".join(parts)
