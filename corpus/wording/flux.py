"""Layout set apart from words: a text as glyphs, and as codes of what separates them.

A *glyph* is anything that counts: letters, digits, punctuation, symbols. White space, hyphens,
bullets and extraction artefacts are no glyphs; what stands between two glyphs is summed up by one
code of ``Ecart``. Two texts say the same when their glyphs are equal and their codes agree, which
``equivalence`` decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final


class Ecart:
    """Codes of what separates two glyphs, one character each."""

    JOINT: Final = "j"
    ESPACE: Final = " "
    TRAIT: Final = "-"
    """A hyphen or dash glued on both sides: « peut-être », « 8-12 »."""
    CESURE: Final = "¬"
    """A hyphen at the end of a line, between letters: the word's own or the typesetter's."""
    INCISE: Final = "_"
    """A dash with white space on both sides."""
    SIGNE: Final = "<"
    """A dash glued to what follows only: « -5 »."""
    SUSPENDU: Final = ">"
    """A dash glued to what precedes only: « pré- et post- »."""
    PUCE: Final = "•"
    """A dash at the start of a line, that opens a list item."""
    POINT: Final = "·"
    """A bullet between two numbers, where it may be an operator."""
    DOUBLE: Final = "="
    """Several dashes."""


_APOSTROPHES = "'’‘‛ʼ"
_GUILLEMETS = '"«»“”„‟'
_LIGATURES = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "œ": "oe", "æ": "ae", "…": "...", "º": "°",
}  # fmt: skip
_EXPOSANTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TABLE: Final = (
    _LIGATURES | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_GUILLEMETS, '"')
)  # NFKC would go too far: it makes « 10² » equal to « 102 »
_CAPITALES = {"Œ": ("Oe", "OE"), "Æ": ("Ae", "AE")}
_SPECIAUX: Final = frozenset((*_TABLE, *_CAPITALES))
"""Characters that are read as others."""

_ATTRIBUTS = r'(?:\s{1,3}[A-Za-z-]{1,30}="[^"<>]{0,300}"){0,8}\s{0,3}/?'
_MORCEAU: Final = re.compile(
    rf"""
      (?P<filet>^[^\S\n]*(?:-{{3,}}|_{{3,}}|\*{{3,}})[^\S\n]*$)
    | (?P<titre>^[^\S\n]*\#{{1,6}}[^\S\n]+)
    | (?P<exposant><sup>\s{{0,3}}\d{{1,3}}\s{{0,3}}</sup>|[{_EXPOSANTS}]+)
    | (?P<renvoi>\[footnoteRef:\d{{1,4}}\]|\[bookmark:\s{{0,3}}_\w{{1,60}}\]|\[image:\s{{0,3}}\])
    | (?P<bloc></?(?:br|hr|p|div|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6]){_ATTRIBUTS}>)
    | (?P<balise></?(?:sup|b|i|em|strong|u|span|a|small|mark|font){_ATTRIBUTS}>)
    | (?P<emphase>\\?\*+)
    | (?P<espace>(?:\s|&nbsp;)+)
    | (?P<conditionnel>\u00ad)
    | (?P<vide>[\u200b-\u200d\u2060\ufeff]+)
    | (?P<tiret>[-‐‑‒–—―−])
    | (?P<puce>[·•➤➢☐●▪◦‣○■□])
    | (?P<mot>[^\W_{_EXPOSANTS}]+)
    | (?P<glyphe>.)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""Artefacts are named one by one, tags by name: no word can hide inside one."""

_FIN_DE_LIGNE: Final = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")
_LETTRES_AVANT_NOTE = 3
"""A superscript after a shorter word may be an exponent: « m² »."""


@dataclass(frozen=True, slots=True)
class Flux:
    """A text as glyphs: ``ecarts[i]`` stands before glyph ``i``, which comes from
    ``debuts[i]:fins[i]`` of the text (code points)."""  # noqa: D205, D209 - one sentence

    glyphes: str
    ecarts: str
    debuts: tuple[int, ...]
    fins: tuple[int, ...]

    @property
    def mots(self) -> int:
        """Number of letters and digits."""
        return sum(map(str.isalnum, self.glyphes))


@dataclass(slots=True)
class _Separation:
    """What was met since the last glyph."""

    espace_avant: bool = False
    ligne_avant: bool = False
    tirets: int = 0
    conditionnel: bool = False
    puce: bool = False
    espace_apres: bool = False
    ligne_apres: bool = False

    def ajouter_espace(self, *, ligne: bool) -> None:
        if self.tirets or self.conditionnel:
            self.espace_apres = True
            self.ligne_apres = self.ligne_apres or ligne
        else:
            self.espace_avant = True
            self.ligne_avant = self.ligne_avant or ligne

    def code(self, gauche: str, droite: str) -> str:
        """The code of this separation between two glyphs (``gauche`` is empty at the start)."""
        chiffres = gauche.isdecimal() and droite.isdecimal()
        if self.tirets > 1:
            return Ecart.DOUBLE
        if self.tirets == 1:
            return self._code_d_un_tiret(gauche, droite, chiffres=chiffres)
        if self.puce:
            return Ecart.POINT if chiffres else Ecart.ESPACE
        if self.conditionnel and not self.espace_avant:
            if self.ligne_apres:
                return _cesure(gauche, droite)
            return Ecart.ESPACE if self.espace_apres else Ecart.JOINT
        return Ecart.ESPACE if self.espace_avant or self.espace_apres else Ecart.JOINT

    def _code_d_un_tiret(self, gauche: str, droite: str, *, chiffres: bool) -> str:
        if self.espace_avant and self.espace_apres:
            return Ecart.PUCE if self.ligne_avant and not chiffres else Ecart.INCISE
        if self.espace_avant:
            return Ecart.PUCE if self.ligne_avant and droite.isalpha() else Ecart.SIGNE
        if self.ligne_apres:
            return _cesure(gauche, droite)
        return Ecart.SUSPENDU if self.espace_apres else Ecart.TRAIT


def _cesure(gauche: str, droite: str) -> str:
    """A hyphen at the end of a line is the typesetter's between letters only.

    « 8-12 » cut after its hyphen is not 812.
    """
    return Ecart.CESURE if gauche.isalpha() and droite.isalpha() else Ecart.TRAIT


@dataclass(slots=True)
class _Lecture:
    """A text being read."""

    glyphes: list[str] = field(default_factory=list)
    ecarts: list[str] = field(default_factory=list)
    debuts: list[int] = field(default_factory=list)
    fins: list[int] = field(default_factory=list)
    separation: _Separation = field(
        default_factory=lambda: _Separation(espace_avant=True, ligne_avant=True)
    )

    def gauche(self) -> str:
        return self.glyphes[-1] if self.glyphes else ""

    def ajouter(self, glyphes: str, debut: int, fin: int) -> None:
        """Add the glyphs of one character, or of one indivisible run."""
        for rang, glyphe in enumerate(glyphes):
            self.ecarts.append(Ecart.JOINT if rang else self.separation.code(self.gauche(), glyphe))
            self.glyphes.append(glyphe)
            self.debuts.append(debut)
            self.fins.append(fin)
            self.separation = _Separation()

    def ajouter_mot(self, mot: str, debut: int) -> None:
        if _SPECIAUX.isdisjoint(mot):
            # Most words: as they are written, with nothing between their glyphs.
            self.ecarts.append(self.separation.code(self.gauche(), mot[0]))
            self.ecarts.extend(Ecart.JOINT * (len(mot) - 1))
            self.glyphes.extend(mot)
            self.debuts.extend(range(debut, debut + len(mot)))
            self.fins.extend(range(debut + 1, debut + len(mot) + 1))
            self.separation = _Separation()
            return
        for rang, caractere in enumerate(mot):
            if caractere in _CAPITALES:
                suivant = mot[rang + 1 : rang + 2]
                glyphes = _CAPITALES[caractere][suivant.isupper()]
            else:
                glyphes = _TABLE.get(caractere, caractere)
            self.ajouter(glyphes, debut + rang, debut + rang + 1)

    def appelle_une_note(self) -> bool:
        """True where a superscript number can only be the call of a footnote."""
        if self.separation != _Separation() or not self.glyphes:
            return False
        if self.gauche() in '").;':
            return True
        lettres = self.glyphes[-_LETTRES_AVANT_NOTE:]
        joints = self.ecarts[1 - _LETTRES_AVANT_NOTE :]
        return len(lettres) == _LETTRES_AVANT_NOTE and all(
            [*map(str.isalpha, lettres), *(ecart == Ecart.JOINT for ecart in joints)]
        )

    def clore(self, fin: int) -> Flux:
        # A hyphen left hanging from the last word is part of what was quoted: as no other
        # glyph is a hyphen, it then matches nothing.
        if self.separation.tirets and self.glyphes and not self.separation.espace_avant:
            self.ajouter("-", fin - 1, fin)
        return Flux(
            glyphes="".join(self.glyphes),
            ecarts="".join(self.ecarts),
            debuts=tuple(self.debuts),
            fins=tuple(self.fins),
        )


def lire(texte: str) -> Flux:
    """Return the glyphs of a text, in one pass; any string is accepted."""
    compose, origines = _composer(texte)
    lecture = _Lecture()
    for morceau in _MORCEAU.finditer(compose):
        _lire_morceau(lecture, morceau)
    flux = lecture.clore(len(compose))
    if origines is None:
        return flux
    return Flux(
        glyphes=flux.glyphes,
        ecarts=flux.ecarts,
        debuts=tuple(origines[debut] for debut in flux.debuts),
        fins=tuple(origines[fin] for fin in flux.fins),
    )


def _lire_morceau(lecture: _Lecture, morceau: re.Match[str]) -> None:
    genre, contenu, debut, fin = morceau.lastgroup, morceau[0], morceau.start(), morceau.end()
    separation = lecture.separation
    match genre:
        case "mot":
            lecture.ajouter_mot(contenu, debut)
        case "espace":
            separation.ajouter_espace(ligne=_FIN_DE_LIGNE.search(contenu) is not None)
        case "bloc" | "filet" | "titre":
            separation.ajouter_espace(ligne=True)
        case "tiret":
            separation.tirets += 1
        case "conditionnel":
            separation.conditionnel = True
        case "puce" if separation.espace_avant or separation.puce:
            separation.puce = True
        case "exposant" if not lecture.appelle_une_note():
            chiffres = (unicodedata.digit(c) for c in contenu if c.isdigit())
            lecture.ajouter("".join(_EXPOSANTS[c] for c in chiffres), debut, fin)
        case "emphase" if contenu == "*" and _entre_chiffres(lecture, morceau):
            lecture.ajouter(contenu, debut, fin)
        case "glyphe" | "puce":
            lecture.ajouter(_TABLE.get(contenu, contenu), debut, fin)
        case _:
            pass  # an artefact that separates nothing


def _entre_chiffres(lecture: _Lecture, morceau: re.Match[str]) -> bool:
    """True for a star that may be a product: « 2*3 », « 2 * 3 »."""
    suite = morceau.string[morceau.end() : morceau.end() + 2].lstrip()
    return lecture.gauche().isdecimal() and suite[:1].isdecimal()


def _composer(texte: str) -> tuple[str, list[int] | None]:
    """Compose letters and accents written apart; with the origin of each character, and the end."""
    if unicodedata.is_normalized("NFC", texte):
        return texte, None
    composes: list[str] = []
    origines: list[int] = []
    debut = 0
    while debut < len(texte):
        fin = debut + 1
        while fin < len(texte) and unicodedata.combining(texte[fin]):
            fin += 1
        compose = unicodedata.normalize("NFC", texte[debut:fin])
        composes.append(compose)
        origines.extend([debut] * len(compose))
        debut = fin
    return "".join(composes), [*origines, len(texte)]
