"""What publishing a draft would change: texts, and all that rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from assistant.eligibility.ledger import lire_registre
from assistant.eligibility.revision import element_de
from assistant.publication.etat import Contenu
from assistant.quotation import Localisation, Refus, Verificateur
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import Effet, effects
from corpus.base.models import Archive, Brouillon, GenreRetire, Reparation, Retrait
from corpus.comparison.alignment import Alignement, align
from corpus.comparison.changes import Changement, list_changes
from corpus.models import DocumentCanonique

_SERVED: Final = ("regle", "parametre", "fiche")
_CASE: Final = ", cas "


@dataclass(frozen=True, slots=True)
class DocumentCompare:
    """A document whose text changes."""

    document: str
    alignement: Alignement
    changements: tuple[Changement, ...]
    effets: tuple[Effet, ...]


@dataclass(frozen=True, slots=True)
class Apercu:
    """What a draft would change, before it is published."""

    compares: tuple[DocumentCompare, ...]
    ajoutes: tuple[str, ...]
    retires: tuple[str, ...]
    sans_texte: tuple[Appui, ...]
    """What rests on a document that is withdrawn."""
    bloquants: tuple[Appui, ...]
    """What would be served with words that the texts no longer say: publishing is refused until
    each is mended or put aside."""
    partis: Mapping[str, DocumentCanonique] = field(default_factory=dict)
    """Texts of the documents that are withdrawn, as they are in service."""
    succedes: tuple[DocumentCompare, ...] = ()
    """Documents that another comes after, compared with it: what they alone still say would be
    taken for what holds now."""

    @property
    def effets(self) -> tuple[Effet, ...]:
        """Effects over all the documents."""
        return tuple(effet for compared in self.compares for effet in compared.effets)


def preview(
    en_service: Contenu, brouillon: Brouillon, documents: Mapping[str, DocumentCanonique]
) -> Apercu:
    """Compare a draft with the version in service.

    Args:
        en_service: the version in service.
        brouillon: the draft upon it.
        documents: the draft's documents in service, by id.
    """
    appuis = list_supports(
        en_service.documents, en_service.regles, en_service.fiches, lire_registre()
    )
    compares = tuple(
        _compare(old, documents[name], appuis)
        for name, old in en_service.documents.items()
        if name in documents and documents[name].version != old.version
    )
    partis = {name: d for name, d in en_service.documents.items() if name not in documents}
    orphans = tuple(
        a
        for a in appuis
        if a.genre in _SERVED and a.document in partis and a.version == partis[a.document].version
    )
    succedes = tuple(_successions(en_service, brouillon, documents, appuis))
    return Apercu(
        compares=compares,
        ajoutes=tuple(name for name in documents if name not in en_service.documents),
        retires=tuple(partis),
        sans_texte=orphans,
        bloquants=tuple(
            dict.fromkeys(
                (
                    *_blocking(compares, orphans, brouillon, documents, partis),
                    *_outdated(succedes, brouillon),
                )
            )
        ),
        partis=partis,
        succedes=succedes,
    )


def _successions(
    en_service: Contenu,
    brouillon: Brouillon,
    documents: Mapping[str, DocumentCanonique],
    appuis: Sequence[Appui],
) -> Iterator[DocumentCompare]:
    """Compare each document of the draft that another comes after with that one."""
    for entree in brouillon.documents:
        old = en_service.documents.get(entree.remplace or "")
        new = documents.get(entree.fiche.id)
        if old is not None and new is not None and old.fiche.id in documents:
            yield _compare(old, new, appuis)


def _outdated(succedes: Iterable[DocumentCompare], brouillon: Brouillon) -> Iterator[Appui]:
    """What rests on words that the document which comes after no longer says.

    They are still in the text that it comes after: nothing mends them, and what quotes them would
    be given for what holds now. It is put aside until it is written again.
    """
    aside = {named_withdrawal(retrait) for retrait in brouillon.retraits}
    for compared in succedes:
        for effet in compared.effets:
            touched = effet.alerte in ("change", "disparu") and effet.appui.genre in _SERVED
            if touched and named_item(effet.appui) not in aside:
                yield effet.appui


def _compare(
    old: DocumentCanonique, new: DocumentCanonique, appuis: Iterable[Appui]
) -> DocumentCompare:
    alignement = align(old, new)
    return DocumentCompare(
        old.fiche.id, alignement, list_changes(alignement), effects(alignement, appuis)
    )


def _blocking(
    compares: Sequence[DocumentCompare],
    orphans: Iterable[Appui],
    brouillon: Brouillon,
    documents: Mapping[str, DocumentCanonique],
    partis: Mapping[str, DocumentCanonique],
) -> Iterator[Appui]:
    """What would be served with words that the texts no longer say.

    Words shown for a rule put aside mend nothing else that quotes them, whoever wrote the draft.
    """
    aside = {named_withdrawal(retrait) for retrait in brouillon.retraits}
    broken = [
        effet.appui
        for compared in compares
        for effet in compared.effets
        if effet.alerte in ("change", "disparu") and effet.appui.genre in _SERVED
    ]
    broken += orphans
    repairs = _standing(brouillon.reparations, documents, partis)
    quoted_aside = {
        (appui.document, appui.extrait) for appui in broken if named_item(appui) in aside
    }
    for appui in broken:
        item, words = named_item(appui), (appui.document, appui.extrait)
        found = repairs.get(words, ())
        mends = [r for r in found if not r.montre]
        if item in aside:
            shown = any(item in r.pour for r in found if r.montre) or bool(mends)
            passes = appui.genre == "fiche" or shown
        else:
            # A repair that does not say what it was made for may be that of what is put aside.
            passes = any(
                item in r.pour or (not r.pour and words not in quoted_aside) for r in mends
            )
        if not passes:
            yield appui


def _standing(
    reparations: Iterable[Reparation],
    documents: Mapping[str, DocumentCanonique],
    partis: Mapping[str, DocumentCanonique],
) -> dict[tuple[str, str], list[Reparation]]:
    """Repairs whose words are in the texts, or as they were in one that goes, by what they mend."""
    gate = Verificateur(documents)
    found: dict[tuple[str, str], list[Reparation]] = {}
    for repair in reparations:
        if repair.archive is None:
            stands = repair.document in documents and isinstance(
                gate.localiser(repair.nouveau, repair.document), Localisation
            )
        else:
            gone, place = partis.get(repair.document), repair.archive
            stands = (
                repair.montre
                and gone is not None
                and gone.version == place.texte
                and gone.texte[place.debut : place.fin] == repair.nouveau
            )
        if stands:
            found.setdefault((repair.document, repair.ancien), []).append(repair)
    return found


def withdrawal_of(appui: Appui) -> tuple[GenreRetire | Literal["registre"], str, str]:
    """What is put aside when a quotation no longer proves it: kind, name, and how it is said."""
    if appui.genre in ("fiche", "registre"):
        return appui.genre, appui.nom, appui.nom
    genre, nom = element_de(appui.nom)
    said = appui.nom.partition(_CASE)[0]
    return genre, nom, said


def named_item(appui: Appui) -> str:
    """What is put aside, as records of the base name it: « regle effectif »."""
    genre, nom, _ = withdrawal_of(appui)
    return f"{genre} {nom}"


def named_withdrawal(retrait: Retrait) -> str:
    """The same name, of what is put aside."""
    nom = element_de(retrait.nom)[1] if retrait.genre == "regle" else retrait.nom
    return f"{retrait.genre} {nom}"


def put_aside(
    apercu: Apercu,
    appuis: Iterable[Appui],
    raison: str,
    documents: Mapping[str, DocumentCanonique],
) -> tuple[tuple[Retrait, ...], tuple[Reparation, ...]]:
    """Put aside what rests on quotations that are broken, until somebody looks at it.

    A rule that is put aside still shows a passage: the words that stand now where its own stood;
    where its text is withdrawn, its own words as they stood there. They are shown for it alone.
    """
    gate = Verificateur(documents)
    effets = {(e.appui.document, e.appui.debut, e.appui.fin): e for e in apercu.effets}
    compared = {c.document: c for c in apercu.compares}
    gone: dict[tuple[str, str], dict[str, None]] = {}
    shown: dict[Reparation, dict[str, None]] = {}
    for appui in appuis:
        item = withdrawal_of(appui)[:2]
        lost = appui.document if appui.document in apercu.partis else ""
        gone.setdefault(item, {})[lost] = None
        if appui.genre == "fiche":
            continue
        effet = effets.get((appui.document, appui.debut, appui.fin))
        there = compared.get(appui.document)
        repair = _archived(appui, apercu.partis[lost]) if lost else None
        if effet is not None and there is not None:
            repair = _in_place(appui, _standing_words(effet, there, gate))
        if repair is not None:
            shown.setdefault(repair, {})[named_item(appui)] = None
    return (
        tuple(_withdrawal(item, raison, tuple(lost)) for item, lost in gone.items()),
        tuple(r.model_copy(update={"pour": tuple(items)}) for r, items in shown.items()),
    )


def _withdrawal(item: tuple[str, str], raison: str, lost: tuple[str, ...]) -> Retrait:
    genre, nom = item
    return Retrait.model_validate(
        {"genre": genre, "nom": nom, "raison": raison, "textes": lost if all(lost) else ()}
    )


def _in_place(appui: Appui, words: str | None) -> Reparation | None:
    """Words of the new text to show in place of those of a quotation."""
    if words is None:
        return None
    return Reparation(document=appui.document, ancien=appui.extrait, nouveau=words, montre=True)


def _archived(appui: Appui, parti: DocumentCanonique) -> Reparation | None:
    """The words of a quotation as they stand in a text that goes."""
    cited = Verificateur({appui.document: parti}).citer(appui.document, appui.debut, appui.fin)
    if isinstance(cited, Refus):
        return None
    place = Archive(
        texte=cited.version,
        debut=cited.debut,
        fin=cited.fin,
        section=cited.section,
        page=cited.page,
    )
    return Reparation(
        document=appui.document,
        ancien=appui.extrait,
        nouveau=cited.extrait,
        montre=True,
        archive=place,
    )


def _standing_words(effet: Effet, there: DocumentCompare, gate: Verificateur) -> str | None:
    """Words of the new text to show in place of those that changed, widened until they are alone.

    Where nothing stands in their place, the words that open the document.
    """
    read = there.alignement.nouveau
    start, end = effet.devenir.debut, effet.devenir.fin
    first, after = read.mots_entre(start, end) if start is not None and end is not None else (0, 1)
    phrases = [
        rank for rank, (low, high) in enumerate(read.phrases) if low < after and high > first
    ]
    low, high = phrases[0], phrases[-1]
    while True:
        span = read.etendue((read.phrases[low][0], read.phrases[high][1]))
        words = read.document.texte[slice(*span)]
        if isinstance(gate.localiser(words, there.document), Localisation):
            return words
        if low == 0 and high == len(read.phrases) - 1:
            return None
        low, high = max(0, low - 1), min(len(read.phrases) - 1, high + 1)
