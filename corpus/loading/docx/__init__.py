"""Word documents (DOCX)."""

from corpus.loading.docx.reader import read_docx

__all__ = ["read_docx"]
