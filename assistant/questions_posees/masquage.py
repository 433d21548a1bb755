"""What could name somebody is put out of a text before it is kept.

E-mail addresses, web addresses that carry more than a place, long codes, and any number of six
digits or more however it is spaced: telephone, SIRET, NIR, IBAN, allocataire. Amounts, school
years and dates stay, since questions are about them. When in doubt, a number is masked.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

COURRIEL: Final = "[courriel masqué]"
TELEPHONE: Final = "[téléphone masqué]"
NUMERO: Final = "[numéro masqué]"
ADRESSE: Final = "[adresse web masquée]"
CODE: Final = "[code masqué]"

LUS: Final = 20_000
"""Characters of a text that are looked at: what follows is not kept at all."""
_CHIFFRES: Final = 6
_TELEPHONE: Final = 10

_SIGNE: Final = r"[@＠﹫]"
_MOT: Final = r"(?:[\[({]\s?(?:at|arobas[e]?|chez)\s?[\])}]|(?<=\s)arobas[e]?(?=\s))"
_POINT: Final = r"(?:[.．。]|\s?[\[({]\s?(?:dot|point)\s?[\])}]\s?|\s(?:dot|point)\s)"
_LETTRE: Final = r"[^\s@＠﹫<>()\[\]{},;:\"«»]"
# The local part is taken from its first character on, once: no word is gone through twice.
_LOCAL: Final = rf"(?:\"[^\"\n@\[\]]{{1,64}}\"|(?<!{_LETTRE}){_LETTRE}++)"
_COURRIEL: Final = re.compile(
    rf"(?:{_LOCAL}(?:{_SIGNE}|\s?{_MOT})\s?[\w-]++(?:{_POINT}[\w-]++)*+"
    # Apart from what precedes it, « @conventions » is the name of a tool: a domain has a dot.
    rf"|(?:{_LOCAL}\s)?{_SIGNE}\s?[\w-]++(?:{_POINT}[\w-]++)++)"
    # And what is glued to it, up to its last sign.
    rf"(?:{_LETTRE}*+{_SIGNE}[\w.-]*+)*+",
    re.IGNORECASE,
)
_WEB: Final = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"«»]++", re.IGNORECASE)
_SANS_DETAIL: Final = re.compile(
    r"(?:https?://)?(?:[a-z-]{1,40}\.){0,5}[a-z]{1,15}(?::\d{2,5})?(?:/[a-zà-ÿ_.-]{0,60}){0,8}",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"(?<!\w)(?=\w*?\d)(?=\w*?[^\W\d_])\w{20,}+")

# Inside a number, people put spaces and signs, one or several, in any way. What was taken is not
# given back: a number that is none is found out in one pass.
_ENTRE: Final = r"[^\S\n.,]?+[.\-‐‑‒–—−_/()'’·•]{0,2}+[^\S\n]{0,3}+"
_PAS_APRES: Final = r"(?<![\d+])(?<!\d[.\-–/])"
_PAS_AVANT: Final = r"(?![.\-–/]?\d)"
_AN: Final = r"(?:19[5-9]|20[0-4])\d"
_JOUR: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MOIS: Final = r"(?:0?[1-9]|1[0-2])"
_MILLIERS: Final = r"[1-9]\d{0,2}(?:(?:[^\S\n]\d{3}){0,2}|(?:\.\d{3}){1,2})"
_MONNAIE: Final = r"\s?(?:€|k€|euros?\b|eur\b)"
_GARDES: Final = (
    # School years, and other spans of years.
    rf"{_AN}\s?[-–/]\s?{_AN}",
    rf"{_AN}(?:\s{_AN}){{1,4}}(?!\s?\d{{3}}|\s?\d\d?\s\d)",
    rf"{_AN}[-–/]\d\d(?![.\-–/ ]\d)",
    # Dates.
    rf"{_JOUR}(?P<signe>[./-]){_MOIS}(?P=signe){_AN}",
    rf"{_AN}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
    rf"{_JOUR}/{_MOIS}/\d\d(?!\s\d)",
    rf"{_MOIS}[/.-]{_AN}",
    # Amounts: grouped by thousands, or in one piece.
    rf"(?:{_MILLIERS}|[1-9]\d{{0,7}})(?:,\d{{1,3}}|\.\d{{1,2}})?{_MONNAIE}",
    r"[1-9]\d{0,2}(?:[^\S\n]\d{3})?[^\S\n]000(?![^\S\n]?\d)",
    rf"[1-9]\d{{0,4}}\s?[-–]\s?[1-9]\d{{0,4}}(?:{_MONNAIE}|\s?(?:hab|enfants|élèves))",
)
_AVEC_UNE_DATE: Final = (
    rf"(?:{_JOUR}(?P<point>[./-]){_MOIS}(?P=point){_AN}\s\d\d|{_MOIS}[/.-]{_AN}\s\d{{4}}"
    rf"|0\d\s{_AN}\s?[-–/]\s?{_AN})(?!{_ENTRE}\d)"
)
"""Ten digits that are a date and a number, or a département and a school year."""
_NOMBRES: Final = re.compile(
    # What the texts are called by: « circulaire n° 2021-006 », « lettre au réseau 2021-001 ».
    r"(?P<texte>\b(?:circ\.?|circulaires?|lettres?|instructions?|d[ée]crets?|lois?|arr[êe]t[ée]s?)"
    r"(?:\s[^\W\d]{1,14}){0,2}(?:\s?n\s?[°ºo])?\s?(?:lc\s?)?"
    rf"(?:{_AN}\s?[-–]\s?\d{{1,4}}|\d{{1,4}}[-–]{_AN}){_PAS_AVANT})"
    # A telephone before a date: « 01/1/00 - 00000 » begins like one.
    rf"|(?P<appel>{_PAS_APRES}(?!{_AVEC_UNE_DATE})0{_ENTRE}[1-9](?:{_ENTRE}\d){{8}}(?!{_ENTRE}\d))"
    rf"|(?P<garde>{_PAS_APRES}(?:{'|'.join(_GARDES)}){_PAS_AVANT})"
    # IBAN: letters, then pieces that each have a digit.
    r"|(?P<iban>\b(?:(?-i:[A-Z]{2})[\s.-]?|[a-z]{2})\d{2}(?:[\s.-]{0,2}[a-z]{0,4}\d[a-z0-9]{0,32}){2,12})"
    # NIR of Corsica.
    rf"|(?P<nir>\b[1-478]{_ENTRE}\d\d{_ENTRE}\d\d{_ENTRE}2\s?[ab]{_ENTRE}(?:\d{_ENTRE}){{5}}\d"
    rf"(?:{_ENTRE}\d\d)?)"
    r"|(?P<virgules>(?<!\d)0[1-9](?:\s?[,;:]\s?\d\d){4})"
    rf"|(?P<suite>(?:\+\s?\(?)?(?<!\d)\d(?:{_ENTRE}\d)*+)",
    re.IGNORECASE,
)
_COURTS: Final = re.compile(rf"{_AN}\.?\s\d{{1,2}}|\d{{1,2}}\s{_AN}|{_AN}\s?[-–]\s?\d{{3}}")
"""A year and a small number side by side, « rentrée 2025 12 enfants », or the number of a text."""
_DANS: Final = re.compile(
    rf"(?<![\d.\-–/])(?:{_AN}[-–/]{_AN}|{_JOUR}([./-]){_MOIS}\1{_AN}){_PAS_AVANT}"
)
"""A school year or a date among other numbers: « 34 2025-2026 »."""

_COEUR: Final = re.compile(r"\+?\(?\d(?:.*\d)?")


def masquer(texte: str) -> str:
    """Put placeholders in place of what could name somebody.

    Example:
        ``masquer("je suis au 06 12 34 56 78")`` gives ``"je suis au [téléphone masqué]"``.
    """
    nu = _lisible(texte)
    nu = _WEB.sub(_adresse, nu)
    nu = _COURRIEL.sub(COURRIEL, nu)
    nu = _CODE.sub(CODE, nu)
    return _NOMBRES.sub(_nombre, nu)


def masquer_et_borner(texte: str, bornes: int, *, lignes: bool = False) -> str:
    """Mask a text, then keep its first characters.

    Args:
        texte: as it was written.
        bornes: characters kept, at most.
        lignes: whether its lines stay apart; else it becomes one paragraph.
    """
    lu = _debut(texte)
    lu = lu if lignes else " ".join(_lisible(lu).split())
    masque = masquer(lu).strip()
    return masque if len(masque) <= bornes else f"{masque[: bornes - 1]}…"


def _debut(texte: str) -> str:
    """What is looked at, cut between two words: half of an address would no longer be one."""
    if len(texte) <= LUS:
        return texte
    return texte[:LUS].rpartition(" ")[0]


def _lisible(texte: str) -> str:
    """Without what is not seen, which would hide a number from us and not from a reader."""
    ecrit = texte.encode("utf-8", "replace").decode("utf-8")
    if ecrit.isprintable():
        return ecrit
    return "".join(c if c.isprintable() or _reste(c) else " " for c in ecrit)


def _reste(caractere: str) -> bool:
    """Whether what is not printed stays: the end of a line, a space of any width."""
    return caractere == "\n" or unicodedata.category(caractere) == "Zs"


def _adresse(trouve: re.Match[str]) -> str:
    adresse = trouve[0].rstrip(".,;:!?)]}'’»")
    suite = trouve[0][len(adresse) :]
    return trouve[0] if _SANS_DETAIL.fullmatch(adresse) else f"{ADRESSE}{suite}"


def _nombre(trouve: re.Match[str]) -> str:
    ecrit = trouve[0]
    if trouve["texte"] is not None or trouve["garde"] is not None:
        return ecrit
    if trouve["virgules"] is not None or trouve["appel"] is not None:
        return TELEPHONE
    if trouve["nir"] is not None:
        return NUMERO
    if trouve["iban"] is not None:
        return NUMERO if len(_chiffres(ecrit)) >= _TELEPHONE else _sans_iban(ecrit)
    if _COURTS.fullmatch(ecrit):
        return ecrit
    dits, fin = "", 0
    for dedans in _DANS.finditer(ecrit):
        dits += _COEUR.sub(_suite, ecrit[fin : dedans.start()]) + dedans[0]
        fin = dedans.end()
    return dits + _COEUR.sub(_suite, ecrit[fin:])


def _suite(trouve: re.Match[str]) -> str:
    """A run of digits, masked where it is long."""
    chiffres = _chiffres(trouve[0])
    if len(chiffres) < _CHIFFRES:
        return trouve[0]
    tel = trouve[0].startswith(("+", "00")) or (
        len(chiffres) == _TELEPHONE and chiffres.startswith("0")
    )
    return TELEPHONE if tel else NUMERO


def _chiffres(ecrit: str) -> str:
    """Its digits, in whatever alphabet they are written."""
    return "".join(str(int(c)) for c in ecrit if c.isdecimal())


def _sans_iban(ecrit: str) -> str:
    """Two letters and numbers that are no IBAN: the numbers are judged by themselves."""
    return ecrit[:2] + _NOMBRES.sub(_nombre, ecrit[2:])
