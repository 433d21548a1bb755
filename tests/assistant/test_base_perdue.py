"""What the base has lost is named, and the remedy that is told brings it back."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from exploitation import diagnostic, environnement, installer_comme, nommes
from publication_en_petit import add_text

from assistant.configuration import Configuration
from assistant.preparation import index_contents, preparer
from assistant.publication.etat import contents, open_base, version_in_service
from assistant.publication.publier import draft_version, go_back
from assistant.publication.verification import Trouble, steps_of
from assistant.sauvegarde.sauvegarder import sauvegarder
from corpus.base.models import VersionBase
from index.embedding.factory import open_encoder

pytestmark = pytest.mark.long


@pytest.fixture
def place(donnees: Path, tmp_path: Path) -> Configuration:
    return Configuration(donnees=installer_comme(donnees, tmp_path / "donnees"), modele=None)


def en_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


def publier(place: Configuration) -> VersionBase:
    """A version with one more text, in service."""
    add_text(place, 45)
    base, parent = open_base(place), en_service(place)
    brouillon = base.read_draft()
    assert brouillon is not None
    version = draft_version(base, parent, brouillon)
    base.keep_version(version)
    encoder = open_encoder(None, place.dossier_modele)
    index_contents(contents(base, version), encoder, place)
    base.drop_draft()
    return version


def troubles(place: Configuration) -> tuple[Trouble, ...]:
    etapes = steps_of(place)
    return (*etapes["textes"](), *etapes["versions"](), *etapes["brouillon"]())


def fichier(place: Configuration, genre: str, nom: str) -> Path:
    return place.donnees / "corpus" / genre / f"{nom}.json"


def reprendre(archive: Path, remede: str) -> None:
    """Run the very command that is told, on an archive."""
    dite = re.search(r"« (tar .*?) »", remede)
    assert dite is not None, remede
    commande = dite[1].replace("SAUVEGARDE", str(archive))
    subprocess.run(["sh", "-c", commande], check=True)


def test_the_record_of_the_version_in_service_is_missed_and_made_again(
    place: Configuration, tmp_path: Path
) -> None:
    identite = en_service(place).identite
    fichier(place, "versions", identite).unlink()
    nomme = nommes(diagnostic(environnement(place.donnees), ["versions de la base"]))
    assert identite in nomme["versions de la base"].trouve
    dits: list[str] = []
    entete, _ = sauvegarder(place, tmp_path / "s.tar.gz", annonce=dits.append)
    assert any(identite in dit for dit in dits)
    assert any(identite in constat for constat in entete.constats)
    (trouble,) = troubles(place)
    assert trouble.remede == "lancez « clas preparer »"
    preparer(place, annonce=lambda _: None)
    assert troubles(place) == ()


def test_what_was_computed_is_told_with_what_it_was_computed_for(place: Configuration) -> None:
    dits: list[str] = []
    preparer(place, annonce=dits.append)
    (dit,) = (one for one in dits if one.startswith("Index "))
    assert re.fullmatch(
        r"Index \w+ : \d+ passages\. Vecteurs des passages et des questions des fiches : "
        r"\d+ calculés, \d+ repris\.",
        dit,
    )


def test_a_version_of_before_and_its_text_come_back_from_an_archive(
    place: Configuration, tmp_path: Path
) -> None:
    avant, apres = en_service(place), publier(place)
    archive = tmp_path / "s.tar.gz"
    sauvegarder(place, archive, annonce=lambda _: None)
    (entree,) = (e for e in apres.documents if e.fiche.id == "essai")
    for genre, nom in (("versions", avant.identite), ("textes", f"essai@{entree.texte}")):
        octets = fichier(place, genre, nom).read_bytes()
        fichier(place, genre, nom).unlink()
        (trouble,) = troubles(place)
        reprendre(archive, trouble.remede)
        assert fichier(place, genre, nom).read_bytes() == octets
        assert troubles(place) == ()


def test_a_text_that_was_brought_is_left_by_going_back(place: Configuration) -> None:
    avant, apres = en_service(place), publier(place)
    (entree,) = (e for e in apres.documents if e.fiche.id == "essai")
    fichier(place, "textes", f"essai@{entree.texte}").unlink()
    (trouble,) = troubles(place)
    assert "clas corpus revenir" in trouble.remede
    assert "ajouter" not in trouble.remede
    go_back(place, avant.identite, "Camille", lambda _: None)
    assert nommes(diagnostic(environnement(place.donnees), ["règles"])) == {}


@pytest.mark.parametrize("altere", [False, True])
def test_a_text_that_ships_is_made_again(altere: bool, place: Configuration) -> None:
    entree = next(e for e in en_service(place).documents if e.fiche.id == "003")
    path = fichier(place, "textes", f"003@{entree.texte}")
    if altere:
        path.write_text("{", "utf-8")
        (trouble,) = troubles(place)
        assert trouble.remede.startswith("supprimez-le et lancez « clas preparer », ou remettez-le")
    path.unlink()
    (trouble,) = troubles(place)
    assert trouble.remede == "lancez « clas preparer »"
    preparer(place, annonce=lambda _: None)
    assert troubles(place) == ()


def test_a_draft_whose_text_is_lost_is_given_up(place: Configuration) -> None:
    add_text(place, 45)
    for path in (place.donnees / "corpus" / "textes").glob("essai@*"):
        path.unlink()
    assert {trouble.remede for trouble in troubles(place)} == {
        "abandonnez-le (« clas corpus abandonner »)"
    }
