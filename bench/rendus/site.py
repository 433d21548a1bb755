"""HTML as a public site serves it: the text in ``main``, and around it all that is not text."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from bench.rendus.arbre import Encadre, Lien, Liste, Noeud, Paragraphe, Tableau, Texte, Titre
from corpus.models import FicheDocument

_GABARIT = Path(__file__).parent / "page.html"


def en_page(noeuds: tuple[Noeud, ...], fiche: FicheDocument) -> bytes:
    """Write a tree inside a whole page; the footnotes stand at the end, with links both ways."""
    notes: list[str] = []
    contenu = "\n".join(_noeud(noeud, notes) for noeud in _groupees(noeuds))
    page = Template(_GABARIT.read_text("utf-8")).substitute(
        titre=escape(fiche.titre),
        titre_court=escape(fiche.titre_court),
        editeur=escape(fiche.editeur),
        contenu=contenu,
        notes=_pied(notes),
    )
    return page.encode("utf-8")


def _groupees(noeuds: tuple[Noeud, ...]) -> list[Noeud | tuple[Noeud, ...]]:
    """Put each question with its answer, up to the next heading."""
    groupes: list[Noeud | tuple[Noeud, ...]] = []
    for noeud in noeuds:
        if isinstance(noeud, Titre):
            groupes.append((noeud,) if noeud.question else noeud)
        elif groupes and isinstance(groupes[-1], tuple) and not isinstance(noeud, Encadre):
            groupes[-1] = (*groupes[-1], noeud)
        else:
            groupes.append(noeud)
    return groupes


def _noeud(noeud: Noeud | tuple[Noeud, ...], notes: list[str]) -> str:
    match noeud:
        case tuple():
            question, *reponse = (_noeud(dedans, notes) for dedans in noeud)
            corps = "\n".join(reponse)
            return (
                f"<details class='accordeon'><summary>{question}</summary>\n"
                f"<div class='accordeon__corps'>\n{corps}\n</div></details>"
            )
        case Titre():
            return f"<h{noeud.niveau}>{_texte(noeud.texte, notes)}</h{noeud.niveau}>"
        case Paragraphe():
            return f"<p>{_texte(noeud.texte, notes)}</p>"
        case Lien():
            adresse = escape(noeud.texte.mots)
            return f"<p><a href='{adresse}'>{_texte(noeud.texte, notes)}</a></p>"
        case Liste():
            return _liste(noeud, notes)
        case Tableau():
            return _tableau(noeud, notes)
        case Encadre():
            dedans = "\n".join(_noeud(n, notes) for n in (noeud.titre, *noeud.contenu))
            return f"<div class='encadre' role='note'>\n{dedans}\n</div>"


def _texte(texte: Texte, notes: list[str]) -> str:
    appels = []
    for note in texte.notes:
        notes.append(note)
        n = len(notes)
        appels.append(f"<sup id='appel-{n}'><a href='#note-{n}' role='doc-noteref'>{n}</a></sup>")
    return escape(texte.mots, quote=False) + "".join(appels)


def _pied(notes: list[str]) -> str:
    if not notes:
        return ""
    lignes = "\n".join(
        f"<li id='note-{n}' role='doc-footnote'><p>{escape(note, quote=False)}"
        f" <a href='#appel-{n}' role='doc-backlink' aria-label='Retour au texte'>↩</a></p></li>"
        for n, note in enumerate(notes, start=1)
    )
    return f"<section class='notes' role='doc-endnotes'><hr>\n<ol>\n{lignes}\n</ol></section>"


def _liste(liste: Liste, notes: list[str]) -> str:
    balise = "ul" if liste.depart is None else "ol"
    depart = "" if liste.depart in (None, 1) else f" start='{liste.depart}'"
    entrees = []
    for entree in liste.entrees:
        dedans = "".join(_liste(sous, notes) for sous in entree.listes)
        entrees.append(f"<li>{_texte(entree.texte, notes)}{dedans}</li>")
    return f"<{balise}{depart}>\n" + "\n".join(entrees) + f"\n</{balise}>"


def _tableau(tableau: Tableau, notes: list[str]) -> str:
    rangs = []
    for groupe in tableau.groupes:
        for rang, ligne in enumerate(groupe.lignes):
            cellules = []
            if groupe.gauche is not None and rang == 0:
                hauteur = len(groupe.lignes)
                gauche = _texte(groupe.gauche, notes)
                cellules.append(f"<th scope='rowgroup' rowspan='{hauteur}'>{gauche}</th>")
            cellules += [f"<td>{_texte(cellule, notes)}</td>" for cellule in ligne]
            rangs.append(f"<tr>{''.join(cellules)}</tr>")
    return "<table>\n<tbody>\n" + "\n".join(rangs) + "\n</tbody>\n</table>"
