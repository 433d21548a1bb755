"""Marks brought to the cards of an index version and to the answers that it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.avis.empreintes import print_of_answer, print_of_card
from assistant.avis.listing import HEURE
from assistant.avis.models import Avis
from assistant.avis.registre import Marques, Registre
from assistant.eligibility.templates import date_en_mots
from assistant.fiches.loading import FichePrete
from assistant.models import Reponse

_RIEN = Marques()


@dataclass(frozen=True, slots=True)
class FicheDite:
    """A card said in an answer, as it was that day."""

    id: str
    titre: str
    empreinte: str


@dataclass(frozen=True, slots=True)
class Jugee:
    """What the marks of an answer are looked up by."""

    empreinte: str
    fiches: tuple[FicheDite, ...]
    """Cards said in it."""
    par_fiches: bool
    """Whether what it says of the rules is what these cards say, in their own words."""


@dataclass(frozen=True, slots=True)
class _Tri:
    """What serving needs of some marks."""

    marques: Marques
    fiches: frozenset[str]
    """Ids of the cards that are marked wrong, and of those put aside."""
    reponses: frozenset[str]
    """Fingerprints of the answers that are marked wrong."""


class Jugements:
    """Marks on the cards of one version, and on answers; without a register, there are none."""

    def __init__(self, cartes: Iterable[FichePrete], registre: Registre | None) -> None:
        toutes = tuple(cartes)
        self._cartes = {carte.fiche.id: carte for carte in toutes if not carte.ecartee}
        self._ecartees = frozenset(carte.fiche.id for carte in toutes if carte.ecartee)
        self._registre = registre
        self._tri = _Tri(_RIEN, self._ecartees, frozenset())

    @property
    def cartes(self) -> Mapping[str, FichePrete]:
        """Every card served by id, those marked wrong among them; not those put aside."""
        return MappingProxyType(self._cartes)

    @property
    def registre(self) -> Registre | None:
        """Where marks are set."""
        return self._registre

    def marques(self) -> Marques:
        """Marks as they stand now."""
        return self._registre.marques() if self._registre else _RIEN

    def fausses(self) -> frozenset[str]:
        """Ids of the cards that may not be said: put aside, or wrong and not mended since."""
        return self._tri_of_now().fiches

    def est_fausse(self, reponse: Reponse) -> bool:
        """Whether an agent marked this very answer wrong."""
        fausses = self._tri_of_now().reponses
        return bool(fausses) and print_of_answer(reponse) in fausses

    def jugee(self, reponse: Reponse, fiches: Iterable[str], *, par_fiches: bool) -> Jugee:
        """What an answer is to be known by from now on; ``fiches``: ids of the cards it says."""
        dites = (self._cartes[nom] for nom in fiches if nom in self._cartes)
        return Jugee(
            print_of_answer(reponse),
            tuple(FicheDite(d.fiche.id, d.fiche.titre, print_of_card(d)) for d in dites),
            par_fiches,
        )

    def mentions(self, jugee: Jugee) -> tuple[str, ...]:
        """What whoever asked is told of the checks that an answer went through; no name in it."""
        marques = self.marques()
        avis = marques.of("reponse", jugee.empreinte, jugee.empreinte)
        if avis is not None:
            return (_checked(avis),) if avis.statut == "verifie" else ()
        if not jugee.par_fiches:
            return ()
        lus = [(dite, marques.of("fiche", dite.id, dite.empreinte)) for dite in jugee.fiches]
        verifiees = [(d, a) for d, a in lus if a is not None and a.statut == "verifie"]
        if verifiees and len(verifiees) == len(lus):
            # The oldest check is the one that holds for the whole.
            return (_checked(min((a for _, a in verifiees), key=lambda a: a.date)),)
        return tuple(f"« {d.titre} » : {_checked(a).lower()}" for d, a in verifiees)

    def erronee(self, jugee: Jugee) -> bool:
        """Whether an answer given before, or a card said in it, was marked wrong since."""
        tri = self._tri_of_now()
        if jugee.empreinte in tri.reponses:
            return True
        return any(
            avis is not None and avis.statut == "faux"
            for d in jugee.fiches
            for avis in (tri.marques.of("fiche", d.id, d.empreinte),)
        )

    def _tri_of_now(self) -> _Tri:
        marques, tri = self.marques(), self._tri
        if tri.marques is not marques:
            fausses = [a for a in marques.derniers.values() if a.statut == "faux"]
            fiches = (a.cible for a in fausses if a.genre == "fiche" and self._holds(a))
            reponses = (a.empreinte for a in fausses if a.genre == "reponse")
            known = self._ecartees.union(fiches)
            self._tri = tri = _Tri(marques, known, frozenset(reponses))
        return tri

    def _holds(self, avis: Avis) -> bool:
        carte = self._cartes.get(avis.cible)
        return carte is not None and print_of_card(carte) == avis.empreinte


def _checked(avis: Avis) -> str:
    return f"Vérifié par un agent le {date_en_mots(avis.date.astimezone(HEURE).date())}"
