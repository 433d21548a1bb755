"""Reading of texts that are not in the corpus yet: what any new document may bring."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.canonical import build_canonical, source_offset
from corpus.models import DocumentCanonique, FicheDocument
from corpus.passages import cut_passages

MakeFiche = Callable[..., FicheDocument]
LAYOUTS = ("docx", "pdf", "markdown", "web")


def read(make_fiche: MakeFiche, source: str, layout: str, **fields: object) -> DocumentCanonique:
    return build_canonical(source, make_fiche(mise_en_page=layout, **fields))


def stream(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("un accompagne-\nment des enfants", "un accompagnement des enfants"),
        ("un accompagne- \nment des enfants", "un accompagnement des enfants"),
        ("un accompagne\u2010\nment des enfants", "un accompagnement des enfants"),
        ("un accompagne\u00ad\nment des enfants", "un accompagnement des enfants"),
        ("un accompa\u00adgnement des enfants", "un accompagnement des enfants"),
        ("les groupes doivent-\nils être réunis", "les groupes doivent-ils être réunis"),
        (
            "les actions socio-\néducatives, dites socio-éducatives",
            "actions socio-éducatives, dites",
        ),
        (
            "la ville de Saint-\nÉtienne porte un projet",
            "la ville de Saint-Étienne porte un projet",
        ),
        ("pour l’année 2025-\n2026 seulement", "pour l’année 2025-2026 seulement"),
        ("le cœ-\nur du projet", "le cœur du projet"),
    ],
)
def test_a_word_cut_at_the_end_of_a_line_is_whole_again(
    make_fiche: MakeFiche, cut: str, whole: str
) -> None:
    assert whole in read(make_fiche, f"On prévoit {cut}.\n", "pdf").texte


def test_a_list_after_a_line_is_not_taken_for_a_cut_word(make_fiche: MakeFiche) -> None:
    document = read(make_fiche, "Il faut :\n- un lieu\n- une salle\n", "pdf")
    assert document.texte == "Il faut :\n- un lieu\n- une salle"


SAMPLE = "# Titre\n\nUn premier paragraphe.\n\nUne liste :\n\n- un ;\n- deux.\n"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_the_line_ends_of_other_systems_change_nothing(
    make_fiche: MakeFiche, layout: str, line_end: str
) -> None:
    unix = read(make_fiche, SAMPLE, layout)
    other = read(make_fiche, SAMPLE.replace("\n", line_end), layout)
    assert (other.texte, other.blocs) == (unix.texte, unix.blocs)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_byte_order_mark_changes_nothing(make_fiche: MakeFiche, layout: str) -> None:
    marked = read(make_fiche, "\ufeff" + SAMPLE, layout)
    assert marked.blocs == read(make_fiche, SAMPLE, layout).blocs
    assert "\ufeff" not in marked.texte


def test_a_byte_order_mark_does_not_begin_a_second_page(make_fiche: MakeFiche) -> None:
    document = read(make_fiche, "\ufeff Première page.\n\n Deuxième page.\n", "pdf")
    assert [b.page for b in document.blocs] == [1, 2]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_break_spaces_become_plain_ones(make_fiche: MakeFiche, layout: str) -> None:
    source = "Le montant est de 2\u202f563\u00a0€ par groupe\u00a0; il est fixé.\n"
    assert read(make_fiche, source, layout).texte == (
        "Le montant est de 2 563 € par groupe ; il est fixé."
    )


def test_form_feeds_part_pages_and_leave_no_trace(make_fiche: MakeFiche) -> None:
    source = "Première page du texte.\n\f\nDeuxième page.\n\fTroisième page, qui va\n\fjusqu’ici.\n"
    document = read(make_fiche, source, "pdf")
    assert "\f" not in document.texte
    assert [(b.page, document.texte[b.debut : b.fin]) for b in document.blocs] == [
        (1, "Première page du texte."),
        (2, "Deuxième page."),
        (3, "Troisième page, qui va jusqu’ici."),
    ]


def test_where_form_feeds_part_pages_an_indented_line_does_not(make_fiche: MakeFiche) -> None:
    document = read(make_fiche, "Un texte.\n\n Un retrait.\n\fSuite.\n", "pdf")
    assert [b.page for b in document.blocs] == [1, 1, 2]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_offset_map_counts_in_the_file_as_received(
    make_fiche: MakeFiche, line_end: str, mark: str
) -> None:
    source = mark + SAMPLE.replace("\n", line_end)
    document = read(make_fiche, source, "markdown")
    for position, character in enumerate(document.texte):
        if not character.isspace():
            assert source[source_offset(document, position)] == character


def test_an_exponent_that_calls_no_note_is_text(make_fiche: MakeFiche) -> None:
    document = read(make_fiche, "Une salle de 40 m<sup>2</sup> au moins.\n", "markdown")
    assert document.texte == "Une salle de 40 m2 au moins."


def test_the_call_of_a_note_goes_and_its_words_stay(make_fiche: MakeFiche) -> None:
    source = "Les Reaap<sup>1</sup> aident.\n\nSuite.\n\n---\n\n<sup>1</sup> Réseaux d’appui\n"
    assert read(make_fiche, source, "markdown").texte == (
        "Les Reaap aident.\n\nRéseaux d’appui\n\nSuite."
    )


def test_a_note_on_several_lines_is_rejoined(make_fiche: MakeFiche) -> None:
    source = "Onze Caf[footnoteRef:2] essaient. [2:  Caf de l’Ain,\nCaf de l’Ardèche\n] \n"
    assert read(make_fiche, source, "docx").texte == (
        "Onze Caf essaient.\n\nCaf de l’Ain, Caf de l’Ardèche"
    )


@pytest.mark.parametrize(
    "source",
    [
        "[footnoteRef:2] [2: la note]\n",
        "Retour Partenaires[footnoteRef:2] [2: la note]\n",
        "Un mot<sup>1</sup>.\n\n<sup>1</sup> voir<sup>2</sup>\n\n<sup>2</sup> la note\n",
    ],
)
def test_a_note_is_never_lost_with_the_line_that_calls_it(
    make_fiche: MakeFiche, source: str
) -> None:
    document = read(make_fiche, source, "docx", mobilier=["Retour Partenaires[footnoteRef:2]"])
    assert "la note" in document.texte


def test_an_empty_note_leaves_no_block(make_fiche: MakeFiche) -> None:
    document = read(make_fiche, "[footnoteRef:2] [2: ]\n\nUn mot.\n", "docx")
    assert [document.texte[b.debut : b.fin] for b in document.blocs] == ["Un mot."]


def test_a_break_tag_parts_words(make_fiche: MakeFiche) -> None:
    assert read(make_fiche, "les enfants<br>et les parents\n", "markdown").texte == (
        "les enfants et les parents"
    )


def test_a_line_that_begins_with_a_count_is_not_a_heading(make_fiche: MakeFiche) -> None:
    source = "L’expérimentation a été conduite par\n11 Caf entre 2015 et 2018.\n"
    document = read(make_fiche, source, "pdf")
    assert [b.nature for b in document.blocs] == ["paragraphe"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("source", ["", "\n \n", "\ufeff", "\f\f", "***\n---\n", "[image: ]"])
def test_a_file_without_words_gives_an_empty_text(
    make_fiche: MakeFiche, layout: str, source: str
) -> None:
    document = read(make_fiche, source, layout)
    assert stream(document.texte) == ""
    assert cut_passages(document) == () or stream(document.texte) == ""


# Property tests: pieces that sources are made of, in any order and in any layout.

VOCABULARY = """
enfants Clas l’école séances 27 32,5 % Caf parents. groupe ; « collectif » Terminale, 8 lycée: N+1
cœur (ex/ Reaap) 2025-2026 L’agrément d’1h30 ? œuvre 4/10ème – … €
"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
PREFIX = st.sampled_from(
    ["", "", "", " ", "- ", "· ", "• ", "➢ ", "# ", "### ", "1. ", "2-1 ", "\t", "12 ", "☐ ", "\f"]
)
WRAPPED = st.sampled_from(
    ["{}", "{}", "**{}**", "*{}*", "<b>{}</b>", "<b>{}</b>\tcellule", "{} \\*"]
)
ARTEFACT_LINES = st.sampled_from(
    [
        "",
        "",
        " ",
        "---",
        "[image: ]",
        "[bookmark: _Toc1]Titre",
        "https://www.caf.fr/aide",
        "\t",
        "Important",
    ]
)
LINE = st.one_of(
    st.builds(lambda p, w, s: p + w.format(s), PREFIX, WRAPPED, SENTENCE), ARTEFACT_LINES
)
SOURCE = st.lists(LINE, max_size=30).map("\n".join)
ARTEFACTS = re.compile(r"\[image: \]|\[bookmark: _Toc1\]|</?b>")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=120, deadline=None)
@given(source=SOURCE)
def test_no_letter_or_digit_is_lost_invented_or_moved(
    make_fiche: MakeFiche, layout: str, source: str
) -> None:
    document = read(make_fiche, source, layout)
    assert stream(document.texte) == stream(ARTEFACTS.sub("", source))
    for position, character in enumerate(document.texte):
        assert character.isspace() or source[source_offset(document, position)] == character


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=60, deadline=None)
@given(source=SOURCE)
def test_reading_a_canonical_text_again_keeps_its_words(
    make_fiche: MakeFiche, layout: str, source: str
) -> None:
    once = read(make_fiche, source, layout).texte
    assert stream(read(make_fiche, once, layout).texte) == stream(once)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=80, deadline=None)
@given(source=SOURCE)
def test_passages_of_any_text_are_slices_that_cover_it_once(
    make_fiche: MakeFiche, layout: str, source: str
) -> None:
    document = read(make_fiche, source, layout)
    covered = [0] * len(document.texte)
    for passage in cut_passages(document):
        assert passage.texte == document.texte[passage.debut : passage.fin] != ""
        for position in range(passage.debut, passage.fin):
            covered[position] += 1
    for bloc in document.blocs:
        wanted = int(bloc.nature not in ("titre", "question", "encadre", "lien"))
        for position in range(bloc.debut, bloc.fin):
            if not document.texte[position].isspace():
                assert covered[position] == wanted


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=150, deadline=None)
@given(
    source=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="<>[]\u00ad"), max_size=200
    )
)
def test_any_text_at_all_is_read_without_losing_a_character(
    make_fiche: MakeFiche, layout: str, source: str
) -> None:
    # « o » alone is a bullet of some word processors.
    plain = re.sub(r"(?<!\w)[o○](?!\w)", "", source)
    assert stream(read(make_fiche, plain, layout).texte) == stream(plain)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=80, deadline=None)
@given(
    notes=st.lists(SENTENCE, min_size=1, max_size=4),
    source=st.lists(st.one_of(LINE, st.just("{}")), max_size=12).map("\n".join),
)
def test_footnotes_move_whole_and_none_is_lost(
    make_fiche: MakeFiche, layout: str, notes: list[str], source: str
) -> None:
    called = source
    for number, note in enumerate(notes, start=2):
        called += f"\nUn appel{number}[footnoteRef:{number}] ici. [{number}: {note}]"
    document = read(make_fiche, called.replace("{}", ""), layout)
    for note in notes:
        assert stream(note) in stream(document.texte)
    plain = re.sub(r"\[footnoteRef:\d\]|\[\d: |\]", "", ARTEFACTS.sub("", called))
    assert sorted(stream(document.texte)) == sorted(stream(plain))
