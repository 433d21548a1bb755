"""Answer a file of questions: a line in, a line out, in order; the output whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from assistant.answers.engine import Assistant
from assistant.models import Question
from assistant.understanding.repertoire import lire_departements
from index.embedding.files import write_atomically

MAX_BYTES = 64 * 1024 * 1024
"""Size of a file of questions beyond which it is refused unread."""
MAX_TURNS = 50
_YEAR = re.compile(r"^(\d{4})-(\d{4})$")


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
    except (json.JSONDecodeError, RecursionError) as error:
        raise EntreeInutilisable(
            f"{place} : JSON illisible ; attendu un objet par ligne."
        ) from error
    if not isinstance(data, dict):
        raise EntreeInutilisable(f"{place} : attendu un objet JSON, trouvé {_kind(data)}.")
    for field in ("question", "tours"):
        data[field] = _mended(data.get(field))
    try:
        question = Question.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        found = f"trouvé {_kind(first['input'])}" if field in data else "absent"
        raise EntreeInutilisable(
            f"{place}, champ « {field} » : {found} ; attendu {_EXPECTED.get(field, 'un texte')}."
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
    try:
        date.fromisoformat(question.date or "2025-01-01")
    except ValueError as error:
        raise EntreeInutilisable(
            f"{place}, champ « date » : « {question.date} » ; attendu une date AAAA-MM-JJ."
        ) from error
    return question


def check_departement(code: str | None, place: str) -> None:
    """Refuse a code that is no département's."""
    if code is not None and code not in {d.code for d in lire_departements()}:
        raise EntreeInutilisable(
            f"{place}, département : « {code} » ; attendu un code de 01 à 95, 2A, 2B ou 971 à 976."
        )


def check_year(year: str | None, place: str) -> None:
    """Refuse what is not two consecutive years."""
    match = _YEAR.match(year) if year is not None else None
    if year is not None and (match is None or int(match[2]) != int(match[1]) + 1):
        raise EntreeInutilisable(
            f"{place}, année scolaire : « {year} » ; attendu deux années qui se suivent, "
            "comme 2025-2026."
        )


def answer_lines(assistant: Assistant, questions: Iterable[Question]) -> Iterator[bytes]:
    """Yield one JSON line for each question, answers in the order of its turns."""
    for question in questions:
        answers = ",".join(sealed.json for sealed in assistant.repondre(question))
        name = json.dumps(question.id, ensure_ascii=False)
        yield f'{{"id":{name},"reponses":[{answers}]}}\n'.encode()


def answer_file(assistant: Assistant, source: Path, target: Path) -> int:
    """Answer a whole file; return how many questions. The output appears whole or not at all."""
    questions = read_questions(source)
    write_atomically(target, answer_lines(assistant, questions))
    return len(questions)


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


def _mended(value: object) -> object:
    """Replace lone surrogates, which no UTF-8 file can hold, by the replacement character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    return value
