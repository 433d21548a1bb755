"""Which way a turn is answered: from the texts, or by the checker, and on what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from assistant.dialogue.facts import (
    FaitImprecis,
    FaitLu,
    critere_demande,
    demande_montant,
    demande_verdict,
    est_cas_personnel,
)
from assistant.dialogue.facts.donnees import lire_questions
from assistant.dialogue.memoire import Memoire, Voie
from assistant.dialogue.suites import nomme_seulement
from assistant.dialogue.tour import CADRE, Tour, dit_autre_chose
from assistant.eligibility import Regles
from index.french import fold

_INTERROGE: Final = re.compile(
    r"\?|\b(?:combien|cb|quel|quels|quelle|quelles|qui|quoi|quand|comment|pourquoi|ou est|est ce|"
    r"est-ce|faut|peut|peux|pouvons|pourrait|doit|doivent|a-t-on|avons-nous|sommes-nous|"
    r"c'est bon|c bon|ca passe|ca va|possible)\b"
)
_MOTS_GARDES: Final = 240
"""Characters of earlier questions that a follow-up is searched with."""
_NOMBRE_OU_DEVOIR: Final = re.compile(r"\b(?:combien|cb|faut|faire|doit|doivent|devons|suffit)\b")
_INVERSE: Final = re.compile(r"\b(?:grave|mort|foutu|probleme|bloquant|bloque|genant|embetant)\b")
_BILAN: Final = re.compile(
    r"qu.est.ce qui (?:ne )?(?:va pas|bloque|manque|cloche|pose)"
    r"|\b(?:il )?reste quoi\b|que reste.t.il"
    r"|quoi d.autre (?:manque|bloque)|\b(?:le)?quels? (?:points? )?(?:pose|bloque)|ou en est.on"
)
"""What asks for a project as a whole, in other words than its eligibility."""
_COMBIEN: Final = re.compile(r"\bcombien\b[^?.!]{0,24}[?.! ]*$")
_SITUENT: Final = frozenset({"milieu_rural", "population_commune", "demarrage_en_cours_d_annee"})
"""Facts that change how others are judged."""
_DECRIT: Final = 2
"""Facts about groups or money from which a turn describes a project."""
_RACONTE: Final = 3
"""Criteria that facts bear on from which they are a project, and no longer keywords."""
_CHIFFRABLES: Final = frozenset({"collectifs", "budget", "bonus"})
"""What must be known of a project for an amount to be worked out rather than the rule said."""
_DU_PROJET: Final = ("montant", "verdict", "critere")


class Choix(NamedTuple):
    """The way chosen; ``critere``: the criterion asked about, if one is; ``raison``: why.

    ``note``: facts were told, nothing was asked, and they settle nothing.
    """

    voie: Voie | Literal["note"]
    critere: str | None = None
    raison: str = ""


def interroge(texte: str) -> bool:
    """Whether a turn asks anything, or only tells."""
    return (
        _INTERROGE.search(fold(texte)) is not None
        or demande_verdict(texte)
        or demande_montant(texte)
    )


def decider(tour: Tour, regles: Regles) -> Choix:
    """Choose the way for a turn, whether it asks or only tells."""
    memoire = tour.memoire
    if tour.suite.genre == "cadre" and memoire.sujet is not None and memoire.faits:
        repris = Choix(memoire.sujet.voie, memoire.sujet.critere, "meme_question_autre_cadre")
        if repris.critere is None or _applique(repris.critere, tour.projet_situe, regles):
            return repris
    dit_un_fait = bool(tour.dits) or (bool(tour.lus.a_preciser) and bool(memoire.faits))
    if interroge(tour.texte) or not dit_un_fait or dit_autre_chose(tour):
        return _pour_une_question(tour, regles)
    sujet = memoire.sujet
    codes = criteres_touches((*tour.dits, *tour.lus.a_preciser), tour.projet_situe, regles)
    if sujet is not None and sujet.voie != "regle":
        attendu = not {f.chemin for f in tour.dits}.isdisjoint(memoire.attendus)
        if sujet.voie == "montant" or attendu or not codes or sujet.critere in codes:
            return Choix(sujet.voie, sujet.critere, "fait_attendu")
    elif (
        len(codes) < _RACONTE
        and not est_cas_personnel(tour.texte)
        and len(memoire.faits) <= len(tour.dits)
    ):
        return Choix("regle", raison="fait_sans_projet")
    if len(codes) == 1:
        return Choix("critere", codes[0], "fait_d_un_critere")
    situe = any(f.chemin in _SITUENT for f in tour.dits)
    juge = codes or (situe and criteres_connus(tour.projet_situe, regles))
    if juge:
        return Choix("verdict", raison="faits_du_projet")
    return Choix("note", raison="faits_notes")


def _pour_une_question(tour: Tour, regles: Regles) -> Choix:
    suite, memoire, projet, lus = tour.suite, tour.memoire, tour.projet_situe, tour.dits
    texte = suite.texte
    en_cours = suite.genre == "suite" and memoire.sujet is not None
    du_projet = en_cours and memoire.sujet is not None and memoire.sujet.voie in _DU_PROJET
    chiffres = [f for f in lus if f.chemin.split(".")[0] in _CHIFFRABLES]
    decrit = len(chiffres) >= _DECRIT or (bool(memoire.faits) and bool(lus))
    personnel = est_cas_personnel(texte) or du_projet or decrit
    if (memoire.faits or decrit) and _BILAN.search(fold(texte)):
        return Choix("verdict", raison="bilan_du_projet")
    if memoire.faits and memoire.sujet is None and nomme_seulement(tour.ecrit, tour.jour):
        return Choix("verdict", raison="cadre_du_projet")
    if not personnel and not (memoire.faits and demande_verdict(texte)):
        if memoire.faits and demande_montant(texte) and suite.genre == "suite":
            return Choix("montant", raison="montant_du_projet")
        if not _sur_le_projet(texte, memoire):
            return Choix("regle", raison="question_generale")
    if not projet:
        return Choix("regle", raison="aucun_fait")
    combien = demande_montant(texte) or (_COMBIEN.search(fold(texte)) and _a_un_prix(projet))
    if combien and _CHIFFRABLES.intersection(projet):
        return Choix("montant", raison="montant_du_projet")
    if du_projet and memoire.sujet is not None and memoire.sujet.voie == "montant" and lus:
        return Choix("verdict" if demande_verdict(texte) else "montant", raison="suite_du_montant")
    critere = critere_demande(texte)
    if critere is None and du_projet and lus and memoire.sujet is not None:
        critere = memoire.sujet.critere
    tranche = demande_verdict(texte) or (du_projet and bool(lus))
    tranche = tranche or (interroge(texte) and _dit_du_critere(critere, lus))
    if (
        critere is not None
        and tranche
        and _connu(critere, projet)
        and _applique(critere, projet, regles)
    ):
        return Choix("critere", critere, "critere_du_projet")
    if critere is None and demande_verdict(texte) and (lus or memoire.faits):
        return Choix("verdict", raison="verdict_demande")
    return Choix("regle", raison="rien_a_verifier")


def sujet_de(tour: Tour) -> dict[str, str]:
    """What later follow-ups are about: the last question that stood alone, and its search."""
    avant = tour.memoire.sujet
    if avant is not None and not interroge(tour.texte) and tour.lus.faits:
        return {"question": avant.question, "mots": avant.mots}
    if tour.suite.genre != "suite" or avant is None:
        return {"question": tour.texte}
    return {"question": avant.question, "mots": f"{tour.texte} {tour.suite.rappel}"[:_MOTS_GARDES]}


def attend_oui(texte: str) -> bool:
    """Whether « oui » would mean that the project passes: not to « c'est grave ? »."""
    return demande_verdict(texte) and _INVERSE.search(fold(texte)) is None


def _sur_le_projet(texte: str, memoire: Memoire) -> bool:
    """Whether a question about a number or a duty is asked by someone who told a project."""
    return bool(memoire.faits) and _NOMBRE_OU_DEVOIR.search(fold(texte)) is not None


def _a_un_prix(projet: Mapping[str, Any]) -> bool:
    """Whether a cost is known."""
    return any(
        _valeurs(projet, chemin.split("."))
        for chemin in ("collectifs.*.prix_de_revient", "budget.cout_total")
    )


@lru_cache(maxsize=1)
def _faits_des_criteres() -> Mapping[str, tuple[str, ...]]:
    return {c.code: tuple(c.faits) for c in lire_questions().criteres}


def faits_du_critere(critere: str | None) -> tuple[str, ...]:
    """Return the paths (« collectifs.*.enfants ») that a criterion looks at."""
    return _faits_des_criteres().get(critere, ()) if critere else ()


def _dit_du_critere(critere: str | None, lus: Iterable[FaitLu | FaitImprecis]) -> bool:
    """Whether this turn tells a fact that the criterion looks at."""
    chemins = {re.sub(r"\.[0-9]+\.", ".*.", lu.chemin) for lu in lus}
    return any(
        chemin == fait or chemin.startswith(f"{fait}.")
        for fait in faits_du_critere(critere)
        for chemin in chemins
    )


def criteres_touches(
    lus: Iterable[FaitLu | FaitImprecis], projet: Mapping[str, Any], regles: Regles
) -> tuple[str, ...]:
    """Return the criteria of the project that some facts bear on directly."""
    lus = tuple(lus)
    return tuple(
        code
        for code in _faits_des_criteres()
        if code not in CADRE and _dit_du_critere(code, lus) and _applique(code, projet, regles)
    )


def criteres_connus(projet: Mapping[str, Any], regles: Regles) -> tuple[str, ...]:
    """Return the criteria of the project of which a fact is known."""
    return tuple(
        code
        for code in _faits_des_criteres()
        if code not in CADRE and _connu(code, projet) and _applique(code, projet, regles)
    )


def _connu(critere: str, projet: Mapping[str, Any]) -> bool:
    """Whether at least one fact of the criterion is known."""
    return any(_valeurs(projet, fait.split(".")) for fait in faits_du_critere(critere))


def _applique(critere: str, projet: Mapping[str, Any], regles: Regles) -> bool:
    """Whether the criterion is one of the project's: local ones are of their département."""
    return any(c.code == critere for c in regles.criteres_pour(projet.get("departement")))


def _valeurs(noeud: Any, parties: list[str]) -> bool:  # noqa: ANN401 - plain data
    if noeud is None:
        return False
    if not parties:
        return noeud not in ({}, [])
    tete, *reste = parties
    if tete == "*":
        return any(_valeurs(element, reste) for element in noeud or ())
    return _valeurs(noeud.get(tete), reste) if isinstance(noeud, Mapping) else bool(noeud)
