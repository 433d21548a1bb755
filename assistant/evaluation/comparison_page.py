"""Two runs side by side as one web page that stands alone, made as the page of measures is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import SubElement

from assistant.evaluation import charts
from assistant.evaluation.comparison_table import (
    ENTETES,
    MISE_EN_GARDE,
    cellules,
    en_tete,
    jugement,
    libelle,
    nom,
)
from assistant.evaluation.markup import (
    dit,
    document,
    en_octets,
    figure,
    liste,
    paire_dite,
    paire_telle_quelle,
    sommaire,
    tableau,
    tel_quel,
)
from assistant.evaluation.table import NOTHING, number
from assistant.evaluation.wording import libelle_de

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from assistant.evaluation.comparison import Comparaison, Cote, TourCompare

_TITRE: Final = "Comparaison de deux mesures"
_ISSUES: Final = {
    "perdue": "perdue",
    "gagnee": "gagnée",
    "juste_deux_fois": "juste des deux côtés",
    "fausse_deux_fois": "fausse des deux côtés",
    "non_jugee": "non jugée",
}


def comparaison_en_html(comparaison: Comparaison) -> bytes:
    """Lay the comparison out. The same comparison always gives the same bytes."""
    html, main = document(_TITRE, f"{comparaison.a} et {comparaison.b}")
    for ligne in en_tete(comparaison):
        dit(main, "p", ligne)
    _ecarts(main, comparaison)
    ancres = {
        (tour.id, tour.tour): f"question-{rang}"
        for rang, tour in enumerate(comparaison.tours, start=1)
    }
    for issue, titre in (
        ("perdue", "Questions perdues, justes en A et fausses en B"),
        ("gagnee", "Questions gagnées, fausses en A et justes en B"),
    ):
        tours = [tour for tour in comparaison.tours if tour.issue == issue]
        dit(main, "h2", f"{titre} ({len(tours)})")
        if not tours:
            dit(main, "p", "Aucune.")
        for tour in tours:
            _question(main, tour, ancres[tour.id, tour.tour])
    _toutes(main, comparaison.tours, ancres)
    if comparaison.questions_changees:
        dit(main, "h2", "Questions laissées de côté")
        dit(main, "p", "Même identifiant, mais d'autres mots ou d'autres attentes :")
        liste(main, comparaison.questions_changees)
    sommaire(main, len(en_tete(comparaison)))
    return en_octets(html)


def _ecarts(main: Element, comparaison: Comparaison) -> None:
    titre = "Écarts entre A et B"
    dit(main, "h2", titre)
    lignes = [
        charts.Ecart(libelle(ecart), ecart.ecart, ecart.intervalle)
        for ecart in comparaison.ecarts
        if ecart.statistique == "part" and ecart.ecart is not None and ecart.intervalle is not None
    ]
    resume = resume_ecarts(lignes)
    figure(main, charts.ecarts("ecarts", titre, resume, lignes), resume)
    rows = [(libelle(ecart), *cellules(ecart)) for ecart in comparaison.ecarts]
    tableau(main, "Mesures sur les questions communes", ENTETES, rows)
    dit(main, "p", MISE_EN_GARDE)


def resume_ecarts(lignes: Sequence[charts.Ecart]) -> str:
    """Say which differences of shares stand out from zero; the chart holds no other measure."""
    nets = [
        f"{ligne.nom} ({charts.points(ligne.valeur)})"
        for ligne in lignes
        if ligne.intervalle[0] > 0 or ligne.intervalle[1] < 0
    ]
    tete = (
        "Écart de chaque part, B − A, en points (↓ : moins, c'est mieux) ; les autres mesures, "
        "dont la latence, ne sont que dans le tableau."
    )
    if not nets:
        return f"{tete} D'aucune de ces parts l'intervalle n'exclut zéro."
    return f"{tete} Parmi ces parts, l'intervalle exclut zéro pour : {', '.join(nets)}."


def _question(main: Element, tour: TourCompare, ancre: str) -> None:
    classe = "erreur gagnee" if tour.issue == "gagnee" else "erreur"
    article = SubElement(main, "article", {"class": classe, "id": ancre})
    tel_quel(article, "h3", nom(tour))
    pairs = SubElement(article, "dl")
    paire_telle_quelle(pairs, "Question", tour.texte)
    paire_dite(pairs, "Attendu", tour.attendu)
    details = SubElement(article, "details", {"open": "open"})
    summary = dit(details, "summary", "Les deux réponses")
    tel_quel(summary, "span", f" : {nom(tour)}", {"class": "cache"})
    cotes = SubElement(details, "div", {"class": "cotes"})
    for lettre, cote in (("A", tour.a), ("B", tour.b)):
        _cote(SubElement(cotes, "div"), lettre, cote)


def _cote(parent: Element, lettre: str, cote: Cote) -> None:
    dit(parent, "h4", f"{lettre} : {jugement(cote)}")
    dit(
        parent,
        "p",
        f"Type {libelle_de(cote.type)}, confiance {number(cote.confiance, 3)}, rang de la preuve : "
        f"{_rang(cote)}, {number(cote.latence_ms, 1)} ms.",
    )
    if cote.fautes:
        liste(parent, cote.fautes)
    tel_quel(parent, "p", cote.reponse, {"class": "reponse tel-quel"})


def _toutes(
    main: Element, tours: Sequence[TourCompare], ancres: dict[tuple[str, int], str]
) -> None:
    dit(main, "h2", "Toutes les questions communes")
    rows = [
        (
            nom(tour),
            tour.texte,
            _ISSUES[tour.issue],
            _rang(tour.a),
            _rang(tour.b),
            number(tour.a.confiance, 3),
            number(tour.b.confiance, 3),
        )
        for tour in tours
    ]
    headings = (
        "Question", "Mots", "De A à B", "Rang en A", "Rang en B", "Confiance en A",
        "Confiance en B",
    )  # fmt: skip
    body = tableau(main, "Question par question", headings, rows)
    for tour, ligne in zip(tours, body, strict=True):
        ligne[1].set("class", "mots")
        ligne[2].set("class", "issue")
        if tour.issue in {"perdue", "gagnee"}:
            entete = ligne[0]
            lien = SubElement(entete, "a", {"href": f"#{ancres[tour.id, tour.tour]}"})
            lien.text, entete.text = entete.text, None


def _rang(cote: Cote) -> str:
    return NOTHING if cote.rang_preuve is None else str(cote.rang_preuve)
