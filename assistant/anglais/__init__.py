"""Questions in English: searched and read in French words, answered in English with French quotes.

Example, in a conversation that answers in French::

    entree = qualifier(texte)
    if est_anglais(entree, en_cours=precedent_en_anglais):
        if entree.genre not in {"question", "hors_langue"}:
            return message_anglais(entree.genre)  # a greeting, thanks…
        francais = traduire(entree.texte)  # search, cards, lire_faits: all with these words
        reponse = repondre_en_francais(francais)
        carte = carte_anglaise(fiche, regles)  # or reponse_anglaise(fiche.id)
        dit = carte.answer if carte else message_anglais("texts_say")
"""

from assistant.anglais.cartes import (
    CarteAnglaise,
    carte_anglaise,
    cartes_anglaises,
    reponse_anglaise,
)
from assistant.anglais.langue import est_anglais
from assistant.anglais.libelles import (
    CritereAnglais,
    critere_anglais,
    message_anglais,
    question_anglaise,
    reserve_anglaise,
    statut_anglais,
    verdict_anglais,
)
from assistant.anglais.traduction import traduire

__all__ = [
    "CarteAnglaise",
    "CritereAnglais",
    "carte_anglaise",
    "cartes_anglaises",
    "critere_anglais",
    "est_anglais",
    "message_anglais",
    "question_anglaise",
    "reponse_anglaise",
    "reserve_anglaise",
    "statut_anglais",
    "traduire",
    "verdict_anglais",
]
