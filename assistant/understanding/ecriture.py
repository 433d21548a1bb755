"""Everyday and SMS spelling made plain French, for search only: what is shown stays as typed.

Three strengths, from ``ecriture.yaml``: sure abbreviations are replaced; those that mean something
else beside certain words (« payer par cb », « plan c ») are replaced elsewhere; doubtful ones
(« pr ») stay, and what they probably mean is added at the end. Durations are never replaced, since
the texts themselves write them in several ways: each one read (« une heure et demie ») adds its
other spellings (« 1h30 », « 1 heure 30 », « une heure trente », « 90 minutes »).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from assistant.understanding.donnees import lire_yaml
from assistant.understanding.texte import Jeton, decouper, mots, plier

_GELE = ConfigDict(frozen=True, extra="forbid")

AJOUTS_MAX = 24
"""Most expressions that one text may receive besides its own words."""

_HEURES_MAX = 10
"""« 16h30 » is a time of day, not a duration."""

_MINUTES_MAX = 300
_NOMBRE = "#"
_HEURE = 60
_JOINTURE = re.compile(r"[\s\-]*")


class Condition(BaseModel):
    """A replacement that certain neighbours forbid (« # »: any number)."""

    model_config = _GELE

    devient: str
    sauf_apres: frozenset[str] = frozenset()
    sauf_avant: frozenset[str] = frozenset()


class Table(BaseModel):
    """The content of ``ecriture.yaml``."""

    model_config = _GELE

    remplacements: dict[str, str]
    conditions: dict[str, Condition]
    ajouts: dict[str, str]
    nombres: dict[str, int]


class _Regles(NamedTuple):
    remplacements: dict[tuple[str, ...], str]
    longueur: int
    conditions: dict[str, Condition]
    ajouts: dict[str, str]


@cache
def lire_table() -> Table:
    """Read and check the spelling table."""
    return Table.model_validate(lire_yaml("ecriture.yaml"))


@cache
def _regles() -> _Regles:
    table = lire_table()
    remplacements = {mots(forme): plein for forme, plein in table.remplacements.items()}
    return _Regles(
        remplacements=remplacements,
        longueur=max(len(forme) for forme in remplacements),
        conditions=table.conditions,
        ajouts=table.ajouts,
    )


def normaliser_pour_recherche(texte: str) -> str:
    """Return ``texte`` in plain French with its additions, for a search engine.

    >>> normaliser_pour_recherche("cb de gamins ds 1 groupe svp")
    "combien de gamins dans 1 groupe s'il vous plaît"
    """
    clair = remplacer(texte)
    return " ".join([clair, *_ajouts(decouper(texte), clair)]) if clair else clair


def ajouts(texte: str) -> tuple[str, ...]:
    """Return the expressions to search for besides the words of ``texte``, at most ``AJOUTS_MAX``.

    >>> ajouts("une heure et demie")
    ('1h30', '1 heure 30', 'une heure trente', '90 minutes')
    """
    return _ajouts(decouper(texte), remplacer(texte))


def remplacer(texte: str) -> str:
    """Replace the sure abbreviations of ``texte``, whole words only; the rest stays as typed."""
    regles, jetons = _regles(), decouper(texte)
    morceaux: list[str] = []
    ecrit = rang = 0
    tout_en_capitales = texte.isupper()
    while rang < len(jetons):
        taille, plein = _remplacement(regles, jetons, rang)
        fin = jetons[rang + taille - 1].fin
        if plein is not None and (tout_en_capitales or not _est_sigle(texte, jetons[rang])):
            morceaux += [texte[ecrit : jetons[rang].debut], plein]
            ecrit = fin
        rang += taille
    morceaux.append(texte[ecrit:])
    return "".join(morceaux)


def _remplacement(regles: _Regles, jetons: tuple[Jeton, ...], rang: int) -> tuple[int, str | None]:
    """Return how many words are read at ``rang`` and what replaces them (None: they stay)."""
    for taille in range(min(regles.longueur, len(jetons) - rang), 0, -1):
        suite = jetons[rang : rang + taille]
        plein = regles.remplacements.get(tuple(jeton.forme for jeton in suite))
        if (
            plein is not None
            and not _est_elide(suite[-1])
            and all(_JOINTURE.fullmatch(jeton.avant) for jeton in suite[1:])
        ):
            return taille, plein
    condition = regles.conditions.get(jetons[rang].forme)
    if condition is None or _est_elide(jetons[rang]):
        return 1, None
    avant = jetons[rang - 1].forme if rang else ""
    apres = jetons[rang + 1].forme if rang + 1 < len(jetons) else ""
    interdit = _est_parmi(avant, condition.sauf_apres) or _est_parmi(apres, condition.sauf_avant)
    return 1, None if interdit else condition.devient


def _est_sigle(texte: str, jeton: Jeton) -> bool:
    """« FO », « CB », « DS » in capitals are names, unless the whole text is."""
    typee = texte[jeton.debut : jeton.fin]
    return len(typee) > 1 and typee.isupper()


def _est_elide(jeton: Jeton) -> bool:
    """« c'est », « qu'un »: the word before an apostrophe is not an abbreviation."""
    return jeton.apres.startswith("'")


def _est_parmi(mot: str, voisins: frozenset[str]) -> bool:
    return mot in voisins or (_NOMBRE in voisins and mot.isdigit())


def _ajouts(jetons: tuple[Jeton, ...], clair: str) -> tuple[str, ...]:
    douteux = _regles().ajouts
    proposes = [douteux[j.forme] for j in jetons if j.forme in douteux and not _est_elide(j)]
    plie = plier(clair)
    proposes += [
        forme
        for minutes in _durees(plie)
        for forme in _ecritures_de_duree(minutes)
        if plier(forme) not in plie
    ]
    return tuple(dict.fromkeys(proposes))[:AJOUTS_MAX]


@cache
def _motif_des_durees() -> re.Pattern[str]:
    lettres = "|".join(
        forme.replace(" ", r"[ -]") for forme in sorted(lire_table().nombres, key=len, reverse=True)
    )
    nombre = rf"\d{{1,3}}|{lettres}"
    return re.compile(
        rf"""(?<![\w.,])(?:
          (?P<heures>{nombre})\s?(?:h|heures?)(?![a-z])
            (?:\s?(?:et\s)?(?P<fraction>demie?|quart)\b
              |\s?(?P<minutes>\d\d|(?<=\s)(?:{lettres}))(?:\s?(?:minutes?|min|mn))?(?!\w))?
          |(?P<seules>{nombre})\s?(?:minutes?|min|mn)(?!\w)
          |(?P<demie>demi[ -]heure)
        )""",
        re.VERBOSE | re.ASCII,
    )


def _durees(plie: str) -> list[int]:
    """Return the durations of a folded text, in minutes, in order."""
    durees = []
    for trouve in _motif_des_durees().finditer(plie):
        minutes = _en_minutes(trouve)
        if 0 < minutes <= _MINUTES_MAX:
            durees.append(minutes)
    return durees


def _en_minutes(trouve: re.Match[str]) -> int:
    if trouve["demie"]:
        return _HEURE // 2
    if trouve["seules"]:
        return _nombre(trouve["seules"])
    heures = _nombre(trouve["heures"])
    if heures > _HEURES_MAX:
        return 0
    if trouve["fraction"]:
        return heures * _HEURE + (15 if trouve["fraction"] == "quart" else _HEURE // 2)
    return heures * _HEURE + (_nombre(trouve["minutes"]) if trouve["minutes"] else 0)


def _nombre(ecrit: str) -> int:
    return int(ecrit) if ecrit.isdigit() else lire_table().nombres[ecrit.replace("-", " ")]


def _ecritures_de_duree(minutes: int) -> tuple[str, ...]:
    """« 1h30 », « 1 heure 30 », « une heure trente », « 90 minutes »."""
    heures, reste = divmod(minutes, _HEURE)
    if heures == 0:
        return (f"{minutes} minutes",)
    mot = "heure" if heures == 1 else "heures"
    lettres = _en_lettres(heures, feminin=True)
    if reste == 0:
        en_lettres = (f"{lettres} {mot}",) if lettres else ()
        return (f"{heures}h", f"{heures} {mot}", *en_lettres)
    lettres_du_reste = _en_lettres(reste, feminin=False)
    en_lettres = (f"{lettres} {mot} {lettres_du_reste}",) if lettres and lettres_du_reste else ()
    return (
        f"{heures}h{reste:02d}",
        f"{heures} {mot} {reste:02d}",
        *en_lettres,
        f"{minutes} minutes",
    )


def _en_lettres(nombre: int, *, feminin: bool) -> str:
    if nombre == 1:
        return "une" if feminin else "un"
    return next((mot for mot, valeur in lire_table().nombres.items() if valeur == nombre), "")
