"""Where the document base is kept: files and texts by their digest, versions, draft, journal.

Everything is written beside and renamed, under one lock for those who write; files, texts and
versions are never changed once written, so that a citation opens for ever.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from corpus.base.models import Brouillon, Evenement, VersionBase
from corpus.files import write_atomically
from corpus.models import DocumentCanonique

_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9a-f]{12}")
_NAME = re.compile(r"[0-9a-z][0-9a-z-]{0,39}")
DRAFT = "brouillon.json"
JOURNAL = "journal.jsonl"
LOCK = ".verrou"


class BaseInutilisable(Exception):
    """The document base cannot do what is asked; the message says why and what to do."""


class Base:
    """The document base of a data folder; it holds no state but on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # Files and texts: written once under what they are.

    def keep_file(self, content: bytes) -> str:
        """Keep the bytes of a file; return their sha256."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._file(digest)
        if not path.exists():
            self._write(path, content)
        return digest

    def read_file(self, digest: str) -> bytes:
        """Read a kept file.

        Raises:
            BaseInutilisable: it is not there, or is no longer what it was.
        """
        if not _DIGEST.fullmatch(digest):
            raise BaseInutilisable(f"« {digest[:20]} » n'est pas l'empreinte d'un fichier (sha256)")
        try:
            content = self._file(digest).read_bytes()
        except FileNotFoundError as error:
            raise BaseInutilisable(f"le fichier {digest[:12]}… n'est plus dans la base") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise BaseInutilisable(f"le fichier {digest[:12]}… de la base est altéré")
        return content

    def keep_text(self, document: DocumentCanonique) -> None:
        """Keep a canonical text for ever, under its document and version."""
        path = self._text(document.fiche.id, document.version)
        if not path.exists():
            self._write(path, document.model_dump_json().encode("utf-8"))

    def read_text(self, document: str, version: str) -> DocumentCanonique | None:
        """Read a kept text; None when this version of this document was never kept.

        Raises:
            BaseInutilisable: it is no longer what it was.
        """
        if not (_NAME.fullmatch(document) and _VERSION.fullmatch(version)):
            return None
        try:
            content = self._text(document, version).read_bytes()
        except FileNotFoundError:
            return None
        trouble = BaseInutilisable(f"le texte {document} version {version} de la base est altéré")
        try:
            found = DocumentCanonique.model_validate_json(content)
        except ValidationError as error:
            raise trouble from error
        if hashlib.sha256(found.texte.encode("utf-8")).hexdigest()[:12] != version:
            raise trouble
        return found

    def versions_of(self, document: str) -> tuple[str, ...]:
        """Versions of a document's text that are kept, latest first, those never published last.

        The numbers of the versions of the base tell the order, neither the clock nor the files.
        """
        if not _NAME.fullmatch(document):
            return ()
        number = {
            entree.texte: version.numero
            for version in reversed(self.versions())
            for entree in version.documents
            if entree.fiche.id == document
        }
        paths = self.folder.joinpath("textes").glob(f"{document}@*.json")
        kept = sorted(path.stem.partition("@")[2] for path in paths)
        return tuple(sorted(kept, key=lambda text: number.get(text, 0), reverse=True))

    # Versions of the base.

    def keep_version(self, version: VersionBase) -> str:
        """Keep a version; return its identity."""
        path = self._version(version.identite)
        if not path.exists():
            self._write(path, version.model_dump_json(indent=1).encode("utf-8"))
        return version.identite

    def read_version(self, identite: str) -> VersionBase:
        """Read a version.

        Raises:
            BaseInutilisable: there is none of that name, or it is no longer what it was.
        """
        if not _VERSION.fullmatch(identite):
            raise BaseInutilisable(
                f"« {identite[:20]} » n'est pas une version : 12 chiffres hexadécimaux attendus"
            )
        try:
            found = VersionBase.model_validate_json(self._version(identite).read_bytes())
        except FileNotFoundError as error:
            raise BaseInutilisable(f"la version {identite} n'est pas dans la base") from error
        except ValidationError as error:
            raise BaseInutilisable(f"la version {identite} de la base est altérée") from error
        if found.identite != identite:
            raise BaseInutilisable(f"la version {identite} de la base est altérée")
        return found

    def versions(self) -> tuple[VersionBase, ...]:
        """Every version that can be read, latest number first."""
        found: list[VersionBase] = []
        for path in self.folder.joinpath("versions").glob("*.json"):
            try:
                found.append(self.read_version(path.stem))
            except BaseInutilisable:
                # A damaged version hides no other; « verifier » names it.
                continue
        return tuple(sorted(found, key=lambda v: (v.numero, v.identite), reverse=True))

    def drop_version(self, identite: str) -> None:
        """Forget a version that was prepared and never put in service; no other may be."""
        if _VERSION.fullmatch(identite):
            self._version(identite).unlink(missing_ok=True)

    # The draft.

    def read_draft(self) -> Brouillon | None:
        """What is being prepared; None when nothing is.

        Raises:
            BaseInutilisable: the draft cannot be read.
        """
        try:
            return Brouillon.model_validate_json((self.folder / DRAFT).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise BaseInutilisable(
                f"le brouillon ({DRAFT}) est illisible : lancez « clas corpus abandonner »"
            ) from error

    def write_draft(self, draft: Brouillon) -> None:
        """Replace the draft."""
        self._write(self.folder / DRAFT, draft.model_dump_json(indent=1).encode("utf-8"))

    def drop_draft(self) -> None:
        """Give up what was being prepared; files and texts stay."""
        with self._or_refused():
            (self.folder / DRAFT).unlink(missing_ok=True)

    # The journal.

    def log(self, event: Evenement) -> None:
        """Add a line to the journal, durable when this returns.

        Raises:
            BaseInutilisable: it could not be written.
        """
        line = event.model_dump_json().encode("utf-8") + b"\n"
        with self._or_refused(), (self._made() / JOURNAL).open("ab+") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                # A line cut short by a crash must not swallow this one.
                line = line if stream.read() == b"\n" else b"\n" + line
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())

    def read_journal(self) -> tuple[Evenement, ...]:
        """Lines of the journal, in order; one cut short by a crash is left out."""
        try:
            lines = (self.folder / JOURNAL).read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        found: list[Evenement] = []
        for line in lines:
            try:
                found.append(Evenement.model_validate_json(line))
            except ValidationError:
                # Only a line cut short by a crash is like this: what it told did not happen.
                continue
        return tuple(found)

    @contextmanager
    def writing(self, *, wait: bool = False) -> Iterator[None]:
        """Hold the base for oneself; the system frees it when its holder dies.

        ``wait``: wait for whoever holds it, instead of refusing.

        Raises:
            BaseInutilisable: somebody else holds it.
        """
        with self._or_refused():
            lock = (self._made() / LOCK).open("w")
        try:
            import fcntl  # noqa: PLC0415 - absent from systems that are not POSIX
        except ModuleNotFoundError:
            lock.close()
            yield
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise BaseInutilisable(
                    "une autre personne modifie la base en ce moment : réessayez quand elle a fini"
                ) from error
            yield

    def _write(self, path: Path, content: bytes) -> None:
        with self._or_refused():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, [content])

    def _made(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    @contextmanager
    def _or_refused(self) -> Iterator[None]:
        """Say in words that the disk is full or closed; nothing that was kept has changed."""
        try:
            yield
        except OSError as error:
            raise BaseInutilisable(
                f"la base n'a pas pu être écrite dans {self.folder} ({error}) : vérifiez la place "
                "libre et les droits, puis recommencez"
            ) from error

    def _file(self, digest: str) -> Path:
        return self.folder / "fichiers" / digest

    def _text(self, document: str, version: str) -> Path:
        return self.folder / "textes" / f"{document}@{version}.json"

    def _version(self, identite: str) -> Path:
        return self.folder / "versions" / f"{identite}.json"
