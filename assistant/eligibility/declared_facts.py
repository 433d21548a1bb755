"""Declared facts made ready: what the rules compare them to cuts them into cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from assistant.eligibility.engine.conditions import (
    COMPARAISONS,
    ENSEMBLES,
    ValeurDe,
    bornes_de_periode,
    elementaires,
    fait_lu,
    parametre_lu,
    predicat,
    seuils,
)
from assistant.eligibility.engine.partition import (
    AUTRE,
    VALEURS_D_ENSEMBLE_MAXIMUM,
    Fait,
    coder_annee,
    coder_departement,
    coder_par_seuils,
    coder_par_table,
    grouper_ensembles,
)
from assistant.eligibility.errors import ReglesInutilisables
from assistant.eligibility.parameters import nombre
from assistant.eligibility.rulebook import COLLECTIF, NATIONALE
from assistant.eligibility.schema import (
    Condition,
    Critere,
    Derive,
    FaitDeclare,
    FichierDeRegles,
    Parametre,
    Variante,
)

Declaration = FaitDeclare | Derive

_OPERATEURS_ADMIS: Final[Mapping[str, frozenset[str]]] = {
    "booleen": frozenset({"vrai", "faux"}),
    "choix": frozenset({"egal", "parmi"}),
    "ensemble": ENSEMBLES,
    "entier": frozenset(COMPARAISONS),
    "date": frozenset(COMPARAISONS),
    "annee": frozenset({"annee"}),
}
_POSITIONS: Final = ("avant", "le_jour", "apres", "indetermine")


class FaitsPrepares:
    """The facts of a set of files, by name; building it raises ``ReglesInutilisables``."""

    def __init__(
        self,
        fichiers: Mapping[str, FichierDeRegles],
        parametres: Mapping[tuple[str, str], Parametre],
    ) -> None:
        self._fichiers, self._parametres = fichiers, parametres
        self._departements = tuple(p for p in fichiers if p != NATIONALE)
        self.faits = self._faits()

    def valeur_de(self, portee: str) -> ValeurDe:
        """Return what reads a parameter that a condition of ``portee`` compares to."""

        def lire(nom: str) -> Any:  # noqa: ANN401 - any parameter value
            parametre = self._parametre("conditions", portee, nom)
            if len(parametre.valeurs) > 1:
                raise ReglesInutilisables(
                    f"paramètre {nom}, « valeurs » : une condition le lit, il n'a qu'une valeur ; "
                    "pour qu'il change, donnez à la règle une version par période (« validite »)."
                )
            return nombre(parametre.valeurs[0].valeur)

        return lire

    def _parametre(self, regle: str, portee: str, nom: str) -> Parametre:
        trouve = self._parametres.get((portee, nom)) or self._parametres.get((NATIONALE, nom))
        if trouve is None:
            raise ReglesInutilisables(f"{regle}, « parametre » : paramètre inconnu, {nom}.")
        return trouve

    def _conditions(self) -> Iterator[tuple[str, str, Condition]]:
        """Go through every elementary test: its scope, its rule, itself."""
        for portee, fichier in self._fichiers.items():
            regles: list[Critere | Variante] = [*fichier.criteres, *fichier.variantes]
            for regle in regles:
                nom = regle.code if isinstance(regle, Critere) else regle.critere
                for cas in (*regle.cas, *regle.exceptions):
                    for test in elementaires(cas.si) if cas.si else ():
                        yield portee, f"{nom}.{cas.id}", test
            for cas_p in fichier.pluriannuel.cas if fichier.pluriannuel else ():
                for test in elementaires(cas_p.si) if cas_p.si else ():
                    yield portee, f"pluriannuel.{cas_p.id}", test

    def _faits(self) -> dict[str, Fait]:
        declares: list[Declaration] = []
        for fichier in self._fichiers.values():
            declares += fichier.faits
            declares += fichier.derives
        types = {d.nom: _type(d) for d in declares}
        tests: dict[str, list[tuple[str, Condition]]] = {d.nom: [] for d in declares}
        for portee, regle, test in self._conditions():
            nom = fait_lu(test)
            if nom not in types:
                raise ReglesInutilisables(f"règle {regle}, « si » : fait inconnu, {nom}.")
            if test.operateur not in _OPERATEURS_ADMIS.get(types[nom], ()):
                raise ReglesInutilisables(
                    f"règle {regle}, « {test.operateur} » : le fait {nom} est de type {types[nom]}."
                )
            parametre = parametre_lu(test)
            if parametre is not None:
                self._parametre(f"règle {regle}", portee, parametre)
            tests[nom].append((portee, test))
        projet = _par_bloc([d for d in declares if not d.nom.startswith(COLLECTIF)])
        collectif = [d for d in declares if d.nom.startswith(COLLECTIF)]
        rangs = {d.nom: rang for rang, d in enumerate(projet + collectif)}
        return {d.nom: self._fait(d, rangs, tests) for d in projet + collectif}

    def _fait(
        self,
        declare: Declaration,
        rangs: Mapping[str, int],
        tests: Mapping[str, list[tuple[str, Condition]]],
    ) -> Fait:
        genre = _type(declare)
        lus = list(tests[declare.nom])
        herite = declare.herite_de if isinstance(declare, FaitDeclare) else None
        if herite is not None:
            if herite not in rangs:
                raise ReglesInutilisables(
                    f"fait {declare.nom}, « herite_de » : fait inconnu, {herite}."
                )
            lus += tests[herite]
        else:
            # A project fact is cut as finely as the facts of collectifs that inherit it.
            for fichier in self._fichiers.values():
                for autre in fichier.faits:
                    if autre.herite_de == declare.nom:
                        lus += tests[autre.nom]
        coder, representants, bornes = self._partition(declare, genre, lus)
        return Fait(
            nom=declare.nom,
            libelle=declare.libelle,
            type=genre,
            indice=rangs[declare.nom],
            par_collectif=declare.nom.startswith(COLLECTIF),
            corrigible=declare.corrigible,
            herite=rangs[herite] if herite else None,
            cellules=len(representants),
            coder=coder,
            representants=representants,
            bornes=bornes,
            declaration=declare if isinstance(declare, FaitDeclare) else None,
        )

    def _partition(
        self, declare: Declaration, genre: str, tests: list[tuple[str, Condition]]
    ) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
        if genre == "booleen":
            return coder_par_table((False, True)), (False, True), ()
        if genre == "choix":
            valeurs = declare.valeurs if isinstance(declare, FaitDeclare) else _POSITIONS
            self._verifier_choix(declare.nom, valeurs, tests)
            return coder_par_table(valeurs), tuple(valeurs), ()
        if genre == "departement":
            return coder_departement(self._departements), (*self._departements, AUTRE), ()
        if genre == "ensemble":
            assert isinstance(declare, FaitDeclare)
            if len(declare.valeurs) > VALEURS_D_ENSEMBLE_MAXIMUM:
                raise ReglesInutilisables(
                    f"fait {declare.nom}, « valeurs » : {len(declare.valeurs)} valeurs, "
                    f"{VALEURS_D_ENSEMBLE_MAXIMUM} au plus."
                )
            self._verifier_choix(declare.nom, declare.valeurs, tests)
            predicats = [predicat(t, self.valeur_de(portee)) for portee, t in tests]
            coder_ensemble, representants = grouper_ensembles(declare.valeurs, predicats)
            return coder_ensemble, representants, ()
        return self._partition_ordonnee(declare, genre, tests)

    def _partition_ordonnee(
        self, declare: Declaration, genre: str, tests: list[tuple[str, Condition]]
    ) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
        points = {s for portee, t in tests for s in seuils(t, self.valeur_de(portee))}
        if genre == "annee":
            for fichier in self._fichiers.values():
                points.update(bornes_de_periode(fichier.annees))
                for critere in fichier.criteres:
                    points.update(bornes_de_periode(critere.validite))
            bornes = tuple(sorted(points))
            premier = (bornes[0] - 1,) if bornes else (0,)
            return coder_annee(bornes), premier + bornes, bornes
        if genre == "date":
            bornes = tuple(sorted(points))
            # Before the first threshold, any date will do: the day of least year is one.
            premiers = (bornes[0].min,) if bornes else (None,)
            return coder_par_seuils(bornes), premiers + bornes, bornes
        if genre == "entier":
            assert isinstance(declare, FaitDeclare)
            bas, haut = declare.minimum, declare.maximum
            bornes = tuple(sorted(p for p in points if p > bas and (haut is None or p <= haut)))
            return coder_par_seuils(bornes), (bas, *bornes), bornes
        return coder_par_seuils(()), (None,), ()

    def _verifier_choix(
        self, nom: str, valeurs: Iterable[str], tests: list[tuple[str, Condition]]
    ) -> None:
        connues = set(valeurs)
        for portee, test in tests:
            operande = getattr(test, test.operateur)
            if isinstance(operande, str):
                continue
            if test.egal is not None:
                dites = {test.egal.valeur}
            elif operande.valeurs is not None:
                dites = set(operande.valeurs)
            else:
                dites = set(self.valeur_de(portee)(operande.parametre))
            if inconnues := dites - connues:
                raise ReglesInutilisables(
                    f"fait {nom}, « {test.operateur} » : valeur inconnue, "
                    f"{', '.join(map(str, inconnues))} ; connues : {', '.join(valeurs)}."
                )


def _par_bloc(declares: list[Declaration]) -> list[Declaration]:
    """Put the facts of one block side by side, so that a block is read in one go."""
    blocs: dict[str, list[Declaration]] = {}
    derives: list[Declaration] = []
    for declare in declares:
        if isinstance(declare, Derive):
            derives.append(declare)
        else:
            blocs.setdefault(declare.nom.rpartition(".")[0], []).append(declare)
    return [d for membres in blocs.values() for d in membres] + derives


def _type(declare: Declaration) -> str:
    if isinstance(declare, FaitDeclare):
        return declare.type
    return "booleen" if declare.montant_retenu else "choix"
