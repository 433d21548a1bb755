"""PDF by typst: A4 in one or two columns, with running header and footer, footnotes, tables."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from bench.rendus.arbre import Encadre, Noeud, Tableau
from corpus.models import FicheDocument

_GABARIT = Path(__file__).parent / "page.typ"


def en_pdf(noeuds: tuple[Noeud, ...], fiche: FicheDocument, colonnes: int) -> bytes:
    """Lay a tree out on A4 pages of that many columns."""
    donnees = {
        "titre": fiche.titre,
        "bandeau": fiche.titre_court,
        "editeur": fiche.editeur,
        "noeuds": [_donnees(noeud) for noeud in noeuds],
    }
    return typst.compile(
        _GABARIT,
        root=_GABARIT.parent,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={
            "document": json.dumps(donnees, ensure_ascii=False),
            "colonnes": str(colonnes),
        },
    )


def _donnees(noeud: Noeud) -> dict[str, Any]:
    donnees = {"sorte": type(noeud).__name__.lower(), **asdict(noeud)}
    if isinstance(noeud, Tableau):
        donnees["colonnes"] = noeud.colonnes
    elif isinstance(noeud, Encadre):
        donnees["titre"] = _donnees(noeud.titre)
        donnees["contenu"] = [_donnees(dedans) for dedans in noeud.contenu]
    return donnees
