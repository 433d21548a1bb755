"""The verdict of the form, without a browser: what it shows, what it corrects, what it quotes."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, NoReturn

import pytest
from formulaire import (
    DOCUMENTS,
    REGLES,
    aller_a,
    exemple_de,
    html_de,
    mot_de,
    mot_du_verdict,
    ouvrir_le_formulaire,
    ouvrir_un_projet,
    projet_de,
)
from streamlit.testing.v1 import AppTest

from assistant.eligibility import (
    ReglesInutilisables,
    verifier,
)
from assistant.eligibility.donnees import poser
from assistant.eligibility.report.wording import lire_textes
from pages_clas import auto_controle
from pages_clas.formulaire_brouillon import importer
from pages_clas.formulaire_champs import cle
from pages_clas.formulaire_plan import RESULTAT


@pytest.fixture
def page() -> AppTest:
    return ouvrir_le_formulaire()


def test_facts_that_contradict_each_other_are_said_in_the_engine_s_words(page: AppTest) -> None:
    ouvrir_un_projet(page, exemple_de())
    aller_a(page, "budget")
    page.text_input(key=cle("budget.cout_total")).set_value("10").run()
    rendu = unescape(html_de(page))
    assert "Le projet se contredit" in rendu
    assert "« budget.cout_total » (10 €) est inférieur à la somme des prix de revient" in rendu
    assert "clas-mot" not in rendu
    aller_a(page, "public")
    page.button(key=f"faute-{cle('budget.cout_total')}").click().run()
    assert page.session_state["etape"] == "budget"


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
    projet = importer(json.dumps(exemple_de()).encode(), "p.json", REGLES)
    for chemin, valeur in changements.items():
        projet = poser(projet, chemin.replace("__", "."), valeur)
    ouvrir_un_projet(page, projet)
    avant, mot = projet_de(page), mot_de(page)
    promis = re.search(r"Verdict alors : <strong>([^<]+)</strong>", html_de(page))
    assert promis is not None
    page.button(key="appliquer-1").click().run()
    assert mot_de(page) == unescape(promis[1]) != mot
    assert mot_de(page) == mot_du_verdict(projet_de(page))
    page.button(key="annuler").click().run()
    assert projet_de(page) == avant
    assert mot_de(page) == mot


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
    projet = exemple_de(**changements)
    ouvrir_un_projet(page, projet)
    assert mot_de(page) == mot_du_verdict(projet)


def test_a_range_is_shown_while_an_amount_hangs_on_a_missing_fact(page: AppTest) -> None:
    projet = exemple_de(bonus__enfants__au_dela_du_socle=None)
    ouvrir_un_projet(page, projet)
    montants = verifier(projet, REGLES).montants
    assert (montants.total_min, montants.total_max) == (2563, 2863)
    assert "entre 2\u202f563\u00a0€ et 2\u202f863\u00a0€" in unescape(html_de(page))


def test_a_failing_criterion_leads_to_what_makes_it_fail(page: AppTest) -> None:
    ouvrir_un_projet(
        page, exemple_de(axes__parents=["convivialite"], collectifs__1__intervenants=1)
    )
    page.button(key="revoir-encadrement-1").click().run()
    assert page.session_state["etape"] == "encadrement"
    assert f'data-viser="{cle("collectifs.1.intervenants")}"' in html_de(page)
    page.button(key="revoir-axe_parents-0").click().run()
    assert f'data-viser="{cle("axes.parents.information_inscription")}"' in html_de(page)


def test_every_criterion_is_listed_with_its_status_in_words(page: AppTest) -> None:
    projet = exemple_de(collectifs__1__intervenants=1, coordinateur__experience=None)
    ouvrir_un_projet(page, projet)
    aller_a(page, RESULTAT)
    rendu = unescape(html_de(page))
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
    ouvrir_un_projet(page, exemple_de(collectifs__1__intervenants=1))
    aller_a(page, RESULTAT)
    motif = re.compile(
        r'<blockquote><p>(.*?)</p></blockquote>.*?href="textes\?document=(\d{3})'
        r'&amp;version=([0-9a-f]{12})&amp;debut=(\d+)&amp;fin=(\d+)"',
        re.DOTALL,
    )
    trouvees = motif.findall(html_de(page))
    assert len(trouvees) > 30
    for mots, document, version, debut, fin in trouvees:
        texte = DOCUMENTS[document]
        assert texte.version == version
        assert unescape(mots) == texte.texte[int(debut) : int(fin)]


def test_rules_that_no_longer_match_the_texts_are_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuser(_documents: object, **_options: object) -> NoReturn:
        raise ReglesInutilisables("règle effectif, « citations » : mots introuvables.")

    monkeypatch.setattr(auto_controle, "charger_regles", refuser)
    auto_controle.preparer_guide.clear()
    page = ouvrir_le_formulaire()
    assert "mots introuvables" in html_de(page)
    assert not page.radio
    auto_controle.preparer_guide.clear()
