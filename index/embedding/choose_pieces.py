"""Choose the pieces of the vocabulary that French needs, and write the shipped list.

Run by hand, never at set-up: ``python -m index.embedding.choose_pieces FICHIER_4_BITS``. It needs
the optional package ``wordfreq`` (a list of words by frequency). A piece is kept when the full
tokenizer uses it on some French word, as people write it (capitals, missing accents, elisions,
punctuation), on the corpus, on numbers, or on a common English word.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import re
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.files import write_atomically
from index.embedding import recipe
from index.embedding.errors import ErreurModele
from index.embedding.pack import open_packed
from index.embedding.pieces import SHIPPED, pack
from index.embedding.tokenizer import build_tokenizer, charsmap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

FRENCH_WORDS = 250_000
FREQUENT_WORDS = 30_000
ENGLISH_WORDS = 5_000
NUMBERS = 2_200
BATCH = 20_000
FIGURES = re.compile(r"[0-9!-/:-@\[-`{-~€§°%«»’“”–—…]+")
LAST_LATIN = 0x250
SYMBOLS = range(0x2000, 0x2C00)
CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "sources"


def without_accents(text: str) -> str:
    """``text`` as a hurried person types it: no diacritic."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def word_forms(french: list[str], english: list[str]) -> Iterator[str]:
    """Words as they come in sentences: capitals, no accents, after an elision or a sign."""
    for word in french:
        for form in sorted({word, word.capitalize(), without_accents(word)}):
            yield form
            yield f"d'{form}"
            yield f"d’{form}"
    for word in french[:FREQUENT_WORDS]:
        yield from (word.upper(), f"({word}", f"-{word}", f"« {word} »", f"{word}s", f"/{word}")
    for word in english:
        yield from (word, word.capitalize())


def corpus_forms(texts: Iterable[str]) -> Iterator[str]:
    """Each text whole, in both cases and without accents, and each of its words alone."""
    for text in texts:
        yield from (text, text.lower(), text.upper(), without_accents(text))
        yield from text.split()


def number_forms() -> Iterator[str]:
    """Counts, years, amounts, rates and decimals."""
    for number in range(NUMBERS):
        yield from (
            f"{number}",
            f"{number}€",
            f"{number} %",
            f"{number / 10:.1f}".replace(".", ","),
        )


def always_kept(piece: str) -> bool:
    """Whether a piece is made of digits and ASCII signs, or is one or two Latin letters."""
    letters = piece.lstrip("▁")
    if FIGURES.fullmatch(letters):
        return True
    if len(letters) <= 1:
        return all(ord(sign) < LAST_LATIN or ord(sign) in SYMBOLS for sign in piece)
    return len(letters) == len("ab") and all(ord(sign) < LAST_LATIN for sign in letters)


def choose(
    tokenizer: Tokenizer, pieces: tuple[str, ...], texts: Iterable[str]
) -> NDArray[np.int64]:
    """Numbers of the pieces to keep, ascending; the special ones are always kept."""
    kept = set(range(len(recipe.SPECIAL_TOKENS)))
    kept.update(number for number, piece in enumerate(pieces) if always_kept(piece))
    waiting = list(texts)
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            kept.update(encoding.ids)
    return np.array(sorted(kept), dtype=np.int64)


def frequent_words(language: str, count: int) -> list[str]:
    """The ``count`` most frequent words of a language, most frequent first.

    Raises `ErreurModele` when ``wordfreq`` is not installed.
    """
    try:
        wordfreq = importlib.import_module("wordfreq")
    except ModuleNotFoundError as problem:
        raise ErreurModele(
            "Choisir les morceaux demande le paquet facultatif wordfreq : pip install wordfreq."
        ) from problem
    return list(wordfreq.top_n_list(language, count, wordlist="best"))


def main() -> int:
    """Write the shipped list and print its size and hash."""
    reader = argparse.ArgumentParser(description="Choisit les morceaux du vocabulaire français.")
    reader.add_argument("fichier", type=Path, help="fichier 4 bits du modèle")
    reader.add_argument("--mots", type=int, default=FRENCH_WORDS, help="mots français retenus")
    reader.add_argument("--sortie", type=Path, default=Path(__file__).with_name(SHIPPED))
    asked = reader.parse_args()
    try:
        packed = open_packed(asked.fichier)
        french = frequent_words("fr", asked.mots)
        english = frequent_words("en", ENGLISH_WORDS)
    except ErreurModele as problem:
        print(problem, file=sys.stderr)
        return 1
    tokenizer = build_tokenizer(packed.pieces, packed.scores, charsmap())
    sources = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    prompts = [recipe.QUERY_PROMPT, recipe.PASSAGE_PROMPT]
    texts = [*prompts, *word_forms(french, english), *corpus_forms(sources), *number_forms()]
    kept = choose(tokenizer, packed.pieces, texts)
    bits = pack(kept, len(packed.pieces))
    write_atomically(asked.sortie, [gzip.compress(bits, mtime=0)])
    print(f"{len(kept)} morceaux gardés sur {len(packed.pieces)}")
    print(f"sha256 de la liste : {hashlib.sha256(bits).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
