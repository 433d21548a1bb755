"""Measurements of speed and quality, whose tables ``docs/mesures.md`` shows."""
