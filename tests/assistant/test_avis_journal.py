"""The journal of agents' marks: nothing is lost, nothing damaged is passed over in silence."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.avis import journal as journal_module
from assistant.avis.actes import clean, lift, mark, target_of_mark
from assistant.avis.journal import Carnet, Journal
from assistant.avis.listing import as_csv, follow, row
from assistant.avis.models import Avis, AvisInutilisables, AvisRefuse, Cible
from assistant.avis.partage import JournalPartage
from assistant.avis.registre import Registre, marks_of

CIBLE = Cible("fiche", "essai", "0" * 64, "", "Ce que dit la fiche.")
DATE = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


def avis(**fields: object) -> Avis:
    plain: dict[str, object] = {
        "date": DATE,
        "auteur": "agent@caf.exemple",
        "genre": "fiche",
        "cible": "essai",
        "statut": "verifie",
        "commentaire": "",
        "version": "",
        "empreinte": "0" * 64,
        "dit": "Ce que dit la fiche.",
    }
    return Avis.model_validate(plain | fields)


@pytest.fixture(params=["fichier", "magasin"])
def carnet(request: pytest.FixtureRequest, tmp_path: Path) -> Carnet:
    """A place for marks, empty: what holds of one holds of the other."""
    if request.param == "fichier":
        return Journal(tmp_path / "avis")
    journal = JournalPartage(request.getfixturevalue("magasin_vide"), Journal(tmp_path / "copie"))
    journal.fraicheur = 0.0
    return journal


def test_marks_are_read_back_in_the_order_they_were_set(carnet: Carnet) -> None:
    journal = carnet
    assert journal.read()[1].avis == ()
    poses = [avis(statut=s, commentaire="à revoir") for s in ("verifie", "douteux", "faux")]
    for pose in poses:
        journal.add(pose)
    _, lecture = journal.read()
    assert lecture.avis == tuple(poses)
    assert lecture.abimees == ()


@given(
    st.lists(
        st.builds(
            avis,
            date=st.datetimes(timezones=st.just(UTC)),
            cible=st.sampled_from(["une", "deux", "trois"]),
            genre=st.sampled_from(["fiche", "reponse"]),
            statut=st.sampled_from(["verifie", "douteux", "faux", "leve"]),
            commentaire=st.text(max_size=60),
        ),
        max_size=12,
    )
)
def test_of_all_the_marks_of_a_target_the_last_one_set_wins(poses: list[Avis]) -> None:
    marques = marks_of(tuple(poses))
    assert marques.historique == tuple(poses)
    for pose in poses:
        siens = [a for a in poses if (a.genre, a.cible) == (pose.genre, pose.cible)]
        # Whatever the dates say: a clock may be wrong, the order of the lines is not.
        assert marques.derniers[pose.genre, pose.cible] is siens[-1]
        tient = marques.of(pose.genre, pose.cible, "0" * 64)
        assert tient is (None if siens[-1].statut == "leve" else siens[-1])
        assert marques.of(pose.genre, pose.cible, "1" * 64) is None


@settings(max_examples=30, deadline=None)
@given(commentaire=st.text(max_size=200), auteur=st.text(min_size=1, max_size=40))
def test_any_words_are_kept_as_they_are_on_one_line(
    tmp_path_factory: pytest.TempPathFactory, commentaire: str, auteur: str
) -> None:
    journal = Journal(tmp_path_factory.mktemp("avis"))
    pose = avis(commentaire=commentaire, auteur=auteur)
    try:
        pose.model_dump_json()
    except ValueError:
        return  # Lone surrogates: ``clean`` takes them out before a mark is made.
    journal.add(pose)
    journal.add(pose)
    assert journal.path.read_bytes().count(b"\n") == 2
    assert journal.read()[1].avis == (pose, pose)


@pytest.mark.parametrize(
    ("avant", "apres"),
    [(b"faux", b"vrai"), (b"essai", b"essaj"), (b'"avis":', b'"avit":'), (b"2026", b"2025")],
)
def test_a_damaged_line_is_told_and_hides_no_other(
    tmp_path: Path, avant: bytes, apres: bytes
) -> None:
    registre = Registre(tmp_path)
    for statut in ("verifie", "faux", "douteux"):
        registre.add(avis(statut=statut, commentaire="x", cible=f"essai-{statut}"))
    path = Journal(tmp_path).path
    lignes = path.read_bytes().split(b"\n")
    lignes[1] = lignes[1].replace(avant, apres)
    path.write_bytes(b"\n".join(lignes))
    marques = registre.marques()
    assert [a.statut for a in marques.historique] == ["verifie", "douteux"]
    assert marques.abimees == (2,)
    assert "abîmé (ligne 2)" in marques.alerte
    # The next mark leaves the damaged line as it is, for whoever mends the file.
    registre.add(avis(cible="autre"))
    assert path.read_bytes().split(b"\n")[1] == lignes[1]
    assert registre.marques().abimees == (2,)


def test_a_line_cut_short_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    registre = Registre(tmp_path)
    registre.add(avis())
    path = Journal(tmp_path).path
    path.write_bytes(path.read_bytes() + b'{"somme":"0123')
    registre.add(avis(cible="autre"))
    marques = registre.marques()
    assert [a.cible for a in marques.historique] == ["essai", "autre"]
    assert marques.abimees == (2,)


def test_a_mark_holds_at_once_for_another_reader(carnet: Carnet) -> None:
    ici, ailleurs = Registre(carnet), Registre(carnet)
    assert ailleurs.marques().derniers == {}
    mark(ici, CIBLE, "faux", "le nombre est faux", "Une agente")
    assert [a.statut for a in ailleurs.marques().derniers.values()] == ["faux"]
    lift(ici, CIBLE, "", "Un autre")
    assert ailleurs.marques().of("fiche", "essai", "0" * 64) is None
    assert [a.auteur for a in ailleurs.marques().historique] == ["Une agente", "Un autre"]


def test_a_question_costs_no_reading_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registre = Registre(tmp_path)
    registre.add(avis())
    premiere = registre.marques()
    monkeypatch.setattr(Journal, "read", lambda _: pytest.fail("the file was read again"))
    assert all(registre.marques() is premiere for _ in range(100))


def test_a_journal_that_cannot_be_read_leaves_the_last_marks_and_says_so(tmp_path: Path) -> None:
    registre = Registre(tmp_path)
    registre.add(avis(statut="faux", commentaire="x"))
    assert registre.marques().alerte == ""
    path = Journal(tmp_path).path
    garde = path.read_bytes()
    path.unlink()
    path.mkdir()
    marques = registre.marques()
    assert [a.statut for a in marques.derniers.values()] == ["faux"]
    assert "n'ont pas pu être lus" in marques.alerte
    path.rmdir()
    path.write_bytes(garde)
    assert registre.marques().alerte == ""


def test_a_mark_that_cannot_be_added_for_want_of_reading_the_others_says_so(tmp_path: Path) -> None:
    Journal(tmp_path).path.mkdir()
    with pytest.raises(AvisInutilisables, match="n'ont pas pu être lus") as refus:
        Journal(tmp_path).add(avis())
    assert "place libre" not in str(refus.value)


@pytest.mark.parametrize("statut", ["douteux", "faux"])
def test_a_doubt_or_a_mistake_is_said_in_words(carnet: Carnet, statut: Any) -> None:
    with pytest.raises(AvisRefuse, match="dites en quelques mots"):
        mark(Registre(carnet), CIBLE, statut, " \x00\u202e \n", "Une agente")
    assert carnet.identity() is None


def test_a_comment_is_bounded_and_its_controls_taken_out(carnet: Carnet) -> None:
    registre = Registre(carnet)
    with pytest.raises(AvisRefuse, match="commentaire de 1001 caractères ; 1000 au plus"):
        mark(registre, CIBLE, "verifie", "é" * 1001, "Une agente")
    pose = mark(registre, CIBLE, "verifie", "a\x1b[31m\nb\udcff", "Une agente")
    assert pose.commentaire == clean("a\x1b[31m\nb\udcff") == "a [31m b?"
    assert registre.marques().historique == (pose,)


def test_nothing_is_lifted_twice_nor_where_nothing_was_said(carnet: Carnet) -> None:
    registre = Registre(carnet)
    with pytest.raises(AvisRefuse, match="aucun avis n'est à lever"):
        lift(registre, CIBLE, "", "Une agente")
    pose = mark(registre, CIBLE, "verifie", "", "Une agente")
    lift(registre, target_of_mark(pose), "", "Une agente")
    with pytest.raises(AvisRefuse, match="aucun avis n'est à lever"):
        lift(registre, CIBLE, "", "Une agente")


def test_a_full_disk_is_said_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registre = Registre(tmp_path)
    registre.add(avis())
    avant = Journal(tmp_path).path.read_bytes()

    def full(path: Path, _: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as m:
        m.setattr(journal_module, "write_atomically", full)
        with pytest.raises(AvisInutilisables, match=r"n'ont pas pu être écrits .*place libre"):
            registre.add(avis(cible="autre"))
    assert Journal(tmp_path).path.read_bytes() == avant
    registre.add(avis(cible="autre"))
    assert len(registre.marques().historique) == 2


def _begin(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a script in a process of its own, which finds the program and this file."""
    here = Path(__file__)
    paths = os.pathsep.join((str(here.parent), str(here.parents[2])))
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )


TOO_BIG = """
import resource, sys
from pathlib import Path
from assistant.avis.models import AvisInutilisables
from assistant.avis.registre import Registre
from test_avis_journal import avis
registre = Registre(Path(sys.argv[1]))
for number in range(20):
    registre.add(avis(cible=f"essai-{number}"))
size = (Path(sys.argv[1]) / "journal.jsonl").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, size + 40))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    registre.add(avis(cible="de trop"))
except AvisInutilisables as error:
    assert "vérifiez la place libre" in str(error), error
else:
    raise SystemExit("it was written")
assert len(Registre(Path(sys.argv[1])).marques().historique) == 20
assert sorted(p.name for p in Path(sys.argv[1]).iterdir()) == [".verrou", "journal.jsonl"]
"""


@pytest.mark.skipif(os.name != "posix", reason="il faut des limites POSIX")
def test_a_file_that_may_not_grow_keeps_what_it_held(tmp_path: Path) -> None:
    writer = _begin(TOO_BIG, tmp_path)
    _, said = writer.communicate(timeout=120)
    assert writer.returncode == 0, said[-2000:]


MANY = """
import sys
from pathlib import Path
from assistant.avis.registre import Registre
from test_avis_journal import avis
registre = Registre(Path(sys.argv[1]))
for number in range(25):
    registre.add(avis(auteur=sys.argv[2], cible=f"{sys.argv[2]}-{number}"))
"""


def test_of_two_writers_at_once_neither_loses_a_line(tmp_path: Path) -> None:
    writers = [_begin(MANY, tmp_path, name) for name in ("une", "deux")]
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said[-2000:]
    marques = Registre(tmp_path).marques()
    assert marques.abimees == ()
    assert len(marques.historique) == 50
    for name in ("une", "deux"):
        siens = [a.cible for a in marques.historique if a.auteur == name]
        assert siens == [f"{name}-{number}" for number in range(25)]


KILLED = """
import os, sys
from pathlib import Path
from assistant.avis import journal
from assistant.avis.registre import Registre
from test_avis_journal import avis
folder, step = Path(sys.argv[1]), int(sys.argv[2])
count = 0
def told(name, real):
    def call(*given, **named):
        global count
        count += 1
        if count == step:
            os._exit(9)
        return real(*given, **named)
    return call
for name in ("open", "fsync", "replace", "unlink"):
    if hasattr(os, name):
        setattr(os, name, told(name, getattr(os, name)))
Registre(folder).add(avis(cible="nouvelle"))
"""


@pytest.mark.long
@pytest.mark.parametrize("step", range(1, 9))
def test_a_writer_killed_on_the_way_leaves_all_or_nothing(tmp_path: Path, step: int) -> None:
    registre = Registre(tmp_path)
    registre.add(avis())
    _begin(KILLED, tmp_path, step).communicate(timeout=120)
    marques = registre.marques()
    assert marques.abimees == ()
    assert [a.cible for a in marques.historique] in (["essai"], ["essai", "nouvelle"])
    # The lock went with the process.
    registre.add(avis(cible="après"))
    assert registre.marques().historique[-1].cible == "après"


def test_a_date_without_its_zone_is_no_date() -> None:
    with pytest.raises(ValueError, match="timezone"):
        avis(date=DATE.replace(tzinfo=None))
    assert avis(date=DATE + timedelta(days=1)).date > DATE


def test_an_export_is_never_computed_by_a_spreadsheet() -> None:
    pose = avis(commentaire="=cmd|'/C calc'!A0", auteur="@agent", dit="\x1b[31m+1")
    rows = [row(suivi) for suivi in follow(marks_of((pose,)), {})]
    cells = as_csv(rows).decode("utf-8-sig").splitlines()[1].split(";")
    assert cells[1] == "'@agent"
    assert cells[6] == "'=cmd|'/C calc'!A0"
    assert "\x1b" not in cells[4]
