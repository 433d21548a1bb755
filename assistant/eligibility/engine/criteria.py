"""A criterion made ready: its status for any cells of the facts that it reads, known or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from operator import itemgetter
from typing import Any, Final, NamedTuple

from assistant.eligibility.engine.conditions import Cle, Test
from assistant.eligibility.engine.partition import INCONNU
from assistant.eligibility.schema import Cas, Critere, StatutFerme
from assistant.models import Citation

CONFORME, SOUS_RESERVE, NON_CONFORME, ALERTE, SANS_OBJET = range(5)
STATUTS: Final[tuple[StatutFerme, ...]] = (
    "conforme",
    "sous_reserve",
    "non_conforme",
    "alerte",
    "sans_objet",
)
RANG: Final = (0, 1, 2, 0, 0)
"""Weight of each status in the verdict: 0 nothing against, 1 someone decides, 2 refused."""
GRAVITE: Final = (2, 3, 4, 1, 0)
"""Order of statuses when the worse of two counts."""
FAVEUR: Final = (0, 1, 4, 2, 3)
"""Order of statuses when the most favourable counts."""


class CasPret(NamedTuple):
    """A case and where it stands: its priority, its scope, whether the year softened it."""

    cas: Cas
    priorite: int
    test: Test | None
    """None for ``sinon``."""
    statut: int
    portee: str
    plafonne: bool
    citations: tuple[Citation, ...]
    attendu: str


class Bloc(NamedTuple):
    """Cases that are settled together; ``hors``: what becomes of them outside the text's years."""

    cas: tuple[int, ...]
    concours: bool
    hors: str | None
    """``plafonne``, ``sans_objet`` or None."""
    annees_du_texte: frozenset[int]
    """Cells of the school years that the text is written for."""


class Issue(NamedTuple):
    """What completions of the unknown facts lead to, as bit masks."""

    statuts: int
    rangs: int
    gagnants_sur: int
    """Cases that decide under every completion."""
    gagnants: int
    """Cases that decide under some completion."""


def bits(masque: int) -> Iterator[int]:
    """Go through the bits that are set, lowest first."""
    while masque:
        bas = masque & -masque
        yield bas.bit_length() - 1
        masque ^= bas


def plus_haut(masque: int) -> int:
    """Return the highest bit of a mask."""
    return masque.bit_length() - 1


def plus_bas(masque: int) -> int:
    """Return the lowest bit of a mask."""
    return (masque & -masque).bit_length() - 1


class ConflitDeCas(ValueError):
    """Two cases of equal priority hold together, or none does."""


class CriterePret:
    """A criterion compiled once. A key holds one cell for each fact of ``lecture``, in order.

    ``issue`` and its companions remember what they computed: keys are finitely many.
    """

    __slots__ = (
        "_annee",
        "_influences",
        "_parts",
        "blocs",
        "cas",
        "cellules",
        "citations",
        "code",
        "critere",
        "extraire",
        "indices",
        "issues",
        "lecture",
        "montrer",
        "par_collectif",
        "par_departement",
        "portee",
    )

    def __init__(
        self,
        *,
        critere: Critere,
        portee: str,
        lecture: tuple[str, ...],
        indices: tuple[int, ...],
        cellules: tuple[int, ...],
        montrees: tuple[int, ...],
        cas: Sequence[CasPret],
        blocs: Sequence[tuple[Bloc, ...]],
        citations: tuple[Citation, ...],
    ) -> None:
        self.critere, self.code, self.portee = critere, critere.code, portee
        self.par_collectif = critere.par_collectif
        self.lecture, self.indices, self.cellules = lecture, indices, cellules
        self.extraire = _extracteur(indices)
        self.montrer = _extracteur(montrees)
        self.cas, self.blocs, self.citations = tuple(cas), tuple(blocs), citations
        self.par_departement = len(self.blocs) > 1
        self._annee = lecture.index("annee_scolaire") if "annee_scolaire" in lecture else None
        self.issues: dict[Cle, Issue] = {}
        self._influences: dict[tuple[Cle, int, int], bool] = {}
        self._parts: dict[Cle, tuple[float, float, float]] = {}

    def issue(self, cle: Cle) -> Issue:
        """Return the statuses that the completions of a key lead to."""
        trouvee = self.issues.get(cle)
        if trouvee is None:
            trouvee = self.issues[cle] = self._calculer(cle)
        return trouvee

    def _calculer(self, cle: Cle) -> Issue:
        if INCONNU not in cle:
            statut, gagnants = self.decider(cle)
            return Issue(1 << statut, 1 << RANG[statut], gagnants, gagnants)
        statuts = rangs = gagnants = 0
        surs = -1
        for suite in self.completer(cle, cle.index(INCONNU)):
            issue = self.issue(suite)
            statuts |= issue.statuts
            rangs |= issue.rangs
            surs &= issue.gagnants_sur
            gagnants |= issue.gagnants
        return Issue(statuts, rangs, surs, gagnants)

    def completer(self, cle: Cle, rang: int) -> Iterator[Cle]:
        """Go through the keys where one place takes each of its cells."""
        avant, apres = cle[:rang], cle[rang + 1 :]
        for cellule in range(self.cellules[rang]):
            yield (*avant, cellule, *apres)

    def decider(self, cle: Cle) -> tuple[int, int]:
        """Return the status of a complete key, and the cases that decide it.

        Raises:
            ConflitDeCas: see the class; loading goes through every key to rule it out.
        """
        blocs = self.blocs[cle[0]] if self.par_departement else self.blocs[0]
        if not blocs:
            return SANS_OBJET, 1
        statut, gagnants = self._decider_bloc(blocs[0], cle)
        for bloc in blocs[1:]:
            autre, autres = self._decider_bloc(bloc, cle)
            if GRAVITE[autre] > GRAVITE[statut]:
                statut, gagnants = autre, autres
            elif autre == statut:
                gagnants |= autres
        return statut, gagnants

    def _decider_bloc(self, bloc: Bloc, cle: Cle) -> tuple[int, int]:
        statut, gagnants = self._departager(bloc, cle)
        if bloc.hors is None or self._annee is None or cle[self._annee] in bloc.annees_du_texte:
            return statut, gagnants
        if bloc.hors == "sans_objet":
            return SANS_OBJET, gagnants
        if statut == NON_CONFORME:
            # Each case that may be softened is followed by its softened twin.
            return SOUS_RESERVE, gagnants << 1
        return statut, gagnants

    def _departager(self, bloc: Bloc, cle: Cle) -> tuple[int, int]:
        retenus: list[int] = []
        priorite = INCONNU
        for rang in bloc.cas:
            cas = self.cas[rang]
            if cas.priorite < priorite or (cas.test is not None and not cas.test(cle)):
                continue
            if cas.priorite > priorite:
                priorite, retenus = cas.priorite, []
            retenus.append(rang)
        statuts = {self.cas[rang].statut for rang in retenus}
        if not retenus or (len(statuts) > 1 and not bloc.concours):
            noms = ", ".join(self.cas[rang].cas.id for rang in retenus) or "aucun cas"
            raise ConflitDeCas(noms)
        choisi = min(statuts, key=FAVEUR.__getitem__)
        gagnants = 0
        for rang in retenus:
            if self.cas[rang].statut == choisi:
                gagnants |= 1 << rang
        return choisi, gagnants

    def attendu(self, departement: str | None) -> str:
        """Return what is expected, in the words of the département's text if it has some."""
        locaux = (c.attendu for c in self.cas if c.portee == departement and c.attendu)
        return next(locaux, self.critere.attendu)

    def cles(self) -> Iterator[Cle]:
        """Go through every complete key."""
        return product(*(range(n) for n in self.cellules))

    def influe(self, cle: Cle, rang: int, seuil: int) -> bool:
        """Tell whether an unknown place can change the rank, above ``seuil``, all else equal."""
        rangs = self.issue(cle).rangs
        if rangs & (rangs - 1) == 0 or plus_haut(rangs) <= seuil:
            return False
        memoire = (cle, rang, seuil)
        trouvee = self._influences.get(memoire)
        if trouvee is None:
            trouvee = self._influences[memoire] = self._calculer_influence(cle, rang, seuil)
        return trouvee

    def _calculer_influence(self, cle: Cle, rang: int, seuil: int) -> bool:
        autre = next((i for i, c in enumerate(cle) if c == INCONNU and i != rang), None)
        if autre is not None:
            return any(self.influe(suite, rang, seuil) for suite in self.completer(cle, autre))
        rangs = 0
        for suite in self.completer(cle, rang):
            rangs |= self.issue(suite).rangs
        return rangs & (rangs - 1) != 0 and plus_haut(rangs) > seuil

    def parts(self, cle: Cle) -> tuple[float, float, float]:
        """Return the share of each rank among completions, every cell being as likely."""
        trouvee = self._parts.get(cle)
        if trouvee is None:
            trouvee = self._parts[cle] = self._calculer_parts(cle)
        return trouvee

    def _calculer_parts(self, cle: Cle) -> tuple[float, float, float]:
        if INCONNU not in cle:
            rang = plus_bas(self.issue(cle).rangs)
            return (float(rang == 0), float(rang == 1), float(rang == 2))  # noqa: PLR2004 - ranks
        suites = [self.parts(suite) for suite in self.completer(cle, cle.index(INCONNU))]
        return (
            sum(s[0] for s in suites) / len(suites),
            sum(s[1] for s in suites) / len(suites),
            sum(s[2] for s in suites) / len(suites),
        )


def _extracteur(indices: tuple[int, ...]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what takes some places out of a vector, as a tuple."""
    if len(indices) > 1:
        return itemgetter(*indices)
    if not indices:
        return lambda _: ()
    (seul,) = indices
    return lambda vecteur: (vecteur[seul],)
