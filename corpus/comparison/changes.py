"""What changed between two versions, block by block: the list that a reader goes through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

from pydantic import BaseModel
from rapidfuzz.distance import Indel

from corpus.comparison.alignment import Alignement
from corpus.comparison.reading import Lecture
from corpus.comparison.substance import Marque, changed_marks
from corpus.models import FROZEN, Bloc
from corpus.wording.equivalence import meme_texte
from corpus.wording.flux import lire

NatureChangement = Literal[
    "inchange", "deplace", "remis_en_page", "reformule", "fond", "ajoute", "retire"
]
_TIED: Final = 0.3
"""Share of the words of one of two blocks that must stand in the other for them to be one."""


class Fragment(BaseModel):
    """Some words of one side, the same on the other or not."""

    model_config = FROZEN

    texte: str
    egal: bool


class Changement(BaseModel):
    """What became of one block, or of several that were joined or parted."""

    model_config = FROZEN

    nature: NatureChangement
    deplace: bool
    """Whether it stands elsewhere among the others, whatever else changed."""
    ancien: tuple[int, int] | None
    """Code points in the old text; None for what was added."""
    nouveau: tuple[int, int] | None
    """Code points in the new text; None for what was removed."""
    section: tuple[str, ...]
    page: int | None
    avant: tuple[Fragment, ...] = ()
    apres: tuple[Fragment, ...] = ()
    """Both wordings cut where they differ; empty where no word changed."""
    perdues: tuple[Marque, ...] = ()
    venues: tuple[Marque, ...] = ()


def list_changes(alignement: Alignement) -> tuple[Changement, ...]:
    """Every block of both versions in one list, in the order of the new text.

    What was removed stands where it stood among what stays.
    """
    groups = _groups(alignement)
    found = [_change(alignement, olds, news) for olds, news in groups]
    return tuple(sorted(found, key=_order(found)))


def _groups(alignement: Alignement) -> list[tuple[list[Bloc], list[Bloc]]]:
    """Blocks of one side that share their words with blocks of the other, together."""
    olds = alignement.ancien.document.blocs
    news = alignement.nouveau.document.blocs
    parent = list(range(len(olds) + len(news)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for old, new in _ties(alignement):
        parent[root(len(olds) + new)] = root(old)
    members: dict[int, tuple[list[Bloc], list[Bloc]]] = {}
    for node in range(len(parent)):
        here, there = members.setdefault(root(node), ([], []))
        if node < len(olds):
            here.append(olds[node])
        else:
            there.append(news[node - len(olds)])
    return list(members.values())


def _ties(alignement: Alignement) -> Iterator[tuple[int, int]]:
    here, there = _block_of_words(alignement.ancien), _block_of_words(alignement.nouveau)
    olds, news = Counter(here), Counter(there)
    shared = Counter(
        (here[rank], there[place])
        for rank, place in enumerate(alignement.vers)
        if place is not None
    )
    for (old, new), words in shared.items():
        if words >= _TIED * min(olds[old], news[new]):
            yield old, new


def _block_of_words(read: Lecture) -> list[int]:
    blocs = read.document.blocs
    found: list[int] = []
    number = 0
    for mot in read.mots:
        while number + 1 < len(blocs) and blocs[number + 1].debut <= mot.debut:
            number += 1
        found.append(number)
    return found


def _change(alignement: Alignement, olds: Sequence[Bloc], news: Sequence[Bloc]) -> Changement:
    before, after = alignement.ancien.document.texte, alignement.nouveau.document.texte
    first = (news or olds)[0]
    ancien = (olds[0].debut, olds[-1].fin) if olds else None
    nouveau = (news[0].debut, news[-1].fin) if news else None
    here = "\n".join(before[bloc.debut : bloc.fin] for bloc in olds)
    there = "\n".join(after[bloc.debut : bloc.fin] for bloc in news)
    moved = _moved(alignement, olds)
    plain = Changement(
        nature="inchange",
        deplace=moved,
        ancien=ancien,
        nouveau=nouveau,
        section=first.section,
        page=first.page,
    )
    if not olds or not news:
        nature: NatureChangement = "ajoute" if news else "retire"
        lost, come = changed_marks(here, there)
        return plain.model_copy(update={"nature": nature, "perdues": lost, "venues": come})
    if _same_words(here, there):
        alike = here == there and [_layout(b) for b in olds] == [_layout(b) for b in news]
        nature = "deplace" if moved else "inchange" if alike else "remis_en_page"
        return plain.model_copy(update={"nature": nature})
    lost, come = changed_marks(here, there)
    avant, apres = _fragments(here, there)
    return plain.model_copy(
        update={
            "nature": "fond" if lost or come else "reformule",
            "avant": avant,
            "apres": apres,
            "perdues": lost,
            "venues": come,
        }
    )


def _layout(bloc: Bloc) -> tuple[str, int, tuple[str, ...]]:
    return bloc.nature, bloc.niveau, bloc.section


def _moved(alignement: Alignement, olds: Sequence[Bloc]) -> bool:
    """Whether most words that are left of these blocks are out of order."""
    read = alignement.ancien
    left = [
        rank
        for bloc in olds
        for rank in range(*read.mots_entre(bloc.debut, bloc.fin))
        if alignement.vers[rank] is not None
    ]
    return 2 * sum(rank in alignement.deplaces for rank in left) > len(left)


def _same_words(here: str, there: str) -> bool:
    left, right = lire(here), lire(there)
    return left.glyphes == right.glyphes and (not left.glyphes or meme_texte(left, right, 0))


def _fragments(here: str, there: str) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    """Cut two wordings where they differ, white space kept with the word before."""
    left, right = _pieces(here), _pieces(there)
    avant: list[Fragment] = []
    apres: list[Fragment] = []
    for step in Indel.opcodes([p.strip() for p in left], [p.strip() for p in right]):
        old = "".join(left[step.src_start : step.src_end])
        new = "".join(right[step.dest_start : step.dest_end])
        same = step.tag == "equal"
        if old:
            avant.append(Fragment(texte=old, egal=same))
        if new:
            apres.append(Fragment(texte=new, egal=same))
    return tuple(avant), tuple(apres)


def _pieces(texte: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for place in range(1, len(texte) + 1):
        if place == len(texte) or (texte[place - 1].isspace() and not texte[place].isspace()):
            pieces.append(texte[start:place])
            start = place
    return pieces


def _order(found: Sequence[Changement]) -> Callable[[Changement], tuple[int, int]]:
    """Sort by place in the new text; what was removed follows what stood before it and stays."""
    stays = sorted(
        (change.ancien[0], change.nouveau[0])
        for change in found
        if change.ancien and change.nouveau and not change.deplace
    )

    def key(change: Changement) -> tuple[int, int]:
        if change.nouveau:
            return change.nouveau[0], 0
        place = change.ancien[0] if change.ancien else 0
        before = [new for old, new in stays if old < place]
        return (before[-1] if before else -1), 1 + place

    return key
