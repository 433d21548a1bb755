"""The record of an explanation: what ``clas demander --expliquer --json`` writes.

Every value is the one that the run used. Scores are not rounded; a list of contributions adds up
to the score that it explains (to about one millionth for passages, whose scores are 32-bit).
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.explication.decision import DecisionExpliquee

_GELE = ConfigDict(frozen=True, extra="forbid")


class Duree(BaseModel):
    """Time of a step; ``dans``: the step that it is a part of, null for one of its own."""

    model_config = _GELE

    etape: str
    libelle: str
    millisecondes: float
    dans: str | None


class Ouverture(BaseModel):
    """Hurried or doubtful writing, and what is searched for it; ``ecrit`` empty: only added."""

    model_config = _GELE

    ecrit: str
    lu: str


class FaitCompris(BaseModel):
    """A fact of the project read in the question, with the words that gave it.

    ``valeur`` is null where the value is not precise enough to be used.
    """

    model_config = _GELE

    chemin: str
    nom: str
    valeur: Any
    dit: str
    """The value in words."""
    mots: str
    certitude: str
    """``dite``, ``deduite``, ``supposee``, or ``a_preciser``."""


class Compris(BaseModel):
    """What was understood of the question."""

    model_config = _GELE

    texte: str
    """As written, cleaned of what cannot be shown and bounded."""
    tronquee: bool
    genre: str
    """``question``, ``salutation``, ``remerciement``, ``illisible``…"""
    en_anglais: bool
    traduction: str | None
    """An English question in French words; null where it was not in English."""
    recommence: bool
    """The conversation begins anew."""
    suite: str
    """``seule`` for a question that stands alone, else the kind of follow-up."""
    question_seule: str
    """The question as it stands alone."""
    rappel: str | None
    """Words of the last question searched beside it; null where none are."""
    recherche: str | None
    """What is searched; null where nothing is."""
    ouvertures: tuple[Ouverture, ...]
    departements: tuple[str, ...]
    departements_nommes: tuple[str, ...]
    """Those that the question itself names."""
    lieux_etrangers: tuple[str, ...]
    annee_scolaire: str | None
    annees_nommees: tuple[str, ...]
    faits: tuple[FaitCompris, ...]


class PertinenceLue(BaseModel):
    """Whether the question is about a Clas project, asked before the checker answers."""

    model_config = _GELE

    deja: bool
    groupes: bool
    probabilite: float | None
    """That the texts speak of it; null where it did not have to be asked."""
    seuil: float | None
    suffit: bool


class VoieExpliquee(BaseModel):
    """The way that the question was answered by, and why."""

    model_config = _GELE

    voie: str
    libelle: str
    raison: str
    pourquoi: str
    critere: str | None
    pertinence: PertinenceLue | None
    repli: str | None
    """Why the texts answered where the checker had been chosen; null where it was not."""


class TexteFiltre(BaseModel):
    """A text, whether its passages could answer, and why not."""

    model_config = _GELE

    document: str
    titre: str
    portee: str
    retenu: bool
    pourquoi: str


class Signaux(BaseModel):
    """One value for each signal of a passage."""

    model_config = _GELE

    sens: float
    mots: float
    mots_ouverts: float
    interaction: float
    questions: float
    portee: float
    annee: float
    fiches: float


class PassageExplique(BaseModel):
    """A ranked passage and what its score is made of: ``score`` is the sum of ``apports``."""

    model_config = _GELE

    rang: int
    document: str
    titre: str
    section: str | None
    debut: int
    fin: int
    texte: str
    par_le_sens: bool
    par_les_mots: bool
    valeurs: Signaux
    """As measured: cosine, two BM25, mean of the best cosines, nearness of the nearest known
    question, what scope and year add."""
    fusion: float
    """First score, before late interaction."""
    apports: Signaux
    """What each adds to the score, once spread over 0..1 and weighed."""
    score: float


class FaconProche(BaseModel):
    """A known way to ask, near the question, and the card that it stands for."""

    model_config = _GELE

    rang: int
    fiche: str
    texte: str
    score: float
    paire: float
    """Mean with the second nearest way to ask the same."""


class RechercheExpliquee(BaseModel):
    """The search: words, candidates, texts put aside, first passages, nearest ways to ask."""

    model_config = _GELE

    mots: tuple[str, ...]
    """Stems of the words searched."""
    mots_ajoutes: tuple[str, ...]
    """Stems that the lexicon adds."""
    mots_inconnus: tuple[str, ...]
    part_connue: float
    candidats_par_le_sens: int
    candidats_par_les_mots: int
    candidats: int
    relus: int
    """Candidates that late interaction read."""
    poids: dict[str, float]
    textes: tuple[TexteFiltre, ...]
    passages: tuple[PassageExplique, ...]
    facons: tuple[FaconProche, ...]


class Apport(BaseModel):
    """A trait: its value, its weight, what it adds (``valeur`` × ``poids``)."""

    model_config = _GELE

    nom: str
    libelle: str
    valeur: float
    poids: float
    apport: float


class FicheExpliquee(BaseModel):
    """A card considered: ``force`` is the sum of the traits, ``note`` that of ``termes``."""

    model_config = _GELE

    rang: int
    fiche: str
    titre: str
    portee: str
    silence: bool
    """It says that the texts are silent."""
    traits: tuple[Apport, ...]
    force: float
    lue: float | None = None
    """Log-odds that it answers, by the learned reader; None where it was not read."""
    part: float
    """Probability, among the cards found, that it is the one asked for."""
    facteur: float
    """What a follow-up multiplied it by."""
    termes: dict[str, float]
    note: float
    """How well it is asked for, whatever the others."""
    dite: bool
    raison: str
    pourquoi: str


class Paragraphe(BaseModel):
    """A part of the answer and where it comes from."""

    model_config = _GELE

    genre: str
    libelle: str
    source: str
    texte: str


class CompositionExpliquee(BaseModel):
    """What the answer was made of."""

    model_config = _GELE

    type: str
    portee: str
    confiance: float
    paragraphes: tuple[Paragraphe, ...]


class CitationControlee(BaseModel):
    """A quotation of the answer and the place where it was found word for word."""

    model_config = _GELE

    numero: int
    document: str
    version: str
    titre: str
    section: str | None
    debut: int
    fin: int
    extrait: str
    verifiee: bool


class ControleExplique(BaseModel):
    """The check of what leaves: an answer is only ever given out once all of it holds."""

    model_config = _GELE

    citations: tuple[CitationControlee, ...]
    passages: int
    """Passages compared with the stored texts."""
    citations_du_resultat: int
    """Quotations of the checker's result, compared too."""


class CritereExplique(BaseModel):
    """A criterion as the checker found it."""

    model_config = _GELE

    code: str
    titre: str
    collectif: int | None
    statut: str
    motif: str
    constate: str | None
    attendu: str | None
    portee: str
    citations: int


class VerificationExpliquee(BaseModel):
    """What the checker said of the project told."""

    model_config = _GELE

    verdict: str
    criteres: tuple[CritereExplique, ...]
    calcul: tuple[str, ...]
    """One line of arithmetic each."""
    a_renseigner: tuple[str, ...]
    demande: tuple[str, ...]
    """Facts that the answer asks for."""
    fiches: tuple[str, ...]
    """Cards said beside the checker, found for the question or not."""


class Reglage(BaseModel):
    """A settings file; ``version``: null for one that is only known by the program's own."""

    model_config = _GELE

    fichier: str
    sert_a: str
    version: str | None


class Versions(BaseModel):
    """What the answer depends on."""

    model_config = _GELE

    programme: str
    documents: dict[str, str]
    index: str
    modele: str
    empreinte_du_modele: str
    precision: str
    regles: str
    reglages: tuple[Reglage, ...]


class Explication(BaseModel):
    """The path of one answer; a step that it did not go through is null or empty."""

    model_config = _GELE

    compris: Compris
    voie: VoieExpliquee
    recherche: RechercheExpliquee | None
    fiches: tuple[FicheExpliquee, ...]
    decision: DecisionExpliquee | None
    verification: VerificationExpliquee | None
    composition: CompositionExpliquee
    controle: ControleExplique
    versions: Versions
    durees: tuple[Duree, ...]
