"""Publishing that is killed, that fills the disk, that meets another: real processes, real kills.

Each publication begins in a process that forked from one where the model is loaded; what it left
is judged from another, that reads the disk alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from corpus.magasin.adresse import BASE_VARIABLE
from index.storage import IndexInutilisable, use_version
from index.succession import NombreDeVersionsInvalide, versions_kept
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long
"""Publications stopped at their steps."""

HERE = Path(__file__).parent
POSIX = pytest.mark.skipif(os.name != "posix", reason="il faut fork et des signaux POSIX")

BEGIN = """
import json, os, shutil, sys
from pathlib import Path
from publication_en_petit import *
from rangements import drop_store

ready, work = Path(sys.argv[1]), Path(sys.argv[2])
little_data()
start = in_folder(ready)
"""

SET_UP = """
from publication_en_petit import *
set_up(Path(sys.argv[1]), Path(sys.argv[2]))
"""

WALK = """
way, stride, every = sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
ready_draft = copied(start, work / "draft")
add_text(ready_draft, 45)
warm(ready_draft, work / "spare")
before = state(ready_draft).identite
counted = work / "counted"
assert stopped_at(copied(ready_draft, work / "count"), 0, way, counted) == 0
total = int(counted.read_text())
last = (total - 3, total - 1, total)
steps = range(1, total + 1) if stride == 1 else sorted({*range(stride, total, stride), *last})
numbers, ended = [], []
for step in steps:
    place = copied(ready_draft, work / "step")
    ended.append(stopped_at(place, step, way, counted))
    assert ended[-1] in ((None,) if way == "kill" else (0, 3)), (step, ended[-1])
    version = state(place)
    draft = open_base(place).read_draft()
    published = version.identite != before
    assert version.numero == (2 if published else 1)
    assert published or draft is not None, step
    numbers.append(version.numero)
    if published or step % every == 0 or step > total - 25:
        # The locks went with the process: what is left to do is done, once.
        with open_base(place).writing(wait=True):
            pass
        if draft is not None:
            assert publish_it(place).numero == 2
        told = [e.action for e in open_base(place).read_journal()]
        assert told == ["publier"], (step, told)
        assert state(place).numero == 2
        assert open_base(place).read_draft() is None
        assert [v.numero for v in open_base(place).versions()] == [2, 1]
    drop_store(place)
assert numbers == sorted(numbers), numbers
assert set(numbers) == {1, 2}, numbers
print(total, "steps", numbers.index(2) + 1 if 2 in numbers else None)
"""

TOO_BIG = """
import resource
place = copied(start, work / "small")
add_text(place, 45)
for most in (0, 20_000, 300_000):
    def run():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            publish_it(place)
        except KNOWN as error:
            (os.write(2, str(error).encode()))
            return 3
        return 0
    assert in_a_child(run) == 3, most
    assert state(place).numero == 1
    assert open_base(place).read_draft() is not None
assert publish_it(place).numero == 2
assert state(place).numero == 2
"""

TOGETHER = """
place = copied(start, work / "together")
add_text(place, 45)
warm(place, work / "spare")
leave_store(place)
reading, writing = os.pipe()
children = []
for name in ("un", "deux"):
    child = os.fork()
    if not child:
        os.close(writing)
        os.read(reading, 1)
        try:
            publish_it(place)
        except KNOWN as error:
            (work / name).write_text(str(error))
            os._exit(3)
        os._exit(0)
    children.append(child)
os.close(writing)
ended = sorted(os.WEXITSTATUS(os.waitpid(child, 0)[1]) for child in children)
assert ended == [0, 3], ended
said = [(work / n).read_text() for n in ("un", "deux") if (work / n).exists()]
assert len(said) == 1
assert "une autre personne modifie la base en ce moment" in said[0], said
assert [v.numero for v in open_base(place).versions()] == [2, 1]
assert state(place).numero == 2
assert [e.action for e in open_base(place).read_journal()] == ["publier"]
"""

CLOCK = """
from datetime import UTC, datetime, timedelta
from assistant.dialogue.conseiller import open_conseiller
from assistant.models import Question
from assistant.preparation import index_contents
from assistant.publication import publier
from assistant.publication.publier import draft_version
from assistant.publication.verification import check_all
from index.storage import current_version

class Earlier(datetime):
    back = 0
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(days=365 * cls.back)

publier.datetime = Earlier
place = copied(start, work / "clock")
index, base = place.dossier_index, open_base(place)
for turn, minutes in enumerate((45, 50, 55), start=1):
    Earlier.back = turn
    add_text(place, minutes)
    publish_it(place)
    name = current_version(index)
    # The files too are of an earlier day than those before them.
    day = (Earlier.now(UTC) - timedelta(days=30)).timestamp()
    paths = [index / "versions" / name, *(index / "versions" / name).rglob("*")]
    for path in (*paths, *(base.folder / "textes").glob("essai@*"), base.folder / "versions"):
        os.utime(path, (day, day))
versions = base.versions()
assert [v.numero for v in versions] == [4, 3, 2, 1]
dates = [v.date for v in versions[:3]]
assert dates == sorted(dates), "the clock was not set back"
assert state(place).numero == 4
texts = [v.en_service["essai"].texte for v in versions[:3]]
assert list(base.versions_of("essai")) == texts

# A draft prepared beside is no fallback, whatever its number.
add_text(place, 60)
parent = version_in_service(place)
prepared = draft_version(base, parent, base.read_draft())
assert prepared.numero == 5
encoder = publier.open_encoder(None, place.dossier_modele)
index_contents(etat.contents(base, prepared), encoder, place, current=False)

def damage(name):
    path = index / "versions" / name / "documents" / "003.json"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))

last = current_version(index)
damage(last)
opened = open_index(index, load_lexicon())
assert json.loads(opened.base)["numero"] == 3, json.loads(opened.base)["numero"]
assert "documents/003.json altéré" in opened.warning, opened.warning
assert "est utilisée à la place" in opened.warning
assert version_in_service(place).numero == 3
adviser = open_conseiller(place)
assert adviser.index.warning == opened.warning
answer = adviser.repondre(Question(id="1", question="Combien de séances par semaine ?"))[0]
assert answer.reponse.citations
troubles = [t for t in check_all(place, lambda done, total: None) if last in t.ou]
assert troubles and "en service" in troubles[0].ou, troubles

# The version itself may be served again: it is made anew.
publier.go_back(place, versions[0].identite, "Un autre", annonce=lambda text: None)
assert version_in_service(place).numero == 4
assert open_index(index, load_lexicon()).warning is None
"""

KEPT = """
os.environ["CLAS_VERSIONS"] = "2"
place = copied(start, work / "kept")
index = place.dossier_index
for minutes in (45, 50, 55):
    add_text(place, minutes)
    publish_it(place)
    assert len(list((index / "versions").iterdir())) == 2
assert [v.numero for v in open_base(place).versions()] == [4, 3, 2, 1]
assert len([n for n in open_base(place).names("textes") if n.startswith("essai@")]) == 3
# A version whose index is gone is served again: the base keeps what it is made of.
from assistant.publication.publier import go_back
go_back(place, open_base(place).versions()[2].identite, "Un autre", annonce=lambda text: None)
assert state(place).numero == 2
assert len(list((index / "versions").iterdir())) == 2
os.environ["CLAS_VERSIONS"] = "un"
add_text(place, 60)
try:
    publish_it(place)
except IndexInutilisable as error:
    assert "CLAS_VERSIONS vaut « un »" in str(error), error
else:
    raise SystemExit("a wrong number was taken")
assert state(place).numero == 2
"""


class Petite(NamedTuple):
    """A small data folder, and the address of the store that it shares, if it does."""

    dossier: Path
    url: str = ""


def run(script: str, place: Petite, *arguments: str | Path) -> str:
    """Run a script in a process that can fork: one thread, nothing of the tests in it."""
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    paths = os.pathsep.join((str(HERE), str(HERE.parents[1])))
    done = subprocess.run(
        [sys.executable, "-c", script, str(place.dossier), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
        env=os.environ | one_thread | {"PYTHONPATH": paths, BASE_VARIABLE: place.url},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def set_up_small(donnees: Path, folder: Path, url: str = "") -> Petite:
    run(SET_UP, Petite(donnees, url), folder)
    return Petite(folder, url)


@pytest.fixture(scope="module")
def small(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Petite:
    """A small data folder, only to be copied."""
    return set_up_small(donnees, tmp_path_factory.mktemp("petite"))


@pytest.fixture(scope="module")
def small_shared(
    donnees: Path,
    serveur_postgres: ServeurPostgres,
    modele_postgres: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Petite:
    """The same, that shares a store; only to be copied."""
    serveur_postgres.creer("petite", modele_postgres)
    folder = tmp_path_factory.mktemp("petite_partagee")
    return set_up_small(donnees, folder, serveur_postgres.url("petite"))


@pytest.fixture(params=["small", "small_shared"])
def either(request: pytest.FixtureRequest) -> Petite:
    """Over the embedded store, then over the shared one."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Petite)
    return found


@POSIX
def test_a_publication_killed_at_some_steps_loses_nothing(either: Petite, tmp_path: Path) -> None:
    # Exchanges with the store make four times as many steps.
    stride = "100" if either.url else "50"
    assert "steps" in run(BEGIN + WALK, either, tmp_path, "kill", stride, "1000")


@POSIX
def test_a_store_that_answers_no_more_at_some_steps_is_said_and_loses_nothing(
    small_shared: Petite, tmp_path: Path
) -> None:
    assert "steps" in run(BEGIN + WALK, small_shared, tmp_path, "cut", "100", "1000")


@POSIX
@pytest.mark.long
@pytest.mark.timeout(1600)
def test_a_publication_killed_at_any_step_loses_nothing(small: Petite, tmp_path: Path) -> None:
    assert "steps" in run(BEGIN + WALK, small, tmp_path, "kill", "1", "8")


@POSIX
@pytest.mark.long
@pytest.mark.timeout(1600)
def test_a_disk_full_at_any_step_is_said_and_loses_nothing(small: Petite, tmp_path: Path) -> None:
    assert "steps" in run(BEGIN + WALK, small, tmp_path, "full", "1", "8")


@POSIX
@pytest.mark.long
def test_files_that_may_not_grow_stop_a_publication_in_words(small: Petite, tmp_path: Path) -> None:
    run(BEGIN + TOO_BIG, small, tmp_path)


@POSIX
def test_of_two_publishers_one_wins_and_the_other_is_told(either: Petite, tmp_path: Path) -> None:
    run(BEGIN + TOGETHER, either, tmp_path)


@POSIX
@pytest.mark.long
def test_neither_the_clock_nor_dates_of_files_decide_which_version_answers(
    small: Petite, tmp_path: Path
) -> None:
    run(BEGIN + CLOCK, small, tmp_path)


@POSIX
@pytest.mark.long
def test_as_many_versions_are_kept_as_configured_and_none_is_lost(
    either: Petite, tmp_path: Path
) -> None:
    run(BEGIN + KEPT, either, tmp_path)


@pytest.mark.parametrize(("given", "kept"), [("", 5), (" 2 ", 2), ("40", 40)])
def test_the_number_of_versions_kept_is_configured(given: str, kept: int) -> None:
    assert versions_kept({"CLAS_VERSIONS": given}) == kept


@pytest.mark.parametrize("given", ["1", "0", "-3", "deux", "2.5", "²", "٣"])
def test_a_wrong_number_of_versions_is_refused_in_words(given: str) -> None:
    with pytest.raises(NombreDeVersionsInvalide, match=r"au moins 2 est attendu"):
        versions_kept({"CLAS_VERSIONS": given})


def test_a_wrong_number_of_versions_stops_a_switch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_VERSIONS", "1")
    with pytest.raises(IndexInutilisable, match="CLAS_VERSIONS vaut « 1 »"):
        use_version(tmp_path, "0" * 12)
