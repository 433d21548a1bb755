"""Words of the texts beside a field or a criterion: folded, verbatim, each with its place."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.eligibility.report.labels import Libelles
from assistant.models import Citation
from pages_clas.balises import echapper, lu_seulement
from pages_clas.reperes import adresse_du_passage


def textes_replies(
    citations: Iterable[Citation], libelles: Libelles, sujet: str, avant: str = ""
) -> str:
    """Fold quotations under « Ce que disent les textes », after the HTML ``avant``.

    Each link opens a tab of its own: the draft, which is kept by the session alone, stays where
    it is. Empty without quotation.
    """
    extraits = "".join(_extrait(citation, libelles) for citation in citations)
    if not extraits:
        return avant
    return (
        '<details class="clas-textes"><summary>Ce que disent les textes'
        f"{lu_seulement(f' : {sujet}')}</summary>{avant}{extraits}</details>"
    )


def _extrait(citation: Citation, libelles: Libelles) -> str:
    source = libelles.source(citation)
    return (
        f'<figure class="clas-extrait"><blockquote><p>{echapper(citation.extrait)}</p></blockquote>'
        f"<figcaption>{echapper(source)}<br>"
        f'<a href="{echapper(adresse_du_passage(citation))}" target="_blank" rel="noopener">'
        f"Lire dans le texte{lu_seulement(f' : {source}')} (nouvel onglet)</a>"
        "</figcaption></figure>"
    )
