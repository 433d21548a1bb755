"""When: start and end of the sessions, deposit of the file, school year, département."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Final

from assistant.dialogue.facts.attitudes import corrige
from assistant.dialogue.facts.contexte import Contexte, Trouvaille, dit, est_ecarte
from assistant.dialogue.facts.donnees import lire_mots
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.models import Certitude
from assistant.dialogue.facts.motifs import classe
from assistant.understanding.annees import MentionAnnee

_DERNIER_MOIS_DE_DEPOT: Final = 10
_JUILLET: Final = 7


@cache
def _mois() -> str:
    return "|".join(sorted(lire_mots().mois, key=len, reverse=True))


@cache
def moment() -> str:
    """Return the source of a day of the year, with or without its year, or a month."""
    return (
        rf"(?:@(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}) |@(?P<isomois>[0-9]{{4}}-[0-9]{{2}}) (?!-)"
        rf"|(?:(?P<jour>[0-9]+)~? (?:er )?)?(?P<mois>{_mois()})s? |(?P<j>[0-9]+) / (?P<m>[0-9]+) )"
    )


@cache
def _verbe_et_moment(verbe: str, entre: str = "") -> re.Pattern[str]:
    avant = rf"(?:{classe('avant_date')} ){{0,6}}"
    if entre:
        avant = rf"(?:{classe(entre)} ){{0,8}}{avant}"
    return re.compile(rf"(?<= ){classe(verbe)} {avant}{moment()}")


def _debut() -> re.Pattern[str]:
    return _verbe_et_moment("avant_mois")


def _fin() -> re.Pattern[str]:
    return _verbe_et_moment("finir")


def _depot() -> re.Pattern[str]:
    return _verbe_et_moment("deposer", "avant_date_de_depot")


def lire_dates(contexte: Contexte, annee: str | None) -> list[Trouvaille]:
    """Read the three dates; without a year they are placed in ``annee``, the school year known."""
    flux = contexte.flux
    lus: list[Trouvaille] = []
    depots: list[tuple[int, int]] = []
    for trouve in _depot().finditer(flux.texte):
        depots.append(trouve.span())
        jour = jour_dit(trouve, annee, depot=True)
        ferme = dit(flux, trouve.start(), trouve.end())
        if jour and ferme:
            lus.append(Trouvaille("depot_elan", jour.isoformat(), *trouve.span(), ferme))
    for trouve in _debut().finditer(flux.texte):
        if not _dans(trouve.start(), depots):
            lus += _lire_debut(flux, trouve, annee)
    for trouve in _fin().finditer(flux.texte):
        jour = jour_dit(trouve, annee)
        ferme = dit(flux, trouve.start(), trouve.end())
        if jour and ferme and not _dans(trouve.start(), depots):
            lus.append(Trouvaille("fin", jour.isoformat(), *trouve.span(), ferme))
    return lus


def _dans(place: int, etendues: list[tuple[int, int]]) -> bool:
    return any(debut <= place < fin for debut, fin in etendues)


def _lire_debut(flux: Flux, trouve: re.Match[str], annee: str | None) -> list[Trouvaille]:
    """« on démarre le 3 novembre », « en janvier »: the date, and whether it is during the year."""
    ferme = dit(flux, trouve.start(), trouve.end())
    if ferme is None:
        return []
    lus = []
    jour = jour_dit(trouve, annee)
    if jour:
        lus.append(Trouvaille("debut", jour.isoformat(), *trouve.span(), ferme))
    mois = jour.month if jour else _numero_du_mois(trouve)
    donnees = lire_mots()
    lue: Certitude = "deduite" if ferme == "dite" else ferme
    if mois in donnees.mois_en_cours_d_annee | donnees.mois_de_rentree:
        en_cours = mois in donnees.mois_en_cours_d_annee
        lus.append(Trouvaille("demarrage_en_cours_d_annee", en_cours, *trouve.span(), lue))
    return lus


def _numero_du_mois(trouve: re.Match[str]) -> int:
    if trouve["isomois"]:
        return int(trouve["isomois"][5:])
    if trouve["mois"]:
        return lire_mots().mois[trouve["mois"]]
    return int(trouve["m"]) if trouve["m"] else 0


def jour_dit(trouve: re.Match[str], annee: str | None, *, depot: bool = False) -> dt.date | None:
    """Return the day meant; None where the day or the year is not known."""
    if trouve["iso"]:
        return dt.date.fromisoformat(trouve["iso"])
    ecrit, mois = trouve["jour"] or trouve["j"], _numero_du_mois(trouve)
    if not ecrit or annee is None:
        return None
    premiere = int(annee[:4])
    # A file is deposited in the year in which the school year begins.
    bascule = _DERNIER_MOIS_DE_DEPOT if depot else 0
    an = premiere if mois >= _JUILLET or mois <= bascule else premiere + 1
    try:
        return dt.date(an, mois, int(ecrit))
    except ValueError:
        return None


def annee_dite(contexte: Contexte, mentions: tuple[MentionAnnee, ...]) -> Trouvaille | None:
    """Return the one school year named; None where none is, or several are compared."""
    scolaires = [m for m in mentions if m.nature == "scolaire"]
    return _unique(
        contexte, [(m.annee_scolaire or "", m.debut, m.fin) for m in scolaires], "annee_scolaire"
    )


def departement_dit(contexte: Contexte) -> Trouvaille | None:
    """Return the one département named."""
    flux = contexte.flux
    nommes = [
        (code, flux.elements[rang].debut, flux.elements[rang].fin)
        for rang, element in enumerate(flux.elements)
        if element.forme.startswith("&")
        for code in element.forme[1:].split("&")
    ]
    return _unique(contexte, nommes, "departement")


def _unique(
    contexte: Contexte, nommes: list[tuple[str, int, int]], chemin: str
) -> Trouvaille | None:
    flux = contexte.flux
    places = [(valeur, _place(flux, debut)) for valeur, debut, _ in nommes]
    gardes = [(valeur, place) for valeur, place in places if not est_ecarte(flux, place[0])]
    if not gardes or (len({valeur for valeur, _ in gardes}) > 1 and not corrige(flux)):
        return None
    valeur, place = gardes[-1]
    return Trouvaille(chemin, valeur, *place, dit(flux, *place) or "supposee")


def _place(flux: Flux, debut: int) -> tuple[int, int]:
    """Return the place in the plain text of the word typed at ``debut``."""
    rang = next((r for r, element in enumerate(flux.elements) if element.fin > debut), 0)
    depart = flux.departs[rang]
    return depart, depart + len(flux.elements[rang].forme) + 1
