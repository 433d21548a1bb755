"""The project told, as the checker reads it: with the place and the year that the answer is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from assistant.eligibility import Regles, Resultat, lire_projet, verifier
from assistant.eligibility.models import Correction, Critere
from assistant.eligibility.project import Projet
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.schema import Statut
from assistant.etapes import commencer
from assistant.understanding.repertoire import lire_departements

_RANG: Final[Mapping[Statut, int]] = {
    "non_conforme": 0,
    "a_renseigner": 1,
    "sous_reserve": 2,
    "alerte": 3,
    "conforme": 4,
    "sans_objet": 5,
}
_DECIDES: Final = frozenset({"conforme", "sous_reserve", "non_conforme"})


class Etude(NamedTuple):
    """A project told and what the checker says of it.

    ``national``: the same read by the national rules alone, where no département is known: its
    criteria say what holds everywhere that has no rule of its own.
    """

    projet: Projet
    resultat: Resultat
    national: Resultat | None
    projet_national: Projet
    libelles: Libelles
    """Names of facts and values."""

    def criteres(self, code: str) -> tuple[Critere, ...]:
        """Return a criterion as it is told to the person: one for each collectif, worst first."""
        return _du_pire(c for c in self._lus if c.code == code)

    def decides(self) -> tuple[Critere, ...]:
        """Return the criteria settled by what was told, worst first."""
        return _du_pire(c for c in self._lus if c.statut in _DECIDES and c.citations)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Return the changes that would mend what is told: read as the criteria are."""
        lues = self.national.corrections if self.national else ()
        return lues or self.resultat.corrections

    @property
    def _lus(self) -> tuple[Critere, ...]:
        return (self.national or self.resultat).criteres


def completer(projet: Mapping[str, Any], annee_scolaire: str) -> dict[str, Any]:
    """Return the project as it is checked: for a school year when it names none.

    Who speaks of a project has at least one collectif, even if nothing was told of it; none at
    all is something that must have been said.
    """
    dit = {"annee_scolaire": annee_scolaire, **projet}
    connus = dit.get("collectifs")
    return {**dit, "collectifs": [{}] if connus is None else connus}


def _du_pire(criteres: Iterable[Critere]) -> tuple[Critere, ...]:
    return tuple(sorted(criteres, key=lambda c: (_RANG[c.statut], c.collectif or 0)))


def etudier(
    projet: Mapping[str, Any], annee_scolaire: str, regles: Regles, libelles: Libelles
) -> Etude:
    """Check the project told, for the school year of the answer when it names none.

    Raises:
        ProjetInutilisable: a value is refused, or the project contradicts itself.
    """
    commencer("examiner")
    lu = lire_projet(completer(projet, annee_scolaire), regles)
    resultat = verifier(lu, regles)
    if lu.departement is not None:
        return Etude(lu, resultat, None, lu, libelles)
    ailleurs = lu.model_copy(update={"departement": _sans_regle_locale(regles.departements)})
    return Etude(lu, resultat, verifier(ailleurs, regles), ailleurs, libelles)


@lru_cache(maxsize=8)
def _sans_regle_locale(locaux: tuple[str, ...]) -> str:
    """Return a département that has no rule of its own."""
    return next(d.code for d in lire_departements() if d.code not in locaux)
