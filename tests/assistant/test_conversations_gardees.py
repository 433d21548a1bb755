from __future__ import annotations

import pytest
from sqlalchemy import text

from assistant.conversations.garde import Conversations
from assistant.conversations.modeles import ConversationGardee, TourGarde
from assistant.conversations.scelle import (
    HEURES,
    TAILLE,
    TOURS,
    est_un_jeton,
    nom_de,
    nouveau_jeton,
    ouvrir,
    sceller,
)
from assistant.dialogue.memoire import FaitRetenu, Memoire, Sujet
from corpus.magasin.moteur import Magasin
from corpus.models import NATIONALE
from tests.postgres_lance import ServeurPostgres

QUESTION = "Combien d'élèves à « Montpellier » ?"
FAITS = (
    FaitRetenu(chemin="collectifs.1.enfants", valeur=6, mots="6 gamins", certitude="dite", tour=1),
    FaitRetenu(chemin="budget.total", valeur=12000.0, mots="", certitude="dite", tour=1),
    FaitRetenu(chemin="parents", valeur=["reunion"], mots="réunion", certitude="deduite", tour=2),
)


def _conversation(tours: int = 1, question: str = QUESTION) -> ConversationGardee:
    tenue = Memoire(
        tours=1,
        projet={"collectifs": [{"enfants": 6, "rural": True, "ecole": None}], "budget": 12000.0},
        faits=FAITS,
        departement="34",
        sujet=Sujet(question=question, voie="regle", famille=NATIONALE),
    )
    gardes = tuple(
        TourGarde(numero=n, question=question, departement="34", avant=tenue)
        for n in range(1, tours + 1)
    )
    return ConversationGardee(tours=gardes, memoire=tenue, departement="34", journal="ab12")


def _compter(magasin: Magasin) -> int:
    with magasin.connexion() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM conversations.gardees")) or 0)


def test_a_sealed_conversation_comes_back_as_it_was() -> None:
    jeton = nouveau_jeton()
    scellee = sceller(jeton, _conversation())
    assert scellee is not None
    assert ouvrir(jeton, scellee) == _conversation()


def test_a_token_is_one_and_no_other_words_are() -> None:
    assert est_un_jeton(nouveau_jeton())
    assert not any(map(est_un_jeton, ["", "a" * 21, "a" * 23, "é" * 22, "a" * 21 + "/"]))


def test_another_token_opens_nothing() -> None:
    scellee = sceller(nouveau_jeton(), _conversation())
    assert scellee is not None
    assert ouvrir(nouveau_jeton(), scellee) is None


@pytest.mark.parametrize("damaged", [b"", b"x", bytes(200)])
def test_a_foreign_content_is_no_conversation(damaged: bytes) -> None:
    assert ouvrir(nouveau_jeton(), damaged) is None


def test_a_content_with_one_byte_changed_or_cut_is_no_conversation() -> None:
    jeton = nouveau_jeton()
    scellee = sceller(jeton, _conversation())
    assert scellee is not None
    for place in range(0, len(scellee) - 2, 41):
        autre = b"A" if scellee[place : place + 1] != b"A" else b"B"
        assert ouvrir(jeton, scellee[:place] + autre + scellee[place + 1 :]) is None
        assert ouvrir(jeton, scellee[:place]) is None


def test_what_is_kept_holds_neither_the_words_nor_the_token() -> None:
    jeton = nouveau_jeton()
    scellee = sceller(jeton, _conversation())
    assert scellee is not None
    for mots in ("Montpellier", "gamins", jeton):
        assert mots.encode() not in scellee
        assert mots.encode() not in nom_de(jeton)


def test_only_the_last_turns_of_a_long_conversation_are_kept() -> None:
    jeton = nouveau_jeton()
    scellee = sceller(jeton, _conversation(TOURS + 5))
    assert scellee is not None
    relue = ouvrir(jeton, scellee)
    assert relue is not None
    assert [tour.numero for tour in relue.tours] == list(range(6, TOURS + 6))


def test_a_conversation_too_long_to_keep_loses_its_oldest_turns() -> None:
    # Words that cannot be pressed: each turn alone is more than half of what may be kept.
    tours = tuple(
        TourGarde(numero=n, question="".join(nouveau_jeton() for _ in range(3000)), avant=Memoire())
        for n in (1, 2, 3)
    )
    jeton = nouveau_jeton()
    scellee = sceller(jeton, ConversationGardee(tours=tours))
    assert scellee is not None
    assert len(scellee) <= TAILLE
    relue = ouvrir(jeton, scellee)
    assert relue is not None
    assert relue.tours == tours[2:]


def test_another_replica_reads_what_one_kept(magasin: Magasin) -> None:
    jeton = nouveau_jeton()
    assert Conversations(magasin).garder(jeton, _conversation())
    ailleurs = Conversations(Magasin(magasin.adresse))
    assert ailleurs.lire(jeton) == (True, _conversation())
    assert ailleurs.lire(nouveau_jeton()) == (True, None)


def test_the_last_state_of_a_conversation_takes_the_place_of_the_one_before(
    magasin: Magasin,
) -> None:
    jeton, conversations = nouveau_jeton(), Conversations(magasin)
    conversations.garder(jeton, _conversation(1))
    conversations.garder(jeton, _conversation(2))
    assert conversations.lire(jeton).conversation == _conversation(2)
    assert _compter(magasin) == 1


def test_a_conversation_past_its_time_is_not_given_and_then_thrown_away(magasin: Magasin) -> None:
    jeton, conversations = nouveau_jeton(), Conversations(magasin)
    conversations.garder(jeton, _conversation())
    with magasin.connexion() as connection:
        connection.execute(
            text("UPDATE conversations.gardees SET vue_le = now() - make_interval(hours => :h)"),
            {"h": HEURES},
        )
    assert conversations.lire(jeton) == (True, None)
    assert _compter(magasin) == 1
    assert conversations.purger()
    assert _compter(magasin) == 0


def test_a_damaged_row_is_as_if_it_were_not_there(magasin: Magasin) -> None:
    jeton, conversations = nouveau_jeton(), Conversations(magasin)
    conversations.garder(jeton, _conversation())
    with magasin.connexion() as connection:
        connection.execute(text("UPDATE conversations.gardees SET contenu = '\\x00'"))
    assert conversations.lire(jeton) == (True, None)


def test_without_the_store_nothing_is_kept_and_nothing_is_said(
    serveur_postgres: ServeurPostgres,
) -> None:
    conversations = Conversations(Magasin(serveur_postgres.adresse("absente")))
    assert not conversations.garder(nouveau_jeton(), _conversation())
    assert conversations.lire(nouveau_jeton()) == (False, None)
    assert not conversations.purger()
