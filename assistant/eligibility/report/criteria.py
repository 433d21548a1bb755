"""Criteria grouped by what they mean: what blocks, what is uncertain, what is fine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.eligibility.models import Critere
from assistant.eligibility.report.context import Vocabulaire
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.models import (
    Bloc,
    CitationMontree,
    Citations,
    Definitions,
    Fiche,
    Paragraphe,
    SousTitre,
    Tableau,
)
from assistant.eligibility.report.wording import GroupeDeStatuts, Textes
from assistant.models import Citation


def criteres_groupes(
    criteres: Sequence[Critere], vocabulaire: Vocabulaire, libelles: Libelles, textes: Textes
) -> tuple[Bloc, ...]:
    """Lay out every criterion once; collectifs in the same situation share a sheet."""
    blocs: list[Bloc] = [Paragraphe(texte=textes.mot("criteres_intro"))]
    for groupe in textes.groupes:
        retenus = du_groupe(criteres, groupe)
        if not retenus and not groupe.vide:
            continue
        blocs.append(SousTitre(texte=groupe.titre))
        if not retenus:
            blocs.append(Paragraphe(texte=groupe.vide))
        blocs += [_fiche(semblables, vocabulaire, libelles, textes) for semblables in retenus]
    return tuple(blocs)


def du_groupe(criteres: Iterable[Critere], groupe: GroupeDeStatuts) -> list[list[Critere]]:
    """Return the criteria of a group, by status then as listed, those that share a sheet together.

    Collectifs share a sheet when code, status, scope and quotations are the same.
    """
    fiches: dict[object, list[Critere]] = {}
    for statut in groupe.statuts:
        for critere in criteres:
            if critere.statut == statut:
                cle = (critere.code, statut, critere.portee, critere.citations)
                fiches.setdefault(cle, []).append(critere)
    return list(fiches.values())


def intitule(semblables: Sequence[Critere], vocabulaire: Vocabulaire, textes: Textes) -> str:
    """Name a sheet: the criterion, and the collectif where there is one alone."""
    premier = semblables[0]
    titre = vocabulaire.criteres.get(premier.code, premier.code)
    if len(semblables) > 1 or premier.collectif is None:
        return titre
    return f"{titre} – {textes.mot('collectif', rang=premier.collectif)}"


def citations_montrees(
    citations: Iterable[Citation], libelles: Libelles
) -> tuple[CitationMontree, ...]:
    """Show quotations word for word, each with its place."""
    return tuple(CitationMontree(extrait=c.extrait, source=libelles.source(c)) for c in citations)


def _fiche(
    semblables: Sequence[Critere], vocabulaire: Vocabulaire, libelles: Libelles, textes: Textes
) -> Fiche:
    premier = semblables[0]
    mots = textes.statuts[premier.statut]
    blocs: list[Definitions | Tableau | Paragraphe | Citations] = []
    portee = (textes.mot("portee"), libelles.portee(premier.portee))
    if len(semblables) == 1:
        blocs += [
            Paragraphe(texte=premier.motif),
            Definitions(lignes=(*_constat(premier, textes), portee)),
        ]
    else:
        blocs += [_tableau(semblables, textes), Definitions(lignes=(portee,))]
    blocs += [
        Paragraphe(texte=textes.mot("interpretation", texte=lecture), note=True)
        for lecture in vocabulaire.lectures.get(premier.code, ())
    ]
    if premier.citations:
        blocs.append(Citations(citations=citations_montrees(premier.citations, libelles)))
    elif premier.statut != "sans_objet":
        blocs.append(Paragraphe(texte=textes.mot("sans_citation"), note=True))
    return Fiche(
        titre=intitule(semblables, vocabulaire, textes),
        statut=premier.statut,
        mot=mots.mot,
        signe=mots.signe,
        blocs=tuple(blocs),
    )


def _constat(critere: Critere, textes: Textes) -> tuple[tuple[str, str], ...]:
    constate = critere.constate or textes.mot("inconnu")
    lignes = [(textes.mot("constate"), constate)]
    if critere.attendu:
        lignes.append((textes.mot("attendu"), critere.attendu))
    return tuple(lignes)


def _tableau(semblables: Sequence[Critere], textes: Textes) -> Tableau:
    inconnu = textes.mot("inconnu")
    return Tableau(
        legende="",
        entetes=(
            textes.mot("collectif_colonne"),
            textes.mot("constate"),
            textes.mot("attendu"),
            textes.mot("motif"),
        ),
        lignes=tuple(
            (str(c.collectif or ""), c.constate or inconnu, c.attendu or "", c.motif)
            for c in semblables
        ),
    )
