"""Names and values of facts, as a person reads them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from assistant.answers.places import nom_departement
from assistant.eligibility.report.context import ContexteRapport
from assistant.eligibility.report.wording import Textes
from assistant.eligibility.rulebook import COLLECTIF, NATIONALE
from assistant.eligibility.schema import FaitDeclare
from assistant.eligibility.templates import date_en_mots, euros, nombre_en_mots
from assistant.models import Citation

_RANG: Final = re.compile(r"^collectifs\.(\d+)\.")
_COFINANCEMENT: Final = re.compile(r"^budget\.cofinancements\.(\d+)$")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Libelles:
    """What facts, values, scopes and quotations are called in a report."""

    def __init__(self, contexte: ContexteRapport, textes: Textes) -> None:
        self._vocabulaire = contexte.vocabulaire
        self._faits = {f.nom: f for f in self._vocabulaire.faits}
        self._titres = {d.id: d.titre_court for d in contexte.documents}
        self._textes = textes

    def fait(self, chemin: str) -> FaitDeclare | None:
        """Return the declaration of a fact: ``collectifs.2.semaines``, ``charte.laicite``."""
        return self._faits.get(_RANG.sub(lambda _: COLLECTIF, chemin))

    def nom(self, chemin: str) -> str:
        """Name a fact: « collectif 2 – semaines de fonctionnement »; else its path."""
        declare = self.fait(chemin)
        if declare is None:
            connu = self._vocabulaire.derives.get(chemin)
            if connu is None and chemin == self._textes.mot("collectifs_chemin"):
                return self._textes.mot("collectifs").lower()
            ligne = _COFINANCEMENT.match(chemin)
            if ligne is not None:
                return self._textes.mot("cofinancement", rang=ligne[1])
            return connu or chemin
        rang = _RANG.match(chemin)
        if rang is None:
            return declare.libelle
        return f"{self._textes.mot('collectif', rang=rang[1])} – {declare.libelle}"

    def question(self, chemin: str) -> str:
        """Return the question that asks for a fact, or nothing."""
        declare = self.fait(chemin)
        return declare.question if declare else self._textes.questions.get(chemin, "")

    def valeur(self, valeur: Any, declare: FaitDeclare | None = None) -> str:  # noqa: ANN401
        """Write the value of a fact; None is « non renseigné »."""
        genre = declare.type if declare else None
        if valeur is None:
            return self._textes.mot("inconnu")
        if isinstance(valeur, bool):
            return self._textes.mot("oui" if valeur else "non")
        if isinstance(valeur, dt.date):
            return date_en_mots(valeur)
        if isinstance(valeur, Mapping):
            return self._ligne(valeur)
        if isinstance(valeur, frozenset | set | list | tuple):
            return self._ensemble(valeur, declare)
        if isinstance(valeur, int | float | Decimal):
            exact = Decimal(str(valeur))
            return euros(exact) if genre == "montant" else nombre_en_mots(exact)
        return self._texte(str(valeur), genre, declare)

    def montant(self, montant: Decimal | int | None) -> str:
        """Write an amount in euros; None is « non renseigné »."""
        return self._textes.mot("inconnu") if montant is None else euros(montant)

    def _texte(self, valeur: str, genre: str | None, declare: FaitDeclare | None) -> str:
        if genre == "departement":
            return f"{nom_departement(valeur)} ({valeur})"
        if genre == "date" and _DATE.fullmatch(valeur):
            return date_en_mots(dt.date.fromisoformat(valeur))
        if genre in {"choix", "ensemble"}:
            return self.choix(valeur, declare)
        return valeur

    def choix(self, valeur: str, declare: FaitDeclare | None = None) -> str:
        """Write one value of a choice."""
        propre = declare.libelles_valeurs.get(valeur) if declare else None
        return propre or self._textes.valeurs.get(valeur, valeur)

    def _ensemble(self, valeurs: Any, declare: FaitDeclare | None) -> str:  # noqa: ANN401
        if not valeurs:
            return self._textes.mot("aucun")
        if any(isinstance(v, Mapping) for v in valeurs):
            return " ; ".join(self._ligne(v) for v in valeurs)
        ordre = declare.valeurs if declare else ()
        rang = {valeur: place for place, valeur in enumerate(ordre)}
        rangees = sorted((str(v) for v in valeurs), key=lambda v: (rang.get(v, len(rang)), v))
        return ", ".join(self.choix(v, declare) for v in rangees)

    def ajout(self, lignes: Iterable[Mapping[str, Any]]) -> str:
        """Write records to add to those declared; their amounts are for the porteur to set."""
        dites = " ; ".join(self._ligne({**ligne, "montant": None}) for ligne in lignes)
        return self._textes.mot("en_ajouter", ligne=dites)

    def _ligne(self, ligne: Mapping[str, Any]) -> str:
        """Write a record of money from someone: « commune de Lunel (commune), 3 000 € »."""
        nom = str(ligne.get("financeur") or self._textes.mot("inconnu"))
        genre, montant = ligne.get("type"), ligne.get("montant")
        suite = "" if montant is None else f", {euros(Decimal(str(montant)))}"
        return f"{nom} ({self.choix(str(genre))}){suite}" if genre else nom + suite

    def portee(self, portee: str) -> str:
        """Write a scope: « nationale », « Hérault (34), texte de 2025-2026 »."""
        if portee == NATIONALE:
            return self._textes.mot("nationale")
        nom = f"{nom_departement(portee)} ({portee})"
        annee = self._vocabulaire.annees.get(portee)
        return f"{nom}, {self._textes.mot('texte_de', annee=annee)}" if annee else nom

    def source(self, citation: Citation) -> str:
        """Say where quoted words stand: document, section, page, scope, year."""
        parties = [self._titres.get(citation.document, citation.titre)]
        if citation.section:
            parties.append(citation.section)
        if citation.page is not None:
            parties.append(self._textes.mot("page", page=citation.page))
        portee = citation.portee
        if portee != NATIONALE:
            portee = f"{nom_departement(portee)} ({portee})"
        parties.append(f"{self._textes.mot('portee').lower()} {portee}")
        if citation.annee:
            parties.append(citation.annee)
        return ", ".join(parties)
