"""The diagnosis for the terminal: what was found, then what to do."""

from __future__ import annotations

from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.diagnostic.modeles import PAR_GRAVITE, Diagnostic, Etat
from assistant.rendering import harmless

DITS: Final[dict[Etat, str]] = {
    "bon": "bon",
    "a_surveiller": "à surveiller",
    "en_panne": "en panne",
    "non_verifie": "non vérifié",
}
_STYLES: Final[dict[Etat, str]] = {
    "bon": "green",
    "a_surveiller": "yellow",
    "en_panne": "bold red",
    "non_verifie": "dim",
}


def afficher(diagnostic: Diagnostic, console: Console) -> None:
    """Print a line for each finding, then each remedy, the worst first."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for titre, plie in (("Contrôle", False), ("État", False), ("Trouvé", True)):
        table.add_column(titre, no_wrap=not plie, overflow="fold")
    for constat in diagnostic.constats:
        table.add_row(
            Text(constat.nom),
            Text(DITS[constat.etat], style=_STYLES[constat.etat]),
            Text(harmless(constat.trouve)),
        )
    console.print(table)
    a_faire = sorted(
        (constat for constat in diagnostic.constats if constat.remede),
        key=lambda constat: PAR_GRAVITE.index(constat.etat),
    )
    if a_faire:
        console.print(Text("À faire", style="bold"))
    for rang, constat in enumerate(a_faire, start=1):
        console.print(Text(f"{rang}. {constat.nom} ({DITS[constat.etat]})"))
        console.print(Padding(Text(harmless(constat.remede)), (0, 0, 0, 3)))
    console.print(Text(_en_tout(diagnostic)))


def _en_tout(diagnostic: Diagnostic) -> str:
    comptes = {
        etat: sum(constat.etat == etat for constat in diagnostic.constats) for etat in PAR_GRAVITE
    }
    dit = ", ".join(f"{nombre} {DITS[etat]}" for etat, nombre in comptes.items() if nombre)
    return f"{len(diagnostic.constats)} constats : {dit}."
