"""``clas`` and the shared store: prepared before anything else, named without its password."""

from __future__ import annotations

from pathlib import Path

import pytest
from essais import Clas

from assistant.cli_magasin import MagasinNonPrepare, annoncer_le_magasin, preparer_le_magasin
from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.moteur import Magasin
from tests.postgres_lance import ServeurPostgres

SECRET = "tr3s-s3cr3t"


@pytest.mark.parametrize(
    "arguments", [("questions", "lister"), ("avis", "lister"), ("preparer",), ("page",)]
)
def test_an_address_that_is_none_is_refused_without_its_password(
    clas: Clas, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv(BASE_VARIABLE, f"postgres://u:{SECRET}@h/b")
    refused = clas(*arguments)
    assert refused.status == 2
    assert refused.err == (
        "CLAS_BASE : l'adresse ne commence pas par « postgresql:// » ; attendu "
        "postgresql://utilisateur:motdepasse@machine:port/base.\n"
    )


def test_a_store_is_prepared_once_and_named(
    serveur_postgres: ServeurPostgres, capsys: pytest.CaptureFixture[str]
) -> None:
    serveur_postgres.creer("neuve")
    adresse = serveur_postgres.adresse("neuve")
    preparer_le_magasin(adresse)
    preparer_le_magasin(adresse)
    serveur_postgres.supprimer("neuve")
    ou = f"neuve sur 127.0.0.1:{serveur_postgres.port}"
    assert capsys.readouterr().out == (
        f"Magasin partagé : {ou}, préparé.\nMagasin partagé : {ou}, déjà prêt.\n"
    )


def test_preparing_a_store_that_is_not_there_stops_before_anything_is_done(
    clas: Clas, serveur_postgres: ServeurPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path / "neuf"))
    monkeypatch.setenv(BASE_VARIABLE, serveur_postgres.url("nulle_part"))
    failed = clas("preparer")
    assert failed.status == 1
    assert "la base n'existe pas sur ce serveur" in failed.err
    assert serveur_postgres.mot_de_passe not in failed.err
    assert not (tmp_path / "neuf").exists()


def test_the_page_says_which_store_it_uses(
    magasin: Magasin, serveur_postgres: ServeurPostgres, capsys: pytest.CaptureFixture[str]
) -> None:
    annoncer_le_magasin(magasin.adresse)
    said = capsys.readouterr()
    assert f"magasin partagé, {magasin.adresse.base} sur 127.0.0.1:" in said.out
    assert said.err == ""
    annoncer_le_magasin(serveur_postgres.adresse("nulle_part"))
    said = capsys.readouterr()
    assert "la base n'existe pas" in said.err
    assert "les questions posées attendent sur cette machine" in said.err
    assert serveur_postgres.mot_de_passe not in said.out + said.err


def test_without_a_store_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    preparer_le_magasin(None)
    annoncer_le_magasin(None)
    assert capsys.readouterr() == ("", "")


def test_a_store_that_was_never_prepared_is_not_prepared_by_itself(
    serveur_postgres: ServeurPostgres, capsys: pytest.CaptureFixture[str]
) -> None:
    annoncer_le_magasin(serveur_postgres.adresse("postgres"))
    assert "n'a jamais été préparé : lancez « clas preparer »" in capsys.readouterr().err


def test_a_store_that_refuses_is_not_prepared(serveur_postgres: ServeurPostgres) -> None:
    with pytest.raises(MagasinNonPrepare, match="refuse l'utilisateur ou le mot de passe"):
        preparer_le_magasin(serveur_postgres.adresse(utilisateur="personne"))
