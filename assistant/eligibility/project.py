"""A project as a porteur describes it: every key may be absent or null, which means unknown.

The national facts are typed here. The facts that a département adds (its block) are declared in
its rule file and kept, checked against that declaration, under ``Projet.locaux``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic_core import PydanticCustomError

COLLECTIFS_MAXIMUM: Final = 200
COFINANCEMENTS_MAXIMUM: Final = 500
_FERME = ConfigDict(frozen=True, extra="forbid")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CENTIME = Decimal("0.01")
_MONTANT_MAXIMUM: Final = 1_000_000_000

DEPARTEMENT = r"^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-6])$"


def _date(valeur: object) -> object:
    if isinstance(valeur, dt.datetime):
        raise PydanticCustomError("date_seule", "date sans heure")
    if isinstance(valeur, dt.date):
        return valeur
    if isinstance(valeur, str) and _DATE.fullmatch(valeur):
        try:
            return dt.date.fromisoformat(valeur)
        except ValueError as error:
            raise PydanticCustomError("date_impossible", "cette date n'existe pas") from error
    raise PydanticCustomError("date_type", "date attendue")


def _montant(valeur: object) -> object:
    if isinstance(valeur, bool) or not isinstance(valeur, int | float | Decimal):
        raise PydanticCustomError("montant_type", "montant attendu")
    try:
        montant = Decimal(str(valeur))
    except ArithmeticError as error:
        raise PydanticCustomError("montant_type", "montant attendu") from error
    if not montant.is_finite():
        raise PydanticCustomError("montant_fini", "montant fini attendu")
    if montant < 0 or montant > _MONTANT_MAXIMUM:
        raise PydanticCustomError("montant_borne", "montant hors bornes")
    if montant != montant.quantize(_CENTIME):
        raise PydanticCustomError("montant_centime", "au centime près")
    return montant


def _annee(valeur: object) -> object:
    if isinstance(valeur, str) and re.fullmatch(r"[0-9]{4}-[0-9]{4}", valeur):
        debut, fin = valeur.split("-")
        if int(fin) == int(debut) + 1 and int(debut) > 0:
            return valeur
    raise PydanticCustomError("annee_scolaire", "deux années consécutives")


def _departement(valeur: object) -> object:
    if isinstance(valeur, str) and re.fullmatch(DEPARTEMENT, valeur):
        return valeur
    raise PydanticCustomError("departement", "code de département attendu")


def _ensemble(valeur: object) -> object:
    if isinstance(valeur, list | tuple | set | frozenset):
        return list(valeur)
    raise PydanticCustomError("liste_type", "liste attendue")


def _objectifs(noms: tuple[str, ...]) -> Any:  # noqa: ANN401 - a pydantic marker
    """Read the short form: a list says that these objectives are met and the others not."""

    def lire(valeur: object) -> object:
        if not isinstance(valeur, list | tuple):
            return valeur
        if not all(isinstance(nom, str) for nom in valeur):
            raise PydanticCustomError("objectif_type", "noms d'objectifs attendus")
        vrais = dict.fromkeys(valeur, True)
        return {**dict.fromkeys(noms, False), **vrais}

    return BeforeValidator(lire)


Jour: TypeAlias = Annotated[dt.date, BeforeValidator(_date)]
Montant: TypeAlias = Annotated[Decimal, BeforeValidator(_montant)]
AnneeScolaire: TypeAlias = Annotated[str, BeforeValidator(_annee)]
Departement: TypeAlias = Annotated[str, BeforeValidator(_departement)]
Nom: TypeAlias = Annotated[StrictStr, Field(max_length=500)]
Niveau = Literal["maternelle", "elementaire", "college", "lycee", "superieur"]
TypeDeFinanceur = Literal[
    "etat",
    "region",
    "departement",
    "commune",
    "msa",
    "fondation",
    "autre",
    "caf",
    "fonds_propres",
    "familles",
]
COFINANCEURS: Final[tuple[str, ...]] = get_args(TypeDeFinanceur)
Ensemble = BeforeValidator(_ensemble)


def _entier(maximum: int) -> Any:  # noqa: ANN401 - a pydantic marker
    return Field(default=None, ge=0, le=maximum)


class Porteur(BaseModel):
    """The structure that carries the project."""

    model_config = _FERME

    nom: Nom | None = None
    type: Literal["association", "centre_social", "collectivite", "autre"] | None = None
    annees_soutien_caf: StrictInt | None = _entier(200)
    bilan_conforme: StrictBool | None = None


class Public(BaseModel):
    """Whom the project is for."""

    model_config = _FERME

    niveaux: Annotated[frozenset[Niveau], Ensemble] | None = None
    besoin_repere_avec_etablissements: StrictBool | None = None


class Charte(BaseModel):
    """The principles of the charter."""

    model_config = _FERME

    laicite: StrictBool | None = None
    participation_familles: Literal["gratuite", "symbolique", "significative"] | None = None
    participation_liee_a_action_ponctuelle: StrictBool | None = None


class Coordinateur(BaseModel):
    """Who coordinates; ``niveau_bac_plus``: years after the baccalauréat."""

    model_config = _FERME

    designe: StrictBool | None = None
    niveau_bac_plus: StrictInt | None = _entier(15)
    experience: StrictBool | None = None


class AxeEnfants(BaseModel):
    """Obligatory objectives of the first axis."""

    model_config = _FERME

    methodologie: StrictBool | None = None
    ressources_locales: StrictBool | None = None
    vie_collective: StrictBool | None = None
    entraide: StrictBool | None = None
    suivi_presences: StrictBool | None = None


class AxeParents(BaseModel):
    """Obligatory objectives of the second axis."""

    model_config = _FERME

    information_inscription: StrictBool | None = None
    convivialite: StrictBool | None = None
    codes_ecole: StrictBool | None = None
    orientation_partenaires: StrictBool | None = None
    echanges_reguliers: StrictBool | None = None


class AxeEcole(BaseModel):
    """Obligatory objectives of the third axis."""

    model_config = _FERME

    relations_equipes: StrictBool | None = None
    orientation_enfants: StrictBool | None = None
    reunion_concertation: StrictBool | None = None


class AxeTerritoire(BaseModel):
    """Obligatory objective of the fourth axis."""

    model_config = _FERME

    partenaires_locaux: StrictBool | None = None


class Axes(BaseModel):
    """The four axes; each may be written as the list of the objectives that are met."""

    model_config = _FERME

    enfants: Annotated[AxeEnfants, _objectifs(tuple(AxeEnfants.model_fields))] | None = None
    parents: Annotated[AxeParents, _objectifs(tuple(AxeParents.model_fields))] | None = None
    ecole: Annotated[AxeEcole, _objectifs(tuple(AxeEcole.model_fields))] | None = None
    territoire: Annotated[AxeTerritoire, _objectifs(tuple(AxeTerritoire.model_fields))] | None = (
        None
    )


class Collectif(BaseModel):
    """A group of children; the three facts at the end hold for it alone when they are given."""

    model_config = _FERME

    enfants: StrictInt | None = _entier(10_000)
    intervenants: StrictInt | None = _entier(10_000)
    enfant_en_situation_de_handicap: StrictBool | None = None
    meme_lieu_accessible_aux_parents: StrictBool | None = None
    seances_par_semaine: StrictInt | None = _entier(100)
    duree_seance_minutes: StrictInt | None = _entier(1440)
    semaines: StrictInt | None = _entier(53)
    locaux_contraints: StrictBool | None = None
    derogation_comite: Literal["aucune", "en_attente", "accordee", "refusee"] | None = None
    prix_de_revient: Montant | None = None
    milieu_rural: StrictBool | None = None
    population_commune: StrictInt | None = _entier(100_000_000)
    demarrage_en_cours_d_annee: StrictBool | None = None


class Cofinancement(BaseModel):
    """Someone else's money, in euros."""

    model_config = _FERME

    financeur: Nom | None = None
    type: TypeDeFinanceur | None = None
    montant: Montant | None = None


class Budget(BaseModel):
    """Yearly costs and money, in euros."""

    model_config = _FERME

    cout_total: Montant | None = None
    autres_financements_caf_clas: Montant | None = None
    cofinancements: (
        Annotated[tuple[Cofinancement, ...], Field(max_length=COFINANCEMENTS_MAXIMUM)] | None
    ) = None


class DemandeDeBonus(BaseModel):
    """What one of the two bonuses takes."""

    model_config = _FERME

    demande: StrictBool | None = None
    projet_annuel: StrictBool | None = None
    au_dela_du_socle: StrictBool | None = None


class Bonus(BaseModel):
    """Both bonuses, and the completed years of operation."""

    model_config = _FERME

    annees_de_fonctionnement: StrictInt | None = _entier(200)
    enfants: DemandeDeBonus | None = None
    parents: DemandeDeBonus | None = None


class Projet(BaseModel):
    """A draft that was read and checked; build it with ``lire_projet``."""

    model_config = _FERME
    LOCAUX: ClassVar[str] = "locaux"

    annee_scolaire: AnneeScolaire | None = None
    departement: Departement | None = None
    porteur: Porteur | None = None
    public: Public | None = None
    diagnostic_des_besoins: StrictBool | None = None
    milieu_rural: StrictBool | None = None
    population_commune: StrictInt | None = _entier(100_000_000)
    demarrage_en_cours_d_annee: StrictBool | None = None
    debut: Jour | None = None
    fin: Jour | None = None
    depot_elan: Jour | None = None
    hors_temps_scolaire: StrictBool | None = None
    charte: Charte | None = None
    aide_aux_devoirs_exclusive: StrictBool | None = None
    actions_individuelles: Literal["aucune", "partielles", "exclusives"] | None = None
    evenements_collectifs_par_mois: StrictInt | None = _entier(1000)
    competences_intervenants: StrictBool | None = None
    coordinateur: Coordinateur | None = None
    axes: Axes | None = None
    collectifs: Annotated[tuple[Collectif, ...], Field(max_length=COLLECTIFS_MAXIMUM)] | None = None
    budget: Budget | None = None
    bonus: Bonus | None = None
    locaux: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Blocks of the départements, by name; values checked against their declaration."""

    @model_validator(mode="after")
    def _dates_dans_l_ordre(self) -> Projet:
        if self.debut and self.fin and self.fin < self.debut:
            raise PydanticCustomError(
                "fin_avant_debut",
                "« fin » ({fin}) précède « debut » ({debut}) ; la fin vient le même jour ou après.",
                {"fin": self.fin.isoformat(), "debut": self.debut.isoformat()},
            )
        return self

    @model_validator(mode="after")
    def _couts_coherents(self) -> Projet:
        total = self.budget.cout_total if self.budget else None
        connus = [c.prix_de_revient for c in self.collectifs or () if c.prix_de_revient is not None]
        if total is not None and sum(connus) > total:
            raise PydanticCustomError(
                "couts_incoherents",
                "« budget.cout_total » ({total} €) est inférieur à la somme des prix de revient "
                "des collectifs ({somme} €) ; le coût total les comprend tous.",
                {"total": str(total), "somme": str(sum(connus))},
            )
        return self
