"""The log as a list: in words, for a spreadsheet, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from assistant.questions_posees.models import (
    CitationGardee,
    Filtres,
    Ligne,
    TypeGarde,
    Vote,
    Vue,
)
from assistant.questions_posees.registre import HEURE, Comptes, Registre
from assistant.rendering import harmless
from assistant.verification.exports import to_csv

TYPES: Final[Mapping[TypeGarde, str]] = {
    "hors_corpus": "sans réponse dans les textes",
    "refusee": "réponse non montrée",
    "precision": "précision demandée",
    "reponse": "réponse des textes",
    "eligibilite": "résultat de la vérification",
}
VOTES: Final[Mapping[Vote, str]] = {"pas_utile": "pas utile", "utile": "utile"}
VUES: Final[Mapping[Vue, str]] = {
    "tout": "tout, ce qui est à regarder d'abord",
    "a_regarder": "sans réponse ou pas utile",
    "sans_reponse": "sans réponse",
    "pas_utile": "pas utile",
    "utile": "utile",
    "commentees": "avec un commentaire",
}
ENTETES: Final = (
    "Numéro", "Date", "Question", "Département", "Année scolaire", "Suite donnée", "Réponse",
    "Avis", "Commentaire", "Portée", "Fiches", "Citations", "Confiance", "Version des textes",
    "Version des règles", "Classement", "Durée (ms)", "Conversation", "Tour",
)  # fmt: skip
_PAGE: Final = 1_000


def everything(registre: Registre, filtres: Filtres) -> tuple[Ligne, ...]:
    """Every exchange that is sought, in the order of ``Registre.lister``.

    Raises:
        QuestionsInutilisables: the file cannot be read.
    """
    found: list[Ligne] = []
    depuis = 0
    while True:
        lecture = registre.lister(filtres, _PAGE, depuis)
        found += lecture.lignes
        lus = len(lecture.lignes) + len(lecture.abimees)
        if lus < _PAGE:
            return tuple(found)
        depuis += lus


def row(ligne: Ligne) -> tuple[str, ...]:
    """An exchange as the cells of a table, under ``ENTETES``."""
    echange, opinion = ligne.echange, ligne.opinion
    return (
        str(ligne.numero),
        quand(ligne),
        echange.question,
        echange.departement or "",
        echange.annee_scolaire or "",
        TYPES[echange.type],
        echange.texte,
        VOTES[opinion.vote] if opinion else "",
        opinion.commentaire if opinion else "",
        echange.portee,
        ", ".join(echange.fiches),
        " | ".join(map(place, echange.citations)),
        f"{echange.confiance:.2f}".replace(".", ","),
        echange.version_textes,
        echange.version_regles,
        echange.classement,
        str(echange.duree_ms),
        echange.conversation,
        str(echange.tour),
    )


def quand(ligne: Ligne) -> str:
    """« 22/11/2026 14:05 », at the time of France."""
    return f"{ligne.echange.date.astimezone(HEURE):%d/%m/%Y %H:%M}"


def place(citation: CitationGardee) -> str:
    """Where a quotation stands, in a few words."""
    page = f", page {citation.page}" if citation.page is not None else ""
    return (
        f"{citation.titre}{page} ({citation.document}, version {citation.version}, "
        f"{citation.debut} à {citation.fin})"
    )


def as_csv(lignes: Iterable[Ligne]) -> bytes:
    """Write exchanges for a spreadsheet, which computes none of them."""
    return to_csv(ENTETES, map(row, lignes))


def as_json(lignes: Iterable[Ligne]) -> str:
    """Write exchanges for programs."""
    return json.dumps(
        [ligne.model_dump(mode="json") for ligne in lignes], ensure_ascii=False, indent=2
    )


def told(ligne: Ligne) -> str:
    """An exchange in a few lines."""
    echange, opinion = ligne.echange, ligne.opinion
    pour = ", ".join(filter(None, (echange.departement, echange.annee_scolaire)))
    pour = f", pour {pour}" if pour else ""
    tete = f"n° {ligne.numero}, {quand(ligne)}{pour} : {TYPES[echange.type]}"
    lines = [tete, f"  « {echange.question} »"]
    if opinion is not None:
        suite = f" : {opinion.commentaire}" if opinion.commentaire else ""
        lines.append(f"  {VOTES[opinion.vote]}{suite}")
    return harmless("\n".join(lines))


def counted(comptes: Comptes) -> str:
    """How many there are, of each kind and of each opinion, in one line."""
    if not comptes.total:
        return "Aucun échange."
    dits = [f"{TYPES[t]} : {comptes.types[t]}" for t in TYPES if t in comptes.types]
    dits += [f"{VOTES[v]} : {comptes.votes[v]}" for v in VOTES if v in comptes.votes]
    un = "échange" if comptes.total == 1 else "échanges"
    return f"{comptes.total} {un} ({' ; '.join(dits)})."


def day(written: str) -> date:
    """A day written « 2026-11-22 » or « 22/11/2026 ».

    Raises:
        ValueError: it is no such day.
    """
    if "/" in written:
        jour, _, reste = written.partition("/")
        mois, _, an = reste.partition("/")
        return date(int(an), int(mois), int(jour))
    return date.fromisoformat(written)
