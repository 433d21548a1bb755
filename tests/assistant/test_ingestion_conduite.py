"""An ingestion whose workers are lost again and again goes on, or ends; it never turns in circles.

Tasks are done for real, by this process: what is lost is the link to it alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, cycle
from pathlib import Path

import pytest
from tenue import WHO, folder_like

from assistant.configuration import Configuration
from assistant.ingestion.commande import FAILED, report
from assistant.ingestion.conduite import MOST_LOST, BilanMasse, Commande, Conduite
from assistant.ingestion.equipe import Issue, LienPerdu
from assistant.ingestion.tache import Atelier, Demande, open_workshop, prepare
from assistant.ingestion.versement import Versement
from assistant.publication.etat import keep_shipped
from corpus.base.intake import Apport, gather

DAY = date(2026, 11, 22)


@dataclass
class Vacillante:
    """Workers whose link goes where it is told to; what was asked of them goes with it."""

    atelier: Atelier
    pertes: Iterator[bool]
    asked: deque[tuple[int, Demande]]
    renewed: int = 0
    places: int = 1

    def submit(self, number: int, demande: Demande) -> None:
        self.asked.append((number, demande))

    def next(self) -> tuple[int, Issue]:
        if next(self.pertes):
            self.asked.clear()
            raise LienPerdu
        number, demande = self.asked.popleft()
        return number, prepare(self.atelier, demande)

    def renew(self) -> None:
        self.renewed += 1


@pytest.fixture
def atelier(donnees: Path, tmp_path: Path) -> Atelier:
    place = folder_like(donnees, tmp_path / "donnees")
    atelier = open_workshop(Configuration(donnees=place, modele=None))
    keep_shipped(atelier.base())
    return atelier


@pytest.fixture
def apports(tmp_path: Path) -> list[Apport]:
    textes = tmp_path / "textes"
    textes.mkdir()
    for nom, combien in (("a", "vingt"), ("b", "trente"), ("c", "quarante")):
        (textes / f"{nom}.md").write_text(
            f"# Note {nom} de cadrage Clas 2025-2026 du Gard\n\n"
            f"Les séances fictives durent {combien} minutes.\n",
            "utf-8",
        )
    return [one for one in gather([textes]) if isinstance(one, Apport)]


def ingere(equipe: Vacillante, apports: list[Apport]) -> BilanMasse:
    atelier = equipe.atelier
    commande = Commande(DAY.isoformat(), atelier.identite, atelier.base().mark(), frozenset())
    versement = Versement(atelier.configuration, WHO, DAY)
    return Conduite(equipe, versement, commande, lambda _done, _total: None).run(apports)


def test_a_link_that_always_goes_ends_the_work_in_words(
    atelier: Atelier, apports: list[Apport], capsys: pytest.CaptureFixture[str]
) -> None:
    perdue = Vacillante(atelier, cycle([True]), deque())
    bilan = ingere(perdue, apports)
    assert perdue.renewed == MOST_LOST
    assert report(bilan, ()) == FAILED
    said = capsys.readouterr().err
    assert f"Interrompu : les travailleurs se sont perdus {MOST_LOST + 1} fois de suite" in said
    assert f"{len(apports)} fichier(s) restent : relancez la même commande" in said


@pytest.mark.long
def test_a_link_that_goes_before_each_task_holds_nothing_up_so_long_as_tasks_are_done(
    atelier: Atelier, apports: list[Apport]
) -> None:
    equipe = Vacillante(atelier, cycle([*[True] * MOST_LOST, False]), deque())
    bilan = ingere(equipe, apports)
    assert bilan.interrompu is None
    assert len(bilan.verses) + len(bilan.connus) + len(bilan.ecartes) == len(apports)
    assert equipe.renewed >= MOST_LOST * len(apports)


@pytest.mark.long
def test_what_was_done_before_the_link_went_for_good_is_kept(
    atelier: Atelier, apports: list[Apport]
) -> None:
    bilan = ingere(Vacillante(atelier, chain([False], cycle([True])), deque()), apports)
    assert bilan.interrompu is not None
    assert len(bilan.verses) == 1
    encore = ingere(Vacillante(atelier, cycle([False]), deque()), apports)
    assert encore.interrompu is None
    assert [one.chemin for one in encore.connus][:1] == [apports[0].dit]
