"""First step: what is asked, by whom, for which département and school year."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from assistant.models import Question
from assistant.understanding.annees import annee_scolaire_courante, reperer_annees
from assistant.understanding.ecriture import normaliser_pour_recherche
from assistant.understanding.entree import Genre, qualifier
from assistant.understanding.territoires import reperer_departements, reperer_etranger


class Comprehension(BaseModel):
    """A question as it was understood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    """The question, cleaned and bounded."""
    recherche: str
    """What is searched: everyday and hurried writing opened into plain French."""
    genre: Genre
    departements: tuple[str, ...]
    """Départements named in the question, else the selector's."""
    departements_nommes: tuple[str, ...]
    lieux_etrangers: tuple[str, ...]
    annee_scolaire: str
    """School year asked about: named, else the selector's, else the running one."""
    annees_nommees: tuple[str, ...]
    """School or civil years that the question names (« 2025-2026 », « 2021 »)."""
    tronquee: bool


def comprendre(question: Question, texte: str) -> Comprehension:
    """Read one turn of a question.

    Args:
        question: gives the selector's département and school year, and the day it is asked.
        texte: the words of this turn.
    """
    jour = date.fromisoformat(question.date) if question.date else date.today()  # noqa: DTZ011 - the asker's day
    return _lire(texte, question.departement, question.annee_scolaire, jour)


@lru_cache(maxsize=64)
def _lire(
    texte: str, departement: str | None, annee_scolaire: str | None, jour: date
) -> Comprehension:
    """Read a turn: a conversation reads the same words more than once."""
    entree = qualifier(texte)
    nommes = tuple(dict.fromkeys(m.code for m in reperer_departements(entree.texte)))
    annees = reperer_annees(entree.texte, jour)
    scolaires = [a.annee_scolaire for a in annees if a.annee_scolaire is not None]
    choisi = (departement,) if departement else ()
    return Comprehension(
        texte=entree.texte,
        recherche=normaliser_pour_recherche(entree.texte),
        genre=entree.genre,
        departements=nommes or choisi,
        departements_nommes=nommes,
        lieux_etrangers=tuple(m.pays for m in reperer_etranger(entree.texte)),
        annee_scolaire=(
            scolaires[0] if scolaires else annee_scolaire or annee_scolaire_courante(jour)
        ),
        annees_nommees=tuple(a.valeur for a in annees),
        tronquee=entree.tronquee,
    )
