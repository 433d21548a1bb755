"""Conditions turned into closures over cells: each elementary test is a table lookup."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from assistant.eligibility.engine.partition import Fait, Predicat
from assistant.eligibility.schema import Appartenance, Comparaison, Condition, Periode

Cle = tuple[int, ...]
Test = Callable[[Cle], bool]
ValeurDe = Callable[[str], Any]
"""Value of a parameter, by name."""

COMPARAISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "au_moins": operator.ge,
    "plus_de": operator.gt,
    "au_plus": operator.le,
    "moins_de": operator.lt,
}
_SEUIL_AU_DESSUS: Final = frozenset({"plus_de", "au_plus"})
ENSEMBLES: Final = frozenset({"contient_un_de", "inclus_dans", "exactement", "vide"})


def elementaires(condition: Condition) -> Iterator[Condition]:
    """Go through the tests of a condition that read one fact."""
    match condition.operateur:
        case "toutes" | "une" as nom:
            for partie in getattr(condition, nom):
                yield from elementaires(partie)
        case "non":
            assert condition.non is not None
            yield from elementaires(condition.non)
        case _:
            yield condition


def fait_lu(condition: Condition) -> str:
    """Return the fact that an elementary test reads."""
    if condition.operateur == "annee":
        return "annee_scolaire"
    operande = getattr(condition, condition.operateur)
    return operande if isinstance(operande, str) else str(operande.fait)


def parametre_lu(condition: Condition) -> str | None:
    """Return the parameter that an elementary test compares to, or None."""
    operande = getattr(condition, condition.operateur)
    return operande.parametre if isinstance(operande, Comparaison | Appartenance) else None


def seuils(condition: Condition, valeur_de: ValeurDe) -> tuple[Any, ...]:
    """Return where an elementary test changes its answer along a number, a date or a year."""
    if condition.annee is not None:
        return bornes_de_periode(condition.annee)
    nom = condition.operateur
    if nom not in COMPARAISONS:
        return ()
    seuil = valeur_de(getattr(condition, nom).parametre)
    pas = dt.timedelta(days=1) if isinstance(seuil, dt.date) else 1
    return (seuil + pas,) if nom in _SEUIL_AU_DESSUS else (seuil,)


def bornes_de_periode(periode: Periode) -> tuple[int, ...]:
    """Return the civil years where a period of school years starts and stops."""
    bornes = []
    if periode.du is not None:
        bornes.append(int(periode.du[:4]))
    if periode.au is not None:
        bornes.append(int(periode.au[:4]) + 1)
    return tuple(bornes)


def dans_periode(periode: Periode, annee: int) -> bool:
    """Tell whether the school year that starts in ``annee`` is in a period."""
    apres = periode.du is None or annee >= int(periode.du[:4])
    return apres and (periode.au is None or annee <= int(periode.au[:4]))


def predicat(condition: Condition, valeur_de: ValeurDe) -> Predicat:
    """Return an elementary test as a function of the fact's value (a school year: an int)."""
    nom = condition.operateur
    operande = getattr(condition, nom)
    if nom in COMPARAISONS:
        compare, seuil = COMPARAISONS[nom], valeur_de(operande.parametre)
        return lambda v: compare(v, seuil)
    match nom:
        case "vrai":
            return lambda v: v is True
        case "faux":
            return lambda v: v is False
        case "vide":
            return operator.not_
        case "annee":
            return lambda v: dans_periode(operande, v)
        case "egal":
            return lambda v: bool(v == operande.valeur)
    valeurs = frozenset(
        operande.valeurs if operande.valeurs is not None else valeur_de(operande.parametre)
    )
    match nom:
        case "parmi":
            return lambda v: v in valeurs
        case "contient_un_de":
            return lambda v: not valeurs.isdisjoint(v)
        case "inclus_dans":
            return valeurs.issuperset
        case _:
            return lambda v: valeurs == v


def compiler(
    condition: Condition, faits: Mapping[str, Fait], lecture: tuple[str, ...], valeur_de: ValeurDe
) -> Test:
    """Turn a condition into a test of a complete key, ``lecture`` naming the facts of the key."""
    match condition.operateur:
        case "toutes":
            parties = [compiler(c, faits, lecture, valeur_de) for c in condition.toutes or ()]
            return lambda cle: all(partie(cle) for partie in parties)
        case "une":
            parties = [compiler(c, faits, lecture, valeur_de) for c in condition.une or ()]
            return lambda cle: any(partie(cle) for partie in parties)
        case "non":
            assert condition.non is not None
            niee = compiler(condition.non, faits, lecture, valeur_de)
            return lambda cle: not niee(cle)
    nom = fait_lu(condition)
    rang, vrai = lecture.index(nom), predicat(condition, valeur_de)
    table = tuple(vrai(representant) for representant in faits[nom].representants)
    return lambda cle: table[cle[rang]]
