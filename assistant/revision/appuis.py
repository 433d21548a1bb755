"""Everything that quotes the texts: rules, parameters, ledger and cards, with the words quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.eligibility import Regles
from assistant.eligibility.ledger.coverage import unites_des_entrees
from assistant.eligibility.ledger.model import Registre
from assistant.fiches.loading import FichePrete
from corpus.models import DocumentCanonique

Genre = Literal["regle", "parametre", "fiche", "registre"]


class Appui(BaseModel):
    """One quotation, and what would no longer be proved without it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    genre: Genre
    nom: str
    """The rule, the parameter, the card or the ledger's entry, as an agent knows it."""
    champ: str
    document: str
    version: str
    debut: int
    fin: int
    extrait: str


def list_supports(
    documents: Mapping[str, DocumentCanonique],
    regles: Regles,
    fiches: Iterable[FichePrete],
    registres: Iterable[Registre],
) -> tuple[Appui, ...]:
    """Every quotation of everything that quotes, in a steady order."""
    return (
        *_of_rules(regles),
        *_of_cards(fiches),
        *_of_ledger(registres, documents),
    )


def _of_rules(regles: Regles) -> Iterator[Appui]:
    for appui in regles.appuis:
        parameter = appui.regle.startswith("paramètre ")
        yield Appui(
            genre="parametre" if parameter else "regle",
            nom=appui.regle,
            champ=appui.champ,
            document=appui.citation.document,
            version=appui.citation.version,
            debut=appui.citation.debut,
            fin=appui.citation.fin,
            extrait=appui.citation.extrait,
        )


def _of_cards(fiches: Iterable[FichePrete]) -> Iterator[Appui]:
    for fiche in fiches:
        for rank, citation in enumerate(fiche.citations, start=1):
            yield Appui(
                genre="fiche",
                nom=fiche.fiche.id,
                champ=f"preuve {rank}",
                document=citation.document,
                version=citation.version,
                debut=citation.debut,
                fin=citation.fin,
                extrait=citation.extrait,
            )


def _of_ledger(
    registres: Iterable[Registre], documents: Mapping[str, DocumentCanonique]
) -> Iterator[Appui]:
    for registre in registres:
        document = documents.get(registre.document)
        if document is None:
            continue
        for entree, unite in unites_des_entrees(document, registre.entrees):
            yield Appui(
                genre="registre",
                nom=", ".join(entree.regles) or entree.mot,
                champ=entree.sort,
                document=registre.document,
                version=document.version,
                debut=unite.debut,
                fin=unite.fin,
                extrait=document.texte[unite.debut : unite.fin],
            )
