"""What kind of input is this: a question, a greeting, noise, another language, an order.

Deterministic, from word lists (``entree.yaml``) and in time proportional to the input: long texts
are cut first, keeping both ends, since a long story ends with its question.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from assistant.understanding.donnees import lire_yaml
from assistant.understanding.texte import mots, plier

Genre = Literal[
    "question",
    "vide",
    "salutation",
    "remerciement",
    "au_revoir",
    "aide",
    "insulte",
    "hors_langue",
    "illisible",
    "injection",
]
GenreDExpression = Literal["salutation", "remerciement", "au_revoir", "aide", "insulte"]

_GELE = ConfigDict(frozen=True, extra="forbid")

LONGUEUR_MAX = 4000
"""Characters of the cleaned text, the mark of the cut included."""

_COUPURE = " […] "
_DEBUT_GARDE = 1500
_ORDRE: tuple[GenreDExpression, ...] = (
    "aide",
    "insulte",
    "au_revoir",
    "remerciement",
    "salutation",
)
_MOTS_COURTS_MAX = 25
"""Greetings, thanks and insults are short: beyond, there is something else in the text."""

_MOTS_COURTS_ANGLAIS_MAX = 5
_JOKER_MAX = 4
_MASQUE_MOTS_MAX = 4
_RANGEE_MIN = 4
_CONSONNES_MIN = 5
_LONGUEUR_SANS_VOYELLE = 4
_PART_AUTRE_ECRITURE = 0.5

# Controls but tab and line feed, lone surrogates, invisible marks (zero width, direction, BOM),
# noncharacters. A carriage return becomes a line feed before.
_INVISIBLES = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BLANCS = re.compile(r"[^\S\n]+")
_LIGNES = re.compile(r"\s*\n\s*")
_ALLONGE = re.compile(r"([a-z])\1{2,}")
_CONSONNES = re.compile(r"[bcdfghjklmnpqrstvwxz]+")
_VOYELLES = re.compile(r"[aeiouy]")


class Entree(BaseModel):
    """A cleaned input and its kind.

    ``texte``: NFC, without control, invisible or lone surrogate characters, runs of blanks
    shortened, at most ``LONGUEUR_MAX`` characters. ``tronquee``: something was cut from its middle.
    ``langue``: of a ``hors_langue`` text, an ISO 639-1 code, or the script (« arabe »…); « en » too
    of a greeting, thanks, an insult or an order wholly in English; None otherwise.
    """

    model_config = _GELE

    texte: str
    genre: Genre
    tronquee: bool
    langue: str | None = None


class Listes(BaseModel):
    """The word lists of ``entree.yaml``."""

    model_config = _GELE

    expressions: dict[GenreDExpression, tuple[str, ...]]
    accompagnements: dict[GenreDExpression, frozenset[str]]
    injections: tuple[str, ...]
    marques_injection: tuple[str, ...]
    langues: dict[str, frozenset[str]]
    anglais_sans_doute: frozenset[str]
    communs_avec_l_anglais: frozenset[str]
    politesses_anglaises: frozenset[str]
    rangees_de_clavier: tuple[str, ...]
    sans_voyelle: frozenset[str]


class _Expressions(NamedTuple):
    """The expressions of one kind as word sequences, and the words that may stand around them."""

    suites: frozenset[tuple[str, ...]]
    longueur: int
    autour: frozenset[str]


@cache
def lire_listes() -> Listes:
    """Read and check the word lists."""
    return Listes.model_validate(lire_yaml("entree.yaml"))


def qualifier(texte: str) -> Entree:
    """Clean ``texte`` and say what kind of input it is. Never raises, whatever the characters."""
    propre, tronquee = nettoyer(texte)
    genre, langue = _genre(propre)
    return Entree(texte=propre, genre=genre, tronquee=tronquee, langue=langue)


def nettoyer(texte: str) -> tuple[str, bool]:
    """Return the cleaned text and whether its middle was cut."""
    propre = _INVISIBLES.sub(" ", texte.replace("\r\n", "\n").replace("\r", "\n"))
    propre = _LIGNES.sub("\n", _BLANCS.sub(" ", propre)).strip()
    propre, coupee = _borner(propre)
    # Composing may lengthen a few scripts' text: bounded again, for the promise to hold.
    propre, recoupee = _borner(unicodedata.normalize("NFC", propre))
    return propre, coupee or recoupee


def _borner(texte: str) -> tuple[str, bool]:
    if len(texte) <= LONGUEUR_MAX:
        return texte, False
    fin_gardee = LONGUEUR_MAX - _DEBUT_GARDE - len(_COUPURE)
    debut, fin = texte[:_DEBUT_GARDE], texte[-fin_gardee:]
    # Half words at the cut would be read as misspelt ones; a text without blanks keeps them.
    debut = debut.rsplit(maxsplit=1)[0] if " " in debut else debut
    fin = fin.split(maxsplit=1)[-1] if " " in fin else fin
    return f"{debut}{_COUPURE}{fin}", True


def _genre(propre: str) -> tuple[Genre, str | None]:
    if not propre:
        return "vide", None
    suite = mots(propre)
    if _est_injection(propre, suite):
        return "injection", _langue_d_expression(suite)
    ecriture = _autre_ecriture(propre)
    if ecriture is not None:
        return "hors_langue", ecriture
    expression = _genre_d_expression(suite)
    if expression is not None:
        return expression, _langue_d_expression(suite)
    if _est_illisible(suite):
        return "illisible", None
    langue = _autre_langue(suite)
    return ("hors_langue", langue) if langue else ("question", None)


def _genre_d_expression(suite: tuple[str, ...]) -> GenreDExpression | None:
    """Return the kind whose expressions cover the whole text, help and insults first."""
    if not 0 < len(suite) <= _MOTS_COURTS_MAX:
        return None
    courte = tuple(_ALLONGE.sub(r"\1", mot) for mot in suite)
    for genre in _ORDRE:
        if _couvre(_expressions()[genre], courte):
            return genre
    return None


@cache
def _expressions() -> dict[GenreDExpression, _Expressions]:
    listes = lire_listes()
    resultat: dict[GenreDExpression, _Expressions] = {}
    for genre, lignes in listes.expressions.items():
        suites = frozenset(mots(ligne) for ligne in lignes)
        resultat[genre] = _Expressions(
            suites=suites,
            longueur=max(len(suite) for suite in suites),
            autour=listes.accompagnements[genre],
        )
    return resultat


def _couvre(expressions: _Expressions, suite: tuple[str, ...]) -> bool:
    """Whether expressions (one at least) and accompanying words make up the whole text."""
    trouvee = False
    rang = 0
    while rang < len(suite):
        for taille in range(min(expressions.longueur, len(suite) - rang), 0, -1):
            if suite[rang : rang + taille] in expressions.suites:
                trouvee = True
                rang += taille
                break
        else:
            if suite[rang] not in expressions.autour:
                return False
            rang += 1
    return trouvee


def _est_injection(propre: str, suite: tuple[str, ...]) -> bool:
    plie = plier(propre)
    if any(marque in plie for marque in lire_listes().marques_injection):
        return True
    return _consignes().search(f" {' '.join(suite)} ") is not None


@cache
def _consignes() -> re.Pattern[str]:
    """All the orders to the program as one pattern; gaps are bounded, so the search is linear."""
    motifs = []
    for ligne in lire_listes().injections:
        debut = r"\A " if ligne.startswith("^ ") else " "
        parties = [mots(partie) for partie in ligne.removeprefix("^ ").split("*")]
        joker = rf"(?: [a-z0-9]+){{0,{_JOKER_MAX}}} "
        motifs.append(debut + joker.join(" ".join(partie) for partie in parties) + "(?= )")
    return re.compile("|".join(motifs))


def _est_illisible(suite: tuple[str, ...]) -> bool:
    """Emoji, punctuation, one letter, or a few words that are all keyboard mash."""
    if not suite:
        return True
    if len(suite) == 1 and len(suite[0]) == 1 and suite[0].isalpha():
        return True
    alphabetiques = [mot for mot in suite if mot.isalpha()]
    return (
        0 < len(alphabetiques) == len(suite) <= _MASQUE_MOTS_MAX
        and any(len(mot) >= _RANGEE_MIN for mot in alphabetiques)
        and all(_est_du_bruit(mot) for mot in alphabetiques)
    )


def _est_du_bruit(mot: str) -> bool:
    """« azerty », « uiop », « aaaaa », « hjkdfgs »: no word of any spelling."""
    listes = lire_listes()
    if mot in listes.sans_voyelle or _ALLONGE.sub(r"\1", mot) in listes.sans_voyelle:
        return False
    if len(mot) >= _RANGEE_MIN - 1 and any(
        mot in rangee or mot[::-1] in rangee for rangee in listes.rangees_de_clavier
    ):
        return True
    if len(set(mot)) == 1 and len(mot) > 1:
        return True
    if len(mot) >= _LONGUEUR_SANS_VOYELLE and not _VOYELLES.search(mot):
        return True
    return any(len(suite) >= _CONSONNES_MIN for suite in _CONSONNES.findall(mot))


def _autre_ecriture(propre: str) -> str | None:
    """Return the script (« arabe ») of a text mostly in another one than ours, else None."""
    comptes: dict[str, int] = {}
    for caractere in propre:
        if caractere.isalpha():
            nom = unicodedata.name(caractere, "").partition(" ")[0]
            comptes[nom] = comptes.get(nom, 0) + 1
    autres = {nom: nombre for nom, nombre in comptes.items() if nom not in _ECRITURES_LATINES}
    if sum(autres.values()) <= _PART_AUTRE_ECRITURE * sum(comptes.values()):
        return None
    principale = max(sorted(autres), key=lambda nom: autres[nom])
    return _ECRITURES.get(principale, "autre")


_ECRITURES_LATINES = frozenset({"LATIN", "FULLWIDTH", "MATHEMATICAL", "FEMININE", "MASCULINE"})
_ECRITURES = {
    "ARABIC": "arabe",
    "CYRILLIC": "cyrillique",
    "GREEK": "grec",
    "HEBREW": "hébreu",
    "CJK": "chinois",
    "HIRAGANA": "japonais",
    "KATAKANA": "japonais",
    "HANGUL": "coréen",
    "DEVANAGARI": "devanagari",
    "BENGALI": "bengali",
    "TAMIL": "tamoul",
    "THAI": "thaï",
    "ARMENIAN": "arménien",
    "GEORGIAN": "géorgien",
    "ETHIOPIC": "éthiopien",
}


def _langue_d_expression(suite: tuple[str, ...]) -> str | None:
    """Return « en » for an expression in English (« hello there »), else None."""
    listes = lire_listes()
    courte = tuple(_ALLONGE.sub(r"\1", mot) for mot in suite)
    anglais = listes.langues["en"] | listes.politesses_anglaises
    anglaise = all(mot in anglais for mot in courte) or _autre_langue(suite) == "en"
    return "en" if anglaise else None


def _autre_langue(suite: tuple[str, ...]) -> str | None:
    """Return the language whose own words outnumber the French ones (two at least), or None.

    In a short text without a French word, one word that only English has is enough (« rural
    area? »). Keywords that no list knows (« espada », « planning ») are French enough.
    """
    listes = lire_listes()
    francais = [mot for mot in suite if mot in listes.langues["fr"]]
    propres = sum(mot not in listes.communs_avec_l_anglais for mot in francais)
    courte = len(suite) <= _MOTS_COURTS_ANGLAIS_MAX
    if courte and not propres and any(mot in listes.anglais_sans_doute for mot in suite):
        return "en"
    meilleure, nombre = None, 0
    for code, mots_propres in listes.langues.items():
        compte = sum(mot in mots_propres for mot in suite)
        seuil = propres if code == "en" else len(francais)
        if code != "fr" and compte > max(seuil, 1, nombre):
            meilleure, nombre = code, compte
    return meilleure
