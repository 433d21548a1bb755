"""A card put aside is never said nor listed anywhere, and no neighbour answers in its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from essais import DAY
from tenue import WHO

from assistant.answers.engine import assistant_over
from assistant.answers.finding import attested
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.eligibility.commands import regles_livrees
from assistant.explication.expliquer import expliquer
from assistant.fiches.loading import (
    FicheEcartee,
    FichePrete,
    dump_cards,
    fill_cards,
    indexed_cards,
    load_cards,
    locate_cards,
    read_cards,
    served_cards,
    target_of,
    ways_to_ask,
)
from assistant.fiches.model import Fiche
from assistant.models import Question
from assistant.preparation import index_contents
from assistant.publication.brouillons import withdraw
from assistant.publication.decisions import put_aside_items, take_back
from assistant.publication.etat import Contenu, contents, open_base, version_in_service
from assistant.publication.publier import draft_version, publish
from assistant.verification.supports import supports_in_service
from corpus.base.models import Brouillon, EntreeBase, Retrait, VersionBase
from corpus.canonical import build_canonical
from corpus.library import SOURCES, Corpus
from index.embedding.encoder import Encoder
from index.lexicon import load_lexicon
from index.storage import current_version, open_index, open_named

CARD = "encadrement-nombre"
WHY = "les textes ont changé"
ASKED = (
    "combien d'animateurs ?",
    "Combien d'adultes pour encadrer un groupe ?",
    "cb danimateurs pr un groupe",
    "Je voulais savoir combien d'accompagnants mettre face aux élèves",
)
HERAULT = "000"


@pytest.fixture(scope="module")
def cards() -> tuple[Fiche, ...]:
    return fill_cards(read_cards(), regles_livrees())


@pytest.fixture(scope="module")
def ready(cards: tuple[Fiche, ...], corpus: Corpus) -> tuple[FichePrete, ...]:
    """The cards that ship, none put aside."""
    found, none = locate_cards(cards, corpus.documents)
    assert none == ()
    return found


@pytest.fixture(scope="module")
def some_aside(
    cards: tuple[Fiche, ...], corpus: Corpus
) -> tuple[tuple[FichePrete, ...], tuple[FicheEcartee, ...]]:
    """The same, some of them put aside."""
    names = [card.id for card in cards]
    retired = dict.fromkeys((names[0], names[7], names[8], CARD, names[-1]), WHY)
    return locate_cards(cards, corpus.documents, retirees=retired)


def in_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


def copy_of(donnees: Path, target: Path) -> Configuration:
    for name in ("index", "corpus"):
        shutil.copytree(donnees / name, target / name)
    (target / "modele").symlink_to((donnees / "modele").resolve())
    return Configuration(donnees=target, modele=None)


def published_without(place: Configuration, card: str) -> Configuration:
    """Publish the texts in service, a card put aside."""
    parent = in_service(place)
    draft = Brouillon(
        parent=parent.identite,
        documents=parent.documents,
        retraits=(Retrait(genre="fiche", nom=card, raison=WHY),),
    )
    open_base(place).write_draft(draft)
    publish(place, WHO, "Une fiche à relire", annonce=lambda _: None)
    return place


@pytest.fixture(scope="module")
def aside(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """A data folder where a version was published with one card put aside; only read."""
    return published_without(copy_of(donnees, tmp_path_factory.mktemp("aside")), CARD)


def adviser(place: Configuration, encoder: Encoder, name: str | None = None) -> Conseiller:
    folder, lexicon = place.dossier_index, load_lexicon()
    stored = open_named(folder, name, lexicon) if name else open_index(folder, lexicon)
    return Conseiller(assistant_over(stored, encoder, place))


@pytest.fixture(scope="module")
def conseiller(aside: Configuration, encoder: Encoder) -> Conseiller:
    return adviser(aside, encoder)


def turn(conseiller: Conseiller, texte: str, departement: str | None = None) -> Echange:
    asked = Question(id="q", date=DAY, departement=departement)
    return conseiller.echanger(asked, texte, Memoire())


def said(echange: Echange) -> tuple[str, ...]:
    """Ids of the cards that an answer says."""
    chemin = echange.chemin
    if chemin.redaction is None:
        return chemin.dit.cartes if chemin.dit else ()
    morceaux = chemin.redaction.composition.morceaux
    return tuple(dict.fromkeys(m.source for m in morceaux if m.genre == "fiche"))


def first_of(echange: Echange) -> FichePrete:
    assert echange.chemin.trouvaille is not None
    return echange.chemin.trouvaille.cartes[0].carte


def test_a_card_put_aside_keeps_the_quotations_that_are_still_found(
    cards: tuple[Fiche, ...], corpus: Corpus
) -> None:
    (card,) = (c for c in cards if c.id == CARD)
    (ready,), _ = locate_cards([card], corpus.documents)
    _, (kept,) = locate_cards([card], corpus.documents, retirees={CARD: WHY})
    assert (kept.raison, kept.carte.ecartee) == (WHY, True)
    assert kept.carte.citations == ready.citations
    lost = card.preuves[0].model_copy(update={"extrait": "Cette phrase n'est dans aucun texte."})
    broken = card.model_copy(update={"preuves": (lost, *card.preuves[1:])})
    _, (kept,) = locate_cards([broken], corpus.documents)
    assert kept.carte.citations == ready.citations[1:]
    _, (kept,) = locate_cards([card], {})
    assert kept.carte.citations == ()


def test_cards_put_aside_are_indexed_in_their_order_with_their_ways_to_ask(
    cards: tuple[Fiche, ...],
    ready: tuple[FichePrete, ...],
    some_aside: tuple[tuple[FichePrete, ...], tuple[FicheEcartee, ...]],
) -> None:
    names = [card.id for card in cards]
    together = indexed_cards(*some_aside)
    assert [card.fiche.id for card in together] == names
    retired = {names[0], names[7], names[8], CARD, names[-1]}
    assert {card.fiche.id for card in together if card.ecartee} == retired
    assert ways_to_ask(together) == ways_to_ask(ready)


def test_a_card_that_is_not_put_aside_is_written_as_it_always_was(
    ready: tuple[FichePrete, ...],
    some_aside: tuple[tuple[FichePrete, ...], tuple[FicheEcartee, ...]],
) -> None:
    assert all(set(card) == {"fiche", "citations"} for card in json.loads(dump_cards(ready)))
    left, aside = some_aside
    written = dump_cards(indexed_cards(left, aside))
    put_aside = {card.id for card in aside}
    assert {c["fiche"]["id"] for c in json.loads(written) if "ecartee" in c} == put_aside
    assert tuple(load_cards(written).values()) == indexed_cards(left, aside)
    assert tuple(served_cards(written).values()) == left


def test_with_nothing_put_aside_the_index_is_the_same_to_the_bit(
    donnees: Path, tmp_path: Path, encoder: Encoder
) -> None:
    place = copy_of(donnees, tmp_path)
    before = current_version(place.dossier_index)
    contenu = contents(open_base(place), in_service(place))
    assert contenu.indexees == contenu.fiches
    report = index_contents(contenu, encoder, place)
    assert (report.info.version, report.embedded) == (before, 0)


@pytest.mark.parametrize("question", ASKED)
def test_no_neighbour_answers_in_the_place_of_a_card_put_aside(
    conseiller: Conseiller, assistant: Conseiller, question: str
) -> None:
    before, after = turn(assistant, question), turn(conseiller, question)
    assert said(before)[0] == CARD
    assert first_of(after).fiche.id == CARD
    assert first_of(after).ecartee
    assert said(after) == ()
    # The texts answer, in their own words, as surely as before.
    answer = after.scellee.reponse
    assert (answer.type, answer.confiance) == ("reponse", before.scellee.reponse.confiance)
    assert answer.citations
    assert answer.passages == before.scellee.reponse.passages
    assert first_of(before).fiche.reponse not in answer.texte


def test_a_card_put_aside_is_not_said_beside_another(
    conseiller: Conseiller, assistant: Conseiller
) -> None:
    question = "Je suis toute seule avec les enfants, c'est bon ?"
    before, after = turn(assistant, question), turn(conseiller, question)
    assert CARD in said(before)[1:]
    assert said(after) == tuple(name for name in said(before) if name != CARD)


def test_the_explanation_says_that_a_card_was_put_aside(conseiller: Conseiller) -> None:
    explication = expliquer(conseiller, turn(conseiller, ASKED[0]))
    [fiche] = [f for f in explication.fiches if f.fiche == CARD]
    assert (fiche.dite, fiche.raison) == (False, "mise_de_cote")


def test_no_other_card_says_the_rule_of_a_criterion_in_its_place(
    conseiller: Conseiller, assistant: Conseiller
) -> None:
    assert assistant._assistant.carte_de_la_regle("encadrement").fiche.id == CARD  # type: ignore[union-attr]
    assert conseiller._assistant.carte_de_la_regle("encadrement") is None
    question = "J'ai 10 enfants et 1 animateur, est-ce que mon encadrement convient ?"
    before, after = turn(assistant, question), turn(conseiller, question)
    assert before.chemin.choix == after.chemin.choix
    assert set(said(before)) == {CARD}
    assert said(after) == ()
    assert after.scellee.reponse.citations


def test_a_card_put_aside_is_listed_nowhere(
    aside: Configuration, conseiller: Conseiller, assistant: Conseiller
) -> None:
    contenu = contents(open_base(aside), in_service(aside))
    assert [card.id for card in contenu.ecartees] == [CARD]
    assert CARD not in {card.fiche.id for card in contenu.fiches}
    assert CARD not in conseiller.jugements.cartes
    assert len(conseiller.jugements.cartes) == len(assistant.jugements.cartes) - 1
    assert CARD not in {appui.nom for appui in supports_in_service(aside)}
    assert conseiller._assistant.fiche(CARD) is None
    assert conseiller.jugements.fausses() == {CARD}
    titre = assistant.jugements.cartes[CARD].fiche.titre
    neighbours = [c.fiche for c in contenu.fiches if CARD in c.fiche.voir]
    assert neighbours
    for fiche in neighbours:
        assert titre not in turn(conseiller, fiche.titre).suites


def rewritten(place: Configuration) -> None:
    """Put in the draft national texts that ask for three adults, and put aside what broke."""
    base, parent = open_base(place), in_service(place)
    entries = {entree.fiche.id: entree for entree in parent.documents}
    for name, document in contents(base, parent).documents.items():
        source = (SOURCES / document.fiche.fichier).read_text("utf-8")
        text = build_canonical(
            source.replace("par 2 intervenants", "par 3 intervenants").replace(
                "par 2 animateurs", "par 3 animateurs"
            ),
            document.fiche,
        )
        base.keep_text(text)
        entry = EntreeBase(fiche=document.fiche, texte=text.version, origine="apporte")
        entries[name] = entry if text.version != document.version else entries[name]
    base.write_draft(Brouillon(parent=parent.identite, documents=tuple(entries.values())))
    put_aside_items(place, None, WHY, WHO)


@pytest.mark.long
def test_where_the_texts_changed_their_new_words_answer_and_no_neighbour(
    donnees: Path, tmp_path: Path, encoder: Encoder
) -> None:
    place = copy_of(donnees, tmp_path)
    rewritten(place)
    publish(place, WHO, "Trois adultes", annonce=lambda _: None)
    served = adviser(place, encoder)
    assert CARD not in served.jugements.cartes
    for question in ASKED[:2]:
        after = turn(served, question)
        assert first_of(after).fiche.id == CARD
        assert said(after) == ()
        quoted = [citation.extrait for citation in after.scellee.reponse.citations]
        assert any("par 3 intervenants" in words for words in quoted)
        assert not any("2 intervenants" in words for words in quoted)


@pytest.mark.long
def test_a_card_taken_back_answers_again(
    aside: Configuration, tmp_path: Path, encoder: Encoder, assistant: Conseiller
) -> None:
    place = copy_of(aside.donnees, tmp_path)
    take_back(place, [CARD], WHO)
    publish(place, WHO, "Fiche relue", annonce=lambda _: None)
    before, after = (turn(one, ASKED[0]) for one in (assistant, adviser(place, encoder)))
    assert after.scellee.reponse == before.scellee.reponse


class Withdrawn:
    """A version without the note of the Hérault, indexed beside."""

    def __init__(self, place: Configuration, encoder: Encoder) -> None:
        withdraw(place, [HERAULT], WHY, WHO)
        put_aside_items(place, None, WHY, WHO)
        base = open_base(place)
        draft = base.read_draft()
        assert draft is not None
        self.contenu: Contenu = contents(base, draft_version(base, in_service(place), draft))
        report = index_contents(self.contenu, encoder, place, current=False)
        self.conseiller = adviser(place, encoder, report.info.version)


@pytest.fixture(scope="module")
def withdrawn(
    donnees: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Withdrawn:
    return Withdrawn(copy_of(donnees, tmp_path_factory.mktemp("retrait")), encoder)


@pytest.mark.long
def test_without_its_text_no_neighbour_answers_for_a_card_of_the_herault(
    withdrawn: Withdrawn,
) -> None:
    aside = [one.carte.fiche for one in withdrawn.contenu.ecartees]
    assert len(aside) > 50
    held = 0
    for fiche in aside:
        for question in (fiche.titre, fiche.formulations[0]):
            echange = turn(withdrawn.conseiller, question, "34")
            documents = {citation.document for citation in echange.scellee.reponse.citations}
            assert HERAULT not in documents
            assert not set(said(echange)) & {one.id for one in aside}
            if echange.chemin.redaction is not None and first_of(echange).ecartee:
                held += 1
                assert said(echange) == (), question
    assert held > len(aside)


@pytest.mark.long
def test_a_date_that_only_a_withdrawn_text_gave_is_not_in_the_texts(withdrawn: Withdrawn) -> None:
    echange = turn(
        withdrawn.conseiller, "Quelle est la date limite de dépôt dans l'Hérault ?", "34"
    )
    assert first_of(echange).fiche.id == "herault-date-depot"
    assert said(echange) == ()
    assert echange.scellee.reponse.type == "hors_corpus"


@pytest.mark.long
def test_cards_whose_texts_are_withdrawn_tell_nothing_of_what_the_texts_left_say(
    withdrawn: Withdrawn,
) -> None:
    found = turn(withdrawn.conseiller, "Qui fait le bilan annuel dans l'Hérault ?", "34")
    trouvaille = found.chemin.trouvaille
    assert trouvaille is not None
    left = attested(trouvaille)
    gone = [c.carte for c in trouvaille.cartes if not c.carte.citations]
    assert gone
    assert {target_of(c) for c in gone}.isdisjoint(h.target for h in left.retrieval.result.asked)
    assert all(c.carte.citations for c in left.cartes)
    assert sum(c.part for c in left.cartes) == pytest.approx(1)


@pytest.mark.long
def test_elsewhere_people_are_answered_as_before(
    withdrawn: Withdrawn, assistant: Conseiller
) -> None:
    for question in (*ASKED, "Combien d'enfants par groupe ?", "Combien de séances par semaine ?"):
        before = turn(assistant, question, "75").scellee.reponse
        after = turn(withdrawn.conseiller, question, "75").scellee.reponse
        assert (after.texte, after.citations) == (before.texte, before.citations)
