"""``python -m bench.fuzz [--minutes 3] [--format pdf]``: break files, and count what comes out.

A failure is any end but a text or a refusal; what a limit of the process stops is counted apart
(its user is told, yet a loader could have seen it coming). A case is known by its
format and its number, and can be played again: ``--cas pdf:1234`` writes its bytes beside.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from bench.fuzz.course import Course, courir
from bench.fuzz.ouvrier import case_bytes, outcome, silent
from bench.fuzz.souches import NOMS, souches
from bench.tableau import RAW, Tableau, decimal, measured, write
from corpus.loading.limits import LIMITES
from corpus.models import Format

FORMATS: tuple[Format, ...] = get_args(Format)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0, help="par format")
    parser.add_argument("--format", choices=FORMATS, action="append", dest="formats")
    parser.add_argument("--depart", type=int, default=0, help="numéro du premier cas")
    parser.add_argument("--cas", help="rejouer un cas : FORMAT:NUMERO")
    parser.add_argument("--guide", action="store_true", help="guidé par la couverture (atheris)")
    parser.add_argument("--sans-ecrire", action="store_true", help="laisser docs/mesures.md")
    options = parser.parse_args(arguments)
    formats: Sequence[Format] = options.formats or FORMATS
    if options.cas:
        return _replay(options.cas)
    if options.guide:
        from bench.fuzz.guide import guider  # noqa: PLC0415 - atheris is not installed with the rest

        return guider(formats[0], options.minutes)

    courses: list[Course] = []

    def run() -> Sequence[Tableau]:
        for format_lu in formats:
            with tempfile.TemporaryDirectory() as folder:
                for rank, content in enumerate(souches(format_lu)):
                    (Path(folder) / f"{rank:03}").write_bytes(content)
                courses.append(courir(format_lu, Path(folder), options.minutes, options.depart))
            print(_report(courses[-1]), flush=True)
        return [_tableau(courses)]

    tableaux, machine = measured(run, "—", "—")
    if not options.sans_ecrire:
        write("fuzz", tableaux, machine)
    return 1 if any(course.fautes for course in courses) else 0


def _replay(name: str) -> int:
    known = {f"{form}": form for form in FORMATS}
    form, _, number = name.partition(":")
    content = case_bytes(known[form], int(number), souches(known[form]))
    RAW.mkdir(parents=True, exist_ok=True)
    path = RAW / f"cas-{int(number)}-{NOMS[known[form]]}"
    path.write_bytes(content)
    # As in the search: a file that takes all the memory there is must not have it here either.
    resource.setrlimit(resource.RLIMIT_AS, (LIMITES.memoire, LIMITES.memoire))
    print(path, outcome(content, known[form], silent), sep="\n")
    return 0


def _report(course: Course) -> str:
    seconds, slowest = course.plus_long
    lines = [
        f"{course.format} : {course.cas} cas, {dict(course.issues)}",
        f"  le plus long : {seconds:.1f} s (cas {slowest})",
    ]
    ends = course.fautes | course.limites
    lines += [f"  {count} x {what} (cas {case})" for what, (count, case) in ends.items()]
    return "\n".join(lines)


def _tableau(courses: Sequence[Course]) -> Tableau:
    rows = []
    for course in courses:
        refused = sum(count for what, count in course.issues.items() if what.startswith("refus:"))
        rows.append(
            (
                course.format,
                decimal(course.cas, 0),
                decimal(course.issues["lu"], 0),
                decimal(refused, 0),
                decimal(sum(count for count, _ in course.limites.values()), 0),
                decimal(sum(count for count, _ in course.fautes.values()), 0),
                decimal(course.plus_long[0], 1),
            )
        )
    columns = ("format", "cas", "lus", "refusés", "arrêtés", "fautes", "le plus long (s)")
    return Tableau("Fichiers abîmés au hasard, par format", columns, tuple(rows))


if __name__ == "__main__":
    sys.exit(main())
