"""Units of answer inside a passage: a sentence, or a list with the sentence that introduces it."""

from __future__ import annotations

from pydantic import BaseModel

from corpus.models import FROZEN, Bloc, DocumentCanonique, Passage
from corpus.sentences import split_sentences

_LISTED = ("element", "ligne_tableau")


class Unite(BaseModel):
    """A piece of a text that can be read alone: exactly ``texte[debut:fin]`` of the document.

    A list item also carries the place of its introduction, quoted beside it.
    """

    model_config = FROZEN

    debut: int
    fin: int
    introduction: tuple[int, int] | None = None
    liste: bool = False
    """True for a whole list, introduction included in ``debut:fin``."""


def cut_units(passage: Passage, document: DocumentCanonique) -> tuple[Unite, ...]:
    """Units of a passage, in order: sentences, list items, and each list as a whole."""
    blocs = [b for b in document.blocs if b.debut < passage.fin and b.fin > passage.debut]
    units: list[Unite] = []
    for bloc in blocs:
        if bloc.introduit_par is None:
            debut, fin = max(bloc.debut, passage.debut), min(bloc.fin, passage.fin)
            units += [Unite(debut=a, fin=b) for a, b in split_sentences(document.texte, debut, fin)]
        else:
            units.append(
                Unite(
                    debut=bloc.debut,
                    fin=bloc.fin,
                    introduction=_introduction(bloc, document),
                )
            )
    return (*units, *_lists(blocs, document))


def _introduction(bloc: Bloc, document: DocumentCanonique) -> tuple[int, int] | None:
    """Last sentence of the paragraph that introduces an item; a heading introduces nothing."""
    if bloc.introduit_par is None:
        return None
    introduction = document.blocs[bloc.introduit_par]
    if introduction.nature != "paragraphe":
        return None
    return split_sentences(document.texte, introduction.debut, introduction.fin)[-1]


def _lists(blocs: list[Bloc], document: DocumentCanonique) -> list[Unite]:
    """Whole lists that stand in the passage, from their introducing sentence to their last item."""
    numbers = {b.numero for b in blocs}
    found: list[Unite] = []
    for number in dict.fromkeys(b.introduit_par for b in blocs if b.introduit_par is not None):
        items = [b for b in document.blocs if b.introduit_par == number]
        introduction = document.blocs[number]
        if not {b.numero for b in items} <= numbers or introduction.nature != "paragraphe":
            continue
        if number not in numbers:
            continue
        start = split_sentences(document.texte, introduction.debut, introduction.fin)[-1][0]
        found.append(Unite(debut=start, fin=items[-1].fin, liste=True))
    return found
