"""What deciding and composing made: the answer drafted, and what it was decided and made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answers.composition import Composition, Morceau, escape, joined
from assistant.answers.confidence import ModeleConfiance
from assistant.answers.finding import Trouvaille
from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.answers.signals import (
    asks_of_uncovered_place,
    asks_of_uncovered_year,
    names_foreign_scheme,
)
from assistant.answers.silence import Mesure
from assistant.answers.understanding import Comprehension
from assistant.models import Citation, PassageClasse, Reponse, TypeReponse
from index.search import Retrieval


@dataclass(frozen=True, slots=True)
class Jauge:
    """How probable it is that the texts answer, by the frozen model."""

    silence: Mesure
    signaux: NDArray[np.float64]
    """In the order of the model's own signals."""
    modele: ModeleConfiance

    @property
    def probabilite(self) -> float:
        """Probability (0 to 1) that the texts answer."""
        return self.modele.probability(self.signaux)

    @property
    def seuil(self) -> float:
        """Probability under which the program says that the texts do not answer."""
        return self.modele.threshold

    @property
    def suffit(self) -> bool:
        """Whether the texts probably speak of what is asked."""
        return self.probabilite >= self.seuil


@dataclass(frozen=True, slots=True)
class Redaction:
    """A drafted answer, what decided whether there is one, what it was made of."""

    reponse: Reponse
    jauge: Jauge
    absente: bool
    """What is asked cannot be in these texts, by rule."""
    silencieuse: bool
    """A card of silence stands clear of every card that answers."""
    composition: Composition
    secondes: Mapping[str, float]


def precision(texte: str) -> Reponse:
    """Draft what is no answer: a greeting, a request for what is missing."""
    return Reponse(
        type="precision", texte=texte, citations=(), passages=(), portee="nationale", confiance=0.0
    )


def drafted(
    kind: TypeReponse, composed: Composition, found: Trouvaille, probability: float
) -> tuple[Reponse, Composition]:
    """Draft an answer of a composition, beside what it was made of."""
    draft = Reponse(
        type=kind,
        texte=composed.texte,
        citations=composed.citations,
        passages=ranked(found.retrieval),
        portee=composed.portee,
        confiance=probability,
    )
    return draft, composed


def announced(draft: Reponse, modele: ModeleConfiance) -> Reponse:
    """The draft, with the confidence that answers of its probability deserved."""
    confiance = round(modele.announced(draft.confiance), 4)
    return draft.model_copy(update={"confiance": confiance})


def followed(composed: Composition, lines: Sequence[str]) -> Composition:
    """Add notes after a composition."""
    notes = (Morceau(genre="note", source="", texte=line) for line in lines)
    morceaux = (*composed.morceaux, *notes)
    return composed.model_copy(update={"texte": joined(morceaux), "morceaux": morceaux})


def ranked(retrieval: Retrieval) -> tuple[PassageClasse, ...]:
    """Passages of a search, best first, as they go with an answer."""
    return tuple(
        PassageClasse(
            document=h.passage.document,
            debut=h.passage.debut,
            fin=h.passage.fin,
            texte=h.passage.texte,
            score=round(h.score, 6),
        )
        for h in retrieval.result.hits
    )


def reasons(lu: Comprehension, retrieval: Retrieval) -> list[str]:
    """Say why the texts do not answer, where a plain reason is known."""
    messages = load_messages()
    if names_foreign_scheme(lu.texte):
        return [messages["hors_corpus_dispositif"]]
    if lu.lieux_etrangers:
        return [messages["hors_corpus_pays"].format(lieu=", ".join(lu.lieux_etrangers))]
    if not asks_of_uncovered_place(lu, retrieval) and asks_of_uncovered_year(lu, retrieval):
        return [messages["hors_corpus_annee"].format(annee=", ".join(lu.annees_nommees))]
    covered = {document.fiche.portee for document in retrieval.stored.documents.values()}
    unknown = [nom_departement(c) for c in lu.departements_nommes if c not in covered]
    return [messages["hors_corpus_lieu"].format(lieu=", ".join(unknown))] if unknown else []


def nearest_named(near: Sequence[Citation], room: int) -> str:
    """Name the nearest passages, by their sections too where ``room`` words hold them."""
    said = load_messages()["proches"]
    whole = [
        f"- [{n}] {escape(c.titre)}" + (f" › {escape(c.section)}" if c.section else "")
        for n, c in enumerate(near, start=1)
    ]
    if words_in([said, *whole]) > room:
        whole = [f"- [{n}] {escape(c.titre)}" for n, c in enumerate(near, start=1)]
    return "\n".join([said, "", *whole])


def words_in(lines: Sequence[str]) -> int:
    """Words of some lines."""
    return sum(len(line.split()) for line in lines)


def is_near(probability: float, threshold: float) -> bool:
    """Whether it is worth showing the nearest passages: a question about something else is not."""
    return probability >= threshold / 4
