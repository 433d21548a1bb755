"""The adviser: one conversation turn after another, each by the way that suits it.

A turn is read (facts, follow-up, place, year), then answered from the cards and texts, or by the
checker when it is about the person's own project; what leaves is always sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from time import perf_counter
from typing import Final, Literal

from assistant.anglais import message_anglais
from assistant.answers.beside import own_text_notes
from assistant.answers.drafting import precision
from assistant.answers.engine import Assistant, open_assistant
from assistant.answers.finding import Trouvaille, answers_by_card
from assistant.answers.modeles import Modeles
from assistant.avis.jugements import Jugements
from assistant.configuration import Configuration
from assistant.dialogue.argent_dit import dire_montant
from assistant.dialogue.avis_suivis import sans_reponse_fausse
from assistant.dialogue.cas import Dit, dire_critere, dire_verdict
from assistant.dialogue.chemin import Chemin, Lecture, Pertinence, VoieSuivie, lire
from assistant.dialogue.dossier_dit import Etude, etudier
from assistant.dialogue.en_anglais import citer_en_anglais, dire_en_anglais
from assistant.dialogue.facts import FaitLu
from assistant.dialogue.faits_dits import dire_les_faits, en_supposant
from assistant.dialogue.famille import suivre
from assistant.dialogue.memoire import Echange, FaitRetenu, Memoire, Sujet
from assistant.dialogue.phrases import phrase
from assistant.dialogue.rappels import dire_pourquoi, dire_source
from assistant.dialogue.tour import Tour, lire_tour, reposer
from assistant.dialogue.voies import Choix, attend_oui, criteres_connus, decider, sujet_de
from assistant.eligibility import Regles, charger_regles
from assistant.eligibility.errors import ProjetInutilisable
from assistant.eligibility.models import Critere
from assistant.eligibility.report.context import contexte_rapport
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.wording import lire_textes
from assistant.models import Question, Reponse
from assistant.publication.etat import revision_in
from assistant.quotation import ReponseScellee
from assistant.understanding.ecriture import normaliser_pour_recherche
from corpus.models import DocumentCanonique
from index.models import Hit, SearchResult
from index.view import IndexView

SURE: Final = 0.95
"""Confidence in what the checker says of told facts."""
SURE_A_DEMI: Final = 0.85
"""Confidence in what it says while a fact that decides is unknown."""
_SUITES: Final = 3
_VOIES_DE_RAPPEL: Final[Mapping[str, VoieSuivie]] = {"pourquoi": "pourquoi", "source": "source"}


class Conseiller:
    """Answers questions and conversations about the rules and about the person's project.

    Example:
        ``open_conseiller().repondre(Question(id="1", tours=("6 gamins ok ?", "pourquoi ?")))``
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.regles: Regles = charger_regles(
            assistant.documents, revision=revision_in(assistant.index.base)
        )
        contexte = contexte_rapport(self.regles, assistant.documents, date.min)
        self.libelles = Libelles(contexte, lire_textes())

    @property
    def documents(self) -> dict[str, DocumentCanonique]:
        """Documents that answers quote, by id."""
        return self._assistant.documents

    @property
    def index(self) -> IndexView:
        """The index version in use."""
        return self._assistant.index

    @property
    def jugements(self) -> Jugements:
        """What agents say of cards and answers."""
        return self._assistant.jugements

    @property
    def modeles(self) -> Modeles:
        """The frozen models that go with the ranking in use."""
        return self._assistant.modeles

    def chercher(self, requete: str, departement: str | None, k: int) -> tuple[Hit, ...]:
        """Rank passages only."""
        return self._assistant.chercher(requete, departement, k)

    def rechercher(self, requete: str, departement: str | None, k: int) -> SearchResult | None:
        """Rank passages only, and say what could not be searched; None where nothing is asked."""
        return self._assistant.rechercher(requete, departement, k)

    def repondre(self, question: Question) -> tuple[ReponseScellee, ...]:
        """Answer each turn of a question, in order, knowing those before."""
        tours = question.tours if question.tours is not None else (question.question or "",)
        memoire = Memoire()
        answers: list[ReponseScellee] = []
        for texte in tours:
            echange = self.echanger(question, texte, memoire)
            memoire = echange.memoire
            answers.append(echange.scellee)
        return tuple(answers)

    def echanger(self, situation: Question, texte: str, memoire: Memoire) -> Echange:
        """Answer one turn: what is asked for whom and when, its words, what is held so far."""
        debut = perf_counter()
        lecture = lire(texte, memoire)
        echange = sans_reponse_fausse(self._repondre_a(situation, lecture, debut), self._assistant)
        secondes = {**echange.chemin.secondes, "total": perf_counter() - debut}
        return echange.avec(replace(echange.chemin, lecture=lecture, secondes=secondes))

    def _repondre_a(self, situation: Question, lecture: Lecture, debut: float) -> Echange:
        entree, memoire, en_anglais = lecture.entree, lecture.memoire, lecture.en_anglais
        if lecture.recommence and entree.genre == "vide":
            dit = message_anglais("start_again") if en_anglais else phrase("recommence")
            return Echange(self._preciser(dit), memoire, Chemin("recommencement"))
        tour = lire_tour(situation, entree.texte, memoire, tronquee=entree.tronquee)
        lu = {"comprendre": perf_counter() - debut}
        if entree.genre != "question" and not tour.lus.faits and tour.suite.genre == "seule":
            chemin = Chemin("accueil", tour=tour, secondes=lu)
            if en_anglais:
                return Echange(self._preciser(message_anglais(entree.genre)), memoire, chemin)
            return Echange(self._assistant.repondre_a(entree), memoire, chemin)
        if tour.suite.genre in ("pourquoi", "source"):
            echange = self._rappeler(tour)
        elif tour.suite.genre == "retenu":
            echange = self._noter(tour, tour.memoire.faits, "retenu")
        else:
            echange = self._router(tour)
        return echange.avec(replace(echange.chemin, secondes={**lu, **echange.chemin.secondes}))

    def _router(self, tour: Tour) -> Echange:
        """Answer by the way that suits the turn."""
        debut = perf_counter()
        choix = decider(tour, self.regles)
        choisi = {"voie": perf_counter() - debut}
        pertinence: Pertinence | None = None
        repli: str | None = None
        if choix.voie == "note":
            echange = self._noter(tour, tour.dits, "note")
        elif choix.voie == "regle":
            echange = self._dire_la_regle(tour)
        else:
            pertinence = self._est_du_sujet(tour)
            choisi = {"voie": perf_counter() - debut}
            etude = self._etudier(tour) if pertinence.suffit else None
            choisi["etudier"] = perf_counter() - debut - choisi["voie"]
            if etude is not None:
                echange = self._verifier(tour, choix, etude)
            else:
                repli = "projet_inutilisable" if pertinence.suffit else "hors_du_sujet"
                echange = self._dire_la_regle(tour)
        chemin = replace(
            echange.chemin,
            choix=choix,
            pertinence=pertinence,
            repli=repli,
            secondes={**choisi, **echange.chemin.secondes},
        )
        return echange.avec(chemin)

    def _est_du_sujet(self, tour: Tour) -> Pertinence:
        """Whether a turn is about a Clas project: a first story of something else may be not.

        Who told a project before, or speaks of its groups, is; else the texts must speak of it.
        """
        deja = len(tour.memoire.faits) > len(tour.dits) or tour.memoire.sujet is not None
        groupes = any(f.chemin.startswith("collectifs.") for f in tour.dits)
        if deja or groupes:
            return Pertinence(deja, groupes)
        return Pertinence(deja, groupes, self._assistant.jauger(self._trouver(tour)))

    def _dire_la_regle(self, tour: Tour) -> Echange:
        """Answer from the cards and texts."""
        found = self._trouver(tour)
        redaction = self._assistant.rediger(found)
        draft = redaction.reponse
        cartes = tuple(c.carte.fiche for c in found.cartes[:1]) if answers_by_card(found) else ()
        sujet = Sujet(
            **sujet_de(tour),
            voie="regle",
            cartes=tuple(c.id for c in cartes),
            famille=cartes[0].sujet if cartes else None,
            critere=cartes[0].critere if cartes else None,
            citations=draft.citations if draft.type == "reponse" else (),
        )
        voisines = [self._assistant.fiche(i) for c in cartes for i in c.voir]
        suites = [f.titre for f in voisines if f is not None][: _SUITES - 1]
        if draft.citations and draft.type == "reponse":
            suites.append(phrase("suite_source"))
        chemin = Chemin("regle", tour=tour, trouvaille=found, redaction=redaction)
        return self._rendre(tour, draft, sujet, chemin, tuple(suites))

    def _verifier(self, tour: Tour, choix: Choix, etude: Etude) -> Echange:
        """Answer by the checker, on the project told."""
        assert choix.voie != "note"
        debut = perf_counter()
        found = self._trouver(tour)
        if choix.voie == "critere" and choix.critere is not None:
            dit = dire_critere(
                etude,
                choix.critere,
                self.regles,
                found.cartes,
                regle=self._assistant.carte_de_la_regle(choix.critere),
                oui_ou_non=attend_oui(tour.texte),
            )
        elif choix.voie == "montant":
            dit = dire_montant(etude, self.regles)
        else:
            connus = criteres_connus(tour.projet_situe, self.regles)
            dit = dire_verdict(etude, self.regles, connus)
        dit = en_supposant(dit, tour, self.libelles)
        # The checker applies the rules known here: a text that none of them speaks of is named.
        notes = own_text_notes(found, dit.citations, self.documents)
        dit = dit.model_copy(update={"texte": "\n\n".join([dit.texte, *notes])})
        draft = self._brouillon(dit, found, etude)
        sujet = Sujet(
            **sujet_de(tour),
            voie=choix.voie,
            cartes=dit.cartes,
            famille=None,
            critere=choix.critere,
            citations=dit.citations,
        )
        autres = {
            "montant": "suite_verdict",
            "verdict": "suite_montant",
            "critere": "suite_montant",
        }
        suites = (phrase("suite_pourquoi"), phrase("suite_source"), phrase(autres[choix.voie]))
        chemin = Chemin(
            choix.voie,
            tour=tour,
            trouvaille=found,
            etude=etude,
            dit=dit,
            secondes={"dire": perf_counter() - debut},
        )
        return self._rendre(tour, draft, sujet, chemin, suites)

    def _rappeler(self, tour: Tour) -> Echange:
        """Answer « pourquoi ? » or « où est-ce écrit ? » about the last answer."""
        sujet = tour.memoire.sujet
        assert sujet is not None
        if tour.suite.genre == "source":
            dit = dire_source(sujet.citations, self.documents)
        else:
            critere = self._critere_decisif(sujet, tour)
            raison = self._raison(sujet, tour) if critere is None else None
            if raison is not None:
                return self._router(raison)
            citations = critere.citations if critere else sujet.citations
            dit = dire_pourquoi(citations, self.documents, critere.motif if critere else None)
        if dit is None:
            chemin = Chemin(_VOIES_DE_RAPPEL[tour.suite.genre], tour=tour)
            return Echange(self._preciser(phrase("source_aucune")), tour.memoire, chemin)
        found = self._trouver(reposer(tour, sujet.question))
        draft = self._brouillon(dit, found, None)
        if tour.memoire.en_anglais:
            draft = citer_en_anglais(draft)
        montree = f"{tour.texte} (à propos de : {sujet.question})"
        chemin = Chemin(_VOIES_DE_RAPPEL[tour.suite.genre], tour=tour, trouvaille=found, dit=dit)
        scellee = self._assistant.sceller(draft)
        return Echange(scellee, tour.memoire, chemin, comprise=montree)

    def _critere_decisif(self, sujet: Sujet, tour: Tour) -> Critere | None:
        """The criterion that the last answer of the checker hangs on."""
        if sujet.voie not in ("critere", "verdict"):
            return None
        etude = self._etudier(tour)
        if etude is None:
            return None
        decides = etude.decides() if sujet.critere is None else etude.criteres(sujet.critere)
        return decides[0] if decides and decides[0].citations else None

    def _raison(self, sujet: Sujet, tour: Tour) -> Tour | None:
        """The question « pourquoi … » of the last answer, when a card gives the reason."""
        question = f"Pourquoi : {sujet.question}"
        autre = reposer(tour, question, montree=question)
        cartes = self._trouver(autre).cartes[:1]
        dite = any(
            c.carte.fiche.attribut == "pourquoi"
            and c.carte.fiche.sujet == sujet.famille
            and not c.fausse
            for c in cartes
        )
        return autre if dite else None

    def _noter(
        self, tour: Tour, faits: Sequence[FaitLu | FaitRetenu], dire: Literal["note", "retenu"]
    ) -> Echange:
        """Take note of facts told without asking anything, or say which are held."""
        chemin = Chemin(dire, tour=tour)
        texte = dire_les_faits(dire, tour, faits, self.libelles)
        if texte is None:
            return Echange(self._preciser(phrase("rien_retenu")), tour.memoire, chemin)
        suites = (phrase("suite_verdict"), phrase("suite_montant"))
        return Echange(self._preciser(texte), tour.memoire, chemin, suites=suites)

    def _trouver(self, tour: Tour) -> Trouvaille:
        """Search for a turn, beside the words of the last question where it goes on from it."""
        lu = tour.lu
        if not tour.suite.rappel:
            if tour.memoire.en_anglais:
                return self._assistant.trouver(lu)
            return self._assistant.trouver_chaque(lu)
        # What is asked now is said twice, to weigh more than what it is about.
        rappel = normaliser_pour_recherche(tour.suite.rappel)
        recherche = f"{lu.recherche} {lu.recherche} {rappel}"
        found = self._assistant.trouver(lu.model_copy(update={"recherche": recherche}))
        return suivre(found, tour.memoire.sujet)

    def _etudier(self, tour: Tour) -> Etude | None:
        try:
            return etudier(tour.projet_situe, tour.lu.annee_scolaire, self.regles, self.libelles)
        except ProjetInutilisable:
            return None

    def _brouillon(self, dit: Dit, found: Trouvaille, etude: Etude | None) -> Reponse:
        return Reponse(
            type=("eligibilite" if etude else "reponse") if dit.tranche else "precision",
            texte=dit.texte,
            citations=dit.citations,
            passages=self._assistant.passages(found),
            portee=dit.portee,
            confiance=SURE if dit.tranche else SURE_A_DEMI,
            eligibilite=etude.resultat.model_dump(mode="json") if etude else None,
        )

    def _rendre(
        self,
        tour: Tour,
        draft: Reponse,
        sujet: Sujet,
        chemin: Chemin,
        suites: tuple[str, ...],
    ) -> Echange:
        attendus = chemin.dit.attendus if chemin.dit else ()
        if tour.memoire.en_anglais:
            fiche = self._assistant.fiche(sujet.cartes[0]) if sujet.cartes else None
            draft = dire_en_anglais(
                draft, sujet, fiche, self.regles, etude=chemin.etude, attendus=attendus
            )
            suites = ()
        memoire = tour.memoire.model_copy(update={"sujet": sujet, "attendus": attendus})
        debut = perf_counter()
        scellee = self._assistant.sceller(draft)
        secondes = {**chemin.secondes, "verifier": perf_counter() - debut}
        chemin = replace(chemin, secondes=secondes)
        return Echange(
            scellee, memoire, chemin, comprise=tour.suite.montree, suites=suites[:_SUITES]
        )

    def _preciser(self, texte: str) -> ReponseScellee:
        return self._assistant.sceller(precision(texte))


@lru_cache(maxsize=1)
def open_conseiller(configuration: Configuration | None = None) -> Conseiller:
    """Open the adviser over the index in use.

    Raises:
        IndexInutilisable: no index can be read, or another model made it.
        ErreurModele: the model is not installed.
    """
    return Conseiller(open_assistant(configuration))
