"""A canonical text as semantic HTML: headings, paragraphs, lists, holes, page numbers, marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.models import Bloc, DocumentCanonique, Trou
from pages_clas.balises import Marque, echapper, lu_seulement, marquer, surligner

_TITRES = frozenset({"titre", "question", "encadre"})
_LISTES = frozenset({"element", "ligne_tableau"})
_PREMIER_NIVEAU = 3
"""Headings of a text stand under the page's h1 and the text's own h2."""
_DERNIER_NIVEAU = 6


class Titre(NamedTuple):
    """A heading of a text: ``ancre`` is the id of its element."""

    texte: str
    profondeur: int
    ancre: str
    restitue: bool
    """The source file lost it: shown to find one's way, never quoted."""


class _Etape(NamedTuple):
    """What comes next in the page: restored headings, then the block itself."""

    bloc: Bloc
    restitues: tuple[Titre, ...]
    titre: Titre | None


def plan(document: DocumentCanonique) -> tuple[Titre, ...]:
    """List the headings of a text, in order, those that its source lost included."""
    titres: list[Titre] = []
    for etape in _parcourir(document):
        titres += etape.restitues
        if etape.titre:
            titres.append(etape.titre)
    return tuple(titres)


def plan_html(document: DocumentCanonique) -> str:
    """Render the outline as a list of links within the page."""
    lignes = "".join(
        f'<li class="clas-n{min(titre.profondeur, 4)}">'
        f'<a href="#{titre.ancre}">{echapper(titre.texte)}</a></li>'
        for titre in plan(document)
    )
    return (
        '<details class="clas-plan"><summary>Plan du texte</summary>'
        f'<nav aria-label="Plan du texte"><ul>{lignes}</ul></nav></details>'
    )


def texte_html(document: DocumentCanonique, marques: Sequence[Marque]) -> str:
    """Render a whole text with its marks."""
    morceaux: list[str] = []
    page: int | None = None
    liste = False
    trous = list(document.trous)
    for etape in _parcourir(document):
        bloc = etape.bloc
        en_liste = bloc.nature in _LISTES
        nouvelle_page = bloc.page is not None and bloc.page != page
        while trous and trous[0].position <= bloc.debut:
            morceaux.append(_fermer(liste) + _trou_html(trous.pop(0)))
            liste = False
        if liste and (not en_liste or nouvelle_page or etape.restitues):
            morceaux.append(_fermer(liste))
            liste = False
        if nouvelle_page:
            page = bloc.page
            morceaux.append(f'<p class="clas-page">Page {page}</p>')
        morceaux += [_titre_html(t, echapper(t.texte)) for t in etape.restitues]
        if en_liste and not liste:
            morceaux.append('<ul class="clas-liste">')
            liste = True
        morceaux.append(_bloc_html(document.texte, bloc, etape.titre, marques))
    morceaux.append(_fermer(liste))
    morceaux += [_trou_html(trou) for trou in trous]
    return f'<div class="clas-texte">{"".join(morceaux)}</div>'


def contexte_html(document: DocumentCanonique, debut: int, fin: int) -> str:
    """Render the blocks that a quotation stands in, its words highlighted.

    A list item comes with the sentence that introduces its list.
    """
    blocs = [b for b in document.blocs if b.debut < fin and b.fin > debut]
    premier = blocs[0].introduit_par if blocs else None
    if premier is not None and all(b.numero != premier for b in blocs):
        blocs = [b for b in document.blocs if b.numero == premier] + blocs
    marque = marquer(document.texte, debut, fin, "citation")
    lignes = (surligner(document.texte, b.debut, b.fin, [marque]) for b in blocs)
    # The ids of the document page would repeat from one card to the next.
    return "".join(f"<p>{ligne}</p>" for ligne in lignes).replace(
        ' id="passage-cite" tabindex="-1"', ""
    )


def _parcourir(document: DocumentCanonique) -> Iterator[_Etape]:
    chemin: tuple[str, ...] = ()
    for bloc in document.blocs:
        est_titre = bloc.nature in _TITRES
        parents = bloc.section[:-1] if est_titre else bloc.section
        restitues = tuple(
            Titre(titre, rang + 1, f"t{bloc.numero}-{rang}", restitue=True)
            for rang, titre in enumerate(parents)
            if chemin[: rang + 1] != parents[: rang + 1]
        )
        titre = None
        if est_titre:
            mots = bloc.section[-1] if bloc.section else document.texte[bloc.debut : bloc.fin]
            titre = Titre(mots, max(1, len(bloc.section)), f"b{bloc.numero}", restitue=False)
        chemin = bloc.section
        yield _Etape(bloc, restitues, titre)


def _fermer(liste: bool) -> str:
    return "</ul>" if liste else ""


def _trou_html(trou: Trou) -> str:
    return (
        '<p class="clas-trou"><span class="clas-signe" aria-hidden="true">!</span>'
        f"<strong>Contenu manquant :</strong> {echapper(trou.objet)} "
        "ne figure pas dans le texte reçu.</p>"
    )


def _titre_html(titre: Titre, contenu: str) -> str:
    niveau = min(_PREMIER_NIVEAU + titre.profondeur - 1, _DERNIER_NIVEAU)
    note = lu_seulement(" (titre restitué)") if titre.restitue else ""
    classe = ' class="clas-restitue"' if titre.restitue else ""
    return f'<h{niveau} id="{titre.ancre}" tabindex="-1"{classe}>{contenu}{note}</h{niveau}>'


def _bloc_html(texte: str, bloc: Bloc, titre: Titre | None, marques: Sequence[Marque]) -> str:
    contenu = surligner(texte, bloc.debut, bloc.fin, marques)
    if titre is not None:
        return _titre_html(titre, contenu)
    if bloc.nature in _LISTES:
        return f'<li class="clas-n{min(max(bloc.niveau, 1), 4)}">{contenu}</li>'
    if bloc.nature == "note":
        return f'<p class="clas-note">{lu_seulement("Note : ")}{contenu}</p>'
    return f"<p>{contenu}</p>"
