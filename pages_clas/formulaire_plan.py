"""The steps of the form, what each asks for, and the words of the texts that go with a field.

Steps are data (``ressources/etapes.yaml``); the facts, their questions and their quotations are
those of the rules. The facts that a département adds make a step of their own, from its rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from assistant.eligibility.engine.conditions import elementaires, fait_lu
from assistant.eligibility.engine.criteria import CasPret, CriterePret
from assistant.eligibility.loading import Citeur
from assistant.eligibility.models import Critere
from assistant.eligibility.rulebook import NATIONALE, Regles
from assistant.eligibility.schema import FaitDeclare
from assistant.models import Citation
from corpus.lecture_yaml import read_yaml
from corpus.models import DocumentCanonique

_FICHIER: Final = Path(__file__).with_name("ressources") / "etapes.yaml"
_CITATIONS_MONTREES: Final = 4
COLLECTIFS: Final = "collectifs"
LOCALE: Final = "locale"
"""Id of the step of a département's own facts."""
RESULTAT: Final = "resultat"
"""Id of the last step, which shows the whole result."""
_FERME = ConfigDict(frozen=True, extra="forbid")


class Etape(BaseModel):
    """A step: its title, what it is about, the paths of the facts that it asks for."""

    model_config = _FERME

    id: str
    titre: str
    intro: str = ""
    faits: tuple[str, ...] = ()


class EtapeLocale(BaseModel):
    """How the step of a département's own facts is called, and where it stands."""

    model_config = _FERME

    apres: str
    titre: str
    intro: str


class Plan(BaseModel):
    """The file of steps."""

    model_config = _FERME

    etapes: tuple[Etape, ...]
    locale: EtapeLocale
    secondaires: Mapping[str, str]
    """Facts asked for only after another one, and only when its answer calls for them."""
    objectifs: tuple[str, ...]
    parametres: Mapping[str, tuple[str, ...]]
    precisions: Mapping[str, str]


@cache
def lire_plan() -> Plan:
    """Read the file of steps."""
    return Plan.model_validate(read_yaml(_FICHIER.read_text(encoding="utf-8")))


def gabarit(chemin: str) -> str:
    """Return the declared name of a fact: ``collectifs.2.semaines`` → ``collectifs.*.semaines``."""
    parties = chemin.split(".")
    if parties[0] == COLLECTIFS and len(parties) > 1:
        parties[1] = "*"
    return ".".join(parties)


def rang_du_collectif(chemin: str) -> int | None:
    """Return the number of the collectif that a path names, from 1."""
    parties = chemin.split(".")
    return int(parties[1]) if parties[0] == COLLECTIFS and len(parties) > 1 else None


class Guide:
    """What a form needs to know of the rules, worked out once: who reads which field."""

    def __init__(self, regles: Regles, documents: Mapping[str, DocumentCanonique]) -> None:
        self.regles = regles
        self.plan = lire_plan()
        self.declares = {f.nom: f for fichier in regles.fichiers.values() for f in fichier.faits}
        self._citeur = Citeur(documents, regles.revision)
        self._criteres = {c.code: c for criteres in regles.criteres.values() for c in criteres}
        self._etapes: dict[str | None, tuple[Etape, ...]] = {}
        self._portees: dict[str, set[str]] = {}
        self._lisent: dict[str, list[CriterePret]] = {}
        for criteres in regles.criteres.values():
            for critere in criteres:
                for champ in self._champs_declares(critere):
                    self._portees.setdefault(champ, set()).add(critere.portee)
                for cas in critere.cas:
                    for champ in self._champs_du_cas(cas):
                        self._portees.setdefault(champ, set()).add(cas.portee)
                for champ in self._champs(critere):
                    self._lisent.setdefault(champ, []).append(critere)

    def etapes(self, departement: str | None) -> tuple[Etape, ...]:
        """Return the steps of a form for a département: the local one only if it has facts."""
        if departement not in self._etapes:
            self._etapes[departement] = self._composer(departement)
        return self._etapes[departement]

    def _composer(self, departement: str | None) -> tuple[Etape, ...]:
        locale = self.plan.locale
        nationaux = self.regles.fichiers[NATIONALE].faits
        places = {nom for etape in self.plan.etapes for nom in etape.faits}
        libres = [f.nom for f in nationaux if f.nom not in places and f.herite_de is None]
        communs = tuple(nom for nom in libres if not self._locale_seulement(nom))
        suite: list[Etape] = []
        for etape in self.plan.etapes:
            faits = tuple(nom for nom in etape.faits if self._se_pose(nom, departement))
            ici = etape.id == locale.apres
            suite.append(etape.model_copy(update={"faits": faits + communs if ici else faits}))
            fichier = self.regles.fichiers.get(departement or NATIONALE)
            if ici and fichier is not None and fichier.portee != NATIONALE:
                lus = [n for n in libres if n not in communs and self._se_pose(n, departement)]
                intro = locale.intro.format(texte=fichier.nom)
                tous = (*lus, *(fait.nom for fait in fichier.faits))
                if tous:
                    suite.append(Etape(id=LOCALE, titre=locale.titre, intro=intro, faits=tous))
        return (*suite, Etape(id=RESULTAT, titre="Le résultat en détail"))

    def etape_de(self, chemin: str, departement: str | None) -> Etape | None:
        """Return the step that asks for a fact; the collectifs themselves have theirs."""
        nom = gabarit(chemin)
        if nom == COLLECTIFS:
            nom = f"{COLLECTIFS}.*.enfants"
        declare = self.declares.get(nom)
        if declare is not None and declare.herite_de is not None:
            return next(e for e in self.etapes(departement) if e.id == COLLECTIFS)
        return next((e for e in self.etapes(departement) if nom in e.faits), None)

    def surcharges(self, departement: str | None) -> tuple[FaitDeclare, ...]:
        """Return the facts of a collectif that hold as in the project until they are given."""
        return tuple(
            f
            for f in self.declares.values()
            if f.herite_de is not None and self._se_pose(f.nom, departement)
        )

    def criteres_lisant(self, chemin: str) -> frozenset[str]:
        """Return the codes of the criteria whose status may hang on a field."""
        return frozenset(c.code for c in self._lisent.get(gabarit(chemin), ()))

    def champs_du_critere(self, critere: Critere) -> tuple[str, ...]:
        """Return the paths of the fields that a criterion reads, in the order of its rule."""
        pret = self._criteres[critere.code]
        rang = "*" if critere.collectif is None else str(critere.collectif)
        return tuple(champ.replace("*", rang) for champ in self._champs_declares(pret))

    def citations(self, chemin: str, departement: str | None) -> tuple[Citation, ...]:
        """Return the words of the texts that a field stands for, the most precise first."""
        nom = gabarit(chemin)
        portees = {NATIONALE, departement}
        declare = self.declares.get(nom)
        propres = [
            self._citeur.citer(f"fait {nom}", "citations", s)
            for s in (declare.citations if declare else ())
        ]
        lisent = self._lisent.get(nom, [])
        des_cas = [
            citation
            for critere in lisent
            for cas in critere.cas
            if cas.portee in portees and nom in self._champs_du_cas(cas)
            for citation in cas.citations
        ]
        des_criteres = [
            citation
            for critere in lisent
            if critere.portee in portees and self._lu_par_la_regle(critere, nom)
            for citation in critere.citations
        ]
        chiffres = [
            citation
            for parametre in self.plan.parametres.get(nom, ())
            for portee in (departement, NATIONALE)
            for citation in self.regles.citations_des_parametres.get((portee or "", parametre), ())
        ]
        durees = [
            citation
            for cas in self.regles.pluriannuel
            if cas.cas.si
            and any(nom in self._sources(fait_lu(t)) for t in elementaires(cas.cas.si))
            for citation in cas.citations
        ]
        principales = propres or [*des_criteres, *des_cas]
        toutes = principales or [*chiffres, *durees]
        uniques = {(c.document, c.debut, c.fin): c for c in toutes}
        return tuple(uniques.values())[:_CITATIONS_MONTREES]

    def _lu_par_la_regle(self, critere: CriterePret, nom: str) -> bool:
        """Tell whether the rule itself reads a field, and not its exceptions alone."""
        ordinaires = (cas for cas in critere.cas if cas.priorite == 0)
        return nom in self._champs_declares(critere)[:1] or any(
            nom in self._champs_du_cas(cas) for cas in ordinaires
        )

    def _locale_seulement(self, nom: str) -> bool:
        portees = self._portees.get(nom)
        return portees is not None and NATIONALE not in portees

    def _se_pose(self, nom: str, departement: str | None) -> bool:
        """Tell whether a fact can matter there; what no criterion reads is for the amounts."""
        portees = self._portees.get(nom)
        return portees is None or not portees.isdisjoint({NATIONALE, departement})

    def _champs(self, critere: CriterePret) -> set[str]:
        return {
            *self._champs_declares(critere),
            *(champ for cas in critere.cas for champ in self._champs_du_cas(cas)),
        }

    def _champs_declares(self, critere: CriterePret) -> tuple[str, ...]:
        return tuple(c for nom in critere.critere.faits for c in self._sources(nom))

    def _champs_du_cas(self, cas: CasPret) -> set[str]:
        if cas.cas.si is None:
            return set()
        lus = (fait_lu(test) for test in elementaires(cas.cas.si))
        return {champ for nom in lus for champ in self._sources(nom)}

    def _sources(self, nom: str) -> tuple[str, ...]:
        """Return the fields that a fact comes from: itself, its source, that of the project."""
        derive = self.regles.derives.get(nom)
        if derive is not None and derive.montant_retenu is not None:
            return (derive.montant_retenu.liste,)
        if derive is not None and derive.date_situee is not None:
            return (derive.date_situee.date,)
        declare = self.declares.get(nom)
        return (declare.herite_de, nom) if declare and declare.herite_de else (nom,)
