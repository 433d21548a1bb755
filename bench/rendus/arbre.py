"""The structure of a canonical text as a tree, for programs that lay documents out.

Marks of list items are taken off the texts, as lists draw their own: bullets become bulleted lists,
consecutive numbers (« 1. », « 2. ») an ordered list that starts at the first of them. Numbers and
marks of headings stay in their text. A heading of level 6 followed by table rows is the left cell
that spans them; such groups in a row make one table. A box holds what follows its heading in the
same section. Footnotes are called at the end of the block before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.models import Bloc, DocumentCanonique

_PUCE = re.compile(r"^[·•‣▪○☐➤➢–-]\s+(?=\S)")
_NUMERO = re.compile(r"^(?P<numero>\d{1,2})(?P<fin>[.)])\s+(?=\S)")
_CELLULE_DE_GAUCHE = 6


@dataclass(frozen=True)
class Texte:
    """Words, then the footnotes called at their end."""

    mots: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Titre:
    niveau: int
    texte: Texte
    question: bool


@dataclass(frozen=True)
class Paragraphe:
    texte: Texte


@dataclass(frozen=True)
class Lien:
    texte: Texte
    """A URL alone."""


@dataclass(frozen=True)
class Entree:
    """A list item and the lists inside it."""

    texte: Texte
    listes: tuple[Liste, ...] = ()


@dataclass(frozen=True)
class Liste:
    depart: int | None
    """Number of the first item; None: bullets."""
    fin: Literal[".", ")"]
    """What follows each number."""
    entrees: tuple[Entree, ...]


@dataclass(frozen=True)
class Groupe:
    """Rows of a table, beside the cell that spans them where there is one."""

    gauche: Texte | None
    lignes: tuple[tuple[Texte, ...], ...]


@dataclass(frozen=True)
class Tableau:
    groupes: tuple[Groupe, ...]

    @property
    def colonnes(self) -> int:
        return max(
            len(ligne) + (groupe.gauche is not None)
            for groupe in self.groupes
            for ligne in groupe.lignes
        )


@dataclass(frozen=True)
class Encadre:
    titre: Titre
    contenu: tuple[Noeud, ...]


Noeud = Titre | Paragraphe | Lien | Liste | Tableau | Encadre


@dataclass(frozen=True)
class _Pose:
    """A block with its text and the footnotes it calls."""

    bloc: Bloc
    texte: Texte


def arbre(document: DocumentCanonique) -> tuple[Noeud, ...]:
    """Read the blocks of a canonical text as a tree.

    Raises:
        ValueError: the text begins with a footnote, which no block calls.
    """
    return tuple(_noeuds(_poses(document)))


def _poses(document: DocumentCanonique) -> list[_Pose]:
    poses: list[_Pose] = []
    for bloc in document.blocs:
        mots = document.texte[bloc.debut : bloc.fin]
        if bloc.nature != "note":
            poses.append(_Pose(bloc, Texte(mots)))
        elif poses:
            avant = poses[-1].texte
            poses[-1] = _Pose(poses[-1].bloc, Texte(avant.mots, (*avant.notes, mots)))
        else:
            raise ValueError(f"document {document.fiche.id} : une note que rien n'appelle")
    return poses


def _noeuds(poses: Sequence[_Pose]) -> Iterator[Noeud]:
    place = 0
    while place < len(poses):
        bloc, texte = poses[place].bloc, poses[place].texte
        if _ouvre_un_groupe(poses, place):
            fin = _fin_du_tableau(poses, place)
            yield Tableau(tuple(_groupes(poses[place:fin])))
        elif bloc.nature == "element":
            fin = _fin(poses, place, "element")
            yield from _listes(poses[place:fin])
        elif bloc.nature == "encadre":
            fin = _fin_de_boite(poses, place)
            contenu = tuple(_noeuds(poses[place + 1 : fin]))
            yield Encadre(Titre(bloc.niveau, texte, question=False), contenu)
        else:
            fin = place + 1
            yield _simple(bloc, texte)
        place = fin


def _simple(bloc: Bloc, texte: Texte) -> Noeud:
    if bloc.nature in ("titre", "question"):
        return Titre(bloc.niveau, texte, question=bloc.nature == "question")
    return Lien(texte) if bloc.nature == "lien" else Paragraphe(texte)


def _ouvre_un_groupe(poses: Sequence[_Pose], place: int) -> bool:
    bloc = poses[place].bloc
    if bloc.nature == "ligne_tableau":
        return True
    suivant = poses[place + 1].bloc if place + 1 < len(poses) else None
    return (
        bloc.nature == "titre"
        and bloc.niveau == _CELLULE_DE_GAUCHE
        and suivant is not None
        and suivant.nature == "ligne_tableau"
    )


def _fin(poses: Sequence[_Pose], debut: int, nature: str) -> int:
    place = debut
    while place < len(poses) and poses[place].bloc.nature == nature:
        place += 1
    return place


def _fin_du_tableau(poses: Sequence[_Pose], debut: int) -> int:
    place = debut
    while place < len(poses) and _ouvre_un_groupe(poses, place):
        place = _fin(poses, place + 1, "ligne_tableau")
    return place


def _fin_de_boite(poses: Sequence[_Pose], debut: int) -> int:
    place = debut + 1
    dans = poses[debut].bloc.section
    while (
        place < len(poses)
        and poses[place].bloc.section == dans
        and poses[place].bloc.nature not in ("titre", "question", "encadre")
    ):
        place += 1
    return place


def _groupes(poses: Sequence[_Pose]) -> Iterator[Groupe]:
    place = 0
    while place < len(poses):
        titree = poses[place].bloc.nature == "titre"
        fin = _fin(poses, place + 1, "ligne_tableau")
        lignes = poses[place + titree : fin]
        yield Groupe(
            poses[place].texte if titree else None,
            tuple(_cellules(ligne.texte) for ligne in lignes),
        )
        place = fin


def _cellules(ligne: Texte) -> tuple[Texte, ...]:
    *premieres, derniere = ligne.mots.split("\t")
    return (*map(Texte, premieres), Texte(derniere, ligne.notes))


def _listes(poses: Sequence[_Pose]) -> Iterator[Liste]:
    """Lists of some items in a row; a deeper item goes into the list of the item before it."""
    profondeur = poses[0].bloc.niveau
    tetes = [i for i, pose in enumerate(poses) if i == 0 or pose.bloc.niveau <= profondeur]
    lues = [
        (
            _numero(poses[debut].texte.mots),
            Entree(_sans_marque(poses[debut].texte), tuple(_listes_de(poses[debut + 1 : fin]))),
        )
        for debut, fin in pairwise([*tetes, len(poses)])
    ]
    coupes = [
        0,
        *(i + 1 for i, (a, b) in enumerate(pairwise(lues)) if not _se_suivent(a[0], b[0])),
        len(lues),
    ]
    for debut, fin in pairwise(coupes):
        premier = lues[debut][0]
        yield Liste(
            premier[0] if premier else None,
            premier[1] if premier else ".",
            tuple(entree for _, entree in lues[debut:fin]),
        )


def _listes_de(poses: Sequence[_Pose]) -> Iterator[Liste]:
    if poses:
        yield from _listes(poses)


def _numero(mots: str) -> tuple[int, Literal[".", ")"]] | None:
    lu = _NUMERO.match(mots)
    if lu is None:
        return None
    return int(lu["numero"]), "." if lu["fin"] == "." else ")"


def _se_suivent(
    avant: tuple[int, Literal[".", ")"]] | None, apres: tuple[int, Literal[".", ")"]] | None
) -> bool:
    if avant is None or apres is None:
        return avant is apres
    return apres == (avant[0] + 1, avant[1])


def _sans_marque(texte: Texte) -> Texte:
    mots = _NUMERO.sub("", texte.mots) if _numero(texte.mots) else _PUCE.sub("", texte.mots)
    return Texte(mots, texte.notes)
