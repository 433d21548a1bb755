"""What the trainings read, made of the training questions, the texts and the cards of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answers.engine import Assistant
from assistant.answers.lecture import card_text, unit_text
from assistant.answers.selection import UniteChoisie
from assistant.answers.understanding import comprendre
from assistant.fiches.loading import FichePrete
from assistant.models import Question
from corpus.models import DocumentCanonique, Passage
from index.entries import passage_entry
from index.lexicon import Lexique
from index.training.data import Donnees
from index.training.labels import Etiquettes, label
from index.training.material import Material
from index.training.reader import ANSWERS, DOES_NOT, UNKNOWN, Candidat, Lecture
from index.training.records import Cible, Extrait
from index.training.splits import Partage, split


@dataclass(frozen=True, slots=True)
class Matiere:
    """The training data beside the texts and cards that they speak of."""

    donnees: Donnees
    etiquettes: Etiquettes
    partage: Partage
    passages: tuple[Passage, ...]
    documents: Mapping[str, DocumentCanonique]
    cartes: Mapping[str, FichePrete]
    """Cards by their id."""


def gather(
    donnees: Donnees,
    documents: Mapping[str, DocumentCanonique],
    passages: Sequence[Passage],
    cartes: Iterable[FichePrete],
) -> Matiere:
    """Put the questions beside the texts and the cards."""
    etiquettes = label(donnees.cibles, documents, passages)
    return Matiere(
        donnees,
        etiquettes,
        split(donnees, etiquettes),
        tuple(passages),
        documents,
        {carte.fiche.id: carte for carte in cartes},
    )


def for_adapter(matiere: Matiere, lexique: Lexique) -> Material:
    """What the encoder's adapter learns from."""
    labels, hidden = matiere.etiquettes, matiere.partage.passages_a_part
    learned = {q.cible for q in matiere.partage.questions}
    return Material(
        questions=matiere.partage.questions,
        texts=tuple(
            passage_entry(p, matiere.documents[p.document], lexique).searched
            for p in matiere.passages
        ),
        targets=labels.cibles,
        answers=labels.positifs & ~hidden,
        usable=labels.utilisables() & ~(labels.positifs & hidden),
        refused=labels.negatifs,
        ways={name: _ways(matiere.cartes[name]) for name in learned},
        kinds={name: matiere.cartes[name].fiche.attribut for name in learned},
    )


def _ways(carte: FichePrete) -> tuple[str, ...]:
    return (carte.fiche.titre, *carte.fiche.formulations)


@dataclass(frozen=True, slots=True)
class Demande:
    """A question that is put to the search for the reader to learn from what it brings."""

    question: str
    cible: str
    manquee: bool = False
    """The target does not answer it: it is a near miss."""
    connue: bool = False
    """It is a card's own way to ask, put as one that the index does not know."""


def to_read(matiere: Matiere) -> tuple[Demande, ...]:
    """Every question that the reader learns from, in an order of its own."""
    questions = [Demande(q.question, q.cible) for q in matiere.partage.questions]
    missed = [Demande(p.question, p.cible, manquee=True) for p in matiere.partage.presque]
    ways = [
        Demande(way, target, connue=True)
        for target in sorted({q.cible for q in matiere.partage.questions})
        for way in matiere.cartes[target].fiche.formulations
    ]
    return (*questions, *missed, *ways)


@dataclass(frozen=True, slots=True)
class Juge:
    """What each candidate is to a target."""

    matiere: Matiere

    def lecture(self, assistant: Assistant, demande: Demande) -> Lecture:
        """What the search brings near a question, each candidate judged."""
        lu = comprendre(Question(id=""), demande.question)
        found = assistant.trouver(lu, sans=demande.question if demande.connue else None)
        cible = self.matiere.donnees.cibles[demande.cible]
        return Lecture(
            question=lu.recherche,
            formulation=demande.connue,
            fiches=tuple(
                Candidat(
                    texte=card_text(c.carte.fiche),
                    juge=self.card(cible, c.carte, missed=demande.manquee),
                )
                for c in found.cartes
            ),
            phrases=tuple(
                Candidat(
                    texte=unit_text(u, self.matiere.documents),
                    juge=DOES_NOT if demande.manquee else self.unit(cible, u),
                )
                for u in found.unites[:_UNITS]
            ),
        )

    def card(self, cible: Cible, carte: FichePrete, *, missed: bool) -> int:
        """What a card is to a question of a target; ``missed``: to one that the target misses."""
        fiche = carte.fiche
        own = self.matiere.cartes.get(cible.id)
        if missed and not cible.silence:
            # A card that says that the texts are silent may well be what was asked for.
            return UNKNOWN if fiche.silence else DOES_NOT
        if own is None or fiche.id == cible.id:
            return ANSWERS if fiche.id == cible.id else UNKNOWN
        if fiche.silence != own.fiche.silence:
            return DOES_NOT
        if cible.silence:
            return UNKNOWN if fiche.sujet == own.fiche.sujet else DOES_NOT
        return UNKNOWN if _alike(own, carte) else DOES_NOT

    def unit(self, cible: Cible, unit: UniteChoisie) -> int:
        """What a sentence is to a question that a target answers."""
        if _holds(cible.repond, unit):
            return ANSWERS
        if _holds(cible.en_partie, unit):
            return UNKNOWN
        row = self.matiere.etiquettes.cibles[cible.id]
        passage = self._row(unit.hit.passage)
        answers: NDArray[np.bool_] = self.matiere.etiquettes.positifs
        return UNKNOWN if answers[row, passage] else DOES_NOT

    def _row(self, passage: Passage) -> int:
        return next(n for n, p in enumerate(self.matiere.passages) if p.id == passage.id)


def _alike(own: FichePrete, other: FichePrete) -> bool:
    """Whether a card may answer what another does: the same of the same words, or elsewhere."""
    if own.fiche.attribut != other.fiche.attribut:
        return False
    elsewhere = own.fiche.sujet == other.fiche.sujet and own.fiche.portee != other.fiche.portee
    return elsewhere or any(
        c.document == d.document and c.debut < d.fin and d.debut < c.fin
        for c in own.citations
        for d in other.citations
    )


def _holds(extraits: Iterable[Extrait], unit: UniteChoisie) -> bool:
    """Whether a sentence, or the list that it is, holds words quoted or is held in them."""
    return any(
        e.document == unit.hit.passage.document
        and (e.extrait in unit.texte or unit.texte in e.extrait or _shares(e.extrait, unit.texte))
        for e in extraits
    )


_SHARED = 40
"""Characters in common from which a quotation and a sentence are the same words."""
_UNITS = 8


def _shares(extrait: str, texte: str) -> bool:
    """Whether the beginning of one is in the other: quotations may run over several sentences."""
    return extrait[:_SHARED] in texte or texte[:_SHARED] in extrait
