"""``python -m bench.charge``: the same measure, shorter or smaller, shown and written nowhere."""

from __future__ import annotations

import argparse
import sys

from bench.charge import DUREE, REPLIQUES, SESSIONS, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.charge", description=__doc__)
    parser.add_argument("--duree", type=float, default=DUREE, help="secondes par ligne")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="personnes à la fois")
    parser.add_argument("--repliques", type=int, nargs="+", default=REPLIQUES)
    options = parser.parse_args()
    for tableau in run(options.duree, options.sessions, options.repliques):
        print(tableau.titre)
        for ligne in (tableau.colonnes, *tableau.lignes):
            print(" | ".join(ligne))
    return 0


if __name__ == "__main__":
    sys.exit(main())
