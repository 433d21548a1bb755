"""The same questions and projects on two versions of the base: what flips is listed, and alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from projets import avec, conforme

from assistant.configuration import Configuration
from assistant.eligibility import charger_regles, lire_projet
from assistant.publication.apercu import put_aside
from assistant.publication.etat import contents, documents_of, open_base, version_in_service
from assistant.publication.publier import draft_version, look
from assistant.publication.rejeu import replay
from assistant.publication.rejeu_modeles import ProjetTemoin, QuestionTemoin, Rejeu
from assistant.publication.rejeu_temoins import read_projects, read_questions
from corpus.base.models import Brouillon, EntreeBase, VersionBase
from corpus.canonical import build_canonical
from corpus.library import SOURCES, load_corpus
from corpus.manifest import read_source
from index.storage import current_version

pytestmark = pytest.mark.long
"""Two indexes are asked the same questions."""

EDITS = {"001": ("8 à 12", "6 à 10"), "004": ("est de 7885 € (soit 2563 €", "est de 8112 € (soit")}
FLIPPED = QuestionTemoin(question="Combien d'enfants dans un collectif ?")
SAME = QuestionTemoin(question="Quelle est la date limite de dépôt ?", departement="34")
QUESTIONS = (SAME, FLIPPED)
PROJECTS = (
    ProjetTemoin(nom="complet", projet=conforme()),
    ProjetTemoin(nom="trois enfants", projet=avec(conforme(), enfants=3)),
    ProjetTemoin(nom="sans argent", projet={"diagnostic_des_besoins": True}),
)


def place_like(donnees: Path, target: Path) -> Configuration:
    for name in ("index", "corpus"):
        shutil.copytree(donnees / name, target / name)
    (target / "modele").symlink_to((donnees / "modele").resolve())
    return Configuration(donnees=target, modele=None)


def in_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


def prepared(place: Configuration) -> VersionBase:
    """Draft new texts, and put aside what they break; the version that this would make."""
    base, parent = open_base(place), in_service(place)
    entries = {entree.fiche.id: entree for entree in parent.documents}
    for name, (old, new) in EDITS.items():
        fiche = entries[name].fiche
        source = read_source(fiche, SOURCES)
        assert old in source
        text = build_canonical(source.replace(old, new), fiche)
        base.keep_text(text)
        entries[name] = EntreeBase(fiche=fiche, texte=text.version, origine="apporte")
    draft = Brouillon(parent=parent.identite, documents=tuple(entries.values()))
    base.write_draft(draft)
    seen, _ = look(place)
    documents = documents_of(base, draft_version(base, parent, draft))
    retraits, reparations = put_aside(seen, seen.bloquants, "à revoir", documents)
    return draft_version(
        base, parent, draft.model_copy(update={"retraits": retraits, "reparations": reparations})
    )


@pytest.fixture(scope="module")
def place(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    return place_like(donnees, tmp_path_factory.mktemp("rejeu"))


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def replayed(place: Configuration, told: list[tuple[int, int]]) -> Rejeu:
    version = prepared(place)
    return replay(
        place,
        contents(open_base(place), in_service(place)),
        version,
        QUESTIONS,
        PROJECTS,
        recentes=(FLIPPED, QuestionTemoin(question="Bonjour")),
        advance=lambda done, total: told.append((done, total)),
    )


def test_what_people_are_answered_from_is_untouched(
    replayed: Rejeu, place: Configuration, donnees: Path
) -> None:
    assert replayed.avant == in_service(place).identite
    assert current_version(place.dossier_index) == current_version(donnees / "index")


def test_a_question_whose_proof_changed_is_listed_with_both_answers(replayed: Rejeu) -> None:
    gap = next(gap for gap in replayed.reponses if gap.question == FLIPPED)
    assert any("8 à 12" in citation.extrait for citation in gap.avant.citations)
    assert gap.citations_changees
    assert gap.avant.texte != gap.apres.texte


def test_an_answer_that_stands_is_not_listed(replayed: Rejeu) -> None:
    assert SAME not in {gap.question for gap in replayed.reponses}


def test_a_recent_question_that_is_also_a_shipped_one_is_asked_once(replayed: Rejeu) -> None:
    assert replayed.questions == len({*QUESTIONS}) + 1


def test_a_verdict_that_flips_is_listed_with_the_criterion_that_flips_it(replayed: Rejeu) -> None:
    gap = next(gap for gap in replayed.verifications if gap.nom == "trois enfants")
    assert (gap.verdict_avant, gap.verdict_apres) == ("non_eligible", "incomplet")
    effectif = next(change for change in gap.criteres if change.code == "effectif")
    assert (effectif.avant, effectif.apres, effectif.collectif) == (
        "non_conforme", "a_renseigner", 1,
    )  # fmt: skip
    assert "à revoir" in effectif.motif


def test_euros_that_differ_are_listed_with_both_values(replayed: Rejeu) -> None:
    gap = next(gap for gap in replayed.verifications if gap.nom == "complet")
    assert ("ps_total", 2563, None) in {(e.montant, e.avant, e.apres) for e in gap.euros}


def test_a_project_whose_amounts_alone_differ_weighs_less_than_one_whose_verdict_flips(
    replayed: Rejeu,
) -> None:
    ranks = ["haute", "moyenne", "basse"]
    found = [ranks.index(gap.gravite) for gap in replayed.verifications]
    assert found == sorted(found)
    assert found[0] == 0


def test_progress_is_told_up_to_the_end(replayed: Rejeu, told: list[tuple[int, int]]) -> None:
    total = replayed.questions + replayed.projets
    done = [count for count, _ in told]
    assert done == sorted(done)
    assert set(told) == {(count, total) for count in range(total + 1)}


@pytest.mark.long
def test_a_draft_that_changes_no_text_flips_nothing(place: Configuration) -> None:
    parent = in_service(place)
    here = contents(open_base(place), parent)
    same = parent.model_copy(update={"numero": 9, "parent": parent.identite})
    found = replay(place, here, same, (FLIPPED,), PROJECTS)
    assert (found.reponses, found.verifications) == ((), ())


@pytest.mark.long
def test_a_new_title_alone_flips_no_answer(place: Configuration) -> None:
    parent = in_service(place)
    here = contents(open_base(place), parent)
    renamed = tuple(
        e.model_copy(update={"fiche": e.fiche.model_copy(update={"titre_court": "Texte refait"})})
        if e.fiche.id == "004"
        else e
        for e in parent.documents
    )
    version = parent.model_copy(update={"numero": 8, "documents": renamed})
    asked = QuestionTemoin(question="Peut-on intervenir au domicile des familles ?")
    found = replay(place, here, version, (asked,), ())
    assert [gap for gap in found.reponses if gap.texte_change] == []


def test_the_shipped_questions_are_many_and_each_is_asked_once() -> None:
    asked = read_questions()
    assert len(set(asked)) == len(asked) >= 60


def test_every_shipped_project_is_one_that_the_checker_accepts() -> None:
    regles = charger_regles(load_corpus().documents)
    projects = read_projects()
    assert len(projects) >= 25
    for temoin in projects:
        lire_projet(temoin.projet, regles)


def test_the_shipped_projects_are_all_different() -> None:
    written = [json.dumps(temoin.projet, sort_keys=True) for temoin in read_projects()]
    assert len(set(written)) == len(written)
    assert len({temoin.nom for temoin in read_projects()}) == len(written)
