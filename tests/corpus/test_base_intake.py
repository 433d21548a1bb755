"""Folders and archives are gone through whole, within bounds; nothing leads out of them."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from corpus.base import intake
from corpus.base.intake import Apport, Ecarte, gather, typed_again
from corpus.base.store import BaseInutilisable
from corpus.base.watch import Surveillance, Vu, read_watch, write_watch
from corpus.loading.errors import FichierRefuse


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def names(found: list[Apport | Ecarte]) -> list[str]:
    return [one.nom for one in found if isinstance(one, Apport)]


def reasons(found: list[Apport | Ecarte]) -> list[str]:
    return [one.raison for one in found if isinstance(one, Ecarte)]


def test_a_folder_is_read_below_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.md", "a.md", "b/x.md", ".cache"):
        (tmp_path / name).write_text("x")
    assert names(list(gather([tmp_path]))) == ["a.md", "c.md", "x.md"]


def test_a_file_is_told_by_the_path_that_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "d" / "sous"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("x")
    archive(folder / "b.zip", {"m.md": b"x"})
    monkeypatch.chdir(tmp_path)
    for typed in (tmp_path / "d", Path("d"), Path("../", tmp_path.name, "d")):
        told = [one.dit for one in gather([typed, typed / "sous" / "a.md"])]
        assert told == [
            f"{typed}/sous/a.md", f"{typed}/sous/b.zip › m.md", f"{typed}/sous/a.md",
        ]  # fmt: skip
        assert typed_again(typed, "d/sous/a.md") == f"{typed}/sous/a.md"


def test_a_link_in_a_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "lien.md").symlink_to("/etc/passwd")
    (tmp_path / "boucle").symlink_to(tmp_path)
    found = list(gather([tmp_path]))
    assert names(found) == ["a.md"]
    assert "lien" in reasons(found)[0]


def test_a_folder_too_full_is_read_up_to_its_bound(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text("x")
    found = list(gather([tmp_path], most=2))
    assert len(names(found)) == 2
    assert "plus de 2 fichiers" in reasons(found)[0]


def test_the_members_of_an_archive_are_read_each(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"d/b.md": b"deux", "a.md": b"un", "__MACOSX/x": b"x"})
    found = [one for one in gather([path]) if isinstance(one, Apport)]
    assert [(one.nom, one.lire()) for one in found] == [("a.md", b"un"), ("b.md", b"deux")]


def test_an_archive_is_opened_in_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "a.zip", {"a.md": b"un"})

    def here(*_: object) -> None:
        pytest.fail("l'archive est ouverte dans le processus qui sert les gens")

    monkeypatch.setattr(zipfile, "ZipFile", here)
    (one,) = gather([path])
    assert isinstance(one, Apport)
    assert one.lire() == b"un"


@pytest.mark.parametrize("name", ["../a.md", "d/../../a.md", "/etc/a.md", "..\\a.md", "C:\\a.md"])
def test_a_name_that_leads_out_of_an_archive_refuses_it_whole(tmp_path: Path, name: str) -> None:
    found = list(gather([archive(tmp_path / "a.zip", {"ok.md": b"x", name: b"x"})]))
    assert names(found) == []
    assert "sort de l'archive" in reasons(found)[0]


def test_a_link_in_an_archive_refuses_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("lien.md")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert "est un lien" in reasons(list(gather([path])))[0]


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    found = list(gather([archive(tmp_path / "a.zip", {"b.zip": b"PK", "a.md": b"x"})]))
    assert names(found) == ["a.md"]
    assert "archive dans une archive" in reasons(found)[0]


def test_a_bomb_is_refused_as_it_unpacks(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"0" * (20 << 20)})
    (one,) = gather([path])
    assert isinstance(one, Apport)
    with pytest.raises(FichierRefuse, match="décompressé"):
        one.lire()


def test_an_archive_that_lies_on_its_sizes_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"0123456789" * 100})
    content = path.read_bytes()
    real = (1000).to_bytes(4, "little")
    path.write_bytes(content.replace(real, (10).to_bytes(4, "little")))
    for one in gather([path]):
        if isinstance(one, Apport):
            with pytest.raises(FichierRefuse):
                one.lire()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"pas une archive", b"PK\x05\x06" + b"\0" * 18]
)
def test_an_archive_damaged_or_empty_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    found = list(gather([tmp_path / "a.zip"]))
    assert len(reasons(found)) == 1


def test_too_many_members_are_refused_before_they_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_FILES", 3)
    path = archive(tmp_path / "a.zip", {f"{n}.md": b"x" for n in range(4)})
    assert "au-delà de la limite de 3" in reasons(list(gather([path])))[0]


def test_a_name_that_would_turn_the_screen_round_is_shown_without(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a\u202egpj.md": b"x", "b\x1b[2Jc.md": b"x"})
    shown = "".join(names(list(gather([path]))))
    assert not any(c in shown for c in "\u202e\x1b")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube")
    (one,) = gather([tmp_path / "tube"])
    assert isinstance(one, Apport)
    with pytest.raises(FichierRefuse, match="tube"):
        one.lire()


def test_what_was_taken_from_a_folder_is_remembered_by_folder(tmp_path: Path) -> None:
    seen = {"a.md": Vu(sha256="0" * 64, document="004")}
    write_watch(tmp_path, Surveillance().taken(tmp_path, seen))
    assert read_watch(tmp_path).of(tmp_path) == seen
    assert read_watch(tmp_path).of(tmp_path / "autre") == {}


def test_a_record_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "surveillance.json").write_text("{")
    with pytest.raises(BaseInutilisable, match=r"surveillance\.json"):
        read_watch(tmp_path)


def test_a_zip_by_its_name_alone_is_told(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        made.writestr("a.md", "x")
    (tmp_path / "a.md").write_bytes(whole.getvalue())
    (one,) = gather([tmp_path / "a.md"])
    assert isinstance(one, Apport)
