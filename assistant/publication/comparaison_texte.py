"""A comparison as a terminal shows it: what went ``[-so-]``, what came ``{+so+}``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from assistant.publication.comparaison import (
    AppuiTouche,
    ChangementMontre,
    DocumentRapporte,
    Rapport,
    Style,
    cut_words,
    woven,
)
from assistant.publication.rapport_rejeu import ContenuRejeu, contents_of_replay
from assistant.rendering import harmless
from assistant.revision.effets import Alerte
from corpus.comparison.changes import Fragment, NatureChangement

NATURES: dict[NatureChangement, tuple[str, str]] = {
    "fond": ("changement de fond", "changements de fond"),
    "ajoute": ("passage ajouté", "passages ajoutés"),
    "retire": ("passage retiré", "passages retirés"),
    "reformule": ("reformulation", "reformulations"),
    "deplace": ("passage déplacé", "passages déplacés"),
    "remis_en_page": ("passage remis en page", "passages remis en page"),
    "inchange": ("passage inchangé", "passages inchangés"),
}
ALERTES: dict[Alerte, str] = {
    "disparu": "ses mots ont disparu",
    "change": "ses mots ont changé",
    "a_relire": "à relire : sa phrase a changé autour",
    "deplace": "déplacé",
    "inchange": "inchangé",
}
GENRES = {"regle": "règle", "parametre": "paramètre", "fiche": "fiche", "registre": "registre"}
_AROUND = 110
"""Characters kept on each side of what changed."""
_LONG = 400
_RED, _GREEN, _BOLD, _END = "\x1b[31m", "\x1b[32m", "\x1b[1m", "\x1b[0m"

Paint = Callable[[Style | None, str], str]


def render(report: Rapport, *, colours: bool) -> str:
    """Lay a comparison out for a terminal."""
    return "\n".join(_lines(report, _paint if colours else _plain))


def _plain(style: Style | None, words: str) -> str:
    shown = harmless(words)
    if style == "ancien":
        return f"[-{shown}-]"
    return f"{{+{shown}+}}" if style == "nouveau" else shown


def _paint(style: Style | None, words: str) -> str:
    colour = {"ancien": _RED, "nouveau": _GREEN, None: _BOLD}.get(style, "")
    return f"{colour}{_plain(style, words)}{_END}" if colour else _plain(style, words)


def _lines(report: Rapport, paint: Paint) -> Iterator[str]:
    yield paint(None, f"{report.ancien} → {report.nouveau}")
    if report.vide:
        yield "Aucun texte ne change."
    yield from _entries(report)
    for document in report.documents:
        yield ""
        yield from _document(document, paint)
    if report.sans_texte:
        yield ""
        yield paint(None, "Ce qui s'appuie sur un document retiré")
        yield from _supports(report.sans_texte, paint)
    if report.rejeu is not None:
        yield ""
        yield from _replay(contents_of_replay(report.rejeu), paint)
    yield from _decisions(report, paint)


def _replay(replayed: ContenuRejeu, paint: Paint) -> Iterator[str]:
    yield paint(None, "Questions et projets rejoués")
    yield f"  {harmless(replayed.resume)}"
    for project in replayed.projets:
        yield harmless(f"  ! projet {project.titre}")
        yield from (harmless(f"      {line}") for line in project.lignes)
    for question in replayed.questions:
        yield harmless(f"  ! {question.titre} ({question.change})")
        yield f"      {_woven(*cut_words(question.avant, question.apres), paint)}"


def _entries(report: Rapport) -> Iterator[str]:
    for added in report.ajoutes:
        yield harmless(f"  + document {added.document} : {added.dit}")
    for gone in report.retires:
        yield harmless(f"  - document {gone.document} retiré : {gone.titre}")
    for field in report.fiches:
        said = f"{field.champ} : {field.ancien} → {field.nouveau}"
        yield harmless(f"  ~ document {field.document}, {said}")


def _document(document: DocumentRapporte, paint: Paint) -> Iterator[str]:
    link = "succède à" if document.succede else "à la place de"
    title = f"{document.titre} : {document.nouveau} {link} {document.ancien}"
    yield paint(None, title)
    yield f"  {summary(document)}"
    shown = [change for change in document.changements if change.nature != "remis_en_page"]
    for rank, change in enumerate(shown, start=1):
        yield from _change(rank, change, paint)
    if document.appuis:
        yield ""
        yield paint(None, f"Ce qui s'appuie sur ces mots ({document.titre})")
        yield from _supports(document.appuis, paint)


def summary(document: DocumentRapporte) -> str:
    """How many changes of each nature."""
    counts = [
        f"{number} {words[number > 1]}"
        for nature, words in NATURES.items()
        if (number := document.comptes.get(nature, 0))
    ]
    return ", ".join(counts)


def place_of(change: ChangementMontre) -> str:
    """Section and page of a change."""
    page = f"page {change.page}" if change.page else ""
    return ", ".join(part for part in (" › ".join(change.section), page) if part)


def values_of(change: ChangementMontre) -> str:
    """Figures and words that a rule hangs on, that went and came."""
    if change.nature in ("ajoute", "retire"):
        return ""
    parts = [
        f"{label} : {', '.join(dict.fromkeys(words))}"
        for label, words in (("partis", change.perdus), ("venus", change.venus))
        if words
    ]
    return " ; ".join(parts)


def _change(rank: int, change: ChangementMontre, paint: Paint) -> Iterator[str]:
    moved = ", et déplacé" if change.deplace and change.nature != "deplace" else ""
    where = place_of(change)
    yield ""
    yield harmless(f"  {rank}. {NATURES[change.nature][0]}{moved}{f' ({where})' if where else ''}")
    brief = change.nature == "deplace"
    words = _brief(change) if brief else _woven(change.avant, change.apres, paint)
    yield f"     {words}"
    values = values_of(change)
    if values:
        yield harmless(f"     chiffres et mots qui font règle, {values}")


def _brief(change: ChangementMontre) -> str:
    words = " ".join("".join(f.texte for f in change.apres).split())
    return harmless(words if len(words) <= _AROUND else f"{words[:_AROUND]}…")


def _woven(avant: Sequence[Fragment], apres: Sequence[Fragment], paint: Paint) -> str:
    pieces = woven(avant, apres)
    last = len(pieces) - 1
    return " ".join(
        paint(style, _short(words, style, first=rank == 0, last=rank == last))
        for rank, (style, words) in enumerate(pieces)
        if words.strip()
    )


def _short(words: str, style: Style, *, first: bool, last: bool) -> str:
    said = " ".join(words.split())
    if style != "egal":
        return said if len(said) <= _LONG else f"{said[:_LONG]}…"
    if first and len(said) > _AROUND:
        return f"…{said[-_AROUND:]}"
    if last and len(said) > _AROUND:
        return f"{said[:_AROUND]}…"
    if len(said) > 2 * _AROUND:
        return f"{said[:_AROUND]} … {said[-_AROUND:]}"
    return said


def _supports(appuis: Iterable[AppuiTouche], paint: Paint) -> Iterator[str]:
    """What rests on the same words is told together, once."""
    together: dict[tuple[Alerte, bool, str, str], list[AppuiTouche]] = defaultdict(list)
    for appui in appuis:
        old = appui.contexte_ancien or appui.ancien
        new = appui.contexte_nouveau or appui.nouveau
        together[appui.alerte, appui.bloque, old, new].append(appui)
    for (alerte, bloque, old, new), group in together.items():
        mark = "✗" if bloque else "!"
        stop = ", bloque la publication" if bloque else ""
        names = ", ".join(dict.fromkeys(named(appui) for appui in group))
        yield harmless(f"  {mark} {names} : {ALERTES[alerte]}{stop}")
        yield f"      {_woven(*cut_words(old, new), paint)}"
        values = dict.fromkeys(v for appui in group for v in appui.valeurs)
        for value in values:
            told = f"{value.ancienne} → {value.nouvelle}"
            yield harmless(f"      la valeur semble changer : {told}")


def named(appui: AppuiTouche) -> str:
    """What rests on the words, by its kind and name."""
    if appui.genre in ("regle", "parametre"):
        return appui.nom
    return f"{GENRES[appui.genre]} « {appui.nom} »"


def _decisions(report: Rapport, paint: Paint) -> Iterator[str]:
    if report.mis_de_cote:
        yield ""
        yield paint(None, "Mis de côté dans ce brouillon")
        yield from (harmless(f"  {said}") for said in report.mis_de_cote)
    if report.reparations:
        yield f"  {report.reparations} citation(s) réparée(s)"
    if not report.brouillon:
        return
    yield ""
    if report.bloquants:
        yield paint(None, f"Bloque la publication ({len(report.bloquants)})")
        yield from (harmless(f"  {name}") for name in report.bloquants)
        yield (
            "Réparez les citations (« clas corpus reparer ») ou mettez de côté ce qui s'y appuie "
            "(« clas corpus ecarter »)."
        )
    else:
        yield "Rien n'empêche de publier (« clas corpus publier »)."
