"""A fictitious circulaire takes the place of the one of 2021: seen, decided, published, undone."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.eligibility import charger_regles, verifier
from assistant.eligibility.ledger import lire_registre
from assistant.fiches.loading import fill_cards, locate_cards, read_cards
from assistant.models import Question, Reponse
from assistant.publication.apercu import put_aside
from assistant.publication.decisions import put_aside_items
from assistant.publication.etat import contents, documents_of, open_base, version_in_service
from assistant.publication.publier import (
    PublicationRefusee,
    draft_version,
    go_back,
    look,
    publish,
)
from assistant.publication.rapport import report_html
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import Effet, alarms, effects
from corpus.base.models import Brouillon, EntreeBase, VersionBase
from corpus.canonical import build_loaded
from corpus.comparison.alignment import Alignement, align
from corpus.comparison.changes import Changement, list_changes
from corpus.library import load_corpus
from corpus.loading.models import DocumentCharge
from corpus.loading.opening import load_file
from corpus.models import DocumentCanonique
from tests.exemples import circulaire_fictive as fictive

PDF = Path(fictive.HERE) / "circulaire_2026-999_fictive.pdf"
SEEDED = (*fictive.IDENTITE, fictive.NOMBRE, fictive.MODALITE)
REASON = "la circulaire a changé"


@pytest.fixture(scope="module")
def old() -> DocumentCanonique:
    return load_corpus().documents["004"]


@pytest.fixture(scope="module")
def new(old: DocumentCanonique) -> DocumentCanonique:
    """The new text, read from its file as one that somebody brings."""
    charge = load_file(PDF)
    assert isinstance(charge, DocumentCharge)
    digest = hashlib.sha256(PDF.read_bytes()).hexdigest()
    return build_loaded(charge, fictive.fiche_fictive(old.fiche, PDF.name, digest))


@pytest.fixture(scope="module")
def alignement(old: DocumentCanonique, new: DocumentCanonique) -> Alignement:
    return align(old, new)


@pytest.fixture(scope="module")
def changes(alignement: Alignement) -> tuple[Changement, ...]:
    return list_changes(alignement)


@pytest.fixture(scope="module")
def effets(alignement: Alignement) -> tuple[Effet, ...]:
    documents = load_corpus().documents
    regles = charger_regles(documents)
    cards, _ = locate_cards(fill_cards(read_cards(), regles), documents)
    return effects(alignement, list_supports(documents, regles, cards, lire_registre()))


def test_the_file_that_ships_is_the_one_that_its_source_makes(old: DocumentCanonique) -> None:
    assert fictive.circulaire_fictive(old) == PDF.read_bytes()


def test_every_page_says_that_the_document_is_fictitious() -> None:
    from pypdf import PdfReader  # noqa: PLC0415 - only here

    pages = PdfReader(PDF).pages
    assert len(pages) > 1
    assert all(fictive.FICTIF in page.extract_text() for page in pages)


def test_what_marks_each_page_is_no_word_of_the_text(new: DocumentCanonique) -> None:
    assert "FICTIF" not in new.texte


def test_the_changes_of_substance_are_the_seeded_ones(
    changes: Sequence[Changement], old: DocumentCanonique, new: DocumentCanonique
) -> None:
    found = [
        (old.texte[slice(*c.ancien)], new.texte[slice(*c.nouveau)])
        for c in changes
        if c.nature == "fond" and c.ancien and c.nouveau
    ]
    assert len(found) == len(SEEDED)
    for seeded in SEEDED:
        assert any(seeded.avant in before and seeded.apres in after for before, after in found)


def test_the_condition_added_is_the_one_passage_added(
    changes: Sequence[Changement], new: DocumentCanonique
) -> None:
    added = [new.texte[slice(*c.nouveau)] for c in changes if c.nature == "ajoute" and c.nouveau]
    assert added == [fictive.CONDITION]


def test_the_section_moved_is_the_one_moved(
    changes: Sequence[Changement], old: DocumentCanonique
) -> None:
    moved = [old.texte[slice(*c.ancien)] for c in changes if c.nature == "deplace" and c.ancien]
    heading = next(b for b in old.blocs if fictive.DEPLACEE in old.texte[b.debut : b.fin])
    section = old.blocs[heading.numero : heading.numero + 4]
    assert moved == [old.texte[b.debut : b.fin] for b in section]


def test_all_the_rest_is_unchanged_or_laid_out_otherwise(changes: Sequence[Changement]) -> None:
    rest = {c.nature for c in changes} - {"fond", "ajoute", "deplace"}
    assert rest <= {"inchange", "remis_en_page"}


def _owns(appui: Appui, old: DocumentCanonique) -> bool:
    """Whether a quotation holds words that were changed, not only some beside them."""
    for seeded in SEEDED:
        start = old.texte.index(seeded.avant)
        first, after = _differing(seeded)
        if appui.debut < start + after and appui.fin > start + first:
            return True
    return False


def _differing(seeded: fictive.Changement) -> tuple[int, int]:
    """Where the words that differ begin and end, in the old ones."""
    here, there = seeded.avant, seeded.apres
    first = next(i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b)
    last = next(i for i, (a, b) in enumerate(zip(here[::-1], there[::-1], strict=False)) if a != b)
    return first, len(here) - last


def test_the_alarms_are_those_of_the_items_that_own_the_words_changed(
    effets: Sequence[Effet], old: DocumentCanonique
) -> None:
    alarmed = [e.appui for e in effets if e.alerte in ("change", "disparu")]
    assert alarmed == [e.appui for e in effets if _owns(e.appui, old)]


def test_what_is_to_read_again_stands_in_a_sentence_that_was_changed(
    effets: Sequence[Effet], old: DocumentCanonique
) -> None:
    again = [e for e in alarms(effets) if e.alerte == "a_relire"]
    assert again
    for effet in again:
        assert effet.contexte is not None
        assert any(seeded.avant in effet.contexte.ancien for seeded in SEEDED)
        assert effet.appui.extrait in old.texte


def test_the_ceiling_price_is_told_with_its_old_and_new_value(effets: Sequence[Effet]) -> None:
    effet = next(e for e in effets if e.appui.nom == "paramètre prix_plafond")
    assert ("7885 €", "8112 €") in [(v.ancienne, v.nouvelle) for v in effet.valeurs]


def _place(donnees: Path, target: Path) -> Configuration:
    for name in ("index", "corpus"):
        shutil.copytree(donnees / name, target / name)
    (target / "modele").symlink_to((donnees / "modele").resolve())
    return Configuration(donnees=target, modele=None)


def _in_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


def _prepare(place: Configuration, new: DocumentCanonique) -> None:
    base, parent = open_base(place), _in_service(place)
    base.keep_file(PDF.read_bytes())
    base.keep_text(new)
    entry = EntreeBase(fiche=new.fiche, texte=new.version, origine="apporte")
    base.write_draft(
        Brouillon(
            parent=parent.identite,
            documents=tuple(entry if e.fiche.id == "004" else e for e in parent.documents),
        )
    )


@pytest.fixture(scope="module")
def published(
    donnees: Path, tmp_path_factory: pytest.TempPathFactory, new: DocumentCanonique
) -> Configuration:
    """A data folder where the fictitious circulaire was published; only read."""
    place = _place(donnees, tmp_path_factory.mktemp("successeur"))
    _prepare(place, new)
    base, parent = open_base(place), _in_service(place)
    draft = base.read_draft()
    assert draft is not None
    seen, _ = look(place)
    documents = documents_of(base, draft_version(base, parent, draft))
    retraits, reparations = put_aside(seen, seen.bloquants, REASON, documents)
    base.write_draft(draft.model_copy(update={"retraits": retraits, "reparations": reparations}))
    publish(place, "Une gestionnaire", "Circulaire fictive", annonce=lambda _: None)
    return place


def _adviser(place: Configuration) -> Conseiller:
    open_conseiller.cache_clear()
    return open_conseiller(place)


def _asked(place: Configuration, question: str) -> Reponse:
    return _adviser(place).repondre(Question(id="1", question=question))[0].reponse


@pytest.mark.long
def test_nothing_is_published_while_the_ceiling_price_quotes_words_that_changed(
    donnees: Path, tmp_path: Path, new: DocumentCanonique
) -> None:
    place = _place(donnees, tmp_path)
    _prepare(place, new)
    with pytest.raises(PublicationRefusee, match="prix_plafond"):
        publish(place, "Une gestionnaire", "Trop tôt", annonce=lambda _: None)


def _prepare_beside(place: Configuration, new: DocumentCanonique) -> None:
    """Put the circulaire in the draft as a document of its own, which comes after that of 2021."""
    base, parent = open_base(place), _in_service(place)
    years = {"annee": "2026-2027", "premiere_annee": "2026-2027"}
    fiche = new.fiche.model_copy(update={"id": "circulaire-2026-999", **years})
    base.keep_text(new.model_copy(update={"fiche": fiche}))
    ended = [
        e.model_copy(update={"fiche": e.fiche.model_copy(update={"derniere_annee": "2025-2026"})})
        if e.fiche.id == "004"
        else e
        for e in parent.documents
    ]
    entry = EntreeBase(fiche=fiche, texte=new.version, origine="apporte", remplace="004")
    base.write_draft(Brouillon(parent=parent.identite, documents=(*ended, entry)))


def test_a_circulaire_beside_the_one_that_it_replaces_leaves_no_old_price_served(
    donnees: Path, tmp_path: Path, new: DocumentCanonique
) -> None:
    place = _place(donnees, tmp_path)
    _prepare_beside(place, new)
    with pytest.raises(PublicationRefusee, match="prix_plafond"):
        publish(place, "Une gestionnaire", "Trop tôt", annonce=lambda _: None)


@pytest.mark.long
def test_a_circulaire_replaced_answers_for_its_years_alone(
    donnees: Path, tmp_path: Path, new: DocumentCanonique
) -> None:
    place = _place(donnees, tmp_path)
    _prepare_beside(place, new)
    put_aside_items(place, None, REASON, "Une gestionnaire")
    publish(place, "Une gestionnaire", "Circulaire fictive", annonce=lambda _: None)
    adviser = _adviser(place)
    wanted = "prix plafond de la prestation de service, barème"

    def found(annee: str) -> set[str]:
        asked = Question(id="1", question=wanted, annee_scolaire=annee)
        return {p.document for p in adviser.repondre(asked)[0].reponse.passages}

    old, now = found("2024-2025"), found("2026-2027")
    assert "004" in old
    assert "004" not in now
    assert now


@pytest.mark.long
def test_the_report_shows_the_old_price_beside_the_new_one(
    donnees: Path, tmp_path: Path, new: DocumentCanonique
) -> None:
    place = _place(donnees, tmp_path)
    _prepare(place, new)
    page = report_html(look(place)[0], None)
    assert "7885 € → 8112 €" in page
    assert "doit → peut" in page
    assert fictive.CONDITION[:30] in page


@pytest.mark.long
@pytest.mark.parametrize(
    "question", ["Quel est le prix plafond ?", "Combien verse la Caf par collectif d'enfants ?"]
)
def test_the_old_price_is_never_given_any_more(published: Configuration, question: str) -> None:
    answer = _asked(published, question)
    assert "7885" not in answer.texte.replace(" ", "").replace("\u202f", "")
    assert all("7885" not in citation.extrait for citation in answer.citations)


@pytest.mark.long
def test_amounts_are_unknown_until_the_price_is_mended(published: Configuration) -> None:
    from projets import conforme  # noqa: PLC0415 - only here

    regles = contents(open_base(published), _in_service(published)).regles
    montants = verifier(conforme(), regles).montants
    assert (montants.bareme.prix_plafond, montants.ps_total) == (None, None)


@pytest.mark.long
def test_the_new_condition_can_be_found(published: Configuration) -> None:
    hits = _adviser(published).chercher(
        "trois rencontres collectives avec les parents bonus", None, 5
    )
    assert any(
        fictive.CONDITION in hit.passage.texte for hit in hits if hit.passage.document == "004"
    )


@pytest.mark.long
def test_an_old_citation_still_opens_in_the_text_of_its_day(
    published: Configuration, old: DocumentCanonique
) -> None:
    kept = open_base(published).read_text("004", old.version)
    assert kept is not None
    start = old.texte.index(fictive.NOMBRE.avant)
    end = start + len(fictive.NOMBRE.avant)
    assert kept.texte[start:end] == fictive.NOMBRE.avant


@pytest.mark.long
def test_going_back_answers_from_the_text_of_2021_again(
    published: Configuration, tmp_path: Path, old: DocumentCanonique
) -> None:
    place = _place(published.donnees, tmp_path)
    first = next(v for v in open_base(place).versions() if v.numero == 1)
    go_back(place, first.identite, "Un autre", annonce=lambda _: None)
    cited = _asked(place, "Quel est le prix plafond ?").citations
    assert any(c.version == old.version and "7885" in c.extrait for c in cited)
