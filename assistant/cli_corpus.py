"""``clas corpus``: the texts, and everything that keeps them."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from assistant.cli_textes import lister, texte
from assistant.configuration import read_configuration

DONE, FAILED, UNUSABLE = 0, 1, 2

Run = Callable[[argparse.Namespace], int]
# argparse gives no public name to what add_subparsers returns.
New = Callable[[Any, str, str, Run], argparse.ArgumentParser]
"""Adds a command to some: its name, what it does, what runs it."""

_REFUSED = (
    "Finit par 1 dès qu'un fichier est refusé ; les autres sont ajoutés quand même. Combien de "
    "chaque se dit à la fin."
)
_DRAFT = "assistant.publication.commandes"
_VERSION = "assistant.publication.commandes_version"


def add_corpus(commands: object, new: New) -> None:
    """Declare ``corpus`` and its commands."""
    parser = new(commands, "corpus", "Montre et tient à jour les textes.", lambda _: UNUSABLE)
    inner = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)

    def add(name: str, help_: str, run: Run) -> argparse.ArgumentParser:
        return new(inner, name, help_, _told(name, run))

    _add_reading(add)
    _add_bringing(add)
    _add_deciding(add)
    _add_publishing(add)


Add = Callable[[str, str, Run], argparse.ArgumentParser]


def _add_reading(add: Add) -> None:
    shown = add("lister", "Liste les documents, leur portée et leur validité.", lister)
    shown.add_argument(
        "--version", metavar="V", help="une version de la base (numéro ou empreinte)"
    )
    shown.add_argument("--versions", action="store_true", help="les versions de la base")
    shown.add_argument("--json", action="store_true", help="en JSON")
    text = add("texte", "Écrit le texte conservé d'un document, tel qu'il est cité.", texte)
    text.add_argument("document", metavar="DOCUMENT", help="identifiant du document, comme 004")
    text.add_argument("--version", metavar="V", help="version du texte (12 chiffres hexadécimaux)")
    compared = add(
        "comparer",
        "Montre ce qui change et ce qui s'appuie dessus : le brouillon, ou A et B.",
        _later(_VERSION, "comparer"),
    )
    compared.add_argument(
        "cotes",
        nargs="*",
        metavar="A B",
        help="versions de la base, DOCUMENT[@version] ou fichiers",
    )
    compared.add_argument("--json", action="store_true", help="en JSON")
    compared.add_argument("--html", type=Path, metavar="F", help="écrit aussi une page")
    compared.add_argument(
        "--sans-rejeu", action="store_true", help="ne pose ni questions ni projets au brouillon"
    )
    compared.add_argument(
        "--questions",
        type=Path,
        action="append",
        default=[],
        metavar="F",
        help="questions passées à rejouer aussi, comme pour « demander --lot » (ou CLAS_REJEU)",
    )
    compared.add_argument(
        "--projets",
        type=Path,
        action="append",
        default=[],
        metavar="F",
        help="projets à rejouer aussi, comme pour « verifier --lot »",
    )
    _add_examples(
        compared,
        "clas corpus comparer --html rapport.html",
        "clas corpus comparer --questions questions.jsonl",
        "clas corpus comparer 1 2 ; clas corpus comparer 004 nouvelle-circulaire.pdf",
    )


def _add_bringing(add: Add) -> None:
    bring = add(
        "ajouter",
        "Met des fichiers au brouillon (PDF, DOCX, ODT, HTML, Markdown, texte, dossiers, ZIP).",
        _later(_DRAFT, "ajouter"),
    )
    bring.add_argument(
        "fichiers", nargs="+", type=_place, metavar="FICHIER", help="ce qui est ajouté"
    )
    bring.add_argument(
        "--id", metavar="ID", help="identifiant ; celui d'un document connu le remplace"
    )
    _add_fields(bring)
    bring.add_argument(
        "--nouveau", action="store_true", help="un document nouveau, même s'il en rappelle un autre"
    )
    bring.add_argument("--essai", action="store_true", help="montre la fiche, sans rien garder")
    bring.add_argument(
        "--dask",
        metavar="ADRESSE",
        help="en masse, par les travailleurs de Dask : tcp://machine:port, local ou local:N",
    )
    bring.epilog = _REFUSED
    amend = add("modifier", "Corrige la fiche d'un document.", _later(_DRAFT, "modifier"))
    amend.add_argument("document", metavar="ID", help="le document")
    _add_fields(amend)
    gone = add("retirer", "Retire des documents de ce qui est cherché.", _later(_DRAFT, "retirer"))
    gone.add_argument("documents", nargs="+", metavar="ID", help="les documents")
    gone.add_argument("--raison", metavar="R", help="pourquoi")
    gone.add_argument("--reprendre", action="store_true", help="au contraire, les remet")
    _add_author(gone)
    watch = add(
        "actualiser",
        "Met au brouillon ce qui a changé dans un dossier depuis la dernière fois.",
        _later(_DRAFT, "actualiser"),
    )
    watch.epilog = _REFUSED
    watch.add_argument("dossier", type=_place, metavar="DOSSIER", help="le dossier suivi")
    watch.add_argument(
        "--retirer-absents", action="store_true", help="retire les documents dont le fichier manque"
    )
    watch.add_argument("--publier", action="store_true", help="publie ensuite, si rien ne bloque")
    watch.add_argument("--motif", metavar="M", help="pourquoi cette version")
    _add_author(watch)


def _add_deciding(add: Add) -> None:
    aside = add(
        "ecarter",
        "Met de côté des règles, paramètres ou fiches dont les mots ont changé.",
        _later(_DRAFT, "ecarter"),
    )
    aside.add_argument("noms", nargs="*", metavar="NOM", help="comme « comparer » les nomme")
    aside.add_argument("--tout", action="store_true", help="tout ce qui empêche de publier")
    aside.add_argument("--raison", metavar="R", help="pourquoi ; montrée à qui pose la question")
    aside.add_argument(
        "--reprendre", action="store_true", help="au contraire, les utilise de nouveau"
    )
    _add_author(aside)
    mend = add(
        "reparer",
        "Donne à une citation ses mots dans le nouveau texte.",
        _later(_DRAFT, "reparer"),
    )
    mend.add_argument("document", metavar="ID", help="le document cité")
    mend.add_argument("--ancien", required=True, metavar="MOTS", help="la citation, ou son début")
    mend.add_argument("--nouveau", metavar="MOTS", help="ses mots maintenant ; absents : proposés")
    mend.add_argument(
        "--malgre-le-fond", action="store_true", help="même si un chiffre ou un « doit » a changé"
    )
    _add_author(mend)
    drop = add("abandonner", "Abandonne le brouillon.", _later(_DRAFT, "abandonner"))
    _add_author(drop)


def _place(name: str) -> Path:
    """A path that names something: empty words would name the current folder."""
    if not name.strip():
        raise argparse.ArgumentTypeError("un nom de fichier ou de dossier est attendu, trouvé « »")
    return Path(name)


def _add_publishing(add: Add) -> None:
    publish = add("publier", "Publie le brouillon.", _later(_VERSION, "publier"))
    publish.add_argument("--motif", required=True, metavar="M", help="pourquoi cette version")
    _add_author(publish)
    back = add(
        "revenir", "Remet en service une version publiée avant.", _later(_VERSION, "revenir")
    )
    back.add_argument("version", metavar="VERSION", help="son numéro ou son empreinte")
    back.add_argument("--motif", metavar="M", help="pourquoi y revenir (gardé au journal)")
    _add_author(back)
    add(
        "verifier",
        "Vérifie fichiers, textes, versions, index, citations, brouillon et journal.",
        _later(_VERSION, "verifier"),
    )

    trail = add(
        "journal", "Montre le journal : qui a fait quoi, quand.", _later(_VERSION, "journal")
    )
    trail.add_argument(
        "--export", type=Path, metavar="FICHIER", help="écrit le journal, .csv ou .pdf"
    )
    _add_examples(
        trail,
        "clas corpus journal --export journal.csv",
        "clas regles --export livre.pdf (le livre des règles)",
    )


def _add_examples(parser: argparse.ArgumentParser, *lines: str) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(("exemples :", *(f"  {line}" for line in lines)))


def _add_fields(parser: argparse.ArgumentParser) -> None:
    for option, shown, said in (
        ("--titre", "T", "titre"),
        ("--titre-court", "T", "titre court, montré avec les citations"),
        ("--editeur", "E", "qui le publie"),
        ("--nature", "N", "circulaire, referentiel, page_web, note_de_cadrage…"),
        ("--portee", "P", "nationale, ou le code d'un département"),
        ("--rang", "N", "de 1 (le plus fort) à 9"),
        ("--annee", "A", "année scolaire du texte, comme 2026-2027"),
        ("--premiere-annee", "A", "première année où il vaut"),
        ("--derniere-annee", "A", "dernière année où il vaut ; « aucune » : en vigueur"),
        ("--mise-en-page", "M", "pour un texte brut : docx, pdf, markdown ou web"),
    ):
        parser.add_argument(option, metavar=shown, help=said)
    parser.add_argument(
        "--date", dest="date_publication", metavar="D", help="date de publication, comme 2026-09-01"
    )
    parser.add_argument("--remplace", metavar="ID", help="le document auquel il succède (ou aucun)")
    parser.add_argument("--fiche", type=Path, metavar="F", help="ces champs, dans un fichier YAML")
    _add_author(parser)


def _add_author(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--auteur", metavar="NOM", help="qui agit (ou CLAS_AUTEUR, ou le nom de session)"
    )


def _later(module: str, name: str) -> Run:
    """Import what runs a command when it is run."""

    def run(options: argparse.Namespace) -> int:
        return cast("Run", getattr(importlib.import_module(module), name))(options)

    return run


def _told(name: str, run: Run) -> Run:
    """Run a command; what it refuses is told in French, with the status of the contract."""

    def told(options: argparse.Namespace) -> int:
        with _refusals(name) as status:
            status.append(run(options))
        return status[-1]

    return told


@contextmanager
def _refusals(name: str) -> Iterator[list[int]]:
    from assistant.eligibility.errors import ReglesInutilisables
    from assistant.eligibility.ledger import RegistreInutilisable
    from assistant.fiches.loading import FichesInutilisables
    from assistant.publication.brouillons import (
        ChangementRefuse,
        DemandeInutilisable,
    )
    from assistant.publication.publier import PublicationRefusee
    from assistant.verification.exports import ExportInutilisable
    from corpus.base.store import BaseInutilisable
    from corpus.loading.errors import FichierRefuse
    from corpus.manifest import ManifesteInutilisable
    from index.embedding.errors import ErreurModele
    from index.storage import IndexInutilisable

    status: list[int] = []
    try:
        _follow()
        yield status
    except (DemandeInutilisable, ExportInutilisable) as error:
        # As what is said of options that are not known: which command asks for them.
        _say(f"clas corpus {name} : {error}")
        status.append(UNUSABLE)
    except (
        BaseInutilisable,
        ChangementRefuse,
        ErreurModele,
        FichesInutilisables,
        FichierRefuse,
        IndexInutilisable,
        ManifesteInutilisable,
        PublicationRefusee,
        RegistreInutilisable,
        ReglesInutilisables,
    ) as error:
        said = str(error)
        _say(said[:1].upper() + said[1:])
        status.append(FAILED)


def _follow() -> None:
    """Begin from what is in service in the shared store, where there is one and it answers."""
    from assistant.publication.etat import service_of
    from corpus.base.rangement import BaseAbsente

    service = service_of(read_configuration())
    try:
        if service is not None:
            service.follow()
    except BaseAbsente as error:
        said = str(error)
        _say(f"{said[:1].upper()}{said[1:]} ; voici ce que cette machine en sait.")


def _say(message: str) -> None:
    from assistant.rendering import harmless

    print(harmless(message), file=sys.stderr)
