"""Follow-ups: what a turn means, given what came before.

« et en milieu rural ? », « pourquoi ? », « où est-ce écrit ? », « et dans le Rhône ? » say nothing
alone. Each is read as one kind of follow-up and, where it is a question, written as one that
stands alone: the last question with another place or year, or the words of the turn beside those
of the last question.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from assistant.answers.places import nom_departement
from assistant.dialogue.memoire import Sujet
from assistant.understanding.annees import reperer_annees
from assistant.understanding.territoires import reperer_departements
from corpus.lecture_yaml import read_yaml
from index.french import fold

_GELE = ConfigDict(frozen=True, extra="forbid")
_FICHIER: Final = Path(__file__).with_name("suites.yaml")

GenreDeSuite = Literal["seule", "pourquoi", "source", "retenu", "cadre", "suite"]
"""``seule``: stands alone; ``retenu``: what is held of the project; ``cadre``: another place or
year for the last question; ``suite``: goes on from the last question."""

_MOTS_REPRISE: Final = 8
"""Words of a turn that only asks why, or where it stands."""
_MOTS_SUITE: Final = 10
"""Words of a turn that goes on from the last question by its first word."""
_MOTS_RENVOI: Final = 12
_PLEINS_RENVOI: Final = 3
"""Content words up to which a pronoun may be what the turn is about."""
_PLEINS_FAIBLE: Final = 1
"""The same, for a word that often refers to nothing (« ça »)."""
_RAPPEL: Final = 160
"""Characters of the last question that are shown again."""


class Membre(BaseModel):
    """One of a kind: its name, and the patterns of what people call it, without accents."""

    model_config = _GELE

    nom: str
    formes: tuple[str, ...]


class Suites(BaseModel):
    """The expressions of ``suites.yaml``."""

    model_config = _GELE

    recommencer: tuple[str, ...]
    changer: tuple[str, ...]
    pourquoi: tuple[str, ...]
    source: tuple[str, ...]
    retenu: tuple[str, ...]
    enchainer: tuple[str, ...]
    renvois: tuple[str, ...]
    renvois_faibles: tuple[str, ...]
    classes: tuple[tuple[Membre, ...], ...]
    outils: frozenset[str]


class Suite(BaseModel):
    """A turn as it was read.

    ``texte``: what stands alone and is answered; ``rappel``: the words of the last question that
    the search reads beside it, empty when none are needed; ``montree``: the question as it is
    shown back, None when it is what was written; ``departement``: the code of the place that takes
    the other's, None where none does.
    """

    model_config = _GELE

    genre: GenreDeSuite
    texte: str
    rappel: str = ""
    montree: str | None = None
    departement: str | None = None


@lru_cache(maxsize=1)
def lire_expressions() -> Suites:
    """Read the expressions shipped with the program."""
    return Suites.model_validate(read_yaml(_FICHIER.read_text(encoding="utf-8")))


def recommence(texte: str) -> str | None:
    """Return what a turn asks after « recommençons », empty if nothing; None if it does not."""
    return _apres(texte, lire_expressions().recommencer)


def lire_suite(texte: str, sujet: Sujet | None, jour: date) -> Suite:
    """Read a turn after the last thing answered; ``jour`` is what « cette année » counts from.

    >>> sujet = Sujet(question="Quelle date limite ?", voie="regle")
    >>> lire_suite("et dans le Rhône ?", sujet, date(2026, 11, 21)).texte
    'Quelle date limite ? (Rhône)'
    """
    change = _apres(texte, lire_expressions().changer)
    plein = _plein(texte)
    nombre = len(plein.split())
    if nombre <= _MOTS_REPRISE and _dit(plein, lire_expressions().retenu, seul=False):
        return Suite(genre="retenu", texte=texte)
    if sujet is None or change:
        return Suite(genre="seule", texte=change or texte)
    if nombre <= _MOTS_REPRISE and _dit(plein, lire_expressions().pourquoi, seul=True):
        return Suite(genre="pourquoi", texte=texte)
    if nombre <= _MOTS_REPRISE and _dit(plein, lire_expressions().source, seul=False):
        return Suite(genre="source", texte=texte)
    cadre = _autre_cadre(texte, sujet.question, jour)
    if cadre is not None:
        lieu = next((m.code for m in reperer_departements(texte)), None)
        return Suite(genre="cadre", texte=cadre, montree=cadre, departement=lieu)
    if _continue(plein, texte):
        remplacee = remplacer(sujet.question, texte)
        if remplacee is not None:
            return Suite(genre="cadre", texte=remplacee, montree=remplacee)
        return Suite(
            genre="suite",
            texte=texte,
            rappel=sujet.mots or sujet.question,
            montree=f"{texte} (à propos de : {sujet.question[:_RAPPEL]})",
        )
    return Suite(genre="seule", texte=texte)


def _continue(plein: str, texte: str) -> bool:
    """Whether a turn goes on from the last question."""
    nombre = len(plein.split())
    expressions = lire_expressions()
    if nombre <= _MOTS_SUITE and _debute(plein, expressions.enchainer):
        return True
    pleins = len(set(mots_pleins(texte)))
    if nombre > _MOTS_RENVOI:
        return False
    faible = pleins <= _PLEINS_FAIBLE and _dit(plein, expressions.renvois_faibles, seul=False)
    return faible or (pleins <= _PLEINS_RENVOI and _dit(plein, expressions.renvois, seul=False))


def _autre_cadre(texte: str, question: str, jour: date) -> str | None:
    """The last question with the place or the year of this turn, which says nothing else."""
    lieux = reperer_departements(texte)
    annees = reperer_annees(texte, jour)
    if not lieux and not annees:
        return None
    dites = [nom_departement(m.code) for m in lieux[:1]] + [m.valeur for m in annees[:1]]
    places = [(m.debut, m.fin) for m in lieux] + [(m.debut, m.fin) for m in annees]
    reste = _hors(texte, places)
    if mots_pleins(reste):
        return None
    base = question
    if lieux:
        base = _hors(
            base, [_avec_preposition(base, m.debut, m.fin) for m in reperer_departements(base)]
        )
    if annees:
        base = _hors(
            base, [_avec_preposition(base, m.debut, m.fin) for m in reperer_annees(base, jour)]
        )
    base = re.sub(r"\(\s*,?\s*\)", "", " ".join(base.split())).strip(" ,;:")
    base = re.sub(r"\s+([,.])", r"\1", base)
    return f"{base[:1].upper()}{base[1:]} ({', '.join(dites)})"


_PREPOSITION: Final = re.compile(
    r"(?:\b(?:dans|ds|en|pour|a|à|au|aux|de|du|des|sur|chez)\s+)?(?:\bl['’]\s*|\b(?:le|la|les)\s+)?$",
    re.IGNORECASE,
)


def _avec_preposition(texte: str, debut: int, fin: int) -> tuple[int, int]:
    """A place with the small words before it: « dans l'Hérault »."""
    avant = _PREPOSITION.search(texte, 0, debut)
    return (avant.start() if avant else debut), fin


def remplacer(question: str, texte: str) -> str | None:
    """The last question with what this turn names in place of its kind; None where nothing fits.

    >>> remplacer("Le coordinateur, il lui faut quel niveau ?", "et les animateurs ?")
    "L'animateur, il lui faut quel niveau ?"
    """
    for classe in lire_expressions().classes:
        dit, place = _membre(classe, texte), _membre(classe, question)
        if dit is None or place is None or dit[0] == place[0]:
            continue
        reste = mots_pleins(f"{texte[: dit[1][0]]} {texte[dit[1][1] :]}")
        if len(reste) > 1:
            continue
        debut, fin = place[1]
        remplacee = f"{question[:debut]}{classe[dit[0]].nom}{question[fin:]}"
        return _ELISION.sub(r"\g<1>'", remplacee)
    return None


_ELISION: Final = re.compile(r"\b([LlDd])[ea] (?=[aeiouéèêh])")


def _membre(classe: tuple[Membre, ...], texte: str) -> tuple[int, tuple[int, int]] | None:
    """The one member of a class that a text names, and where; None for none, or several."""
    trouves: dict[int, tuple[int, int]] = {}
    for rang, membre in enumerate(classe):
        for forme in sorted(membre.formes, key=len, reverse=True):
            place = re.search(rf"(?<!\w){forme}(?!\w)", _sans_accents(texte))
            if place is not None:
                trouves[rang] = place.span()
                break
    return next(iter(trouves.items())) if len(trouves) == 1 else None


def _sans_accents(texte: str) -> str:
    """A text folded letter for letter: places in it are places in the text."""
    plies = [fold(lettre) for lettre in texte]
    return "".join(p if len(p) == 1 else lettre for p, lettre in zip(plies, texte, strict=True))


def nomme_seulement(texte: str, jour: date) -> bool:
    """Whether a turn names a place or a year, and says nothing else."""
    return _autre_cadre(texte, "", jour) is not None


def mots_pleins(texte: str) -> list[str]:
    """Words of a turn that say something of what is asked."""
    outils = lire_expressions().outils
    return [mot for mot in _plein(texte).split() if mot not in outils and not mot.isdigit()]


def _hors(texte: str, places: list[tuple[int, int]]) -> str:
    for debut, fin in sorted(set(places), reverse=True):
        texte = f"{texte[:debut]} {texte[fin:]}"
    return texte


def _apres(texte: str, debuts: tuple[str, ...]) -> str | None:
    """What follows one of some expressions that a turn begins with; None if it does not."""
    jetons = list(re.finditer(r"[^\W_]+", texte))
    plies = [fold(j[0]) for j in jetons]
    for passes in range(min(3, len(plies))):
        for debut in sorted(debuts, key=len, reverse=True):
            suite = debut.split()
            if plies[passes : passes + len(suite)] == suite:
                fin = jetons[passes + len(suite) - 1].end()
                return texte[fin:].lstrip(" \t\n:;,.!?…-–—")
    return None


def _plein(texte: str) -> str:
    """A turn as plain folded words."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(texte)))


def _debute(plein: str, debuts: tuple[str, ...]) -> bool:
    return any(plein == d or plein.startswith(f"{d} ") for d in debuts)


def _dit(plein: str, expressions: tuple[str, ...], *, seul: bool) -> bool:
    """Whether a turn says one of some expressions; ``seul``: and hardly anything else."""
    if not seul:
        return any(f" {e} " in f" {plein} " for e in expressions)
    avant = r"(?:(?:ok|ah|et|mais|non|oui|bon|alors) )*"
    apres = r"(?: (?:ca|cela|svp|donc|alors|stp|non|oui|pas|s il vous plait|exactement|au juste))*"
    return any(re.fullmatch(f"{avant}{re.escape(e)}{apres}", plein) for e in expressions)
