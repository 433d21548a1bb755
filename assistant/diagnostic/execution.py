"""Running the checks: each has its time, and one that fails or hangs never stops the others."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Final

from assistant.diagnostic.modeles import (
    Constat,
    Contexte,
    Controle,
    Diagnostic,
    ReglagesAbsents,
    Releve,
    non_verifie,
    panne,
)
from corpus.systeme import raison_systeme

_SIGNALER: Final = "signalez-le avec cette ligne ; les autres contrôles n'en dépendent pas"
_REGLAGES: Final = "les réglages sont illisibles"


def diagnostiquer(
    contexte: Contexte,
    controles: Iterable[Controle],
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Diagnostic:
    """Run the checks one after the other; ``advance`` is told (done, to do)."""
    retenus = [c for c in controles if not (contexte.rapide and c.long)]
    constats: list[Constat] = []
    for rang, controle in enumerate(retenus):
        advance(rang, len(retenus))
        constats += _constats(controle, contexte)
    advance(len(retenus), len(retenus))
    return Diagnostic(date=contexte.maintenant(), rapide=contexte.rapide, constats=tuple(constats))


def _constats(controle: Controle, contexte: Contexte) -> Iterator[Constat]:
    for releve in _releves(controle, contexte):
        yield Constat(nom=controle.nom, **releve.model_dump())


def _releves(controle: Controle, contexte: Contexte) -> tuple[Releve, ...]:
    """What a check finds in its time; it is left behind where it takes more."""
    issue = _Issue()
    finie: queue.SimpleQueue[None] = queue.SimpleQueue()

    def mener() -> None:
        with issue:
            for releve in controle.sonde(contexte):
                issue.noter(releve)
        finie.put(None)

    # A thread, not a process: what is looked at takes seconds to open. A daemon: what hangs on a
    # disk or a network does not keep the command from ending.
    threading.Thread(target=mener, name=f"clas-{controle.nom}", daemon=True).start()
    try:
        finie.get(timeout=controle.delai)
    except queue.Empty:
        return (
            *issue.releves,
            non_verifie(
                f"pas fini en {controle.delai:g} s",
                "recommencez quand la machine est moins occupée ; si cela dure, voyez le disque et "
                "le réseau",
            ),
        )
    return issue.dite()


class _Issue:
    """What came of a check: what it found, or what it raised, whatever that is."""

    def __init__(self) -> None:
        self.releves: tuple[Releve, ...] = ()
        """Kept one by one: what stops a check halfway takes nothing from what was found."""
        self._erreur: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self._erreur = error
        return True

    def noter(self, releve: Releve) -> None:
        """Keep what was found."""
        self.releves = (*self.releves, releve)

    def dite(self) -> tuple[Releve, ...]:
        """Findings, then what stopped the check.

        Of what was not foreseen, the kind alone is told, since words may quote a secret.
        """
        if self._erreur is None:
            return self.releves
        return (*self.releves, _arret(self._erreur))


def _arret(erreur: BaseException) -> Releve:
    if isinstance(erreur, ReglagesAbsents):
        return non_verifie(_REGLAGES, "voyez « réglages »")
    if isinstance(erreur, OSError):
        ou = erreur.filename or "un fichier"
        return panne(f"{ou} : {raison_systeme(erreur)}", "vérifiez le disque et les droits")
    return panne(f"erreur imprévue ({type(erreur).__name__})", _SIGNALER)
