"""Fourth step, first half: what tells whether the texts answer at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers.finding import Trouvaille
from assistant.answers.lecture import BOUND
from assistant.answers.selection import expected_of
from assistant.answers.silence import Mesure
from assistant.answers.understanding import Comprehension
from corpus.lecture_yaml import read_yaml
from corpus.models import NATIONALE
from index.french import fold, stems, words
from index.search import Retrieval

_SCHEMES = Path(__file__).with_name("dispositifs.yaml")
_PLACE = 5
READ_FOR_WORDS = 3
"""First passages in which the question's words are looked for."""
_LOCAL_MATTERS = frozenset({"date", "acteur"})
_DATED_MATTERS = frozenset({"montant", "date", "part"})

SIGNS: Mapping[str, int] = {
    "cosinus": 1,
    "interaction": 1,
    "bm25": 1,
    "couverture": 1,
    "proximite": 1,
    "mots_connus": 1,
    "ecart": 1,
    "attente_satisfaite": 1,
    "attente_manquee": -1,
    "dispositif_etranger": -1,
    "departement_sans_texte": -1,
    "lieu_etranger": -1,
    "annee_sans_texte": -1,
    "mots_inconnus": -1,
    "longueur": 0,
    "mot_rare_absent": -1,
    "part_absente": -1,
    "part_absente_de_l_unite": -1,
    "dispersion": 0,
    "point_d_interrogation": 0,
    "question_connue": 1,
    "fiche": 1,
    "ecart_des_fiches": 1,
    "part_de_silence": -1,
    "part_classee_de_silence": -1,
    "marge_de_silence": -1,
    "hors_sujet": -1,
    "part_absente_de_la_fiche": -1,
    "part_absente_de_tout": -1,
    "jeton_le_moins_couvert": 1,
}
"""Signals, in the order of the vector, and what each may do: 1, make an answer more probable; -1,
less; 0, nothing, since it tells how a question is written and not what the texts say."""
READ_SIGNS: Mapping[str, int] = {
    **SIGNS,
    "lecture_fiche": 1,
    "lecture_phrase": 1,
    "lecture_silence": -1,
    "lecture_marge": 1,
}
"""The same, and those that the learned reader adds where it has read."""
NAMES = tuple(SIGNS)
READ_NAMES = tuple(READ_SIGNS)


def measure(found: Trouvaille, silence: Mesure) -> NDArray[np.float64]:
    """Signals of one question, in the order of ``NAMES`` or, where it was read, ``READ_NAMES``."""
    comprehension, retrieval, units = found.lu, found.retrieval, found.unites
    marks = sorted((card.note for card in found.cartes), reverse=True)
    nearest = max((hit.score for hit in retrieval.result.asked), default=0.0)
    hits = retrieval.result.hits
    best = units[0] if units else None
    rarity = sum(retrieval.rarities[s] for s in retrieval.words.own)
    asked = _asked(comprehension)
    absent = _absent(
        retrieval, [" ".join((*h.passage.section, h.passage.texte)) for h in hits[:READ_FOR_WORDS]]
    )
    return np.array(
        [
            max((h.signals.dense for h in hits), default=0.0),
            max((h.signals.late for h in hits), default=0.0),
            max((h.signals.lexical for h in hits), default=0.0) / rarity if rarity else 0.0,
            max((u.couverture for u in units[:5]), default=0.0),
            best.proximite if best else 0.0,
            retrieval.result.known_share,
            hits[0].score - hits[min(_PLACE, len(hits) - 1)].score if hits else 0.0,
            float(bool(asked) and best is not None and best.repond_a_l_attente),
            float(bool(asked) and not (best is not None and best.repond_a_l_attente)),
            float(names_foreign_scheme(comprehension.texte)),
            float(asks_of_uncovered_place(comprehension, retrieval)),
            float(bool(comprehension.lieux_etrangers)),
            float(asks_of_uncovered_year(comprehension, retrieval)),
            float(min(len(retrieval.result.unknown_words), 6)),
            float(np.log1p(len(retrieval.result.content_words))),
            max((retrieval.rarities[s] for s in absent), default=0.0),
            _share(absent, retrieval),
            _share(_absent(retrieval, [best.texte] if best else []), retrieval),
            float(np.std([h.signals.dense for h in hits])) if hits else 0.0,
            float("?" in comprehension.texte),
            nearest,
            marks[0] if marks else 0.0,
            marks[0] - marks[1] if len(marks) > 1 else 0.0,
            silence.part,
            silence.part_classee,
            silence.marge,
            silence.hors_sujet,
            silence.fiche_absente,
            silence.tout_absent,
            silence.jeton_min,
            *_reading(found),
        ],
        dtype=np.float64,
    )


def _reading(found: Trouvaille) -> tuple[float, ...]:
    """What the reader says of the best card, sentence, card of silence; and the lead of the first.

    Nothing where it did not read.
    """
    if found.lecture is None:
        return ()
    silent = {c.carte.fiche.id for c in found.cartes if c.carte.fiche.silence}
    cards = [s for name, s in found.lecture.fiches.items() if name not in silent]
    said = [s for name, s in found.lecture.fiches.items() if name in silent]
    card = max(cards, default=-BOUND)
    phrase = max(found.lecture.phrases.values(), default=-BOUND)
    silence = max(said, default=-BOUND)
    return card, phrase, silence, max(card, phrase) - max(silence, 0.0)


def _absent(retrieval: Retrieval, texts: Sequence[str]) -> list[str]:
    """Content stems of the question that some texts hold neither as such nor in other words."""
    held = {stem for text in texts for stem in stems(text)}
    held |= {s for key, others in retrieval.words.said if others & held for s in key}
    return [s for s in retrieval.rarities if s not in held]


def _share(absent: Sequence[str], retrieval: Retrieval) -> float:
    total = sum(retrieval.rarities.values())
    return sum(retrieval.rarities[s] for s in absent) / total if total else 1.0


def names_foreign_scheme(texte: str) -> bool:
    """Whether a question names a benefit or scheme that no text of the corpus speaks of."""
    return _foreign_schemes().search(" ".join(words(fold(texte)))) is not None


def _asked(comprehension: Comprehension) -> set[str]:
    """Names of what a question expects."""
    return {a.nom for a in expected_of(comprehension.texte)}


def asks_of_uncovered_place(comprehension: Comprehension, retrieval: Retrieval) -> bool:
    """Whether it asks, for a département without text here, what only a local text would say."""
    covered = {d.fiche.portee for d in retrieval.stored.documents.values()} - {NATIONALE}
    named = set(comprehension.departements_nommes)
    return bool(named) and not named & covered and bool(_asked(comprehension) & _LOCAL_MATTERS)


def asks_of_uncovered_year(comprehension: Comprehension, retrieval: Retrieval) -> bool:
    """Whether it asks an amount or a date of a year that no text of the corpus names."""
    if not comprehension.annees_nommees or not _asked(comprehension) & _DATED_MATTERS:
        return False
    text = " ".join(hit.passage.texte for hit in retrieval.result.hits)
    years = {year[:4] for year in comprehension.annees_nommees}
    return not any(re.search(rf"\b{year}\b", text) for year in years)


@lru_cache(maxsize=1)
def _foreign_schemes() -> re.Pattern[str]:
    data = read_yaml(_SCHEMES.read_text(encoding="utf-8"))
    names = sorted((" ".join(words(fold(n))) for n in data["dispositifs"]), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names) + r")(?!\w)")
