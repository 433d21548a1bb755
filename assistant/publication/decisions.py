"""Decide on what rests on words that changed: put aside, take back, mend.

As the other changes of the draft: under the base's lock, and told in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.configuration import Configuration
from assistant.eligibility.errors import ReglesInutilisables
from assistant.fiches.loading import read_cards
from assistant.publication.apercu import (
    Apercu,
    named_item,
    put_aside,
    withdrawal_of,
)
from assistant.publication.brouillons import (
    ChangementRefuse,
    DemandeInutilisable,
    Etat,
    changing,
    log,
    save,
)
from assistant.publication.etat import Contenu, contents, documents_of
from assistant.publication.publier import draft_version, look
from assistant.publication.reparations import (
    merged_repairs,
    merged_withdrawals,
    without_shown,
)
from assistant.quotation import Localisation, Verificateur
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import Effet
from corpus.base.models import Brouillon, Reparation, Retrait
from corpus.base.store import Base

_MOST_NAMED = 5
_START = 20
"""Letters from which the beginning of a quotation is enough to name it."""


def put_aside_items(
    configuration: Configuration, names: Sequence[str] | None, raison: str, auteur: str
) -> tuple[Retrait, ...]:
    """Put aside rules, parameters and cards whose words changed; ``None``: all that block.

    Raises:
        DemandeInutilisable: a name is none of those that rest on what changed.
        PublicationRefusee: nothing is in preparation.
    """
    with changing(configuration) as (base, now):
        seen, _ = look(configuration)
        named = seen.bloquants if names is None else _chosen(seen, names)
        chosen = with_same_words(seen, named)
        documents = documents_of(base, draft_version(base, now.parent, now.brouillon))
        retraits, reparations = put_aside(seen, chosen, raison, documents)
        save(
            base,
            now,
            retraits=merged_withdrawals(now.brouillon.retraits, retraits),
            reparations=merged_repairs(now.brouillon.reparations, reparations),
        )
        for retrait in retraits:
            log(base, "ecarter", auteur, f"{retrait.genre} {retrait.nom}", raison)
    return retraits


def with_same_words(seen: Apercu, chosen: Iterable[Appui]) -> tuple[Appui, ...]:
    """What is put aside together: each thing with all its broken quotations, and what quotes them.

    Whatever quotes the same words as a rule put aside is no better off than it is: words that
    changed prove neither, so that they go together.
    """
    kept = dict.fromkeys(chosen)
    while True:
        names = {withdrawal_of(appui)[:2] for appui in kept}
        words = {(a.document, a.extrait) for a in kept if a.genre != "fiche"}
        more = [
            appui
            for appui in seen.bloquants
            if appui not in kept
            and (withdrawal_of(appui)[:2] in names or (appui.document, appui.extrait) in words)
        ]
        if not more:
            return tuple(kept)
        kept |= dict.fromkeys(more)


def take_back(configuration: Configuration, names: Sequence[str], auteur: str) -> None:
    """Use again what was put aside: with its own words, never with those shown in their place.

    Raises:
        DemandeInutilisable: a name is none of those put aside.
        ChangementRefuse: it was put aside in a version published since, and the texts still do
            not have its words.
    """
    with changing(configuration) as (base, now):
        wanted = {name.casefold() for name in names}
        aside = now.brouillon.retraits
        back = [r for r in aside if r.nom.casefold() in wanted or _said(r).casefold() in wanted]
        found = {n.casefold() for r in back for n in (r.nom, _said(r))}
        lost = [name for name in names if name.casefold() not in found]
        if lost:
            known = ", ".join(f"« {_said(r)} »" for r in aside) or "rien"
            raise DemandeInutilisable(f"« {lost[0]} » n'est pas mis de côté ; l'est : {known}.")
        quoted = _quoted_by(contents(base, now.parent), back)
        draft = now.brouillon.model_copy(
            update={
                "retraits": tuple(r for r in aside if r not in back),
                "reparations": tuple(without_shown(now.brouillon.reparations, back, quoted)),
            }
        )
        if set(back) & set(now.parent.retraits):
            _refuse_lost_words(base, now, draft)
        save(base, now, retraits=draft.retraits, reparations=draft.reparations)
        for retrait in back:
            log(base, "reprendre", auteur, f"{retrait.genre} {retrait.nom}")


def _quoted_by(here: Contenu, items: Iterable[Retrait]) -> set[tuple[str, str]]:
    """Documents and words that some items quote, as the texts have them and as they are written."""
    wanted = {(r.genre, r.nom) for r in items}
    appuis = list_supports(here.documents, here.regles, here.fiches, ())
    quoted = {(a.document, a.extrait) for a in appuis if withdrawal_of(a)[:2] in wanted}
    for card in read_cards():
        if ("fiche", card.id) in wanted:
            quoted |= {(proof.document, proof.extrait) for proof in card.preuves}
    return quoted


def _refuse_lost_words(base: Base, now: Etat, draft: Brouillon) -> None:
    try:
        contents(base, draft_version(base, now.parent, draft))
    except ReglesInutilisables as error:
        raise ChangementRefuse(
            "Ses mots ne sont toujours pas dans les textes : la règle doit être réécrite dans le "
            f"programme avant d'être reprise ({error})"
        ) from error


def _said(retrait: Retrait) -> str:
    label = {"regle": "critère ", "parametre": "paramètre "}.get(retrait.genre, "")
    return retrait.nom if retrait.nom.startswith(label) else f"{label}{retrait.nom}"


@dataclass(frozen=True, slots=True)
class Reparable:
    """A quotation that broke, and the words that stand now where it stood."""

    appuis: tuple[Appui, ...]
    effet: Effet | None

    @property
    def propose(self) -> str | None:
        """The words to quote instead; None when nothing stands there."""
        return self.effet.devenir.nouveau or None if self.effet else None


def broken_quotation(seen: Apercu, document: str, ancien: str) -> Reparable:
    """Find a broken quotation by its words, or by how they begin.

    Raises:
        DemandeInutilisable: none, or several, are so.
    """
    bare = _bare(ancien)
    broken: dict[str, list[Appui]] = {}
    for appui in _broken(seen):
        if appui.document == document:
            broken.setdefault(appui.extrait, []).append(appui)
    exact = [words for words in broken if _bare(words) == bare]
    found = exact or [
        words for words in broken if len(bare) >= _START and _bare(words).startswith(bare)
    ]
    if len(found) != 1:
        known = " ; ".join(f"« {_shown(words)} »" for words in list(broken)[:_MOST_NAMED])
        said = "plusieurs citations commencent" if found else "aucune citation touchée ne commence"
        raise DemandeInutilisable(
            f"document {document} : {said} par « {_shown(ancien)} » ; "
            f"touchées : {known or 'aucune'}"
        )
    appuis = broken[found[0]]
    effets = {(e.appui.document, e.appui.extrait): e for e in seen.effets}
    return Reparable(tuple(appuis), effets.get((document, found[0])))


def mend(
    configuration: Configuration,
    document: str,
    ancien: str,
    nouveau: str,
    auteur: str,
    *,
    despite_substance: bool = False,
) -> Reparable:
    """Give a quotation the words that it now has in the draft's text.

    Raises:
        DemandeInutilisable: no such quotation, or the new words are not in the text.
        ChangementRefuse: the substance changed: what quotes it would go on with the old one.
        PublicationRefusee: nothing is in preparation.
    """
    with changing(configuration) as (base, now):
        seen, here = look(configuration)
        broken = broken_quotation(seen, document, ancien)
        documents = documents_of(base, draft_version(base, now.parent, now.brouillon))
        found = (
            Verificateur(documents).localiser(nouveau, document) if document in documents else None
        )
        if not isinstance(found, Localisation):
            why = found.explication if found else "ce document est retiré."
            raise DemandeInutilisable(f"« {_shown(nouveau)} » : {why}")
        if not despite_substance:
            _refuse_stale_words(broken)
        quoting = tuple(dict.fromkeys(map(named_item, broken.appuis)))
        repairs = [
            Reparation(document=document, ancien=words, nouveau=found.extrait, pour=quoting)
            for words in _writings(broken.appuis, here)
        ]
        save(base, now, reparations=merged_repairs(now.brouillon.reparations, repairs))
        named = ", ".join(dict.fromkeys(appui.nom for appui in broken.appuis))
        log(base, "reparer", auteur, f"document {document}", f"{named} : {_shown(nouveau)}")
    return broken


def _refuse_stale_words(broken: Reparable) -> None:
    """What quotes the words would go on with the figure, the must or the limit of before."""
    devenir = broken.effet.devenir if broken.effet else None
    if devenir is None or not devenir.de_fond:
        return
    gone = ", ".join(dict.fromkeys(mark.ecrit for mark in devenir.perdues)) or "ces mots"
    come = ", ".join(dict.fromkeys(mark.ecrit for mark in devenir.venues)) or "rien"
    raise ChangementRefuse(
        f"Le fond a changé ({gone} → {come}) : « {broken.appuis[0].nom} » dirait encore "
        "l'ancien. Mettez-le de côté (« clas corpus ecarter »), ou confirmez par --malgre-le-fond "
        "que ce qu'il dit n'en dépend pas."
    )


def _writings(appuis: Iterable[Appui], here: Contenu) -> Iterator[str]:
    """The words of a quotation as they were found, and as the cards write them."""
    words: dict[str, None] = {}
    cards = {ready.fiche.id: ready for ready in here.fiches}
    for appui in appuis:
        words[appui.extrait] = None
        ready = cards.get(appui.nom) if appui.genre == "fiche" else None
        for proof, citation in zip(
            ready.fiche.preuves if ready else (), ready.citations if ready else (), strict=False
        ):
            if citation.extrait == appui.extrait:
                words[proof.extrait] = None
    yield from words


def _broken(seen: Apercu) -> Iterator[Appui]:
    """Every quotation that a change touches and that something served rests on."""
    for effet in seen.effets:
        if effet.alerte in ("change", "disparu", "a_relire") and effet.appui.genre != "registre":
            yield effet.appui
    for compared in seen.succedes:
        for effet in compared.effets:
            if effet.alerte in ("change", "disparu") and effet.appui.genre != "registre":
                yield effet.appui
    yield from seen.sans_texte


def _chosen(seen: Apercu, names: Sequence[str]) -> tuple[Appui, ...]:
    touched = tuple(_broken(seen))
    blocking = set(seen.bloquants)
    chosen: list[Appui] = []
    for name in names:
        wanted = name.casefold()
        found = [
            appui
            for appui in touched
            if wanted in {said.casefold() for said in (*withdrawal_of(appui)[1:], appui.nom)}
        ]
        if not found:
            known = ", ".join(dict.fromkeys(f"« {withdrawal_of(a)[2]} »" for a in touched))
            raise DemandeInutilisable(
                f"« {name} » n'est pas touché par le brouillon ; l'est : {known or 'rien'}."
            )
        # What is only to be read again still stands: its words need no others.
        chosen += [a for a in found if a in blocking] or found
    return tuple(dict.fromkeys(chosen))


def _bare(texte: str) -> str:
    return " ".join(texte.replace("’", "'").split()).casefold()


def _shown(texte: str) -> str:
    words = " ".join(texte.split())
    return words if len(words) <= 80 else f"{words[:79]}…"  # noqa: PLR2004 - what a line shows
