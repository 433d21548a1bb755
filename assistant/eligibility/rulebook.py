"""The rules once loaded: facts, compiled criteria, parameters, texts of reserves and calendar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from operator import attrgetter
from typing import Any, Final, NamedTuple

from assistant.eligibility.engine.conditions import Test
from assistant.eligibility.engine.criteria import CriterePret
from assistant.eligibility.engine.partition import Fait
from assistant.eligibility.parameters import Valeur, nombre, valeur_a
from assistant.eligibility.revision import Revision
from assistant.eligibility.schema import (
    CasPluriannuel,
    Derive,
    Echeance,
    FaitDeclare,
    FichierDeRegles,
    Parametre,
    Reserve,
)
from assistant.models import Citation

NATIONALE: Final = "nationale"
COLLECTIF: Final = "collectifs.*."
_VALEURS_MAXIMUM: Final = 5000


class LectureDeBloc(NamedTuple):
    """A block of the project and how to read its facts, which stand side by side, in one go."""

    bloc: tuple[str, ...]
    local: str | None
    """Name of the block when a département declares it."""
    noms: tuple[str, ...]
    lire: Callable[[Any], tuple[Any, ...]]
    inconnus: tuple[None, ...]
    codeurs: tuple[Callable[[Any], int], ...]
    memoire: dict[tuple[Any, ...], tuple[int, ...]]
    """Cells already found, by values."""


class AppuiDeRegle(NamedTuple):
    """A quotation that the rules declare: the rule, its field, and the words."""

    regle: str
    champ: str
    citation: Citation


class ReserveCitee(NamedTuple):
    """A reserve, the scope that says it, its quotations."""

    reserve: Reserve
    portee: str
    citations: tuple[Citation, ...]


class EcheanceCitee(NamedTuple):
    """A step of the payment calendar and its quotations."""

    echeance: Echeance
    citations: tuple[Citation, ...]


class PluriannuelCite(NamedTuple):
    """A case of multi-year funding and its quotations."""

    cas: CasPluriannuel
    test: Test | None
    """None for ``sinon``."""
    citations: tuple[Citation, ...]


class Regles:
    """Rules ready to be applied; built by ``charger_regles``, never changed afterwards."""

    def __init__(
        self,
        *,
        fichiers: Mapping[str, FichierDeRegles],
        faits: Mapping[str, Fait],
        derives: Mapping[str, Derive],
        criteres: Mapping[str, tuple[CriterePret, ...]],
        parametres: Mapping[tuple[str, str], Parametre],
        citations: Mapping[tuple[str, str], tuple[Citation, ...]],
        citations_des_faits: Mapping[str, tuple[Citation, ...]],
        reserves: tuple[ReserveCitee, ...],
        calendrier: tuple[EcheanceCitee, ...],
        pluriannuel: tuple[PluriannuelCite, ...],
        appuis: tuple[AppuiDeRegle, ...],
        textes_sans_regle: Mapping[str, tuple[str, ...]],
        revision: Revision,
        version: str,
    ) -> None:
        self.fichiers = fichiers
        self.faits, self.derives = faits, derives
        self.criteres = criteres
        """National criteria under ``nationale``, those of a département under its code."""
        self.parametres = parametres
        self.citations_des_parametres = citations
        self._citations_des_faits = citations_des_faits
        self.reserves, self.calendrier, self.pluriannuel = reserves, calendrier, pluriannuel
        national = fichiers[NATIONALE].pluriannuel
        self.lecture_pluriannuel = national.faits if national else ()
        self.pluriannuel_inconnu = national.inconnu if national else ""
        self.revision = revision
        """Rules put aside while the words that they rest on are looked at."""
        self.appuis = appuis
        """Every quotation declared, by the rule that declares it."""
        self.textes_sans_regle = textes_sans_regle
        """Titles of the local texts that no rule quotes, by département."""
        self.version = version
        """First 12 hex digits of the sha256 of the rule files."""
        self.faits_projet = tuple(f for f in faits.values() if not f.par_collectif)
        self.faits_collectif = tuple(f for f in faits.values() if f.par_collectif)
        self.blocs = {f.bloc: p for p, f in fichiers.items() if f.bloc}
        """Département of each local block."""
        self.lectures_projet = _lectures(self.faits_projet, "", self.blocs)
        self.lecture_collectif = _lectures(self.faits_collectif, COLLECTIF, ())[0]
        self.derives_codes = tuple((d, faits[nom].coder) for nom, d in derives.items())
        self.codeurs_collectif = tuple(f.coder for f in self.faits_collectif)
        self.heritages = tuple(
            (place, f.herite)
            for place, f in enumerate(self.faits_collectif)
            if f.herite is not None
        )
        """Places, among the facts of a collectif, of those a project fact may fill."""
        self._constantes = {
            cle: nombre(parametre.valeurs[0].valeur)
            for cle, parametre in parametres.items()
            if len(parametre.valeurs) == 1
        }
        self._valeurs: dict[tuple[str, int, str | None], tuple[Valeur | None, str]] = {}
        self._criteres_par_departement: dict[str | None, tuple[CriterePret, ...]] = {}
        self.memoire: dict[str, dict[Any, Any]] = {}
        """Tables of results already computed, one for each use; see ``engine``."""

    @property
    def departements(self) -> tuple[str, ...]:
        """Codes of the départements that have rules of their own."""
        return tuple(p for p in self.fichiers if p != NATIONALE)

    def criteres_pour(self, departement: str | None) -> tuple[CriterePret, ...]:
        """Return the criteria that a result lists, in order."""
        trouves = self._criteres_par_departement.get(departement)
        if trouves is None:
            locaux = () if departement is None else self.criteres.get(departement, ())
            trouves = self._criteres_par_departement[departement] = (
                self.criteres[NATIONALE] + locaux
            )
        return trouves

    def criteres_pesant(self, departement: str | None) -> tuple[CriterePret, ...]:
        """Return the criteria that weigh on a verdict: of an unknown département, any may."""
        if departement is not None:
            return self.criteres_pour(departement)
        return tuple(critere for criteres in self.criteres.values() for critere in criteres)

    def parametre(
        self, nom: str, annee: int, portee: str | None = None
    ) -> tuple[Valeur | None, str]:
        """Return a parameter at a year, the local one if there is one, and the scope it is from."""
        cle = (nom, annee, portee)
        trouve = self._valeurs.get(cle)
        if trouve is None:
            source = NATIONALE if portee is None or (portee, nom) not in self.parametres else portee
            trouve = (valeur_a(self.parametres[source, nom], annee), source)
            if len(self._valeurs) < _VALEURS_MAXIMUM:
                self._valeurs[cle] = trouve
        return trouve

    def constante(self, nom: str, portee: str | None = None) -> Any:  # noqa: ANN401 - any value
        """Return a parameter that has a single value, the local one if there is one."""
        if portee is not None and (portee, nom) in self._constantes:
            return self._constantes[portee, nom]
        return self._constantes[NATIONALE, nom]

    def citations_du_fait(self, nom: str) -> tuple[Citation, ...]:
        """Return the passages to show beside a field: the fact's own, then its criteria's."""
        criteres = [c for groupe in self.criteres.values() for c in groupe]
        lues = (
            c for critere in criteres if nom in critere.critere.faits for c in critere.citations
        )
        return tuple(dict.fromkeys((*self._citations_des_faits.get(nom, ()), *lues)))

    def bloc_local(self, bloc: str) -> tuple[FaitDeclare, ...]:
        """Return the facts that a local block declares."""
        return self.fichiers[self.blocs[bloc]].faits


def _lectures(
    faits: tuple[Fait, ...], prefixe: str, locaux: Collection[str]
) -> tuple[LectureDeBloc, ...]:
    """Group facts by the block that holds them, in their order."""
    groupes: dict[str, list[str]] = {}
    codeurs: dict[str, list[Callable[[Any], int]]] = {}
    for fait in faits:
        if fait.declaration is not None:
            bloc, _, champ = fait.nom.removeprefix(prefixe).rpartition(".")
            groupes.setdefault(bloc, []).append(champ)
            codeurs.setdefault(bloc, []).append(fait.coder)
    return tuple(
        LectureDeBloc(
            bloc=tuple(bloc.split(".")) if bloc else (),
            local=bloc if bloc in locaux else None,
            noms=tuple(champs),
            lire=attrgetter(*champs) if len(champs) > 1 else _lire_un(champs[0]),
            inconnus=(None,) * len(champs),
            codeurs=tuple(codeurs[bloc]),
            memoire={},
        )
        for bloc, champs in groupes.items()
    )


def _lire_un(champ: str) -> Callable[[Any], tuple[Any, ...]]:
    lire = attrgetter(champ)
    return lambda objet: (lire(objet),)
