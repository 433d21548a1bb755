"""Reading of pages: which part is the text, what a reader does not see, in which encoding."""

from __future__ import annotations

import pytest

from corpus.loading.errors import FichierRefuse
from corpus.loading.html import read_html, tree
from corpus.loading.limits import LIMITES
from corpus.loading.models import DocumentCharge


def load(content: bytes, **limits: int) -> DocumentCharge:
    bounds = LIMITES.model_copy(update=limits)
    return read_html(content, bounds, lambda _done, _total: None)


def texts(page: str) -> list[str]:
    return [b.contenu.texte for b in load(page.encode()).blocs]


def refusal(content: bytes, **limits: int) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as caught:
        load(content, **limits)
    return caught.value


TEXT = "<p>Le Clas aide les enfants et leurs parents en dehors du temps de l'école.</p>"
WORDS = "Le Clas aide les enfants et leurs parents en dehors du temps de l'école."
MODAL = "<p>Une fenêtre qui ne s'ouvre qu'à la demande, avec plus de dix mots dedans</p>"
ARCHIVE = (
    b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/related;\r\n\tboundary=x\r\n\r\n<p>a</p>"
)
AROUND = (
    "<header><p>Caf</p><nav><a href=/>Accueil</a></nav></header>{}"
    "<aside><h2>À lire aussi</h2><a href=x>Rentrée</a></aside><footer>Mentions</footer>"
)


@pytest.mark.parametrize(
    "inside",
    [
        f"<main>{TEXT}</main>",
        f"<div role=main>{TEXT}</div>",
        f"<article>{TEXT}</article>",
        f"<div>{TEXT}</div>",
        TEXT,
    ],
)
def test_the_text_is_read_without_what_surrounds_it(inside: str) -> None:
    assert texts(AROUND.format(inside)) == [WORDS]


def test_a_main_part_that_holds_little_is_not_believed() -> None:
    document = load(f"<main><p>Chargement</p></main><div>{TEXT}</div>".encode())
    assert [b.contenu.texte for b in document.blocs] == ["Chargement", WORDS]
    assert "toute la page a été lue" in document.remarques[0]


def test_several_articles_are_all_read() -> None:
    assert texts("<article>Un</article><article>Deux</article>") == ["Un", "Deux"]


def test_the_title_of_a_page_is_kept_where_its_header_goes() -> None:
    assert texts(f"<header><nav>Menu</nav><h1>Le Clas</h1></header>{TEXT}") == ["Le Clas", WORDS]


def test_the_title_is_found_out_of_the_main_part() -> None:
    page = f"<title>Le Clas | Caf</title><div><h1>Le Clas</h1></div><main>{TEXT}</main>"
    assert texts(page) == ["Le Clas", WORDS]


def test_the_header_of_an_article_is_text() -> None:
    page = f"<article><header><h1>Le Clas</h1></header>{TEXT}<footer>Signé</footer></article>"
    assert texts(page) == ["Le Clas", WORDS, "Signé"]


def test_the_title_block_of_pandoc_is_text() -> None:
    page = f"<header id=title-block-header><h1>Le Clas</h1><p>Cnaf</p></header>{TEXT}"
    assert texts(page) == ["Le Clas", "Cnaf", WORDS]


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href=/>Accueil</a></nav>",
        "<div role=navigation>Menu</div>",
        "<ul class=breadcrumb><li><a href=/>Accueil</a></li></ul>",
        "<div class=share-buttons><a href=x>Partager</a> <button>Imprimer</button></div>",
        "<ul class=liens-evitement><li><a href=#c>Aller au contenu</a></ul>",
        "<div id=cookie-banner><p>Nous utilisons des traceurs.</p><button>Accepter</button></div>",
        "<div class=tarteaucitronRoot><p>Des cookies ?</p><button>Tout refuser</button></div>",
        "<dialog>Fenêtre</dialog>",
        "<div role=dialog>Fenêtre</div>",
        "<form><label>Nom</label><input name=n><button>Envoyer</button></form>",
        "<select><option>Hérault</option></select>",
        "<a href=#haut>Haut de page</a>",
        "<script>var a = 'mot';</script>",
        "<style>p { color: red }</style>",
        "<template><p>Modèle</p></template>",
        "<noscript>Activez JavaScript</noscript>",
        "<p hidden>Caché</p>",
        "<p style='color: red; display:none'>Caché</p>",
        "<p style='visibility: hidden'>Caché</p>",
        "<span aria-hidden=true>→</span>",
        "<span class=sr-only>Nouvelle fenêtre</span>",
        "<p class=fr-hidden>Caché</p>",
        f"<div class='modal fade' aria-hidden=true>{MODAL}</div>",
    ],
)
def test_what_is_no_text_goes_wherever_it_stands(furniture: str) -> None:
    assert texts(f"<main>{furniture}{TEXT}</main>") == [WORDS]
    assert texts(f"<body>{TEXT}{furniture}</body>") == [WORDS]


def test_a_form_around_the_whole_page_hides_nothing() -> None:
    page = f"<form action=x><input type=hidden name=v>{TEXT}<button>Chercher</button></form>"
    assert texts(page) == [WORDS]


def test_a_class_named_after_sharing_hides_no_sentence() -> None:
    page = "<main><div class=partage>Le partage des rôles entre parents.</div><p>Fin</p></main>"
    assert texts(page) == ["Le partage des rôles entre parents.", "Fin"]


def test_what_a_small_screen_hides_is_read() -> None:
    assert texts("<p class='d-none d-md-block'>Texte</p>") == ["Texte"]


def test_text_hidden_from_screen_readers_only_is_seen() -> None:
    assert texts(f"<div aria-hidden=true>{TEXT}</div>") == [WORDS]


def test_text_after_a_body_closed_too_early_is_read() -> None:
    assert texts("<html><body><p>un</p></body><p>deux</p></html><p>trois</p>") == [
        "un",
        "deux",
        "trois",
    ]


def test_a_page_of_menus_only_is_read_as_it_is() -> None:
    assert texts("<nav><p>Seul texte</p></nav>") == ["Seul texte"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<p>l’élève</p>".encode(), "l’élève"),
        ("\ufeff<p>l’élève</p>".encode(), "l’élève"),
        ("<p>l’élève</p>".encode("utf-16"), "l’élève"),
        ("<meta charset=windows-1252><p>l’élève</p>".encode("cp1252"), "l’élève"),
        ("<meta charset='iso-8859-1'><p>l’élève, 5 €</p>".encode("cp1252"), "l’élève, 5 €"),
        (
            "<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-15'>"
            "<p>5 €</p>".encode("iso8859-15"),
            "5 €",
        ),
        ("<?xml version='1.0' encoding='iso-8859-1'?><p>é</p>".encode("latin-1"), "é"),
        ("<meta charset=macintosh><p>élève</p>".encode("mac_roman"), "élève"),
        ("<p>l’élève</p>".encode("cp1252"), "l’élève"),
    ],
)
def test_a_page_is_read_in_the_charset_it_is_written_in(content: bytes, words: str) -> None:
    assert load(content).blocs[0].contenu.texte == words


def test_a_charset_that_lies_is_told() -> None:
    document = load("<meta charset=iso-8859-1><p>élève</p>".encode())
    assert document.blocs[0].contenu.texte == "élève"
    assert "écrite en UTF-8" in document.remarques[0]


@pytest.mark.parametrize("name", ["rot13", "zlib", "utf-7", "unicode_escape", "inconnu"])
def test_a_charset_that_is_none_is_told_and_left(name: str) -> None:
    document = load(f"<meta charset={name}><p>élève +AOk- \\u00e9</p>".encode())
    assert document.blocs[0].contenu.texte == "élève +AOk- \\u00e9"
    assert name in document.remarques[0]


def test_a_guessed_charset_is_told() -> None:
    assert "Windows-1252" in load("<p>élève</p>".encode("cp1252")).remarques[0]


@pytest.mark.parametrize(
    ("content", "motif", "said"),
    [
        (b"", "vide", "aucun texte"),
        (b"<html><body><p> &nbsp; </p><img src=x></body></html>", "vide", "aucun texte"),
        (b"<div id=app></div><script src=a.js></script>", "vide", "JavaScript"),
        (b"<frameset><frame src=a.html></frameset>", "vide", "cadres"),
        (b"<p>a\0\0\0</p>", "inconnu", "binaire"),
        (ARCHIVE, "inconnu", "HTML uniquement"),
    ],
)
def test_what_is_not_read_is_said(content: bytes, motif: str, said: str) -> None:
    caught = refusal(content)
    assert caught.motif == motif
    assert said in str(caught)


def test_a_page_that_needs_a_browser_is_told() -> None:
    document = load(b"<p>Chargement en cours</p>" + b"<script src=a></script>" * 4)
    assert "scripts" in document.remarques[0]


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"<p>" + b"a" * 100, octets=50).motif == "trop_gros"
    assert refusal(b"<p>" + b"a" * 100, caracteres=50).motif == "trop_gros"
    monkeypatch.setattr(tree, "MAX_NODES", 1_000)
    assert refusal(b"<b></b>" * 1_001).motif == "trop_gros"
