"""Cut a canonical text into passages: the units that are searched and shown.

A passage is a run of whole blocks of one section (or, for a long paragraph, of whole sentences),
of about 100 tokens: measured, shorter or longer ones rank the right words lower (``docs/``).
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.models import Bloc, DocumentCanonique, Passage
from corpus.places import page_at
from corpus.sentences import split_sentences

TARGET = 350
"""Characters from which a passage is closed at the next boundary (about 80 tokens)."""
MAXIMUM = 700
"""Characters that no passage exceeds unless one sentence or list item does (about 165 tokens)."""
_HEADINGS = ("titre", "question", "encadre")
_LEFT_OUT = ("lien",)
_LISTED = ("element", "ligne_tableau")

Etendue = tuple[int, int]


def cut_passages(document: DocumentCanonique) -> tuple[Passage, ...]:
    """Cut a document into passages, in order; headings go with what they head."""
    return tuple(_passage(document, debut, fin, bloc) for debut, fin, bloc in _spans(document))


def passage_id(document: str, version: str, debut: int, fin: int) -> str:
    """Build the stable identity of a passage: document, stored text version and offsets."""
    return f"{document}@{version}:{debut}-{fin}"


def _passage(document: DocumentCanonique, debut: int, fin: int, bloc: Bloc) -> Passage:
    return Passage(
        id=passage_id(document.fiche.id, document.version, debut, fin),
        document=document.fiche.id,
        version=document.version,
        debut=debut,
        fin=fin,
        texte=document.texte[debut:fin],
        section=bloc.section,
        page=page_at(document, debut),
    )


def _spans(document: DocumentCanonique) -> Iterator[tuple[int, int, Bloc]]:
    """Group blocks of one section, closing at the target length; lists stay with their intro."""
    open_: list[Bloc] = []
    for bloc in document.blocs:
        if bloc.nature in _HEADINGS or bloc.nature in _LEFT_OUT:
            yield from _close(document, open_)
            open_ = []
            continue
        if open_ and _must_close(document, open_, bloc):
            yield from _close(document, open_)
            open_ = []
        open_.append(bloc)
    yield from _close(document, open_)


def _must_close(document: DocumentCanonique, open_: list[Bloc], bloc: Bloc) -> bool:
    start, end = open_[0].debut, open_[-1].fin
    if open_[-1].section != bloc.section or bloc.fin - start > MAXIMUM:
        return True
    if end - start < TARGET:
        # Before a list begins: its introduction leaves with it when both would be too long.
        return _introduces_list(document, bloc) and _list_end(document, bloc) - start > MAXIMUM
    return bloc.introduit_par is None or bloc.fin - start > MAXIMUM


def _introduces_list(document: DocumentCanonique, bloc: Bloc) -> bool:
    following = bloc.numero + 1
    return (
        following < len(document.blocs) and document.blocs[following].introduit_par == bloc.numero
    )


def _list_end(document: DocumentCanonique, bloc: Bloc) -> int:
    end = bloc.fin
    for item in document.blocs[bloc.numero + 1 :]:
        if item.introduit_par != bloc.numero:
            break
        end = item.fin
    return end


def _close(document: DocumentCanonique, blocs: list[Bloc]) -> Iterator[tuple[int, int, Bloc]]:
    if not blocs:
        return
    start, end = blocs[0].debut, blocs[-1].fin
    if end - start <= MAXIMUM or len(blocs) > 1 or blocs[0].nature in _LISTED:
        yield start, end, blocs[0]
        return
    yield from ((a, b, blocs[0]) for a, b in _split_paragraph(document.texte, start, end))


def _split_paragraph(texte: str, debut: int, fin: int) -> Iterator[Etendue]:
    """Cut a long paragraph between sentences into parts of nearly equal length."""
    sentences = split_sentences(texte, debut, fin)
    parts = max(1, round((fin - debut) / TARGET))
    size = (fin - debut) / parts
    start = sentences[0][0]
    for index, (_, end) in enumerate(sentences):
        last = index == len(sentences) - 1
        if last or end - start >= size or sentences[index + 1][1] - start > MAXIMUM:
            yield start, end
            if not last:
                start = sentences[index + 1][0]
