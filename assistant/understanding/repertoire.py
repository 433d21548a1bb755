"""The gazetteer: names of départements, towns and foreign places, looked up by their words."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from assistant.understanding.donnees import lire_yaml
from assistant.understanding.texte import mots

_GELE = ConfigDict(frozen=True, extra="forbid")

Niveau = Literal["libre", "article", "dans", "capitale"]
Par = Literal["nom", "numero", "ville"]

MOTS_MAX = 7
"""Words of the longest name: « Saint-Germain-au-Mont-d'Or » and the like."""

LONGUEUR_FAUTE = 8
"""Letters, doubled ones counted once, below which a misspelt name is not looked for: shorter
names are one letter away from too many other words."""


class Departement(BaseModel):
    """One département as the data file describes it."""

    model_config = _GELE

    code: str = Field(pattern=r"^(0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-6])$")
    nom: str
    article: Literal["le", "la", "les", "l'", ""]
    niveau: Niveau
    formes: tuple[str, ...] = ()
    gentiles: tuple[str, ...] = ()
    villes: tuple[str, ...] = ()
    villes_ambigues: tuple[str, ...] = ()
    gentiles_villes: tuple[str, ...] = ()


class Contextes(BaseModel):
    """The words that make or unmake a département around a name or a number (all folded)."""

    model_config = _GELE

    institutions: frozenset[str]
    lieux: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    suites: frozenset[str]
    determinants: frozenset[str]
    voies: frozenset[str]
    personnes: frozenset[str]
    mots_de_phrase: frozenset[str]
    mots_cles_max: int
    unites: frozenset[str]
    comptes: frozenset[str]
    comptes_avant: frozenset[str]
    quantites: frozenset[str]
    mois: frozenset[str]
    nombres: frozenset[str]
    leurres: tuple[str, ...]
    etranger: dict[str, tuple[str, ...]]
    mots_proches: frozenset[str]


class Nom(NamedTuple):
    """What a sequence of words may name. No code and no country: a decoy, to be skipped."""

    codes: tuple[str, ...]
    par: Par
    niveau: Niveau | Literal["ville"]
    """What must stand around it; ``ville``: a town whose name is also a word."""
    article: str
    pays: str = ""
    gentile: bool = False
    """« montpelliéraine » rather than « Montpellier »."""


class Repertoire(NamedTuple):
    """Every name by its words, and the long ones by their letters for misspellings."""

    noms: dict[tuple[str, ...], Nom]
    longueurs: dict[str, int]
    """For a first word, the number of words of the longest name that it opens."""
    fautifs: dict[tuple[str, int], tuple[tuple[str, Nom], ...]]
    """Names without their doubled letters, by first letter and length."""
    codes: frozenset[str]


@cache
def lire_departements() -> tuple[Departement, ...]:
    """Read and check the départements' data file."""
    contenu = lire_yaml("departements.yaml")
    return tuple(Departement.model_validate(ligne) for ligne in contenu["departements"])


@cache
def lire_contextes() -> Contextes:
    """Read and check the context words' data file."""
    return Contextes.model_validate(lire_yaml("contextes.yaml"))


def cle(texte: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: folded, « st » read as « saint »."""
    return tuple(mot_compare(mot) for mot in mots(texte))


def mot_compare(mot: str) -> str:
    """Return a folded word as names are compared: « st » is « saint », « ste » is « sainte »."""
    return {"st": "saint", "ste": "sainte"}.get(mot, mot)


def serrer(lettres: str) -> str:
    """Drop doubled letters and a leading « h », the commonest mistakes (« vileurbane »)."""
    serre = "".join(c for i, c in enumerate(lettres) if i == 0 or c != lettres[i - 1])
    return serre.removeprefix("h")


def _accords(gentile: str) -> tuple[str, ...]:
    formes = [gentile, f"{gentile}e", f"{gentile}s", f"{gentile}es"]
    if gentile.endswith("n"):
        formes += [f"{gentile}ne", f"{gentile}nes"]
    return tuple(formes)


def _formes_de_ville(ville: str) -> tuple[str, ...]:
    """« Le Mans » is also said « au Mans », « du Mans »; « Les Ulis », « aux Ulis »."""
    for article, contractes in (("Le ", ("au ", "du ")), ("Les ", ("aux ", "des "))):
        if ville.startswith(article):
            reste = ville.removeprefix(article)
            return (ville, *(contracte + reste for contracte in contractes))
    return (ville,)


def _entrees(departement: Departement) -> list[tuple[str, Nom]]:
    codes, article = (departement.code,), departement.article
    nom = Nom(codes, "nom", departement.niveau, article)
    libre = Nom(codes, "nom", "libre", article)
    ville = Nom(codes, "ville", "libre", "")
    ambigue = Nom(codes, "ville", "ville", "")
    habitant = libre._replace(gentile=True)
    citadin = ville._replace(gentile=True)
    entrees = [(departement.nom.removeprefix("La "), nom)]
    entrees += [(forme, libre) for forme in departement.formes]
    entrees += [
        (forme, habitant) for gentile in departement.gentiles for forme in _accords(gentile)
    ]
    entrees += [(forme, ville) for nom in departement.villes for forme in _formes_de_ville(nom)]
    entrees += [(nom, ambigue) for nom in departement.villes_ambigues]
    entrees += [
        (forme, citadin) for gentile in departement.gentiles_villes for forme in _accords(gentile)
    ]
    return entrees


@cache
def repertoire() -> Repertoire:
    """Build the gazetteer from the data files (once per process)."""
    departements, contextes = lire_departements(), lire_contextes()
    noms: dict[tuple[str, ...], Nom] = {}
    for departement in departements:
        for forme, nom in _entrees(departement):
            mots_du_nom = cle(forme)
            connu = noms.get(mots_du_nom)
            # One name for two départements (Saint-Denis, Corse) says both, whoever reads decides;
            # the département's own name wins over a town's.
            if connu is None:
                noms[mots_du_nom] = nom
            elif connu.par == nom.par and nom.codes[0] not in connu.codes:
                noms[mots_du_nom] = connu._replace(codes=(*connu.codes, *nom.codes))
            elif nom.par == "nom":
                noms[mots_du_nom] = nom
    for pays, lieux in contextes.etranger.items():
        for lieu in lieux:
            noms.setdefault(cle(lieu), Nom((), "nom", "libre", "", pays))
    for leurre in contextes.leurres:
        noms[cle(leurre)] = Nom((), "nom", "libre", "")
    return Repertoire(
        noms=noms,
        longueurs=_longueurs(noms),
        fautifs=_fautifs(noms),
        codes=frozenset(departement.code for departement in departements),
    )


def _longueurs(noms: dict[tuple[str, ...], Nom]) -> dict[str, int]:
    longueurs: dict[str, int] = {}
    for mots_du_nom in noms:
        premier = mots_du_nom[0]
        longueurs[premier] = max(longueurs.get(premier, 0), len(mots_du_nom))
    return longueurs


def _se_devine(nom: Nom) -> bool:
    """Whether the name may be recognised misspelt: demonyms are too close to verbs for that."""
    return bool(nom.codes) and nom.niveau == "libre" and not nom.gentile


def _fautifs(
    noms: dict[tuple[str, ...], Nom],
) -> dict[tuple[str, int], tuple[tuple[str, Nom], ...]]:
    fautifs: dict[tuple[str, int], list[tuple[str, Nom]]] = {}
    for mots_du_nom, nom in noms.items():
        serre = serrer("".join(mots_du_nom))
        if _se_devine(nom) and len(serre) >= LONGUEUR_FAUTE:
            fautifs.setdefault((serre[0], len(serre)), []).append((serre, nom))
    return {place: tuple(liste) for place, liste in fautifs.items()}
