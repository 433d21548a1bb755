"""Reading of plain text in the encodings met in French offices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES
from corpus.loading.models import TexteBrut
from corpus.loading.plain import read_plain

TEXT = "L’élève de cœur : 2 563 €\r\n\tà la « Caf »\r\n"


def read(content: bytes, **limits: int) -> TexteBrut:
    return read_plain(content, LIMITES.model_copy(update=limits), lambda _done, _total: None)


@pytest.mark.parametrize(
    ("content", "encoding", "told"),
    [
        (TEXT.encode(), "UTF-8", ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), "UTF-8 (avec marque)", ""),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "UTF-16", ""),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16", ""),
        (b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "UTF-32", ""),
        (TEXT.encode("utf-16-le"), "UTF-16", "aucune marque"),
        (TEXT.encode("cp1252"), "Windows-1252", "à vérifier"),
    ],
)
def test_a_text_is_read_whole_and_its_encoding_told(
    content: bytes, encoding: str, told: str
) -> None:
    read_text = read(content)
    assert (read_text.texte, read_text.encodage) == (TEXT, encoding)
    assert told in " ".join(read_text.remarques)
    assert bool(told) == bool(read_text.remarques)


def test_bytes_of_windows_in_a_text_in_utf8_are_read_and_counted() -> None:
    mixed = "L’élève à l’école".encode() + "été".encode("cp1252")
    read_text = read(mixed)
    assert read_text.texte == "L’élève à l’écoleété"
    assert "2 octets" in read_text.remarques[0]


def test_bytes_that_no_encoding_explains_leave_a_mark() -> None:
    read_text = read("été à l’école".encode("cp1252") + b"\x81")
    assert read_text.texte == "été à l’école\ufffd"
    assert any("illisible" in remark for remark in read_text.remarques)


def test_accents_damaged_before_are_told() -> None:
    damaged = "L’élève".encode().decode("cp1252").encode()
    assert "abîmés" in read(damaged).remarques[0]


def test_proper_capitals_are_not_taken_for_damaged_accents() -> None:
    assert read("SÃO PAULO, ÉCOLE, Â, Ã la".encode()).remarques == ()


@pytest.mark.parametrize(
    ("content", "motif"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf\r\n \t\r\n", "vide"),
        (b"un texte\0\0\0coup\0\0 de nuls", "inconnu"),
        (bytes(range(1, 32)) * 4, "inconnu"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "inconnu"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, motif: str) -> None:
    with pytest.raises(FichierRefuse) as caught:
        read(content)
    assert caught.value.motif == motif


def test_sizes_are_bounded_and_the_bound_is_named() -> None:
    with pytest.raises(FichierRefuse, match="50 au plus") as caught:
        read(b"a" * 100, caracteres=50)
    assert caught.value.motif == "trop_gros"
    with pytest.raises(FichierRefuse, match="Mio"):
        read(b"a" * 100, octets=50)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_any_text_in_utf8_is_kept_letter_for_letter(text: str) -> None:
    read_text = read(("a" + text).encode())
    assert (read_text.texte, read_text.encodage) == ("a" + text, "UTF-8")


@given(st.text("abéèàçœ’«»€ \n", min_size=1))
def test_any_french_text_of_windows_is_kept_letter_for_letter(text: str) -> None:
    assert read(("é " + text).encode("cp1252")).texte == "é " + text
