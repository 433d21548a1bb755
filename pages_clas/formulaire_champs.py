"""The fields of the form: one for each type of fact, « je ne sais pas » among the answers.

Questions and answers come from the rules. What is unknown has its own answer, which is the one
that a new field carries: it is never taken for « non ».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

import streamlit as st

from assistant.eligibility.models import Resultat
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.schema import FaitDeclare
from assistant.understanding.repertoire import lire_departements
from pages_clas.balises import echapper, lu_seulement
from pages_clas.formulaire_aide import textes_replies
from pages_clas.formulaire_brouillon import (
    TEXTE_MAXIMUM,
    Brouillon,
    Refus,
    interpreter,
    refus_de,
)
from pages_clas.formulaire_plan import Guide, gabarit
from pages_clas.reperes import annees_proposees, nom_avec_code

INCONNU: Final = ""
"""Answer « je ne sais pas »: the fact is absent from the project."""
_AUCUN: Final = "aucun"
_OUI_NON: Final = {"oui": True, "non": False}
_JE_NE_SAIS_PAS: Final = "Je ne sais pas"
_COMME_LE_PROJET: Final = "Comme le projet"
COFINANCEMENTS: Final = "budget.cofinancements"
_LIGNE: Final = 3
"""Parts of the path of one co-funding."""
_ECRITS: Final = frozenset({"entier", "montant", "date", "texte"})
_ESPACE_FINE: Final = re.compile(r"(?<=«) | (?=[»;:?!])")
_MARQUES: Final = re.compile(r"([\\`*_\[\]$~#<>])")


class Formulaire(NamedTuple):
    """What a field needs at hand: the rules, the draft, and what the engine says of it."""

    guide: Guide
    libelles: Libelles
    brouillon: Brouillon
    resultat: Resultat | None
    """None while the draft contradicts itself: ``fautes`` says how."""
    fautes: tuple[str, ...]

    @property
    def departement(self) -> str | None:
        """Code of the département, None while it is unknown."""
        code: str | None = self.brouillon.lire("departement")
        return code


def cle(chemin: str) -> str:
    """Return the key of a field, which is also the class of its element on the page."""
    return "champ-" + chemin.replace(".", "-").replace("_", "-")


def etiquette(texte: str) -> str:
    """Write words for a label, which Streamlit reads as Markdown."""
    return _MARQUES.sub(r"\\\1", insecable(texte))


def insecable(texte: str) -> str:
    """Keep signs of punctuation on the line of the word that they go with."""
    return _ESPACE_FINE.sub("\u00a0", texte)


def afficher_champ(chemin: str, formulaire: Formulaire) -> None:
    """Show the field of a fact, its help and what was wrong with what was typed."""
    declare = formulaire.guide.declares[gabarit(chemin)]
    with st.container(key=f"cadre-{cle(chemin)}", gap="xxsmall"):
        if declare.type == "ensemble":
            _cases(chemin, declare, formulaire)
        elif declare.type in _ECRITS:
            saisir(chemin, declare.question, declare.type, formulaire)
        elif declare.type in {"departement", "annee"}:
            _liste(chemin, declare, formulaire)
        else:
            _choix(chemin, declare, formulaire)
        st.html(_aide_html(chemin, declare, formulaire))


def intitule(declare: FaitDeclare, guide: Guide) -> str:
    """Return the question of a field: for an objective, the very words of the référentiel."""
    if declare.nom.startswith("axes.") and declare.citations:
        citation = guide.citations(declare.nom, None)[0]
        return " ".join(citation.extrait.split())
    return declare.question


def mettre(nom: str, valeur: Any) -> None:  # noqa: ANN401 - a widget's value
    """Give a widget the value of the draft, only where it differs: typing is never disturbed."""
    if nom not in st.session_state or st.session_state[nom] != valeur:
        st.session_state[nom] = valeur


def nommer(chemin: str, formulaire: Formulaire) -> str:
    """Name a field, to say what is undone: « collectif 2 – semaines de fonctionnement »."""
    return nom_du_fait(chemin, formulaire.libelles)


def nom_du_fait(chemin: str, libelles: Libelles) -> str:
    """Name a fact; a field of a co-funding has the name of its co-funding."""
    if chemin == COFINANCEMENTS:
        return "cofinancements"
    ligne = chemin.startswith(f"{COFINANCEMENTS}.")
    return libelles.nom(".".join(chemin.split(".")[:_LIGNE]) if ligne else chemin)


def _choix(chemin: str, declare: FaitDeclare, formulaire: Formulaire) -> None:
    valeurs: tuple[Any, ...] = declare.valeurs
    noms = {v: formulaire.libelles.choix(v, declare) for v in declare.valeurs}
    if declare.type == "booleen":
        valeurs, noms = tuple(_OUI_NON), {"oui": "Oui", "non": "Non"}
    noms[INCONNU] = _COMME_LE_PROJET if declare.herite_de else _JE_NE_SAIS_PAS
    valeur = formulaire.brouillon.lire(chemin)
    if isinstance(valeur, bool):
        valeur = "oui" if valeur else "non"
    nom = cle(chemin)
    mettre(nom, INCONNU if valeur is None else valeur)
    st.radio(
        etiquette(intitule(declare, formulaire.guide)),
        [*valeurs, INCONNU],
        format_func=lambda v: noms[v][:1].upper() + noms[v][1:],
        key=nom,
        horizontal=True,
        on_change=_noter_choix,
        args=(chemin, formulaire),
    )


def _noter_choix(chemin: str, formulaire: Formulaire) -> None:
    choisi = st.session_state[cle(chemin)]
    declare = formulaire.guide.declares[gabarit(chemin)]
    valeur = _OUI_NON.get(choisi) if declare.type == "booleen" else (choisi or None)
    formulaire.brouillon.poser(nommer(chemin, formulaire), {chemin: valeur})


def _liste(chemin: str, declare: FaitDeclare, formulaire: Formulaire) -> None:
    valeur = formulaire.brouillon.lire(chemin)
    if declare.type == "departement":
        proposes = [d.code for d in lire_departements()]
    else:
        proposes = list(annees_proposees(datetime.now(tz=UTC).date()))
    if valeur is not None and valeur not in proposes:
        proposes.append(valeur)
    nom = cle(chemin)
    mettre(nom, valeur or INCONNU)
    st.selectbox(
        etiquette(declare.question),
        [INCONNU, *proposes],
        format_func=lambda v: nom_avec_code(v) if v else _JE_NE_SAIS_PAS,
        key=nom,
        on_change=_noter_choix,
        args=(chemin, formulaire),
    )


def saisir(chemin: str, question: str, genre: str, formulaire: Formulaire) -> None:
    """Show a field to write in; ``genre`` is the type of the fact."""
    nom, valeur = cle(chemin), formulaire.brouillon.lire(chemin)
    refus = formulaire.brouillon.refus.get(chemin)
    ecrit = st.session_state.get(nom)
    if refus is not None:
        mettre(nom, refus.texte)
    elif ecrit is None or interpreter(ecrit, genre) != valeur:
        st.session_state[nom] = _ecrire(valeur, genre)
    st.text_input(
        etiquette(question),
        key=nom,
        max_chars=TEXTE_MAXIMUM if genre == "texte" else 40,
        autocomplete="off",
        on_change=_noter_saisie,
        args=(chemin, genre, formulaire),
    )


def relire_la_saisie(chemin: str, formulaire: Formulaire) -> None:
    """Keep what a field to write in now holds: what is sent may come before it is noted."""
    declare = formulaire.guide.declares.get(gabarit(chemin))
    if declare is not None and declare.type in _ECRITS and cle(chemin) in st.session_state:
        _noter_saisie(chemin, declare.type, formulaire)


def _noter_saisie(chemin: str, genre: str, formulaire: Formulaire) -> None:
    texte: str = st.session_state[cle(chemin)] or ""
    brouillon = formulaire.brouillon
    refus = refus_de(chemin, texte, genre, formulaire.guide.regles)
    if refus is not None:
        brouillon.refuser(nommer(chemin, formulaire), chemin, refus)
    else:
        brouillon.poser(nommer(chemin, formulaire), {chemin: interpreter(texte, genre)})


def _ecrire(valeur: Any, genre: str) -> str:  # noqa: ANN401 - any fact value
    if valeur is None:
        return ""
    if genre == "date":
        return date.fromisoformat(valeur).strftime("%d/%m/%Y")
    return str(valeur).replace(".", ",") if genre == "montant" else str(valeur)


def _cases(chemin: str, declare: FaitDeclare, formulaire: Formulaire) -> None:
    """Show a set as boxes: several, « aucun », or « je ne sais pas »."""
    groupe = cle(chemin)
    valeur = formulaire.brouillon.lire(chemin)
    with st.container(key=groupe, gap="xxsmall"):
        st.html(
            f'<p class="clas-legende" id="legende-{groupe}" data-groupe="{groupe}">'
            f"{echapper(insecable(declare.question))}</p>"
        )
        with st.container(horizontal=True, gap="small", key=f"cases-{groupe}"):
            for choix in (*declare.valeurs, _AUCUN, INCONNU):
                coche = (
                    valeur is None
                    if choix == INCONNU
                    else valeur == []
                    if choix == _AUCUN
                    else choix in (valeur or [])
                )
                nom = f"{groupe}-{choix or 'inconnu'}"
                mettre(nom, coche)
                st.checkbox(
                    etiquette(_nom_de_case(choix, declare, formulaire)),
                    key=nom,
                    on_change=_noter_case,
                    args=(chemin, choix, formulaire),
                )


def _nom_de_case(choix: str, declare: FaitDeclare, formulaire: Formulaire) -> str:
    fixes = {_AUCUN: "Aucun de ceux-ci", INCONNU: _JE_NE_SAIS_PAS}
    nom = fixes.get(choix) or formulaire.libelles.choix(choix, declare)
    return nom[:1].upper() + nom[1:]


def _noter_case(chemin: str, choix: str, formulaire: Formulaire) -> None:
    declare = formulaire.guide.declares[gabarit(chemin)]
    coche = st.session_state[f"{cle(chemin)}-{choix or 'inconnu'}"]
    cochees = set(formulaire.brouillon.lire(chemin) or ())
    valeur: list[str] | None
    if choix in {INCONNU, _AUCUN}:
        valeur = [] if choix == _AUCUN and coche else None
    else:
        cochees = cochees | {choix} if coche else cochees - {choix}
        # Nothing left ticked says nothing: « aucun » has a box of its own.
        valeur = [v for v in declare.valeurs if v in cochees] or None
    formulaire.brouillon.poser(nommer(chemin, formulaire), {chemin: valeur})


def _aide_html(chemin: str, declare: FaitDeclare, formulaire: Formulaire) -> str:
    nom = cle(chemin)
    morceaux = [erreur_html(nom, formulaire.brouillon.refus.get(chemin))]
    precisions: Mapping[str, str] = formulaire.guide.plan.precisions
    aides = dict.fromkeys(filter(None, (declare.aide, precisions.get(declare.nom))))
    if aides:
        morceaux.append(
            f'<p class="clas-aide" id="aide-{nom}" data-aide-de="{nom}">'
            f"{echapper(insecable(' '.join(aides)))}</p>"
        )
    origine = formulaire.brouillon.origine(chemin)
    if origine:
        morceaux.append(
            f'<p class="clas-origine" id="origine-{nom}" data-aide-de="{nom}">'
            f"{echapper(insecable(origine))}</p>"
        )
    citations = formulaire.guide.citations(chemin, formulaire.departement)
    morceaux.append(textes_replies(citations, formulaire.libelles, declare.libelle))
    return f'<div class="clas-sous-champ">{"".join(morceaux)}</div>'


def erreur_html(nom: str, refus: Refus | None) -> str:
    """Say what was typed in a field and what it accepts; the field is tied to it by the script."""
    if refus is None:
        return ""
    return (
        f'<p class="clas-erreur" id="erreur-{nom}" data-erreur-de="{nom}">'
        f'<span class="clas-signe" aria-hidden="true">×</span>{lu_seulement("Erreur : ")}'
        f"« {echapper(refus.texte)} » n'est pas retenu. Attendu : {echapper(refus.attendu)}.</p>"
    )
