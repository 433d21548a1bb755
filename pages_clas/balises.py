"""Small HTML pieces. Everything that comes from a document or a person is escaped here.

Streamlit's own Markdown is never given such words: it reads links, colours, formulas, emoji names
and arrows in them, and so would change a text that must be shown word for word.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict

TypeAvis = Literal["information", "attention", "erreur"]
TypeMarque = Literal["citation", "trouve", "courant"]

_AVIS = {
    "information": ("i", "Information"),
    "attention": ("!", "Attention"),
    "erreur": ("×", "Erreur"),
}


class Marque(BaseModel):
    """A highlighted span ``debut:fin`` of a text (code points, end excluded)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    debut: int
    fin: int
    type: TypeMarque


def echapper(texte: str) -> str:
    """Escape words for HTML content and quoted attributes; lone surrogates become « ? »."""
    return html.escape(texte.encode("utf-8", "replace").decode("utf-8"), quote=True)


def marquer(texte: str, debut: int, fin: int, type_marque: TypeMarque) -> Marque:
    """Mark ``debut:fin`` of a text without the white space around its words."""
    mots = texte[debut:fin]
    return Marque(
        debut=debut + len(mots) - len(mots.lstrip()),
        fin=fin - len(mots) + len(mots.rstrip()),
        type=type_marque,
    )


def lu_seulement(texte: str) -> str:
    """Words for screen readers alone; never part of what is selected and copied."""
    return f'<span class="clas-lu">{echapper(texte)}</span>'


def avis(type_avis: TypeAvis, titre: str, lignes: Iterable[str], suite: str = "") -> str:
    """Make a message box: its kind is said by a sign and by words, not by its colour alone.

    ``suite``: HTML that ends it.
    """
    signe, nom = _AVIS[type_avis]
    corps = "".join(f"<p>{echapper(ligne)}</p>" for ligne in lignes)
    return (
        f'<div class="clas-avis clas-avis-{type_avis}">'
        f'<p class="clas-avis-titre"><span class="clas-signe" aria-hidden="true">{signe}</span>'
        f"{lu_seulement(nom + ' : ')}{echapper(titre)}</p>{corps}{suite}</div>"
    )


def surligner(texte: str, debut: int, fin: int, marques: Sequence[Marque]) -> str:
    """Render ``texte[debut:fin]`` with its marks, which may overlap one another.

    The first piece of a quotation carries the id ``passage-cite``, that of the current search
    result the id ``resultat-courant``: pages scroll to them.
    """
    dedans = [m for m in marques if m.debut < fin and m.fin > debut]
    bornes = {debut, fin}
    for marque in dedans:
        bornes |= {max(debut, marque.debut), min(fin, marque.fin)}
    coupes = sorted(bornes)
    return "".join(
        _morceau(texte[gauche:droite], gauche, droite, dedans)
        for gauche, droite in pairwise(coupes)
    )


def _morceau(mots: str, debut: int, fin: int, marques: Sequence[Marque]) -> str:
    actives = [m for m in marques if m.debut <= debut and fin <= m.fin]
    contenu = echapper(mots)
    if not actives or not mots.strip():
        return contenu
    types = {m.type for m in actives}
    classes = " ".join(f"clas-{t}" for t in sorted(types))
    avant = apres = ident = ""
    for marque in actives:
        if marque.type == "citation":
            avant += lu_seulement("Début de la citation : ") if debut == marque.debut else ""
            apres += lu_seulement(" Fin de la citation.") if fin == marque.fin else ""
        if debut == marque.debut and marque.type != "trouve":
            nom = "passage-cite" if marque.type == "citation" else "resultat-courant"
            ident = f' id="{nom}" tabindex="-1"'
    return f'<mark class="{classes}"{ident}>{avant}{contenu}{apres}</mark>'
