"""What a text says of itself: its number, date, school years, publisher and place.

Each clue comes with where it was read, so that whoever adds the text can judge it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import BaseModel, Field

from corpus.lecture_yaml import read_yaml
from corpus.models import FROZEN, NATIONALE, DocumentCanonique, Nature

_DEPARTEMENTS: Final = Path(__file__).parent / "departements.yaml"
_HEAD: Final = 5_000
"""Code points in which a text presents itself."""
_SHORT: Final = 170
"""Code points of a line that presents the text, rather than a paragraph of it."""
_FRONT: Final = 14
"""Blocks among which its own number and date stand: further on are those of other texts."""
_SHOWN: Final = 90
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?:\bn\s?[°ºo]s?|\b(?:C|LC|IT|LR)|circulaire|instruction)\s*(?P<year>(?:19|20)\d{2})"
    r"\s?[-‐‑–/]\s?(?P<rank>\d{1,4})\b",
    re.IGNORECASE,
)
_REPLACES: Final = re.compile(
    r"(?:annul\w+(?:\s+et\s+remplac\w+)?|abrog\w+|remplac\w+)\b[^.;]{0,80}?"
    r"\b(?P<year>(?:19|20)\d{2})\s?[-‐‑–/]\s?(?P<rank>\d{1,4})\b",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:er)?\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<year>(?:19|20)\d{{2}})\b"
    r"|\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    r"(?:,\s*le|^le|\bdate\s*:?|publi\w+\s*:?(?:\s+le)?|mis\w*\s+[àa]\s+jour\w*\s*:?(?:\s+le)?"
    r"|fait\b.{0,30}\ble)\s*$",
    re.IGNORECASE,
)
"""What stands before the date of the text itself."""
_YEARS: Final = re.compile(r"(?<!\d)(20\d{2})\s?[-‐‑–—/]\s?(20\d{2}|\d{2})(?!\d)")
_FROM: Final = re.compile(
    r"rentrée(?:\s+scolaire)?(?:\s+de)?(?:\s+septembre)?\s+(20\d{2})", re.IGNORECASE
)
_ANY_YEAR: Final = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_NATURES: Final[tuple[tuple[Nature, re.Pattern[str]], ...]] = (
    ("cahier_des_charges", re.compile(r"\bcahier[ _-]des[ _-]charges\b")),
    ("note_de_cadrage", re.compile(r"\b(?:note|lettre)[ _-](?:de[ _-])?cadrage\b")),
    ("referentiel", re.compile(r"\breferentiel\b")),
    ("circulaire", re.compile(r"\bcirculaire\b|\binstruction technique\b")),
)
_CAF: Final = r"(?:\bcaf|\bcaisse d'allocations familiales|\bcomite departemental(?: clas)?)"
_NATIONAL: Final = re.compile(
    r"\bcnaf\b|caisse nationale d[e']|branche famille|direction des politiques\s+familiales"
)


_CAF_CODE: Final = re.compile(r"\bcaf ?-?(\d{2,3}|2[ab])\b")
_CODED: Final = re.compile(r" ?\((\d{2,3}|2[ab])\)")
"""A code in brackets, as what follows the name of its département: « Gard (30) »."""
_SAID_AGAIN: Final = 2
UNKNOWN_PUBLISHER: Final = "Éditeur inconnu"


class Lieu(BaseModel):
    """A département, as it is named."""

    model_config = FROZEN

    code: str
    nom: str
    article: str
    ordinaire: bool = False
    """Whether its name is a common word too."""

    @property
    def de(self) -> str:
        """« de l'Hérault », « du Rhône », « des Landes », « de Paris »."""
        liaison = {"le": "du ", "les": "des ", "la": "de la ", "l'": "de l'"}
        return liaison.get(self.article, "de ") + self.nom


class _Lieux(BaseModel):
    model_config = FROZEN

    departements: tuple[Lieu, ...] = Field(min_length=1)


class Indice(NamedTuple):
    """A value, and where it was read."""

    valeur: str
    lu: str


class Ligne(NamedTuple):
    """A block of the beginning of a text."""

    texte: str
    ou: str
    titre: bool


@lru_cache(maxsize=1)
def departements() -> dict[str, Lieu]:
    """Every département, by code."""
    data = read_yaml(_DEPARTEMENTS.read_text(encoding="utf-8"))
    return {lieu.code: lieu for lieu in _Lieux.model_validate(data).departements}


def head_of(document: DocumentCanonique) -> tuple[Ligne, ...]:
    """Blocks in which a text presents itself, in order."""
    return tuple(
        Ligne(document.texte[b.debut : b.fin], _place(b.page), b.nature == "titre")
        for b in document.blocs
        if b.debut < _HEAD
    )


def _place(page: int | None) -> str:
    return f"page {page}" if page else "début du texte"


def read_in(ligne: Ligne, words: str | None = None) -> str:
    """Say where something was read, with its words."""
    shown = " ".join((words or ligne.texte).split())
    return f"{ligne.ou} : « {shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''} »"


def fold(texte: str) -> str:
    """Lower case, without accents, one kind of apostrophe and of space."""
    apart = unicodedata.normalize("NFD", texte.replace("’", "'"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def number_in(texte: str) -> str | None:
    """The number of a circulaire: « 2021-006 »."""
    found = _NUMBER.search(texte)
    return _number(found) if found else None


def _number(found: re.Match[str]) -> str:
    return f"{found['year']}-{found['rank'].zfill(3)}"


def number_of(head: Sequence[Ligne]) -> Indice | None:
    """The text's own number: the first one of a short line, which replaces no other text."""
    for ligne in head[:_FRONT]:
        if len(ligne.texte) > _SHORT or _REPLACES.search(ligne.texte):
            continue
        found = number_in(ligne.texte)
        if found:
            return Indice(found, read_in(ligne))
    return None


def replaced_by(head: Iterable[Ligne]) -> tuple[Indice, ...]:
    """Numbers of the texts that this one says it annuls or replaces."""
    return tuple(
        Indice(_number(found), read_in(ligne, found[0]))
        for ligne in head
        for found in _REPLACES.finditer(ligne.texte)
    )


def date_of(head: Sequence[Ligne]) -> Indice | None:
    """The day it was published (ISO 8601): the first one of a short line that says so."""
    for ligne in head[:_FRONT]:
        if len(ligne.texte) > _SHORT or _REPLACES.search(ligne.texte):
            continue
        for found in _DAY.finditer(ligne.texte):
            day = _day(found)
            if day and (_DATED.search(ligne.texte[: found.start()]) or found[0] == ligne.texte):
                return Indice(day.isoformat(), read_in(ligne))
    return None


def _day(found: re.Match[str]) -> date | None:
    month = found["m"] or _MONTHS.index(found["month"].casefold()) + 1
    try:
        return date(int(found["y"] or found["year"]), int(month), int(found["d"] or found["day"]))
    except ValueError:
        return None


def school_year(texte: str) -> str | None:
    """The first school year of a text: two years that follow one another."""
    for first, second in _YEARS.findall(texte):
        if int(second[-2:]) == (int(first) + 1) % 100:
            return f"{first}-{int(first) + 1}"
    return None


def year_of(head: Sequence[Ligne], name: str) -> Indice | None:
    """The school year it is made for: of its short lines, its name, or a « rentrée »."""
    for ligne in head:
        found = school_year(ligne.texte) if len(ligne.texte) <= _SHORT else None
        if found:
            return Indice(found, read_in(ligne))
    named = school_year(name)
    if named:
        return Indice(named, "nom du fichier")
    for ligne in head:
        start = _FROM.search(ligne.texte)
        if start:
            year = int(start[1])
            return Indice(f"{year}-{year + 1}", read_in(ligne, start[0]))
    return None


def most_told_year(texte: str) -> Indice | None:
    """The school year that a text tells most often, where no line of its head does."""
    told = Counter(filter(None, (school_year(found[0]) for found in _YEARS.finditer(texte))))
    if not told:
        return None
    year, times = max(told.items(), key=lambda item: (item[1], item[0]))
    return Indice(year, f"l'année que le texte nomme le plus ({times} fois)")


def any_year(head: Sequence[Ligne], name: str) -> Indice | None:
    """A calendar year, for want of a date."""
    short = [(li.texte, read_in(li)) for li in head[:_FRONT] if len(li.texte) <= _SHORT]
    for texte, where in [(name, "nom du fichier"), *short]:
        found = _ANY_YEAR.search(texte)
        if found:
            return Indice(found[1], where)
    return None


def nature_of(head: Sequence[Ligne], name: str) -> tuple[Nature, str] | None:
    """What kind of text it is: by its short lines first, by the name of its file next."""
    short = [(fold(li.texte), read_in(li)) for li in head[:_FRONT] if len(li.texte) <= _SHORT]
    for texte, where in [*short, (fold(name.replace("_", " ")), "nom ou propriétés du fichier")]:
        for nature, pattern in _NATURES:
            if pattern.search(texte):
                return nature, where
    return None


def place_of(head: Sequence[Ligne], name: str, texte: str, *, local: bool) -> Indice | None:
    """The département it is made for: of a heading, of its Caf, or of the name of its file.

    Args:
        head: the beginning of the text.
        name: the file's name.
        texte: the whole text, searched only for a ``local`` one.
        local: whether a text of this kind is made for a département.
    """
    for ligne in head:
        found = _places_of(ligne, local=local)
        if len(found) == 1:
            (code,) = found
            return Indice(code, read_in(ligne, departements()[code].de))
        if found:
            return None
    named = _places_of_name(name)
    if named:
        return Indice(named.pop(), "nom du fichier") if len(named) == 1 else None
    cafs = _cafs(fold(texte)) if local else set()
    if len(cafs) == 1:
        (code,) = cafs
        return Indice(code, f"le texte nomme la Caf {departements()[code].de}")
    return None


def names_a_place(head: Sequence[Ligne], name: str) -> bool:
    """Whether a text names a département where it presents itself, be it in passing."""
    return bool(_places_of_name(name)) or any(
        _places_of(ligne, local=True) or _with_code(fold(ligne.texte)) for ligne in head
    )


def _places_of(ligne: Ligne, *, local: bool) -> set[str]:
    """Départements for which a line says that a text is made: of its Caf, or of a heading."""
    bare = fold(ligne.texte)
    short = len(bare) <= _SHORT
    cafs = _cafs(bare)
    # « Les Caf du Gard et de l'Hérault » : the second one is named without its Caf.
    if (short and cafs) or (short and (ligne.titre or local)):
        cafs |= {code for _, code in _places(bare)}
    return cafs


def _places_of_name(name: str) -> set[str]:
    """Départements that the name of a file names."""
    bare = fold(re.sub(r"[_.]", " ", name))
    coded = {code[1].upper() for code in _CAF_CODE.finditer(bare)} & departements().keys()
    if coded:
        return coded
    words = _words(bare)
    return {
        lieu.code
        for lieu in departements().values()
        if not lieu.ordinaire and _words(lieu.nom) in words
    }


def is_of_the_nation(head: Sequence[Ligne]) -> bool:
    """Whether a text names the Cnaf where it presents itself."""
    return any(_NATIONAL.search(fold(ligne.texte)) for ligne in head if len(ligne.texte) <= _SHORT)


def coded_place_of(head: Sequence[Ligne], texte: str) -> Indice | None:
    """The only département that a text names with its code, « Gard (30) », again and again.

    One of its first short lines says it, and none of them names another one: several départements,
    or one said in passing, tell nothing of whom the text is made for.
    """
    named = _with_code(fold(texte))
    if len(set(named)) != 1 or len(named) < _SAID_AGAIN:
        return None
    lieu = departements()[named[0]]
    short = [ligne for ligne in head[:_FRONT] if len(ligne.texte) <= _SHORT]
    if any(code != lieu.code for ligne in short for _, code in _places(fold(ligne.texte))):
        return None
    for ligne in short:
        if _with_code(fold(ligne.texte)):
            return Indice(lieu.code, read_in(ligne, f"{lieu.nom} ({lieu.code})"))
    return None


def _with_code(bare: str) -> list[str]:
    """Codes of the départements named with them, as often as they are."""
    found: list[str] = []
    for match in _CODED.finditer(bare):
        lieu = departements().get(match[1].upper())
        before = bare[: match.start()]
        name = fold(lieu.nom) if lieu else ""
        if lieu and re.search(rf"(?<![\w-]){re.escape(name)}$", before[-len(name) - 1 :]):
            found.append(lieu.code)
    return found


def _words(texte: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', fold(texte)))} "


def _cafs(bare: str) -> set[str]:
    """Départements whose Caf is named, by their name or their code."""
    coded = {found[1].upper() for found in _CAF_CODE.finditer(bare)} & departements().keys()
    return coded | {
        lieu.code
        for lieu in departements().values()
        if re.search(rf"{_CAF}s? {_with_or_without_article(lieu)}(?![\w-])", bare)
    }


def _with_or_without_article(lieu: Lieu) -> str:
    """« de la Lozère », and « de Lozère » as many Caf sign."""
    name = re.escape(fold(lieu.nom))
    return rf"(?:{re.escape(fold(lieu.de))}|(?:de |d')?{name})"


def _places(bare: str) -> Iterator[tuple[int, str]]:
    """Départements named with their article, « du Rhône », « en Vaucluse », and where."""
    for lieu in departements().values():
        of, name = re.escape(fold(lieu.de)), re.escape(fold(lieu.nom))
        there = "" if lieu.ordinaire else rf"|(?<!\w)(?:en |dans l(?:e |a |es |')){name}(?![\w-])"
        match = re.search(
            rf"(?<!\w){of}(?![\w-])|\({name}(?: ?,? ?{lieu.code.lower()})?\){there}", bare
        )
        if match and lieu.article:
            yield match.start(), lieu.code


def publisher_of(head: Sequence[Ligne], portee: str, *, web: bool) -> Indice:
    """Who publishes it: the Caf of its département, the Cnaf, a site."""
    if portee != NATIONALE:
        return Indice(f"Caf {departements()[portee].de}", "déduit de la portée")
    if web:
        for ligne in head:
            if "caf.fr" in ligne.texte.casefold():
                return Indice("caf.fr", read_in(ligne, "caf.fr"))
    for ligne in head:
        found = _NATIONAL.search(fold(ligne.texte))
        if found:
            return Indice("Cnaf", read_in(ligne))
    return Indice(UNKNOWN_PUBLISHER, "rien dans le texte ne le dit")
