"""Question sets: one JSON object a line, with what a right answer must show.

A line has ``id``, either ``question`` or ``tours``, and at least one thing expected of the answer;
all else is optional, and keys that are not known are ignored. Where a conversation has no list by
turn (``faits_tours``…), the plain field (``faits``…) holds for its last turn, and the turns before
are only context.
"""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is a key of the format
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.evaluation.facts import readable
from assistant.evaluation.files import FichierInutilisable, lire_texte, montre
from assistant.evaluation.proof import letters_and_digits
from assistant.models import Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

FROZEN = ConfigDict(frozen=True, extra="forbid")

GenreRefus = Literal["lointain", "quasi"]
NON_PRECISE = "non précisé"
"""Shown for a ``categorie`` or ``style`` that a line does not give."""

_DEPARTEMENT = r"^(0[1-9]|1\d|2[AB1-9]|[3-8]\d|9[0-5]|97[1-6])$"


class Preuve(BaseModel):
    """Words of a document that prove an answer."""

    model_config = FROZEN

    document: str
    """Manifest id."""
    extrait: str


class Attendu(BaseModel):
    """What is expected of the answer to one turn."""

    model_config = FROZEN

    repondable: bool | None
    """Whether the texts answer; ``None``: not measured (context of a conversation)."""
    groupes: tuple[tuple[Preuve, ...], ...] = ()
    """One alternative of every group must be found; no group: nothing to find."""
    faits: tuple[tuple[str, ...], ...] = ()
    """Key facts: one variant of each must stand in the answer."""
    interdits: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    """Départements whose local rules have their place in the answer; none: none was given."""
    nature: str | None = None
    """What the turn of a conversation is, in the words of the set: « reponse », « silence »…"""


class QuestionMesuree(BaseModel):
    """A question, or a conversation, with what is expected of each answer."""

    model_config = FROZEN

    question: Question
    """As it is put to the assistant."""
    categorie: str = NON_PRECISE
    style: str = NON_PRECISE
    genre_refus: GenreRefus | None = None
    textes: tuple[str, ...] = Field(min_length=1)
    """The words of each turn; one for a plain question."""
    attendus: tuple[Attendu, ...] = Field(min_length=1)
    """As many as ``textes``."""


def document_id(source: str) -> str:
    """Return the manifest id that ``source`` names: ``004_03e28b91166f3ed8.txt`` or ``004``."""
    return re.split(r"[_.]", PurePosixPath(source).name, maxsplit=1)[0]


def _school_year(value: str) -> str:
    found = re.fullmatch(r"(\d{4})-(\d{4})", value)
    if not found or int(found[2]) != int(found[1]) + 1:
        raise ValueError(value)
    return value


def _iso_date(value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(value)
    Date.fromisoformat(value)
    return value


def _named_document(value: str) -> str:
    if not document_id(value):
        raise ValueError(value)
    return value


def _comparable(value: str) -> str:
    if not readable(value):
        raise ValueError(value)
    return value


def _provable(value: str) -> str:
    if not letters_and_digits(value):
        raise ValueError(value)
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError(value)
    return value


def _flat(value: object) -> object:
    """Accept forbidden words as a list, or as a list of lists of variants as key facts are."""
    if isinstance(value, list):
        return [word for part in value for word in (part if isinstance(part, list) else [part])]
    return value


def _grouped(value: object) -> object:
    """Accept the proofs of a turn as alternatives (one group), or as a list of groups."""
    if isinstance(value, list) and value and not any(isinstance(part, list) for part in value):
        return [value]
    return value


class _Source(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    source: Annotated[str, AfterValidator(_named_document)]
    extrait: Annotated[str, AfterValidator(_provable)]


_Comparable = Annotated[str, AfterValidator(_comparable)]
_Facts = tuple[Annotated[tuple[_Comparable, ...], Field(min_length=1)], ...]
_Groups = tuple[Annotated[tuple[_Source, ...], Field(min_length=1)], ...]
# What a validator has rearranged is a Python list, which a strict tuple refuses: lists, then.
_Forbidden = Annotated[list[_Comparable], BeforeValidator(_flat)]
_TurnGroups = Annotated[
    list[Annotated[list[_Source], Field(min_length=1)]], BeforeValidator(_grouped)
]
_Code = Annotated[str, Field(pattern=_DEPARTEMENT)]


class _Ligne(BaseModel):
    """A line as written; a null is an absent key."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: Annotated[str, AfterValidator(_not_blank)]
    categorie: str | None = None
    style: str | None = None
    question: str | None = None
    tours: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    departement: _Code | None = None
    departements_tours: tuple[tuple[_Code, ...] | None, ...] | None = None
    annee_scolaire: Annotated[str, AfterValidator(_school_year)] | None = None
    date: Annotated[str, AfterValidator(_iso_date)] | None = None
    repondable: bool | None = None
    repondable_tours: tuple[bool | None, ...] | None = None
    genre_refus: GenreRefus | None = None
    preuves: tuple[_Source, ...] | None = None
    preuves_groupes: _Groups | None = None
    preuves_tours: tuple[_TurnGroups | None, ...] | None = None
    faits: _Facts | None = None
    faits_tours: tuple[_Facts | None, ...] | None = None
    interdits: _Forbidden | None = None
    interdits_tours: tuple[_Forbidden | None, ...] | None = None
    nature_tours: tuple[str | None, ...] | None = None


_PROOFS = (
    "une liste de {source, extrait} : source, un nom de fichier ou un identifiant de document ; "
    "extrait, au moins une lettre ou un chiffre"
)
_FACTS = 'une liste de listes de variantes, par exemple [["8 à 12", "huit à douze"]]'
_BY_TURN = "une liste, un élément (ou null) par tour : "
_ACCEPTED = {
    "id": "un texte non vide",
    "categorie": "un texte, ou null",
    "style": "un texte, ou null",
    "question": "un texte",
    "tours": "une liste d'au moins un texte",
    "departement": "un code entre guillemets (« 01 » à « 19 », « 2A », « 2B », « 21 » à « 95 », "
    "« 971 » à « 976 »), ou null",
    "departements_tours": _BY_TURN + "une liste de codes de département",
    "annee_scolaire": "deux années qui se suivent, par exemple « 2025-2026 », ou null",
    "date": "une date qui existe, écrite AAAA-MM-JJ, ou null",
    "repondable": "true ou false",
    "repondable_tours": _BY_TURN + "true ou false",
    "genre_refus": "« lointain », « quasi », ou null",
    "preuves": _PROOFS,
    "preuves_groupes": "une liste de groupes non vides, chacun " + _PROOFS,
    "preuves_tours": _BY_TURN + _PROOFS + " (ou une liste de tels groupes)",
    "faits": _FACTS,
    "faits_tours": _BY_TURN + _FACTS,
    "interdits": "une liste de textes non vides",
    "interdits_tours": _BY_TURN + "une liste de textes non vides",
    "nature_tours": _BY_TURN + "un texte",
}


def _reason(error: ErrorDetails, line: str) -> str:
    """Say in French which field is wrong, what was found and what is accepted."""
    if error["type"] == "json_invalid":
        column = re.search(r"column (\d+)", error["msg"])
        where = f" (colonne {column[1]})" if column else ""
        return f"JSON illisible{where}, trouvé {montre(line)} ; accepté : un objet JSON par ligne"
    if not error["loc"]:
        return f"trouvé {montre(error['input'])} ; accepté : un objet JSON par ligne"
    field = str(error["loc"][0])
    path = ".".join(
        str(part + 1) if isinstance(part, int) else part
        for part in error["loc"]
        if isinstance(part, int) or part in _ACCEPTED or part in _Source.model_fields
    )
    missing = error["type"] == "missing"
    found = "rien (champ absent)" if missing else montre(error["input"])
    return f"champ « {path} » : trouvé {found} ; accepté : {_ACCEPTED[field]}"


def _turns(line: _Ligne) -> tuple[str, ...]:
    if line.tours is not None and line.question is not None:
        raise ValueError(
            "champs « question » et « tours » : trouvé les deux ; accepté : l'un ou l'autre"
        )
    if line.tours is not None:
        return line.tours
    if line.question is not None:
        return (line.question,)
    raise ValueError(
        "champ « question » : trouvé rien (champ absent) ; accepté : un texte, ou « tours », "
        + _ACCEPTED["tours"]
    )


def _by_turn(line: _Ligne, field: str, count: int) -> list[Any]:
    """Return the values of ``field`` by turn: its own list, else the plain field for the last."""
    values = getattr(line, f"{field}_tours")
    if values is None:
        return [None] * (count - 1) + [getattr(line, field, None)]
    if len(values) != count:
        raise ValueError(
            f"champ « {field}_tours » : trouvé {len(values)} élément(s) ; accepté : "
            f"{count}, un par tour"
        )
    return list(values)


def _answerable(line: _Ligne, count: int, proofs: Sequence[Any], facts: Sequence[Any]) -> list[Any]:
    """Tell by turn whether the texts answer; ``None`` where the line says nothing about it."""
    if line.repondable_tours is not None:
        return _by_turn(line, "repondable", count)
    last = line.repondable if line.repondable is not None else line.genre_refus is None
    shown = [True if proof or fact else None for proof, fact in zip(proofs, facts, strict=True)]
    return [*shown[:-1], last]


def _check_expectations(line: _Ligne, *by_turn: Sequence[Any]) -> None:
    """Refuse a line by which no answer could be judged."""
    said = (line.repondable, line.genre_refus, *(line.repondable_tours or ()))
    if all(one is None for one in said) and not any(any(values) for values in by_turn):
        raise ValueError(
            "champs « repondable », « genre_refus », « preuves », « preuves_groupes », « faits », "
            "« interdits » : trouvé rien d'attendu ; accepté : au moins l'un d'eux, non vide, ou "
            "sa liste par tour (« faits_tours »…)"
        )


def _question_mesuree(line: _Ligne) -> QuestionMesuree:
    turns = _turns(line)
    count = len(turns)
    proofs = _by_turn(line, "preuves", count)
    if line.preuves_tours is None:
        # The groups, where given, say how the flat list of alternatives divides.
        proofs[-1] = line.preuves_groupes or ((line.preuves,) if line.preuves else ())
    facts = _by_turn(line, "faits", count)
    forbidden = _by_turn(line, "interdits", count)
    named = _by_turn(line, "departements", count)
    natures = _by_turn(line, "nature", count)
    _check_expectations(line, proofs, facts, forbidden)
    default = (line.departement,) if line.departement else ()
    return QuestionMesuree(
        question=Question(
            id=line.id,
            question=line.question,
            tours=line.tours,
            departement=line.departement,
            annee_scolaire=line.annee_scolaire,
            date=line.date,
        ),
        categorie=line.categorie or NON_PRECISE,
        style=line.style or NON_PRECISE,
        genre_refus=line.genre_refus,
        textes=turns,
        attendus=tuple(
            Attendu(
                repondable=answerable,
                groupes=tuple(
                    tuple(Preuve(document=document_id(p.source), extrait=p.extrait) for p in group)
                    for group in groups or ()
                ),
                faits=turn_facts or (),
                interdits=tuple(turn_forbidden or ()),
                departements=default if codes is None else codes,
                nature=nature,
            )
            for answerable, groups, turn_facts, turn_forbidden, codes, nature in zip(
                _answerable(line, count, proofs, facts),
                proofs,
                facts,
                forbidden,
                named,
                natures,
                strict=True,
            )
        ),
    )


def lire_ligne(line: str) -> QuestionMesuree:
    """Read one line of a question set.

    Raises:
        ValueError: the line cannot be used; its message, in French, says why.

    """
    try:
        return _question_mesuree(_Ligne.model_validate_json(line))
    except ValidationError as error:
        raise ValueError(_reason(error.errors(include_url=False)[0], line)) from None


def lire_jeu(path: Path) -> tuple[QuestionMesuree, ...]:
    """Read a question set (JSON Lines, UTF-8); blank lines are skipped.

    Raises:
        FichierInutilisable: the file cannot be read or is too large, a line cannot be used, two
            lines have the same ``id``, or there is no line at all.

    """
    text = lire_texte(path)
    questions: list[QuestionMesuree] = []
    lines_by_id: dict[str, int] = {}
    # Only a line feed ends a line: JSON may hold other separators (U+2028) inside a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = lire_ligne(line)
        except ValueError as error:
            raise FichierInutilisable(f"{path}, ligne {number} : {error}") from None
        identifiant = question.question.id
        if identifiant in lines_by_id:
            raise FichierInutilisable(
                f"{path}, ligne {number} : champ « id » : trouvé {montre(identifiant)}, déjà à la "
                f"ligne {lines_by_id[identifiant]} ; accepté : un identifiant par question"
            )
        lines_by_id[identifiant] = number
        questions.append(question)
    if not questions:
        raise FichierInutilisable(
            f"{path} : trouvé aucune question ; accepté : au moins une ligne JSON"
        )
    return tuple(questions)


def lire_jeux(paths: Sequence[Path]) -> tuple[QuestionMesuree, ...]:
    """Read several question sets as one, in order.

    Raises:
        FichierInutilisable: see :func:`lire_jeu`; or two sets have a question of the same ``id``.

    """
    questions: dict[str, tuple[Path, QuestionMesuree]] = {}
    for path in paths:
        for question in lire_jeu(path):
            first, known = questions.setdefault(question.question.id, (path, question))
            if known is not question:
                raise FichierInutilisable(
                    f"{path} : champ « id » : trouvé {montre(question.question.id)}, déjà dans "
                    f"{first} ; accepté : un identifiant par question"
                )
    return tuple(question for _, question in questions.values())
