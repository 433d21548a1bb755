"""What a new version of a text alarms: seeded changes, other layouts, and what replacing one costs.

An alarm is a quotation of a rule, a parameter, a card or the ledger, told to be changed or gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.eligibility import charger_regles
from assistant.eligibility.ledger import lire_registre
from assistant.evaluation.intervals import wilson
from assistant.fiches.loading import fill_cards, locate_cards, read_cards
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import alarms, effects
from bench.editions import SORTES, Edition, edits_of_layout, edits_of_substance
from bench.rendus import FORMES, Forme, OutilAbsent
from bench.rendus.lecture import relire
from bench.revisions_cout import cost_of_replacing_one
from bench.tableau import NARROW, Tableau, decimal
from corpus.comparison.alignment import align
from corpus.library import load_corpus
from corpus.models import DocumentCanonique

EDITS = 350
SEED = 2028
GOAL = 0.01
_BROKEN = ("change", "disparu")


@dataclass
class _Count:
    """Alarms of some edits, against the items that own the words edited."""

    edits: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    again: int = 0
    """Quotations that stand, in a sentence that changed: to be read again."""
    exact: int = 0
    """Edits that alarm their owners and nobody else."""
    errors: list[str] = field(default_factory=list)

    def __add__(self, other: _Count) -> _Count:
        return _Count(
            self.edits + other.edits,
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
            self.again + other.again,
            self.exact + other.exact,
            self.errors + other.errors,
        )


def run() -> Sequence[Tableau]:
    documents = dict(load_corpus().documents)
    appuis = supports(documents)
    texts = list(documents.values())
    return [
        _substance(texts, appuis),
        _layout(texts, appuis),
        _forms(texts, appuis),
        *cost_of_replacing_one(texts),
    ]


def supports(documents: Mapping[str, DocumentCanonique]) -> tuple[Appui, ...]:
    """Every quotation of everything that quotes."""
    regles = charger_regles(documents)
    cards, _ = locate_cards(fill_cards(read_cards(), regles), documents)
    return list_supports(documents, regles, cards, lire_registre())


def _substance(texts: Sequence[DocumentCanonique], appuis: Sequence[Appui]) -> Tableau:
    counts: dict[str, _Count] = {sorte: _Count() for sorte in SORTES}
    for edition in edits_of_substance(texts, EDITS, SEED):
        counts[edition.sorte] += count(edition, appuis)
    whole = sum(counts.values(), _Count())
    rows = [_row(sorte, counts[sorte]) for sorte in SORTES]
    wrong = f" Fautives : {' ; '.join(whole.errors)}." if whole.errors else ""
    return Tableau(
        f"{EDITS} changements de fond semés dans les {len(texts)} textes, un à la fois",
        (
            "ce qui change",
            "éditions",
            "alarmes attendues",
            "alarmes données",
            "précision [95 %]",
            "rappel [95 %]",
            "exactes",
            "à relire en plus",
        ),
        (*rows, _row("**ensemble**", whole)),
        (
            f"{len(appuis)} citations suivies. Attendues : celles qui tiennent les mots changés. "
            "« Exactes » : éditions qui alarment toutes celles-là et elles seules. "
            f"« À relire » : les mots cités tiennent, leur phrase a changé ailleurs.{wrong}"
        ),
    )


def count(edition: Edition, appuis: Sequence[Appui]) -> _Count:
    """Hold the alarms of an edit against the items that own its words."""
    owners = {
        _identity(appui)
        for appui in appuis
        if appui.document == edition.ancien.fiche.id
        and appui.debut < edition.fin
        and appui.fin > edition.debut
    }
    found = alarms(effects(align(edition.ancien, edition.nouveau), appuis))
    alarmed = {_identity(effet.appui) for effet in found if effet.alerte in _BROKEN}
    place = f"{edition.ancien.fiche.id}, « {edition.avant} » → « {edition.apres} »"
    return _Count(
        edits=1,
        right=len(owners & alarmed),
        wrong=len(alarmed - owners),
        missed=len(owners - alarmed),
        again=sum(effet.alerte not in _BROKEN for effet in found),
        exact=owners == alarmed,
        errors=[] if owners == alarmed else [place],
    )


def _identity(appui: Appui) -> tuple[str, str, str, int]:
    return appui.genre, appui.nom, appui.champ, appui.debut


def _row(name: str, counted: _Count) -> tuple[str, ...]:
    return (
        name,
        str(counted.edits),
        decimal(counted.right + counted.missed, 0),
        decimal(counted.right + counted.wrong, 0),
        share(counted.right, counted.right + counted.wrong),
        share(counted.right, counted.right + counted.missed),
        f"{counted.exact} / {counted.edits}",
        decimal(counted.again, 0),
    )


def share(part: int, whole: int) -> str:
    """A share in per cent and its Wilson interval."""
    interval = wilson(part, whole)
    if interval is None:
        return "—"
    low, high = interval
    return f"{_percent(part / whole)} [{_percent(low)} ; {_percent(high)}]"


def _percent(value: float) -> str:
    return f"{decimal(100 * value, 1)}{NARROW}%"


def _layout(texts: Sequence[DocumentCanonique], appuis: Sequence[Appui]) -> Tableau:
    followed: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    edits: Counter[str] = Counter()
    for edition in edits_of_layout(texts, SEED):
        total, wrong = _followed(edition.ancien, edition.nouveau, appuis)
        followed[edition.sorte] += total
        raised[edition.sorte] += wrong
        edits[edition.sorte] += 1
    rows = [(s, str(edits[s]), *_alarms_row(raised[s], followed[s])) for s in edits]
    whole = ("**ensemble**", str(edits.total()), *_alarms_row(raised.total(), followed.total()))
    return Tableau(
        "Changements de mise en page seule : fausses alarmes",
        ("ce qui change", "textes", "citations suivies", "alarmes", "part [95 %]", "but"),
        (*rows, whole),
        "Une citation « à relire » compte ici comme une alarme.",
    )


def _followed(
    old: DocumentCanonique, new: DocumentCanonique, appuis: Sequence[Appui]
) -> tuple[int, int]:
    """How many quotations were followed from one text to the other, and how many alarmed."""
    found = effects(align(old, new), appuis)
    return len(found), len(alarms(found))


def _alarms_row(raised: int, followed: int) -> tuple[str, ...]:
    return (
        decimal(followed, 0),
        decimal(raised, 0),
        share(raised, followed),
        f"≤ {_percent(GOAL)} : {'tenu' if raised <= GOAL * followed else 'non tenu'}",
    )


def _forms(texts: Sequence[DocumentCanonique], appuis: Sequence[Appui]) -> Tableau:
    rows: list[tuple[str, ...]] = []
    whole = Counter[str]()
    for forme in FORMES:
        found = list(_of_form(texts, forme, appuis))
        if not found:
            rows.append((forme, "outil absent", "—", "—", "—", "—"))
            continue
        followed, raised = (sum(numbers) for numbers in zip(*found, strict=True))
        whole["followed"] += followed
        whole["raised"] += raised
        rows.append((forme, str(len(found)), *_alarms_row(raised, followed)))
    rows.append(("**ensemble**", "", *_alarms_row(whole["raised"], whole["followed"])))
    return Tableau(
        "Les textes remis en page par les outils des bureaux, comparés aux textes reçus",
        ("forme", "textes", "citations suivies", "alarmes", "part [95 %]", "but"),
        tuple(rows),
        "Chaque fichier est relu par le programme comme celui qu'un gestionnaire apporterait.",
    )


def _of_form(
    texts: Iterable[DocumentCanonique], forme: Forme, appuis: Sequence[Appui]
) -> Iterator[tuple[int, int]]:
    for document in texts:
        try:
            read = relire(document, forme, reperes=True).lu
        except OutilAbsent:
            return
        yield _followed(document, read, appuis)
