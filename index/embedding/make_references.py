"""Compute the shipped reference vectors, from the full vocabulary in float32.

Run by hand, never at set-up: ``python -m index.embedding.make_references FICHIER_4_BITS``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from corpus.files import write_atomically
from index.embedding import recipe
from index.embedding.build import named_tensors, write_network
from index.embedding.errors import ErreurModele
from index.embedding.libraries import quiet_libraries
from index.embedding.pack import open_packed
from index.embedding.references import REFERENCES, SHIPPED, Reference, reference
from index.embedding.tokenizer import build_tokenizer, charsmap

QUERIES = (
    "Combien d'enfants peut-on accueillir dans un groupe ?",
    "cb d'animateurs fo t il pr 10 enfants svp",
    "Quelle est la date limite pour déposer le dossier à la Caf ?",
    "Le contrat local d'accompagnement à la scolarité est-il gratuit pour les familles ?",
    "Peut-on embaucher un étudiant comme intervenant ?",
    "QUELS PAPIERS FAUT-IL POUR LA CHARTE DE LA LAÏCITÉ",
)
PASSAGES = (
    "Les actions se déroulent hors du temps de l'école et s'adressent du CP à la terminale.",
    "La prestation de service couvre 32,5 % du prix de revient, plafonné à 7 843 € par la Cnaf.",
    "Un temps d'échange avec les parents est prévu chaque trimestre ; l'enfant peut y venir.",
    "Le comité départemental réunit l'État, la Caf, les collectivités et les associations.",
    "Sont exclus : les cours particuliers payants ; les études surveillées (« Devoirs faits »).",
    "Annexe 2 — Critères d'habilitation : diagnostic, projet, moyens humains, locaux, évaluation.",
)


def compute(path: Path) -> tuple[Reference, ...]:
    """References for the texts above, by the packed file's own weights and whole vocabulary."""
    quiet_libraries()
    packed = open_packed(path)
    tokenizer = build_tokenizer(packed.pieces, packed.scores, charsmap())
    kept = np.arange(len(packed.pieces), dtype=np.int64)
    with tempfile.TemporaryDirectory() as scratch:
        write_network(Path(scratch), tokenizer, named_tensors(packed, kept), packed.sizes)
        network = BertModel.from_pretrained(
            scratch, add_pooling_layer=False, dtype=torch.float32, local_files_only=True
        )
    return vectors_of(network, tokenizer)


def vectors_of(network: BertModel, tokenizer: Tokenizer) -> tuple[Reference, ...]:
    """Vectors that a network in float32 gives on the texts above, each read alone."""
    texts = [recipe.QUERY_PROMPT + text for text in QUERIES]
    texts += [recipe.PASSAGE_PROMPT + text for text in PASSAGES]
    made = []
    with torch.inference_mode():
        for text in texts:
            ids = torch.tensor([tokenizer.encode(text).ids])
            mean = network(input_ids=ids).last_hidden_state[0].mean(0)
            made.append(reference(text, torch.nn.functional.normalize(mean, dim=0).numpy()))
    return tuple(made)


def main() -> int:
    """Write the shipped file."""
    reader = argparse.ArgumentParser(description="Calcule les vecteurs de référence.")
    reader.add_argument("fichier", type=Path, help="fichier 4 bits du modèle")
    reader.add_argument("--sortie", type=Path, default=Path(__file__).with_name(SHIPPED))
    asked = reader.parse_args()
    try:
        made = compute(asked.fichier)
    except ErreurModele as problem:
        print(problem, file=sys.stderr)
        return 1
    write_atomically(asked.sortie, [REFERENCES.dump_json(made, indent=1), b"\n"])
    print(f"{len(made)} vecteurs de référence écrits.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
