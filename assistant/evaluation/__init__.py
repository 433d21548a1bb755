"""Measures of the assistant on question sets: retrieval, answers, citations, refusals, latency."""
