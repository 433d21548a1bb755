"""The log of questions of a data folder: written masked, read by agents, erased after its period.

What is asked for is done in one transaction, durable when it returns, or not at all: a second
writer waits its turn, a full disk or a damaged file is told and changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.questions_posees.masquage import masquer_et_borner
from assistant.questions_posees.models import (
    CITATIONS,
    COMMENTAIRE,
    QUESTION,
    SANS_REPONSE,
    TEXTE,
    EchangeGarde,
    Filtres,
    Ligne,
    Opinion,
    QuestionsInutilisables,
    Vote,
)
from assistant.questions_posees.schema import (
    FICHIER,
    PLIER,
    EchangeEcrit,
    OpinionEcrite,
    erase,
    open_engine,
    prepare,
    prepared,
    reading,
    told,
    writing,
)
from index.french import fold

PLUS: Final = 50_000
"""Exchanges that the log holds, at most: the oldest give way, so that nobody can fill the disk."""
PATIENCE: Final = 1.0
"""Seconds that a writer waits for another one: somebody may be waiting for it."""
HEURE: Final = ZoneInfo("Europe/Paris")

Horloge = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Lecture:
    """Some of the log."""

    lignes: tuple[Ligne, ...] = ()
    abimees: tuple[int, ...] = ()
    """Numbers of those that are no longer what was written."""


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many exchanges there are, of each kind and of each opinion."""

    total: int
    types: Mapping[str, int]
    votes: Mapping[str, int]


def _now() -> datetime:
    return datetime.now(UTC)


class Registre:
    """The log of a folder; all that it holds is on disk."""

    def __init__(
        self,
        dossier: Path,
        jours: int,
        horloge: Horloge = _now,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """Nothing is opened, nor made, before it is needed.

        Args:
            dossier: where the file is, or will be.
            jours: how long an exchange is kept.
            horloge: says what time it is.
            patience: seconds to wait for another writer.
        """
        self.path = dossier / FICHIER
        self.jours = jours
        self.horloge = horloge
        self._engine = open_engine(self.path, patience)
        self._a_effacer = False

    def ajouter(self, echange: EchangeGarde) -> int:
        """Add an exchange, its words masked and bounded; return its number.

        Raises:
            QuestionsInutilisables: it could not be written; nothing has changed.
        """
        values = _written(echange)
        with told(self._engine, "écrites"):
            # To the account of the server alone: these are words of people.
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with writing(self._engine) as connection:
                prepare(connection)
                added = insert(EchangeEcrit).values(values).returning(EchangeEcrit.numero)
                return connection.execute(added).scalar_one()

    def noter(self, cle: str, vote: Vote, commentaire: str = "") -> Opinion:
        """Say what is thought of an exchange, its words masked and bounded; the last word counts.

        Raises:
            QuestionsInutilisables: it could not be written, or the exchange is not kept.
        """
        opinion = Opinion(
            vote=vote,
            commentaire=masquer_et_borner(commentaire, COMMENTAIRE),
            date=self.horloge(),
        )
        said = {
            "vote": opinion.vote,
            "commentaire": opinion.commentaire,
            "date": _iso(opinion.date),
        }
        asked = select(EchangeEcrit.numero).where(EchangeEcrit.cle == cle)
        with told(self._engine, "écrites"):
            numero = None
            if self.path.exists():
                with writing(self._engine) as connection:
                    if prepared(connection):
                        numero = connection.scalar(asked)
                    if numero is not None:
                        added = upsert(OpinionEcrite).values(echange=numero, **said)
                        connection.execute(
                            added.on_conflict_do_update(index_elements=["echange"], set_=said)
                        )
        if numero is None:
            raise QuestionsInutilisables("cet échange n'est pas, ou n'est plus, gardé")
        return opinion

    def lister(self, filtres: Filtres, limite: int, depuis: int = 0) -> Lecture:
        """Exchanges that are sought, the latest first; those to look at before all others.

        Args:
            filtres: which ones.
            limite: how many, at most.
            depuis: how many are passed over.

        Raises:
            QuestionsInutilisables: the file cannot be read.
        """
        first = case((_to_look_at(), 0), else_=1)
        asked = (
            select(
                EchangeEcrit.__table__,
                OpinionEcrite.vote,
                OpinionEcrite.commentaire,
                OpinionEcrite.date.label("notee"),
            )
            .outerjoin(OpinionEcrite, OpinionEcrite.echange == EchangeEcrit.numero)
            .where(*self._sought(filtres))
            .order_by(first, EchangeEcrit.numero.desc())
            .limit(limite)
            .offset(depuis)
        )
        rows = [dict(row) for row in self._rows(asked)]
        read = [(int(row["numero"]), _read(row)) for row in rows]
        return Lecture(
            tuple(ligne for _, ligne in read if ligne is not None),
            tuple(numero for numero, ligne in read if ligne is None),
        )

    def compter(self, filtres: Filtres) -> Comptes:
        """How many exchanges are sought.

        Raises:
            QuestionsInutilisables: the file cannot be read.
        """
        asked = (
            select(EchangeEcrit.type, OpinionEcrite.vote, func.count().label("nombre"))
            .outerjoin(OpinionEcrite, OpinionEcrite.echange == EchangeEcrit.numero)
            .where(*self._sought(filtres))
            .group_by(EchangeEcrit.type, OpinionEcrite.vote)
        )
        types: Counter[str] = Counter()
        votes: Counter[str] = Counter()
        for row in self._rows(asked):
            types[row["type"]] += row["nombre"]
            if row["vote"] is not None:
                votes[row["vote"]] += row["nombre"]
        return Comptes(types.total(), types, votes)

    def purger(self) -> int:
        """Erase for good what is past its period, and what is too much; return how many.

        Raises:
            QuestionsInutilisables: it could not be done whole; it will be tried again.
        """
        last = select(func.max(EchangeEcrit.numero)).scalar_subquery()
        return self._erase(
            or_(EchangeEcrit.date < self._limite(), EchangeEcrit.numero <= last - PLUS)
        )

    def vider(self) -> int:
        """Erase everything for good; return how many.

        Raises:
            QuestionsInutilisables: it could not be done whole.
        """
        return self._erase(EchangeEcrit.numero >= 0)

    def _rows(self, asked: Executable) -> Sequence[RowMapping]:
        """What the file answers; nothing where there is none."""
        with told(self._engine, "lues"):
            if not self.path.exists():
                return ()
            with reading(self._engine) as connection:
                return connection.execute(asked).mappings().all() if prepared(connection) else ()

    def _erase(self, which: ColumnElement[bool]) -> int:
        with told(self._engine, "effacées"):
            if not self.path.exists():
                return 0
            with writing(self._engine) as connection:
                if not prepared(connection):
                    return 0
                count = connection.execute(delete(EchangeEcrit).where(which)).rowcount
            self._a_effacer = self._a_effacer or count > 0
            if self._a_effacer and not erase(self._engine):
                raise QuestionsInutilisables(
                    f"des questions effacées laissent des traces dans {self.path} tant qu'un autre "
                    "programme le lit : l'effacement sera repris"
                )
            self._a_effacer = False
        return count

    def _limite(self) -> str:
        """What is older is no longer kept."""
        return _iso(self.horloge() - timedelta(days=self.jours))

    def _sought(self, filtres: Filtres) -> tuple[ColumnElement[bool], ...]:
        # What is past its period is not shown, though it may not be erased yet.
        sought: list[ColumnElement[bool]] = [EchangeEcrit.date >= self._limite()]
        match filtres.vue:
            case "a_regarder":
                sought.append(_to_look_at())
            case "sans_reponse":
                sought.append(EchangeEcrit.type.in_(SANS_REPONSE))
            case "pas_utile" | "utile":
                sought.append(OpinionEcrite.vote == filtres.vue)
            case "commentees":
                sought.append(
                    and_(OpinionEcrite.vote.is_not(None), OpinionEcrite.commentaire != "")
                )
            case "tout":
                pass
        if filtres.type is not None:
            sought.append(EchangeEcrit.type == filtres.type)
        if filtres.departement is not None:
            sought.append(func.coalesce(EchangeEcrit.departement, "") == filtres.departement)
        if filtres.du is not None:
            sought.append(EchangeEcrit.date >= _iso(datetime.combine(filtres.du, time(), HEURE)))
        if filtres.au is not None:
            after = datetime.combine(filtres.au, time(), HEURE) + timedelta(days=1)
            sought.append(EchangeEcrit.date < _iso(after))
        words = func.coalesce(OpinionEcrite.commentaire, "")
        said = EchangeEcrit.question + "\n" + EchangeEcrit.texte + "\n" + words
        folded = getattr(func, PLIER)(said)
        mots = fold(filtres.mots).replace("’", "'").split()
        sought.extend(func.instr(folded, mot) > 0 for mot in mots)
        return tuple(sought)


def _to_look_at() -> ColumnElement[bool]:
    return or_(
        EchangeEcrit.type.in_(SANS_REPONSE),
        func.coalesce(OpinionEcrite.vote, "") == "pas_utile",
    )


def _written(echange: EchangeGarde) -> dict[str, Any]:
    """An exchange as the columns of its row, where nothing that could name somebody is left."""
    citations = [c.model_dump(mode="json") for c in echange.citations[:CITATIONS]]
    return {
        **echange.model_dump(exclude={"citations", "fiches", "date"}),
        "question": masquer_et_borner(echange.question, QUESTION),
        "texte": masquer_et_borner(echange.texte, TEXTE, lignes=True),
        "date": _iso(echange.date),
        "citations": json.dumps(citations, ensure_ascii=False),
        "fiches": json.dumps(echange.fiches[:CITATIONS], ensure_ascii=False),
    }


def _read(row: dict[str, Any]) -> Ligne | None:
    """A row as it was written; None where it is no longer."""
    numero, vote = row.pop("numero"), row.pop("vote")
    commentaire, notee = row.pop("commentaire"), row.pop("notee")
    try:
        row |= {"citations": json.loads(row["citations"]), "fiches": json.loads(row["fiches"])}
        opinion = vote and {"vote": vote, "commentaire": commentaire, "date": notee}
        return Ligne.model_validate({"numero": numero, "echange": row, "opinion": opinion})
    except (ValidationError, ValueError, TypeError):
        return None


def _iso(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
