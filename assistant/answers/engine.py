"""The answering engine: understand → retrieve → choose → decide → compose → verify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from assistant.answers.absence import is_dated_by_its_own_text, is_plainly_absent
from assistant.answers.beside import (
    beside_card,
    beside_silence,
    nearest_quoted,
    own_text_notes,
    texts_without_card,
)
from assistant.answers.cards import CarteChoisie, choose_cards
from assistant.answers.cards_said import compose_cards
from assistant.answers.composition import Composition, Morceau, compose, joined
from assistant.answers.drafting import (
    Jauge,
    Redaction,
    announced,
    drafted,
    followed,
    is_near,
    nearest_named,
    precision,
    ranked,
    reasons,
    words_in,
)
from assistant.answers.finding import (
    Trouvaille,
    answers_by_card,
    attested,
    is_silence,
)
from assistant.answers.messages import load_messages
from assistant.answers.modeles import Modeles, models_for
from assistant.answers.notes import (
    incomplete_search,
    missing_content,
    reserves,
    year_notes,
)
from assistant.answers.parts import WORDS
from assistant.answers.questions_jointes import EACH, compose_each, search_each, together
from assistant.answers.relecture import led_by_cards, relire
from assistant.answers.selection import choose_units
from assistant.answers.signals import (
    measure,
    names_foreign_scheme,
)
from assistant.answers.silence import (
    is_plainly_silent,
    measure_silence,
    silence_of,
)
from assistant.answers.understanding import Comprehension, comprendre
from assistant.answers.wrong import answering
from assistant.avis.jugements import Jugements
from assistant.avis.registre import Registre, open_marks
from assistant.configuration import Configuration, read_configuration
from assistant.etapes import commencer
from assistant.fiches.loading import TARGET, FichePrete, card_of_rule, load_cards
from assistant.fiches.model import Fiche
from assistant.models import Citation, PassageClasse, Question, Reponse
from assistant.publication.etat import archives_of, revision_in
from assistant.quotation import ReponseScellee, Verificateur
from assistant.understanding.entree import Entree
from corpus.models import NATIONALE, DocumentCanonique
from index.embedding.encoder import Encoder
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from index.models import Hit, SearchQuery, SearchResult
from index.search import Searcher
from index.storage import open_index
from index.view import IndexView

PASSAGES = 12
"""Ranked passages returned with an answer."""
NEAR = 2
"""Nearest passages shown when the texts do not answer."""
LONGEST = 118
"""Words of an answer, reserves included."""


class Assistant:
    """Answers questions on the rules from one open index version, one at a time.

    Example:
        >>> assistant = open_assistant()
        >>> lu = comprendre(Question(id="1"), "Combien d'enfants par groupe ?")
        >>> assistant.sceller(assistant.rediger(assistant.trouver(lu)))
    """

    def __init__(self, searcher: Searcher, modeles: Modeles, avis: Registre | None = None) -> None:
        self._searcher = searcher
        self._modeles = modeles
        archives = archives_of(revision_in(searcher.stored.base))
        self._verificateur = Verificateur(searcher.documents, archives)
        self._cartes = load_cards(searcher.stored.attached)
        self._dits = frozenset(
            preuve.document for carte in self._cartes.values() for preuve in carte.fiche.preuves
        )
        self._jugements = Jugements(self._cartes.values(), avis)

    @property
    def documents(self) -> dict[str, DocumentCanonique]:
        """Documents that answers quote, by id."""
        return self._searcher.documents

    @property
    def index(self) -> IndexView:
        """The index version in use."""
        return self._searcher.stored

    @property
    def jugements(self) -> Jugements:
        """What agents say of the cards of this version, and of answers."""
        return self._jugements

    def chercher(self, requete: str, departement: str | None, k: int) -> tuple[Hit, ...]:
        """Rank passages only."""
        found = self.rechercher(requete, departement, k)
        return found.hits if found else ()

    def rechercher(self, requete: str, departement: str | None, k: int) -> SearchResult | None:
        """Rank passages only, and say what could not be searched; None where nothing is asked."""
        lu = comprendre(Question(id="", question=requete, departement=departement), requete)
        return self._searcher.search(_query(lu), k) if lu.recherche else None

    def signaux(self, question: Question, texte: str) -> NDArray[np.float64] | None:
        """Signals that the confidence rests on; None where there is no question to answer."""
        lu = comprendre(question, texte)
        if lu.genre != "question":
            return None
        return self.mesurer(self.trouver(lu))

    def mesurer(self, found: Trouvaille) -> NDArray[np.float64]:
        """Signals of what was found."""
        seen = attested(found)
        return measure(seen, measure_silence(seen))

    def repondre_a(self, entree: Entree) -> ReponseScellee:
        """Answer what is no question: greetings, thanks, noise, another language."""
        return self._verificateur.sceller(precision(load_messages()[entree.genre]))

    def passages(self, found: Trouvaille) -> tuple[PassageClasse, ...]:
        """Ranked passages of a search, as they go with an answer."""
        return ranked(found.retrieval)

    def fiche(self, identifiant: str) -> Fiche | None:
        """A card by its id; None when it is not served."""
        found = self._cartes.get(f"{TARGET}{identifiant}")
        return found.fiche if found and identifiant not in self._jugements.fausses() else None

    def carte_de_la_regle(self, critere: str) -> FichePrete | None:
        """The national card that says the rule of a criterion; None when no card does.

        Where an agent marked it wrong, or it was put aside, no other says the rule in its place.
        """
        found = card_of_rule(self._cartes.values(), critere)
        return found if found and found.fiche.id not in self._jugements.fausses() else None

    def citer_les_passages(self, found: Trouvaille, room: int) -> Composition | None:
        """The nearest passages in their own words, in about ``room`` words, and reserves."""
        said = compose(
            found.unites, found.lu.departements, self.documents, self._verificateur, room
        )
        if said is None:
            return None
        return followed(said, reserves(found.lu, said, found.retrieval, self.documents))

    def sceller(self, draft: Reponse) -> ReponseScellee:
        """Check every quotation of a draft: the only way out."""
        commencer("verifier")
        return self._verificateur.sceller(draft)

    def jauger(self, found: Trouvaille) -> Jauge:
        """Say how probable it is that the texts speak of what is asked: of all that is."""
        if found.jointes:
            answered = (one for one in found.jointes if not is_silence(one))
            return min((self.jauger(one) for one in answered), key=lambda j: j.probabilite)
        seen = attested(found)
        silence = measure_silence(seen)
        signals = measure(seen, silence)
        return Jauge(silence, signals, self._modeles.confiance_de(found))

    def rediger(self, found: Trouvaille) -> Redaction:
        """Draft the answer to a question, or say that the texts do not answer."""
        commencer("composer")
        started = perf_counter()
        jauge = self.jauger(found)
        probability = jauge.probabilite
        absent, silent = is_plainly_absent(found), is_plainly_silent(jauge.silence)
        decided = perf_counter()
        made = None
        if absent or silent:
            probability = min(probability, jauge.seuil / 2)
        elif jauge.suffit or is_dated_by_its_own_text(found):
            made = self._answer(answering(found, jauge.modele), probability)
        draft, composed = made or self._silence(found, probability)
        seconds = {"decider": decided - started, "composer": perf_counter() - decided}
        sure = announced(draft, jauge.modele)
        return Redaction(sure, jauge, absent, silent, composed, seconds)

    def trouver(self, lu: Comprehension, sans: str | None = None) -> Trouvaille:
        """Retrieve, and choose the sentences and the cards that may answer.

        ``sans``: a way to ask that is taken for unknown, to measure or to learn on known ones.
        """
        commencer("chercher")
        started = perf_counter()
        retrieval = self._searcher.retrieve(_query(lu), PASSAGES, without=sans)
        searched = perf_counter()
        sans_fiche = texts_without_card(self.documents, self._dits, lu.departements)
        unites = choose_units(lu.recherche, retrieval, self.documents, aussi=sans_fiche)
        quoted = perf_counter()
        cartes = choose_cards(
            lu.recherche,
            retrieval,
            unites,
            self._cartes,
            lu.departements,
            wrong=self._jugements.fausses(),
            dits={self.documents[name].fiche.portee for name in sans_fiche},
            modele=self._modeles.classement,
        )
        seconds = {
            "chercher": searched - started,
            "phrases": quoted - searched,
            "fiches": perf_counter() - quoted,
        }
        found = Trouvaille(
            lu=lu,
            retrieval=retrieval,
            unites=unites,
            cartes=cartes,
            secondes=seconds,
            sans_fiche=sans_fiche,
        )
        return relire(found, self._modeles, self.documents)

    def trouver_chaque(self, lu: Comprehension) -> Trouvaille:
        """The same, each question of a sentence that asks several searched by itself.

        The sentence is answered whole where one of them is not plainly answered.
        """
        found = self.trouver(lu)
        each = search_each(lu, self.trouver, lambda one: self.jauger(one).suffit)
        if not each:
            return found
        found = replace(found, cartes=together(each), jointes=each)
        return led_by_cards(found, self._modeles.classement.passage_fiche)

    @property
    def modeles(self) -> Modeles:
        """The frozen models that go with the ranking in use."""
        return self._modeles

    def _answer(self, found: Trouvaille, probability: float) -> tuple[Reponse, Composition] | None:
        """Compose the answer and its reserves, saying less where both would be too long."""
        room = EACH * len(found.jointes) if found.jointes else WORDS
        composed = self._compose(found, room)
        if composed is None:
            return None
        excess = len(composed.texte.split()) - (LONGEST - WORDS) - room
        if excess > 0:
            composed = self._compose(found, room - excess) or composed
        silent = is_silence(found)
        if silent:
            probability = min(probability, self._modeles.confiance_de(found).threshold / 2)
        return drafted("hors_corpus" if silent else "reponse", composed, found, probability)

    def _compose(self, found: Trouvaille, room: int) -> Composition | None:
        """The card asked for, or else quotations, in about ``room`` words, with reserves."""
        if not answers_by_card(found):
            return self.citer_les_passages(found, room)
        if found.jointes:
            composed = compose_each(found.jointes, room, self._compose_card)
        else:
            composed = self._compose_card(found, room)
        said = reserves(found.lu, composed, found.retrieval, self.documents)
        return followed(
            composed, [*own_text_notes(found, composed.citations, self.documents), *said]
        )

    def _compose_card(
        self, found: Trouvaille, room: int, after: Sequence[Citation] | None = None
    ) -> Composition:
        """Say the card, and beside it what it does not quote.

        ``after``: quotations of what answers the questions before it; None where there is but one.
        """
        lu = found.lu
        said = compose_cards(
            found.cartes,
            lu.departements,
            self.documents,
            room,
            lu.recherche,
            after=after or (),
            titled=after is not None,
            beside_own=bool(found.sans_fiche),
        )
        left = room - len(said.texte.split())
        return beside_card(said, found, self.documents, self._verificateur, left)

    def _silence(self, found: Trouvaille, probability: float) -> tuple[Reponse, Composition]:
        """Say that the texts do not answer, why when it is known, and what comes near."""
        lu, retrieval, units = found.lu, found.retrieval, found.unites
        elsewhere = names_foreign_scheme(lu.texte) or bool(lu.lieux_etrangers)
        silent = None if elsewhere else silence_of(found)
        if silent is not None:
            return self._say_silence(silent, found, probability)
        messages = load_messages()
        lines = [messages["hors_corpus"], *reasons(lu, retrieval)]
        lines += incomplete_search(retrieval.result.incomplet)
        lines += own_text_notes(found, (), self.documents)
        close = not elsewhere and is_near(probability, self._modeles.confiance_de(found).threshold)
        near = nearest_quoted(units, self._verificateur, NEAR) if close else []
        if close:
            lines += missing_content(retrieval, near, self.documents)
        lines.append(messages["orientation"])
        ending = [messages["tronquee"]] if lu.tronquee else []
        if near:
            lines.append(nearest_named(near, room=LONGEST - words_in([*lines, *ending])))
        lines += ending
        made = tuple(Morceau(genre="message", source="", texte=line) for line in lines)
        composed = Composition(
            texte=joined(made), citations=tuple(near), portee=NATIONALE, morceaux=made
        )
        return drafted("hors_corpus", composed, found, probability)

    def _say_silence(
        self, card: CarteChoisie, found: Trouvaille, probability: float
    ) -> tuple[Reponse, Composition]:
        """Say what the texts do not say, and what they do say nearby."""
        lu = found.lu
        said = compose_cards(
            (card,),
            lu.departements,
            self.documents,
            WORDS,
            lu.recherche,
            beside_own=bool(found.sans_fiche),
        )
        said = beside_silence(said, found, self.documents, self._verificateur)
        notes = own_text_notes(found, said.citations, self.documents)
        notes += [*reasons(lu, found.retrieval), *year_notes(lu, said, self.documents)]
        notes += incomplete_search(found.retrieval.result.incomplet)
        notes += [load_messages()["tronquee"]] if lu.tronquee else []
        return drafted("hors_corpus", followed(said, notes), found, probability)


@lru_cache(maxsize=1)
def open_assistant(configuration: Configuration | None = None) -> Assistant:
    """Open the index in use and the model that made it.

    Raises:
        IndexInutilisable: no index can be read, or another model made it.
        ErreurModele: the model is not installed.
    """
    settings = configuration or read_configuration()
    # Small products on many threads lose more time waiting than they gain.
    threadpool_limits(limits=1)
    encoder = open_encoder(settings.modele, settings.dossier_modele)
    return assistant_over(_stored(settings), encoder, settings, open_marks(settings))


def _stored(settings: Configuration) -> IndexView:
    """The version in service: of the shared store where there is one, else of the data folder."""
    if settings.magasin is None:
        return open_index(settings.dossier_index, load_lexicon())
    from assistant.replique.ouverture import open_shared  # noqa: PLC0415 - an extra

    return open_shared(settings, settings.magasin)


def assistant_over(
    stored: IndexView, encoder: Encoder, settings: Configuration, avis: Registre | None = None
) -> Assistant:
    """An assistant over an index version, with the encoder that made it and what goes with it."""
    return Assistant(Searcher(stored, encoder), models_for(encoder.description, settings), avis)


def _query(lu: Comprehension) -> SearchQuery:
    return SearchQuery(
        text=lu.recherche, departements=lu.departements, annee_scolaire=lu.annee_scolaire
    )
