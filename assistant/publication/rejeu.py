"""Put the same questions and projects to the version in service and to a draft.

The draft is indexed beside: nothing that people are answered from is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answers.engine import assistant_over
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.eligibility import Regles, verifier
from assistant.eligibility.models import Critere, Montants, Resultat
from assistant.models import Question, Reponse
from assistant.preparation import index_contents
from assistant.publication.etat import Contenu, contents, open_base
from assistant.publication.rejeu_modeles import (
    GRAVITES,
    CitationRejouee,
    CritereChange,
    EcartProjet,
    EcartReponse,
    EuroChange,
    ProjetTemoin,
    QuestionTemoin,
    Rejeu,
    ReponseRejouee,
)
from corpus.base.models import VersionBase
from corpus.wording.flux import lire
from index.embedding.encoder import EncodedText, Encoder, ModelDescription
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from index.storage import index_of_base, open_named

Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Cote:
    """One of the two versions, ready to answer."""

    conseiller: Conseiller
    regles: Regles
    titres: tuple[tuple[str, str], ...]
    """What answers call each document, and its id: a new title alone is no change of an answer."""


class _Remembering:
    """An encoder that encodes once each question that both versions are asked."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._asked: dict[str, EncodedText] = {}

    @property
    def description(self) -> ModelDescription:
        """Which model this is."""
        return self._encoder.description

    def encode_query(self, text: str) -> EncodedText:
        """Encode what someone asks."""
        if text not in self._asked:
            self._asked[text] = self._encoder.encode_query(text)
        return self._asked[text]

    def encode_passage(self, text: str) -> EncodedText:
        """Encode a passage to be found."""
        return self._encoder.encode_passage(text)


def replay(
    configuration: Configuration,
    parent: Contenu,
    version: VersionBase,
    questions: Iterable[QuestionTemoin],
    projets: Iterable[ProjetTemoin],
    *,
    recentes: Iterable[QuestionTemoin] = (),
    advance: Advance = lambda _done, _total: None,
) -> Rejeu:
    """List what flips between the version in service and the one that a draft would make.

    Args:
        configuration: where things live and which model is used.
        parent: the version in service.
        version: the one that the draft would make (``draft_version``).
        questions: asked of both.
        projets: checked with both.
        recentes: questions that people asked lately, asked of both too; each but once.
        advance: told (questions and projects done, all of them) as it goes.

    Raises:
        BaseInutilisable: a text of the draft is lost or altered.
        ReglesInutilisables: a rule quotes words that are no longer in the texts, and is neither
            mended nor put aside.
        ProjetInutilisable: a project is not one.
        IndexInutilisable: the draft's index could not be written.
    """
    asked = tuple(dict.fromkeys((*questions, *recentes)))
    checked = tuple(projets)
    total = len(asked) + len(checked)
    advance(0, total)
    contenu = contents(open_base(configuration), version)
    encoder = _Remembering(open_encoder(configuration.modele, configuration.dossier_modele))
    before, after = (_open(configuration, side, encoder) for side in (parent, contenu))
    today = datetime.now(UTC).date().isoformat()

    def answers() -> Iterator[EcartReponse | None]:
        for done, question in enumerate(asked):
            advance(done, total)
            yield _answer_gap(before, after, question, today)

    def results() -> Iterator[EcartProjet | None]:
        for done, projet in enumerate(checked, start=len(asked)):
            advance(done, total)
            yield _project_gap(before.regles, after.regles, projet)

    reponses = sorted((gap for gap in answers() if gap is not None), key=_rank)
    verifications = sorted((gap for gap in results() if gap is not None), key=_rank)
    advance(total, total)
    return Rejeu(
        avant=parent.version.identite,
        apres=version.identite,
        questions=len(asked),
        projets=len(checked),
        reponses=tuple(reponses),
        verifications=tuple(verifications),
    )


def _open(configuration: Configuration, contenu: Contenu, encoder: Encoder) -> _Cote:
    """Open an adviser on a version, indexed beside if it was not."""
    folder = configuration.dossier_index
    name = index_of_base(folder, contenu.version.identite)
    if name is None:
        name = index_contents(contenu, encoder, configuration, current=False).info.version
    stored = open_named(folder, name, load_lexicon())
    return _Cote(
        conseiller=Conseiller(assistant_over(stored, encoder, configuration)),
        regles=contenu.regles,
        titres=tuple(
            (_words(title), name)
            for name, document in contenu.documents.items()
            for title in (document.fiche.titre, document.fiche.titre_court)
        ),
    )


def _rank(gap: EcartReponse | EcartProjet) -> int:
    return GRAVITES.index(gap.gravite)


def _answer_gap(
    before: _Cote, after: _Cote, question: QuestionTemoin, today: str
) -> EcartReponse | None:
    old, new = (_ask(side.conseiller, question, today) for side in (before, after))
    type_change = old.type != new.type
    texte_change = old.texte != new.texte and _said(old, before) != _said(new, after)
    citations_changees = old.citations != new.citations and _proofs(old) != _proofs(new)
    if not (type_change or texte_change or citations_changees):
        return None
    return EcartReponse(
        question=question,
        type_change=type_change,
        texte_change=texte_change,
        citations_changees=citations_changees,
        avant=old,
        apres=new,
    )


def _ask(conseiller: Conseiller, question: QuestionTemoin, today: str) -> ReponseRejouee:
    asked = Question(
        id="rejeu",
        tours=(*question.avant, question.question),
        departement=question.departement,
        annee_scolaire=question.annee_scolaire,
        date=question.date or today,
    )
    return _kept(conseiller.repondre(asked)[-1].reponse)


def _kept(reponse: Reponse) -> ReponseRejouee:
    return ReponseRejouee(
        type=reponse.type,
        texte=reponse.texte,
        citations=tuple(
            CitationRejouee(
                document=c.document, version=c.version, debut=c.debut, fin=c.fin, extrait=c.extrait
            )
            for c in reponse.citations
        ),
    )


def _said(reponse: ReponseRejouee, cote: _Cote) -> str:
    """Words of an answer, each document under its id."""
    said = _words(reponse.texte)
    for title, name in cote.titres:
        said = said.replace(title, name)
    return said


def _words(texte: str) -> str:
    """Words apart from their layout: a quotation laid out otherwise says the same."""
    return lire(texte).glyphes


def _proofs(reponse: ReponseRejouee) -> list[tuple[str, str]]:
    return [(citation.document, _words(citation.extrait)) for citation in reponse.citations]


def _project_gap(before: Regles, after: Regles, temoin: ProjetTemoin) -> EcartProjet | None:
    old, new = verifier(temoin.projet, before), verifier(temoin.projet, after)
    criteres = tuple(_changed_criteria(old, new))
    euros = tuple(_changed_euros(old.montants, new.montants))
    if old.verdict == new.verdict and not criteres and not euros:
        return None
    return EcartProjet(
        nom=temoin.nom,
        verdict_avant=old.verdict,
        verdict_apres=new.verdict,
        criteres=criteres,
        euros=euros,
    )


def _changed_criteria(old: Resultat, new: Resultat) -> Iterator[CritereChange]:
    before, after = _by_code(old.criteres), _by_code(new.criteres)
    for code, collectif in dict.fromkeys((*before, *after)):
        here, there = before.get((code, collectif)), after.get((code, collectif))
        told = there or here
        if told is None or (here and there and here.statut == there.statut):
            continue
        yield CritereChange(
            code=code,
            collectif=collectif,
            avant=here.statut if here else None,
            apres=there.statut if there else None,
            motif=told.motif,
        )


def _by_code(criteres: Sequence[Critere]) -> dict[tuple[str, int | None], Critere]:
    return {(critere.code, critere.collectif): critere for critere in criteres}


def _changed_euros(old: Montants, new: Montants) -> Iterator[EuroChange]:
    before, after = dict(_euros(old)), dict(_euros(new))
    for name in dict.fromkeys((*before, *after)):
        here, there = before.get(name), after.get(name)
        if here != there:
            yield EuroChange(montant=name, avant=here, apres=there)


def _euros(montants: Montants) -> Iterator[tuple[str, int | float | None]]:
    """Yield every amount of a result under its name."""
    yield "prix_plafond", montants.bareme.prix_plafond
    for rank, amount in enumerate(montants.ps_par_collectif, start=1):
        yield f"ps_par_collectif.{rank}", amount
    whole = montants.model_dump(exclude={"bareme", "ps_par_collectif", "detail"})
    yield from whole.items()
