"""The shipped environment file and the code know the same settings."""

from __future__ import annotations

import re
from functools import cache

from livraison import DEPLOY, RACINE, reglages_livres

from assistant.configuration import read_configuration, read_log_settings
from assistant.observation.reglage import lire_observation
from index.succession import versions_kept

EXEMPLES = {"CLAS_DONNEES", "CLAS_BASE", "CLAS_ROLES", "CLAS_FRAGMENTS"}
"""Those whose shown value is an example, not the default."""


@cache
def lus_par_le_code() -> frozenset[str]:
    """Names written whole, as a string, anywhere in the program."""
    fichiers = [RACINE / "app.py", RACINE / "serveur.py"]
    for paquet in ("corpus", "index", "assistant", "pages_clas"):
        fichiers += (RACINE / paquet).rglob("*.py")
    return frozenset(
        nom
        for fichier in fichiers
        for nom in re.findall(r'"(CLAS_[A-Z_]+)"', fichier.read_text("utf-8"))
    )


def test_every_variable_that_the_code_reads_is_in_the_file() -> None:
    assert lus_par_le_code() - reglages_livres(commentes=True).keys() == set()


def test_every_variable_of_the_file_is_read_by_the_code() -> None:
    decrits = {nom for nom in reglages_livres(commentes=True) if nom.startswith("CLAS_")}
    assert decrits - lus_par_le_code() == set()


def test_nothing_is_set_until_somebody_sets_it() -> None:
    # CLAS_DONNEES above all: it would win over the folder that each unit gives.
    assert reglages_livres(commentes=False) == {}


def test_the_defaults_that_it_shows_are_those_of_the_program() -> None:
    montres = {
        nom: valeur
        for nom, valeur in reglages_livres(commentes=True).items()
        if nom not in EXEMPLES
    }
    assert read_configuration(montres) == read_configuration({})
    assert read_log_settings(montres) == read_log_settings({})
    assert lire_observation(montres) == lire_observation({})
    assert versions_kept(montres) == versions_kept({})


def test_the_examples_that_it_shows_are_accepted() -> None:
    montres = reglages_livres(commentes=True)
    # Where it is copied from.
    montres["CLAS_FRAGMENTS"] = str(DEPLOY / "fragments.yaml")
    configuration = read_configuration(montres)
    assert configuration.magasin is not None
    assert configuration.fragments is not None
    noms = [noeud.mot_de_passe for noeud in configuration.fragments.autres]
    assert set(noms) <= montres.keys()


def test_each_line_is_read_alike_by_systemd_and_compose() -> None:
    for ligne in (DEPLOY / "clas.env").read_text("utf-8").splitlines():
        assert re.fullmatch(r"|# .*|#|#?[A-Z][A-Z_]+=\S*", ligne), ligne
