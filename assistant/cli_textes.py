"""``clas corpus lister`` and ``texte``: the texts that are kept, and nothing changed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from assistant.configuration import Configuration, read_configuration

if TYPE_CHECKING:
    from corpus.base.models import VersionBase

DONE, FAILED, UNUSABLE = 0, 1, 2


def lister(options: argparse.Namespace) -> int:
    """Print the documents in service and what is being prepared, or the versions."""
    from assistant.publication import listing
    from assistant.publication.commandes_version import versions_told

    configuration = read_configuration()
    version = _listed(configuration, options.version)
    if options.json:
        print(listing.as_json(configuration, version))
    elif options.versions:
        print(versions_told(configuration))
    else:
        print(listing.list_documents(version.documents))
        draft = "" if options.version else listing.list_draft(configuration, version)
        if draft:
            print(draft)
    return DONE


def _listed(configuration: Configuration, asked: str | None) -> VersionBase:
    """The version asked for, or the one in service, with a warning where another one is used."""
    from assistant.publication.brouillons import DemandeInutilisable
    from assistant.publication.comparer import version_named
    from assistant.publication.etat import (
        open_base,
        shipped_version,
        version_in_service,
    )
    from index.lexicon import load_lexicon
    from index.storage import open_index

    stored = open_index(configuration.dossier_index, load_lexicon())
    if stored.warning:
        print(stored.warning, file=sys.stderr)
    if asked is None:
        # An index made before there was a base says its documents alone.
        return version_in_service(configuration) or shipped_version(stored.documents)
    base = open_base(configuration)
    found = version_named(base, asked)
    if found is None:
        known = ", ".join(f"{v.numero} ({v.identite})" for v in base.versions())
        raise DemandeInutilisable(
            f"lister, --version : « {asked} » inconnue ; versions : {known or 'aucune'}"
        )
    return found


def texte(options: argparse.Namespace) -> int:
    """Print the text that is kept of a document, to the byte."""
    from assistant.publication.etat import open_base
    from index.storage import current_documents, stored_text

    configuration = read_configuration()
    folder, base = configuration.dossier_index, open_base(configuration)
    text = stored_text(folder, options.document, options.version)
    if text is None and current_documents(folder):
        # Withdrawn documents and old versions stay readable for ever.
        wanted = [options.version] if options.version else base.versions_of(options.document)[:1]
        kept = base.read_text(options.document, wanted[0]) if wanted else None
        text = kept.texte if kept else None
    if text is None:
        return _unknown(options, current_documents(folder))
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
    return DONE


def _unknown(options: argparse.Namespace, known: dict[str, str]) -> int:
    if not known:
        print("L'index n'est pas encore construit : lancez « clas preparer ».", file=sys.stderr)
        return FAILED
    named = ", ".join(f"{name} (version {version})" for name, version in known.items())
    asked = f" en version {options.version}" if options.version else ""
    print(
        f"clas corpus texte : document « {options.document} »{asked} inconnu ; "
        f"documents connus : {named}.",
        file=sys.stderr,
    )
    return UNUSABLE
