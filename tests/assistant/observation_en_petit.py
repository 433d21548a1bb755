"""What tests of observation share: an observer that is asked for, and what it tells."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.etapes import suivre
from assistant.models import Question
from assistant.observation.chronometre import Chronometre
from assistant.observation.journal import Prise
from assistant.observation.lignes import LigneJson
from assistant.observation.mesure import Mesure, mesure_de


@contextmanager
def journal_pris() -> Iterator[io.StringIO]:
    """Every logger of this process, taken over for a while."""
    ecrit = io.StringIO()
    sortie = logging.StreamHandler(ecrit)
    sortie.setFormatter(LigneJson("essai:1"))
    prise = Prise(sortie)
    prise.prendre()
    try:
        yield ecrit
    finally:
        prise.rendre()


def lignes(ecrit: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(ligne) for ligne in ecrit.getvalue().splitlines()]


def mesurer(assistant: Conseiller, texte: str, departement: str | None = None) -> Mesure:
    """Ask as a page does."""
    chronometre = Chronometre()
    demande = Question(id="1", departement=departement, date="2025-11-03")
    with suivre(chronometre):
        echange = assistant.echanger(demande, texte, Memoire())
    return mesure_de(
        echange, assistant, chronometre.arreter(), departement_connu=departement is not None
    )
