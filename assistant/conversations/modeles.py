"""What is kept of a conversation: what it takes to answer its turns again, never the answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from assistant.dialogue.memoire import Memoire

_GELE = ConfigDict(frozen=True, extra="forbid")


class TourGarde(BaseModel):
    """One question, and what it was asked from."""

    model_config = _GELE

    numero: int
    question: str
    departement: str | None = None
    """For whom it was asked: as told, else as chosen on the page."""
    annee_scolaire: str | None = None
    avant: Memoire
    """What was held before it: a later correction does not change what was asked."""
    au_bouton: bool = False
    perimee: bool = False
    edition: str | None = None
    """Version of the texts that it was answered from."""
    cle: str | None = None
    """Its key in the log of questions, where it is kept there: it is not to be kept twice."""


class ConversationGardee(BaseModel):
    """A conversation as it stands."""

    model_config = _GELE

    tours: tuple[TourGarde, ...] = ()
    """Its last turns, in order."""
    memoire: Memoire = Memoire()
    """What is held now, corrections made by hand among it."""
    departement: str = ""
    """Chosen on the page; empty where it is not."""
    annee_scolaire: str = ""
    journal: str | None = None
    """What ties its turns together in the log of questions."""
