"""The checks of a shared store."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from assistant.diagnostic.modeles import Contexte, Controle, Releve, panne

_EXTRAS: Final = ("psycopg", "alembic", "pgvector")


def _sans_extra(_: Contexte) -> Iterator[Releve]:
    manquants = ", ".join(nom for nom in _EXTRAS if find_spec(nom) is None)
    yield panne(
        f"CLAS_BASE est posée, et des paquets manquent : {manquants}",
        "installez le programme avec « pip install .[serveur] »",
    )


def _partages() -> tuple[Controle, ...]:
    if any(find_spec(nom) is None for nom in _EXTRAS):
        return (Controle("magasin partagé", _sans_extra),)
    from assistant.diagnostic import magasin  # noqa: PLC0415 - its packages are an extra

    return (
        Controle("magasin partagé", magasin.joignable),
        Controle("extension du magasin", magasin.dans(magasin.extension)),
        Controle("version du magasin", magasin.dans(magasin.version), delai=300.0),
        Controle("horloge du magasin", magasin.dans(magasin.heure)),
        Controle("place du magasin", magasin.dans(magasin.place)),
        Controle("écrivain du magasin", magasin.dans(magasin.ecrivain)),
    )


PARTAGES: Final = _partages()


def des_noeuds() -> tuple[Controle, ...]:
    """The check of the nodes of a store that has several."""
    if any(find_spec(nom) is None for nom in _EXTRAS):
        return ()
    from assistant.diagnostic import noeuds  # noqa: PLC0415 - its packages are an extra

    return (Controle("nœuds", noeuds.noeuds, delai=300.0),)
