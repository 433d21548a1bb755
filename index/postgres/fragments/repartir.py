"""Laying a version out over the nodes: each verified whole, before any replica may be told of it.

The nodes first, then the one that asks them: who reads meanwhile reads what was there before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin
from index.dense import FLAT_UP_TO
from index.postgres.exchange import driver_of
from index.postgres.fragments.disposition import (
    FILE,
    Disposition,
    Part,
    disposition_in,
    passages_in,
    share_here,
    share_of,
)
from index.postgres.fragments.liens import link_node, link_part
from index.postgres.fragments.plan import Noeud, PlanFragments
from index.postgres.names import stated
from index.postgres.versions import (
    check_version,
    erase_version,
    seal_of,
    write_alone,
    write_share,
)
from index.storage import IndexInutilisable
from index.stored import StoredIndex

_INDEXING: Final = 1800.0
"""Seconds that the graph of a large part may take to be made."""
_EACH: Final = 120.0


@dataclass(frozen=True)
class Noeuds:
    """The nodes of a shared store, as whoever publishes reaches them."""

    plan: PlanFragments
    magasins: Mapping[str, Magasin]
    """The other nodes, by name."""


def lay_out(
    ici: Magasin, noeuds: Noeuds, stored: StoredIndex, exact_up_to: int = FLAT_UP_TO
) -> Disposition:
    """Copy a version over the nodes, and read all of it back; nothing where it is so already.

    Raises:
        MagasinIndisponible: a node is away; no replica is told of anything.
        IndexInutilisable: what was written is not what is read back.
    """
    plan = noeuds.plan
    parts = tuple(_sent(noeuds, stored, noeud, exact_up_to) for noeud in plan.autres)
    disposition = Disposition(ici=plan.ici.nom, parts=parts)
    version = stored.info.version
    with ici.connexion(_INDEXING) as connection:
        write_alone(connection)
        line = driver_of(connection)
        for part in parts:
            adresse = noeuds.magasins[part.noeud].adresse
            link_node(line, part.noeud, adresse, passages_in(stored, part))
        known = seal_of(connection, version) is not None
        if known and layout_of(connection, version) == disposition:
            return disposition
        if known:
            erase_version(connection, version)
        write_share(connection, stored, share_here(stored, disposition), exact_up_to)
        for part in parts:
            link_part(line, version, part, stored.info.model.dimension)
        # It may be in use: what takes its place is read back first, as what is put in use is.
        trouble = check_version(connection, version) if known else None
        if trouble is not None:
            raise IndexInutilisable(f"La version {version} ne se relit pas ({trouble}).")
    return disposition


def forget_parts(ici: Magasin, noeuds: Noeuds) -> None:
    """Drop, on the other nodes, what is no part of any version left; a node away waits.

    Raises:
        MagasinIndisponible: a node, or the one that asks them, is away.
    """
    with ici.connexion(_EACH) as connection:
        found = connection.execute(text("SELECT version FROM public.index_versions"))
        kept = [layout_of(connection, str(version)) for (version,) in found]
    held = {part.version for one in kept if one is not None for part in one.parts}
    for nom, magasin in noeuds.magasins.items():
        with _of_node(nom), magasin.connexion(_EACH) as connection:
            write_alone(connection)
            found = connection.execute(text("SELECT version FROM public.index_versions"))
            for version in sorted({str(name) for (name,) in found} - held):
                erase_version(connection, version)


@contextmanager
def _of_node(nom: str) -> Iterator[None]:
    """Say which node it is that is away.

    Raises:
        MagasinIndisponible: it is.
    """
    try:
        yield
    except MagasinIndisponible as error:
        said = f"nœud « {nom} » : {str(error).replace('le magasin partagé', 'la base')}"
        raise MagasinIndisponible(said, error.etat, absent=error.absent) from error


def _sent(noeuds: Noeuds, stored: StoredIndex, noeud: Noeud, exact_up_to: int) -> Part:
    """Copy to a node what it is to hold, and read it back."""
    share, part = share_of(stored, noeuds.plan, noeud)
    # The graph is for all, or for none: what is near is looked for alike on every node.
    beyond = exact_up_to if len(stored.passages) <= exact_up_to else 0
    with (
        _of_node(noeud.nom),
        noeuds.magasins[noeud.nom].connexion(_INDEXING) as connection,
    ):
        write_alone(connection)
        seal = seal_of(connection, share.nom)
        if seal is None:
            seal = write_share(connection, stored, share, beyond)
            # In the transaction that wrote it: what is there under this name was read back whole.
            trouble = check_version(connection, share.nom)
            if trouble is not None:
                raise IndexInutilisable(
                    f"Le nœud « {noeud.nom} » ne rend pas ce qu'il a reçu ({trouble})."
                )
        return part.model_copy(update={"sceau": seal})


def layout_of(connection: Connection, version: str) -> Disposition | None:
    """How a version that is in the store is laid out; None for one that one base holds whole."""
    found = driver_of(connection).execute(
        stated("SELECT contenu FROM {s}.fichiers WHERE nom = %s", version), (FILE,)
    )
    content = found.fetchone()
    return None if content is None else disposition_in({FILE: bytes(content[0])})
