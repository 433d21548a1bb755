"""The answering engine: understand → retrieve → choose → decide → compose → verify."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from assistant.answers.composition import compose
from assistant.answers.confidence import ModeleConfiance, load_confidence
from assistant.answers.messages import load_messages
from assistant.answers.notes import reserves
from assistant.answers.parts import WORDS
from assistant.answers.places import nom_departement
from assistant.answers.selection import UniteChoisie, choose_units
from assistant.answers.signals import (
    asks_of_uncovered_place,
    asks_of_uncovered_year,
    is_plainly_absent,
    measure,
    names_foreign_scheme,
)
from assistant.answers.understanding import Comprehension, comprendre
from assistant.configuration import Configuration, read_configuration
from assistant.models import Citation, PassageClasse, Question, Reponse
from assistant.quotation import Refus, ReponseScellee, Verificateur
from corpus.models import DocumentCanonique
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from index.models import Hit, SearchQuery
from index.search import Retrieval, Searcher
from index.storage import StoredIndex, open_index

PASSAGES = 12
"""Ranked passages returned with an answer."""
NEAR = 2
"""Nearest passages shown when the texts do not answer."""
LONGEST = 118
"""Words of an answer, reserves included."""


class Assistant:
    """Answers questions from one open index version.

    Example:
        ``open_assistant().repondre(Question(id="1", question="Combien d'enfants par groupe ?"))``
    """

    def __init__(self, searcher: Searcher, confiance: ModeleConfiance) -> None:
        self._searcher = searcher
        self._confiance = confiance
        self._verificateur = Verificateur(searcher.documents)

    @property
    def documents(self) -> dict[str, DocumentCanonique]:
        """Documents that answers quote, by id."""
        return self._searcher.documents

    @property
    def index(self) -> StoredIndex:
        """The index version in use."""
        return self._searcher.stored

    def repondre(self, question: Question) -> tuple[ReponseScellee, ...]:
        """Answer each turn of a question, in order; every quotation checked.

        A département named in a turn holds for the turns after it, until another is named.
        """
        tours = question.tours if question.tours is not None else (question.question or "",)
        answers: list[ReponseScellee] = []
        for tour in tours:
            lu = comprendre(question, tour)
            if lu.departements_nommes:
                question = question.model_copy(update={"departement": lu.departements_nommes[-1]})
            answers.append(self._repondre_tour(lu))
        return tuple(answers)

    def chercher(self, requete: str, departement: str | None, k: int) -> tuple[Hit, ...]:
        """Rank passages only."""
        lu = comprendre(Question(id="", question=requete, departement=departement), requete)
        if not lu.recherche:
            return ()
        return self._searcher.search(_query(lu), k).hits

    def signaux(self, question: Question, texte: str) -> NDArray[np.float64] | None:
        """Signals that the confidence rests on; None where there is no question to answer."""
        lu = comprendre(question, texte)
        if lu.genre != "question":
            return None
        retrieval = self._searcher.retrieve(_query(lu), PASSAGES)
        return measure(lu, retrieval, choose_units(lu.recherche, retrieval, self.documents))

    def _repondre_tour(self, lu: Comprehension) -> ReponseScellee:
        if lu.genre != "question":
            return self._verificateur.sceller(_precision(load_messages()[lu.genre]))
        retrieval = self._searcher.retrieve(_query(lu), PASSAGES)
        units = choose_units(lu.recherche, retrieval, self.documents)
        signals = measure(lu, retrieval, units)
        probability = self._confiance.probability(signals)
        if is_plainly_absent(lu, retrieval):
            probability = min(probability, self._confiance.threshold / 2)
        draft = None
        if probability >= self._confiance.threshold:
            draft = self._answer(lu, retrieval, units, probability)
        return self._verificateur.sceller(draft or self._silence(lu, retrieval, units, probability))

    def _answer(
        self,
        lu: Comprehension,
        retrieval: Retrieval,
        units: tuple[UniteChoisie, ...],
        probability: float,
    ) -> Reponse | None:
        """Compose the answer and its reserves, quoting less where both would be too long."""
        words = WORDS
        composed = compose(units, lu.departements, self.documents, self._verificateur, words)
        if composed is None:
            return None
        texte = "\n\n".join([composed.texte, *reserves(lu, composed, self.documents)])
        excess = len(texte.split()) - LONGEST
        if excess > 0:
            words -= excess
            composed = (
                compose(units, lu.departements, self.documents, self._verificateur, words)
                or composed
            )
            texte = "\n\n".join([composed.texte, *reserves(lu, composed, self.documents)])
        return Reponse(
            type="reponse",
            texte=texte,
            citations=composed.citations,
            passages=_ranked(retrieval),
            portee=composed.portee,
            confiance=round(probability, 4),
        )

    def _silence(
        self,
        lu: Comprehension,
        retrieval: Retrieval,
        units: tuple[UniteChoisie, ...],
        probability: float,
    ) -> Reponse:
        """Say that the texts do not answer, why when it is known, and what comes near."""
        messages = load_messages()
        lines = [messages["hors_corpus"], *_reasons(lu, retrieval)]
        elsewhere = names_foreign_scheme(lu.texte) or bool(lu.lieux_etrangers)
        close = not elsewhere and _is_near(probability, self._confiance.threshold)
        near = self._near(units) if close else []
        lines.append(messages["orientation"])
        if near:
            names = (
                f"- [{n}] {c.titre}" + (f" › {c.section}" if c.section else "")
                for n, c in enumerate(near, start=1)
            )
            lines.append("\n".join([messages["proches"], "", *names]))
        return Reponse(
            type="hors_corpus",
            texte="\n\n".join(lines),
            citations=tuple(near),
            passages=_ranked(retrieval),
            portee="nationale",
            confiance=round(probability, 4),
        )

    def _near(self, units: tuple[UniteChoisie, ...]) -> list[Citation]:
        made: list[Citation] = []
        for unit in units:
            passage = unit.hit.passage
            citation = self._verificateur.citer(passage.document, unit.debut, unit.fin)
            if isinstance(citation, Refus) or any(c.document == passage.document for c in made):
                continue
            made.append(citation)
            if len(made) == NEAR:
                break
        return made


@lru_cache(maxsize=1)
def open_assistant(configuration: Configuration | None = None) -> Assistant:
    """Open the index in use and the model that made it.

    Raises:
        IndexInutilisable: no index can be read, or another model made it.
        ErreurModele: the model is not installed.
    """
    settings = configuration or read_configuration()
    # Small products on many threads lose more time waiting than they gain.
    threadpool_limits(limits=1)
    stored = open_index(settings.dossier_index, load_lexicon())
    encoder = open_encoder(settings.modele, settings.dossier_modele)
    return Assistant(Searcher(stored, encoder), load_confidence())


def _query(lu: Comprehension) -> SearchQuery:
    return SearchQuery(
        text=lu.recherche, departements=lu.departements, annee_scolaire=lu.annee_scolaire
    )


def _precision(texte: str) -> Reponse:
    return Reponse(
        type="precision", texte=texte, citations=(), passages=(), portee="nationale", confiance=0.0
    )


def _ranked(retrieval: Retrieval) -> tuple[PassageClasse, ...]:
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


def _reasons(lu: Comprehension, retrieval: Retrieval) -> list[str]:
    """Say why the texts do not answer, where a plain reason is known."""
    messages = load_messages()
    if names_foreign_scheme(lu.texte):
        return [messages["hors_corpus_dispositif"]]
    if lu.lieux_etrangers:
        return [messages["hors_corpus_pays"].format(lieu=", ".join(lu.lieux_etrangers))]
    if asks_of_uncovered_place(lu, retrieval):
        lieu = ", ".join(nom_departement(code) for code in lu.departements_nommes)
        return [messages["hors_corpus_lieu"].format(lieu=lieu)]
    if asks_of_uncovered_year(lu, retrieval):
        return [messages["hors_corpus_annee"].format(annee=", ".join(lu.annees_nommees))]
    return []


def _is_near(probability: float, threshold: float) -> bool:
    """Whether it is worth showing the nearest passages: a question about something else is not."""
    return probability >= threshold / 4
