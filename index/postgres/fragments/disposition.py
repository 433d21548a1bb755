"""How a version is laid out over the nodes: kept with the version, in ``fragments.json``.

What a node holds is never changed under its name: its name there says all that it is made of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from corpus.models import NATIONALE
from index.postgres.contents import Share, scopes_of, whole
from index.postgres.fragments.plan import Noeud, PlanFragments
from index.stored import StoredIndex

FILE: Final = "fragments.json"
_NODE_FILE: Final = "fragment.json"
_FROZEN: Final = ConfigDict(frozen=True, extra="forbid")


class Part(BaseModel):
    """What another node holds of a version, beside the national passages."""

    model_config = _FROZEN

    noeud: str
    version: str
    """Name of what it holds, there."""
    portees: tuple[str, ...]
    """Départements that it alone holds."""
    sceau: str
    """Seal of what it holds."""


class Disposition(BaseModel):
    """Where the passages of each département of a version are."""

    model_config = _FROZEN

    ici: str
    """Name of the node that asks the others, and holds what they do not."""
    parts: tuple[Part, ...]


class _Fragment(BaseModel):
    """What a node knows of what it holds."""

    model_config = _FROZEN

    index: str
    """The version that it is a part of."""
    noeud: str
    portees: tuple[str, ...]


def share_of(stored: StoredIndex, plan: PlanFragments, noeud: Noeud) -> tuple[Share, Part]:
    """What another node is to hold of a version; the part that it is, not sealed yet."""
    portees = plan.portees_de(noeud, scopes_of(stored))
    fragment = _Fragment(index=stored.info.version, noeud=noeud.nom, portees=portees)
    described = fragment.model_dump_json().encode()
    name = hashlib.sha256(described).hexdigest()[:12]
    held = frozenset({NATIONALE, *portees})
    share = Share(name, held, {_NODE_FILE: described}, asked=False)
    return share, Part(noeud=noeud.nom, version=name, portees=portees, sceau="")


def passages_in(stored: StoredIndex, part: Part) -> int:
    """How many passages of a version another node holds, the national ones among them."""
    held = {NATIONALE, *part.portees}
    return sum(portee in held for portee in scopes_of(stored))


def share_here(stored: StoredIndex, disposition: Disposition) -> Share:
    """What the node that asks the others is to hold: all that they do not, and what is small."""
    full = whole(stored)
    elsewhere = {portee for part in disposition.parts for portee in part.portees}
    files = {**full.files, FILE: disposition.model_dump_json().encode()}
    return Share(full.nom, full.portees - elsewhere, files)


def disposition_in(files: Mapping[str, bytes]) -> Disposition | None:
    """How a version is laid out; None for one that one base holds whole."""
    content = files.get(FILE)
    return None if content is None else Disposition.model_validate_json(content)
