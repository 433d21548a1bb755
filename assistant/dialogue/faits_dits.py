"""The facts that a conversation holds or supposes, said back to whoever told them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from assistant.anglais import message_anglais
from assistant.dialogue.cas import Dit
from assistant.dialogue.facts import FaitLu
from assistant.dialogue.memoire import FaitRetenu
from assistant.dialogue.phrases import phrase
from assistant.dialogue.tour import Tour
from assistant.eligibility.report.labels import Libelles


def dire_les_faits(
    dire: Literal["note", "retenu"],
    tour: Tour,
    faits: Sequence[FaitLu | FaitRetenu],
    libelles: Libelles,
) -> str | None:
    """Say that facts are noted, or which are held, with the place and the year; None for none."""
    lieu, annee = tour.situation.departement, tour.situation.annee_scolaire
    cadre = [("departement", lieu), ("annee_scolaire", annee)]
    dites = [_nommer(chemin, valeur, libelles) for chemin, valeur in cadre if valeur]
    dites += [_nommer(f.chemin, f.valeur, libelles) for f in faits if f.chemin != "collectifs"]
    if not dites:
        return None
    if tour.memoire.en_anglais:
        return message_anglais("understood", faits="; ".join(dites))
    return "\n\n".join([phrase(dire, faits=" ; ".join(dites)), phrase("note_suite")])


def en_supposant(dit: Dit, tour: Tour, libelles: Libelles) -> Dit:
    """Say what the answer supposes and the memory does not hold."""
    supposes = [_nommer(f.chemin, f.valeur, libelles) for f in tour.supposes]
    if not supposes or not tour.memoire.faits:
        return dit
    apres = phrase("suppose", faits=" ; ".join(supposes))
    return dit.model_copy(update={"texte": f"{dit.texte}\n\n{apres}"})


def _nommer(chemin: str, valeur: Any, libelles: Libelles) -> str:  # noqa: ANN401 - any fact value
    fait = libelles.fait(chemin)
    return f"{libelles.nom(chemin)} : {libelles.valeur(valeur, fait)}"
