"""The little Markdown that answers are written in, shown as HTML or as plain text.

Paragraphs, ``- `` lists, ``**bold**``, marks ``[1]`` that lead to a citation, and backslash
escapes. Anything else is plain words, shown as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from pages_clas.balises import echapper, lu_seulement

_JETON = re.compile(r"\\([\\`*_{}\[\]<>#|~$()!+.:-])|(\*\*)|\[(\d{1,3})\]")


class Jeton(NamedTuple):
    """A run of words, a switch of bold, or the mark of a citation (its number as words)."""

    type: Literal["mots", "gras", "appel"]
    texte: str


class BlocMarkdown(NamedTuple):
    """A paragraph, or a list and its items."""

    liste: bool
    lignes: tuple[tuple[Jeton, ...], ...]


def lire_markdown(texte: str) -> tuple[BlocMarkdown, ...]:
    """Read the blocks of an answer."""
    blocs = []
    for paragraphe in re.split(r"\n\s*\n", texte.strip()):
        lignes = paragraphe.split("\n")
        liste = all(ligne.startswith("- ") for ligne in lignes)
        contenus = [ligne.removeprefix("- ") if liste else ligne for ligne in lignes]
        blocs.append(BlocMarkdown(liste, tuple(tuple(_jetons(c)) for c in contenus)))
    return tuple(blocs)


def _jetons(ligne: str) -> Iterator[Jeton]:
    fin = 0
    for trouve in _JETON.finditer(ligne):
        if trouve.start() > fin:
            yield Jeton("mots", ligne[fin : trouve.start()])
        fin = trouve.end()
        if trouve.group(1):
            yield Jeton("mots", trouve.group(1))
        elif trouve.group(2):
            yield Jeton("gras", "")
        else:
            yield Jeton("appel", trouve.group(3))
    if fin < len(ligne):
        yield Jeton("mots", ligne[fin:])


def en_html(texte: str, citations: int, prefixe: str) -> str:
    """Render an answer; ``[n]`` leads to the element ``{prefixe}{n}`` when there is an n-th."""
    return "".join(_bloc_html(bloc, citations, prefixe) for bloc in lire_markdown(texte))


def _bloc_html(bloc: BlocMarkdown, citations: int, prefixe: str) -> str:
    lignes = [_ligne_html(ligne, citations, prefixe) for ligne in bloc.lignes]
    if bloc.liste:
        return "<ul>" + "".join(f"<li>{ligne}</li>" for ligne in lignes) + "</ul>"
    return "<p>" + "<br>".join(lignes) + "</p>"


def _ligne_html(jetons: tuple[Jeton, ...], citations: int, prefixe: str) -> str:
    # An odd « ** » is the words' own: it stays as it is.
    bascules = sum(jeton.type == "gras" for jeton in jetons) // 2 * 2
    morceaux: list[str] = []
    vues = 0
    for jeton in jetons:
        if jeton.type == "gras":
            vues += 1
            ouvre = "<strong>" if vues % 2 else "</strong>"
            morceaux.append(ouvre if vues <= bascules else "**")
        elif jeton.type == "appel" and 1 <= int(jeton.texte) <= citations:
            morceaux.append(
                f'<a class="clas-appel" href="#{prefixe}{int(jeton.texte)}">[{jeton.texte}]'
                f"{lu_seulement(' : voir la citation')}</a>"
            )
        elif jeton.type == "appel":
            morceaux.append(f"[{jeton.texte}]")
        else:
            morceaux.append(echapper(jeton.texte))
    return "".join(morceaux)


def en_texte(texte: str) -> str:
    """Render an answer as plain text: no signs but the marks of citations and of lists."""
    blocs = []
    for bloc in lire_markdown(texte):
        lignes = [
            "".join(f"[{j.texte}]" if j.type == "appel" else j.texte for j in ligne)
            for ligne in bloc.lignes
        ]
        blocs.append("\n".join(f"- {ligne}" if bloc.liste else ligne for ligne in lignes))
    return "\n\n".join(blocs)
