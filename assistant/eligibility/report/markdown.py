"""The report as Markdown, readable as it is and once laid out."""

from __future__ import annotations

import re
from typing import Final

from assistant.eligibility.report.models import (
    Barres,
    Bloc,
    Calcul,
    Citations,
    Definitions,
    Encadre,
    Fiche,
    Liste,
    Paragraphe,
    Rapport,
    SousTitre,
    Tableau,
)
from assistant.eligibility.report.wording import lire_textes

_SPECIAUX: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_DEBUT_DE_LIGNE: Final = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")
_NUMERO: Final = re.compile(r"^(\s*\d+)([.)])")
_LIEN: Final = re.compile(r"(?i)\b(https?|ftp)(:)(?=//)|\b(www)(\.)|(\w)(@)(?=\w)")
_LONGUEUR_BARRE: Final = 40


def en_markdown(rapport: Rapport) -> bytes:
    """Lay the report out. The same report always gives the same bytes."""
    lignes = [f"# {_ligne(rapport.titre)}", "", _ligne(rapport.sous_titre), ""]
    lignes += _bloc(rapport.identite)
    for section in rapport.sections:
        lignes += [f"## {section.numero}. {_ligne(section.titre)}", ""]
        for bloc in section.blocs:
            lignes += _bloc(bloc)
    lignes += ["---", "", _ligne(rapport.pied)]
    return ("\n".join(lignes) + "\n").encode("utf-8")


def echapper(texte: str) -> str:
    """Escape what Markdown would read as markup; a reader of the page sees the text itself."""
    echappe = _SPECIAUX.sub(r"\\\1", texte)
    return _LIEN.sub(_couper_lien, echappe)


def _couper_lien(trouve: re.Match[str]) -> str:
    """Keep an address that a person wrote from becoming a link."""
    return "".join(
        f"\\{partie}" if partie in {":", ".", "@"} else partie
        for partie in trouve.groups()
        if partie is not None
    )


def _ligne(texte: str) -> str:
    """Write a text on one line, where a line may start."""
    echappe = echapper(" ".join(texte.split("\n")).strip(" \t"))
    echappe = _NUMERO.sub(r"\1\\\2", echappe)
    return _DEBUT_DE_LIGNE.sub(_proteger_debut, echappe)


def _proteger_debut(trouve: re.Match[str]) -> str:
    signe = trouve[2]
    return trouve[1] + (signe if signe.isdigit() else f"\\{signe}")


def _bloc(bloc: Bloc) -> list[str]:
    lignes: list[str] = []
    match bloc:
        case Paragraphe():
            lignes = [_ligne(bloc.texte)]
        case SousTitre():
            lignes = [f"### {_ligne(bloc.texte)}"]
        case Definitions():
            separateur = lire_textes().mot("deux_points")
            lignes = [f"- **{_ligne(nom)}**{separateur}{_ligne(v)}" for nom, v in bloc.lignes]
        case Tableau():
            lignes = _tableau(bloc)
        case Liste():
            lignes = [f"- {_ligne(element)}" for element in bloc.elements]
        case Calcul():
            lignes = [f"- {_ligne(ligne)}" for ligne in bloc.lignes]
        case Citations():
            lignes = _citations(bloc)
        case Encadre():
            lignes = [f"**{_ligne(bloc.mot)}**", "", _ligne(bloc.sens), ""]
            lignes += [_ligne(bloc.avertissement)]
        case Fiche():
            lignes = [f"#### {_ligne(bloc.titre)} – {echapper(bloc.signe)} {_ligne(bloc.mot)}", ""]
            for partie in bloc.blocs:
                lignes += _bloc(partie)
            return lignes
        case Barres():
            lignes = _barres(bloc)
    return [*lignes, ""]


def _citations(bloc: Citations) -> list[str]:
    lignes: list[str] = []
    for citation in bloc.citations:
        mots = f"«\u00a0{citation.extrait}\u00a0»".split("\n")
        # Two spaces at the end of a line keep the break of the text.
        *debut, fin = (f"> {_ligne(mot)}" for mot in mots)
        lignes += [*(f"{mot}  " for mot in debut), fin, ">"]
        lignes += [f"> — {_ligne(citation.source)}", ""]
    return lignes[:-1]


def _tableau(bloc: Tableau) -> list[str]:
    lignes = [f"**{_ligne(bloc.legende)}**", ""] if bloc.legende else []
    traits = ["---:" if c in bloc.chiffres else "---" for c in range(len(bloc.entetes))]
    for rang, cellules in enumerate((bloc.entetes, *bloc.lignes), -1):
        gras = "**" if rang in bloc.totaux else ""
        lignes.append(f"| {' | '.join(f'{gras}{_cellule(c)}{gras}' for c in cellules)} |")
        if rang == -1:
            lignes.append(f"| {' | '.join(traits)} |")
    return lignes


def _cellule(texte: str) -> str:
    return echapper(" ".join(texte.split("\n")).strip(" \t")) or " "


def _barres(bloc: Barres) -> list[str]:
    """Draw bars of characters, in a block where nothing is markup."""
    largeur = max(len(barre.quand) for barre in bloc.barres)
    return [
        "```text",
        *(
            f"{barre.quand:<{largeur}}  {'█' * round(barre.longueur * _LONGUEUR_BARRE)} "
            f"{barre.montant}"
            for barre in bloc.barres
        ),
        "```",
    ]
