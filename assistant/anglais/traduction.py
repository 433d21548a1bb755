"""An English question in French words: good enough to search with and to read facts in.

Phrase by phrase, the longest first, from ``lexique.yaml``; the order of words is left alone. Words
that the lexicon does not know, numbers and punctuation stay as typed. Deterministic; in time
proportional to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from assistant.anglais.donnees import lire_yaml
from assistant.understanding.texte import Jeton, decouper, mots, plier

LONGUEUR_MAX = 4000
"""Characters of a text that are translated; what follows is left out."""

_PLURIEL_MIN = 4
"""Letters of the shortest word whose final « s » is taken for a plural."""
_INFINITIF = re.compile(r"(?<!i)er$")
"""A verb, whose « s » is not a plural: « refuses » → « refuse »."""
_LIEN = re.compile(r"^[\s'-]*$")
_MILLIERS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMALES = re.compile(r"(?<=\d)\.(?=\d{1,2}(?![\d.]))")
_EUROS_DEVANT = re.compile(r"€\s?(\d+(?:,\d+)?)|\b(?:eur|euros?)\s(\d+(?:,\d+)?)", re.IGNORECASE)
_MINUTES = re.compile(r"(?<=\d)[ -]?(?:mins?|minutes?)\b", re.IGNORECASE)
_ELISIONS = re.compile(r"\b([dlnmsj]|qu)e (?=[aeiouàâéèêëîïôœ]|h(?:eure|abit|istoi|or|éberg))")
_ELISION_ARTICLE = re.compile(r"\bl[ae] (?=[aeiouàâéèêëîïôœ]|h(?:eure|abit|istoi|or|éberg))")
_ARTICLE_PLURIEL = re.compile(
    r"\ble (?!(?:bonus|temps|cours|mois|prix|taux|repas|accès|pas|plus|fois|tiers|Clas)\b)"
    r"(?=\w+[sx]\b)"
)
"""The article of a plural, which English does not show: « the children » → « les enfants »."""
_CONTRACTIONS = (
    (" de les ", " des "),
    (" de le ", " du "),
    (" à les ", " aux "),
    (" à le ", " au "),
)
_BLANCS = re.compile(r"[^\S\n]+")
_BLANC_DEVANT = re.compile(r" (?=[,.)])")

Suite = tuple[str, ...]


class Lexique(BaseModel):
    """The glossary, as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tournures: dict[str, str]
    domaine: dict[str, str]
    nombres: dict[str, str]
    seuls: dict[str, str]


class _Table(NamedTuple):
    phrases: Mapping[Suite, str]
    seuls: Mapping[Suite, str]
    longueur: int
    """Words of the longest phrase."""


@lru_cache(maxsize=1)
def lire_lexique() -> Lexique:
    """Read and check the glossary."""
    return Lexique.model_validate(lire_yaml("lexique.yaml"))


@lru_cache(maxsize=512)
def traduire(texte: str) -> str:
    """Write an English text in French words.

    Example:
        >>> traduire("we have 6 kids in the countryside and 1 tutor")
        'nous avons 6 enfants à la campagne et 1 intervenant'
    """
    anglais = _chiffres(texte[:LONGUEUR_MAX])
    jetons = decouper(anglais)
    morceaux: list[str] = []
    fin = 0
    for francais, debut, suivant in _phrases(anglais, jetons):
        morceaux.append(anglais[fin:debut])
        morceaux.append(francais)
        fin = suivant
    morceaux.append(anglais[fin:])
    return _polir("".join(morceaux))


def _phrases(texte: str, jetons: Sequence[Jeton]) -> Iterator[tuple[str, int, int]]:
    """Go through the phrases found, left to right: the French, and the place of the English."""
    table = _table()
    rang = 0
    while rang < len(jetons):
        for taille in range(min(table.longueur, _suivis(jetons, rang)), 0, -1):
            groupe = jetons[rang : rang + taille]
            francais = _francais(table, groupe)
            if francais is not None:
                yield francais, groupe[0].debut, _sans_apostrophe(texte, groupe[-1].fin)
                rang += taille
                break
        else:
            rang += 1


def _suivis(jetons: Sequence[Jeton], rang: int) -> int:
    """How many words follow one another from ``rang`` with nothing but blanks between."""
    longueur = 1
    while (
        longueur < _table().longueur
        and rang + longueur < len(jetons)
        and _LIEN.match(jetons[rang + longueur].avant)
    ):
        longueur += 1
    return longueur


def _francais(table: _Table, groupe: Sequence[Jeton]) -> str | None:
    suite = tuple(jeton.forme for jeton in groupe)
    if not (_LIEN.match(groupe[0].avant) and groupe[0].avant) and _est_bornee(groupe[-1].apres):
        seul = table.seuls.get(suite)
        if seul is not None:
            return seul
    trouve = table.phrases.get(suite)
    if trouve is not None:
        return trouve
    dernier = suite[-1]
    if len(dernier) < _PLURIEL_MIN or not dernier.endswith("s"):
        return None
    singulier = table.phrases.get((*suite[:-1], dernier[:-1]))
    if not singulier:
        return None
    if _INFINITIF.search(singulier):
        return singulier.removesuffix("r")
    return singulier if singulier.endswith(("s", "x", "%")) else f"{singulier}s"


def _est_bornee(apres: str) -> bool:
    """Whether what follows a word ends its clause: punctuation, or the end of the text."""
    return not apres or not _LIEN.match(apres)


def _sans_apostrophe(texte: str, fin: int) -> int:
    """Place after a possessive's lone apostrophe: « the parents' bonus »."""
    suite = texte[fin : fin + 2]
    return fin + 1 if suite[:1] in {"'", "’"} and not suite[1:].isalpha() else fin


def _chiffres(texte: str) -> str:
    """Write figures the French way: « €7,885 » → « 7885 € », « 1.5 » → « 1,5 »."""
    nombres = _DECIMALES.sub(",", _MILLIERS.sub("", texte))
    nombres = _EUROS_DEVANT.sub(lambda trouve: f"{trouve[1] or trouve[2]} €", nombres)
    return _MINUTES.sub(" minutes", nombres)


def _polir(texte: str) -> str:
    """Elide and contract: « combien de enfants » → « combien d'enfants »."""
    propre = f" {_BLANCS.sub(' ', texte)} "
    propre = _ARTICLE_PLURIEL.sub("les ", propre)
    for avant, apres in _CONTRACTIONS:
        propre = propre.replace(avant, apres)
    propre = _ELISION_ARTICLE.sub("l'", _ELISIONS.sub(r"\1'", propre))
    return _BLANC_DEVANT.sub("", propre).strip()


@lru_cache(maxsize=1)
def _table() -> _Table:
    lexique = lire_lexique()
    phrases: dict[Suite, str] = {}
    for section in (lexique.tournures, lexique.domaine, lexique.nombres):
        for anglais, francais in section.items():
            suite = mots(anglais)
            if phrases.setdefault(suite, francais) != francais:
                raise ValueError(f"lexique.yaml : « {plier(anglais)} » est écrit deux fois")
    return _Table(
        phrases=MappingProxyType(phrases),
        seuls=MappingProxyType({mots(a): f for a, f in lexique.seuls.items()}),
        longueur=max(len(suite) for suite in phrases),
    )
