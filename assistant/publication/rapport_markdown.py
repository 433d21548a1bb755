"""The report of a draft as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.evaluation.markup import lisible
from assistant.publication.rapport_contenu import Contenu, Difference, Touche
from assistant.publication.rapport_rejeu import ContenuRejeu
from corpus.comparison.changes import Fragment

_MARKS = re.compile(
    r"[\\`*_{}\[\]()|~]"  # emphasis, code, links, tables
    r"|^[-+#=](?=\s|#|$)|(?<=^\d)[.)]|(?<=^\d\d)[.)]"  # lists and headings
    r"|(?<=:)//|(?<=www)\."  # addresses that become links by themselves
)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
LEGENDE = "Les mots retirés sont ~~barrés~~ ; les mots venus sont **en gras**."


def lay_out_markdown(contenu: Contenu, rejeu: ContenuRejeu | None) -> str:
    """Lay the report out, ending with a line break."""
    return "\n\n".join(_parts(contenu, rejeu)) + "\n"


def _parts(contenu: Contenu, rejeu: ContenuRejeu | None) -> Iterator[str]:
    yield f"# {contenu.titre}"
    yield _plain(contenu.cotes)
    yield _list((*contenu.resume, *((rejeu.resume,) if rejeu else ())))
    yield LEGENDE
    yield "## Ce qui change dans les textes"
    if not contenu.documents:
        yield "Aucun texte ne change."
    for document in contenu.documents:
        yield f"### {_plain(document.titre)}"
        if not document.differences:
            yield "Aucun mot ne change."
        for difference in document.differences:
            yield from _difference(difference)
        if document.resume:
            yield _plain(document.resume)
    yield "## Ce qui s'appuie sur les mots changés"
    yield from _touched(contenu.touches, "Rien ne cite des mots qui changent.")
    if contenu.bloquants is not None:
        yield "## Ce qui empêche de publier"
        yield _list(contenu.bloquants) or "Rien."
    if contenu.decides:
        yield "## Mis de côté ou réparé dans ce brouillon"
        yield _list(contenu.decides)
    yield "## À relire"
    yield from _touched(contenu.a_relire, "Rien.")
    if rejeu is not None:
        yield from _replay(rejeu)


def _difference(difference: Difference) -> Iterator[str]:
    place = f" — {_plain(difference.lieu)}" if difference.lieu else ""
    yield f"**{difference.titre}**{place}"
    if difference.valeurs:
        yield _list(difference.valeurs)
    yield from _both(difference.avant, difference.apres)


def _both(avant: Iterable[Fragment], apres: Iterable[Fragment]) -> Iterator[str]:
    yield f"> Avant : {_fragments(avant, '~~') or '(rien)'}"
    yield f"> Après : {_fragments(apres, '**') or '(rien)'}"


def _fragments(fragments: Iterable[Fragment], mark: str) -> str:
    return " ".join(
        words if fragment.egal else f"{mark}{words}{mark}"
        for fragment in fragments
        if (words := _plain(fragment.texte))
    )


def _touched(touched: Iterable[Touche], nothing: str) -> Iterator[str]:
    empty = True
    for item in touched:
        empty = False
        values = f" : {_plain(', '.join(item.valeurs))}" if item.valeurs else ""
        yield f"**{item.alerte[:1].upper()}{item.alerte[1:]}**{values}"
        yield from _both(item.avant, item.apres)
        yield "Ce qui les cite :"
        yield _list(item.noms)
    if empty:
        yield nothing


def _replay(rejeu: ContenuRejeu) -> Iterator[str]:
    yield "## Questions et projets rejoués"
    yield _plain(rejeu.resume)
    for projet in rejeu.projets:
        yield f"### Projet : {_plain(projet.titre)}"
        yield _list(projet.lignes)
    for question in rejeu.questions:
        yield f"### Question : {_plain(question.titre)}"
        yield _plain(question.change)
        yield f"> Avant : {_plain(question.avant)}"
        yield _list(question.preuves_avant) or "Aucune citation."
        yield f"> Après : {_plain(question.apres)}"
        yield _list(question.preuves_apres) or "Aucune citation."


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _plain(words: str) -> str:
    """Words on one line, in which nothing is a mark of Markdown nor of HTML."""
    clean = " ".join(lisible(words).split())
    return _MARKS.sub(r"\\\g<0>", re.sub(r"[&<>]", lambda found: _HTML[found[0]], clean))
