"""What tests of answers and commands share: data folders, an assistant, a way to run ``clas``."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from essais import DAY, Ask, Clas, Sortie
from etat_entier import mettre_en_commun, petite_installation, remplir
from exploitation import installer_comme
from lecteur_retenu import retenant
from questions_gardees import Horloge
from rangements import Rangements, copy_of
from sqlalchemy import text
from tenue import NOTE, WHO, folder_like, keeping, run_corpus

from assistant.answers.engine import Assistant, open_assistant
from assistant.cli import DONE, main
from assistant.configuration import (
    FOLDER_VARIABLE,
    MODEL_VARIABLE,
    Configuration,
    read_configuration,
)
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.models import Question, Reponse
from assistant.preparation import preparer
from assistant.publication.comparaison import Rapport
from assistant.publication.comparaison_texte import render
from assistant.questions_posees.fichier import Fichier
from assistant.questions_posees.lieux import Lieu
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from bench.rendus import rendre
from corpus.canonical import build_canonical
from corpus.library import SOURCES, Corpus
from corpus.magasin.moteur import Magasin
from tests.postgres_lance import ServeurPostgres

if TYPE_CHECKING:
    from index.embedding.folder import ModelFolder


@pytest.fixture(scope="session")
def donnees(
    models_folder: Path,
    installed_model: ModelFolder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A data folder as ``CLAS_DONNEES`` names one, set up by the program itself.

    It begins as a copy of the index already built, so that no text is embedded twice.
    """
    assert installed_model.onnx.is_file()
    folder = tmp_path_factory.mktemp("donnees")
    (folder / "modele").symlink_to(models_folder.resolve())
    built = read_configuration().dossier_index
    if built.is_dir():
        shutil.copytree(built, folder / "index")
    preparer(Configuration(donnees=folder, modele=None), annonce=lambda _: None)
    open_assistant.cache_clear()
    open_conseiller.cache_clear()
    return folder


@pytest.fixture(scope="session")
def assistant(donnees: Path) -> Conseiller:
    """An assistant on the five documents."""
    return open_conseiller(Configuration(donnees=donnees, modele=None))


@pytest.fixture(scope="session")
def rules_assistant(assistant: Conseiller, donnees: Path) -> Assistant:
    """What answers from the texts alone, under the conversation."""
    assert assistant.documents
    return open_assistant(Configuration(donnees=donnees, modele=None))


@pytest.fixture(scope="session")
def rules_habitue(rules_assistant: Assistant) -> Assistant:
    """What answers from the texts alone, for thousands of questions: each pair is read once."""
    return retenant(rules_assistant)


@pytest.fixture(scope="session")
def habitue(rules_habitue: Assistant) -> Conseiller:
    """An assistant on the five documents, for thousands of questions."""
    return Conseiller(rules_habitue)


@pytest.fixture(scope="session")
def ask(assistant: Conseiller) -> Ask:
    """Asks one question; gives its answer."""

    def answer(question: str, departement: str | None = None, annee: str | None = None) -> Reponse:
        put = Question(
            id="q", question=question, departement=departement, annee_scolaire=annee, date=DAY
        )
        return assistant.repondre(put)[0].reponse

    return answer


@pytest.fixture(scope="session")
def depart_partage(
    donnees: Path,
    serveur_postgres: ServeurPostgres,
    modele_postgres: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Configuration:
    """A data folder that shares a store, which the program set up; only copied."""
    serveur_postgres.creer("depart", modele_postgres)
    alone = copy_of(donnees, tmp_path_factory.mktemp("depart"))
    place = alone.model_copy(update={"magasin": serveur_postgres.adresse("depart")})
    preparer(place, annonce=lambda _: None)
    return place


@pytest.fixture(
    scope="session", params=["dossier", pytest.param("magasin", marks=pytest.mark.long)]
)
def rangements(request: pytest.FixtureRequest, donnees: Path) -> Rangements:
    """The embedded store, then the shared one: what holds of one holds of the other."""
    if request.param == "dossier":
        return Rangements(Configuration(donnees=donnees, modele=None))
    return Rangements(request.getfixturevalue("depart_partage"))


@pytest.fixture
def clas(donnees: Path, monkeypatch: pytest.MonkeyPatch) -> Clas:
    """Runs the command in this process, on the data folder above."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(donnees))
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)

    def run(*arguments: str | Path) -> Sortie:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main([str(argument) for argument in arguments])
            except SystemExit as leaving:
                status = int(str(leaving.code or 0))
        out.flush()
        err.flush()
        raw, said = out.buffer, err.buffer
        assert isinstance(raw, io.BytesIO)
        assert isinstance(said, io.BytesIO)
        return Sortie(status, raw.getvalue(), said.getvalue().decode("utf-8"))

    return run


@pytest.fixture
def bare(donnees: Path, tmp_path: Path) -> Path:
    """A data folder as the program set it up."""
    return folder_like(donnees, tmp_path / "donnees")


@pytest.fixture
def keep(clas: Clas, bare: Path, monkeypatch: pytest.MonkeyPatch) -> Clas:
    """Runs ``clas corpus`` there."""
    return keeping(clas, bare, monkeypatch)


@pytest.fixture(scope="session")
def files(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real files: a new référentiel (DOCX, PDF) and the circulaire that follows (HTML)."""
    folder = tmp_path_factory.mktemp("fichiers")
    old = corpus.documents["001"]
    source = (SOURCES / old.fiche.fichier).read_text("utf-8")
    new = build_canonical(source.replace("8 à 12", "6 à 10"), old.fiche)
    (folder / "referentiel.docx").write_bytes(rendre(new, "pandoc-docx"))
    circulaire = corpus.documents["004"].fiche.model_copy(
        update={
            "titre": "Circulaire n° 2026-014",
            "titre_court": "Circulaire Cnaf n° 2026-014",
            "lacunes": (),
            "titres_restitues": (),
        }
    )
    text = (
        (SOURCES / circulaire.fichier)
        .read_text("utf-8")
        .replace("n° 2021-006", "n° 2026-014")
        .replace("06/04/2021", "12/05/2026")
        .replace("la lettre circulaire 2011-176", "la circulaire n° 2021-006")
        .replace("rentrée scolaire 2021", "rentrée scolaire 2026")
        .replace("7885", "8120")
    )
    successor = build_canonical(text, circulaire)
    (folder / "circulaire-2026.html").write_bytes(rendre(successor, "site-html"))
    (folder / "note.md").write_text(NOTE, "utf-8")
    return folder


@pytest.fixture(scope="session")
def drafted(
    donnees: Path, files: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Sortie]:
    """A data folder where both files are in the draft, and what the command said; only read."""
    folder = folder_like(donnees, tmp_path_factory.mktemp("brouillon") / "donnees")
    said: list[Sortie] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(folder))
        said.append(
            run_corpus("ajouter", files / "referentiel.docx", files / "circulaire-2026.html",
                 "--auteur", WHO)
        )  # fmt: skip
    return folder, said[0]


@pytest.fixture(scope="session")
def compared(
    drafted: tuple[Path, Sortie], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], str, str]:
    """The draft compared: JSON, page, words."""
    page = tmp_path_factory.mktemp("page") / "c.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(drafted[0]))
        given = run_corpus("comparer", "--json", "--html", page)
    assert given.status == DONE
    words = render(Rapport.model_validate_json(given.raw), colours=False)
    return json.loads(given.out), page.read_text("utf-8"), words


@pytest.fixture
def mine(
    clas: Clas, drafted: tuple[Path, Sortie], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Clas, Path]:
    """A copy of the folder with the draft, and the command there."""
    folder = folder_like(drafted[0], tmp_path / "donnees")
    return keeping(clas, folder, monkeypatch), folder


@pytest.fixture
def horloge() -> Horloge:
    """A clock that says what it is told to."""
    return Horloge()


@pytest.fixture(scope="session")
def magasin_commun(serveur_postgres: ServeurPostgres, modele_postgres: str) -> Iterator[Magasin]:
    """A prepared store that tests empty and fill again, one after the other."""
    serveur_postgres.creer("commun", modele_postgres)
    ouvert = Magasin(serveur_postgres.adresse("commun"))
    yield ouvert
    ouvert.fermer()


@pytest.fixture
def magasin_vide(magasin_commun: Magasin) -> Magasin:
    """That store, with nothing in it."""
    with magasin_commun.connexion() as connection:
        connection.execute(
            text("TRUNCATE questions.echanges, questions.opinions, avis.marques RESTART IDENTITY")
        )
    return magasin_commun


@pytest.fixture(params=["fichier", "magasin"])
def lieu(request: pytest.FixtureRequest, tmp_path: Path) -> Lieu:
    """A place for the log of questions, empty: what holds of one holds of the other."""
    if request.param == "fichier":
        return Fichier(tmp_path / "questions")
    return Partage(request.getfixturevalue("magasin_vide"))


@pytest.fixture
def registre(lieu: Lieu, horloge: Horloge) -> Registre:
    """An empty log of questions, kept a year by that clock."""
    return Registre(lieu, 365, horloge)


@pytest.fixture(scope="session")
def petite(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small installation; only copied."""
    return petite_installation(donnees, tmp_path_factory.mktemp("petite") / "donnees").donnees


@pytest.fixture
def place(petite: Path, tmp_path: Path) -> Configuration:
    """An installation with something of everything."""
    place = Configuration(donnees=installer_comme(petite, tmp_path / "donnees"), modele=None)
    remplir(place)
    return place


@pytest.fixture
def commune(petite: Path, tmp_path: Path, magasin: Magasin) -> Configuration:
    """The same, in a shared store."""
    place = Configuration(
        donnees=installer_comme(petite, tmp_path / "commune"), modele=None, magasin=magasin.adresse
    )
    mettre_en_commun(place)
    remplir(place)
    return place


@pytest.fixture
def autre_base(serveur_postgres: ServeurPostgres, base_postgres: str) -> Iterator[Magasin]:
    """A base that nothing has prepared yet."""
    nom = f"{base_postgres}_neuve"
    serveur_postgres.creer(nom)
    ouvert = Magasin(serveur_postgres.adresse(nom))
    yield ouvert
    ouvert.fermer()
    serveur_postgres.supprimer(nom)
