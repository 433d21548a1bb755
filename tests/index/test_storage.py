"""Index versions on disk: whole or not there, whatever stops the program or damages a file."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.checking import is_whole, sealed
from index.late import Rows
from index.lexicon import Lexique
from index.storage import (
    CURRENT,
    FORMAT,
    INFO,
    KEPT,
    VERSIONS,
    IndexInutilisable,
    StoredIndex,
    check_version,
    current_documents,
    current_version,
    open_index,
    read_info,
    stored_text,
    write_version,
)

Store = Callable[[str], StoredIndex]


@pytest.fixture(scope="module")
def built(index_folder: Path, lexique: Lexique) -> StoredIndex:
    """The built index, to be written again elsewhere."""
    return open_index(index_folder, lexique)


def named(content: StoredIndex, version: str) -> StoredIndex:
    """The same content under another version name."""
    return replace(content, info=content.info.model_copy(update={"version": version}))


OLD, NEW = "0" * 11 + "1", "0" * 11 + "2"


@pytest.fixture
def folder(tmp_path: Path, built: StoredIndex) -> Path:
    """An index folder with two versions, the second in use."""
    write_version(tmp_path, named(built, OLD))
    write_version(tmp_path, named(built, NEW))
    return tmp_path


TOKENS = "tokens/003.npy"
DOCUMENT = "documents/003.json"
DOCUMENTS = ("000", "001", "002", "003", "004")


def stored_files() -> list[str]:
    return [
        "attached.json",
        "base.json",
        "bm25/data.csc.index.npy",
        "bm25/indices.csc.index.npy",
        "bm25/indptr.csc.index.npy",
        "bm25/params.index.json",
        "bm25/vocab.index.json",
        "bm25/word_bounds.npy",
        "bm25/word_columns.npy",
        "bm25/word_times.npy",
        "bm25/words.json",
        "dense.faiss",
        *(f"documents/{name}.json" for name in DOCUMENTS),
        "questions.json",
        "reuse.json",
        "spellings.json",
        "token_bounds.npy",
        "token_ends.npy",
        "token_scales.npy",
        "tokens/_questions.npy",
        *(f"tokens/{name}.npy" for name in DOCUMENTS),
        "vectors.npy",
    ]


def test_a_version_lists_every_file_that_it_holds(folder: Path) -> None:
    path = folder / VERSIONS / NEW
    found = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    assert found == {*stored_files(), INFO}
    listed = json.loads((path / INFO).read_text("utf-8"))["files"]
    assert set(listed) == found
    for name in stored_files():
        assert listed[name] == hashlib.sha256((path / name).read_bytes()).hexdigest()


def test_the_version_in_use_is_the_last_written(folder: Path, lexique: Lexique) -> None:
    opened = open_index(folder, lexique)
    assert (opened.info.version, opened.warning) == (NEW, None)


def test_what_is_read_is_what_was_written(
    folder: Path, built: StoredIndex, lexique: Lexique
) -> None:
    opened = open_index(folder, lexique)
    assert opened.documents == built.documents
    assert opened.passages == built.passages
    assert opened.entries == built.entries
    assert opened.units == built.units
    assert opened.lexical.spellings == built.lexical.spellings
    for field in ("values", "scales", "ends", "bounds"):
        assert np.array_equal(getattr(opened.tokens, field), getattr(built.tokens, field))
    assert np.array_equal(opened.vectors, built.vectors)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(bytes(content))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


_LATER = (truncate, empty, lengthen)


@pytest.mark.parametrize("name", [DOCUMENT, INFO])
def test_a_version_found_whole_is_read_again_once_a_file_changes(folder: Path, name: str) -> None:
    path = folder / VERSIONS / NEW

    def in_an_hour() -> int:
        return time.time_ns() + 3_600_000_000_000

    assert [is_whole(path, in_an_hour) for _ in range(2)] == [True, True]
    flip(path / name)
    assert [is_whole(path, in_an_hour) for _ in range(2)] == [False, False]
    flip(path / name)
    assert is_whole(path, in_an_hour)


@pytest.mark.parametrize(
    "damage", [flip, Path.unlink, *(pytest.param(d, marks=pytest.mark.long) for d in _LATER)]
)
@pytest.mark.parametrize("name", [*stored_files(), INFO])
def test_a_damaged_file_sends_readers_to_the_version_before(
    damaged: tuple[Path, Path], lexique: Lexique, name: str, damage: Callable[[Path], None]
) -> None:
    folder, kept = damaged
    target = folder / VERSIONS / NEW / name
    damage(target)
    try:
        opened = open_index(folder, lexique)
        assert opened.info.version == OLD
        assert opened.warning is not None
        assert NEW in opened.warning
        assert Path(name).name in opened.warning
        assert f"La version {OLD} est utilisée à la place." in opened.warning
    finally:
        shutil.copy2(kept / name, target)
    assert open_index(folder, lexique).info.version == NEW


@pytest.fixture(scope="module")
def damaged(
    tmp_path_factory: pytest.TempPathFactory, built: StoredIndex
) -> Iterator[tuple[Path, Path]]:
    """A folder to damage and mend, and a copy of its version in use."""
    folder = tmp_path_factory.mktemp("damaged")
    write_version(folder, named(built, OLD))
    write_version(folder, named(built, NEW))
    kept = tmp_path_factory.mktemp("kept") / NEW
    shutil.copytree(folder / VERSIONS / NEW, kept)
    return folder, kept


def test_any_byte_of_the_description_counts(damaged: tuple[Path, Path]) -> None:
    folder, kept = damaged
    path = folder / VERSIONS / NEW / INFO
    content = path.read_bytes()
    for place in range(0, len(content), 41):
        if content[place : place + 1].isspace():
            continue
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1 :])
        assert check_version(path.parent) is not None, content[place - 20 : place + 20]
    shutil.copy2(kept / INFO, path)
    assert check_version(path.parent) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00garbage", b"../../etc", b"0" * 12 + b"\n" + b"1" * 12, "é".encode()]
)
def test_a_garbled_current_name_sends_readers_to_the_latest_whole_version(
    folder: Path, lexique: Lexique, content: bytes
) -> None:
    (folder / CURRENT).write_bytes(content)
    opened = open_index(folder, lexique)
    assert opened.info.version == NEW
    assert opened.warning is not None
    assert "« courante »" in opened.warning


def test_a_lost_current_name_sends_readers_to_the_latest_whole_version(
    folder: Path, lexique: Lexique
) -> None:
    (folder / CURRENT).unlink()
    opened = open_index(folder, lexique)
    assert opened.info.version == NEW
    assert "« courante »" in (opened.warning or "")


def test_a_current_name_without_its_version_sends_readers_to_another(
    folder: Path, lexique: Lexique
) -> None:
    shutil.rmtree(folder / VERSIONS / NEW)
    opened = open_index(folder, lexique)
    assert opened.info.version == OLD
    assert "index.json absent" in (opened.warning or "")


def test_an_index_that_was_never_built_says_what_to_do(tmp_path: Path, lexique: Lexique) -> None:
    with pytest.raises(IndexInutilisable, match="pas encore construit : lancez « make app »"):
        open_index(tmp_path, lexique)
    assert current_version(tmp_path) is None
    assert current_documents(tmp_path) == {}
    assert stored_text(tmp_path, "004", None) is None


def test_no_whole_version_is_a_clear_error(folder: Path, lexique: Lexique) -> None:
    for version in (OLD, NEW):
        flip(folder / VERSIONS / version / "vectors.npy")
    with pytest.raises(IndexInutilisable, match=r"vectors\.npy altéré.*Lancez « clas preparer »"):
        open_index(folder, lexique)


def test_another_format_is_told(folder: Path, lexique: Lexique) -> None:
    path = folder / VERSIONS / NEW / INFO
    known = f'"format": {FORMAT}'
    path.write_text(path.read_text("utf-8").replace(known, '"format": 99'), "utf-8")
    assert f"format 99, attendu {FORMAT}" in (open_index(folder, lexique).warning or "")


def test_a_half_written_version_is_never_opened(folder: Path, lexique: Lexique) -> None:
    draft = folder / VERSIONS / f".{NEW}.abcd"
    shutil.copytree(folder / VERSIONS / NEW, draft)
    (draft / INFO).unlink()
    (folder / CURRENT).unlink()
    shutil.rmtree(folder / VERSIONS / NEW)
    assert open_index(folder, lexique).info.version == OLD


def test_the_next_build_drops_what_a_dead_one_left(folder: Path, built: StoredIndex) -> None:
    draft = folder / VERSIONS / ".dead.abcd"
    draft.mkdir()
    (draft / "tokens.npy").write_bytes(b"0" * 1000)
    write_version(folder, named(built, NEW))
    assert not draft.exists()


def test_a_folder_that_cannot_be_written_is_a_clear_error(
    tmp_path: Path, built: StoredIndex
) -> None:
    (tmp_path / "index").write_bytes(b"a file where a folder is wanted")
    with pytest.raises(IndexInutilisable, match="n'a pas pu être écrit") as refused:
        write_version(tmp_path / "index", named(built, NEW))
    assert "clas preparer" in str(refused.value)


def test_a_damaged_version_is_written_again(
    folder: Path, built: StoredIndex, lexique: Lexique
) -> None:
    flip(folder / VERSIONS / NEW / TOKENS)
    write_version(folder, named(built, NEW))
    opened = open_index(folder, lexique)
    assert (opened.info.version, opened.warning) == (NEW, None)


def test_a_version_already_there_is_only_made_current(folder: Path, built: StoredIndex) -> None:
    before = (folder / VERSIONS / OLD / TOKENS).stat()
    write_version(folder, named(built, OLD))
    after = (folder / VERSIONS / OLD / TOKENS).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert current_version(folder) == OLD


def test_only_the_latest_versions_are_kept(tmp_path: Path, built: StoredIndex) -> None:
    names = [f"{number:012x}" for number in range(KEPT + 2)]
    for name in names:
        write_version(tmp_path, named(built, name))
    assert sorted(p.name for p in (tmp_path / VERSIONS).iterdir()) == names[-KEPT:]


def test_the_version_in_use_is_kept_however_old(tmp_path: Path, built: StoredIndex) -> None:
    names = [f"{number:012x}" for number in range(KEPT)]
    for name in names:
        write_version(tmp_path, named(built, name))
    shutil.copytree(tmp_path / VERSIONS / names[-1], tmp_path / VERSIONS / ("e" * 12))
    write_version(tmp_path, named(built, names[0]))
    kept = sorted(p.name for p in (tmp_path / VERSIONS).iterdir())
    assert current_version(tmp_path) == names[0]
    assert len(kept) == KEPT
    assert names[0] in kept


def test_a_reader_keeps_reading_the_version_that_it_opened(
    folder: Path, built: StoredIndex, lexique: Lexique
) -> None:
    opened = open_index(folder, lexique)
    shutil.rmtree(folder / VERSIONS / NEW)
    assert np.array_equal(opened.tokens.values, built.tokens.values)
    assert np.array_equal(opened.vectors, built.vectors)
    distances, ids = opened.dense.search(np.array(built.vectors[:1]), 1)
    assert ids[0][0] == 0
    assert distances[0][0] == pytest.approx(1, abs=1e-5)
    read = opened.lexical.read("séances hebdomadaires")
    assert opened.lexical.scores(read.own).max() > 0


def test_large_arrays_are_mapped_rather_than_loaded(folder: Path, lexique: Lexique) -> None:
    opened = open_index(folder, lexique)
    values = opened.tokens.values
    assert isinstance(values, Rows)
    for array in (opened.vectors, *values.parts, opened.tokens.scales):
        assert isinstance(array.base, np.memmap)
        assert not array.flags.writeable


class Trap:
    """What a pickle would run when read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.path,))


def test_a_pickle_put_in_place_of_an_array_is_never_run(
    tmp_path: Path, built: StoredIndex, lexique: Lexique
) -> None:
    marker = tmp_path / "ran"
    write_version(tmp_path, named(built, NEW))
    path = tmp_path / VERSIONS / NEW
    for name in [n for n in stored_files() if n.endswith(".npy")]:
        before = (path / name).read_bytes()
        np.save(path / name, np.array([Trap(marker)], dtype=object), allow_pickle=True)
        reseal(path)
        with pytest.raises((ValueError, OSError)):
            open_index(tmp_path, lexique)
        (path / name).write_bytes(before)
    assert not marker.exists()


def reseal(path: Path) -> None:
    """Give a version the checksums of the files that it now holds."""
    info = read_info(path)
    files = {
        name: hashlib.sha256((path / name).read_bytes()).hexdigest()
        for name in info.files
        if name != INFO
    }
    whole = sealed(info.model_copy(update={"files": files}))
    (path / INFO).write_text(whole.model_dump_json(indent=1), "utf-8")
    assert check_version(path) is None


def test_nothing_stored_is_a_pickle(folder: Path) -> None:
    for path in (folder / VERSIONS / NEW).rglob("*"):
        if path.suffix == ".npy":
            assert np.load(path, allow_pickle=False).dtype != object
        elif path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
        else:
            assert path.is_dir() or path.suffix == ".faiss"


def test_the_stored_text_of_a_document_is_found_by_its_version(
    folder: Path, built: StoredIndex
) -> None:
    document = built.documents["003"]
    assert stored_text(folder, "003", None) == document.texte
    assert stored_text(folder, "003", document.version) == document.texte
    assert stored_text(folder, "003", "f" * 12) is None
    assert stored_text(folder, "inconnu", None) is None


def test_the_stored_text_is_never_read_from_a_damaged_version(
    folder: Path, built: StoredIndex
) -> None:
    path = folder / VERSIONS / NEW / DOCUMENT
    path.write_bytes(path.read_bytes().replace(b"2 563", b"9 563"))
    assert stored_text(folder, "003", None) == built.documents["003"].texte
    for version in (OLD, NEW):
        truncate(folder / VERSIONS / version / DOCUMENT)
    assert stored_text(folder, "003", None) is None
