"""The last step: every criterion with its reason and its words, the sums, the files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from assistant.eligibility import lire_projet
from assistant.eligibility.models import Critere, Resultat
from assistant.eligibility.report import TYPES_MIME, ContexteRapport, rendre_rapport
from assistant.eligibility.report.criteria import du_groupe, intitule
from assistant.eligibility.report.money import (
    calendrier_en_mots,
    montants_en_mots,
    pluriannuel_en_mots,
)
from assistant.eligibility.report.wording import GroupeDeStatuts, Textes, lire_textes
from assistant.eligibility.rulebook import NATIONALE
from assistant.models import Citation
from pages_clas.balises import echapper
from pages_clas.formulaire_aide import textes_replies
from pages_clas.formulaire_blocs import blocs_html
from pages_clas.formulaire_champs import Formulaire, etiquette
from pages_clas.formulaire_fichier import bouton_enregistrer
from pages_clas.formulaire_navigation import aller_au_champ, champ_a_revoir

_FORMATS: Final = {"pdf": "PDF", "docx": "Word (DOCX)", "html": "page web (HTML)"}
_A_REVOIR: Final = frozenset({"non_conforme", "a_renseigner", "sous_reserve", "alerte"})
_PARAMETRES: Final = (
    "taux_ps",
    "prix_plafond",
    "semaines_annee",
    "bonus_montant",
    "bonus_anciennete",
    "plafond_caf",
)


def afficher_resultat(formulaire: Formulaire, contexte: ContexteRapport) -> None:
    """Show the whole result, as the report gives it, with links to the texts and to the fields."""
    resultat = formulaire.resultat
    if resultat is None:
        st.html("<p>Le résultat s'affiche une fois la contradiction levée : voir le verdict.</p>")
        return
    textes = lire_textes()
    _telechargements(formulaire, resultat, contexte)
    st.html(f"<h3>{echapper(textes.mot('criteres'))}</h3>")
    for groupe in textes.groupes:
        _groupe(groupe, resultat, formulaire, contexte, textes)
    st.html(_montants_html(resultat, formulaire, textes))
    st.html(_reserves_html(resultat, formulaire, contexte, textes))


def _telechargements(formulaire: Formulaire, resultat: Resultat, contexte: ContexteRapport) -> None:
    projet = lire_projet(formulaire.brouillon.projet, formulaire.guide.regles)
    st.html(
        "<h3>Garder une trace</h3><p>Le rapport reprend vos réponses, le verdict, les textes cités "
        "et les calculs. Vous pouvez le joindre à votre dossier : ce n'est pas une décision.</p>"
    )
    with st.container(horizontal=True, key="clas-fichiers"):
        for forme, nom in _FORMATS.items():
            st.download_button(
                f"Rapport, {nom}",
                data=partial(rendre_rapport, projet, resultat, contexte, forme),
                file_name=f"auto-controle-clas-{datetime.now(tz=UTC):%Y-%m-%d}.{forme}",
                mime=TYPES_MIME[forme],
                key=f"rapport-{forme}",
                on_click="ignore",
            )
        bouton_enregistrer(formulaire, "enregistrer-le-resultat")
    st.html(
        '<button type="button" class="clas-bouton" data-imprimer="oui">Imprimer cette page</button>'
    )


def _groupe(
    groupe: GroupeDeStatuts,
    resultat: Resultat,
    formulaire: Formulaire,
    contexte: ContexteRapport,
    textes: Textes,
) -> None:
    fiches = du_groupe(resultat.criteres, groupe)
    if not fiches and not groupe.vide:
        return
    st.html(f"<h4>{echapper(groupe.titre)}</h4>" + ("" if fiches else f"<p>{groupe.vide}</p>"))
    fermes: list[str] = []
    for semblables in fiches:
        titre = intitule(semblables, contexte.vocabulaire, textes)
        contenu = _fiche_html(semblables, titre, formulaire, contexte, textes)
        champ = champ_a_revoir(semblables[0], formulaire)
        if semblables[0].statut not in _A_REVOIR or champ is None:
            fermes.append(contenu)
            continue
        st.html(contenu)
        st.button(
            etiquette(f"Revoir : {titre}"),
            key=f"detail-{semblables[0].code}-{semblables[0].collectif or 0}",
            on_click=aller_au_champ,
            args=(champ, formulaire),
            type="tertiary",
        )
    if fermes:
        st.html("".join(fermes))


def _fiche_html(
    semblables: list[Critere],
    titre: str,
    formulaire: Formulaire,
    contexte: ContexteRapport,
    textes: Textes,
) -> str:
    premier = semblables[0]
    mots = textes.statuts[premier.statut]
    motifs = "".join(
        f"<p>{f'Collectif {c.collectif} : ' if len(semblables) > 1 else ''}{echapper(c.motif)}</p>"
        for c in semblables
    )
    lignes = [("Constaté", premier.constate), ("Attendu", premier.attendu)]
    if len(semblables) > 1:
        lignes = lignes[1:]
    lignes.append(("Portée", formulaire.libelles.portee(premier.portee)))
    constat = "".join(
        f"<div><dt>{nom}</dt><dd>{echapper(valeur)}</dd></div>" for nom, valeur in lignes if valeur
    )
    lectures = "".join(
        f'<p class="clas-note">{echapper(textes.mot("interpretation", texte=lecture))}</p>'
        for lecture in contexte.vocabulaire.lectures.get(premier.code, ())
    )
    detail = f'<dl class="clas-constat">{constat}</dl>{lectures}'
    a_revoir = premier.statut in _A_REVOIR
    replie = textes_replies(
        premier.citations, formulaire.libelles, titre, avant="" if a_revoir else detail
    )
    return (
        f'<div class="clas-critere clas-statut-{premier.statut}"><h5>{echapper(titre)}</h5>'
        f'<p class="clas-statut"><span class="clas-signe" aria-hidden="true">{mots.signe}</span>'
        f"{echapper(mots.mot)}</p>{motifs}{detail if a_revoir else ''}{replie}</div>"
    )


def _montants_html(resultat: Resultat, formulaire: Formulaire, textes: Textes) -> str:
    libelles = formulaire.libelles
    annee = formulaire.brouillon.lire("annee_scolaire")
    montants = formulaire.guide.regles.citations_des_parametres
    portees = (formulaire.departement or NATIONALE, NATIONALE)
    chiffres = [c for nom in _PARAMETRES for p in portees for c in montants.get((p, nom), ())]
    echeances = [c for e in resultat.calendrier_paiement for c in e.citations]
    parties = (
        ("montants", montants_en_mots(resultat.montants, textes), chiffres),
        ("calendrier", calendrier_en_mots(resultat, annee, libelles, textes), echeances),
        (
            "pluriannuel",
            pluriannuel_en_mots(resultat.pluriannuel, libelles, textes),
            resultat.pluriannuel.citations,
        ),
    )
    return "".join(
        f"<h3>{echapper(textes.mot(nom))}</h3>{blocs_html(blocs)}"
        f"{textes_replies(_uniques(citations), libelles, textes.mot(nom))}"
        for nom, blocs, citations in parties
    )


def _reserves_html(
    resultat: Resultat, formulaire: Formulaire, contexte: ContexteRapport, textes: Textes
) -> str:
    prefixe = textes.mot("interpretation", texte="")
    lectures = [r.removeprefix(prefixe) for r in resultat.reserves if r.startswith(prefixe)]
    lectures += [x for x in contexte.vocabulaire.lectures_generales if x not in lectures]
    reserves = [r for r in resultat.reserves if not r.startswith(prefixe)]
    morceaux = [f"<h3>{echapper(textes.mot('reserves'))}</h3>"]
    for titre, phrases in (("reserves_titre", reserves), ("lectures_titre", lectures)):
        citations = [
            c
            for phrase in contexte.vocabulaire.phrases
            if any(map(phrase.dit, phrases))
            for c in phrase.citations
        ]
        liste = "".join(f"<li>{echapper(phrase)}</li>" for phrase in phrases)
        nom = textes.mot(titre)
        morceaux.append(
            f"<h4>{echapper(nom)}</h4><ul>{liste}</ul>"
            f"{textes_replies(_uniques(citations), formulaire.libelles, nom)}"
        )
    return "".join(morceaux)


def _uniques(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple({(c.document, c.debut, c.fin): c for c in citations}.values())
