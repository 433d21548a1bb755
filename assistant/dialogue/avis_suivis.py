"""What agents' marks make of a turn that was answered: told as checked, or not given."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from assistant.anglais import message_anglais
from assistant.answers.composition import Composition
from assistant.answers.engine import Assistant
from assistant.answers.messages import load_messages
from assistant.answers.parts import WORDS
from assistant.avis.jugements import Jugee, Jugements
from assistant.dialogue.cas import Dit
from assistant.dialogue.chemin import Chemin
from assistant.dialogue.memoire import Echange
from assistant.dialogue.rappels import dire_source
from assistant.models import Reponse
from corpus.models import NATIONALE

_PLACE: Final = WORDS - 30
"""Words of the passages shown in place of an answer, beside the sentence that says why."""


def jugee_de(echange: Echange, jugements: Jugements) -> Jugee:
    """What the marks of a turn are looked up by."""
    chemin = echange.chemin
    par_fiches = chemin.redaction is not None and not echange.memoire.en_anglais
    dites = () if chemin.ecartee else _said(chemin, en_anglais=echange.memoire.en_anglais)
    return jugements.jugee(echange.scellee.reponse, dites, par_fiches=par_fiches)


def sans_reponse_fausse(echange: Echange, assistant: Assistant) -> Echange:
    """Give no answer that an agent marked wrong: say so, and show the passages themselves."""
    found = echange.chemin.trouvaille
    if found is None:
        return echange
    fausse = echange.scellee.reponse
    if not assistant.jugements.est_fausse(fausse):
        return echange
    cite, modele = _passages(echange, assistant), assistant.modeles.confiance_de(found)
    en_anglais = echange.memoire.en_anglais
    messages = load_messages()
    dit = message_anglais("answer_found_wrong") if en_anglais else messages["avis_faux"]
    if cite is not None:
        suite = cite.texte
    else:
        suite = message_anglais("contact") if en_anglais else messages["orientation"]
    draft = Reponse(
        type="reponse" if cite else "hors_corpus",
        texte=f"{dit}\n\n{suite}",
        citations=cite.citations if cite else (),
        passages=fausse.passages,
        portee=cite.portee if cite else NATIONALE,
        confiance=min(fausse.confiance, round(modele.announced(modele.threshold / 2), 4)),
    )
    sujet = echange.memoire.sujet
    if sujet is not None:
        # « Pourquoi ? » and « où est-ce écrit ? » are about what is given.
        donne = {"voie": "regle", "critere": None, "cartes": (), "citations": draft.citations}
        sujet = sujet.model_copy(update=donne)
    memoire = echange.memoire.model_copy(update={"sujet": sujet, "attendus": ()})
    chemin = replace(echange.chemin, ecartee=echange.scellee)
    return Echange(assistant.sceller(draft), memoire, chemin, comprise=echange.comprise)


def _passages(echange: Echange, assistant: Assistant) -> Dit | Composition | None:
    """What the texts say: the passages of its rules for the checker's answer, else the nearest."""
    chemin = echange.chemin
    cite: Dit | Composition | None = None
    if chemin.etude is not None:
        cite = dire_source(echange.scellee.reponse.citations, assistant.documents)
    if cite is None and chemin.trouvaille is not None:
        cite = assistant.citer_les_passages(chemin.trouvaille, _PLACE)
    return cite


def _said(chemin: Chemin, *, en_anglais: bool) -> tuple[str, ...]:
    """Ids of the cards said; in English, the first one alone."""
    if chemin.redaction is None:
        return chemin.dit.cartes if chemin.dit else ()
    morceaux = chemin.redaction.composition.morceaux
    dites = tuple(dict.fromkeys(m.source for m in morceaux if m.genre == "fiche"))
    return dites[:1] if en_anglais else dites
