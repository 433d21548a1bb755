"""The measures as a web page, and the command that writes it."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from test_evaluation_measures import GROUP, RHONE, answer, cited, report, retrieval

from assistant.comptes import compte
from assistant.evaluation import page as page_module
from assistant.evaluation.page import en_html
from assistant.evaluation.table import afficher, groupes

if TYPE_CHECKING:
    from assistant.evaluation.report import RapportEvaluation

UNUSABLE = 2
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
QUESTION = "Combien d'enfants par groupe ?"
PIEGE = '<script>alert("x")</script> & <b>gras</b>'


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its words."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        # No-break spaces read as spaces; a test of its own looks at them.
        self.words += data.replace("\u00a0", " ")

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def measured() -> RapportEvaluation:
    """Two right answers, a missing fact, an answer where the texts are silent, a wrong refusal."""
    good = ("001", "huit à douze enfants")
    facts = {"faits": [["Huit à douze"]], "style": "sms", "categorie": "seuil"}
    refusal = answer(type="hors_corpus", citations=(), texte="Rien.", confiance=0.1)
    return report(
        retrieval(good, preuves=[GROUP], **facts),
        ({"faits": [["quinze"]], "interdits": ["douze"]}, answer(confiance=0.5, texte=PIEGE)),
        ({"repondable": False, "genre_refus": "quasi"}, answer(confiance=0.4)),
        ({"faits": [["douze"]]}, refusal),
        (
            {
                "tours": ["a", "b"],
                "repondable_tours": [True, False],
                "faits_tours": [[["douze"]], None],
                "nature_tours": ["reponse", "silence"],
            },
            [answer(), refusal],
        ),
    )


def test_conversations_are_measured_by_rank_and_by_nature_of_turn() -> None:
    found = measured()
    assert {name: m.tours for name, m in found.par_rang.items()} == {"1": 1, "2": 1}
    assert {name: m.tours for name, m in found.par_nature.items()} == {"reponse": 1, "silence": 1}
    assert found.par_rang["1"].reponses_justes.reussites == 1
    assert found.par_nature["silence"].refus.rappel.reussites == 1


def test_ranks_of_turns_are_in_the_order_of_numbers() -> None:
    found = report(({"tours": ["x"] * 11}, [answer()] * 11))
    assert list(found.par_rang) == [str(rank) for rank in range(1, 12)]


def test_without_conversations_nothing_is_shown_of_them() -> None:
    found = report(({}, answer()))
    assert [title for title, _ in groupes(found)] == ["Par style", "Par catégorie"]


def test_the_curve_is_in_the_json_and_in_the_page() -> None:
    found = measured()
    # Right: two at 0.9; wrong: 0.5 and 0.4; refused: two of six.
    curve = json.loads(found.model_dump_json())["risque_couverture"]
    assert (curve["tours"], curve["repondus"]) == (6, 4)
    assert [(p["couverture"], p["risque"]) for p in curve["points"]] == [
        (2 / 6, 0.0),
        (3 / 6, 1 / 3),
        (4 / 6, 0.5),
    ]
    assert curve["aire"]["valeur"] == (0 + 0 + 1 / 3 + 1 / 2) / 4
    page = Page(en_html(found))
    assert "Aire sous la courbe (risque moyen, AURC) : 0,208" in page.words
    assert "sur 4 réponses pour 6 questions jugées" in page.words
    assert {"svg", "desc", "polyline"} <= page.tags()


def test_every_error_is_in_the_page_with_what_was_expected_and_said() -> None:
    words = Page(en_html(measured())).words
    assert "Erreurs (3 sur 6 réponses)" in words
    for said in (
        "une réponse qui dit : « quinze »",
        "il manque : « quinze »",
        "répondue, alors que les textes ne répondent pas",
        "refusée, alors que les textes répondent",
        "type hors corpus, confiance 0,100",
    ):
        assert said in words


def test_answers_well_dealt_with_but_not_proved_are_told_apart_from_the_others() -> None:
    unproved = answer(citations=(cited("004", "L'action dure"),))
    found = report(
        ({"preuves": [GROUP], "faits": [["douze"]]}, unproved), ({"faits": [["quinze"]]}, answer())
    )
    said = (
        "Réponses avec au moins une faute : 2. Pas bien traitées : 1 (bien traitées : 1/2). "
        "Bien traitées, avec une autre faute : 1, dont non prouvée (1)."
    )
    assert said in Page(en_html(found)).words
    console = Console(file=io.StringIO(), width=300)
    afficher(found, console)
    assert isinstance(console.file, io.StringIO)
    assert said in console.file.getvalue()


def test_one_question_is_singular() -> None:
    words = Page(en_html(report(({"faits": [["quinze"]]}, answer())))).words
    assert "1 question, 1 réponse." in words
    assert "Erreurs (1 sur 1 réponse)" in words
    assert not re.search(r"\b1 (questions|réponses)\b", words)
    assert [compte(n, "question", "jugée") for n in (0, 2)] == [
        "0 question jugée",
        "2 questions jugées",
    ]


def test_names_that_the_program_uses_are_shown_in_french() -> None:
    fields = {"style": "mots_cles", "categorie": "hors_perimetre"}
    talk = {
        "tours": ["a", "b"],
        "faits_tours": [[["quinze"]], None],
        "nature_tours": ["reponse", "deux_mots"],
        "categorie": "changement_sujet",
    }
    found = report(({"faits": [["quinze"]]} | fields, answer()), (talk, [answer(), answer()]))
    words = Page(en_html(found)).words
    for label in (
        "mots-clés",
        "hors périmètre",
        "changement de sujet",
        "deux mots",
        "type réponse",
    ):
        assert label in words
    assert "_" not in words.partition("}\n")[2].rpartition("}")[2]
    assert "mots_cles" in found.par_style


def test_what_was_expected_and_answered_is_folded_by_the_reader_alone() -> None:
    page = Page(en_html(measured()))
    folds = [attributes for tag, attributes in page.elements if tag == "details"]
    # Two blocks for each of the three errors; only the ten passages begin folded: none here.
    assert [fold.get("open") for fold in folds] == ["open"] * 6
    assert not {"script", "template"} & page.tags()


def test_a_miss_shows_its_passages_with_rank_scope_and_proof() -> None:
    ranked = [("004", "Le prix plafond"), ("002", RHONE), ("001", "huit à douze enfants")]
    found = report(retrieval(*ranked, preuves=[GROUP], faits=[["quinze"]]))
    page = Page(en_html(found))
    assert [attributes for tag, attributes in page.elements if tag == "details"][2] == {}
    for said in (
        "Les 3 passages",
        "Document 004, portée nationale, caractères 35 à 50 ; ne contient pas de preuve.",
        "Document 002, portée locale (69), caractères 15 à 44 ; ne contient pas de preuve.",
        "Document 001, portée nationale, caractères 21 à 41 ; contient la preuve 1.",
        "Rang de la preuve : 3.",
        "Document 001 ; trouvée au rang 3.",
        "Document 001, portée nationale ; contient la preuve 1.",
    ):
        assert said in page.words


def test_a_proof_that_no_passage_holds_is_said_so() -> None:
    found = report(retrieval(("004", "Le prix plafond"), preuves=[GROUP], faits=[["quinze"]]))
    words = Page(en_html(found)).words
    assert "Rang de la preuve : au-delà du 10e." in words
    assert "Document 001 ; trouvée dans aucun des passages." in words


def test_a_miss_of_a_conversation_shows_the_turns_before() -> None:
    fields = {"tours": ["Et en milieu rural ?", "Et ailleurs ?"], "faits_tours": [[], [["x"]]]}
    words = Page(en_html(report((fields, [answer(), answer()])))).words
    assert "Tours d'avantEt en milieu rural ?" in words


def test_every_kind_of_fault_leads_to_all_its_misses() -> None:
    wrong = ({"faits": [["quinze"]], "interdits": ["douze"]}, answer())
    page = Page(en_html(report(wrong, ({"repondable": False}, answer()))))
    links = [a["href"] for tag, a in page.elements if tag == "a" and "href" in a]
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert {link.removeprefix("#") for link in links if link} <= set(ids)
    assert len(ids) == len(set(ids))
    # The second fault of the first error leads back to it.
    assert "#erreur-1" in links
    assert [identifier for identifier in ids if identifier and identifier.startswith("genre-")] == [
        "genre-1", "genre-2", "genre-3",
    ]  # fmt: skip


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in Page(en_html(measured())).elements if tag in HEADINGS]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1


def test_every_chart_is_named_summed_up_and_followed_by_its_table() -> None:
    page = Page(en_html(measured()))
    tags = [tag for tag, _ in page.elements]
    charts = [attributes for tag, attributes in page.elements if tag == "svg"]
    # Hits, two for each of styles, subjects, ranks and natures but one that has nothing to draw in
    # each of the two last, the curve, reliability, latency.
    assert len(charts) == 1 + 2 + 2 + 1 + 1 + 1 + 1 + 1
    assert tags.count("figcaption") == len(charts)
    ids = {attributes.get("id") for _, attributes in page.elements}
    for chart in charts:
        assert set((chart.get("aria-labelledby") or "?").split()) <= ids
    last_chart = len(tags) - 1 - tags[::-1].index("svg")
    assert "table" in tags[last_chart:]


def test_words_of_the_program_have_french_spaces_and_those_of_others_stay() -> None:
    found = report(({"faits": [["quinze"]]}, answer(texte="Prix : 7\u202f885 € ; ok ?")))
    page = en_html(found).decode("utf-8")
    assert "Attendu\u00a0: une réponse qui dit\u00a0: «\u00a0quinze\u00a0»." in page
    assert ">Prix : 7\u202f885 € ; ok ?<" in page


def test_the_page_says_that_times_depend_on_the_machine() -> None:
    words = Page(en_html(measured())).words
    assert "Ces durées dépendent de la machine" in words


COULEUR = re.compile(r"--([a-z]+): (#[0-9a-f]{6})")
FEUILLE = Path(page_module.__file__).with_name("evaluation.css")


def luminance(couleur: str) -> float:
    def lineaire(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    rouge, vert, bleu = (lineaire(int(couleur[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def contraste(une: str, autre: str) -> float:
    bas, haut = sorted((luminance(une), luminance(autre)))
    return (haut + 0.05) / (bas + 0.05)


def test_contrast_is_worked_out_as_the_standard_does() -> None:
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1])
def test_both_themes_have_enough_contrast(theme: int) -> None:
    racines = re.findall(r":root \{([^}]*)\}", FEUILLE.read_text(encoding="utf-8"))
    assert len(racines) == 2
    couleurs = dict(COULEUR.findall(racines[theme]))
    for fond in ("papier", "fond"):
        for encre in ("encre", "lien"):
            assert contraste(couleurs[encre], couleurs[fond]) >= 4.5, (encre, fond)
    for dessin in ("trait", "barre", "repere", "faute", "juste"):
        assert contraste(couleurs[dessin], couleurs["papier"]) >= 3, dessin
    assert contraste(couleurs["encre"], couleurs["barre"]) >= 3


def test_words_of_a_set_or_of_an_answer_never_become_markup() -> None:
    page = Page(en_html(measured()))
    assert PIEGE in page.words
    assert not {"script", "b"} & page.tags()


def test_a_page_holds_no_control_character_nor_half_of_one() -> None:
    found = report(({"faits": [["x"]]}, answer(texte="a\x00\x1b\ud800b")))
    assert "a\ufffd\ufffd\ufffdb" in Page(en_html(found)).words


def test_the_page_asks_nothing_of_anyone() -> None:
    page = Page(en_html(measured()))
    outside = [
        value
        for _, attributes in page.elements
        for name in ("src", "href", "action")
        if (value := attributes.get(name)) is not None and not value.startswith("#")
    ]
    assert outside == []
    assert "link" not in page.tags()


def test_every_column_and_row_of_a_table_has_its_heading() -> None:
    page = Page(en_html(measured()))
    scopes = [attributes.get("scope") for tag, attributes in page.elements if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert [tag for tag, _ in page.elements].count("caption") == sum(
        tag == "table" for tag, _ in page.elements
    )


def test_the_same_report_gives_the_same_bytes() -> None:
    found = measured()
    assert en_html(found) == en_html(found)
