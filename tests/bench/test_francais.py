from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench import francais, francais_donnees
from bench.francais_donnees import PaquetIndisponible
from bench.francais_mesures import (
    Ecart,
    Vecteurs,
    late_ranks,
    loss_verdict,
    ndcg,
    paired_gap,
    recall,
    reciprocal,
    vector_ranks,
)
from bench.francais_textes import Jeu, Section, fiche_section, is_french, make_jeu, page_sections
from index.embedding.encoder import EncodedText, ModelDescription
from index.late import TokenStore, quantise

PAGE = """<!DOCTYPE html><html><head><title>Manuel</title></head><body>
<nav>Sommaire</nav>
<h1>Chapitre 2. Les paquets</h1><p>Un paquet se <b>télé</b>charge.</p>
<h2><a id="x"></a>2.1. Prérequis<a class="headerlink" href="#x">¶</a></h2>
<ul><li>un</li><li>deux</li></ul><pre>apt-get update</pre>
<p>Choisissez <span hidden="true">Préférences</span><span>Outils</span>.</p>
<h3>2.1.1. Debian. Un nom</h3><p>Texte.</p>
<h2>2.2. Suite</h2><div class="navfooter">Page suivante</div><p>Fin.</p>
</body></html>""".encode()
JEU = Jeu("essai", "paquet 1", ("q0", "q1"), ("d0", "d1"))
LONG = "le chat et la souris sont dans le jardin de la maison pour que vous les regardiez " * 3


def test_a_page_gives_its_sections_with_the_title_above_and_without_menus_numbers_or_code() -> None:
    assert page_sections(PAGE) == [
        Section("Les paquets", "", "Un paquet se télécharge."),
        Section("Prérequis", "Les paquets", "un deux Choisissez Outils."),
        Section("Debian. Un nom", "Prérequis", "Texte."),
        Section("Suite", "Les paquets", "Fin."),
    ]


def _node(name: str, *children: dict[str, Any] | str, **attributes: str) -> dict[str, Any]:
    texts = [{"type": "text", "text": c} if isinstance(c, str) else c for c in children]
    return {"type": "element", "name": name, "attributes": attributes, "children": texts}


def _fiche(kind: str) -> dict[str, Any]:
    link = _node("LienInterne", "l'indemnité")
    body = _node(
        "Texte",
        _node("Paragraphe", "Oui, avec ", link, "."),
        _node("OuSAdresser", _node("Titre", "Mairie")),
        _node("Liste", _node("Item", "un"), _node("Item", "deux")),
    )
    about = _node("VoirAussi", "Autre fiche")
    title = _node("dc:title", "Peut-on partir ?")
    return {"children": [_node("Publication", title, body, about, type=kind)]}


def test_a_record_gives_its_question_and_its_text_without_links_to_elsewhere() -> None:
    expected = Section("Peut-on partir ?", "", "Oui, avec l'indemnité. un deux")

    assert fiche_section(_fiche("Fiche Question-réponse")) == expected
    assert fiche_section(_fiche("Fiche d'information")) is None


def test_titles_take_the_one_above_when_short_or_shared_and_what_stays_unclear_is_left_out() -> (
    None
):
    sections = [
        Section("Imprimer une page entière", "Aide", LONG + "a"),
        Section("Exemples", "Opérations multiples", LONG + "b"),
        Section("Ajouter une image animée", "Texte", LONG + "c"),
        Section("Ajouter une image animée", "Dessin", LONG + "d"),
        Section("Voir", "", LONG + "e"),
        Section("Configurer le réseau local", "Aide", "trop court"),
        Section("Régler les marges gauches", "Aide", LONG + "a"),
        Section("Untranslated words stay out", "Aide", "the cat sat on a mat and went away " * 9),
    ]

    jeu = make_jeu("essai", "paquet 1", sections)

    assert jeu.questions == (
        "Régler les marges gauches",
        "Opérations multiples : Exemples",
        "Texte : Ajouter une image animée",
        "Dessin : Ajouter une image animée",
    )
    assert jeu.documents == tuple(LONG + letter for letter in "abcd")


def test_french_is_told_from_english() -> None:
    assert is_french("Le paquet est dans la liste des paquets.")
    assert not is_french("The package is in the list of packages that are installed.")


def test_the_measures_of_one_question_follow_from_the_rank_of_its_only_answer() -> None:
    ranks = (1, 2, 3, 10, 11)

    assert [round(ndcg(rank), 4) for rank in ranks] == [1.0, 0.6309, 0.5, 0.2891, 0.0]
    assert [recall(rank) for rank in ranks] == [1.0, 1.0, 1.0, 1.0, 0.0]
    assert [reciprocal(rank) for rank in ranks] == [1.0, 0.5, 1 / 3, 0.1, 0.0]


def test_the_gap_is_resampled_question_by_question_with_a_fixed_seed() -> None:
    assert paired_gap([1.0, 0.5, 0.0, 1.0], [0.5, 0.5, 0.5, 1.0]) == Ecart(0.0, -0.375, 0.375)
    assert paired_gap([0.0] * 3, [0.25] * 3) == Ecart(0.25, 0.25, 0.25)
    with pytest.raises(ValueError, match="aucune question"):
        paired_gap([], [])


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-0.019, 0.01, "exclue"), (-0.03, 0.01, "possible"), (-0.05, -0.021, "établie")],
)
def test_a_loss_is_established_or_excluded_only_by_the_whole_interval(
    low: float, high: float, said: str
) -> None:
    assert loss_verdict(Ecart((low + high) / 2, low, high)) == said


def _vecteurs(
    documents: NDArray[np.float32], questions: NDArray[np.float32], tokens: NDArray[np.float32]
) -> Vecteurs:
    """One token a text: a question's own vector, and a row of ``tokens`` for each document."""
    values, scales = quantise(tokens)
    ends = np.zeros(len(tokens), dtype=np.int32)
    store = TokenStore(values, scales, ends, np.arange(len(tokens) + 1, dtype=np.int64))
    return Vecteurs(documents, store, questions, tuple(row[None] for row in questions))


def test_ranks_by_vector_then_by_late_interaction() -> None:
    right, up = (1.0, 0.0), (0.0, 1.0)
    documents = np.array([right, right, up], dtype=np.float32)
    questions = np.array([right, right, right], dtype=np.float32)
    tokens = np.array([up, right, right], dtype=np.float32)

    vecteurs = _vecteurs(documents, questions, tokens)

    assert vector_ranks(vecteurs) == [1, 2, 3]  # An equal keeps its place.
    assert late_ranks(vecteurs) == [3, 1, 2]


def test_late_interaction_leaves_an_answer_beyond_the_first_documents_where_it_is() -> None:
    count = 40
    angles = np.linspace(0, 1, count)
    documents = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    questions = np.repeat(documents[:1], count, axis=0)

    ranks = late_ranks(_vecteurs(documents, questions, documents[::-1].copy()))

    assert ranks[0] == 30
    assert ranks[29] == 1
    assert ranks[35] == 36


class _Encoder:
    def __init__(self, name: str = "m", weights: str = "0") -> None:
        self.asked = 0
        self.description = ModelDescription(
            name=name,
            content_hash=weights * 64,
            precision="fp32",
            dimension=2,
            query_prompt="",
            passage_prompt="",
            max_tokens=512,
        )

    def encode_query(self, text: str) -> EncodedText:
        self.asked += 1
        angle = float(text[-1])
        row = np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)
        return EncodedText(
            sentence=row,
            tokens=np.stack([row] * (2 + int(text[-1]))),
            token_ids=np.zeros(2 + int(text[-1]), dtype=np.int64),
            ends=np.zeros(2 + int(text[-1]), dtype=np.int32),
            content=slice(1, None),
        )

    encode_passage = encode_query


def test_vectors_are_kept_under_the_content_of_the_model_and_of_the_texts(tmp_path: Path) -> None:
    encoder = _Encoder()
    first = francais.open_vectors(encoder, JEU, tmp_path)
    moved = _Encoder(name="ailleurs")
    again = francais.open_vectors(moved, JEU, tmp_path)

    assert (encoder.asked, moved.asked) == (4, 0)
    assert again.documents.tolist() == first.documents.tolist()
    assert [len(words) for words in again.mots] == [1, 2]
    assert again.jetons.bounds.tolist() == [0, 1, 3]
    assert vector_ranks(again) == late_ranks(again) == [1, 1]
    trained = _Encoder(weights="1").description
    assert francais.cache_key(trained, JEU) != francais.cache_key(encoder.description, JEU)


def test_two_models_are_compared_in_one_table_a_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(francais, "open_jeux", lambda: ([JEU], []))
    monkeypatch.setattr(francais, "open_encoder", lambda *_: _Encoder())
    kept = francais.open_vectors
    monkeypatch.setattr(francais, "open_vectors", lambda who, jeu: kept(who, jeu, tmp_path))

    (table,) = francais.compare("", "appris")

    assert table.titre == "Essai : 2 questions, autant de documents"
    assert [row[1:4:2] for row in table.lignes] == [("1,000", "1,000")] * 4
    assert table.lignes[0][2] == "—"
    assert table.lignes[1][2] == "0,000 (0,000 ; 0,000)"
    assert [row[-1] for row in table.lignes] == ["—", "exclue"] * 2


def test_without_the_packages_the_bench_says_so_and_gives_no_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(_: Path) -> Jeu:
        raise PaquetIndisponible("le paquet p n'a pas pu être obtenu : la commande npm manque.")

    monkeypatch.setattr(francais_donnees, "FOLDER", tmp_path)
    monkeypatch.setattr(francais_donnees, "BUILDS", {"service-public": unreachable})

    assert list(francais.run()) == []
    said = capsys.readouterr().err
    assert "jeu « service-public » sauté : le paquet p n'a pas pu être obtenu" in said
    assert "aucun jeu français : il faut le réseau une fois" in said
