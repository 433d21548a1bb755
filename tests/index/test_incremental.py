"""Building upon a version: what is taken up, what is made, and that nobody can tell."""

from __future__ import annotations

import errno
import hashlib
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index.build
from corpus.canonical import build_canonical
from corpus.models import DocumentCanonique, FicheDocument
from index.build import BuildReport, build_index
from index.checking import INFO, sealed
from index.embedding.encoder import EncodedText, ModelDescription
from index.embedding.normalise import normalise_input
from index.exemplars import FOLDER, Exemplars
from index.lexicon import Lexique
from index.models import Asked
from index.storage import (
    VERSIONS,
    check_version,
    current_version,
    open_index,
    open_named,
    read_info,
    use_version,
)

MakeFiche = Callable[..., FicheDocument]
Texts = Mapping[str, str]

DIMENSION = 8


class Counting:
    """An encoder of nothing, at no cost: each word has the vector that its letters give."""

    description = ModelDescription(
        name="mots",
        content_hash="0" * 64,
        precision="fp32",
        dimension=DIMENSION,
        query_prompt="",
        passage_prompt="",
        max_tokens=512,
    )

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_query(self, text: str) -> EncodedText:
        return self.encode_passage(f"? {text}")

    def encode_passage(self, text: str) -> EncodedText:
        self.encoded.append(text)
        whole = normalise_input(text)
        words = whole.split()
        ends = np.cumsum([len(word) + 1 for word in words], dtype=np.int32) - 1
        rows = np.array([_row(word) for word in words], dtype=np.float32)
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        sentence = unit.sum(axis=0) / np.linalg.norm(unit.sum(axis=0))
        return EncodedText(
            sentence, unit, np.zeros(len(words), np.int64), ends, slice(0, len(words))
        )


def _row(word: str) -> list[int]:
    return [1 + octet for octet in hashlib.sha256(word.encode()).digest()[:DIMENSION]]


@pytest.fixture
def encoder() -> Counting:
    return Counting()


WORDS = (
    "le",
    "clas",
    "accueille",
    "des",
    "enfants",
    "après",
    "la",
    "classe",
    "avec",
    "deux",
    "animateurs",
    "formés",
    "au",
    "pre",
)


def written(seed: int) -> str:
    """A text of some sections; few seeds, so that documents come back and share passages."""
    draw = random.Random(seed)
    lines: list[str] = []
    for section in range(1 + seed % 3):
        lines += [f"# Partie {section}", ""]
        for _ in range(1 + seed % 2):
            lines += [" ".join(draw.choices(WORDS, k=30)).capitalize() + ".", ""]
    return "\n".join(lines)


@pytest.fixture
def corpus_of(make_fiche: MakeFiche) -> Callable[[Texts], dict[str, DocumentCanonique]]:
    return lambda texts: {
        name: build_canonical(text, make_fiche(id=name)) for name, text in texts.items()
    }


def files(folder: Path, version: str) -> dict[str, bytes]:
    path = folder / VERSIONS / version
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def inodes(folder: Path, version: str) -> dict[str, int]:
    """Which file on the disk each file of the parts of a version is."""
    path = folder / VERSIONS / version
    return {
        p.relative_to(path).as_posix(): p.stat().st_ino
        for p in path.rglob("*")
        if p.parent.name in ("documents", "tokens")
    }


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(bytes(content))


EDITS = st.lists(
    st.tuples(
        st.sampled_from(("put", "drop", "retitle", "turn", "ask", "learn")),
        st.integers(0, 4),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=8,
)


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
    encoder = Counting()
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
        here = build_index(documents, encoder, words, folder / "one", asked=asked)
        there = build_index(documents, Counting(), words, folder / f"{kind}{which}", asked=asked)
        assert here.info == there.info
        assert files(folder / "one", here.info.version) == files(
            folder / f"{kind}{which}", there.info.version
        )
        shutil.rmtree(folder / f"{kind}{which}")
        assert open_index(folder / "one", words).warning is None
    shutil.rmtree(folder)


@pytest.fixture
def three(
    tmp_path: Path,
    encoder: Counting,
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> tuple[Path, list[BuildReport]]:
    """Three versions in a row, in which a document of three changes each time."""
    folder = tmp_path / "index"
    texts = {f"d{n}": written(n) for n in range(3)}
    reports = []
    for seed in (2, 3, 4):
        documents = corpus_of({**texts, "d2": written(seed)})
        reports.append(build_index(documents, encoder, lexique, folder))
    return folder, reports


UNCHANGED = ("documents/d0.json", "documents/d1.json", "tokens/d0.npy", "tokens/d1.npy")


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
    encoder = Counting()
    documents = corpus_of({"d0": written(0), "d1": "# Autre\n\nUn texte neuf.\n", "d2": written(4)})
    report = build_index(documents, encoder, lexique, folder)
    assert cut == ["d1"]
    assert encoder.encoded == ["Essai › Autre. Un texte neuf."]
    assert (report.embedded, report.reused) == (1, report.info.entries - 1)


def test_a_changed_title_of_the_publisher_alone_embeds_nothing(
    tmp_path: Path, encoder: Counting, lexique: Lexique, make_fiche: MakeFiche
) -> None:
    for editeur in ("Une Caf", "Une autre"):
        documents = {"d": build_canonical(written(3), make_fiche(id="d", editeur=editeur))}
        report = build_index(documents, encoder, lexique, tmp_path)
    assert report.embedded == 0
    assert open_index(tmp_path, lexique).documents["d"].fiche.editeur == "Une autre"


@pytest.mark.parametrize("name", UNCHANGED)
def test_a_shared_file_that_is_damaged_sends_readers_to_the_version_before(
    three: tuple[Path, list[BuildReport]], lexique: Lexique, name: str
) -> None:
    folder, reports = three
    newest, before = reports[2].info.version, reports[1].info.version
    flip(folder / VERSIONS / newest / name)
    opened = open_index(folder, lexique)
    assert opened.info.version == before
    assert f"fichier {name} altéré" in (opened.warning or "")


@pytest.mark.parametrize("current", [True, False])
@pytest.mark.parametrize("name", UNCHANGED)
def test_a_damaged_exemplar_is_told_before_the_version_is_used_and_made_again(
    three: tuple[Path, list[BuildReport]],
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
    name: str,
    current: bool,
) -> None:
    folder, reports = three
    digest = reports[2].info.files[name]
    used = (folder / VERSIONS / reports[2].info.version / name).stat().st_ino
    spare = next(p for p in (folder / FOLDER).glob(f"*/{digest}") if p.stat().st_ino != used)
    flip(spare)
    documents = corpus_of({"d0": written(0), "d1": written(1), "d2": written(5)})

    def build() -> str:
        encoder = Counting()
        return build_index(documents, encoder, lexique, folder, current=current).info.version

    version = build()
    if not current:
        assert check_version(folder / VERSIONS / version) == f"fichier {name} altéré"
        assert current_version(folder) == reports[2].info.version
        assert build() == version
        use_version(folder, version)
    assert check_version(folder / VERSIONS / version) is None
    assert open_index(folder, lexique).info.version == version
    fresh = folder.parent / "fresh"
    build_index(documents, Counting(), lexique, fresh)
    assert files(folder, version) == files(fresh, version)


def test_where_no_exemplar_is_whole_the_document_is_made_again(
    three: tuple[Path, list[BuildReport]],
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> None:
    folder, reports = three
    digest = reports[2].info.files["tokens/d0.npy"]
    for path in (folder / FOLDER).glob(f"*/{digest}"):
        flip(path)
    documents = corpus_of({"d0": written(0), "d1": written(1), "d2": written(5)})
    encoder = Counting()
    report = build_index(documents, encoder, lexique, folder)
    opened = open_index(folder, lexique)
    assert (opened.info, opened.warning) == (report.info, None)
    assert {text.split(".")[0] for text in encoder.encoded} == {"Essai › Partie 0"} | {
        f"Essai › Partie {n}" for n in range(1 + 5 % 3)
    }


def test_a_damaged_file_is_never_copied_into_a_version_that_says_it_is_whole(
    three: tuple[Path, list[BuildReport]],
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> None:
    folder, reports = three
    for path in (folder / FOLDER).glob(f"*/{reports[2].info.files['tokens/d1.npy']}"):
        flip(path)
    longer = written(1) + "\nUne phrase de plus.\n"
    documents = corpus_of({"d0": written(0), "d1": longer, "d2": written(4)})
    version = build_index(documents, Counting(), lexique, folder).info.version
    fresh = folder.parent / "fresh"
    build_index(documents, Counting(), lexique, fresh)
    assert files(folder, version) == files(fresh, version)


def test_versions_stay_whole_when_older_ones_and_their_exemplars_are_dropped(
    tmp_path: Path,
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLAS_VERSIONS", "2")
    versions = [
        build_index(
            corpus_of({"d0": written(0), "d1": f"# Titre\n\nTexte numéro {number}.\n"}),
            Counting(),
            lexique,
            tmp_path,
        ).info.version
        for number in range(7)
    ]
    assert sorted(p.name for p in (tmp_path / VERSIONS).iterdir()) == sorted(versions[-2:])
    for version in versions[-2:]:
        assert check_version(tmp_path / VERSIONS / version) is None
    held = {
        digest
        for version in versions[-2:]
        for name, digest in read_info(tmp_path / VERSIONS / version).files.items()
        if name.startswith(("documents/", "tokens/"))
    }
    for slot in ("1", "2"):
        assert {p.name for p in (tmp_path / FOLDER / slot).iterdir()} == held


def test_a_lost_folder_of_exemplars_is_made_again(
    three: tuple[Path, list[BuildReport]],
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> None:
    folder, reports = three
    shutil.rmtree(folder / FOLDER)
    encoder = Counting()
    documents = corpus_of({"d0": written(0), "d1": written(1), "d2": "# Neuf\n\nUn texte.\n"})
    report = build_index(documents, encoder, lexique, folder)
    assert report.embedded == 1
    before, after = (inodes(folder, r.info.version) for r in (reports[2], report))
    assert not set(before.values()) & set(after.values())
    assert len(list((folder / FOLDER / "2").iterdir())) == len(after)


def test_without_hard_links_each_version_has_copies_of_its_own(
    tmp_path: Path,
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    documents = [corpus_of({"d0": written(0), "d1": written(n)}) for n in (1, 2)]
    reports = [build_index(d, Counting(), lexique, tmp_path / "copies") for d in documents]
    for report in reports:
        assert check_version(tmp_path / "copies" / VERSIONS / report.info.version) is None
    assert not [p for p in (tmp_path / "copies" / FOLDER).rglob("*") if p.is_file()]
    monkeypatch.undo()
    linked = build_index(documents[1], Counting(), lexique, tmp_path / "links")
    assert linked.info == reports[1].info
    version = linked.info.version
    assert files(tmp_path / "copies", version) == files(tmp_path / "links", version)


def test_a_disk_that_fails_while_linking_is_no_file_system_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with pytest.raises(OSError, match="No space left"):
        Exemplars(tmp_path).write(
            lambda path: path.write_bytes(b"x") and None, tmp_path / "x", None
        )


def test_parts_made_by_another_program_are_made_again_with_the_vectors_that_are_known(
    three: tuple[Path, list[BuildReport]],
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, reports = three
    monkeypatch.setattr(index.parts, "_program", lambda: "another")
    documents = corpus_of({"d0": written(0), "d1": written(1), "d2": written(4)})
    cut: list[str] = []
    original = index.build.cut_passages
    monkeypatch.setattr(
        index.build, "cut_passages", lambda d: (cut.append(d.fiche.id), original(d))[1]
    )
    report = build_index(documents, Counting(), lexique, folder)
    assert cut == ["d0", "d1", "d2"]
    assert report.embedded == 0
    assert report.info.version == reports[2].info.version


def test_a_prepared_version_is_opened_by_name_with_what_it_shares(
    three: tuple[Path, list[BuildReport]],
    lexique: Lexique,
    corpus_of: Callable[[Texts], dict[str, DocumentCanonique]],
) -> None:
    folder, reports = three
    documents = corpus_of({"d0": written(0), "d1": written(1), "d2": written(7)})
    report = build_index(documents, Counting(), lexique, folder, current=False)
    assert current_version(folder) == reports[2].info.version
    opened = open_named(folder, report.info.version, lexique)
    assert [p.document for p in opened.passages if p.document == "d0"]
    path = folder / VERSIONS / report.info.version
    assert sealed(read_info(path)) == read_info(path)
    assert (path / INFO).is_file()
