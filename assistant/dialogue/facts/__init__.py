"""What a person says of their project, in everyday French, as facts of the project model.

Example:
    >>> lus = lire_faits("on a 6 gamins à la campagne et 1 anim")
    >>> appliquer({}, lus)
    {'collectifs': [{'enfants': 6, 'intervenants': 1}], 'milieu_rural': True}
"""

from assistant.dialogue.facts.application import appliquer
from assistant.dialogue.facts.lecture import lire_faits
from assistant.dialogue.facts.models import Certitude, FaitImprecis, FaitLu, FaitsLus, Valeur
from assistant.dialogue.facts.questions import (
    critere_demande,
    demande_montant,
    demande_verdict,
    est_cas_personnel,
)

__all__ = [
    "Certitude",
    "FaitImprecis",
    "FaitLu",
    "FaitsLus",
    "Valeur",
    "appliquer",
    "critere_demande",
    "demande_montant",
    "demande_verdict",
    "est_cas_personnel",
    "lire_faits",
]
