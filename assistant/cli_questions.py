"""``clas questions``: what people asked, as the page kept it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli_eligibility import DONE, FAILED, UNUSABLE
from assistant.configuration import ReglageInutilisable, read_configuration, read_log_settings
from assistant.phrase import phrase

if TYPE_CHECKING:
    from datetime import date

    from assistant.questions_posees.models import Filtres
    from assistant.questions_posees.registre import Registre

Run = Callable[[argparse.Namespace], int]
# argparse gives no public name to what add_subparsers returns.
New = Callable[[Any, str, str, Run], argparse.ArgumentParser]
"""Adds a command to some: its name, what it does, what runs it."""
_VUES = ("tout", "a_regarder", "sans_reponse", "pas_utile", "utile", "commentees")
_TYPES = ("reponse", "eligibilite", "precision", "hors_corpus", "refusee")
_FORMATS = ("csv", "jsonl")
_MOST = 1_000
_PATIENCE = 10.0
"""Seconds that a command waits for the page to have written."""


class _Inutilisable(Exception):
    """What was asked for cannot be used; the message says what was found and is accepted."""


def add_questions(commands: object, new: New) -> None:
    """Declare ``questions`` and its commands."""
    parser = new(commands, "questions", "Questions posées sur la page.", lambda _: UNUSABLE)
    inner = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    listed = new(inner, "lister", "Liste les questions posées, à regarder d'abord.", _told(_list))
    _add_filters(listed)
    listed.add_argument(
        "--limite", type=int, default=50, metavar="N", help=f"combien, de 1 à {_MOST} (50)"
    )
    listed.add_argument("--json", action="store_true", help="en JSON, en entier")
    exported = new(
        inner, "exporter", "Écrit les questions posées, à lire ou à rejouer.", _told(_export)
    )
    exported.add_argument(
        "fichier",
        type=Path,
        metavar="FICHIER",
        help="un tableau .csv, ou .jsonl : des questions à rejouer (corpus comparer --questions)",
    )
    _add_filters(exported)
    purged = new(
        inner, "purger", "Efface pour de bon ce qui a passé la durée gardée.", _told(_purge)
    )
    purged.add_argument("--tout", action="store_true", help="efface tout, quelle que soit la date")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--vue", choices=_VUES, default="tout", help="lesquelles")
    parser.add_argument("--type", choices=_TYPES, help="celles qui ont eu cette suite")
    parser.add_argument("--departement", metavar="CODE", help="posées pour ce département")
    parser.add_argument("--du", metavar="JOUR", help="à partir de ce jour, comme 2026-03-12")
    parser.add_argument("--au", metavar="JOUR", help="jusqu'à ce jour compris")
    parser.add_argument("--mots", metavar="MOTS", default="", help="qui ont tous ces mots")


def _told(run: Callable[[argparse.Namespace, Registre], int]) -> Run:
    """Run a command; what it refuses is told in French, with the status of the contract."""

    def told(options: argparse.Namespace) -> int:
        from assistant.questions_posees.models import QuestionsInutilisables

        try:
            return run(options, _registre())
        except (_Inutilisable, ReglageInutilisable) as error:
            return _leave(UNUSABLE, f"clas questions : {error}.")
        except QuestionsInutilisables as error:
            return _leave(FAILED, phrase(error))

    return told


def _registre() -> Registre:
    """The log, wherever the environment says that it is."""
    from assistant.questions_posees.registre import Registre

    jours = read_log_settings().jours
    configuration = read_configuration()
    if configuration.magasin is None:
        return Registre(configuration.dossier_questions, jours, patience=_PATIENCE)
    from assistant.magasin import magasin_de_commande

    magasin = magasin_de_commande(configuration.magasin)
    from assistant.questions_posees.partage import Delais, Partage

    return Registre(Partage(magasin, Delais(ecrire=30, lire=30, effacer=300)), jours)


def _list(options: argparse.Namespace, registre: Registre) -> int:
    from assistant.questions_posees import listing

    if not 1 <= options.limite <= _MOST:
        raise _Inutilisable(f"lister, --limite : {options.limite} ; attendu de 1 à {_MOST}")
    filtres = _filters(options, "lister")
    lecture = registre.lister(filtres, options.limite)
    if options.json:
        print(listing.as_json(lecture.lignes))
    else:
        said = [listing.told(ligne) for ligne in lecture.lignes]
        print("\n\n".join([*said, listing.counted(registre.compter(filtres))]))
    if lecture.abimees:
        numeros = ", ".join(map(str, lecture.abimees))
        return _leave(FAILED, f"Échanges abîmés, qui ne peuvent plus être lus : {numeros}.")
    return DONE


def _export(options: argparse.Namespace, registre: Registre) -> int:
    from assistant.questions_posees import listing
    from assistant.questions_posees.models import Filtres
    from assistant.questions_posees.rejeu import as_jsonl, as_questions
    from assistant.verification.exports import ExportInutilisable, check_target
    from corpus.files import write_atomically

    target = options.fichier
    try:
        kind = check_target(target, _FORMATS)
    except ExportInutilisable as error:
        raise _Inutilisable(f"exporter : {str(error).rstrip('.')}") from error
    lignes = listing.everything(registre, _filters(options, "exporter"))
    if kind == "csv":
        count, content = len(lignes), listing.as_csv(lignes)
    else:
        questions = as_questions(lignes, listing.everything(registre, Filtres()))
        count, content = len(questions), as_jsonl(questions)
    write_atomically(target, [content])
    print(f"{count} question(s) dans {target}.")
    return DONE


def _purge(options: argparse.Namespace, registre: Registre) -> int:
    from assistant.questions_posees.envois import Attente

    # What waits on this machine for the store would come back to it.
    attente = Attente(read_configuration().dossier_questions, _PATIENCE)
    count = attente.purger(None if options.tout else registre.limite())
    for tenu in (registre, *_avant(registre)):
        count += tenu.vider() if options.tout else tenu.purger()
    reste = "" if options.tout else f" ; la durée gardée est de {registre.jours} jours"
    print(f"{count} question(s) effacée(s){reste}.")
    return DONE


def _avant(registre: Registre) -> tuple[Registre, ...]:
    """What this machine kept before its log was in a shared store."""
    configuration = read_configuration()
    if configuration.magasin is None:
        return ()
    return (type(registre)(configuration.dossier_questions, registre.jours, patience=_PATIENCE),)


def _filters(options: argparse.Namespace, command: str) -> Filtres:
    from assistant.lot import EntreeInutilisable, check_departement
    from assistant.questions_posees.models import Filtres

    try:
        check_departement(options.departement, f"{command}, --departement")
    except EntreeInutilisable as error:
        raise _Inutilisable(str(error).rstrip(".")) from error
    return Filtres(
        vue=options.vue,
        type=options.type,
        departement=options.departement,
        du=_day(options.du, f"{command}, --du"),
        au=_day(options.au, f"{command}, --au"),
        mots=options.mots.encode("utf-8", "replace").decode("utf-8")[:200],
    )


def _day(written: str | None, where: str) -> date | None:
    from assistant.questions_posees.listing import day

    if written is None:
        return None
    try:
        return day(written)
    except ValueError as error:
        said = written.encode("utf-8", "replace").decode("utf-8")[:40]
        raise _Inutilisable(f"{where} : « {said} » ; attendu un jour, comme 2026-03-12") from error


def _leave(status: int, message: str) -> int:
    print(message, file=sys.stderr)
    return status
