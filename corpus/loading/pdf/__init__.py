"""Reads PDF files: characters, lines, columns, tables and notes, then structured blocks."""

from corpus.loading.pdf.reading import read_pdf

__all__ = ["read_pdf"]
