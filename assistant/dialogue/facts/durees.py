"""How long and how often: the length of a session, in minutes, and the sessions of a week."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from assistant.dialogue.facts.contexte import (
    COLLECTIF,
    Contexte,
    Trouvaille,
    dit,
    est_approche,
    est_ecarte,
)
from assistant.dialogue.facts.models import Certitude
from assistant.dialogue.facts.motifs import classe

SEANCES: Final = COLLECTIF + "seances_par_semaine"
DUREE: Final = COLLECTIF + "duree_seance_minutes"

_HEURE: Final = 60
_DUREE_MIN: Final = 10
_DUREE_MAX: Final = 480
_SEANCES_MAX: Final = 14
_MATIN: Final = 7
_NUIT: Final = 23

DUREE_ECRITE: Final = (
    r"(?:(?P<{p}h>[0-9]+(?:\.[0-9]+)?)~? (?:h|heures?) "
    r"(?:(?:et )?(?P<{p}demie>demie?|quart) "
    r"|(?:et )?(?P<{p}mn>[0-9]+) (?:minutes? )?(?!seances? |x |fois |animateurs? |enfants? ))?"
    r"|(?P<{p}min>[0-9]+) minutes? |(?P<{p}demi>demi heure) )"
)
"""A duration; ``{p}`` stands for the prefix of its groups."""


def _ecrite(prefixe: str) -> str:
    return DUREE_ECRITE.replace("{p}", prefixe)


def en_minutes(trouve: re.Match[str], prefixe: str = "") -> int:
    """Return the minutes of a duration matched by ``DUREE_ECRITE``."""
    if trouve[f"{prefixe}demi"]:
        return _HEURE // 2
    if trouve[f"{prefixe}min"]:
        return int(trouve[f"{prefixe}min"])
    minutes = round(float(trouve[f"{prefixe}h"]) * _HEURE)
    fraction = trouve[f"{prefixe}demie"]
    if fraction:
        return minutes + (15 if fraction == "quart" else _HEURE // 2)
    reste = int(trouve[f"{prefixe}mn"] or 0)
    return minutes + (reste if reste < _HEURE else 0)


@cache
def _seule() -> re.Pattern[str]:
    return re.compile(rf"(?<= ){_ecrite('a')}(?:(?:a|ou|-) {_ecrite('b')})?")


@cache
def _horaires() -> re.Pattern[str]:
    heure = r"(?P<h{n}>[0-9]+) (?:h|heures) (?:(?P<m{n}>[0-9]+) )?"
    premiere, derniere = heure.replace("{n}", "1"), heure.replace("{n}", "2")
    return re.compile(rf"(?<= ){premiere}(?:a|-|jusqu a) {derniere}")


@cache
def _ailleurs_avant() -> re.Pattern[str]:
    return re.compile(rf" {classe('autre_duree_avant')} (?:de )?$")


@cache
def _ailleurs_apres() -> re.Pattern[str]:
    return re.compile(rf"{classe('autre_duree_apres')} ")


@cache
def _plancher() -> re.Pattern[str]:
    """« 1h30 minimum »: the shortest session is what counts."""
    return re.compile(r" (?:au moins|minimum|mini) ")


def lire_durees(contexte: Contexte) -> list[Trouvaille]:
    """« 1h30 », « une heure et demie », « de 16h30 à 18h » : the length of a session."""
    flux = contexte.flux
    lus: list[Trouvaille] = []
    horaires: list[tuple[int, int]] = []
    for trouve in _horaires().finditer(flux.texte):
        if int(trouve["h1"]) >= _MATIN:
            horaires.append(trouve.span())
        minutes = _entre(trouve)
        ferme = dit(flux, trouve.start(), trouve.end(), deduite=True)
        if minutes and ferme:
            lus.append(_lu(contexte, DUREE, minutes, trouve.span(), ferme))
    occupes = iter([*horaires, (len(flux.texte), len(flux.texte))])
    occupe = next(occupes)
    for trouve in _seule().finditer(flux.texte):
        while occupe[1] <= trouve.start():
            occupe = next(occupes)
        lu = _lire_duree(contexte, trouve) if trouve.start() < occupe[0] else None
        if lu is not None:
            lus.append(lu)
    return lus


def _lire_duree(contexte: Contexte, trouve: re.Match[str]) -> Trouvaille | None:
    flux, (debut, fin) = contexte.flux, trouve.span()
    minutes = en_minutes(trouve, "a")
    avant = flux.texte[max(debut - 40, 0) : debut]
    if _ailleurs_avant().search(avant) or not _DUREE_MIN <= minutes <= _DUREE_MAX:
        return None
    if _ailleurs_apres().match(flux.texte, fin) and not _multiplie().search(avant):
        return None
    ferme = dit(flux, debut, fin)
    borne = est_approche(flux, debut, fin)
    if ferme is None or est_ecarte(flux, debut) or (borne and ferme != "dite"):
        return None
    if borne and not _plancher().search(f" {avant[-12:]}|{flux.texte[fin - 1 : fin + 10]}"):
        return Trouvaille(DUREE, None, debut, fin, ferme)
    if ferme == "dite" and (borne or trouve["bh"] or trouve["bmin"]):
        ferme = "deduite"
    return _lu(contexte, DUREE, minutes, (debut, fin), ferme)


def _lu(
    contexte: Contexte, chemin: str, valeur: int, place: tuple[int, int], ferme: Certitude
) -> Trouvaille:
    return Trouvaille(chemin, valeur, *place, ferme, contexte.foyer(place[0]))


def _entre(trouve: re.Match[str]) -> int:
    """Return the minutes between two times of day, 0 if they are not."""
    debut, fin = int(trouve["h1"]), int(trouve["h2"])
    if not _MATIN <= debut <= fin <= _NUIT:
        return 0
    minutes = (fin - debut) * _HEURE + int(trouve["m2"] or 0) - int(trouve["m1"] or 0)
    return minutes if _DUREE_MIN <= minutes <= _DUREE_MAX else 0


@cache
def _multiplie() -> re.Pattern[str]:
    """« 2 x », « deux fois », « 2 séances de », just before a duration."""
    return re.compile(
        rf" (?:[0-9]+~? )?(?:seule |unique )?{classe('seance')} (?:unique |clas )?"
        rf"(?:(?:par|la|chaque) semaine )?(?:{classe('jour')} )?"
        r"(?:, )?(?:(?:de|d|pendant|a|durant) )?$"
    )


@cache
def _seances() -> re.Pattern[str]:
    seance, semaine, sure = classe("seance"), classe("hebdomadaire"), classe("seance_sure")
    adjectif = r"(?:clas |collective? |d accompagnement |unique |uniques )?"
    ailleurs = (
        r"(?:par|chaque|dans le|dans l) (?:mois|an|annee|trimestre)"
        r"|de (?:formation|travail|cinema|sport|reunion|concertation)|sur|par mois"
    )
    return re.compile(
        rf"(?<= )(?:(?P<unique>(?:1~ )?(?:seule |unique )?{sure} unique |unique {sure} )"
        r"|(?P<n>[0-9]+)(?P<un>~?) (?:(?P<seule>seule?|unique) )?(?:"
        rf"{seance} {adjectif}(?:(?:de |d )?{_ecrite('x')})?(?:chacune )?(?:, )?{semaine} "
        rf"|(?:x|fois) (?={_ecrite('y')})"
        rf"|(?P<sure>{sure}) (?!{ailleurs})))"
    )


@cache
def _jours() -> re.Pattern[str]:
    jour = classe("jour")
    suite = rf"(?:(?:, |et |, et )?(?:le |les |tous les )?{jour} ){{0,5}}"
    return re.compile(rf"(?<= )(?:tous les |toutes les |le |les |chaque )(?P<jours>{jour} {suite})")


def lire_seances(contexte: Contexte) -> list[Trouvaille]:
    """« deux fois par semaine », « 2 x 1h30 », « le mardi et le jeudi »."""
    flux = contexte.flux
    lus: list[Trouvaille] = []
    for trouve in _seances().finditer(flux.texte):
        ferme = dit(flux, trouve.start(), trouve.end())
        if ferme is None or est_ecarte(flux, trouve.start()):
            continue
        if trouve["un"] and trouve["sure"] and not trouve["seule"]:
            continue  # « une séance » may be any of them
        if trouve["sure"] and trouve["sure"].startswith("soir"):
            continue
        valeur = 1 if trouve["unique"] else int(trouve["n"])
        approche = est_approche(flux, trouve.start(), trouve.end())
        if valeur > _SEANCES_MAX or (approche and ferme != "dite"):
            continue
        lus.append(
            Trouvaille(
                SEANCES, None if approche else valeur, trouve.start(), trouve.end(), ferme,
                contexte.foyer(trouve.start()),
            )
        )  # fmt: skip
    if not lus:
        lus = _par_jours(contexte)
    return lus


def _par_jours(contexte: Contexte) -> list[Trouvaille]:
    flux = contexte.flux
    lus = []
    for trouve in _jours().finditer(flux.texte):
        ferme = dit(flux, trouve.start(), trouve.end(), deduite=True)
        if ferme is None:
            continue
        jours = {mot.rstrip("s") for mot in re.findall(classe("jour"), trouve["jours"])}
        habituel = re.match(r"(?:tous|chaque|les) |le .* le ", trouve[0])
        if not habituel and len(jours) == 1:
            continue  # « le mardi » may be one day
        lus.append(_lu(contexte, SEANCES, len(jours), trouve.span(), ferme))
    return lus
