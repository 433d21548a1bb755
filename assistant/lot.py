"""Answer a file of questions: a line in, a line out, in order; the output whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question
from assistant.understanding.repertoire import lire_departements
from corpus.files import write_atomically

MAX_BYTES = 64 * 1024 * 1024
"""Size of a file of questions beyond which it is refused unread."""
MAX_TURNS = 50
FIRST_YEAR, LAST_YEAR = 1900, 9998
_SHOWN = 60
"""Characters of a wrong value that a message repeats."""
_YEAR = re.compile(r"([0-9]{4})-([0-9]{4})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class EntreeInutilisable(ValueError):
    """What a user gave cannot be used: names the place, what was found and what is expected."""


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a JSONL file of questions.

    Raises:
        EntreeInutilisable: the file is absent, too large, or a line is not a question.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise EntreeInutilisable(
                f"{path.name} : {size // 2**20} Mio, au plus {MAX_BYTES // 2**20} Mio acceptés."
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise EntreeInutilisable(f"{path} : fichier introuvable.") from error
    except (IsADirectoryError, PermissionError) as error:
        raise EntreeInutilisable(f"{path} : ce n'est pas un fichier lisible.") from error
    except UnicodeDecodeError as error:
        raise EntreeInutilisable(f"{path.name} : le fichier n'est pas en UTF-8.") from error
    return tuple(
        read_question(line, f"{path.name}, ligne {number}")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )


def read_question(line: str, place: str) -> Question:
    """Read one line; lone surrogates and control characters in a question are let through.

    Raises:
        EntreeInutilisable: not a JSON object, or a field that is not what the contract says.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError
        raise EntreeInutilisable(
            f"{place} : JSON illisible ; attendu un objet par ligne."
        ) from error
    if not isinstance(data, dict):
        raise EntreeInutilisable(f"{place} : attendu un objet JSON, trouvé {_kind(data)}.")
    try:
        question = Question.model_validate({name: _mended(value) for name, value in data.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name, *inside = first["loc"]
        field = ".".join([str(name), *(str(int(rank) + 1) for rank in inside)])
        found = "absent" if first["type"] == "missing" else f"trouvé {_kind(first['input'])}"
        expected = "un texte" if inside else _EXPECTED[str(name)]
        raise EntreeInutilisable(
            f"{place}, champ « {field} » : {found} ; attendu {expected}."
        ) from error
    return checked(question, place)


def checked(question: Question, place: str) -> Question:
    """Check what a record cannot say of itself.

    Raises:
        EntreeInutilisable: neither question nor turns, unknown département, impossible year or day.
    """
    if (question.question is None) == (question.tours is None):
        raise EntreeInutilisable(
            f"{place} : il faut « question » ou « tours », l'un des deux et pas les deux."
        )
    if question.tours is not None and not 1 <= len(question.tours) <= MAX_TURNS:
        raise EntreeInutilisable(
            f"{place}, champ « tours » : {len(question.tours)} tours ; attendu de 1 à {MAX_TURNS}."
        )
    check_departement(question.departement, place)
    check_year(question.annee_scolaire, place)
    check_day(question.date, place)
    return question


def check_departement(code: str | None, place: str) -> None:
    """Refuse a code that is no département's."""
    if code is not None and code not in {d.code for d in lire_departements()}:
        raise EntreeInutilisable(
            f"{place}, champ « departement » : {_shown(code)} ; "
            "attendu un code de 01 à 95, 2A, 2B ou 971 à 976."
        )


def check_year(year: str | None, place: str) -> None:
    """Refuse what is not two consecutive years."""
    match = _YEAR.fullmatch(year) if year is not None else None
    if year is not None and (match is None or int(match[2]) != int(match[1]) + 1):
        raise EntreeInutilisable(
            f"{place}, champ « annee_scolaire » : {_shown(year)} ; "
            "attendu deux années qui se suivent, comme 2025-2026."
        )


def check_day(day: str | None, place: str) -> None:
    """Refuse what is not a day of the calendar, between two school years that can be written."""
    if day is None:
        return
    try:
        year = date.fromisoformat(day).year if _DAY.fullmatch(day) else 0
    except ValueError:
        year = 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise EntreeInutilisable(
            f"{place}, champ « date » : {_shown(day)} ; attendu une date AAAA-MM-JJ "
            f"qui existe, de {FIRST_YEAR} à {LAST_YEAR}."
        )


def answer_lines(assistant: Conseiller, questions: Iterable[Question]) -> Iterator[bytes]:
    """Yield one JSON line for each question, answers in the order of its turns."""
    for question in questions:
        answers = ",".join(sealed.json for sealed in assistant.repondre(question))
        name = json.dumps(question.id, ensure_ascii=False)
        yield f'{{"id":{name},"reponses":[{answers}]}}\n'.encode()


def check_output(source: Path, target: Path) -> None:
    """Refuse to write where the answers could not stand, or in place of the questions.

    Raises:
        EntreeInutilisable: no such folder, not an ordinary file, or the file of questions itself.
    """
    if not target.parent.is_dir():
        raise EntreeInutilisable(f"{target} : dossier introuvable ; attendu un dossier existant.")
    if target.exists() and not target.is_file():
        raise EntreeInutilisable(f"{target} : attendu un fichier ordinaire où écrire les réponses.")
    if target.exists() and target.samefile(source):
        raise EntreeInutilisable(
            f"{target} : c'est le fichier des questions ; attendu un autre fichier."
        )


def write_answers(assistant: Conseiller, questions: Iterable[Question], target: Path) -> None:
    """Answer questions into a file, which appears whole or not at all."""
    write_atomically(target.resolve(), answer_lines(assistant, questions))


_EXPECTED = {
    "id": "un texte",
    "question": "un texte ou null",
    "tours": "une liste de textes ou null",
    "departement": "un code de département ou null",
    "annee_scolaire": "une année scolaire comme 2025-2026, ou null",
    "date": "une date AAAA-MM-JJ ou null",
}


def _kind(value: object) -> str:
    names = {
        str: "un texte",
        bool: "vrai ou faux",
        int: "un nombre",
        float: "un nombre",
        list: "une liste",
        dict: "un objet",
        type(None): "null",
    }
    return names.get(type(value), "autre chose")


def _shown(value: str) -> str:
    """A wrong value in a message: bounded, on one line, without control characters."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in value)
    return f"« {plain if len(plain) <= _SHOWN else plain[:_SHOWN] + '…'} »"


def _mended(value: object) -> object:
    """Replace lone surrogates, which no UTF-8 file can hold, by the replacement character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    return value
