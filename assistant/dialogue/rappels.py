"""« Pourquoi ? » and « où est-ce écrit ? »: the last answer's own passages, word for word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from assistant.answers.composition import escape
from assistant.answers.places import nom_departement
from assistant.dialogue.cas import MOTS, Dit, portee_de
from assistant.dialogue.phrases import phrase
from assistant.models import Citation
from corpus.models import NATIONALE, DocumentCanonique

_MONTREES: Final = 3


def dire_source(
    citations: Sequence[Citation], documents: Mapping[str, DocumentCanonique]
) -> Dit | None:
    """Show where the last answer stands in the texts; None when it cited nothing."""
    if not citations:
        return None
    lignes: list[str] = []
    gardees: list[Citation] = []
    for citation in _de_chaque_texte(citations):
        ligne = phrase(
            "source_ligne",
            source=_situer(citation, documents),
            extrait=escape(citation.extrait),
            marques=f"[{len(gardees) + 1}]",
        )
        if gardees and len(" ".join([*lignes, ligne]).split()) > MOTS:
            continue
        lignes.append(ligne)
        gardees.append(citation)
    return Dit(
        texte="\n\n".join([phrase("source"), "\n".join(lignes)]),
        citations=tuple(gardees),
        portee=portee_de(gardees),
        tranche=True,
    )


def dire_pourquoi(
    citations: Sequence[Citation],
    documents: Mapping[str, DocumentCanonique],
    motif: str | None = None,
) -> Dit | None:
    """Give the reason: the checker's, where there was one, and the words of the first text."""
    if not citations:
        return None
    premiere = citations[0]
    valeurs = {
        "source": _nommer(premiere, documents),
        "extrait": escape(premiere.extrait),
        "marques": "[1]",
    }
    dit = phrase("pourquoi_cas", motif=motif, **valeurs) if motif else phrase("pourquoi", **valeurs)
    return Dit(texte=dit, citations=(premiere,), portee=portee_de([premiere]), tranche=True)


def _de_chaque_texte(citations: Sequence[Citation]) -> list[Citation]:
    """One passage of each text first, a few at most."""
    vus: dict[str, Citation] = {}
    for citation in citations:
        vus.setdefault(citation.document, citation)
    premiers = list(vus.values())
    return (premiers + [c for c in citations if c not in premiers])[:_MONTREES]


def _nommer(citation: Citation, documents: Mapping[str, DocumentCanonique]) -> str:
    document = documents.get(citation.document)
    titre = _nom(document.fiche.titre_court if document else citation.titre)
    if citation.portee != NATIONALE:
        return f"**{nom_departement(citation.portee)} seulement** ({titre})"
    return f"**{titre}**"


def _nom(texte: str) -> str:
    """A title as it is named: « » stay for quoted words."""
    return escape(
        texte.replace("« ", "“").replace(" »", "”").replace("«\u00a0", "“").replace("\u00a0»", "”")
    )


def _situer(citation: Citation, documents: Mapping[str, DocumentCanonique]) -> str:
    nom = _nommer(citation, documents)
    section = f", {_nom(citation.section)}" if citation.section else ""
    page = f", page {citation.page}" if citation.page else ""
    return f"{nom}{section}{page}"
