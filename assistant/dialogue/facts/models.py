"""What reading a person's words gives: facts about their project, each with the words that gave it.

A path (``chemin``) is one of the project model: ``milieu_rural``, ``budget.cout_total``,
``collectifs.1.enfants`` (collectifs count from 1). Three paths hold more than one value of it:
``collectifs``, the number of collectifs; ``budget.cofinancements``, the empty list (none);
``budget.cofinancements.2``, one whole co-funding.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

_GELE = ConfigDict(frozen=True, extra="forbid")

Certitude = Literal["dite", "deduite", "supposee"]
"""``dite``: said; ``deduite``: read in what was said, by an interpretation that the person should
see; ``supposee``: only put forward, in a question or a hypothesis."""

Simple: TypeAlias = StrictBool | StrictInt | StrictFloat | StrictStr
Valeur: TypeAlias = Simple | list[StrictStr] | dict[StrictStr, Simple | None]


class FaitLu(BaseModel):
    """A fact read: ``texte[debut:fin] == mots`` (code points, end excluded)."""

    model_config = _GELE

    chemin: Annotated[str, Field(min_length=1)]
    valeur: Valeur
    mots: str
    debut: int = Field(ge=0)
    fin: int = Field(ge=0)
    certitude: Certitude = "dite"


class FaitImprecis(BaseModel):
    """Something was said of this fact, but not its value: to ask (« une dizaine », « 8 à 12 »)."""

    model_config = _GELE

    chemin: Annotated[str, Field(min_length=1)]
    mots: str
    debut: int = Field(ge=0)
    fin: int = Field(ge=0)


class FaitsLus(BaseModel):
    """What a text says of the project, in the order in which it is to be applied."""

    model_config = _GELE

    faits: tuple[FaitLu, ...] = ()
    a_preciser: tuple[FaitImprecis, ...] = ()
    correction: bool = False
    """The person takes back something said before (« non, 9 enfants », « en fait »)."""

    def valeurs(self) -> dict[str, Valeur]:
        """Return the last value of each path."""
        return {fait.chemin: fait.valeur for fait in self.faits}
