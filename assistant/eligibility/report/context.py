"""What a report says about itself, and the words that rules give to facts and criteria."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from assistant.eligibility.rulebook import NATIONALE, Regles
from assistant.eligibility.schema import FaitDeclare, FichierDeRegles
from assistant.models import Citation
from corpus.models import DocumentCanonique

_FERME = ConfigDict(frozen=True, extra="forbid")
_DISTRIBUTION: Final = "assistant-clas"
_PLACE: Final = re.compile(r"\\\{[^{}]*\\\}")


class DocumentConsulte(BaseModel):
    """A text of the corpus, in the version that was read."""

    model_config = _FERME

    id: str
    titre: str
    titre_court: str
    """Title beside a quotation; the full one stands among the sources."""
    portee: str
    annee: str | None
    version: str
    adresse: str | None = None


class BlocLocal(BaseModel):
    """Facts that a département adds, and the name of the text that they come from."""

    model_config = _FERME

    bloc: str
    portee: str
    nom: str


class PhraseCitee(BaseModel):
    """A sentence that rules may add to a result, with places, and what grounds it."""

    model_config = _FERME

    gabarit: str
    est_lecture: bool
    """True for a reading of the texts, false for a reserve."""
    citations: tuple[Citation, ...]

    def dit(self, texte: str) -> bool:
        """Tell whether ``texte`` is this sentence, its places filled in."""
        motif = _PLACE.sub(".+?", re.escape(self.gabarit))
        return re.fullmatch(motif, texte, re.DOTALL | re.IGNORECASE) is not None


class Vocabulaire(BaseModel):
    """Names of facts and criteria, and what rules say of their own readings."""

    model_config = _FERME

    faits: tuple[FaitDeclare, ...]
    derives: Mapping[str, str]
    """Names of what is computed from facts, by path."""
    criteres: Mapping[str, str]
    lectures: Mapping[str, tuple[str, ...]]
    """Readings of a criterion, by its code."""
    lectures_generales: tuple[str, ...]
    annees: Mapping[str, str]
    """School years that a local text is written for, by scope."""
    blocs: tuple[BlocLocal, ...]
    phrases: tuple[PhraseCitee, ...]


class ContexteRapport(BaseModel):
    """Date, versions and names that a report shows.

    Example:
        >>> contexte = contexte_rapport(regles, load_corpus().documents, date.today())
        >>> ecrire_rapport(projet, resultat, contexte, Path("rapport.pdf"))
    """

    model_config = _FERME

    jour: dt.date
    documents: tuple[DocumentConsulte, ...]
    version_regles: str
    version_programme: str
    vocabulaire: Vocabulaire
    porteur: str | None = Field(default=None, max_length=500)
    """Name to show instead of the project's own."""


def contexte_rapport(
    regles: Regles,
    documents: Mapping[str, DocumentCanonique],
    jour: dt.date,
    porteur: str | None = None,
) -> ContexteRapport:
    """Gather what a report shows about the rules, the corpus and the program."""
    return ContexteRapport(
        jour=jour,
        documents=tuple(_consulte(d) for d in documents.values()),
        version_regles=regles.version,
        version_programme=version(_DISTRIBUTION),
        vocabulaire=_vocabulaire(regles),
        porteur=porteur,
    )


def _consulte(document: DocumentCanonique) -> DocumentConsulte:
    fiche = document.fiche
    return DocumentConsulte(
        id=fiche.id,
        titre=fiche.titre,
        titre_court=fiche.titre_court,
        portee=fiche.portee,
        annee=fiche.annee,
        version=document.version,
        adresse=fiche.adresse,
    )


def _vocabulaire(regles: Regles) -> Vocabulaire:
    fichiers = tuple(regles.fichiers.values())
    return Vocabulaire(
        faits=tuple(f for fichier in fichiers for f in fichier.faits),
        derives={d.nom: d.libelle for f in fichiers for d in f.derives}
        | {
            d.montant_retenu.liste: d.libelle
            for f in fichiers
            for d in f.derives
            if d.montant_retenu
        },
        criteres={c.code: c.titre for f in fichiers for c in f.criteres},
        lectures=_lectures(fichiers),
        lectures_generales=tuple(
            p.interpretation for f in fichiers for p in f.parametres if p.interpretation
        ),
        annees={portee: _annees(f) for portee, f in regles.fichiers.items() if portee != NATIONALE},
        blocs=tuple(BlocLocal(bloc=f.bloc, portee=f.portee, nom=f.nom) for f in fichiers if f.bloc),
        phrases=tuple(
            PhraseCitee(
                gabarit=r.reserve.texte,
                est_lecture=r.reserve.nature == "interpretation",
                citations=r.citations,
            )
            for r in regles.reserves
        ),
    )


def _lectures(fichiers: Iterable[FichierDeRegles]) -> dict[str, tuple[str, ...]]:
    trouvees: dict[str, tuple[str, ...]] = {}
    for fichier in fichiers:
        for critere in fichier.criteres:
            if critere.interpretation:
                deja = trouvees.get(critere.code, ())
                trouvees[critere.code] = (*deja, critere.interpretation)
    return trouvees


def _annees(fichier: FichierDeRegles) -> str:
    du, au = fichier.annees.du, fichier.annees.au
    return du or au or "" if du == au or not (du and au) else f"{du} à {au}"
