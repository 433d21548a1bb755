"""Real files made of the canonical texts, by the tools that offices use.

What a loader reads from such a file can be held against the canonical text it was made from.
"""

from bench.rendus.formes import FORMATS, FORMES, LONGUES, Forme, OutilAbsent, rendre

__all__ = ["FORMATS", "FORMES", "LONGUES", "Forme", "OutilAbsent", "rendre"]
