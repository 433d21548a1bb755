"""``clas corpus ajouter --dask``: what it checks, what it says, and its status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from typing import Final

from assistant.configuration import read_configuration
from assistant.ingestion.adresse import checked_address
from assistant.ingestion.conduite import BilanMasse, Commande, Conduite
from assistant.ingestion.equipe import GrappeIndisponible
from assistant.ingestion.tache import open_workshop
from assistant.ingestion.versement import Versement
from assistant.phrase import phrase
from assistant.publication.auteur import author
from assistant.publication.barre import bar
from assistant.publication.brouillons import DemandeInutilisable, state_of
from assistant.rendering import harmless
from corpus.base.clues import departements
from corpus.base.correction import CHAMPS
from corpus.base.intake import Apport, Ecarte, gather
from corpus.models import NATIONALE, FicheDocument

DONE, FAILED = 0, 1
MOST: Final = 100_000
"""Files of one folder."""
_SHOWN = 20
"""Texts added that are named, at most."""
_SEE = "Voyez ce qui change et ce qui s'appuie dessus : « clas corpus comparer »."


def ajouter_en_masse(options: argparse.Namespace, jour: date) -> int:
    """Put folders of files in the draft, read and embedded by Dask's workers."""
    address = _checked(options)
    try:
        from assistant.ingestion.grappe import opened  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise DemandeInutilisable(
            f"--dask : il manque {error.name} ; installez-le avec « pip install .[masse] »"
        ) from error
    configuration, who = read_configuration(), author(options.auteur)
    state_of(configuration)
    found = list(gather(options.fichiers, MOST))
    files = [one for one in found if isinstance(one, Apport)]
    refused = [(one.dit, one.raison) for one in found if isinstance(one, Ecarte)]
    if not files:
        _print_refused(refused)
        print("Aucun fichier à ajouter.", file=sys.stderr)
        return FAILED
    atelier = open_workshop(configuration)
    base = atelier.base()
    versement = Versement(configuration, who, jour, nouveau=options.nouveau)
    commande = Commande(
        jour.isoformat(), atelier.identite, base.mark(), frozenset(base.names("prets"))
    )
    try:
        with (
            opened(address, atelier.identite, commande.marque, _tell) as grappe,
            bar(f"Ajout de {len(files)} fichiers") as advance,
        ):
            bilan = Conduite(grappe, versement, commande, advance).run(files)
    except GrappeIndisponible as error:
        print(harmless(phrase(error)), file=sys.stderr)
        return FAILED
    return report(bilan, refused)


def _checked(options: argparse.Namespace) -> str:
    """The address; corrections are for one file, which needs no worker.

    Raises:
        DemandeInutilisable: another option does not go with it.
    """
    given = [name for name in (*CHAMPS, "fiche", "remplace") if getattr(options, name, None)]
    given += ["essai"] if options.essai else []
    if given:
        raise DemandeInutilisable(
            f"--dask : sans --{given[0].replace('_', '-')} ; les corrections et l'essai valent "
            "pour un fichier, que « clas corpus ajouter » lit sans Dask"
        )
    try:
        return checked_address(options.dask)
    except ValueError as error:
        raise DemandeInutilisable(f"--dask : {error}") from error


def _tell(message: str) -> None:
    print(harmless(message), file=sys.stderr)


def _print_refused(refused: Sequence[tuple[str, str]]) -> None:
    for name, why in refused:
        print(harmless(f"{name} : refusé, {why}"), file=sys.stderr)


def _scope_of(fiche: FicheDocument) -> str:
    return "national" if fiche.portee == NATIONALE else departements()[fiche.portee].nom


def report(bilan: BilanMasse, refused: Sequence[tuple[str, str]]) -> int:
    """Say what an ingestion did, and what was refused before it; give the status."""
    aside = [*refused, *((one.chemin, one.raison) for one in bilan.ecartes)]
    _print_refused(aside)
    for one in bilan.connus:
        if one.ancien:
            print(harmless(f"{one.chemin} : laissé de côté, {one.raison}"), file=sys.stderr)
    versions = sum(one.version for one in bilan.verses)
    told = f"{len(bilan.verses)} fichier(s) ajouté(s) au brouillon"
    news = "nouvelle version" if versions == 1 else "nouvelles versions"
    told += f" (dont {versions} {news})" if versions else ""
    told += f", {len(bilan.connus)} déjà dans la base" if bilan.connus else ""
    told += f", {len(aside)} refusé(s)" if aside else ""
    print(f"{told}.")
    for fiche in (one.entree.fiche for one in bilan.verses[:_SHOWN]):
        print(harmless(f"  {fiche.id} : {fiche.titre_court}, {_scope_of(fiche)}"))
    if len(bilan.verses) > _SHOWN:
        print(f"  et {len(bilan.verses) - _SHOWN} autres : « clas corpus lister »")
    if bilan.repris:
        print(f"Prêts d'une fois précédente, repris tels quels : {bilan.repris}.")
    if bilan.interrompu:
        left = bilan.fichiers - len(bilan.verses) - len(bilan.connus) - len(bilan.ecartes)
        print(
            harmless(
                f"Interrompu : {bilan.interrompu}. {left} fichier(s) restent : relancez la même "
                "commande, elle reprendra où elle en était."
            ),
            file=sys.stderr,
        )
        return FAILED
    if bilan.verses:
        print(_SEE)
    return FAILED if aside else DONE
