"""What the program says of itself, outside any rule of the Clas."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from corpus.lecture_yaml import read_yaml

_FILE = Path(__file__).with_name("messages.yaml")


@lru_cache(maxsize=1)
def load_messages() -> dict[str, str]:
    """Read the messages, by name; some have places to fill (``{lieu}``)."""
    data: dict[str, str] = read_yaml(_FILE.read_text(encoding="utf-8"))
    return data
