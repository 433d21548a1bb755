"""Answers about the person's own case: one criterion, or the whole project, from the checker.

Statuses, reasons, amounts and corrections are the checker's; the rule itself is said with the
knowledge card of the criterion, where one was found for the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from assistant.answers.cards import CarteChoisie
from assistant.answers.cards_said import CITED, scope_prefix
from assistant.answers.places import nom_departement
from assistant.dialogue.dossier_dit import Etude
from assistant.dialogue.phrases import phrase
from assistant.eligibility import Regles
from assistant.eligibility.engine.questions import a_preciser
from assistant.eligibility.models import Correction, Critere
from assistant.eligibility.rendering import question as question_du_fait
from assistant.eligibility.schema import Statut
from assistant.fiches.loading import FichePrete
from assistant.models import Citation
from corpus.models import NATIONALE

MOTS: Final = 112
"""Words of an answer."""
_POSEES: Final = 2
"""Questions put at once."""
_NOMMES: Final = 4
_CHANCE: Final = 0.15
"""Probability, among the cards found, from which one is said beside the checker."""
_OUVRE: Final[Mapping[Statut, str]] = {
    "conforme": "oui",
    "sous_reserve": "oui_sous_reserve",
    "non_conforme": "non",
    "a_renseigner": "depend",
    "alerte": "alerte",
    "sans_objet": "sans_objet",
}
_OUVRE_SANS_OUI: Final[Mapping[Statut, str]] = {
    **_OUVRE,
    "conforme": "convient",
    "sous_reserve": "convient_sous_reserve",
    "non_conforme": "ne_convient_pas",
}
_POLARITE: Final[Mapping[Statut, frozenset[str | None]]] = {
    "conforme": frozenset({None, "oui"}),
    "sous_reserve": frozenset({None, "sous_condition"}),
    "non_conforme": frozenset({None, "non"}),
    "a_renseigner": frozenset({None, "sous_condition"}),
}


class Dit(BaseModel):
    """An answer of the checker in words: what it rests on, what it asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    citations: tuple[Citation, ...]
    portee: str
    tranche: bool
    """False when it asks for what it lacks before anything else."""
    attendus: tuple[str, ...] = ()
    cartes: tuple[str, ...] = ()


def dire_critere(
    etude: Etude,
    code: str,
    regles: Regles,
    cartes: Sequence[CarteChoisie],
    *,
    regle: FichePrete | None,
    oui_ou_non: bool,
) -> Dit:
    """Answer on one criterion: yes or no for this project, the rule, then what follows.

    ``cartes``: cards found for the question, best first; ``regle``: the card that says the rule
    of the criterion; ``oui_ou_non``: the question asks whether it passes.
    """
    trouves = etude.criteres(code)
    if not trouves:  # a rule of collectifs, and a project said to have none
        return dire_verdict(etude, regles, ())
    premier = trouves[0]
    ouvre = phrase((_OUVRE if oui_ou_non else _OUVRE_SANS_OUI)[premier.statut])
    ouvert = premier.statut == "a_renseigner"
    citations = list(premier.citations)
    lignes: list[str] = []
    manquants = a_preciser(etude.projet_national, regles, code) if ouvert else ()
    carte = _carte(code, premier.statut, cartes, etude)
    if ouvert:
        lignes.append(f"{ouvre}. {_constat(premier)}".strip() + _marques(citations))
    else:
        lignes.append(f"{ouvre}. {_motif(premier, len(trouves))}{_marques(citations)}")
    for fiche in dict.fromkeys(f.fiche.id for f in (regle, carte) if f is not None):
        dite = next(f for f in (regle, carte) if f is not None and f.fiche.id == fiche)
        appuis = [c for c in dite.citations if _a_sa_place(c, etude)][:CITED]
        citations += [c for c in appuis if c not in citations]
        marques = "".join(f"[{citations.index(c) + 1}]" for c in appuis)
        reserves = dite.fiche.reserves if ouvert and dite is not carte else ()
        said = " ".join([_sans_oui(dite.fiche.reponse), *reserves])
        lignes.append(f"{scope_prefix(dite)}{said} {marques}")
    if ouvert and regle is None and carte is None:
        lignes.append(phrase("attendu", quoi=premier.attendu))
    attendus = _a_demander(manquants)
    if ouvert and attendus:
        lignes.append(demander(attendus, regles, len(etude.projet.collectifs or ())))
    else:
        suite, attendus = _ensuite(etude, regles, deja=code)
        lignes += suite
    return Dit(
        texte=tenir(lignes),
        citations=tuple(citations),
        portee=portee_de(citations),
        tranche=not ouvert,
        attendus=attendus,
        cartes=tuple(f.fiche.id for f in (carte, regle) if f is not None),
    )


def dire_verdict(etude: Etude, regles: Regles, touches: Sequence[str]) -> Dit:
    """Answer on the whole project: the verdict, or what is settled by what was told, and why.

    ``touches``: codes of the criteria that facts told bear on, settled or not.
    """
    resultat = etude.resultat
    nombre = len(etude.projet.collectifs or ())
    decides = list(etude.decides())
    bloquants = [c for c in decides if c.statut == "non_conforme"]
    incomplet = resultat.verdict == "incomplet"
    ouverts = [c for code in touches for c in etude.criteres(code) if c.statut == "a_renseigner"]
    montres = [*bloquants, *(c for c in decides if c.statut == "sous_reserve"), *ouverts]
    if incomplet and not bloquants:
        montres = [*(c for c in decides if c not in montres), *montres]
    citations: list[Citation] = []
    liste: list[str] = []
    for critere in montres[:_NOMMES]:
        citations += [c for c in critere.citations if c not in citations]
        marques = "".join(f"[{citations.index(c) + 1}]" for c in critere.citations)
        attendu = phrase("attendu", quoi=critere.attendu)
        dit = _a_preciser(critere) if critere in ouverts else _motif(critere, nombre)
        liste.append(f"- {dit} {attendu} {marques}")
    corps = [phrase(_ouverture(etude, decides, ouverts)), *(["\n".join(liste)] if liste else [])]
    if not citations:
        citations = list(dict.fromkeys(c for lu in decides for c in lu.citations[:1]))[:CITED]
        corps[0] += _marques(citations)
    if bloquants and etude.corrections:
        corps.append(corriger(etude.corrections, etude))
    attendus: tuple[str, ...] = ()
    if incomplet:
        manquants = [f for c in ouverts for f in a_preciser(etude.projet_national, regles, c.code)]
        attendus = _a_demander(dict.fromkeys((*manquants, *_restants(etude))))
        corps.append(demander(attendus, regles, nombre))
    return Dit(
        texte=tenir(corps),
        citations=tuple(citations),
        portee=portee_de(citations),
        tranche=bool(decides) and bool(citations),
        attendus=attendus,
    )


def _a_preciser(critere: Critere) -> str:
    return phrase("a_preciser", constate=critere.constate)


def _ouverture(etude: Etude, decides: Sequence[Critere], ouverts: Sequence[Critere]) -> str:
    """Name of the sentence that opens an answer on the whole project."""
    verdict = etude.resultat.verdict
    if verdict != "incomplet" or not decides:
        return f"verdict_{verdict}"
    statuts = {c.statut for c in decides}
    if "non_conforme" in statuts:
        return "verdict_non_eligible"
    if ouverts:
        return "jusqu_ici_depend"
    return "jusqu_ici_sous_reserve" if "sous_reserve" in statuts else "jusqu_ici_oui"


def corriger(corrections: Sequence[Correction], etude: Etude) -> str:
    """Say the smallest set of changes that would mend the project."""
    changements = "; ".join(
        phrase(
            "changement_inconnu" if c.de is None else "changement",
            quoi=_nom(c.champ, etude),
            vers=etude.libelles.valeur(c.vers, etude.libelles.fait(c.champ)),
            de=etude.libelles.valeur(c.de, etude.libelles.fait(c.champ)),
        )
        for c in corrections
        if c.ensemble == corrections[0].ensemble
    )
    return phrase("correction", changements=changements.replace("; ", " ; "))


def _ensuite(etude: Etude, regles: Regles, deja: str) -> tuple[list[str], tuple[str, ...]]:
    """What follows a criterion: verdict when it is settled, else the next question."""
    resultat = etude.resultat
    nombre = len(etude.projet.collectifs or ())
    titres = _titres(regles)
    bloquants = [c for c in resultat.criteres if c.statut == "non_conforme"]
    if resultat.verdict == "non_eligible":
        autres = dict.fromkeys(titres[c.code].lower() for c in bloquants if c.code != deja)
        lignes = [phrase("verdict_non_eligible")]
        if autres:
            lignes.append(phrase("bloque_aussi", criteres=", ".join(list(autres)[:_NOMMES])))
        propres = _du_critere(etude.corrections, deja, regles)
        if propres:
            lignes.append(corriger(propres, etude))
        return [" ".join(lignes)], ()
    if resultat.verdict != "incomplet":
        return [phrase(f"verdict_{resultat.verdict}")], ()
    attendus = _a_demander(_restants(etude))[:1]
    if not attendus:
        return [], ()
    question = _question(attendus[0], regles, nombre)
    return [phrase("question_suivante", question=question)], attendus


def _du_critere(
    corrections: Sequence[Correction], code: str, regles: Regles
) -> tuple[Correction, ...]:
    """The changes of the first set that mend one criterion."""
    faits = {
        nom
        for criteres in regles.criteres.values()
        for c in criteres
        if c.code == code
        for nom in c.critere.faits
    }
    return tuple(
        c
        for c in corrections
        if c.ensemble == corrections[0].ensemble and re.sub(r"\.[0-9]+\.", ".*.", c.champ) in faits
    )


def _restants(etude: Etude) -> tuple[str, ...]:
    """Facts to ask for; the département first, since rules hang on it."""
    reste = etude.resultat.a_renseigner
    return tuple(sorted(reste, key=lambda chemin: chemin != "departement"))


def _a_demander(chemins: Iterable[str]) -> tuple[str, ...]:
    return tuple(c for c in chemins if c != "annee_scolaire")[:_POSEES]


def demander(chemins: Sequence[str], regles: Regles, collectifs: int) -> str:
    """Ask for facts of a project of so many collectifs."""
    questions = " ".join(_question(chemin, regles, collectifs) for chemin in chemins)
    return phrase("questions_pour_conclure", questions=questions)


def _question(chemin: str, regles: Regles, collectifs: int) -> str:
    """The question that asks for a fact; which collectif, only where there are several."""
    dite = question_du_fait(chemin, regles)
    return dite if collectifs > 1 else re.sub(r"^Collectif [0-9]+ : ", "", dite)


def _carte(
    code: str,
    statut: Statut,
    cartes: Sequence[CarteChoisie],
    etude: Etude,
) -> FichePrete | None:
    """The card asked for, when it is of the criterion and agrees with its status."""
    admises = _POLARITE.get(statut, frozenset({None}))
    found = next(
        (
            c
            for c in cartes
            if c.part >= _CHANCE
            and c.carte.fiche.critere == code
            and c.carte.fiche.polarite in admises
            and not c.carte.fiche.silence
            and c.carte.fiche.portee in (NATIONALE, etude.projet.departement)
            and (c.carte.ecartee or any(_a_sa_place(q, etude) for q in c.carte.citations))
        ),
        None,
    )
    # Where an agent marked it wrong, or it was put aside, no other is said in its place.
    return found.carte if found and not found.fausse else None


def _a_sa_place(citation: Citation, etude: Etude) -> bool:
    return citation.portee in (NATIONALE, etude.projet.departement)


def _motif(critere: Critere, nombre: int) -> str:
    ou = (
        f"{phrase('collectif', rang=critere.collectif).capitalize()} : "
        if critere.collectif and nombre > 1
        else ""
    )
    local = next((c.portee for c in critere.citations if c.portee != NATIONALE), None)
    nom = f"**{nom_departement(local)} seulement** : " if local else ""
    return f"{nom}{ou}{critere.motif}"


def _constat(critere: Critere) -> str:
    connu = critere.constate and "non précisé" not in critere.constate
    return f"Vous m'avez dit : {critere.constate}." if connu else ""


def _sans_oui(reponse: str) -> str:
    """A card's answer without its own yes or no: the checker has said it."""
    for debut in ("Oui : ", "Non : ", "Oui, ", "Non, ", "Oui. ", "Non. "):
        if reponse.startswith(debut):
            reste = reponse[len(debut) :]
            return reste[:1].upper() + reste[1:]
    return reponse


def _marques(citations: Sequence[Citation]) -> str:
    return " " + "".join(f"[{n}]" for n in range(1, len(citations) + 1)) if citations else ""


def tenir(lignes: Sequence[str]) -> str:
    """Join paragraphs: keep the first paragraph, then as many as fit."""
    gardees: list[str] = []
    for ligne in lignes:
        if gardees and len(" ".join([*gardees, ligne]).split()) > MOTS:
            continue
        gardees.append(ligne)
    return "\n\n".join(gardees)


def portee_de(citations: Iterable[Citation]) -> str:
    """Scope of an answer: that of the local text that it cites, if it cites one."""
    return next((c.portee for c in citations if c.portee != NATIONALE), NATIONALE)


def _titres(regles: Regles) -> dict[str, str]:
    return {c.code: c.critere.titre for criteres in regles.criteres.values() for c in criteres}


def _nom(chemin: str, etude: Etude) -> str:
    """Name a fact; which collectif, only where there are several."""
    nom = etude.libelles.nom(chemin)
    return nom if len(etude.projet.collectifs or ()) > 1 else nom.rpartition(" – ")[2]
