"""The log of questions: written masked, read by agents, erased after its period.

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
from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select

from assistant.questions_posees.envois import Envoi
from assistant.questions_posees.fichier import PATIENCE, Fichier
from assistant.questions_posees.lieux import Lieu, plier
from assistant.questions_posees.masquage import masquer_et_borner
from assistant.questions_posees.models import (
    CITATIONS,
    COMMENTAIRE,
    QUESTION,
    SANS_REPONSE,
    TEXTE,
    EchangeAbsent,
    EchangeGarde,
    Filtres,
    Ligne,
    Opinion,
    Vote,
)

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
    """The log of a place; it holds nothing itself."""

    def __init__(
        self,
        lieu: Lieu | Path,
        jours: int,
        horloge: Horloge = _now,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """Nothing is opened, nor made, before it is needed.

        Args:
            lieu: where it is kept; a folder stands for the file in it.
            jours: how long an exchange is kept.
            horloge: says what time it is.
            patience: seconds to wait for another writer of a file.
        """
        self.lieu: Lieu = Fichier(lieu, patience) if isinstance(lieu, Path) else lieu
        self.jours = jours
        self.horloge = horloge
        self._a_effacer = False

    def ajouter(self, echange: EchangeGarde) -> int:
        """Add an exchange, its words masked and bounded; return its number.

        One that is already there is left as it is.

        Raises:
            QuestionsInutilisables: it could not be written; nothing has changed, unless the shared
                store did not say what it made of it.
        """
        values = ecrit(echange)
        with self.lieu.ecriture("écrites", creer=True) as connection:
            assert connection is not None
            return self._inserer(connection, values)

    def noter(self, cle: str, vote: Vote, commentaire: str = "") -> Opinion:
        """Say what is thought of an exchange, its words masked and bounded; the last word counts.

        Raises:
            EchangeAbsent: the exchange is not kept, or no longer.
            QuestionsInutilisables: it could not be written.
        """
        opinion = opinion_de(vote, commentaire, self.horloge())
        with self.lieu.ecriture("écrites") as connection:
            notee = connection is not None and self._noter(connection, cle, opinion_ecrite(opinion))
        if not notee:
            raise EchangeAbsent("cet échange n'est pas, ou n'est plus, gardé")
        return opinion

    def verser(self, envois: Sequence[Envoi]) -> None:
        """Add what waited elsewhere, each once however often it is brought.

        An opinion that waited gives way to one that was given since, and is dropped where its
        exchange is no longer kept.

        Raises:
            QuestionsInutilisables: it could not be written, or nobody knows whether it was.
        """
        with self.lieu.ecriture("écrites", creer=True) as connection:
            assert connection is not None
            for envoi in envois:
                if envoi.genre == "echange":
                    self._inserer(connection, envoi.contenu)
                else:
                    self._noter(connection, envoi.cle, envoi.contenu, sauf_plus_recente=True)

    def lister(self, filtres: Filtres, limite: int, depuis: int = 0) -> Lecture:
        """Exchanges that are sought, the latest first; those to look at before all others.

        Args:
            filtres: which ones.
            limite: how many, at most.
            depuis: how many are passed over.

        Raises:
            QuestionsInutilisables: it cannot be read.
        """
        echanges, opinions = self.lieu.tables.echanges, self.lieu.tables.opinions
        first = case((self._to_look_at(), 0), else_=1)
        asked = (
            select(
                *(colonne for colonne in echanges.c if colonne.name != "plie"),
                opinions.c.vote,
                opinions.c.commentaire,
                opinions.c.date.label("notee"),
            )
            .outerjoin(opinions, opinions.c.echange == echanges.c.numero)
            .where(*self._sought(filtres))
            .order_by(first, echanges.c.numero.desc())
            .limit(limite)
            .offset(depuis)
        )
        with self.lieu.lecture("lues") as connection:
            rows = list(map(dict, connection.execute(asked).mappings())) if connection else []
        read = [(int(row["numero"]), _read(row)) for row in rows]
        return Lecture(
            tuple(ligne for _, ligne in read if ligne is not None),
            tuple(numero for numero, ligne in read if ligne is None),
        )

    def compter(self, filtres: Filtres) -> Comptes:
        """How many exchanges are sought.

        Raises:
            QuestionsInutilisables: it cannot be read.
        """
        echanges, opinions = self.lieu.tables.echanges, self.lieu.tables.opinions
        asked = (
            select(echanges.c.type, opinions.c.vote, func.count().label("nombre"))
            .outerjoin(opinions, opinions.c.echange == echanges.c.numero)
            .where(*self._sought(filtres))
            .group_by(echanges.c.type, opinions.c.vote)
        )
        with self.lieu.lecture("lues") as connection:
            rows = connection.execute(asked).mappings().all() if connection else ()
        types: Counter[str] = Counter()
        votes: Counter[str] = Counter()
        for row in rows:
            types[row["type"]] += row["nombre"]
            if row["vote"] is not None:
                votes[row["vote"]] += row["nombre"]
        return Comptes(types.total(), types, votes)

    def purger(self) -> int:
        """Erase for good what is past its period, and what is too much; return how many.

        Raises:
            QuestionsInutilisables: it could not be done whole; it will be tried again.
        """
        echanges = self.lieu.tables.echanges
        last = select(func.max(echanges.c.numero)).scalar_subquery()
        return self._erase(
            or_(echanges.c.date < self.limite(), echanges.c.numero <= last - self.lieu.borne)
        )

    def vider(self) -> int:
        """Erase everything for good; return how many.

        Raises:
            QuestionsInutilisables: it could not be done whole.
        """
        return self._erase(self.lieu.tables.echanges.c.numero >= 0)

    def limite(self) -> str:
        """What is older is no longer kept."""
        return iso(self.horloge() - timedelta(days=self.jours))

    def _inserer(self, connection: Connection, values: Mapping[str, Any]) -> int:
        echanges = self.lieu.tables.echanges
        reperes = self.lieu.reperes(values["question"], values["texte"])
        added = (
            self.lieu.insertion(echanges)
            .values({**values, **reperes})
            .on_conflict_do_nothing(index_elements=["cle"])
            .returning(echanges.c.numero)
        )
        numero = connection.scalar(added)
        if numero is None:
            numero = connection.scalar(
                select(echanges.c.numero).where(echanges.c.cle == values["cle"])
            )
        return int(numero or 0)

    def _noter(
        self,
        connection: Connection,
        cle: str,
        said: Mapping[str, Any],
        *,
        sauf_plus_recente: bool = False,
    ) -> bool:
        """Write an opinion; whether its exchange is kept."""
        echanges, opinions = self.lieu.tables.echanges, self.lieu.tables.opinions
        numero = connection.scalar(select(echanges.c.numero).where(echanges.c.cle == cle))
        if numero is None:
            return False
        values = {**said, **self.lieu.reperes(said["commentaire"])}
        added = self.lieu.insertion(opinions).values(echange=numero, **values)
        connection.execute(
            added.on_conflict_do_update(
                index_elements=["echange"],
                set_=values,
                where=opinions.c.date <= said["date"] if sauf_plus_recente else None,
            )
        )
        return True

    def _erase(self, which: ColumnElement[bool]) -> int:
        with self.lieu.effacement() as connection:
            if connection is None:
                return 0
            count = connection.execute(delete(self.lieu.tables.echanges).where(which)).rowcount
        self._a_effacer = self._a_effacer or count > 0
        if self._a_effacer:
            self.lieu.effacer()
            self._a_effacer = False
        return count

    def _sought(self, filtres: Filtres) -> tuple[ColumnElement[bool], ...]:
        echanges, opinions = self.lieu.tables.echanges.c, self.lieu.tables.opinions.c
        # What is past its period is not shown, though it may not be erased yet.
        sought: list[ColumnElement[bool]] = [echanges.date >= self.limite()]
        match filtres.vue:
            case "a_regarder":
                sought.append(self._to_look_at())
            case "sans_reponse":
                sought.append(echanges.type.in_(SANS_REPONSE))
            case "pas_utile" | "utile":
                sought.append(opinions.vote == filtres.vue)
            case "commentees":
                sought.append(and_(opinions.vote.is_not(None), opinions.commentaire != ""))
            case "tout":
                pass
        if filtres.type is not None:
            sought.append(echanges.type == filtres.type)
        if filtres.departement is not None:
            sought.append(func.coalesce(echanges.departement, "") == filtres.departement)
        if filtres.du is not None:
            sought.append(echanges.date >= iso(datetime.combine(filtres.du, time(), HEURE)))
        if filtres.au is not None:
            after = datetime.combine(filtres.au, time(), HEURE) + timedelta(days=1)
            sought.append(echanges.date < iso(after))
        return (*sought, *self.lieu.contient(plier(filtres.mots).split()))

    def _to_look_at(self) -> ColumnElement[bool]:
        return or_(
            self.lieu.tables.echanges.c.type.in_(SANS_REPONSE),
            func.coalesce(self.lieu.tables.opinions.c.vote, "") == "pas_utile",
        )


def ecrit(echange: EchangeGarde) -> dict[str, Any]:
    """An exchange as the columns of its row, where nothing that could name somebody is left."""
    citations = [c.model_dump(mode="json") for c in echange.citations[:CITATIONS]]
    return {
        **echange.model_dump(exclude={"citations", "fiches", "date"}),
        "question": masquer_et_borner(echange.question, QUESTION),
        "texte": masquer_et_borner(echange.texte, TEXTE, lignes=True),
        "date": iso(echange.date),
        "citations": json.dumps(citations, ensure_ascii=False),
        "fiches": json.dumps(echange.fiches[:CITATIONS], ensure_ascii=False),
    }


def opinion_de(vote: Vote, commentaire: str, date: datetime) -> Opinion:
    """What is thought of an exchange, its words masked and bounded."""
    return Opinion(vote=vote, commentaire=masquer_et_borner(commentaire, COMMENTAIRE), date=date)


def opinion_ecrite(opinion: Opinion) -> dict[str, Any]:
    """An opinion as the columns of its row."""
    return {
        "vote": opinion.vote,
        "commentaire": opinion.commentaire,
        "date": iso(opinion.date),
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


def iso(instant: datetime) -> str:
    """An instant as it is written: UTC, to the second."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
