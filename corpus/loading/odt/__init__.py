"""OpenDocument texts (ODT)."""

from corpus.loading.odt.reader import read_odt

__all__ = ["read_odt"]
