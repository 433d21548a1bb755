"""What is embedded and searched for each passage."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from corpus.models import DocumentCanonique, Passage
from index.lexicon import Lexique
from index.models import Asked, Entry


def passage_entry(passage: Passage, document: DocumentCanonique, lexique: Lexique) -> Entry:
    """Build the searched text of a passage: title › section path › words, abbreviations opened.

    A list item cut from its introduction gets it back here, where it helps to find it.
    """
    path = " › ".join((document.fiche.titre_court, *passage.section))
    introduction = _introduction(passage, document)
    body = f"{introduction} {passage.texte}" if introduction else passage.texte
    long_forms = lexique.abbreviations(f"{path} {body}")
    opened = f" ({', '.join(long_forms)})" if long_forms else ""
    return entry("passage", passage.id, f"{path}. {body}{opened}")


def question_entries(
    asked: Sequence[Asked], passages: Mapping[str, Sequence[Passage]]
) -> tuple[Entry, ...]:
    """Build the entries of ways that people ask, linked to the passages that prove their targets.

    Args:
        asked: what is asked, and the places that prove its target.
        passages: of each document; those of the documents where these places are will do.
    """
    # A card is asked for in a dozen ways, all proved by the same places.
    places = dict.fromkeys(one.spans for one in asked)
    links = {spans: _proving(spans, passages) for spans in places}
    return tuple(
        entry("question", one.target, one.text).model_copy(
            update={"portee": one.portee, "links": links[one.spans]}
        )
        for one in asked
    )


def _proving(
    spans: tuple[tuple[str, int, int], ...], passages: Mapping[str, Sequence[Passage]]
) -> tuple[str, ...]:
    links = dict.fromkeys(
        passage.id
        for document, debut, fin in spans
        for passage in passages.get(document, ())
        if 2 * (min(fin, passage.fin) - max(debut, passage.debut)) >= fin - debut
    )
    return tuple(links)


def entry(kind: str, target: str, searched: str) -> Entry:
    """Build an entry, with the key that says whether it must be embedded again."""
    key = hashlib.sha256(f"{kind}\n{searched}".encode()).hexdigest()[:32]
    return Entry.model_validate({"kind": kind, "target": target, "searched": searched, "key": key})


def _introduction(passage: Passage, document: DocumentCanonique) -> str:
    first = next((b for b in document.blocs if b.debut <= passage.debut < b.fin), None)
    if first is None or first.introduit_par is None:
        return ""
    introduction = document.blocs[first.introduit_par]
    if introduction.debut >= passage.debut or introduction.nature != "paragraphe":
        return ""
    return document.texte[introduction.debut : introduction.fin]
