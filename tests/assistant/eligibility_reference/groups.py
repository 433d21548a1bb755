"""Groups of criteria that share facts, and the words they are written with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

CONFORME = "conforme"
SOUS_RESERVE = "sous_reserve"
NON_CONFORME = "non_conforme"
A_RENSEIGNER = "a_renseigner"
ALERTE = "alerte"
SANS_OBJET = "sans_objet"

RANG = {CONFORME: 0, ALERTE: 0, SANS_OBJET: 0, SOUS_RESERVE: 1, NON_CONFORME: 2}
VERDICT_DU_RANG = ("eligible", "eligible_sous_reserve", "non_eligible")

BOOLEENS = (True, False)
ANNEE_DU_TEXTE = {"34": "2025-2026", "69": "2024-2025"}

# Representative values of the facts that several criteria share.
PARTITION_CONTEXTE: dict[str, tuple[Any, ...]] = {
    "departement": ("34", "69", "75"),
    "annee_scolaire": ("2021-2022", "2024-2025", "2025-2026"),
    "milieu_rural": BOOLEENS,
    "population_commune": (4999, 5000),
    "demarrage_en_cours_d_annee": BOOLEENS,
    "niveaux": (("elementaire",), ("college",), ("elementaire", "college"), ("maternelle",), ()),
}

Faits = dict[str, Any]
Statuts = dict[str, str]


@dataclass(frozen=True)
class Groupe:
    """Criteria decided together: by these context facts, and by facts that nothing else reads.

    `faits` gives for each fact its value (None: unknown) and its representative values.
    """

    contexte: tuple[str, ...]
    faits: dict[str, tuple[Any, tuple[Any, ...]]]
    regle: Callable[[Faits], Statuts]
    collectif: int | None = None

    def completions(self, contexte: Faits) -> Iterator[Faits]:
        """Every complete set of facts that the known ones allow, under this context."""
        partagees = {nom: contexte[nom] for nom in self.contexte}
        valeurs = [
            partition if valeur is None else (valeur,) for valeur, partition in self.faits.values()
        ]
        for choix in product(*valeurs):
            yield partagees | dict(zip(self.faits, choix, strict=True))


def lire(noeud: dict[str, Any] | None, *chemin: str) -> Any:
    """The value at the end of the path, or None where a step is unknown."""
    for cle in chemin:
        if noeud is None:
            return None
        noeud = noeud.get(cle)
    return noeud


def groupe_booleen(
    code: str, valeur: bool | None, *, voulu: bool, sinon: str, annee_locale: str | None = None
) -> Groupe:
    """One yes-or-no criterion; a local one is softened outside the school year of its text."""

    def regle(faits: Faits) -> Statuts:
        if faits["valeur"] == voulu:
            return {code: CONFORME}
        if annee_locale is not None and faits["annee_scolaire"] != annee_locale:
            return {code: SOUS_RESERVE}
        return {code: sinon}

    contexte = () if annee_locale is None else ("annee_scolaire",)
    return Groupe(contexte, {"valeur": (valeur, BOOLEENS)}, regle)
