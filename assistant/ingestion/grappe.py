"""The workers, by Dask: the only module that imports it.

What a task gives comes back through a queue, so that whoever waits may also see that the scheduler
went, or that no worker is left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from queue import Empty, Queue
from time import monotonic, sleep
from typing import Final

import dask
from distributed import Client, Future, LocalCluster
from distributed.scheduler import KilledWorker

from assistant.ingestion.adresse import LOCAL
from assistant.ingestion.equipe import (
    GrappeIndisponible,
    Issue,
    LienPerdu,
    Tue,
    unfit_worker,
)
from assistant.ingestion.identite import Identite
from assistant.ingestion.liaison import CONNEXION, reach
from assistant.ingestion.tache import (
    Demande,
    Inapte,
    Panne,
    Pret,
    Refuse,
    Resultat,
    ingerer,
    presenter,
)

Tache = Callable[[Demande], Resultat]

PATIENCE: Final = 120.0
"""Seconds to wait for a scheduler that went, or for a worker when there is none."""
SILENCE: Final = 900.0
"""Seconds without any task done: the longest one takes far less."""
_START: Final = 120.0
"""Seconds for a worker to open its model and say who it is."""
_LOOK: Final = 0.5
_COUNTED: Final = 5.0
"""Seconds during which workers are not counted again."""
_LARGE: Final = "100 MiB"


@contextmanager
def opened(  # noqa: PLR0917 - where, who asks, and for what
    address: str,
    identite: Identite,
    marque: str,
    annonce: Callable[[str], None],
    tache: Tache = ingerer,
    patience: float = PATIENCE,
) -> Iterator[Grappe]:
    """Open the workers of an address; those of this machine alone end with the work.

    Raises:
        GrappeIndisponible: they cannot be reached, there is none, or one may not work here.
    """
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGE}), _quiet():
        if not LOCAL.fullmatch(address):
            grappe = Grappe(address, identite, marque, annonce, tache, patience)
            with grappe.running():
                yield grappe
            return
        count = int(address.partition(":")[2] or _cores())
        with _local(count) as cluster:
            grappe = Grappe(cluster.scheduler_address, identite, marque, annonce, tache, patience)
            with grappe.running():
                yield grappe


def _local(count: int) -> LocalCluster:
    """Start workers on this machine, which nobody else reaches."""
    try:
        return LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        )
    except (OSError, RuntimeError) as error:
        raise GrappeIndisponible(
            f"les {count} processus de cette machine n'ont pas démarré ({error}) : essayez-en "
            "moins, comme « --dask local:1 »"
        ) from error


def _cores() -> int:
    return int(dask.system.CPU_COUNT)


class Grappe:
    """The workers of a scheduler (see ``Equipe``)."""

    def __init__(  # noqa: PLR0917 - where, who asks, and for what
        self,
        address: str,
        identite: Identite,
        marque: str,
        annonce: Callable[[str], None],
        tache: Tache,
        patience: float,
    ) -> None:
        self._address = address
        self._identite = identite
        self._marque = marque
        self._annonce = annonce
        self._tache = tache
        self._patience = patience
        self._places = 0
        self._counted_at = -_COUNTED
        self._client: Client | None = None
        self._asked: dict[int, Future[Resultat]] = {}
        self._done: Queue[tuple[int, Future[Resultat]]] = Queue()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Connect, and disconnect at the end."""
        try:
            self._connect()
            yield
        finally:
            self._disconnect()

    @property
    def places(self) -> int:
        """See ``Equipe``; asked of the scheduler now and then."""
        if monotonic() - self._counted_at > _COUNTED:
            self._places = sum(worker["nthreads"] for worker in self._workers().values())
            self._counted_at = monotonic()
        return max(1, self._places)

    def submit(self, number: int, demande: Demande) -> None:
        """See ``Equipe``."""
        client = self._client
        if client is None or client.status != "running":
            # The next wait says so.
            return
        with suppress(OSError, CancelledError):
            future = client.submit(self._tache, demande, pure=False)
            self._asked[number] = future
            future.add_done_callback(partial(self._hear, number))

    def _hear(self, number: int, future: Future[Resultat]) -> None:
        self._done.put((number, future))

    def next(self) -> tuple[int, Issue]:
        """See ``Equipe``."""
        asked_at = monotonic()
        alone_since: float | None = None
        while True:
            with suppress(Empty):
                number, future = self._done.get(timeout=_LOOK)
                if self._asked.pop(number, None) is not future:
                    # Of a scheduler that went.
                    continue
                return number, self._issue(future)
            if self._client is None or self._client.status != "running":
                raise LienPerdu
            if any(future.status == "cancelled" for future in self._asked.values()):
                raise LienPerdu
            if monotonic() - asked_at > SILENCE:
                raise GrappeIndisponible(
                    f"rien n'est venu des travailleurs depuis {SILENCE / 60:.0f} minutes : "
                    "regardez-les au tableau de bord, redémarrez-les, et relancez la même commande"
                )
            if self._workers():
                alone_since = None
                continue
            alone_since = alone_since or monotonic()
            if monotonic() - alone_since > self._patience:
                raise GrappeIndisponible(
                    f"plus aucun travailleur depuis {self._patience:.0f} s : démarrez-en "
                    f"(« dask worker {self._address} »)"
                )

    def _issue(self, future: Future[Resultat]) -> Issue:
        if future.status == "cancelled":
            raise LienPerdu
        try:
            error = future.exception(timeout=_START)
        except (CancelledError, OSError) as lost:
            raise LienPerdu from lost
        if isinstance(error, KilledWorker):
            return Tue("sa préparation a fait tomber chaque travailleur qui l'a prise")
        if isinstance(error, ImportError):
            return Inapte(
                "qui a pris une tâche",
                f"le programme n'y est pas installé, ou pas entier ({error})",
            )
        if error is not None:
            told = " ".join(f"{type(error).__name__} : {error}".split())
            return Tue(f"sa préparation a échoué ({told[:160]})")
        try:
            result = future.result(timeout=_START)
        except (CancelledError, OSError) as lost:
            # What it gave went with its worker: the pieces are there, it is asked again.
            raise LienPerdu from lost
        return _understood(result)

    def renew(self) -> None:
        """See ``Equipe``."""
        self._annonce(
            f"L'ordonnanceur {self._address} ne répond plus ; nouvel essai pendant "
            f"{self._patience:.0f} s. Ce qui est écrit reste."
        )
        self._disconnect()
        until = monotonic() + self._patience
        while True:
            try:
                self._connect()
            except GrappeIndisponible:
                if monotonic() >= until:
                    raise
                sleep(_LOOK)
            else:
                self._annonce("L'ordonnanceur répond de nouveau : le travail continue.")
                return

    def _connect(self) -> None:
        self._asked.clear()
        self._done = Queue()
        reach(self._address)
        try:
            self._client = Client(self._address, timeout=CONNEXION, set_as_default=False)
        except OSError as error:
            raise GrappeIndisponible(
                f"l'ordonnanceur {self._address} ne répond pas en {CONNEXION:.0f} s : vérifiez "
                "qu'il est démarré (« dask scheduler ») et que cette machine l'atteint"
            ) from error
        self._wait_for_workers(self._client)
        self._present(self._client)
        self._annonce(f"Tableau de bord de Dask : {self._client.dashboard_link}")

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        self._asked.clear()
        if client is not None:
            with suppress(OSError, CancelledError):
                client.close(timeout=2.0)

    def _workers(self) -> dict[str, dict[str, int]]:
        if self._client is None:
            return {}
        with suppress(OSError):
            return dict(self._client.scheduler_info(n_workers=-1)["workers"])
        return {}

    def _wait_for_workers(self, client: Client) -> None:
        if not self._workers():
            self._annonce(
                f"Aucun travailleur auprès de {self._address} pour l'instant : attente de "
                f"{self._patience:.0f} s au plus (« dask worker {self._address} » en démarre un)."
            )
        try:
            client.wait_for_workers(1, timeout=self._patience)
        except OSError as error:
            raise GrappeIndisponible(
                f"aucun travailleur auprès de {self._address} : démarrez-en au moins un "
                f"(« dask worker {self._address} »)"
            ) from error

    def _present(self, client: Client) -> None:
        """Have each worker say whether it may work here; they open their model meanwhile."""
        asked = {
            worker: client.submit(
                presenter, self._identite, self._marque, workers=[worker], pure=False
            )
            for worker in self._workers()
        }
        for worker, future in asked.items():
            try:
                error = future.exception(timeout=_START)
                unfit = "" if error else str(future.result(timeout=_START))
            except (CancelledError, OSError) as late:
                raise GrappeIndisponible(
                    f"le travailleur {worker} ne répond pas en {_START:.0f} s : arrêtez-le, et "
                    "relancez la même commande"
                ) from late
            if isinstance(error, KilledWorker):
                # It went: it is no worker any more.
                continue
            if error is not None:
                unfit = f"le programme n'y est pas installé, ou pas entier ({error})"
            if unfit:
                raise GrappeIndisponible(unfit_worker(worker, unfit))


def _understood(result: object) -> Issue:
    if isinstance(result, Pret | Refuse | Inapte | Panne):
        return result
    return Inapte(
        "qui a pris une tâche",
        f"il rend autre chose que ce qui est attendu ({type(result).__name__})",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask writes of workers that go: it is said in French, where it counts."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
