"""Markdown: CommonMark with tables and footnotes; the HTML inside is read as a page's.

``[^1]`` calls the note that a line ``[^1]: …`` defines (its following lines, and the paragraphs
indented under it, belong to it). Of pandoc's own marks, the attributes of headings and spans
(``{#id .class}``), the blocks between ``:::`` and superscripts (``2^e^``) are read.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from corpus.loading.encoding import decode
from corpus.loading.errors import FichierRefuse
from corpus.loading.html import build, iso_date, read_fragment
from corpus.loading.html.marks import END
from corpus.loading.html.names import KNOWN_TAGS
from corpus.loading.html.words import clean
from corpus.loading.limits import Advance, Limites
from corpus.loading.models import DocumentCharge

_DEEPEST = 100
"""Nested quotes and lists that the parser follows: it drops what is deeper."""
_FRONT = re.compile(r"\A---[ \t]*\n(?P<fields>(?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"[\w.-]+\s*:(?:\s.*)?$|\s+\S.*|\s*-\s.*|\s*#.*|\s*$")
_NAMED = re.compile(r"^(title|titre|author|auteur|date)\s*:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_NAMES = {"title": "titre", "titre": "titre", "author": "auteur", "auteur": "auteur"}
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_NOTE = re.compile(r" {0,3}\[\^(?P<name>[^\]\s]{1,80})\]:[ \t]*(?P<text>.*)")
_INDENTED = re.compile(r"(?: {4}|\t)(?P<text>.*)")
_CALL = re.compile(r"\[\^([^\]\s]{1,80})\]")
_DIV = re.compile(r" {0,3}:{3,}\s*(?P<said>\{[^}]*\}|[\w-]+)?\s*:*\s*$")
_CLASS = re.compile(r"[\w-]+")
_ATTRIBUTES = re.compile(r"(?<!\s)\s*\{[#.][^{}]*\}\s*$")
_SPAN = re.compile(r"\[([^\[\]]*)\]\{[#.][^{}]*\}")
_RAISED = re.compile(r"(?<=\w)\^(\w{1,4})\^")
_TAG = re.compile(r"</?([A-Za-z][\w:-]*)")
_DRAWN = re.compile(r"^ {0,3}(?:\+[-=:+]{3,}\+|-{3,}(?: +-{3,})+)[ \t]*$", re.MULTILINE)
_ADDRESS = re.compile(r"<((?:[A-Za-z][\w+.-]{1,31}:|[\w.+-]+@)[^<>\x00-\x20]*)>")
_EVERY = 50


class _Lu(NamedTuple):
    """A text without its notes, and the notes by name."""

    texte: str
    notes: dict[str, str]


def read_markdown(content: bytes, limits: Limites, advance: Advance) -> DocumentCharge:
    """Read a Markdown text.

    Raises:
        FichierRefuse: ``vide``, ``inconnu``, ``trop_gros``, ``trop_imbrique``.
    """
    advance(0, 1)
    text, _, remarks = decode(content, limits)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    properties, text = _front_matter(text)
    lu = _take_notes(text)
    page = _to_html(lu, min(limits.imbrication, _DEEPEST), advance)
    blocs, told = read_fragment(page, limits, advance)
    if not blocs:
        raise FichierRefuse("vide", "le fichier ne contient aucun texte")
    doubts = []
    if _DRAWN.search(lu.texte):
        doubts.append("un tableau tracé avec des tirets n'est pas lu comme un tableau")
    return build(blocs, "markdown", properties, [*remarks, *doubts, *told])


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """What the fields at the head say, and the text after them."""
    found = _FRONT.match(text)
    if not found or not all(_FIELD.match(line) for line in found["fields"].splitlines()):
        return {}, text
    properties: dict[str, str] = {}
    for name, said in _NAMED.findall(found["fields"]):
        value = iso_date(said) if name == "date" else clean(said)
        if value:
            properties.setdefault(_NAMES.get(name, name), value)
    return properties, text[found.end() :]


def _take_notes(text: str) -> _Lu:
    """Take the definitions of notes out of a text; blocks of pandoc become blocks of HTML."""
    kept: list[str] = []
    notes: dict[str, list[str]] = {}
    current: list[str] | None = None
    fence = ""
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened["fence"]
        elif opened and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        note = None if fence else _NOTE.match(line)
        indented = _INDENTED.match(line)
        if note and note["name"] not in notes:
            current = notes.setdefault(note["name"], [note["text"]])
        elif current is not None and not fence and (indented or not line.strip()):
            current.append(indented["text"] if indented else "")
        elif current is not None and not fence and current[-1].strip() and not _starts(line):
            current.append(line)
        else:
            current = None
            kept.append(_div(line) if not fence else line)
    return _Lu("\n".join(kept), {name: "\n".join(lines) for name, lines in notes.items()})


def _starts(line: str) -> bool:
    """Whether a line begins a block, and so cannot go on with the note above."""
    return re.match(r" {0,3}(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|>|\||:::|<|`{3})", line) is not None


def _div(line: str) -> str:
    found = _DIV.fullmatch(line)
    if not found:
        return line
    if found["said"] is None:
        return "\n</div>\n"
    classes = _CLASS.findall(found["said"])
    return f'\n<div class="{" ".join(classes)}">\n'


def _to_html(lu: _Lu, depth: int, advance: Advance) -> str:
    parser = _parser(lu.notes, depth, advance)
    called: dict[str, int] = {}
    env = {"called": called}
    page = _rendered(parser, lu.texte, env, depth)
    written: list[str] = []
    for name, text in lu.notes.items():
        body = _rendered(parser, text, env, depth)
        written.append(f'<li id="fn-{escape(name)}">{body}</li>')
    if not written:
        return page
    return f'{page}\n<section class="footnotes"><ol>{"".join(written)}</ol></section>'


def _rendered(parser: MarkdownIt, text: str, env: dict[str, dict[str, int]], depth: int) -> str:
    tokens = parser.parse(text, env)
    if any(token.level >= depth - 1 for token in tokens):
        raise FichierRefuse(
            "trop_imbrique",
            f"le texte emboîte listes et citations sur plus de {depth} niveaux, le nombre accepté",
        )
    for token in tokens:
        if token.type == "ordered_list_open":
            token.attrSet(END, token.markup)
    page: str = parser.renderer.render(tokens, parser.options, env)
    return page


def _parser(notes: dict[str, str], depth: int, advance: Advance) -> MarkdownIt:
    """A parser that knows the names of the notes and says how far it has gone."""

    def call(state: StateInline, silent: bool) -> bool:
        found = _CALL.match(state.src, state.pos)
        if not found or found[1] not in notes:
            return False
        if not silent:
            called: dict[str, int] = state.env["called"]
            number = called.setdefault(found[1], len(called) + 1)
            token = state.push("html_inline", "", 0)
            token.content = f'<a role="doc-noteref" href="#fn-{escape(found[1])}">{number}</a>'
        state.pos = found.end()
        return True

    def inline(state: StateCore) -> None:
        for index, token in enumerate(state.tokens):
            if index % _EVERY == 0:
                advance(index, len(state.tokens) + 1)
            if token.type != "inline":
                continue
            heading = state.tokens[index - 1].type == "heading_open"
            _read_inline(state, token, heading=heading)

    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "maxNesting": depth})
    parser.enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "note", call)
    parser.inline.ruler.at("autolink", _address)
    parser.core.ruler.at("inline", inline)
    return parser


def _address(state: StateInline, silent: bool) -> bool:
    """An address between angle brackets, as it is written (the parser's own rule decodes it)."""
    found = _ADDRESS.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("text", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _read_inline(state: StateCore, token: Token, *, heading: bool) -> None:
    content = _RAISED.sub(r"<sup>\1</sup>", _SPAN.sub(r"\1", token.content))
    if heading:
        content = _ATTRIBUTES.sub("", content)
    token.children = token.children if token.children is not None else []
    state.md.inline.parse(content, state.md, state.env, token.children)
    for child in token.children:
        named = _TAG.match(child.content) if child.type == "html_inline" else None
        if named and named[1].lower() not in KNOWN_TAGS:
            # « <nom de l'école> » is a blank to fill in, not a tag.
            child.type = "text"
