"""The frozen models that go with a ranking: how cards are weighed, how sure an answer is.

Three rankings: the general encoder alone, the encoder adapted to the field, and the adapted one
with the reader. Nearness, words and readings do not have the same scales in each, so each has its
own weights, fitted alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from assistant.answers.confidence import ModeleConfiance, load_confidence
from assistant.answers.lecture import ModeleLecture, load_reading
from assistant.answers.ranking import ModeleClassement, load_ranking
from assistant.configuration import Configuration
from index.embedding.encoder import ModelDescription
from index.embedding.factory import open_reader
from index.learned.reader import Reader

Rangement = Literal["general", "adapte", "lu"]
NOMS: Final[dict[Rangement, str]] = {
    "general": "modèle général",
    "adapte": "modèle adapté au Clas",
    "lu": "modèle adapté au Clas, premiers candidats relus",
}
"""How a ranking is named to people."""
_HERE: Final = Path(__file__).parent
_FILES: Final[dict[Rangement, tuple[str, str]]] = {
    "general": ("classement.json", "confiance.json"),
    "adapte": ("classement_adapte.json", "confiance_adaptee.json"),
    "lu": ("classement_adapte.json", "confiance_lue.json"),
}
"""File of the models that rank cards and say how sure an answer is, for each ranking."""


@dataclass(frozen=True, slots=True)
class Modeles:
    """Models of one encoder, with or without its reader."""

    rangement: Rangement
    classement: ModeleClassement
    confiance: ModeleConfiance
    lecture: ModeleLecture | None = None
    reader: Reader | None = None

    @property
    def versions(self) -> dict[str, str]:
        """Version of each model, by its file."""
        ranking, confidence = _FILES[self.rangement]
        versions = {
            f"assistant/answers/{ranking}": self.classement.version,
            f"assistant/answers/{confidence}": self.confiance.version,
        }
        if self.lecture is not None:
            versions["assistant/answers/lecture.json"] = self.lecture.version
        return versions


def load_models(description: ModelDescription, reader: Reader | None = None) -> Modeles:
    """Read the models of an encoder; those of the general one serve any other.

    Raises:
        OSError: a file is not there.
        ValidationError: a file is not such a model.
    """
    name: Rangement = "general"
    if description.adapted:
        name = "adapte" if reader is None else "lu"
    ranking, confidence = (_HERE / file for file in _FILES[name])
    return Modeles(
        rangement=name,
        classement=load_ranking(ranking),
        confiance=load_confidence(confidence),
        lecture=load_reading() if name == "lu" else None,
        reader=reader if name == "lu" else None,
    )


def models_for(description: ModelDescription, settings: Configuration) -> Modeles:
    """Models of an encoder on this installation, its reader open where there is one.

    Raises:
        ErreurModele: the reader is damaged.
    """
    wanted = description.adapted and settings.lecteur
    return load_models(description, open_reader(settings.dossier_modele) if wanted else None)
