"""Which cards may answer where one is wrong or put aside: never a neighbour in its place."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.confidence import ModeleConfiance
from assistant.answers.finding import Trouvaille
from assistant.answers.signals import measure
from assistant.answers.silence import is_plainly_silent, measure_silence, speaking_of


def answering(found: Trouvaille, confiance: ModeleConfiance) -> Trouvaille:
    """The same, with the cards that may answer: none where a wrong one would have refused to.

    What stands next to a card that said that the texts are silent is not what was asked: the
    passages answer then.
    """
    if any(c.fausse and c.carte.fiche.silence for c in found.cartes):
        before = measure_silence(found, wrong=True)
        probability = confiance.probability(measure(found, before))
        if is_plainly_silent(before) or probability < confiance.threshold:
            return replace(found, cartes=())
    return speaking_of(found)
