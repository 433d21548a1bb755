"""What publishing a draft would change: texts, and all that rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.eligibility.ledger import lire_registre
from assistant.publication.etat import Contenu
from assistant.quotation import Localisation, Verificateur
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import Effet, effects
from corpus.base.models import Brouillon, Reparation, Retrait
from corpus.comparison.alignment import Alignement, align
from corpus.comparison.changes import Changement, list_changes
from corpus.models import DocumentCanonique

_SERVED = ("regle", "parametre", "fiche")
_CRITERION = "critère "
_PARAMETER = "paramètre "


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
    retires = tuple(name for name in en_service.documents if name not in documents)
    orphans = tuple(a for a in appuis if a.document in retires and a.genre in _SERVED)
    return Apercu(
        compares=compares,
        ajoutes=tuple(name for name in documents if name not in en_service.documents),
        retires=retires,
        sans_texte=orphans,
        bloquants=tuple(_blocking(compares, orphans, brouillon, documents)),
    )


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
) -> Iterator[Appui]:
    aside = {(r.genre, r.nom) for r in brouillon.retraits}
    gate = Verificateur(documents)
    mended = {
        (r.document, r.ancien)
        for r in brouillon.reparations
        if r.document in documents
        and isinstance(gate.localiser(r.nouveau, r.document), Localisation)
    }
    broken = [
        effet.appui
        for compared in compares
        for effet in compared.effets
        if effet.alerte in ("change", "disparu") and effet.appui.genre in _SERVED
    ]
    for appui in (*broken, *orphans):
        put_aside = withdrawal_of(appui)[:2] in aside and (
            appui.genre == "fiche" or (appui.document, appui.extrait) in mended
        )
        if not put_aside and (appui.document, appui.extrait) not in mended:
            yield appui


def withdrawal_of(appui: Appui) -> tuple[str, str, str]:
    """What is put aside when a quotation no longer proves it: kind, name, and how it is said."""
    if appui.genre == "parametre":
        return "parametre", appui.nom.removeprefix(_PARAMETER), appui.nom
    if appui.genre == "regle" and appui.nom.startswith(_CRITERION):
        code = appui.nom.removeprefix(_CRITERION).partition(",")[0]
        return "regle", code, f"{_CRITERION}{code}"
    return appui.genre, appui.nom, appui.nom


def put_aside(
    apercu: Apercu,
    appuis: Iterable[Appui],
    raison: str,
    documents: Mapping[str, DocumentCanonique],
) -> tuple[tuple[Retrait, ...], tuple[Reparation, ...]]:
    """Put aside what rests on quotations that are broken, until somebody looks at it.

    A rule that is put aside still shows a passage: the words that stand now where its own stood.
    """
    gate = Verificateur(documents)
    effets = {(e.appui.document, e.appui.debut, e.appui.fin): e for e in apercu.effets}
    compared = {c.document: c for c in apercu.compares}
    retraits: dict[Retrait, None] = {}
    reparations: dict[Reparation, None] = {}
    for appui in appuis:
        genre, nom, _ = withdrawal_of(appui)
        retraits[Retrait.model_validate({"genre": genre, "nom": nom, "raison": raison})] = None
        if appui.genre == "fiche":
            continue
        effet = effets.get((appui.document, appui.debut, appui.fin))
        there = compared.get(appui.document)
        if effet is None or there is None:
            continue
        words = _standing_words(effet, there, gate)
        if words is not None:
            reparations[
                Reparation(document=appui.document, ancien=appui.extrait, nouveau=words)
            ] = None
    return tuple(retraits), tuple(reparations)


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
