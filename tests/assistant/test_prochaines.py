"""The questions offered under an answer: answered by the texts, read as they stand, not asked."""

from __future__ import annotations

from functools import cache

import pytest
from essais import DAY, asked

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.dialogue.phrases import phrase
from assistant.dialogue.prochaines import PROPOSEES, Posee, proposer
from assistant.models import Question
from pages_clas.conversation_tours import EXEMPLES

SETS = ("base_dev", "reponses_dev", "silence_dev", "conversations_dev")
MOINS = 2
"""Questions offered at least, except in English."""


class Fil:
    """A conversation followed turn by turn, with what is offered after each."""

    def __init__(self, conseiller: Conseiller, departement: str | None = None) -> None:
        self._conseiller = conseiller
        self._situation = Question(id="p", departement=departement, date=DAY)
        self._departement = departement
        self.memoire = Memoire()
        self.posees: list[Posee] = []

    def demander(self, texte: str) -> tuple[Echange, tuple[str, ...]]:
        echange = self._conseiller.echanger(self._situation, texte, self.memoire)
        self.memoire = echange.memoire
        self.posees.append(Posee(texte, echange.comprise))
        lieu = self.memoire.departement or self._departement
        jugements = self._conseiller.jugements
        return echange, proposer(echange, self.posees, jugements, EXEMPLES, lieu)

    def essayer(self, texte: str) -> Echange:
        """Ask without going on from it."""
        return self._conseiller.echanger(self._situation, texte, self.memoire)


def test_two_or_three_are_offered_under_an_answer(assistant: Conseiller) -> None:
    _, offertes = Fil(assistant).demander("Combien d'enfants par groupe ?")
    assert MOINS <= len(offertes) <= PROPOSEES


def test_some_are_offered_where_the_texts_do_not_answer(assistant: Conseiller) -> None:
    _, offertes = Fil(assistant).demander("Comment obtenir le RSA ?")
    assert MOINS <= len(offertes) <= PROPOSEES


def test_what_was_asked_is_not_offered_again(assistant: Conseiller) -> None:
    fil = Fil(assistant)
    _, offertes = fil.demander("Combien d'enfants par groupe ?")
    for _ in range(6):
        choisie = offertes[0]
        _, offertes = fil.demander(choisie)
        assert choisie not in offertes


def test_where_it_is_written_may_be_asked_of_each_answer(assistant: Conseiller) -> None:
    fil, source = Fil(assistant), phrase("suite_source")
    fil.demander("Combien d'enfants par groupe ?")
    _, ensuite = fil.demander(source)
    assert source not in ensuite
    _, autre = fil.demander("Combien de séances par semaine ?")
    assert source in autre


def test_none_is_offered_in_english(assistant: Conseiller) -> None:
    _, offertes = Fil(assistant).demander("How many children can be in a group?")
    assert offertes == ()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_question_offered_over_the_development_sets_is_answered(
    habitue: Conseiller,
) -> None:
    @cache
    def seule(titre: str, departement: str | None) -> str:
        return Fil(habitue, departement).essayer(titre).scellee.reponse.type

    renvois = {phrase("suite_pourquoi"), phrase("suite_source")}
    muettes: set[tuple[str, str]] = set()
    courtes: list[str] = []
    for question in asked(*SETS):
        fil = Fil(habitue, question.departement)
        for texte in question.tours or (question.question or "",):
            echange, offertes = fil.demander(texte)
            if len(offertes) < MOINS and not echange.memoire.en_anglais:
                courtes.append(texte)
            for offerte in offertes:
                if fil.memoire.faits or offerte in renvois:
                    suite = fil.essayer(offerte)
                    genre = suite.scellee.reponse.type
                    assert suite.memoire.projet == fil.memoire.projet, offerte
                else:
                    genre = seule(offerte, fil.memoire.departement or question.departement)
                if genre == "hors_corpus" or (genre == "precision" and not fil.memoire.faits):
                    muettes.add((texte, offerte))
                assert offerte not in {p.question for p in fil.posees[:-1]} or offerte in renvois
    assert muettes == set()
    assert courtes == []
