"""One answer, measured: its kind, its time, its versions; nothing of what was asked or said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from assistant.answers.drafting import Redaction
from assistant.answers.modeles import Rangement
from assistant.answers.signals import names_foreign_scheme
from assistant.dialogue.chemin import Chemin, VoieSuivie
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.observation.chronometre import Duree
from assistant.questions_posees.models import TypeGarde

Raison = Literal["citation", "avis", "hors_sujet", "texte_absent", "silence", "peu_sur"]
"""Why no answer was given: a quotation that could not be checked; an agent's mark; it is about
something else than the Clas; the text of its place, of its year or of its date is not here; the
texts that are here are silent on it; it is not sure enough that they answer."""
Partie = Literal["vecteur", "candidats", "questions", "classement", "phrases", "fiches", "lire"]
"""What a search is made of."""
PARTIES: Final[tuple[Partie, ...]] = (
    "vecteur", "candidats", "questions", "classement", "phrases", "fiches", "lire",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mesure:
    """What an operator is told of an answer."""

    type: TypeGarde
    raison: Raison | None
    voie: VoieSuivie | None
    """None where there was no answer."""
    departement_connu: bool
    """Whether it was known for whom it was asked; never which."""
    duree: Duree
    classement: Rangement
    version: str
    """Index version that it came from."""
    recherche: Mapping[Partie, float] = field(default_factory=dict)
    """Seconds of each part of the search; empty where nothing was searched."""


def mesure_de(
    echange: Echange | None,
    assistant: Conseiller,
    duree: Duree,
    *,
    departement_connu: bool,
) -> Mesure:
    """Measure a turn.

    Args:
        echange: what was answered; None where no checked answer could be given.
        assistant: who answered.
        duree: how long it took.
        departement_connu: whether a département was chosen or told before.
    """
    version = assistant.index.info.version
    if echange is None:
        return Mesure(
            type="refusee",
            raison="citation",
            voie=None,
            departement_connu=departement_connu,
            duree=duree,
            classement=assistant.modeles.rangement,
            version=version,
        )
    chemin = echange.chemin
    return Mesure(
        type=echange.scellee.reponse.type,
        raison=_raison(echange),
        voie=chemin.voie,
        departement_connu=departement_connu or echange.memoire.departement is not None,
        duree=duree,
        classement=assistant.modeles.rangement_de(chemin.trouvaille),
        version=version,
        recherche=_recherche(chemin),
    )


def _raison(echange: Echange) -> Raison | None:
    chemin = echange.chemin
    if chemin.ecartee is not None:
        return "avis"
    if echange.scellee.reponse.type != "hors_corpus":
        return None
    redaction, found = chemin.redaction, chemin.trouvaille
    if redaction is None:
        return "peu_sur"
    if (found is not None and names_foreign_scheme(found.lu.texte)) or _parle_d_autre_chose(
        redaction
    ):
        return "hors_sujet"
    if redaction.absente:
        return "texte_absent"
    if redaction.silencieuse or redaction.jauge.suffit:
        return "silence"
    return "peu_sur"


def _parle_d_autre_chose(redaction: Redaction) -> bool:
    """Whether the card of silence that stands clear is one about something else than the Clas."""
    mesure = redaction.jauge.silence
    # Both are margins over the same card that answers: the nearest of all is one of those.
    return redaction.silencieuse and mesure.hors_sujet >= mesure.marge


def _recherche(chemin: Chemin) -> dict[Partie, float]:
    found = chemin.trouvaille
    if found is None:
        return {}
    dites = {**found.retrieval.steps.seconds, **found.secondes}
    return {partie: dites[partie] for partie in PARTIES if partie in dites}
