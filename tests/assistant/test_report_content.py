from __future__ import annotations

import datetime as dt
import io
import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import docx
import pypdf
import pytest
from docx.table import Table
from markdown_it import MarkdownIt
from projets import avec, conforme, poser, regles

from assistant.eligibility import Projet, Resultat, lire_projet, verifier
from assistant.eligibility.report import (
    FORMATS,
    ContexteRapport,
    contexte_rapport,
    rendre_rapport,
)
from assistant.eligibility.report.content import composer
from assistant.models import Citation
from corpus.library import load_corpus

JOUR = dt.date(2026, 2, 14)
BONUS = {
    "annees_de_fonctionnement": 2,
    "enfants": {"demande": True, "projet_annuel": True, "au_dela_du_socle": True},
    "parents": {"demande": False},
}

tous_les_formats = pytest.mark.parametrize("format_demande", FORMATS)


@cache
def contexte() -> ContexteRapport:
    return contexte_rapport(regles(), load_corpus().documents, JOUR)


def difficile() -> dict[str, Any]:
    """Failing, uncertain and unknown at once: three collectifs, a missing price, no co-funding."""
    projet = conforme("34", bonus=BONUS)
    collectif = projet["collectifs"][0]
    projet["collectifs"] = [
        collectif | {"enfants": 14},
        collectif | {"intervenants": 1, "semaines": None},
        collectif | {"enfants": 6, "prix_de_revient": None},
    ]
    projet["milieu_rural"] = None
    projet["budget"] = {"cout_total": 28_000, "cofinancements": []}
    projet["public"]["niveaux"] = ["elementaire", "college"]
    return poser(projet, "herault", {"projet_de_territoire": False})


def a_la_marge() -> dict[str, Any]:
    """Under reserve: the only session of two hours waits for the comité."""
    return avec(
        conforme("34"),
        seances_par_semaine=1,
        duree_seance_minutes=120,
        locaux_contraints=True,
        derogation_comite="en_attente",
    )


PROJETS = {
    "eligible": conforme("34", bonus=BONUS),
    "eligible_sous_reserve": a_la_marge(),
    "non_eligible": difficile(),
    "incomplet": {},
}
tous_les_projets = pytest.mark.parametrize("nom", PROJETS)


def verifie(projet: dict[str, Any]) -> tuple[Projet, Resultat]:
    lu = lire_projet(projet, regles())
    return lu, verifier(lu, regles())


def rendu(projet: dict[str, Any], format_demande: str) -> bytes:
    return rendre_rapport(*verifie(projet), contexte(), format_demande)


@cache
def rendu_de(nom: str, format_demande: str) -> str:
    return texte_de(rendu(PROJETS[nom], format_demande), format_demande)


def texte_de(octets: bytes, format_demande: str) -> str:
    """Text that a reader of the file sees, all white space taken out: lines break differently."""
    lire = {"pdf": _pdf, "docx": _docx, "html": _html, "md": _markdown}[format_demande]
    return nu(lire(octets))


def nu(texte: str) -> str:
    return re.sub(r"[\s\u200b]+", "", texte)


def _pdf(octets: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(octets)).pages)


def _docx(octets: bytes) -> str:
    morceaux: list[str] = []
    for bloc in docx.Document(io.BytesIO(octets)).iter_inner_content():
        if isinstance(bloc, Table):
            morceaux += [cellule.text for ligne in bloc.rows for cellule in ligne.cells]
        else:
            morceaux.append(bloc.text)
    return "\n".join(morceaux)


class _Texte(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.morceaux: list[str] = []
        self.balises: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's
        self.balises.append(tag)

    def handle_data(self, data: str) -> None:
        if self.balises[-1:] != ["style"]:
            self.morceaux.append(data)


def lire_html(source: str) -> _Texte:
    lecteur = _Texte()
    lecteur.feed(source)
    return lecteur


def _html(octets: bytes) -> str:
    return "\n".join(lire_html(octets.decode("utf-8")).morceaux)


def page_du_markdown(octets: bytes) -> str:
    return MarkdownIt("commonmark").enable("table").render(octets.decode("utf-8"))


def _markdown(octets: bytes) -> str:
    return "\n".join(lire_html(page_du_markdown(octets)).morceaux)


def citations(resultat: Resultat) -> list[Citation]:
    porteurs = (*resultat.criteres, *resultat.calendrier_paiement, resultat.pluriannuel)
    return [citation for porteur in porteurs for citation in porteur.citations]


@tous_les_formats
@pytest.mark.parametrize(
    ("nom", "mot", "debut"),
    [
        ("eligible", "Éligible", "Tous les critères vérifiés sont remplis"),
        ("eligible_sous_reserve", "Éligible sous réserve", "Aucun critère ne bloque"),
        ("non_eligible", "Non éligible", "Au moins un critère n'est pas rempli"),
        ("incomplet", "Incomplet", "Les faits déclarés ne suffisent pas"),
    ],
)
def test_the_verdict_is_said_in_words_with_what_it_means(
    nom: str, mot: str, debut: str, format_demande: str
) -> None:
    assert nu(mot + debut) in rendu_de(nom, format_demande)


@tous_les_formats
def test_the_report_says_that_it_is_no_decision(format_demande: str) -> None:
    assert nu("Ce n'est pas une décision") in rendu_de("eligible", format_demande)


@tous_les_formats
@tous_les_projets
def test_every_quotation_stands_word_for_word(nom: str, format_demande: str) -> None:
    texte = rendu_de(nom, format_demande)
    _, resultat = verifie(PROJETS[nom])
    cites = citations(resultat)
    assert cites
    assert [c.extrait for c in cites if nu(f"«{c.extrait}»") not in texte] == []


@tous_les_formats
def test_each_quotation_says_its_section_and_page(format_demande: str) -> None:
    texte = rendu_de("non_eligible", format_demande)
    _, resultat = verifie(PROJETS["non_eligible"])
    for citation in citations(resultat):
        place = f"»{'' if format_demande != 'md' else '—'}"
        ou = "" if citation.page is None else f"page {citation.page}"
        titre = next(d.titre_court for d in contexte().documents if d.id == citation.document)
        suite = texte.split(nu(citation.extrait) + place, 1)[1][:600]
        for attendu in (titre, citation.section or "", ou):
            assert nu(attendu) in suite


@tous_les_formats
@tous_les_projets
def test_every_line_of_arithmetic_stands_as_computed(nom: str, format_demande: str) -> None:
    texte = rendu_de(nom, format_demande)
    _, resultat = verifie(PROJETS[nom])
    assert [ligne for ligne in resultat.montants.detail if nu(ligne) not in texte] == []


@tous_les_formats
@tous_les_projets
def test_every_criterion_gives_its_reason_and_what_was_found_and_expected(
    nom: str, format_demande: str
) -> None:
    texte = rendu_de(nom, format_demande)
    _, resultat = verifie(PROJETS[nom])
    for critere in resultat.criteres:
        for dit in (critere.motif, critere.constate, critere.attendu):
            assert nu(dit or "") in texte, critere.code


@tous_les_formats
def test_what_blocks_comes_before_what_is_uncertain_before_what_is_fine(
    format_demande: str,
) -> None:
    texte = rendu_de("non_eligible", format_demande).split(nu("leurs mots exacts"))[1]
    places = [
        texte.index(nu(g)) for g in ("Ce qui bloque", "Ce qui est incertain", "Ce qui convient")
    ]
    assert places == sorted(places)


@tous_les_formats
def test_an_unknown_fact_is_said_to_be_unknown(format_demande: str) -> None:
    projet = avec(conforme("34"), semaines=None)
    projet["diagnostic_des_besoins"] = None
    texte = texte_de(rendu(projet, format_demande), format_demande)
    assert nu("diagnostic des besoins non renseigné") in texte
    assert nu("semaines de fonctionnement non renseigné") in texte


@tous_les_formats
def test_a_fact_that_a_collectif_leaves_to_the_project_says_so(format_demande: str) -> None:
    assert nu("milieu rural comme le projet (non)") in rendu_de("eligible", format_demande)


@tous_les_formats
def test_amounts_that_depend_on_unknown_facts_are_given_as_a_range(format_demande: str) -> None:
    _, resultat = verifie(PROJETS["non_eligible"])
    bas, haut = resultat.montants.total_min, resultat.montants.total_max
    assert bas is not None
    assert haut is not None
    assert bas < haut
    dit = f"entre {bas // 1000} {bas % 1000:03d} € et {haut // 1000} {haut % 1000:03d} €"
    attendu = nu(dit if bas >= 1000 else f"entre {bas} € et {haut // 1000} {haut % 1000:03d} €")
    assert attendu in rendu_de("non_eligible", format_demande)


@tous_les_formats
def test_the_payment_calendar_gives_each_amount_in_words(format_demande: str) -> None:
    texte = rendu_de("eligible", format_demande)
    _, resultat = verifie(PROJETS["eligible"])
    assert [e.montant for e in resultat.calendrier_paiement] == [717, 1076, 1070]
    for quand, montant in (
        ("année N, de septembre à décembre", "717 €"),
        ("année N+1, de janvier à juin", "1 076 €"),
        ("après l'activité", "1 070 €"),
    ):
        assert nu(quand) in texte
        assert nu(montant) in texte
    assert nu("Année N : 2025 ; année N+1 : 2026.") in texte


@tous_les_formats
def test_corrections_and_next_questions_are_named_as_people_name_them(format_demande: str) -> None:
    texte = rendu_de("non_eligible", format_demande)
    _, resultat = verifie(PROJETS["non_eligible"])
    assert resultat.corrections
    assert nu("collectif 1 – enfants inscrits 14 12") in texte
    assert nu("Quel est le prix de revient annuel de ce collectif, en euros ?") in texte
    for chemin in (*resultat.a_renseigner, *(c.champ for c in resultat.corrections)):
        assert nu(chemin) not in texte


@tous_les_formats
def test_reserves_readings_and_versions_are_all_there(format_demande: str) -> None:
    texte = rendu_de("eligible", format_demande)
    _, resultat = verifie(PROJETS["eligible"])
    for reserve in resultat.reserves:
        dite = re.sub("^Lecture retenue : ", "", reserve)
        assert nu(dite[1:]) in texte
    for document in contexte().documents:
        assert document.version in texte
        assert nu(document.titre) in texte
    assert contexte().version_regles in texte
    assert nu("14 février 2026") in texte


def test_readings_of_the_texts_stand_apart_from_reserves_with_their_own_quotations() -> None:
    _, resultat = verifie(PROJETS["eligible"])
    lectures = [r for r in resultat.reserves if r.startswith("Lecture retenue")]
    assert lectures
    blocs = composer(*verifie(PROJETS["eligible"]), contexte()).sections[6].blocs
    genres = [b.genre for b in blocs]
    assert genres == [
        *("sous_titre", "liste", "citations"),
        *("sous_titre", "paragraphe", "liste", "citations"),
    ]
    reserves, lues = (b.elements for b in blocs if b.genre == "liste")
    assert not any("Lecture retenue" in r for r in (*reserves, *lues))
    assert len(reserves) == len(resultat.reserves) - len(lectures)
    assert len(lues) >= len(lectures)


def test_everything_that_may_be_asked_for_next_has_a_name_and_a_question() -> None:
    _, resultat = verifie({})
    suite = composer(*verifie({}), contexte()).sections[1]
    (table,) = (b for b in suite.blocs if b.genre == "tableau")
    assert len(table.lignes) == len(resultat.a_renseigner)
    assert [ligne for ligne in table.lignes if not ligne[2] or "." in ligne[1]] == []


def test_a_name_given_for_the_report_replaces_the_one_of_the_project() -> None:
    nomme = contexte_rapport(regles(), load_corpus().documents, JOUR, porteur="Maison des Élèves")
    rapport = composer(*verifie(conforme("34")), nomme)
    assert rapport.porteur == "Maison des Élèves"


def test_facts_of_another_departement_are_not_asked_for() -> None:
    rapport = composer(*verifie(conforme("75")), contexte())
    assert "Note de cadrage de l'Hérault" not in rapport.sections[7].model_dump_json()


def test_collectifs_in_the_same_situation_share_one_sheet_with_one_set_of_quotations() -> None:
    projet = conforme("34")
    projet["collectifs"] = projet["collectifs"] * 3
    projet["budget"]["cout_total"] = 30_000
    criteres = composer(*verifie(projet), contexte()).sections[2]
    lieux = [b for b in criteres.blocs if b.genre == "fiche" and b.titre == "Lieu"]
    assert len(lieux) == 1
    assert [len(b.lignes) for b in lieux[0].blocs if b.genre == "tableau"] == [3]
