"""Fifth step: a short answer made of the texts' own words, with what it rests on.

National rule before local; a local text is always named with its département and year. Nothing
is reworded: what stands between « » is a slice of a stored text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from assistant.answers.parts import WORDS, Partie, choose_parts
from assistant.answers.places import nom_departement
from assistant.answers.selection import UniteChoisie
from assistant.models import Citation
from assistant.quotation import Refus, Verificateur
from corpus.models import NATIONALE, DocumentCanonique

_BULLET = re.compile(r"^\s*(?:[·•‣▪☐-]\s*)+")
_NEAR_HOLE = 3
"""Characters between a quotation and a hole of the text that touches it."""


class Composition(BaseModel):
    """A composed answer: its words, its citations in order, its scope."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    citations: tuple[Citation, ...]
    portee: str


def compose(
    units: Sequence[UniteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
    verificateur: Verificateur,
    words: int = WORDS,
) -> Composition | None:
    """Compose the answer from the units, best first; None when none may be quoted.

    ``words``: words of quotations that it should not exceed, unless the first one does alone.
    """
    citations: list[Citation] = []
    lines: list[str] = []
    named = ""
    for part in choose_parts(units, documents, words, named=bool(departements)):
        made = _cite(part, verificateur)
        if not made:
            continue
        numbers = range(len(citations) + 1, len(citations) + 1 + len(made))
        citations.extend(made)
        document = documents[part.unite.hit.passage.document]
        name = "" if document.fiche.id == named else f"{_name(document)} : "
        named = document.fiche.id
        marks = "".join(f"[{n}]" for n in numbers)
        lines.append(f"{name}{_quoted(part.unite, document)} {marks}")
    if not lines:
        return None
    local = next((c.portee for c in citations if c.portee != NATIONALE), NATIONALE)
    texte = "\n\n".join([*lines, *_reserves(citations, documents)])
    return Composition(texte=texte, citations=tuple(citations), portee=local)


def _cite(part: Partie, verificateur: Verificateur) -> list[Citation]:
    """Citations of a part: its words, its introduction, then the texts that say the same."""
    unit = part.unite
    spans = [(unit.hit.passage.document, unit.debut, unit.fin)]
    if unit.introduction:
        spans.append((unit.hit.passage.document, *unit.introduction))
    spans += [(u.hit.passage.document, u.debut, u.fin) for u in part.appuis]
    made = [verificateur.citer(*span) for span in spans]
    if isinstance(made[0], Refus):
        return []
    return [citation for citation in made if not isinstance(citation, Refus)]


def _quoted(unit: UniteChoisie, document: DocumentCanonique) -> str:
    """Words of a unit between « », as a list where the text has one."""
    lines = [_plain(_BULLET.sub("", line)) for line in unit.texte.split("\n") if line.strip()]
    if unit.liste and len(lines) > 1:
        items = "\n".join(f"- {line}" for line in lines[1:])
        return f"« {lines[0]}\n\n{items} »"
    words = " ".join(lines)
    if unit.introduction:
        return f"« {_plain(document.texte[slice(*unit.introduction)])} » « {words} »"
    return f"« {words} »"


def _name(document: DocumentCanonique) -> str:
    fiche = document.fiche
    if fiche.portee == NATIONALE:
        return f"**{fiche.titre_court}**"
    year = f", {fiche.annee}" if fiche.annee else ""
    return f"**{nom_departement(fiche.portee)} seulement** ({fiche.titre_court}{year})"


def _reserves(
    citations: Sequence[Citation], documents: Mapping[str, DocumentCanonique]
) -> list[str]:
    """Say what is missing from a text beside what was quoted."""
    said = [
        f"À savoir : {trou.objet} manque dans le texte reçu ({document.fiche.titre_court})."
        for citation in citations
        for document in (documents[citation.document],)
        for trou in document.trous
        if citation.debut <= trou.position <= citation.fin + _NEAR_HOLE
    ]
    return list(dict.fromkeys(said))


def _plain(texte: str) -> str:
    """One line of a text, its Markdown signs made harmless."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(texte.split()))
