"""What the terminal shows: answers, passages and documents as plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.answers.places import nom_departement
from assistant.models import Citation
from assistant.quotation import SEPARATEUR_DE_SECTION, ReponseScellee
from corpus.models import NATIONALE, DocumentCanonique
from index.models import Hit

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~$])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls but tab and line feed, and marks that reverse the direction of writing."""


def render_answer(sealed: ReponseScellee, mentions: Iterable[str] = ()) -> str:
    """Lay out an answer for a terminal: its words, who checked it, then its numbered sources."""
    answer = sealed.reponse
    lines = [plain(answer.texte)]
    for mention in mentions:
        lines += ["", f"{mention}."]
    if answer.citations:
        lines += ["", "Sources :"]
        lines += [_source(number, c) for number, c in enumerate(answer.citations, start=1)]
    return harmless("\n".join(lines))


def render_passages(hits: Sequence[Hit], documents: Mapping[str, DocumentCanonique]) -> str:
    """Lay out ranked passages for a terminal."""
    if not hits:
        return "Aucun passage."
    laid_out = "\n\n".join(
        f"{rank}. {documents[hit.passage.document].fiche.titre_court}"
        f" ({scope_name(documents[hit.passage.document].fiche.portee)})"
        f" – {SEPARATEUR_DE_SECTION.join(hit.passage.section) or 'début'}  [{hit.score:.3f}]\n"
        f"{hit.passage.texte}"
        for rank, hit in enumerate(hits, start=1)
    )
    return harmless(laid_out)


def passages_json(hits: Sequence[Hit]) -> str:
    """Ranked passages as the contract's JSON."""
    return json.dumps(
        [
            {
                "document": hit.passage.document,
                "debut": hit.passage.debut,
                "fin": hit.passage.fin,
                "texte": hit.passage.texte,
                "score": round(hit.score, 6),
            }
            for hit in hits
        ],
        ensure_ascii=False,
    )


def render_corpus(documents: Iterable[DocumentCanonique]) -> str:
    """Lay out the list of documents for a terminal."""
    return "\n".join(
        f"{d.fiche.id}  {d.version}  {scope_name(d.fiche.portee):<14} "
        f"{d.fiche.annee or '':<10} {d.fiche.titre}"
        for d in documents
    )


def scope_name(portee: str) -> str:
    """« national » or « Hérault (34) »."""
    return "national" if portee == NATIONALE else f"{nom_departement(portee)} ({portee})"


def plain(markdown: str) -> str:
    """Markdown of an answer as plain text: no emphasis, no escape, no control character."""
    unmarked = re.sub(r"(?<!\\)\*\*", "", markdown)
    return harmless(_ESCAPED.sub(r"\1", unmarked))


def harmless(text: str) -> str:
    """Text without what a terminal would obey: escape sequences start with a control character."""
    return _CONTROL.sub(" ", text)


def _source(number: int, citation: Citation) -> str:
    parts = [citation.titre, scope_name(citation.portee)]
    parts += [citation.annee] if citation.annee else []
    parts += [f"page {citation.page}"] if citation.page else []
    section = f"\n      {citation.section}" if citation.section else ""
    quoted = " ".join(citation.extrait.split())
    return f"  [{number}] {', '.join(parts)}{section}\n      « {quoted} »"
