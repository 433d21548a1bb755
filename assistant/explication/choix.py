"""Explanation of what was chosen: the cards considered, and which are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from assistant.answers.cards import CarteChoisie
from assistant.answers.modeles import Modeles
from assistant.answers.ranking import NAMES as TRAITS
from assistant.dialogue.memoire import Echange
from assistant.explication.libelles import lire_libelles
from assistant.explication.models import Apport, FicheExpliquee


def expliquer_fiches(echange: Echange, modeles: Modeles) -> tuple[FicheExpliquee, ...]:
    """Explain each card considered, the most probable first, and which are said."""
    chemin = echange.chemin
    if chemin.trouvaille is None:
        return ()
    sorts = _sorts(echange)
    lecture = chemin.trouvaille.lecture
    return tuple(
        _fiche(
            rang,
            carte,
            sorts[carte.carte.fiche.id],
            lecture.fiches if lecture else {},
            modeles.classement.weights,
        )
        for rang, carte in enumerate(chemin.trouvaille.cartes, start=1)
    )


def _fiche(
    rang: int,
    carte: CarteChoisie,
    sort: str,
    lues: Mapping[str, float],
    poids: Sequence[float],
) -> FicheExpliquee:
    fiche, classement = carte.carte.fiche, carte.classement
    assert classement is not None
    libelles = lire_libelles()
    return FicheExpliquee(
        rang=rang,
        fiche=fiche.id,
        titre=fiche.titre,
        portee=fiche.portee,
        silence=fiche.silence,
        traits=tuple(
            Apport(nom=nom, libelle=libelles.traits[nom], valeur=v, poids=p, apport=v * p)
            for nom, v, p in zip(TRAITS, classement.traits, poids, strict=True)
        ),
        force=classement.force,
        lue=lues.get(fiche.id),
        part=carte.part,
        facteur=carte.facteur,
        termes=asdict(classement.note),
        note=carte.note,
        dite=sort == "dite",
        raison=sort,
        pourquoi=libelles.fiches[sort],
    )


def _sorts(echange: Echange) -> Mapping[str, str]:
    """Say for each card found whether it is said, or why not."""
    chemin, sujet = echange.chemin, echange.memoire.sujet
    assert chemin.trouvaille is not None
    trouvees = [c.carte.fiche for c in chemin.trouvaille.cartes]
    fausses = {c.carte.fiche.id: c.tue for c in chemin.trouvaille.cartes if c.fausse}
    if chemin.ecartee is not None:
        return {f.id: fausses.get(f.id, "reponse_ecartee") for f in trouvees}
    if chemin.redaction is None:
        dites = set(chemin.dit.cartes) if chemin.dit else set()
        autres = "verificateur" if chemin.etude else "rappel"
        sorts = {f.id: "dite" if f.id in dites else autres for f in trouvees}
        return sorts | fausses
    composition = chemin.redaction.composition
    dites = {m.source for m in composition.morceaux if m.genre == "fiche"}
    ecartees = dict(composition.ecartees)
    repond = chemin.redaction.reponse.type == "reponse"
    en_anglais = echange.memoire.en_anglais
    seule = sujet.cartes[:1] if sujet else ()

    def sort(identifiant: str, *, silence: bool) -> str:
        if en_anglais and identifiant in dites and identifiant not in seule:
            return "une_seule_en_anglais"
        if identifiant in dites:
            return "dite"
        if identifiant in fausses:
            return fausses[identifiant]
        if identifiant in ecartees:
            return ecartees[identifiant]
        if not repond:
            return "silence_dit" if dites else "refus"
        return "silence_ecarte" if silence else "note_insuffisante"

    return {f.id: sort(f.id, silence=f.silence) for f in trouvees}
