"""Every word of a source stands in its canonical text, in order, and nothing else does."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.canonical import source_offset
from corpus.library import Corpus, load_corpus

DOCUMENTS = ("000", "001", "002", "003", "004")

# What the source files hold that is not text, written here from the files themselves.
ARTEFACTS = {
    "000": [],
    "001": [r"(?<=\S)<sup>[1-4]</sup>", r"(?m)^<sup>[1-4]</sup>", r"</?b>"],
    "002": [],
    "003": [r"(?m)^Retour Partenaires$", r"(?m)^Image retirée\.$"],
    "004": [r"\[bookmark: _Toc\d+\]", r"\[footnoteRef:\d\]", r"\[image: \]"],
}
NOTES = {
    "001": [
        "Réseaux d'écoute, d'appui et d'accompagnement des parents",
        (
            "CIRCULAIRE INTERMINISTÉRIELLE N°DGCS/SD2C/DPJJ/SAD-JAV/DGESCO/SG-CIV/ DAIC/2012/63 du "
            "7 février 2012 relative à la coordination des dispositifs de soutien à la parentalité "
            "au plan départemental"
        ),
        (
            "Circulaires DGas/2Bn°200-295 du 26 juin 2001 relative à la mise en œuvre de la "
            "politique d'accompagnement à la scolarité ; le contrat local d'accompagnement à "
            "la scolarité"
        ),
        (
            "https://www.cget.gouv.fr/actualites/les-cites-educatives-un-projet-global-et-"
            "ambitieux-autour-de-l-ecole"
        ),
    ],
    "004": [
        (
            "Circulaire interministérielle N°DGCS/SD2C/DPJJ/SAD-JAV/DGESCO/SG-CIV/ DAIC/2012/63 du "
            "7 février 2012 relative à la coordination des dispositifs de soutien à la parentalité "
            "au plan départemental"
        ),
        (
            "Caf de l’Ain, Caf de l’Ardèche, Caf des Ardennes, Caf des Deux Sèvres, Caf de la "
            "Haute Garonne, Caf du Haut Rhin, Caf de l’Hérault, Caf des Landes, Caf de la Mayenne, "
            "Caf de la Nièvre, Caf des Yvelines."
        ),
        (
            "La fonction d’accompagnement à la scolarité revêt un accompagnement des enfants ainsi "
            "que des parents autour de la scolarité"
        ),
        (
            "Le montant du prix plafond de la PS Clas en 2021 est de 7885 € (soit 2563 € par "
            "collectif de 8 à 12 enfants)"
        ),
    ],
}


def stream(text: str) -> str:
    """Letters and digits of a text, in order."""
    return "".join(c for c in text if c.isalnum())


def without_notes(text: str, notes: list[str], mark: str) -> str:
    """Letters and digits of a text, each footnote taken out once."""
    rest = stream(text)
    for number, note in enumerate(notes, start=2):
        body = stream(note)
        body = f"{number}{body}" if mark == "numbered" else body
        assert body in rest, note
        rest = rest.replace(body, "", 1)
    return rest


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_letter_and_digit_of_the_source_stands_in_order(
    corpus: Corpus, sources: dict[str, str], name: str
) -> None:
    source = sources[name]
    for artefact in ARTEFACTS[name]:
        source, removed = re.subn(artefact, "", source)
        assert removed, artefact
    notes = NOTES.get(name, [])
    # In the circulaire the number of a note stands before its words: « [2:  Circulaire… ] ».
    expected = without_notes(source, notes, "numbered" if name == "004" else "bare")
    assert without_notes(corpus.documents[name].texte, notes, "bare") == expected


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_notes_of_a_text_are_all_there_and_only_they_are_notes(
    corpus: Corpus, name: str
) -> None:
    document = corpus.documents[name]
    found = [document.texte[b.debut : b.fin] for b in document.blocs if b.nature == "note"]
    assert found == NOTES.get(name, [])


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize(
    "artefact",
    [
        r"\*\*",
        r"\[bookmark",
        r"\[footnoteRef",
        r"\[image",
        r"\[\d+:",
        r"</?[a-zA-Z][^>]*>",
        r"\\\*",
        r"(?m)^\s*---",
        r"(?m)^#",
        r"Image retirée",
        r"Retour Partenaires",
        r"[\u00a0\u202f\u00ad\ufeff\r\f\t]",
        r" {2,}",
        r"(?m)[ ]+$",
        r"\n{3,}",
    ],
)
def test_no_artefact_of_extraction_is_left(corpus: Corpus, name: str, artefact: str) -> None:
    match = re.search(artefact, corpus.documents[name].texte)
    assert match is None, corpus.documents[name].texte[max(0, match.start() - 40) : match.end()]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_offset_map_leads_every_character_back_to_itself(
    corpus: Corpus, sources: dict[str, str], name: str
) -> None:
    document, source = corpus.documents[name], sources[name]
    covered = 0
    for start, origin, length in document.carte:
        assert start == covered, "the runs follow each other without a gap"
        covered = start + length
        pairs = zip(document.texte[start:covered], source[origin : origin + length], strict=True)
        for here, there in pairs:
            assert here == there or (here.isspace() and start > 0)
    assert covered == len(document.texte)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_offset_map_only_goes_back_for_notes(corpus: Corpus, name: str) -> None:
    document = corpus.documents[name]
    backwards = sum(
        later[1] < earlier[1] + earlier[2] - 1 for earlier, later in pairwise(document.carte)
    )
    assert backwards <= len(NOTES.get(name, []))


SHIPPED = load_corpus()


@settings(max_examples=300)
@given(st.data())
def test_any_position_leads_back_to_the_same_character(
    sources: dict[str, str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(DOCUMENTS))
    document = SHIPPED.documents[name]
    position = data.draw(st.integers(0, len(document.texte) - 1))
    character = document.texte[position]
    if not character.isspace():
        assert sources[name][source_offset(document, position)] == character


@pytest.mark.parametrize("beside", [-1, 0])
def test_a_position_outside_the_text_is_refused(corpus: Corpus, beside: int) -> None:
    document = corpus.documents["003"]
    position = beside if beside < 0 else len(document.texte)
    with pytest.raises(ValueError, match="hors du texte"):
        source_offset(document, position)
