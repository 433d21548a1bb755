"""A circulaire that does not exist, made to be published after the one of 2021 in tests.

It says what document 004 says, laid out otherwise, but for the changes that are listed here.
``python -m tests.exemples.circulaire_fictive FICHIER`` writes it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst

from bench.rendus.arbre import Encadre, Noeud, Tableau, arbre
from corpus.library import load_corpus
from corpus.models import Bloc, DocumentCanonique, FicheDocument

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FICTIF = "DOCUMENT FICTIF, ÉCRIT POUR LES ESSAIS"
TITRE = (
    "Circulaire n° 2026-999, Le soutien de la branche Famille aux Contrats locaux "
    f"d'accompagnement à la scolarité ({FICTIF.lower()})"
)


@dataclass(frozen=True, slots=True)
class Changement:
    """Words of 004 and those that the fictitious text has in their place."""

    nom: str
    avant: str
    apres: str


IDENTITE = (
    Changement("date", "Paris, le 06/04/2021", "Paris, le 02/03/2026"),
    Changement("numéro", "Circulaire n° 2021-006", "Circulaire n° 2026-999"),
    Changement(
        "texte remplacé",
        "annule et remplace la lettre circulaire 2011-176 du 2 novembre 2011",
        "annule et remplace la circulaire n° 2021-006",
    ),
)
NOMBRE = Changement(
    "prix plafond", "est de 7885 € (soit 2563 € par", "est de 8112 € (soit 2636 € par"
)
MODALITE = Changement(
    "encadrement",
    "Chaque collectif d’enfants doit être encadré",
    "Chaque collectif d’enfants peut être encadré",
)
DEPLACEE = "· Les actions peuvent bénéficier d’un financement pluriannuel"
"""Heading of the section that is moved…"""
DEVANT = "· L’agrément des projets est obligatoire"
"""…before this one."""
CONDITION = (
    "Le bonus « parents » n’est versé que si trois rencontres collectives avec les parents ont été "
    "organisées pendant l’année scolaire."
)
APRES = "L’attribution du bonus sera validée par la Caf"
"""First words of the paragraph that the new condition follows."""


def circulaire_fictive(ancienne: DocumentCanonique) -> bytes:
    """The PDF: two columns, marked as fictitious on every page."""
    noeuds = arbre(_rewritten(ancienne))
    donnees = {
        "titre": TITRE,
        "bandeau": FICTIF,
        "editeur": "Circulaire n° 2026-999",
        "noeuds": [_data(noeud) for noeud in noeuds],
    }
    return typst.compile(
        HERE / "circulaire_fictive.typ",
        root=ROOT,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(donnees, ensure_ascii=False), "colonnes": "2"},
    )


def fiche_fictive(ancienne: FicheDocument, fichier: str, sha256: str) -> FicheDocument:
    """The manifest entry of the new version of 004."""
    return FicheDocument.model_validate(
        ancienne.model_dump()
        | {
            "titre": TITRE,
            "titre_court": "Circulaire fictive n° 2026-999",
            "editeur": "Personne (texte d'essai)",
            "annee": None,
            "date_publication": date(2026, 3, 2),
            "fichier": fichier,
            "sha256": sha256,
            "format": "pdf",
            "mise_en_page": None,
        }
    )


def _rewritten(ancienne: DocumentCanonique) -> DocumentCanonique:
    """The canonical text with the changes made; its blocks are those that are laid out."""
    pieces = [(bloc, ancienne.texte[bloc.debut : bloc.fin]) for bloc in ancienne.blocs]
    for changement in (*IDENTITE, NOMBRE, MODALITE):
        place = _only(pieces, changement.avant)
        bloc, texte = pieces[place]
        pieces[place] = (bloc, texte.replace(changement.avant, changement.apres))
    start = _only(pieces, DEPLACEE)
    end = next(rank for rank in range(start + 1, len(pieces)) if pieces[rank][0].nature == "titre")
    moved = pieces[start:end]
    del pieces[start:end]
    before = _only(pieces, DEVANT)
    pieces[before:before] = moved
    after = _only(pieces, APRES)
    pieces.insert(after + 1, (pieces[after][0], CONDITION))
    return _joined(ancienne.fiche, pieces)


def _only(pieces: Sequence[tuple[Bloc, str]], words: str) -> int:
    found = [rank for rank, (_, texte) in enumerate(pieces) if words in texte]
    if len(found) != 1:
        raise ValueError(f"« {words} » se trouve dans {len(found)} blocs de 004, attendu 1")
    return found[0]


def _joined(fiche: FicheDocument, pieces: Sequence[tuple[Bloc, str]]) -> DocumentCanonique:
    blocs: list[Bloc] = []
    place = 0
    for numero, (bloc, texte) in enumerate(pieces):
        fin = place + len(texte)
        blocs.append(bloc.model_copy(update={"numero": numero, "debut": place, "fin": fin}))
        place = fin + 2
    return DocumentCanonique(
        fiche=fiche,
        texte="\n\n".join(texte for _, texte in pieces),
        version="0" * 12,
        blocs=tuple(blocs),
        carte=(),
    )


def _data(noeud: Noeud) -> dict[str, Any]:
    data = {"sorte": type(noeud).__name__.lower(), **asdict(noeud)}
    if isinstance(noeud, Tableau):
        data["colonnes"] = noeud.colonnes
    elif isinstance(noeud, Encadre):
        data["titre"] = _data(noeud.titre)
        data["contenu"] = [_data(dedans) for dedans in noeud.contenu]
    return data


def main(target: Path) -> None:
    """Write the PDF of the text that comes with the program."""
    target.write_bytes(circulaire_fictive(load_corpus().documents["004"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
