"""The page « Tenir les textes »: what it shows, what it asks first, what it does and tells."""

from __future__ import annotations

import dataclasses
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.configuration import WATCHED_VARIABLE, Configuration, read_configuration
from assistant.preparation import preparer
from assistant.publication.ajouts import POUR_QUI, Souhaits, prepare_file
from assistant.publication.comparaison import DocumentNomme, Rapport, cut_words
from assistant.publication.etat import open_base, version_in_service
from assistant.publication.surveillance import Bilan
from corpus.base.intake import Apport, Ecarte
from corpus.base.models import Brouillon
from corpus.canonical import build_canonical
from corpus.library import SOURCES, load_corpus
from corpus.loading.limits import LIMITES
from corpus.manifest import read_source
from pages_clas import (
    garde,
    textes_ajouts,
    textes_brouillon,
    textes_comparaison,
    textes_controle,
    textes_suivi,
)
from pages_clas.textes_actes import en_page
from tests.situations import ICI

RACINE = Path(__file__).resolve().parents[2]
SCRIPT = RACINE / "pages_clas" / "tenir_les_textes.py"


COMPARAISON = Rapport(
    ancien="version 1",
    nouveau="brouillon",
    documents=(),
    ajoutes=(DocumentNomme(document="<b>neuf</b>", titre="Titre <i>neuf</i>"),),
    bloquants=("critère effectif",),
    brouillon=True,
)


class Envoye:
    """A file as the browser sends it."""

    def __init__(self, name: str, content: bytes, size: int | None = None) -> None:
        self.name, self.content = name, content
        self.size = len(content) if size is None else size

    def getvalue(self) -> bytes:
        assert self.size == len(self.content), "lu avant d'être mesuré"
        return self.content


def lier(de: str, vers: str) -> None:
    try:
        os.link(de, vers)
    except OSError:
        shutil.copy2(de, vers)


@pytest.fixture(scope="module")
def prete(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder set up by the program, never to be changed."""
    dossier = tmp_path_factory.mktemp("textes")
    (dossier / "modele").symlink_to(models_folder.resolve())
    bati = read_configuration().dossier_index
    if (bati / "courante").is_file():
        # Links: what an index holds is written once, and never changed after.
        shutil.copytree(bati / "versions", dossier / "index" / "versions", copy_function=lier)
        shutil.copy(bati / "courante", dossier / "index")
    preparer(Configuration(donnees=dossier, modele=None), annonce=lambda _: None)
    return dossier


@pytest.fixture
def place(prete: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """A data folder of one's own, and a keeper at this computer."""
    shutil.copytree(prete / "index", tmp_path / "index", copy_function=lier)
    shutil.copytree(prete / "corpus", tmp_path / "corpus")
    (tmp_path / "modele").symlink_to((prete / "modele").resolve())
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    monkeypatch.setattr(garde, "situation", lambda: ICI)
    return Configuration(donnees=tmp_path, modele=None)


@pytest.fixture
def vite(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison that is not made, where what matters is what the page does with it."""
    monkeypatch.setattr(textes_brouillon, "compare_draft", lambda _: COMPARAISON)


def preparer_un_changement(place: Configuration) -> None:
    """A draft where the référentiel says « 6 à 10 » children in place of « 8 à 12 »."""
    base, parent = open_base(place), version_in_service(place)
    assert parent is not None
    fiche = load_corpus().documents["001"].fiche
    texte = build_canonical(read_source(fiche, SOURCES).replace("8 à 12", "6 à 10"), fiche)
    base.keep_text(texte)
    documents = tuple(
        e.model_copy(update={"texte": texte.version, "origine": "apporte"})
        if e.fiche.id == "001"
        else e
        for e in parent.documents
    )
    base.write_draft(Brouillon(parent=parent.identite, documents=documents))


def ouvrir() -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=120).run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def presser(page: AppTest, nom: str) -> AppTest:
    bouton = next(b for b in page.button if b.label == nom)
    bouton.click().run()
    assert not page.exception
    return page


def actes(place: Configuration) -> list[str]:
    return [e.action for e in open_base(place).read_journal()]


def test_the_page_shows_what_is_in_service_and_that_nothing_is_prepared(
    place: Configuration,
) -> None:
    assert version_in_service(place) is not None
    dit = html(ouvrir())
    assert "Version 1, livrée avec le programme" in dit
    assert all(f"<td>{nom}</td>" in dit for nom in load_corpus().documents)
    assert "Rien n&#x27;est en préparation" in dit or "Rien n'est en préparation" in dit


@pytest.mark.long
def test_a_draft_is_compared_put_aside_with_a_reason_and_abandoned(place: Configuration) -> None:
    preparer_un_changement(place)
    page = ouvrir()
    dit = html(page)
    assert "Ce qui empêche de publier (" in dit
    assert "parti : " in dit
    assert "venu : " in dit
    assert "Publication impossible" in dit
    assert not [b for b in page.button if b.label == "Publier"]

    presser(page, "Mettre de côté ce qui est atteint")
    assert "Raison attendue" in html(page)
    assert actes(place) == []

    raison = next(t for t in page.text_input if t.label.startswith("Raison"))
    raison.set_value("le nombre d'enfants a changé")
    presser(page, "Mettre de côté ce qui est atteint")
    assert "Rien n&#x27;empêche de publier" in html(page) or "Rien n'empêche" in html(page)
    assert set(actes(place)) == {"ecarter"}

    presser(page, "Publier")
    assert "Motif attendu" in html(page)
    presser(page, "Abandonner le brouillon")
    assert "Confirmation attendue" in html(page)
    assert open_base(place).read_draft() is not None

    case = next(c for c in page.checkbox if "sera perdu" in c.label)
    case.check()
    presser(page, "Abandonner le brouillon")
    assert open_base(place).read_draft() is None
    assert actes(place)[-1] == "abandonner"


@pytest.mark.long
@pytest.mark.usefixtures("vite")
def test_an_act_is_refused_once_the_role_is_lost(
    place: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    preparer_un_changement(place)
    page = ouvrir()
    next(c for c in page.checkbox if "sera perdu" in c.label).check()
    suite = iter([ICI])
    autre = dataclasses.replace(ICI, local=False)
    monkeypatch.setattr(garde, "situation", lambda: next(suite, autre))
    presser(page, "Abandonner le brouillon")
    assert open_base(place).read_draft() is not None
    assert actes(place) == []
    assert "Page réservée" in html(page)


def test_a_file_too_big_is_never_read() -> None:
    gros = Envoye("gros.pdf", b"", LIMITES.octets + 1)
    (ecarte,) = textes_ajouts._apports([gros])  # type: ignore[list-item]
    assert isinstance(ecarte, Ecarte)
    assert ecarte.raison == "il dépasse 50 Mo"


@pytest.mark.parametrize("nom", ["../../etc/passwd", "C:\\dossier\\a.txt", "..", "a\x00b.txt"])
def test_the_name_of_a_file_never_leads_anywhere(nom: str) -> None:
    (apport,) = textes_ajouts._apports([Envoye(nom, b"x")])  # type: ignore[list-item]
    assert isinstance(apport, Apport)
    assert not set(apport.nom) & set("/\\\x00")
    assert apport.nom.strip(".")


def test_words_of_a_text_never_become_markup() -> None:
    avant, apres = cut_words("<b>8</b> enfants", "<script>6</script> enfants")
    dit = textes_comparaison.cotes(avant, apres)
    assert "<b>" not in dit
    assert "<script" not in dit
    assert "&lt;script&gt;" in dit


def test_a_refusal_is_said_without_the_commands_of_a_terminal() -> None:
    refus = ValueError("Abandonnez-le (« clas corpus abandonner ») et refaites-le.")
    assert en_page(refus) == "Abandonnez-le et refaites-le."


def test_what_a_watched_folder_holds_is_told_with_what_to_do_on_the_page() -> None:
    ancien = (
        "c'est un de ses textes d'avant ; pour le remettre : « clas corpus ajouter F --id 004 »"
    )
    double, refuse = textes_suivi._dits(
        Bilan(
            refuses=[Ecarte("suivi/note.md", POUR_QUI)],
            doublons=[Ecarte("suivi/vieux.md", ancien)],
        )
    )
    assert double == "suivi/vieux.md : c'est un de ses textes d'avant."
    assert refuse.startswith("suivi/note.md : refusé, pour qui il est n'a pas été reconnu")
    assert refuse.endswith(
        "ajoutez-le seul par « Ajouter des fichiers », et dites pour qui il est dans « Corriger la "
        "fiche », Portée."
    )


@pytest.mark.usefixtures("vite")
def test_a_file_is_read_shown_corrected_and_kept(place: Configuration) -> None:
    page = AppTest.from_file(str(SCRIPT), default_timeout=120)
    contenu = "Note de l'essai\n\nLe <b>texte</b> dit que chacun reçoit une réponse.\n".encode()
    apport = Apport("neuf.txt", "neuf.txt", lambda: contenu)
    pret = prepare_file(place, apport, Souhaits({}), datetime(2026, 3, 2, tzinfo=UTC).date())
    page.session_state["textes_candidats"] = [
        textes_ajouts.Candidat("cle", apport, Souhaits({}), seul=False, pret=pret)
    ]
    page.run()
    assert not page.exception
    dit = html(page)
    assert "Lu où" in dit
    assert "neuf.txt : document nouveau" in dit
    next(t for t in page.text_input if t.label == "Titre").set_value("Titre <i>corrigé</i>")
    presser(page, "Ajouter au brouillon")
    brouillon = open_base(place).read_draft()
    assert brouillon is not None
    assert brouillon.documents[-1].fiche.titre == "Titre <i>corrigé</i>"
    assert actes(place) == ["ajouter"]
    assert "<i>corrigé" not in html(page)


@pytest.mark.usefixtures("vite")
def test_what_a_draft_changes_and_what_blocks_it_are_shown_as_words(place: Configuration) -> None:
    preparer_un_changement(place)
    page = ouvrir()
    dit = html(page)
    assert "Document ajouté, &lt;b&gt;neuf&lt;/b&gt; : Titre &lt;i&gt;neuf&lt;/i&gt;" in dit
    assert "<li>critère effectif</li>" in dit
    assert "Publication impossible" in dit
    assert not [b for b in page.button if b.label == "Publier"]


@pytest.mark.long
@pytest.mark.usefixtures("vite")
def test_nothing_is_put_aside_or_given_up_before_it_is_confirmed(place: Configuration) -> None:
    preparer_un_changement(place)
    page = presser(ouvrir(), "Mettre de côté ce qui est atteint")
    assert "Raison attendue" in html(page)
    presser(page, "Abandonner le brouillon")
    assert "Confirmation attendue" in html(page)
    assert open_base(place).read_draft() is not None
    assert actes(place) == []


def test_what_is_refused_names_the_field_as_the_page_does() -> None:
    refus = ValueError(r"derniere_annee : « 2026 » ; attendu de la forme ^\d{4}-\d{4}$")
    assert en_page(refus) == (
        "Dernière année de validité (vide : encore en vigueur) : « 2026 » ; attendu deux années "
        "qui se suivent, comme 2026-2027"
    )


def test_a_file_is_not_made_for_somebody_who_lost_the_role_since_the_page_was_drawn() -> None:
    faits: list[str] = []

    def faire() -> bytes:
        faits.append("fait")
        return b"octets"

    assert textes_controle._reserve("gestionnaire", ICI, faire)() == b"octets"
    ailleurs = dataclasses.replace(ICI, local=False)
    with pytest.raises(PermissionError):
        textes_controle._reserve("gestionnaire", ailleurs, faire)()
    assert faits == ["fait"]


def test_a_server_that_names_no_folder_watches_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WATCHED_VARIABLE, raising=False)
    assert read_configuration().dossier_suivi is None


@pytest.mark.long
@pytest.mark.usefixtures("vite")
def test_a_document_that_another_replaces_ends_the_year_before(place: Configuration) -> None:
    page = ouvrir()
    page.selectbox(key="textes-document-0").set_value("003").run()
    next(s for s in page.selectbox if s.label == "Remplacé par").set_value("004")
    presser(page, "Changer la fiche")
    assert "Il est remplacé par 004." in html(page)
    brouillon = open_base(place).read_draft()
    assert brouillon is not None
    assert {e.fiche.id: e.remplace for e in brouillon.documents}["004"] == "003"
    assert actes(place) == ["modifier"]


@pytest.mark.long
@pytest.mark.usefixtures("vite")
def test_an_entry_left_as_it_is_changes_nothing(place: Configuration) -> None:
    assert "Rien n&#x27;est changé" in html(presser(ouvrir(), "Changer la fiche"))
    assert open_base(place).read_draft() is None
    assert actes(place) == []
