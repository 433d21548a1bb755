"""A replica behind a proxy: the same pages, with what says whether people may be sent to it.

``streamlit run serveur.py``; alone on a machine, ``app.py`` is enough.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.routing import Route

from assistant.observation.etat import CollecteurEtat
from pages_clas.arret import arret_du_processus
from pages_clas.exploitation_etat import RouteMetriques, etat_du_serveur
from pages_clas.observation import observateur
from pages_clas.reglages import reglages_du_serveur
from pages_clas.sonde import Sonde

sonde = Sonde(reglages_du_serveur(), arret_du_processus())
notre = observateur()
notre.metriques.registre.register(CollecteurEtat(etat_du_serveur))


@asynccontextmanager
async def vivre(_app: st.App) -> AsyncIterator[None]:
    """Take the stop over, once the server has set its own."""
    arret_du_processus().installer()
    yield
    notre.arreter()


app = st.App(
    "app.py",
    routes=[
        Route("/sante", sonde.sante),
        Route("/pret", sonde.pret),
        Route("/metriques", RouteMetriques(notre.metriques.ecrire).metriques),
    ],
    lifespan=vivre,
)
