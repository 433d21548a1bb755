"""The file of roles: read at each check, and trusted by nobody when it should not be."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.acces.roles import (
    HabilitationsInutilisables,
    Role,
    covers,
    normalise,
    read_habilitations,
)

BON = """
personnes:
  - courriel: Marie.Durand@caf.exemple
    role: gestionnaire
    nom: Marie Durand
  - sub: "248289761001"
    role: agent
"""


def _ecrire(dossier: Path, contenu: str) -> Path:
    chemin = dossier / "roles.yaml"
    chemin.write_text(contenu, encoding="utf-8")
    return chemin


def test_a_good_file_gives_each_person_their_role(tmp_path: Path) -> None:
    marie, autre = read_habilitations(_ecrire(tmp_path, BON)).personnes
    assert (marie.courriel, marie.role) == ("marie.durand@caf.exemple", "gestionnaire")
    assert marie.auteur == "Marie Durand (marie.durand@caf.exemple)"
    assert (autre.sub, autre.role, autre.auteur) == ("248289761001", "agent", "sub 248289761001")


@pytest.mark.parametrize(
    "contenu",
    [
        "",
        "personnes",
        "personnes: {a@b.fr: agent}",
        "personnes: [{courriel: a@b.fr}]",
        "personnes: [{role: agent}]",
        "personnes: [{courriel: a@b.fr, role: administrateur}]",
        "personnes: [{courriel: a@b.fr, role: porteur}]",
        "personnes: [{courriel: a@b.fr, sub: x, role: agent}]",
        "personnes: [{courriel: '*', role: agent}]",
        "personnes: [{courriel: '*@b.fr', role: agent}, {courriel: a b@c.fr, role: agent}]",
        "personnes: [{sub: 12, role: agent}]",
        "personnes: [{sub: '', role: agent}]",
        "personnes: [{courriel: a@b.fr, role: agent, mot: x}]",
        "personnes: [{courriel: a@b.fr, role: agent}, {courriel: A@b.fr, role: gestionnaire}]",
        "personnes: [{courriel: a@b.fr, role: agent, role: gestionnaire}]",
        'personnes: [{courriel: a@b.fr, role: agent, nom: "x\\ny"}]',
        "personnes: [{courriel: a@b.fr, role: agent, nom: '<b>x</b>'}]",
        "personnes: []\npersonnes: [{courriel: a@b.fr, role: agent}]",
        "personnes: [{courriel: &c a@b.fr, role: agent}, {sub: *c, role: agent}]",
        "personnes: !!python/object/apply:os.system [true]",
        "personnes: " + "[" * 1500,
        "\x00",
    ],
)
def test_a_malformed_file_gives_nobody_a_role(tmp_path: Path, contenu: str) -> None:
    with pytest.raises(HabilitationsInutilisables):
        read_habilitations(_ecrire(tmp_path, contenu))


def test_a_file_that_anybody_may_write_is_refused(tmp_path: Path) -> None:
    chemin = _ecrire(tmp_path, BON)
    chemin.chmod(0o646)
    with pytest.raises(HabilitationsInutilisables, match="tout le monde"):
        read_habilitations(chemin)


def test_a_file_that_anybody_may_replace_is_refused(tmp_path: Path) -> None:
    chemin = _ecrire(tmp_path, BON)
    tmp_path.chmod(0o777)
    with pytest.raises(HabilitationsInutilisables, match="tout le monde"):
        read_habilitations(chemin)
    tmp_path.chmod(0o700)


@pytest.mark.timeout(60)
def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    """Nobody ever writes in this pipe."""
    os.mkfifo(tmp_path / "tube")
    for nom in ("tube", "absent", "."):
        with pytest.raises(HabilitationsInutilisables):
            read_habilitations(tmp_path / nom)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HabilitationsInutilisables, match="dépasse"):
        read_habilitations(_ecrire(tmp_path, BON + "#" * (1 << 20)))


def test_each_role_does_what_those_below_it_may() -> None:
    ordre: tuple[Role, ...] = get_args(Role)
    for (i, tenu), (j, demande) in product(enumerate(ordre), repeat=2):
        assert covers(tenu, demande) == (i >= j)


@settings(deadline=None)
@given(
    st.text(max_size=40), st.sampled_from(["@caf.exemple", "@cａf.exemple", "@caf.exempl\u0435"])
)
def test_an_address_of_other_letters_is_never_taken_for_an_ascii_one(nom: str, suite: str) -> None:
    try:
        lue = normalise(nom + suite)
    except ValueError:
        return
    assert (nom + suite).isascii()
    assert lue == (nom + suite).lower()


@pytest.mark.parametrize("courriel", ["ſam@caf.exemple", "\u212aim@caf.exemple", "a@b.fr\n"])
def test_letters_that_fold_into_others_are_refused(courriel: str) -> None:
    with pytest.raises(ValueError, match="adresse"):
        normalise(courriel)
