"""Bringing a saved state back: beside first, verified, then in place at once.

Nothing that lives is touched: the folder must be empty or absent, or is moved aside where that is
asked for; the base of a shared store must be empty, and is filled in one transaction.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.avis.journal import JOURNAL as AVIS
from assistant.configuration import Configuration
from assistant.phrase import phrase
from assistant.publication.etat import open_base, version_in_service
from assistant.publication.verification import check_all
from assistant.questions_posees.envois import FICHIER as ATTENTE
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.questions_posees.schema import FICHIER
from assistant.sauvegarde import questions as figees
from assistant.sauvegarde.dossier import compter_lignes
from assistant.sauvegarde.echange import check_dossier, dite, echange, place_du_modele
from assistant.sauvegarde.lecture import lire, verifier
from assistant.sauvegarde.modeles import (
    Comptes,
    Entete,
    Manifeste,
    SauvegardeImpossible,
)
from corpus.base.rangement import DRAFT, JOURNAL, BaseInutilisable
from corpus.files import sync_tree
from corpus.magasin.adresse import AdresseMagasin
from index.storage import VERSIONS, check_version, current_version

Annonce = Callable[[str], None]
_MARGE: Final = 64 << 20
"""Bytes left on the disk beyond what is written."""
_BESIDE: Final = ".restauration"
_ENTIERES: Final = ("fichiers/", "textes/", "index")
"""Where what is found wrong means that what was written is not what was read."""


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a restoration made."""

    entete: Entete
    comptes: Comptes
    ecarte: Path | None
    """Where what was there before is; None where there was nothing."""
    constats: tuple[str, ...]
    """What ``clas corpus verifier`` finds wrong that was not so when it was saved."""


def restaurer(
    archive: Path,
    dossier: Path,
    adresse: AdresseMagasin | None,
    *,
    remplacer: bool = False,
    annonce: Annonce,
) -> Bilan:
    """Bring a state back to a folder, and to the base of a shared store where there is one.

    Args:
        archive: the file.
        dossier: the data folder to be; empty, or absent.
        adresse: the shared store to fill, whose base must be empty; None: there is none.
        remplacer: whether a folder that is not empty is moved aside.
        annonce: told, in French, what is being done.

    Raises:
        ArchiveRefusee: the archive is cut, damaged, foreign, or of a later program; nothing has
            changed.
        SauvegardeImpossible: it could not be done; nothing has changed.
        MagasinMalRegle: the packages that a shared store needs are not installed.
    """
    dossier = dossier.absolute()
    check_dossier(dossier, remplacer=remplacer)
    annonce("Vérification de la sauvegarde…")
    entete, manifeste = verifier(archive)
    _check_place(dossier, entete, manifeste)
    with _a_cote(dossier) as beside:
        annonce("Écriture à côté…")
        with dite(dossier):
            extraire(archive, beside, (entete, manifeste))
        annonce("Vérification de ce qui est écrit…")
        constats = _verifier(beside, entete, manifeste)
        with echange(beside, dossier, remplacer=remplacer) as prepare:
            if adresse is None:
                prepare.faire()
            else:
                annonce("Écriture dans le magasin partagé…")
                # Its packages are an extra: where they are missing, this says so.
                from assistant.magasin import magasin_de_commande  # noqa: PLC0415

                magasin = magasin_de_commande(adresse)
                from assistant.sauvegarde.remplissage import remplir  # noqa: PLC0415

                remplir(magasin, beside, entete, manifeste.comptes, prepare.faire)
            ecarte = prepare.ecarte
    return Bilan(entete, manifeste.comptes, ecarte, constats)


def extraire(archive: Path, dossier: Path, attendu: tuple[Entete, Manifeste]) -> None:
    """Write the members of an archive that was verified in an empty folder, durable.

    Raises:
        ArchiveRefusee: it is no longer what was verified.
        SauvegardeImpossible: it changed meanwhile.
        OSError: it could not be written.
    """

    def prendre(nom: str, octets: Iterator[bytes]) -> None:
        # Of a name that the program itself gives: it leads nowhere else.
        path = dossier / nom
        prive = nom.startswith("questions/")
        path.parent.mkdir(mode=0o700 if prive else 0o755, parents=True, exist_ok=True)
        with path.open("xb") as stream:
            if prive:
                path.chmod(0o600)
            for morceau in octets:
                stream.write(morceau)

    if lire(archive, prendre) != attendu:
        raise SauvegardeImpossible(f"{archive} a changé pendant la lecture : recommencez.")
    sync_tree(dossier)


def _verifier(beside: Path, entete: Entete, manifeste: Manifeste) -> tuple[str, ...]:
    """Read back what was written; what is found wrong in it that was not so when it was saved.

    Raises:
        SauvegardeImpossible: it is not whole.
    """
    place = Configuration(donnees=beside, modele=None)
    index = place.dossier_index
    tort = (
        check_version(index / VERSIONS / entete.index)
        if current_version(index) == entete.index
        else "aucune version en service"
    )
    if tort is not None:
        raise SauvegardeImpossible(f"Ce qui a été écrit n'est pas entier : index, {tort}.")
    version = version_in_service(place)
    if (version.identite if version else None) != entete.version:
        raise SauvegardeImpossible("Ce qui a été écrit n'est pas de la version annoncée.")
    try:
        trouves = comptes_de(place)
        troubles = check_all(place, lambda _done, _total: None)
    except (QuestionsInutilisables, BaseInutilisable) as error:
        raise SauvegardeImpossible(phrase(error)) from error
    if trouves != dict(manifeste.comptes):
        raise SauvegardeImpossible(
            f"Ce qui a été écrit n'a pas les comptes annoncés : {trouves}, attendu "
            f"{dict(manifeste.comptes)}."
        )
    nouveaux = [t for t in troubles if f"{t.ou} : {t.quoi}" not in entete.constats]
    for trouble in nouveaux:
        if trouble.ou.startswith(_ENTIERES):
            raise SauvegardeImpossible(
                f"Ce qui a été écrit n'est pas entier : {trouble.ou}, {trouble.quoi}."
            )
    return tuple(f"{t.ou} : {t.quoi} (à faire : {t.remede})" for t in nouveaux)


def comptes_de(place: Configuration) -> dict[str, int]:
    """How many of each thing a folder has, as a manifest tells it.

    Raises:
        QuestionsInutilisables: the log is damaged.
    """
    base, questions = open_base(place), place.dossier_questions
    for nom in (FICHIER, ATTENTE):
        if (questions / nom).is_file():
            figees.seul(questions / nom)
    return {
        "fichiers": len(base.names("fichiers")),
        "textes": len(base.names("textes")),
        "versions": len(base.names("versions")),
        "brouillon": int((base.folder / DRAFT).is_file()),
        "journal": compter_lignes(base.folder / JOURNAL),
        "avis": compter_lignes(place.donnees / "avis" / AVIS),
        **figees.compter(questions / FICHIER, "echanges", "opinions"),
        **figees.compter(questions / ATTENTE, "envois"),
    }


def _check_place(dossier: Path, entete: Entete, manifeste: Manifeste) -> None:
    parent, voulu = dossier.parent, manifeste.taille + _MARGE
    if not entete.modele:
        # The one that is installed is kept.
        voulu += place_du_modele(dossier)
    libre = shutil.disk_usage(parent).free
    if voulu > libre:
        raise SauvegardeImpossible(
            f"Il faut {voulu >> 20} Mio dans {parent}, et il en reste {libre >> 20} : libérez de "
            "la place. Rien n'a changé."
        )


@contextmanager
def _a_cote(dossier: Path) -> Iterator[Path]:
    """A new folder beside another, gone after unless it took its place."""
    beside = dossier.parent / f".{dossier.name}.{os.getpid()}{_BESIDE}"
    with dite(dossier):
        for ancien in dossier.parent.glob(f".{dossier.name}.*{_BESIDE}"):
            if not _vit(ancien):
                shutil.rmtree(ancien, ignore_errors=True)
        beside.mkdir(mode=0o755)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _vit(beside: Path) -> bool:
    """Whether the program that writes a folder, which its name tells, is still there."""
    numero = beside.name.removesuffix(_BESIDE).rpartition(".")[2]
    try:
        os.kill(int(numero), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
