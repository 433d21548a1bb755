"""The form without a browser: what is kept, what is asked, what comes and goes."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any, NoReturn

import pytest
from streamlit.testing.v1 import AppTest

from assistant.eligibility import (
    EntreeInutilisable,
    ReglesInutilisables,
    charger_regles,
    lire_projet,
    verifier,
)
from assistant.eligibility.loading import DOSSIER
from assistant.eligibility.report import contexte_rapport
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.wording import lire_textes
from assistant.eligibility.samples import exemple
from corpus.library import load_corpus
from pages_clas import PAGE_PROJET, PAGE_QUESTION, auto_controle
from pages_clas.formulaire_brouillon import (
    MEMOIRE,
    Brouillon,
    exporter,
    importer,
    interpreter,
    lire,
    poser,
)
from pages_clas.formulaire_champs import Formulaire, cle
from pages_clas.formulaire_navigation import champ_visible, se_montre
from pages_clas.formulaire_plan import RESULTAT, Guide

APP = Path(__file__).resolve().parents[2] / "app.py"
NOUVEAU = APP.parent / "tests" / "assistant" / "departement_11.yaml"
DOCUMENTS = load_corpus().documents
REGLES = charger_regles(DOCUMENTS)
GUIDE = Guide(REGLES, DOCUMENTS)
JE_NE_SAIS_PAS = "Je ne sais pas"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=60).run().switch_page(PAGE_PROJET).run()


def _brouillon(page: AppTest) -> Brouillon:
    assert not page.exception
    brouillon: Brouillon = page.session_state["brouillon_de_projet"]
    return brouillon


def _projet(page: AppTest) -> dict[str, Any]:
    return _brouillon(page).projet


def _html(page: AppTest) -> str:
    assert not page.exception
    corps = (element.proto.body for element in page.html)
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def _mot(page: AppTest) -> str:
    """Verdict that the page shows."""
    trouve = re.search(r'class="clas-mot">.*?</span>([^<]+)</p>', _html(page))
    assert trouve is not None
    return unescape(trouve[1])


def _etape(page: AppTest, nom: str) -> AppTest:
    return page.button(key=f"etape-{nom}").click().run()


def _ouvrir(page: AppTest, projet: dict[str, Any] | bytes, nom: str = "projet.json") -> AppTest:
    contenu = projet if isinstance(projet, bytes) else json.dumps(projet).encode()
    return page.file_uploader[0].set_value((nom, contenu, "application/json")).run()


def _exemple(code: str = "34", **changements: Any) -> dict[str, Any]:
    """Example of a département, some facts changed by path (« __ » for the dots)."""
    projet: dict[str, Any] = json.loads(exemple(code, REGLES))
    for chemin, valeur in changements.items():
        projet = poser(projet, chemin.replace("__", "."), valeur)
    return projet


def _mot_du_verdict(projet: dict[str, Any]) -> str:
    resultat = verifier(lire_projet(projet, REGLES), REGLES)
    return lire_textes().verdicts[resultat.verdict].mot


def test_a_new_draft_holds_no_fact_and_says_so(page: AppTest) -> None:
    assert _projet(page) == {"collectifs": [{}]}
    assert _mot(page) == "Incomplet"


def test_the_page_says_where_the_draft_is_kept(page: AppTest) -> None:
    assert "recharger ou fermer la page l'efface" in unescape(_html(page))


def test_je_ne_sais_pas_is_not_no(page: AppTest) -> None:
    _etape(page, "public")
    champ = cle("diagnostic_des_besoins")
    assert page.radio(key=champ).value == ""
    page.radio(key=champ).set_value("non").run()
    assert _projet(page)["diagnostic_des_besoins"] is False
    assert _mot(page) == "Non éligible"
    page.radio(key=champ).set_value("").run()
    assert "diagnostic_des_besoins" not in _projet(page)
    assert _mot(page) == "Incomplet"


def test_a_set_left_empty_is_unknown_and_none_has_a_box_of_its_own(page: AppTest) -> None:
    _etape(page, "public")
    champ = cle("public.niveaux")
    page.checkbox(key=f"{champ}-elementaire").check().run()
    page.checkbox(key=f"{champ}-college").check().run()
    assert _projet(page)["public"] == {"niveaux": ["elementaire", "college"]}
    page.checkbox(key=f"{champ}-aucun").check().run()
    assert _projet(page)["public"] == {"niveaux": []}
    assert not page.checkbox(key=f"{champ}-college").value
    page.checkbox(key=f"{champ}-inconnu").check().run()
    assert "public" not in _projet(page)
    page.checkbox(key=f"{champ}-lycee").check().run()
    page.checkbox(key=f"{champ}-lycee").uncheck().run()
    assert "public" not in _projet(page)
    assert page.checkbox(key=f"{champ}-inconnu").value


@pytest.mark.parametrize("code", ["34", "69"])
def test_every_fact_of_the_rules_has_its_field(page: AppTest, code: str) -> None:
    _ouvrir(page, _exemple(code, collectifs__1__enfants=6, departement=code))
    vus: set[str] = set()
    for etape in GUIDE.etapes(code):
        _etape(page, etape.id)
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
    _ouvrir(page, _exemple("69"))
    for etape in GUIDE.etapes("69"):
        _etape(page, etape.id)
        for choix in (*page.radio, *page.selectbox):
            if (choix.key or "").startswith("champ-"):
                assert {JE_NE_SAIS_PAS, "Comme le projet"} & set(choix.options)


def test_objectives_are_asked_in_the_words_of_the_text(page: AppTest) -> None:
    for etape in ("axes", "parents", "ecole", "territoire"):
        _etape(page, etape)
        for radio in page.radio:
            if "axes" in (radio.key or ""):
                assert radio.label in " ".join(DOCUMENTS["001"].texte.split())


def test_one_button_says_yes_to_all_the_objectives_of_an_axis(page: AppTest) -> None:
    _etape(page, "ecole")
    page.button(key="oui-champ-axes-ecole-").click().run()
    assert _projet(page)["axes"] == {
        "ecole": dict.fromkeys(
            ("relations_equipes", "orientation_enfants", "reunion_concertation"), True
        )
    }


def test_collectifs_are_added_copied_and_removed(page: AppTest) -> None:
    _etape(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("9").run()
    page.button(key="copier-1").click().run()
    page.button(key="ajouter-un-collectif").click().run()
    assert _projet(page)["collectifs"] == [{"enfants": 9}, {"enfants": 9}, {}]
    page.text_input(key=cle("collectifs.3.enfants")).set_value("11").run()
    page.button(key="retirer-1").click().run()
    assert _projet(page)["collectifs"] == [{"enfants": 9}, {"enfants": 11}]
    assert page.text_input(key=cle("collectifs.2.enfants")).value == "11"


def test_a_project_of_many_collectifs_shows_one_at_a_time_and_stays_quick(page: AppTest) -> None:
    projet = _exemple()
    projet["collectifs"] = [{**projet["collectifs"][0], "prix_de_revient": 40}] * 200
    debut = time.monotonic()
    _ouvrir(page, projet)
    for etape in ("collectifs", "seances", RESULTAT):
        _etape(page, etape)
        assert len(page.text_input) + len(page.radio) + len(page.button) < 60
    assert time.monotonic() - debut < 10
    _etape(page, "collectifs")
    page.selectbox(key="choix-du-collectif").set_value(150).run()
    page.text_input(key=cle("collectifs.150.enfants")).set_value("3").run()
    assert _projet(page)["collectifs"][149]["enfants"] == 3
    assert _mot(page) == "Non éligible"


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
    _etape(page, etape)
    page.text_input(key=cle(chemin)).set_value(texte).run()
    assert lire(_projet(page), chemin) is None
    erreur = re.search(r'<p class="clas-erreur".*?</p>', _html(page))
    assert erreur is not None
    assert texte in unescape(erreur[0])
    assert attendu in unescape(erreur[0])
    page.text_input(key=cle(chemin)).set_value("").run()
    assert "clas-erreur" not in _html(page)


def test_a_refused_text_is_shown_escaped(page: AppTest) -> None:
    _etape(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("<img src=x>").run()
    assert "« &lt;img src=x&gt; »" in _html(page)


def test_facts_that_contradict_each_other_are_said_in_the_engine_s_words(page: AppTest) -> None:
    _ouvrir(page, _exemple())
    _etape(page, "budget")
    page.text_input(key=cle("budget.cout_total")).set_value("10").run()
    rendu = unescape(_html(page))
    assert "Le projet se contredit" in rendu
    assert "« budget.cout_total » (10 €) est inférieur à la somme des prix de revient" in rendu
    assert "clas-mot" not in rendu
    _etape(page, "public")
    page.button(key=f"faute-{cle('budget.cout_total')}").click().run()
    assert page.session_state["etape"] == "budget"


@pytest.mark.parametrize("code", ["34", "69", "01"])
def test_a_file_that_is_saved_and_opened_again_is_the_same_project(code: str) -> None:
    projet = importer(exemple(code, REGLES).encode(), "p.json", REGLES)
    assert importer(exporter(projet), "p.json", REGLES) == projet
    assert lire_projet(projet, REGLES) == lire_projet(_exemple(code), REGLES)


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
    _ouvrir(page, _exemple("69"))
    assert lire_projet(_projet(page), REGLES) == lire_projet(_exemple("69"), REGLES)
    assert _mot(page) == "Éligible"
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
    _etape(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("9").run()
    _ouvrir(page, contenu)
    assert phrase in unescape(_html(page))
    assert _projet(page) == {"collectifs": [{"enfants": 9}]}
    with pytest.raises(EntreeInutilisable):
        importer(contenu, "p.json", REGLES)


@pytest.mark.parametrize("code", ["34", "69", "01"])
def test_an_example_is_complete_and_conforms(page: AppTest, code: str) -> None:
    page.button(key=f"exemple-{code}").click().run()
    assert _projet(page)["departement"] == code
    assert _mot(page) == "Éligible"


def test_starting_over_forgets_all_and_can_be_undone(page: AppTest) -> None:
    page.button(key="exemple-34").click().run()
    avant = _projet(page)
    page.button(key="recommencer").click().run()
    assert _projet(page) == {"collectifs": [{}]}
    page.button(key="annuler").click().run()
    assert _projet(page) == avant


@pytest.mark.parametrize(
    "changements",
    [
        {"collectifs__1__intervenants": 1},
        {"collectifs__1__enfants": 14, "axes__parents__convivialite": False},
        {"budget__cofinancements": []},
        {"coordinateur__niveau_bac_plus": 0},
        {"actions_individuelles": "exclusives"},
    ],
)
def test_a_correction_gives_the_verdict_that_it_promised_and_can_be_undone(
    page: AppTest, changements: dict[str, Any]
) -> None:
    projet = importer(json.dumps(_exemple()).encode(), "p.json", REGLES)
    for chemin, valeur in changements.items():
        projet = poser(projet, chemin.replace("__", "."), valeur)
    _ouvrir(page, projet)
    avant, mot = _projet(page), _mot(page)
    promis = re.search(r"Verdict alors : <strong>([^<]+)</strong>", _html(page))
    assert promis is not None
    page.button(key="appliquer-1").click().run()
    assert _mot(page) == unescape(promis[1]) != mot
    assert _mot(page) == _mot_du_verdict(_projet(page))
    page.button(key="annuler").click().run()
    assert _projet(page) == avant
    assert _mot(page) == mot


def test_each_change_can_be_undone_within_bounds() -> None:
    brouillon = Brouillon()
    for valeur in range(MEMOIRE + 20):
        brouillon.poser("essai", {"population_commune": valeur})
    assert len(brouillon.passe) == MEMOIRE
    brouillon.annuler()
    assert brouillon.lire("population_commune") == MEMOIRE + 18


@pytest.mark.parametrize(
    "changements",
    [
        {},
        {"collectifs__1__semaines": 12, "demarrage_en_cours_d_annee": True},
        {"collectifs__1__enfants": None, "milieu_rural": None},
        {"annee_scolaire": None},
        {"charte__laicite": False},
    ],
)
def test_the_verdict_shown_is_that_of_the_engine(
    page: AppTest, changements: dict[str, Any]
) -> None:
    projet = _exemple(**changements)
    _ouvrir(page, projet)
    assert _mot(page) == _mot_du_verdict(projet)


def test_a_range_is_shown_while_an_amount_hangs_on_a_missing_fact(page: AppTest) -> None:
    projet = _exemple(bonus__enfants__au_dela_du_socle=None)
    _ouvrir(page, projet)
    montants = verifier(projet, REGLES).montants
    assert (montants.total_min, montants.total_max) == (2563, 2863)
    assert "entre 2\u202f563\u00a0€ et 2\u202f863\u00a0€" in unescape(_html(page))


def test_the_local_step_comes_and_goes_with_the_departement(page: AppTest) -> None:
    def faits_locaux() -> list[str]:
        if "etape-locale" not in {b.key for b in page.button}:
            return []
        _etape(page, "locale")
        cles = [w.key or "" for w in (*page.radio, *page.text_input)]
        return [c for c in cles if c.startswith("champ-")]

    assert faits_locaux() == []
    page.selectbox(key="champ-departement").set_value("34").run()
    assert cle("herault.projet_de_territoire") in faits_locaux()
    assert cle("depot_elan") in faits_locaux()
    _etape(page, "structure")
    page.selectbox(key="champ-departement").set_value("69").run()
    assert cle("rhone.sans_discrimination") in faits_locaux()
    assert cle("herault.projet_de_territoire") not in faits_locaux()
    _etape(page, "structure")
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
    yield AppTest.from_file(str(APP), default_timeout=60).run().switch_page(PAGE_PROJET).run()
    auto_controle.preparer_guide.clear()


def test_the_facts_of_a_new_departement_come_from_its_data_alone(
    avec_un_nouveau_departement: AppTest,
) -> None:
    page = avec_un_nouveau_departement
    assert "exemple-11" in {b.key for b in page.button}
    page.selectbox(key="champ-departement").set_value("11").run()
    _etape(page, "locale")
    assert page.radio(key="champ-aude-referent-nomme").label == "Un référent est-il nommé\u00a0?"
    page.radio(key="champ-aude-commission").set_value("favorable").run()
    page.text_input(key="champ-aude-reunions").set_value("3").run()
    page.text_input(key="champ-aude-reception").set_value("01/07/2026").run()
    page.checkbox(key="champ-aude-lieux-mediatheque").check().run()
    assert _projet(page)["aude"] == {
        "commission": "favorable",
        "reunions": 3,
        "reception": "2026-07-01",
        "lieux": ["mediatheque"],
    }


def test_the_next_question_leads_to_its_field(page: AppTest) -> None:
    premier = verifier(_projet(page), REGLES).a_renseigner[0]
    assert f"question-{cle(premier)}" in {b.key for b in page.button}
    page.button(key=f"question-{cle(premier)}").click().run()
    etape = GUIDE.etape_de(premier, None)
    assert etape is not None
    assert page.session_state["etape"] == etape.id
    assert f'data-viser="{cle(premier)}"' in _html(page)


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


def test_a_failing_criterion_leads_to_what_makes_it_fail(page: AppTest) -> None:
    _ouvrir(page, _exemple(axes__parents=["convivialite"], collectifs__1__intervenants=1))
    page.button(key="revoir-encadrement-1").click().run()
    assert page.session_state["etape"] == "encadrement"
    assert f'data-viser="{cle("collectifs.1.intervenants")}"' in _html(page)
    page.button(key="revoir-axe_parents-0").click().run()
    assert f'data-viser="{cle("axes.parents.information_inscription")}"' in _html(page)


def test_a_secondary_question_waits_for_the_answer_that_calls_for_it(page: AppTest) -> None:
    def questions() -> set[str]:
        return {r.key or "" for r in page.radio}

    _etape(page, "collectifs")
    handicap = cle("collectifs.1.enfant_en_situation_de_handicap")
    assert handicap not in questions()
    page.text_input(key=cle("collectifs.1.enfants")).set_value("10").run()
    assert handicap not in questions()
    page.text_input(key=cle("collectifs.1.enfants")).set_value("6").run()
    assert handicap in questions()


def test_every_criterion_is_listed_with_its_status_in_words(page: AppTest) -> None:
    projet = _exemple(collectifs__1__intervenants=1, coordinateur__experience=None)
    _ouvrir(page, projet)
    _etape(page, RESULTAT)
    rendu = unescape(_html(page))
    resultat = verifier(projet, REGLES)
    assert rendu.count('class="clas-critere') == len(resultat.criteres)
    for critere in resultat.criteres:
        assert critere.motif in rendu
        assert f"</span>{lire_textes().statuts[critere.statut].mot}</p>" in rendu
    for ligne in (*resultat.montants.detail, resultat.pluriannuel.motif):
        assert ligne in rendu
    for reserve in resultat.reserves:
        assert reserve.removeprefix("Lecture retenue : ") in rendu.replace("\u00a0:", " :")


def test_each_quotation_is_verbatim_and_links_to_its_place(page: AppTest) -> None:
    _ouvrir(page, _exemple(collectifs__1__intervenants=1))
    _etape(page, RESULTAT)
    motif = re.compile(
        r'<blockquote><p>(.*?)</p></blockquote>.*?href="textes\?document=(\d{3})'
        r'&amp;version=([0-9a-f]{12})&amp;debut=(\d+)&amp;fin=(\d+)"',
        re.DOTALL,
    )
    trouvees = motif.findall(_html(page))
    assert len(trouvees) > 30
    for mots, document, version, debut, fin in trouvees:
        texte = DOCUMENTS[document]
        assert texte.version == version
        assert unescape(mots) == texte.texte[int(debut) : int(fin)]


def test_a_field_quotes_the_text_that_it_stands_for(page: AppTest) -> None:
    page.selectbox(key="champ-departement").set_value("34").run()
    _etape(page, "parents")
    rendu = unescape(_html(page))
    assert "Seules les participations modiques en lien avec une action ponctuelle" in rendu
    assert "doit rester symbolique et/ou être dédiée" in rendu
    assert '<details class="clas-textes" open' not in rendu


def test_the_draft_is_there_on_the_way_back_from_another_page(page: AppTest) -> None:
    _etape(page, "collectifs")
    page.text_input(key=cle("collectifs.1.enfants")).set_value("9").run()
    page.switch_page(PAGE_QUESTION).run()
    page.switch_page(PAGE_PROJET).run()
    assert page.session_state["etape"] == "collectifs"
    assert page.text_input(key=cle("collectifs.1.enfants")).value == "9"


def test_two_people_do_not_share_a_draft(page: AppTest) -> None:
    autre = AppTest.from_file(str(APP), default_timeout=60).run().switch_page(PAGE_PROJET).run()
    page.button(key="exemple-34").click().run()
    assert _projet(autre.run()) == {"collectifs": [{}]}


@pytest.mark.parametrize("nom", ["<script>alert(1)</script>", "[x](https://exemple.fr)", "$x^2$"])
def test_a_hostile_name_is_only_ever_in_its_field(page: AppTest, nom: str) -> None:
    _ouvrir(page, _exemple(porteur__nom=nom, budget__cofinancements=[{"financeur": nom}]))
    for etape in GUIDE.etapes("34"):
        _etape(page, etape.id)
        assert nom not in _html(page)
        assert not any(nom in b.label for b in page.button)
        assert not any(nom in m.value for m in page.markdown)


def test_a_file_with_very_many_co_funders_is_kept_whole_and_shown_in_part(page: AppTest) -> None:
    lignes = [{"financeur": f"commune {n}", "type": "commune", "montant": n} for n in range(300)]
    _ouvrir(page, _exemple(budget__cofinancements=lignes))
    _etape(page, "budget")
    assert len(page.text_input) < 60
    page.text_input(key=cle("budget.cofinancements.2.montant")).set_value("1 200,50").run()
    assert len(_projet(page)["budget"]["cofinancements"]) == 300
    assert _projet(page)["budget"]["cofinancements"][1]["montant"] == 1200.5


def test_co_funding_is_yes_none_or_unknown(page: AppTest) -> None:
    _etape(page, "budget")
    champ = cle("budget.cofinancements")
    page.radio(key=champ).set_value("non").run()
    assert _projet(page)["budget"] == {"cofinancements": []}
    page.radio(key=champ).set_value("oui").run()
    page.selectbox(key=cle("budget.cofinancements.1.type")).set_value("msa").run()
    page.text_input(key=cle("budget.cofinancements.1.montant")).set_value("-5").run()
    assert _projet(page)["budget"] == {"cofinancements": [{"type": "msa"}]}
    assert "de 0 à 1 000 000 000 €" in unescape(_html(page))
    page.button(key="retirer-cofinancement-1").click().run()
    page.radio(key=champ).set_value("").run()
    assert "budget" not in _projet(page)


def test_rules_that_no_longer_match_the_texts_are_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuser(_documents: object, **_options: object) -> NoReturn:
        raise ReglesInutilisables("règle effectif, « citations » : mots introuvables.")

    monkeypatch.setattr(auto_controle, "charger_regles", refuser)
    auto_controle.preparer_guide.clear()
    page = AppTest.from_file(str(APP), default_timeout=60).run().switch_page(PAGE_PROJET).run()
    assert "mots introuvables" in _html(page)
    assert not page.radio
    auto_controle.preparer_guide.clear()
