"""How far each part carries: what a replica holds, what it searches, what PostgreSQL searches.

``python -m bench echelle`` writes the tables into ``docs/passage-a-l-echelle.md``;
``python -m bench.echelle --petit`` shows them, smaller, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.configuration import read_configuration
from bench import grappes
from bench.cadre import DEV, asked, open_cadre
from bench.croissance import chained
from bench.echelle_copies import write_parts
from bench.tableau import RAW, ROOT, Tableau, decimal, signed, size
from bench.variantes import passages_only
from index.lexical import LexicalIndex
from index.stored import StoredIndex

QUESTIONS = 60
CAF = 6_000_000
"""Passages of all the Caf: what is aimed at."""
WORDS_FROM = 10_000
"""Texts that words are counted in; more passages have the same ones again."""
MILLI = 1e3


@dataclass(frozen=True)
class Tailles:
    """How many passages each part is measured with."""

    tenus: Sequence[int] = (1_000, 10_000, 100_000)
    cherches: Sequence[int] = (1_000, 10_000, 100_000)
    magasin: Mapping[int, Sequence[str]] | None = None
    mots: Sequence[int] = (10_000, 100_000, 1_000_000)


PETIT = Tailles(
    tenus=(1_000, 2_000, 3_000),
    cherches=(1_000, 3_000),
    magasin={1_000: ("exacte", "graphe HNSW", "graphe HNSW, demi-précision")},
    mots=(10_000,),
)


def run(tailles: Tailles | None = None) -> Sequence[Tableau]:
    """Measure every part."""
    chosen = tailles or Tailles()
    RAW.mkdir(parents=True, exist_ok=True)
    stored = open_cadre().assistant.index
    assert isinstance(stored, StoredIndex)
    with tempfile.TemporaryDirectory(dir=RAW) as scratch:
        folder = Path(scratch)
        return [
            *_held(stored, chosen.tenus, folder),
            _searched(stored, chosen.cherches, folder),
            *_magasin(stored, chosen, folder),
        ]


def magasin_seul(tailles: Tailles) -> Sequence[Tableau]:
    """Measure PostgreSQL alone."""
    RAW.mkdir(parents=True, exist_ok=True)
    stored = open_cadre().assistant.index
    assert isinstance(stored, StoredIndex)
    with tempfile.TemporaryDirectory(dir=RAW) as scratch:
        return [*_magasin(stored, tailles, Path(scratch))]


def _held(stored: StoredIndex, counts: Sequence[int], folder: Path) -> Iterator[Tableau]:
    """What a replica keeps of the passages in its memory."""
    found: dict[bool, list[Mapping[str, Any]]] = {False: [], True: []}
    for count in counts:
        found[False].append(_order("hold", folder=str(_parts(stored, count, folder))))
    # As many again, one size less: they hold more than twice as much.
    for count in counts[:-1]:
        found[True].append(_order("hold", folder=str(_parts(stored, count, folder, pdf=True))))
    weighed = _order("hold", folder=str(_parts(stored, counts[-2], folder)), weigh=True)
    parts = {name: w / weighed["passages"] for name, w in weighed["parts"].items()}
    rows = []
    for pdf, held in found.items():
        name = "reçus en PDF" if pdf else "reçus en texte"
        rows += [
            (
                f"{decimal(one['passages'], 0)}, {name}",
                size(one["memoire"]),
                size(one["memoire"] / one["passages"]),
                size(one["disque"]),
                decimal(one["ouverture"], 1),
            )
            for one in held
        ]
        rows.append(
            (
                f"**{decimal(CAF, 0)}, {name}, calculé**",
                size(slope(held, "memoire") * CAF),
                size(slope(held, "memoire")),
                size(slope(held, "disque") * CAF),
                decimal(slope(held, "ouverture") * CAF, 0),
            )
        )
    yield Tableau(
        "Ce que chaque réplique tient en mémoire des textes, avec ou sans magasin",
        ("passages", "mémoire", "par passage", "fichiers JSON", "les lire (s, processeur)"),
        tuple(rows),
        "Les cinq vrais textes recopiés sous d'autres noms, lus par les classes et le code de "
        "l'ouverture d'une version, un processus par ligne : textes canoniques, leur structure, "
        "passages, textes cherchés, phrases. « Calculé » : la pente entre les deux dernières "
        "tailles, prolongée. Un PDF garde en plus la place de chacun de ses mots.",
    )
    yield Tableau(
        f"De quoi cette mémoire est faite, vers {decimal(counts[-2], 0)} passages reçus en texte",
        ("ce qui est tenu", "par passage", "part"),
        tuple(
            (name, size(octets), f"{decimal(100 * octets / sum(parts.values()), 0)} %")
            for name, octets in parts.items()
        ),
        "Taille des objets atteints, chacun compté une fois, dans cet ordre.",
    )


def _searched(stored: StoredIndex, counts: Sequence[int], folder: Path) -> Tableau:
    """What a whole search takes, embedded."""
    texts = [posee.query.text for posee in asked(DEV)[:QUESTIONS]]
    rows, found = [], []
    for count in counts:
        target = _parts(stored, count, folder)
        one = _order(
            "search",
            folder=str(target),
            vectors=str(_vectors(stored, 2 * count, folder)),
            tokens=str(folder / "jetons.npy"),
            texts=texts,
        )
        found.append(one)
        alone = one["vecteur"]["p50"]
        rows.append(
            (
                decimal(one["passages"], 0),
                decimal(alone * MILLI, 1),
                *(
                    f"{decimal(one[where][part] * MILLI, 1)}"
                    for where in ("partout", "departement")
                    for part in ("p50", "p95")
                ),
                decimal(one["partout"]["p50"] / alone, 2),
                size(one["mots"]["memoire"]),
                decimal(one["mots"]["construction"], 1),
                size(one["places"]),
            )
        )
    last, first = found[-1], found[-2]
    more = last["passages"] - first["passages"]
    rates = [(last[w]["p50"] - first[w]["p50"]) / more for w in ("partout", "departement")]
    return Tableau(
        f"Une recherche entière, tout embarqué, {QUESTIONS} questions",
        (
            "passages",
            "vecteur de la question (ms)",
            "partout, médiane (ms)",
            "95 % (ms)",
            "un département, médiane (ms)",
            "95 % (ms)",
            "rapport au vecteur",
            "mémoire des mots",
            "compter les mots (s)",
            "mémoire du chercheur",
        ),
        tuple(rows),
        "Le vrai chercheur sur de vrais objets, vecteurs fictifs de la vraie dimension ; temps de "
        "processeur, à tour de rôle, question par question. Par million de passages de plus : "
        f"{signed(rates[0] * 1e9, 0)} ms partout, {signed(rates[1] * 1e9, 0)} ms dans un "
        "département.",
    )


def _magasin(stored: StoredIndex, tailles: Tailles, folder: Path) -> Iterator[Tableau]:
    """What PostgreSQL takes to find what is near, and the words."""
    # An extra, and a server of the tests: no other bench needs them.
    from bench import echelle_magasin as magasin  # noqa: PLC0415
    from bench.echelle_tables import table_of_neighbours, table_of_words  # noqa: PLC0415

    cases = tailles.magasin or {
        1_000: (magasin.EXACT, magasin.GRAPH),
        10_000: (magasin.EXACT, magasin.GRAPH, magasin.HALF),
        100_000: (magasin.EXACT, magasin.GRAPH, magasin.HALF),
        1_000_000: (magasin.EXACT,),
    }
    cadre = open_cadre()
    texts = [posee.query.text for posee in asked(DEV)[:QUESTIONS]]
    real = [entry.searched for entry in passages_only(stored).entries]
    lexical = LexicalIndex.build(chained(real, WORDS_FROM), cadre.lexique)
    demandes = [
        magasin.Demande(cadre.encoder.encode_query(text).sentence, lexical.read(text))
        for text in texts
    ]
    near: list[magasin.Mesure] = []
    words: list[magasin.Mots] = []
    with magasin.etabli(stored.info.model.dimension) as there:
        for count, sortes in cases.items():
            vectors = np.load(_vectors(stored, count, folder), mmap_mode="r")[:count]
            for one in magasin.neighbours(there, vectors, demandes, sortes):
                near.append(one)
                print(one, file=sys.stderr, flush=True)
        for count in tailles.mots:
            words.append(magasin.words_of(there, count, lexical, demandes))
            print(words[-1], file=sys.stderr, flush=True)
    yield table_of_neighbours(near)
    if words:
        yield table_of_words(words)


def slope(found: Sequence[Mapping[str, Any]], name: str) -> float:
    """What one passage more adds, between the two greatest sizes."""
    first, last = found[-2], found[-1]
    return float((last[name] - first[name]) / (last["passages"] - first["passages"]))


def _parts(stored: StoredIndex, count: int, folder: Path, *, pdf: bool = False) -> Path:
    target = folder / f"documents-{count}{'-pdf' * pdf}"
    if not target.is_dir():
        version = read_configuration().dossier_index / "versions" / stored.info.version
        write_parts(version, stored.info.documents, count, target, pdf=pdf)
    return target


def _vectors(stored: StoredIndex, count: int, folder: Path) -> Path:
    path = folder / f"vecteurs-{count}.npy"
    if not path.is_file():
        grappes.write(np.asarray(passages_only(stored).vectors), count, path)
    return path


def _order(name: str, **arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.echelle_replique"],
        input=json.dumps({"ordre": name, **arguments}),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # As each replica is run: two tasks would wait for each other.
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    print(name, done.stdout, file=sys.stderr, flush=True)
    return dict(json.loads(done.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.echelle", description=__doc__)
    parser.add_argument("--petit", action="store_true", help="quelques milliers de passages")
    options = parser.parse_args()
    for tableau in run(PETIT if options.petit else None):
        print(tableau.titre)
        for ligne in (tableau.colonnes, *tableau.lignes):
            print(" | ".join(ligne))
        print(tableau.note, end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
