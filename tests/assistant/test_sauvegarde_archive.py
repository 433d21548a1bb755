"""An archive is written whole or not at all, and read only where nothing in it is amiss."""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
import sys
import tarfile
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from essais import Clas

from assistant.configuration import Configuration
from assistant.publication.etat import open_base
from assistant.sauvegarde.dossier import piece_de, tenue
from assistant.sauvegarde.ecriture import ecrire, ouvert, restes
from assistant.sauvegarde.lecture import verifier
from assistant.sauvegarde.modeles import (
    ArchiveRefusee,
    Entete,
    Instantane,
    Piece,
    SauvegardeImpossible,
    est_admis,
)
from assistant.sauvegarde.restaurer import extraire

JOUR = datetime(2026, 3, 12, tzinfo=UTC)
ENTETE = Entete(
    programme="0.1.0", date=JOUR, origine="dossier", index="0123456789ab", version=None,
    questions=True, modele=False,
)  # fmt: skip
FIXES = {
    "corpus/journal.jsonl": b"une ligne\n" * 700,
    "index/courante": b"0123456789ab",
    "avis/journal.jsonl": b"",
}


def instantane(pieces: tuple[Piece, ...]) -> Instantane:
    return Instantane(JOUR, "0123456789ab", None, pieces, {"journal": 700})


def pieces_de(contenus: dict[str, bytes]) -> tuple[Piece, ...]:
    return tuple(
        Piece(nom, len(octets), partial(iter, (octets,))) for nom, octets in contenus.items()
    )


def archive(folder: Path, pieces: tuple[Piece, ...] | None = None, nom: str = "s.tar.gz") -> Path:
    cible = folder / nom
    with ouvert(cible) as atelier:
        ecrire(
            cible, atelier, ENTETE,
            instantane(pieces_de(FIXES) if pieces is None else pieces), remplacer=False,
        )  # fmt: skip
    return cible


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    cible = archive(tmp_path)
    entete, manifeste = verifier(cible)
    dossier = tmp_path / "dossier"
    dossier.mkdir()
    extraire(cible, dossier, (entete, manifeste))
    assert {nom: (dossier / nom).read_bytes() for nom in FIXES} == FIXES
    assert entete == ENTETE
    assert cible.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["s.tar.gz"]


def test_a_file_that_cannot_be_read_is_named_rather_than_the_disk_that_is_written_to(
    tmp_path: Path,
) -> None:
    source, cible = tmp_path / "journal.jsonl", tmp_path / "cible"
    source.write_text("une ligne\n")
    cible.mkdir()
    piece = piece_de("corpus/journal.jsonl", source)
    source.unlink()
    with pytest.raises(SauvegardeImpossible, match=r"journal\.jsonl ne se lit pas") as refus:
        archive(cible, (piece,))
    assert "écrite" not in str(refus.value)
    assert list(cible.iterdir()) == []


def test_whoever_changes_the_base_is_waited_for(tmp_path: Path) -> None:
    base = open_base(Configuration(donnees=tmp_path, modele=None))
    tient, fini = threading.Event(), threading.Event()

    def publie() -> None:
        with base.writing():
            tient.set()
            time.sleep(0.1)
            fini.set()

    autre = threading.Thread(target=publie)
    autre.start()
    tient.wait(5)
    with tenue(open_base(Configuration(donnees=tmp_path, modele=None))):
        assert fini.is_set()
    autre.join()


def test_a_base_that_cannot_be_held_at_all_is_waited_for_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("un fichier")
    base = open_base(Configuration(donnees=tmp_path, modele=None))
    with pytest.raises(SauvegardeImpossible), tenue(base):
        pass


def test_any_tool_that_reads_tar_reads_it(tmp_path: Path) -> None:
    with tarfile.open(archive(tmp_path)) as lue:
        assert lue.getnames() == ["entete.json", *FIXES, "manifeste.json"]


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    octets = archive(tmp_path).read_bytes()
    coupee = tmp_path / "coupee"
    for fin in range(0, len(octets), 7):
        coupee.write_bytes(octets[:fin])
        with pytest.raises(ArchiveRefusee) as refus:
            verifier(coupee)
    assert str(refus.value) == (
        f"L'archive {coupee} ne peut pas être restaurée : elle est coupée, sa fin manque."
    )


def test_a_byte_flipped_anywhere_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    cible = archive(tmp_path)
    octets, lue = cible.read_bytes(), verifier(cible)
    abimee = tmp_path / "abimee"
    for place in range(0, len(octets), 5):
        autres = bytearray(octets)
        autres[place] ^= 0x10
        abimee.write_bytes(autres)
        try:
            assert verifier(abimee) == lue  # a byte that says nothing: gzip's own date
        except ArchiveRefusee:
            continue


def membre(nom: str, octets: bytes, genre: bytes = tarfile.REGTYPE, lien: str = "") -> bytes:
    info = tarfile.TarInfo(nom)
    info.size, info.type, info.linkname = len(octets), genre, lien
    bloc = info.tobuf(tarfile.GNU_FORMAT)
    return bloc + octets + b"\0" * (-len(octets) % 512)


DEBUT = membre("entete.json", ENTETE.model_dump_json().encode())


@pytest.mark.parametrize(
    ("membres", "dit"),
    [
        (membre("etranger", b"x"), "ce n'est pas une sauvegarde"),
        (membre("entete.json", b"{}"), "ce n'est pas une sauvegarde"),
        (DEBUT + membre("corpus/../../fuite", b"x"), "n'y a pas de place"),
        (DEBUT + membre("/etc/passwd", b"x"), "n'y a pas de place"),
        (DEBUT + membre("corpus/.verrou", b"x"), "n'y a pas de place"),
        (DEBUT + membre("index/courante", b"x") * 2, "n'y a pas de place"),
        (DEBUT + membre("index/courante", b"", tarfile.SYMTYPE, "/etc"), "fichier ordinaire"),
        (DEBUT + membre("index/courante", b"", tarfile.LNKTYPE, "/etc"), "fichier ordinaire"),
        (DEBUT + membre("././@LongLink", b"x" * 300, tarfile.GNUTYPE_LONGNAME), "ordinaire"),
        (DEBUT + membre("index/courante", b"x") + b"\0" * 1024, "abîmée"),
        (DEBUT + membre("manifeste.json", b'{"membres":[],"comptes":{}}'), "abîmée"),
    ],
)
def test_what_has_no_place_in_an_archive_is_refused(
    membres: bytes, dit: str, tmp_path: Path
) -> None:
    cible = tmp_path / "hostile"
    cible.write_bytes(gzip.compress(membres))
    with pytest.raises(ArchiveRefusee, match=dit):
        verifier(cible)


def test_a_later_format_is_refused_whatever_it_holds(tmp_path: Path) -> None:
    plus_tard = json.loads(ENTETE.model_dump_json()) | {"format": 2, "nouveau": True}
    cible = tmp_path / "plus_tard"
    cible.write_bytes(gzip.compress(membre("entete.json", json.dumps(plus_tard).encode())))
    with pytest.raises(ArchiveRefusee, match="mettez-le à jour"):
        verifier(cible)


def test_a_member_that_swells_is_read_in_bounded_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("index/courante")
    info.size = 1 << 27
    sortie = io.BytesIO()
    with gzip.GzipFile(fileobj=sortie, mode="wb", compresslevel=1) as flux:
        flux.write(DEBUT + info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(128):
            flux.write(bytes(1 << 20))
    (tmp_path / "gonflee").write_bytes(sortie.getvalue())
    tracemalloc.start()
    with pytest.raises(ArchiveRefusee):
        verifier(tmp_path / "gonflee")
    _, plus = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert plus < 16 << 20


def test_a_file_that_is_there_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    cible = archive(tmp_path)
    octets = cible.read_bytes()
    with pytest.raises(SauvegardeImpossible, match="--remplacer"):
        archive(tmp_path)
    assert cible.read_bytes() == octets


def test_what_changed_since_it_was_measured_makes_no_archive(tmp_path: Path) -> None:
    for piece in (
        Piece("index/courante", 5, lambda: iter((b"quatre",))),
        Piece("index/courante", 1, lambda: iter((b"a",)), "0" * 64),
    ):
        with pytest.raises(SauvegardeImpossible, match="ce qui avait été gardé"):
            archive(tmp_path, (piece,))
    assert list(tmp_path.iterdir()) == []


TUEE = """
import os, signal, sys
from pathlib import Path
from assistant.sauvegarde.ecriture import ouvert
with ouvert(Path(sys.argv[1])) as atelier:
    (atelier / "archive").write_bytes(b"mots de quelqu'un")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_program_left_goes_with_the_next_one_of_any_name(tmp_path: Path) -> None:
    fait = subprocess.run([sys.executable, "-c", TUEE, tmp_path / "hier.tar.gz"], check=False)
    assert fait.returncode == -signal.SIGKILL
    (laisse,) = tmp_path.iterdir()
    assert restes(tmp_path) == (laisse,)
    with ouvert(tmp_path / "s.tar.gz") as vivante:
        assert restes(tmp_path) == ()
        assert list(tmp_path.iterdir()) == [vivante]
        archive(tmp_path, nom="autre.tar.gz")
        assert vivante.is_dir()


def test_two_at_once_leave_each_other_alone(tmp_path: Path) -> None:
    def en_cours() -> Iterator[bytes]:
        with ouvert(tmp_path / "autre.tar.gz"):
            pass
        with pytest.raises(SauvegardeImpossible), ouvert(tmp_path / "s.tar.gz"):
            pass
        yield b"0123456789ab"

    cible = archive(tmp_path, (Piece("index/courante", 12, en_cours),))
    assert verifier(cible)[1].membres[1].nom == "index/courante"


@pytest.mark.parametrize(
    "nom", ["corpus/fichiers/../x", "modele/.verrou", "questions/x", "index/versions/x/a", "a\n"]
)
def test_only_names_that_the_program_gives_are_taken(nom: str) -> None:
    assert not est_admis(nom)


@pytest.mark.parametrize(
    ("arguments", "etat", "dit"),
    [
        (("sauvegarder", "s.zip"), 2, "attendu un nom en .tar.gz"),
        (("sauvegarder", "/nulle/part/s.tar.gz"), 1, "n'est pas un dossier"),
        (("restaurer", "rien.tar.gz", "--essai"), 2, "n'est pas un fichier"),
        (("restaurer", __file__), 2, "--dans DOSSIER"),
        (("restaurer", __file__, "--essai"), 2, "ce n'est pas une sauvegarde"),
        (("restaurer", __file__, "--dans", "/proc/neuf"), 2, "ce n'est pas une sauvegarde"),
    ],
)
def test_the_commands_say_what_they_refuse(
    arguments: tuple[str, ...], etat: int, dit: str, clas: Clas
) -> None:
    sortie = clas(*arguments)
    assert (sortie.status, dit in sortie.err) == (etat, True), sortie.err
