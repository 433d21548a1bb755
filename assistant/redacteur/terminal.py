"""A reworded answer in a terminal, before the answer itself."""

from __future__ import annotations

import sys

from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.redacteur.disjoncteur import Disjoncteur, joindre
from assistant.redacteur.libelles import AUCUN_REDACTEUR, MENTION, ORIGINE, PAS_DE_LISSEE
from assistant.redacteur.service import Redacteur
from assistant.rendering import plain


def montrer_lissee(echange: Echange, assistant: Conseiller, reglages: Configuration) -> None:
    """Print the reworded answer and what it is; on the error output, why there is none."""
    reglage = reglages.redacteur
    if reglage is None:
        print(reglages.alerte_redacteur or AUCUN_REDACTEUR, file=sys.stderr)
        return
    # Whoever asks for it by name waits for it: there is no next answer that would profit.
    patient = Disjoncteur(lambda: joindre(reglage.hote, reglage.port), attente=reglage.delai)
    lissee = Redacteur(reglage, patient).lisser(echange, assistant)
    if lissee is None:
        print(PAS_DE_LISSEE, file=sys.stderr)
        return
    print(f"{plain(lissee.reponse.texte)}\n\n{MENTION}\n\n{ORIGINE} :\n")
