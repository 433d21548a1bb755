"""What a report says, before it is laid out: plain French words, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.publication.comparaison import (
    AppuiTouche,
    ChangementMontre,
    DocumentNomme,
    DocumentRapporte,
    Rapport,
    cut_words,
)
from assistant.revision.effets import Alerte
from corpus.comparison.changes import Fragment, NatureChangement

ALERTES: dict[Alerte, str] = {
    "disparu": "les mots cités ont disparu",
    "change": "les mots cités ont changé",
    "a_relire": "à relire : la phrase a changé autour des mots cités",
    "deplace": "déplacé",
    "inchange": "inchangé",
}
GENRES = {
    "regle": "règle",
    "parametre": "paramètre",
    "fiche": "fiche de réponse",
    "registre": "registre des normes",
}
CHAMPS = {
    "titre": "titre",
    "titre_court": "titre court",
    "editeur": "éditeur",
    "nature": "nature",
    "portee": "portée",
    "rang": "rang",
    "annee": "année scolaire",
    "premiere_annee": "première année de validité",
    "derniere_annee": "dernière année de validité",
    "date_publication": "date de publication",
    "date_precise": "date précise",
    "adresse": "adresse",
    "mise_en_page": "mise en page",
    "lacunes": "passages manquants",
    "mobilier": "en-têtes et pieds de page ôtés",
    "titres_restitues": "titres rétablis",
}
"""Fields of an entry, as a reader calls them."""
_SHOWN: tuple[NatureChangement, ...] = ("fond", "ajoute", "retire", "reformule")
"""Changes shown word for word, most serious first; the others are counted."""
_OF_SUBSTANCE: tuple[NatureChangement, ...] = ("fond", "ajoute", "retire")
_LOST: tuple[Alerte, ...] = ("disparu", "change")
_TITLES = {
    "fond": "Changement de fond",
    "ajoute": "Passage ajouté",
    "retire": "Passage retiré",
    "reformule": "Reformulation",
}
_COUNTED: dict[NatureChangement, tuple[str, str]] = {
    "deplace": ("passage déplacé sans changement", "passages déplacés sans changement"),
    "remis_en_page": ("passage remis en page seulement", "passages remis en page seulement"),
    "inchange": ("passage inchangé", "passages inchangés"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two wordings side by side, cut where they differ."""

    titre: str
    de_fond: bool
    lieu: str
    valeurs: tuple[str, ...]
    """« 8 → 6 », « doit → peut »: what changed, alone."""
    avant: tuple[Fragment, ...]
    apres: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class PartieDocument:
    """A document whose text changes."""

    titre: str
    resume: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Touche:
    """Words that changed, and everything that quotes these very words."""

    noms: tuple[str, ...]
    alerte: str
    document: str
    valeurs: tuple[str, ...]
    avant: tuple[Fragment, ...]
    apres: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Contenu:
    """Everything that the report says of a draft."""

    titre: str
    cotes: str
    """What is compared with what."""
    resume: tuple[str, ...]
    documents: tuple[PartieDocument, ...]
    touches: tuple[Touche, ...]
    """What rests on words that changed or are gone."""
    bloquants: tuple[str, ...] | None
    """What stands in the way of publishing; None where nothing is to be published."""
    decides: tuple[str, ...]
    """What was decided already: put aside, mended."""
    a_relire: tuple[Touche, ...]


def contents_of(rapport: Rapport) -> Contenu:
    """Put a report in words."""
    titles = {part.document: _title(part) for part in rapport.documents}
    appuis = [appui for part in rapport.documents for appui in part.appuis]
    touched = [_touched(appui, titles) for appui in appuis if appui.alerte in _LOST]
    gone = [_orphan(appui) for appui in rapport.sans_texte]
    again = [_touched(appui, titles) for appui in appuis if appui.alerte == "a_relire"]
    blocking = rapport.bloquants if rapport.brouillon else None
    return Contenu(
        titre="Avant de publier : ce qui change"
        if rapport.brouillon
        else "Ce qui change dans les textes",
        cotes=f"{rapport.ancien} → {rapport.nouveau}",
        resume=tuple(_summary(rapport, len({t.noms for t in (*touched, *gone)}), blocking)),
        documents=tuple(_document(part) for part in rapport.documents),
        touches=tuple(_together([*touched, *gone])),
        bloquants=blocking,
        decides=tuple(_decided(rapport)),
        a_relire=tuple(_together(again)),
    )


def counted(number: int, one: str, many: str) -> str:
    """« 1 règle », « 3 règles », « aucune … » being left to who calls."""
    return f"{number} {one if number < 2 else many}"  # noqa: PLR2004 - French: 0 and 1 are singular


def _title(part: DocumentRapporte) -> str:
    if part.succede:
        return f"{part.titre} ({part.document}), qui vient après {part.ancien.partition('@')[0]}"
    return f"{part.titre} ({part.document})"


def _summary(rapport: Rapport, touched: int, blocking: Sequence[str] | None) -> Iterator[str]:
    changed = [part for part in rapport.documents if not part.succede]
    fond = sum(part.comptes.get(nature, 0) for part in changed for nature in _OF_SUBSTANCE)
    said = counted(len(changed), "document change", "documents changent")
    yield f"{said} ; {counted(fond, 'changement de fond', 'changements de fond')}."
    if rapport.ajoutes:
        yield f"Documents ajoutés : {_listed(rapport.ajoutes)}."
    if rapport.retires:
        yield f"Documents retirés : {_listed(rapport.retires)}."
    for field in rapport.fiches:
        name = CHAMPS.get(field.champ, field.champ)
        yield f"Document {field.document}, {name} : {field.ancien} → {field.nouveau}."
    items = counted(touched, "règle, paramètre, fiche ou norme cite", "règles, paramètres, fiches "
                    "ou normes citent")  # fmt: skip
    yield f"{items} des mots qui ont changé."
    if blocking:
        stop = counted(len(blocking), "élément empêche", "éléments empêchent")
        yield f"{stop} de publier : à réparer ou à mettre de côté d'abord."
    elif blocking is not None:
        yield "Rien n'empêche de publier."


def _listed(documents: Iterable[DocumentNomme]) -> str:
    return ", ".join(
        d.document
        if d.titre == d.document
        else f"{d.titre} ({', '.join(filter(None, (d.document, d.pour_qui)))})"
        for d in documents
    )


def _decided(rapport: Rapport) -> Iterator[str]:
    yield from rapport.mis_de_cote
    if rapport.reparations:
        yield counted(rapport.reparations, "citation réparée", "citations réparées")


def _document(part: DocumentRapporte) -> PartieDocument:
    counts = [
        counted(number, *words)
        for nature, words in _COUNTED.items()
        if (number := part.comptes.get(nature, 0))
    ]
    return PartieDocument(
        titre=_title(part),
        resume=f"Par ailleurs : {', '.join(counts)}." if counts else "",
        differences=tuple(
            _difference(change)
            for nature in _SHOWN
            for change in part.changements
            if change.nature == nature
        ),
    )


def _difference(change: ChangementMontre) -> Difference:
    place = " › ".join(change.section)
    page = f"page {change.page}" if change.page is not None else ""
    return Difference(
        titre=_TITLES[change.nature] + (", et déplacement" if change.deplace else ""),
        de_fond=change.nature in _OF_SUBSTANCE,
        lieu=", ".join(part for part in (place, page) if part),
        valeurs=change.valeurs,
        avant=change.avant,
        apres=change.apres,
    )


def _touched(appui: AppuiTouche, titles: dict[str, str]) -> Touche:
    around = appui.alerte == "a_relire" and bool(appui.contexte_ancien)
    avant, apres = cut_words(
        appui.contexte_ancien if around else appui.ancien,
        appui.contexte_nouveau if around else appui.nouveau,
    )
    return Touche(
        noms=(_named(appui),),
        alerte=ALERTES[appui.alerte],
        document=titles.get(appui.document, appui.document),
        valeurs=tuple(f"{v.ancienne} → {v.nouvelle}" for v in appui.valeurs),
        avant=avant,
        apres=apres,
    )


def _orphan(appui: AppuiTouche) -> Touche:
    return Touche(
        noms=(_named(appui),),
        alerte="le document cité est retiré",
        document=appui.document,
        valeurs=(),
        avant=(Fragment(texte=appui.ancien, egal=False),),
        apres=(),
    )


def _together(touched: Iterable[Touche]) -> Iterator[Touche]:
    """Show the same words once, with all that quotes them."""
    found: dict[Touche, dict[str, None]] = {}
    for item in touched:
        found.setdefault(replace(item, noms=()), {}).update(dict.fromkeys(item.noms))
    for words, names in found.items():
        yield replace(words, noms=tuple(names))


def _named(appui: AppuiTouche) -> str:
    kind = GENRES[appui.genre]
    return f"{kind} « {appui.nom.removeprefix(f'{kind} ')} »"
