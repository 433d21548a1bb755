"""Which years and dates a question names.

A school year runs from September, but for the people who ask it begins on the first of July: the
calls for projects of the coming year are open then and the sessions of the past one are over. So
« cette année » asked in July or August is the coming school year, and so are « l'an prochain » and
« la rentrée », which in those months cannot mean the year after; « l'année dernière » is the one
that has just ended. « À la rentrée » in September is the month's own; from October, the next one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.understanding.texte import TextePlie, fin_typee, plier_avec_positions

Nature = Literal["scolaire", "civile", "date"]

PREMIER_MOIS = 7
"""Month from which people who say « cette année » mean the school year that starts in September."""

_SEPTEMBRE = 9
_MOIS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9,
    "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_NOMS_DES_MOIS = "|".join(sorted(_MOIS, key=len, reverse=True))
_AN = r"(?:19[89]\d|20\d\d)"
_APRES_AN = (
    r"(?!\d|[.,/\-]\d|\s?(?:€|%|euros?\b|eur\b|k€|enfants?\b|eleves?\b|habitants?\b|hab\b|"
    r"projets?\b|collectifs?\b|heures?\b|familles?\b|associations?\b|structures?\b|jeunes?\b))"
)
_LIBRE_AVANT = r"(?<![\da-z])(?<!\d[.,/\-])"
_UN_SEUL_TRAIT = r"\s?(?:-|–|—|‐|‑|/|\ba\b)\s?"

# One scan from left to right; at each place the first branch that fits wins, and what it has read
# cannot be read again (the year of « 15 juillet 2025 » is not a second mention). Branches without
# a bound number of spaces would make the scan quadratic: `\s{1,3}` everywhere.
_MENTION = re.compile(
    rf"""
      (?P<reference>\bn[°o]?\s?\.?\s?\d{{2,4}}[-/]\d{{1,4}}\b        # n° 2012/63
          |{_LIBRE_AVANT}\d{{4}}-\d{{3}}(?!\d))                      # 2011-176
    | {_LIBRE_AVANT}(?P<iso>\d{{4}}-\d\d-\d\d)(?!\d)
    | {_LIBRE_AVANT}(?P<jma>\d\d?\s?([/.\-])\s?\d\d?\s?\4\s?(?:\d{{4}}|\d\d))(?!\d)
    | {_LIBRE_AVANT}(?:(?P<jour>\d\d?)(?:er)?\s{{1,3}})?(?P<nom_mois>{_NOMS_DES_MOIS})\.?\s{{1,3}}
          (?P<an_du_mois>{_AN})(?!\d)
    | {_LIBRE_AVANT}(?P<debut_plage>{_AN})(?:{_UN_SEUL_TRAIT}|\s)(?P<fin_plage>{_AN}|\d\d)
          (?![\d]|[/.\-]\d)
    | \b(?:annees?|scolaire|saison|exercice|rentree|clas)\s{{1,3}}
          (?P<debut_court>\d\d)[-–/](?P<fin_court>\d\d)(?!\d|[/.\-]\d)
    | \b(?:rentree(?:\s{{1,3}}scolaire)?(?:\s{{1,3}}(?:de\s{{1,3}})?(?:septembre|sept))?
          |annee\s{{1,3}}scolaire)\s{{1,3}}(?:de\s{{1,3}}|en\s{{1,3}})?(?P<an_rentree>{_AN})
          {_APRES_AN}
    | (?P<cette>\b(?:cette\s{{1,3}}annee(?:\s{{1,3}}scolaire)?|cet\s{{1,3}}an
          |annee\s{{1,3}}(?:scolaire\s{{1,3}})?(?:en\s{{1,3}}cours|actuelle)))\b(?!\s?-\s?la\b)
    | (?P<prochaine>\b(?:l'\s?)?(?:annee|an)(?:\s{{1,3}}scolaire)?\s{{1,3}}
          (?:prochaine?|suivante?|qui\s{{1,3}}vient)
          |\bprochaine\s{{1,3}}annee(?:\s{{1,3}}scolaire)?)\b
    | (?P<derniere>\b(?:l'\s?)?(?:annee|an)(?:\s{{1,3}}scolaire)?\s{{1,3}}
          (?:derniere?|dernier|passee?|precedente?))\b
    | (?P<prochaine_rentree>\b(?:rentree\s{{1,3}}prochaine|prochaine\s{{1,3}}rentree))\b
    | (?P<derniere_rentree>\b(?:rentree\s{{1,3}}derniere|derniere\s{{1,3}}rentree))\b
    | \b(?:a|des|pour|avant|depuis|apres)\s{{1,3}}(?P<la_rentree>(?:la|cette)\s{{1,3}}rentree)\b
          (?!\s{{1,3}}(?:de|d')\s?(?:janvier|la|fevrier|avril|printemps|hiver))
    | {_LIBRE_AVANT}(?P<civile>{_AN}){_APRES_AN}
    """,
    re.VERBOSE | re.ASCII,
)


class MentionAnnee(BaseModel):
    """A year or date named in a question: ``question[debut:fin] == forme`` (end excluded).

    ``valeur`` depends on ``nature``: ``scolaire`` « 2025-2026 »; ``civile`` « 2021 »; ``date`` an
    ISO date « 2025-07-15 », or « 2025-07 » where the day is not said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    valeur: str
    nature: Nature
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)
    forme: str

    @property
    def annee_scolaire(self) -> str | None:
        """The school year meant, dates included; None for a civil year, which touches two."""
        if self.nature == "scolaire":
            return self.valeur
        if self.nature == "civile":
            return None
        annee, mois = (int(partie) for partie in self.valeur.split("-")[:2])
        return _scolaire(annee if mois >= PREMIER_MOIS else annee - 1)


def annee_scolaire_courante(jour: date) -> str:
    """Return the school year that « cette année » means on ``jour``: « 2025-2026 »."""
    return _scolaire(_premiere_annee(jour))


def reperer_annees(question: str, jour: date) -> tuple[MentionAnnee, ...]:
    """Return the years and dates that ``question`` names, in order; ``jour`` is « today ».

    Numbers of circulars (« 2011-176 », « n° 2012/63 »), amounts and dates that do not exist give
    nothing. A range that is not a school year (« 2022-2025 ») gives its two civil years.
    """
    plie = plier_avec_positions(question)
    mentions: list[MentionAnnee] = []
    for trouve in _MENTION.finditer(plie.texte):
        mentions += _lire(question, plie, trouve, jour)
    return tuple(mentions)


def _lire(question: str, plie: TextePlie, trouve: re.Match[str], jour: date) -> list[MentionAnnee]:
    groupes = {nom: valeur for nom, valeur in trouve.groupdict().items() if valeur is not None}
    if "reference" in groupes:
        return []
    if "debut_plage" in groupes:
        return _lire_plage(question, plie, trouve)
    valeur, nature = _valeur(groupes, jour)
    if valeur is None:
        return []
    return [_mention(question, plie, trouve.span(), (valeur, nature))]


def _valeur(groupes: dict[str, str], jour: date) -> tuple[str | None, Nature]:
    if "civile" in groupes:
        return groupes["civile"], "civile"
    if {"iso", "jma", "nom_mois"} & groupes.keys():
        return _date(groupes), "date"
    if "debut_court" in groupes:
        debut = 2000 + int(groupes["debut_court"])
        suit = (debut + 1) % 100 == int(groupes["fin_court"])
        return (_scolaire(debut) if suit else None), "scolaire"
    if "an_rentree" in groupes:
        return _scolaire(int(groupes["an_rentree"])), "scolaire"
    return _scolaire(_premiere_annee_relative(groupes, jour)), "scolaire"


def _premiere_annee_relative(groupes: dict[str, str], jour: date) -> int:
    courante = _premiere_annee(jour)
    en_ete = PREMIER_MOIS <= jour.month < _SEPTEMBRE
    if "derniere" in groupes:
        return courante - 1
    if "derniere_rentree" in groupes:
        return courante - 1 if en_ete else courante
    if "prochaine" in groupes or "prochaine_rentree" in groupes:
        return courante if en_ete else courante + 1
    if "la_rentree" in groupes:
        return courante if en_ete or jour.month == _SEPTEMBRE else courante + 1
    return courante


def _lire_plage(question: str, plie: TextePlie, trouve: re.Match[str]) -> list[MentionAnnee]:
    debut, fin = trouve["debut_plage"], trouve["fin_plage"]
    annee = int(debut)
    siecle = annee - annee % 100
    derniere = int(fin) if len(fin) == 4 else siecle + int(fin)  # noqa: PLR2004 - digits of a year
    if derniere == annee + 1:
        return [_mention(question, plie, trouve.span(), (_scolaire(annee), "scolaire"))]
    bornes = [_mention(question, plie, trouve.span("debut_plage"), (debut, "civile"))]
    if len(fin) == 4:  # noqa: PLR2004 - as above
        bornes.append(_mention(question, plie, trouve.span("fin_plage"), (fin, "civile")))
    return bornes


def _date(groupes: dict[str, str]) -> str | None:
    """Return the ISO date (or month) read, None if the calendar has no such day."""
    if "nom_mois" in groupes:
        annee, mois = int(groupes["an_du_mois"]), _MOIS[groupes["nom_mois"]]
        if "jour" not in groupes:
            return f"{annee:04d}-{mois:02d}"
        numero = int(groupes["jour"])
    else:
        ecrite = groupes["iso"] if "iso" in groupes else groupes["jma"]
        parties = [int(partie) for partie in re.findall(r"\d+", ecrite)]
        annee, mois, numero = parties if "iso" in groupes else reversed(parties)
        annee += 2000 if annee < 100 else 0  # noqa: PLR2004 - two digits
    try:
        return date(annee, mois, numero).isoformat()
    except ValueError:
        return None


def _mention(
    question: str, plie: TextePlie, etendue: tuple[int, int], lu: tuple[str, Nature]
) -> MentionAnnee:
    valeur, nature = lu
    debut = plie.positions[etendue[0]]
    fin = fin_typee(question, plie.positions[etendue[1] - 1])
    return MentionAnnee(
        valeur=valeur, nature=nature, debut=debut, fin=fin, forme=question[debut:fin]
    )


def _premiere_annee(jour: date) -> int:
    return jour.year if jour.month >= PREMIER_MOIS else jour.year - 1


def _scolaire(premiere: int) -> str:
    return f"{premiere}-{premiere + 1}"
