"""Opening the shared store without needing its packages where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from corpus.magasin.adresse import AdresseMagasin, MagasinMalRegle

if TYPE_CHECKING:
    from corpus.magasin.moteur import Magasin


class Reglages(TypedDict, total=False):
    """Some of the ``Bornes`` of a store, in seconds."""

    connexion: float
    requete: float
    verrou: float
    pause: float


def ouvrir_magasin(adresse: AdresseMagasin, **reglages: Unpack[Reglages]) -> Magasin:
    """The store of an address; nothing is asked of it yet.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    try:
        # An extra, absent by default.
        from corpus.magasin.moteur import Bornes, Magasin  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("psycopg", "alembic", "pgvector"):
            raise
        raise MagasinMalRegle(
            f"CLAS_BASE : le paquet « {error.name} » manque ; installez le programme avec "
            "« pip install .[serveur] »"
        ) from error
    return Magasin(adresse, Bornes(**reglages))
