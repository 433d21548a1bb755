"""The diagnosis for the terminal: what was found, then what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.diagnostic.modeles import PAR_GRAVITE, Constat, Diagnostic, Etat
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
    """Print a line for each finding, then each remedy, the worst first.

    What one fault keeps from being checked is told once, for all of the checks together.
    """
    lignes = tuple(_reunis(diagnostic.constats))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for titre, plie in (("Contrôle", False), ("État", False), ("Trouvé", True)):
        table.add_column(titre, no_wrap=not plie, overflow="fold")
    for ligne in lignes:
        table.add_row(
            Text(ligne.nom),
            Text(DITS[ligne.etat], style=_STYLES[ligne.etat]),
            Text(harmless(ligne.trouve)),
        )
    console.print(table)
    a_faire = sorted(
        (ligne for ligne in lignes if ligne.remede),
        key=lambda ligne: PAR_GRAVITE.index(ligne.etat),
    )
    if a_faire:
        console.print(Text("À faire", style="bold"))
    for rang, ligne in enumerate(a_faire, start=1):
        console.print(Text(f"{rang}. {ligne.nom} ({DITS[ligne.etat]})"))
        console.print(Padding(Text(harmless(ligne.remede)), (0, 0, 0, 3)))
    console.print(Text(_en_tout(diagnostic)))


def _reunis(constats: Iterable[Constat]) -> Iterator[Constat]:
    """What was found, where checks that could not be made for the same reason are one."""
    ensemble: defaultdict[object, list[Constat]] = defaultdict(list)
    for rang, constat in enumerate(constats):
        seul = constat.etat != "non_verifie" or not constat.remede
        ensemble[rang if seul else (constat.trouve, constat.remede)].append(constat)
    for premier, *autres in ensemble.values():
        if not autres:
            yield premier
            continue
        noms = ", ".join(constat.nom for constat in (premier, *autres))
        yield premier.model_copy(
            update={
                "nom": f"{1 + len(autres)} contrôles",
                "trouve": f"{premier.trouve} ; en dépendent : {noms}",
            }
        )


def _en_tout(diagnostic: Diagnostic) -> str:
    comptes = {
        etat: sum(constat.etat == etat for constat in diagnostic.constats) for etat in PAR_GRAVITE
    }
    dit = ", ".join(
        f"{nombre} {_au_pluriel(etat, nombre)}" for etat, nombre in comptes.items() if nombre
    )
    return f"{len(diagnostic.constats)} constats : {dit}."


def _au_pluriel(etat: Etat, nombre: int) -> str:
    dit = DITS[etat]
    return f"{dit}s" if nombre > 1 and etat in ("bon", "non_verifie") else dit
