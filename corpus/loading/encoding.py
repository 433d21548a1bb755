"""From bytes to text, whatever encoding a French office wrote it in; nothing is lost in silence."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import MIB, Limites

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_WINDOWS = "Windows-1252"
_ANSI = frozenset({"iso-8859-1", "latin1", "latin-1", "l1", "ascii", "us-ascii", "ansi"})
"""Labels that browsers read as Windows-1252, which holds « œ », « ’ » and « € » besides."""
_MAC = frozenset({"macintosh", "mac", "x-mac-roman", "macroman"})
_SAFE_LABEL = re.compile(r"(?:iso-?8859-\d{1,2}|windows-125\d|cp125\d|cp850|cp437)")
"""Encodings that Python knows and that turn bytes into letters only."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_FEW = 0.005
"""Share of control characters that a text damaged by its travels may hold."""
_NULLS = 0.3
"""Share of null bytes, every other one, from which a text is UTF-16 without a mark."""
_LEAST = 8
"""Bytes from which that share means something."""
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_FRENCH = re.compile("[\u00a0-\u017f\u0300-\u036f\u2000-\u206f\u20ac\u2190-\u27bf\ufb00-\ufb06]+")
"""Characters of French offices beyond ASCII: bytes that decode to others were no UTF-8."""
_MISREAD = re.compile("Ã[©¨ª«®´»¢§‰€\u00a0]|â€[™œ¦“”]|Å“")
"""« é », « à », « ’ » of UTF-8 as Windows-1252 shows them."""


class TexteDecode(NamedTuple):
    """Text of a file; how it was written; what its reader should know, in French."""

    texte: str
    encodage: str
    remarques: tuple[str, ...] = ()


def decode(content: bytes, limits: Limites, *, declared: str | None = None) -> TexteDecode:
    """Read bytes as text: by byte order mark, declared charset, UTF-8, then Windows-1252.

    A text that is both (UTF-8 with a few bytes of Windows-1252 pasted in) is read as both, and a
    remark counts those bytes. What no encoding explains becomes U+FFFD, with a remark.

    Raises:
        FichierRefuse: ``trop_gros``, or ``inconnu`` for what is not text.
    """
    if len(content) > limits.octets:
        raise FichierRefuse(
            "trop_gros",
            f"le fichier fait {len(content) / MIB:.1f} Mio ; "
            f"la taille acceptée est de {limits.octets / MIB:.0f} Mio au plus",
        )
    decoded = _decode(content, declared)
    _refuse_binary(decoded.texte)
    if len(decoded.texte) > limits.caracteres:
        raise FichierRefuse(
            "trop_gros",
            f"le texte fait {len(decoded.texte)} caractères ; "
            f"la longueur acceptée est de {limits.caracteres} au plus",
        )
    return decoded._replace(remarques=decoded.remarques + tuple(_doubts(decoded.texte)))


def _decode(content: bytes, declared: str | None) -> TexteDecode:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            if codec == "utf-8":
                return _utf8(content[len(mark) :], "UTF-8 (avec marque)")
            return TexteDecode(content[len(mark) :].decode(codec, "replace"), name)
    unmarked = _unmarked_utf16(content)
    if unmarked:
        text = content.decode(unmarked, "replace")
        return TexteDecode(text, "UTF-16", ("aucune marque d'encodage : lu comme de l'UTF-16",))
    chosen, name, remarks = _codec_of(declared)
    if chosen is None or chosen == "utf-8":
        guessed = _utf8(content, "UTF-8")
        return guessed._replace(remarques=remarks + guessed.remarques)
    if _MULTIBYTE.search(content) and _is_utf8(content):
        told = f"la page annonce {declared}, mais elle est écrite en UTF-8 : lue comme telle"
        return TexteDecode(content.decode("utf-8"), "UTF-8", (*remarks, told))
    return TexteDecode(content.decode(chosen, "replace"), name, remarks)


def _utf8(content: bytes, name: str) -> TexteDecode:
    if _is_utf8(content):
        return TexteDecode(content.decode("utf-8"), name)
    # A surrogate stands for each byte that is no UTF-8.
    escaped = content.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= letter <= "\udcff" for letter in escaped)
    beyond = re.sub("[\x00-\x7f\udc80-\udcff]", "", escaped)
    if len(beyond) < bad or not _FRENCH.fullmatch(beyond):
        told = "aucun encodage reconnu : lu comme du Windows-1252, à vérifier sur les accents"
        return TexteDecode(content.decode("cp1252", "replace"), _WINDOWS, (told,))
    text = re.sub(
        "[\udc80-\udcff]",
        lambda m: bytes([ord(m[0]) - 0xDC00]).decode("cp1252", "replace"),
        escaped,
    )
    few = "un octet n'est pas" if bad == 1 else f"{bad} octets ne sont pas"
    told = f"encodage mêlé : {few} de l'UTF-8, lu comme du Windows-1252"
    return TexteDecode(text, f"{name} et {_WINDOWS}", (told,))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _codec_of(declared: str | None) -> tuple[str | None, str, tuple[str, ...]]:
    """Python's codec for a declared charset, its name in French messages, and remarks."""
    if declared is None:
        return None, "UTF-8", ()
    label = declared.strip().lower()
    if label.startswith(("utf-8", "utf8", "utf-16", "utf16")):
        # A charset that could be read in ASCII is no UTF-16: browsers take it for UTF-8.
        return "utf-8", "UTF-8", ()
    if label in _ANSI or label in ("windows-1252", "cp1252", "x-cp1252"):
        return "cp1252", _WINDOWS, ()
    if label in _MAC:
        return "mac_roman", "Mac Roman", ()
    if _SAFE_LABEL.fullmatch(label):
        try:
            return codecs.lookup(label).name, declared.strip(), ()
        except LookupError:
            pass
    return None, "UTF-8", (f"l'encodage annoncé, « {declared.strip()[:40]} », n'est pas connu",)


def _unmarked_utf16(content: bytes) -> str | None:
    if len(content) < _LEAST:
        return None
    half = len(content) // 2
    for parity, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if content[parity::2].count(0) / half > _NULLS and not content[1 - parity :: 2].count(0):
            return codec
    return None


def _refuse_binary(text: str) -> None:
    controls = len(_CONTROLS.findall(text))
    if "\0" in text or controls > _FEW * len(text) + 1:
        raise FichierRefuse(
            "inconnu",
            "le contenu est binaire, ce n'est pas du texte ; encodages acceptés : "
            "UTF-8, UTF-16, Windows-1252 et Latin-1",
        )


def _doubts(text: str) -> list[str]:
    doubts = []
    lost = text.count("\ufffd")
    if lost:
        count = "un caractère illisible" if lost == 1 else f"{lost} caractères illisibles"
        doubts.append(f"{count} dans le fichier, remplacé par « \ufffd »")
    misread = _MISREAD.search(text)
    if misread:
        doubts.append(
            "des accents semblent abîmés avant l'arrivée du fichier "
            f"(« {text[max(0, misread.start() - 10) : misread.end() + 10].strip()} »)"
        )
    return doubts
