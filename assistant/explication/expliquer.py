"""From a turn that was answered to its explanation: a pure function of what its steps made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any

from assistant.answers.composition import joined
from assistant.dialogue.chemin import Chemin
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.eligibility import Regles
from assistant.explication.choix import expliquer_fiches
from assistant.explication.comprehension import expliquer_compris, expliquer_voie
from assistant.explication.decision import expliquer_decision
from assistant.explication.libelles import lire_libelles
from assistant.explication.models import (
    CitationControlee,
    CompositionExpliquee,
    ControleExplique,
    CritereExplique,
    Duree,
    Explication,
    Paragraphe,
    Reglage,
    VerificationExpliquee,
    Versions,
)
from assistant.explication.recherche import expliquer_recherche
from assistant.models import Reponse
from assistant.quotation import ReponseScellee

_DANS_CHERCHER = "chercher"


def expliquer(conseiller: Conseiller, echange: Echange) -> Explication:
    """Explain a turn that ``conseiller`` answered.

    Nothing is searched or decided again: the values are those of the run.
    """
    chemin = echange.chemin
    found = chemin.trouvaille
    return Explication(
        compris=expliquer_compris(chemin, conseiller.libelles),
        voie=expliquer_voie(chemin),
        recherche=(
            expliquer_recherche(found.retrieval, conseiller.modeles.classement.passage_fiche)
            if found
            else None
        ),
        fiches=expliquer_fiches(echange, conseiller.modeles),
        decision=expliquer_decision(chemin),
        verification=_verification(chemin, conseiller.regles),
        composition=_composition(echange),
        controle=_controle(echange.scellee),
        versions=_versions(conseiller),
        durees=tuple(_durees(chemin)),
    )


def _verification(chemin: Chemin, regles: Regles) -> VerificationExpliquee | None:
    if chemin.etude is None:
        return None
    resultat = chemin.etude.resultat
    titres = {c.code: c.critere.titre for groupe in regles.criteres.values() for c in groupe}
    return VerificationExpliquee(
        verdict=resultat.verdict,
        criteres=tuple(
            CritereExplique(
                code=c.code,
                titre=titres[c.code],
                collectif=c.collectif,
                statut=c.statut,
                motif=c.motif,
                constate=c.constate,
                attendu=c.attendu,
                portee=c.portee,
                citations=len(c.citations),
            )
            for c in resultat.criteres
        ),
        calcul=resultat.montants.detail,
        a_renseigner=resultat.a_renseigner,
        demande=chemin.dit.attendus if chemin.dit else (),
        fiches=chemin.dit.cartes if chemin.dit else (),
    )


def _composition(echange: Echange) -> CompositionExpliquee:
    reponse = echange.scellee.reponse
    genres = lire_libelles().genres
    return CompositionExpliquee(
        type=reponse.type,
        portee=reponse.portee,
        confiance=reponse.confiance,
        paragraphes=tuple(
            Paragraphe(genre=genre, libelle=genres[genre], source=source, texte=texte)
            for genre, source, texte in _morceaux(echange, reponse)
        ),
    )


def _morceaux(echange: Echange, reponse: Reponse) -> Iterator[tuple[str, str, str]]:
    """Paragraphs of the answer as it left: kind, source, words."""
    chemin = echange.chemin
    morceaux = chemin.redaction.composition.morceaux if chemin.redaction else ()
    if morceaux and joined(morceaux) == reponse.texte:
        yield from ((m.genre, m.source, m.texte) for m in morceaux)
        return
    genre = "message"
    if echange.memoire.en_anglais:
        genre = "anglais"
    elif chemin.etude is not None:
        genre = "verificateur"
    yield from ((genre, "", texte) for texte in reponse.texte.split("\n\n"))


def _controle(scellee: ReponseScellee) -> ControleExplique:
    """Say what was checked: a sealed answer exists only if all of it held."""
    reponse = scellee.reponse
    return ControleExplique(
        citations=tuple(
            CitationControlee(
                numero=numero,
                document=c.document,
                version=c.version,
                titre=c.titre,
                section=c.section,
                debut=c.debut,
                fin=c.fin,
                extrait=c.extrait,
                verifiee=True,
            )
            for numero, c in enumerate(reponse.citations, start=1)
        ),
        passages=len(reponse.passages),
        citations_du_resultat=_compter(reponse.eligibilite),
    )


def _compter(donnees: Any) -> int:  # noqa: ANN401 - any JSON
    """Count the quotations of a checker's result, at any depth."""
    if isinstance(donnees, Mapping):
        propres = len(donnees.get("citations") or ())
        return propres + sum(_compter(v) for nom, v in donnees.items() if nom != "citations")
    if isinstance(donnees, Sequence) and not isinstance(donnees, str):
        return sum(map(_compter, donnees))
    return 0


def _versions(conseiller: Conseiller) -> Versions:
    info = conseiller.index.info
    versions = conseiller.modeles.versions
    return Versions(
        programme=metadata.version("assistant-clas"),
        documents=dict(info.documents),
        index=info.version,
        modele=info.model.name,
        empreinte_du_modele=info.model.content_hash[:12],
        precision=info.model.precision,
        regles=conseiller.regles.version,
        reglages=tuple(
            Reglage(fichier=r.fichier, sert_a=r.sert_a, version=versions.get(r.fichier))
            for r in lire_libelles().reglages
        ),
    )


def _durees(chemin: Chemin) -> Iterator[Duree]:
    """Time of each step, those of a search under it; the whole last."""
    found, redaction = chemin.trouvaille, chemin.redaction
    secondes = dict(chemin.secondes)
    total = secondes.pop("total")
    verifier = secondes.pop("verifier", None)
    yield from (_duree(etape, s) for etape, s in secondes.items() if etape != "dire")
    if found is not None:
        for etape, s in found.secondes.items():
            yield _duree(etape, s)
            if etape == _DANS_CHERCHER:
                dedans = found.retrieval.steps.seconds.items()
                yield from (_duree(e, t, _DANS_CHERCHER) for e, t in dedans)
    if redaction is not None:
        yield from (_duree(etape, s) for etape, s in redaction.secondes.items())
    if found is not None and "dire" in secondes:
        # Its time holds that of the search, told above.
        yield _duree("dire", secondes["dire"] - sum(found.secondes.values()))
    if verifier is not None:
        yield _duree("verifier", verifier)
    yield _duree("total", total)


def _duree(etape: str, secondes: float, dans: str | None = None) -> Duree:
    libelle = lire_libelles().durees[etape]
    return Duree(etape=etape, libelle=libelle, millisecondes=1000 * secondes, dans=dans)
