"""The frozen models that go with a ranking: how cards are weighed, how sure an answer is.

Three rankings: the general encoder alone, the encoder adapted to the field, and the adapted one
with the reader. Nearness, words and readings do not have the same scales in each, so each has its
own weights, fitted alike.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from assistant.answers.affluence import Affluence
from assistant.answers.confidence import ModeleConfiance, load_confidence
from assistant.answers.finding import Trouvaille
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
    "lu": ("classement_adapte.json", "confiance_adaptee.json"),
}
"""File of the models that rank cards and say how sure an answer is, for each ranking."""
_READING, _READ = "lecture.json", "confiance_lue.json"
"""Files of the models that weigh what was read, and say how sure an answer then is."""


@dataclass(frozen=True, slots=True)
class Modeles:
    """Models of one encoder, with or without its reader."""

    rangement: Rangement
    classement: ModeleClassement
    confiance: ModeleConfiance
    lecture: ModeleLecture | None = None
    confiance_lue: ModeleConfiance | None = None
    reader: Reader | None = None
    affluence: Affluence | None = None
    """Whose turn it is, where many people share the program; None: whoever asks is read."""

    def rangement_de(self, found: Trouvaille | None) -> Rangement:
        """The ranking that an answer had: without its reading where there was no place for it."""
        return "adapte" if found is not None and found.sans_place else self.rangement

    def confiance_de(self, found: Trouvaille) -> ModeleConfiance:
        """The model that says how sure an answer is: its own where candidates were read."""
        if found.lecture is None or self.confiance_lue is None:
            return self.confiance
        return self.confiance_lue

    @property
    def versions(self) -> dict[str, str]:
        """Version of each model, by its file."""
        ranking, confidence = _FILES[self.rangement]
        used = {
            ranking: self.classement,
            confidence: self.confiance,
            _READING: self.lecture,
            _READ: self.confiance_lue,
        }
        return {f"assistant/answers/{file}": m.version for file, m in used.items() if m is not None}


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
    models = Modeles(name, load_ranking(ranking), load_confidence(confidence))
    if name != "lu":
        return models
    return replace(
        models,
        lecture=load_reading(_HERE / _READING),
        confiance_lue=load_confidence(_HERE / _READ),
        reader=reader,
    )


def models_for(description: ModelDescription, settings: Configuration) -> Modeles:
    """Models of an encoder on this installation, its reader open where there is one.

    Raises:
        ErreurModele: the reader is damaged.
    """
    wanted = description.adapted and settings.lecteur
    models = load_models(description, open_reader(settings.dossier_modele) if wanted else None)
    if settings.a_la_fois is None:
        return models
    return replace(models, affluence=Affluence(settings.a_la_fois, os.cpu_count()))
