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
    ALERTES,
    NATURES,
    named,
    place_of,
    summary,
    values_of,
)
from assistant.publication.rapport_rejeu import ContenuRejeu
from corpus.comparison.changes import Fragment, NatureChangement
from pages_clas.balises import echapper, lu_seulement

_FOND: Final[tuple[NatureChangement, ...]] = ("fond", "ajoute", "retire")
_AUTRES: Final[tuple[NatureChangement, ...]] = ("reformule", "deplace")
_PREMIERS: Final = 30
"""Passages shown at once; the others are under a heading that opens."""
LEGENDE: Final = (
    "<p>Les mots partis sont <del>barrés</del>, les mots venus sont "
    "<ins>soulignés et en gras</ins>.</p>"
)


def rapport_html(rapport: Rapport) -> str:
    """Everything that changes, document by document, and what rests on it."""
    return (
        f"<p>{echapper(rapport.ancien)} → {echapper(rapport.nouveau)}</p>{LEGENDE}"
        f"{_liste(_entrees(rapport))}"
        f"{''.join(map(_document, rapport.documents))}"
        f"{_sans_texte(rapport.sans_texte)}"
    )


def bloquants_html(rapport: Rapport) -> str:
    """What stands in the way of publishing, and what was decided already."""
    if rapport.bloquants:
        dit = f"<h3>Ce qui empêche de publier ({len(rapport.bloquants)})</h3>"
        dit += _liste(rapport.bloquants)
    else:
        dit = "<h3>Ce qui empêche de publier</h3><p>Rien n'empêche de publier.</p>"
    if rapport.mis_de_cote:
        dit += f"<h3>Mis de côté dans ce brouillon</h3>{_liste(rapport.mis_de_cote)}"
    if rapport.reparations:
        dit += f"<p>Citations réparées dans ce brouillon : {rapport.reparations}.</p>"
    return dit


def rejeu_html(contenu: ContenuRejeu) -> str:
    """Questions and projects that get something else from the draft."""
    questions = "".join(
        f"<details><summary>{echapper(q.titre)} ({echapper(q.change)})</summary>"
        f"{_cotes(*cut_words(q.avant, q.apres))}"
        f"{_preuves('Citations avant', q.preuves_avant)}"
        f"{_preuves('Citations après', q.preuves_apres)}</details>"
        for q in contenu.questions
    )
    projets = "".join(
        f"<details><summary>{echapper(p.titre)}</summary>{_liste(p.lignes)}</details>"
        for p in contenu.projets
    )
    dit = f"<p>{echapper(contenu.resume)}</p>"
    if questions:
        dit += f"<h4>Questions dont la réponse change</h4>{questions}"
    if projets:
        dit += f"<h4>Projets dont le résultat change</h4>{projets}"
    return dit


def _entrees(rapport: Rapport) -> list[str]:
    if rapport.vide:
        return ["Aucun texte ne change."]
    return [
        *(f"Document ajouté, {d.document} : {d.titre}" for d in rapport.ajoutes),
        *(f"Document retiré, {d.document} : {d.titre}" for d in rapport.retires),
        *(f"Document {f.document}, {f.champ} : {f.ancien} → {f.nouveau}" for f in rapport.fiches),
    ]


def _document(part: DocumentRapporte) -> str:
    lien = "succède à" if part.succede else "à la place de"
    fond = [c for nature in _FOND for c in part.changements if c.nature == nature]
    autres = [c for nature in _AUTRES for c in part.changements if c.nature == nature]
    premiers, suite = fond[:_PREMIERS], fond[_PREMIERS:]
    return (
        f'<section class="clas-compare"><h3>{echapper(part.titre)}</h3>'
        f"<p>{echapper(f'{part.nouveau} {lien} {part.ancien}')}</p>"
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
        f"{_cotes(change.avant, change.apres)}</div>"
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
    noms = ", ".join(dict.fromkeys(named(a) for a in appuis))
    arret = " ; empêche de publier" if any(a.bloque for a in appuis) else ""
    valeurs = dict.fromkeys(f"{v.ancienne} → {v.nouvelle}" for a in appuis for v in a.valeurs)
    dits = "".join(
        f"<p><strong>La valeur semble changer : {echapper(v)}</strong></p>" for v in valeurs
    )
    return (
        f'<div class="clas-change"><p><strong>{echapper(noms)}</strong> : '
        f"{ALERTES[appuis[0].alerte]}{arret}.</p>{dits}{_cotes(*cut_words(avant, apres))}</div>"
    )


def _cotes(avant: Sequence[Fragment], apres: Sequence[Fragment]) -> str:
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


def _preuves(nom: str, preuves: Sequence[str]) -> str:
    return f"<p>{nom} :</p>{_liste(preuves)}" if preuves else ""


def _liste(lignes: Iterable[str]) -> str:
    corps = "".join(f"<li>{echapper(ligne)}</li>" for ligne in lignes)
    return f"<ul>{corps}</ul>" if corps else ""
