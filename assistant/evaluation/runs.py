"""Saved runs: what ``clas evaluer … --json`` wrote, read again to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.evaluation.files import FichierInutilisable, lire_texte, montre
from assistant.evaluation.report import MesureTour

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

ACCEPTE = "une mesure enregistrée par « clas evaluer FICHIER --json »"


class Execution(BaseModel):
    """A saved run. Its totals are not read: they are added up again from its turns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fichier: str | None = None
    """Name of the question set."""
    tours: tuple[MesureTour, ...] = Field(min_length=1)


def lire_execution(chemin: Path) -> Execution:
    """Read a saved run. Keys that are not known, as a later version may write, are ignored.

    Raises:
        FichierInutilisable: the file cannot be read or is too large, or is not a saved run.

    """
    texte = lire_texte(chemin)
    try:
        execution = Execution.model_validate_json(texte, extra="ignore")
    except ValidationError as error:
        reason = _reason(error.errors(include_url=False)[0])
        raise FichierInutilisable(f"{chemin} : {reason} ; accepté : {ACCEPTE}") from None
    vus: set[tuple[str, int]] = set()
    for rang, tour in enumerate(execution.tours, start=1):
        if (tour.id, tour.tour) in vus:
            raise FichierInutilisable(
                f"{chemin} : champ « tours.{rang}.id » : trouvé {montre(tour.id)}, tour "
                f"{tour.tour}, déjà lu ; accepté : {ACCEPTE}"
            )
        vus.add((tour.id, tour.tour))
    return execution


def _reason(error: ErrorDetails) -> str:
    """Say in French what is wrong, and where."""
    if error["type"] == "json_invalid":
        return f"trouvé un JSON illisible ({error['ctx']['error']})"
    champ = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
    if not champ:
        return f"trouvé {montre(error['input'])}"
    manque = error["type"] == "missing"
    found = "rien (champ absent)" if manque else montre(error["input"])
    return f"champ « {champ} » : trouvé {found}"
