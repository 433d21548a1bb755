"""Whether the cards say all that the texts say: what no card quotes is set aside with a reason.

The units are those of the ledger of normative sentences: sentences, list items, table rows and
notes. A heading is one only if it is normative: what a mere title announces, its section says.

Example:
    >>> bilan = couvrir()
    >>> bilan.complete, bilan.documents[0].atteintes
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.eligibility.ledger.normative import decouper_unites, marques_de
from assistant.fiches.loading import FichePrete
from corpus.lecture_yaml import read_yaml
from corpus.models import DocumentCanonique
from index.french import fold

FERME: Final = ConfigDict(frozen=True, extra="forbid")
DOSSIER: Final = Path(__file__).with_name("ecartees")
DEBUT_SUFFISANT: Final = 40
"""Characters from its beginning that are enough to name a long unit."""
INTITULES: Final = frozenset({"titre", "question", "encadre"})
"""Natures of the blocks that head others."""
Raison = Literal[
    "titre", "intitulé du document", "annonce de liste", "répétition",
    "formule administrative", "adresse web",
]  # fmt: skip
RAISONS: Final[tuple[Raison, ...]] = get_args(Raison)


class EcarteesInutilisables(ValueError):
    """A file of units set aside cannot be used; the message names it."""


class Unite(BaseModel):
    """Words that a card must quote, exactly ``texte`` at ``debut:fin``, and what holds them."""

    model_config = FERME

    debut: int
    fin: int
    texte: str
    intitule: bool
    """A heading, a question of a web page or the label of a box."""

    @property
    def clef(self) -> str:
        """The words alone, as they are compared."""
        return _mots(self.texte)


class Ecartee(BaseModel):
    """Units that no card needs to quote, and why.

    ``titre``: a heading; ``annonce de liste``: it introduces a list that cards quote;
    ``répétition``: ``fiche`` quotes the same words elsewhere in the document.
    """

    model_config = FERME

    extrait: str = Field(min_length=1)
    """The unit, or its first 40 characters at least; it names every unit that begins so and
    that no card quotes: a sentence said twice is quoted where it stands first."""
    raison: Raison
    fiche: str | None = None

    @model_validator(mode="after")
    def _selon_la_raison(self) -> Ecartee:
        if bool(self.fiche) != (self.raison == "répétition"):
            raise ValueError("« fiche » va avec la raison « répétition », et elle seule")
        return self

    def nomme(self, unite: Unite) -> bool:
        """Whether these words open a unit, and hold it whole or enough of it."""
        clef = _mots(self.extrait)
        suffit = len(self.extrait) >= DEBUT_SUFFISANT
        return clef == unite.clef or (suffit and unite.clef.startswith(clef))


class Ecartees(BaseModel):
    """What is set aside in one document."""

    model_config = FERME

    document: str
    ecartees: tuple[Ecartee, ...] = Field(min_length=1)


class CouvertureFiches(BaseModel):
    """Counts of one document."""

    model_config = FERME

    document: str
    unites: int
    atteintes: int
    """Units that a quotation of a card overlaps."""
    par_raison: Mapping[Raison, int]
    """Units set aside, by reason; every reason is there."""


class BilanFiches(BaseModel):
    """What the cards reach, and each fault in one French sentence."""

    model_config = FERME

    documents: tuple[CouvertureFiches, ...]
    fautes: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True when every unit is either reached or set aside, and nothing is both."""
        return not self.fautes


def lire_ecartees(dossier: Path = DOSSIER) -> tuple[Ecartees, ...]:
    """Read the files of units set aside, by name.

    Raises:
        EcarteesInutilisables: unreadable YAML, a wrong field, two files for one document.
    """
    fichiers = tuple(_lire(chemin) for chemin in sorted(dossier.glob("*.yaml")))
    repetes = [d for d, n in Counter(f.document for f in fichiers).items() if n > 1]
    if repetes:
        raise EcarteesInutilisables(f"Deux fichiers pour un même document : {', '.join(repetes)}.")
    return fichiers


def couvrir(
    fiches: Iterable[FichePrete],
    documents: Mapping[str, DocumentCanonique],
    ecartees: Iterable[Ecartees] | None = None,
) -> BilanFiches:
    """Compare cards with the texts.

    Args:
        fiches: cards whose quotations are found.
        documents: canonical texts by id.
        ecartees: what is set aside; the shipped files by default.
    """
    pretes = tuple(fiches)
    par_document = {e.document: e for e in (lire_ecartees() if ecartees is None else ecartees)}
    inconnus = sorted(par_document.keys() - documents.keys())
    fautes = [f"{nom} : aucun texte ne porte ce numéro." for nom in inconnus]
    comptes: list[CouvertureFiches] = []
    for nom, document in documents.items():
        mises = par_document[nom].ecartees if nom in par_document else ()
        compte, trouvees = _couvrir_document(document, pretes, mises)
        comptes.append(compte)
        fautes += trouvees
    return BilanFiches(documents=tuple(comptes), fautes=tuple(fautes))


def unites_a_couvrir(document: DocumentCanonique) -> tuple[Unite, ...]:
    """Units that must be reached or set aside: all that hold words, save headings without mark."""
    return tuple(
        Unite(debut=debut, fin=fin, texte=texte, intitule=bloc.nature in INTITULES)
        for bloc, debut, fin in decouper_unites(document)
        if any(map(str.isalpha, texte := document.texte[debut:fin]))
        and (bloc.nature not in INTITULES or marques_de(texte))
    )


def lecteurs(fiches: Iterable[FichePrete], document: str, unite: Unite) -> frozenset[str]:
    """Ids of the cards that quote a unit, in whole or in part."""
    return frozenset(
        prete.fiche.id
        for prete in fiches
        for c in prete.citations
        if c.document == document and c.debut < unite.fin and unite.debut < c.fin
    )


def _couvrir_document(
    document: DocumentCanonique, fiches: tuple[FichePrete, ...], ecartees: tuple[Ecartee, ...]
) -> tuple[CouvertureFiches, list[str]]:
    nom = document.fiche.id
    unites = unites_a_couvrir(document)
    lues = {unite: lecteurs(fiches, nom, unite) for unite in unites}
    raisons: dict[Unite, Raison] = {}
    fautes: list[str] = []
    for ecartee in ecartees:
        nommees = tuple(unite for unite in unites if ecartee.nomme(unite))
        restent = tuple(unite for unite in nommees if not lues[unite])
        trouble = _trouble(ecartee, nommees, restent, lues)
        repetee = any(unite in raisons for unite in restent)
        if trouble or repetee:
            fautes.append(f"{nom}, {_montrer(ecartee.extrait)} : {trouble or 'écartée deux fois.'}")
        raisons |= dict.fromkeys(restent, ecartee.raison)
    fautes += [
        f"{nom} : ni citée par une fiche ni écartée, « {unite.texte} »."
        for unite in unites
        if not lues[unite] and unite not in raisons
    ]
    par_raison = Counter(raisons.values())
    compte = CouvertureFiches(
        document=nom,
        unites=len(unites),
        atteintes=sum(map(bool, lues.values())),
        par_raison={raison: par_raison[raison] for raison in RAISONS},
    )
    return compte, fautes


def _trouble(
    ecartee: Ecartee,
    nommees: tuple[Unite, ...],
    restent: tuple[Unite, ...],
    lues: Mapping[Unite, frozenset[str]],
) -> str | None:
    """Say what is wrong with an entry, None if nothing is."""
    if not nommees:
        return "ces mots n'ouvrent aucune phrase du texte."
    if not restent:
        return f"écartée, alors que la fiche « {min(lues[nommees[0]])} » la cite."
    if ecartee.raison == "répétition" and not any(ecartee.fiche in lues[u] for u in nommees):
        return f"la fiche « {ecartee.fiche} » ne cite pas ces mots."
    if ecartee.raison == "titre" and not all(unite.intitule for unite in restent):
        return "ce n'est pas un titre."
    if ecartee.raison == "annonce de liste":
        return _trouble_d_une_annonce(restent, lues)
    return None


def _trouble_d_une_annonce(
    annonces: tuple[Unite, ...], lues: Mapping[Unite, frozenset[str]]
) -> str | None:
    suivantes = dict(zip(lues, list(lues)[1:], strict=False))
    for annonce in annonces:
        if not annonce.texte.rstrip().endswith(":"):
            return "ce n'est pas l'annonce d'une liste."
        if annonce not in suivantes or not lues[suivantes[annonce]]:
            return "aucune fiche ne cite la liste qu'elle annonce."
    return None


def _mots(texte: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(texte)).split())


def _montrer(texte: str) -> str:
    court = texte if len(texte) <= DEBUT_SUFFISANT else f"{texte[:DEBUT_SUFFISANT]}…"
    return f"« {court} »"


def _lire(chemin: Path) -> Ecartees:
    try:
        brut: Any = read_yaml(chemin.read_text(encoding="utf-8"))
        return Ecartees.model_validate(brut)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise EcarteesInutilisables(f"{chemin.name} : YAML illisible ({error})") from error
    except ValidationError as error:
        premiere = error.errors(include_url=False)[0]
        champ = ".".join(str(partie) for partie in premiere["loc"])
        raise EcarteesInutilisables(f"{chemin.name}, {champ} : {premiere['msg']}") from error
