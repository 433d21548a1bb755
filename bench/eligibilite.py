"""The eligibility checker: its speed, beside openfisca-core, and the questions it asks."""

from __future__ import annotations

import json
import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from assistant.eligibility import Projet as Lu
from assistant.eligibility import Regles, lire_projet, verdict, verifier
from assistant.eligibility.commands import regles_livrees
from assistant.evaluation.intervals import bootstrap, mean
from bench.openfisca_client import Openfisca, openfisca_python
from bench.tableau import Tableau, decimal, signed
from tests.assistant.eligibility_reference.ecarts import Chemin
from tests.assistant.eligibility_reference.national import OBJECTIFS
from tests.assistant.eligibility_reference.reference import evaluer
from tests.assistant.eligibility_reference.strategies import Projet, projets_complets

SEED = 3
DRAWN = 1600
COMPLETE, HALF_EMPTY, WARM, ASKED = 400, 50, 60, 60
ROUNDS, SLICE = 5, 25
RATES = ("horloge", "processeur", "1er passage", "au mieux")
FAILURES = 3
# Known for the whole project: a collectif that says nothing follows it, it is not an unknown fact.
HERITES = {"milieu_rural", "population_commune", "demarrage_en_cours_d_annee"}
BLOCS = ("herault", "rhone")


@dataclass
class Chrono:
    """Seconds that each slice of the cases took, slice after slice and round after round."""

    cases: int
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, wall: float, cpu: float) -> None:
        self.wall.append(wall)
        self.cpu.append(cpu)

    @property
    def busy(self) -> float:
        """Cases per second of processor."""
        return ROUNDS * self.cases / sum(self.cpu)

    @property
    def cells(self) -> tuple[str, ...]:
        """Cases per second: by the clock, of processor, first round, best round of each slice."""
        slices = len(self.cpu) // ROUNDS
        first = self.cases / sum(self.cpu[:slices])
        best = self.cases / sum(min(self.cpu[place::slices]) for place in range(slices))
        wall = ROUNDS * self.cases / sum(self.wall)
        return tuple(decimal(rate, 0) for rate in (wall, self.busy, first, best))


def run() -> Sequence[Tableau]:
    regles = regles_livrees()
    pool = _draw()
    complete = [projet for projet, failing in pool if failing <= 1]
    failing = [projet for projet, failing in pool if failing == FAILURES]
    generator = random.Random(SEED)
    halves = [_forget_half(projet, regles, generator) for projet in failing[: HALF_EMPTY + 10]]
    return [
        _speed(complete[:COMPLETE], halves, complete[COMPLETE:][:WARM], regles),
        _beside(complete[:COMPLETE], regles),
        _questions(complete, regles, generator),
    ]


def _draw() -> list[tuple[Projet, int]]:
    """Distinct projects with every fact known, and how many criteria each fails."""
    drawn: dict[str, Projet] = {}

    @seed(SEED)
    @settings(
        max_examples=DRAWN,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(projets_complets())
    def collect(projet: Projet) -> None:
        if projet["collectifs"]:
            drawn.setdefault(json.dumps(projet, sort_keys=True), projet)

    collect()
    return [(p, Counter(evaluer(p)["criteres"].values())["non_conforme"]) for p in drawn.values()]


def _leaves(noeud: object, chemin: Chemin = ()) -> list[Chemin]:
    """The facts of a project, in the order of its file; a list of values is one fact."""
    if isinstance(noeud, list) and noeud and chemin[-1] != "cofinancements":
        if isinstance(noeud[0], dict):
            return [f for rang, un in enumerate(noeud) for f in _leaves(un, (*chemin, rang))]
    elif isinstance(noeud, dict):
        return [f for cle, valeur in noeud.items() for f in _leaves(valeur, (*chemin, cle))]
    return [] if chemin[0] == "collectifs" and chemin[-1] in HERITES else [chemin]


def _without(projet: Projet, chemins: Sequence[Chemin]) -> Projet:
    copie = deepcopy(projet)
    for chemin in chemins:
        noeud: Any = copie
        for etape in chemin[:-1]:
            noeud = noeud[etape]
        del noeud[chemin[-1]]
    return copie


def _failures(projet: Projet, regles: Regles) -> int:
    return sum(c.statut == "non_conforme" for c in verifier(projet, regles).criteres)


def _forget_half(projet: Projet, regles: Regles, generator: random.Random) -> Projet:
    """Half of the facts forgotten, the failures left as they are."""
    leaves = _leaves(projet)
    free = [c for c in leaves if _failures(_without(projet, [c]), regles) == FAILURES]
    while True:
        draft = _without(projet, generator.sample(free, min(len(free), len(leaves) // 2)))
        if _failures(draft, regles) == FAILURES:
            return draft
        # Two facts that each prove the same failure were both forgotten: draw again, and fewer.
        free = generator.sample(free, len(free) - 1)


def _time(action: Callable[[Any], object], cases: Sequence[Any], chrono: Chrono) -> list[Any]:
    wall, cpu = perf_counter(), process_time()
    done = [action(case) for case in cases]
    chrono.add(perf_counter() - wall, process_time() - cpu)
    return done


def _speed(
    complete: Sequence[Projet], halves: Sequence[Projet], warm: Sequence[Projet], regles: Regles
) -> Tableau:
    def whole(projet: Projet) -> object:
        return verifier(projet, regles)

    def text(ligne: str) -> str:
        return verifier(lire_projet(json.loads(ligne), regles), regles).model_dump_json()

    def bare(projet: Lu) -> object:
        return verdict(projet, regles)

    measured: list[tuple[str, Callable[[Any], object], Sequence[Any], float | None]] = [
        ("résultat entier, projet complet, un refus au plus", whole, complete, 2000),
        ("résultat entier, projet à moitié vide, trois refus", whole, halves[:HALF_EMPTY], 100),
        ("verdict seul, projet déjà validé", bare, [lire_projet(p, regles) for p in complete], 2e4),
        (
            "du texte JSON au texte JSON, projet complet",
            text,
            [json.dumps(projet) for projet in complete],
            None,
        ),
    ]
    for projet in [*warm, *halves[HALF_EMPTY:]]:
        text(json.dumps(projet))
        bare(lire_projet(projet, regles))
    chronos = [Chrono(len(cases)) for _, _, cases, _ in measured]
    for _ in range(ROUNDS):
        for first in range(0, COMPLETE, SLICE):
            for (_, action, cases, _), chrono in zip(measured, chronos, strict=True):
                if first < len(cases):
                    _time(action, cases[first : first + SLICE], chrono)
    return Tableau(
        f"Projets par seconde sur un cœur, {ROUNDS} passages",
        ("mesure", "projets", *RATES, "but"),
        tuple(
            (name, str(len(cases)), *chrono.cells, _goal(chrono.busy, goal))
            for (name, _, cases, goal), chrono in zip(measured, chronos, strict=True)
        ),
        f"Parmi les projets complets, tous distincts, {_share_failing(complete, regles)} ont un "
        "refus. « Résultat entier » : lecture et validation comprises. « Processeur » : temps de "
        "calcul seul, que la charge des autres programmes allonge aussi, moins que l'horloge ; le "
        "but s'y compare. « 1er passage » : des projets jamais vus, après une mise en "
        f"route sur d'autres. « Au mieux » : le plus court des {ROUNDS} passages de chaque tranche "
        f"de {SLICE} projets, le plus proche d'un cœur libre.",
    )


def _goal(rate: float, goal: float | None) -> str:
    if goal is None:
        return "—"
    return f"≥ {decimal(goal, 0)} : {'tenu' if rate >= goal else 'non tenu'}"


def _share_failing(projets: Sequence[Projet], regles: Regles) -> str:
    return f"{sum(_failures(p, regles) > 0 for p in projets)} sur {len(projets)}"


def _beside(complete: Sequence[Projet], regles: Regles) -> Tableau:
    """Same national projects, slice by slice, here and in openfisca-core's own process."""
    projets = [_national(p) for p in complete if p["annee_scolaire"] >= "2021"]
    titre = "À côté d'openfisca-core : les mêmes règles nationales, un projet à la fois"
    columns = ("façon, projets par seconde", *RATES, "rapport (processeur)")
    python = openfisca_python()
    if python is None:
        row = ("openfisca-core", "non mesuré", *["—"] * 4)
        return Tableau(titre, columns, (row,), "openfisca-core n'a pas pu être installé.")
    openfisca = Openfisca(python, projets)
    try:
        return _compare(titre, columns, projets, regles, openfisca)
    finally:
        openfisca.close()


def _national(projet: Projet) -> Projet:
    """The project moved where no local text is known."""
    autre = {cle: valeur for cle, valeur in projet.items() if cle not in BLOCS}
    return autre | {"departement": "75"}


def _compare(
    titre: str,
    columns: tuple[str, ...],
    projets: Sequence[Projet],
    regles: Regles,
    openfisca: Openfisca,
) -> Tableau:
    read = [lire_projet(projet, regles) for projet in projets]
    whole, bare, built, bare_other = (Chrono(len(projets)) for _ in range(4))
    same_verdicts = same_ps = 0
    for turn in range(ROUNDS):
        for first in range(0, len(projets), SLICE):
            part = slice(first, first + SLICE)
            ours = _time(lambda p: verifier(p, regles), projets[part], whole)
            _time(lambda p: verdict(p, regles), read[part], bare)
            other = openfisca.evaluer(first, first + SLICE)
            built.add(other.secondes, other.processeur)
            bare_other.add(other.calcul, other.calcul_processeur)
            if turn == 0:
                pairs = list(zip(ours, other.verdicts, other.ps, strict=True))
                same_verdicts += sum(our.verdict == their for our, their, _ in pairs)
                same_ps += sum(our.montants.ps_total == ps for our, _, ps in pairs)
    chronos = {
        "Clas, résultat entier": whole,
        "Clas, verdict d'un projet lu": bare,
        "openfisca-core, verdict et Ps": built,
        "openfisca-core, calcul sans construire le cas": bare_other,
    }
    return Tableau(
        titre,
        columns,
        tuple((n, *c.cells, decimal(c.busy / built.busy, 1)) for n, c in chronos.items()),
        f"openfisca-core {openfisca.version}, {len(projets)} projets hors Hérault et Rhône, "
        f"{ROUNDS} passages, par tranches de {SLICE} à tour de rôle. Mêmes verdicts : "
        f"{same_verdicts} sur {len(projets)} ; mêmes Ps : {same_ps}. Le résultat entier a en "
        "plus motifs, citations, calendrier, questions et corrections. openfisca-core est fait "
        "pour calculer d'un coup des milliers de cas en colonnes : ce n'est pas ce qui est mesuré.",
    )


def _questions(complete: Sequence[Projet], regles: Regles, generator: random.Random) -> Tableau:
    truths = [_detailed(p) for p in complete if all(bloc in p for bloc in BLOCS)][:ASKED]
    halves = [_without(p, generator.sample(_leaves(p), len(_leaves(p)) // 2)) for p in truths]
    empties = [_without(projet, _leaves(projet)) for projet in truths]
    ends = [verdict(lire_projet(projet, regles), regles) for projet in truths]
    rows = []
    for kind, drafts in (("à moitié vide", halves), ("vide", empties)):
        asked = [
            [_asked(draft, truth, order, regles) for order in (_useful, _fixed_useful, _fixed)]
            for draft, truth in zip(drafts, truths, strict=True)
        ]
        for label, refused in (("non éligible", True), ("éligible, réserves ou non", False)):
            some = [
                a for a, end in zip(asked, ends, strict=True) if (end == "non_eligible") is refused
            ]
            rows.append((f"{kind}, puis {label}", str(len(some)), *_means(some)))
    return Tableau(
        "Questions posées jusqu'à un verdict ferme, en moyenne",
        (
            "brouillon, puis verdict",
            "projets",
            "ordre de `a_renseigner`",
            "ordre fixe, faits utiles",
            "ordre fixe, tous les faits",
            "écart, faits utiles (IC 95 %)",
        ),
        tuple(rows),
        "Ordre fixe : celui du fichier ; « faits utiles » : ceux que `a_renseigner` cite encore. "
        "Brouillon « vide » : seul le nombre de collectifs est connu. Un intervalle "
        "qui contient 0 ne sépare pas les deux ordres.",
    )


def _detailed(projet: Projet) -> Projet:
    """The project with each objective of the axes as a fact of its own."""
    axes = {
        axe: {nom: nom in valeur for nom in OBJECTIFS[axe]} if isinstance(valeur, list) else valeur
        for axe, valeur in projet["axes"].items()
    }
    return projet | {"axes": axes}


# An order: how to get what `a_renseigner` lists, and the unknown facts in the order of the file.
Listed = Callable[[], Sequence[str]]
Order = Callable[[Listed, Sequence[str]], str]


def _useful(listed: Listed, _: Sequence[str]) -> str:
    return listed()[0]


def _fixed_useful(listed: Listed, unknown: Sequence[str]) -> str:
    useful = set(listed())
    return next(name for name in unknown if name in useful)


def _fixed(_: Listed, unknown: Sequence[str]) -> str:
    return unknown[0]


def _asked(draft: Projet, truth: Projet, order: Order, regles: Regles) -> int:
    """How many facts are asked, one at a time, until the verdict is settled."""
    paths = {_name(path): path for path in _leaves(truth)}
    known = {_name(path) for path in _leaves(draft)}
    unknown = [name for name in paths if name not in known]
    draft, count = deepcopy(draft), 0
    while verdict(lire_projet(draft, regles), regles) == "incomplet":
        chosen = order(lambda: verifier(draft, regles).a_renseigner, unknown)
        unknown.remove(chosen)
        _answer(draft, truth, paths[chosen])
        count += 1
    return count


def _name(path: Chemin) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def _answer(draft: Projet, truth: Projet, path: Chemin) -> None:
    to: Any = draft
    source: Any = truth
    for step in path[:-1]:
        source = source[step]
        to = to[step] if isinstance(step, int) else to.setdefault(step, {})
    to[path[-1]] = source[path[-1]]


def _means(asked: Sequence[Sequence[int]]) -> tuple[str, ...]:
    if not asked:
        return ("—",) * 4
    gaps = [float(ours - fixed) for ours, fixed, _ in asked]
    interval = bootstrap(gaps, mean)
    gap = signed(statistics.fmean(gaps), 1)
    if interval is not None:
        gap += f" ({signed(interval[0], 1)} ; {signed(interval[1], 1)})"
    return (*(decimal(statistics.fmean(counts), 1) for counts in zip(*asked, strict=True)), gap)
