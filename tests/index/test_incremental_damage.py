"""Files shared between versions: damaged, lost, dropped, or that cannot be linked."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from incremental import UNCHANGED, Counting, Texts, files, flip, inodes, written

import index.build
from corpus.models import DocumentCanonique
from index.build import BuildReport, build_index
from index.checking import INFO, sealed
from index.exemplars import FOLDER, Exemplars
from index.lexicon import Lexique
from index.storage import (
    VERSIONS,
    check_version,
    current_version,
    open_index,
    open_named,
    read_info,
    use_version,
)


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
        counting = Counting()
        return build_index(documents, counting, lexique, folder, current=current).info.version

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
    counting = Counting()
    report = build_index(documents, counting, lexique, folder)
    opened = open_index(folder, lexique)
    assert (opened.info, opened.warning) == (report.info, None)
    assert {text.split(".")[0] for text in counting.encoded} == {"Essai › Partie 0"} | {
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
    counting = Counting()
    documents = corpus_of({"d0": written(0), "d1": written(1), "d2": "# Neuf\n\nUn texte.\n"})
    report = build_index(documents, counting, lexique, folder)
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
