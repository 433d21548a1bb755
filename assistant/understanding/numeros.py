"""Whether a number in a question is a département's, judged by the words around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.understanding.repertoire import Contextes, lire_contextes, repertoire
from assistant.understanding.texte import Jeton

_UN_OU_DEUX_CHIFFRES = re.compile(r"\d{1,2}")
_MOTS_ANNONCE_MAX = 3
_CHIFFRES_MAX = 3
_GRANDEUR_APRES = re.compile(r"\s*[%€$‰°²]|[.,/:+*×]\s?\d|\s*[×*=/+<>]|\s*[x-]\s*$")
_GRANDEUR_AVANT = re.compile(r"[€$§#+=<>×*/]\s*$|[.,]$")
_ENTRE_PARENTHESES = re.compile(r"[(\[]\s*$"), re.compile(r"^\s*[)\]]")
_PREMIER_RANG_SANS_DATE = 32
"""« le 12 » may be a day of the month, « le 34 » may not."""


class Places(NamedTuple):
    """Where names of départements stand among the words: their codes by first and by last word."""

    ouvrent: dict[int, tuple[str, ...]]
    ferment: dict[int, tuple[str, ...]]


def code_du_jeton(jeton: Jeton) -> str | None:
    """Return the département's code that a word spells (``"34"``, ``"2A"``, ``"971"``), or None."""
    code = jeton.forme.upper()
    return code if code in repertoire().codes else None


def code_colle(jeton: Jeton) -> str | None:
    """Return the code glued to the institution's name: ``"34"`` for « Caf34 »; None otherwise."""
    mot = re.fullmatch(r"([a-z]{3,})(\d{2}|2[ab]|97[1-6])", jeton.forme)
    if mot is None or mot.group(1) not in lire_contextes().institutions | {"clas"}:
        return None
    code = mot.group(2).upper()
    return code if code in repertoire().codes else None


def est_mots_cles(jetons: tuple[Jeton, ...]) -> bool:
    """Whether the text is a few keywords rather than a sentence."""
    contextes = lire_contextes()
    return len(jetons) <= contextes.mots_cles_max and not any(
        jeton.forme in contextes.mots_de_phrase for jeton in jetons
    )


def numeros(jetons: tuple[Jeton, ...], places: Places) -> dict[int, str]:
    """Return the codes of the words that number a département, by rank of the word."""
    trouves: dict[int, str] = {}
    mots_cles = est_mots_cles(jetons)
    for rang, jeton in enumerate(jetons):
        colle = code_colle(jeton)
        if colle is not None:
            trouves[rang] = colle
            continue
        code = code_du_jeton(jeton)
        if code is None or _compte_autre_chose(jetons, rang):
            continue
        if (
            _est_annonce(jetons, rang)
            or _touche_son_nom(rang, code, places)
            or _est_entre_parentheses(jetons, rang)
            or _prolonge_une_liste(jetons, rang, trouves)
            or (mots_cles and _est_mot_cle(jetons, rang))
        ):
            trouves[rang] = code
    return trouves


def _forme(jetons: tuple[Jeton, ...], rang: int) -> str:
    return jetons[rang].forme if 0 <= rang < len(jetons) else ""


def _compte_autre_chose(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """« 34 enfants », « 69 € », « 12,5 », « 06 12 34 56 78 », « le 15 juillet », « le 13 bis »."""
    contextes, jeton = lire_contextes(), jetons[rang]
    if _GRANDEUR_APRES.match(jeton.apres) or _GRANDEUR_AVANT.search(jeton.avant):
        return True
    if _touche_un_nombre(jetons, rang):
        return True
    if _est_entre_parentheses(jetons, rang) or "," in jeton.apres or ":" in jeton.apres:
        # « (34) », « dans le 34, enfants de quel âge ? »: what follows is not what it counts.
        return False
    suivant, encore = _forme(jetons, rang + 1), _forme(jetons, rang + 2)
    if suivant in {"a", "au"} and encore.isdigit():
        return True
    if suivant == "pour" and encore in {"cent", "mille"}:
        return True
    if suivant in contextes.mois or suivant in contextes.unites:
        return True
    return suivant in contextes.comptes and not _est_annonce_nettement(jetons, rang)


def _est_annonce_nettement(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """« Caf 34 », « dans le 34 », whatever follows."""
    avant = _forme(jetons, rang - 1)
    return avant in lire_contextes().institutions or (
        avant == "le" and _forme(jetons, rang - 2) == "dans"
    )


def _touche_un_nombre(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """Telephone numbers, ranges (« 30-34 ») and times: short numbers side by side."""
    avant, apres = _forme(jetons, rang - 1), _forme(jetons, rang + 1)
    colle_avant = _UN_OU_DEUX_CHIFFRES.fullmatch(avant)
    colle_apres = apres.isdigit() and len(apres) <= _CHIFFRES_MAX
    liste = (", ", "; ", " / ")
    return (colle_avant and jetons[rang].avant not in liste) or (
        colle_apres and jetons[rang].apres not in liste
    )


def _est_annonce(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """« Caf 34 », « Caf du 34 », « département n° 34 », « dans le 34 », « le 69 »."""
    contextes = lire_contextes()
    avant = _forme(jetons, rang - 1)
    rang_annonce = rang - 1
    while _forme(jetons, rang_annonce) in {"n", "no", "num", "numero", "du", "de", "le", "dans"}:
        rang_annonce -= 1
        if rang - rang_annonce > _MOTS_ANNONCE_MAX:
            break
    annonce = _forme(jetons, rang_annonce)
    if annonce in contextes.institutions and not _rompt(jetons, rang_annonce + 1, rang):
        return True
    if avant not in {"le", "du"}:
        return False
    if _est_annonce_nettement(jetons, rang):
        return True
    chiffres = jetons[rang].forme
    return not chiffres.isdigit() or int(chiffres) >= _PREMIER_RANG_SANS_DATE


def _rompt(jetons: tuple[Jeton, ...], premier: int, dernier: int) -> bool:
    return any(re.search(r"[.!?;\n]", jetons[rang].avant) for rang in range(premier, dernier + 1))


def _touche_son_nom(rang: int, code: str, places: Places) -> bool:
    """« Hérault 34 », « 34 Hérault », « Montpellier (34) »."""
    return code in places.ferment.get(rang - 1, ()) or code in places.ouvrent.get(rang + 1, ())


def _est_entre_parentheses(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """« (34) », but not « douze (12) », « enfants (12) »."""
    contextes, jeton = lire_contextes(), jetons[rang]
    ouvre, ferme = _ENTRE_PARENTHESES
    if not (ouvre.search(jeton.avant) and ferme.match(jeton.apres)):
        return False
    avant = _forme(jetons, rang - 1)
    return not (avant in contextes.nombres or avant in contextes.comptes or avant.isdigit())


def _prolonge_une_liste(jetons: tuple[Jeton, ...], rang: int, trouves: dict[int, str]) -> bool:
    """« dans le 34 et le 69 », « départements 34, 69 »: as the number before it was one."""
    liaison = rang - 1
    while liaison >= 0 and _forme(jetons, liaison) in {
        "et",
        "ou",
        "le",
        "dans",
        "du",
        "comme",
        "vs",
    }:
        liaison -= 1
    return (
        liaison in trouves
        and rang - liaison <= _MOTS_ANNONCE_MAX + 1
        and not _rompt(jetons, liaison + 1, rang)
    )


def _est_mot_cle(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """« date limite 34 », « 34 »: alone or last in a few keywords that count nothing."""
    contextes: Contextes = lire_contextes()
    if rang != len(jetons) - 1 and not _ouvre_une_paire(jetons, rang):
        return False
    if any(jeton.forme in contextes.quantites for jeton in jetons):
        return False
    avant = _forme(jetons, rang - 1)
    return avant not in contextes.comptes_avant | contextes.mois


def _ouvre_une_paire(jetons: tuple[Jeton, ...], rang: int) -> bool:
    """« différence 34 et 69 »: two last words that can only be codes, joined."""
    if rang + 3 != len(jetons) or _forme(jetons, rang + 1) not in {"et", "ou", "vs"}:
        return False
    return all(
        code_du_jeton(jetons[place]) is not None
        and jetons[place].forme >= str(_PREMIER_RANG_SANS_DATE)
        for place in (rang, rang + 2)
    )
