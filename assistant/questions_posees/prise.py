"""An answered turn as what is kept of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from assistant.dialogue.conseiller import Conseiller
from assistant.models import Citation, Reponse
from assistant.publication.etat import version_of_index
from assistant.questions_posees.models import (
    CITATIONS,
    CitationGardee,
    EchangeGarde,
)


def nouvelle_conversation() -> str:
    """A token that ties the turns of a conversation together, and to nobody."""
    return secrets.token_hex(8)


def echange_de(
    assistant: Conseiller,
    *,
    conversation: str,
    tour: int,
    date: datetime,
    question: str,
    reponse: Reponse | None,
    departement: str | None,
    annee_scolaire: str | None,
    fiches: Iterable[str],
    secondes: float,
    rangement: str | None = None,
) -> EchangeGarde:
    """What is kept of a turn; not masked yet: the log does it as it writes.

    Args:
        assistant: who answered, for its versions.
        conversation: token of the conversation.
        tour: rank of the turn, from 1.
        date: when it was answered.
        question: as it was typed.
        reponse: what was shown; None where no answer could be.
        departement: code that it was asked for.
        annee_scolaire: school year that it was asked for.
        fiches: ids of the cards said.
        secondes: time that the answer took.
        rangement: the ranking that it had; None: that of the program.
    """
    version = version_of_index(assistant.index.base)
    return EchangeGarde(
        cle=secrets.token_hex(16),
        conversation=conversation,
        tour=tour,
        date=date,
        question=question,
        type=reponse.type if reponse else "refusee",
        texte=reponse.texte if reponse else "",
        portee=reponse.portee if reponse else "",
        departement=departement,
        annee_scolaire=annee_scolaire,
        citations=tuple(map(_place, reponse.citations[:CITATIONS])) if reponse else (),
        fiches=tuple(fiches),
        confiance=reponse.confiance if reponse else 0.0,
        version_textes=version.identite if version else "",
        version_regles=assistant.regles.version,
        classement=rangement or assistant.modeles.rangement,
        duree_ms=round(secondes * 1000),
    )


def _place(citation: Citation) -> CitationGardee:
    return CitationGardee(
        document=citation.document,
        version=citation.version,
        titre=citation.titre[:400],
        section=citation.section and citation.section[:400],
        page=citation.page,
        debut=citation.debut,
        fin=citation.fin,
    )
