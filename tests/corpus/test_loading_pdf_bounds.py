"""PDF that ask for far more than they hold: refused at once, or read for what they show."""

from __future__ import annotations

import itertools
import random
import zlib
from collections.abc import Callable

import hostiles
import pytest
from pdfminer.pdffont import PDFSimpleFont
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import LIT

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, MIB, Limites
from corpus.loading.models import DocumentCharge
from corpus.loading.opening import load_bytes
from corpus.loading.pdf import read_pdf
from corpus.loading.pdf.fonts import Fonts, mend, read_map
from tests.travail import travail

FLATE = b"/Filter /FlateDecode"
TIGHT = LIMITES.model_copy(update={"memoire": 256 * MIB, "secondes": 3.0})
"""What unrolls a table without end is stopped by these before it ends."""


def text_of(charge: object) -> str:
    assert isinstance(charge, DocumentCharge)
    return "\n".join(bloc.contenu.texte for bloc in charge.blocs)


def read_here(content: bytes, limits: Limites = LIMITES) -> str:
    return text_of(read_pdf(content, limits, lambda _done, _total: None))


def refused_here(content: bytes, limits: Limites = LIMITES) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as caught:
        read_here(content, limits)
    return caught.value


# --- fonts ---------------------------------------------------------------------------------------


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "make",
    [
        hostiles.endless_widths,
        hostiles.endless_heights,
        hostiles.endless_mapping,
        hostiles.endless_numbering,
        hostiles.endless_signs,
    ],
)
def test_a_font_with_an_endless_table_is_refused_at_once_and_in_little_memory(
    make: Callable[[], bytes],
) -> None:
    with pytest.raises(FichierRefuse) as caught:
        load_bytes(make(), "note.pdf", TIGHT)
    assert caught.value.motif == "trop_gros", str(caught.value)
    assert str(caught.value).startswith("note.pdf : une police")


def test_ranges_that_are_each_small_are_counted_together() -> None:
    many = b"<0000> <FFFF> <0020>\n" * 50
    content = hostiles.mapped_font(b"50 beginbfrange\n" + many + b"endbfrange")
    assert refused_here(content).motif == "trop_gros"
    widths = b"/W [" + b"0 65535 500 " * 50 + b"]"
    assert refused_here(hostiles.composed_font(of_font=widths)).motif == "trop_gros"


def test_a_font_that_names_every_code_of_two_bytes_is_read() -> None:
    ranges = b"1 beginbfrange <0000> <FFFF> <0000> endbfrange"
    assert read_here(hostiles.mapped_font(ranges)) == "Ca"
    widths = b"/W [0 65535 500]"
    ranges = b"1 begincidrange <0000> <FFFF> 0 endcidrange"
    table = hostiles.stream(ranges)
    content = hostiles.composed_font(b"/ToUnicode 7 0 R", of_font=widths, o7=table)
    assert read_here(content) == "Ca"


def test_a_broken_entry_of_a_map_leaves_the_others() -> None:
    ranges = b"3 beginbfrange <0041> <0042> <0061> <00> <0042> <0061> <0043> <0044> 7 endbfrange\n"
    chars = b"1 beginbfchar <0050> <0070> endbfchar 1 beginbfrange <60> <61> [/faux 1] endbfrange"
    read = read_map(ranges + chars)
    assert {code: read.get_unichr(code) for code in (0x41, 0x42, 0x50)} == {
        0x41: "a",
        0x42: "b",
        0x50: "p",
    }
    with pytest.raises(KeyError):
        read.get_unichr(0x43)


def test_a_range_beyond_the_last_character_is_left_out() -> None:
    read = read_map(b"1 beginbfrange <0041> <0061> <FFFFFFF0> <0070> <0070> <0071> endbfrange")
    assert read.get_unichr(0x70) == "q"


def test_a_font_of_one_byte_keeps_no_more_than_its_codes() -> None:
    differences = list(
        itertools.chain.from_iterable((code, LIT("A")) for code in range(300, 100_300))
    )
    spec = {
        "Type": LIT("Font"),
        "Subtype": LIT("TrueType"),
        "BaseFont": LIT("X"),
        "FirstChar": 32,
        "LastChar": 2**31,
        "Widths": [500] * 100_000,
        "Encoding": {"Differences": [65, LIT("Eacute"), *differences]},
    }
    font = Fonts().get_font(None, spec)
    assert isinstance(font, PDFSimpleFont)
    assert len(font.widths) == 256
    assert font.to_unichr(65) == "É"
    assert font.to_unichr(66) == "B"
    assert len(font.cid2unicode) < 1_000


@pytest.mark.parametrize("lost", [b"\xff\xff", b""], ids=["somme fausse", "coupé"])
def test_compressed_data_that_ends_badly_is_unpacked_once(lost: bytes) -> None:
    shown = hostiles.SHOWN + b"\n" + random.Random(7).randbytes(1_500_000).hex().encode("ascii")
    packed = zlib.compress(shown, 1)[:-2] + lost
    stream = PDFStream({"Filter": LIT("FlateDecode")}, packed)
    read: list[bytes] = []
    done = travail(lambda: read.append(mend(stream).get_data()))
    assert read == [shown]
    # The whole, then its last bytes one by one: pdfminer alone would go through each of them.
    assert done.noms["decompress"] + done.noms["Decompress.decompress"] < 20
    content = hostiles.pdf_of(hostiles.stream(zlib.compress(hostiles.SHOWN)[:-2] + lost, FLATE))
    assert read_here(content) == "Un texte bien visible du Clas"


def test_compressed_data_that_is_wrong_in_its_middle_is_not_read() -> None:
    packed = bytearray(zlib.compress(b"mot " * 1_000 + random.Random(7).randbytes(1_000)))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    stream = PDFStream({"Filter": LIT("FlateDecode")}, bytes(packed))
    as_before = PDFStream({"Filter": LIT("FlateDecode")}, bytes(packed))
    assert mend(stream).get_data() == as_before.get_data()


def test_letters_whose_font_is_not_in_the_file_are_read_in_order() -> None:
    shown = b"BT /F9 12 Tf 72 700 Td (Un texte bien visible du Clas) Tj ET"
    assert read_here(hostiles.pdf_of(hostiles.stream(shown))) == "Un texte bien visible du Clas"


# --- drawings, lengths, messages -----------------------------------------------------------------


def test_a_drawing_of_itself_gives_its_words_once() -> None:
    assert read_here(hostiles.form_that_draws_itself()) == "Un texte bien visible du Clas"


@pytest.mark.parametrize("make", [hostiles.length_of_itself, hostiles.announced_length])
def test_a_false_length_is_a_damage_and_no_size(make: Callable[[], bytes]) -> None:
    assert refused_here(make()).motif == "endommage"


def test_a_message_begins_with_what_was_found() -> None:
    refus = refused_here(hostiles.reference_to_itself())
    assert str(refus).startswith("un PDF endommagé ou incomplet")


def test_sizes_are_said_in_mebibytes() -> None:
    small = LIMITES.model_copy(update={"octets": MIB})
    assert str(refused_here(b"%PDF-1.7\n" + b" %\n" * MIB, small)) == (
        "3 Mio ; 1 Mio au plus sont acceptés"
    )
    packed = LIMITES.model_copy(update={"octets_decompresses": 8 * MIB})
    refus = refused_here(hostiles.pdf_bomb(12 * MIB, layers=1), packed)
    assert str(refus) == "un PDF qui dépasse, une fois décompressé, 8 Mio"


# --- encrypted files -----------------------------------------------------------------------------


def test_a_file_encrypted_without_password_is_read_in_its_process() -> None:
    content = hostiles.encrypted_pdf("", "AES-256")
    assert b"/AESV3" in content
    assert text_of(load_bytes(content, "note.pdf")) == read_here(hostiles.sound_pdf())


@pytest.mark.parametrize("algorithm", ["AES-128", "AES-256-R5"])
def test_older_encryptions_without_password_are_read(algorithm: str) -> None:
    content = hostiles.encrypted_pdf("", algorithm)
    assert read_here(content) == read_here(hostiles.sound_pdf())
