"""Tables: how they are written into ``docs/mesures.md``, between their markers."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.files import write_atomically

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mesures.md"
RAW = ROOT / "var" / "bench"
NARROW = "\u202f"


@dataclass(frozen=True)
class Tableau:
    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Machine:
    """What a measurement depends on, besides the program."""

    jour: str
    processeur: str
    coeurs: int
    charge_avant: float
    charge_apres: float
    index: str
    modele: str


def decimal(value: float, digits: int = 2) -> str:
    """Write a number as French does: « 1 234,5 »."""
    return f"{value:,.{digits}f}".replace(",", NARROW).replace(".", ",")


def thousands(value: float) -> str:
    """An estimate, which deserves no finer figure than thousands."""
    return decimal(round(value, -3), 0)


def signed(value: float, digits: int = 3) -> str:
    """Write a gap; one that rounds to nothing has no sign."""
    written = decimal(abs(value), digits)
    if not written.strip("0,"):
        return written
    return ("+" if value > 0 else "−") + written


def size(octets: float) -> str:
    for unit, scale in (("Go", 1e9), ("Mo", 1e6), ("ko", 1e3)):
        if octets >= scale:
            return f"{decimal(octets / scale, 1)} {unit}"
    return f"{octets:.0f} octets"


def verdict(value: float, goal: float) -> str:
    """A measured value beside the highest accepted one."""
    return f"≤ {decimal(goal, 2)} : {'tenu' if value <= goal else 'non tenu'}"


def render(tableaux: Sequence[Tableau], machine: Machine) -> str:
    """Markdown of the tables of a bench and of what they depend on."""
    circumstances = (
        f"*Mesuré le {machine.jour} : {machine.coeurs} cœurs ({machine.processeur}), charge "
        f"{decimal(machine.charge_avant)} avant et {decimal(machine.charge_apres)} après, "
        f"index {machine.index}, modèle {machine.modele}.*"
    )
    parts = [circumstances]
    for tableau in tableaux:
        head = f"| {' | '.join(tableau.colonnes)} |"
        rule = f"|{'|'.join([' --- ', *[' ---: '] * (len(tableau.colonnes) - 1)])}|"
        rows = [f"| {' | '.join(cell)} |" for cell in tableau.lignes]
        parts += [f"**{tableau.titre}**", "\n".join([head, rule, *rows])]
        parts += [tableau.note] if tableau.note else []
    return "\n\n".join(parts)


def replace_between(page: str, name: str, content: str) -> str:
    """Put ``content`` between the markers of a bench.

    Raises:
        ValueError: the page lacks these markers, or has them more than once.
    """
    begin, end = f"<!-- banc:{name} -->", f"<!-- /banc:{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise ValueError(f"{PAGE.name} : il faut une fois « {begin} » puis « {end} »")
    return pattern.sub(lambda _: f"{begin}\n\n{content}\n\n{end}", page)


def write(
    name: str, tableaux: Sequence[Tableau], machine: Machine, where: Path | None = None
) -> None:
    """Write the tables of a bench into its page, and as JSON under ``var/bench/``."""
    where = where or PAGE
    page = replace_between(where.read_text("utf-8"), name, render(tableaux, machine))
    write_atomically(where, [page.encode("utf-8")])
    RAW.mkdir(parents=True, exist_ok=True)
    raw = {"machine": asdict(machine), "tableaux": [asdict(tableau) for tableau in tableaux]}
    text = json.dumps(raw, ensure_ascii=False, indent=1) + "\n"
    write_atomically(RAW / f"{name}.json", [text.encode("utf-8")])


def measured(
    run: Callable[[], Sequence[Tableau]], index: str, modele: str
) -> tuple[Sequence[Tableau], Machine]:
    """Run a bench and say on which machine."""
    before = os.getloadavg()[0]
    tableaux = run()
    machine = Machine(
        jour=datetime.now(UTC).date().isoformat(),
        processeur=_processor(),
        coeurs=os.cpu_count() or 1,
        charge_avant=before,
        charge_apres=os.getloadavg()[0],
        index=index,
        modele=modele,
    )
    return tableaux, machine


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found[1].strip() if found else platform.machine()
