"""Peers: the default pipelines of Haystack and txtai, on the same questions and passages.

They have the same embedding model and answer in turn with the program, question by question. Their
packages stand in an environment of their own, which ``bench.pairs_environnement`` makes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from assistant.answers.understanding import comprendre
from assistant.configuration import FOLDER_VARIABLE, read_configuration
from assistant.evaluation.intervals import bootstrap, mean
from bench.cadre import (
    DEV,
    HITS,
    Cadre,
    Chercher,
    Issue,
    Posee,
    asked,
    compare,
    hits,
    open_cadre,
)
from bench.pairs_environnement import PACKAGES, peers_python
from bench.tableau import ROOT, Tableau, decimal, signed, size
from bench.variantes import passages_only
from corpus.library import load_corpus
from corpus.models import Passage
from index.build import build_index
from index.embedding.folder import FOLDER_NAME, TRAINABLE
from index.models import SearchQuery
from index.search import Searcher

K = 10
ROUNDS = 5
QUESTION = "Combien d'enfants par groupe ?"
SHIPPED = "Clas, livrée (avec les questions des fiches)"
BARE = "Clas, sans les questions des fiches"
TYPED = "Clas, sans elles, mots tels que tapés"
TEXTS = {"brut": "passages seuls", "titres": "titres et passages"}
WAYS: Mapping[str, Mapping[str, str]] = {
    "haystack": {
        "mots": "BM25",
        "sens": "vecteurs",
        "hybride": "hybride (DocumentJoiner)",
        "hybride-rangs": "hybride (fusion des rangs)",
    },
    "txtai": {"sens": "vecteurs", "hybride": "hybride"},
}
NAMES = {"haystack": "Haystack", "txtai": "txtai"}
COLD_WAY = "hybride"
_CLAS = """
import sys
from pathlib import Path
from assistant.cli import main
main(["chercher", sys.argv[1]])
status = Path("/proc/self/status").read_text("utf-8")
line = next(line for line in status.splitlines() if "VmHWM" in line)
print(int(line.split()[1]) * 1024, file=sys.stderr)
"""


@dataclass(frozen=True)
class Facon:
    """A way of a peer to search, on passages written in one way."""

    peer: str
    way: str
    text: str

    @property
    def name(self) -> str:
        return f"{NAMES[self.peer]}, {WAYS[self.peer][self.way]}, {TEXTS[self.text]}"

    @property
    def built(self) -> str:
        """Folder of what is searched: Haystack's ways share one store."""
        return self.text if self.peer == "haystack" else f"{self.text}-{self.way}"


FACONS = [Facon(p, way, text) for p in WAYS for way in WAYS[p] for text in TEXTS]


class Pair:
    """``bench/pairs_processus.py`` in the peers' environment: works only when it is asked."""

    def __init__(self, python: Path, peer: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(python), str(ROOT / "bench" / "pairs_processus.py"), peer, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(),
        )

    def ask(self, ordre: str, **details: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ordre": ordre, **details}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("un pair s'est arrêté sans répondre")
        return dict(json.loads(answer))

    def close(self) -> None:
        self._process.communicate(timeout=60)


def run() -> Sequence[Tableau]:
    python = peers_python()
    if python is None:
        print(
            "les paquets des pairs manquent : lancez « python -m bench.pairs_environnement » "
            "(il faut le réseau), puis de nouveau ce banc ; la page n'est pas changée.",
            file=sys.stderr,
        )
        return ()
    cadre, questions = open_cadre(), asked(DEV)
    with tempfile.TemporaryDirectory() as scratch, _pairs(python, Path(scratch)) as pairs:
        built = _build(cadre, pairs, Path(scratch))
        theirs, used = _theirs(cadre, pairs)
        own = {name: _counted(name, way, used) for name, way in _own(cadre).items()}
        found = compare({**own, **theirs}, questions)
        return [
            _table(found, used, len(questions)),
            _cold(python, Path(scratch), built),
        ]


@contextmanager
def _pairs(python: Path, folder: Path) -> Iterator[dict[str, Pair]]:
    pairs = {peer: Pair(python, peer, folder / peer) for peer in WAYS}
    try:
        yield pairs
    finally:
        for pair in pairs.values():
            pair.close()


def _build(cadre: Cadre, pairs: Mapping[str, Pair], folder: Path) -> dict[str, float]:
    """Let each build what it searches; give the seconds of the hybrid ways and of ours."""
    bare = passages_only(cadre.assistant.index)
    texts = {
        "brut": [(p.id, p.texte) for p in bare.passages],
        "titres": [(entry.target, entry.searched) for entry in bare.entries],
    }
    seconds: dict[str, float] = {}
    done: set[tuple[str, str]] = set()
    for f in FACONS:
        about = {"nom": f.built, "modele": _model(), "facon": f.way}
        if (f.peer, f.built) not in done:
            done.add((f.peer, f.built))
            took = pairs[f.peer].ask("construire", passages=texts[f.text], **about)["secondes"]
            if f.way == COLD_WAY or f.peer == "haystack":
                seconds[f.peer] = took
        pairs[f.peer].ask("ouvrir", **{**about, "nom": f.built, "cle": f.name})
    start = process_time()
    build_index(load_corpus().documents, cadre.encoder, cadre.lexique, folder / "clas")
    return {**seconds, "clas": process_time() - start}


def _model() -> str:
    return str(read_configuration().dossier_modele / FOLDER_NAME / TRAINABLE)


def _own(cadre: Cadre) -> dict[str, Chercher]:
    """Our ways; the time of reading the question counts."""
    bare = Searcher(passages_only(cadre.assistant.index), cadre.encoder)

    def with_(searcher: Searcher) -> Chercher:
        def search(posee: Posee) -> Sequence[Passage]:
            lu = comprendre(posee.mesuree.question, posee.mesuree.textes[-1])
            query = SearchQuery(
                text=lu.recherche, departements=lu.departements, annee_scolaire=lu.annee_scolaire
            )
            return [hit.passage for hit in searcher.search(query, K).hits]

        return search

    def typed(posee: Posee) -> Sequence[Passage]:
        query = SearchQuery(text=posee.mesuree.textes[-1])
        return [hit.passage for hit in bare.search(query, K).hits]

    return {SHIPPED: with_(cadre.searcher), BARE: with_(bare), TYPED: typed}


Used = dict[str, list[float]]
"""Seconds of the processor that each way took, question by question."""


def _counted(name: str, way: Chercher, used: Used) -> Chercher:
    def search(posee: Posee) -> Sequence[Passage]:
        start = process_time()
        found = way(posee)
        used.setdefault(name, []).append(process_time() - start)
        return found

    return search


def _theirs(cadre: Cadre, pairs: Mapping[str, Pair]) -> tuple[dict[str, Chercher], Used]:
    """Their ways, asked the question as typed; and the time of their processes, to be filled."""
    passages = {passage.id: passage for passage in cadre.assistant.index.passages}
    used: Used = {}

    def way(facon: Facon) -> Chercher:
        def search(posee: Posee) -> Sequence[Passage]:
            text = posee.mesuree.textes[-1]
            answer = pairs[facon.peer].ask("chercher", cle=facon.name, texte=text)
            used.setdefault(facon.name, []).append(answer["processeur"])
            return [passages[name] for name in answer["ids"]]

        return search

    return {facon.name: way(facon) for facon in FACONS}, used


def _table(found: Mapping[str, Issue], used: Used, count: int) -> Tableau:
    return Tableau(
        f"Mêmes questions, mêmes passages, même modèle ({count} questions de développement)",
        (
            "recherche",
            *HITS[:-1],
            "écart avec Clas sans fiches (IC 95 %)",
            "écart avec Clas livrée (IC 95 %)",
            "médiane (ms)",
            "processeur (ms)",
        ),
        tuple(
            (
                name,
                *hits(issue, found[BARE]),
                _gap(issue, found[SHIPPED]),
                decimal(issue.milliseconds, 1),
                decimal(statistics.median(used[name]) * 1000, 1),
            )
            for name, issue in found.items()
        ),
        f"{', '.join(PACKAGES)}. « Écart » : de MRR@10, question par question. « Titres et "
        "passages » : exactement le texte que Clas indexe. Une tâche par bibliothèque partout ; "
        "Clas lit en 8 bits par onnxruntime le modèle que les pairs lisent en 32 bits par torch.",
    )


def _gap(issue: Issue, reference: Issue) -> str:
    gaps = [a - b for a, b in zip(issue.reciprocal, reference.reciprocal, strict=True)]
    interval = bootstrap(gaps, mean)
    if issue is reference or interval is None:
        return "—"
    low, high = interval
    return f"{signed(statistics.fmean(gaps))} ({signed(low)} ; {signed(high)})"


def _cold(python: Path, folder: Path, built: Mapping[str, float]) -> Tableau:
    """Start of a process to its first answer, and the most memory that it took."""
    runs: dict[str, list[tuple[float, int]]] = {name: [] for name in ("clas", *WAYS)}
    for turn in range(ROUNDS + 1):
        for name, done in runs.items():
            seen = _clas_once() if name == "clas" else _peer_once(python, name, folder / name)
            if turn:  # The first round only warms the disk cache.
                done.append(seen)
    rows = [
        (
            "Clas (clas chercher)" if name == "clas" else f"{NAMES[name]}, hybride",
            decimal(statistics.median(seconds for seconds, _ in done)),
            size(statistics.median(memory for _, memory in done)),
            decimal(built[name], 1),
        )
        for name, done in runs.items()
    ]
    return Tableau(
        f"Du lancement à la première réponse, {ROUNDS} fois chacun, à tour de rôle",
        ("programme", "médiane (s)", "mémoire", "construire l'index (s de processeur)"),
        tuple(rows),
        "Index déjà construits et fichiers dans le cache du disque. « Mémoire » : la plus haute du "
        "processus. Construire : les passages seuls, modèle déjà chargé chez Clas, chargé une "
        "fois chez les pairs. Clas vérifie en plus ses sommes de contrôle et ouvre les questions "
        "des fiches.",
    )


def _clas_once() -> tuple[float, int]:
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CLAS, QUESTION],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, FOLDER_VARIABLE: str(read_configuration().donnees)},
    )
    return perf_counter() - start, int(done.stderr.splitlines()[-1])


def _peer_once(python: Path, peer: str, folder: Path) -> tuple[float, int]:
    facon = Facon(peer, COLD_WAY, "titres")
    order = {"nom": facon.built, "modele": _model(), "facon": facon.way, "texte": QUESTION}
    script = str(ROOT / "bench" / "pairs_processus.py")
    start = perf_counter()
    done = subprocess.run(
        [str(python), script, peer, str(folder), json.dumps(order)],
        check=True,
        capture_output=True,
        text=True,
        env=_environment(),
    )
    return perf_counter() - start, int(json.loads(done.stdout.splitlines()[-1])["memoire"])


def _environment() -> dict[str, str]:
    """What the peers are told: no network, no telemetry, one thread as the program."""
    return {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
    }
