"""A project laid out as vectors: the values of its facts, and the cells that they fall in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from assistant.eligibility.project import Projet
from assistant.eligibility.rulebook import COLLECTIF, Regles
from assistant.eligibility.schema import DateSituee, MontantRetenu

_INDETERMINE: Final = "indetermine"


class Dossier(NamedTuple):
    """Facts of a project. Each vector of a collectif starts with all the project's facts.

    ``variables`` gives, for each place of a collectif's vector, the identity of the fact that
    fills it: an inherited fact that the collectif does not give is the project's own.
    """

    projet: Projet
    valeurs: list[Any]
    cellules: list[int]
    valeurs_collectifs: list[list[Any]]
    cellules_collectifs: list[list[int]]
    variables_collectifs: list[list[int]]

    @property
    def annee(self) -> int | None:
        """First civil year of the school year."""
        texte = self.projet.annee_scolaire
        return None if texte is None else int(texte[:4])


def constituer(projet: Projet, regles: Regles) -> Dossier:
    """Lay a project out."""
    valeurs = _valeurs_du_projet(projet, regles)
    cellules = [coder(v) for coder, v in zip(regles.codeurs_projet, valeurs, strict=True)]
    valeurs_c, cellules_c, variables_c = [], [], []
    nombre, taille = len(valeurs), len(regles.codeurs_collectif)
    for rang, collectif in enumerate(projet.collectifs or ()):
        propres = list(regles.lecture_collectif.lire(collectif))
        debut = nombre + rang * taille
        variables = list(range(nombre)) + list(range(debut, debut + taille))
        for place, herite in regles.heritages:
            if propres[place] is None:
                propres[place] = valeurs[herite]
                variables[nombre + place] = herite
        codees = [coder(v) for coder, v in zip(regles.codeurs_collectif, propres, strict=True)]
        valeurs_c.append(valeurs + propres)
        cellules_c.append(cellules + codees)
        variables_c.append(variables)
    return Dossier(projet, valeurs, cellules, valeurs_c, cellules_c, variables_c)


def chemin_de_variable(variable: int, regles: Regles) -> str:
    """Write the path of a fact, counting collectifs from 1."""
    nombre = len(regles.faits_projet)
    if variable < nombre:
        return regles.faits_projet[variable].nom
    rang, place = divmod(variable - nombre, len(regles.faits_collectif))
    nom = regles.faits_collectif[place].nom.removeprefix(COLLECTIF)
    return f"collectifs.{rang + 1}.{nom}"


def _valeurs_du_projet(projet: Projet, regles: Regles) -> list[Any]:
    valeurs: list[Any] = []
    for lecture in regles.lectures_projet:
        if lecture.local is not None:
            donnees = projet.locaux.get(lecture.local)
            valeurs += lecture.inconnus if donnees is None else map(donnees.get, lecture.noms)
            continue
        objet: Any = projet
        for partie in lecture.bloc:
            objet = getattr(objet, partie)
            if objet is None:
                break
        valeurs += lecture.inconnus if objet is None else lecture.lire(objet)
    for derive in regles.derives.values():
        if derive.montant_retenu is not None:
            valeurs.append(montant_retenu(projet, derive.montant_retenu, regles))
        elif derive.date_situee is not None:
            valeurs.append(_situer(projet, derive.date_situee, regles))
    return valeurs


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
