"""What tests of incremental builds share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from incremental import Counting, MakeFiche, Texts, written

from corpus.canonical import build_canonical
from corpus.models import DocumentCanonique
from index.build import BuildReport, build_index
from index.lexicon import Lexique


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def corpus_of(make_fiche: MakeFiche) -> Callable[[Texts], dict[str, DocumentCanonique]]:
    return lambda texts: {
        name: build_canonical(text, make_fiche(id=name)) for name, text in texts.items()
    }


@pytest.fixture
def three(
    tmp_path: Path,
    counting: Counting,
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> tuple[Path, list[BuildReport]]:
    """Three versions in a row, in which a document of three changes each time."""
    folder = tmp_path / "index"
    texts = {f"d{n}": written(n) for n in range(3)}
    reports = []
    for seed in (2, 3, 4):
        documents = corpus_of({**texts, "d2": written(seed)})
        reports.append(build_index(documents, counting, lexique, folder))
    return folder, reports
