"""From declared criteria to compiled ones, with the checks that go through every case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.eligibility.declared_facts import FaitsPrepares
from assistant.eligibility.engine.conditions import (
    Cle,
    Test,
    compiler,
    dans_periode,
    elementaires,
    fait_lu,
)
from assistant.eligibility.engine.criteria import (
    NON_CONFORME,
    SOUS_RESERVE,
    STATUTS,
    Bloc,
    CasPret,
    ConflitDeCas,
    CriterePret,
)
from assistant.eligibility.engine.partition import AUTRE
from assistant.eligibility.errors import ReglesInutilisables
from assistant.eligibility.rulebook import COLLECTIF, NATIONALE
from assistant.eligibility.schema import (
    Cas,
    CasPrioritaire,
    Condition,
    Critere,
    FichierDeRegles,
    Parametre,
    Periode,
    Variante,
)
from assistant.eligibility.templates import places, verifier_gabarit

if TYPE_CHECKING:
    from assistant.eligibility.loading import Citeur

_SINON: Final = -1


class _Contexte(NamedTuple):
    """What the cases of one rule share."""

    regle: str
    portee: str
    lecture: tuple[str, ...]
    limite: Periode | None
    """School years of the version that they belong to, when there are several."""
    attendu: str
    hors: str | None


class Compilation:
    """Criteria of a set of files; each step raises ``ReglesInutilisables``."""

    def __init__(
        self,
        fichiers: Mapping[str, FichierDeRegles],
        parametres: Mapping[tuple[str, str], Parametre],
        citeur: Citeur,
    ) -> None:
        self._fichiers, self._parametres, self._citeur = fichiers, parametres, citeur
        self._departements = tuple(p for p in fichiers if p != NATIONALE)
        prepares = FaitsPrepares(fichiers, parametres)
        self.faits, self._valeur = prepares.faits, prepares.valeur_de

    def test(self, condition: Condition, lecture: tuple[str, ...]) -> Test:
        """Compile a national condition over given facts."""
        return compiler(condition, self.faits, lecture, self._valeur(NATIONALE))

    def criteres(self) -> dict[str, tuple[CriterePret, ...]]:
        """Compile every criterion, by scope."""
        variantes: dict[str, dict[str, Variante]] = {}
        nationaux = {c.code for c in self._fichiers[NATIONALE].criteres}
        for departement in self._departements:
            for variante in self._fichiers[departement].variantes:
                if variante.critere not in nationaux:
                    raise ReglesInutilisables(
                        f"portée {departement}, variante {variante.critere}, « critere » : aucun "
                        "critère national ne porte ce code."
                    )
                self._citeur.exiger_national(f"variante {variante.critere}", variante.permet)
                variantes.setdefault(variante.critere, {})[departement] = variante
        return {
            portee: tuple(
                self._critere(portee, versions, variantes.get(versions[-1].code, {}))
                for versions in _versions(fichier.criteres)
            )
            for portee, fichier in self._fichiers.items()
        }

    def _critere(
        self, portee: str, versions: list[Critere], variantes: Mapping[str, Variante]
    ) -> CriterePret:
        critere = versions[-1]
        regle = f"critère {critere.code}"
        lecture = self._lecture(portee, versions, variantes)
        cas: list[CasPret] = []
        national: list[int] = []
        for version in versions:
            limite = (
                version.validite if len(versions) > 1 or version.validite != Periode() else None
            )
            contexte = _Contexte(
                regle, portee, lecture, limite, version.attendu, critere.hors_annees
            )
            cases: tuple[Cas, ...] = (*version.cas, *version.exceptions)
            national += [self._ajouter(cas, c, contexte) for c in cases]
        hors = critere.hors_annees
        bloc = Bloc(tuple(national), critere.concours is not None, hors, self._annees(portee))
        blocs: list[tuple[Bloc, ...]] = [(bloc,)]
        if variantes:
            blocs = self._blocs(cas, national, bloc, lecture, variantes)
        elif portee != NATIONALE:
            blocs = [(bloc,) if d == portee else () for d in (*self._departements, AUTRE)]
        citations = self._citeur.citer_tout(regle, "citations", critere.citations)
        if not citations and not critere.indispensable:
            raise ReglesInutilisables(f"{regle}, « citations » : aucune.")
        ids = [f"{c.portee}:{c.cas.id}" for c in cas if not c.plafonne]
        if len(set(ids)) < len(ids) and len(versions) == 1:
            raise ReglesInutilisables(f"{regle}, « id » : un cas est répété.")
        faits = [self.faits[nom] for nom in lecture]
        pret = CriterePret(
            critere=critere,
            portee=portee,
            lecture=lecture,
            indices=tuple(f.indice for f in faits),
            cellules=tuple(f.cellules for f in faits),
            montrees=self._montrees(critere, cas),
            cas=cas,
            blocs=blocs,
            citations=citations,
        )
        self._verifier(pret, variantes)
        return pret

    def _lecture(
        self, portee: str, versions: list[Critere], variantes: Mapping[str, Variante]
    ) -> tuple[str, ...]:
        """Check the facts that rules say they read; return the facts of the key."""
        lus: dict[str, None] = {}
        if variantes or portee != NATIONALE:
            lus["departement"] = None
        regles: list[Critere | Variante] = [*versions, *variantes.values()]
        for regle in regles:
            nom = regle.code if isinstance(regle, Critere) else f"{regle.critere} (variante)"
            conditions = [c.si for c in (*regle.cas, *regle.exceptions) if c.si is not None]
            vrais = {fait_lu(t) for c in conditions for t in elementaires(c)}
            if isinstance(regle, Critere) and regle.indispensable:
                vrais = set(regle.faits)
            if vrais != set(regle.faits):
                ecart = ", ".join(sorted(vrais ^ set(regle.faits)))
                raise ReglesInutilisables(
                    f"règle {nom}, « faits » : la liste et les conditions diffèrent ({ecart})."
                )
            lus.update(dict.fromkeys(regle.faits))
            if regle.hors_annees is not None:
                lus["annee_scolaire"] = None
            if isinstance(regle, Critere) and not regle.par_collectif:
                mele = [f for f in regle.faits if f.startswith(COLLECTIF)]
                if mele:
                    raise ReglesInutilisables(
                        f"règle {nom}, « par_collectif » : elle lit {mele[0]}."
                    )
        if len(versions) > 1 or versions[0].validite != Periode():
            lus["annee_scolaire"] = None
        for regle in versions:
            self._verifier_gabarits(portee, regle, tuple(lus))
        return tuple(lus)

    def _verifier_gabarits(self, portee: str, regle: Critere, lecture: tuple[str, ...]) -> None:
        textes = [
            regle.constate,
            regle.attendu,
            *(c.motif for c in (*regle.cas, *regle.exceptions)),
        ]
        for texte in textes:
            for inconnu in verifier_gabarit(texte, self.faits, self._noms_de_parametres(portee)):
                raise ReglesInutilisables(
                    f"critère {regle.code}, « {{{inconnu}}} » : ni un fait ni un paramètre ; faits "
                    f"lus : {', '.join(lecture)}."
                )

    def _montrees(self, critere: Critere, cas: list[CasPret]) -> tuple[int, ...]:
        """Return the facts whose values the sentences of a criterion show."""
        noms = {
            p for texte in (critere.constate, *(c.cas.motif for c in cas)) for p in places(texte)
        }
        if "manquants" in noms:
            noms |= set(critere.faits)
        faits = [self.faits.get(n) or self.faits.get(COLLECTIF + n) for n in sorted(noms)]
        return tuple(f.indice for f in faits if f is not None)

    def _noms_de_parametres(self, portee: str) -> set[str]:
        """Return the parameters that a sentence may show: those that have a single value."""
        return {
            nom
            for (p, nom), parametre in self._parametres.items()
            if p in {portee, NATIONALE} and len(parametre.valeurs) == 1
        }

    def _blocs(
        self,
        cas: list[CasPret],
        national: list[int],
        commun: Bloc,
        lecture: tuple[str, ...],
        variantes: Mapping[str, Variante],
    ) -> list[tuple[Bloc, ...]]:
        """Return the blocks of each cell of ``departement``."""
        blocs: list[tuple[Bloc, ...]] = []
        for departement in self._departements:
            variante = variantes.get(departement)
            if variante is None:
                blocs.append((commun,))
                continue
            regle = f"variante {variante.critere} ({departement})"
            gardes = [i for i in national if cas[i].cas.id not in variante.remplace]
            absents = set(variante.remplace) - {
                cas[i].cas.id for i in national if cas[i].priorite > 0
            }
            if absents:
                raise ReglesInutilisables(
                    f"{regle}, « remplace » : aucune exception nationale {', '.join(absents)}."
                )
            propre = _Contexte(
                regle, departement, lecture, None, variante.attendu or "", variante.hors_annees
            )
            commun_a_tous = propre._replace(hors=None)
            gardes += [self._ajouter(cas, e, commun_a_tous) for e in variante.exceptions]
            suite = [commun._replace(cas=tuple(gardes))]
            if variante.cas:
                ajoutes = tuple([self._ajouter(cas, c, propre) for c in variante.cas])
                concours = variante.concours is not None
                annees = self._annees(departement)
                suite.append(Bloc(ajoutes, concours, variante.hors_annees, annees))
            blocs.append(tuple(suite))
        return [*blocs, (commun,)]

    def _ajouter(self, cas: list[CasPret], c: Cas, contexte: _Contexte) -> int:
        """Add a case and, where the year may soften it, its softened twin right after."""
        lecture, portee = contexte.lecture, contexte.portee
        test = compiler(c.si, self.faits, lecture, self._valeur(portee)) if c.si else None
        if contexte.limite is not None:
            test = self._limiter(test, contexte.limite, lecture)
        ordinaire = _SINON if c.sinon else 0
        place = len(cas)
        pret = CasPret(
            cas=c,
            priorite=c.priorite if isinstance(c, CasPrioritaire) else ordinaire,
            test=test,
            statut=STATUTS.index(c.statut),
            portee=portee,
            plafonne=False,
            citations=self._citeur.citer_tout(
                f"{contexte.regle}, cas {c.id}", "citations", c.citations
            ),
            attendu=contexte.attendu,
        )
        cas.append(pret)
        if contexte.hors == "plafonne" and pret.statut == NON_CONFORME:
            cas.append(pret._replace(statut=SOUS_RESERVE, plafonne=True))
        return place

    def _limiter(self, test: Test | None, limite: Periode, lecture: tuple[str, ...]) -> Test:
        """Let a case hold in the years of its version alone."""
        rang = lecture.index("annee_scolaire")
        annees = self.faits["annee_scolaire"].representants
        valides = tuple(dans_periode(limite, annee) for annee in annees)
        if test is None:
            return lambda cle: valides[cle[rang]]
        return lambda cle: valides[cle[rang]] and test(cle)

    def _annees(self, portee: str) -> frozenset[int]:
        periode = self._fichiers[portee].annees
        annees = self.faits["annee_scolaire"].representants
        return frozenset(i for i, annee in enumerate(annees) if dans_periode(periode, annee))

    def _verifier(self, pret: CriterePret, variantes: Mapping[str, Variante]) -> None:
        """Go through every complete key: exactly one status each time."""
        cle: Cle = ()
        try:
            for cle in pret.cles():
                pret.decider(cle)
        except ConflitDeCas as error:
            lieu = ", ".join(
                f"{nom} = {_montrer(self.faits[nom].representants[cellule])}"
                for nom, cellule in zip(pret.lecture, cle, strict=True)
            )
            ou = f" (variantes : {', '.join(variantes)})" if variantes else ""
            raise ReglesInutilisables(
                f"critère {pret.code}{ou}, « cas » : {error} pour {lieu} ; il faut un cas et un "
                "seul, ou une « priorite » qui les départage."
            ) from error


def _montrer(valeur: object) -> str:
    return "{" + ", ".join(sorted(valeur)) + "}" if isinstance(valeur, frozenset) else str(valeur)


def _versions(criteres: Iterable[Critere]) -> list[list[Critere]]:
    """Group the versions of each criterion, in the order where codes first appear."""
    groupes: dict[str, list[Critere]] = {}
    for critere in criteres:
        groupes.setdefault(critere.code, []).append(critere)
    return [sorted(g, key=lambda c: c.validite.du or "") for g in groupes.values()]
