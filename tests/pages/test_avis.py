"""Agents' marks on the pages: where they are set, who may, and what a porteur sees of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.avis.actes import mark
from assistant.avis.models import AvisInutilisables, Cible
from assistant.avis.registre import Registre
from assistant.configuration import read_configuration
from corpus.library import load_corpus
from pages_clas import avis_formulaire, garde
from tests.situations import ICI

RACINE = Path(__file__).resolve().parents[2]
APP = RACINE / "app.py"
PAGE = RACINE / "pages_clas" / "avis_des_agents.py"
CITATION = RACINE / "pages_clas" / "verifier_une_citation.py"
QUESTION = "Combien de séances par semaine ?"
FICHE = "seances-par-semaine"
PHRASE = "chaque collectif d’enfants bénéficie de deux séances hebdomadaires"
HOSTILE = "<b>gras</b> [lien](http://x) =1+1 $x$ :smile:"
PERSONNE = dataclasses.replace(ICI, local=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own, where the model and the index are those that are installed."""
    ici = read_configuration()
    for nom in ("modele", "index", "corpus"):
        (tmp_path / nom).symlink_to((ici.donnees / nom).resolve())
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    return tmp_path


@pytest.fixture
def registre(place: Path) -> Registre:
    return Registre(place / "avis")


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garde, "situation", lambda: ICI)


def _ouvrir(script: Path) -> AppTest:
    page = AppTest.from_file(str(script), default_timeout=120).run()
    assert not page.exception
    return page


def _demander(page: AppTest, question: str = QUESTION) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    corps = (element.proto.body for element in page.get("html"))
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def _enregistrer(page: AppTest, statut: str | None, commentaire: str = "") -> AppTest:
    if statut is not None:
        page.radio[0].set_value(statut)
    page.text_area[-1].set_value(commentaire)
    next(b for b in page.button if b.label == "Enregistrer l'avis").click().run()
    assert not page.exception
    return page


def _ouvrir_le_volet(page: AppTest) -> AppTest:
    page.session_state["volet-tour-1-1"] = True
    return page.run()


@pytest.mark.usefixtures("agent")
def test_an_agent_marks_an_answer_and_its_card_from_the_conversation(registre: Registre) -> None:
    page = _ouvrir_le_volet(_demander(_ouvrir(APP)))
    assert [o.split(" ")[0] for o in page.selectbox[-1].options] == ["Réponse", "Fiche"]
    _enregistrer(page, "verifie", HOSTILE)
    rendu = _html(page)
    assert "Avis enregistré" in rendu
    assert "Vérifié par un agent le " in rendu
    assert "&lt;b&gt;gras&lt;/b&gt; [lien](http://x) =1+1 $x$ :smile:" in rendu
    assert "<b>gras" not in rendu
    [pose] = registre.marques().historique
    assert (pose.genre, pose.statut, pose.commentaire) == ("reponse", "verifie", HOSTILE)
    assert pose.auteur.startswith("poste local (compte ")

    page.selectbox[-1].set_value(1).run()
    _enregistrer(page, "faux", "le nombre a changé")
    assert "Erreur relevée dans cette réponse" in _html(page)
    assert [a.cible for a in registre.marques().historique][1:] == [FICHE]
    _demander(page)
    assert "C&#x27;est un minimum" not in _html(page).rpartition('id="question-2"')[2]


@pytest.mark.long
@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize(
    ("statut", "commentaire", "dit"),
    [
        (None, "", "Choisissez un avis"),
        ("faux", "", "Dites en quelques mots"),
        ("douteux", " \t ", "Dites en quelques mots"),
    ],
)
def test_a_mark_that_cannot_be_set_is_said_and_not_set(
    registre: Registre, statut: str | None, commentaire: str, dit: str
) -> None:
    page = _ouvrir_le_volet(_demander(_ouvrir(APP)))
    _enregistrer(page, statut, commentaire)
    assert dit in _html(page)
    assert registre.marques().historique == ()


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_disk_that_is_full_is_said(registre: Registre, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(*_: object) -> None:
        raise AvisInutilisables("les avis des agents n'ont pas pu être écrits : plus de place")

    monkeypatch.setattr(Registre, "add", plein)
    page = _enregistrer(_ouvrir_le_volet(_demander(_ouvrir(APP))), "verifie")
    assert "Rien n&#x27;a été enregistré" in _html(page)
    assert "plus de place" in _html(page)
    assert registre.marques().historique == ()


@pytest.mark.usefixtures("place")
def test_a_porteur_sees_the_day_of_a_check_and_no_form(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garde, "situation", lambda: PERSONNE)
    page = _demander(_ouvrir(APP))
    page.session_state["volet-tour-1-1"] = True
    page.run()
    assert not page.radio
    assert not page.text_area
    assistant = page.session_state["tours"][0]
    dite = assistant.jugee.fiches[0]
    cible = Cible("fiche", dite.id, dite.empreinte, "", "")
    mark(registre, cible, "verifie", "vu dans la circulaire", "Marie Durand")
    page.run()
    rendu = _html(page)
    assert "Vérifié par un agent le " in rendu
    assert "Marie Durand" not in rendu
    assert "vu dans la circulaire" not in rendu
    mark(registre, cible, "douteux", "à revoir", "Marie Durand")
    page.run()
    assert "Vérifié par un agent" not in _html(page)
    assert "à revoir" not in _html(page)
    mark(registre, cible, "faux", "c'est faux", "Marie Durand")
    page.run()
    assert "Erreur relevée dans cette réponse" in _html(page)
    assert "2 séances par semaine pour chaque collectif" not in _html(page)
    assert "c&#x27;est faux" not in _html(page)


def test_a_role_lost_before_the_click_lets_nothing_be_marked(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    actuelle = [ICI]
    monkeypatch.setattr(garde, "situation", lambda: actuelle[0])
    page = _ouvrir_le_volet(_demander(_ouvrir(APP)))
    page.radio[0].set_value("verifie")
    actuelle[0] = PERSONNE
    _enregistrer(page, None)
    assert registre.marques().historique == ()


def test_the_act_itself_judges_the_request_again(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the drawing of the form and the act, in the same run, the login expires."""
    etat = {"agent": True}
    monkeypatch.setattr(garde, "situation", lambda: ICI if etat["agent"] else PERSONNE)
    page = _ouvrir_le_volet(_demander(_ouvrir(APP)))
    accomplir = avis_formulaire._accomplir

    def expire(*donnes: object) -> None:
        etat["agent"] = False
        accomplir(*donnes)  # type: ignore[arg-type]

    monkeypatch.setattr(avis_formulaire, "_accomplir", expire)
    page = _enregistrer(page, "verifie")
    assert "Page réservée" in _html(page)
    assert registre.marques().historique == ()


@pytest.fixture
def cite(place: Path) -> dict[str, str]:
    texte = load_corpus().documents["004"]
    debut = texte.texte.index(PHRASE)
    assert place.is_dir()
    return {"document": "004", "debut": str(debut), "fin": str(debut + len(PHRASE))}


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_card_is_marked_from_a_passage_that_it_quotes_and_found_in_the_list(
    registre: Registre, cite: dict[str, str]
) -> None:
    page = AppTest.from_file(str(CITATION), default_timeout=120)
    page.query_params.update(cite)
    page.run()
    assert not page.exception
    [choix] = [s for s in page.selectbox if s.label == "Ce que vous jugez"]
    rang = next(i for i, o in enumerate(choix.options) if QUESTION in o)
    choix.set_value(rang).run()
    _enregistrer(page, "douteux", HOSTILE)
    [pose] = registre.marques().historique
    assert (pose.genre, pose.cible, pose.statut) == ("fiche", FICHE, "douteux")

    liste = _ouvrir(PAGE)
    rendu = _html(liste)
    assert f"Fiche {FICHE} : douteux" in rendu
    assert "&lt;b&gt;gras" in rendu
    assert "<b>gras" not in rendu
    liste.selectbox(key="avis-statut").set_value("faux").run()
    assert "Aucun avis" in _html(liste)
    liste.selectbox(key="avis-statut").set_value("douteux").run()
    assert FICHE in _html(liste)
    _enregistrer(liste, "leve", "corrigée depuis")
    assert [a.statut for a in registre.marques().historique] == ["douteux", "leve"]
    liste.checkbox(key="avis-a-revoir").check().run()
    assert "Aucun avis" in _html(liste)


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_card_changed_while_the_form_was_open_is_read_again_first(
    registre: Registre, cite: dict[str, str]
) -> None:
    page = AppTest.from_file(str(CITATION), default_timeout=120)
    page.query_params.update(cite)
    page.run()
    vues = page.session_state["avis_vues"]
    vues.update(dict.fromkeys(vues, "f" * 64))
    _enregistrer(page, "verifie")
    assert "Elle a changé depuis que vous l&#x27;avez ouverte" in _html(page)
    assert registre.marques().historique == ()
    _enregistrer(page, "verifie")
    assert len(registre.marques().historique) == 1


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_card_mended_since_is_to_be_looked_at_again(registre: Registre) -> None:
    page = _demander(_ouvrir(APP))
    dite = page.session_state["tours"][0].jugee.fiches[0]
    mark(registre, Cible("fiche", dite.id, "a" * 64, "", "Avant."), "faux", "x", "Une agente")
    mark(registre, Cible("fiche", "disparue", "b" * 64, "", "Partie."), "verifie", "", "Une agente")
    liste = _ouvrir(PAGE)
    rendu = _html(liste)
    assert "2 avis, dont 2 à revoir" in rendu
    assert f"Fiche {FICHE} : faux – à revoir : modifiée depuis" in rendu
    assert "Fiche disparue : vérifié – à revoir : la fiche n'est plus en service" in rendu
    assert "Erreur relevée" not in _html(page.run())


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_copied_answer_is_found_again_by_pasting_it(registre: Registre) -> None:
    reponse = _demander(_ouvrir(APP)).session_state["tours"][0].reponse
    page = _ouvrir(CITATION)
    cites = "\n".join(f"« {c.extrait} »" for c in reponse.citations)
    colle = f"Question : {QUESTION}\n\n{reponse.texte}\n\nLes textes cités :\n{cites}\n"
    page.text_area[0].set_value(colle)
    next(b for b in page.button if b.label == "Vérifier").click().run()
    assert not page.exception
    _enregistrer(page, "verifie")
    [pose] = registre.marques().historique
    assert pose.genre == "reponse"
    page.text_area[0].set_value(colle.replace("C'est un minimum", "C'est un maximum"))
    next(b for b in page.button if b.label == "Vérifier").click().run()
    assert "Réponse qui n&#x27;est plus donnée" in _html(page)


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_damaged_journal_is_told_to_agents(registre: Registre, place: Path) -> None:
    page = _demander(_ouvrir(APP))
    dite = page.session_state["tours"][0].jugee.fiches[0]
    mark(registre, Cible("fiche", dite.id, dite.empreinte, "", ""), "verifie", "", "Une agente")
    path = place / "avis" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"verifie", b"douteux"))
    assert "abîmé (ligne 1)" in _html(_ouvrir(PAGE))
    assert "Vérifié par" not in _html(page.run())
