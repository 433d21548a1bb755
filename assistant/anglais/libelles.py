"""What the program says in English around an answer: of itself, and of a checked project."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict

from assistant.anglais.cartes import en_anglais
from assistant.anglais.donnees import lire_yaml
from assistant.eligibility.rulebook import Regles
from assistant.eligibility.templates import remplir
from corpus.models import NATIONALE

_GELE = ConfigDict(frozen=True, extra="forbid")
_MESSAGES_PAR_GENRE = {
    "vide": "empty",
    "salutation": "greeting",
    "remerciement": "thanks",
    "au_revoir": "goodbye",
    "aide": "help",
    "insulte": "insult",
    "illisible": "unreadable",
    "injection": "injection",
}
_RIEN: Final[Mapping[str, object]] = MappingProxyType({})
_ANNEE = 2025
"""Civil year that a project's school year starts in, unless it is known."""


class CritereAnglais(BaseModel):
    """A criterion of the checker in English: its title, and what it asks for in one sentence."""

    model_config = _GELE

    title: str
    requirement: str


class Libelles(BaseModel):
    """All the words of ``messages.yaml``."""

    model_config = _GELE

    messages: dict[str, str]
    reserves: dict[str, str]
    """Reserves of the checker, by the id that the rule files give them."""
    verdicts: dict[str, str]
    statuses: dict[str, str]
    criteria: dict[str, CritereAnglais]
    """By code of the contract; ``{p:nom}`` left as they are."""
    questions: dict[str, str]
    """By path of the project, ``*`` for the number of a collectif."""


@lru_cache(maxsize=1)
def lire_libelles() -> Libelles:
    """Read and check the words in English."""
    return Libelles.model_validate(lire_yaml("messages.yaml"))


def message_anglais(nom: str, **valeurs: object) -> str:
    """Return a message by name, its places filled.

    ``nom`` is a name of ``messages.yaml`` (« not_in_texts ») or a kind of input
    (« salutation »: see ``assistant.understanding.entree.Genre``).

    Raises:
        KeyError: no such message, or a place without its value.

    Example:
        >>> message_anglais("not_in_texts_place", lieu="Corrèze")
        'I have no local text for this département (Corrèze): what is decided locally is not in my texts.'
    """  # noqa: E501 - the message is one line
    gabarit = lire_libelles().messages[_MESSAGES_PAR_GENRE.get(nom, nom)]
    return gabarit.format(**valeurs)


def verdict_anglais(verdict: str) -> str:
    """Return a verdict of the contract in English: « eligible with reservations »."""
    return lire_libelles().verdicts[verdict]


def statut_anglais(statut: str) -> str:
    """Return a status of the contract in English: « does not comply »."""
    return lire_libelles().statuses[statut]


def critere_anglais(
    code: str, regles: Regles, annee: int = _ANNEE, departement: str | None = None
) -> CritereAnglais | None:
    """Return a criterion's title and requirement, figures put in; None for a code not known here.

    ``annee``: the civil year that the school year starts in.
    """
    critere = lire_libelles().criteria.get(code)
    if critere is None:
        return None
    return CritereAnglais(
        title=critere.title,
        requirement=_remplir(critere.requirement, regles, annee, departement),
    )


def reserve_anglaise(
    identifiant: str, regles: Regles, annee: int = _ANNEE, valeurs: Mapping[str, object] = _RIEN
) -> str | None:
    """Return a reserve of the checker by the id of its rule, its places filled; None if not known.

    ``valeurs``: the places that the checker fills (``departement``, ``plafond``…); a place without
    its value is left as it is.
    """
    gabarit = lire_libelles().reserves.get(identifiant)
    return None if gabarit is None else _remplir(gabarit, regles, annee, None, valeurs)


def question_anglaise(chemin: str) -> str | None:
    """Return the question that asks for a fact by its path (« collectifs.2.enfants »).

    The number of a collectif after the first is said. None for a path that is not known here.
    """
    parties = chemin.split(".")
    numero = next((p for p in parties if p.isdigit()), None)
    question = lire_libelles().questions.get(".".join("*" if p.isdigit() else p for p in parties))
    if question is None or numero in {None, "1"}:
        return question
    return f"Group {numero}: {question[0].lower()}{question[1:]}"


def _remplir(
    gabarit: str,
    regles: Regles,
    annee: int,
    departement: str | None,
    valeurs: Mapping[str, object] = _RIEN,
) -> str:
    def valeur(place: str) -> str:
        if not place.startswith("p:"):
            return str(valeurs.get(place, f"{{{place}}}"))
        nom = place.removeprefix("p:")
        # What only one département has is read there, whatever département is asked for.
        lieux = (departement, None, *regles.departements)
        lieu = next((x for x in lieux if (x or NATIONALE, nom) in regles.parametres), None)
        trouvee, _ = regles.parametre(nom, annee, lieu)
        return en_anglais(trouvee.valeur if trouvee else None)

    return remplir(gabarit, valeur)
