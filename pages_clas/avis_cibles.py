"""What an agent can judge, as it is shown: the cards of a version, the answers of this visit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assistant.avis.empreintes import target_of_answer, target_of_card
from assistant.dialogue.conseiller import Conseiller
from assistant.fiches.loading import FichePrete
from assistant.models import Citation, Reponse
from assistant.publication.etat import version_of_index
from pages_clas.avis_formulaire import AJuger
from pages_clas.balises import echapper
from pages_clas.cartes import Tour
from pages_clas.markdown import en_html
from pages_clas.reperes import nom_portee, situer

_NOM: Final = 90


def fiches_a_juger(noms: Iterable[str], assistant: Conseiller) -> list[AJuger]:
    """Cards by their ids; those that are no longer in service are left out."""
    cartes, version = assistant.jugements.cartes, _version(assistant)
    trouvees = (cartes[nom] for nom in dict.fromkeys(noms) if nom in cartes)
    return [
        AJuger(f"« {carte.fiche.titre} »", target_of_card(carte, version), _fiche_html(carte))
        for carte in trouvees
    ]


def reponse_a_juger(question: str, reponse: Reponse, assistant: Conseiller) -> AJuger:
    """An answer, named by the question that it was given to."""
    nom = question if len(question) <= _NOM else f"{question[:_NOM]}…"
    cible = target_of_answer(reponse, _version(assistant))
    return AJuger(f"à « {nom} »", cible, _reponse_html(reponse))


def tour_a_juger(tour: Tour, assistant: Conseiller) -> list[AJuger]:
    """The answer of a turn, and the cards said in it; nothing where nothing was asserted."""
    if tour.ecartee is not None:
        return [reponse_a_juger(tour.question, tour.ecartee.reponse, assistant)]
    reponse = tour.reponse
    if tour.jugee is None or (reponse.type == "precision" and not reponse.citations):
        return []
    fiches = fiches_a_juger((dite.id for dite in tour.jugee.fiches), assistant)
    return [reponse_a_juger(tour.question, reponse, assistant), *fiches]


def _version(assistant: Conseiller) -> str:
    version = version_of_index(assistant.index.base)
    return version.identite if version else ""


def _fiche_html(carte: FichePrete) -> str:
    fiche = carte.fiche
    annees = " à ".join(annee for annee in (fiche.du, fiche.au) if annee)
    reperes = ", ".join(filter(None, (fiche.id, nom_portee(fiche.portee), annees)))
    reserves = "".join(f"<p>{echapper(reserve)}</p>" for reserve in fiche.reserves)
    return (
        f"<p><strong>{echapper(fiche.titre)}</strong> ({echapper(reperes)})</p>"
        f"<p>{echapper(fiche.reponse)}</p>{reserves}{_citations_html(carte.citations)}"
    )


def _reponse_html(reponse: Reponse) -> str:
    # Without citations to lead to: their cards stand elsewhere on the page.
    return en_html(reponse.texte, 0, "") + _citations_html(reponse.citations)


def _citations_html(citations: Iterable[Citation]) -> str:
    lignes = "".join(
        f"<li>{echapper(situer(c))}<br>"
        f'<span class="clas-mots">« {echapper(c.extrait)} »</span></li>'
        for c in citations
    )
    if not lignes:
        return ""
    return (
        f'<details class="clas-plan"><summary>Ses citations ({lignes.count("<li>")})</summary>'
        f"<ol>{lignes}</ol></details>"
    )
