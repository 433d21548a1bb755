"""From a source file to clean lines: extraction artefacts out, every word kept.

What goes: bookmarks, emphasis marks, HTML tags, escaped asterisks, horizontal rules, footnote
calls, lines that the manifest names as furniture, and holes left by images (recorded as missing
content). Footnotes leave the line that they interrupt and wait for the reader to put them after
the passage that calls them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.models import FicheDocument
from corpus.traced import Traced, concatenate, trace

_BOOKMARK = re.compile(r"\[bookmark: [^\]]*\]")
_NOTE_CALL = re.compile(r"\s?\[footnoteRef:\d+\]")
_NOTE_TEXT = re.compile(r"[ \t]?\[(?P<number>\d+):\s+(?P<text>[^\]]*?)\s*\]")
_HOLE = re.compile(r"\[image: [^\]]*\]")
_SUPERSCRIPT_CALL = re.compile(r"(?<=\S)<sup>\d+</sup>")
_SUPERSCRIPT_NOTE = re.compile(r"(?m)^<sup>(?P<number>\d+)</sup>[ \t]*(?P<text>\S[^\n]*)$")
_AUTOLINK = re.compile(r"<(?P<url>https?://[^>\s]+)>")
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|span)\s*/?>", re.IGNORECASE)
_STRONG = re.compile(r"\*\*")
_ESCAPED = re.compile(r"\\\*")
_ITALIC_LINE = re.compile(r"^\*(?P<text>[^*\n]+)\*$")
_BREAK_TAG = re.compile(r"</?(?:br|p|div)\s*/?>", re.IGNORECASE)
_BYTE_ORDER_MARK = re.compile(r"\A\ufeff")
_LINE_END = re.compile(r"\r\n?")
_FORM_FEED = re.compile(r"\f")
_SOFT_HYPHEN = re.compile(r"\u00ad(?:[^\S\n]*\n)?")
_LINE_HYPHEN = re.compile(r"(?P<left>\w+)[\u2010-](?P<cut>[^\S\n]*\n)(?=(?P<right>\w+))")
_AFTER_HYPHEN = re.compile(
    r"je|tu|ils?|elles?|on|[nv]ous|ce|ci|là|l[ae]s?|lui|leur|[mt]oi|y|en|t|mêmes?", re.IGNORECASE
)
"""Words that French ties to the one before by a hyphen of their own."""
_RULE = re.compile(r"^\s*-{2,}(?:\s+-{2,})*\s*$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Ligne:
    """A clean line of the source.

    ``gras`` is true when the source set the whole line in bold; ``signet`` when it carries a
    bookmark (an entry of the table of contents); ``vides`` counts the blank lines
    before it; ``page`` is its page, where the source marks page breaks.
    """

    texte: Traced
    vides: int
    page: int
    saut: bool
    gras: bool
    signet: bool
    dieses: int
    tabulations: int
    cellule_entete: bool
    notes: tuple[Traced, ...]
    trou: bool


def clean_lines(source: str, fiche: FicheDocument) -> Iterator[Ligne]:
    """Yield the lines that hold text, in order."""
    text = trace(source).drop(_BYTE_ORDER_MARK).replace_run(_LINE_END, "\n")
    fed = _FORM_FEED.search(source) is not None
    text, notes = _extract_notes(_rejoin_hyphens(text.drop(_SOFT_HYPHEN)))
    calls = frozenset(place for place, _ in notes)
    waiting = [(place, _without_markup(note, calls)) for place, note in notes]
    blank = 0
    page = 1
    fed_since = False
    pending: tuple[Traced, ...] = ()
    for fed_line in text.lines():
        feeds = fed_line.text.count("\f")
        page += feeds
        fed_since |= feeds > 0
        line = fed_line.strip("\f").replace_run(_FORM_FEED, " ")
        raw = line.text
        if not raw.strip() and not raw.startswith("\t"):
            blank += 1
            continue
        while waiting and waiting[0][0] <= line.origin[-1]:
            pending += (waiting.pop(0)[1],)
        if raw.strip() in fiche.mobilier or _RULE.match(raw):
            # Furniture stands on lines of its own: it parts nothing that the blanks do not.
            continue
        marked = raw.startswith(" ") and not raw.startswith("  ") and fiche.mise_en_page != "web"
        broken = fed_since if fed else marked
        page += not fed and broken and line.origin[0] > text.origin[0]
        fed_since = False
        hole = _HOLE.search(raw) is not None
        content = _without_markup(line, calls)
        if not content.text.strip():
            if raw.startswith("\t"):
                yield _empty_line(content.strip(), blank, page, tabs=1)
                blank = 0
            elif hole:
                yield _empty_line(content.strip(), blank, page, hole=True)
                blank = 0
            continue
        yield Ligne(
            texte=content.strip(),
            vides=blank,
            page=page,
            saut=broken,
            gras=_is_bold(raw),
            signet=_BOOKMARK.match(raw.strip()) is not None,
            dieses=_hash_marks(raw),
            tabulations=len(raw) - len(raw.lstrip("\t")),
            cellule_entete=raw.lstrip().startswith("<b>"),
            notes=pending,
            trou=hole,
        )
        pending = ()
        blank = 0
    pending += tuple(note for _, note in waiting)
    if pending:
        yield replace(_empty_line(pending[0].slice(0, 0), blank, page), notes=pending)


def _empty_line(
    content: Traced, blank: int, page: int, *, tabs: int = 0, hole: bool = False
) -> Ligne:
    """A line without words that still means something: an empty table cell, or a hole."""
    return Ligne(
        texte=content,
        vides=blank,
        page=page,
        saut=False,
        gras=False,
        signet=False,
        dieses=0,
        tabulations=tabs,
        cellule_entete=False,
        notes=(),
        trou=hole,
    )


def squeeze(text: Traced) -> Traced:
    """One space for each run of white space (no-break spaces included)."""
    return text.replace_run(_SPACES, " ")


def _rejoin_hyphens(text: Traced) -> Traced:
    """Rejoin the words cut at the end of a line, with their hyphen where it is their own."""

    def kept(match: re.Match[str]) -> tuple[int, int]:
        left, right = match["left"], match["right"]
        own = (
            not (left[-1].islower() and right[0].islower())
            or _AFTER_HYPHEN.fullmatch(right) is not None
            or f"{left}-{right}" in text.text
        )
        return match.start(), match.start("cut") - (not own)

    return text.sub(_LINE_HYPHEN, kept)


def _without_markup(line: Traced, calls: frozenset[int]) -> Traced:
    line = line.drop(_BOOKMARK).drop(_NOTE_CALL).drop(_HOLE)
    # « m<sup>2</sup> » calls no note: its digit is text.
    line = line.sub(
        _SUPERSCRIPT_CALL,
        lambda m: (m.end(), m.end()) if line.origin[m.start()] in calls else m.span(),
    )
    line = line.replace_run(_BREAK_TAG, " ")
    line = line.sub(_AUTOLINK, lambda m: m.span("url")).drop(_TAG).drop(_STRONG).drop(_ESCAPED)
    stripped = line.strip()
    italic = _ITALIC_LINE.match(stripped.text)
    if italic:
        return stripped.slice(*italic.span("text"))
    marks = _hash_marks(line.text.lstrip())
    return line.strip().slice(marks, len(line)).strip() if marks else line


def _hash_marks(raw: str) -> int:
    match = re.match(r"(#{1,6})\s", raw)
    return len(match.group(1)) if match else 0


def _is_bold(raw: str) -> bool:
    core = re.sub(r"^#+\s+", "", raw.strip())
    return core.startswith("**") and core.endswith("**") and core.count("**") == 2  # noqa: PLR2004


def _extract_notes(text: Traced) -> tuple[Traced, tuple[tuple[int, Traced], ...]]:
    """Take the footnotes out; return them with the source offset of the call."""
    found: list[tuple[int, Traced]] = []
    parts: list[Traced] = []
    last = 0
    for match in _NOTE_TEXT.finditer(text.text):
        call = text.text.rfind(f"[footnoteRef:{match['number']}]", 0, match.start())
        if call < 0:
            continue
        found.append((text.origin[call], text.slice(*match.span("text"))))
        parts.append(text.slice(last, match.start()))
        last = match.end()
    parts.append(text.slice(last, len(text)))
    text = concatenate(parts)
    parts, last = [], 0
    for match in _SUPERSCRIPT_NOTE.finditer(text.text):
        call = text.text.rfind(f"<sup>{match['number']}</sup>", 0, match.start())
        if call < 0:
            continue
        found.append((text.origin[call], text.slice(*match.span("text"))))
        parts.append(text.slice(last, match.start()))
        last = match.end()
    parts.append(text.slice(last, len(text)))
    return concatenate(parts), tuple(sorted(found, key=lambda item: item[0]))
