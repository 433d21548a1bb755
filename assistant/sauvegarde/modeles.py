"""Records of an archive: what it says of itself, what it holds, how it is named."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

FORMAT: Final = 1
"""Of archives: a program that makes others does not read these, and says so."""
GENRE: Final = "sauvegarde-assistant-clas"
SUFFIXE: Final = ".tar.gz"
ENTETE: Final = "entete.json"
"""First member: what the archive is, before anything else is read."""
MANIFESTE: Final = "manifeste.json"
"""Last member: all that the archive holds; one that was cut short has none."""
PLUS_GRAND: Final = 64 << 30
"""Bytes of the largest member."""
PLUS_GRAND_RECIT: Final = 1 << 30
"""Bytes of the largest header or manifest."""
PLUS: Final = 5_000_000
"""Members, at most."""
PLUS_EN_TOUT: Final = 4 << 40
"""Bytes of all the members, at most."""

_NOM: Final = re.compile(
    r"""(?x)
      corpus/fichiers/[0-9a-f]{64}
    | corpus/textes/[0-9a-z][0-9a-z-]{0,39}@[0-9a-f]{12}\.json
    | corpus/versions/[0-9a-f]{12}\.json
    | corpus/(?:brouillon\.json|journal\.jsonl|surveillance\.json)
    | index/courante
    | index/versions/[0-9a-f]{12}/(?:\w[\w.-]{0,39}/)?\w[\w.-]{0,59}
    | avis/journal\.jsonl
    | questions/(?:questions|attente)\.sqlite3
    | modele/\w[\w.-]{0,39}/(?:\w[\w.-]{0,29}/){0,2}\w[\w.-]{0,59}
    """,
    re.ASCII,
)


class SauvegardeImpossible(Exception):
    """The state could not be written or brought back; one French sentence: nothing has changed."""


class ArchiveRefusee(Exception):
    """An archive that cannot be trusted or read; one French sentence."""


class Membre(BaseModel):
    """A member of an archive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nom: str
    taille: int = Field(ge=0, le=PLUS_GRAND)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Genre(BaseModel):
    """What is read first, whatever the format of the rest."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    genre: Literal["sauvegarde-assistant-clas"]
    format: int


class Entete(BaseModel):
    """What an archive is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    genre: Literal["sauvegarde-assistant-clas"] = "sauvegarde-assistant-clas"
    format: int = FORMAT
    programme: str
    """Version of the program that wrote it."""
    date: AwareDatetime
    """The moment that it is of."""
    origine: Literal["dossier", "magasin"]
    index: str
    """Index version in service."""
    version: str | None
    """Version of the document base in service; None for an index made without one."""
    questions: bool
    """Whether it holds what people asked."""
    modele: bool
    """Whether it holds the model."""
    reglages: Mapping[str, str] = {}
    """Settings that were made, without those that are secret."""
    constats: tuple[str, ...] = ()
    """What ``clas corpus verifier`` found wrong at that time."""


Comptes = Mapping[str, int]
"""How many of each thing: questions, opinions, attente, avis, journal, fichiers, textes, versions,
brouillon."""


class Manifeste(BaseModel):
    """All that an archive holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    membres: tuple[Membre, ...]
    comptes: Comptes
    sceau: str = ""
    """Checksum of the rest."""

    def scelle(self) -> Manifeste:
        """The same, with its checksum."""
        nu = self.model_copy(update={"sceau": ""})
        somme = hashlib.sha256(nu.model_dump_json().encode("utf-8")).hexdigest()
        return nu.model_copy(update={"sceau": somme})

    @property
    def taille(self) -> int:
        """Bytes of all the members."""
        return sum(membre.taille for membre in self.membres)


class Piece(NamedTuple):
    """Something to be put in an archive."""

    nom: str
    taille: int
    lire: Callable[[], Iterator[bytes]]
    attendu: str | None = None
    """Its sha256, where it is known by it."""


@dataclass(frozen=True, slots=True)
class Instantane:
    """The state at one moment, of which what does not change is read later."""

    date: datetime
    index: str
    version: str | None
    pieces: tuple[Piece, ...]
    comptes: Comptes


def est_admis(nom: str) -> bool:
    """Whether a name is one that an archive may have: none leads elsewhere."""
    return _NOM.fullmatch(nom) is not None
