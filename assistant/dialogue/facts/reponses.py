"""Answers to what was just asked (« 9 », « oui »), and corrections that name only the figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from assistant.dialogue.facts.calendrier import jour_dit, moment
from assistant.dialogue.facts.contexte import COLLECTIF, Contexte, Trouvaille, valeur_connue
from assistant.dialogue.facts.donnees import lire_mots
from assistant.dialogue.facts.durees import DUREE_ECRITE, en_minutes
from assistant.dialogue.facts.models import Valeur
from assistant.dialogue.facts.motifs import classe, compiler

_MOTS_MAX: Final = 8
"""Words of an answer that is nothing but an answer."""

_COMPTES: Final = ("enfants", "intervenants", "seances_par_semaine", "semaines")


def lire_reponse(contexte: Contexte, attendus: Sequence[str]) -> list[Trouvaille]:
    """Read a text that only answers: the first of the paths asked that it can be a value of."""
    flux = contexte.flux
    if len(flux.elements) > _MOTS_MAX or flux.texte.rstrip().endswith("?"):
        return []
    for chemin in attendus:
        valeur = _valeur(contexte, chemin)
        if valeur is not None:
            return [Trouvaille(chemin, valeur, 0, len(flux.texte), "dite")]
    return []


def _valeur(contexte: Contexte, chemin: str) -> Valeur | None:
    genre = lire_mots().reponses.get(re.sub(r"\.[0-9]+\.", ".*.", chemin))
    texte = contexte.flux.texte
    if genre == "booleen":
        return _oui_ou_non(texte)
    if genre == "duree":
        trouve = _duree().search(texte)
        return en_minutes(trouve, "") if trouve else None
    if genre == "date":
        annee = contexte.connus.get("annee_scolaire")
        lu = _date().search(texte)
        jour = (
            jour_dit(lu, annee if isinstance(annee, str) else None, depot=chemin == "depot_elan")
            if lu
            else None
        )
        return jour.isoformat() if jour else None
    nombres = re.findall(r"(?<= )([0-9]+(?:\.[0-9]+)?)~?(?= )", texte)
    if len(nombres) != 1 or genre not in {"entier", "montant"}:
        return None
    if genre == "entier" and _compte_autre_chose(chemin).search(texte):
        return None
    nombre = float(nombres[0])
    if nombre.is_integer():
        return int(nombre)
    return nombre if genre == "montant" else None


@cache
def _compte_autre_chose(chemin: str) -> re.Pattern[str]:
    """« 80 % », « les deux bonus », « 2 groupes »: the noun of a number tells what it counts."""
    nom = chemin.rsplit(".", maxsplit=1)[-1]
    noms = {"collectifs": "groupe", "enfants": "enfant", "intervenants": "intervenant"}
    autres = "|".join(classe(c) for asked, c in noms.items() if asked != nom)
    unites = r"%|pour (?:cent|100)|bonus|€|euros?|h|heures?|minutes|km"
    return re.compile(rf"(?<= )[0-9]+(?:\.[0-9]+)?~? (?:{unites}|{autres}) ")


def _oui_ou_non(texte: str) -> bool | None:
    """« oui », « bien sûr », « non, pas du tout »: one or the other, from the first word said."""
    donnees = lire_mots()
    oui, non = compiler(donnees.oui).search(texte), compiler(donnees.non).search(texte)
    if non and (oui is None or non.start() <= oui.start()):
        return False
    return True if oui else None


@cache
def _duree() -> re.Pattern[str]:
    return re.compile(rf"(?<= ){DUREE_ECRITE.replace('{p}', '')}")


@cache
def _date() -> re.Pattern[str]:
    return re.compile(rf"(?<= ){moment()}")


@cache
def _remplace() -> re.Pattern[str]:
    """« 9 et pas 14 », « pas 14 mais 9 », « 9 au lieu de 14 »."""
    entre = r"(?:[^ .?!,]+ ){0,2}(?:, )?"
    return re.compile(
        rf"(?<= )(?:(?P<neuf>[0-9]+)~? {entre}{classe('mais_non')} (?P<vieux>[0-9]+)"
        rf"|(?:pas|non pas|c est pas) (?P<vieux2>[0-9]+) {entre}(?:mais|plutot|c est) "
        r"(?P<neuf2>[0-9]+)) "
    )


def lire_remplacement(contexte: Contexte, lus: Sequence[Trouvaille]) -> list[Trouvaille]:
    """Read a correction that names the figure replaced: the known count that has it changes."""
    trouvailles = []
    for trouve in _remplace().finditer(contexte.flux.texte):
        neuf = int(trouve["neuf"] or trouve["neuf2"])
        vieux = int(trouve["vieux"] or trouve["vieux2"])
        if any(lu.debut < trouve.end() and trouve.start() < lu.fin for lu in lus):
            continue  # its noun told what it counts
        chemins = [
            (rang, nom)
            for nom in _COMPTES
            for rang in range(1, contexte.groupes + 1)
            if valeur_connue(contexte.connus, f"collectifs.{rang}.{nom}") == vieux
        ]
        if len({nom for _, nom in chemins}) == 1:
            trouvailles += [
                Trouvaille(COLLECTIF + nom, neuf, trouve.start(), trouve.end(), "dite", rang)
                for rang, nom in chemins
            ]
    return trouvailles
