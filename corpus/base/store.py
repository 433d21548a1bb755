"""What the document base keeps: files and texts by their digest, versions, draft, journal.

Files, texts and versions are never changed once written, so that a citation opens for ever; what
is read is checked against its name. Where it is all put is said by ``corpus/base/rangement.py``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from pydantic import ValidationError

from corpus.base.models import Brouillon, Evenement, VersionBase
from corpus.base.rangement import (
    DRAFT,
    JOURNAL,
    LOCK,
    BaseInutilisable,
    Dossier,
    Genre,
    Rangement,
)
from corpus.models import DocumentCanonique

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["DRAFT", "JOURNAL", "LOCK", "Base", "BaseInutilisable"]

T = TypeVar("T")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9a-f]{12}")
_MARK = "marque"
_CHECKSUM = 32
"""Bytes of a checksum, at the head of what was made ready."""
_NAME = re.compile(r"[0-9a-z][0-9a-z-]{0,39}")


class Base:
    """A document base; it holds no state but where it is kept.

    Args:
        folder: the data folder of this machine, which holds the base unless ``rangement`` does.
        rangement: where it is kept; None: in that folder.
    """

    def __init__(self, folder: Path, rangement: Rangement | None = None) -> None:
        self.folder = folder
        self._pieces: Rangement = rangement or Dossier(folder)

    # Files and texts: written once under what they are.

    def keep_file(self, content: bytes) -> str:
        """Keep the bytes of a file; return their sha256."""
        digest = hashlib.sha256(content).hexdigest()
        self._pieces.keep("fichiers", digest, content)
        return digest

    def read_file(self, digest: str) -> bytes:
        """Read a kept file.

        Raises:
            BaseInutilisable: it is not there, or is no longer what it was.
        """
        if not _DIGEST.fullmatch(digest):
            raise BaseInutilisable(f"« {digest[:20]} » n'est pas l'empreinte d'un fichier (sha256)")
        content = self._whole("fichiers", digest, _file, f"le fichier {digest[:12]}… de la base")
        if content is None:
            raise BaseInutilisable(f"le fichier {digest[:12]}… n'est plus dans la base")
        return content

    def keep_text(self, document: DocumentCanonique) -> None:
        """Keep a canonical text for ever, under its document and version."""
        self._pieces.keep(
            "textes",
            f"{document.fiche.id}@{document.version}",
            document.model_dump_json().encode("utf-8"),
        )

    def read_text(self, document: str, version: str) -> DocumentCanonique | None:
        """Read a kept text; None when this version of this document was never kept.

        Raises:
            BaseInutilisable: it is no longer what it was.
        """
        if not (_NAME.fullmatch(document) and _VERSION.fullmatch(version)):
            return None
        said = f"le texte {document} version {version} de la base"
        return self._whole("textes", f"{document}@{version}", _text, said)

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
        named = (name.partition("@") for name in self.names("textes"))
        kept = sorted(version for name, _, version in named if name == document)
        return tuple(sorted(kept, key=lambda text: number.get(text, 0), reverse=True))

    def names(self, genre: Genre) -> tuple[str, ...]:
        """Names of all that is kept of a kind: digests, « document@version », identities."""
        return self._pieces.names(genre)

    def _whole(
        self,
        genre: Genre,
        nom: str,
        read: Callable[[bytes, str], T | None],
        said: str,
        altered: str = "altéré",
    ) -> T | None:
        """A piece, if ``read`` finds it to be what its name says; None when there is none.

        Raises:
            BaseInutilisable: it is no longer what it was, here nor where it is shared.
        """
        content = self._pieces.read(genre, nom)
        if content is None:
            return None
        found = read(content, nom)
        if found is None:
            content = self._pieces.again(genre, nom)
            found = None if content is None else read(content, nom)
        if found is None:
            raise BaseInutilisable(f"{said} est {altered}")
        return found

    # Versions of the base.

    def keep_version(self, version: VersionBase) -> str:
        """Keep a version; return its identity."""
        content = version.model_dump_json(indent=1).encode("utf-8")
        self._pieces.keep("versions", version.identite, content)
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
        said = f"la version {identite} de la base"
        found = self._whole("versions", identite, _version, said, "altérée")
        if found is None:
            raise BaseInutilisable(f"la version {identite} n'est pas dans la base")
        return found

    def versions(self) -> tuple[VersionBase, ...]:
        """Every version that can be read, latest number first."""
        found: list[VersionBase] = []
        for name in self.names("versions"):
            try:
                found.append(self.read_version(name))
            except BaseInutilisable:
                # A damaged version hides no other; « verifier » names it.
                continue
        return tuple(sorted(found, key=lambda v: (v.numero, v.identite), reverse=True))

    def drop_version(self, identite: str) -> None:
        """Forget a version that was prepared and never put in service; no other may be."""
        if _VERSION.fullmatch(identite):
            self._pieces.drop("versions", identite)

    # What was made ready for the draft, and can be made again.

    def keep_ready(self, name: str, content: bytes) -> None:
        """Keep a piece made ready, with its checksum; one already there stays as it is."""
        self._pieces.keep("prets", name, hashlib.sha256(content).digest() + content)

    def read_ready(self, name: str) -> bytes | None:
        """Read a piece made ready; None when there is none, or none that is whole."""
        found = self._pieces.read("prets", name)
        if found is None:
            return None
        content = found[_CHECKSUM:]
        if hashlib.sha256(content).digest() != found[:_CHECKSUM]:
            # It would otherwise stand in the way of a whole one.
            self._pieces.drop("prets", name)
            return None
        return content

    def forget_ready(self) -> None:
        """Forget all that was made ready."""
        for name in self.names("prets"):
            if name != _MARK:
                self._pieces.drop("prets", name)

    def mark(self) -> str:
        """What tells this base from any other, whatever they hold; made the first time."""
        if self.read_ready(_MARK) is None:
            self.keep_ready(_MARK, uuid4().hex.encode("ascii"))
        return (self.read_ready(_MARK) or b"").decode("ascii")

    # The draft.

    def read_draft(self) -> Brouillon | None:
        """What is being prepared; None when nothing is.

        Raises:
            BaseInutilisable: the draft cannot be read.
        """
        content = self._pieces.read_draft()
        if content is None:
            return None
        try:
            return Brouillon.model_validate_json(content)
        except ValidationError as error:
            raise BaseInutilisable(
                f"le brouillon ({DRAFT}) est illisible : lancez « clas corpus abandonner »"
            ) from error

    def has_draft(self) -> bool:
        """Whether something is being prepared, readable or not."""
        return self._pieces.read_draft() is not None

    def write_draft(self, draft: Brouillon) -> None:
        """Replace the draft."""
        self._pieces.write_draft(draft.model_dump_json(indent=1).encode("utf-8"))

    def drop_draft(self) -> None:
        """Give up what was being prepared; files and texts stay."""
        self._pieces.drop_draft()

    # The journal.

    def log(self, event: Evenement) -> None:
        """Add a line to the journal, durable when this returns.

        Raises:
            BaseInutilisable: it could not be written.
        """
        self._pieces.log(event.model_dump_json().encode("utf-8"))

    def journal_lines(self) -> tuple[bytes, ...]:
        """Lines of the journal as they are kept, in order."""
        return self._pieces.lines()

    def read_journal(self) -> tuple[Evenement, ...]:
        """Lines of the journal, in order; one cut short by a crash is left out."""
        found: list[Evenement] = []
        for line in self.journal_lines():
            try:
                found.append(Evenement.model_validate_json(line))
            except ValidationError:
                # Only a line cut short by a crash is like this: what it told did not happen.
                continue
        return tuple(found)

    def adopt(self) -> int:
        """Keep where it is shared what this machine kept alone until now; how many pieces."""
        return self._pieces.adopt()

    def writing(self, *, wait: bool = False) -> AbstractContextManager[None]:
        """Hold the base for oneself; it is freed when its holder dies.

        ``wait``: wait for whoever holds it, instead of refusing.

        Raises:
            BaseInutilisable: somebody else holds it.
        """
        return self._pieces.alone(wait=wait)

    def together(self) -> AbstractContextManager[Connection | None]:
        """Write what follows all at once where the place can; else one after the other.

        Gives the transaction, for what must be switched with it; None where there is none.
        """
        return self._pieces.together()


def _file(content: bytes, digest: str) -> bytes | None:
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _text(content: bytes, named: str) -> DocumentCanonique | None:
    try:
        found = DocumentCanonique.model_validate_json(content)
    except ValidationError:
        return None
    digest = hashlib.sha256(found.texte.encode("utf-8")).hexdigest()[:12]
    return found if named.endswith(f"@{digest}") else None


def _version(content: bytes, identite: str) -> VersionBase | None:
    try:
        found = VersionBase.model_validate_json(content)
    except ValidationError:
        return None
    return found if found.identite == identite else None
