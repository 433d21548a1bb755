"""Which node holds which départements, as whoever sets the servers up writes it.

``CLAS_FRAGMENTS`` names a YAML file; its passwords are in the environment, never in the file.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from corpus.lecture_yaml import read_yaml
from corpus.magasin.adresse import AdresseMagasin, MagasinMalRegle, adresse_de
from corpus.models import NATIONALE
from corpus.systeme import raison_systeme

FRAGMENTS_VARIABLE: Final = "CLAS_FRAGMENTS"
RESTE: Final = "le reste"
_FROZEN: Final = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Noeud(BaseModel):
    """A node: where it is, and the départements whose texts it alone holds."""

    model_config = _FROZEN

    nom: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    adresse: str | None = None
    """« postgresql://… », without a password; None: the base of ``CLAS_BASE`` itself."""
    mot_de_passe: str | None = None
    """Name of the environment variable that holds it."""
    departements: tuple[str, ...] | Literal["le reste"]


class PlanFragments(BaseModel):
    """All the nodes of a shared store."""

    model_config = _FROZEN

    noeuds: tuple[Noeud, ...] = Field(min_length=1)
    copie_de_secours: bool = True
    """Whether the copy that a replica has of the whole version answers in place of a node that is
    away; else its answers say which départements are missing."""

    @model_validator(mode="after")
    def _each_departement_once(self) -> PlanFragments:
        _once("nom de nœud", (noeud.nom for noeud in self.noeuds))
        _once("adresse", (noeud.adresse for noeud in self.noeuds if noeud.adresse))
        ici = sum(noeud.adresse is None for noeud in self.noeuds)
        if ici != 1:
            raise ValueError(
                f"{ici} nœuds sans « adresse » ; attendu un seul, celui de la base de CLAS_BASE"
            )
        restes = sum(noeud.departements == RESTE for noeud in self.noeuds)
        if restes > 1:
            raise ValueError(f"{restes} nœuds ont « {RESTE} » ; attendu un seul, au plus")
        held = [code for n in self.noeuds if n.departements != RESTE for code in n.departements]
        # Not before there are nodes: the command must not wait for what it does not need.
        from corpus.base.clues import departements  # noqa: PLC0415

        known = departements().keys()
        unknown = sorted(set(held) - known)
        if unknown:
            raise ValueError(
                f"« {unknown[0]} » n'est pas un département ; attendu 01 à 95, 2A, 2B, 971 à 976"
            )
        _once("département", held)
        missing = sorted(known - set(held))
        if missing and not restes:
            raise ValueError(
                f"{len(missing)} départements ne sont sur aucun nœud ({', '.join(missing[:5])}…) ; "
                f"attendu chacun une fois, ou « {RESTE} » pour un nœud"
            )
        return self

    @property
    def ici(self) -> Noeud:
        """The node of the base of ``CLAS_BASE``, which asks the others."""
        return next(noeud for noeud in self.noeuds if noeud.adresse is None)

    @property
    def autres(self) -> tuple[Noeud, ...]:
        """The other nodes."""
        return tuple(noeud for noeud in self.noeuds if noeud.adresse is not None)

    def portees_de(self, noeud: Noeud, portees: Iterable[str]) -> tuple[str, ...]:
        """Départements of some scopes that a node holds, in order."""
        locales = sorted({portee for portee in portees if portee != NATIONALE})
        if noeud.departements != RESTE:
            return tuple(code for code in locales if code in noeud.departements)
        named = {c for n in self.noeuds if n.departements != RESTE for c in n.departements}
        return tuple(code for code in locales if code not in named)


def lire_plan(environment: Mapping[str, str] = os.environ) -> PlanFragments | None:
    """Read the nodes of the shared store; None where ``CLAS_FRAGMENTS`` is not set.

    Raises:
        MagasinMalRegle: it does not name a file of nodes.
    """
    found = environment.get(FRAGMENTS_VARIABLE, "").strip()
    return plan_de(Path(found).expanduser()) if found else None


def plan_de(path: Path) -> PlanFragments:
    """Read a file of nodes.

    Raises:
        MagasinMalRegle: it cannot be read, or a département is on no node, or on two.
    """
    try:
        plan = PlanFragments.model_validate(read_yaml(path.read_text("utf-8")))
    except OSError as error:
        raise _mal(f"{path} ne se lit pas ({raison_systeme(error)})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _mal(f"{path} n'est pas un YAML lisible") from error
    except ValidationError as error:
        raise _mal(f"{path}, {_trouble(error.errors()[0])}") from None
    for noeud in plan.autres:
        _checked(noeud)
    return plan


def adresse_du_noeud(noeud: Noeud, environment: Mapping[str, str] = os.environ) -> AdresseMagasin:
    """Where another node is, with its password.

    Raises:
        MagasinMalRegle: the variable that should hold the password does not.
    """
    adresse = _checked(noeud)
    if noeud.mot_de_passe is None:
        return adresse
    secret = environment.get(noeud.mot_de_passe, "")
    if not secret:
        raise _mal(
            f"nœud « {noeud.nom} » : la variable {noeud.mot_de_passe} ne donne pas de mot de passe"
        )
    return adresse.model_copy(update={"mot_de_passe": SecretStr(secret)})


def _checked(noeud: Noeud) -> AdresseMagasin:
    assert noeud.adresse is not None
    try:
        adresse = adresse_de(noeud.adresse)
    except MagasinMalRegle as error:
        said = str(error).partition(" : ")[2].partition(" ; attendu")[0]
        raise _mal(
            f"nœud « {noeud.nom} » : {said} ; attendu postgresql://utilisateur@machine:port/base"
        ) from None
    if adresse.mot_de_passe is not None:
        raise _mal(
            f"nœud « {noeud.nom} » : un mot de passe est écrit dans le fichier ; nommez plutôt, "
            "sous « mot_de_passe », la variable qui le donne"
        )
    return adresse


def _once(what: str, found: Iterable[str]) -> None:
    twice = [name for name, count in Counter(found).items() if count > 1]
    if twice:
        raise ValueError(f"{what} « {twice[0]} » répété ; attendu une fois")


def _trouble(error: Mapping[str, Any]) -> str:
    place = ".".join(str(step) for step in error["loc"])
    said = {
        "missing": "manque",
        "extra_forbidden": "clé inconnue ; attendu nom, adresse, mot_de_passe, departements",
        "string_type": 'attendu du texte ; un département entre guillemets, comme "01"',
        "string_pattern_mismatch": "attendu une minuscule, puis 30 minuscules, chiffres ou « _ »",
    }
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    default = "attendu « noeuds » : une liste de nœuds, chacun avec nom, adresse et departements"
    return f"{place or 'fichier'} : {said.get(error['type'], default)}"


def _mal(found: str) -> MagasinMalRegle:
    return MagasinMalRegle(f"{FRAGMENTS_VARIABLE} : {found}")
