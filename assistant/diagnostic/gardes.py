"""What people asked and what agents said: whether their stores open, and are whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assistant.avis.journal import Journal
from assistant.avis.models import AvisInutilisables
from assistant.avis.registre import open_marks
from assistant.configuration import ReglageInutilisable, read_log_settings
from assistant.diagnostic.base import magasin_absent
from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    alerte,
    bon,
    configuration_de,
    panne,
)
from assistant.questions_posees.envois import FICHIER as ATTENTE
from assistant.questions_posees.envois import Attente
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.questions_posees.schema import FICHIER, open_engine, reading, told, writing

_PATIENCE: Final = 2.0
"""Seconds that a writer of the page is waited for."""
_VIEUX: Final = 200
"""Questions that wait, beyond which the store has been away for a while."""


def questions(contexte: Contexte) -> Iterator[Releve]:
    """Whether the log of questions opens, can be written, and is whole."""
    configuration = configuration_de(contexte)
    try:
        garde = read_log_settings(contexte.environnement).actif
    except ReglageInutilisable:
        garde = False
    if configuration.magasin is not None:
        yield magasin_absent(contexte) or bon("dans le magasin partagé")
        return
    path = configuration.dossier_questions / FICHIER
    if not path.exists():
        yield bon("aucune question gardée" if garde else "CLAS_JOURNAL=non : rien n'est gardé")
        return
    yield _du_fichier(path, rapide=contexte.rapide)


def attente(contexte: Contexte) -> Iterator[Releve]:
    """How many questions wait for the shared store, and whether they can be read."""
    configuration = configuration_de(contexte)
    path = configuration.dossier_questions / ATTENTE
    if not path.exists():
        yield bon("rien n'attend le magasin partagé")
        return
    releve = _du_fichier(path, rapide=contexte.rapide)
    if releve.etat != "bon":
        yield releve
        return
    combien = Attente(configuration.dossier_questions, _PATIENCE).compter()
    if combien and configuration.magasin is None:
        yield alerte(
            f"{combien} envois attendent un magasin partagé, et CLAS_BASE n'est pas posée",
            "remettez CLAS_BASE et ouvrez la page : ils iront au magasin ; ou effacez-les "
            "(« clas questions purger --tout »)",
        )
    elif combien > _VIEUX:
        yield alerte(
            f"{combien} envois attendent le magasin partagé",
            "voyez « magasin partagé » ; dès qu'il répond, la page les y porte par lots de 20",
        )
    else:
        yield bon(f"{combien} envois attendent le magasin partagé")


def _du_fichier(path: Path, *, rapide: bool) -> Releve:
    """Whether a SQLite file is whole, and takes a writer."""
    engine = open_engine(path, _PATIENCE)
    remede = (
        f"arrêtez la page, puis déplacez {path} et ses -wal et -shm : un nouveau sera fait ; ou "
        "reprenez-le d'une sauvegarde (« clas restaurer »)"
    )
    try:
        with told(engine, "lues"), reading(engine) as connection:
            ordre = "PRAGMA quick_check(1)" if rapide else "PRAGMA integrity_check(1)"
            dit = str(connection.exec_driver_sql(ordre).scalar_one())
        if dit != "ok":
            return panne(f"{path.name} est abîmé ({dit[:80].splitlines()[0]})", remede)
        with told(engine, "écrites"), writing(engine):
            pass
    except QuestionsInutilisables as error:
        return panne(str(error), remede)
    finally:
        engine.dispose()
    return bon(f"{path.name} est entier, {path.stat().st_size >> 10} Kio")


def avis(contexte: Contexte) -> Iterator[Releve]:
    """Whether every mark of the agents can be read."""
    configuration = configuration_de(contexte)
    absent = magasin_absent(contexte)
    if absent:
        yield absent
        return
    remede = "posez de nouveau ces avis, ou reprenez le fichier d'une sauvegarde"
    try:
        if configuration.magasin is None:
            lecture = Journal(configuration.donnees / "avis").read()[1]
            abimees, combien = lecture.abimees, len(lecture.avis)
        else:
            marques = open_marks(configuration).marques()
            if marques.panne:
                yield panne(marques.panne, "voyez « magasin partagé »")
                return
            abimees, combien = marques.abimees, len(marques.historique)
    except AvisInutilisables as error:
        yield panne(str(error), "vérifiez ce fichier, ses droits et son disque")
        return
    if abimees:
        lignes = ", ".join(map(str, abimees[:10]))
        yield panne(f"journal des avis abîmé, ligne {lignes}", remede)
    else:
        yield bon(f"{combien} avis, tous lisibles")
