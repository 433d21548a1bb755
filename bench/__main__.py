"""``python -m bench [BANC…]``: measure, and write the tables into ``docs/mesures.md``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from time import perf_counter

from bench.cadre import open_cadre
from bench.tableau import PAGE, ROOT, Tableau, measured, write

BENCHES = (
    "latence",
    "sessions",
    "froid",
    "indexation",
    "recherche",
    "decoupage",
    "chemin",
    "lexique",
    "profondeur",
    "jetons",
    "fils",
    "refus",
    "eligibilite",
    "chargement",
    "preuves_pdf",
    "redacteur",
    "hostiles",
)

LONG = (
    "appris",
    "charge",
    "croissance",
    "echelle",
    "fragments",
    "francais",
    "graphe",
    "ingestion",
    "ingestion_entiere",
    "magasin",
    "observation",
    "pairs",
    "revisions",
)
"""Run only when they are named: a quarter of an hour, or packages of their own."""

PAGES = dict.fromkeys(("echelle", "graphe"), ROOT / "docs" / "passage-a-l-echelle.md")
"""Benches whose tables are not in ``docs/mesures.md``."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("bancs", nargs="*", metavar="BANC", help=", ".join((*BENCHES, *LONG)))
    options = parser.parse_args(arguments)
    unknown = [name for name in options.bancs if name not in (*BENCHES, *LONG)]
    if unknown:
        known = ", ".join((*BENCHES, *LONG))
        parser.error(f"banc inconnu : {', '.join(unknown)} ; connus : {known}")
    info = open_cadre().assistant.index.info
    for name in options.bancs or BENCHES:
        start = perf_counter()
        print(f"{name}…", end=" ", flush=True)
        bench: Callable[[], Sequence[Tableau]] = import_module(f"bench.{name}").run
        model = f"{info.model.name} ({info.model.precision}, {info.model.content_hash[:12]})"
        tableaux, machine = measured(bench, info.version, model)
        if tableaux:  # None when the bench could not be run, and said why.
            write(name, tableaux, machine, PAGES.get(name, PAGE))
        print(f"{perf_counter() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
