"""Nothing leaves without its quotations checked."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from test_quotation_spans import documents, phrases

from assistant.models import Citation, PassageClasse, Reponse
from assistant.quotation import (
    CorpusAltere,
    Refus,
    ReponseRefusee,
    ReponseScellee,
    Verificateur,
    sceller,
    verifier,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="module")
def verificateur() -> Verificateur:
    return Verificateur(documents())


@pytest.fixture(scope="module")
def citation(verificateur: Verificateur) -> Citation:
    phrase = phrases()[40]
    faite = verificateur.citer(phrase.document, phrase.debut, phrase.fin)
    assert isinstance(faite, Citation)
    return faite


def _reponse(*citations: Citation, **champs: Any) -> Reponse:
    base: Mapping[str, Any] = {
        "type": "reponse", "texte": "Oui.", "citations": citations, "passages": (),
        "portee": "nationale", "confiance": 0.9,
    }  # fmt: skip
    return Reponse(**(base | champs))


def test_every_block_of_the_corpus_can_be_cited(verificateur: Verificateur) -> None:
    refus = [
        (nom, bloc.debut, faite)
        for nom, document in documents().items()
        for bloc in document.blocs
        if isinstance(faite := verificateur.citer(nom, bloc.debut, bloc.fin), Refus)
    ]
    assert not refus, refus[:3]


def test_a_citation_made_by_the_gate_passes_it(
    verificateur: Verificateur, citation: Citation
) -> None:
    assert verificateur.verifier(citation) == citation
    assert verifier(citation, documents()) == citation


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("version", "0" * 12),
        ("extrait", "Autre chose."),
        ("titre", "Autre titre"),
        ("portee", "34"),
        ("annee", "1999-2000"),
        ("section", "Autre section"),
        ("page", 999),
        ("document", "999"),
        ("debut", 0),
        ("fin", 10**9),
    ],
)
def test_a_citation_with_one_wrong_field_is_refused(
    verificateur: Verificateur, citation: Citation, champ: str, valeur: object
) -> None:
    fausse = citation.model_copy(update={champ: valeur})
    assert isinstance(verificateur.verifier(fausse), Refus)
    with pytest.raises(ReponseRefusee):
        verificateur.sceller(_reponse(citation, fausse))


def test_an_unbroken_slice_that_cuts_a_number_is_refused(verificateur: Verificateur) -> None:
    texte = documents()["004"].texte
    debut = texte.index("3 000 porteurs")
    refus = verificateur.citer("004", debut, debut + 1)
    assert isinstance(refus, Refus)
    assert refus.proche is not None
    assert refus.proche.extrait == "3 000"


def test_a_sealed_answer_is_the_draft_word_for_word(
    verificateur: Verificateur, citation: Citation
) -> None:
    brouillon = _reponse(citation)
    assert verificateur.sceller(brouillon).reponse == brouillon
    assert sceller(brouillon, documents()).json == brouillon.model_dump_json()


def test_an_answer_without_a_citation_is_refused(verificateur: Verificateur) -> None:
    with pytest.raises(ReponseRefusee, match="cite ses sources"):
        verificateur.sceller(_reponse())
    assert verificateur.sceller(_reponse(type="hors_corpus")).reponse.citations == ()


def test_a_passage_that_is_not_in_its_document_is_refused(
    verificateur: Verificateur, citation: Citation
) -> None:
    passage = PassageClasse(
        document=citation.document, debut=citation.debut, fin=citation.fin,
        texte=citation.extrait, score=1.0,
    )  # fmt: skip
    verificateur.sceller(_reponse(citation, passages=(passage,)))
    faux = passage.model_copy(update={"texte": passage.texte[:-1] + "!!"})
    with pytest.raises(ReponseRefusee, match="passage"):
        verificateur.sceller(_reponse(citation, passages=(faux,)))


def test_a_citation_inside_the_result_of_the_checker_is_checked_too(
    verificateur: Verificateur, citation: Citation
) -> None:
    bonne = citation.model_dump()
    for mauvaise in (bonne | {"debut": 1}, {"extrait": "inventé"}, "inventé"):
        for citations in ([bonne], [bonne, mauvaise]):
            resultat = {"criteres": [{"code": "effectif", "citations": citations}]}
            brouillon = _reponse(citation, eligibilite=resultat)
            if mauvaise in citations:
                with pytest.raises(ReponseRefusee):
                    verificateur.sceller(brouillon)
            else:
                verificateur.sceller(brouillon)


def test_a_draft_changed_after_sealing_changes_nothing(
    verificateur: Verificateur, citation: Citation
) -> None:
    resultat: dict[str, Any] = {"criteres": []}
    scellee = verificateur.sceller(_reponse(citation, eligibilite=resultat))
    resultat["criteres"].append({"citations": ["inventé"]})
    assert scellee.reponse.eligibilite == {"criteres": []}
    sortie = scellee.reponse.eligibilite
    assert sortie is not None
    sortie["criteres"] = "changé"
    assert scellee.reponse.eligibilite == {"criteres": []}
    assert copy.deepcopy(scellee).json == scellee.json
    with pytest.raises(TypeError):
        pickle.dumps(scellee)


def test_a_sealed_answer_cannot_be_changed(verificateur: Verificateur, citation: Citation) -> None:
    scellee = verificateur.sceller(_reponse(citation))
    for nom in ("_json", "reponse", "autre"):
        with pytest.raises(AttributeError):
            setattr(scellee, nom, "{}")
    with pytest.raises(AttributeError):
        del scellee._json


def test_an_unvalidated_draft_is_checked_like_any_other(
    verificateur: Verificateur, citation: Citation
) -> None:
    faux = _reponse(citation).model_copy(
        update={"citations": (citation.model_copy(update={"extrait": "inventé"}),)}
    )
    with pytest.raises(ReponseRefusee):
        ReponseScellee(faux, verificateur)


def test_a_stand_in_for_the_gate_cannot_seal(citation: Citation) -> None:
    class Complaisant:
        def controler(self, _: Reponse) -> tuple[Refus, ...]:
            return ()

    with pytest.raises(TypeError):
        ReponseScellee(_reponse(citation), Complaisant())  # type: ignore[arg-type] - the point


def test_a_document_whose_text_is_not_its_version_s_cannot_be_quoted() -> None:
    autre = documents()["003"].model_copy(update={"texte": "Tout est permis."})
    with pytest.raises(CorpusAltere, match="empreinte"):
        Verificateur({"003": autre})


def test_a_document_filed_under_another_s_name_cannot_be_quoted() -> None:
    with pytest.raises(CorpusAltere, match="004"):
        Verificateur({"003": documents()["004"]})
