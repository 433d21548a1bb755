"""``clas citer``: whether quotations are in the texts, word for word."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from assistant.cli_eligibility import DONE, FAILED, UNUSABLE, Add

if TYPE_CHECKING:
    from assistant.verification.texts import Recueil
    from corpus.models import DocumentCanonique

_LUS = 4 * 20_000 + 1
"""Bytes read from the standard input: more is too long whatever its characters are."""


class _Inutilisable(Exception):
    """What was asked for cannot be used; the message says what was found and is accepted."""


def add_citer(add: Add) -> None:
    """Declare the command."""
    parser = add("citer", "Vérifie une citation, ou toutes celles d'une réponse.", _citer)
    parser.add_argument(
        "phrase", help="la phrase, la réponse ou le lien à vérifier ; « - » : l'entrée standard"
    )
    parser.add_argument("--document", metavar="ID", help="dans ce document seulement, comme 004")
    parser.add_argument(
        "--version", metavar="V", help="dans cette version du texte (12 chiffres hexadécimaux)"
    )
    parser.add_argument("--json", action="store_true", help="le résultat en JSON")


def _citer(options: argparse.Namespace) -> int:
    from assistant.configuration import read_configuration
    from assistant.eligibility.errors import ReglesInutilisables
    from assistant.rendering import harmless
    from assistant.verification.checking import check_pasted, with_supports
    from assistant.verification.models import TexteInutilisable
    from assistant.verification.rendering import render
    from assistant.verification.supports import supports_in_service
    from assistant.verification.texts import open_texts
    from corpus.base.store import BaseInutilisable
    from corpus.manifest import ManifesteInutilisable

    configuration = read_configuration()
    try:
        pasted = _pasted(options.phrase)
        recueil = open_texts(configuration)
        found = check_pasted(pasted, recueil, ou=_asked(options, recueil))
        if any(constat.place for constat in found.constats):
            # Rules and cards take longer to open than the texts: only when something was found.
            found = with_supports(found, supports_in_service(configuration))
    except (TexteInutilisable, _Inutilisable) as error:
        return _leave(UNUSABLE, f"clas citer : {error}")
    except (BaseInutilisable, ManifesteInutilisable, ReglesInutilisables) as error:
        return _leave(FAILED, str(error))
    print(harmless(found.model_dump_json(indent=2)) if options.json else render(found))
    return DONE


def _pasted(phrase: str) -> str:
    if phrase != "-":
        return phrase.encode("utf-8", "replace").decode("utf-8")
    content = sys.stdin.buffer.read(_LUS)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(content) == _LUS:
            return content.decode("utf-8", "replace")
        raise _Inutilisable(
            f"l'entrée standard n'est pas en UTF-8 (octet {error.start + 1}) ; "
            "un texte en UTF-8 est attendu."
        ) from error


def _asked(options: argparse.Namespace, recueil: Recueil) -> tuple[DocumentCanonique, ...] | None:
    """The texts that the options name; None: all of them."""
    if options.document is None and options.version is None:
        return None
    known = recueil.documents()
    if options.document is not None and options.document not in known:
        raise _Inutilisable(
            f"--document : « {_shown(options.document)} » inconnu ; documents connus : "
            f"{', '.join(known)}."
        )
    names = known if options.document is None else (options.document,)
    found = tuple(
        document
        for name in names
        if (document := recueil.document(name, options.version)) is not None
    )
    if found:
        return found
    if options.version is None:
        # Out of service: every version of it that is kept.
        kept = (recueil.document(options.document, v) for v in recueil.versions(options.document))
        return tuple(document for document in kept if document is not None)
    versions = ", ".join(f"{name} {v}" for name in names for v in recueil.versions(name))
    raise _Inutilisable(
        f"--version : « {_shown(options.version)} » inconnue ; versions connues : {versions}."
    )


def _shown(value: str) -> str:
    from assistant.rendering import harmless

    return harmless(value.encode("utf-8", "replace").decode("utf-8"))[:40]


def _leave(status: int, message: str) -> int:
    print(message, file=sys.stderr)
    return status
