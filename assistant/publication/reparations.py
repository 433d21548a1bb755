"""Repairs and withdrawals of a draft put together, and taken apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from assistant.publication.apercu import named_withdrawal
from corpus.base.models import Reparation, Retrait


def merged_repairs(
    before: Iterable[Reparation], new: Iterable[Reparation]
) -> tuple[Reparation, ...]:
    """Repairs with new ones: words mended once before are followed to where they now lead.

    Words shown for what is put aside never take the place of words mended.
    """
    kept = {_key(r): r for r in before}
    for repair in new:
        for key, old in kept.items():
            same = (old.document, old.nouveau) == (repair.document, repair.ancien)
            if same and old.montre >= repair.montre and old.archive is None is repair.archive:
                kept[key] = old.model_copy(update={"nouveau": repair.nouveau})
        known = kept.get(_key(repair))
        pour = (*(known.pour if known else ()), *repair.pour)
        kept[_key(repair)] = repair.model_copy(update={"pour": tuple(dict.fromkeys(pour))})
    return tuple(kept.values())


def _key(repair: Reparation) -> tuple[str, str, bool, bool]:
    return repair.document, repair.ancien, repair.montre, repair.archive is not None


def merged_withdrawals(before: Iterable[Retrait], new: Iterable[Retrait]) -> tuple[Retrait, ...]:
    """What is put aside, each once, with the latest reason."""
    kept = {(r.genre, r.nom): r for r in before}
    for retrait in new:
        old = kept.get((retrait.genre, retrait.nom))
        textes = retrait.textes
        if old is not None:
            both = dict.fromkeys((*old.textes, *textes))
            textes = tuple(both) if old.textes and textes else ()
        kept[retrait.genre, retrait.nom] = retrait.model_copy(update={"textes": textes})
    return tuple(kept.values())


def without_shown(
    reparations: Iterable[Reparation],
    back: Iterable[Retrait],
    quoted: Collection[tuple[str, str]] = (),
) -> Iterator[Reparation]:
    """Repairs without the words shown for what is used again.

    Those that do not say what they were made for go too, where it quotes their words.
    """
    names = {named_withdrawal(retrait) for retrait in back}
    for repair in reparations:
        if not repair.pour:
            words = {(repair.document, repair.ancien), (repair.document, repair.nouveau)}
            if not words & {*quoted}:
                yield repair
        elif not repair.montre:
            yield repair
        else:
            left = tuple(item for item in repair.pour if item not in names)
            if left:
                yield repair.model_copy(update={"pour": left})
