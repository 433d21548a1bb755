from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.embedding import choose_pieces, recipe
from index.embedding.errors import FichierModeleInvalide
from index.embedding.fetch import fetch_data_file
from index.embedding.installation import SOURCE
from index.embedding.pack import open_packed
from index.embedding.pieces import pack, shipped_pieces, unpack
from index.embedding.tokenizer import build_tokenizer, charsmap

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.folder import ModelFolder


@pytest.fixture(scope="module")
def trimmed(installed_model: ModelFolder) -> Tokenizer:
    return Tokenizer.from_file(str(installed_model.tokenizer))


@pytest.fixture(scope="module")
def whole(installed_model: ModelFolder, models_folder: Path) -> Tokenizer:
    """The tokenizer of the original model, with its 250,002 pieces."""
    assert installed_model
    packed = open_packed(fetch_data_file(models_folder / SOURCE, annonce=print))
    return build_tokenizer(packed.pieces, packed.scores, charsmap())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Combien d'enfants par groupe ?", "▁Combi en ▁d ' enfant s ▁par ▁groupe ▁?"),
        ("L’accompagnement à la scolarité", "▁L ’ accompagnement ▁à ▁la ▁scolar ité"),
        ("cb d'animateurs fo t il svp", "▁c b ▁d ' anima teurs ▁fo ▁t ▁il ▁sv p"),
        ("soit 7 843 € (32,5 %)", "▁soit ▁7 ▁8 43 ▁€ ▁(3 2,5 ▁%)"),
        ("ÉCOLE ÉLÉMENTAIRE", "▁É C OLE ▁É LÉ MENT A IRE"),
        ("ﬁnancement n° 2025-2026", "▁financement ▁n ° ▁2025 -20 26"),
    ],
)
def test_french_is_cut_into_known_pieces(trimmed: Tokenizer, text: str, pieces: str) -> None:
    assert trimmed.encode(text, add_special_tokens=False).tokens == pieces.split(" ")


def test_the_corpus_is_cut_as_by_the_whole_vocabulary(trimmed: Tokenizer, whole: Tokenizer) -> None:
    for path in sorted(choose_pieces.CORPUS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert trimmed.encode(text).tokens == whole.encode(text).tokens, path.name


@pytest.mark.parametrize(
    "text",
    [
        "Ma fille redouble sa 4e à Villeneuve-lès-Maguelone, on habite Châlons-en-Champagne",
        "keske c le clas?? jsui animatrice periscolaire a charleville mezieres (08)",
        "L'URSSAF nous a proratisé 12.345,67 euros le 30/06/2026 à 16h45 : est-ce cumulable ?",
        "Quid d'un auto-entrepreneur ou d'un service civique, bénévolement, en visioconférence ?",
        "SVP RAPPELEZ-MOI AU 06.12.34.56.78 OU PAR MAIL: prenom.nom@asso-exemple.fr",
    ],
)
def test_words_from_outside_the_corpus_are_cut_alike_too(
    trimmed: Tokenizer, whole: Tokenizer, text: str
) -> None:
    assert trimmed.encode(text).tokens == whole.encode(text).tokens


def test_a_text_stands_between_its_two_special_tokens(trimmed: Tokenizer) -> None:
    assert trimmed.encode("oui").tokens == ["<s>", "▁oui", "</s>"]


def test_the_shipped_list_keeps_special_pieces_first_and_a_fifth_of_the_others() -> None:
    kept = shipped_pieces()
    assert kept[:4].tolist() == [0, 1, 2, 3]
    assert 35_000 <= len(kept) <= 52_000
    assert np.all(np.diff(kept) > 0)


def test_packing_a_list_of_pieces_gives_it_back() -> None:
    kept = np.array([0, 1, 2, 3, 8, 1000])
    assert unpack(pack(kept, 1001)).tolist() == kept.tolist()


def test_a_list_without_special_pieces_is_refused() -> None:
    with pytest.raises(FichierModeleInvalide, match="spéciaux"):
        unpack(pack(np.array([1, 2, 3, 4]), 16))


def test_another_normalisation_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "CHARSMAP_SHA256", "0" * 64)
    with pytest.raises(FichierModeleInvalide, match="version épinglée de sentencepiece"):
        charsmap()
