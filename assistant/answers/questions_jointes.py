"""Two or three questions asked in one sentence: « combien d'enfants et combien de séances ? ».

Searched whole, such a sentence finds the card of one of them, and the other is lost. Each part
that asks is searched by itself; they are answered together only where each is plainly answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from assistant.answers.cards import CarteChoisie
from assistant.answers.cards_said import FIRM_NEAR, plainness
from assistant.answers.composition import Composition, Morceau, joined
from assistant.answers.finding import Trouvaille, answers_by_card, is_silence
from assistant.answers.signals import names_foreign_scheme
from assistant.answers.understanding import Comprehension
from assistant.models import Citation
from corpus.models import NATIONALE

ASKED: Final = 3
"""Questions of one sentence, at most: one that asks more is searched whole."""
_WORDS: Final = 3
"""Words that a part needs to be a question by itself."""
EACH: Final = 70
"""Words of the answer to each of them, reserves not included."""
LONGEST: Final = 60
"""Words of a sentence that asks several questions: a longer one is a story, which ends with one."""
_ASKED_FOR: Final = frozenset({"seule_trouvee", "nettement_demandee", "fermement_demandee"})
"""What makes a card plainly the one that a question asks for; it must be near, too: what only
hangs on the question before (« et pour quelle somme ? ») is near to nothing."""

_ASKS: Final = (
    r"(?:combien|quand|comment|pourquoi|où|jusqu['’]à (?:quand|combien)|à partir de quand"
    r"|quel(?:le)?s?(?! (?:en|y) )"
    r"|est[- ]ce qu|qu['’]est[- ]ce|c['’]est quoi|que (?:faut|doit|peut|veut|signifie)"
    r"|(?:faut|peut|doit|peuvent|doivent|devons|pouvons|dois|puis)-(?:il|elle|on|ils|elles|nous|je)"
    r"|y a-t-il|qui (?:peut|doit|paie|finance|décide|signe|porte|verse))\b"
)
_JOINT: Final = re.compile(
    rf"(?:\s*[?!.;]+\s*|\s*,\s*|\s+)(?:et(?: aussi| puis)?|ou bien|ainsi que|puis)?\s*(?={_ASKS})",
    re.IGNORECASE,
)
"""What stands between two questions: a mark, « et », or both, before a word that asks."""
_A_MARK_OR_AND: Final = re.compile(r"[?!.;,]|\b(?:et|ou bien|ainsi que|puis)\b", re.IGNORECASE)
_BEGINS: Final = re.compile(_ASKS, re.IGNORECASE)


def asked_apart(texte: str) -> tuple[str, ...]:
    """The questions of a sentence, in their order; none where it asks but one.

    What comes before the first word that asks (« nous sommes une mairie, ») stays with the first.

    >>> asked_apart("Combien d'enfants par groupe et combien de séances par semaine ?")
    ("Combien d'enfants par groupe", 'combien de séances par semaine ?')
    >>> asked_apart("Combien d'enfants par groupe ?")
    ()
    """
    begun = _BEGINS.search(texte)
    if begun is None:
        return ()
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(texte, begun.end()):
        if not _A_MARK_OR_AND.search(joint[0]):
            continue
        parts.append(texte[start : joint.start()].strip())
        start = joint.end()
    parts.append(texte[start:].strip())
    several = 1 < len(parts) <= ASKED and len(texte.split()) <= LONGEST
    return tuple(parts) if several and all(_is_whole(part) for part in parts) else ()


def _is_whole(part: str) -> bool:
    return len(part.split()) >= _WORDS


def search_each(
    lu: Comprehension,
    search: Callable[[Comprehension], Trouvaille],
    suffices: Callable[[Trouvaille], bool],
) -> tuple[Trouvaille, ...]:
    """What is found for each question of a sentence; nothing where it is to be answered whole.

    What one part says of another scheme or country (« en crèche ») holds for the others, which no
    longer show it: such a sentence is never taken apart.

    ``suffices``: whether the texts probably speak of what was searched.
    """
    if lu.lieux_etrangers or names_foreign_scheme(lu.texte):
        return ()
    parts = asked_apart(lu.recherche)
    found = tuple(search(lu.model_copy(update={"recherche": part})) for part in parts)
    if not (found and answers_each(found)):
        return ()
    return found if all(suffices(one) for one in found if not is_silence(one)) else ()


def answers_each(found: Sequence[Trouvaille]) -> bool:
    """Whether each question has a card plainly asked for, no two the same, and one answers.

    A card that says that the texts are silent is said beside one that answers; where one question
    has no card, or all are silent, the sentence is answered whole, as one that asks once.
    """
    firsts = {one.cartes[0].carte.fiche.id for one in found if _is_plain(one)}
    return len(firsts) == len(found) and not all(is_silence(one) for one in found)


def _is_plain(found: Trouvaille) -> bool:
    near = answers_by_card(found) and found.cartes[0].proche >= FIRM_NEAR
    return near and plainness(found.cartes) in _ASKED_FOR


def together(found: Sequence[Trouvaille]) -> tuple[CarteChoisie, ...]:
    """The card of each question, in the order asked, as equally probable."""
    share = 1 / len(found)
    return tuple(one.cartes[0].model_copy(update={"part": share}) for one in found)


def compose_each(
    found: Sequence[Trouvaille],
    words: int,
    say: Callable[[Trouvaille, int, Sequence[Citation]], Composition],
) -> Composition:
    """Say what answers each question, under it, in about ``words`` words in all.

    ``say``: composes one answer, in some words, after the quotations of those before.
    """
    citations: tuple[Citation, ...] = ()
    morceaux: list[Morceau] = []
    left_out: dict[str, str] = {}
    for rank, one in enumerate(found):
        used = sum(len(m.texte.split()) for m in morceaux)
        composed = say(one, (words - used) // (len(found) - rank), citations)
        citations = composed.citations
        morceaux += composed.morceaux
        left_out |= dict(composed.ecartees)
    said = {m.source for m in morceaux if m.genre == "fiche"}
    return Composition(
        texte=joined(morceaux),
        citations=citations,
        portee=next((c.portee for c in citations if c.portee != NATIONALE), NATIONALE),
        morceaux=tuple(morceaux),
        ecartees=tuple((name, why) for name, why in left_out.items() if name not in said),
    )
