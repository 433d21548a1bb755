"""Where the text of a page is: its main part, without menus, banners, forms and buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.loading.html.boxes import is_marked_box
from corpus.loading.html.tree import Noeud, ancetres, descendants, mots_de, texte_de
from corpus.loading.html.words import clean, names

_SHARE = 0.5
"""Share of the page's words below which the announced main part is not believed."""
_SECTIONS = frozenset({"article", "main", "section", "aside", "blockquote", "details", "td"})
_FURNITURE_ROLES = names(
    "navigation menu menubar toolbar search banner contentinfo tooltip doc-toc doc-index"
)
_CONTROLS = frozenset({"button", "label", "fieldset"})
_COOKIES = re.compile(
    r"(?:^|[-_\s])(?:cookies?|tarteaucitron\w*|axeptio\w*|didomi|onetrust|consent|fr-consent|"
    r"rgpd|gdpr|orejime)(?:$|[-_\s])",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"(?:^|[-_\s])(?:share\w*|partag\w+|social\w*|addtoany|breadcrumbs?|fil-?d?-?ariane|skip\w*|"
    r"evitement|pagination|pager|related|newsletter|print|tags?|back-to-top|outils?)(?:$|[-_\s])",
    re.IGNORECASE,
)
_TOP = re.compile(r"(?:retour\s+)?(?:en\s+)?haut(?:\s+de\s+(?:la\s+)?page)?", re.IGNORECASE)
_HALF = 0.5

Filtre = Callable[[Noeud], bool]


def find_content(page: Noeud) -> tuple[Noeud, tuple[str, ...]]:
    """The part of a visible page that is its text, freed in place of its furniture; remarks."""
    body = next((n for n in descendants(page) if n.tag == "body"), None)
    # Text may stand before or after a body that was closed too early.
    whole = page if body is None or mots_de(body) < mots_de(page) else body
    total = sum(1 for _ in _own_words(whole))
    furniture = _furniture(total)
    remarks: tuple[str, ...] = ()
    candidate = _landmark(whole)
    if candidate is not None:
        share = _words(candidate, furniture) / max(1, _words(whole, furniture))
        if share < _SHARE:
            told = (
                f"la partie principale annoncée par la page n'a que {share:.0%} de ses mots : "
                "toute la page a été lue, sans ses menus"
            )
            remarks = (told,)
            candidate = None
    root = candidate or whole
    title = _title_outside(page, root)
    if _words(root, furniture):
        _without(root, furniture, keep_titles=candidate is None)
    if title is not None:
        root.enfants.insert(0, title)
    return root, remarks


def _landmark(whole: Noeud) -> Noeud | None:
    mains = [n for n in descendants(whole) if n.tag == "main" or n.role == "main"]
    if mains:
        return max(mains, key=mots_de)
    articles = [
        n
        for n in descendants(whole)
        if (n.tag == "article" or n.role == "article")
        and not any(above.tag == "article" for above in ancetres(n))
    ]
    return articles[0] if len(articles) == 1 else None


def _title_outside(page: Noeud, root: Noeud) -> Noeud | None:
    """The heading of the page where it stands apart from the main part that has none."""
    if any(n.tag == "h1" for n in descendants(root)):
        return None
    named = clean(page.lire("titre")).casefold()
    for heading in (n for n in descendants(page) if n.tag == "h1"):
        text = clean(texte_de(heading)).casefold()
        if text and named.startswith(text):
            return heading
    return None


def _furniture(total: int) -> Filtre:
    """What is no text, in a page of so many words out of links."""

    def weighs(noeud: Noeud) -> bool:
        return sum(1 for _ in _own_words(noeud)) > _HALF * total

    def is_furniture(noeud: Noeud) -> bool:
        if noeud.tag in ("nav", "menuitem") or noeud.role in _FURNITURE_ROLES:
            return True
        if noeud.tag == "a":
            to_top = noeud.lire("href").startswith("#")
            return to_top and _TOP.fullmatch(clean(texte_de(noeud))) is not None
        if noeud.tag == "form":
            return any(n.tag in _CONTROLS for n in descendants(noeud)) and not weighs(noeud)
        if noeud.tag in ("header", "footer", "aside") or noeud.role == "complementary":
            return _is_margin(noeud) and not weighs(noeud)
        return _is_banner(noeud)

    return is_furniture


def _is_margin(noeud: Noeud) -> bool:
    """Whether a header, a footer or an aside is the page's, not that of a part of its text."""
    inside = any(above.tag in _SECTIONS or above.role == "main" for above in ancetres(noeud))
    if noeud.tag in ("header", "footer"):
        return not inside and noeud.lire("id") != "title-block-header"
    if "footnote" in noeud.role or is_marked_box(noeud):
        return False
    return not inside or sum(1 for _ in _own_words(noeud)) < _HALF * mots_de(noeud)


def _is_banner(noeud: Noeud) -> bool:
    """Whether it asks for consent, or offers links and buttons only."""
    named = " ".join((noeud.lire("class"), noeud.lire("id")))
    if not named.strip() or noeud.tag in ("body", "html", "main"):
        return False
    if _COOKIES.search(named):
        below = {n.tag for n in descendants(noeud)}
        return bool(below & {"button", "a"}) and not below & {"main", "h1", "article"}
    if _LINKS.search(named):
        return sum(1 for _ in _own_words(noeud)) <= _HALF * mots_de(noeud)
    return False


def _own_words(noeud: Noeud) -> Iterator[str]:
    """Words that are neither in links nor in buttons."""
    waiting = [noeud]
    while waiting:
        current = waiting.pop()
        for enfant in current.enfants:
            if isinstance(enfant, str):
                yield from enfant.split()
            elif enfant.tag != "button" and "href" not in enfant.attributs:
                waiting.append(enfant)


def _words(noeud: Noeud, furniture: Filtre) -> int:
    count = 0
    waiting = [noeud]
    while waiting:
        current = waiting.pop()
        for enfant in current.enfants:
            if isinstance(enfant, str):
                count += len(enfant.split())
            elif not furniture(enfant):
                waiting.append(enfant)
    return count


def _without(root: Noeud, furniture: Filtre, *, keep_titles: bool) -> None:
    """Take the furniture out; a page's only main heading stays where its header goes."""
    alone = keep_titles and sum(n.tag == "h1" for n in descendants(root)) == 1
    waiting = [root]
    while waiting:
        current = waiting.pop()
        kept: list[Noeud | str] = []
        for enfant in current.enfants:
            if isinstance(enfant, str) or not furniture(enfant):
                kept.append(enfant)
            elif alone and (enfant.tag == "header" or enfant.role == "banner"):
                kept.extend(n for n in descendants(enfant) if n.tag == "h1")
        current.enfants = kept
        waiting.extend(current.elements)
