"""Characters of symbol fonts, as Unicode writes them."""

from __future__ import annotations

_PRIVATE = 0xF000
_BYTE = 0xFF

_GREEK = dict(
    zip(
        "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghijklmnopqrstuwxyz",
        "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηιϕκλμνοπθρστυωξψζ",
        strict=True,
    )
)
_SYMBOL = _GREEK | {
    "\xa3": "≤",
    "\xa5": "∞",
    "\xab": "↔",
    "\xac": "←",
    "\xad": "↑",
    "\xae": "→",
    "\xaf": "↓",
    "\xb0": "°",
    "\xb1": "±",
    "\xb3": "≥",
    "\xb4": "×",
    "\xb7": "•",
    "\xb8": "÷",
    "\xb9": "≠",
    "\xbb": "≈",
    "\xbc": "…",
    "\xde": "⇒",
    "\xd7": "⋅",
    "\xe5": "∑",
}
_WINGDINGS = {
    "(": "☎",
    "*": "✉",
    "6": "⌛",
    "J": "☺",
    "l": "●",
    "m": "❍",
    "n": "■",
    "o": "☐",
    "q": "❑",
    "u": "◆",
    "v": "❖",
    "w": "◆",
    "\x9f": "•",
    "\xa7": "▪",
    "\xa8": "☐",
    "\xd8": "➢",
    "\xdf": "←",
    "\xe0": "→",
    "\xe8": "➔",
    "\xf0": "⇨",
    "\xfb": "✗",
    "\xfc": "✓",
    "\xfd": "☒",
    "\xfe": "☑",
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def symbole(font: str, code: int) -> str:
    """A character of a font; empty for a drawing of a symbol font that Unicode has no sign for."""
    low = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + _BYTE else code
    table = _FONTS.get(font.lower())
    if table is not None and 0 < low <= _BYTE:
        letter = chr(low)
        known = table.get(letter)
        if known is not None:
            return known
        # The font Symbol keeps digits and punctuation where they are.
        return (
            letter if font.lower() == "symbol" and letter in " !#%()+,./0123456789:;<=>?[]" else ""
        )
    if _PRIVATE <= code <= _PRIVATE + _BYTE or not 0x20 < code < 0xD800:  # noqa: PLR2004 - printable
        return ""
    return chr(code)
