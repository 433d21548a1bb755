"""What ``clas`` says and does of the shared store, where there is one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.magasin.adresse import AdresseMagasin


class MagasinNonPrepare(Exception):
    """The store could not be made ready; the message is one French sentence."""


def preparer_le_magasin(adresse: AdresseMagasin | None) -> None:
    """Bring the shared store, where there is one, to what this program expects, and say so.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
        MagasinNonPrepare: it could not be done; nothing has changed.
    """
    if adresse is None:
        return
    from assistant.magasin import magasin_de_commande

    magasin = magasin_de_commande(adresse)
    from corpus.magasin.erreurs import MagasinIndisponible
    from corpus.magasin.preparation import preparer_magasin

    try:
        fait = preparer_magasin(magasin)
    except MagasinIndisponible as error:
        raise MagasinNonPrepare(_phrase(error)) from error
    finally:
        magasin.fermer()
    print(f"Magasin partagé : {adresse}, {'préparé' if fait else 'déjà prêt'}.", flush=True)


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
            f"{_phrase(error)} En attendant, les questions posées attendent sur cette machine, et "
            "les avis des agents sont ceux qu'elle a lus en dernier.",
            file=sys.stderr,
        )
    finally:
        magasin.fermer()


def _phrase(error: Exception) -> str:
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."
