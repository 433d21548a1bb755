"""Search: a question in, ranked passages out, down a list of named steps.

read → candidates → scope → fuse → late interaction → rank. The learned reader, where it is
installed, reads the first ones after that, cards among them (``assistant/answers/relecture.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.base.models import VersionBase
from corpus.models import DocumentCanonique, FicheDocument
from index.candidates import Candidates, candidates_of
from index.embedding.encoder import EncodedText, Encoder
from index.late import Tokens, max_sim, token_cosines
from index.models import Hit, SearchQuery, SearchResult, Signals, StoredUnit, Weights
from index.questions import AskedFound, Questions
from index.scope import is_local, may_answer, outside_year
from index.storage import IndexInutilisable
from index.view import Asking, IndexView, LectureInterrompue, Reading
from index.vocabulary import LexicalQuery

_TIMES: Final = 3
"""How many times a search is begun, at most."""
_VERSION: Final = TypeAdapter(VersionBase | None)


@dataclass(frozen=True)
class Fused:
    """The first fused score of each candidate, and the signals spread over 0..1 that made it."""

    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    expanded: NDArray[np.float32]
    score: NDArray[np.float32]


@dataclass(frozen=True)
class Ranked:
    """The final score of each candidate and what made it; arrays as long as the candidates."""

    hits: tuple[Hit, ...]
    tokens: Tokens
    """Token vectors, those of the hits at hand."""
    places: tuple[int, ...]
    """Place of each hit among the candidates."""
    late: NDArray[np.float32]
    """Late interaction spread over 0..1 among those that it read; 0 elsewhere."""
    read: int
    """Candidates that late interaction read: the first of the fused score."""
    asked: NDArray[np.float32]
    """Nearness of the questions that each is known to answer, spread over 0..1."""
    scope: NDArray[np.float64]
    year: NDArray[np.float64]
    """What scope, and the school year, added to the score."""
    score: NDArray[np.float32]


@dataclass(frozen=True)
class Steps:
    """What each step of one search made: for whoever wants to know why a passage came first."""

    query: SearchQuery
    weights: Weights
    allowed: NDArray[np.int64] | None
    """Rows that may answer; None: all."""
    candidates: Candidates
    fused: Fused
    asked: AskedFound
    ranked: Ranked
    seconds: Mapping[str, float]
    """Time of each step."""


@dataclass(frozen=True)
class Retrieval:
    """A search and what it took to make it: later steps read the same vectors and words."""

    result: SearchResult
    words: LexicalQuery
    rarities: dict[str, float]
    """Content stem of the question → inverse document frequency."""
    encoded: EncodedText
    stored: IndexView
    tokens: Tokens
    """Token vectors, those of the passages ranked at hand."""
    rows: dict[str, int]
    """Passage id → row of its entry."""
    steps: Steps

    def units_of(self, passage: str) -> tuple[StoredUnit, ...]:
        """Units of a passage, in order of their place."""
        return self.stored.units[self.rows[passage]]

    def proximities(self, passage: str) -> tuple[float, ...]:
        """For each unit of a passage, how well its tokens cover those of the question.

        Mean over the question's tokens of the best cosine with the unit's tokens.
        """
        row = self.rows[passage]
        units = self.stored.units[row]
        start, end = (int(place) for place in self.tokens.bounds[row : row + 2])
        question = self.encoded.tokens[self.encoded.content]
        if not len(question) or start == end:
            return (0.0,) * len(units)
        cosines = token_cosines(question, self.tokens, [(start, end)])
        return tuple(
            float(cosines[:, unit.premier : unit.dernier].max(axis=1).mean())
            if unit.dernier > unit.premier
            else 0.0
            for unit in units
        )


class Searcher:
    """Searches one open index with the model that made it.

    Example:
        ``Searcher(open_index(folder, lexique), encoder).search(SearchQuery(text="…"), 10)``
    """

    def __init__(
        self,
        stored: IndexView,
        encoder: Encoder,
        weights: Weights | None = None,
        depth: int = 60,
        late_depth: int = 30,
    ) -> None:
        if stored.info.model != encoder.description:
            raise IndexInutilisable(
                f"L'index a été construit avec le modèle {stored.info.model.name} "
                f"({stored.info.model.content_hash[:12]}, {stored.info.model.precision}), mais le "
                f"modèle ouvert est {encoder.description.name} "
                f"({encoder.description.content_hash[:12]}, {encoder.description.precision}) : "
                "lancez « clas preparer » pour reconstruire l'index."
            )
        self._stored = stored
        self._encoder = encoder
        self._weights = weights or Weights()
        self._depth = depth
        self._late_depth = late_depth
        # Passages are the first entries, in their own order; the ways that people ask follow.
        self._rows = {passage.id: row for row, passage in enumerate(stored.passages)}
        self._names = tuple(stored.documents)
        self._document_of = _document_of(stored, self._names)
        self._questions = Questions(stored)
        self._replaced = _replaced(stored)

    @property
    def documents(self) -> dict[str, DocumentCanonique]:
        """Documents of the version searched, by id."""
        return self._stored.documents

    @property
    def stored(self) -> IndexView:
        """The index version searched."""
        return self._stored

    def search(self, query: SearchQuery, k: int) -> SearchResult:
        """Rank the passages that answer best; k of them where the corpus holds as many."""
        return self.retrieve(query, k).result

    def retrieve(self, query: SearchQuery, k: int, without: str | None = None) -> Retrieval:
        """Search, and keep what later steps need.

        ``without``: a way to ask that is taken for unknown, to measure on known ones.

        Raises:
            IndexInutilisable: what is searched keeps going away.
        """
        started = perf_counter()
        encoded = self._encoder.encode_query(query.text)
        taken = perf_counter() - started
        for _ in range(_TIMES):
            try:
                return self._retrieve(query, encoded, k, without, taken)
            except LectureInterrompue as error:
                gone = error
        raise IndexInutilisable(f"La recherche n'a pas abouti : {gone}.") from gone

    def _retrieve(
        self, query: SearchQuery, encoded: EncodedText, k: int, without: str | None, taken: float
    ) -> Retrieval:
        """Search for a question that was read in ``taken`` seconds."""
        read = perf_counter()
        near = self._questions.nearest(encoded, query.departements, without)
        asking = self._asking(query, encoded, near.rows)
        compared = perf_counter()
        with self._stored.reading(asking) as reading:
            candidates = candidates_of(asking, reading)
            fused = self._fuse(candidates)
            found = perf_counter()
            asked = self._questions.find(encoded, near, reading.tokens(near.rows))
            known = perf_counter()
            ranked = self._rank(query, encoded, candidates, fused, asked, reading=reading, k=k)
            incomplet = reading.incomplet
        seconds = {
            "vecteur": taken,
            "candidats": found - compared,
            "questions": known - found + compared - read,
            "classement": perf_counter() - known,
        }
        words, allowed = asking.words, asking.allowed
        steps = Steps(query, self._weights, allowed, candidates, fused, asked, ranked, seconds)
        result = SearchResult(
            hits=ranked.hits,
            known_share=self._known_share(words),
            content_words=words.own,
            unknown_words=words.unknown,
            asked=asked.hits,
            incomplet=incomplet,
        )
        rarities = {s: self._stored.lexical.rarity(s) for s in words.own}
        return Retrieval(
            result, words, rarities, encoded, self._stored, ranked.tokens, self._rows, steps
        )

    def _asking(self, query: SearchQuery, encoded: EncodedText, ways: tuple[int, ...]) -> Asking:
        ended = frozenset(
            name
            for name in self._replaced
            if outside_year(self._stored.documents[name].fiche, query.annee_scolaire)
        )
        return Asking(
            sentence=encoded.sentence,
            words=self._stored.lexical.read(query.text),
            depth=self._depth,
            allowed=self._allowed(query, ended),
            departements=query.departements,
            ended=ended,
            ways=ways,
        )

    def _allowed(self, query: SearchQuery, ended: frozenset[str]) -> NDArray[np.int64] | None:
        """Rows of the entries whose document may answer; None when all may."""
        if not query.departements and not ended:
            return None
        documents = self._stored.documents
        may = [
            name not in ended and may_answer(documents[name].fiche, query.departements)
            for name in self._names
        ]
        return np.flatnonzero(np.array(may, dtype=np.bool_)[self._document_of])

    def _fuse(self, candidates: Candidates) -> Fused:
        """First fused score: everything but late interaction."""
        w = self._weights
        total = w.dense + w.lexical + w.expanded
        dense = _scale(candidates.dense)
        lexical = _scale(candidates.lexical)
        expanded = _scale(candidates.expanded)
        fused = w.dense * dense + w.lexical * lexical + w.expanded * expanded
        return Fused(dense, lexical, expanded, np.asarray(fused / total, dtype=np.float32))

    def _rank(
        self,
        query: SearchQuery,
        encoded: EncodedText,
        candidates: Candidates,
        fused: Fused,
        asked: AskedFound,
        *,
        reading: Reading,
        k: int,
    ) -> Ranked:
        """Re-rank by late interaction and by what people ask, apply scope, keep k passages."""
        w = self._weights
        first = np.argsort(-fused.score, kind="stable")[: self._late_depth]
        people = _scale(asked.nearness(candidates.rows))
        scope, year = self._shifts(query, candidates.rows)

        def settled(score: NDArray[np.float32]) -> NDArray[np.float32]:
            score = score * (1 - w.asked * asked.any) + w.asked * people
            score += scope + year
            return score

        score = fused.score * (1 - w.late)
        # Those that can be among the k though late interaction, which only adds, reads others.
        likely = np.argsort(-settled(score), kind="stable")[: min(k, self._late_depth)]
        tokens = reading.tokens(candidates.rows[np.union1d(first, likely)].tolist())
        late = np.zeros_like(fused.score)
        late[first] = max_sim(
            encoded.tokens[encoded.content], tokens, candidates.rows[first].tolist()
        )
        spread = np.zeros_like(late)
        spread[first] = _scale(late[first])
        score[first] += w.late * spread[first]
        score = settled(score)
        places = tuple(int(place) for place in np.argsort(-score, kind="stable")[:k])
        hits = tuple(
            self._hit(
                query,
                int(candidates.rows[place]),
                float(score[place]),
                Signals(
                    dense=float(candidates.dense[place]),
                    lexical=float(candidates.lexical[place]),
                    expanded=float(candidates.expanded[place]),
                    late=float(late[place]),
                ),
            )
            for place in places
        )
        return Ranked(hits, tokens, places, spread, len(first), people, scope, year, score)

    def _shifts(
        self, query: SearchQuery, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What scope, and the school year, add to the scores or take from them."""
        w = self._weights
        local = w.local_bonus if query.departements else -w.local_penalty
        names = [self._stored.passages[row].document for row in rows.tolist()]
        fiches = {name: self._stored.documents[name].fiche for name in set(names)}
        scope = {name: local if is_local(fiche) else 0.0 for name, fiche in fiches.items()}
        year = {
            name: -w.year_penalty * outside_year(fiche, query.annee_scolaire)
            for name, fiche in fiches.items()
        }
        return np.array([scope[name] for name in names]), np.array([year[name] for name in names])

    def _fiche(self, target: int) -> FicheDocument:
        return self._stored.documents[self._stored.passages[target].document].fiche

    def _hit(self, query: SearchQuery, target: int, score: float, signals: Signals) -> Hit:
        fiche = self._fiche(target)
        return Hit(
            passage=self._stored.passages[target],
            score=score,
            signals=signals,
            local=is_local(fiche),
            hors_annee=outside_year(fiche, query.annee_scolaire),
        )

    def _known_share(self, words: LexicalQuery) -> float:
        if not words.own:
            return 0.0
        rarity = {s: self._stored.lexical.rarity(s) for s in words.own}
        total = sum(rarity.values())
        unknown = sum(rarity[s] for s in dict.fromkeys(words.unknown))
        return 1.0 - unknown / total if total else 0.0


def _document_of(stored: IndexView, names: Sequence[str]) -> NDArray[np.int32]:
    """For each passage, the place of its document among ``names``."""
    places = {name: place for place, name in enumerate(names)}
    found = (places[passage.document] for passage in stored.passages)
    return np.fromiter(found, dtype=np.int32, count=len(stored.passages))


def _scale(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread values over 0..1 (all 0 when they do not differ)."""
    if not len(values):
        return values
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9:  # noqa: PLR2004 - equal but for rounding
        return np.zeros_like(values)
    return np.asarray((values - low) / (high - low), dtype=np.float32)


def _replaced(stored: IndexView) -> frozenset[str]:
    """Documents searched that another one searched comes after: they answer for their years."""
    version = _VERSION.validate_json(stored.base)
    if version is None:
        return frozenset()
    after = {entree.remplace for entree in version.en_service.values() if entree.remplace}
    return frozenset(after & set(stored.documents))
