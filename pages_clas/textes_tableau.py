"""Small pieces that every part of the page « Tenir les textes » shows: headings, tables, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from pages_clas.balises import echapper

_HEURE: Final = ZoneInfo("Europe/Paris")


def titre_de_partie(ancre: str, nom: str) -> str:
    """The heading of a part, where the links at the top of the page lead."""
    return f'<h2 id="{ancre}" tabindex="-1">{echapper(nom)}</h2>'


def tableau(nom: str, entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself where it is too wide; every word is escaped."""
    tetes = "".join(f'<th scope="col">{echapper(e)}</th>' for e in entetes)
    corps = "".join(
        "<tr>" + "".join(f"<td>{echapper(mots)}</td>" for mots in ligne) + "</tr>"
        for ligne in lignes
    )
    return (
        f'<div class="clas-large" tabindex="0" role="region" aria-label="{echapper(nom)}">'
        f"<table><thead><tr>{tetes}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


def liste(lignes: Iterable[str]) -> str:
    """A list; nothing where it would be empty."""
    corps = "".join(f"<li>{echapper(ligne)}</li>" for ligne in lignes)
    return f"<ul>{corps}</ul>" if corps else ""


def compte(nombre: int, un: str, plusieurs: str) -> str:
    """« 1 règle », « 2 règles », « aucune règle » being left to whoever writes."""
    return f"{nombre} {un if nombre <= 1 else plusieurs}"


def le_jour(instant: datetime) -> str:
    """« 02/03/2026 à 10:30 », at the time of France."""
    return f"{instant.astimezone(_HEURE):%d/%m/%Y à %H:%M}"
