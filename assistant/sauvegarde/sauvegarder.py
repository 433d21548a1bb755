"""Saving the whole state of an installation, wherever it is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC
from importlib import metadata
from pathlib import Path
from typing import Final

from assistant.configuration import Configuration
from assistant.diagnostic.reglages import CONNUES
from assistant.observation.reglage import TRACES_VARIABLE, ObservationMalReglee, lire_observation
from assistant.phrase import phrase
from assistant.publication.verification import steps_of
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.redacteur.reglage import KEY_VARIABLE, URL_VARIABLE
from assistant.sauvegarde import dossier
from assistant.sauvegarde.ecriture import Advance, check_cible, ecrire, ouvert
from assistant.sauvegarde.modeles import Entete, Instantane, Manifeste, SauvegardeImpossible
from corpus.base.store import BaseInutilisable
from corpus.magasin.adresse import BASE_VARIABLE

_SECRETES: Final = frozenset({BASE_VARIABLE, KEY_VARIABLE})
"""Settings that hold a password or a key."""
_NON_RELUES: Final = frozenset({"service", "index"})
"""Quotations are what « clas restaurer » and « clas diagnostic » read again; and an index is read
whole, and compared with its checksums, as it is written."""


def sauvegarder(
    configuration: Configuration,
    cible: Path,
    *,
    questions: bool = True,
    modele: bool = False,
    remplacer: bool = False,
    annonce: Callable[[str], None],
    advance: Advance = lambda _done, _total: None,
) -> tuple[Entete, Manifeste]:
    """Write the whole state, of one moment, to a file, and read it back.

    People ask and agents mark meanwhile; whoever publishes goes before or after.

    Args:
        configuration: what is saved.
        cible: the file to be.
        questions: whether what people asked is in it.
        modele: whether the model is, which « clas preparer » otherwise makes again.
        remplacer: whether a file of that name gives way.
        annonce: told, in French, what is found on the way.
        advance: told (bytes written, bytes to write).

    Raises:
        SauvegardeImpossible: it could not be done; no file was made.
        MagasinMalRegle: the packages that a shared store needs are not installed.
    """
    check_cible(cible, remplacer=remplacer)
    with ouvert(cible) as atelier:
        constats = _constats(configuration, annonce)
        try:
            with _instantane(configuration, atelier, questions=questions, modele=modele) as vu:
                entete = Entete(
                    programme=programme(),
                    date=vu.date.astimezone(UTC),
                    origine="dossier" if configuration.magasin is None else "magasin",
                    index=vu.index,
                    version=vu.version,
                    questions=questions,
                    modele=modele,
                    reglages=_reglages(configuration, os.environ),
                    constats=constats,
                )
                manifeste = ecrire(cible, atelier, entete, vu, remplacer=remplacer, advance=advance)
        except (QuestionsInutilisables, BaseInutilisable) as error:
            raise SauvegardeImpossible(phrase(error)) from error
    return entete, manifeste


def _instantane(
    configuration: Configuration, atelier: Path, *, questions: bool, modele: bool
) -> AbstractContextManager[Instantane]:
    adresse = configuration.magasin
    if adresse is None:
        return dossier.instantane(configuration, atelier, questions=questions, modele=modele)
    # Its packages are an extra; the store is opened first, which says so in words.
    from assistant.magasin import magasin_de_base  # noqa: PLC0415

    magasin_de_base(adresse)
    from assistant.sauvegarde import partage  # noqa: PLC0415

    return partage.instantane(configuration, adresse, atelier, questions=questions, modele=modele)


def _constats(configuration: Configuration, annonce: Callable[[str], None]) -> tuple[str, ...]:
    """What is wrong already: it is saved all the same, and whoever restores it is told."""
    annonce("Vérification de ce qui est gardé…")
    try:
        troubles = [
            trouble
            for nom, etape in steps_of(configuration).items()
            if nom not in _NON_RELUES
            for trouble in etape()
        ]
    except BaseInutilisable as error:
        raise SauvegardeImpossible(phrase(error)) from error
    for trouble in troubles:
        annonce(f"À noter : {trouble.ou} : {trouble.quoi} (à faire : {trouble.remede})")
    return tuple(f"{trouble.ou} : {trouble.quoi}" for trouble in troubles)


def _reglages(configuration: Configuration, environnement: Mapping[str, str]) -> dict[str, str]:
    """Settings that were made, without passwords, keys, nor an address that may hold one."""
    tues = set(_SECRETES)
    if configuration.redacteur is None:
        tues.add(URL_VARIABLE)
    try:
        lire_observation(environnement)
    except ObservationMalReglee:
        tues.add(TRACES_VARIABLE)
    return {nom: environnement[nom] for nom in sorted(CONNUES - tues) if environnement.get(nom, "")}


def programme() -> str:
    """Version of this program, as it is installed."""
    try:
        return metadata.version("assistant-clas")
    except metadata.PackageNotFoundError:
        return "inconnue"
