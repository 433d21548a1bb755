"""The tokenizer: XLM-R's unigram segmentation over a chosen part of its pieces.

Piece order and scores are kept as they are, so a text whose pieces are all kept is cut exactly as
the original tokenizer cuts it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sentencepiece import SentencePieceNormalizer, sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.embedding import recipe
from index.embedding.errors import FichierModeleInvalide

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

BOS, PAD, EOS, UNKNOWN = range(4)


def charsmap() -> bytes:
    """XLM-R's precompiled normalisation table, as sentencepiece itself carries it.

    Raises `FichierModeleInvalide` when this release of sentencepiece has another table.
    """
    rules = SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto()
    model = sentencepiece_model_pb2.ModelProto.FromString(rules)  # type: ignore[attr-defined]
    table: bytes = model.normalizer_spec.precompiled_charsmap
    found = hashlib.sha256(table).hexdigest()
    if found != recipe.CHARSMAP_SHA256:
        raise FichierModeleInvalide(
            f"La table de normalisation de sentencepiece a l'empreinte {found} ; celle du modèle "
            f"est {recipe.CHARSMAP_SHA256}. Installez la version épinglée de sentencepiece."
        )
    return table


def build_tokenizer(pieces: Sequence[str], scores: NDArray[np.float32], table: bytes) -> Tokenizer:
    """Tokenizer over ``pieces`` (the four special ones first) with their log-probabilities."""
    vocabulary = [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(table), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always", split=False)
    tokenizer.add_special_tokens(list(recipe.SPECIAL_TOKENS))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", BOS), ("</s>", EOS)],
    )
    return tokenizer
