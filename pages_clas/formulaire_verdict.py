"""What the engine says of the draft, beside the form: verdict, amounts, what to do next."""

from __future__ import annotations

import re
from typing import Final

import streamlit as st

from assistant.eligibility import lire_projet, verifier
from assistant.eligibility.models import Correction, Resultat, Verdict
from assistant.eligibility.rendering import question
from assistant.eligibility.report.money import intervalle, total_en_mots
from assistant.eligibility.report.wording import lire_textes
from assistant.eligibility.schema import Statut
from pages_clas.balises import avis, echapper, lu_seulement
from pages_clas.formulaire_brouillon import corriger
from pages_clas.formulaire_champs import COFINANCEMENTS, Formulaire, cle, etiquette, nommer
from pages_clas.formulaire_navigation import (
    aller,
    aller_au_champ,
    champ_a_revoir,
    champ_visible,
)
from pages_clas.formulaire_plan import RESULTAT, gabarit
from pages_clas.habillage import annoncer

ANCRE: Final = "verdict-du-projet"
"""Id of the verdict, which the focus goes to after a correction."""
_SIGNES: Final[dict[Verdict, Statut]] = {
    "eligible": "conforme",
    "eligible_sous_reserve": "sous_reserve",
    "non_eligible": "non_conforme",
    "incomplet": "a_renseigner",
}
_QUESTIONS: Final = 4
_BLOCAGES: Final = 8
_PROPOSITIONS: Final = 3
_CHEMIN: Final = re.compile(r"« ([a-z_0-9.]+) »")


def afficher_verdict(formulaire: Formulaire) -> None:
    """Show the verdict, the amounts, what blocks, what is to fill in, what would mend it."""
    resultat = formulaire.resultat
    if resultat is None:
        _contradiction(formulaire)
    else:
        st.html(_verdict_html(resultat))
        _blocages(resultat, formulaire)
        _questions(resultat, formulaire)
        _propositions(resultat, formulaire)
        if st.session_state.get("etape") != RESULTAT:
            st.button(
                "Voir le résultat en détail", key="voir-resultat", on_click=aller, args=(RESULTAT,)
            )
    if formulaire.brouillon.passe:
        st.button(
            etiquette(f"Annuler : {formulaire.brouillon.passe[-1].action}"),
            key="annuler",
            on_click=_annuler,
            args=(formulaire,),
            type="tertiary",
        )
    if formulaire.brouillon.numero:
        resume = resumer(formulaire)
        annoncer(resume, f"verdict-{resume}")


def resumer(formulaire: Formulaire) -> str:
    """Say verdict and total in one line."""
    resultat = formulaire.resultat
    if resultat is None:
        return "Le projet se contredit : le verdict attend une correction."
    textes = lire_textes()
    mot = textes.verdicts[resultat.verdict].mot
    suite = f", {_combien(resultat)}" if resultat.verdict == "non_eligible" else ""
    return f"Verdict : {mot}{suite}. Aide : {total_en_mots(resultat.montants, textes)}."


def barre_html(formulaire: Formulaire) -> str:
    """Render the bar that small screens keep in view: verdict, what it hangs on, the way to it."""
    resultat = formulaire.resultat
    signe, mot, suite = "!", "À corriger", "le projet se contredit"
    if resultat is not None:
        signe, mot = _signe_et_mot(resultat)
        if resultat.verdict == "non_eligible":
            suite = _combien(resultat)
        elif resultat.montants.total_min is None:
            suite = "réponses attendues"
        else:
            suite = f"aide : {total_en_mots(resultat.montants, lire_textes())}"
    return (
        f'<a class="clas-barre" href="#{ANCRE}">'
        f'<span class="clas-signe" aria-hidden="true">{signe}</span>'
        f"<span>{lu_seulement('Verdict : ')}<strong>{echapper(mot)}</strong>, "
        f"{echapper(suite)}{lu_seulement(' : voir le verdict')}</span></a>"
    )


def _combien(resultat: Resultat) -> str:
    bloquants = sum(c.statut == "non_conforme" for c in resultat.criteres)
    return "1 critère bloque" if bloquants == 1 else f"{bloquants} critères bloquent"


def _signe_et_mot(resultat: Resultat) -> tuple[str, str]:
    textes = lire_textes()
    return (
        textes.statuts[_SIGNES[resultat.verdict]].signe,
        textes.verdicts[resultat.verdict].mot,
    )


def _verdict_html(resultat: Resultat) -> str:
    textes = lire_textes()
    signe, mot = _signe_et_mot(resultat)
    montants = resultat.montants
    lignes = (
        []
        if montants.total_min is None
        else [
            ("Prestation de service (Ps)", montants.ps_min, montants.ps_max),
            (textes.mot("bonus_enfants"), montants.bonus_enfants, montants.bonus_enfants),
            (textes.mot("bonus_parents"), montants.bonus_parents, montants.bonus_parents),
        ]
    )
    lignes.append(("Aide possible", montants.total_min, montants.total_max))
    liste = "".join(
        f"<div><dt>{echapper(nom)}</dt>"
        f"<dd>{echapper(intervalle(bas, haut, montants, textes))}</dd></div>"
        for nom, bas, haut in lignes
    )
    refuse = montants.total_max and resultat.verdict != "eligible"
    suite = "<p>Montants si le projet était agréé.</p>" if refuse else ""
    return (
        f'<div class="clas-verdict clas-{resultat.verdict}" id="{ANCRE}" tabindex="-1">'
        "<h2>Verdict</h2>"
        f'<p class="clas-mot"><span class="clas-signe" aria-hidden="true">{signe}</span>'
        f"{echapper(mot)}</p><p>{echapper(textes.verdicts[resultat.verdict].sens)}</p>"
        f'<dl class="clas-montants">{liste}</dl>{suite}</div>'
    )


def _contradiction(formulaire: Formulaire) -> None:
    st.html(
        f'<div id="{ANCRE}" tabindex="-1">'
        + avis("erreur", "Le projet se contredit", formulaire.fautes)
        + "</div>"
    )
    cites = dict.fromkeys(c for faute in formulaire.fautes for c in _CHEMIN.findall(faute))
    for chemin in cites:
        if gabarit(chemin) in formulaire.guide.declares or chemin == COFINANCEMENTS:
            _bouton_vers(chemin, f"Aller à : {nommer(chemin, formulaire)}", "faute", formulaire)


def _bouton_vers(chemin: str, mots: str, prefixe: str, formulaire: Formulaire) -> None:
    st.button(
        etiquette(mots),
        key=f"{prefixe}-{cle(chemin)}",
        on_click=aller_au_champ,
        args=(chemin, formulaire),
        type="tertiary",
    )


def _blocages(resultat: Resultat, formulaire: Formulaire) -> None:
    bloquants = [c for c in resultat.criteres if c.statut == "non_conforme"]
    if not bloquants:
        return
    with st.container(key="clas-blocages", gap="xxsmall"):
        st.html(f"<h3>Ce qui bloque ({len(bloquants)})</h3>")
        for critere in bloquants[:_BLOCAGES]:
            rang = f" (collectif {critere.collectif})" if critere.collectif else ""
            st.html(
                '<p class="clas-blocage"><span class="clas-signe" aria-hidden="true">×</span>'
                f"{echapper(critere.motif)}{rang}</p>"
            )
            champ = champ_a_revoir(critere, formulaire)
            if champ:
                st.button(
                    etiquette(f"Revoir : {titre_du_critere(critere.code, formulaire)}{rang}"),
                    key=f"revoir-{critere.code}-{critere.collectif or 0}",
                    on_click=aller_au_champ,
                    args=(champ, formulaire),
                    type="tertiary",
                )
        if len(bloquants) > _BLOCAGES:
            reste = len(bloquants) - _BLOCAGES
            st.html(f"<p>Et {reste} autres, dans le résultat en détail.</p>")


def titre_du_critere(code: str, formulaire: Formulaire) -> str:
    """Return the title of a criterion."""
    titres = {
        c.code: c.critere.titre
        for criteres in formulaire.guide.regles.criteres.values()
        for c in criteres
    }
    return titres.get(code, code)


def _questions(resultat: Resultat, formulaire: Formulaire) -> None:
    # What must be answered first stands for what hangs on it.
    chemins = list(dict.fromkeys(champ_visible(c, formulaire) for c in resultat.a_renseigner))
    if not chemins:
        return
    with st.container(key="clas-questions", gap="xxsmall"):
        st.html("<h3>À renseigner ensuite</h3>")
        for chemin in chemins[:_QUESTIONS]:
            _bouton_vers(chemin, question(chemin, formulaire.guide.regles), "question", formulaire)
        if len(chemins) > _QUESTIONS:
            st.html("<p>Puis d'autres : les plus utiles viennent d'abord.</p>")


def _propositions(resultat: Resultat, formulaire: Formulaire) -> None:
    if not resultat.corrections:
        return
    ensembles: dict[int, list[Correction]] = {}
    for correction in resultat.corrections:
        ensembles.setdefault(correction.ensemble, []).append(correction)
    with st.container(key="clas-propositions", gap="xsmall"):
        st.html(
            "<h3>Corrections possibles</h3>"
            "<p>Elles ne valent que si votre projet change réellement.</p>"
        )
        for numero, changements in list(ensembles.items())[:_PROPOSITIONS]:
            _proposition(numero, changements, formulaire)
        reste = len(ensembles) - _PROPOSITIONS
        if reste > 0:
            st.html(f"<p>Et {reste} autres, dans le rapport.</p>")


def _proposition(numero: int, changements: list[Correction], formulaire: Formulaire) -> None:
    lignes = "".join(f"<li>{_changement(c, formulaire)}</li>" for c in changements)
    projet = corriger(formulaire.brouillon.projet, changements)
    promis = verifier(lire_projet(projet, formulaire.guide.regles), formulaire.guide.regles)
    mot = lire_textes().verdicts[promis.verdict].mot
    st.html(
        f"<h4>Correction {numero}</h4><ul>{lignes}</ul>"
        f"<p>Verdict alors : <strong>{echapper(mot)}</strong>.</p>"
    )
    st.button(
        f"Appliquer la correction {numero}",
        key=f"appliquer-{numero}",
        on_click=_appliquer,
        args=(numero, projet, formulaire),
    )


def _changement(correction: Correction, formulaire: Formulaire) -> str:
    libelles = formulaire.libelles
    fait = libelles.fait(correction.champ)
    nom = nommer(correction.champ, formulaire)
    if fait is None and isinstance(correction.vers, list):
        ajouts = [ligne for ligne in correction.vers if ligne not in (correction.de or [])]
        return echapper(f"{nom}, {libelles.ajout(ajouts)}")
    avant, apres = libelles.valeur(correction.de, fait), libelles.valeur(correction.vers, fait)
    return (
        f"{echapper(nom)} : {echapper(avant)} "
        f'<span aria-hidden="true">→</span>{lu_seulement("devient")} '
        f"<strong>{echapper(apres)}</strong>"
    )


def _appliquer(numero: int, projet: dict[str, object], formulaire: Formulaire) -> None:
    formulaire.brouillon.remplacer(f"correction {numero}", projet)
    etape = st.session_state.get("etape", formulaire.guide.etapes(None)[0].id)
    aller(etape, ANCRE)


def _annuler(formulaire: Formulaire) -> None:
    formulaire.brouillon.annuler()
    etape = st.session_state.get("etape", formulaire.guide.etapes(None)[0].id)
    aller(etape, ANCRE)
