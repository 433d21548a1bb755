"""Why an answer is what it is: every step of its path with its scores, as one frozen record.

Example::

    echange = conseiller.echanger(question, texte, Memoire())
    explication = expliquer(conseiller, echange)
    explication.model_dump_json()  # or afficher(explication, Console())
"""

from assistant.explication.expliquer import expliquer
from assistant.explication.models import Explication
from assistant.explication.rendu import afficher

__all__ = ["Explication", "afficher", "expliquer"]
