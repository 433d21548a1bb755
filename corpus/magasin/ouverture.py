"""Opening the shared store without needing its packages where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.magasin.adresse import AdresseMagasin, MagasinMalRegle

if TYPE_CHECKING:
    from corpus.magasin.moteur import Bornes, Magasin


def ouvrir_magasin(adresse: AdresseMagasin, bornes: Bornes | None = None) -> Magasin:
    """The store of an address; nothing is asked of it yet.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    try:
        from corpus.magasin.moteur import Magasin  # noqa: PLC0415 - an extra, absent by default
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("psycopg", "alembic", "pgvector"):
            raise
        raise MagasinMalRegle(
            f"CLAS_BASE : le paquet « {error.name} » manque ; installez le programme avec "
            "« pip install .[serveur] »"
        ) from error
    return Magasin(adresse, bornes)
