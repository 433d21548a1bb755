"""A record of ``logging`` as a line of JSON, without any word that could be somebody's.

What the program says itself is told as it stands where it quotes nobody. Of what a library says,
and of any exception, a line holds the kind and the place: their words may be those of a question.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final

from assistant.observation.evenements import JOURNAL

RACINE: Final = Path(__file__).resolve().parents[2]
_NOTRE: Final = "clas."
_DITS: Final = frozenset(
    {
        JOURNAL,
        "clas.acces.journal",
        "clas.avis",
        "clas.processus",
        "clas.questions",
        "clas.redacteur",
        "clas.replique",
    }
)
"""Loggers whose sentences quote no question, answer or secret. « clas.acces.journal » alone names
somebody: it is told there that the journal of the texts could not take an act, which would
otherwise be told nowhere."""
_REPLIQUE: Final = "clas.replique"
"""Its sentences say why the store is lost, beside the event itself."""
_LONGUEUR: Final = 500
_LACUNES: Final = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?[sdrafgx]")


class LigneJson(logging.Formatter):
    """Writes each record as one line of JSON.

    ``replique``: name of this replica, on each line.
    """

    def __init__(self, replique: str) -> None:
        super().__init__()
        self._replique = replique

    def format(self, record: logging.LogRecord) -> str:
        """Lay out a record."""
        return json.dumps(self._ligne(record), ensure_ascii=False, default=str)

    def _ligne(self, record: logging.LogRecord) -> dict[str, Any]:
        instant = datetime.fromtimestamp(record.created, UTC)
        ligne: dict[str, Any] = {
            "date": instant.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "niveau": record.levelname,
            "replique": self._replique,
            "journal": record.name,
        }
        evenement = getattr(record, "evenement", None)
        if isinstance(evenement, str):
            ligne["evenement"] = evenement
            ligne |= getattr(record, "champs", {})
            if record.name == _REPLIQUE:
                ligne["message"] = record.getMessage()[:_LONGUEUR]
        elif record.name in _DITS:
            ligne["message"] = record.getMessage()[:_LONGUEUR]
        elif record.name.startswith(_NOTRE):
            ligne["message"] = _LACUNES.sub("…", str(record.msg))[:_LONGUEUR]
        else:
            ligne["ou"] = f"{record.module}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            ligne.setdefault("evenement", "erreur")
            ligne |= {"erreur": type(error).__name__, "ou": lieu(error.__traceback__)}
        return ligne


def lieu(trace: TracebackType | None) -> str:
    """Where an exception comes from: the last line of the program that it went through.

    >>> lieu(None)
    ''
    """
    dernier = notre = ""
    for cadre, numero in walk_tb(trace):
        chemin = Path(cadre.f_code.co_filename)
        dernier = f"{chemin.name}:{numero} {cadre.f_code.co_name}"
        if chemin.is_relative_to(RACINE) and "site-packages" not in chemin.parts:
            notre = f"{chemin.relative_to(RACINE).as_posix()}:{numero} {cadre.f_code.co_name}"
    return notre or dernier
