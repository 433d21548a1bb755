"""``clas verifier`` and ``clas regles``: the checker on the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.eligibility.rulebook import Regles
    from corpus.models import DocumentCanonique

DONE, FAILED, UNUSABLE = 0, 1, 2
_EXAMPLE = "34"

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]
"""Adds a command: its name, what it does, what runs it."""


def add_eligibility(add: Add) -> None:
    """Declare both commands."""
    check = add("verifier", "Vérifie un projet : éligibilité, montants, corrections.", _check)
    check.add_argument("projet", nargs="?", type=Path, help="fichier JSON, TOML ou YAML")
    check.add_argument("--json", action="store_true", help="le résultat en JSON")
    check.add_argument("--lot", type=Path, metavar="FICHIER", help="projets, un par ligne JSON")
    check.add_argument("--sortie", type=Path, metavar="FICHIER", help="où écrire les résultats")
    check.add_argument(
        "--rapport", type=Path, metavar="FICHIER", help="rapport .pdf, .docx, .html ou .md"
    )
    check.add_argument("--modele", action="store_true", help="écrit un projet vide, commenté")
    check.add_argument(
        "--exemple",
        nargs="?",
        const=_EXAMPLE,
        metavar="CODE",
        help="écrit un projet complet pour un département",
    )
    rules = add("regles", "Montre les règles et d'où elles viennent.", _rules)
    rules.add_argument("--couverture", action="store_true", help="compte les phrases des textes")
    rules.add_argument("--registre", action="store_true", help="liste le registre des phrases")
    rules.add_argument("--json", action="store_true", help="en JSON")
    rules.add_argument(
        "--export", type=Path, metavar="FICHIER", help="livre des règles en service, .csv ou .pdf"
    )


def _check(options: argparse.Namespace) -> int:
    from assistant.configuration import read_configuration
    from assistant.eligibility.errors import (
        EntreeInutilisable,
        ProjetInutilisable,
        ReglesInutilisables,
    )
    from assistant.publication.etat import in_service
    from corpus.base.store import BaseInutilisable

    asked = (options.projet, options.lot, options.modele or None, options.exemple)
    if sum(value is not None for value in asked) != 1 or (
        (options.lot is None) != (options.sortie is None)
    ):
        return _leave(
            UNUSABLE,
            "clas verifier : donnez un fichier de projet, ou --lot FICHIER --sortie FICHIER, "
            "ou --modele, ou --exemple CODE.",
        )
    try:
        regles, documents = in_service(read_configuration())
        return _run_check(options, regles, documents)
    except ProjetInutilisable as error:
        return _leave(UNUSABLE, "\n".join(error.fautes))
    except EntreeInutilisable as error:
        return _leave(UNUSABLE, str(error))
    except (ReglesInutilisables, BaseInutilisable) as error:
        return _leave(FAILED, str(error))


def _run_check(
    options: argparse.Namespace, regles: Regles, documents: Mapping[str, DocumentCanonique]
) -> int:
    from assistant.eligibility.commands import (
        exemple,
        modele_commente,
        verifier_fichier,
        verifier_lot,
    )

    if options.modele:
        print(modele_commente(regles), end="")
    elif options.exemple is not None:
        print(exemple(options.exemple, regles), end="")
    elif options.lot is not None:
        count = verifier_lot(options.lot, options.sortie, regles)
        print(f"{count} projets, résultats dans {options.sortie}.")
    elif options.rapport is not None:
        return _write_report(options, regles, documents)
    else:
        print(verifier_fichier(options.projet, regles, en_json=options.json), end="")
    return DONE


def _write_report(
    options: argparse.Namespace, regles: Regles, documents: Mapping[str, DocumentCanonique]
) -> int:
    from assistant.eligibility.engine.checker import verifier
    from assistant.eligibility.reading import lire_fichier
    from assistant.eligibility.report import (
        RapportInutilisable,
        contexte_rapport,
        ecrire_rapport,
        verifier_chemin,
    )

    try:
        verifier_chemin(options.rapport)
        projet = lire_fichier(options.projet, regles)
        context = contexte_rapport(regles, documents, date.today())  # noqa: DTZ011 - the reader's day
        ecrire_rapport(projet, verifier(projet, regles), context, options.rapport)
    except RapportInutilisable as error:
        return _leave(UNUSABLE, str(error))
    print(f"Rapport écrit dans {options.rapport}.")
    return DONE


def _rules(options: argparse.Namespace) -> int:
    from assistant.eligibility.errors import ReglesInutilisables
    from assistant.eligibility.ledger import RegistreInutilisable
    from assistant.eligibility.listing import (
        Donnees,
        coverage_data,
        ledger_data,
        render_coverage,
        render_ledger,
        render_rules,
        rules_data,
    )

    if options.export is not None:
        return _export_rules(options)
    views: dict[str, tuple[Callable[[], Donnees], Callable[[Donnees], str]]] = {
        "couverture": (coverage_data, render_coverage),
        "registre": (ledger_data, render_ledger),
        "regles": (rules_data, render_rules),
    }
    asked = "couverture" if options.couverture else "registre" if options.registre else "regles"
    read, render = views[asked]
    try:
        data = read()
    except (ReglesInutilisables, RegistreInutilisable) as error:
        return _leave(FAILED, str(error))
    print(json.dumps(data, ensure_ascii=False, indent=2) if options.json else render(data))
    return DONE


def _export_rules(options: argparse.Namespace) -> int:
    from assistant.configuration import read_configuration
    from assistant.eligibility.errors import ReglesInutilisables
    from assistant.publication.etat import in_service
    from assistant.verification.exports import (
        ExportInutilisable,
        check_target,
        export_rules,
    )
    from corpus.base.store import BaseInutilisable

    if options.couverture or options.registre or options.json:
        return _leave(UNUSABLE, "clas regles : --export se donne seul, sans autre option.")
    try:
        check_target(options.export)
        regles, documents = in_service(read_configuration())
        today = date.today()  # noqa: DTZ011 - the reader's day
        count = export_rules(regles, documents, options.export, today)
    except ExportInutilisable as error:
        return _leave(UNUSABLE, f"clas regles, --export : {error}")
    except (ReglesInutilisables, BaseInutilisable) as error:
        return _leave(FAILED, str(error))
    print(f"{count} règles et paramètres écrits dans {options.export}.")
    return DONE


def _leave(status: int, message: str) -> int:
    print(message, file=sys.stderr)
    return status
