"""Putting what is verified in the place of what was there, and back if what follows fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from assistant.sauvegarde.dossier import tenue
from assistant.sauvegarde.modeles import SauvegardeImpossible
from corpus.base.store import Base
from corpus.files import sync_folder
from corpus.systeme import raison_systeme


class Echange:
    """One folder that takes the place of another, which is put aside."""

    def __init__(self, beside: Path, dossier: Path, *, remplacer: bool) -> None:
        self._beside = beside
        self._dossier = dossier
        self._remplacer = remplacer
        self._fait = False
        self.ecarte: Path | None = None
        """Where what was there before is; None where there was nothing."""

    def faire(self) -> None:
        """Rename both.

        Raises:
            SauvegardeImpossible: the place is no longer free, or cannot be written.
        """
        check_dossier(self._dossier, remplacer=self._remplacer)
        with dite(self._dossier):
            self._renommer()

    def _renommer(self) -> None:
        if _plein(self._dossier):
            instant = datetime.now(UTC)
            self.ecarte = self._dossier.with_name(
                f"{self._dossier.name}.avant-{instant:%Y%m%d-%H%M%S}"
            )
            self._dossier.rename(self.ecarte)
        try:
            # An empty folder gives way; one that is not, since somebody wrote in it, refuses.
            self._beside.rename(self._dossier)
        except OSError:
            self._remettre()
            raise
        self._fait = True
        sync_folder(self._dossier.parent)

    def defaire(self) -> None:
        """Put everything back where it was, where something had moved.

        Raises:
            OSError: it could not be done.
        """
        if self._fait:
            self._dossier.rename(self._beside)
            self._fait = False
            self._remettre()
            sync_folder(self._dossier.parent)

    def _remettre(self) -> None:
        if self.ecarte is not None:
            self.ecarte.rename(self._dossier)
            self.ecarte = None


@contextmanager
def echange(beside: Path, dossier: Path, *, remplacer: bool) -> Iterator[Echange]:
    """Make ready all that may fail, so that two renames are left to be done; undone if it raises.

    Whoever publishes in the folder that is put aside ends first; who serves it is to be stopped by
    whoever asks.

    Raises:
        SauvegardeImpossible: somebody has been writing in it for too long, or it is not free; what
            was there has not changed.
    """
    prepare = Echange(beside, dossier, remplacer=remplacer)
    with dite(dossier):
        check_dossier(dossier, remplacer=remplacer)
        if _plein(dossier):
            _reprendre_le_modele(dossier, beside)
    corpus = dossier / "corpus"
    with tenue(Base(corpus)) if corpus.is_dir() else nullcontext():
        try:
            yield prepare
        except BaseException:
            with _retour_dit(prepare, dossier):
                prepare.defaire()
            raise


def place_du_modele(dossier: Path) -> int:
    """Bytes of the model that is installed in a folder; none where there is no model."""
    return sum(path.lstat().st_size for path in _fichiers(dossier / "modele"))


def _reprendre_le_modele(dossier: Path, beside: Path) -> None:
    """Keep the model that is installed, where the archive has none: it takes minutes to make."""
    if (beside / "modele").exists():
        return
    for source in _fichiers(dossier / "modele"):
        cible = beside / source.relative_to(dossier)
        cible.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, cible, follow_symlinks=False)


def _fichiers(dossier: Path) -> Iterator[Path]:
    """Files and links of a folder and of those in it."""
    for ici, dossiers, fichiers in os.walk(dossier):
        yield from (Path(ici) / nom for nom in fichiers)
        yield from (path for nom in dossiers if (path := Path(ici) / nom).is_symlink())


def check_dossier(dossier: Path, *, remplacer: bool) -> None:
    """Refuse at once a place that a state may not take.

    Raises:
        SauvegardeImpossible: it is no folder, or not empty, or cannot be renamed.
    """
    if not dossier.parent.is_dir():
        raise SauvegardeImpossible(f"{dossier.parent} n'est pas un dossier.")
    if not dossier.exists() and not dossier.is_symlink():
        return
    if dossier.is_symlink() or not dossier.is_dir():
        raise SauvegardeImpossible(f"{dossier} n'est pas un dossier.")
    if dossier.is_mount():
        raise SauvegardeImpossible(
            f"{dossier} est un disque monté, qui ne se remplace pas d'un coup : donnez un dossier "
            f"dedans, comme {dossier / 'donnees'}, et nommez-le dans CLAS_DONNEES."
        )
    if any(dossier.iterdir()) and not remplacer:
        raise SauvegardeImpossible(
            f"{dossier} n'est pas vide : donnez un dossier neuf, ou --remplacer, qui le met de "
            "côté sans rien en effacer."
        )


@contextmanager
def dite(dossier: Path) -> Iterator[None]:
    """Say in words that the disk is full or closed; for what changes nothing that was there."""
    try:
        yield
    except OSError as error:
        raise SauvegardeImpossible(
            f"{dossier} n'a pas pu être écrit ({raison_systeme(error)}) : vérifiez la place "
            "libre et les droits. Ce qui était là n'a pas changé."
        ) from error


@contextmanager
def _retour_dit(prepare: Echange, dossier: Path) -> Iterator[None]:
    ecarte = prepare.ecarte
    try:
        yield
    except OSError as error:
        ou = f" : renommez {ecarte} en {dossier}" if ecarte else ""
        raise SauvegardeImpossible(
            f"La restauration a échoué, et ce qui était dans {dossier} n'a pas pu y être remis "
            f"({raison_systeme(error)}){ou}."
        ) from error


def _plein(dossier: Path) -> bool:
    return dossier.is_dir() and any(dossier.iterdir())
