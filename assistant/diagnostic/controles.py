"""The table of the checks, in the order in which they are told."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from assistant.configuration import Configuration, read_configuration
from assistant.diagnostic.base import etape, regles
from assistant.diagnostic.gardes import attente, avis, questions
from assistant.diagnostic.horloge import horloge
from assistant.diagnostic.index import index, index_et_modele, modele, vecteurs
from assistant.diagnostic.machine import disque, droits, memoire, paquets
from assistant.diagnostic.modeles import Contexte, Controle
from assistant.diagnostic.reglages import reglages
from assistant.diagnostic.verrous import ecrivains, restes
from corpus.magasin.adresse import MagasinMalRegle
from corpus.magasin.ouverture import ouvrir_magasin

if TYPE_CHECKING:
    from corpus.magasin.moteur import Magasin

CONTROLES: Final = (
    Controle("réglages", reglages),
    Controle("modèle", modele, delai=60.0),
    Controle("vecteurs du modèle", vecteurs, delai=120.0, long=True),
    Controle("index", index, delai=300.0),
    Controle("index et modèle", index_et_modele, delai=120.0),
    Controle("règles", regles, delai=60.0),
    Controle("citations", etape("service"), delai=300.0, long=True),
    Controle("fichiers de la base", etape("fichiers"), delai=600.0, long=True),
    Controle("textes de la base", etape("textes"), delai=600.0, long=True),
    Controle("versions de la base", etape("versions"), delai=300.0),
    Controle("brouillon", etape("brouillon"), delai=60.0),
    Controle("journal des actes", etape("journal"), delai=60.0),
    Controle("dossier suivi", etape("suivi")),
    Controle("questions posées", questions, delai=120.0),
    Controle("questions en attente", attente, delai=60.0),
    Controle("avis des agents", avis),
    Controle("disque", disque),
    Controle("droits", droits),
    Controle("mémoire", memoire),
    Controle("horloge", horloge, delai=60.0),
    Controle("paquets", paquets),
    Controle("écrivains", ecrivains),
    Controle("restes", restes),
)
"""What holds wherever things are kept."""


def controles(configuration: Configuration | None) -> tuple[Controle, ...]:
    """The checks of an installation: those of the shared store too, where there is one."""
    if configuration is None or configuration.magasin is None:
        return CONTROLES
    # Its packages are an extra: where they are missing, « magasin partagé » says so.
    from assistant.diagnostic.partage import PARTAGES, des_noeuds  # noqa: PLC0415

    noeuds = () if configuration.fragments is None else des_noeuds()
    return (*CONTROLES, *PARTAGES, *noeuds)


def contexte_de(environnement: Mapping[str, str] = os.environ, *, rapide: bool) -> Contexte:
    """What checks read, from the environment; what cannot be is left out, and told by them."""
    try:
        configuration = read_configuration(environnement)
    except MagasinMalRegle:
        return Contexte(None, environnement, rapide=rapide)
    return Contexte(configuration, environnement, _magasin(configuration), rapide=rapide)


def _magasin(configuration: Configuration) -> Magasin | None:
    """The store, which is tried once: what refused a check at first refuses the next at once."""
    if configuration.magasin is None:
        return None
    try:
        return ouvrir_magasin(
            configuration.magasin, connexion=3.0, requete=30.0, verrou=2.0, pause=600.0
        )
    except MagasinMalRegle:
        return None
