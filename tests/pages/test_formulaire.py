"""The fields of the form, without a browser: what each asks, what is kept of what is said."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from formulaire import (
    DOCUMENTS,
    GUIDE,
    NOUVEAU,
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
    charger_regles,
    verifier,
)
from assistant.eligibility.donnees import lire
from assistant.eligibility.loading import DOSSIER
from assistant.eligibility.report import contexte_rapport
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.wording import lire_textes
from pages_clas import auto_controle
from pages_clas.formulaire_brouillon import Brouillon, interpreter
from pages_clas.formulaire_champs import Formulaire, cle
from pages_clas.formulaire_navigation import champ_visible, se_montre
from pages_clas.formulaire_plan import RESULTAT

JE_NE_SAIS_PAS = "Je ne sais pas"


@pytest.fixture
def page() -> AppTest:
    return ouvrir_le_formulaire()


def test_a_new_draft_holds_no_fact_and_says_so(page: AppTest) -> None:
    assert projet_de(page) == {"collectifs": [{}]}
    assert mot_de(page) == "Incomplet"


def test_the_page_says_where_the_draft_is_kept(page: AppTest) -> None:
    assert "recharger ou fermer la page l'efface" in unescape(html_de(page))


def test_je_ne_sais_pas_is_not_no(page: AppTest) -> None:
    aller_a(page, "public")
    champ = cle("diagnostic_des_besoins")
    assert page.radio(key=champ).value == ""
    page.radio(key=champ).set_value("non").run()
    assert projet_de(page)["diagnostic_des_besoins"] is False
    assert mot_de(page) == "Non éligible"
    page.radio(key=champ).set_value("").run()
    assert "diagnostic_des_besoins" not in projet_de(page)
    assert mot_de(page) == "Incomplet"


def test_a_set_left_empty_is_unknown_and_none_has_a_box_of_its_own(page: AppTest) -> None:
    aller_a(page, "public")
    champ = cle("public.niveaux")
    page.checkbox(key=f"{champ}-elementaire").check().run()
    page.checkbox(key=f"{champ}-college").check().run()
    assert projet_de(page)["public"] == {"niveaux": ["elementaire", "college"]}
    page.checkbox(key=f"{champ}-aucun").check().run()
    assert projet_de(page)["public"] == {"niveaux": []}
    assert not page.checkbox(key=f"{champ}-college").value
    page.checkbox(key=f"{champ}-inconnu").check().run()
    assert "public" not in projet_de(page)
    page.checkbox(key=f"{champ}-lycee").check().run()
    page.checkbox(key=f"{champ}-lycee").uncheck().run()
    assert "public" not in projet_de(page)
    assert page.checkbox(key=f"{champ}-inconnu").value


@pytest.mark.parametrize("code", ["34", "69"])
def test_every_fact_of_the_rules_has_its_field(page: AppTest, code: str) -> None:
    ouvrir_un_projet(page, exemple_de(code, collectifs__1__enfants=6, departement=code))
    vus: set[str] = set()
    for etape in GUIDE.etapes(code):
        aller_a(page, etape.id)
        vus |= {w.key for w in (*page.radio, *page.selectbox, *page.text_input) if w.key}
        vus |= {"-".join((w.key or "").split("-")[:-1]) for w in page.checkbox}
    autres = {f.nom for c in REGLES.departements if c != code for f in REGLES.fichiers[c].faits}
    if code != "34":
        autres.add("depot_elan")
    if code != "69":
        autres |= {"population_commune", "collectifs.*.population_commune"}
    attendus = {cle(nom.replace("*", "1")) for nom in GUIDE.declares if nom not in autres}
    secondaires = {cle(nom.replace("*", "1")) for nom in GUIDE.plan.secondaires}
    assert attendus - vus <= secondaires
    assert not {cle(nom) for nom in autres} & vus


def test_every_answer_may_be_unknown(page: AppTest) -> None:
    ouvrir_un_projet(page, exemple_de("69"))
    for etape in GUIDE.etapes("69"):
        aller_a(page, etape.id)
        for choix in (*page.radio, *page.selectbox):
            if (choix.key or "").startswith("champ-"):
                assert {JE_NE_SAIS_PAS, "Comme le projet"} & set(choix.options)


def test_objectives_are_asked_in_the_words_of_the_text(page: AppTest) -> None:
    for etape in ("axes", "parents", "ecole", "territoire"):
        aller_a(page, etape)
        for radio in page.radio:
            if "axes" in (radio.key or ""):
                assert radio.label in " ".join(DOCUMENTS["001"].texte.split())


def test_one_button_says_yes_to_all_the_objectives_of_an_axis(page: AppTest) -> None:
    aller_a(page, "ecole")
    page.button(key="oui-champ-axes-ecole-").click().run()
    assert projet_de(page)["axes"] == {
        "ecole": dict.fromkeys(
            ("relations_equipes", "orientation_enfants", "reunion_concertation"), True
        )
    }


def test_collectifs_are_added_copied_and_removed(page: AppTest) -> None:
    aller_a(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("9").run()
    page.button(key="copier-1").click().run()
    page.button(key="ajouter-un-collectif").click().run()
    assert projet_de(page)["collectifs"] == [{"enfants": 9}, {"enfants": 9}, {}]
    page.text_input(key=cle("collectifs.3.enfants")).set_value("11").run()
    page.button(key="retirer-1").click().run()
    assert projet_de(page)["collectifs"] == [{"enfants": 9}, {"enfants": 11}]
    assert page.text_input(key=cle("collectifs.2.enfants")).value == "11"


def test_a_project_of_many_collectifs_shows_one_at_a_time(page: AppTest) -> None:
    projet = exemple_de()
    projet["collectifs"] = [{**projet["collectifs"][0], "prix_de_revient": 40}] * 200
    ouvrir_un_projet(page, projet)
    for etape in ("collectifs", "seances", RESULTAT):
        aller_a(page, etape)
        assert len(page.text_input) + len(page.radio) + len(page.button) < 60
    aller_a(page, "collectifs")
    page.selectbox(key="choix-du-collectif").set_value(150).run()
    page.text_input(key=cle("collectifs.150.enfants")).set_value("3").run()
    assert projet_de(page)["collectifs"][149]["enfants"] == 3
    assert mot_de(page) == "Non éligible"


@pytest.mark.parametrize(
    ("genre", "texte", "valeur"),
    [
        ("entier", " 12 ", 12),
        ("entier", "", None),
        ("entier", "douze", "douze"),
        ("entier", "9" * 40, "9" * 40),
        ("montant", "7 885,50 €", 7885.5),
        ("montant", "9000", 9000),
        ("montant", "9\u202f000\u00a0€", 9000),
        ("date", "3/11/2025", "2025-11-03"),
        ("date", "2025-11-03", "2025-11-03"),
        ("texte", "  ", None),
    ],
)
def test_what_is_typed_is_read_as_people_write_it(genre: str, texte: str, valeur: object) -> None:
    assert interpreter(texte, genre) == valeur


@pytest.mark.parametrize(
    ("etape", "chemin", "texte", "attendu"),
    [
        ("collectifs", "collectifs.1.enfants", "douze", "un nombre entier"),
        ("collectifs", "collectifs.1.enfants", "-3", "supérieur ou égal à 0"),
        ("seances", "collectifs.1.semaines", "60", "inférieur ou égal à 53"),
        ("seances", "debut", "31/02/2026", "une date qui existe"),
        ("budget", "budget.cout_total", "beaucoup", "un montant en euros"),
        ("budget", "budget.cout_total", "9,999", "au centime près"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_is_unknown(
    page: AppTest, etape: str, chemin: str, texte: str, attendu: str
) -> None:
    aller_a(page, etape)
    page.text_input(key=cle(chemin)).set_value(texte).run()
    assert lire(projet_de(page), chemin) is None
    erreur = re.search(r'<p class="clas-erreur".*?</p>', html_de(page))
    assert erreur is not None
    assert texte in unescape(erreur[0])
    assert attendu in unescape(erreur[0])
    page.text_input(key=cle(chemin)).set_value("").run()
    assert "clas-erreur" not in html_de(page)


def test_a_refused_text_is_shown_escaped(page: AppTest) -> None:
    aller_a(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("<img src=x>").run()
    assert "« &lt;img src=x&gt; »" in html_de(page)


def test_the_local_step_comes_and_goes_with_the_departement(page: AppTest) -> None:
    def faits_locaux() -> list[str]:
        if "etape-locale" not in {b.key for b in page.button}:
            return []
        aller_a(page, "locale")
        cles = [w.key or "" for w in (*page.radio, *page.text_input)]
        return [c for c in cles if c.startswith("champ-")]

    assert faits_locaux() == []
    page.selectbox(key="champ-departement").set_value("34").run()
    assert cle("herault.projet_de_territoire") in faits_locaux()
    assert cle("depot_elan") in faits_locaux()
    aller_a(page, "structure")
    page.selectbox(key="champ-departement").set_value("69").run()
    assert cle("rhone.sans_discrimination") in faits_locaux()
    assert cle("herault.projet_de_territoire") not in faits_locaux()
    aller_a(page, "structure")
    page.selectbox(key="champ-departement").set_value("75").run()
    assert faits_locaux() == []


@pytest.fixture
def avec_un_nouveau_departement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    dossier = tmp_path / "rules"
    shutil.copytree(DOSSIER, dossier)
    shutil.copy(NOUVEAU, dossier / "11.yaml")
    monkeypatch.setattr(auto_controle, "charger_regles", partial(charger_regles, dossier=dossier))
    auto_controle.preparer_guide.clear()
    yield ouvrir_le_formulaire()
    auto_controle.preparer_guide.clear()


def test_the_facts_of_a_new_departement_come_from_its_data_alone(
    avec_un_nouveau_departement: AppTest,
) -> None:
    page = avec_un_nouveau_departement
    assert "exemple-11" in {b.key for b in page.button}
    page.selectbox(key="champ-departement").set_value("11").run()
    aller_a(page, "locale")
    assert page.radio(key="champ-aude-referent-nomme").label == "Un référent est-il nommé\u00a0?"
    page.radio(key="champ-aude-commission").set_value("favorable").run()
    page.text_input(key="champ-aude-reunions").set_value("3").run()
    page.text_input(key="champ-aude-reception").set_value("01/07/2026").run()
    page.checkbox(key="champ-aude-lieux-mediatheque").check().run()
    assert projet_de(page)["aude"] == {
        "commission": "favorable",
        "reunions": 3,
        "reception": "2026-07-01",
        "lieux": ["mediatheque"],
    }


def test_the_next_question_leads_to_its_field(page: AppTest) -> None:
    premier = verifier(projet_de(page), REGLES).a_renseigner[0]
    assert f"question-{cle(premier)}" in {b.key for b in page.button}
    page.button(key=f"question-{cle(premier)}").click().run()
    etape = GUIDE.etape_de(premier, None)
    assert etape is not None
    assert page.session_state["etape"] == etape.id
    assert f'data-viser="{cle(premier)}"' in html_de(page)


@pytest.mark.parametrize("code", [None, "34", "69", "75"])
def test_every_fact_still_to_fill_in_can_be_reached(code: str | None) -> None:
    brouillon = Brouillon()
    brouillon.poser("département", {"departement": code})
    resultat = verifier(brouillon.projet, REGLES)
    libelles = Libelles(contexte_rapport(REGLES, DOCUMENTS, date(2026, 1, 1)), lire_textes())
    formulaire = Formulaire(GUIDE, libelles, brouillon, resultat, ())
    assert len(resultat.a_renseigner) > 30
    for chemin in resultat.a_renseigner:
        visible = champ_visible(chemin, formulaire)
        assert GUIDE.etape_de(visible, code) is not None, chemin
        assert se_montre(visible, formulaire), chemin


def test_a_secondary_question_waits_for_the_answer_that_calls_for_it(page: AppTest) -> None:
    def questions() -> set[str]:
        return {r.key or "" for r in page.radio}

    aller_a(page, "collectifs")
    handicap = cle("collectifs.1.enfant_en_situation_de_handicap")
    assert handicap not in questions()
    page.text_input(key=cle("collectifs.1.enfants")).set_value("10").run()
    assert handicap not in questions()
    page.text_input(key=cle("collectifs.1.enfants")).set_value("6").run()
    assert handicap in questions()


def test_a_field_quotes_the_text_that_it_stands_for(page: AppTest) -> None:
    page.selectbox(key="champ-departement").set_value("34").run()
    aller_a(page, "parents")
    rendu = unescape(html_de(page))
    assert "Seules les participations modiques en lien avec une action ponctuelle" in rendu
    assert "doit rester symbolique et/ou être dédiée" in rendu
    assert '<details class="clas-textes" open' not in rendu


def test_co_funding_is_yes_none_or_unknown(page: AppTest) -> None:
    aller_a(page, "budget")
    champ = cle("budget.cofinancements")
    page.radio(key=champ).set_value("non").run()
    assert projet_de(page)["budget"] == {"cofinancements": []}
    page.radio(key=champ).set_value("oui").run()
    page.selectbox(key=cle("budget.cofinancements.1.type")).set_value("msa").run()
    page.text_input(key=cle("budget.cofinancements.1.montant")).set_value("-5").run()
    assert projet_de(page)["budget"] == {"cofinancements": [{"type": "msa"}]}
    assert "de 0 à 1 000 000 000 €" in unescape(html_de(page))
    page.button(key="retirer-cofinancement-1").click().run()
    page.radio(key=champ).set_value("").run()
    assert "budget" not in projet_de(page)
