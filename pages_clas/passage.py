"""From the conversation to the self-check form and back, by the session alone.

The form opens with what was told, and with what the conversation supposed, said to be so; the
conversation takes up again with what the form holds. Nothing that was answered in the form is
lost without a word: where what was told says otherwise, the person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import streamlit as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.dossier_dit import completer
from assistant.dialogue.memoire import FaitRetenu, Memoire
from assistant.dialogue.retouches import (
    COFINANCEMENTS,
    COLLECTIFS,
    aplatir,
    faits_tenus,
    projet_tenu,
    remplacer,
)
from assistant.dialogue.tour import situer
from assistant.eligibility import Regles, lire_projet
from assistant.eligibility.donnees import en_donnees, lire
from assistant.models import Question
from pages_clas import PAGE_QUESTION
from pages_clas.balises import avis
from pages_clas.conversation_etat import (
    ANNEE,
    APPORT,
    DEPARTEMENT,
    NON_PRECISE,
    NUMERO,
    annee_lue,
    changer,
    memoire,
    situation,
)
from pages_clas.formulaire_brouillon import Brouillon, Origine, nouveau_projet
from pages_clas.formulaire_champs import Formulaire, nommer
from pages_clas.formulaire_navigation import aller
from pages_clas.habillage import annoncer
from pages_clas.reperes import annees_proposees

_DERNIER: Final = "dernier_apport"
_MESSAGE: Final = "message_de_l_apport"
_ACTION: Final = "faits de la conversation"
_PREMIERE_ETAPE: Final = "structure"
_DIFFERENCES: Final = 8
_REMPLI: Final = (
    "Formulaire rempli avec votre conversation",
    "Chaque réponse qui en vient le dit. « Annuler », sous le verdict, les retire toutes.",
)


class Apport(NamedTuple):
    """A project that comes from the conversation, and where each of its values comes from."""

    projet: dict[str, Any]
    origines: Mapping[str, Origine]


def projet_du_formulaire(tenue: Memoire, cadre: Question, regles: Regles) -> dict[str, Any]:
    """Return the project of a conversation as the form holds one: what a turn would check."""
    dit = completer(situer(projet_tenu(tenue, regles), cadre), annee_lue(cadre))
    return en_donnees(lire_projet(dit, regles), regles)


def apport_de(tenue: Memoire, cadre: Question, regles: Regles) -> Apport:
    """Return what the form is to be filled with, each value with the words that gave it."""
    projet = projet_du_formulaire(tenue, cadre, regles)
    faits = {f.chemin: f for f in faits_tenus(tenue, regles)}
    supposes = {"annee_scolaire"} if cadre.annee_scolaire is None else set()
    return Apport(
        projet,
        {
            chemin: Origine(valeur, _dire(faits.get(chemin), suppose=chemin in supposes))
            for chemin, valeur in aplatir(projet).items()
            if chemin != COLLECTIFS
        },
    )


def _dire(fait: FaitRetenu | None, *, suppose: bool) -> str:
    if suppose:
        return "Supposé par la conversation : à vérifier."
    if fait is not None and fait.mots:
        deduit = ", d'où c'est déduit" if fait.certitude == "deduite" else ""
        return f"Vient de la conversation : « {fait.mots} »{deduit}."
    return "Vient de la conversation."


def apporter(assistant: Conseiller) -> None:
    """Leave the facts of the conversation for the form to take."""
    tenue = memoire()
    st.session_state[APPORT] = apport_de(tenue, situation(tenue), assistant.regles)
    aller(_PREMIERE_ETAPE, "choix-de-l-apport")


def recevoir(brouillon: Brouillon) -> None:
    """Fill the form with what the conversation left, where nothing answered there would go."""
    apport: Apport | None = st.session_state.get(APPORT)
    if apport is None:
        return
    intact = not brouillon.refus and brouillon.projet == st.session_state.get(_DERNIER)
    if intact or _contient(apport.projet, brouillon):
        _remplacer(brouillon, apport)


def _contient(apporte: Mapping[str, Any], brouillon: Brouillon) -> bool:
    """Whether what is brought says all that the draft says, and nothing else of it."""
    if brouillon.refus:
        return False
    if brouillon.projet == nouveau_projet():
        return True
    faits = aplatir(apporte)
    return all(
        faits.get(chemin) == valeur or (chemin == COLLECTIFS and valeur <= faits.get(COLLECTIFS, 0))
        for chemin, valeur in aplatir(brouillon.projet).items()
    )


def _remplacer(brouillon: Brouillon, apport: Apport) -> None:
    if brouillon.projet != apport.projet:
        brouillon.remplacer(_ACTION, apport.projet, apport.origines)
    else:
        brouillon.origines = apport.origines
    st.session_state[_DERNIER] = apport.projet
    _finir(brouillon, _REMPLI)


def _completer(brouillon: Brouillon, apport: Apport) -> None:
    """Answer what the draft leaves unknown; what it says stays."""
    manquants = {
        chemin: valeur
        for chemin, valeur in aplatir(apport.projet).items()
        if chemin != COLLECTIFS
        and not chemin.startswith(COFINANCEMENTS)
        and brouillon.lire(chemin) is None
    }
    financements = lire(apport.projet, COFINANCEMENTS)
    if financements is not None and brouillon.lire(COFINANCEMENTS) is None:
        manquants[COFINANCEMENTS] = financements
    origines = {c: o for c, o in apport.origines.items() if c in manquants}
    brouillon.poser(_ACTION, manquants, origines)
    titre = "Brouillon complété avec votre conversation"
    _finir(brouillon, (titre, "Vos réponses sont restées ; le reste dit d'où il vient."))


def _garder(brouillon: Brouillon) -> None:
    _finir(brouillon, ("Votre brouillon est gardé tel quel",))


def _finir(brouillon: Brouillon, message: tuple[str, ...]) -> None:
    st.session_state.pop(APPORT, None)
    st.session_state[_MESSAGE] = (brouillon.numero, message)
    aller(_PREMIERE_ETAPE)


def dire_l_apport(formulaire: Formulaire) -> None:
    """Say what the conversation brought; where the draft says otherwise, ask what to keep."""
    apport: Apport | None = st.session_state.get(APPORT)
    numero, lignes = st.session_state.get(_MESSAGE, (None, ()))
    if apport is None:
        if lignes and numero == formulaire.brouillon.numero:
            st.html(avis("information", lignes[0], lignes[1:]))
            annoncer(" ".join(lignes), f"apport-{numero}")
        return
    with st.container(key="clas-apport"):
        titre = "Votre brouillon et votre conversation ne disent pas la même chose"
        st.html(
            f'<div id="choix-de-l-apport" tabindex="-1">'
            f"{avis('attention', titre, _differences(apport, formulaire))}</div>"
        )
        with st.container(horizontal=True):
            gestes = (
                ("Garder mon brouillon", "garder-le-brouillon", _garder, ()),
                ("Compléter mon brouillon", "completer-le-brouillon", _completer, (apport,)),
                ("Remplacer par la conversation", "remplacer-le-brouillon", _remplacer, (apport,)),
            )
            for mots, nom, geste, suite in gestes:
                st.button(mots, key=nom, on_click=geste, args=(formulaire.brouillon, *suite))


def _differences(apport: Apport, formulaire: Formulaire) -> list[str]:
    """Say, fact by fact, what differs, and how many facts the conversation does not have."""
    libelles = formulaire.libelles
    brouillon, faits = aplatir(formulaire.brouillon.projet), aplatir(apport.projet)
    lignes = [
        f"{_capitale(nommer(chemin, formulaire))} : "
        f"{libelles.valeur(valeur, libelles.fait(chemin))} dans le brouillon, "
        f"{libelles.valeur(faits[chemin], libelles.fait(chemin))} dans la conversation."
        for chemin, valeur in brouillon.items()
        if chemin in faits and faits[chemin] != valeur
    ]
    reste = len(lignes) - _DIFFERENCES
    dites = lignes[:_DIFFERENCES] + ([f"Et {reste} autres différences."] if reste > 0 else [])
    seuls = sum(chemin not in faits for chemin in brouillon)
    if seuls:
        dites.append(f"Réponses que la conversation n'a pas : {seuls}.")
    return [*dites, "Rien n'a été changé. Que faut-il garder ?"]


def _capitale(mots: str) -> str:
    return mots[:1].upper() + mots[1:]


def proposer_la_conversation(formulaire: Formulaire, assistant: Conseiller) -> None:
    """Offer to go back to the conversation with what the form holds."""
    if formulaire.resultat is None:
        return
    with st.container(key="clas-vers-la-conversation", gap="xxsmall"):
        if st.button("Reprendre la conversation", key="reprendre-la-conversation"):
            rendre(formulaire.brouillon, assistant)
            st.switch_page(PAGE_QUESTION)
        st.html('<p class="clas-note">Elle partira des réponses de ce formulaire.</p>')


def rendre(brouillon: Brouillon, assistant: Conseiller) -> None:
    """Hold in the conversation what the form holds, its place and its year among the rest."""
    st.session_state.setdefault(NUMERO, 1)
    avant = memoire()
    suite = remplacer(avant, brouillon.projet, assistant.regles)
    proposees = annees_proposees(datetime.now(tz=UTC).date())
    annee = suite.annee_scolaire
    choisis = {
        DEPARTEMENT: suite.departement or NON_PRECISE,
        ANNEE: annee if annee in proposees else NON_PRECISE,
    }
    st.session_state[_DERNIER] = None
    mots = "Les réponses du formulaire ont pris la place de ce que j'avais retenu."
    if faits_tenus(suite, assistant.regles) == faits_tenus(avant, assistant.regles):
        mots = "Le formulaire et la conversation retiennent les mêmes faits."
    changer(suite, mots, assistant, choisis=choisis)
