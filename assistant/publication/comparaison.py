"""What changed between two states of the base, in records made to be read or sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Literal

from pydantic import BaseModel, ConfigDict
from rapidfuzz.distance import Indel

from assistant.answers.places import nom_departement
from assistant.publication.apercu import Apercu, DocumentCompare, withdrawal_of
from assistant.publication.brouillons import changed_fields
from assistant.publication.rejeu_modeles import Rejeu
from assistant.revision.appuis import Appui, Genre
from assistant.revision.effets import Alerte, Effet, ValeurChangee, alarms
from corpus.base.models import EntreeBase
from corpus.comparison.alignment import Alignement
from corpus.comparison.changes import Changement, Fragment, NatureChangement
from corpus.comparison.substance import Marque
from corpus.models import NATIONALE, DocumentCanonique

RECORD = ConfigDict(frozen=True, extra="forbid")
ORDRE: tuple[Alerte, ...] = ("disparu", "change", "a_relire", "deplace", "inchange")
_BULLETS = frozenset({"-", "•", "·", "*", "–", "‣", "▪", "o"})
"""What marks an item of a list: another one is no change of words."""
_KEPT_FIELDS = frozenset({"fichier", "sha256", "format"})


class ChangementMontre(BaseModel):
    """One change, with the words of both sides."""

    model_config = RECORD

    nature: NatureChangement
    deplace: bool
    section: tuple[str, ...]
    page: int | None
    avant: tuple[Fragment, ...]
    apres: tuple[Fragment, ...]
    perdus: tuple[str, ...]
    venus: tuple[str, ...]
    """Figures, dates, negations, musts and mays, limits: those that went, those that came."""
    valeurs: tuple[str, ...] = ()
    """The same, each beside the one that takes its place: « 8 → 6 », « doit → peut »."""


class AppuiTouche(BaseModel):
    """A quotation that what changed touches."""

    model_config = RECORD

    genre: Genre
    nom: str
    alerte: Alerte
    bloque: bool
    """Whether publication is refused until it is mended or put aside."""
    document: str
    ancien: str
    nouveau: str
    valeurs: tuple[ValeurChangee, ...]
    contexte_ancien: str = ""
    contexte_nouveau: str = ""
    """Its sentence, where that alone changed."""


class DocumentRapporte(BaseModel):
    """A document whose text changes, or that comes after another one."""

    model_config = RECORD

    document: str
    titre: str
    ancien: str
    nouveau: str
    """What is compared: documents and versions of their text."""
    succede: bool
    """Whether the new text comes beside the old one, which stays valid for its years."""
    comptes: Mapping[NatureChangement, int]
    changements: tuple[ChangementMontre, ...]
    appuis: tuple[AppuiTouche, ...]


class FicheChangee(BaseModel):
    """A field of an entry that changes."""

    model_config = RECORD

    document: str
    champ: str
    ancien: str
    nouveau: str


class DocumentNomme(BaseModel):
    """A document, by its id and title."""

    model_config = RECORD

    document: str
    titre: str
    portee: str | None = None
    """For whom it is: « nationale », or the code of a département; None where it is not known."""

    @property
    def dit(self) -> str:
        """Its title, and for whom it is where that is known."""
        return f"{self.titre} ({self.pour_qui})" if self.pour_qui else self.titre

    @property
    def pour_qui(self) -> str:
        """For whom it is, in words; empty where it is not known."""
        if self.portee is None or self.portee == NATIONALE:
            return "portée nationale" if self.portee else ""
        return f"portée : {nom_departement(self.portee)}, {self.portee}"


class Rapport(BaseModel):
    """Everything that changes between two states."""

    model_config = RECORD

    ancien: str
    nouveau: str
    documents: tuple[DocumentRapporte, ...]
    ajoutes: tuple[DocumentNomme, ...] = ()
    retires: tuple[DocumentNomme, ...] = ()
    fiches: tuple[FicheChangee, ...] = ()
    sans_texte: tuple[AppuiTouche, ...] = ()
    """What rests on a document that is withdrawn."""
    mis_de_cote: tuple[str, ...] = ()
    reparations: int = 0
    bloquants: tuple[str, ...] = ()
    brouillon: bool = False
    rejeu: Rejeu | None = None
    """What questions and projects get from both sides, where they were put to both."""

    @property
    def vide(self) -> bool:
        """Whether nothing changes."""
        return not (self.documents or self.ajoutes or self.retires or self.fiches)


def report_document(
    alignement: Alignement,
    changements: Iterable[Changement],
    effets: Iterable[Effet],
    bloquants: Iterable[Appui] = (),
    *,
    succede: bool = False,
) -> DocumentRapporte:
    """Report on two texts that were compared."""
    listed = tuple(changements)
    old, new = alignement.ancien.document, alignement.nouveau.document
    blocking = set(bloquants)
    touched = [_touched(effet, effet.appui in blocking) for effet in alarms(effets)]
    return DocumentRapporte(
        document=new.fiche.id,
        titre=new.fiche.titre_court,
        ancien=f"{old.fiche.id}@{old.version}",
        nouveau=f"{new.fiche.id}@{new.version}",
        succede=succede,
        comptes=Counter(change.nature for change in listed),
        changements=tuple(_shown(c, old, new) for c in listed if c.nature != "inchange"),
        appuis=tuple(sorted(touched, key=lambda a: (not a.bloque, ORDRE.index(a.alerte)))),
    )


def report_preview(
    apercu: Apercu,
    avant: Sequence[EntreeBase],
    apres: Sequence[EntreeBase],
    noms: tuple[str, str],
    successions: Iterable[DocumentRapporte] = (),
) -> Rapport:
    """Report on a preview: ``avant`` and ``apres`` are all the entries of both states."""
    old = {entree.fiche.id: entree for entree in avant}
    new = {entree.fiche.id: entree for entree in apres}
    return Rapport(
        ancien=noms[0],
        nouveau=noms[1],
        documents=(
            *(_of_compared(compared, apercu) for compared in apercu.compares),
            *successions,
        ),
        ajoutes=tuple(_named(name, new) for name in apercu.ajoutes),
        retires=tuple(_named(name, old) for name in apercu.retires),
        fiches=tuple(_fields(old, new)),
        sans_texte=tuple(
            AppuiTouche(
                genre=appui.genre, nom=withdrawal_of(appui)[2], alerte="disparu",
                bloque=appui in apercu.bloquants, document=appui.document,
                ancien=appui.extrait, nouveau="", valeurs=(),
            )
            for appui in apercu.sans_texte
        ),
        bloquants=tuple(dict.fromkeys(withdrawal_of(a)[2] for a in apercu.bloquants)),
    )  # fmt: skip


def _of_compared(compared: DocumentCompare, apercu: Apercu) -> DocumentRapporte:
    return report_document(
        compared.alignement, compared.changements, compared.effets, apercu.bloquants
    )


def _named(name: str, entries: Mapping[str, EntreeBase]) -> DocumentNomme:
    entree = entries.get(name)
    if entree is None:
        return DocumentNomme(document=name, titre=name)
    return DocumentNomme(document=name, titre=entree.fiche.titre, portee=entree.fiche.portee)


def _fields(old: Mapping[str, EntreeBase], new: Mapping[str, EntreeBase]) -> Iterator[FicheChangee]:
    for name, entree in new.items():
        before = old.get(name)
        if before is None:
            continue
        for field in changed_fields(before.fiche, entree.fiche):
            if field not in _KEPT_FIELDS:
                yield FicheChangee(
                    document=name,
                    champ=field,
                    ancien=_written(getattr(before.fiche, field)),
                    nouveau=_written(getattr(entree.fiche, field)),
                )


def _written(value: object) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple):
        return f"{len(value)} entrée(s)"
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def _touched(effet: Effet, bloque: bool) -> AppuiTouche:
    appui, around = effet.appui, effet.contexte
    return AppuiTouche(
        genre=appui.genre,
        nom=withdrawal_of(appui)[2],
        alerte=effet.alerte,
        bloque=bloque,
        document=appui.document,
        ancien=appui.extrait,
        nouveau=effet.devenir.nouveau,
        valeurs=effet.valeurs,
        contexte_ancien=around.ancien if around else "",
        contexte_nouveau=around.nouveau if around else "",
    )


def _shown(change: Changement, old: DocumentCanonique, new: DocumentCanonique) -> ChangementMontre:
    return ChangementMontre(
        nature=change.nature,
        deplace=change.deplace,
        section=change.section,
        page=change.page,
        avant=change.avant or _whole(old, change.ancien, same=change.nature != "retire"),
        apres=change.apres or _whole(new, change.nouveau, same=change.nature != "ajoute"),
        perdus=_marks(change.perdues),
        venus=_marks(change.venues),
        valeurs=tuple(_paired(change)),
    )


def _whole(
    document: DocumentCanonique, span: tuple[int, int] | None, *, same: bool
) -> tuple[Fragment, ...]:
    if span is None:
        return ()
    return (Fragment(texte=document.texte[slice(*span)], egal=same),)


def _marks(marks: Iterable[Marque]) -> tuple[str, ...]:
    return tuple(mark.ecrit for mark in marks)


def _paired(change: Changement) -> Iterator[str]:
    """Marks that went, each beside the one that came, kind by kind."""
    if change.nature not in ("fond", "reformule"):
        return
    for kind in dict.fromkeys(mark.genre for mark in (*change.perdues, *change.venues)):
        gone = [mark.ecrit for mark in change.perdues if mark.genre == kind]
        come = [mark.ecrit for mark in change.venues if mark.genre == kind]
        for old, new in zip_longest(gone, come):
            if old and new:
                yield f"{old} → {new}"
            else:
                yield f"« {old} » n'y est plus" if old else f"« {new} » apparaît"


Style = Literal["ancien", "nouveau", "egal"]


def woven(avant: Sequence[Fragment], apres: Sequence[Fragment]) -> tuple[tuple[Style, str], ...]:
    """Both wordings in one run: what went, what came, what stays, in order."""
    pieces: list[tuple[Style, str]] = []
    left = [f for f in avant if f.texte.strip() not in _BULLETS]
    right = [f for f in apres if f.texte.strip() not in _BULLETS]
    while left or right:
        if left and not left[0].egal:
            pieces.append(("ancien", left.pop(0).texte))
        elif right and not right[0].egal:
            pieces.append(("nouveau", right.pop(0).texte))
        elif right:
            pieces.append(("egal", right.pop(0).texte))
            left = left[1:]
        else:
            pieces.append(("egal", left.pop(0).texte))
    return tuple(pieces)


def cut_words(ancien: str, nouveau: str) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    """Two wordings cut, word by word, where they differ."""
    left, right = ancien.split(), nouveau.split()
    avant: list[Fragment] = []
    apres: list[Fragment] = []
    for step in Indel.opcodes(left, right):
        same = step.tag == "equal"
        old = " ".join(left[step.src_start : step.src_end])
        new = " ".join(right[step.dest_start : step.dest_end])
        avant += [Fragment(texte=f"{old} ", egal=same)] if old else []
        apres += [Fragment(texte=f"{new} ", egal=same)] if new else []
    return tuple(avant), tuple(apres)
