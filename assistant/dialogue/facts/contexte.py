"""What the readers of facts share: the text, the collectifs it speaks of, what is found in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from assistant.dialogue.facts.attitudes import certitude, proposition
from assistant.dialogue.facts.donnees import lire_mots
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.models import Certitude, Valeur
from assistant.dialogue.facts.motifs import classe, compiler

COLLECTIF: Final = "collectifs.*."
GROUPES_MAX: Final = 50
TOUS: Final = -1


class Trouvaille(NamedTuple):
    """A fact found at ``debut:fin`` of the plain text.

    ``chemin`` may begin with ``collectifs.*.``; then ``collectif`` is its number, ``TOUS`` for
    every one, 0 where the words do not say. ``valeur`` None: said without a value, to ask.
    """

    chemin: str
    valeur: Valeur | None
    debut: int
    fin: int
    certitude: Certitude
    collectif: int = 0


class Foyer(NamedTuple):
    """From ``debut`` to ``fin`` of the plain text, this collectif is spoken of."""

    debut: int
    fin: int
    collectif: int


class Contexte(NamedTuple):
    """The text, what was known before it, and the collectifs."""

    flux: Flux
    connus: Mapping[str, Any]
    groupes: int
    """How many collectifs there are, as far as is known; 1 where nothing says."""
    foyers: tuple[Foyer, ...] = ()

    def foyer(self, place: int) -> int:
        """Return the collectif spoken of at ``place``, 0 if none is singled out."""
        rang = bisect_right(self.foyers, place, key=attrgetter("debut")) - 1
        if rang < 0 or place >= self.foyers[rang].fin:
            return 0
        return self.foyers[rang].collectif


def groupes_connus(connus: Mapping[str, Any]) -> int:
    """Return the number of collectifs of a project, 0 if it has none yet."""
    collectifs = connus.get("collectifs")
    return min(len(collectifs), GROUPES_MAX) if isinstance(collectifs, list | tuple) else 0


def valeur_connue(connus: Mapping[str, Any], chemin: str) -> Any:  # noqa: ANN401 - any fact value
    """Return what a project (plain data) holds at a path, None if unknown."""
    noeud: Any = connus
    for partie in chemin.split("."):
        if isinstance(noeud, Mapping):
            noeud = noeud.get(partie)
        elif isinstance(noeud, list | tuple) and partie.isdigit() and 0 < int(partie) <= len(noeud):
            noeud = noeud[int(partie) - 1]
        else:
            return None
    return noeud


def dit(flux: Flux, debut: int, fin: int, *, deduite: bool = False) -> Certitude | None:
    """Return the certainty of words; what is read by an interpretation is at best ``deduite``."""
    lue = certitude(flux, debut, fin)
    return "deduite" if lue == "dite" and deduite else lue


def est_ecarte(flux: Flux, debut: int) -> bool:
    """« et pas 14 », « au lieu de 14 », « on ne peut pas faire 2 séances »: it is set aside."""
    gauche, _ = proposition(flux, debut, debut)
    impossible = compiler(lire_mots().attitudes["impossible"])
    if impossible.search(flux.texte, gauche, debut):
        return True
    return _ecarte().search(flux.texte[max(debut - 30, 0) : debut]) is not None


def est_approche(flux: Flux, debut: int, fin: int) -> bool:
    """« environ 10 », « 10 minimum »: the number at ``debut:fin`` is not exact."""
    avant = flux.texte[max(debut - 30, 0) : debut]
    return (
        _approche_avant().search(avant) is not None
        or _approche_apres().match(flux.texte, fin) is not None
    )


@cache
def _ecarte() -> re.Pattern[str]:
    return re.compile(
        r" (?:pas|et non|au lieu de|plutot que|pas de|non pas) (?:les |le |la |l |dans |en )*$"
    )


@cache
def _approche_avant() -> re.Pattern[str]:
    motif = compiler(lire_mots().approximations_avant).pattern
    return re.compile(rf"{motif}(?:a |de |les )?$")


@cache
def _approche_apres() -> re.Pattern[str]:
    return compiler(lire_mots().approximations_apres)


def partout(flux: Flux, debut: int, fin: int) -> bool:
    """« chacun », « par groupe », « dans chaque groupe » : said of every collectif."""
    gauche, droite = proposition(flux, debut, fin)
    return _partout().search(flux.texte[gauche : droite + 1]) is not None


def pour_chacun(flux: Flux, fin: int) -> bool:
    """« 2 animateurs chacun »: said of every collectif, whichever was spoken of last."""
    return _chacun().match(flux.texte, fin) is not None


def pour_l_ensemble(flux: Flux, fin: int) -> bool:
    """« 3 animateurs pour les deux groupes », « 3 intervenants au total »: said of all at once."""
    return _ensemble().match(flux.texte, fin) is not None


@cache
def _ensemble() -> re.Pattern[str]:
    groupe = classe("groupe")
    return re.compile(
        rf"(?:, )?(?:au total|en tout|pour (?:les|mes|nos) [0-9]+(?: {groupe})?"
        rf"|(?:pour|sur) (?:tous )?(?:les|nos|mes) {groupe}s?|pour tout le monde|pour l ensemble) "
    )


@cache
def _chacun() -> re.Pattern[str]:
    return re.compile(r"(?:[^ .?!,]+ ){0,2}?(?:chacun|chacune) ")


@cache
def _partout() -> re.Pattern[str]:
    groupe = classe("groupe")
    return re.compile(
        rf"(?<= )(?:chacun|chacune|par {groupe}|(?:dans |pour |a )?chaque {groupe}|a chaque fois"
        rf"|dans les (?:[0-9]+ )?{groupe}|tous les {groupe}) "
    )
