"""A reworded answer on the page: asked for once, shown with the text that it comes from."""

from __future__ import annotations

from assistant.configuration import read_configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.etapes import commencer
from assistant.quotation import ReponseScellee
from assistant.redacteur.libelles import MENTION, ORIGINE
from assistant.redacteur.service import ouvrir_redacteur
from pages_clas.balises import echapper
from pages_clas.markdown import en_html


def lisser(echange: Echange, assistant: Conseiller) -> ReponseScellee | None:
    """Return the reworded answer of a turn; None where no writer is set, or it gave none."""
    reglage = read_configuration().redacteur
    if reglage is None:
        return None
    commencer("reformuler")
    return ouvrir_redacteur(reglage).lisser(echange, assistant)


def corps_html(scellee: ReponseScellee, lissee: ReponseScellee | None, prefixe: str) -> str:
    """Render the words of an answer; the reworded ones first, where there are some.

    The answer itself is then one key press away, and its marks lead to the same quotations.
    """
    reponse = scellee.reponse
    nombre = len(reponse.citations)
    origine = f'<div class="clas-corps">{en_html(reponse.texte, nombre, prefixe)}</div>'
    if lissee is None:
        return origine
    return (
        f'<div class="clas-corps">{en_html(lissee.reponse.texte, nombre, prefixe)}</div>'
        f'<p class="clas-lissee">{echapper(MENTION)}</p>'
        f'<details class="clas-origine"><summary>{echapper(ORIGINE)}</summary>{origine}</details>'
    )
