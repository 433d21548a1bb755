"""Settings: variables that nothing reads, values that cannot be used."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final

from assistant.acces.roles import HabilitationsInutilisables, read_habilitations
from assistant.comptes import compte
from assistant.configuration import (
    FOLDER_VARIABLE,
    LOCAL_VARIABLE,
    LOG_DAYS_VARIABLE,
    LOG_VARIABLE,
    MODEL_VARIABLE,
    READER_VARIABLE,
    ROLES_VARIABLE,
    WATCHED_VARIABLE,
    Configuration,
    ReglageInutilisable,
    read_configuration,
    read_log_settings,
)
from assistant.diagnostic.modeles import Contexte, Releve, alerte, bon, panne
from assistant.observation.reglage import (
    FILE_VARIABLE,
    JOURNAL_VARIABLE,
    REPLICA_VARIABLE,
    SLOW_VARIABLE,
    TRACES_VARIABLE,
    ObservationMalReglee,
    ReglageObservation,
    lire_observation,
)
from assistant.publication.auteur import AUTHOR_VARIABLE
from assistant.publication.rejeu_brouillon import QUESTIONS_VARIABLE
from assistant.redacteur.reglage import (
    DELAY_VARIABLE,
    KEY_VARIABLE,
    URL_VARIABLE,
    RedacteurMalRegle,
    lire_reglage,
)
from assistant.redacteur.reglage import MODEL_VARIABLE as WRITER_VARIABLE
from corpus.magasin.adresse import BASE_VARIABLE, MagasinMalRegle
from index.postgres.fragments.plan import FRAGMENTS_VARIABLE
from index.succession import VARIABLE as VERSIONS_VARIABLE
from index.succession import NombreDeVersionsInvalide, versions_kept

PREFIXE: Final = "CLAS_"
CONNUES: Final = frozenset(
    {
        AUTHOR_VARIABLE, BASE_VARIABLE, DELAY_VARIABLE, FILE_VARIABLE, FOLDER_VARIABLE,
        FRAGMENTS_VARIABLE, JOURNAL_VARIABLE, KEY_VARIABLE, LOCAL_VARIABLE, LOG_DAYS_VARIABLE,
        LOG_VARIABLE, MODEL_VARIABLE, QUESTIONS_VARIABLE, READER_VARIABLE, REPLICA_VARIABLE,
        ROLES_VARIABLE, SLOW_VARIABLE, TRACES_VARIABLE, URL_VARIABLE, VERSIONS_VARIABLE,
        WATCHED_VARIABLE, WRITER_VARIABLE,
    }
)  # fmt: skip
"""Every variable that the program reads; a test finds them in its source."""
_OBSERVATION: Final = (REPLICA_VARIABLE, JOURNAL_VARIABLE, SLOW_VARIABLE, TRACES_VARIABLE)
_PRESQUE: Final = 0.85
_VARIABLE: Final = re.compile(r"CLAS_[A-Z_]+")
_VALEURS: Final = {
    LOCAL_VARIABLE: ("0", "1"),
    READER_VARIABLE: ("oui", "non"),
}


def reglages(contexte: Contexte) -> Iterator[Releve]:
    """Look at the environment: what it says that nothing reads, or that cannot be used."""
    environnement = contexte.environnement
    trouves = [
        *_inconnues(environnement, contexte.configuration),
        *_refusees(environnement),
        *_autres_valeurs(environnement),
    ]
    if contexte.configuration is not None:
        trouves += _chemins(contexte.configuration, environnement)
    poses = sorted(set(environnement) & CONNUES)
    yield from trouves or [
        bon(
            f"{compte(len(poses), 'posé')} : {', '.join(poses)}"
            if poses
            else "aucun posé : ceux d'usine"
        )
    ]


def _inconnues(
    environnement: Mapping[str, str], configuration: Configuration | None
) -> Iterator[Releve]:
    plan = configuration.fragments if configuration else None
    # Those are named by the file of nodes.
    secrets = {noeud.mot_de_passe for noeud in plan.noeuds} if plan else set()
    for nom in sorted(environnement):
        if not nom.startswith(PREFIXE) or nom in CONNUES | secrets:
            continue
        # A slip of a letter or two: another name that begins alike may do something else.
        proche = next(iter(get_close_matches(nom, CONNUES, n=1, cutoff=_PRESQUE)), None)
        voulu = f"écrivez {proche}, ou retirez-la" if proche else "retirez-la"
        yield alerte(f"{nom[:60]} n'est lue par rien", f"{voulu} de l'environnement")


def _refusees(environnement: Mapping[str, str]) -> Iterator[Releve]:
    """Values that the program refuses, in its own words, which quote no secret."""
    lectures: tuple[tuple[str, Callable[[Mapping[str, str]], object]], ...] = (
        (BASE_VARIABLE, read_configuration),
        (URL_VARIABLE, lire_reglage),
        (LOG_VARIABLE, read_log_settings),
        (VERSIONS_VARIABLE, versions_kept),
        # One after the other: what is wrong with the first would hide the next ones.
        *((nom, partial(_observer, nom)) for nom in _OBSERVATION),
    )
    for nom, lire in lectures:
        try:
            lire(environnement)
        except (
            MagasinMalRegle,
            RedacteurMalRegle,
            ReglageInutilisable,
            NombreDeVersionsInvalide,
            ObservationMalReglee,
        ) as error:
            dite = _VARIABLE.match(str(error))
            laquelle = dite[0] if dite else nom
            yield panne(
                str(error).rstrip("."), f"corrigez {laquelle} dans l'environnement, ou ôtez-la"
            )


def _observer(nom: str, environnement: Mapping[str, str]) -> ReglageObservation:
    return lire_observation({nom: environnement.get(nom, "")})


def _autres_valeurs(environnement: Mapping[str, str]) -> Iterator[Releve]:
    for nom, acceptees in _VALEURS.items():
        valeur = environnement.get(nom, "").strip()
        if valeur and valeur.lower() not in acceptees:
            dites = " ou ".join(f"« {une} »" for une in acceptees)
            yield alerte(f"{nom} vaut « {valeur[:40]} »", f"mettez-y {dites}")


def _chemins(configuration: Configuration, environnement: Mapping[str, str]) -> Iterator[Releve]:
    if environnement.get(FOLDER_VARIABLE, "").strip() and not configuration.donnees.is_dir():
        yield panne(
            f"{FOLDER_VARIABLE} : {configuration.donnees} n'est pas un dossier",
            f"corrigez {FOLDER_VARIABLE}, ou lancez « clas preparer » pour le faire",
        )
    if configuration.roles is not None:
        try:
            read_habilitations(configuration.roles)
        except HabilitationsInutilisables as error:
            yield panne(
                f"{ROLES_VARIABLE} : {error}",
                "corrigez ce fichier ; d'ici là personne n'a de rôle",
            )
    suivi = configuration.dossier_suivi
    if suivi is not None and not suivi.is_dir():
        yield alerte(
            f"{WATCHED_VARIABLE} : {suivi} n'est pas un dossier",
            f"faites ce dossier, ou corrigez {WATCHED_VARIABLE}",
        )
    yield from _journal(environnement)
    rejeu = environnement.get(QUESTIONS_VARIABLE, "").strip()
    if rejeu and not Path(rejeu).expanduser().is_file():
        yield alerte(
            f"{QUESTIONS_VARIABLE} : {rejeu[:200]} n'est pas un fichier",
            f"corrigez {QUESTIONS_VARIABLE} (« clas questions exporter » écrit ce fichier)",
        )


def _journal(environnement: Mapping[str, str]) -> Iterator[Releve]:
    """Whether the file of the technical log can be written; nothing is written to know it."""
    ecrit = environnement.get(FILE_VARIABLE, "").strip()
    if not ecrit or environnement.get(JOURNAL_VARIABLE, "").strip().lower() != "json":
        return
    fichier = Path(ecrit).expanduser().resolve()
    if fichier.is_dir():
        tort = "est un dossier"
    elif not fichier.parent.is_dir():
        tort = "est dans un dossier qui n'existe pas"
    elif not os.access(fichier if fichier.exists() else fichier.parent, os.W_OK):
        tort = "ne peut pas être écrit par ce compte"
    else:
        return
    yield panne(
        f"{FILE_VARIABLE} : {str(fichier)[:200]} {tort}",
        f"corrigez {FILE_VARIABLE} ; d'ici là le serveur n'écrit pas de journal technique",
    )
