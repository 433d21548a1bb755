"""What several packages' tests share: the shipped corpus, the installed model, a built index."""

from __future__ import annotations

import gc
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

from assistant.configuration import LOG_VARIABLE, read_configuration
from corpus.library import SOURCES, Corpus, load_corpus
from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.moteur import Magasin
from corpus.magasin.preparation import preparer_magasin
from corpus.models import FicheDocument
from index.build import BuildReport, build_index
from index.embedding.factory import open_encoder
from index.embedding.installation import installer
from index.lexicon import Lexique, load_lexicon
from index.postgres.opening import open_postgres
from index.postgres.versions import copy_version
from index.storage import open_index, write_version
from index.view import IndexView
from tests.ordre import rang
from tests.postgres_lance import ServeurPostgres, postgres_lance

if TYPE_CHECKING:
    from index.embedding.encoder import Encoder
    from index.embedding.folder import ModelFolder

REPOSITORY = Path(__file__).resolve().parents[1]
# Nothing of what tests ask is kept, here nor by the processes that they start; those that are
# about what is kept say so.
os.environ[LOG_VARIABLE] = "non"

# As the pages answer: beside another process, products shared between cores mostly wait.
os.environ.setdefault("OMP_NUM_THREADS", "1")
threadpool_limits(limits=1)

# An example is wrong or right, and no slower one is wrong: a busy machine fails nothing.
settings.register_profile("sans_delai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sans_delai")

# No test calls a writer that it did not start itself.
os.environ.pop("CLAS_LLM_URL", None)
# Nor a store that it did not start.
os.environ.pop(BASE_VARIABLE, None)

MakeFiche = Callable[..., FicheDocument]


_ALL_LONG = re.compile(rb"^pytestmark = \[?pytest\.mark\.long\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import nothing of a file whose tests are all long, where long tests are left out."""
    left_out = config.option.markexpr == "not long" and collection_path.suffix == ".py"
    return True if left_out and _ALL_LONG.search(collection_path.read_bytes()) else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Go through what collecting leaves for good neither meanwhile nor ever after.

    Thousands of modules and items stay to the end: looking among them for what is left over, again
    and again, would take more than any file of tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long (the Makefile has workers take them in this order)."""
    items.sort(key=lambda item: rang(item.path))


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The five shipped documents."""
    return load_corpus()


@pytest.fixture(scope="session")
def sources(corpus: Corpus) -> dict[str, str]:
    """The shipped source files as received, by document."""
    return {
        name: (SOURCES / document.fiche.fichier).read_bytes().decode("utf-8")
        for name, document in corpus.documents.items()
    }


@pytest.fixture(scope="session")
def make_fiche() -> MakeFiche:
    """Makes the manifest entry of a synthetic document."""

    def make(**fields: object) -> FicheDocument:
        plain: dict[str, object] = {
            "id": "essai",
            "titre": "Texte d'essai",
            "titre_court": "Essai",
            "editeur": "Éditeur",
            "nature": "autre",
            "portee": "nationale",
            "rang": 2,
            "date_publication": "2025-01-01",
            "fichier": "essai.txt",
            "sha256": "0" * 64,
            "mise_en_page": "markdown",
        }
        return FicheDocument.model_validate(plain | fields)

    return make


@pytest.fixture(scope="session")
def lexique() -> Lexique:
    """The shipped lexicon."""
    return load_lexicon()


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """The folder that the model is installed in, as the program finds it."""
    return Path(os.environ.get("CLAS_DONNEES", REPOSITORY / "var")) / "modele"


@pytest.fixture(scope="session")
def installed_model(models_folder: Path) -> ModelFolder:
    """The default model, installed if it was not."""
    return installer(models_folder, annonce=print)


@pytest.fixture(scope="session")
def encoder(installed_model: ModelFolder, models_folder: Path) -> Encoder:
    """The default encoder, ready."""
    assert installed_model.onnx.is_file()
    return open_encoder(None, models_folder)


@pytest.fixture(scope="session")
def full_build(
    corpus: Corpus,
    encoder: Encoder,
    lexique: Lexique,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, BuildReport]:
    """An index of the five documents built from nothing: its folder (never to be changed)."""
    folder = tmp_path_factory.mktemp("index")
    return folder, build_index(corpus.documents, encoder, lexique, folder)


@pytest.fixture(scope="session")
def index_folder(
    corpus: Corpus, encoder: Encoder, lexique: Lexique, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Folder of an index of the five documents, to read or to copy.

    The vectors of the installed index are taken up: the same to the bit as one built from nothing
    (``tests/index/test_build.py``), in a fraction of its time.
    """
    beside, folder = tmp_path_factory.mktemp("a-cote"), tmp_path_factory.mktemp("index-repris")
    installed = read_configuration().dossier_index
    if installed.is_dir():
        shutil.copytree(installed, beside, dirs_exist_ok=True)
    build_index(corpus.documents, encoder, lexique, beside)
    write_version(folder, open_index(beside, lexique))
    shutil.rmtree(beside)
    return folder


@pytest.fixture(scope="session")
def serveur_postgres() -> Iterator[ServeurPostgres]:
    """A PostgreSQL server, for all the tests of this process."""
    with postgres_lance() as serveur:
        yield serveur


@pytest.fixture(scope="session")
def serveurs_de_noeuds(serveur_postgres: ServeurPostgres) -> Iterator[tuple[ServeurPostgres, ...]]:
    """Three PostgreSQL servers: that of the other tests, and two more."""
    with postgres_lance() as sud, postgres_lance() as nord:
        yield serveur_postgres, sud, nord


@pytest.fixture(scope="session")
def modele_postgres(serveur_postgres: ServeurPostgres) -> str:
    """Name of a base that is prepared, to be copied."""
    serveur_postgres.creer("modele")
    magasin = Magasin(serveur_postgres.adresse("modele"))
    preparer_magasin(magasin)
    magasin.fermer()
    return "modele"


@pytest.fixture
def base_postgres(serveur_postgres: ServeurPostgres, modele_postgres: str) -> Iterator[str]:
    """Name of a new base, prepared, for one test."""
    nom = f"essai_{secrets.token_hex(6)}"
    serveur_postgres.creer(nom, modele_postgres)
    yield nom
    serveur_postgres.supprimer(nom)


@pytest.fixture
def magasin(serveur_postgres: ServeurPostgres, base_postgres: str) -> Iterator[Magasin]:
    """A prepared store, for one test."""
    ouvert = Magasin(serveur_postgres.adresse(base_postgres))
    yield ouvert
    ouvert.fermer()


@pytest.fixture(scope="session")
def magasin_des_versions(
    serveur_postgres: ServeurPostgres, modele_postgres: str
) -> Iterator[Magasin]:
    """A prepared store for index versions that tests only read."""
    serveur_postgres.creer("versions", modele_postgres)
    ouvert = Magasin(serveur_postgres.adresse("versions"))
    yield ouvert
    ouvert.fermer()


@pytest.fixture(scope="module", params=["fichiers", "magasin"])
def ouvre_version(request: pytest.FixtureRequest, lexique: Lexique) -> Callable[[Path], IndexView]:
    """Opens the version in use in a folder, there or copied in the shared store: one suite."""
    if request.param == "fichiers":
        return lambda folder: open_index(folder, lexique)
    store: Magasin = request.getfixturevalue("magasin_des_versions")

    def ouvre(folder: Path) -> IndexView:
        stored = open_index(folder, lexique)
        with store.connexion(120) as connection:
            copy_version(connection, stored)
        return open_postgres(store.connexion, lexique, stored.info.version)

    return ouvre
