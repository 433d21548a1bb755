"""``clas corpus``: the commands that compare, publish, go back and check."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from assistant.configuration import Configuration, read_configuration
from assistant.publication.auteur import author, reason
from assistant.publication.barre import bar
from assistant.publication.brouillons import ChangementRefuse, DemandeInutilisable, state_of
from assistant.publication.comparaison import Rapport
from assistant.publication.comparaison_texte import render
from assistant.publication.comparer import compare_draft, compare_two, version_named
from assistant.publication.etat import open_base, version_in_service
from assistant.publication.publier import go_back, look, publish
from assistant.publication.rapport import report_html
from assistant.publication.rejeu_brouillon import replay_draft
from assistant.publication.verification import check_all, checked
from assistant.rendering import harmless
from assistant.verification.exports import export_journal
from corpus.base.models import VersionBase
from corpus.files import write_atomically

DONE, FAILED = 0, 1
_TWO = 2


def comparer(options: argparse.Namespace) -> int:
    """Say what changed, and what rests on it."""
    configuration = read_configuration()
    if len(options.cotes) not in (0, _TWO):
        raise DemandeInutilisable(
            "donnez deux versions, textes ou fichiers ; ou rien, pour le brouillon"
        )
    if options.cotes and (options.questions or options.projets):
        raise DemandeInutilisable("--questions et --projets rejouent le brouillon seul")
    if options.cotes:
        report = compare_two(configuration, *options.cotes)
    else:
        report = _draft_report(configuration, options)
    page: Path | None = options.html
    if page is not None:
        write_atomically(page, [report_html(report).encode("utf-8")])
        print(f"Comparaison écrite dans {page}.", file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(report.model_dump_json(indent=2))
    elif page is None:
        print(render(report, colours=sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    return DONE


def _draft_report(configuration: Configuration, options: argparse.Namespace) -> Rapport:
    """The draft compared, and replayed unless that is not asked for or cannot be done yet."""
    seen = look(configuration)
    report = compare_draft(configuration, seen)
    if options.sans_rejeu:
        return report
    if report.bloquants:
        print(
            "Questions et projets ne sont pas rejoués : ils le seront quand plus rien n'empêchera "
            "de publier.",
            file=sys.stderr,
        )
        return report
    with bar("Questions et projets rejoués") as advance:
        rejeu = replay_draft(
            configuration,
            questions=options.questions,
            projets=options.projets,
            vu=seen,
            advance=advance,
        )
    return report.model_copy(update={"rejeu": rejeu})


def journal(options: argparse.Namespace) -> int:
    """Show the journal, or write it to a file."""
    events = open_base(read_configuration()).read_journal()
    if options.export is not None:
        count = export_journal(events, options.export)
        print(f"{count} action(s) écrite(s) dans {harmless(str(options.export))}.")
        return DONE
    for event in events:
        detail = f" : {event.detail}" if event.detail else ""
        said = f"{event.date:%Y-%m-%d %H:%M}  {event.auteur}  {event.action}  {event.objet}{detail}"
        print(harmless(said))
    if not events:
        print("Le journal est vide.")
    return DONE


def publier(options: argparse.Namespace) -> int:
    """Publish the draft."""
    configuration, who = read_configuration(), author(options.auteur)
    motif = reason(options.motif, "--motif", 500)
    state = state_of(configuration)
    if not state.nouveau and not state.change:
        raise ChangementRefuse(
            "Le brouillon ne change rien à la version en service : il n'y a rien à publier."
        )
    publish_draft(configuration, who, motif)
    return DONE


def publish_draft(configuration: Configuration, who: str, motif: str) -> None:
    """Publish the draft, told step by step."""
    with bar("Vectorisation des passages") as advance:
        version = publish(configuration, who, motif, annonce=print, advance=advance)
    print(
        f"Version {version.numero} ({version.identite}) en service. Pour revenir : "
        f"« clas corpus revenir {version.parent} »."
    )


def revenir(options: argparse.Namespace) -> int:
    """Answer from a version published before, again."""
    configuration, who = read_configuration(), author(options.auteur)
    motif = reason(options.motif, "--motif", 500) if options.motif is not None else None
    base = open_base(configuration)
    version = version_named(base, options.version)
    if version is None:
        known = ", ".join(f"{v.numero} ({v.identite})" for v in base.versions())
        raise DemandeInutilisable(
            f"version « {options.version} » inconnue ; versions : {known or 'aucune'}"
        )
    current = version_in_service(configuration)
    if current is not None and current.identite == version.identite:
        print(f"La version {version.numero} est déjà en service.")
        return DONE
    with bar("Vectorisation des passages") as advance:
        go_back(configuration, version.identite, who, print, advance, motif=motif)
    print(f"Version {version.numero} ({version.identite}) de nouveau en service.")
    if base.read_draft() is not None:
        print("Le brouillon avait été préparé sur une autre version : abandonnez-le.")
    return DONE


def verifier(_: argparse.Namespace) -> int:
    """Check everything that the base keeps."""
    configuration = read_configuration()
    with bar("Vérification") as advance:
        troubles = check_all(configuration, advance)
    for trouble in troubles:
        print(harmless(f"{trouble.ou} : {trouble.quoi} → {trouble.remede}"))
    print(f"Vérifiés : {checked(open_base(configuration))}, l'index et les citations en service.")
    if troubles:
        print(f"{len(troubles)} anomalie(s).", file=sys.stderr)
        return FAILED
    print("Tout est en ordre.")
    return DONE


def versions_told(configuration: Configuration) -> str:
    """Versions of the base, latest first: number, identity, date, author, reason."""
    current = version_in_service(configuration)
    named = current.identite if current else None
    return "\n".join(
        harmless(_version_line(v, served=v.identite == named))
        for v in open_base(configuration).versions()
    )


def _version_line(version: VersionBase, *, served: bool) -> str:
    day = version.date.strftime("%Y-%m-%d %H:%M") if version.date else "–"
    mark = "*" if served else " "
    return (
        f"{mark} {version.numero:>3}  {version.identite}  {day:<16}  {version.auteur}  "
        f"{version.motif}"
    )
