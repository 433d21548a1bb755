"""Records of the log of questions: what is kept of a turn, what is thought of it, what is sought.

No field names a person. Words are masked when they are written, whatever wrote them.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, Field

from assistant.models import TypeReponse
from corpus.models import FROZEN

Vote = Literal["utile", "pas_utile"]
TypeGarde = TypeReponse | Literal["refusee"]
"""``refusee``: no answer was shown, for a quotation of it could not be checked."""
Vue = Literal["tout", "a_regarder", "sans_reponse", "pas_utile", "utile", "commentees"]
"""``a_regarder``: without an answer, or of no use to whoever asked."""

QUESTION: Final = 2_000
"""Characters kept of a question, at most."""
TEXTE: Final = 6_000
"""Characters kept of an answer, at most."""
COMMENTAIRE: Final = 1_000
"""Characters kept of a comment, at most."""
CITATIONS: Final = 30
"""Citations kept of an answer, at most."""
_NOM: Final = 200


class QuestionsInutilisables(Exception):
    """The log cannot be read or written; the message says why, and quotes no question."""


class EchangeAbsent(QuestionsInutilisables):
    """What is thought of an exchange cannot be kept, for the exchange is not."""


class CitationGardee(BaseModel):
    """Place of a quotation: its words are in the text itself, which is kept for good."""

    model_config = FROZEN

    document: str = Field(max_length=_NOM)
    version: str = Field(max_length=_NOM)
    titre: str = Field(max_length=400)
    section: str | None = Field(default=None, max_length=400)
    page: int | None = None
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)


class EchangeGarde(BaseModel):
    """One question and its answer, as they are kept."""

    model_config = FROZEN

    cle: str = Field(pattern=r"^[0-9a-f]{32}$")
    """Drawn at random for this turn."""
    conversation: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Drawn at random for the conversation: says which turns follow one another, never who."""
    tour: int = Field(ge=1)
    """Rank of the turn in its conversation."""
    date: AwareDatetime
    question: str
    type: TypeGarde
    texte: str
    portee: str = Field(max_length=_NOM)
    """``nationale``, or the code of a département."""
    departement: str | None = Field(default=None, max_length=10)
    annee_scolaire: str | None = Field(default=None, max_length=20)
    citations: tuple[CitationGardee, ...] = ()
    fiches: tuple[str, ...] = ()
    """Ids of the cards said."""
    confiance: float = Field(ge=0, le=1)
    version_textes: str = Field(max_length=_NOM)
    """Version of the document base; empty for an index made without one."""
    version_regles: str = Field(max_length=_NOM)
    classement: str = Field(max_length=_NOM)
    """Name of the ranking that found the answer."""
    duree_ms: int = Field(ge=0)
    """Time that the answer took, milliseconds."""


class Opinion(BaseModel):
    """What whoever asked thinks of an answer."""

    model_config = FROZEN

    vote: Vote
    commentaire: str = ""
    date: AwareDatetime


class Ligne(BaseModel):
    """An exchange as it is read back, and what was thought of it."""

    model_config = FROZEN

    numero: int
    """Rank in the log, never given twice."""
    echange: EchangeGarde
    opinion: Opinion | None

    @property
    def a_regarder(self) -> bool:
        """Whether an agent should look at it first."""
        return sans_reponse(self.echange.type) or (
            self.opinion is not None and self.opinion.vote == "pas_utile"
        )


class Filtres(BaseModel):
    """What is sought in the log; by default, everything."""

    model_config = FROZEN

    vue: Vue = "tout"
    type: TypeGarde | None = None
    departement: str | None = None
    """Code; an empty string: those asked for no département."""
    du: date | None = None
    """First day, at the time of France."""
    au: date | None = None
    """Last day, itself included."""
    mots: str = Field(default="", max_length=200)
    """Words that all stand in the question, the answer or the comment, whatever their case and
    accents."""


def sans_reponse(nature: TypeGarde) -> bool:
    """Whether a kind of answer leaves the question without one."""
    return nature in SANS_REPONSE


SANS_REPONSE: Final[tuple[TypeGarde, ...]] = ("hors_corpus", "refusee")
