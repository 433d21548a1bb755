"""Small office files for tests: made by python-docx, pandoc or LibreOffice, and edited."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypandoc
from docx import Document

from corpus.loading.docx import read_docx
from corpus.loading.limits import LIMITES, Limites
from corpus.loading.models import DocumentCharge
from corpus.loading.odt import read_odt

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def silent(_done: int, _total: int) -> None:
    pass


def lire_docx(content: bytes, limits: Limites = LIMITES) -> DocumentCharge:
    return read_docx(content, limits, silent)


def lire_odt(content: bytes, limits: Limites = LIMITES) -> DocumentCharge:
    return read_odt(content, limits, silent)


def blocs(charge: DocumentCharge) -> list[tuple[str, int, str]]:
    return [(bloc.nature, bloc.niveau, bloc.contenu.texte) for bloc in charge.blocs]


def textes(charge: DocumentCharge) -> list[str]:
    return [bloc.contenu.texte for bloc in charge.blocs]


def docx(build: Callable[[Any], object]) -> bytes:
    """A document that python-docx writes."""
    document = Document()
    build(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@lru_cache(maxsize=1)
def _empty_docx() -> bytes:
    return docx(lambda _document: None)


def docx_body(xml: str, **parts: str) -> bytes:
    """A document of python-docx whose body is replaced.

    ``parts``: content of parts by name (``numbering``, ``footnotes``…), related to the document.
    """
    body = (
        f'<w:document {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        f"<w:body>{xml}<w:sectPr/></w:body></w:document>"
    )
    changed = {"word/document.xml": body.encode()}
    relations = ""
    for number, (name, part) in enumerate(parts.items()):
        changed[f"word/{name}.xml"] = part.encode()
        relations += (
            f'<Relationship Id="essai{number}" Target="{name}.xml" Type="http://schemas.'
            f'openxmlformats.org/officeDocument/2006/relationships/{name}"/>'
        )
    rels = unzipped(_empty_docx())["word/_rels/document.xml.rels"]
    # The first relationship of a sort is the one that counts.
    cut = rels.index(b"<Relationship ")
    changed["word/_rels/document.xml.rels"] = rels[:cut] + relations.encode() + rels[cut:]
    return edited(_empty_docx(), changed)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, part in parts.items():
            if part is not None:
                archive.writestr(name, part)
    return written.getvalue()


def edited(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """A file with some parts replaced; None takes one away."""
    return zipped({**unzipped(content), **changes})


def substituted(content: bytes, part: str, old: str, new: str) -> bytes:
    """A file with words of one part replaced; they must be there."""
    before = unzipped(content)[part].decode()
    assert old in before, f"« {old} » n'est pas dans {part}"
    return edited(content, {part: before.replace(old, new).encode()})


def paragraphe(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


@lru_cache(maxsize=32)
def pandoc(markdown: str, to: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"essai.{to}"
        pypandoc.convert_text(markdown, to, format="markdown", outputfile=str(path))
        return path.read_bytes()


@lru_cache(maxsize=1)
def _profile() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="profil-essai-")


def libreoffice(content: bytes, suffix: str, to: str) -> bytes:
    """What LibreOffice makes of a file (``to``: docx, odt, txt:Text (encoded):UTF8…)."""
    soffice = shutil.which("soffice")
    assert soffice is not None, "soffice est introuvable (apt-get install libreoffice-writer)"
    with tempfile.TemporaryDirectory() as folder:
        source, written = Path(folder) / f"essai.{suffix}", Path(folder) / "sortie"
        source.write_bytes(content)
        profile = f"-env:UserInstallation={Path(_profile().name).as_uri()}"
        command = [soffice, profile, "--headless", "--convert-to", to]
        subprocess.run(
            [*command, "--outdir", str(written), str(source)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (written / f"essai.{to.split(':', maxsplit=1)[0]}").read_bytes()


def odt_body(xml: str, styles: str = "", outline: str = "") -> bytes:
    """A text of pandoc whose body is replaced.

    ``styles``: automatic styles; ``outline``: the numbers of headings.
    """
    base = pandoc("x", "odt")
    parts = {name: part.decode() for name, part in unzipped(base).items() if name.endswith("xml")}
    content = parts["content.xml"]
    start, end = (
        content.index("<office:text>") + len("<office:text>"),
        content.index("</office:text>"),
    )
    content = content[:start] + xml + content[end:]
    start = content.index("<office:automatic-styles")
    end = start + content[start:].index(">") + 1
    empty = content[start:end].endswith("/>")
    inner = f"<office:automatic-styles>{styles}" + "</office:automatic-styles>" * empty
    changes: dict[str, bytes | None] = {
        "content.xml": (content[:start] + inner + content[end:]).encode()
    }
    if outline:
        old = re.compile(r"<text:outline-style.*?</text:outline-style>", re.DOTALL)
        whole = old.sub(outline, parts["styles.xml"])
        assert whole != parts["styles.xml"]
        changes["styles.xml"] = whole.encode()
    return edited(base, changes)
