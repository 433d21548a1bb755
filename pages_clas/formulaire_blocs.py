"""Pieces of the report shown on the page: the same words, tables and sums as in the file."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.eligibility.report.models import (
    Bloc,
    Calcul,
    Definitions,
    Liste,
    Paragraphe,
    SousTitre,
    Tableau,
)
from pages_clas.balises import echapper


def blocs_html(blocs: Iterable[Bloc]) -> str:
    """Render pieces of a report; quotations are left out, the page shows them with their links."""
    return "".join(map(_bloc_html, blocs))


def _bloc_html(bloc: Bloc) -> str:
    match bloc:
        case Paragraphe():
            classe = ' class="clas-note"' if bloc.note else ""
            return f"<p{classe}>{echapper(bloc.texte)}</p>"
        case SousTitre():
            return f"<h4>{echapper(bloc.texte)}</h4>"
        case Liste():
            return _liste(bloc.elements)
        case Calcul():
            return f'<div class="clas-calcul">{_liste(bloc.lignes)}</div>'
        case Definitions():
            lignes = (
                f"<div><dt>{echapper(nom)}</dt><dd>{echapper(valeur)}</dd></div>"
                for nom, valeur in bloc.lignes
            )
            return f'<dl class="clas-constat">{"".join(lignes)}</dl>'
        case Tableau():
            return _tableau(bloc)
        case _:
            return ""


def _liste(elements: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{echapper(element)}</li>" for element in elements) + "</ul>"


def _tableau(tableau: Tableau) -> str:
    """Render a table that reads line by line on a narrow screen."""
    legende = f"<caption>{echapper(tableau.legende)}</caption>" if tableau.legende else ""
    entetes = "".join(
        f'<th scope="col"{_chiffre(place, tableau)}>{echapper(entete)}</th>'
        for place, entete in enumerate(tableau.entetes)
    )
    lignes = []
    for rang, ligne in enumerate(tableau.lignes):
        cases = "".join(
            f'<td data-colonne="{echapper(entete)}"'
            f"{_chiffre(place, tableau)}>{echapper(valeur)}</td>"
            for place, (entete, valeur) in enumerate(zip(tableau.entetes, ligne, strict=True))
        )
        classe = ' class="clas-total"' if rang in tableau.totaux else ""
        lignes.append(f"<tr{classe}>{cases}</tr>")
    return (
        f'<table class="clas-tableau">{legende}<thead><tr>{entetes}</tr></thead>'
        f"<tbody>{''.join(lignes)}</tbody></table>"
    )


def _chiffre(place: int, tableau: Tableau) -> str:
    return ' class="clas-chiffre"' if place in tableau.chiffres else ""
