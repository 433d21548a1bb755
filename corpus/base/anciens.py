"""What the documents of a base were before: the files and texts that another one replaced.

A folder often holds several versions of one text. Whoever brings it again must not see an old one
come back in place of the new one: what a document was before is told by the versions published,
and, for what the draft replaced since, by the journal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from corpus.base.models import EntreeBase, Evenement
from corpus.base.store import Base, BaseInutilisable

_OBJECT: Final = "document "
_TEXT: Final = re.compile(r", texte ([0-9a-f]{12})$")


class Anciens:
    """Files (sha256) and texts (versions) that documents had, by document."""

    def __init__(self) -> None:
        self._had: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, document: str, *names: str) -> None:
        """Remember what a document had."""
        for name in names:
            self._had[name].add(document)

    def document(self, known: Mapping[str, EntreeBase], *names: str) -> EntreeBase | None:
        """The document of a draft that had one of these before, and has none of them now."""
        for name in names:
            for document in sorted(self._had.get(name, ())):
                now = known.get(document)
                if now is not None and not {now.fiche.sha256, now.texte} & {*names}:
                    return now
        return None


def anciens_of(base: Base, known: Mapping[str, EntreeBase]) -> Anciens:
    """What the documents of a draft were before, as far as the base tells it.

    What was in a draft given up never was.
    """
    found, published = Anciens(), set[tuple[str, str]]()
    for version in base.versions():
        for entree in version.documents:
            name = entree.fiche.id
            found.put(name, entree.fiche.sha256, entree.texte)
            published.add((name, entree.texte))
    for name, texte in set(_brought(base.read_journal())) - published:
        now = known.get(name)
        if now is None or now.texte == texte:
            continue
        found.put(name, texte)
        with suppress(BaseInutilisable):
            document = base.read_text(name, texte)
            if document is not None:
                found.put(name, document.fiche.sha256)
    return found


def _brought(events: Iterable[Evenement]) -> Iterator[tuple[str, str]]:
    """Documents and texts brought to the draft, but for those that left it without a version."""
    pending: dict[str, list[str]] = {}
    for event in events:
        name = event.objet.removeprefix(_OBJECT)
        said = _TEXT.search(event.detail)
        if event.action == "ajouter" and said:
            pending.setdefault(name, []).append(said[1])
        elif event.action == "retirer":
            pending.pop(name, None)
        elif event.action == "abandonner":
            pending.clear()
        elif event.action == "publier":
            yield from _pairs(pending)
            pending.clear()
    yield from _pairs(pending)


def _pairs(told: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    return ((name, texte) for name, textes in told.items() for texte in textes)
