"""Who may do what: roles, the list of people who hold one, and how a request is judged.

Nothing here knows the pages: what a page was asked with is handed over as a ``Situation``, and
``decide`` says who asks, or why nobody is let in.
"""

from assistant.acces.identite import Refus
from assistant.acces.local import Requete
from assistant.acces.politique import Identite, Ouverture, Situation, decide, opening
from assistant.acces.roles import Role, covers

__all__ = [
    "Identite",
    "Ouverture",
    "Refus",
    "Requete",
    "Role",
    "Situation",
    "covers",
    "decide",
    "opening",
]
