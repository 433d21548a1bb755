"""The log as questions to ask again: before a draft is published, or to measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.models import Question
from assistant.questions_posees.models import Ligne


def as_questions(found: Sequence[Ligne], everything: Iterable[Ligne]) -> tuple[Question, ...]:
    """What is asked again: each conversation that holds an exchange found, up to the last of them.

    A follow-up means nothing without what was said before it. Conversations are in the order in
    which they began; the place and the year are those of the last exchange kept of each.

    Args:
        found: exchanges that are sought.
        everything: all that the log holds, in any order.
    """
    last = {line.echange.conversation: 0 for line in found}
    for line in found:
        kept = line.echange
        last[kept.conversation] = max(last[kept.conversation], kept.tour)
    sought = [line for line in everything if line.echange.conversation in last]
    sought.sort(key=_place)
    conversations = [
        [line for line in turns if line.echange.tour <= last[name]]
        for name, turns in groupby(sought, key=lambda line: line.echange.conversation)
    ]
    conversations.sort(key=lambda turns: turns[0].numero)
    return tuple(map(_question, conversations))


def as_jsonl(questions: Iterable[Question]) -> bytes:
    """Write questions as ``clas demander --lot`` and ``clas corpus comparer`` read them."""
    lines = (q.model_dump_json(exclude_none=True, exclude={"date"}) for q in questions)
    return "".join(f"{line}\n" for line in lines).encode()


def _place(line: Ligne) -> tuple[str, int, int]:
    return line.echange.conversation, line.echange.tour, line.numero


def _question(turns: Sequence[Ligne]) -> Question:
    said = tuple(line.echange.question for line in turns)
    now = turns[-1].echange
    return Question(
        id=f"n{turns[0].numero}",
        question=said[0] if len(said) == 1 else None,
        tours=said if len(said) > 1 else None,
        departement=now.departement,
        annee_scolaire=now.annee_scolaire,
    )
