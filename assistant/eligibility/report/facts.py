"""The facts that a porteur declared, part by part, the missing ones said to be missing."""

from __future__ import annotations

from typing import Any, Final

from assistant.eligibility.project import Projet
from assistant.eligibility.report.context import Vocabulaire
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.models import Bloc, Paragraphe, SousTitre, Tableau
from assistant.eligibility.report.wording import Textes
from assistant.eligibility.rulebook import COLLECTIF
from assistant.eligibility.schema import FaitDeclare

_BUDGET: Final = "budget"
_COLLECTIFS: Final = "collectifs"
_COLONNES: Final = 4
"""Collectifs that a page holds side by side."""


def faits_declares(
    projet: Projet, vocabulaire: Vocabulaire, libelles: Libelles, textes: Textes
) -> tuple[Bloc, ...]:
    """Lay out every fact that the rules know, declared or not."""
    blocs: list[Bloc] = [Paragraphe(texte=textes.mot("faits_intro"))]
    for titre, faits in _parties(projet, vocabulaire, textes).items():
        if titre == textes.parties[_COLLECTIFS]:
            blocs += _collectifs(projet, faits, libelles, textes)
            continue
        lignes = tuple((f.libelle, _dire(projet, f, libelles)) for f in faits)
        entetes = (textes.mot("fait"), textes.mot("declare"))
        blocs += [SousTitre(texte=titre), Tableau(legende="", entetes=entetes, lignes=lignes)]
        if titre == textes.parties[_BUDGET]:
            blocs += _cofinancements(projet, libelles, textes)
    return tuple(blocs)


def _parties(
    projet: Projet, vocabulaire: Vocabulaire, textes: Textes
) -> dict[str, list[FaitDeclare]]:
    """Return the facts of each part of the project, in the order that a form asks for them."""
    parties: dict[str, list[FaitDeclare]] = {}
    locaux = {bloc.bloc: bloc for bloc in vocabulaire.blocs}
    for fait in vocabulaire.faits:
        bloc = locaux.get(fait.nom.split(".", maxsplit=1)[0])
        if bloc is None:
            titre = textes.parties[_partie(fait.nom, textes)]
        elif bloc.portee == projet.departement or bloc.bloc in projet.locaux:
            titre = bloc.nom[:1].upper() + bloc.nom[1:]
        else:
            continue
        parties.setdefault(titre, []).append(fait)
    return parties


def _collectifs(
    projet: Projet, faits: list[FaitDeclare], libelles: Libelles, textes: Textes
) -> list[Bloc]:
    """Lay collectifs out side by side, a few to a table."""
    if not projet.collectifs:
        dit = textes.mot("inconnu" if projet.collectifs is None else "aucun")
        return [
            SousTitre(texte=textes.parties[_COLLECTIFS]),
            Paragraphe(texte=f"{textes.parties[_COLLECTIFS]} : {dit}."),
        ]
    blocs: list[Bloc] = [SousTitre(texte=textes.parties[_COLLECTIFS])]
    nombre = len(projet.collectifs)
    for premier in range(1, nombre + 1, _COLONNES):
        rangs = range(premier, min(premier + _COLONNES, nombre + 1))
        noms = (textes.mot("collectif", rang=rang) for rang in rangs)
        blocs.append(
            Tableau(
                legende="",
                entetes=(textes.mot("fait"), *(nom[:1].upper() + nom[1:] for nom in noms)),
                lignes=tuple(
                    (
                        f.libelle,
                        *(_dire_du_collectif(projet, r, f, libelles, textes) for r in rangs),
                    )
                    for f in faits
                ),
            )
        )
    return blocs


def _partie(chemin: str, textes: Textes) -> str:
    """Return the longest known beginning of a path."""
    parties = chemin.split(".")
    for longueur in range(len(parties) - 1, 0, -1):
        debut = ".".join(parties[:longueur])
        if debut in textes.parties:
            return debut
    return ""


def _dire(projet: Projet, fait: FaitDeclare, libelles: Libelles) -> str:
    return libelles.valeur(valeur_declaree(projet, fait.nom), fait)


def _dire_du_collectif(
    projet: Projet, rang: int, fait: FaitDeclare, libelles: Libelles, textes: Textes
) -> str:
    assert projet.collectifs is not None
    valeur = getattr(projet.collectifs[rang - 1], fait.nom.removeprefix(COLLECTIF))
    if valeur is None and fait.herite_de is not None:
        du_projet = libelles.valeur(valeur_declaree(projet, fait.herite_de), fait)
        return textes.mot("comme_le_projet", valeur=du_projet)
    return libelles.valeur(valeur, fait)


def valeur_declaree(projet: Projet, chemin: str) -> Any:  # noqa: ANN401 - any fact value
    """Return what a project says of a fact of its own, None when it says nothing."""
    parties = chemin.split(".")
    if parties[0] in projet.locaux:
        return projet.locaux[parties[0]].get(parties[-1])
    objet: Any = projet
    for partie in parties:
        objet = getattr(objet, partie, None)
        if objet is None:
            return None
    return objet


def _cofinancements(projet: Projet, libelles: Libelles, textes: Textes) -> list[Bloc]:
    lignes = projet.budget.cofinancements if projet.budget else None
    if not lignes:
        dit = textes.mot("inconnu" if lignes is None else "aucun")
        return [Paragraphe(texte=f"{textes.mot('cofinancements')} : {dit}.")]
    inconnu = textes.mot("inconnu")
    return [
        Tableau(
            legende=textes.mot("cofinancements_legende"),
            entetes=(textes.mot("financeur"), textes.mot("type"), textes.mot("montant")),
            lignes=tuple(
                (
                    ligne.financeur or inconnu,
                    libelles.choix(ligne.type) if ligne.type else inconnu,
                    libelles.montant(ligne.montant),
                )
                for ligne in lignes
            ),
            chiffres=(2,),
        )
    ]
