"""The version that a replica answers from: of the shared store, with this machine's own behind."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from assistant.configuration import Configuration
from assistant.magasin import magasin_de_base, magasin_de_page
from assistant.publication.etat import service_of
from corpus.base.rangement import BaseInutilisable
from corpus.magasin.adresse import AdresseMagasin
from corpus.magasin.erreurs import MagasinIndisponible
from index.lexicon import load_lexicon
from index.postgres.opening import open_postgres
from index.storage import IndexInutilisable, open_index
from index.view import IndexView

_JOURNAL: Final = logging.getLogger("clas.replique")


def open_shared(configuration: Configuration, adresse: AdresseMagasin) -> IndexView:
    """Open what is in service in a shared store, else the last version of it that was brought here.

    Raises:
        IndexInutilisable: nothing can be read, there nor here.
        MagasinMalRegle: the packages that the store needs are not installed.
    """
    service = service_of(configuration)
    assert service is not None  # there is a store
    try:
        service.follow(checking=True)
    except (BaseInutilisable, IndexInutilisable) as error:
        _JOURNAL.info("%s", error)
    lexique = load_lexicon()
    here = open_index(configuration.dossier_index, lexique)
    try:
        # To open takes longer than anybody should wait for a search.
        there = open_postgres(magasin_de_base(adresse).connexion, lexique, here.info.version)
    except (MagasinIndisponible, IndexInutilisable) as error:
        _JOURNAL.info("%s", error)
        return here
    fragments, plan = there.fragments, configuration.fragments
    if fragments is not None and plan is not None:
        fragments = replace(fragments, secours=plan.copie_de_secours)
    # What both hold is held once.
    return replace(
        there,
        fragments=fragments,
        served=replace(there.served, ouvrir=magasin_de_page(adresse).connexion),
        copy=here,
        warning=here.warning,
        documents=here.documents,
        passages=here.passages,
        entries=here.entries,
        units=here.units,
    )
