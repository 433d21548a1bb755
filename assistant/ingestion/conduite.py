"""Lead an ingestion: files to the workers, pieces to the draft, in the files' order.

Workers finish in any order; documents are put in the draft in that of the files, so that the ids
proposed, and what is recognised as the version of what, do not depend on who was faster. A file
whose task went with its workers, perhaps because of another one beside it, is tried again, alone,
once the others are done.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from assistant.ingestion.equipe import (
    Equipe,
    GrappeIndisponible,
    Issue,
    LienPerdu,
    Tue,
    unfit_worker,
)
from assistant.ingestion.identite import Identite
from assistant.ingestion.pieces import reading_name
from assistant.ingestion.tache import Demande, Inapte, Panne, Pret, Refuse
from assistant.ingestion.versement import Arrivage, Connu, Ecarte, Manque, Verse, Versement
from corpus.base.intake import Apport
from corpus.loading.errors import FichierRefuse

AHEAD: Final = 3
"""Tasks asked for each that is done at once: the next ones wait near their worker."""
HELD: Final = 256 << 20
"""Bytes of files held at once, from their reading to the draft."""
BATCH: Final = 64
"""Documents put in the draft at once, at least; more when it is large, for it is written whole."""
EVERY: Final = 20.0
"""Seconds after which those that are ready are put there, however few."""
_SHARE: Final = 16
_TRIES: Final = 3
MOST_LOST: Final = 5
"""Times in a row that the workers may be lost before any of them has done a task."""

Advance = Callable[[int, int], None]


@dataclass(slots=True)
class BilanMasse:
    """What an ingestion did."""

    fichiers: int = 0
    verses: list[Verse] = field(default_factory=list)
    connus: list[Connu] = field(default_factory=list)
    ecartes: list[Ecarte] = field(default_factory=list)
    repris: int = 0
    """Files whose piece was ready before."""
    passages: int = 0
    secondes: float = 0.0
    """Time of the workers."""
    vecteurs: float = 0.0
    """Of which, to embed."""
    interrompu: str | None = None
    """Why it stopped before the end."""


@dataclass(slots=True, eq=False)
class _Fichier:
    """A file on its way."""

    apport: Apport
    contenu: bytes = b""
    essais: int = 0
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Commande:
    """What is asked of the workers, but for the files."""

    jour: str
    identite: Identite
    marque: str
    deja: Collection[str]
    """Names of the pieces that were ready before."""


class Conduite:
    """An ingestion under way."""

    def __init__(
        self, equipe: Equipe, versement: Versement, commande: Commande, advance: Advance
    ) -> None:
        self._equipe = equipe
        self._versement = versement
        self._commande = commande
        self._advance = advance
        self._bilan = BilanMasse()
        self._asked: dict[int, _Fichier] = {}
        self._late: deque[_Fichier] = deque()
        self._ready: deque[_Fichier] = deque()
        """Files in their order, those that are not done included."""
        self._extra: dict[int, Demande] = {}
        """Vectors to make again, for texts whose entry is not the one that was read."""
        self._next_number = 0
        self._lost = 0
        """Times that the workers were lost since one did a task."""
        self._batch = BATCH
        self._brought_at = monotonic()

    def run(self, apports: Sequence[Apport]) -> BilanMasse:
        """Ingest files; what stopped it, if anything did, is in what it returns.

        Raises:
            ChangementRefuse, BaseInutilisable: the draft cannot be changed.
        """
        self._bilan.fichiers = len(apports)
        self._batch = max(BATCH, self._versement.follow() // _SHARE)
        waiting = deque(_Fichier(apport) for apport in apports)
        try:
            self._all(waiting, lambda: AHEAD * self._equipe.places)
            self._bring(last=True)
            while self._late:
                # Alone: it may be what brought the others down.
                self._all(deque([self._late.popleft()]), lambda: 1)
                self._bring(last=True)
            while self._extra:
                self._wait()
        except GrappeIndisponible as stop:
            self._bilan.interrompu = str(stop)
            self._bring(last=True)
        return self._bilan

    def _all(self, waiting: deque[_Fichier], window: Callable[[], int]) -> None:
        while waiting or self._asked:
            held = sum(len(one.contenu) for one in self._ready)
            while waiting and len(self._asked) < window() and (held < HELD or not self._asked):
                one = waiting.popleft()
                self._begin(one)
                held += len(one.contenu)
            self._told()
            if self._asked:
                self._wait()
            self._bring(last=False)

    def _begin(self, one: _Fichier) -> None:
        """Read a file here, and ask for what is not there yet."""
        self._ready.append(one)
        if not one.contenu:
            try:
                one.contenu = one.apport.lire()
            except FichierRefuse as refus:
                one.issue = Refuse(str(refus).removeprefix(f"{one.apport.nom} : "))
                return
        known = self._versement.known_file(one.contenu)
        name = reading_name(
            hashlib.sha256(one.contenu).hexdigest(),
            one.apport.nom,
            self._commande.identite.empreinte,
        )
        if known is not None or (name in self._commande.deja and not one.essais):
            one.issue = Pret(name)
            return
        self._ask(one)

    def _ask(self, one: _Fichier) -> None:
        self._next_number += 1
        self._asked[self._next_number] = one
        self._equipe.submit(self._next_number, self._demande(one.apport.nom, one.contenu))

    def _demande(self, nom: str, contenu: bytes, document: str = "") -> Demande:
        asked = self._commande
        return Demande(nom, contenu, asked.jour, asked.identite, asked.marque, document)

    def _wait(self) -> None:
        """Wait for one task."""
        try:
            number, issue = self._equipe.next()
        except LienPerdu:
            self._ask_again()
            return
        self._lost = 0
        if isinstance(issue, Inapte):
            raise GrappeIndisponible(unfit_worker(issue.qui, issue.raison))
        if self._extra.pop(number, None) is not None:
            # Vectors that are not ready are made at publication.
            return
        one = self._asked.pop(number)
        one.essais += 1
        if isinstance(issue, Panne):
            raise GrappeIndisponible(f"un travailleur ne peut pas écrire : {issue.raison}")
        if isinstance(issue, Tue) and one.essais == 1:
            self._ready.remove(one)
            self._late.append(one)
            return
        one.issue = issue
        if isinstance(issue, Pret):
            self._bilan.passages += issue.passages
            self._bilan.secondes += issue.secondes
            self._bilan.vecteurs += issue.vecteurs

    def _ask_again(self) -> None:
        """Find workers again, and ask for all that was asked.

        Raises:
            GrappeIndisponible: none can be had, or they go each time before they have done a task.
        """
        self._lost += 1
        if self._lost > MOST_LOST:
            raise GrappeIndisponible(
                f"les travailleurs se sont perdus {self._lost} fois de suite sans avoir rien rendu "
                "entre-temps : regardez pourquoi eux ou l'ordonnanceur s'arrêtent (mémoire, "
                "réseau, leurs journaux)"
            )
        self._equipe.renew()
        again = list(self._asked.values())
        self._asked.clear()
        for one in again:
            self._ask(one)
        extra = list(self._extra.values())
        self._extra.clear()
        for demande in extra:
            self._ask_vectors(demande)

    def _told(self) -> None:
        bilan = self._bilan
        done = len(bilan.verses) + len(bilan.connus) + len(bilan.ecartes)
        ready = sum(one.issue is not None for one in self._ready)
        self._advance(min(bilan.fichiers, done + ready), bilan.fichiers)

    def _bring(self, *, last: bool) -> None:
        """Put in the draft those that are ready and that no other precedes."""
        ready = 0
        for one in self._ready:
            if one.issue is None:
                break
            ready += 1
        full = (
            ready >= self._batch
            or sum(len(self._ready[rank].contenu) for rank in range(ready)) > HELD // 2
        )
        if not ready or not (last or full or monotonic() - self._brought_at > EVERY):
            return
        taken = [self._ready.popleft() for _ in range(ready)]
        arrivages: list[Arrivage] = []
        files: list[_Fichier] = []
        for one in taken:
            if isinstance(one.issue, Pret):
                arrivages.append(Arrivage(one.apport.dit, one.contenu, one.issue.piece))
                files.append(one)
            elif isinstance(one.issue, Refuse | Tue):
                self._bilan.ecartes.append(Ecarte(one.apport.dit, one.issue.raison))
        for one, sort in zip(files, self._versement.bring(arrivages), strict=True):
            self._note(one, sort)
        self._brought_at = monotonic()

    def _note(self, one: _Fichier, sort: Verse | Connu | Ecarte | Manque) -> None:
        bilan = self._bilan
        match sort:
            case Verse():
                bilan.verses.append(sort)
                bilan.repris += isinstance(one.issue, Pret) and not one.issue.secondes
                if sort.relu:
                    self._ask_vectors(
                        self._demande(one.apport.nom, b"", sort.document.model_dump_json())
                    )
            case Connu():
                bilan.connus.append(sort)
            case Ecarte():
                bilan.ecartes.append(sort)
            case Manque() if one.essais < _TRIES:
                one.issue, one.essais = None, one.essais + 1
                self._late.append(one)
            case Manque():
                bilan.ecartes.append(
                    Ecarte(sort.arrivage.chemin, "ce qui en a été lu n'est plus dans la base")
                )

    def _ask_vectors(self, demande: Demande) -> None:
        self._next_number += 1
        self._extra[self._next_number] = demande
        self._equipe.submit(self._next_number, demande)
