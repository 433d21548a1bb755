"""Reading of pages: no visible word is lost, doubled or moved, whatever the tags."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.rendus import rendre
from corpus.canonical import build_loaded
from corpus.library import Corpus
from corpus.loading.errors import FichierRefuse
from corpus.loading.html import read_html
from corpus.loading.limits import LIMITES
from corpus.loading.markdown import read_markdown
from corpus.models import Bloc, DocumentCanonique

INLINE = ("b", "i", "em", "strong", "span", "a", "sup", "sub", "small", "abbr", "x-mot", "font")
BLOCKS = (
    "div", "p", "section", "article", "blockquote", "h1", "h3", "h6", "ul", "ol", "dl", "pre",
    "details", "table", "figure", "aside", "address", "center", "fieldset", "layout",
    "footer", "header", "encadre", "br",
)  # fmt: skip
WRAPPED = {
    "ul": ("<ul><li>", "</li></ul>"),
    "ol": ("<ol start=4><li>", "</li></ol>"),
    "dl": ("<dl><dt>terme</dt><dd>", "</dd></dl>"),
    "details": ("<details><summary>pli</summary>", "</details>"),
    "table": ("<table><tr><td>gauche</td><td>", "</td></tr></table>"),
    "layout": ("<table role=presentation><tr><td>", "</td></tr></table>"),
    "figure": ("<figure>", "<figcaption>dessin</figcaption></figure>"),
    "encadre": ("<div class=encadre>", "</div>"),
    "br": ("<br>", "<br><br>"),
}
MARKS = {"•", "4."}

words = st.lists(st.text("abcdefé", min_size=1, max_size=4), min_size=1, max_size=3).map(" ".join)
inline = st.recursive(
    words.map(escape),
    lambda inner: st.tuples(st.sampled_from(INLINE), st.lists(inner, min_size=1, max_size=2)).map(
        lambda pair: f"<{pair[0]}> {' '.join(pair[1])} </{pair[0]}>"
    ),
    max_leaves=3,
)


def wrap(tag: str, inside: list[str]) -> str:
    before, after = WRAPPED.get(tag, (f"<{tag}>", f"</{tag}>"))
    return before + "\n".join(inside) + after


trees = st.recursive(
    inline,
    lambda inner: st.builds(wrap, st.sampled_from(BLOCKS), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=10,
)


def written(page: str) -> list[str]:
    """Words of a page in the order of its source, found without its loader."""
    text, depth = [], 0
    for piece in page.replace(">", "> ").replace("<", " <").split():
        depth += piece.startswith("<")
        if not depth:
            text.append(piece)
        depth -= piece.endswith(">")
    return text


@settings(max_examples=150, deadline=None)
@given(st.lists(trees, min_size=1, max_size=3))
@example(["<h1> <div> a </div> b </h1>"])
@example(["<p> a <table><tr><td>gauche</td><td> b </td></tr></table> c </p>"])
@example(["<b> <div> a </div> </b>", "<ul><li> <ul><li> b </li></ul> c </li></ul>"])
def test_every_visible_word_comes_out_once_and_in_order(parts: list[str]) -> None:
    page = f"<body><main>{''.join(parts)}</main></body>"
    document = read_html(page.encode(), LIMITES, lambda _done, _total: None)
    read = [word for bloc in document.blocs for word in bloc.contenu.texte.split()]
    assert [word for word in read if word not in MARKS] == written(page)


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.text("<>/= \"'&;#!-[]abp1é", max_size=80)
)
def test_no_page_however_malformed_breaks_the_reading(page: str) -> None:
    assert motive_of(page) in (None, "vide", "inconnu")


def motive_of(page: str) -> str | None:
    try:
        read_html(page.encode(), LIMITES, lambda _done, _total: None)
    except FichierRefuse as refusal:
        return refusal.motif
    return None


def headings(document: DocumentCanonique) -> list[str]:
    return [
        text_of(document, bloc)
        for bloc in document.blocs
        if bloc.nature in ("titre", "question", "encadre")
    ]


def items(document: DocumentCanonique) -> list[str]:
    found = [text_of(document, bloc) for bloc in document.blocs if bloc.nature == "element"]
    return [text.split(" ", 1)[-1] for text in found]


def text_of(document: DocumentCanonique, bloc: Bloc) -> str:
    return document.texte[bloc.debut : bloc.fin]


def spoken(document: DocumentCanonique) -> list[str]:
    """Words without the marks of items, which each format draws its own way."""
    return [word for word in document.texte.split() if any(map(str.isalnum, word))]


@pytest.mark.parametrize("form", ["site-html", "pandoc-md"])
@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_the_corpus_comes_back_whole_from_a_page_and_from_markdown(
    corpus: Corpus, form: str, name: str
) -> None:
    document = corpus.documents[name]
    content = rendre(document, "site-html" if form == "site-html" else "pandoc-md")
    read = read_html if form == "site-html" else read_markdown
    charge = read(content, LIMITES, lambda _done, _total: None)
    bare = {"lacunes": (), "titres_restitues": (), "mobilier": (), "mise_en_page": None}
    back = build_loaded(charge, document.fiche.model_copy(update=bare | {"format": charge.format}))
    # The page bears its title above the text.
    start = len(document.fiche.titre.split()) if form == "site-html" else 0
    titled = 1 if form == "site-html" else 0
    expected = spoken(document)
    assert spoken(back)[-len(expected) :] == expected
    assert len(spoken(back)) <= len(expected) + start
    assert headings(back)[titled:] == headings(document)
    assert items(back) == items(document)
