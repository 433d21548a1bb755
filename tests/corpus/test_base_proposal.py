"""What a file says of itself: the entry proposed, checked against the manifest written by hand."""

from __future__ import annotations

from datetime import date

import lectures
import pytest

from corpus.base.clues import departements, fold, number_in, school_year
from corpus.base.correction import correct, corrected
from corpus.base.proposal import Proposition, layout_of, propose, scope_is_a_guess
from corpus.library import SOURCES, Corpus
from corpus.loading.models import DocumentCharge, TexteBrut

TODAY = date(2026, 11, 22)
ZERO = "0" * 64


def read(content: str, name: str = "texte.md") -> tuple[DocumentCharge | TexteBrut, Proposition]:
    charge = lectures.read(content.encode(), name)
    return charge, propose(charge, name, ZERO, ("004",), TODAY)


def proposed(content: str, name: str = "texte.md") -> Proposition:
    return read(content, name)[1]


CIRCULAIRE = """Paris, le 12 mai 2026

Direction des politiques familiales et sociales

Circulaire n° 2026-014

Objet : Le soutien aux contrats locaux

La présente circulaire annule et remplace la circulaire n° 2021-006 du 6 avril 2021.

Elle s'applique à compter de la rentrée scolaire 2026.
"""


@pytest.fixture(scope="module")
def circulaire() -> Proposition:
    return proposed(CIRCULAIRE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "circulaire-2026-014"),
        ("titre", "Circulaire n° 2026-014, Le soutien aux contrats locaux"),
        ("titre_court", "Circulaire Cnaf n° 2026-014"),
        ("editeur", "Cnaf"),
        ("nature", "circulaire"),
        ("portee", "nationale"),
        ("rang", 1),
        ("annee", "2026-2027"),
        ("premiere_annee", "2026-2027"),
        ("derniere_annee", None),
        ("date_publication", date(2026, 5, 12)),
    ],
)
def test_each_field_of_a_circulaire_is_read(
    circulaire: Proposition, field: str, value: object
) -> None:
    assert getattr(circulaire.fiche, field) == value


def test_each_value_is_told_with_where_it_was_read(circulaire: Proposition) -> None:
    where = {lu.champ: lu.ou for lu in circulaire.lus}
    assert where["date_publication"] == "début du texte : « Paris, le 12 mai 2026 »"
    assert "Circulaire n° 2026-014" in where["nature"]


def test_the_text_that_it_replaces_is_not_taken_for_its_own_number(
    circulaire: Proposition,
) -> None:
    assert circulaire.numero == "2026-014"
    assert [said.valeur for said in circulaire.annonces] == ["2021-006"]


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ("004", ("titre_court", "editeur", "nature", "portee", "rang", "annee", "premiere_annee",
                 "derniere_annee", "date_publication", "mise_en_page")),
        ("001", ("titre", "editeur", "nature", "portee", "rang", "annee", "derniere_annee",
                 "mise_en_page")),
        ("000", ("portee", "rang", "annee", "premiere_annee", "derniere_annee",
                 "date_publication", "date_precise", "mise_en_page")),
        ("002", ("titre_court", "editeur", "nature", "portee", "rang", "annee", "premiere_annee",
                 "derniere_annee", "date_publication", "date_precise", "mise_en_page")),
    ],
)  # fmt: skip
def test_the_shipped_texts_are_read_as_their_manifest_says(
    corpus: Corpus, document: str, fields: tuple[str, ...]
) -> None:
    known = corpus.documents[document].fiche
    charge = lectures.read((SOURCES / known.fichier).read_bytes(), known.fichier)
    found = propose(charge, known.fichier, known.sha256, (), TODAY).fiche
    assert {f: getattr(found, f) for f in fields} == {f: getattr(known, f) for f in fields}


def test_a_place_named_before_a_date_is_no_scope() -> None:
    assert proposed("# Note d'information\n\nParis, le 3 mars 2026\n\nDu texte.").fiche.portee == (
        "nationale"
    )


@pytest.mark.parametrize(
    ("content", "name", "portee"),
    [
        ("# Cahier des charges\n\nLa Caf de l'Hérault instruit.", "a.md", "34"),
        ("# Note de cadrage du Rhône\n\nDu texte.", "a.md", "69"),
        ("# Note de cadrage\n\nDu texte.", "note-cadrage-finistere.md", "29"),
        ("# Note de cadrage\n\nDu texte.", "caf-2A.md", "2A"),
        ("Note de cadrage (Lozère)\n\nDu texte.", "a.txt", "48"),
        ("Note de cadrage de la Lozère\n\nDu texte.", "a.txt", "48"),
        ("# Note\n\nCaisse d'Allocations familiales de Lozère", "a.md", "48"),
        ("# Note de cadrage\n\nLe Nord et la Somme sont loin.", "a.md", "nationale"),
    ],
)
def test_the_departement_is_read_in_the_heading_the_caf_or_the_name(
    content: str, name: str, portee: str
) -> None:
    assert proposed(content, name).fiche.portee == portee


@pytest.mark.parametrize(
    ("content", "portee"),
    [
        ("Caf - Gard (30)\n\nNote départementale Clas Gard (30) 2026-2027\n\nDu texte.", "30"),
        ("# Note Haute-Corse (2B)\n\nEn Haute-Corse (2B), du texte.", "2B"),
        ("# Note Clas Gard (30)\n\nDu texte.", "nationale"),
        ("# Note Clas Gard (30)\n\nLe Gard (30) et l'Aude (11).", "nationale"),
        ("# Note Clas Gard (31)\n\nLe Gard (31).", "nationale"),
        ("# Circulaire n° 2026-014\n\nGard (30)\n\nComme le Gard (30).", "nationale"),
        ("# Note\n\n" + "Du texte, long. " * 20 + "Le Gard (30), le Gard (30).", "nationale"),
        ("# Note\n\nSeine (75)\n\nLa Seine (75).", "nationale"),
    ],
)
def test_a_departement_named_alone_with_its_code_throughout_is_the_scope(
    content: str, portee: str
) -> None:
    assert proposed(content).fiche.portee == portee


def test_a_scope_that_is_not_recognised_is_not_said_to_be_unnamed() -> None:
    _, several = read("# Note du Clas, Gard (30) et Aude (11)\n\nGard (30), Aude (11).")
    assert scope_is_a_guess(several)
    where = {lu.champ: lu.ou for lu in several.lus}
    assert where["portee"] == "plusieurs départements, ou un seul nommé en passant"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("# Note commune aux Caf du Gard et de l'Hérault\n\nDu texte.", "a.md"),
        ("# Note\n\nCaf de l'Ain, Caf de l'Isère, Caf de la Savoie\n\nDu texte.", "a.md"),
        ("# Note de cadrage de la Caf de Paris et de la Seine-Saint-Denis\n\nDu texte.", "a.md"),
        ("# Note de cadrage\n\nDu texte.", "gard herault.md"),
        ("# Note de cadrage du Gard et de la Drôme\n\nDu texte.", "a.md"),
        ("# Circulaire n° 2026-014\n\nGard (30)\n\nDu texte.", "a.md"),
        ("# Circulaire aux porteurs de projets\n\nMende, le 3 mars 2026\n\nDu texte.", "a.md"),
        (
            "# Circulaire n° 2026-014\n\nBranche Famille\n\nComme la Caf du Rhône, du texte.",
            "a.md",
        ),
    ],
)
def test_a_text_of_several_departements_or_of_one_named_in_passing_is_given_to_none(
    content: str, name: str
) -> None:
    _, found = read(content, name)
    assert found.fiche.portee == "nationale"
    assert scope_is_a_guess(found)


def test_a_circulaire_of_the_cnaf_that_names_no_departement_is_national() -> None:
    _, found = read("# Circulaire n° 2026-014\n\nCnaf, branche Famille\n\nToutes les Caf.")
    assert found.fiche.portee == "nationale"
    assert not scope_is_a_guess(found)


def test_a_page_is_of_the_departement_of_its_heading_or_of_its_caf() -> None:
    page = "<h1>Le Clas en Vaucluse</h1><p>Du texte pour les porteurs de projets.</p>"
    assert proposed(page, "a.html").fiche.portee == "84"
    page = "<h1>Le Clas chez nous</h1><p>Écrivez à la Caf 84.</p><p>Du texte.</p>"
    assert proposed(page, "a.html").fiche.portee == "84"


def test_another_scope_takes_what_rests_on_it_and_leaves_what_was_written() -> None:
    fiche = proposed("# Note de cadrage 2026-2027\n\nLa Caf du Gard instruit.").fiche
    assert (fiche.titre_court, fiche.editeur) == ("Note de cadrage du Gard", "Caf du Gard")
    moved = corrected(fiche, {"portee": "34"})
    assert (moved.titre_court, moved.editeur) == (
        "Note de cadrage de l'Hérault",
        "Caf de l'Hérault",
    )
    national = corrected(fiche, {"portee": "nationale"})
    assert (national.editeur, national.rang, national.derniere_annee) == (
        "Éditeur inconnu",
        2,
        None,
    )
    assert corrected(national, {"portee": "30"}).derniere_annee == "2026-2027"
    kept = corrected(fiche, {"portee": "34", "editeur": "Deux Caf"})
    assert kept.editeur == "Deux Caf"


def test_a_scope_that_is_none_is_refused_in_plain_words() -> None:
    fiche = proposed("# Note de cadrage du Gard\n\nDu texte.").fiche
    with pytest.raises(ValueError, match=r"attendu « nationale » ou un code de département"):
        corrected(fiche, {"portee": "P"})


def test_a_national_note_that_names_nobody_is_a_guess_and_a_circulaire_is_none() -> None:
    assert scope_is_a_guess(read("# Note de cadrage 2026-2027\n\nDu texte.")[1])
    assert not scope_is_a_guess(read("# Circulaire n° 2026-014\n\nDu texte.")[1])
    assert not scope_is_a_guess(read("# Note de cadrage du Rhône\n\nDu texte.")[1])


def test_a_year_that_ended_before_the_date_of_a_text_is_not_the_one_it_is_made_for() -> None:
    told = "# Circulaire n° 2026-014\n\nParis, le 12 mars 2026\n\nDepuis la rentrée scolaire 2021."
    _, proposition = read(told)
    assert proposition.fiche.premiere_annee == "2026-2027"
    where = {lu.champ: lu.ou for lu in proposition.lus}
    assert "2021-2022" in where["annee"]
    assert "est passée" in where["annee"]


def test_a_local_text_is_valid_for_its_year_alone() -> None:
    fiche = proposed("# Cahier des charges 2026-2027\n\nLa Caf du Rhône instruit.").fiche
    assert (fiche.premiere_annee, fiche.derniere_annee) == ("2026-2027", "2026-2027")


def test_a_text_that_says_nothing_is_told_to_be_corrected() -> None:
    found = proposed("Bonjour à tous et à toutes.\n\nDu texte.", "essai.md")
    assert found.fiche.date_publication == TODAY
    assert any("à corriger" in lu.ou for lu in found.lus)


def test_an_id_already_taken_is_never_proposed() -> None:
    charge = lectures.read(CIRCULAIRE.encode(), "a.md")
    taken = ("circulaire-2026-014", "circulaire-2026-014-2")
    assert propose(charge, "a.md", ZERO, taken, TODAY).fiche.id == "circulaire-2026-014-3"


@pytest.mark.parametrize(
    ("texte", "year"),
    [("année 2025-2026", "2025-2026"), ("2025/26", "2025-2026"), ("Cog 2018-2022", None)],
)
def test_a_school_year_is_two_years_that_follow(texte: str, year: str | None) -> None:
    assert school_year(texte) == year


def test_numbers_are_read_however_they_are_written() -> None:
    assert number_in("Circulaire N°2026 – 14") == "2026-014"
    assert number_in("le 2 novembre 2011") is None


def test_every_departement_of_the_contract_has_its_name() -> None:
    names = {lieu.de for lieu in departements().values()}
    assert {"de l'Hérault", "du Rhône", "des Landes", "de la Loire", "de Paris"} <= names


def test_the_layout_of_a_plain_text_is_guessed_from_its_lines() -> None:
    assert layout_of("## Titre\n\nDu texte.") == "markdown"
    assert layout_of("\n".join(["x" * 90] * 20)) == "pdf"
    assert layout_of("x" * 500) == "docx"


def test_accents_and_case_do_not_matter_to_what_is_looked_for() -> None:
    assert fold("L’Hérault  ") == "l'herault"


def test_a_corrected_year_takes_those_that_rest_on_it() -> None:
    charge, found = read("# Cahier des charges 2026-2027\n\nLa Caf du Rhône instruit.")
    fiche = correct(found, {"annee": "2027-2028"}, charge).fiche
    assert (fiche.premiere_annee, fiche.derniere_annee) == ("2027-2028", "2027-2028")


def test_a_correction_is_told_as_one() -> None:
    charge, found = read(CIRCULAIRE)
    after = correct(found, {"titre_court": "La circulaire"}, charge)
    assert {lu.champ for lu in after.lus if lu.ou == "corrigé"} == {"titre_court"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("portee", "99", "code de département"),
        ("portee", "Hérault", "portee : « Hérault »"),
        ("annee", "2026", "annee : « 2026 »"),
        ("annee", "2026-2028", "deux années qui se suivent"),
        ("derniere_annee", "2020-2021", "vient avant"),
        ("nature", "loi", "nature : « loi »"),
        ("date_publication", "hier", "date comme 2026-09-01"),
        ("rang", "0", "rang"),
        ("titre", "  ", "vide"),
        ("couleur", "bleu", "champ inconnu"),
        ("id", "../x", "id : « ../x »"),
    ],
)
def test_a_wrong_correction_names_field_value_and_what_is_accepted(
    circulaire: Proposition, field: str, value: str, said: str
) -> None:
    with pytest.raises(ValueError, match=field) as error:
        corrected(circulaire.fiche, {field: value})
    assert said in str(error.value)
