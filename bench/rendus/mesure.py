"""What a loader found of a text, held against the canonical text that the file was made from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from corpus.models import DocumentCanonique, NatureBloc

_MOT = re.compile(r"[^\W_]+")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_MARQUE = re.compile(r"^(?:[·•‣▪○◦☐➤➢–-]\s+)+|[\s:]+$")
_TITRES: tuple[NatureBloc, ...] = ("titre", "question", "encadre")
_AUTOUR = 3
_MONTRES = 12


@dataclass(frozen=True)
class Compte:
    """Blocks of one kind: how many of the expected ones were found, and how many are not blocks
    of that kind in the canonical text."""

    trouves: int
    attendus: int
    faux: int
    manquants: tuple[str, ...] = ()
    en_trop: tuple[str, ...] = ()

    @property
    def part(self) -> float:
        """Share found, 1 where none is expected."""
        return self.trouves / self.attendus if self.attendus else 1.0


@dataclass(frozen=True)
class Mesure:
    """What was read of one file."""

    mots_attendus: int
    mots_trouves: int
    """Expected words read in the expected order (longest common subsequence)."""
    mots_en_trop: int
    titres: Compte
    elements: Compte
    lignes: Compte
    notes: Compte
    ecarts: tuple[str, ...]
    """The first places where the words differ: « attendu » / « lu », with the words before."""

    @property
    def mots(self) -> float:
        """Share of the expected words that were read in order."""
        return self.mots_trouves / self.mots_attendus if self.mots_attendus else 1.0


def comparer(attendu: DocumentCanonique, lu: DocumentCanonique) -> Mesure:
    """Hold what was read against the canonical text.

    A word is a run of letters and digits, written as it is (ligatures opened). A block is found
    when one of the same kind has the same words; a heading may be of any level, a question or a
    box title as well. The title of the document, which pages print above it, is no false heading.
    """
    voulus, lus = mots(attendu.texte), mots(lu.texte)
    communs = LCSseq.similarity(voulus, lus)
    return Mesure(
        mots_attendus=len(voulus),
        mots_trouves=communs,
        mots_en_trop=len(lus) - communs,
        titres=_compter(attendu, lu, _TITRES, toleres=(attendu.fiche.titre,)),
        elements=_compter(attendu, lu, ("element",)),
        lignes=_compter(attendu, lu, ("ligne_tableau",)),
        notes=_compter(attendu, lu, ("note",)),
        ecarts=tuple(_ecarts(voulus, lus)),
    )


def mots(texte: str) -> list[str]:
    """Runs of letters and digits of a text, ligatures opened."""
    return _MOT.findall(texte.translate(_LIGATURES))


def _compter(
    attendu: DocumentCanonique,
    lu: DocumentCanonique,
    natures: tuple[NatureBloc, ...],
    toleres: Iterable[str] = (),
) -> Compte:
    voulus = Counter(_textes(attendu, natures))
    lus = Counter(_textes(lu, natures))
    communs = (voulus & lus).total()
    admis = {_cle(texte) for texte in toleres}
    en_trop = [cle for cle in (lus - voulus).elements() if cle not in admis]
    return Compte(
        trouves=communs,
        attendus=voulus.total(),
        faux=len(en_trop),
        manquants=tuple((voulus - lus).elements()),
        en_trop=tuple(en_trop),
    )


def _textes(document: DocumentCanonique, natures: tuple[NatureBloc, ...]) -> Iterator[str]:
    for bloc in document.blocs:
        if bloc.nature in natures:
            yield _cle(document.texte[bloc.debut : bloc.fin])


def _cle(texte: str) -> str:
    """A block without its bullet, its closing colon, and the width of its spaces."""
    return " ".join(_MARQUE.sub("", texte.translate(_LIGATURES)).split())


def _ecarts(voulus: list[str], lus: list[str]) -> Iterator[str]:
    montres = 0
    for op in LCSseq.opcodes(voulus, lus):
        if op.tag != "equal" and montres < _MONTRES:
            montres += 1
            avant = " ".join(voulus[max(0, op.src_start - _AUTOUR) : op.src_start])
            attendu = " ".join(voulus[op.src_start : op.src_end][:_MONTRES])
            trouve = " ".join(lus[op.dest_start : op.dest_end][:_MONTRES])
            yield f"… {avant} : attendu « {attendu} », lu « {trouve} »"
