"""A text that rules quote is withdrawn: what rests on it decides nothing, and comes back whole."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from projets import avec, conforme
from tenue import folder_like

from assistant.configuration import Configuration
from assistant.dialogue.conseiller import open_conseiller
from assistant.eligibility import Regles, charger_regles, verifier
from assistant.eligibility.models import Resultat
from assistant.eligibility.revision import Revision
from assistant.models import Question
from assistant.publication.apercu import Apercu
from assistant.publication.brouillons import restore, withdraw
from assistant.publication.decisions import put_aside_items
from assistant.publication.etat import (
    Contenu,
    archives_of,
    contents,
    open_base,
    version_in_service,
)
from assistant.publication.publier import draft_version, go_back, look, publish
from assistant.publication.rejeu_temoins import read_questions
from assistant.publication.verification import check_all
from assistant.verification.rulebook import rule_book
from corpus.base.models import Brouillon, VersionBase
from corpus.base.store import BaseInutilisable
from corpus.library import Corpus

pytestmark = pytest.mark.long

WHO, WHY = "Une gestionnaire", "le texte a été retiré par la Caf"
HERAULT, REFERENTIEL = "000", "001"
TEXTS = (
    HERAULT,
    *(pytest.param(name, marks=pytest.mark.long) for name in (REFERENTIEL, "002", "003", "004")),
)


class Retire(NamedTuple):
    """A data folder whose draft withdraws a text, all that quotes it put aside."""

    place: Configuration
    avant: Contenu
    brouillon: Brouillon
    vu: Apercu
    apres: Contenu


def in_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


def withdrawn(place: Configuration, document: str) -> Retire:
    withdraw(place, [document], WHY, WHO)
    put_aside_items(place, None, WHY, WHO)
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    seen, here = look(place)
    there = contents(base, draft_version(base, in_service(place), draft))
    return Retire(place, here, draft, seen, there)


class Retires(dict[str, Retire]):
    """For each text, a data folder where it is withdrawn, made when it is first looked at."""

    def __init__(self, donnees: Path, target: Path) -> None:
        self._donnees, self._target = donnees, target

    def __missing__(self, name: str) -> Retire:
        folder = folder_like(self._donnees, self._target / name)
        self[name] = withdrawn(Configuration(donnees=folder, modele=None), name)
        return self[name]


@pytest.fixture(scope="module")
def without(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Retires:
    """Data folders where texts are withdrawn; only read."""
    return Retires(donnees, tmp_path_factory.mktemp("retrait"))


def project(departement: str) -> dict[str, object]:
    return conforme() | {"departement": departement}


def statuses(result: Resultat) -> dict[str, str]:
    return {critere.code: critere.statut for critere in result.criteres}


@pytest.mark.parametrize("text", TEXTS)
def test_once_all_that_quotes_it_is_put_aside_nothing_stands_in_the_way(
    without: Retires, text: str
) -> None:
    assert without[text].vu.retires == (text,)
    assert without[text].vu.sans_texte
    assert without[text].vu.bloquants == ()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("departement", ["34", "69", "75"])
def test_every_criterion_of_a_result_still_has_its_citation(
    without: Retires, text: str, departement: str
) -> None:
    result = verifier(project(departement), without[text].apres.regles)
    bare = {c.code for c in result.criteres if c.statut != "sans_objet" and not c.citations}
    assert bare <= {"departement", "annee_scolaire"}


@pytest.mark.parametrize("text", TEXTS)
def test_no_criterion_that_quotes_it_decides(without: Retires, text: str) -> None:
    for departement in ("34", "69", "75"):
        before = verifier(project(departement), without[text].avant.regles)
        after = statuses(verifier(project(departement), without[text].apres.regles))
        quoting = {c.code for c in before.criteres if text in {x.document for x in c.citations}}
        assert {after[code] for code in quoting} <= {"a_renseigner"}


def test_without_the_note_of_the_herault_its_criteria_are_open_and_its_amounts_null(
    without: Retires,
) -> None:
    result = verifier(project("34"), without[HERAULT].apres.regles)
    open_ = {code for code, statut in statuses(result).items() if statut == "a_renseigner"}
    assert open_ == {"gratuite", "depot_elan", "projet_de_territoire", "accompagnement_caf"}
    assert result.verdict == "incomplet"
    assert (result.montants.total, result.montants.total_min, result.montants.detail) == (
        None, None, (),
    )  # fmt: skip


@pytest.mark.parametrize("departement", ["75", "69"])
def test_without_the_note_of_the_herault_other_departements_are_judged_as_before(
    without: Retires, departement: str
) -> None:
    before, after = without[HERAULT].avant.regles, without[HERAULT].apres.regles
    old, new = verifier(project(departement), before), verifier(project(departement), after)
    assert (new.verdict, new.criteres, new.montants) == (old.verdict, old.criteres, old.montants)


@pytest.mark.long
def test_without_the_referentiel_no_project_is_judged_and_no_euro_given(
    without: Retires,
) -> None:
    regles = without[REFERENTIEL].apres.regles
    for given in (project("75"), avec(conforme(), enfants=3), project("34")):
        result = verifier(given, regles)
        assert result.verdict == "incomplet"
        assert result.montants.total is None
        assert statuses(result)["effectif"] == "a_renseigner"
        assert result.corrections == ()


def test_a_criterion_says_that_its_text_was_withdrawn_and_why(
    without: Retires,
) -> None:
    result = verifier(project("75"), without[REFERENTIEL].apres.regles)
    effectif = next(c for c in result.criteres if c.code == "effectif")
    assert effectif.motif == f"Le texte qui porte cette règle a été retiré : {WHY}"


def test_words_of_a_withdrawn_text_are_shown_word_for_word_and_named_as_such(
    without: Retires,
) -> None:
    there = without[REFERENTIEL]
    old = there.avant.documents[REFERENTIEL]
    shown = archives_of(there.apres.revision)
    assert shown
    for citation in shown:
        assert citation.version == old.version
        assert old.texte[citation.debut : citation.fin] == citation.extrait
        assert citation.titre == f"{old.fiche.titre} (texte retiré)"


@pytest.mark.parametrize("text", TEXTS)
def test_no_card_that_quotes_it_is_served(without: Retires, text: str) -> None:
    cited = {c.document for card in without[text].apres.fiches for c in card.citations}
    assert text not in cited


def test_the_rule_book_is_still_written(without: Retires) -> None:
    there = without[REFERENTIEL].apres
    book = rule_book(there.regles, there.documents)
    aside = next(r for r in book if (r.sorte, r.code) == ("critère", "effectif"))
    assert aside.ecartee == WHY


@pytest.mark.long
@pytest.mark.parametrize("text", [HERAULT, REFERENTIEL])
def test_bringing_the_text_back_brings_back_all_that_it_put_aside(
    donnees: Path, tmp_path: Path, text: str
) -> None:
    place = Configuration(donnees=folder_like(donnees, tmp_path / "d"), modele=None)
    parent = in_service(place)
    withdrawn(place, text)
    back = restore(place, text, WHO)
    draft = open_base(place).read_draft()
    assert draft is not None
    assert (draft.documents, draft.retraits, draft.reparations) == (parent.documents, (), ())
    assert {"regle", "parametre", "fiche"} == {retrait.genre for retrait in back}


@pytest.mark.long
def test_what_two_withdrawn_texts_put_aside_comes_back_with_the_last_of_them(
    donnees: Path, tmp_path: Path
) -> None:
    place = Configuration(donnees=folder_like(donnees, tmp_path / "d"), modele=None)
    withdraw(place, ["002", "003"], WHY, WHO)
    put_aside_items(place, None, WHY, WHO)
    first = restore(place, "003", WHO)
    draft = open_base(place).read_draft()
    assert draft is not None
    assert first
    assert draft.retraits
    assert all("002" in retrait.textes for retrait in draft.retraits)
    assert look(place)[0].bloquants == ()
    restore(place, "002", WHO)
    again = open_base(place).read_draft()
    assert again is not None
    assert (again.retraits, again.reparations) == ((), ())


def test_words_that_the_withdrawn_text_did_not_hold_are_refused(
    without: Retires,
) -> None:
    from assistant.publication.apercu import preview  # noqa: PLC0415 - only here

    there = without[HERAULT]
    forged = tuple(
        r.model_copy(update={"nouveau": f"{r.nouveau} ou presque"})
        for r in there.brouillon.reparations
    )
    draft = there.brouillon.model_copy(update={"reparations": forged})
    assert preview(there.avant, draft, there.apres.documents).bloquants


@pytest.mark.long
def test_a_withdrawn_text_lost_from_the_base_stops_what_shows_its_words(
    donnees: Path, tmp_path: Path
) -> None:
    place = Configuration(donnees=folder_like(donnees, tmp_path / "d"), modele=None)
    there = withdrawn(place, HERAULT)
    base = open_base(place)
    for path in (base.folder / "textes").glob(f"{HERAULT}@*.json"):
        path.unlink()
    with pytest.raises(BaseInutilisable, match="texte retiré"):
        contents(base, draft_version(base, in_service(place), there.brouillon))


@pytest.mark.parametrize(
    ("parametre", "code", "given"),
    [
        ("evenements_min", "dynamique_collective", {"actions_individuelles": "partielles"}),
        ("depot_limite (34)", "depot_elan", {"departement": "34"}),
        ("cofinancements_comptes", "cofinancement", {}),
    ],
)
def test_a_criterion_that_reads_a_parameter_put_aside_decides_nothing(
    corpus: Corpus, parametre: str, code: str, given: dict[str, object]
) -> None:
    revision = Revision(parametres={parametre: WHY})
    regles: Regles = charger_regles(corpus.documents, revision=revision)
    result = verifier(conforme() | given, regles)
    assert statuses(result)[code] == "a_renseigner"
    assert result.verdict == "incomplet"


def test_a_step_of_payment_put_aside_gives_neither_its_share_nor_its_euros(
    corpus: Corpus,
) -> None:
    revision = Revision(ecartes={"échéance acompte_n_max": WHY})
    result = verifier(conforme(), charger_regles(corpus.documents, revision=revision))
    (step, *others) = result.calendrier_paiement
    assert (step.quoi, step.montant) == (f"Échéance à relire dans les textes : {WHY}", None)
    assert result.montants.acompte_n_max is None
    assert all(other.montant is not None for other in others)


def test_a_reserve_put_aside_is_no_longer_said_and_that_is(corpus: Corpus) -> None:
    plain = verifier(conforme(), charger_regles(corpus.documents))
    assert any("schéma départemental" in said for said in plain.reserves)
    revision = Revision(ecartes={"réserve sdsf": WHY})
    result = verifier(conforme(), charger_regles(corpus.documents, revision=revision))
    assert not any("schéma départemental" in said for said in result.reserves)
    assert any("« sdsf »" in said for said in result.reserves)
    assert result.verdict == plain.verdict


def test_several_years_are_not_promised_while_their_rule_is_put_aside(corpus: Corpus) -> None:
    plain = verifier(conforme(), charger_regles(corpus.documents))
    assert plain.pluriannuel.possible is not None
    revision = Revision(ecartes={"pluriannuel convention": WHY})
    result = verifier(conforme(), charger_regles(corpus.documents, revision=revision))
    assert (result.pluriannuel.possible, result.pluriannuel.duree_max_annees) == (None, None)


@pytest.mark.long
@pytest.mark.parametrize("text", [HERAULT, REFERENTIEL])
def test_a_withdrawal_is_published_answered_from_and_undone_to_the_bit(
    donnees: Path, tmp_path: Path, text: str
) -> None:
    import shutil  # noqa: PLC0415 - only here

    for name in ("index", "corpus"):
        shutil.copytree(donnees / name, tmp_path / name)
    (tmp_path / "modele").symlink_to((donnees / "modele").resolve())
    place = Configuration(donnees=tmp_path, modele=None)
    first = in_service(place)
    projects = [project(departement) for departement in ("34", "69", "75")]
    before = [verifier(p, contents(open_base(place), first).regles) for p in projects]
    withdrawn(place, text)
    publish(place, WHO, "Texte retiré", annonce=lambda _: None)
    open_conseiller.cache_clear()
    served = open_conseiller(place)
    assert text not in served.documents
    asked = [q.question for q in read_questions()[:20]]
    turns = ("Mon projet est dans l'Hérault en 2025-2026, 10 enfants.", "Et la gratuité ?",
             "Pourquoi ?", "Est-ce que mon projet est éligible ?", "Où est-ce écrit ?")  # fmt: skip
    for given in (*(Question(id="1", question=q) for q in asked), Question(id="2", tours=turns)):
        for sealed in served.repondre(given):
            assert text not in {passage.document for passage in sealed.reponse.passages}
    assert [t for t in check_all(place, lambda _d, _t: None) if "index" not in t.ou] == []
    go_back(place, first.identite, WHO, annonce=lambda _: None)
    after = [verifier(p, contents(open_base(place), first).regles) for p in projects]
    assert after == before
    open_conseiller.cache_clear()


@pytest.mark.parametrize("text", TEXTS)
def test_every_field_of_the_form_still_shows_its_words(without: Retires, text: str) -> None:
    from pages_clas.formulaire_plan import Guide  # noqa: PLC0415 - only here

    there = without[text].apres
    guide = Guide(there.regles, there.documents)
    for departement in ("34", "69", "75"):
        for name in guide.declares:
            guide.citations(name, departement)
