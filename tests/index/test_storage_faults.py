"""Builders that are killed, that fill the disk, that meet: real processes, real signals."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.lexicon import Lexique
from index.storage import VERSIONS, open_index

POSIX = pytest.mark.skipif(os.name != "posix", reason="il faut fork et des signaux POSIX")

PREPARED = """
import json, os, random, shutil, signal, sys, time
from dataclasses import replace
from pathlib import Path
import numpy as np
from index.lexicon import load_lexicon
from index.storage import IndexInutilisable, VERSIONS, open_index, write_version

source, work = Path(sys.argv[1]), Path(sys.argv[2])
lexique = load_lexicon()
content = open_index(source, lexique)

def named(version):
    return replace(content, info=content.info.model_copy(update={"version": version}))

def changed(version):
    # No file of a document is that of another version: all are to be written.
    tokens = replace(content.tokens, values=-np.asarray(content.tokens.values))
    return replace(named(version), tokens=tokens)

OLD, NEW = "0" * 11 + "1", "0" * 11 + "2"

def fresh(name):
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work / "base", folder)
    return folder

def is_well(folder, allowed):
    opened = open_index(folder, lexique)
    assert opened.info.version in allowed, opened.info.version
    assert opened.warning is None, opened.warning
    return opened.info.version

write_version(work / "base", named(OLD))
"""

AT_EACH_STEP = """
def kill_at(step, counted):
    # Each call that makes something durable or visible is a step; die just before it.
    def before(original):
        def call(*args, **kwargs):
            counted[0] += 1
            if counted[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)
        return call
    for name in ("fsync", "rename", "replace", "rmdir", "unlink", "mkdir", "link"):
        setattr(os, name, before(getattr(os, name)))

step, seen = 0, set()
while True:
    step += 1
    folder = fresh("step")
    child = os.fork()
    if not child:
        kill_at(step, [0])
        write_version(folder, named(NEW))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    seen.add(is_well(folder, {OLD, NEW}))
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0
        break
    write_version(folder, named(NEW))
    is_well(folder, {NEW})
    left = sorted(p.name for p in (folder / VERSIONS).iterdir())
    assert left == [OLD, NEW], left
assert seen == {OLD, NEW}
assert step > 20, step
print("steps", step)
"""

AT_RANDOM = """
random.seed(5)
killed = 0
for attempt in range(60):
    folder = fresh("random")
    child = os.fork()
    if not child:
        write_version(folder, named(NEW))
        os._exit(0)
    time.sleep(random.random() * 0.25)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    killed += os.WIFSIGNALED(status)
    is_well(folder, {OLD, NEW})
    write_version(folder, named(NEW))
    is_well(folder, {NEW})
assert killed >= 10, killed
"""

TOGETHER = """
rounds = int(sys.argv[3])
folder = fresh("together")
names = ["a" * 12, "a" * 12, "b" * 12, "b" * 12]
children = []
for name in names:
    child = os.fork()
    if not child:
        try:
            for turn in range(rounds):
                write_version(folder, named(name if turn % 2 else f"{os.getpid() + turn:012x}"))
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    children.append(child)
reads = 0
while children:
    for child in list(children):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.WEXITSTATUS(status) == 0, "a builder failed"
            children.remove(child)
    current = (folder / "courante").read_text()
    opened = open_index(folder, lexique)
    assert float(opened.vectors[0] @ opened.vectors[0]) > 0.9
    reads += 1
is_well(folder, {*names})
assert not [p for p in (folder / VERSIONS).iterdir() if p.name.startswith(".")]
assert reads > 3
"""

FULL = """
folder = work / "small"
write_version(folder, named(OLD))
filler = folder / "filler"
with filler.open("wb") as stream:
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    stream.write(b"0" * (free - int(sys.argv[3])))
try:
    write_version(folder, changed(NEW))
except IndexInutilisable as error:
    assert "n'a pas pu être écrit" in str(error), error
else:
    raise SystemExit("the disk was not full")
is_well(folder, {OLD})
assert sorted(p.name for p in (folder / VERSIONS).iterdir()) == [OLD]
held = set(json.loads((folder / VERSIONS / OLD / "index.json").read_text())["files"].values())
assert {p.name for p in (folder / "exemplaires").rglob("*") if p.is_file()} <= held
filler.unlink()
write_version(folder, changed(NEW))
is_well(folder, {NEW})
"""


def run(script: str, source: Path, work: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + script, str(source), str(work), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@POSIX
@pytest.mark.long
def test_a_builder_killed_at_any_step_leaves_the_version_before_or_after_whole(
    index_folder: Path, tmp_path: Path
) -> None:
    assert "steps" in run(AT_EACH_STEP, index_folder, tmp_path)


@POSIX
@pytest.mark.long
def test_a_builder_killed_at_any_moment_leaves_a_whole_version(
    index_folder: Path, tmp_path: Path
) -> None:
    run(AT_RANDOM, index_folder, tmp_path)


@POSIX
def test_builders_that_meet_leave_one_whole_version_in_use(
    index_folder: Path, tmp_path: Path
) -> None:
    run(TOGETHER, index_folder, tmp_path, "2")


@POSIX
@pytest.mark.long
def test_many_builders_that_meet_never_show_a_reader_a_broken_index(
    index_folder: Path, tmp_path: Path
) -> None:
    run(TOGETHER, index_folder, tmp_path, "12")


@POSIX
@pytest.mark.long
@pytest.mark.parametrize("left", [0, 200_000, 4_000_000, 15_000_000])
def test_a_full_disk_leaves_the_version_in_use_as_it_was(
    index_folder: Path, tmp_path: Path, left: int, lexique: Lexique
) -> None:
    disk = tmp_path / "small"
    disk.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if not done or done.returncode != 0:
        pytest.skip("il faut pouvoir monter un petit disque (tmpfs, en root)")
    try:
        run(FULL, index_folder, tmp_path, str(left))
        assert open_index(disk, lexique).warning is None
        assert len(list((disk / VERSIONS).iterdir())) == 2
    finally:
        subprocess.run(["umount", str(disk)], check=True)
