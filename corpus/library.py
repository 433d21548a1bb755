"""The corpus as a whole: every document of a manifest, cleaned and cut into passages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from corpus.canonical import build_canonical, build_loaded
from corpus.manifest import load_manifest, read_checked, read_source, read_structured
from corpus.models import FROZEN, DocumentCanonique, FicheDocument

FOLDER = Path(__file__).parent
MANIFEST = FOLDER / "manifest.yaml"
SOURCES = FOLDER / "sources"


class Corpus(BaseModel):
    """Documents by id, in the manifest's order."""

    model_config = FROZEN

    documents: Mapping[str, DocumentCanonique]


def load_corpus(manifest: Path = MANIFEST, sources: Path = SOURCES) -> Corpus:
    """Read, check and clean every document.

    Raises:
        ManifesteInutilisable: the manifest or a file cannot be used.
    """
    fiches = load_manifest(manifest).documents
    return Corpus(documents={fiche.id: load_document(fiche, sources) for fiche in fiches})


def load_document(fiche: FicheDocument, sources: Path = SOURCES) -> DocumentCanonique:
    """Read, check and clean the document of one entry.

    The bytes are read and checked at each call. They and the entry make the document: the same are
    not laid out again.

    Raises:
        ManifesteInutilisable: its file cannot be used.
    """
    read_checked(fiche, sources)
    return _laid_out(fiche, sources)


@lru_cache(maxsize=32)
def _laid_out(fiche: FicheDocument, sources: Path) -> DocumentCanonique:
    if fiche.format == "texte":
        return build_canonical(read_source(fiche, sources), fiche)
    return build_loaded(read_structured(fiche, sources), fiche)
