"""A turn of a conversation as it was read: place, year, facts, and what it goes on from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import log
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from assistant.answers.understanding import Comprehension, comprendre
from assistant.dialogue.facts import FaitLu, FaitsLus, appliquer, lire_faits
from assistant.dialogue.memoire import FaitRetenu, Memoire, meme_valeur, retenir
from assistant.dialogue.suites import Suite, lire_suite, mots_pleins
from assistant.eligibility.donnees import lire
from assistant.models import Question
from assistant.understanding.annees import reperer_annees
from assistant.understanding.territoires import reperer_departements
from index.french import fold

CADRE: Final = frozenset({"departement", "annee_scolaire"})
"""Facts that say where and when rather than what the project is."""
_HYPOTHESE: Final = re.compile(
    r"^(?:et |mais |sinon |ou )*(?:si|avec|sans)\b|\bet (?:si|avec|sans)\b"
    r"|\b(?:imaginons|supposons|mettons|disons)\b"
)
"""What opens a supposition, which holds for its turn alone."""
_HORS_FAITS: Final = 6
"""Words outside the facts told from which a turn tells more than facts."""


class Tour(BaseModel):
    """A turn as it was read, before it is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    situation: Question
    """Place, year and day that the turn is for."""
    ecrit: str
    """The words of the turn."""
    texte: str
    """What is answered: those words, or the question that they stand for."""
    lu: Comprehension
    lus: FaitsLus
    suite: Suite
    memoire: Memoire
    """With this turn's facts."""
    projet: Mapping[str, Any]
    """The project with this turn's suppositions."""

    @property
    def dits(self) -> tuple[FaitLu, ...]:
        """Facts of this turn about the project itself."""
        return tuple(f for f in self.lus.faits if f.chemin not in CADRE)

    @property
    def jour(self) -> date:
        """Day that « cette année » counts from."""
        return _jour(self.situation)

    @property
    def supposes(self) -> tuple[FaitLu, ...]:
        """Facts that this turn only supposes: they hold for it alone."""
        return tuple(f for f in self.dits if f.certitude == "supposee")

    @property
    def projet_situe(self) -> dict[str, Any]:
        """The project with the place and the year that the turn is for."""
        return situer(self.projet, self.situation)


def lire_tour(situation: Question, texte: str, memoire: Memoire, *, tronquee: bool = False) -> Tour:
    """Read a turn: place, year and facts go to the memory, suppositions to this turn alone.

    ``tronquee``: the middle of a very long turn was left out.
    """
    jour = _jour(situation)
    situation = situation.model_copy(
        update={
            "departement": memoire.departement or situation.departement,
            "annee_scolaire": memoire.annee_scolaire or situation.annee_scolaire,
        }
    )
    suite = lire_suite(texte, memoire.sujet, jour)
    lus = _lire_faits(texte, suite, memoire, situation)
    lu = comprendre(situation, suite.texte).model_copy(update={"tronquee": tronquee})
    if suite.departement is not None:
        lieu = (suite.departement,)
        lu = lu.model_copy(update={"departements": lieu, "departements_nommes": lieu})
    cadre: dict[str, Any] = {}
    if len(set(lu.departements_nommes)) == 1:
        cadre["departement"] = lu.departements_nommes[0]
    if len({a for a in lu.annees_nommees if "-" in a and a == lu.annee_scolaire}) == 1:
        cadre["annee_scolaire"] = lu.annee_scolaire
    propres = tuple(f for f in lus.faits if f.chemin not in CADRE)
    dits = tuple(f for f in propres if f.certitude != "supposee")
    projet = appliquer(memoire.projet, dits)
    connus = retenir(memoire.faits, dits, memoire.tours)
    # What the project could not take, or let go for another, is no longer what was told of it.
    faits = tuple(f for f in connus if _est_tenu(f, projet))
    return Tour(
        situation=situation.model_copy(update=cadre),
        ecrit=texte,
        texte=suite.texte,
        lu=lu,
        lus=lus,
        suite=suite,
        memoire=memoire.model_copy(
            update={
                **cadre,
                "projet": projet,
                "faits": faits,
                "cadre": _mots_du_cadre(texte, cadre, memoire, jour),
            }
        ),
        projet=appliquer(projet, (f for f in propres if f.certitude == "supposee")),
    )


def reposer(tour: Tour, question: str, *, montree: str | None = None) -> Tour:
    """The same turn, asking a question in plain words, which follows nothing.

    ``montree``: the question shown as the one that was understood.
    """
    return tour.model_copy(
        update={
            "texte": question,
            "lu": comprendre(tour.situation, question),
            "suite": Suite(genre="seule", texte=question, montree=montree),
        }
    )


def _est_tenu(fait: FaitRetenu, projet: Mapping[str, Any]) -> bool:
    tenue = lire(projet, fait.chemin)
    if fait.chemin == "collectifs":
        return len(tenue or ()) == fait.valeur
    return tenue is not None and meme_valeur(fait.valeur, tenue)


def _mots_du_cadre(
    texte: str, cadre: Mapping[str, str], memoire: Memoire, jour: date
) -> tuple[FaitRetenu, ...]:
    """Return the words that named the place and the year held from now on."""
    places = {m.code: (m.debut, m.fin) for m in reversed(reperer_departements(texte))}
    for annee in reversed(reperer_annees(texte, jour)):
        places |= {annee.annee_scolaire or "": (annee.debut, annee.fin)}
    connus = {f.chemin: f for f in memoire.cadre}
    for chemin, valeur in cadre.items():
        debut, fin = places.get(valeur, (0, 0))
        connus[chemin] = FaitRetenu(
            chemin=chemin,
            valeur=valeur,
            mots=texte[debut:fin],
            certitude="dite",
            tour=memoire.tours,
        )
    return tuple(connus.values())


def _lire_faits(texte: str, suite: Suite, memoire: Memoire, situation: Question) -> FaitsLus:
    connus, jour = situer(memoire.projet, situation), _jour(situation)
    lus = lire_faits(texte, connus, attendus=memoire.attendus, jour=jour)
    if _HYPOTHESE.search(fold(texte)):
        supposes = (f.model_copy(update={"certitude": "supposee"}) for f in lus.faits)
        lus = lus.model_copy(update={"faits": tuple(supposes)})
    if lus.faits or not (lus.correction or suite.genre == "suite"):
        return lus
    # « oups, douze », « et si on était 4 ? »: of the count told that comes nearest.
    seul = texte.rstrip(" ?!.")
    essais = [
        (abs(log(lu.valeur / ancienne)), rang, lecture)
        for rang, (chemin, ancienne) in enumerate(_comptes(memoire).items())
        for lecture in [lire_faits(seul, connus, attendus=(chemin,), jour=jour)]
        for lu in lecture.faits[:1]
        if lu.chemin == chemin and isinstance(lu.valeur, int) and lu.valeur > 0
    ]
    return min(essais)[2] if essais else lus


def dit_autre_chose(tour: Tour) -> bool:
    """Whether a turn says much beside the facts read in it."""
    hors = tour.ecrit
    places = [(f.debut, f.fin) for f in tour.lus.faits]
    places += [(f.debut, f.fin) for f in tour.lus.a_preciser]
    for debut, fin in sorted(set(places), reverse=True):
        hors = f"{hors[:debut]} {hors[fin:]}"
    return len(mots_pleins(hors)) > _HORS_FAITS


def situer(projet: Mapping[str, Any], situation: Question) -> dict[str, Any]:
    """Put the place and the year of a situation into a project."""
    cadre = {"departement": situation.departement, "annee_scolaire": situation.annee_scolaire}
    return {**projet, **{nom: valeur for nom, valeur in cadre.items() if valeur}}


def _jour(situation: Question) -> date:
    return date.fromisoformat(situation.date) if situation.date else date.today()  # noqa: DTZ011 - the asker's day


def _comptes(memoire: Memoire) -> dict[str, int]:
    """Counts told, by path: what a bare number may replace."""
    return {
        f.chemin: f.valeur
        for f in memoire.faits
        if isinstance(f.valeur, int) and not isinstance(f.valeur, bool) and f.valeur > 0
    }
