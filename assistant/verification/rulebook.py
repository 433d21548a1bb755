"""The rule book: every rule, case and value in service, with the words that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from assistant.eligibility import Regles
from assistant.eligibility.loading import Citeur, nommer_parametre
from assistant.eligibility.revision import element_de
from assistant.eligibility.schema import (
    Cas,
    Critere,
    FichierDeRegles,
    Parametre,
    Source,
    Variante,
)
from assistant.models import Citation
from corpus.models import FROZEN, NATIONALE, DocumentCanonique

_LISTE: Final = ", "


class Clause(BaseModel):
    """A case, a value or the rule itself: what it says and the words that it rests on."""

    model_config = FROZEN

    cas: str = ""
    statut: str = ""
    dit: str = ""
    du: str = ""
    au: str = ""
    lecture: str = ""
    citations: tuple[Citation, ...] = ()


class RegleDuLivre(BaseModel):
    """A rule of the book."""

    model_config = FROZEN

    portee: str
    sorte: str
    code: str
    titre: str = ""
    ecartee: str = ""
    """Why it is put aside for now; empty when it is not."""
    clauses: tuple[Clause, ...]


def rule_book(
    regles: Regles, documents: Mapping[str, DocumentCanonique]
) -> tuple[RegleDuLivre, ...]:
    """Every rule of every scope, in the order of the rule files.

    Raises:
        ReglesInutilisables: a quotation of a rule is not in the texts.
    """
    livre = _Livre(regles, documents)
    return tuple(
        regle
        for portee, fichier in regles.fichiers.items()
        for regle in livre.read(portee, fichier)
    )


class _Livre:
    """Reads rule files, quotations found in the texts."""

    def __init__(self, regles: Regles, documents: Mapping[str, DocumentCanonique]) -> None:
        self._revision = regles.revision
        self._citeur = Citeur(documents, regles.revision)

    def read(self, portee: str, fichier: FichierDeRegles) -> Iterator[RegleDuLivre]:
        yield from (self._criterion(portee, critere) for critere in fichier.criteres)
        yield from (self._variant(portee, variante) for variante in fichier.variantes)
        yield from (self._parameter(portee, parametre) for parametre in fichier.parametres)
        for reserve in fichier.reserves:
            nom = f"réserve {reserve.id}"
            clause = Clause(dit=reserve.texte, citations=self._quote(nom, reserve.citations))
            yield RegleDuLivre(
                portee=portee,
                sorte=reserve.nature,
                code=reserve.id,
                ecartee=self._aside(nom),
                clauses=(clause,),
            )
        for echeance in fichier.calendrier_paiement:
            nom = f"échéance {echeance.montant}"
            clause = Clause(
                cas=echeance.quand,
                dit=echeance.quoi,
                citations=self._quote(nom, echeance.citations),
            )
            yield RegleDuLivre(
                portee=portee,
                sorte="échéance",
                code=echeance.montant,
                ecartee=self._aside(nom),
                clauses=(clause,),
            )
        for cas in fichier.pluriannuel.cas if fichier.pluriannuel else ():
            nom = f"pluriannuel {cas.id}"
            clause = Clause(
                statut="possible" if cas.possible else "impossible",
                dit=cas.motif,
                citations=self._quote(nom, cas.citations),
            )
            yield RegleDuLivre(
                portee=portee,
                sorte="pluriannuel",
                code=cas.id,
                ecartee=self._aside(nom),
                clauses=(clause,),
            )

    def _criterion(self, portee: str, critere: Critere) -> RegleDuLivre:
        nom = f"critère {critere.code}"
        tete = Clause(
            dit=critere.attendu,
            du=critere.validite.du or "",
            au=critere.validite.au or "",
            lecture=critere.interpretation or "",
            citations=self._quote(nom, critere.citations),
        )
        return RegleDuLivre(
            portee=portee,
            sorte="critère",
            code=critere.code,
            titre=critere.titre,
            ecartee=self._aside(nom),
            clauses=(tete, *self._cases(nom, (*critere.cas, *critere.exceptions))),
        )

    def _variant(self, portee: str, variante: Variante) -> RegleDuLivre:
        permis, nom = f"variante {variante.critere}", f"variante {variante.critere} ({portee})"
        tete = Clause(dit=variante.attendu or "", citations=self._quote(permis, variante.permet))
        return RegleDuLivre(
            portee=portee,
            sorte="variante",
            code=variante.critere,
            ecartee=(
                self._aside(f"critère {variante.critere}")
                or self._aside(nom)
                or self._aside(permis)
            ),
            clauses=(tete, *self._cases(nom, (*variante.cas, *variante.exceptions))),
        )

    def _parameter(self, portee: str, parametre: Parametre) -> RegleDuLivre:
        nom = nommer_parametre(portee, parametre.nom)
        lecture = "Hors corpus : aucun texte ne le donne." if parametre.hors_corpus else ""
        valeurs = tuple(
            Clause(
                dit=_value(valeur.valeur, parametre.unite),
                du=valeur.du or "",
                au=valeur.au or "",
                lecture=parametre.interpretation or lecture,
                citations=self._quote(nom, (*valeur.citations, *parametre.permet)),
            )
            for valeur in parametre.valeurs
        )
        return RegleDuLivre(
            portee=portee,
            sorte="paramètre",
            code=parametre.nom,
            titre=parametre.titre,
            ecartee=self._aside(nom),
            clauses=valeurs,
        )

    def _cases(self, regle: str, cas: Iterable[Cas]) -> Iterator[Clause]:
        for un in cas:
            yield Clause(
                cas=un.id,
                statut=un.statut,
                dit=un.motif,
                lecture=un.interpretation or un.reserve or "",
                citations=self._quote(regle, un.citations),
            )

    def _quote(self, regle: str, sources: Sequence[Source]) -> tuple[Citation, ...]:
        return self._citeur.citer_tout(regle, "citations", sources)

    def _aside(self, regle: str) -> str:
        """Why a rule is put aside; empty when it is not."""
        genre, nom = element_de(regle)
        ecartes = self._revision.parametres if genre == "parametre" else self._revision.ecartes
        return ecartes.get(nom, "")


def _value(valeur: object, unite: str | None) -> str:
    ecrite = _LISTE.join(map(str, valeur)) if isinstance(valeur, tuple) else str(valeur)
    return f"{ecrite} {unite}" if unite else ecrite


def named_scope(portee: str) -> str:
    """A scope as the exports write it: « nationale », or the code of a département."""
    return portee if portee == NATIONALE else f"département {portee}"
