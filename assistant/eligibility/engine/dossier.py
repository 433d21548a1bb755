"""A project laid out as vectors: the values of its facts, and the cells that they fall in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from assistant.eligibility.project import Projet
from assistant.eligibility.rulebook import COLLECTIF, Regles
from assistant.eligibility.schema import DateSituee, MontantRetenu

_INDETERMINE: Final = "indetermine"
_MEMOIRE_MAXIMUM: Final = 20_000
"""Blocks whose cells are remembered, for each kind of block."""


class Dossier(NamedTuple):
    """Facts of a project. Each vector of a collectif starts with all the project's facts."""

    projet: Projet
    valeurs: list[Any]
    cellules: list[int]
    valeurs_collectifs: list[list[Any]]
    cellules_collectifs: list[list[int]]

    @property
    def annee(self) -> int | None:
        """First civil year of the school year."""
        texte = self.projet.annee_scolaire
        return None if texte is None else int(texte[:4])

    def variables(self, rang: int, regles: Regles) -> list[int]:
        """Return the identity of the fact at each place of a collectif's vector.

        An inherited fact that the collectif does not give is the project's own.
        """
        nombre, taille = len(self.valeurs), len(regles.codeurs_collectif)
        debut = nombre + rang * taille
        variables = list(range(nombre)) + list(range(debut, debut + taille))
        collectifs = self.projet.collectifs or ()
        propres = regles.lecture_collectif.lire(collectifs[rang])
        for place, herite in regles.heritages:
            if propres[place] is None:
                variables[nombre + place] = herite
        return variables


def constituer(projet: Projet, regles: Regles) -> Dossier:
    """Lay a project out."""
    valeurs, cellules = _lire_le_projet(projet, regles)
    lecture, codeurs = regles.lecture_collectif, regles.codeurs_collectif
    memoire = regles.memoire.setdefault(COLLECTIF, {})
    valeurs_c, cellules_c = [], []
    for collectif in projet.collectifs or ():
        propres: tuple[Any, ...] = lecture.lire(collectif)
        for place, herite in regles.heritages:
            if propres[place] is None and valeurs[herite] is not None:
                propres = (*propres[:place], valeurs[herite], *propres[place + 1 :])
        codees = memoire.get(propres)
        if codees is None:
            codees = _coder(propres, codeurs, memoire)
        valeurs_c.append([*valeurs, *propres])
        cellules_c.append([*cellules, *codees])
    return Dossier(projet, valeurs, cellules, valeurs_c, cellules_c)


def _coder(
    valeurs: tuple[Any, ...], codeurs: tuple[Callable[[Any], int], ...], memoire: dict[Any, Any]
) -> tuple[int, ...]:
    """Find the cells of the facts of a block, and remember them."""
    if len(memoire) > _MEMOIRE_MAXIMUM:
        memoire.clear()
    cellules = tuple([coder(v) for coder, v in zip(codeurs, valeurs, strict=True)])
    memoire[valeurs] = cellules
    return cellules


def chemin_de_variable(variable: int, regles: Regles) -> str:
    """Write the path of a fact, counting collectifs from 1."""
    nombre = len(regles.faits_projet)
    if variable < nombre:
        return regles.faits_projet[variable].nom
    rang, place = divmod(variable - nombre, len(regles.faits_collectif))
    nom = regles.faits_collectif[place].nom.removeprefix(COLLECTIF)
    return f"collectifs.{rang + 1}.{nom}"


def _lire_le_projet(projet: Projet, regles: Regles) -> tuple[list[Any], list[int]]:
    """Read the values of the project's facts, block by block, and their cells."""
    valeurs: list[Any] = []
    cellules: list[int] = []
    for lecture in regles.lectures_projet:
        if lecture.local is not None:
            donnees = projet.locaux.get(lecture.local)
            lues = lecture.inconnus if donnees is None else tuple(map(donnees.get, lecture.noms))
        else:
            objet: Any = projet
            for partie in lecture.bloc:
                objet = getattr(objet, partie)
                if objet is None:
                    break
            lues = lecture.inconnus if objet is None else lecture.lire(objet)
        codees = lecture.memoire.get(lues)
        if codees is None:
            codees = _coder(lues, lecture.codeurs, lecture.memoire)
        valeurs += lues
        cellules += codees
    for derive, coder in regles.derives_codes:
        if derive.montant_retenu is not None:
            valeur: Any = montant_retenu(projet, derive.montant_retenu, regles)
        else:
            assert derive.date_situee is not None
            valeur = _situer(projet, derive.date_situee, regles)
        valeurs.append(valeur)
        cellules.append(coder(valeur))
    return valeurs, cellules


def montant_retenu(projet: Projet, operation: MontantRetenu, regles: Regles) -> bool | None:
    """Tell whether some record that counts has an amount above zero."""
    liste: Any = projet
    for partie in operation.liste.split("."):
        liste = None if liste is None else getattr(liste, partie)
    if liste is None:
        return None
    comptes = regles.constante(operation.parametre)
    reponses = [_retenir(ligne.type, ligne.montant, comptes) for ligne in liste]
    if True in reponses:
        return True
    return None if None in reponses else False


def _retenir(genre: str | None, montant: Decimal | None, comptes: Sequence[str]) -> bool | None:
    if montant == 0 or (genre is not None and genre not in comptes):
        return False
    return None if genre is None or montant is None else True


def _situer(projet: Projet, operation: DateSituee, regles: Regles) -> str:
    jour = getattr(projet, operation.date)
    if jour is None or projet.annee_scolaire is None:
        return _INDETERMINE
    repere = date_du_parametre(regles, operation.parametre, int(projet.annee_scolaire[:4]))
    if repere is None:
        return _INDETERMINE
    if jour == repere:
        return "le_jour"
    return "avant" if jour < repere else "apres"


def date_du_parametre(regles: Regles, nom: str, annee: int) -> Any:  # noqa: ANN401 - date or None
    """Return a dated parameter; a month and day stand in the second civil year."""
    valeur, _ = regles.parametre(nom, annee)
    if valeur is None:
        return None
    if isinstance(valeur.valeur, str):
        mois, quantieme = valeur.valeur.split("-")
        return _jour(annee + 1, int(mois), int(quantieme))
    return valeur.valeur


def _jour(annee: int, mois: int, quantieme: int) -> dt.date | None:
    return dt.date(annee, mois, quantieme) if annee <= dt.MAXYEAR else None
