"""Building upon a version: what is taken up, what is made, and that nobody can tell."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from incremental import UNCHANGED, Counting, MakeFiche, Texts, files, inodes, written

import index.build
from corpus.canonical import build_canonical
from corpus.models import DocumentCanonique
from index.build import BuildReport, build_index
from index.lexicon import Lexique
from index.models import Asked
from index.storage import (
    open_index,
)

EDITS = st.lists(
    st.tuples(
        st.sampled_from(("put", "drop", "retitle", "turn", "ask", "learn")),
        st.integers(0, 4),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.long
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=EDITS)
def test_any_series_of_edits_gives_the_version_that_a_build_from_nothing_gives(
    tmp_path_factory: pytest.TempPathFactory,
    make_fiche: MakeFiche,
    lexique: Lexique,
    edits: list[tuple[str, int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    counting = Counting()
    texts, titles, turned, ways, words = {"d0": 0, "d1": 1}, {"d0": "Un"}, False, 0, lexique
    for kind, which, seed in edits:
        name = f"d{which}"
        if kind == "put":
            texts[name] = seed
        elif kind == "drop" and len(texts) > 1:
            texts.pop(name, None)
        elif kind == "retitle":
            titles[name] = f"Titre {seed}"
        elif kind == "turn":
            turned = not turned
        elif kind == "ask":
            ways = seed
        elif kind == "learn":
            words = lexique.model_copy(update={"sigles": {"pre": f"programme {seed}"}})
        order = sorted(texts, reverse=turned)
        documents = {
            n: build_canonical(written(texts[n]), make_fiche(id=n, titre_court=titles.get(n, "T")))
            for n in order
        }
        asked = [
            Asked(target="x", text=f"question {n}", portee="nationale", spans=((order[0], 12, 40),))
            for n in range(ways)
        ]
        here = build_index(documents, counting, words, folder / "one", asked=asked)
        there = build_index(documents, Counting(), words, folder / f"{kind}{which}", asked=asked)
        assert here.info == there.info
        assert files(folder / "one", here.info.version) == files(
            folder / f"{kind}{which}", there.info.version
        )
        shutil.rmtree(folder / f"{kind}{which}")
        assert open_index(folder / "one", words).warning is None
    shutil.rmtree(folder)


def test_a_version_shares_no_file_with_the_one_before_it(
    three: tuple[Path, list[BuildReport]],
) -> None:
    folder, reports = three
    first, second, third = (inodes(folder, report.info.version) for report in reports)
    assert set(UNCHANGED) < set(first)
    assert not set(first.values()) & set(second.values())
    assert not set(second.values()) & set(third.values())
    assert {name: first[name] for name in UNCHANGED} == {name: third[name] for name in UNCHANGED}


def test_a_document_that_did_not_change_is_neither_cut_nor_counted_nor_embedded_again(
    three: tuple[Path, list[BuildReport]],
    monkeypatch: pytest.MonkeyPatch,
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> None:
    folder, _ = three
    cut: list[str] = []
    original = index.build.cut_passages

    def cut_passages(document: DocumentCanonique) -> object:
        cut.append(document.fiche.id)
        return original(document)

    monkeypatch.setattr(index.build, "cut_passages", cut_passages)
    counting = Counting()
    documents = corpus_of({"d0": written(0), "d1": "# Autre\n\nUn texte neuf.\n", "d2": written(4)})
    report = build_index(documents, counting, lexique, folder)
    assert cut == ["d1"]
    assert counting.encoded == ["Essai › Autre. Un texte neuf."]
    assert (report.embedded, report.reused) == (1, report.info.entries - 1)


def test_a_changed_title_of_the_publisher_alone_embeds_nothing(
    tmp_path: Path, counting: Counting, lexique: Lexique, make_fiche: MakeFiche
) -> None:
    for editeur in ("Une Caf", "Une autre"):
        documents = {"d": build_canonical(written(3), make_fiche(id="d", editeur=editeur))}
        report = build_index(documents, counting, lexique, tmp_path)
    assert report.embedded == 0
    assert open_index(tmp_path, lexique).documents["d"].fiche.editeur == "Une autre"
