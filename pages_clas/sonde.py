"""What a replica says of itself to those who send people to it: « /sante » and « /pret ».

Nothing secret is said there: no address, no path, no word of what is asked.
"""

from __future__ import annotations

import asyncio
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.configuration import Configuration
from assistant.magasin import magasin_de_page
from corpus.magasin.adresse import MagasinMalRegle
from index.lexicon import load_lexicon
from index.storage import IndexInutilisable, current_version, open_named
from pages_clas.arret import Arret

DELAI: Final = 0.8
"""Seconds after which « /pret » answers with what is known."""
_REQUETE: Final = 0.3
"""Seconds that the store may take to answer a statement."""

Presence = Literal["aucun", "répond", "absent"]


class Etat(BaseModel):
    """What « /pret » says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pret: bool
    """Whether people may be sent here."""
    version: str | None = None
    """Index version that is answered from."""
    magasin: Presence = "aucun"
    """Whether the shared store answers; « aucun » where everything is embedded."""
    degrade: bool = False
    """Whether answers come from the last copy verified here, the store being away."""
    raison: str = ""
    """Why people may not be sent here."""


class Sonde:
    """Looks at what this replica can do; one look at a time, however many ask."""

    def __init__(self, configuration: Configuration, arret: Arret) -> None:
        self._configuration = configuration
        self._arret = arret
        self._ouvrable: str | None = None
        self._vu: tuple[str | None, Presence] | None = None
        self._regard: asyncio.Task[tuple[str | None, Presence]] | None = None

    async def sante(self, _request: Request) -> Response:
        """Say that the process turns."""
        return JSONResponse({"etat": "en marche"})

    async def pret(self, _request: Request) -> Response:
        """Say whether people may be sent here: 200, else 503 and why; within a second."""
        etat = await self.regarder()
        return JSONResponse(etat.model_dump(), status_code=200 if etat.pret else 503)

    async def regarder(self) -> Etat:
        """What this replica can do now."""
        if self._arret.demande:
            return Etat(pret=False, raison="Ce serveur s'arrête.")
        if self._regard is None or self._regard.done():
            self._regard = asyncio.create_task(asyncio.to_thread(self._voir))
        regard = self._regard
        await asyncio.wait({regard}, timeout=DELAI)
        if regard.done():
            self._vu = regard.result()
        elif self._vu is None:
            return Etat(pret=False, raison="Les textes s'ouvrent.")
        # What does not answer in time is away; the texts are those that were seen last.
        attendu: Presence = "absent" if self._configuration.magasin else "aucun"
        version, magasin = self._vu if regard.done() else (self._vu[0], attendu)
        # Asked to stop while it was looking.
        if self._arret.demande:
            return Etat(pret=False, raison="Ce serveur s'arrête.")
        degrade = magasin == "absent"
        if version is None:
            raison = "Aucune version des textes n'est prête ici : lancez « clas preparer »."
            return Etat(pret=False, magasin=magasin, degrade=degrade, raison=raison)
        return Etat(pret=True, version=version, magasin=magasin, degrade=degrade)

    def _voir(self) -> tuple[str | None, Presence]:
        return self._version(), self._presence()

    def _version(self) -> str | None:
        """The version in use here, once it could be opened; None where there is none."""
        dossier = self._configuration.dossier_index
        version = current_version(dossier)
        if version is None or version == self._ouvrable:
            self._ouvrable = version
            return version
        try:
            open_named(dossier, version, load_lexicon())
        except IndexInutilisable:
            # An older one that is whole still answers.
            return self._ouvrable
        self._ouvrable = version
        return version

    def _presence(self) -> Presence:
        adresse = self._configuration.magasin
        if adresse is None:
            return "aucun"
        try:
            magasin = magasin_de_page(adresse)
        except MagasinMalRegle:
            return "absent"
        # An extra, absent by default.
        from corpus.magasin.erreurs import MagasinIndisponible  # noqa: PLC0415

        try:
            # Its opening asks it what it was prepared for.
            with magasin.connexion(_REQUETE):
                return "répond"
        except MagasinIndisponible:
            return "absent"
