"""Connections of the driver that wait a bounded time for the server, whatever state it is in.

A server that is stopped without being dead still acknowledges what it receives: neither
``statement_timeout``, which is its own, nor ``tcp_user_timeout``, which is its kernel's, ends such
a wait. What ends it is on our side: each exchange has a time, past which the line is closed.
"""

from __future__ import annotations

import math
import threading
from time import monotonic
from typing import Final, TypeVar

import psycopg
from psycopg.abc import ConnParam, PQGen
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from corpus.magasin.adresse import AdresseMagasin
from corpus.magasin.erreurs import DelaiDepasse

RV = TypeVar("RV")
_INTERVALLE: Final = 0.1


class ConnexionBornee(psycopg.Connection[TupleRow]):
    """A connection of which no exchange lasts more than ``delai`` seconds, nor past ``fin``."""

    delai: float = 10.0
    fin: float = math.inf
    """On the clock of ``monotonic``."""

    def wait(
        self,
        gen: PQGen[RV],
        interval: float = _INTERVALLE,
        timeout: float | None = None,
    ) -> RV:
        """Take part in an exchange up to its end.

        Raises:
            DelaiDepasse: it did not come in time; the connection is closed.
        """
        try:
            # Even past the end, what already came is taken.
            reste = max(self.fin - monotonic(), 0.01)
            return super().wait(gen, interval, min(timeout or self.delai, self.delai, reste))
        except psycopg.Error as error:
            # Among several statements sent at once, what the server refuses comes while others
            # are still to be answered.
            said = error.sqlstate or isinstance(error, psycopg.errors.PipelineAborted)
            if said or self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            # Half an exchange: nothing more can be said on this line, and closing it waits for
            # nobody.
            self.pgconn.finish()
            raise DelaiDepasse("no answer in time") from error


def connecter(adresse: AdresseMagasin, delai: float) -> ConnexionBornee:
    """Open a connection within ``delai`` seconds, from the name of the machine to its welcome.

    Raises:
        psycopg.OperationalError: it could not be; ``DelaiDepasse`` where nothing came in time.
    """
    essai = _Essai(adresse, delai)
    fil = threading.Thread(target=essai.mener, name="clas-magasin", daemon=True)
    fil.start()
    # In a thread of its own: the search for a name, and less than two seconds, have no other bound.
    fil.join(delai)
    return essai.issue()


class _Essai:
    """A connection being opened, that nobody may be waiting for any more."""

    def __init__(self, adresse: AdresseMagasin, delai: float) -> None:
        self._adresse = adresse
        self._delai = delai
        self._verrou = threading.Lock()
        self._abandonne = False
        self._connexion: ConnexionBornee | None = None
        self._erreur: psycopg.Error | None = None

    def mener(self) -> None:
        """Open it; close it at once where it comes too late."""
        try:
            connexion = ConnexionBornee.connect(_conninfo(self._adresse, self._delai))
        except psycopg.Error as error:
            self._erreur = error
            return
        with self._verrou:
            if not self._abandonne:
                self._connexion = connexion
                return
        connexion.close()

    def issue(self) -> ConnexionBornee:
        """What came of it so far."""
        with self._verrou:
            if self._connexion is not None:
                return self._connexion
            self._abandonne = True
        if self._erreur is not None:
            raise self._erreur
        raise DelaiDepasse("no connection in time")


def _conninfo(adresse: AdresseMagasin, delai: float) -> str:
    secret = adresse.mot_de_passe
    options: dict[str, ConnParam] = dict(adresse.options)
    return make_conninfo(
        "",
        host=adresse.hote,
        port=adresse.port,
        dbname=adresse.base,
        user=adresse.utilisateur,
        password=secret.get_secret_value() if secret else None,
        # The driver takes no less: what is asked of us is seen to by who waits.
        connect_timeout=max(2, round(delai)),
        application_name="assistant-clas",
        client_encoding="utf8",
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=15_000,
        **options,
    )
