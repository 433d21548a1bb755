"""The facts that words give: yes or no, one value among several, sets of values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from assistant.dialogue.facts.attitudes import affirme, corrige, est_nie, phrase_de
from assistant.dialogue.facts.contexte import (
    COLLECTIF,
    Contexte,
    Trouvaille,
    dit,
    valeur_connue,
)
from assistant.dialogue.facts.donnees import Cas, Choix, lire_mots, lire_vocabulaire
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.models import Valeur
from assistant.dialogue.facts.motifs import compiler

_AUTOUR: Final = 80


class _Lu(NamedTuple):
    trouvaille: Trouvaille
    nie: bool


def lire_choix(contexte: Contexte, departement: str | None) -> list[Trouvaille]:
    """Read every fact of ``faits.yaml`` that words give; what a set already held is kept."""
    lus: list[Trouvaille] = []
    for choix in lire_vocabulaire().choix:
        if choix.departement is not None and choix.departement != departement:
            continue
        trouves = [lu for cas in choix.cas for lu in _lire_cas(contexte, choix, cas)]
        trouves.sort(key=lambda lu: (lu.trouvaille.debut, -lu.trouvaille.fin))
        if choix.ensemble:
            lus += _ensemble(contexte, choix, trouves)
        else:
            lus += _sans_recouvrement([lu.trouvaille for lu in trouves])
    return lus


def _lire_cas(contexte: Contexte, choix: Choix, cas: Cas) -> Iterator[_Lu]:
    flux = contexte.flux
    for trouve in compiler(cas.motifs).finditer(flux.texte):
        debut, fin = trouve.span()
        if cas.sauf and compiler(cas.sauf).search(_autour(flux, debut, fin)):
            continue
        ferme = dit(flux, debut, fin, deduite=cas.deduite)
        if ferme is None:
            continue
        if choix.affirme and not affirme(flux, debut, fin):
            ferme = "supposee"
        nie = _est_nie(flux, cas, debut, fin)
        valeur = cas.nie if nie else cas.valeur
        if valeur is None or (nie and choix.ensemble):
            if not choix.ensemble:
                continue
            valeur = cas.valeur
        collectif = contexte.foyer(debut) if choix.chemin.startswith(COLLECTIF) else 0
        yield _Lu(Trouvaille(choix.chemin, valeur, debut, fin, ferme, collectif), nie)


def _est_nie(flux: Flux, cas: Cas, debut: int, fin: int) -> bool:
    """Denied before, or within where the words found deny a value that has its contrary."""
    if not est_nie(flux, debut, fin, dedans=cas.nie is not None):
        return False
    # « pas de participation » says « gratuite »: its own words deny something else.
    return cas.nie is not None or est_nie(flux, debut, fin, dedans=False)


def _autour(flux: Flux, debut: int, fin: int) -> str:
    phrase = phrase_de(flux, debut)
    gauche = flux.texte.rfind(" ", phrase.debut, max(debut - _AUTOUR, phrase.debut) + 1)
    gauche = max(gauche, phrase.debut)
    return flux.texte[gauche : min(fin + _AUTOUR, phrase.fin + 1)]


def _sans_recouvrement(lus: list[Trouvaille]) -> list[Trouvaille]:
    """Of words that overlap, keep the longest (« une partie à domicile » over « à domicile »)."""
    gardes: list[Trouvaille] = []
    for lu in lus:
        if gardes and lu.debut < gardes[-1].fin:
            if lu.fin - lu.debut > gardes[-1].fin - gardes[-1].debut:
                gardes[-1] = lu
            continue
        gardes.append(lu)
    return gardes


def _ensemble(contexte: Contexte, choix: Choix, lus: list[_Lu]) -> list[Trouvaille]:
    """Make one fact of the values named; those known before stay unless the person corrects."""
    if not lus:
        return []
    flux = contexte.flux
    connues = valeur_connue(contexte.connus, choix.chemin)
    garde = isinstance(connues, list | tuple | set | frozenset) and not (
        corrige(flux) or _exclusif(flux, lus[0].trouvaille.debut)
    )
    valeurs: dict[str, None] = dict.fromkeys(map(str, connues if garde else ()))
    retirees = False
    for lu in lus:
        nommees: Valeur | None = lu.trouvaille.valeur
        assert isinstance(nommees, list)
        for nommee in nommees:
            if lu.nie:
                valeurs.pop(nommee, None)
                retirees = True
            else:
                valeurs[nommee] = None
    if not valeurs and retirees:
        return []
    premier, dernier = lus[0].trouvaille, lus[-1].trouvaille
    # Said and supposed levels in one text: what is supposed makes the whole so.
    ferme = "supposee" if any(lu.trouvaille.certitude == "supposee" for lu in lus) else "dite"
    return [
        Trouvaille(choix.chemin, sorted(valeurs), premier.debut, dernier.fin, ferme)  # type: ignore[arg-type]
    ]


def _exclusif(flux: Flux, debut: int) -> bool:
    """« uniquement des collégiens »."""
    phrase = phrase_de(flux, debut)
    avant = flux.texte[max(phrase.debut, debut - 40) : debut]
    return compiler(lire_mots().classes["seulement"]).search(avant) is not None
