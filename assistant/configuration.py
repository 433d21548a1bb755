"""Where the program keeps what it makes, and which model it uses, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from assistant.redacteur.reglage import RedacteurMalRegle, ReglageRedacteur, lire_reglage
from corpus.magasin.adresse import (
    BASE_VARIABLE,
    AdresseMagasin,
    MagasinMalRegle,
    lire_adresse,
)
from index.postgres.fragments.plan import FRAGMENTS_VARIABLE, PlanFragments, lire_plan

FOLDER_VARIABLE = "CLAS_DONNEES"
MODEL_VARIABLE = "CLAS_MODELE"
ROLES_VARIABLE = "CLAS_ROLES"
LOCAL_VARIABLE = "CLAS_AGENTS_LOCAL"
WATCHED_VARIABLE = "CLAS_DOSSIER_SUIVI"
READER_VARIABLE = "CLAS_LECTEUR"
LOG_VARIABLE = "CLAS_JOURNAL"
LOG_DAYS_VARIABLE = "CLAS_JOURNAL_JOURS"
DAYS: Final = 365
"""Days that questions are kept where nothing says how many."""
MOST_DAYS: Final = 1095
_REPOSITORY = Path(__file__).resolve().parent.parent


class Configuration(BaseModel):
    """Settings of one process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    donnees: Path
    """Folder of generated files: model, index versions."""
    modele: str | None
    """Another embedding model (a folder or a hub name); None: the one made at set-up."""
    roles: Path | None = None
    """File that says who holds which role; None: nobody does."""
    agents_local: bool = False
    """Whether a browser of this very computer opens the agents' pages without an account."""
    dossier_suivi: Path | None = None
    """Folder whose changes a keeper may bring to the draft from the page; None: none is watched.
    Whoever sets the server up chooses it: a page never names a folder."""

    lecteur: bool = True
    """Whether the learned reader reads the first candidates, where it is installed."""

    redacteur: ReglageRedacteur | None = None
    """The language model that may reword answers; None: there is none, and nothing is sent."""
    alerte_redacteur: str | None = None
    """Why a writer that was asked for is not used: one French sentence."""

    a_la_fois: int | None = None
    """People answered at once in this process; None: as many as ask."""
    magasin: AdresseMagasin | None = None
    """The store that several servers share; None: everything is kept in ``donnees``."""
    fragments: PlanFragments | None = None
    """The nodes that the store is made of; None: it is one base."""

    @property
    def dossier_modele(self) -> Path:
        """Where the default model is installed."""
        return self.donnees / "modele"

    @property
    def dossier_index(self) -> Path:
        """Where index versions live."""
        return self.donnees / "index"

    @property
    def dossier_questions(self) -> Path:
        """Where the log of questions lives."""
        return self.donnees / "questions"


class ReglageInutilisable(ValueError):
    """A variable that cannot be used; the message says what was found and what is accepted."""


class ReglageJournal(BaseModel):
    """Whether the page keeps what it is asked, and how long."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actif: bool
    jours: int
    """Days after which an exchange is erased."""


def read_configuration(environment: Mapping[str, str] = os.environ) -> Configuration:
    """Read the settings from the environment.

    ``CLAS_DONNEES``: a folder; ``CLAS_MODELE``: a folder or hub name; ``CLAS_ROLES``: a YAML file;
    ``CLAS_AGENTS_LOCAL``: « 1 » and nothing else opens the agents' pages to this computer;
    ``CLAS_DOSSIER_SUIVI``: the folder that the keepers' page watches; ``CLAS_LECTEUR``: « non »
    answers without the learned reader, faster and less well; ``CLAS_LLM_URL``, ``CLAS_LLM_CLE``,
    ``CLAS_LLM_MODELE``, ``CLAS_LLM_DELAI``: the optional writer. One that is badly set is not used,
    and ``alerte_redacteur`` says why: it never prevents an answer. ``CLAS_BASE``: the shared store;
    ``CLAS_FRAGMENTS``: the file that names its nodes, where there are several.

    Raises:
        MagasinMalRegle: ``CLAS_BASE`` is not the address of a store, or its nodes are badly named.
            It is not passed over: what several servers are to share would be kept by each apart.
    """
    redacteur: ReglageRedacteur | None = None
    alerte: str | None = None
    try:
        redacteur = lire_reglage(environment)
    except RedacteurMalRegle as error:
        alerte = f"Rédacteur non employé. {error}"
    magasin, fragments = lire_adresse(environment), lire_plan(environment)
    if fragments is not None and magasin is None:
        raise MagasinMalRegle(
            f"{FRAGMENTS_VARIABLE} : des nœuds sont nommés, mais {BASE_VARIABLE} ne donne pas "
            "l'adresse de la base qui les interroge"
        )
    folder = environment.get(FOLDER_VARIABLE, "").strip()
    roles = environment.get(ROLES_VARIABLE, "").strip()
    watched = environment.get(WATCHED_VARIABLE, "").strip()
    return Configuration(
        donnees=Path(folder).expanduser().resolve() if folder else _REPOSITORY / "var",
        modele=environment.get(MODEL_VARIABLE, "").strip() or None,
        roles=Path(roles).expanduser().resolve() if roles else None,
        agents_local=environment.get(LOCAL_VARIABLE) == "1",
        lecteur=environment.get(READER_VARIABLE, "").strip().lower() != "non",
        dossier_suivi=Path(watched).expanduser().resolve() if watched else None,
        redacteur=redacteur,
        alerte_redacteur=alerte,
        magasin=magasin,
        fragments=fragments,
    )


def read_log_settings(environment: Mapping[str, str] = os.environ) -> ReglageJournal:
    """Read how questions are kept.

    ``CLAS_JOURNAL``: « oui », the default, or « non »; ``CLAS_JOURNAL_JOURS``: 1 to 1095 days.
    Apart from the rest: a slip here must not prevent an answer.

    Raises:
        ReglageInutilisable: another value.
    """
    actif = environment.get(LOG_VARIABLE, "").strip().lower() or "oui"
    if actif not in ("oui", "non"):
        raise ReglageInutilisable(
            f"{LOG_VARIABLE} vaut « {actif[:40]} » : attendu « oui » ou « non »"
        )
    jours = environment.get(LOG_DAYS_VARIABLE, "").strip() or str(DAYS)
    # As many digits as the bound has: no more is read.
    sound = jours.isascii() and jours.isdigit() and len(jours) <= len(str(MOST_DAYS))
    if not sound or not 1 <= int(jours) <= MOST_DAYS:
        raise ReglageInutilisable(
            f"{LOG_DAYS_VARIABLE} vaut « {jours[:40]} » : attendu un nombre entier de jours, "
            f"de 1 à {MOST_DAYS}"
        )
    return ReglageJournal(actif=actif == "oui", jours=int(jours))
