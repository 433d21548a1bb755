"""What ``clas demander --expliquer`` prints: the answer, then its explanation."""

from __future__ import annotations

from rich.console import Console

from assistant.dialogue.avis_suivis import jugee_de
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.explication.expliquer import expliquer
from assistant.explication.rendu import LARGEUR, afficher
from assistant.models import Question
from assistant.rendering import render_answer


def montrer(conseiller: Conseiller, question: Question, *, as_json: bool) -> None:
    """Answer a question and print how.

    In JSON, one object on one line: ``reponse``, the contract's, and ``explication``, an
    ``Explication``.
    """
    echange = conseiller.echanger(question, question.question or "", Memoire())
    explication = expliquer(conseiller, echange)
    if as_json:
        said = explication.model_dump_json()
        print(f'{{"reponse":{echange.scellee.json},"explication":{said}}}')
        return
    jugements = conseiller.jugements
    print(render_answer(echange.scellee, jugements.mentions(jugee_de(echange, jugements))))
    console = Console(width=LARGEUR, highlight=False)
    with console.capture() as capture:
        afficher(explication, console)
    print("\n".join(ligne.rstrip() for ligne in capture.get().splitlines()))
