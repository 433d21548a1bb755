"""A document base small enough to be published in a moment, and a publisher that can be stopped.

It is run by processes of its own, that fork: the model is loaded once, then each publication
begins from a process that has read nothing of the folder that it publishes in.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import psycopg
from rangements import copy_of_store

from assistant.configuration import Configuration
from assistant.fiches.loading import read_cards
from assistant.magasin import magasin_de_base
from assistant.preparation import preparer
from assistant.publication import apercu, etat
from assistant.publication.etat import documents_of, open_base, service_of, version_in_service
from assistant.publication.publier import PublicationRefusee, publish
from corpus.base.models import Brouillon, EntreeBase, VersionBase
from corpus.base.store import BaseInutilisable
from corpus.canonical import build_canonical
from corpus.magasin.adresse import lire_adresse
from corpus.magasin.pilote import ConnexionBornee
from corpus.models import FicheDocument
from index.lexicon import load_lexicon
from index.postgres.versions import check_version as check_shared
from index.storage import IndexInutilisable, check_version, open_index

TEXT = "Essai\n\nCe texte fictif dit que les séances d'essai durent {} minutes.\n"
AUTHOR, REASON = "Une gestionnaire", "Un texte d'essai"
Way = Literal["kill", "full", "cut"]
"""What stops: the program is killed; from there on, the disk is full, or the store is silent."""
KNOWN = (PublicationRefusee, BaseInutilisable, IndexInutilisable)


def little_data() -> None:
    """Serve one card, read no ledger: what is published is small, and published as it always is."""
    cards = read_cards()[:1]
    setattr(etat, "read_cards", lambda: cards)  # noqa: B010 - data put in place of other data
    setattr(apercu, "lire_registre", tuple)  # noqa: B010 - the same


def in_folder(folder: Path) -> Configuration:
    """A data folder, and the store that this process was given to share, if it was."""
    return Configuration(donnees=folder, modele=None, magasin=lire_adresse())


def set_up(ready: Path, folder: Path) -> Configuration:
    """A small data folder, with the vectors of one that is ready."""
    little_data()
    shutil.copytree(ready / "index", folder / "index")
    (folder / "modele").symlink_to((ready / "modele").resolve())
    place = in_folder(folder)
    report = preparer(place, annonce=lambda _: None)
    versions = place.dossier_index / "versions"
    for path in versions.iterdir():
        if path.name != report.info.version:
            shutil.rmtree(path)
    (place.dossier_index / "courante").write_text(report.info.version)
    return place


def add_text(place: Configuration, minutes: int) -> None:
    """Prepare a draft that adds a short text, or puts another in its place."""
    base, parent = open_base(place), version_in_service(place)
    assert parent is not None
    words = TEXT.format(minutes)
    fiche = FicheDocument.model_validate(
        {
            "id": "essai",
            "titre": "Texte d'essai",
            "titre_court": "Essai",
            "editeur": "Éditeur",
            "nature": "autre",
            "portee": "nationale",
            "rang": 2,
            "date_publication": "2025-01-01",
            "fichier": "essai.txt",
            "sha256": base.keep_file(words.encode()),
            "mise_en_page": "markdown",
        }
    )
    text = build_canonical(words, fiche)
    base.keep_text(text)
    entry = EntreeBase(fiche=fiche, texte=text.version, origine="apporte")
    others = (e for e in parent.documents if e.fiche.id != "essai")
    base.write_draft(Brouillon(parent=parent.identite, documents=(*others, entry)))


def publish_it(place: Configuration) -> VersionBase:
    """Publish the draft."""
    return publish(place, AUTHOR, REASON, annonce=lambda _: None)


def copied(place: Configuration, target: Path) -> Configuration:
    """The same data folder, elsewhere, alone; with a store of its own where it shared one."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(place.donnees, target, symlinks=True)
    magasin = copy_of_store(place) if place.magasin else None
    return Configuration(donnees=target, modele=None, magasin=magasin)


def leave_store(place: Configuration) -> None:
    """Close the lines to the store, which two processes may not both use."""
    if place.magasin is not None:
        magasin_de_base(place.magasin).fermer()


def warm(place: Configuration, spare: Path) -> None:
    """Load what every publication needs, by one that is thrown away."""
    publish_it(copied(place, spare))


class Effects:
    """Counts what changes the disk or the store, and stops one of them, or the program, at a step.

    Effects: a file opened to be written, a piece of it written (half of it is, when it is the
    one that stops), made durable, renamed, removed; a folder made or removed; an exchange with the
    shared store (the answer of the one that stops is lost: nobody knows what came of it).
    """

    def __init__(self, step: int, way: Way) -> None:
        self.step, self.way, self.seen = step, way, 0

    def happens(self) -> bool:
        """Count one; whether it is the one."""
        self.seen += 1
        return self.seen == self.step or (self.way != "kill" and self.seen > self.step > 0)

    def stop(self) -> None:
        """Die, or fail as a full disk does."""
        if self.way == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def watch(self) -> None:
        """Put oneself between the program and what it changes."""
        if self.way != "cut":
            self._watch_disk()
        if self.way != "full":
            self._watch_store()

    def _watch_store(self) -> None:
        effects, original = self, ConnexionBornee.wait

        def wait(line: ConnexionBornee, *args: Any, **named: Any) -> Any:
            if not effects.happens():
                return original(line, *args, **named)
            if effects.way == "kill":
                effects.stop()
            if effects.seen == effects.step:
                original(line, *args, **named)
            line.pgconn.finish()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        setattr(ConnexionBornee, "wait", wait)  # noqa: B010 - what every exchange goes through

    def _watch_disk(self) -> None:
        effects = self
        makes = ("fsync", "rename", "replace", "mkdir")
        removes = ("rmdir", "unlink", "remove")
        for name in (*makes, *removes):
            setattr(os, name, self._before(getattr(os, name), room=name in makes))

        class Counted(io.FileIO):
            def write(self, content: Any, /) -> int:
                if effects.happens():
                    super().write(bytes(content)[: len(content) // 2])
                    effects.stop()
                return super().write(content)

        original = io.open

        def opened(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            if not set(mode) & set("wax+") or not isinstance(file, str | Path):
                return original(file, mode, *rest, **more)
            if self.happens():
                self.stop()
            raw = Counted(file, mode.replace("b", "").replace("t", ""))
            buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            if "b" in mode:
                return buffered
            encoding = more.get("encoding") or (rest[1] if len(rest) > 1 else None) or "utf-8"
            return io.TextIOWrapper(buffered, encoding=encoding, write_through=True)

        for module in (io, sys.modules["builtins"]):
            setattr(module, "open", opened)  # noqa: B010 - what the whole program writes by

    def _before(self, original: Callable[..., Any], *, room: bool) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if (room or self.way == "kill") and self.happens():
                self.stop()
            return original(*args, **named)

        return call


def in_a_child(run: Callable[[], int]) -> int | None:
    """Run in a process of its own: its status; None when it was killed."""
    child = os.fork()
    if not child:
        status = 70
        try:
            status = run()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)


def stopped_at(place: Configuration, step: int, way: Way, counted: Path) -> int | None:
    """Publish, stopped at a step: 0 done, 3 refused in words, None killed."""
    leave_store(place)

    def run() -> int:
        effects = Effects(step, way)
        effects.watch()
        try:
            publish_it(place)
        except KNOWN as error:
            return 3 if str(error) else 4
        os.write(os.open(counted, os.O_CREAT | os.O_WRONLY), str(effects.seen).encode())
        return 0

    return in_a_child(run)


def follow(place: Configuration) -> None:
    """Bring here what the shared store says is in service, and find it whole there."""
    service = service_of(place)
    if service is not None and place.magasin is not None:
        name = service.follow()
        assert name is not None
        with magasin_de_base(place.magasin).connexion() as connection:
            assert check_shared(connection, name) is None


def state(place: Configuration) -> VersionBase:
    """The version in service, once everything that is kept was found whole."""
    base, index = open_base(place), place.dossier_index
    follow(place)
    version = version_in_service(place)
    assert version is not None
    opened = open_index(index, load_lexicon())
    assert opened.warning is None, opened.warning
    assert opened.base == version.model_dump_json().encode()
    for path in (index / "versions").iterdir():
        assert path.name.startswith(".") or check_version(path) is None, path
    kept = base.versions()
    assert len(kept) == len(base.names("versions"))
    assert len({v.numero for v in kept}) == len(kept), [v.numero for v in kept]
    names = {v.identite for v in kept}
    assert version.identite in names
    assert all(v.parent is None or v.parent in names for v in kept)
    for known in kept:
        assert documents_of(base, known).keys() == known.en_service.keys()
        for entree in known.documents:
            if entree.origine == "apporte":
                base.read_file(entree.fiche.sha256)
    base.read_draft()
    return version
