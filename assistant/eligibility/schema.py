"""What a rule file may say: facts, dated parameters, criteria, exceptions, local variants.

Everything here is data read from YAML. A condition is a mapping with exactly one operator, out of
a closed set; there is no expression to parse, and nothing in a file can name Python code.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

FERME = ConfigDict(frozen=True, extra="forbid")

Statut = Literal["conforme", "non_conforme", "sous_reserve", "a_renseigner", "alerte", "sans_objet"]
StatutFerme = Literal["conforme", "sous_reserve", "non_conforme", "alerte", "sans_objet"]
Annee: TypeAlias = str
Scalaire: TypeAlias = bool | int | str
ValeurDeParametre: TypeAlias = int | Decimal | dt.date | str | tuple[str, ...]
TypeDeFait = Literal[
    "booleen", "choix", "ensemble", "entier", "montant", "date", "annee", "departement", "texte"
]

_ANNEE = r"^\d{4}-\d{4}$"


class Source(BaseModel):
    """A quotation that grounds a rule: a document of the corpus and its exact words."""

    model_config = FERME

    document: str
    extrait: str = Field(min_length=1)


class Periode(BaseModel):
    """School years from ``du`` to ``au``, both included; an absent bound is open."""

    model_config = FERME

    du: Annee | None = Field(default=None, pattern=_ANNEE)
    au: Annee | None = Field(default=None, pattern=_ANNEE)


class Egalite(BaseModel):
    """A fact and the one value that it is compared to."""

    model_config = FERME

    fait: str
    valeur: Scalaire


class Appartenance(BaseModel):
    """A fact and several values, given here or by a parameter."""

    model_config = FERME

    fait: str
    valeurs: tuple[str, ...] | None = None
    parametre: str | None = None

    @model_validator(mode="after")
    def _un_seul(self) -> Appartenance:
        if (self.valeurs is None) == (self.parametre is None):
            raise ValueError("donnez « valeurs » ou « parametre », l'un des deux")
        return self


class Comparaison(BaseModel):
    """A number or a date, and the parameter that it is compared to."""

    model_config = FERME

    fait: str
    parametre: str


class Condition(BaseModel):
    """Exactly one operator.

    ``toutes``, ``une``, ``non`` combine; ``vrai``, ``faux`` read a boolean; ``egal``, ``parmi`` a
    choice; ``au_moins`` (>=), ``plus_de`` (>), ``au_plus`` (<=), ``moins_de`` (<) a number or a
    date against a parameter; ``contient_un_de``, ``inclus_dans``, ``exactement``, ``vide`` a set;
    ``annee`` the school year.
    """

    model_config = FERME

    toutes: tuple[Condition, ...] | None = None
    une: tuple[Condition, ...] | None = None
    non: Condition | None = None
    vrai: str | None = None
    faux: str | None = None
    egal: Egalite | None = None
    parmi: Appartenance | None = None
    au_moins: Comparaison | None = None
    plus_de: Comparaison | None = None
    au_plus: Comparaison | None = None
    moins_de: Comparaison | None = None
    contient_un_de: Appartenance | None = None
    inclus_dans: Appartenance | None = None
    exactement: Appartenance | None = None
    vide: str | None = None
    annee: Periode | None = None

    @model_validator(mode="after")
    def _un_seul_operateur(self) -> Condition:
        if len(self.model_fields_set) != 1:
            raise ValueError(
                "une condition porte exactement un opérateur parmi "
                f"{', '.join(type(self).model_fields)}"
            )
        return self

    @property
    def operateur(self) -> str:
        """Name of the operator."""
        return next(iter(self.model_fields_set))


class FaitDeclare(BaseModel):
    """A fact: its path in a project file (``collectifs.*.semaines``), how to ask for it."""

    model_config = FERME

    nom: str
    type: TypeDeFait
    libelle: str
    question: str
    aide: str | None = None
    valeurs: tuple[str, ...] = ()
    libelles_valeurs: dict[str, str] = Field(default_factory=dict)
    minimum: int = 0
    maximum: int | None = None
    corrigible: bool = False
    """True when a porteur can change it without a false declaration."""
    exemple: bool | int | str | tuple[str, ...] | None = None
    """A value that conforms, for the example project of a département."""
    herite_de: str | None = None
    """Project fact that holds where the collectif gives none."""
    citations: tuple[Source, ...] = ()
    """Passages that a form shows beside the field."""


class MontantRetenu(BaseModel):
    """Derived boolean: some record of a list, of an accepted kind, has an amount above zero."""

    model_config = FERME

    liste: str
    parametre: str
    """Kinds that count."""
    ajouter: dict[str, str | int]
    """Record proposed when none counts."""


class DateSituee(BaseModel):
    """Derived choice: ``avant``, ``a_partir`` or ``indetermine``, against a dated parameter."""

    model_config = FERME

    date: str
    parametre: str


class Derive(BaseModel):
    """A fact computed from others; unknown only where its operation says so."""

    model_config = FERME

    nom: str
    libelle: str
    montant_retenu: MontantRetenu | None = None
    date_situee: DateSituee | None = None
    corrigible: bool = False

    @model_validator(mode="after")
    def _une_operation(self) -> Derive:
        if (self.montant_retenu is None) == (self.date_situee is None):
            raise ValueError("donnez « montant_retenu » ou « date_situee », l'un des deux")
        return self


class ValeurDatee(BaseModel):
    """A value of a parameter over school years, and the words that set it."""

    model_config = FERME

    du: Annee | None = Field(default=None, pattern=_ANNEE)
    au: Annee | None = Field(default=None, pattern=_ANNEE)
    valeur: ValeurDeParametre
    citations: tuple[Source, ...] = ()


class Parametre(BaseModel):
    """A number, date or list of the domain.

    ``annuel``: each value holds for its own years; between and after them the last known one is
    carried on, to be confirmed, if ``reconduit``; before the first there is none. Otherwise the
    values follow one another with neither gap nor overlap.
    """

    model_config = FERME

    nom: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    titre: str
    unite: str | None = None
    annuel: bool = False
    reconduit: bool = False
    hors_corpus: bool = False
    """True for what no text of the corpus holds: shown as such, never cited."""
    interpretation: str | None = None
    permet: tuple[Source, ...] = ()
    """In a local file, the national passage that lets it replace a national parameter."""
    valeurs: tuple[ValeurDatee, ...] = Field(min_length=1)


class Cas(BaseModel):
    """A condition and the status that it leads to; ``sinon``: when no other case holds."""

    model_config = FERME

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    si: Condition | None = None
    sinon: bool = False
    statut: StatutFerme
    motif: str
    reserve: str | None = None
    interpretation: str | None = None
    citations: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _une_condition(self) -> Cas:
        if (self.si is None) != self.sinon:
            raise ValueError("donnez « si », ou « sinon: true », l'un des deux")
        return self


class CasPrioritaire(Cas):
    """An exception: it prevails over cases of a smaller ``priorite`` (ordinary cases: 0)."""

    priorite: int = Field(ge=1, le=9)


class Critere(BaseModel):
    """A criterion of eligibility, with all that a person needs to check it."""

    model_config = FERME

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    titre: str
    par_collectif: bool = False
    validite: Periode = Periode()
    """School years of the rule itself: versions of one code follow one another."""
    faits: tuple[str, ...]
    constate: str
    attendu: str
    interpretation: str | None = None
    concours: Literal["le_plus_favorable"] | None = None
    """How cases of equal priority that hold together are settled; absent: they never may."""
    hors_annees: Literal["plafonne", "sans_objet"] | None = None
    """A local rule outside its text's own years: ``non_conforme`` softened, or no object."""
    cas: tuple[Cas, ...] = Field(min_length=1)
    exceptions: tuple[CasPrioritaire, ...] = ()
    citations: tuple[Source, ...] = ()
    indispensable: bool = False
    """True for a fact that says which rules apply: it follows from no passage, and while it is
    unknown nothing but a refusal is firm."""


class Variante(BaseModel):
    """What a local text changes in a national criterion, and the passage that lets it."""

    model_config = FERME

    critere: str
    permet: tuple[Source, ...] = Field(min_length=1)
    remplace: tuple[str, ...] = ()
    """National exceptions that no longer hold."""
    faits: tuple[str, ...]
    attendu: str | None = None
    concours: Literal["le_plus_favorable"] | None = None
    hors_annees: Literal["plafonne"] | None = None
    cas: tuple[Cas, ...] = ()
    """A second set of cases: the worse of the two statuses counts."""
    exceptions: tuple[CasPrioritaire, ...] = ()
    """Exceptions that join the national ones."""


class Reserve(BaseModel):
    """A sentence that every result carries, or those that ``quand`` names."""

    model_config = FERME

    id: str
    quand: Literal[
        "toujours",
        "departement_sans_texte",
        "texte_sans_regle",
        "texte_hors_annees",
        "bareme_a_confirmer",
        "bareme_inconnu",
        "annee_inconnue",
        "bonus",
        "bonus_local",
        "proratisation",
        "ps_coupee",
        "montants",
    ]
    nature: Literal["reserve", "interpretation"] = "reserve"
    texte: str
    citations: tuple[Source, ...] = ()


class Echeance(BaseModel):
    """A step of the payment calendar."""

    model_config = FERME

    montant: Literal["acompte_n_max", "acompte_n1_max", "solde"]
    quand: str
    quoi: str
    citations: tuple[Source, ...] = Field(min_length=1)


class CasPluriannuel(BaseModel):
    """A condition under which several years may be funded at once."""

    model_config = FERME

    id: str
    si: Condition | None = None
    sinon: bool = False
    possible: bool
    duree: str | None = None
    """Parameter that holds the longest duration."""
    motif: str
    citations: tuple[Source, ...] = Field(min_length=1)


class Pluriannuel(BaseModel):
    """Multi-year funding: the first case that holds."""

    model_config = FERME

    faits: tuple[str, ...]
    inconnu: str
    cas: tuple[CasPluriannuel, ...]


class FichierDeRegles(BaseModel):
    """One file: one scope."""

    model_config = FERME

    portee: str = Field(pattern=r"^(nationale|\d{2,3}|2[AB])$")
    nom: str
    bloc: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    """Key of the project block that holds the facts of a département."""
    texte: str | None = None
    """Document that the local rules come from."""
    annees: Periode = Periode()
    """School years that the local text is written for."""
    faits: tuple[FaitDeclare, ...] = ()
    derives: tuple[Derive, ...] = ()
    parametres: tuple[Parametre, ...] = ()
    criteres: tuple[Critere, ...] = ()
    variantes: tuple[Variante, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    calendrier_paiement: tuple[Echeance, ...] = ()
    pluriannuel: Pluriannuel | None = None
