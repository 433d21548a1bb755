"""What tests of archives share: to save and bring back an installation, as the commands do."""

from __future__ import annotations

from pathlib import Path

from assistant.configuration import Configuration
from assistant.sauvegarde.restaurer import restaurer
from assistant.sauvegarde.sauvegarder import sauvegarder
from corpus.magasin.moteur import Magasin


def sauver(place: Configuration, cible: Path, **options: bool) -> Path:
    sauvegarder(place, cible, annonce=lambda _: None, **options)
    return cible


def ramener(archive: Path, dossier: Path, magasin: Magasin | None = None) -> Configuration:
    """Bring back, with the model that the archive has not."""
    adresse = magasin.adresse if magasin else None
    bilan = restaurer(archive, dossier, adresse, annonce=lambda _: None)
    assert bilan.constats == ()
    return Configuration(donnees=dossier, modele=None, magasin=adresse)


def modele_de(source: Path, place: Configuration) -> Configuration:
    (place.donnees / "modele").symlink_to((source / "modele").resolve())
    return place
