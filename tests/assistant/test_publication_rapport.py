"""The report read before publishing: whole, in plain words, and no word of a text is a mark."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from assistant.publication.apercu import Apercu, DocumentCompare
from assistant.publication.rapport import report_html, report_markdown
from assistant.publication.rejeu_modeles import (
    CitationRejouee,
    CritereChange,
    EcartProjet,
    EcartReponse,
    EuroChange,
    QuestionTemoin,
    Rejeu,
    ReponseRejouee,
)
from assistant.revision.appuis import Appui
from assistant.revision.effets import effects
from corpus.canonical import build_canonical
from corpus.comparison.alignment import align
from corpus.comparison.changes import list_changes
from corpus.models import FicheDocument

HOSTILE = (
    "<script>alert(1)</script> [ici](javascript:alert(2)) **gras** ~~barré~~ \u202e www.mal.fr"
)
OLD = """# Les groupes

Un groupe compte 8 enfants au plus et doit rester le même.

Chaque séance se tient dans un lieu calme, ouvert aux parents.
"""
NEW = f"""# Les groupes

Un groupe compte 6 enfants au plus et peut rester le même.

Chaque séance se tient dans un lieu calme, ouvert aux parents.

Rien d'autre n'est demandé aux porteurs : {HOSTILE}
"""


@pytest.fixture(scope="module")
def apercu(make_fiche: object) -> Apercu:
    fiche = make_fiche(titre=f"Texte {HOSTILE}")  # type: ignore[operator] # a factory
    assert isinstance(fiche, FicheDocument)
    old, new = build_canonical(OLD, fiche), build_canonical(NEW, fiche)
    quoted = "Un groupe compte 8 enfants au plus"
    start = old.texte.index(quoted)
    appui = Appui(
        genre="parametre", nom="paramètre effectif_max", champ="valeur", document=fiche.id,
        version=old.version, debut=start, fin=start + len(quoted), extrait=quoted,
    )  # fmt: skip
    alignement = align(old, new)
    compared = DocumentCompare(
        fiche.id, alignement, list_changes(alignement), effects(alignement, [appui])
    )
    return Apercu((compared,), ("neuf",), (), (), (appui,))


@pytest.fixture(scope="module")
def rejeu() -> Rejeu:
    def answered(texte: str) -> ReponseRejouee:
        proof = CitationRejouee(document="essai", version="0", debut=0, fin=3, extrait=HOSTILE)
        return ReponseRejouee(type="reponse", texte=texte, citations=(proof,))

    return Rejeu(
        avant="0" * 12, apres="1" * 12, questions=1, projets=1,
        reponses=(
            EcartReponse(
                question=QuestionTemoin(question=HOSTILE), type_change=False, texte_change=True,
                citations_changees=False, avant=answered("8 enfants"), apres=answered(HOSTILE),
            ),
        ),
        verifications=(
            EcartProjet(
                nom="Projet témoin", verdict_avant="eligible", verdict_apres="incomplet",
                criteres=(
                    CritereChange(
                        code="effectif", collectif=1, avant="conforme", apres="a_renseigner",
                        motif="à revoir",
                    ),
                ),
                euros=(EuroChange(montant="ps_total", avant=2563, apres=None),),
            ),
        ),
    )  # fmt: skip


class _Page(HTMLParser):
    """Tags and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: dict[str, list[str]] = {"del": [], "ins": []}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in self.words:
            self.words[self._open[-1]].append(data)


@pytest.fixture(scope="module")
def page(apercu: Apercu, rejeu: Rejeu) -> _Page:
    return _Page(report_html(apercu, rejeu))


@pytest.fixture(scope="module")
def markdown(apercu: Apercu, rejeu: Rejeu) -> str:
    return report_markdown(apercu, rejeu)


def test_no_word_of_a_text_becomes_an_element_of_the_page(page: _Page) -> None:
    assert not {"script", "img", "iframe", "form"} & set(page.tags)
    assert page.tags.count("a") == len(page.links)


def test_the_page_needs_nothing_that_is_not_in_it(page: _Page) -> None:
    assert {link[:1] for link in page.links} == {"#"}
    assert "link" not in page.tags


def test_words_that_went_and_words_that_came_are_told_by_elements_not_by_colour_alone(
    page: _Page,
) -> None:
    assert {"8", "doit"} <= set(page.words["del"])
    assert {"6", "peut"} <= set(page.words["ins"])


def test_no_turn_of_direction_reaches_the_page(apercu: Apercu, rejeu: Rejeu) -> None:
    assert "\u202e" not in report_html(apercu, rejeu)
    assert "\u202e" not in report_markdown(apercu, rejeu)


def test_no_word_of_a_text_is_read_as_markdown(markdown: str) -> None:
    tokens = [
        token
        for block in MarkdownIt("commonmark").enable("strikethrough").parse(markdown)
        for token in (block, *(block.children or ()))
    ]
    assert not {"link_open", "image", "html_inline", "html_block"} & {t.type for t in tokens}
    shown = "".join(token.content for token in tokens if token.type == "text")
    assert "<script>alert(1)</script>" in shown
    assert "[ici](javascript:alert(2)) **gras** ~~barré~~" in shown


def test_both_wordings_stand_side_by_side(markdown: str) -> None:
    assert (
        "> Avant : Un groupe compte ~~8~~ enfants au plus et ~~doit~~ rester le même." in markdown
    )
    assert "> Après : Un groupe compte **6** enfants au plus et **peut** rester" in markdown


def test_what_rests_on_the_change_is_named_with_the_value_that_seems_to_change(
    markdown: str,
) -> None:
    assert re.search(r"Les mots cités ont changé\*\* : 8 → 6", markdown)
    assert r"- paramètre « effectif\_max »" in markdown


@pytest.mark.parametrize(
    "said",
    [
        "1 document change ; 2 changements de fond.",
        "1 élément empêche de publier",
        "Documents ajoutés : neuf.",
        "verdict : éligible → incomplet",
        "critère effectif (collectif 1) : conforme → à renseigner. à revoir",
        "prestation de service, en tout : 2 563 € → inconnu",
    ],
)
def test_both_forms_say(apercu: Apercu, rejeu: Rejeu, said: str) -> None:
    plain = re.sub(r"\\(?=[^\w\s])", "", report_markdown(apercu, rejeu))
    for report in (plain, report_html(apercu, rejeu)):
        assert said in re.sub("[\u00a0\u202f]", " ", report)


def test_without_a_replay_none_is_told(apercu: Apercu) -> None:
    assert "rejoués" not in report_html(apercu, None)
    assert "rejoués" not in report_markdown(apercu, None)


def test_a_draft_that_changes_nothing_says_so() -> None:
    empty = Apercu((), (), (), (), ())
    assert "Rien n'empêche de publier." in report_markdown(empty, None)
    assert "Aucun texte ne change." in report_html(empty, None).replace("\u00a0", " ")
