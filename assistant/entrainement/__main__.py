"""``python -m assistant.entrainement`` makes anew what was learned; each step goes on where it was.

``adaptateur`` learns the encoder's adapter, ``lectures`` puts every question to the search so
adapted, ``lecteur`` learns the reader, ``geler`` writes the shipped folder; ``tout`` does all four.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from assistant.configuration import read_configuration
from assistant.entrainement.atelier import Atelier, adaptateur, geler, lecteur, lectures
from index.learned.record import SHIPPED

STEPS: dict[str, Callable[[Atelier], None]] = {
    "adaptateur": adaptateur,
    "lectures": lectures,
    "lecteur": lecteur,
    "geler": geler,
}


EVERY = 5
"""Steps between two lines, where the output is no terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step, or all of them in their order."""
    parser = argparse.ArgumentParser(prog="python -m assistant.entrainement", description=__doc__)
    parser.add_argument("etape", choices=[*STEPS, "tout"])
    parser.add_argument("--travail", type=Path, help="dossier de travail (var/entrainement)")
    parser.add_argument("--sortie", type=Path, default=SHIPPED, help="dossier de ce qui est appris")
    options = parser.parse_args(arguments)
    settings = read_configuration()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.fields[mesure]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(name: str, done: int, total: int, measure: str) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total, mesure="")
            bars.update(tasks[name], completed=done, total=total, mesure=measure)
            if not bars.console.is_terminal and done % EVERY == 0:
                print(f"{name} : {done}/{total} {measure}", flush=True)

        atelier = Atelier(
            configuration=settings,
            travail=options.travail or settings.donnees / "entrainement",
            sortie=options.sortie,
            dire=tell,
            annonce=bars.console.print,
        )
        for name in STEPS if options.etape == "tout" else [options.etape]:
            STEPS[name](atelier)
    return 0


if __name__ == "__main__":
    sys.exit(main())
