"""What a draft changes, as HTML: both wordings side by side, told without any colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from assistant.publication.comparaison import (
    AppuiTouche,
    ChangementMontre,
    DocumentRapporte,
    Rapport,
    cut_words,
)
from assistant.publication.comparaison_texte import (
    NATURES,
    named,
    place_of,
    summary,
    values_of,
)
from assistant.publication.rapport_contenu import CHAMPS
from assistant.revision.effets import Alerte
from corpus.comparison.changes import Fragment, NatureChangement
from pages_clas.balises import echapper, lu_seulement
from pages_clas.textes_noms import noms_html
from pages_clas.textes_tableau import liste

_FOND: Final[tuple[NatureChangement, ...]] = ("fond", "ajoute", "retire")
_AUTRES: Final[tuple[NatureChangement, ...]] = ("reformule", "deplace")
_PREMIERS: Final = 30
"""Passages shown at once; the others are under a heading that opens."""
_INTERNES: Final = frozenset({"mise_en_page", "lacunes", "titres_restitues", "mobilier"})
"""How a text was read: of no use to whoever decides."""
ALERTES_DITES: Final[dict[Alerte, str]] = {
    "disparu": "Ces mots ont disparu",
    "change": "Ces mots ont changé",
    "a_relire": "À relire : la phrase a changé autour de ces mots",
    "deplace": "Ces mots ont été déplacés",
    "inchange": "Ces mots n'ont pas changé",
}
LEGENDE: Final = (
    "<p>Les mots partis sont <del>barrés</del>, les mots venus sont "
    "<ins>soulignés et en gras</ins>.</p>"
)


def rapport_html(rapport: Rapport) -> str:
    """Everything that changes, document by document, and what rests on it."""
    return (
        f"<p>Avant : {echapper(rapport.ancien)}. Après : {echapper(rapport.nouveau)}.</p>{LEGENDE}"
        f"{liste(_entrees(rapport))}"
        f"{''.join(map(_document, rapport.documents))}"
        f"{_sans_texte(rapport.sans_texte)}"
    )


def bloquants_html(rapport: Rapport) -> str:
    """What stands in the way of publishing, and what was decided already."""
    if rapport.bloquants:
        dit = f"<h3>Ce qui empêche de publier ({len(rapport.bloquants)})</h3>"
        dit += noms_html(rapport.bloquants)
    else:
        dit = "<h3>Ce qui empêche de publier</h3><p>Rien n'empêche de publier.</p>"
    if rapport.mis_de_cote:
        dit += f"<h3>Mis de côté dans ce brouillon</h3>{_mis_de_cote(rapport.mis_de_cote)}"
    if rapport.reparations:
        dit += f"<p>Citations réparées dans ce brouillon : {rapport.reparations}.</p>"
    return dit


def _mis_de_cote(dits: Iterable[str]) -> str:
    """What is put aside, by the reason that was given."""
    par_raison: dict[str, list[str]] = {}
    for dit in dits:
        nom, _, raison = dit.partition(" : ")
        par_raison.setdefault(raison, []).append(nom)
    return "".join(
        f"<p>Raison donnée : {echapper(raison)}</p>{noms_html(noms)}"
        for raison, noms in par_raison.items()
    )


def _entrees(rapport: Rapport) -> list[str]:
    if rapport.vide:
        return ["Aucun texte ne change."]
    return [
        *(f"Document ajouté, {d.document} : {d.dit}" for d in rapport.ajoutes),
        *(f"Document retiré, {d.document} : {d.titre}" for d in rapport.retires),
        *(
            f"Fiche du document {f.document}, {CHAMPS.get(f.champ, f.champ)} : "
            f"{f.ancien} avant, {f.nouveau} après"
            for f in rapport.fiches
            if f.champ not in _INTERNES
        ),
    ]


def _document(part: DocumentRapporte) -> str:
    lien = (
        f"Le document {part.document} vient après {part.ancien}, qui garde ses années."
        if part.succede
        else f"Le texte du document {part.document} est remplacé."
    )
    fond = [c for nature in _FOND for c in part.changements if c.nature == nature]
    autres = [c for nature in _AUTRES for c in part.changements if c.nature == nature]
    premiers, suite = fond[:_PREMIERS], fond[_PREMIERS:]
    return (
        f'<section class="clas-compare"><h3>{echapper(part.titre)}</h3>'
        f"<p>{echapper(lien)}</p>"
        f"<p><strong>{echapper(summary(part))}</strong></p>"
        f"{''.join(map(_changement, premiers))}"
        f"{_repli('Autres changements de fond, ajouts et retraits', suite)}"
        f"{_repli('Reformulations et déplacements', autres)}"
        f"{_appuis('Ce qui s’appuie sur ces mots', part.appuis)}</section>"
    )


def _repli(nom: str, changements: Sequence[ChangementMontre]) -> str:
    if not changements:
        return ""
    dedans = "".join(map(_changement, changements))
    return f"<details><summary>{nom} ({len(changements)})</summary>{dedans}</details>"


def _changement(change: ChangementMontre) -> str:
    deplace = ", et déplacé" if change.deplace and change.nature != "deplace" else ""
    nom = NATURES[change.nature][0]
    lieu, valeurs = place_of(change), values_of(change)
    regle = f"Chiffres et mots qui font règle, {valeurs}"
    return (
        f'<div class="clas-change"><h4>{nom.capitalize()}{deplace}</h4>'
        f"{f'<p>{echapper(lieu)}</p>' if lieu else ''}"
        f"{f'<p><strong>{echapper(regle)}</strong></p>' if valeurs else ''}"
        f"{cotes(change.avant, change.apres)}</div>"
    )


def _sans_texte(appuis: Sequence[AppuiTouche]) -> str:
    return _appuis("Ce qui s’appuie sur un document retiré", appuis)


def _appuis(nom: str, appuis: Iterable[AppuiTouche]) -> str:
    """What rests on the same words is told together, once."""
    ensemble: dict[tuple[str, str, str], list[AppuiTouche]] = {}
    for appui in appuis:
        avant = appui.contexte_ancien or appui.ancien
        apres = appui.contexte_nouveau or appui.nouveau
        ensemble.setdefault((appui.alerte, avant, apres), []).append(appui)
    if not ensemble:
        return ""
    corps = "".join(_groupe(g, avant, apres) for (_, avant, apres), g in ensemble.items())
    return f"<h4>{nom}</h4>{corps}"


def _groupe(appuis: Sequence[AppuiTouche], avant: str, apres: str) -> str:
    noms = dict.fromkeys(a.nom if a.genre == "fiche" else named(a) for a in appuis)
    arret = " ; empêche de publier" if any(a.bloque for a in appuis) else ""
    valeurs = dict.fromkeys(
        f"{v.ancienne} avant, {v.nouvelle} après" for a in appuis for v in a.valeurs
    )
    dits = "".join(
        f"<p><strong>La valeur semble changer : {echapper(v)}</strong></p>" for v in valeurs
    )
    return (
        f'<div class="clas-change"><p><strong>{ALERTES_DITES[appuis[0].alerte]}{arret}.</strong> '
        f"Les citent :</p>{noms_html(noms)}{dits}{cotes(*cut_words(avant, apres))}</div>"
    )


def cotes(avant: Sequence[Fragment], apres: Sequence[Fragment]) -> str:
    """Both wordings side by side, what differs marked for eyes and for ears."""
    return (
        '<dl class="clas-cotes">'
        f"<div><dt>Avant</dt><dd>{_fragments(avant, 'del', 'parti : ')}</dd></div>"
        f"<div><dt>Après</dt><dd>{_fragments(apres, 'ins', 'venu : ')}</dd></div></dl>"
    )


def _fragments(fragments: Sequence[Fragment], balise: str, dit: str) -> str:
    """Words that differ are marked, for eyes and for ears."""
    morceaux: list[str] = []
    for fragment in fragments:
        nus = fragment.texte.strip()
        if fragment.egal or not nus:
            morceaux.append(echapper(fragment.texte))
            continue
        debut = fragment.texte[: fragment.texte.index(nus)]
        fin = fragment.texte[len(debut) + len(nus) :]
        morceaux.append(
            f"{echapper(debut)}<{balise}>{lu_seulement(dit)}{echapper(nus)}</{balise}>"
            f"{echapper(fin)}"
        )
    return f'<span class="clas-mots">{"".join(morceaux) or "(rien)"}</span>'
