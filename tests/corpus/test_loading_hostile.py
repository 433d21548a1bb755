"""Hostile files, each read for real in its process: refused in time, in words, leaving nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import hostiles
import pytest
from lectures import refused, refused_file, words_of

from corpus.loading.errors import FichierRefuse, Motif
from corpus.loading.limits import LIMITES, MIB, Limites
from corpus.loading.opening import load_bytes, read_regular, shown_name

pytestmark = pytest.mark.long
"""Hostile files, each in a process of its own."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
FEW = LIMITES.model_copy(update={"octets_decompresses": 8 * MIB})
"""Lets a bomb be small enough to be made in no time."""
HASTY = LIMITES.model_copy(update={"secondes": 2.0, "secondes_en_tout": 4.0})


# --- files that no parser should meet ------------------------------------------------------------


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    refus = refused_file(tmp_path)
    assert (
        str(refus) == f"{tmp_path.name} : c'est un dossier ; seuls les fichiers ordinaires sont lus"
    )


@pytest.mark.timeout(60)
def test_a_pipe_that_nobody_writes_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "tube.pdf"
    os.mkfifo(path)
    assert "tube.pdf : c'est un tube nommé" in str(refused_file(path))


@pytest.mark.timeout(60)
def test_an_endless_device_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sans-fin.txt"
    path.symlink_to("/dev/zero")
    assert "sans-fin.txt : c'est un périphérique" in str(refused_file(path))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.pdf", "absent.pdf : aucun fichier de ce nom"),
        ("note.txt/absent.pdf", "absent.pdf : aucun fichier de ce nom"),
        ("n" * 300 + ".pdf", "ce nom est trop long"),
        ("nul\x00.pdf", "nul .pdf : ce nom n'est pas celui d'un fichier"),
        ("boucle.pdf", "boucle.pdf : ce lien ne mène à aucun fichier"),
    ],
)
def test_a_path_that_leads_nowhere_is_said_so(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "note.txt").write_text("Une note", "utf-8")
    (tmp_path / "boucle.pdf").symlink_to("boucle.pdf")
    assert words in str(refused_file(tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="tout est permis à root")
def test_a_file_that_may_not_be_read_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    path.write_bytes(hostiles.sound_pdf())
    path.chmod(0)
    assert "secret.pdf : la lecture de ce fichier n'est pas permise" in str(refused_file(path))


def bytes_read() -> int:
    """Those that this process read so far, of whatever."""
    lines = Path("/proc/self/io").read_text("ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


def test_a_file_beyond_the_size_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "creux.pdf"
    with path.open("wb") as sparse:
        sparse.truncate(60 * MIB)
    before = bytes_read()
    refus = refused_file(path)
    assert bytes_read() - before < MIB
    assert refus.motif == "trop_gros"
    assert str(refus) == "creux.pdf : le fichier fait 60 Mio, au-delà de la limite de 50 Mio"


def test_bytes_beyond_the_size_are_refused() -> None:
    limites = LIMITES.model_copy(update={"octets": 10})
    assert refused(b"onze octets", "note.txt", limites).motif == "trop_gros"


def test_a_link_to_a_file_is_read_as_the_file(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Une note", "utf-8")
    (tmp_path / "lien.txt").symlink_to("note.txt")
    assert read_regular(tmp_path / "lien.txt") == b"Une note"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/un/chemin/note.pdf", "note.pdf"),
        ("note\n\x1b[31mrouge\u202efdp.exe", "note [31mrouge fdp.exe"),
        ("caf\udce9.pdf", "caf .pdf"),
        ("", "fichier sans nom"),
        ("n" * 200 + ".pdf", "n" * 76 + "….pdf"),
    ],
)
def test_a_name_is_shown_short_and_harmless(name: str, shown: str) -> None:
    assert shown_name(name) == shown


# --- files that a parser meets -------------------------------------------------------------------

Make = Callable[[], bytes]

REFUSED: list[tuple[str, Make, str, set[Motif], Limites]] = [
    ("vide", lambda: b"", "note.pdf", {"vide"}, LIMITES),
    ("image nommée pdf", lambda: PNG, "scan.pdf", {"deguise"}, LIMITES),
    ("docx nommé pdf", hostiles.sound_docx, "note.pdf", {"deguise"}, LIMITES),
    ("pdf chiffré", hostiles.encrypted_pdf, "secret.pdf", {"chiffre"}, LIMITES),
    ("pdf d'images", hostiles.scanned_pdf, "scan.pdf", {"numerise"}, LIMITES),
    ("pdf coupé", lambda: hostiles.sound_pdf()[:2_000], "coupe.pdf", {"endommage"}, LIMITES),
    ("pages en cercle", hostiles.pages_in_circle, "cercle.pdf", {"endommage"}, LIMITES),
    ("bombe pdf", lambda: hostiles.pdf_bomb(24 * MIB), "bombe.pdf", {"trop_gros"}, FEW),
    ("bombe docx", lambda: hostiles.docx_bomb(24 * MIB), "bombe.docx", {"trop_gros"}, FEW),
    ("bombe odt", lambda: hostiles.odt_bomb(24 * MIB), "bombe.odt", {"trop_gros"}, FEW),
    ("rires docx", hostiles.laughing_docx, "rires.docx", {"endommage"}, LIMITES),
    ("rires odt", hostiles.laughing_odt, "rires.odt", {"endommage"}, LIMITES),
    ("docx imbriqué", hostiles.nested_docx, "puits.docx", {"trop_imbrique"}, LIMITES),
    ("odt imbriqué", hostiles.nested_odt, "puits.odt", {"trop_imbrique"}, LIMITES),
    ("html imbriqué", hostiles.nested_html, "puits.html", {"trop_imbrique"}, LIMITES),
    ("foule docx", lambda: hostiles.crowded_docx(2_100), "foule.docx", {"trop_gros"}, LIMITES),
    (
        "trop de pages",
        lambda: hostiles.sound_pdf(4),
        "long.pdf",
        {"trop_de_pages"},
        LIMITES.model_copy(update={"pages": 3}),
    ),
    (
        "trop de lettres",
        hostiles.sound_docx,
        "long.docx",
        {"trop_gros"},
        LIMITES.model_copy(update={"caracteres": 100}),
    ),
    (
        "trop peu de temps",
        lambda: hostiles.sound_pdf(6),
        "lent.pdf",
        {"trop_long"},
        LIMITES.model_copy(update={"secondes": 0.01}),
    ),
    (
        "trop peu de temps en tout",
        lambda: hostiles.sound_pdf(6),
        "lent.pdf",
        {"trop_long"},
        LIMITES.model_copy(update={"secondes_en_tout": 0.1}),
    ),
    (
        "trop peu de mémoire",
        hostiles.sound_pdf,
        "gros.pdf",
        {"trop_de_memoire"},
        LIMITES.model_copy(update={"memoire": 48 * MIB}),
    ),
    (
        "pas de mémoire",
        lambda: b"Une note. " * 500_000,
        "note.txt",
        {"trop_de_memoire"},
        LIMITES.model_copy(update={"memoire": MIB}),
    ),
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("make", "name", "motifs", "limites"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_a_hostile_file_is_refused_by_name_in_one_sentence(
    make: Make, name: str, motifs: set[Motif], limites: Limites
) -> None:
    refus = refused(make(), name, limites)
    message = str(refus)
    assert refus.motif in motifs, message
    assert message.startswith(f"{name} : ")
    assert len(message) < 400
    assert "Traceback" not in message
    assert "\n" not in message


ODD: list[tuple[str, Make, str]] = [
    ("tables en cercle", hostiles.tables_in_circle, "note.pdf"),
    ("lignes répétées", hostiles.repeated_rows_odt, "note.odt"),
    ("espaces répétées", hostiles.repeated_spaces_odt, "note.odt"),
    ("cases étendues", hostiles.spanning_html, "note.html"),
    ("liste comptée de loin", hostiles.counting_html, "note.html"),
]
ODDER: list[tuple[str, Make, str]] = [
    ("référence à soi", hostiles.reference_to_itself, "note.pdf"),
    ("pages annoncées", hostiles.announced_pages, "note.pdf"),
    ("prédicteur large", hostiles.wide_predictor, "note.pdf"),
    ("tableaux imbriqués", hostiles.nested_arrays, "note.pdf"),
    ("dictionnaires imbriqués", hostiles.nested_dictionary, "note.pdf"),
    ("plan en cercle", hostiles.outline_in_circle, "note.pdf"),
    ("balises ouvertes", hostiles.unclosed_html, "note.html"),
    ("citations imbriquées", hostiles.nested_markdown, "note.md"),
    ("crochets", hostiles.bracketed_markdown, "note.md"),
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("make", "name"),
    [
        *(pytest.param(make, name, id=known) for known, make, name in ODD),
        *(
            pytest.param(make, name, id=known, marks=pytest.mark.long)
            for known, make, name in ODDER
        ),
    ],
)
def test_an_odd_file_is_read_or_refused_in_time(make: Make, name: str) -> None:
    """Some would be read for ever: what reads them is stopped when its time is up."""
    content = make()
    try:
        assert words_of(load_bytes(content, name, HASTY)).strip()
    except FichierRefuse as refus:
        assert str(refus).startswith(f"{name} : ")  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("make", "name"), [(hostiles.prying_docx, "a.docx"), (hostiles.prying_odt, "a.odt")]
)
def test_a_file_never_brings_in_another_one(
    tmp_path: Path, make: Callable[[str], bytes], name: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("motdepasse", "utf-8")
    try:
        found = words_of(load_bytes(make(str(secret)), name))
    except FichierRefuse as refus:
        found = str(refus)
    assert "motdepasse" not in found


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: hostiles.pdf_bomb(1024 * MIB), "bombe.pdf"),
        (lambda: hostiles.docx_bomb(512 * MIB), "bombe.docx"),
        (lambda: hostiles.odt_bomb(512 * MIB), "bombe.odt"),
    ],
    ids=["pdf", "docx", "odt"],
)
def test_a_bomb_of_full_size_is_refused_for_its_size(make: Make, name: str) -> None:
    """By what it unpacks to, not because its time is up."""
    refus = refused(make(), name)
    assert refus.motif in {"trop_gros", "trop_de_memoire"}, str(refus)
