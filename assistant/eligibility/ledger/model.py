"""Records of the ledger and the reading of its files: one YAML file per document."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from corpus.lecture_yaml import read_yaml

FERME: Final = ConfigDict(frozen=True, extra="forbid", strict=True)
Sort = Literal["code", "appreciation", "information", "hors_programme"]
CODES: Final = "codes.yaml"
_LISIBLE: Final = 60


class RegistreInutilisable(ValueError):
    """A ledger file that cannot be used; the message names the file, the entry and the field."""


class Entree(BaseModel):
    """What becomes of one normative sentence.

    ``code``: the program decides it, by ``regles``; ``appreciation``: left to the discretion of
    ``qui``; ``information``: it tells, and requires nothing that could be decided;
    ``hors_programme``: a duty that the program does not check.
    """

    model_config = FERME

    extrait: str = Field(min_length=1)
    """Exact words of the sentence, or its first 40 characters at least."""
    occurrence: int | None = Field(default=None, ge=1)
    """Rank, from 1, among the normative sentences of the document that these words open."""
    sort: Sort
    regles: tuple[str, ...] = Field(default=(), strict=False)
    """Codes of criteria, or keys of the result, that the sentence is coded by."""
    qui: str | None = Field(default=None, min_length=1)
    mot: str = Field(min_length=1)
    """Why, or what, in one short French sentence."""

    @model_validator(mode="after")
    def _selon_le_sort(self) -> Entree:
        if bool(self.regles) != (self.sort == "code"):
            raise ValueError("« regles » va avec le sort « code », et lui seul")
        if bool(self.qui) != (self.sort == "appreciation"):
            raise ValueError("« qui » va avec le sort « appreciation », et lui seul")
        return self


class Registre(BaseModel):
    """The entries of one document, in reading order."""

    model_config = FERME

    document: str = Field(min_length=1)
    entrees: tuple[Entree, ...] = Field(min_length=1, strict=False)


class Codes(BaseModel):
    """What an entry of sort ``code`` may name."""

    model_config = FERME

    criteres: tuple[str, ...] = Field(strict=False)
    resultat: tuple[str, ...] = Field(strict=False)

    @property
    def tous(self) -> frozenset[str]:
        """Criteria and keys of the result together."""
        return frozenset((*self.criteres, *self.resultat))


def lire_codes() -> Codes:
    """Read the codes of the shipped ledger."""
    contenu = resources.files(__package__).joinpath(CODES).read_text(encoding="utf-8")
    return Codes.model_validate(read_yaml(contenu))


def lire_fichier(fichier: Traversable) -> Registre:
    """Read the ledger of one document.

    Raises:
        RegistreInutilisable: unreadable YAML, an unknown key, a missing or impossible value.
    """
    brut: Any = None
    try:
        contenu = fichier.read_text(encoding="utf-8")
        brut = read_yaml(contenu)
        return Registre.model_validate(brut)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegistreInutilisable(f"{fichier.name} : YAML illisible ({error})") from error
    except ValidationError as error:
        premiere = error.errors(include_url=False)[0]
        raise RegistreInutilisable(
            f"{fichier.name}, {_lieu(brut, premiere['loc'])} : {_trouble(premiere)}."
        ) from error


def montrer(texte: str) -> str:
    """Quote a sentence in a message, shortened if it is long."""
    return f"« {texte if len(texte) <= _LISIBLE else texte[: _LISIBLE - 1] + '…'} »"


def _lieu(brut: object, chemin: tuple[int | str, ...]) -> str:
    """Name where an error stands: the entry by its rank and words, then the field."""
    match brut, chemin:
        case {"entrees": list(entrees)}, ("entrees", int(rang), *reste):
            entree = entrees[rang]
            extrait = entree.get("extrait") if isinstance(entree, dict) else None
            mots = f" {montrer(extrait)}" if isinstance(extrait, str) else ""
            champ = f", champ « {reste[0]} »" if reste else ""
            return f"entrée {rang + 1}{mots}{champ}"
        case _:
            return f"champ « {chemin[0]} »" if chemin else "contenu"


def _trouble(error: ErrorDetails) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "clé inconnue"
        case "missing":
            return "valeur absente, obligatoire"
        case "literal_error":
            permis = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            return f"« {error['input']} » trouvé ; attendu : {permis}"
        case "value_error":
            return str(error["ctx"]["error"])
        case "string_type" | "string_too_short":
            return f"« {error['input']} » trouvé ; attendu : un texte"
        case "int_type" | "greater_than_equal":
            return f"« {error['input']} » trouvé ; attendu : un nombre entier à partir de 1"
        case "tuple_type" | "list_type":
            return f"« {error['input']} » trouvé ; attendu : une liste"
        case _:
            return f"« {error['input']} » trouvé ({error['msg']})"
