"""Where things stand: what answers, what is being prepared, what blocks, what comes next."""

from __future__ import annotations

from typing import Final

from assistant.publication.brouillons import Etat, changed_fields
from assistant.publication.comparaison import Rapport
from corpus.base.models import VersionBase
from pages_clas.balises import echapper
from pages_clas.textes_documents import nom_de_version
from pages_clas.textes_tableau import compte

PARTIES: Final = (
    ("textes-documents", "Les textes en service"),
    ("textes-ajouter", "Ajouter des fichiers"),
    ("textes-changer", "Changer ou retirer un document"),
    ("textes-brouillon", "Le brouillon"),
    ("textes-publier", "Rejouer et publier"),
    ("textes-versions", "Les versions"),
    ("textes-controle", "Vérifier et garder une trace"),
)
"""Parts of the page: the id of each, and its heading."""


def etat_html(servie: VersionBase, etat: Etat | None, rapport: Rapport | None) -> str:
    """Four lines that say all, and links to the parts of the page."""
    lignes = (
        ("En service", nom_de_version(servie)),
        ("En préparation", _en_preparation(etat)),
        ("Ce qui empêche de publier", _blocages(etat, rapport)),
        ("À faire maintenant", _suite(etat, rapport)),
    )
    dits = "".join(f"<div><dt>{echapper(n)}</dt><dd>{echapper(v)}</dd></div>" for n, v in lignes)
    liens = "".join(f'<li><a href="#{ancre}">{echapper(nom)}</a></li>' for ancre, nom in PARTIES)
    return (
        f'<div class="clas-ou-en-est-on"><h2>Où en est-on ?</h2>'
        f'<dl class="clas-fiche">{dits}</dl></div>'
        f'<nav class="clas-parties" aria-label="Sur cette page"><ul>{liens}</ul></nav>'
    )


def _en_preparation(etat: Etat | None) -> str:
    if etat is None:
        return "Un brouillon qui ne peut pas continuer."
    if etat.nouveau:
        return "Rien."
    if not etat.change:
        return "Un brouillon qui ne change rien."
    dits = _changements(etat)
    retraits = len(set(etat.brouillon.retraits) - set(etat.parent.retraits))
    if retraits:
        dits.append(compte(retraits, "élément mis de côté", "éléments mis de côté"))
    reparations = len(set(etat.brouillon.reparations) - set(etat.parent.reparations))
    if reparations and not retraits:
        dits.append(compte(reparations, "citation réparée", "citations réparées"))
    return f"{', '.join(dits) or 'Un brouillon'}. Le public n'en voit rien."


def _changements(etat: Etat) -> list[str]:
    avant = {e.fiche.id: e for e in etat.parent.documents}
    ajoutes = textes = retires = remis = fiches = 0
    for nom, entree in etat.documents.items():
        old = avant.get(nom)
        if old is None:
            ajoutes += 1
            continue
        retires += entree.retire and not old.retire
        remis += old.retire and not entree.retire
        textes += entree.texte != old.texte
        fiches += entree.texte == old.texte and bool(changed_fields(old.fiche, entree.fiche))
    comptes = (
        (ajoutes, "document ajouté", "documents ajoutés"),
        (textes, "document au texte nouveau", "documents au texte nouveau"),
        (fiches, "fiche changée", "fiches changées"),
        (retires, "document retiré", "documents retirés"),
        (remis, "document remis", "documents remis"),
    )
    return [compte(*c) for c in comptes if c[0]]


def _blocages(etat: Etat | None, rapport: Rapport | None) -> str:
    if etat is None:
        return "Le brouillon est à abandonner."
    if rapport is None or not etat.change:
        return "Rien : il n'y a rien à publier."
    if not rapport.bloquants:
        return "Rien."
    return compte(
        len(rapport.bloquants),
        "règle ou fiche cite des mots qui ne sont plus dans les textes.",
        "règles ou fiches citent des mots qui ne sont plus dans les textes.",
    )


def _suite(etat: Etat | None, rapport: Rapport | None) -> str:
    if etat is None:
        return "Abandonner le brouillon, puis recommencer."
    if rapport is None or not etat.change:
        return "Ajouter un fichier, ou changer un document."
    if rapport.bloquants:
        return "Mettre de côté ou réparer ce qui est atteint, dans « Le brouillon »."
    return "Rejouer les questions et les projets, puis publier."
