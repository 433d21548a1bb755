"""Roles, and the file that says who holds which: read anew at each check.

A name taken out of the file has no role from the next check on. A file that cannot be trusted or
understood gives nobody a role.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final, Literal, Self

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from corpus.models import FROZEN

Role = Literal["porteur", "agent", "gestionnaire"]
"""``porteur``: anybody; ``agent``: checks citations; ``gestionnaire``: keeps the texts as well."""

RoleTenu = Literal["agent", "gestionnaire"]

_RANG: Final[dict[Role, int]] = {"porteur": 0, "agent": 1, "gestionnaire": 2}
_TAILLE: Final = 1 << 20
"""Bytes above which the file is none of ours."""
_COURRIEL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,190}\Z")


class HabilitationsInutilisables(ValueError):
    """The file of roles gives nobody a role; the message says why."""


def covers(tenu: Role, demande: Role) -> bool:
    """Whether who holds a role may do what another one may: each holds those below it."""
    return _RANG[tenu] >= _RANG[demande]


class Personne(BaseModel):
    """Somebody who holds a role, known by an address or by the provider's own identifier."""

    model_config = FROZEN

    role: RoleTenu
    courriel: str | None = None
    sub: str | None = Field(default=None, min_length=1, max_length=255)
    """Claim ``sub`` of the identity provider: never reused by it, unlike an address."""
    nom: str | None = Field(default=None, pattern=r"^[^\W\d_][\w .'’-]{0,39}$")
    """Name that the journal shows; never taken from what the provider sends."""

    @field_validator("courriel")
    @classmethod
    def _plain_address(cls, valeur: str | None) -> str | None:
        return None if valeur is None else normalise(valeur)

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.courriel is None) == (self.sub is None):
            raise ValueError("une personne a soit « courriel », soit « sub »")
        return self

    @property
    def auteur(self) -> str:
        """How the journal names this person: at most 100 characters."""
        cle = self.courriel or f"sub {self.sub}"
        nomme = f"{self.nom} ({cle})" if self.nom else cle
        return nomme if len(nomme) <= _AUTEUR else f"{nomme[: _AUTEUR - 1]}…"


_AUTEUR: Final = 100


class Habilitations(BaseModel):
    """The people who hold a role."""

    model_config = FROZEN

    emetteur: str | None = Field(default=None, min_length=1)
    """Issuer that tokens must come from, where it is not the provider's address."""
    personnes: tuple[Personne, ...]

    @model_validator(mode="after")
    def _nobody_twice(self) -> Self:
        for cles in (
            [p.courriel for p in self.personnes if p.courriel],
            [p.sub for p in self.personnes if p.sub],
        ):
            doubles = sorted({cle for cle in cles if cles.count(cle) > 1})
            if doubles:
                raise ValueError(f"« {doubles[0]} » est donné deux fois")
        return self


def normalise(courriel: str) -> str:
    """Write an address in the one form that is compared: ASCII, lower case.

    Letters of other alphabets are refused: some become ASCII ones when their case is folded.

    Raises:
        ValueError: it is no such address.
    """
    ecrit = courriel.lower() if courriel.isascii() else ""
    if not _COURRIEL.match(ecrit):
        raise ValueError(f"« {courriel[:60]!a} » n'est pas une adresse en lettres sans accents")
    return ecrit


def read_habilitations(path: Path) -> Habilitations:
    """Read the file of roles.

    Raises:
        HabilitationsInutilisables: it is missing, anybody may write it, or it is malformed.
    """
    content = _read_trusted(path)
    try:
        # A loader of ours that refuses what PyYAML would let the last one win: a key given twice.
        found = yaml.load(content, Loader=_Strict)  # noqa: S506 - derives from SafeLoader
        return Habilitations.model_validate(found)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise HabilitationsInutilisables(f"{path} n'est pas du YAML lisible") from error
    except ValidationError as error:
        premier = error.errors(include_url=False, include_input=False)[0]
        lieu = ".".join(str(pas) for pas in premier["loc"]) or "le fichier"
        raise HabilitationsInutilisables(
            f"{path} : {lieu} : {premier['msg']} ; il faut « personnes : », une liste de "
            "« courriel » ou « sub », « role » (agent ou gestionnaire) et, si l'on veut, « nom »"
        ) from error


def _read_trusted(path: Path) -> bytes:
    """Read a plain file that only its owner and group may change, nor put another in its place."""
    try:
        dossier = path.parent.stat()
        # A pipe must not hold us waiting for somebody to write in it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise HabilitationsInutilisables(f"{path} ne peut pas être lu") from error
    try:
        # Of what was opened, not of the name: the file cannot be exchanged in between.
        etat = os.fstat(descriptor)
        if not stat.S_ISREG(etat.st_mode):
            raise HabilitationsInutilisables(f"{path} n'est pas un fichier")
        if etat.st_mode & stat.S_IWOTH:
            raise HabilitationsInutilisables(f"tout le monde peut écrire dans {path}")
        if dossier.st_mode & stat.S_IWOTH and not dossier.st_mode & stat.S_ISVTX:
            raise HabilitationsInutilisables(f"tout le monde peut remplacer {path}")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(_TAILLE + 1)
    finally:
        os.close(descriptor)
    if len(content) > _TAILLE:
        raise HabilitationsInutilisables(f"{path} dépasse {_TAILLE} octets")
    return content


class _Strict(yaml.SafeLoader):
    """YAML without keys given twice, and without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are refused")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        cles = [cle.value for cle, _ in node.value]
        if len(cles) != len({str(cle) for cle in cles}):
            raise yaml.YAMLError("a key is given twice")
        return dict(super().construct_mapping(node, deep=deep))
