"""The shared store as the pages and the commands open it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.magasin.adresse import AdresseMagasin
from corpus.magasin.ouverture import ouvrir_magasin

if TYPE_CHECKING:
    from corpus.magasin.moteur import Magasin


@lru_cache(maxsize=2)
def magasin_de_page(adresse: AdresseMagasin) -> Magasin:
    """The store that the pages of a process share, which keeps nobody waiting.

    One for them all: once it is found not to be there, nobody else waits for it.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    return ouvrir_magasin(adresse, connexion=0.5, requete=2.0, verrou=0.5, pause=10.0)


@lru_cache(maxsize=64)  # one for each node, where there are several
def magasin_de_base(adresse: AdresseMagasin) -> Magasin:
    """The store for who keeps or follows the texts: not answered at once, and soon tried again.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    return ouvrir_magasin(adresse, connexion=3.0, requete=30.0, verrou=5.0, pause=1.0)


def magasin_de_commande(adresse: AdresseMagasin) -> Magasin:
    """The store for a command, which has time.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    return ouvrir_magasin(adresse, connexion=5.0, requete=30.0, verrou=10.0)
