"""Fifth step: a short answer made of the texts' own words, with what it rests on.

National rule before local; a local text is always named with its département and year. Nothing
is reworded: what stands between « » is a slice of a stored text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.answers.parts import WORDS, Partie, choose_parts
from assistant.answers.places import nom_departement
from assistant.answers.selection import UniteChoisie, load_attentes
from assistant.models import Citation
from assistant.quotation import Refus, Verificateur
from corpus.models import NATIONALE, DocumentCanonique
from index.french import fold
from index.french import words as words_of

_BULLET = re.compile(r"^\s*(?:[·•‣▪☐-]\s*)+")


class Morceau(BaseModel):
    """One paragraph of an answer and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    genre: Literal["fiche", "reserve", "citation", "note", "message"]
    """``fiche``: the answer of a card; ``reserve``: a reserve of that card; ``citation``: a text's
    own words; ``note``: what a reader must know of the texts; ``message``: the program's words."""
    source: str
    """Id of the card, or place of the quotation (« 004:120-310 »); empty for what is neither."""
    texte: str


class Composition(BaseModel):
    """A composed answer: its words, its citations in order, its scope, what it was made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    citations: tuple[Citation, ...]
    portee: str
    morceaux: tuple[Morceau, ...] = ()
    ecartees: tuple[tuple[str, str], ...] = ()
    """Cards found that are not said: id, and why."""


def compose(
    units: Sequence[UniteChoisie],
    departements: Sequence[str],
    documents: Mapping[str, DocumentCanonique],
    verificateur: Verificateur,
    room: int = WORDS,
    *,
    after: Sequence[Citation] = (),
) -> Composition | None:
    """Compose the answer from the units, best first; None when none may be quoted.

    ``room``: words of quotations that it should not exceed, unless the first one does alone;
    ``after``: citations already made for the same answer, which the numbers follow.
    """
    citations = list(after)
    made_of: list[Morceau] = []
    named = ""
    for part in choose_parts(units, documents, room, named=bool(departements)):
        made = _cite(part, verificateur)
        if not made:
            continue
        known = list(citations)
        citations += [citation for citation in made if citation not in known]
        unit = part.unite
        document = documents[unit.hit.passage.document]
        name = "" if document.fiche.id == named else f"{_name(document)} : "
        named = document.fiche.id
        marks = "".join(f"[{citations.index(citation) + 1}]" for citation in made)
        line = f"{name}{_quoted(unit, document, known)} {marks}"
        place = f"{document.fiche.id}:{unit.debut}-{unit.fin}"
        made_of.append(Morceau(genre="citation", source=place, texte=line))
    if not made_of:
        return None
    new = tuple(citations[len(after) :])
    local = next((c.portee for c in new if c.portee != NATIONALE), NATIONALE)
    return Composition(texte=joined(made_of), citations=new, portee=local, morceaux=tuple(made_of))


def joined(morceaux: Sequence[Morceau]) -> str:
    """Text of an answer made of some paragraphs."""
    return "\n\n".join(m.texte for m in morceaux)


def _cite(part: Partie, verificateur: Verificateur) -> list[Citation]:
    """Citations of a part: its words, its introduction, then the texts that say the same."""
    unit = part.unite
    shown = [(unit.debut, unit.fin), *([unit.introduction] if unit.introduction else [])]
    quoted = [verificateur.citer(unit.hit.passage.document, *span) for span in shown]
    if any(isinstance(made, Refus) for made in quoted):
        return []
    supports = [verificateur.citer(u.hit.passage.document, u.debut, u.fin) for u in part.appuis]
    return [citation for citation in (*quoted, *supports) if not isinstance(citation, Refus)]


def _quoted(unit: UniteChoisie, document: DocumentCanonique, known: Sequence[Citation]) -> str:
    """Words of a unit between « », as a list where the text has one.

    An introduction that was quoted before (``known``) is not said twice.
    """
    lines = [escape(_BULLET.sub("", line)) for line in unit.texte.split("\n") if line.strip()]
    if unit.liste and len(lines) > 1:
        items = "\n".join(f"- {line}" for line in lines[1:])
        return f"« {lines[0]}\n\n{items} »"
    words = " ".join(lines)
    said = {(c.document, c.debut, c.fin) for c in known}
    if unit.introduction and (document.fiche.id, *unit.introduction) not in said:
        return f"« {escape(document.texte[slice(*unit.introduction)])} » « {words} »"
    return f"« {words} »"


def _name(document: DocumentCanonique) -> str:
    fiche = document.fiche
    if fiche.portee == NATIONALE:
        # A text that is no longer in force says of what year it is.
        year = f" ({fiche.annee})" if fiche.annee and fiche.derniere_annee else ""
        return f"**{escape(fiche.titre_court)}**{year}"
    year = f", {fiche.annee}" if fiche.annee else ""
    return f"**{nom_departement(fiche.portee)} seulement** ({escape(fiche.titre_court)}{year})"


def escape(texte: str) -> str:
    """One line of a text, its Markdown signs made harmless."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(texte.split()))


def said_plainly(reponse: str, question: str) -> str:
    """Drop « Oui : » where nobody asked for a yes or a no."""
    match = _YES_NO.match(reponse)
    asks = load_attentes().interrogatifs
    if match is None or not any(fold(word) in asks for word in words_of(question)):
        return reponse
    rest = reponse[match.end() :]
    return rest[:1].upper() + rest[1:]


_YES_NO = re.compile(r"(?:Oui|Non)\s*[:,]\s+")
