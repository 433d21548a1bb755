"""A watched folder: what changed in it since last time goes to the draft, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.configuration import Configuration
from assistant.publication.ajouts import (
    POUR_QUI,
    Doublon,
    Preparation,
    Souhaits,
    for_nobody_known,
    keep_file,
    prepare_file,
)
from assistant.publication.brouillons import (
    ChangementRefuse,
    DemandeInutilisable,
    state_of,
    withdraw,
)
from assistant.publication.etat import open_base
from corpus.base.anciens import anciens_of
from corpus.base.intake import Apport, Ecarte, gather
from corpus.base.models import EntreeBase
from corpus.base.store import Base
from corpus.base.watch import Vu, read_watch, write_watch
from corpus.loading.errors import FichierRefuse

GONE = "Son fichier n'est plus dans le dossier suivi"


@dataclass(slots=True)
class Bilan:
    """What was found in the folder, and done."""

    inchanges: int = 0
    ajoutes: list[Preparation] = field(default_factory=list)
    doublons: list[Ecarte] = field(default_factory=list)
    refuses: list[Ecarte] = field(default_factory=list)
    absents: list[tuple[str, str]] = field(default_factory=list)
    """Files that are no longer there, and the document that each gave."""
    retires: tuple[str, ...] = ()


def refresh(
    configuration: Configuration,
    folder: Path,
    auteur: str,
    today: date,
    *,
    withdraw_gone: bool,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Bilan:
    """Bring to the draft what is new or changed in a folder; remember what was taken.

    Raises:
        DemandeInutilisable: it is no folder.
        ChangementRefuse, BaseInutilisable: the draft cannot be changed.
    """
    if not folder.is_dir():
        raise DemandeInutilisable(f"actualiser : « {folder} » n'est pas un dossier")
    base = open_base(configuration)
    record = read_watch(base.folder)
    before, seen = record.of(folder), dict(record.of(folder))
    bilan, there = Bilan(), set[str]()
    found = list(gather([folder]))
    for rank, apport in enumerate(found):
        advance(rank, len(found))
        there.add(apport.chemin)
        if isinstance(apport, Ecarte):
            bilan.refuses.append(apport)
            continue
        taken = _take(configuration, apport, before, auteur, today, bilan)
        if taken is not None:
            seen[apport.chemin] = taken
            # Written file by file: what was taken is known however this ends.
            write_watch(base.folder, read_watch(base.folder).taken(folder, seen))
    bilan.absents = [(name, vu.document) for name, vu in before.items() if name not in there]
    if withdraw_gone and bilan.absents:
        bilan.retires = _withdraw(configuration, seen, there, auteur)
        seen = {name: vu for name, vu in seen.items() if name in there}
    write_watch(base.folder, read_watch(base.folder).taken(folder, seen))
    return bilan


def _take(  # noqa: PLR0917 - a file, what is known of its folder, and who acts
    configuration: Configuration,
    apport: Apport,
    before: Mapping[str, Vu],
    auteur: str,
    today: date,
    bilan: Bilan,
) -> Vu | None:
    """Take one file; None where nothing is to be remembered of it."""
    old = before.get(apport.chemin)
    known = state_of(configuration).documents
    try:
        digest = hashlib.sha256(apport.lire()).hexdigest()
        if old is not None and _is_taken(open_base(configuration), old, digest, known):
            bilan.inchanges += 1
            return None
        same = old is not None and not old.doublon and old.document in known
        champs = {"id": old.document} if old is not None and same else {}
        souhaits = Souhaits(champs)
        ready = prepare_file(configuration, apport, souhaits, today)
        if for_nobody_known(ready.proposition, ready.version_de, souhaits):
            bilan.refuses.append(apport.ecarte(POUR_QUI))
            return None
        keep_file(configuration, ready, auteur)
    except Doublon as twin:
        bilan.doublons.append(apport.ecarte(str(twin)))
        return Vu(sha256=digest, document=twin.parente.document, doublon=True)
    except (FichierRefuse, DemandeInutilisable) as refus:
        bilan.refuses.append(apport.ecarte(str(refus).removeprefix(f"{apport.nom} : ")))
        return None
    bilan.ajoutes.append(ready)
    return Vu(sha256=digest, document=ready.proposition.fiche.id)


def _is_taken(base: Base, old: Vu, digest: str, known: Mapping[str, EntreeBase]) -> bool:
    """Whether a file is the one that was taken, and what it gave is there, or was replaced since.

    A folder may hold two versions of one text: the first one does not come back each time.
    """
    entree = known.get(old.document)
    if entree is None or old.sha256 != digest:
        return False
    if old.doublon or entree.fiche.sha256 == digest:
        return True
    return anciens_of(base, known).document(known, digest) is not None


def _withdraw(
    configuration: Configuration, seen: Mapping[str, Vu], there: set[str], auteur: str
) -> tuple[str, ...]:
    kept = {vu.document for name, vu in seen.items() if name in there}
    known = state_of(configuration).documents
    gone = tuple(
        dict.fromkeys(
            vu.document
            for name, vu in seen.items()
            if name not in there
            and not vu.doublon
            and vu.document not in kept
            and vu.document in known
            and not known[vu.document].retire
        )
    )
    if gone:
        try:
            withdraw(configuration, gone, GONE, auteur)
        except ChangementRefuse as error:
            raise ChangementRefuse(f"--retirer-absents : {error}") from error
    return gone
