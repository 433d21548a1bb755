"""Bulk ingestion: documents a second, beside the bare embedding of the same passages."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Final

from assistant.configuration import FOLDER_VARIABLE, Configuration, read_configuration
from assistant.ingestion.conduite import BilanMasse, Commande, Conduite
from assistant.ingestion.equipe import Equipe, Issue
from assistant.ingestion.grappe import opened
from assistant.ingestion.tache import Atelier, Demande, entries_of, open_workshop, prepare
from assistant.ingestion.versement import Versement
from assistant.publication.etat import open_base, version_in_service
from assistant.publication.publier import look, publish
from bench.tableau import RAW, Tableau, decimal
from bench.textes_fictifs import files
from corpus.base.intake import Apport, gather
from index.ready import embed

DAY: Final = date(2026, 11, 22)
VARIABLE: Final = "CLAS_BANC_DOCUMENTS"
FEW: Final = 60
MANY: Final = 2000
_WHO: Final = "Banc"


@dataclass(slots=True)
class Seul:
    """This process alone does the tasks, one after the other, without Dask."""

    atelier: Atelier
    asked: deque[tuple[int, Demande]]
    places: int = 1

    def submit(self, number: int, demande: Demande) -> None:
        self.asked.append((number, demande))

    def next(self) -> tuple[int, Issue]:
        number, demande = self.asked.popleft()
        return number, prepare(self.atelier, demande)

    def renew(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Mesure:
    """What an ingestion took."""

    bilan: BilanMasse
    secondes: float


def run() -> Sequence[Tableau]:
    with _scratch() as folder:
        return [_side_by_side(folder)]


def run_whole() -> Sequence[Tableau]:
    """See ``bench/ingestion_entiere.py``."""
    with _scratch() as folder:
        return [_whole(folder, int(os.environ.get(VARIABLE, MANY)))]


@contextmanager
def _scratch() -> Iterator[Path]:
    RAW.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RAW) as scratch:
        yield Path(scratch)


def _side_by_side(folder: Path) -> Tableau:
    """The same files by every way, and their passages embedded and nothing else."""
    source = _made(folder, FEW)
    alone = _ingested(source, folder / "seul", None)
    bare = _bare(folder / "seul")
    one = _ingested(source, folder / "un", "local:1")
    two = _ingested(source, folder / "deux", "local:2")
    again = _bare(folder / "seul")
    return Tableau(
        f"Ajout en masse de {FEW} documents fictifs ({decimal(alone.bilan.passages, 0)} passages)",
        (
            "comment",
            "durée (s)",
            "documents par seconde",
            "passages par seconde",
            "rapport à la vectorisation nue, par processus",
            "part de la vectorisation dans les tâches",
        ),
        _rows(FEW, (bare + again) / 2, (alone, one, two)),
        "Vectorisation nue : les mêmes passages, l'un après l'autre, dans un processus ; "
        "moyenne d'une mesure avant et d'une après. La durée ne compte pas le démarrage des "
        "processus ni l'ouverture du modèle ; elle compte lecture, découpe, écritures "
        "et la mise au brouillon.",
    )


def _whole(folder: Path, count: int) -> Tableau:
    """From the files to the version in service, by two workers."""
    source, place = _made(folder, count), folder / "donnees"
    found = _ingested(source, place, "local:2")
    passages = found.bilan.passages
    known = _again(source, place, count)
    steps = [
        ("lire, découper, vectoriser, mettre au brouillon", found.secondes),
        ("la même commande, relancée : tout est connu", known),
        *_published(place),
    ]
    total = sum(took for _, took in steps) - known
    rows = [*steps, ("des fichiers à la version en service", total)]
    return Tableau(
        f"De {decimal(count, 0)} fichiers ({decimal(passages, 0)} passages) à la version en "
        "service, 2 travailleurs",
        ("étape", "durée (s)", "documents par seconde", "passages par seconde"),
        tuple(
            (name, decimal(took, 1), decimal(count / took, 1), decimal(passages / took, 1))
            for name, took in rows
        ),
        "Les vecteurs sont prêts : publier n'en fait aucun. La dernière ligne ne compte pas la "
        "commande relancée. La version en service est relue : elle a chacun de ces documents.",
    )


def _made(folder: Path, count: int) -> Path:
    source = folder / "textes"
    source.mkdir()
    for one in files(count):
        (source / one.nom).write_bytes(one.contenu)
    return source


def _rows(count: int, bare: float, found: Sequence[Mesure]) -> tuple[tuple[str, ...], ...]:
    passages = found[0].bilan.passages
    rows = [
        ("vectorisation nue, un processus", bare, 1, None),
        ("un processus, sans Dask", found[0].secondes, 1, found[0].bilan),
        ("Dask, 1 travailleur", found[1].secondes, 1, found[1].bilan),
        ("Dask, 2 travailleurs", found[2].secondes, 2, found[2].bilan),
    ]
    return tuple(
        (
            name,
            decimal(took, 1),
            decimal(count / took, 2),
            decimal(passages / took, 1),
            decimal(bare / took / processes, 2),
            "" if bilan is None else decimal(bilan.vecteurs / bilan.secondes, 2),
        )
        for name, took, processes, bilan in rows
    )


def _ingested(source: Path, place: Path, address: str | None) -> Mesure:
    configuration = _data(place)
    with _set(FOLDER_VARIABLE, str(place)):
        atelier = open_workshop(configuration)
        mark = atelier.base().mark()
        versement = Versement(configuration, _WHO, DAY)
        asked = Commande(DAY.isoformat(), atelier.identite, mark, frozenset())
        if address is None:
            return _measured(Seul(atelier, deque()), versement, asked, source)
        with opened(address, atelier.identite, mark, lambda _: None) as grappe:
            return _measured(grappe, versement, asked, source)


def _measured(equipe: Equipe, versement: Versement, asked: Commande, source: Path) -> Mesure:
    apports = [one for one in gather([source], 1_000_000) if isinstance(one, Apport)]
    start = perf_counter()
    bilan = Conduite(equipe, versement, asked, lambda _done, _total: None).run(apports)
    took = perf_counter() - start
    if len(bilan.verses) != len(apports):
        raise RuntimeError(f"{len(bilan.verses)} documents sur {len(apports)} : {bilan.ecartes}")
    return Mesure(bilan, took)


def _again(source: Path, place: Path, count: int) -> float:
    """Seconds of the same command once all is there: nothing may be added."""
    atelier = open_workshop(Configuration(donnees=place, modele=None))
    versement = Versement(atelier.configuration, _WHO, DAY)
    asked = Commande(DAY.isoformat(), atelier.identite, atelier.base().mark(), frozenset())
    apports = [one for one in gather([source], 1_000_000) if isinstance(one, Apport)]
    start = perf_counter()
    alone = Seul(atelier, deque())
    bilan = Conduite(alone, versement, asked, lambda _done, _total: None).run(apports)
    if len(bilan.connus) != count or bilan.verses:
        raise RuntimeError(f"{len(bilan.connus)} documents connus, et non {count}")
    return perf_counter() - start


def _bare(place: Path) -> float:
    """Seconds to embed, and nothing else, the passages of what was brought."""
    atelier = open_workshop(Configuration(donnees=place, modele=None))
    base = atelier.base()
    draft = base.read_draft()
    if draft is None:
        raise RuntimeError("pas de brouillon")
    brought = [entree for entree in draft.documents if entree.origine == "apporte"]
    texts = [base.read_text(entree.fiche.id, entree.texte) for entree in brought]
    entries = [one for text in texts if text for one in entries_of(text, atelier.lexique)]
    start = perf_counter()
    for one in entries:
        embed(one, atelier.encoder)
    return perf_counter() - start


def _published(place: Path) -> tuple[tuple[str, float], ...]:
    """Seconds of each step of publishing what the draft holds.

    Raises:
        RuntimeError: a document of the draft is not in the version in service.
    """
    configuration = Configuration(donnees=place, modele=None)
    start = perf_counter()
    look(configuration)
    rows = [("comparer avec la version en service", perf_counter() - start)]
    draft = open_base(configuration).read_draft()
    wanted = {entree.fiche.id for entree in draft.documents} if draft else set[str]()
    names: list[str] = []
    since: list[float] = []

    def step(said: str) -> None:
        names.append(said.rstrip("…"))
        since.append(perf_counter())

    publish(configuration, _WHO, "Mesure", step)
    ends = [*since[1:], perf_counter()]
    rows += [
        (f"publier : {name[:1].lower()}{name[1:]}", end - begin)
        for name, begin, end in zip(names, since, ends, strict=True)
    ]
    version = version_in_service(configuration)
    served = {entree.fiche.id for entree in version.documents} if version else set[str]()
    if not wanted or wanted - served:
        raise RuntimeError(f"{len(wanted - served)} documents ne sont pas publiés")
    return tuple(rows)


def _data(place: Path) -> Configuration:
    """A data folder like the one in use, its base and index its own."""
    here = read_configuration()
    place.mkdir()
    for name in ("corpus", "index"):
        shutil.copytree(here.donnees / name, place / name)
    (place / "modele").symlink_to(here.dossier_modele.resolve())
    open_base(Configuration(donnees=place, modele=None)).drop_draft()
    return Configuration(donnees=place, modele=None)


@contextmanager
def _set(name: str, value: str) -> Iterator[None]:
    """Give the processes that are started meanwhile a variable."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
