"""The log of questions: what it keeps, masked, and how it is found again."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questions_gardees import DANS_UN_FICHIER, JOUR, echange, octets, questions, registre_de

from assistant.questions_posees.listing import ENTETES, as_csv, everything
from assistant.questions_posees.models import (
    COMMENTAIRE,
    QUESTION,
    TEXTE,
    CitationGardee,
    Filtres,
    QuestionsInutilisables,
)
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.moteur import Magasin
from tests.postgres_lance import ServeurPostgres

SECRET = "06 12 34 56 78"
POSIX = pytest.mark.skipif(os.name != "posix", reason="il faut des droits POSIX")


# What is kept.


def test_an_exchange_is_read_back_as_it_was_kept(registre: Registre) -> None:
    cite = CitationGardee(
        document="004", version="0123456789ab", titre="Circulaire", page=3, debut=10, fin=20
    )
    garde = echange(departement="34", citations=(cite,), fiches=("une-fiche",))
    registre.ajouter(garde)
    [lue] = registre.lister(Filtres(), 10).lignes
    assert lue.echange == garde
    assert (lue.numero, lue.opinion) == (1, None)


def test_nothing_that_could_name_somebody_reaches_the_disk(registre: Registre) -> None:
    garde = echange(
        question=f"mon numéro {SECRET}, jean@asso.fr",
        texte=f"Vous dites {SECRET}.\n\n- jean@asso.fr",
    )
    registre.ajouter(garde)
    registre.noter(garde.cle, "pas_utile", f"rappelez-moi au {SECRET} ou jean@asso.fr")
    assert b"34 56" not in octets(registre)
    assert b"jean" not in octets(registre)
    [lue] = registre.lister(Filtres(), 10).lignes
    assert lue.echange.texte == "Vous dites [téléphone masqué].\n\n- [courriel masqué]"
    assert lue.opinion is not None
    assert lue.opinion.commentaire == "rappelez-moi au [téléphone masqué] ou [courriel masqué]"


def test_what_is_kept_is_bounded(registre: Registre) -> None:
    garde = echange(question="mot " * 20_000, texte="mot " * 20_000)
    registre.ajouter(garde)
    registre.noter(garde.cle, "utile", "mot " * 20_000)
    [lue] = registre.lister(Filtres(), 10).lignes
    assert lue.opinion is not None
    assert len(lue.echange.question) == QUESTION
    assert len(lue.echange.texte) == TEXTE
    assert len(lue.opinion.commentaire) == COMMENTAIRE


@POSIX
@DANS_UN_FICHIER
def test_the_folder_is_of_the_servers_account_alone(registre: Registre) -> None:
    registre.ajouter(echange())
    assert registre.lieu.path.parent.stat().st_mode & 0o077 == 0


@DANS_UN_FICHIER
def test_reading_makes_no_file(registre: Registre) -> None:
    assert registre.lister(Filtres(), 10).lignes == ()
    assert registre.compter(Filtres()).total == 0
    assert registre.purger() == registre.vider() == 0
    assert not registre.lieu.path.parent.exists()


def test_an_exchange_brought_twice_is_kept_once(registre: Registre) -> None:
    garde = echange()
    assert registre.ajouter(garde) == registre.ajouter(garde) == 1
    assert registre.compter(Filtres()).total == 1


def test_an_opinion_may_be_changed_and_there_is_one(registre: Registre) -> None:
    garde = echange()
    registre.ajouter(garde)
    registre.noter(garde.cle, "pas_utile", "vieux-commentaire")
    registre.noter(garde.cle, "utile")
    [lue] = registre.lister(Filtres(), 10).lignes
    assert lue.opinion is not None
    assert (lue.opinion.vote, lue.opinion.commentaire) == ("utile", "")
    assert registre.compter(Filtres()).votes == {"utile": 1}


def test_an_opinion_on_what_is_not_kept_is_refused(registre: Registre) -> None:
    with pytest.raises(QuestionsInutilisables, match="n'est pas, ou n'est plus, gardé"):
        registre.noter("0" * 32, "utile")
    registre.ajouter(echange())
    with pytest.raises(QuestionsInutilisables, match="n'est pas, ou n'est plus, gardé"):
        registre.noter("0" * 32, "utile")


# What is sought.


@pytest.fixture(scope="module", params=["fichier", "magasin"])
def rempli(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registre]:
    """Six exchanges, one a day; only read."""
    if request.param == "fichier":
        yield _remplir(registre_de(tmp_path_factory.mktemp("rempli")))
        return
    serveur: ServeurPostgres = request.getfixturevalue("serveur_postgres")
    serveur.creer("rempli", request.getfixturevalue("modele_postgres"))
    magasin = Magasin(serveur.adresse("rempli"))
    yield _remplir(Registre(Partage(magasin), 365, lambda: JOUR))
    magasin.fermer()
    serveur.supprimer("rempli")


def _remplir(registre: Registre) -> Registre:
    poses = [
        echange(question="un", type="reponse", departement="34"),
        echange(question="deux", type="hors_corpus", departement="69"),
        echange(question="trois", type="precision"),
        echange(question="L’école élémentaire", type="eligibilite", departement="34"),
        echange(question="cinq", type="refusee", texte="", portee=""),
        echange(question="six", type="reponse", texte="Le mot rare est ici."),
    ]
    for rang, pose in enumerate(poses):
        registre.ajouter(pose.model_copy(update={"date": JOUR - timedelta(days=10 - rang)}))
    registre.noter(poses[0].cle, "pas_utile", "Réponse à côté")
    registre.noter(poses[2].cle, "utile", "")
    return registre


def test_what_is_to_be_looked_at_comes_first_then_the_latest(rempli: Registre) -> None:
    vus = questions(rempli)
    assert vus == ["cinq", "deux", "un", "six", "L’école élémentaire", "trois"]
    assert [ligne.a_regarder for ligne in rempli.lister(Filtres(), 10).lignes] == [
        *(True,) * 3,
        *(False,) * 3,
    ]


@pytest.mark.parametrize(
    ("filtres", "attendues"),
    [
        ({"vue": "a_regarder"}, ["cinq", "deux", "un"]),
        ({"vue": "sans_reponse"}, ["cinq", "deux"]),
        ({"vue": "pas_utile"}, ["un"]),
        ({"vue": "utile"}, ["trois"]),
        ({"vue": "commentees"}, ["un"]),
        ({"type": "precision"}, ["trois"]),
        ({"departement": "34"}, ["un", "L’école élémentaire"]),
        ({"departement": ""}, ["cinq", "six", "trois"]),
        ({"mots": "l'ECOLE elementaire"}, ["L’école élémentaire"]),
        ({"mots": "rare MOT"}, ["six"]),
        ({"mots": "cote"}, ["un"]),
        ({"mots": "rare absent"}, []),
        ({"mots": "%"}, []),
        ({"du": date(2026, 3, 6)}, ["cinq", "six"]),
        ({"au": date(2026, 3, 3)}, ["deux", "un"]),
        ({"du": date(2026, 3, 3), "au": date(2026, 3, 3)}, ["deux"]),
        ({"vue": "pas_utile", "departement": "69"}, []),
    ],
)
def test_a_filter_keeps_what_it_says(
    rempli: Registre, filtres: dict[str, object], attendues: list[str]
) -> None:
    vues = questions(rempli, **filtres)
    assert vues == attendues
    assert rempli.compter(Filtres.model_validate(filtres)).total == len(vues)


def test_a_day_is_one_of_france(registre: Registre) -> None:
    tard = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    registre.ajouter(echange(date=tard))
    assert questions(registre, du=date(2026, 3, 2), au=date(2026, 3, 2))
    assert not questions(registre, au=date(2026, 3, 1))


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(
    poses=st.lists(
        st.tuples(
            st.sampled_from(["reponse", "eligibilite", "precision", "hors_corpus", "refusee"]),
            st.sampled_from([None, "34", "69"]),
            st.sampled_from([None, "utile", "pas_utile"]),
            st.sampled_from(["école", "ECOLE", "goûter", ""]),
        ),
        max_size=8,
    ),
    limite=st.integers(1, 4),
    vue=st.sampled_from(["tout", "a_regarder", "sans_reponse", "pas_utile", "utile"]),
)
def test_pages_give_every_exchange_that_is_sought_once(
    tmp_path_factory: pytest.TempPathFactory,
    poses: list[tuple[str, str | None, str | None, str]],
    limite: int,
    vue: str,
) -> None:
    registre = Registre(tmp_path_factory.mktemp("q") / "questions", 365, lambda: JOUR)
    attendus = []
    for numero, (nature, lieu, vote, mot) in enumerate(poses, start=1):
        garde = echange(type=nature, departement=lieu, question=f"{mot} {numero}")
        registre.ajouter(garde)
        if vote == "utile" or vote == "pas_utile":  # noqa: PLR1714 - narrows to a literal
            registre.noter(garde.cle, vote)
        vide = nature in ("hors_corpus", "refusee")
        dedans = {
            "tout": True,
            "a_regarder": vide or vote == "pas_utile",
            "sans_reponse": vide,
            "pas_utile": vote == "pas_utile",
            "utile": vote == "utile",
        }
        if dedans[vue]:
            attendus.append(numero)
    filtres = Filtres.model_validate({"vue": vue})
    lus = [
        ligne.numero
        for depuis in range(0, len(poses) + 1, limite)
        for ligne in registre.lister(filtres, limite, depuis).lignes
    ]
    assert sorted(lus) == attendus
    assert [ligne.numero for ligne in everything(registre, filtres)] == lus


# What it is written as.


def test_an_export_is_never_computed_by_a_spreadsheet(registre: Registre) -> None:
    garde = echange(question="=cmd|'/C calc'!A0", texte="@SUM(1)\n+2")
    registre.ajouter(garde)
    registre.noter(garde.cle, "pas_utile", "+HYPERLINK()")
    written = as_csv(everything(registre, Filtres())).decode("utf-8-sig")
    head, cells = csv.reader(io.StringIO(written, newline=""), delimiter=";")
    assert head == list(ENTETES)
    assert cells[2] == "'=cmd|'/C calc'!A0"
    assert cells[6] == "'@SUM(1)\n+2"
    assert cells[8] == "'+HYPERLINK()"
