"""What ``clas`` says and does of the shared store, where there is one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from assistant.phrase import phrase

if TYPE_CHECKING:
    from corpus.magasin.adresse import AdresseMagasin
    from index.postgres.fragments.plan import PlanFragments


_PARTAGE: Final = "Magasin partagé"


class MagasinNonPrepare(Exception):
    """The store could not be made ready; the message is one French sentence."""


def preparer_le_magasin(
    adresse: AdresseMagasin | None, fragments: PlanFragments | None = None
) -> None:
    """Bring the shared store, where there is one, and its other nodes to what is expected of them.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed, or the password of a node is
            not in the environment.
        MagasinNonPrepare: it could not be done; nothing has changed in the base that is named.
    """
    if adresse is None:
        return
    _preparer(adresse, _PARTAGE)
    if fragments is None:
        return
    from index.postgres.fragments.plan import adresse_du_noeud

    for noeud in fragments.autres:
        _preparer(adresse_du_noeud(noeud), f"Nœud « {noeud.nom} »")


def _preparer(adresse: AdresseMagasin, nom: str) -> None:
    from assistant.magasin import magasin_de_commande

    magasin = magasin_de_commande(adresse)
    from corpus.magasin.erreurs import MagasinIndisponible
    from corpus.magasin.preparation import preparer_magasin

    try:
        fait = preparer_magasin(magasin)
    except MagasinIndisponible as error:
        said = str(error)
        if nom != _PARTAGE:
            said = f"{nom} : {said.replace('le magasin partagé', 'la base')}"
        raise MagasinNonPrepare(phrase(said)) from error
    finally:
        magasin.fermer()
    print(f"{nom} : {adresse}, {'préparé' if fait else 'déjà prêt'}.", flush=True)


def annoncer_le_magasin(adresse: AdresseMagasin | None) -> None:
    """Say which store the pages will use, and whether it is there: they answer all the same.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    if adresse is None:
        return
    from assistant.magasin import magasin_de_commande

    magasin = magasin_de_commande(adresse)
    from corpus.magasin.erreurs import MagasinIndisponible

    print(f"Questions posées et avis des agents : magasin partagé, {adresse}.", flush=True)
    try:
        with magasin.connexion():
            pass
    except MagasinIndisponible as error:
        print(
            f"{phrase(error)} En attendant, les questions posées attendent sur cette machine, et "
            "les avis des agents sont ceux qu'elle a lus en dernier.",
            file=sys.stderr,
        )
    finally:
        magasin.fermer()
