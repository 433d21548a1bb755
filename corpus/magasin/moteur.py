"""The shared store as the program uses it: one transaction at a time, each of a bounded time."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final, LiteralString

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as AucuneLibre
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from corpus.magasin.adresse import AdresseMagasin
from corpus.magasin.comptes import Comptes, EtatReserve, raison_de
from corpus.magasin.erreurs import DelaiDepasse, MagasinIndisponible, indisponible
from corpus.magasin.pilote import ConnexionBornee, connecter
from corpus.magasin.preparation import manque

_JOURNAL: Final = logging.getLogger("clas.magasin")
MARGE: Final = 0.15
"""Seconds left to the server to say itself that a statement took too long."""
_INACTIF: Final = 60
"""Seconds that a transaction may stay open without a word from us."""
_AGE: Final = 600
"""Seconds after which a connection is made anew: a server may have moved behind its name."""

# One exchange that proves the line and bounds what follows; it holds for this transaction alone, so
# that a pooler between us and the server changes nothing.
_BORNER: Final = text(
    "SELECT set_config('statement_timeout', :requete, true),"
    " set_config('lock_timeout', :verrou, true),"
    " set_config('idle_in_transaction_session_timeout', :inactif, true)"
)


@dataclass(frozen=True, slots=True)
class Bornes:
    """How long the store may keep us waiting."""

    connexion: float = 3.0
    """Seconds until a connection is open, or free."""
    requete: float = 10.0
    """Seconds of a statement."""
    verrou: float = 2.0
    """Seconds that a statement waits for another writer."""
    pause: float = 5.0
    """Seconds that a store which is not there is left alone: until then it is refused at once."""
    connexions: int = 8
    """Connections open at a time, at most."""


@dataclass(frozen=True, slots=True)
class _Temps:
    """What a transaction may take."""

    delai: float
    """Seconds of a statement."""
    fin: float
    """When nothing is waited for any more, on the clock of ``monotonic``."""


class Magasin:
    """The shared store; opens nothing before it is needed. Shared by the threads of a process."""

    def __init__(self, adresse: AdresseMagasin, bornes: Bornes | None = None) -> None:
        self.adresse = adresse
        self.bornes = bornes or Bornes()
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connecter,
            poolclass=QueuePool,
            pool_size=self.bornes.connexions,
            max_overflow=0,
            pool_timeout=self.bornes.connexion,
            pool_recycle=_AGE,
            hide_parameters=True,
            use_native_hstore=False,
        )
        event.listen(self._engine, "checkout", self._rendre_ses_temps)
        self._verrou = threading.Lock()
        self._pas_avant = float("-inf")
        self._panne: MagasinIndisponible | None = None
        self._conforme = False
        self._comptes = Comptes()

    def __repr__(self) -> str:
        return f"Magasin({self.adresse})"

    @property
    def moteur(self) -> Engine:
        """The engine itself, whose connections are bounded too; its errors are the driver's."""
        return self._engine

    @property
    def reserve(self) -> EtatReserve:
        """Its connections now, and what came of them; asks nothing of the server."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        with self._verrou:
            coupe = self._panne is not None and monotonic() < self._pas_avant
        return self._comptes.etat(
            connexions=self.bornes.connexions,
            en_usage=pool.checkedout(),
            libres=pool.checkedin(),
            coupe=coupe,
        )

    @contextmanager
    def connexion(
        self,
        delai: float | None = None,
        *,
        total: float | None = None,
        preparer: bool = False,
    ) -> Iterator[Connection]:
        """One transaction: committed where the block ends, undone where it raises.

        Where a commit is not answered, nobody knows whether it was done: what is written twice
        must come to the same.

        Args:
            delai: seconds that each statement may take; None: those of ``bornes``.
            total: seconds that they may take together, once the connection is open; None: no bound.
            preparer: whether this is what makes the store ready; else it must be.

        Raises:
            MagasinIndisponible: whatever the store or the way to it refuses.
        """
        self._permise()
        try:
            temps = _Temps(
                self.bornes.requete if delai is None else delai,
                math.inf if total is None else monotonic() + self.bornes.connexion + total,
            )
            with self._ouverte(temps) as connection:
                if not preparer and not self._conforme:
                    self._exiger(connection)
                yield connection
        except DBAPIError as error:
            origine = error.orig
            if not isinstance(origine, psycopg.Error):
                raise
            raise self._retenue(indisponible(origine, str(self.adresse))) from error
        except psycopg.Error as error:
            raise self._retenue(indisponible(error, str(self.adresse))) from error
        except AucuneLibre as error:
            self._comptes.refusee("saturation")
            raise MagasinIndisponible(
                f"le magasin partagé ({self.adresse}) ne peut pas servir : toutes les connexions "
                "du programme sont prises"
            ) from error

    @contextmanager
    def ligne(self, delai: float | None = None) -> Iterator[ConnexionBornee]:
        """A connection of one's own, in no transaction: to hold a lock, or to listen.

        Args:
            delai: seconds that each statement may take; None: those of ``bornes``.

        Raises:
            MagasinIndisponible: whatever the store or the way to it refuses.
        """
        attente = self.bornes.requete if delai is None else delai
        self._permise()
        try:
            with closing(self._connecter()) as connection:
                connection.autocommit = True
                connection.execute(
                    "SELECT set_config('statement_timeout', %s, false),"
                    " set_config('lock_timeout', %s, false)",
                    (_ms(attente), _ms(min(self.bornes.verrou, attente))),
                )
                connection.delai = attente + MARGE
                # It is there: what is done beside this line need not wait for its end.
                self._panne = None
                yield connection
        except psycopg.Error as error:
            raise self._retenue(indisponible(error, str(self.adresse))) from error

    def seul(self, ordre: LiteralString, delai: float) -> None:
        """Do what admits no transaction around it, on a connection of its own.

        Args:
            ordre: one statement, ours.
            delai: seconds that it may take.

        Raises:
            MagasinIndisponible: it could not be done, or nobody knows whether it was.
        """
        with self.ligne(delai) as connection:
            connection.execute(ordre)

    def fermer(self) -> None:
        """Close what is open; the store can be used again all the same."""
        self._engine.dispose()

    def _connecter(self) -> ConnexionBornee:
        return connecter(self.adresse, self.bornes.connexion)

    def _rendre_ses_temps(
        self, pilote: DBAPIConnection, _: ConnectionPoolEntry, __: PoolProxiedConnection
    ) -> None:
        """Forget what the last transaction on a connection was allowed."""
        assert isinstance(pilote, ConnexionBornee)
        pilote.delai = self.bornes.requete + MARGE
        pilote.fin = math.inf

    @contextmanager
    def _ouverte(self, temps: _Temps) -> Iterator[Connection]:
        connection = self._bornee(temps)
        self._panne = None
        try:
            yield connection
            connection.commit()
        finally:
            # What was not committed is undone.
            connection.close()

    def _bornee(self, temps: _Temps) -> Connection:
        """A connection that answers, with its transaction begun and its times set."""
        debut = monotonic()
        connection = self._engine.connect()
        self._comptes.obtenue(monotonic() - debut)
        try:
            self._borner(connection, temps)
        except DBAPIError as error:
            connection.close()
            if not error.connection_invalidated or isinstance(error.orig, DelaiDepasse):
                raise
            # The server was started again since: all that was open is dropped, one is made anew.
            connection = self._engine.connect()
            self._borner(connection, temps)
        return connection

    def _borner(self, connection: Connection, temps: _Temps) -> None:
        pilote = connection.connection.driver_connection
        assert isinstance(pilote, ConnexionBornee)
        # Whether the server is there is known as soon as it would welcome us.
        pilote.delai = min(temps.delai, self.bornes.connexion) + MARGE
        pilote.fin = temps.fin
        connection.execute(
            _BORNER,
            {
                "requete": _ms(temps.delai),
                "verrou": _ms(min(self.bornes.verrou, temps.delai)),
                "inactif": _ms(_INACTIF),
            },
        )
        pilote.delai = temps.delai + MARGE

    def _exiger(self, connection: Connection) -> None:
        """Refuse a store that this program was not made for."""
        raison = manque(connection)
        if raison:
            self._comptes.refusee("preparation")
            raise MagasinIndisponible(f"le magasin partagé ({self.adresse}) {raison}")
        self._conforme = True

    def _permise(self) -> None:
        """Refuse at once while the store is left alone; one caller alone tries it again."""
        with self._verrou:
            if self._panne is None:
                return
            if monotonic() < self._pas_avant:
                self._comptes.refusee("coupe")
                raise MagasinIndisponible(str(self._panne), self._panne.etat, absent=True)
            self._pas_avant = monotonic() + self.bornes.pause

    def _retenue(self, panne: MagasinIndisponible) -> MagasinIndisponible:
        raison = raison_de(panne)
        self._comptes.refusee(raison)
        if self._panne is None or not panne.absent:
            # An absence is told once, however often it is met.
            champs = {"raison": raison, "sqlstate": panne.etat, "absent": panne.absent}
            _JOURNAL.info("refus", extra={"evenement": "magasin_refuse", "champs": champs})
        with self._verrou:
            # A store that says why it refuses is there.
            # Told again later: without the frames that it was raised from.
            self._panne = (
                MagasinIndisponible(str(panne), panne.etat, absent=True) if panne.absent else None
            )
            self._pas_avant = monotonic() + self.bornes.pause
        return panne


def _ms(secondes: float) -> str:
    return f"{max(1, round(secondes * 1000))}ms"
