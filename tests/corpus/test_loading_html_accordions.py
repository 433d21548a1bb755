"""Reading of pages: buttons that unfold a part of the text, and those that do something."""

from __future__ import annotations

import pytest

from corpus.loading.html import read_html
from corpus.loading.limits import LIMITES
from corpus.loading.models import DocumentCharge

MONTANT = [
    ("titre", 2, "Montants"),
    ("question", 4, "Quel montant ?"),
    ("paragraphe", 0, "2 563 € par an"),
]
ANSWER = "<p>2 563 € par an</p>"


def read(page: str) -> DocumentCharge:
    return read_html(page.encode(), LIMITES, lambda _done, _total: None)


def shown(page: str) -> list[tuple[str, int, str]]:
    return [(b.nature, b.niveau, b.contenu.texte) for b in read(page).blocs]


@pytest.mark.parametrize(
    "accordion",
    [
        f"<button class=accordion>Quel montant ?</button><div class=panel>{ANSWER}</div>",
        f"<button aria-expanded=false>Quel montant ?</button><div>{ANSWER}</div>",
        f"<button aria-expanded=false>Quel montant ?</button><div hidden>{ANSWER}</div>",
        f"<button class=faq>Quel montant ?</button><p style='display:none'>{ANSWER[3:]}",
        f"<button>Quel montant ?</button>{ANSWER}",
        f"<div role=button>Quel montant ?</div>{ANSWER}",
        f"<a role=button aria-expanded=false href=#>Quel montant ?</a><div hidden>{ANSWER}</div>",
        f"<div><div><button>Quel montant ?</button></div><div>{ANSWER}</div></div>",
        f"<button aria-controls=r>Quel montant ?</button><hr><div id=r hidden>{ANSWER}</div>",
    ],
)
def test_a_button_heads_the_answer_that_it_unfolds(accordion: str) -> None:
    assert shown(f"<h2>Montants</h2>{accordion}") == MONTANT


def test_answers_stand_under_their_own_question_and_what_follows_under_none() -> None:
    page = (
        "<h2>Le Clas</h2><button class=accordion>Pour qui ?</button>"
        "<div class=panel><h3>Les âges</h3><p>De 6 à 18 ans</p></div>"
        "<button class=accordion>Les pièces à fournir</button>"
        "<div class=panel><p><b>Le dossier</b></p><ul><li>le bilan</li></ul></div><p>Suite</p>"
    )
    assert shown(page) == [
        ("titre", 2, "Le Clas"),
        ("question", 4, "Pour qui ?"),
        ("titre", 5, "Les âges"),
        ("paragraphe", 0, "De 6 à 18 ans"),
        ("titre", 4, "Les pièces à fournir"),
        ("titre", 5, "Le dossier"),
        ("element", 1, "• le bilan"),
        ("paragraphe", 0, "Suite"),
    ]
    assert read(page).blocs[-1].a_part


def test_a_question_under_a_deep_heading_stands_one_level_below() -> None:
    page = f"<h5>Montants</h5><button>Quel montant ?</button>{ANSWER}"
    assert shown(page)[1] == ("question", 6, "Quel montant ?")


@pytest.mark.parametrize(
    "button",
    [
        "<button>Imprimer</button>",
        "<button>Partager cette page</button>",
        "<button class=accordion>Voir plus</button>",
        "<button aria-expanded=false>Fermer</button>",
        "<button>Tout accepter</button>",
        "<button>Je m'inscris</button>",
        "<button>Télécharger le dossier complet</button>",
        "<button type=submit>Recherche</button>",
        "<button aria-haspopup=true>Ma Caf</button>",
        "<button class=dropdown-toggle aria-expanded=false>Rubriques</button>",
        "<div role=button>Imprimer</div>",
        "<button>×</button>",
    ],
)
def test_a_button_that_does_something_heads_nothing_and_is_not_told(button: str) -> None:
    page = read(f"<h2>Montants</h2><p>Le montant est fixé chaque année.</p>{button}{ANSWER}")
    assert [b.nature for b in page.blocs] == ["titre", "paragraphe", "paragraphe"]
    assert page.remarques == ()


def test_a_button_of_a_menu_shows_nothing_hidden() -> None:
    page = "<button class=dropdown-toggle aria-expanded=false>Rubriques</button>"
    assert shown(f"{page}<div class=dropdown-menu hidden>Caché</div><p>Texte</p>") == [
        ("paragraphe", 0, "Texte")
    ]


def test_a_sentence_on_a_button_left_out_is_told_once() -> None:
    button = "<button>L'aide est versée par la Caf.</button>"
    page = read(f"<p>Texte</p><p>Puis {button} ou {button}</p><button>Imprimer</button>")
    assert [b.contenu.texte for b in page.blocs] == ["Texte", "Puis ou"]
    assert page.remarques == (
        "1 bouton laissé de côté, qui n'ouvre aucun texte : « L'aide est versée par la Caf. »",
    )
