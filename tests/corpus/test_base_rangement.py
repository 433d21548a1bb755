"""A document base keeps the same things in a folder and in the shared store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from corpus.base.partage import Partage
from corpus.base.rangement import BaseInutilisable, BaseOccupee, Dossier, Rangement
from corpus.magasin.moteur import Magasin

Ouvrir = Callable[[], Rangement]


@pytest.fixture(params=["dossier", "magasin"])
def ouvrir(request: pytest.FixtureRequest, tmp_path: Path) -> Ouvrir:
    """Opens the same base, as another process would."""
    if request.param == "dossier":
        return lambda: Dossier(tmp_path / "corpus")
    magasin: Magasin = request.getfixturevalue("magasin")
    return lambda: Partage(magasin)


def test_a_piece_is_read_by_whoever_opens_the_base(ouvrir: Ouvrir) -> None:
    ouvrir().keep("fichiers", "a" * 64, b"un\x00deux")
    assert ouvrir().read("fichiers", "a" * 64) == b"un\x00deux"


def test_a_piece_that_was_never_kept_is_none(ouvrir: Ouvrir) -> None:
    assert ouvrir().read("textes", "000@0123456789ab") is None


def test_a_piece_is_never_changed(ouvrir: Ouvrir) -> None:
    base = ouvrir()
    base.keep("versions", "0123456789ab", b"avant")
    base.keep("versions", "0123456789ab", "après".encode())
    assert base.read("versions", "0123456789ab") == b"avant"


def test_pieces_are_named_in_order_and_kind_by_kind(ouvrir: Ouvrir) -> None:
    base = ouvrir()
    for name in ("000@b", "000-2@a", "000@a"):
        base.keep("textes", name, b".")
    base.keep("versions", "c", b".")
    assert base.names("textes") == ("000-2@a", "000@a", "000@b")


def test_a_piece_can_be_forgotten_even_twice(ouvrir: Ouvrir) -> None:
    base = ouvrir()
    base.keep("versions", "c", b".")
    base.drop("versions", "c")
    base.drop("versions", "c")
    assert base.names("versions") == ()


def test_there_is_one_draft_the_last_written(ouvrir: Ouvrir) -> None:
    base = ouvrir()
    assert base.read_draft() is None
    base.write_draft(b"un")
    base.write_draft(b"deux")
    assert ouvrir().read_draft() == b"deux"
    base.drop_draft()
    base.drop_draft()
    assert ouvrir().read_draft() is None


def test_the_journal_keeps_its_order(ouvrir: Ouvrir) -> None:
    assert ouvrir().lines() == ()
    for line in (b"un", b"deux", b"trois"):
        ouvrir().log(line)
    assert ouvrir().lines() == (b"un", b"deux", b"trois")


def test_one_alone_changes_the_base(ouvrir: Ouvrir) -> None:
    first, second = ouvrir(), ouvrir()
    with first.alone(wait=False):
        with pytest.raises(BaseOccupee, match="une autre personne modifie la base"):
            second.alone(wait=False).__enter__()
        first.log(b"un")
    with second.alone(wait=False):
        second.log(b"deux")
    assert ouvrir().lines() == (b"un", b"deux")


def test_what_is_written_together_is_read_after(ouvrir: Ouvrir) -> None:
    base = ouvrir()
    with base.alone(wait=False), base.together():
        base.keep("versions", "c", b".")
        base.log(b"publier")
    assert (ouvrir().names("versions"), ouvrir().lines()) == (("c",), (b"publier",))


def test_of_what_is_written_together_nothing_is_kept_where_it_fails(magasin: Magasin) -> None:
    base = Partage(magasin)

    def fail() -> None:
        with base.alone(wait=False), base.together():
            base.keep("versions", "c", b".")
            base.log(b"publier")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (base.names("versions"), base.lines()) == ((), ())


def test_who_was_cut_off_writes_no_more_once_another_took_the_base(magasin: Magasin) -> None:
    cut, other = Partage(magasin), Partage(magasin)
    with cut.alone(wait=False):
        cut.write_draft(b"le mien")
        with magasin.connexion() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
                )
            )
        with other.alone(wait=True):
            other.write_draft(b"celui d'un autre")
        with pytest.raises(BaseInutilisable, match="a pris la main"):
            cut.write_draft(b"le mien encore")
    assert other.read_draft() == b"celui d'un autre"


def test_the_base_is_free_again_when_its_holder_dies(magasin: Magasin) -> None:
    dead = Magasin(magasin.adresse)
    with Partage(dead).alone(wait=False):
        dead.fermer()
        with magasin.connexion() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
                )
            )
        with Partage(magasin, patience=5).alone(wait=True):
            pass


def test_a_piece_that_is_too_large_is_refused_before_it_is_sent(magasin: Magasin) -> None:
    class Grosse(bytes):
        def __len__(self) -> int:
            return (200 << 20) + 1

    with pytest.raises(BaseInutilisable, match="200 Mo au plus"):
        Partage(magasin).keep("fichiers", "a" * 64, Grosse())
