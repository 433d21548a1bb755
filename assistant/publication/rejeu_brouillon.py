"""The replay of a draft: which questions and projects are put to both versions, and the replay."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from assistant.configuration import Configuration
from assistant.eligibility import Regles, lire_projet
from assistant.eligibility.errors import EntreeInutilisable, ProjetInutilisable
from assistant.eligibility.reading import FICHIER_MAXIMUM, analyser, lignes, lire_octets
from assistant.lot import EntreeInutilisable as LotInutilisable
from assistant.lot import read_questions as read_lot
from assistant.publication.apercu import Apercu
from assistant.publication.brouillons import DemandeInutilisable, state_of
from assistant.publication.etat import Contenu, open_base
from assistant.publication.publier import PublicationRefusee, draft_version, look, refusal
from assistant.publication.rejeu import Advance, replay
from assistant.publication.rejeu_modeles import ProjetTemoin, QuestionTemoin, Rejeu
from assistant.publication.rejeu_temoins import read_projects, read_questions
from corpus.base.models import Brouillon, VersionBase
from corpus.models import NATIONALE

QUESTIONS_VARIABLE: Final = "CLAS_REJEU"
"""File of past questions, asked at every replay that is not given another."""
_TOUCHED: Final = ("change", "disparu", "a_relire")


def replay_draft(
    configuration: Configuration,
    *,
    questions: Sequence[Path] = (),
    projets: Sequence[Path] = (),
    vu: tuple[Apercu, Contenu] | None = None,
    advance: Advance = lambda _done, _total: None,
) -> Rejeu:
    """Put questions and projects to the version in service and to the draft; list what flips.

    Asked: the questions that ship for this, the title of each card that the draft touches, and
    those of the files given, or else of the file that ``CLAS_REJEU`` names.

    Args:
        configuration: where things live.
        questions: files of past questions, as ``clas demander --lot`` reads them.
        projets: files of projects, as ``clas verifier --lot`` reads them.
        vu: what ``look`` gave of this very draft, not to be worked out again.
        advance: told (questions and projects done, all of them).

    Raises:
        PublicationRefusee: nothing is in preparation, or something stands in the way of
            publishing: the draft cannot answer yet.
        DemandeInutilisable: a file cannot be used.
        BaseInutilisable: the base cannot be read.
        IndexInutilisable: the draft's index could not be written.
    """
    past = tuple(q for path in _files(questions) for q in _past_questions(path))
    seen, here = vu or look(configuration)
    if seen.bloquants:
        raise PublicationRefusee(f"Le brouillon ne peut pas encore être rejoué. {refusal(seen)}")
    brought = tuple(p for path in projets for p in _past_projects(path, here.regles))
    state, base = state_of(configuration), open_base(configuration)
    return replay(
        configuration,
        here,
        draft_version(base, state.parent, state.brouillon),
        (*read_questions(), *touched_titles(seen, here, state.brouillon)),
        (*read_projects(), *brought),
        recentes=past,
        advance=advance,
    )


def touched_titles(seen: Apercu, here: Contenu, brouillon: Brouillon) -> Iterator[QuestionTemoin]:
    """The titles of the cards whose words a draft changes, or that it puts aside."""
    names = {e.appui.nom for e in seen.effets if e.appui.genre == "fiche" and e.alerte in _TOUCHED}
    names |= {a.nom for a in seen.sans_texte if a.genre == "fiche"}
    names |= _newly_aside(here.version, brouillon)
    for card in here.fiches:
        if card.fiche.id in names:
            place = None if card.fiche.portee == NATIONALE else card.fiche.portee
            yield QuestionTemoin(question=card.fiche.titre, departement=place)


def _newly_aside(version: VersionBase, brouillon: Brouillon) -> set[str]:
    return {r.nom for r in {*version.retraits} ^ {*brouillon.retraits} if r.genre == "fiche"}


def _files(given: Sequence[Path]) -> tuple[Path, ...]:
    named = os.environ.get(QUESTIONS_VARIABLE, "").strip()
    return tuple(given) or ((Path(named).expanduser(),) if named else ())


def _past_questions(path: Path) -> Iterator[QuestionTemoin]:
    """Every question of a file; each turn of a conversation, knowing those before."""
    try:
        read = read_lot(path)
    except LotInutilisable as error:
        raise DemandeInutilisable(f"questions à rejouer, {error}") from error
    for question in read:
        turns = question.tours if question.tours is not None else (question.question or "",)
        for rank, turn in enumerate(turns):
            if turn.strip():
                yield QuestionTemoin(
                    question=turn,
                    departement=question.departement,
                    annee_scolaire=question.annee_scolaire,
                    date=question.date,
                    avant=tuple(turns[:rank]),
                )


def _past_projects(path: Path, regles: Regles) -> Iterator[ProjetTemoin]:
    try:
        for number, line in lignes(lire_octets(path, FICHIER_MAXIMUM)):
            yield _project(line, f"{path.name}, ligne {number}", regles)
    except EntreeInutilisable as error:
        raise DemandeInutilisable(f"projets à rejouer, {error}") from error


def _project(line: bytes, place: str, regles: Regles) -> ProjetTemoin:
    try:
        data: Any = analyser(line)
    except EntreeInutilisable as error:
        raise EntreeInutilisable(f"{place} : {error}") from error
    if not isinstance(data, dict) or "projet" not in data:
        raise EntreeInutilisable(f"{place} : attendu un objet avec « id » et « projet ».")
    try:
        lire_projet(data["projet"], regles)
    except ProjetInutilisable as error:
        raise EntreeInutilisable(f"{place} : {' '.join(error.fautes)}") from error
    return ProjetTemoin(nom=str(data.get("id") or place), projet=data["projet"])
