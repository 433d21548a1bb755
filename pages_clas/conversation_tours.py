"""An answered turn as the page holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assistant.dialogue.avis_suivis import jugee_de
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.dialogue.prochaines import Posee, proposer
from assistant.dialogue.rejuger import appui_de
from assistant.quotation import ReponseScellee
from pages_clas.acces import edition_de
from pages_clas.cartes import Depart, Tour
from pages_clas.conversation_etat import situation

EXEMPLES: Final = (
    "Combien d'enfants par groupe ?",
    "Combien de séances par semaine ?",
    "Quel est le prix plafond de la prestation de service ?",
    "Qui peut encadrer les enfants ?",
    "Les familles doivent-elles payer ?",
    "Peut-on commencer en cours d'année ?",
)


def tour_de(
    echange: Echange,
    question: str,
    depart: Depart,
    assistant: Conseiller,
    precedents: Sequence[Tour],
    *,
    lissee: ReponseScellee | None = None,
    au_bouton: bool = False,
) -> Tour:
    """Make a turn of what was answered, with the questions that could follow it.

    Args:
        echange: what was answered.
        question: as it was typed.
        depart: what it was asked from; its ``id`` is the number of the turn.
        assistant: who answered.
        precedents: the turns before it: none of their questions is offered again.
        lissee: the answer in a writer's words.
        au_bouton: whether a button asked.
    """
    tenue, demande = echange.memoire, depart.demande
    posees = [Posee(tour.question, tour.comprise) for tour in precedents]
    posees.append(Posee(question, echange.comprise))
    lieu = situation(tenue).departement
    return Tour(
        numero=int(demande.id),
        question=question,
        departement=tenue.departement or demande.departement,
        annee_scolaire=tenue.annee_scolaire or demande.annee_scolaire,
        scellee=echange.scellee,
        comprise=echange.comprise,
        suites=proposer(echange, posees, assistant.jugements, EXEMPLES, lieu),
        edition=edition_de(assistant),
        jugee=jugee_de(echange, assistant.jugements),
        ecartee=echange.chemin.ecartee,
        lissee=lissee,
        secondes=echange.chemin.secondes.get("total", 0.0),
        rangement=_rangement(echange, assistant),
        appui=appui_de(echange, assistant.regles),
        au_bouton=au_bouton,
        depart=depart,
    )


def _rangement(echange: Echange, assistant: Conseiller) -> str | None:
    """The ranking that an answer had, where so many people asked that it is not the usual one."""
    found = assistant.modeles.rangement_de(echange.chemin.trouvaille)
    return found if found != assistant.modeles.rangement else None
