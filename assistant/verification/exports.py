"""The rule book and the audit trail as files: CSV for a spreadsheet, PDF to read and to keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from assistant.eligibility import Regles
from assistant.models import Citation
from assistant.rendering import harmless
from assistant.verification.printing import Article, BlocImprime, CitationImprimee, Imprime, en_pdf
from assistant.verification.rulebook import Clause, RegleDuLivre, named_scope, rule_book
from corpus.base.models import Evenement
from corpus.files import write_atomically
from corpus.models import DocumentCanonique

FORMATS: Final = ("csv", "pdf")
_FORMULE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell instead of showing it."""
_BOM: Final = "\ufeff"

_ENTETES_REGLES: Final = (
    "portée", "sorte", "code", "titre", "mise de côté", "cas", "statut", "ce qu'elle dit",
    "à partir de", "jusqu'à", "lecture", "document", "titre du document", "version", "section",
    "page", "début", "fin", "citation",
)  # fmt: skip
_ENTETES_JOURNAL: Final = ("date", "auteur", "action", "objet", "détail")


class ExportInutilisable(ValueError):
    """The file asked for cannot hold an export; the message says what is accepted."""


def check_target(path: Path, formats: Sequence[str] = FORMATS) -> str:
    """Return the format of a file to write.

    Raises:
        ExportInutilisable: its suffix is not of these formats, or its folder does not exist.
    """
    known = path.suffix.lower().removeprefix(".")
    if known not in formats:
        raise ExportInutilisable(
            f"« {harmless(path.name)} » : format d'export inconnu ; formats acceptés : "
            f"{', '.join(f'.{f}' for f in formats)}."
        )
    if not path.absolute().parent.is_dir():
        raise ExportInutilisable(f"« {harmless(str(path.parent))} » : ce dossier n'existe pas.")
    return known


def export_rules(
    regles: Regles, documents: Mapping[str, DocumentCanonique], path: Path, jour: date
) -> int:
    """Write the rule book; return how many rules it holds.

    Raises:
        ExportInutilisable: the file cannot hold it.
        ReglesInutilisables: a quotation of a rule is not in the texts.
        OSError: the file cannot be written.
    """
    known = check_target(path)
    livre = rule_book(regles, documents)
    if known == "csv":
        lignes = [ligne for regle in livre for ligne in _rows(regle)]
        content = to_csv(_ENTETES_REGLES, lignes)
    else:
        content = en_pdf(_printed(livre, jour))
    write_atomically(path, [content])
    return len(livre)


def export_journal(events: Iterable[Evenement], path: Path) -> int:
    """Write the audit trail, in its order; return how many events it holds.

    Raises:
        ExportInutilisable: the file cannot hold it.
        OSError: the file cannot be written.
    """
    known = check_target(path)
    lus = tuple(events)
    if known == "csv":
        lignes = [(e.date.isoformat(), e.auteur, e.action, e.objet, e.detail) for e in lus]
        content = to_csv(_ENTETES_JOURNAL, lignes)
    else:
        content = en_pdf(_printed_journal(lus))
    write_atomically(path, [content])
    return len(lus)


def to_csv(entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> bytes:
    """Write a table for a spreadsheet: UTF-8 with its mark, « ; », and no cell that is computed.

    A cell that begins as a formula does is preceded by an apostrophe.
    """
    texte = io.StringIO(newline="")
    plume = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    plume.writerow(entetes)
    plume.writerows([_cell(cellule) for cellule in ligne] for ligne in lignes)
    return (_BOM + texte.getvalue()).encode("utf-8", "replace")


def _cell(valeur: str) -> str:
    # Judged as it was written, before a control character that leads becomes a space.
    nue = valeur.lstrip(" ")
    propre = harmless(valeur)
    return f"'{propre}" if nue.startswith(_FORMULE) else propre


def _rows(regle: RegleDuLivre) -> Iterable[Sequence[str]]:
    for clause in regle.clauses:
        for citation in clause.citations or (None,):
            yield (
                named_scope(regle.portee),
                regle.sorte,
                regle.code,
                regle.titre,
                regle.ecartee,
                clause.cas,
                clause.statut,
                clause.dit,
                clause.du,
                clause.au,
                clause.lecture,
                *_cited(citation),
            )


def _cited(citation: Citation | None) -> tuple[str, ...]:
    if citation is None:
        return ("",) * 8
    return (
        citation.document,
        citation.titre,
        citation.version,
        citation.section or "",
        "" if citation.page is None else str(citation.page),
        str(citation.debut),
        str(citation.fin),
        citation.extrait,
    )


def _printed(livre: Sequence[RegleDuLivre], jour: date) -> Imprime:
    return Imprime(
        titre="Livre des règles",
        chapeau=f"{len(livre)} règles et paramètres, avec les mots des textes sur lesquels ils "
        f"s'appuient, au {jour:%d/%m/%Y}.",
        jour=jour,
        articles=tuple(
            Article(
                titre=f"{regle.sorte.capitalize()} {regle.code} – {named_scope(regle.portee)}",
                note=_note(regle),
                blocs=tuple(_printed_clause(clause) for clause in regle.clauses),
            )
            for regle in livre
        ),
    )


def _note(regle: RegleDuLivre) -> str:
    mise_de_cote = f"Mise de côté : {regle.ecartee}" if regle.ecartee else ""
    return " – ".join(part for part in (regle.titre, mise_de_cote) if part)


def _printed_clause(clause: Clause) -> BlocImprime:
    annees = " à ".join(a for a in (clause.du, clause.au) if a)
    tete = " – ".join(part for part in (clause.cas, clause.statut, annees) if part)
    return BlocImprime(
        tete=tete,
        texte=clause.dit,
        note=clause.lecture,
        citations=tuple(
            CitationImprimee(extrait=c.extrait, source=_source(c)) for c in clause.citations
        ),
    )


def _source(citation: Citation) -> str:
    dits = [citation.titre]
    dits += [citation.section] if citation.section else []
    dits += [f"page {citation.page}"] if citation.page is not None else []
    place = f"document {citation.document}, version {citation.version}"
    return " – ".join([*dits, f"{place}, {citation.debut} à {citation.fin}"])


def _printed_journal(events: Sequence[Evenement]) -> Imprime:
    dates = [event.date for event in events]
    jour = (max(dates) if dates else datetime(1970, 1, 1, tzinfo=UTC)).date()
    return Imprime(
        titre="Journal de la base documentaire",
        chapeau=f"{len(events)} actions, de la plus ancienne à la plus récente.",
        jour=jour,
        entetes=_ENTETES_JOURNAL,
        lignes=tuple(
            (f"{e.date:%d/%m/%Y %H:%M}", e.auteur, e.action, e.objet, e.detail) for e in events
        ),
    )
