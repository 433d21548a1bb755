"""Which version people are answered from, said once for all the replicas of a shared store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from corpus.base.partage import or_refused
from corpus.base.rangement import BaseInutilisable
from corpus.magasin.moteur import Magasin
from index.copies import (
    fetch_version,
    forget_versions,
    model_of_version,
    name_version,
    send_version,
)
from index.embedding.encoder import ModelDescription
from index.lexicon import load_lexicon
from index.postgres.fragments.repartir import Noeuds, forget_parts, lay_out, layout_of
from index.postgres.versions import copy_version, drop_version, use_version, versions_used
from index.storage import (
    VERSIONS,
    IndexInutilisable,
    check_version,
    current_version,
    model_in_use,
    open_named,
    versions_kept,
)
from index.storage import use_version as use_here

_INDEXING: Final = 1800.0
"""Seconds that the graph of a large version may take to be made."""


class ServicePartage:
    """The version in service of a shared store, seen from the index folder of one machine."""

    def __init__(
        self, magasin: Magasin, folder: Path, noeuds: Callable[[], Noeuds] | None = None
    ) -> None:
        """``noeuds``: the nodes that hold a version together; None: one base holds it whole."""
        self._magasin = magasin
        self._folder = folder
        self._noeuds = noeuds

    def in_service(self) -> str | None:
        """Name of the index version in service; None before any.

        Raises:
            BaseInutilisable: the store cannot be read; ``BaseAbsente`` where it is away.
        """
        with or_refused(), self._magasin.connexion() as connection:
            return next(iter(versions_used(connection)), None)

    def send(self, version: str) -> None:
        """Put a version of this machine in the store, beside the one in service.

        Raises:
            BaseInutilisable: the store cannot take it; what was sent is not sent again.
            IndexInutilisable: it is not here, or not whole.
        """
        stored = open_named(self._folder, version, load_lexicon())
        with or_refused():
            send_version(self._magasin, self._folder, version)
            if self._noeuds is not None:
                noeuds = self._noeuds()
                forget_parts(self._magasin, noeuds)
                lay_out(self._magasin, noeuds, stored)
                return
            with self._magasin.connexion(_INDEXING) as connection:
                _refuse_whole(connection)
                copy_version(connection, stored)

    def spread(self, version: str) -> None:
        """Give the nodes what they lack of the version in service; nothing where there are none.

        Raises:
            BaseInutilisable: one of them cannot take it.
            IndexInutilisable: the version is not here, or not whole.
        """
        if self._noeuds is None:
            return
        stored = open_named(self._folder, version, load_lexicon())
        with or_refused():
            lay_out(self._magasin, self._noeuds(), stored)

    def name(self, connection: Connection, version: str) -> None:
        """Answer from a version that was sent, from when this transaction is committed.

        Older ones go with it, beyond those that ``CLAS_VERSIONS`` keeps.

        Raises:
            IndexInutilisable: it was not sent whole.
        """
        name_version(connection, self._folder, version)
        use_version(connection, version)
        kept = versions_used(connection)[: versions_kept()]
        for old in versions_used(connection)[len(kept) :]:
            drop_version(connection, old)
        forget_versions(connection, kept)

    def check_model(self, model: ModelDescription) -> None:
        """Refuse a model that is not that of the version in service: replicas would not open it.

        Raises:
            BaseInutilisable: it is another; or the store cannot be read.
        """
        version = self.in_service()
        if version is None:
            return
        with or_refused():
            there = model_of_version(self._magasin, version)
        if there is not None and there != model:
            raise BaseInutilisable(
                f"la version {version} en service dans le magasin partagé est faite avec "
                f"{_named(there)}, et cette machine a {_named(model)} : installez le même "
                "programme sur toutes les machines, ou remplacez-la (« clas preparer "
                "--nouveau-modele »)"
            )

    def follow(self, *, any_model: bool = False, checking: bool = False) -> str | None:
        """Answer here from the version in service there; None when the store has none.

        ``any_model``: also from one that was not made by the model of the version in use here;
        ``checking``: bring it again where the copy of this machine is damaged.

        Raises:
            BaseInutilisable: the store cannot be read (``BaseAbsente``: it is away); nothing has
                changed here.
            IndexInutilisable: what came cannot be read; nothing has changed here.
        """
        version = self.in_service()
        if version is None:
            return None
        if version == current_version(self._folder) and not (
            checking and check_version(self._folder / VERSIONS / version)
        ):
            return version
        here = model_in_use(self._folder)
        if here is not None and not any_model:
            # Were it brought all the same, nothing could be answered from it here.
            self.check_model(here)
        with or_refused():
            fetched = fetch_version(self._magasin, self._folder, version)
        if not fetched:
            raise IndexInutilisable(
                f"La version {version} en service n'a pas de copie dans le magasin partagé : "
                "lancez « clas preparer » sur la machine qui l'a publiée"
            )
        use_here(self._folder, version)
        return version


def _refuse_whole(connection: Connection) -> None:
    """Refuse to give one base alone what several nodes hold now.

    Raises:
        BaseInutilisable: they hold the version in service.
    """
    version = next(iter(versions_used(connection)), None)
    if version is not None and layout_of(connection, version) is not None:
        raise BaseInutilisable(
            "la version en service est répartie sur plusieurs nœuds : donnez CLAS_FRAGMENTS sur "
            "cette machine aussi"
        )


def _named(model: ModelDescription) -> str:
    return f"{model.name} ({model.precision}, {model.content_hash[:12]})"
