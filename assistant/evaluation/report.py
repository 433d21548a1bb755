"""What a measurement gives: a record that goes to JSON whole."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.models import TypeReponse

FROZEN = ConfigDict(frozen=True, extra="forbid")

RANGS = (1, 3, 5, 10)
"""Numbers of first passages among which a proof is looked for."""


class Part(BaseModel):
    """A share: ``reussites`` among ``total``, with Wilson's 95 % interval."""

    model_config = FROZEN

    reussites: int = Field(ge=0)
    total: int = Field(ge=0)
    part: float | None
    """Null when there is nothing to count."""
    intervalle: tuple[float, float] | None


class Moyenne(BaseModel):
    """A mean or a percentile over ``total`` values, with its bootstrap 95 % interval."""

    model_config = FROZEN

    valeur: float | None
    """Null when there is no value."""
    total: int = Field(ge=0)
    intervalle: tuple[float, float] | None


class MesuresRefus(BaseModel):
    """How refusals fall, over the turns known to be answerable or not."""

    model_config = FROZEN

    precision: Part
    """Unanswerable among refused."""
    rappel: Part
    """Refused among unanswerable."""
    precision_lointain: Part
    """Far misses among the far misses and answerable ones that are refused."""
    rappel_lointain: Part
    precision_quasi: Part
    rappel_quasi: Part
    repondables_refusees: Part
    """Refused among answerable."""


class Mesures(BaseModel):
    """All the measures over a group of turns. Those that nothing could feed have total 0."""

    model_config = FROZEN

    questions: int
    tours: int
    preuve_dans_1: Part
    preuve_dans_3: Part
    preuve_dans_5: Part
    preuve_dans_10: Part
    mrr_10: Moyenne
    ndcg_10: Moyenne
    reponses_justes: Part
    """All key facts, nothing forbidden, at most 120 words, not a refusal."""
    sans_interdit: Part
    """Answers without any forbidden words, among turns that forbid some."""
    citations_probantes: Part
    """Answers, not refusals, whose citations prove them, among answerable turns with proofs."""
    citations_verbatim: Part
    """Counted by citation: equal to their slice of the stored text."""
    regles_locales_deplacees: Part
    """Answers that give a local rule out of its département."""
    bien_traitees: Part
    """Right answers, and refusals where the texts are silent, among the turns that are judged."""
    refus: MesuresRefus
    latence_mediane_ms: Moyenne
    latence_p95_ms: Moyenne


class PreuveAttendue(BaseModel):
    """A proof that the set expects, and where it was found."""

    model_config = FROZEN

    groupe: int = Field(ge=1)
    """Proofs of one group replace one another; one of each group is needed."""
    document: str
    extrait: str
    rang: int | None
    """Rank, from 1, of the first passage that holds it; null: none of the ten."""


class PassageMesure(BaseModel):
    """A passage retrieved, at its rank, and the proofs that it holds."""

    model_config = FROZEN

    document: str
    portee: str
    """``nationale`` or a code of département."""
    debut: int
    fin: int
    texte: str
    prouve: tuple[int, ...]
    """Numbers, from 1, among the proofs of the turn."""


class CitationMesuree(BaseModel):
    """A quotation that an answer gives, and the proofs that it holds."""

    model_config = FROZEN

    document: str
    version: str
    portee: str
    section: str | None
    page: int | None
    debut: int
    fin: int
    extrait: str
    prouve: tuple[int, ...]
    """Numbers, from 1, among the proofs of the turn."""


class MesureTour(BaseModel):
    """What was observed on one turn; every measure adds these up. Null: not measured here.

    Fields with a default are absent from runs saved before they were kept.
    """

    model_config = FROZEN

    id: str
    tour: int = Field(ge=1)
    conversation: bool
    """Whether the turn is one of several."""
    categorie: str
    style: str
    nature: str | None
    """What the set says that the turn is, in a conversation that says so."""
    texte: str
    """The words of the turn."""
    reponse: str
    """The words of the answer."""
    repondable: bool | None
    genre_refus: str | None
    """``lointain`` or ``quasi``; null for an answerable turn, or when the set does not say."""
    type: TypeReponse
    confiance: float = Field(ge=0, le=1)
    refusee: bool
    mots: int
    rang_preuve: int | None = Field(ge=1)
    """Number of first passages (10 at most) that hold the whole proof; null: not found."""
    preuve_attendue: bool
    """Whether retrieval is measured: an answerable turn with proofs."""
    ndcg_10: float | None = Field(allow_inf_nan=False)
    faits_attendus: tuple[str, ...]
    """First variant of each key fact."""
    faits_manquants: tuple[str, ...] | None
    """First variant of each key fact that the answer lacks."""
    interdits_trouves: tuple[str, ...] | None
    juste: bool | None
    citations_probantes: bool | None
    citations: int
    citations_infideles: tuple[int, ...]
    """Numbers, from 1, of the citations that differ from the stored text."""
    portees_deplacees: tuple[str, ...]
    """Départements whose rules have no place in the answer."""
    latence_ms: float = Field(ge=0, allow_inf_nan=False)
    """Time that the turn took, by itself."""
    reussi: bool | None = None
    """Whether the turn is well dealt with: see :func:`assistant.evaluation.coverage.reussi`."""
    empreinte: str | None = None
    """First 12 hex digits of the sha256 of the question and of what is expected of its answers:
    two runs compare the turns for which it is the same."""
    departement: str | None = None
    annee_scolaire: str | None = None
    preuves: tuple[PreuveAttendue, ...] = ()
    citations_donnees: tuple[CitationMesuree, ...] = ()
    passages: tuple[PassageMesure, ...] = ()
    """The first ten, best first."""


class PointRisque(BaseModel):
    """Share of errors among the answers given when only the surest ``couverture`` are given."""

    model_config = FROZEN

    confiance: float
    """Lowest confidence among the answers given."""
    couverture: float
    risque: float


class RisqueCouverture(BaseModel):
    """Errors among the answers given, as the confidence that an answer needs goes down.

    Over the turns known to be answerable or not, where an answer can be judged. A refused turn is
    never among the answers given: the curve ends at the coverage that the program reaches.
    """

    model_config = FROZEN

    tours: int = Field(ge=0)
    repondus: int = Field(ge=0)
    points: tuple[PointRisque, ...]
    """From the surest answers alone to all of them."""
    aire: Moyenne
    """AURC: mean of the risk over the coverages from 0 to the one reached."""


class ClasseConfiance(BaseModel):
    """Turns whose confidence is from ``de`` to ``a`` (excluded, but for the last class)."""

    model_config = FROZEN

    de: float
    a: float
    confiance_moyenne: float | None
    """Null when the class is empty."""
    prouvees: Part
    """Turns that the texts answer and that the citations prove: what confidence announces."""


class Fiabilite(BaseModel):
    """Whether confidence is what it says: the probability that the texts answer, with proof.

    Over the turns known to be unanswerable, and the answerable ones whose proofs are known.
    """

    model_config = FROZEN

    tours: int = Field(ge=0)
    classes: tuple[ClasseConfiance, ...]
    """Ten of equal width, from 0 to 1."""
    ecart_calibration: float | None
    """Expected calibration error: distance of the mean confidence of a class to the share that is
    proved, averaged over the turns. Few turns make it larger."""
    brier: Moyenne
    """Mean square of the distance between confidence and what happened (0 or 1)."""
    brier_constant: float | None
    """Brier score of always announcing the share that is proved overall."""


class RapportEvaluation(BaseModel):
    """The measures over a question set, by style, by subject, and turn by turn.

    Conversations are also measured by rank of turn (``"1"``, ``"2"``…) and by nature of turn.
    """

    model_config = FROZEN

    fichier: str | None
    ensemble: Mesures
    par_style: dict[str, Mesures]
    par_categorie: dict[str, Mesures]
    par_rang: dict[str, Mesures]
    par_nature: dict[str, Mesures]
    risque_couverture: RisqueCouverture
    fiabilite: Fiabilite
    preuves_introuvables: tuple[str, ...]
    """Proofs of the set that no stored text holds, as « id: document: words »: faults of the set
    or of the corpus. They stay expected, so that the questions count."""
    tours: tuple[MesureTour, ...]
