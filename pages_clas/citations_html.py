"""What was found of a quotation, as HTML: its place, what differs, what else says it or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from assistant.verification.models import Actuel, Ailleurs, AppuiTrouve, Constat, Ecarts, Place
from assistant.verification.words import AILLEURS, DEVENIRS, GENRES, STATUTS, say_replacement
from corpus.comparison.changes import Fragment
from corpus.models import NATIONALE
from pages_clas.balises import echapper, lu_seulement
from pages_clas.reperes import nom_annee, nom_portee


def constat_html(constat: Constat, numero: int, combien: int) -> str:
    """Lay out one quotation and everything that was found of it."""
    signe, titre = STATUTS[constat.statut]
    rang = f"Citation {numero} sur {combien} : " if combien > 1 else ""
    cite = f'<p class="clas-mots">« {echapper(constat.cite)} »</p>' if constat.cite else ""
    place = constat.place
    return (
        f'<section class="clas-constat clas-constat-{constat.statut}" id="constat-{numero}"'
        f' aria-labelledby="constat-titre-{numero}" tabindex="-1">'
        f'<h2 id="constat-titre-{numero}"><span class="clas-signe" aria-hidden="true">{signe}'
        f"</span>{rang}{titre}</h2>{cite}<p>{echapper(constat.explication)}</p>"
        f"{_ecarts_html(constat.ecarts) if constat.ecarts else ''}"
        f"{f'<p>{echapper(constat.lien)}</p>' if constat.lien else ''}"
        f"{_place_html(place) if place else ''}"
        f"{_actuel_html(constat.actuel) if constat.actuel else ''}"
        f"{_ailleurs_html(constat.ailleurs)}"
        f"{appuis_html(constat.appuis) if place else ''}</section>"
    )


def _place_html(place: Place) -> str:
    fin = place.remplacement
    parti = f'<p class="clas-parti">{echapper(say_replacement(fin))}</p>' if fin else ""
    if fin and fin.motif:
        parti += f"<p>Motif : {echapper(fin.motif)}</p>"
    avant, mots, apres = (echapper(part) for part in (place.avant, place.extrait, place.apres))
    debut, finale = lu_seulement("Début du passage : "), lu_seulement(" Fin du passage. ")
    return (
        f"<h3>Sa place</h3>{parti}<p><strong>{echapper(place.titre)}</strong></p>"
        f"{_reperes_html(place)}"
        f'<blockquote><p class="clas-mots">{avant}<mark class="clas-citation">{debut}{mots}'
        f"{finale}</mark>{apres}</p></blockquote>"
    )


def _reperes_html(place: Place) -> str:
    genre = "nationale" if place.portee == NATIONALE else "locale"
    nom = nom_portee(place.portee)
    dits = [
        f'<span class="clas-badge clas-{genre}">{echapper(nom)}</span>',
        echapper(nom_annee(place.annee)),
    ]
    dits += [f"page {place.page}"] if place.page is not None else []
    dits.append(f"document {echapper(place.document)}, version {echapper(place.version)}")
    liste = "".join(f"<li>{dit}</li>" for dit in dits)
    section = f'<p class="clas-section">{echapper(place.section)}</p>' if place.section else ""
    return f'<ul class="clas-reperes">{liste}</ul>{section}'


def _ecarts_html(ecarts: Ecarts) -> str:
    return (
        '<dl class="clas-ecarts">'
        f"<div><dt>Le texte dit</dt><dd>{_fragments_html(ecarts.texte)}</dd></div>"
        f"<div><dt>La citation dit</dt><dd>{_fragments_html(ecarts.citation)}</dd></div></dl>"
    )


def _fragments_html(fragments: Sequence[Fragment]) -> str:
    """Words that differ are marked, for eyes and for ears."""
    morceaux: list[str] = []
    for fragment in fragments:
        mots = fragment.texte
        nus = mots.strip()
        if fragment.egal or not nus:
            morceaux.append(echapper(mots))
            continue
        apres = mots[len(mots.rstrip()) :]
        morceaux.append(
            f'<mark class="clas-differe">{lu_seulement("différent : ")}{echapper(nus)}</mark>'
            f"{echapper(apres)}"
        )
    return f'<span class="clas-mots">{"".join(morceaux)}</span>'


def _actuel_html(actuel: Actuel) -> str:
    mots = ""
    if actuel.ecarts:
        mots = f"<blockquote><p>{_fragments_html(actuel.ecarts.texte)}</p></blockquote>"
    lien = _lien_html(actuel.place, "Ouvrir le texte en service") if actuel.place else ""
    return f"<h3>Aujourd'hui</h3><p>{DEVENIRS[actuel.sort]}</p>{mots}{lien}"


def _ailleurs_html(ailleurs: Sequence[Ailleurs]) -> str:
    if not ailleurs:
        return ""
    lignes = "".join(f"<li>{_autre_html(autre)}</li>" for autre in ailleurs)
    return f'<h3>Ailleurs dans les textes</h3><ul class="clas-ailleurs">{lignes}</ul>'


def _autre_html(autre: Ailleurs) -> str:
    place = autre.place
    mots = _fragments_html(autre.ecarts.texte) if autre.ecarts else echapper(place.extrait)
    page = f", page {place.page}" if place.page is not None else ""
    return (
        f"<p><strong>{echapper(place.titre_court)}</strong> "
        f"({echapper(nom_portee(place.portee))}, {echapper(nom_annee(place.annee))}{page}) "
        f'<span class="clas-sorte clas-sorte-{autre.sorte}">{AILLEURS[autre.sorte]}</span></p>'
        f'<blockquote><p class="clas-mots">« {mots} »</p></blockquote>'
        f"{_lien_html(place, 'Ouvrir ce passage')}"
    )


def _lien_html(place: Place, dit: str) -> str:
    parametres = {
        "document": place.document,
        "version": place.version,
        "debut": place.debut,
        "fin": place.fin,
    }
    adresse = echapper(f"textes?{urlencode(parametres)}")
    ou = lu_seulement(f" : {place.titre_court} (nouvel onglet)")
    return f'<p><a href="{adresse}" target="_blank" rel="noopener">{echapper(dit)}{ou}</a></p>'


def appuis_html(appuis: Iterable[AppuiTrouve]) -> str:
    """List what rests on a passage; say it when nothing does."""
    lignes = "".join(
        f"<li>{GENRES[appui.genre]} "
        f"<strong>{echapper(appui.nom.removeprefix('paramètre '))}</strong></li>"
        for appui in appuis
    )
    if not lignes:
        return "<h3>Qui s'appuie sur ce passage</h3><p>Aucune règle ni aucune fiche.</p>"
    return (
        '<details class="clas-plan"><summary>Qui s\'appuie sur ce passage '
        f"({lignes.count('<li>')})</summary><ul>{lignes}</ul></details>"
    )
