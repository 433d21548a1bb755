"""Broken files without end: whatever the bytes, a loader reads or refuses, within its limits."""
