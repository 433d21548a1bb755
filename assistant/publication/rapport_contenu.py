"""What the report of a draft says, before it is laid out: plain French words, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from rapidfuzz.distance import Indel

from assistant.publication.apercu import Apercu, DocumentCompare
from assistant.revision.appuis import Appui
from assistant.revision.effets import Alerte, Effet
from corpus.comparison.changes import Changement, Fragment, NatureChangement
from corpus.comparison.substance import Marque

ALERTES: dict[Alerte, str] = {
    "disparu": "les mots cités ont disparu",
    "change": "les mots cités ont changé",
    "a_relire": "à relire : la phrase a changé autour des mots cités",
    "deplace": "déplacé",
    "inchange": "inchangé",
}
GENRES = {
    "regle": "règle",
    "parametre": "paramètre",
    "fiche": "fiche de réponse",
    "registre": "registre des normes",
}
_SHOWN: tuple[NatureChangement, ...] = ("fond", "ajoute", "retire", "reformule")
"""Changes shown word for word, most serious first; the others are counted."""
_TITLES = {
    "fond": "Changement de fond",
    "ajoute": "Passage ajouté",
    "retire": "Passage retiré",
    "reformule": "Reformulation",
}
_COUNTED = {
    "deplace": ("passage déplacé sans changement", "passages déplacés sans changement"),
    "remis_en_page": ("passage remis en page seulement", "passages remis en page seulement"),
    "inchange": ("passage inchangé", "passages inchangés"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two wordings side by side, cut where they differ."""

    titre: str
    lieu: str
    valeurs: tuple[str, ...]
    """« 8 → 6 », « doit → peut »: what changed, alone."""
    avant: tuple[Fragment, ...]
    apres: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class PartieDocument:
    """A document whose text changes."""

    titre: str
    resume: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Touche:
    """Words that changed, and everything that quotes these very words."""

    noms: tuple[str, ...]
    alerte: str
    document: str
    valeurs: tuple[str, ...]
    avant: tuple[Fragment, ...]
    apres: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Contenu:
    """Everything that the report says of a draft."""

    resume: tuple[str, ...]
    documents: tuple[PartieDocument, ...]
    touches: tuple[Touche, ...]
    """What rests on words that changed or are gone."""
    bloquants: tuple[str, ...]
    a_relire: tuple[Touche, ...]


def contents_of(apercu: Apercu) -> Contenu:
    """Put a preview in words."""
    titles = {c.document: _title(c) for c in apercu.compares}
    touched = [
        _touched(effet, titles) for effet in apercu.effets if effet.alerte in ("disparu", "change")
    ]
    gone = [_orphan(appui) for appui in apercu.sans_texte]
    again = [_touched(effet, titles) for effet in apercu.effets if effet.alerte == "a_relire"]
    blocking = tuple(
        dict.fromkeys(f"{_named(appui)} (document {appui.document})" for appui in apercu.bloquants)
    )
    return Contenu(
        resume=tuple(_summary(apercu, len({t.noms for t in touched}), blocking)),
        documents=tuple(_document(c) for c in apercu.compares),
        touches=tuple(_together([*touched, *gone])),
        bloquants=blocking,
        a_relire=tuple(_together(again)),
    )


def counted(number: int, one: str, many: str) -> str:
    """« 1 règle », « 3 règles », « aucune … » being left to who calls."""
    return f"{number} {one if number < 2 else many}"  # noqa: PLR2004 - French: 0 and 1 are singular


def differences(ancien: str, nouveau: str) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    """Cut two wordings, word by word, where they differ."""
    left, right = ancien.split(), nouveau.split()
    avant: list[Fragment] = []
    apres: list[Fragment] = []
    for step in Indel.opcodes(left, right):
        old = " ".join(left[step.src_start : step.src_end])
        new = " ".join(right[step.dest_start : step.dest_end])
        same = step.tag == "equal"
        avant += [Fragment(texte=old, egal=same)] if old else []
        apres += [Fragment(texte=new, egal=same)] if new else []
    return tuple(avant), tuple(apres)


def _title(compared: DocumentCompare) -> str:
    old = compared.alignement.ancien.document.fiche
    new = compared.alignement.nouveau.document.fiche
    if old.titre == new.titre:
        return f"{new.titre} ({compared.document})"
    return f"{new.titre} ({compared.document}), à la place de : {old.titre}"


def _summary(apercu: Apercu, touched: int, blocking: Sequence[str]) -> Iterator[str]:
    fond = sum(
        change.nature in ("fond", "ajoute", "retire")
        for compared in apercu.compares
        for change in compared.changements
    )
    changed = counted(len(apercu.compares), "document change", "documents changent")
    yield f"{changed} ; {counted(fond, 'changement de fond', 'changements de fond')}."
    if apercu.ajoutes:
        yield f"Documents ajoutés : {', '.join(apercu.ajoutes)}."
    if apercu.retires:
        yield f"Documents retirés : {', '.join(apercu.retires)}."
    items = counted(touched, "règle, paramètre, fiche ou norme cite", "règles, paramètres, fiches "
                    "ou normes citent")  # fmt: skip
    yield f"{items} des mots qui ont changé."
    if blocking:
        stop = counted(len(blocking), "élément empêche", "éléments empêchent")
        yield f"{stop} de publier : à réparer ou à mettre de côté d'abord."
    else:
        yield "Rien n'empêche de publier."


def _document(compared: DocumentCompare) -> PartieDocument:
    by_nature = {n: [c for c in compared.changements if c.nature == n] for n in _SHOWN}
    counts = [
        counted(number, *words)
        for nature, words in _COUNTED.items()
        if (number := sum(c.nature == nature for c in compared.changements))
    ]
    return PartieDocument(
        titre=_title(compared),
        resume=f"Par ailleurs : {', '.join(counts)}." if counts else "",
        differences=tuple(
            _difference(compared, change) for nature in _SHOWN for change in by_nature[nature]
        ),
    )


def _difference(compared: DocumentCompare, change: Changement) -> Difference:
    avant, apres = change.avant, change.apres
    if change.ancien and not avant:
        words = compared.alignement.ancien.document.texte[slice(*change.ancien)]
        avant = (Fragment(texte=words, egal=False),)
    if change.nouveau and not apres:
        words = compared.alignement.nouveau.document.texte[slice(*change.nouveau)]
        apres = (Fragment(texte=words, egal=False),)
    place = " › ".join(change.section)
    page = f"page {change.page}" if change.page is not None else ""
    title = _TITLES[change.nature] + (", et déplacement" if change.deplace else "")
    return Difference(
        titre=title,
        lieu=", ".join(part for part in (place, page) if part),
        valeurs=tuple(_values(change)),
        avant=avant,
        apres=apres,
    )


def _values(change: Changement) -> Iterator[str]:
    """Pair the marks that went with those that came, kind by kind."""
    if change.nature not in ("fond", "reformule"):
        return
    kinds = dict.fromkeys(mark.genre for mark in (*change.perdues, *change.venues))
    for kind in kinds:
        gone, come = _written(change.perdues, kind), _written(change.venues, kind)
        for old, new in zip_longest(gone, come):
            if old and new:
                yield f"{old} → {new}"
            else:
                yield f"« {old} » n'y est plus" if old else f"« {new} » apparaît"


def _written(marks: Iterable[Marque], kind: str) -> list[str]:
    return [mark.ecrit for mark in marks if mark.genre == kind]


def _touched(effet: Effet, titles: dict[str, str]) -> Touche:
    seen = effet.contexte if effet.alerte == "a_relire" and effet.contexte else effet.devenir
    avant, apres = differences(seen.ancien, seen.nouveau)
    return Touche(
        noms=(_named(effet.appui),),
        alerte=ALERTES[effet.alerte],
        document=titles[effet.appui.document],
        valeurs=tuple(f"{v.ancienne} → {v.nouvelle}" for v in effet.valeurs),
        avant=avant,
        apres=apres,
    )


def _orphan(appui: Appui) -> Touche:
    return Touche(
        noms=(_named(appui),),
        alerte="le document cité est retiré",
        document=appui.document,
        valeurs=(),
        avant=(Fragment(texte=appui.extrait, egal=False),),
        apres=(),
    )


def _together(touched: Iterable[Touche]) -> Iterator[Touche]:
    """Show the same words once, with all that quotes them."""
    found: dict[Touche, dict[str, None]] = {}
    for item in touched:
        found.setdefault(replace(item, noms=()), {}).update(dict.fromkeys(item.noms))
    for words, names in found.items():
        yield replace(words, noms=tuple(names))


def _named(appui: Appui) -> str:
    kind = GENRES[appui.genre]
    return f"{kind} « {appui.nom.removeprefix(f'{kind} ')} »"
