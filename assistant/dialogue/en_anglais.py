"""Answers in English: the answer line in English, the quotations in French, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from assistant.anglais import (
    carte_anglaise,
    critere_anglais,
    message_anglais,
    question_anglaise,
    statut_anglais,
    verdict_anglais,
)
from assistant.answers.composition import escape
from assistant.answers.messages import load_messages
from assistant.answers.places import nom_departement
from assistant.dialogue.cas import tenir
from assistant.dialogue.dossier_dit import Etude
from assistant.dialogue.memoire import Sujet
from assistant.eligibility import Regles
from assistant.eligibility.models import Critere, Montants
from assistant.fiches.model import Fiche
from assistant.models import Citation, Reponse
from corpus.models import NATIONALE

_CITEES: Final = 2
_CRITERES: Final = 3
_NOTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hors_annee": "other_year",
        "montant_date": "dated_amount",
        "texte_propre": "own_text",
        "sans_texte_local": "no_local_text",
        "sans_texte_pour_l_autre": "no_local_text_for_the_other",
        "hors_corpus_lieu": "not_in_texts_place",
        "hors_corpus_pays": "not_in_texts_country",
        "hors_corpus_dispositif": "not_in_texts_scheme",
        "hors_corpus_annee": "not_in_texts_year",
    }
)
"""Notes of an answer in French, and their words in English."""
_MANQUE: Final[Mapping[str, str]] = MappingProxyType({"incomplet": "incomplete_search"})
"""The note that no answer may be without."""
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_OUI_NON: Final = re.compile(r"(?:\*\*[^*]+\*\*(?: :)? )*(?:Oui|Non)\b")
_YES_NO: Final = re.compile(r"(?:Yes|No)\s*[:,]\s+")


def dire_en_anglais(
    draft: Reponse,
    sujet: Sujet,
    fiche: Fiche | None,
    regles: Regles,
    *,
    etude: Etude | None = None,
    attendus: Sequence[str] = (),
) -> Reponse:
    """Say a drafted answer in English: same citations, same result of the checker.

    ``fiche``: the card that answered, if one did.
    """
    if etude is not None:
        lignes = _verifie(etude, sujet, regles, draft, attendus)
    elif draft.type == "hors_corpus":
        lignes = _silence(draft, fiche, regles)
    else:
        lignes = _regle(draft, fiche, regles)
    return draft.model_copy(update={"texte": tenir(lignes)})


def citer_en_anglais(draft: Reponse) -> Reponse:
    """Say in English where the texts say it: their words stay in French."""
    citations = _citer(draft.citations)
    return draft.model_copy(update={"texte": f"{message_anglais('texts_say')}\n\n{citations}"})


def _regle(draft: Reponse, fiche: Fiche | None, regles: Regles) -> list[str]:
    """The card's answer in English, then what the texts say; else the texts alone."""
    carte = carte_anglaise(fiche, regles) if fiche else None
    if fiche is None or carte is None:
        said = [message_anglais("texts_say"), draft.texte]
        # What the texts say is not given up for the words that announce it.
        return said if draft.texte in tenir(said) else [draft.texte]
    citations = _citer(draft.citations)
    return [
        f"{_lieu(fiche)}{_sans_oui(carte.answer, draft.texte)} {_marques(draft.citations)}",
        *_notes(draft.texte, _MANQUE),
        *_locale(draft.citations, fiche),
        *carte.reservations,
        *_notes(draft.texte),
        f"{message_anglais('texts_say')}\n\n{citations}",
        message_anglais("answer_in_english"),
    ]


def _silence(draft: Reponse, fiche: Fiche | None, regles: Regles) -> list[str]:
    """Say that the texts do not answer; only a card that says so too is said, never another's."""
    carte = carte_anglaise(fiche, regles) if fiche is not None and fiche.silence else None
    dit = carte.answer if carte else message_anglais("not_in_texts")
    notes = (*_notes(draft.texte, _MANQUE), *_notes(draft.texte))
    return [dit, *notes, message_anglais("contact")]


def _lieu(fiche: Fiche) -> str:
    """Say which département a local card is of, and for which year; nothing for a national one."""
    if fiche.portee == NATIONALE:
        return ""
    annee = f" ({fiche.du})" if fiche.du else ""
    return f"**{nom_departement(fiche.portee)} only{annee}**: "


def _sans_oui(anglais: str, francais: str) -> str:
    """Drop « Yes: » or « No: » where the answer in French does not begin so."""
    debut = _YES_NO.match(anglais)
    if debut is None or _OUI_NON.match(francais):
        return anglais
    reste = anglais[debut.end() :]
    return reste[:1].upper() + reste[1:]


def _notes(francais: str, noms: Mapping[str, str] = _NOTES) -> Iterator[str]:
    """Say in English the notes of an answer in French: another year, a dated amount, a place."""
    for ligne in francais.splitlines():
        for nom, anglais in noms.items():
            motif = _PLACE.sub(r"(?P<\1>.+)", re.escape(load_messages()[nom]))
            trouvee = re.fullmatch(motif, ligne.strip())
            if trouvee is not None:
                yield message_anglais(anglais, **trouvee.groupdict())


def _verifie(
    etude: Etude,
    sujet: Sujet,
    regles: Regles,
    draft: Reponse,
    attendus: Sequence[str],
) -> list[str]:
    """The checker's result: the criterion asked, or what was settled; amounts; what is missing."""
    lignes: list[str] = []
    citations = draft.citations
    if sujet.voie == "montant":
        lignes.append(_montant(etude.resultat.montants))
    else:
        criteres = etude.criteres(sujet.critere) if sujet.critere else etude.decides()
        annee = int((etude.projet.annee_scolaire or "")[:4])
        lignes += [
            ligne
            for c in criteres[:_CRITERES]
            if (ligne := _critere(c, regles, annee, etude.projet.departement, citations))
        ]
        verdict = verdict_anglais(etude.resultat.verdict)
        lignes.append(message_anglais("verdict_line", verdict=verdict))
    questions = [q for chemin in attendus if (q := question_anglaise(chemin))]
    if questions:
        lignes.append(f"{message_anglais('what_if')} {' '.join(questions)}")
    lignes += _notes(draft.texte)
    lignes.append(f"{message_anglais('texts_say')}\n\n{_citer(citations)}")
    return lignes


def _critere(
    critere: Critere,
    regles: Regles,
    annee: int,
    departement: str | None,
    citations: Sequence[Citation],
) -> str:
    anglais = critere_anglais(critere.code, regles, annee, departement)
    if anglais is None:
        return ""
    marques = "".join(f"[{citations.index(c) + 1}]" for c in critere.citations if c in citations)
    statut = statut_anglais(critere.statut)
    return f"**{anglais.title}**: {statut}. {anglais.requirement} {marques}".strip()


def _montant(montants: Montants) -> str:
    if montants.total is not None:
        return message_anglais("amount", montant=f"{montants.total:,}")
    if montants.total_min is not None and montants.total_max is not None:
        return message_anglais(
            "amount_range",
            minimum=f"{montants.total_min:,}",
            maximum=f"{montants.total_max:,}",
        )
    return message_anglais("amount_unknown")


def _citer(citations: Sequence[Citation]) -> str:
    shown = enumerate(citations[:_CITEES], start=1)
    return "\n".join(f"- {_de(c)}« {escape(c.extrait)} » [{n}]" for n, c in shown)


def _locale(citations: Sequence[Citation], fiche: Fiche) -> Iterator[str]:
    """The first words of a local text beside a national card: another rule may be set there."""
    if fiche.portee != NATIONALE:
        return
    for n, c in enumerate(citations, start=1):
        if c.portee != NATIONALE:
            yield f"{_de(c)}« {escape(c.extrait)} » [{n}]"
            return


def _de(citation: Citation) -> str:
    """Say of which département alone a quotation holds."""
    if citation.portee == NATIONALE:
        return ""
    return f"**{nom_departement(citation.portee)} only**: "


def _marques(citations: Sequence[Citation]) -> str:
    return "".join(f"[{n}]" for n in range(1, len(citations) + 1))
