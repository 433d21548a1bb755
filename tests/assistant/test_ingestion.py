"""Many files by Dask: a real scheduler and real workers, killed in the middle of the work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import dask
import pytest
from essais import Sortie
from grappe_lancee import REPOSITORY, GrappeLancee, grappe_lancee, kill
from tenue import WHO, drafts, folder_like, journal, run_corpus

from assistant.cli import DONE, FAILED, main
from assistant.configuration import FOLDER_VARIABLE, Configuration, read_configuration
from assistant.ingestion.conduite import Commande, Conduite
from assistant.ingestion.equipe import GrappeIndisponible
from assistant.ingestion.grappe import opened
from assistant.ingestion.identite import Identite
from assistant.ingestion.tache import Demande, Resultat, ingerer, open_workshop
from assistant.ingestion.versement import Versement
from assistant.publication.auteur import AUTHOR_VARIABLE
from assistant.publication.etat import keep_shipped, open_base
from bench.ingestion import Seul
from bench.textes_fictifs import files
from corpus.base.intake import Apport, gather
from corpus.magasin.adresse import BASE_VARIABLE
from index.build import build_index
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from tests.postgres_lance import ServeurPostgres

pytestmark = pytest.mark.long
"""Processes of Dask take seconds to start."""

DAY_OF = date(2026, 11, 22)
DAY = DAY_OF.isoformat()
MANY = 12
DEADLY = "mortel.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of every kind, one of which cannot be read and two of which are the same."""
    place = tmp_path_factory.mktemp("textes") / "caf"
    place.mkdir()
    for one in files(MANY, passages=3):
        (place / one.nom).write_bytes(one.contenu)
    (place / "00002b.pdf").write_bytes(b"%PDF-1.4 rien de bon")
    shutil.copy(place / "00003.html", place / "00007b.html")
    return place


@pytest.fixture(scope="module")
def data(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a data folder of one's own."""
    return lambda: folder_like(donnees, tmp_path_factory.mktemp("ingestion") / "donnees")


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    def keep(place: Path) -> None:
        monkeypatch.setenv(FOLDER_VARIABLE, str(place))
        monkeypatch.setenv(AUTHOR_VARIABLE, WHO)

    return keep


@pytest.fixture(scope="module")
def ordonnanceur() -> Iterator[int]:
    """The port of one scheduler."""
    with grappe_lancee() as started:
        started.scheduler()
        yield started.port


@pytest.fixture
def grappe(ordonnanceur: int) -> Iterator[GrappeLancee]:
    """That scheduler, with workers that end with the test, even where it fails."""
    with grappe_lancee(ordonnanceur) as started:
        yield started


@pytest.fixture(scope="module")
def expected(data: Callable[[], Path], folder: Path) -> Path:
    """What the same command puts in the draft without Dask."""
    place = data()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(place))
        patch.setenv(AUTHOR_VARIABLE, WHO)
        assert run_corpus("ajouter", folder).status == FAILED
    return place


def begun(place: Path, folder: Path, address: str) -> subprocess.Popen[str]:
    """The command, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from assistant.cli import main; raise SystemExit(main())",
         "corpus", "ajouter", str(folder), "--dask", address],
        env={**os.environ, FOLDER_VARIABLE: str(place), AUTHOR_VARIABLE: WHO},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )  # fmt: skip


def pieces(place: Path) -> list[str]:
    """Pieces that say that a file is ready."""
    kept = open_base(Configuration(donnees=place, modele=None)).names("prets")
    return [name for name in kept if name.startswith("lecture-")]


def until(done: Callable[[], bool], seconds: float = 120.0) -> None:
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "rien n'est venu à temps"
        time.sleep(0.02)


def same_drafts(place: Path, expected: Path) -> bool:
    return drafts(place) == drafts(expected)


def test_two_workers_bring_what_the_command_alone_would(  # noqa: PLR0917 - fixtures
    grappe: GrappeLancee,
    data: Callable[[], Path],
    folder: Path,
    expected: Path,
    keeper: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    place = data()
    keeper(place)
    for _ in range(2):
        grappe.worker(place)
    said = run_corpus("ajouter", folder, "--dask", grappe.address)
    assert said.status == FAILED
    told = said.out.splitlines()
    assert f"{MANY} fichier(s) ajouté(s) au brouillon, 1 déjà dans la base, 1 refusé(s)." in told
    assert sum(line.startswith("  ") for line in told) == MANY
    assert "caf/00002b.pdf : refusé, un PDF endommagé" in said.err
    assert "Tableau de bord de Dask : http://" in said.err
    assert same_drafts(place, expected)
    assert journal(place) == journal(expected)

    again = run_corpus("ajouter", folder, "--dask", grappe.address)
    assert (
        again.out
        == f"0 fichier(s) ajouté(s) au brouillon, {MANY + 1} déjà dans la base, 1 refusé(s).\n"
    )
    assert same_drafts(place, expected)
    assert len(journal(place)) == MANY

    base = open_base(Configuration(donnees=place, modele=None))
    texts = {name: base.read_text(name, entree.texte) for name, entree in drafts(place).items()}
    new = {
        name: text
        for name, text in texts.items()
        if text and text.fiche.fichier[:2] == "00" and text.fiche.fichier[5] == "."
    }
    assert len(new) == MANY
    encoder, lexique = open_encoder(None, place / "modele"), load_lexicon()
    bare = build_index(new, encoder, lexique, tmp_path / "bare")
    ready = build_index(new, encoder, lexique, tmp_path / "ready", ready=base.read_ready)
    assert ready.embedded == 0
    assert bare.embedded > 2 * MANY
    assert ready.info == bare.info


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    grappe: GrappeLancee, data: Callable[[], Path], folder: Path, expected: Path
) -> None:
    place = data()
    workers = [grappe.worker(place) for _ in range(2)]
    command = begun(place, folder, grappe.address)
    until(lambda: len(pieces(place)) >= 2)
    kill(workers[0])
    _, err = command.communicate(timeout=180)
    assert command.returncode == FAILED, err
    assert same_drafts(place, expected), err
    assert journal(place) == journal(expected)


def test_a_scheduler_restarted_in_the_middle_loses_and_doubles_nothing(
    data: Callable[[], Path], folder: Path, expected: Path
) -> None:
    place = data()
    with grappe_lancee() as grappe:
        scheduler = grappe.scheduler()
        grappe.worker(place)
        command = begun(place, folder, grappe.address)
        until(lambda: len(pieces(place)) >= 2)
        kill(scheduler)
        grappe.scheduler()
        grappe.worker(place)
        _, err = command.communicate(timeout=180)
    assert command.returncode == FAILED, err
    assert "ne répond plus ; nouvel essai" in err
    assert "L'ordonnanceur répond de nouveau" in err
    assert same_drafts(place, expected), err
    assert journal(place) == journal(expected)


def test_a_command_killed_in_the_middle_goes_on_from_what_is_written(
    grappe: GrappeLancee,
    data: Callable[[], Path],
    folder: Path,
    expected: Path,
    keeper: Callable[[Path], None],
) -> None:
    place = data()
    grappe.worker(place)
    command = begun(place, folder, grappe.address)
    until(lambda: len(pieces(place)) >= 3)
    command.send_signal(signal.SIGKILL)
    command.communicate(timeout=60)
    keeper(place)
    said = run_corpus("ajouter", folder, "--dask", grappe.address)
    assert "Prêts d'une fois précédente, repris tels quels : " in said.out
    assert same_drafts(place, expected)
    assert journal(place) == journal(expected)


def test_a_worker_of_another_machine_brings_the_same_to_a_shared_store(  # noqa: PLR0917 - fixtures
    data: Callable[[], Path],
    folder: Path,
    expected: Path,
    keeper: Callable[[Path], None],
    serveur_postgres: ServeurPostgres,
    base_postgres: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, elsewhere = data(), data()
    url = serveur_postgres.url(base_postgres)
    monkeypatch.setenv(BASE_VARIABLE, url)
    for machine in (elsewhere, here):
        keeper(machine)
        assert main(["preparer"]) == DONE
    with grappe_lancee() as grappe:
        grappe.scheduler()
        grappe.worker(elsewhere, **{BASE_VARIABLE: url})
        said = run_corpus("ajouter", folder, "--dask", grappe.address)
    assert said.status == FAILED, said.err
    shared = open_base(read_configuration())
    draft = shared.read_draft()
    assert draft is not None
    assert {entree.fiche.id: entree for entree in draft.documents} == drafts(expected)
    added = [event for event in shared.read_journal() if event.action == "ajouter"]
    assert len(added) == MANY


def deadly(demande: Demande) -> Resultat:
    """A task that takes its worker with it, for one file."""
    if demande.nom == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return ingerer(demande)


def test_a_file_that_brings_its_workers_down_is_set_aside(
    data: Callable[[], Path], tmp_path: Path, keeper: Callable[[Path], None]
) -> None:
    place = data()
    keeper(place)
    for one in (*files(3, passages=2),):
        (tmp_path / one.nom).write_bytes(one.contenu)
    (tmp_path / DEADLY).write_text("# Une note\n\nElle dit peu de choses.\n")
    apports = [one for one in gather([tmp_path]) if isinstance(one, Apport)]
    atelier = open_workshop(Configuration(donnees=place, modele=None))
    mark = atelier.base().mark()
    versement = Versement(atelier.configuration, WHO, DAY_OF)
    commande = Commande(DAY, atelier.identite, mark, frozenset())
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        opened("local:1", atelier.identite, mark, lambda _: None, deadly) as grappe,
    ):
        bilan = Conduite(grappe, versement, commande, lambda _done, _total: None).run(apports)
    assert len(bilan.verses) == 3
    assert [(one.chemin.rpartition("/")[2], one.raison) for one in bilan.ecartes] == [
        (DEADLY, "sa préparation a fait tomber chaque travailleur qui l'a prise")
    ]
    assert bilan.interrompu is None


def test_a_text_that_says_not_for_whom_it_is_is_given_to_nobody(
    data: Callable[[], Path], tmp_path: Path, keeper: Callable[[Path], None]
) -> None:
    """A rule of one département would be given to all: nobody reads each entry of a folder."""
    place = data()
    keeper(place)
    says = "Les séances fictives durent quarante minutes, deux fois par semaine."
    for name, whose in (("gard", "du Gard"), ("muet", "d'ici"), ("deux", "du Gard et de la Drôme")):
        title = f"# Note de cadrage Clas 2025-2026 {whose}"
        (tmp_path / f"{name}.md").write_text(f"{title}\n\n{says}\n", "utf-8")
    atelier = open_workshop(Configuration(donnees=place, modele=None))
    base = atelier.base()
    commande = Commande(DAY, atelier.identite, base.mark(), frozenset())
    versement = Versement(atelier.configuration, WHO, DAY_OF)
    apports = [one for one in gather([tmp_path]) if isinstance(one, Apport)]
    alone = Seul(atelier, deque())
    bilan = Conduite(alone, versement, commande, lambda _done, _total: None).run(apports)
    before = {entree.fiche.id for entree in keep_shipped(base).documents}
    added = [entree.fiche for name, entree in drafts(place).items() if name not in before]
    assert [fiche.portee for fiche in added] == ["30"]
    aside = {one.chemin.rpartition("/")[2]: one.raison for one in bilan.ecartes}
    assert sorted(aside) == ["deux.md", "muet.md"]
    assert all("« --portee nationale »" in reason for reason in aside.values())


def refusal(address: str, identite: Identite, mark: str) -> str:
    with (
        pytest.raises(GrappeIndisponible) as refused,
        opened(address, identite, mark, lambda _: None, patience=30.0),
    ):
        pass
    return str(refused.value)


def test_a_worker_that_is_not_like_this_machine_is_refused(
    grappe: GrappeLancee, data: Callable[[], Path]
) -> None:
    place = data()
    grappe.worker(place)
    atelier = open_workshop(Configuration(donnees=place, modele=None))
    here, mark = atelier.identite, atelier.base().mark()
    other_model = here.modele.model_copy(update={"content_hash": "0" * 64})
    for other, said in (
        ({"programme": "0" * 32}, "une autre version du programme"),
        ({"modele": other_model}, "un autre modèle"),
        ({"epreuve": "0" * 32}, "un processeur qui arrondit autrement"),
    ):
        assert said in refusal(grappe.address, here.model_copy(update=other), mark)
    assert "il n'écrit pas dans la même base" in refusal(grappe.address, here, "0" * 32)


def test_without_a_scheduler_it_is_said_where_it_was_looked_for(
    data: Callable[[], Path], folder: Path, keeper: Callable[[Path], None]
) -> None:
    keeper(data())
    said: Sortie = run_corpus("ajouter", folder, "--dask", "tcp://127.0.0.1:9")
    assert said.status == FAILED
    assert "L'ordonnanceur tcp://127.0.0.1:9 ne répond pas en 15 s" in said.err


def test_a_scheduler_without_workers_says_at_once_that_it_waits_and_how_long(
    data: Callable[[], Path],
) -> None:
    atelier = open_workshop(Configuration(donnees=data(), modele=None))
    mark, told = atelier.base().mark(), list[str]()
    with grappe_lancee() as grappe:
        grappe.scheduler()
        with (
            pytest.raises(GrappeIndisponible, match="aucun travailleur"),
            opened(grappe.address, atelier.identite, mark, told.append, patience=2.0),
        ):
            pass
    (said,) = told
    assert said.startswith(f"Aucun travailleur auprès de {grappe.address} pour l'instant")
    assert "attente de 2 s au plus" in said
