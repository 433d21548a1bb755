from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.configuration import read_configuration
from corpus.library import load_corpus
from corpus.models import DocumentCanonique
from index.lexicon import load_lexicon
from index.storage import make_current, open_index, write_version

APP = Path(__file__).resolve().parents[2] / "app.py"
LECTURE = "pages_clas/lire_les_textes.py"


@pytest.fixture(scope="module")
def documents() -> dict[str, DocumentCanonique]:
    return dict(load_corpus().documents)


def _ouvrir(**parametres: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    page.switch_page(LECTURE)
    for nom, valeur in parametres.items():
        page.query_params[nom] = valeur
    page.run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    corps = (element.proto.body for element in page.html)
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def _surligne(page: AppTest, classe: str) -> str:
    marques = re.findall(rf'<mark class="{classe}"[^>]*>(.*?)</mark>', _html(page), flags=re.DOTALL)
    return unescape(re.sub(r'<span class="clas-lu">.*?</span>', "", "".join(marques)))


def test_any_of_the_texts_can_be_read(documents: dict[str, DocumentCanonique]) -> None:
    page = _ouvrir(document="000")
    for ident, document in documents.items():
        page.selectbox(key="texte_choisi").set_value(ident).run()
        assert document.fiche.titre in unescape(_html(page))
        assert dict(page.query_params) == {"document": ident}


def test_a_text_is_shown_with_where_it_comes_from() -> None:
    rendu = _html(_ouvrir(document="003"))
    for mots in ("caf.fr", "National", "année scolaire 2021-2022", 'rel="noopener noreferrer"'):
        assert mots in rendu


def test_a_link_opens_its_text_with_the_quotation_highlighted(
    documents: dict[str, DocumentCanonique],
) -> None:
    document = documents["001"]
    page = _ouvrir(document="001", version=document.version, debut="15317", fin="15476")
    assert page.selectbox(key="texte_choisi").value == "001"
    assert _surligne(page, "clas-citation") == document.texte[15317:15476]
    assert 'data-viser="passage-cite"' in _html(page)


def test_a_link_without_a_version_is_read_in_the_current_one() -> None:
    assert _surligne(_ouvrir(document="001", debut="15317", fin="15476"), "clas-citation")


@pytest.mark.parametrize(
    ("parametres", "message"),
    [
        ({"document": "zzz"}, "n'est pas dans la base"),
        ({"document": "001", "debut": "x", "fin": "3"}, "deux nombres entiers sont attendus"),
        ({"document": "001", "debut": "9", "fin": "3"}, "aucun passage n'est surligné"),
        ({"document": "001", "debut": "0", "fin": "99999999"}, "le texte en compte"),
        (
            {"document": "001", "version": "0123456789ab", "debut": "0", "fin": "9"},
            "n'est plus conservée",
        ),
        ({"document": "001", "version": "0123456789ab"}, "autre version"),
        ({"document": "001", "version": "../../etc", "debut": "0", "fin": "9"}, "../../etc"),
    ],
)
def test_a_bad_link_gets_a_clear_message_and_the_text(
    parametres: dict[str, str], message: str
) -> None:
    page = _ouvrir(**parametres)
    rendu = unescape(_html(page))
    assert message in rendu
    assert "clas-texte" in rendu
    assert not _surligne(page, "clas-citation")


def test_words_of_a_link_are_escaped() -> None:
    rendu = _html(_ouvrir(document="<img src=x onerror=alert(1)>"))
    assert "<img" not in rendu
    assert "&lt;img src=x" in rendu


def _avec_une_ancienne_version(dossier: Path, ancien: str) -> str:
    """Keep beside the index in use an older one where text 001 reads differently."""
    construit = read_configuration()
    (dossier / "modele").symlink_to(construit.dossier_modele)
    shutil.copytree(construit.dossier_index, dossier / "index")
    ouvert = open_index(dossier / "index", load_lexicon())
    texte = ouvert.documents["001"].model_copy(update={"texte": ancien, "version": "a" * 12})
    info = ouvert.info.model_copy(
        update={"version": "b" * 12, "documents": {**ouvert.info.documents, "001": texte.version}}
    )
    documents = {**ouvert.documents, "001": texte}
    write_version(dossier / "index", replace(ouvert, info=info, documents=documents))
    make_current(dossier / "index", ouvert.info.version)
    return texte.version


@pytest.mark.long
def test_a_link_to_a_kept_older_version_shows_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = _avec_une_ancienne_version(tmp_path, "Avant. Dix enfants au plus. Après.")
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    page = _ouvrir(document="001", version=version, debut="7", fin="27")
    assert _surligne(page, "clas-trouve") == "Dix enfants au plus."
    assert "ne figurent plus tels quels" in unescape(_html(page))
    assert not _surligne(page, "clas-citation")


@pytest.mark.long
def test_words_of_an_older_version_are_found_again_in_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, documents: dict[str, DocumentCanonique]
) -> None:
    mots = documents["001"].texte[15317:15476]
    version = _avec_une_ancienne_version(tmp_path, f"Ailleurs. {mots}")
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    page = _ouvrir(document="001", version=version, debut="10", fin=str(10 + len(mots)))
    assert documents["001"].texte.count(mots) == 1
    assert "Les mêmes mots figurent dans la version actuelle" in unescape(_html(page))
    assert _surligne(page, "clas-citation") == mots


def test_search_counts_its_results_and_goes_round() -> None:
    page = _ouvrir(document="003")
    page.text_input(key="texte_cherche").set_value("SCOLARITE").run()
    total = int(re.findall(r"Résultat 1 sur (\d+)", _html(page))[0])
    assert total > 2
    page.button(key="apres").click().run()
    assert f"Résultat 2 sur {total}" in _html(page)
    page.button(key="avant").click().run()
    page.button(key="avant").click().run()
    assert f"Résultat {total} sur {total}" in _html(page)
    assert _surligne(page, "clas-courant").lower() == "scolarité"


def test_a_search_without_result_says_so() -> None:
    page = _ouvrir(document="003")
    page.text_input(key="texte_cherche").set_value("zzz").run()
    assert "Aucun résultat dans ce texte." in _html(page)


def test_another_text_starts_without_the_search_of_the_last_one() -> None:
    page = _ouvrir(document="003")
    page.text_input(key="texte_cherche").set_value("enfants").run()
    page.selectbox(key="texte_choisi").set_value("001").run()
    assert page.text_input(key="texte_cherche").value == ""
    assert "Résultat" not in _html(page)
