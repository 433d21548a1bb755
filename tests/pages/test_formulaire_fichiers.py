"""The draft of the form, without a browser: saved, opened, begun again, one for each visitor."""

from __future__ import annotations

from html import unescape

import pytest
from formulaire import (
    GUIDE,
    REGLES,
    aller_a,
    exemple_de,
    html_de,
    mot_de,
    ouvrir_le_formulaire,
    ouvrir_un_projet,
    projet_de,
)
from streamlit.testing.v1 import AppTest

from assistant.eligibility import (
    EntreeInutilisable,
    lire_projet,
)
from assistant.eligibility.samples import exemple
from pages_clas import PAGE_PROJET, PAGE_QUESTION
from pages_clas.formulaire_brouillon import (
    MEMOIRE,
    Brouillon,
    exporter,
    importer,
)
from pages_clas.formulaire_champs import cle


@pytest.fixture
def page() -> AppTest:
    return ouvrir_le_formulaire()


@pytest.mark.parametrize("code", ["34", "69", "01"])
def test_a_file_that_is_saved_and_opened_again_is_the_same_project(code: str) -> None:
    projet = importer(exemple(code, REGLES).encode(), "p.json", REGLES)
    assert importer(exporter(projet), "p.json", REGLES) == projet
    assert lire_projet(projet, REGLES) == lire_projet(exemple_de(code), REGLES)


def test_unknown_none_and_empty_survive_saving() -> None:
    projet = {
        "collectifs": [{}, {"enfants": 9}],
        "public": {"niveaux": []},
        "budget": {"cofinancements": [{"montant": 10.5}, {}], "cout_total": 12000.05},
        "axes": {"parents": {"convivialite": False}},
    }
    assert importer(exporter(projet), "p.json", REGLES) == projet


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("p.yaml", b'departement: "34"\ncollectifs:\n  - enfants: 9\n'),
        ("p.toml", b'departement = "34"\n[[collectifs]]\nenfants = 9\n'),
        ("P.JSON", b'\xef\xbb\xbf{"departement": "34", "collectifs": [{"enfants": 9}]}'),
    ],
)
def test_the_three_formats_of_project_files_are_opened(nom: str, contenu: bytes) -> None:
    assert importer(contenu, nom, REGLES) == {"departement": "34", "collectifs": [{"enfants": 9}]}


def test_a_file_is_opened_and_replaces_the_draft(page: AppTest) -> None:
    ouvrir_un_projet(page, exemple_de("69"))
    assert lire_projet(projet_de(page), REGLES) == lire_projet(exemple_de("69"), REGLES)
    assert mot_de(page) == "Éligible"
    assert page.selectbox(key="champ-departement").value == "69"


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (b"{", "ligne 1, colonne 2 : ce n'est pas du JSON"),
        (b'{"departement": 34}', "« departement » vaut 34 ; attendu"),
        (b'{"anne_scolaire": "2025-2026"}', "vouliez-vous « annee_scolaire » ?"),
        (b'{"a": 1, "a": 2}', "« a » : clé écrite deux fois"),
        (b"\xff\xfe", "ce n'est pas de l'UTF-8"),
        (b'"' + b" " * 1_200_000 + b'"', "attendu : un projet de 1 Mo au plus"),
        (b"[" * 5000, "niveaux imbriqués"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_the_draft_stays(
    page: AppTest, contenu: bytes, phrase: str
) -> None:
    aller_a(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("9").run()
    ouvrir_un_projet(page, contenu)
    assert phrase in unescape(html_de(page))
    assert projet_de(page) == {"collectifs": [{"enfants": 9}]}
    with pytest.raises(EntreeInutilisable):
        importer(contenu, "p.json", REGLES)


@pytest.mark.parametrize("code", ["34", "69", "01"])
def test_an_example_is_complete_and_conforms(page: AppTest, code: str) -> None:
    page.button(key=f"exemple-{code}").click().run()
    assert projet_de(page)["departement"] == code
    assert mot_de(page) == "Éligible"


def test_starting_over_forgets_all_and_can_be_undone(page: AppTest) -> None:
    page.button(key="exemple-34").click().run()
    avant = projet_de(page)
    page.button(key="recommencer").click().run()
    assert projet_de(page) == {"collectifs": [{}]}
    page.button(key="annuler").click().run()
    assert projet_de(page) == avant


def test_each_change_can_be_undone_within_bounds() -> None:
    brouillon = Brouillon()
    for valeur in range(MEMOIRE + 20):
        brouillon.poser("essai", {"population_commune": valeur})
    assert len(brouillon.passe) == MEMOIRE
    brouillon.annuler()
    assert brouillon.lire("population_commune") == MEMOIRE + 18


def test_the_draft_is_there_on_the_way_back_from_another_page(page: AppTest) -> None:
    aller_a(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("9").run()
    page.switch_page(PAGE_QUESTION).run()
    page.switch_page(PAGE_PROJET).run()
    assert page.session_state["etape"] == "collectifs"
    assert page.text_input(key=cle("collectifs.1.enfants")).value == "9"


def test_two_people_do_not_share_a_draft(page: AppTest) -> None:
    autre = ouvrir_le_formulaire()
    page.button(key="exemple-34").click().run()
    assert projet_de(autre.run()) == {"collectifs": [{}]}


@pytest.mark.long
@pytest.mark.parametrize("nom", ["<script>alert(1)</script>", "[x](https://exemple.fr)", "$x^2$"])
def test_a_hostile_name_is_only_ever_in_its_field(page: AppTest, nom: str) -> None:
    ouvrir_un_projet(
        page, exemple_de(porteur__nom=nom, budget__cofinancements=[{"financeur": nom}])
    )
    for etape in GUIDE.etapes("34"):
        aller_a(page, etape.id)
        assert nom not in html_de(page)
        assert not any(nom in b.label for b in page.button)
        assert not any(nom in m.value for m in page.markdown)


def test_a_file_with_very_many_co_funders_is_kept_whole_and_shown_in_part(page: AppTest) -> None:
    lignes = [{"financeur": f"commune {n}", "type": "commune", "montant": n} for n in range(300)]
    ouvrir_un_projet(page, exemple_de(budget__cofinancements=lignes))
    aller_a(page, "budget")
    assert len(page.text_input) < 60
    page.text_input(key=cle("budget.cofinancements.2.montant")).set_value("1 200,50").run()
    assert len(projet_de(page)["budget"]["cofinancements"]) == 300
    assert projet_de(page)["budget"]["cofinancements"][1]["montant"] == 1200.5
