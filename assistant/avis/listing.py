"""The marks as a list: what holds, what is to be looked at again, the whole history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from assistant.avis.empreintes import print_of_card
from assistant.avis.models import Avis, Genre, Statut
from assistant.avis.registre import Marques
from assistant.fiches.loading import FichePrete
from assistant.verification.exports import to_csv

Etat = Literal["tient", "a_revoir", "leve", "absente"]
"""``a_revoir``: the card was changed since; ``absente``: it is no longer in service."""

HEURE: Final = ZoneInfo("Europe/Paris")
STATUTS: Final[Mapping[Statut, str]] = {
    "verifie": "vérifié",
    "douteux": "douteux",
    "faux": "faux",
    "leve": "levé",
}
GENRES: Final[Mapping[Genre, str]] = {"fiche": "fiche", "reponse": "réponse"}
ETATS: Final[Mapping[Etat, str]] = {
    "tient": "tient",
    "a_revoir": "à revoir : modifiée depuis",
    "leve": "levé",
    "absente": "à revoir : la fiche n'est plus en service",
}
ENTETES: Final = (
    "Date", "Auteur", "Sur", "Désignation", "Ce qui est jugé", "Avis", "Commentaire", "État",
    "Version des textes",
)  # fmt: skip


class Suivi(NamedTuple):
    """The last mark of a card or an answer, and whether it still holds."""

    avis: Avis
    etat: Etat

    @property
    def a_revoir(self) -> bool:
        """Whether an agent should look at it again."""
        return self.etat in ("a_revoir", "absente")


def follow(marques: Marques, cartes: Mapping[str, FichePrete]) -> tuple[Suivi, ...]:
    """Last mark of each card and answer, the latest first; ``cartes``: those in service, by id."""
    return tuple(
        Suivi(avis, _state(avis, cartes.get(avis.cible)))
        for avis in reversed(tuple(marques.derniers.values()))
    )


def chosen(
    suivis: Iterable[Suivi], statut: Statut | None = None, *, a_revoir: bool = False
) -> tuple[Suivi, ...]:
    """Those of a kind, those to be looked at again."""
    return tuple(
        suivi
        for suivi in suivis
        if (statut is None or suivi.avis.statut == statut) and (suivi.a_revoir or not a_revoir)
    )


def row(suivi: Suivi) -> tuple[str, ...]:
    """A mark as the cells of a table, under ``ENTETES``."""
    return (*history_row(suivi.avis)[:7], ETATS[suivi.etat], suivi.avis.version)


def history_row(avis: Avis) -> tuple[str, ...]:
    """A mark as it was set, whatever became of it."""
    return (
        f"{avis.date.astimezone(HEURE):%d/%m/%Y %H:%M}",
        avis.auteur,
        GENRES[avis.genre],
        named(avis),
        avis.dit,
        STATUTS[avis.statut],
        avis.commentaire,
        "",
        avis.version,
    )


def named(avis: Avis) -> str:
    """A card by its id, an answer by the beginning of its fingerprint."""
    return avis.cible if avis.genre == "fiche" else avis.cible[:12]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows for a spreadsheet, which computes none of them."""
    return to_csv(ENTETES, rows)


def as_json(avis: Iterable[Avis], rows: Iterable[Sequence[str]]) -> str:
    """Write marks for programs, each with its state."""
    told = [a.model_dump(mode="json") | {"etat": r[7]} for a, r in zip(avis, rows, strict=True)]
    return json.dumps(told, ensure_ascii=False, indent=2)


def told(row: Sequence[str]) -> str:
    """A mark in a few lines."""
    date, auteur, genre, nom, dit, statut, commentaire, etat, version = row
    suite = f" ({etat})" if etat and etat != statut else ""
    lines = [f"{genre} {nom} : {statut}{suite}", f"  {date}, {auteur}"]
    lines += [f"  {commentaire}"] if commentaire else []
    lines += [f"  version des textes {version}"] if version else []
    return "\n".join([*lines, f"  « {dit} »"])


def _state(avis: Avis, carte: FichePrete | None) -> Etat:
    if avis.statut == "leve":
        return "leve"
    if avis.genre == "reponse":
        return "tient"
    if carte is None:
        return "absente"
    return "tient" if print_of_card(carte) == avis.empreinte else "a_revoir"
