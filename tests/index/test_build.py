"""Building: what is embedded, what is reused, what is named, bit for bit."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from corpus.canonical import build_canonical
from corpus.library import MANIFEST, SOURCES, Corpus, load_corpus
from corpus.models import DocumentCanonique, FicheDocument
from corpus.passages import cut_passages
from index.build import BuildReport, build_index
from index.embedding.encoder import Encoder
from index.embedding.normalise import normalise_input
from index.lexicon import Lexique
from index.models import SearchQuery
from index.search import Searcher
from index.storage import INFO, VERSIONS, IndexInutilisable, current_version, open_index

pytestmark = pytest.mark.long
"""A build from nothing embeds every passage."""

MakeFiche = Callable[..., FicheDocument]
Build = Callable[[dict[str, DocumentCanonique], Path], BuildReport]


@pytest.fixture(scope="module")
def build(encoder: Encoder, lexique: Lexique) -> Build:
    return lambda documents, folder: build_index(documents, encoder, lexique, folder)


@pytest.fixture(scope="module")
def index_folder(full_build: tuple[Path, BuildReport]) -> Path:
    """Built from nothing, here."""
    return full_build[0]


@pytest.fixture
def copy(index_folder: Path, tmp_path: Path) -> Path:
    """A copy of the built index, to build upon."""
    shutil.copytree(index_folder, tmp_path / "index")
    return tmp_path / "index"


def files(folder: Path, version: str) -> dict[str, bytes]:
    path = folder / VERSIONS / version
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def changed(document: DocumentCanonique, old: str, new: str) -> DocumentCanonique:
    """The document read from a source in which some words are others."""
    source = (SOURCES / document.fiche.fichier).read_text("utf-8")
    assert source.count(old) == 1
    return build_canonical(source.replace(old, new), document.fiche)


def test_a_first_build_embeds_every_passage(
    full_build: tuple[Path, BuildReport], corpus: Corpus
) -> None:
    folder, report = full_build
    passages = sum(len(cut_passages(d)) for d in corpus.documents.values())
    assert (report.embedded, report.reused) == (passages, 0)
    assert report.info.passages == report.info.entries == passages
    assert report.info.documents == {name: d.version for name, d in corpus.documents.items()}
    assert current_version(folder) == report.info.version


def test_a_repeated_build_embeds_nothing_and_changes_nothing(
    copy: Path, corpus: Corpus, build: Build, full_build: tuple[Path, BuildReport]
) -> None:
    before = files(copy, full_build[1].info.version)
    report = build(dict(corpus.documents), copy)
    assert report.embedded == 0
    assert report.reused == report.info.entries
    assert report.info == full_build[1].info
    assert files(copy, report.info.version) == before
    assert len(list((copy / VERSIONS).iterdir())) == 1


OLD_WORDS = "4 300 projets Clas financés"
NEW_WORDS = "4 301 projets Clas financés"


def test_a_changed_text_embeds_only_its_changed_passages(
    copy: Path, corpus: Corpus, build: Build, full_build: tuple[Path, BuildReport]
) -> None:
    documents = dict(corpus.documents)
    documents["003"] = changed(documents["003"], OLD_WORDS, NEW_WORDS)
    report = build(documents, copy)
    assert (report.embedded, report.reused) == (1, report.info.entries - 1)
    assert report.info.version != full_build[1].info.version
    assert report.info.documents["003"] != full_build[1].info.documents["003"]


def test_an_incremental_build_is_the_full_build_bit_for_bit(
    tmp_path: Path, corpus: Corpus, build: Build
) -> None:
    before = {"003": corpus.documents["003"], "002": corpus.documents["002"]}
    after = {"003": changed(before["003"], OLD_WORDS, NEW_WORDS), "002": before["002"]}
    build(before, tmp_path / "one")
    incremental = build(after, tmp_path / "one")
    assert incremental.embedded == 1
    full = build(after, tmp_path / "two")
    assert full.embedded == full.info.entries
    assert incremental.info == full.info
    assert files(tmp_path / "one", full.info.version) == files(tmp_path / "two", full.info.version)


REBUILD = """
import sys
from pathlib import Path
from corpus.library import load_corpus
from index.build import build_index
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
documents = {"003": load_corpus().documents["003"]}
encoder = open_encoder(None, Path(sys.argv[1]))
print(build_index(documents, encoder, load_lexicon(), Path(sys.argv[2])).info.version)
"""


def test_another_process_builds_the_same_bits(
    tmp_path: Path, corpus: Corpus, build: Build, models_folder: Path
) -> None:
    here = build({"003": corpus.documents["003"]}, tmp_path / "here")
    done = subprocess.run(
        [sys.executable, "-c", REBUILD, str(models_folder), str(tmp_path / "there")],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    version = done.stdout.strip()
    assert version == here.info.version
    assert files(tmp_path / "there", version) == files(tmp_path / "here", version)


def test_the_version_is_named_after_all_that_is_stored(
    tmp_path: Path,
    encoder: Encoder,
    lexique: Lexique,
    make_fiche: MakeFiche,
) -> None:
    source = "Un collectif réunit huit enfants. Il se réunit deux fois par semaine.\n"
    plain = {"essai": build_canonical(source, make_fiche())}
    moved = {"essai": build_canonical(source, make_fiche(portee="34"))}
    richer = lexique.model_copy(
        update={
            "synonymes": (
                *lexique.synonymes,
                lexique.synonymes[0].model_copy(update={"dits": ("xylophone",)}),
            )
        }
    )
    names = [
        build_index(plain, encoder, lexique, tmp_path / "1").info.version,
        build_index(plain, encoder, lexique, tmp_path / "2").info.version,
        build_index(moved, encoder, lexique, tmp_path / "3").info.version,
        build_index(plain, encoder, richer, tmp_path / "4").info.version,
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3
    assert all(len(name) == 12 and int(name, 16) >= 0 for name in names)


def test_a_changed_lexicon_is_stored_though_no_passage_changes(
    tmp_path: Path, corpus: Corpus, encoder: Encoder, lexique: Lexique
) -> None:
    documents = {"003": corpus.documents["003"]}
    build_index(documents, encoder, lexique, tmp_path)
    richer = lexique.model_copy(
        update={
            "synonymes": (
                *lexique.synonymes,
                lexique.synonymes[0].model_copy(update={"dits": ("xylophone",)}),
            )
        }
    )
    report = build_index(documents, encoder, richer, tmp_path)
    assert report.embedded == 0
    assert "xylophone" in open_index(tmp_path, richer).lexical.spellings


def test_progress_is_told_up_to_the_end(
    tmp_path: Path, encoder: Encoder, lexique: Lexique, make_fiche: MakeFiche
) -> None:
    told: list[tuple[int, int]] = []
    documents = {"essai": build_canonical("# Un\n\nA.\n\n# Deux\n\nB.\n", make_fiche())}
    build_index(documents, encoder, lexique, tmp_path, advance=lambda *step: told.append(step))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_damaged_index_is_built_again_from_nothing(
    copy: Path, corpus: Corpus, build: Build, full_build: tuple[Path, BuildReport], lexique: Lexique
) -> None:
    for path in (copy / VERSIONS).iterdir():
        (path / INFO).write_bytes(b"{}")
    documents = {"003": corpus.documents["003"]}
    report = build(documents, copy)
    assert report.reused == 0
    assert open_index(copy, lexique).warning is None
    assert report.info.version != full_build[1].info.version


def test_no_searched_text_is_longer_than_the_model_reads(
    index_folder: Path, lexique: Lexique
) -> None:
    stored = open_index(index_folder, lexique)
    for row, entry in enumerate(stored.entries):
        last = int(stored.tokens.bounds[row + 1]) - 1
        assert stored.tokens.ends[last] == len(normalise_input(entry.searched)), entry.target


def test_stored_vectors_are_those_of_the_searched_texts(
    index_folder: Path, encoder: Encoder, lexique: Lexique
) -> None:
    stored = open_index(index_folder, lexique)
    for row in range(0, len(stored.entries), 40):
        encoded = encoder.encode_passage(stored.entries[row].searched)
        assert np.array_equal(stored.vectors[row], encoded.sentence)
        own = encoded.tokens[encoded.content]
        assert stored.tokens.of(row).shape == own.shape
        assert np.abs(stored.tokens.of(row) - own).max() < 2e-3


def test_the_searched_text_says_where_a_passage_stands_and_opens_abbreviations(
    index_folder: Path, lexique: Lexique
) -> None:
    stored = open_index(index_folder, lexique)
    by_target = {entry.target: entry.searched for entry in stored.entries}
    for passage in stored.passages:
        searched = by_target[passage.id]
        assert passage.texte in searched
        assert searched.startswith(stored.documents[passage.document].fiche.titre_court)
        for title in passage.section:
            assert title in searched
    opened = next(
        s for s in by_target.values() if "les programmes de réussite éducative (Pre)" in s
    )
    assert "programme de réussite éducative" in opened


def test_items_cut_from_their_introduction_get_it_back_in_the_searched_text(
    index_folder: Path, lexique: Lexique
) -> None:
    stored = open_index(index_folder, lexique)
    cut = 0
    for passage, entry in zip(stored.passages, stored.entries, strict=True):
        document = stored.documents[passage.document]
        first = next(b for b in document.blocs if b.debut <= passage.debut < b.fin)
        if first.introduit_par is None:
            continue
        introduction = document.blocs[first.introduit_par]
        if introduction.nature == "paragraphe":
            cut += 1
            assert document.texte[introduction.debut : introduction.fin] in entry.searched
    assert cut >= 5


def test_units_hold_the_tokens_of_their_own_words(index_folder: Path, lexique: Lexique) -> None:
    stored = open_index(index_folder, lexique)
    for row, units in enumerate(stored.units):
        start = int(stored.tokens.bounds[row])
        whole = normalise_input(stored.entries[row].searched)
        document = stored.documents[stored.passages[row].document]
        for unit in units:
            assert 0 <= unit.premier < unit.dernier <= stored.tokens.bounds[row + 1] - start
            words = normalise_input(document.texte[unit.debut : unit.fin])
            end = int(stored.tokens.ends[start + unit.dernier - 1])
            assert whole[:end].endswith(words[-10:])


def test_another_model_is_refused_and_the_message_says_what_to_do(
    index_folder: Path, encoder: Encoder, lexique: Lexique
) -> None:
    stored = open_index(index_folder, lexique)
    model = stored.info.model.model_copy(update={"content_hash": "f" * 64, "name": "autre"})
    other = stored.info.model_copy(update={"model": model})
    with pytest.raises(IndexInutilisable) as refused:
        Searcher(replace(stored, info=other), encoder)
    message = str(refused.value)
    assert "autre" in message
    assert encoder.description.name in message
    assert "lancez « clas preparer »" in message


def test_vectors_of_another_model_are_not_reused(
    copy: Path, corpus: Corpus, encoder: Encoder, lexique: Lexique
) -> None:
    class Renamed:
        """The same network under another name: what it made before must not be taken up."""

        description = encoder.description.model_copy(update={"content_hash": "f" * 64})
        encode_query = staticmethod(encoder.encode_query)
        encode_passage = staticmethod(encoder.encode_passage)

    report = build_index({"003": corpus.documents["003"]}, Renamed(), lexique, copy)
    assert report.reused == 0


SIXTH = """# Règlement intérieur du Clas de Saint-Xylophone

## Horaires du goûter

Le goûter au xylophone est servi à 16 h 45 précises par les bénévoles de la fanfare.

## Sorties

Les sorties prévues sont :

- le musée de la clarinette ;
- la visite du kiosque à musique.
"""


def test_one_manifest_entry_is_all_that_a_sixth_document_needs(
    copy: Path, tmp_path: Path, encoder: Encoder, lexique: Lexique, build: Build
) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(SOURCES, sources)
    (sources / "005_reglement.md").write_text(SIXTH, "utf-8")
    entries = yaml.safe_load(MANIFEST.read_text("utf-8"))
    entries["documents"].append(
        {
            "id": "005",
            "titre": "Règlement intérieur du Clas de Saint-Xylophone",
            "titre_court": "Règlement de Saint-Xylophone",
            "editeur": "Association de Saint-Xylophone",
            "nature": "autre",
            "portee": "2A",
            "rang": 4,
            "date_publication": "2025-09-01",
            "fichier": "005_reglement.md",
            "sha256": hashlib.sha256(SIXTH.encode()).hexdigest(),
            "mise_en_page": "markdown",
        }
    )
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")

    documents = dict(load_corpus(manifest, sources).documents)
    assert [b.nature for b in documents["005"].blocs].count("element") == 2
    report = build(documents, copy)
    assert report.embedded == len(cut_passages(documents["005"])) > 0

    searcher = Searcher(open_index(copy, lexique), encoder)
    asked = SearchQuery(text="À quelle heure est servi le goûter ?", departements=("2A",))
    first = searcher.search(asked, 3).hits[0]
    assert first.passage.document == "005"
    assert "16 h 45" in first.passage.texte
    assert first.passage.section[-1] == "Horaires du goûter"
    elsewhere = asked.model_copy(update={"departements": ("34",)})
    assert "005" not in {h.passage.document for h in searcher.search(elsewhere, 500).hits}
