"""Whether an answer given before still holds, once the facts that it went by were changed."""

from __future__ import annotations

from typing import NamedTuple

from assistant.dialogue.chemin import Chemin
from assistant.dialogue.dossier_dit import Etude
from assistant.dialogue.memoire import Echange
from assistant.dialogue.retouches import faits_tenus
from assistant.eligibility import Regles
from assistant.eligibility.models import Critere, Resultat


class Appui(NamedTuple):
    """What an answer about the person's project hangs on.

    ``connus``: paths of the facts that were held; ``resultat``: None where the answer says a
    reason of the checker without its result; ``critere``: the criterion that it is about, None
    for the whole project; ``supposant``: it supposed facts that are not held.
    """

    connus: frozenset[str]
    resultat: Resultat | None = None
    critere: str | None = None
    criteres: tuple[Critere, ...] = ()
    supposant: bool = False


def appui_de(echange: Echange, regles: Regles) -> Appui | None:
    """Return what a turn hangs on; None for one that the project told changes nothing in."""
    chemin, etude = echange.chemin, echange.chemin.etude
    if etude is None:
        sujet = echange.memoire.sujet
        raison = chemin.voie == "pourquoi" and sujet is not None and sujet.voie != "regle"
        return Appui(connus=_connus(echange, regles)) if raison else None
    critere = chemin.choix.critere if chemin.choix and chemin.voie == "critere" else None
    criteres = etude.criteres(critere) if critere else ()
    return Appui(_connus(echange, regles), etude.resultat, critere, criteres, _suppose(chemin))


def tient_encore(appui: Appui, etude: Etude | None) -> bool:
    """Whether the checker says the same of the project as it now stands, as it did then."""
    if etude is None or appui.resultat is None or appui.supposant:
        return False
    if appui.critere is not None:
        return etude.criteres(appui.critere) == appui.criteres
    return etude.resultat == appui.resultat


def _connus(echange: Echange, regles: Regles) -> frozenset[str]:
    return frozenset(f.chemin for f in faits_tenus(echange.memoire, regles))


def _suppose(chemin: Chemin) -> bool:
    return chemin.tour is not None and bool(chemin.tour.supposes)
