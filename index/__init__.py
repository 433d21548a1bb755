"""Embedding, lexical search, fusion and storage of the searchable index."""
