"""DOCX, ODT and Markdown by pandoc, from its own tree (JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pypandoc

from bench.rendus.arbre import Encadre, Groupe, Lien, Liste, Noeud, Tableau, Texte, Titre

_API = [1, 23, 1]
_SANS = ["", [], []]
_COMMUN = {"t": "AlignDefault"}
_SORTIES = {"docx": "docx", "odt": "odt", "md": "gfm"}


def en_fichier(noeuds: tuple[Noeud, ...], sortie: Literal["docx", "odt", "md"]) -> bytes:
    """Write a tree as a file (Markdown: GitHub's, with footnotes, tables with spans in HTML)."""
    blocs = [bloc for noeud in noeuds for bloc in _blocs(noeud)]
    lu = json.dumps({"pandoc-api-version": _API, "meta": {}, "blocks": blocs})
    with TemporaryDirectory() as dossier:
        fichier = Path(dossier) / f"rendu.{sortie}"
        pypandoc.convert_text(lu, _SORTIES[sortie], format="json", outputfile=str(fichier))
        return fichier.read_bytes()


def _noeud(sorte: str, contenu: object) -> dict[str, Any]:
    return {"t": sorte, "c": contenu}


def _mots(mots: str) -> Iterator[dict[str, Any]]:
    for mot in re.split("( )", mots):
        if mot == " ":
            yield {"t": "Space"}
        elif mot:
            yield _noeud("Str", mot)


def _texte(texte: Texte) -> list[dict[str, Any]]:
    notes = [_noeud("Note", [_noeud("Para", list(_mots(note)))]) for note in texte.notes]
    return [*_mots(texte.mots), *notes]


def _blocs(noeud: Noeud) -> Iterator[dict[str, Any]]:
    match noeud:
        case Titre():
            yield _noeud("Header", [noeud.niveau, _SANS, _texte(noeud.texte)])
        case Lien():
            adresse = [noeud.texte.mots, ""]
            yield _noeud("Para", [_noeud("Link", [_SANS, _texte(noeud.texte), adresse])])
        case Liste():
            yield _liste(noeud)
        case Tableau():
            yield _tableau(noeud)
        case Encadre():
            contenu = (bloc for dedans in (noeud.titre, *noeud.contenu) for bloc in _blocs(dedans))
            yield _noeud("Div", [["", ["encadre"], []], list(contenu)])
        case _:
            yield _noeud("Para", _texte(noeud.texte))


def _liste(liste: Liste) -> dict[str, Any]:
    entrees = [
        [_noeud("Plain", _texte(entree.texte)), *map(_liste, entree.listes)]
        for entree in liste.entrees
    ]
    if liste.depart is None:
        return _noeud("BulletList", entrees)
    style = {"t": "Period" if liste.fin == "." else "OneParen"}
    return _noeud("OrderedList", [[liste.depart, {"t": "Decimal"}, style], entrees])


def _tableau(tableau: Tableau) -> dict[str, Any]:
    colonnes = tableau.colonnes
    largeurs = [_noeud("ColWidth", part) for part in _parts(colonnes)]
    rangs = [rang for groupe in tableau.groupes for rang in _rangs(groupe, colonnes)]
    return _noeud(
        "Table",
        [
            _SANS,
            [None, []],
            [[_COMMUN, largeur] for largeur in largeurs],
            [_SANS, []],
            [[_SANS, 0, [], rangs]],
            [_SANS, []],
        ],
    )


def _parts(colonnes: int) -> Iterable[float]:
    return (0.3, 0.7) if colonnes == 2 else [1 / colonnes] * colonnes


def _rangs(groupe: Groupe, colonnes: int) -> Iterator[list[Any]]:
    for rang, ligne in enumerate(groupe.lignes):
        cellules = [_cellule(texte, 1) for texte in ligne]
        manque = colonnes - len(ligne) - (groupe.gauche is not None)
        cellules += [_cellule(Texte(""), 1)] * manque
        if groupe.gauche is not None and rang == 0:
            cellules = [_cellule(groupe.gauche, len(groupe.lignes)), *cellules]
        yield [_SANS, cellules]


def _cellule(texte: Texte, hauteur: int) -> list[Any]:
    contenu = [_noeud("Plain", _texte(texte))] if texte.mots else []
    return [_SANS, _COMMUN, hauteur, 1, contenu]
