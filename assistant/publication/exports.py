"""The journal and the rule book as bytes, for a page that hands them over."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from assistant.configuration import Configuration
from assistant.publication.etat import in_service, open_base
from assistant.verification.exports import export_journal, export_rules


def journal_bytes(configuration: Configuration, forme: str) -> bytes:
    """The audit trail as a file of a format: ``csv`` or ``pdf``.

    Raises:
        ExportInutilisable: another format.
    """
    events = open_base(configuration).read_journal()
    return _written(forme, lambda path: export_journal(events, path))


def rules_bytes(configuration: Configuration, forme: str, jour: date) -> bytes:
    """The rule book in service as a file of a format: ``csv`` or ``pdf``.

    Raises:
        ExportInutilisable: another format.
        BaseInutilisable: a text in service is lost or altered.
        ReglesInutilisables: a quotation of a rule is not in the texts.
    """
    regles, documents = in_service(configuration)
    return _written(forme, lambda path: export_rules(regles, documents, path, jour))


def _written(forme: str, write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{forme}"
        write(path)
        return path.read_bytes()
