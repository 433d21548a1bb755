"""What agents' marks change in answers: a wrong card is never said, a wrong answer never given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from essais import DAY, asked

from assistant.anglais import reponse_anglaise
from assistant.answers.engine import Assistant
from assistant.avis.actes import lift, mark
from assistant.avis.empreintes import (
    print_of_answer,
    print_of_card,
    target_of_answer,
    target_of_card,
)
from assistant.avis.listing import chosen, follow, row
from assistant.avis.models import Avis, Genre, Statut
from assistant.avis.registre import Marques, Registre, marks_of
from assistant.dialogue.avis_suivis import jugee_de
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.explication.expliquer import expliquer
from assistant.fiches.loading import FichePrete
from assistant.models import Question, Reponse

OPEN = "Combien de séances par semaine ?"
CARD = "seances-par-semaine"
PROJECT = "g 6 gamins a la campagne et 1 anim c bon ?"
SETS = ("base_dev", "reponses_dev", "silence_dev", "conversations_dev")


class EnMemoire(Registre):
    """Marks that a test sets at will."""

    def __init__(self) -> None:
        self.tenus = Marques()

    def marques(self) -> Marques:
        return self.tenus

    def poser(self, *avis: Avis) -> None:
        self.tenus = marks_of(avis)


@pytest.fixture(scope="module")
def registre() -> EnMemoire:
    return EnMemoire()


@pytest.fixture(scope="module")
def conseiller(rules_habitue: Assistant, registre: EnMemoire) -> Conseiller:
    return Conseiller(Assistant(rules_habitue._searcher, rules_habitue._modeles, registre))


@pytest.fixture(autouse=True)
def _without_marks(registre: EnMemoire) -> Iterator[None]:
    registre.poser()
    yield
    registre.poser()


def says(statut: Statut, genre: Genre, cible: str, empreinte: str, day: int = 12) -> Avis:
    return Avis(
        date=datetime(2026, 3, day, 9, 30, tzinfo=UTC),
        auteur="Marie Durand (marie@caf.exemple)",
        genre=genre,
        cible=cible,
        statut=statut,
        commentaire="à revoir",
        version="",
        empreinte=empreinte,
        dit="",
    )


def of_card(carte: FichePrete, statut: Statut = "faux", day: int = 12) -> Avis:
    return says(statut, "fiche", carte.fiche.id, print_of_card(carte), day)


def of_answer(reponse: Reponse, statut: Statut = "faux") -> Avis:
    empreinte = print_of_answer(reponse)
    return says(statut, "reponse", empreinte, empreinte)


def turn(conseiller: Conseiller, texte: str, memoire: Memoire | None = None) -> Echange:
    return conseiller.echanger(Question(id="q", date=DAY), texte, memoire or Memoire())


def said(echange: Echange) -> tuple[str, ...]:
    """Ids of the cards that an answer says."""
    chemin = echange.chemin
    if chemin.ecartee is not None:
        return ()
    if chemin.redaction is None:
        return chemin.dit.cartes if chemin.dit else ()
    morceaux = chemin.redaction.composition.morceaux
    return tuple(dict.fromkeys(m.source for m in morceaux if m.genre == "fiche"))


def mentions(conseiller: Conseiller, echange: Echange) -> tuple[str, ...]:
    return conseiller.jugements.mentions(jugee_de(echange, conseiller.jugements))


def turns(conseiller: Conseiller, questions: Iterable[Question]) -> Iterator[Echange]:
    for question in questions:
        memoire = Memoire()
        textes = question.tours if question.tours is not None else (question.question or "",)
        for texte in textes:
            echange = conseiller.echanger(question, texte, memoire)
            memoire = echange.memoire
            yield echange


def first_card_is_never_replaced(
    conseiller: Conseiller, registre: EnMemoire, questions: Iterable[Question]
) -> int:
    """Ask, mark wrong what answered, ask again; return how many a card had answered."""
    cards = conseiller.jugements.cartes
    count = 0
    for question in questions:
        registre.poser()
        [before] = turns(conseiller, [question])
        cartes = said(before)
        if not cartes:
            continue
        count += 1
        for wrong in {cartes[0], cartes[-1]}:
            registre.poser(of_card(cards[wrong]))
            [after] = turns(conseiller, [question])
            answer = after.scellee.reponse
            assert wrong not in said(after), (question.id, wrong)
            # A card may say what a text says, in its very words: those may still be quoted.
            quoted = any(cards[wrong].fiche.reponse in c.extrait for c in answer.citations)
            assert quoted or cards[wrong].fiche.reponse not in answer.texte
            assert after.comprise == before.comprise
            assert cards[wrong].fiche.titre not in after.suites
            found = before.chemin.trouvaille
            if before.chemin.redaction is None or found is None:
                continue
            # A local card that is asked for is said after the national one.
            first = found.cartes[0].carte.fiche.id
            asked_for = first if first in cartes else cartes[0]
            if wrong == asked_for:
                # No neighbour is said in its place: the texts are, in their own words.
                assert said(after) == (), (question.id, wrong, said(after))
            else:
                assert said(after)[0] == asked_for, (question.id, wrong)
            if answer.type == "reponse":
                assert answer.citations
    return count


def test_a_wrong_card_is_not_said_nor_any_other_in_its_place(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    some = asked("base_dev", "reponses_dev", "silence_dev")[::18]
    assert first_card_is_never_replaced(conseiller, registre, some) > 10


@pytest.mark.long
@pytest.mark.timeout(1600)
def test_no_development_question_gets_a_card_that_is_marked_wrong(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    every = asked("base_dev", "reponses_dev", "silence_dev")
    assert first_card_is_never_replaced(conseiller, registre, every) > 200


@pytest.mark.long
@pytest.mark.timeout(1600)
def test_with_every_card_marked_wrong_none_is_said_in_any_conversation(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    cards = conseiller.jugements.cartes
    registre.poser(*map(of_card, cards.values()))
    answers = [c.fiche.reponse for c in cards.values() if len(c.fiche.reponse) > 60]
    count = 0
    for echange in turns(conseiller, asked(*SETS)):
        count += 1
        assert said(echange) == ()
        texte = echange.scellee.reponse.texte
        assert not [a for a in answers if a in texte], texte
    assert count > 400


def test_a_wrong_card_leaves_the_passages_and_the_decision_as_they_were(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    before = turn(conseiller, OPEN).scellee.reponse
    registre.poser(of_card(conseiller.jugements.cartes[CARD]))
    after = turn(conseiller, OPEN).scellee.reponse
    assert (after.type, after.confiance) == ("reponse", before.confiance)
    assert after.passages == before.passages
    quoted = "« A cette fin, chaque collectif d’enfants bénéficie de deux séances hebdomadaires"
    assert quoted in after.texte


def test_a_card_is_served_again_once_its_mark_is_lifted_or_it_is_mended(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    carte = conseiller.jugements.cartes[CARD]
    before = turn(conseiller, OPEN).scellee.reponse
    registre.poser(of_card(carte), of_card(carte, "leve"))
    assert turn(conseiller, OPEN).scellee.reponse == before
    mended = carte.model_copy(
        update={"fiche": carte.fiche.model_copy(update={"reponse": "3 séances par semaine."})}
    )
    # The mark was set on other words than those of today.
    registre.poser(of_card(mended))
    assert turn(conseiller, OPEN).scellee.reponse == before
    [suivi] = follow(registre.marques(), conseiller.jugements.cartes)
    assert suivi.etat == "a_revoir"
    assert chosen([suivi], a_revoir=True) == (suivi,)
    assert chosen([suivi], "verifie") == ()
    assert "à revoir : modifiée depuis" in row(suivi)


def test_what_is_judged_is_the_words_and_quotations_not_their_layout(
    conseiller: Conseiller,
) -> None:
    carte = conseiller.jugements.cartes[CARD]
    premiere, *autres = carte.citations
    ailleurs = premiere.model_copy(
        update={"debut": 1, "fin": 2, "page": 9, "version": "0" * 12,
                "extrait": premiere.extrait.replace(" ", "\n ")}
    )  # fmt: skip
    meme = carte.model_copy(update={"citations": (ailleurs, *autres)})
    assert print_of_card(meme) == print_of_card(carte)
    change = premiere.model_copy(update={"extrait": premiere.extrait.replace("27", "28")})
    for autre in (
        carte.model_copy(update={"citations": (change, *autres)}),
        carte.model_copy(update={"citations": tuple(autres)}),
        carte.model_copy(
            update={"fiche": carte.fiche.model_copy(update={"reserves": ("Sauf exception.",)})}
        ),
    ):
        assert print_of_card(autre) != print_of_card(carte)


def test_a_neighbour_that_is_wrong_is_not_proposed(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    cards = conseiller.jugements.cartes
    before = turn(conseiller, OPEN).suites
    neighbour = next(c for c in cards.values() if c.fiche.titre in before)
    registre.poser(of_card(neighbour))
    assert neighbour.fiche.titre not in turn(conseiller, OPEN).suites


def test_a_wrong_card_is_not_said_in_english_either(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    carte = reponse_anglaise(CARD)
    assert carte is not None
    assert carte.answer in turn(conseiller, "How many sessions per week?").scellee.reponse.texte
    registre.poser(of_card(conseiller.jugements.cartes[CARD]))
    after = turn(conseiller, "How many sessions per week?").scellee.reponse.texte
    assert carte.answer not in after
    assert after.startswith("The texts say (in French):")


def test_a_card_of_silence_that_is_wrong_no_longer_says_that_the_texts_are_silent(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    echange, nom = next(
        (e, c)
        for q in asked("silence_dev")
        for e in turns(conseiller, [q])
        for c in said(e)
        if conseiller.jugements.cartes[c].fiche.silence
    )
    carte = conseiller.jugements.cartes[nom]
    registre.poser(of_card(carte))
    after = turn(conseiller, echange.chemin.lecture.ecrite.texte)  # type: ignore[union-attr]
    assert carte.fiche.reponse not in after.scellee.reponse.texte
    assert said(after) == ()


def test_the_explanation_says_that_a_card_is_marked_wrong(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    registre.poser(of_card(conseiller.jugements.cartes[CARD]))
    explication = expliquer(conseiller, turn(conseiller, OPEN))
    [fiche] = [f for f in explication.fiches if f.fiche == CARD]
    assert (fiche.dite, fiche.raison) == (False, "avis_faux")


@pytest.mark.parametrize("question", [OPEN, PROJECT, "Comment obtenir le RSA ?"])
def test_a_wrong_answer_is_not_given_and_says_so(
    conseiller: Conseiller, registre: EnMemoire, question: str
) -> None:
    before = turn(conseiller, question)
    wrong = before.scellee.reponse
    registre.poser(of_answer(wrong))
    after = turn(conseiller, question)
    answer = after.scellee.reponse
    assert answer.texte.startswith("Un agent a relevé une erreur dans la réponse donnée jusqu'ici")
    assert wrong.texte not in answer.texte
    assert answer.eligibilite is None
    assert answer.passages == wrong.passages
    assert answer.type == ("reponse" if answer.citations else "hors_corpus")
    assert answer.confiance <= conseiller.modeles.confiance.threshold / 2
    assert all(c.extrait.split()[0] in answer.texte for c in answer.citations[:1])
    assert after.chemin.ecartee is not None
    assert after.chemin.ecartee.reponse == wrong
    assert mentions(conseiller, after) == ()
    assert expliquer(conseiller, after).composition.type == answer.type
    # Another answer is given as before; the same one to somebody else is not.
    registre.poser(of_answer(turn(conseiller, "Qui peut encadrer les enfants ?").scellee.reponse))
    assert turn(conseiller, question).scellee.reponse == wrong


def test_what_follows_a_wrong_answer_is_about_what_was_given(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    wrong = turn(conseiller, PROJECT)
    registre.poser(of_answer(wrong.scellee.reponse))
    given = turn(conseiller, PROJECT)
    after = turn(conseiller, "où est-ce écrit ?", given.memoire).scellee.reponse
    assert set(after.citations) <= set(given.scellee.reponse.citations)
    assert after.eligibilite is None


def test_a_wrong_answer_in_english_says_so_in_english(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    question = "How many sessions per week?"
    registre.poser(of_answer(turn(conseiller, question).scellee.reponse))
    answer = turn(conseiller, question).scellee.reponse
    assert answer.texte.startswith("An agent found a mistake")
    assert answer.citations


def test_porteurs_are_told_the_day_of_a_check_and_no_name(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    carte = conseiller.jugements.cartes[CARD]
    echange = turn(conseiller, OPEN)
    assert mentions(conseiller, echange) == ()
    registre.poser(of_card(carte, "douteux"))
    assert mentions(conseiller, echange) == ()
    assert said(turn(conseiller, OPEN)) == (CARD,)
    registre.poser(of_card(carte, "verifie"))
    assert mentions(conseiller, echange) == ("Vérifié par un agent le 12 mars 2026",)
    # The answer's own mark comes before those of its cards.
    registre.poser(of_card(carte, "verifie"), of_answer(echange.scellee.reponse, "douteux"))
    assert mentions(conseiller, echange) == ()
    registre.poser(of_answer(echange.scellee.reponse, "verifie"))
    assert mentions(conseiller, echange) == ("Vérifié par un agent le 12 mars 2026",)
    # A card checked in French says nothing of its words in English.
    registre.poser(of_card(carte, "verifie"))
    assert mentions(conseiller, turn(conseiller, "How many sessions per week?")) == ()


def test_of_several_cards_those_checked_are_named(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    echange = next(e for e in turns(conseiller, asked("reponses_dev")) if len(said(e)) == 2)
    premiere, seconde = (conseiller.jugements.cartes[nom] for nom in said(echange))
    registre.poser(of_card(premiere, "verifie"))
    assert mentions(conseiller, echange) == (
        f"« {premiere.fiche.titre} » : vérifié par un agent le 12 mars 2026",
    )
    registre.poser(of_card(premiere, "verifie", 12), of_card(seconde, "verifie", 1))
    assert mentions(conseiller, echange) == ("Vérifié par un agent le 1er mars 2026",)


def test_an_answer_given_before_a_mistake_was_found_is_known_for_it(
    conseiller: Conseiller, registre: EnMemoire
) -> None:
    echange = turn(conseiller, OPEN)
    jugee = jugee_de(echange, conseiller.jugements)
    assert not conseiller.jugements.erronee(jugee)
    registre.poser(of_card(conseiller.jugements.cartes[CARD]))
    assert conseiller.jugements.erronee(jugee)
    registre.poser(of_answer(echange.scellee.reponse))
    assert conseiller.jugements.erronee(jugee)
    registre.poser()
    assert not conseiller.jugements.erronee(jugee)


def test_marks_survive_whatever_version_answers(
    conseiller: Conseiller, registre: EnMemoire, tmp_path: Path
) -> None:
    kept = Registre(tmp_path)
    carte = conseiller.jugements.cartes[CARD]
    mark(kept, target_of_card(carte, "0" * 12), "faux", "x", "Une agente")
    registre.poser(*kept.marques().historique)
    assert conseiller.jugements.fausses() == {CARD}
    reponse = turn(conseiller, OPEN).scellee.reponse
    mark(kept, target_of_answer(reponse, "1" * 12), "verifie", "", "Une agente")
    lift(kept, target_of_card(carte, "1" * 12), "", "Un autre")
    registre.poser(*kept.marques().historique)
    assert conseiller.jugements.fausses() == frozenset()
