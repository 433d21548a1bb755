"""The turns of phrase that a rewording may put in place of one another, read from data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from assistant.redacteur.jetons import lire_jetons
from corpus.lecture_yaml import read_yaml

_FICHIER: Final = Path(__file__).with_name("tournures.yaml")
CONTRACTIONS: Final = {
    "au": ("à", "le"), "aux": ("à", "les"), "du": ("de", "le"), "des": ("de", "les"),
    "d'": ("de",), "lorsqu'": ("lorsque",), "qu'": ("que",),
}  # fmt: skip
"""Words that are two, or that an elision shortened."""
Devant = Literal["tout", "infinitif", "rien"]
"""What a turn of phrase may stand before: anything, an infinitive, nothing that it might bound."""
_DEVANT: Final[tuple[tuple[str, Devant], ...]] = (("~inf", "infinitif"), ("~après", "rien"))


class Tournure(NamedTuple):
    """A turn of phrase: its words, and what it is compared by."""

    mots: tuple[str, ...]
    cle: str
    devant: Devant = "tout"


class Tournures(BaseModel):
    """All that may be added or changed; longest first in each list."""

    model_config = ConfigDict(frozen=True)

    liaisons: tuple[Tournure, ...]
    ouvertures: tuple[Tournure, ...]
    annonces: tuple[Tournure, ...]
    groupes: tuple[Tournure, ...]
    circonstances: frozenset[str]
    deplacables: frozenset[str]
    retiennent: frozenset[str]
    portent: frozenset[str]


class _Ecrites(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    liaisons: tuple[str, ...]
    ouvertures: tuple[str, ...]
    annonces: tuple[str, ...]
    groupes: tuple[tuple[str, ...], ...]
    circonstances: frozenset[str]
    deplacables: frozenset[str]
    retiennent: frozenset[str]
    portent: frozenset[str]


@lru_cache(maxsize=1)
def lire_tournures() -> Tournures:
    """Read the turns of phrase.

    Raises:
        ValueError: one stands in two groups.
    """
    ecrites = _lire()
    groupes = [
        Tournure(_mots(_nue(tournure)), f"={_nue(groupe[0])}", _devant(tournure))
        for groupe in ecrites.groupes
        for tournure in groupe
    ]
    if len({g.mots for g in groupes}) < len(groupes):
        raise ValueError("Une tournure est dans deux groupes.")
    return Tournures(
        liaisons=_liste(ecrites.liaisons),
        ouvertures=_liste(ecrites.ouvertures),
        annonces=_liste(ecrites.annonces),
        groupes=tuple(sorted(groupes, key=lambda t: -len(t.mots))),
        circonstances=ecrites.circonstances,
        deplacables=ecrites.deplacables,
        retiennent=ecrites.retiennent,
        portent=ecrites.portent,
    )


def tournures_en_clair() -> str:
    """Lists as a writer is told them."""
    ecrites = _lire()
    groupes = (" = ".join(g) for g in ecrites.groupes if len(g) > 1)
    return "\n".join(
        [
            f"Devant la première phrase : {' | '.join(ecrites.ouvertures)}",
            f"Devant une autre phrase, avec une virgule : {' | '.join(ecrites.liaisons)}",
            f"Entre le nom en gras d'un texte et sa citation : {' | '.join(ecrites.annonces)}",
            "Interchangeables (« ~inf » : devant un infinitif) :",
            *(f"- {groupe.replace(' ~après', '')}" for groupe in groupes),
        ]
    )


def deplier(cles: tuple[str, ...]) -> tuple[str, ...]:
    """Words with contractions opened and elisions undone."""
    return tuple(mot for cle in cles for mot in CONTRACTIONS.get(cle, (cle,)))


def _lire() -> _Ecrites:
    return _Ecrites.model_validate(read_yaml(_FICHIER.read_text(encoding="utf-8")))


def _nue(tournure: str) -> str:
    for signe, _ in _DEVANT:
        tournure = tournure.removesuffix(signe)
    return tournure.strip()


def _devant(tournure: str) -> Devant:
    return next((devant for signe, devant in _DEVANT if tournure.endswith(signe)), "tout")


def _liste(ecrites: tuple[str, ...]) -> tuple[Tournure, ...]:
    lues = (Tournure(_mots(tournure), "") for tournure in ecrites)
    return tuple(sorted(lues, key=lambda t: -len(t.mots)))


def _mots(tournure: str) -> tuple[str, ...]:
    return deplier(tuple(jeton.cle for jeton in lire_jetons(tournure)))
