"""From a project and its result to the report, as content: what is said, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.eligibility.models import Correction, Resultat
from assistant.eligibility.project import Projet
from assistant.eligibility.report.context import ContexteRapport, PhraseCitee, Vocabulaire
from assistant.eligibility.report.criteria import (
    citations_montrees,
    criteres_groupes,
    du_groupe,
    intitule,
)
from assistant.eligibility.report.facts import faits_declares
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.models import (
    Bloc,
    Citations,
    Definitions,
    Encadre,
    Liste,
    Paragraphe,
    Rapport,
    Section,
    SousTitre,
    Tableau,
)
from assistant.eligibility.report.money import (
    calendrier_en_mots,
    montants_en_mots,
    pluriannuel_en_mots,
    total_en_mots,
)
from assistant.eligibility.report.wording import Textes, lire_textes
from assistant.eligibility.templates import date_en_mots
from assistant.models import Citation

_NOMS_MONTRES = 6
"""Names of criteria that the summary gives before it counts the others."""


def composer(projet: Projet, resultat: Resultat, contexte: ContexteRapport) -> Rapport:
    """Compose the report; the same inputs always give the same content."""
    textes = lire_textes()
    vocabulaire = contexte.vocabulaire
    libelles = Libelles(contexte, textes)
    nom = contexte.porteur or (projet.porteur.nom if projet.porteur else None)
    porteur = nom or textes.mot("sans_nom")
    parties = (
        ("verdict", _verdict(resultat, vocabulaire, textes)),
        ("suite", _suite(resultat, libelles, textes)),
        ("criteres", criteres_groupes(resultat.criteres, vocabulaire, libelles, textes)),
        ("montants", montants_en_mots(resultat.montants, textes)),
        (
            "calendrier",
            calendrier_en_mots(resultat, projet.annee_scolaire, libelles, textes),
        ),
        ("pluriannuel", pluriannuel_en_mots(resultat.pluriannuel, libelles, textes)),
        ("reserves", _reserves(resultat, vocabulaire, libelles, textes)),
        ("faits", faits_declares(projet, vocabulaire, libelles, textes)),
        ("sources", _sources(resultat, contexte, libelles, textes)),
    )
    versions = {"regles": contexte.version_regles, "programme": contexte.version_programme}
    jour = date_en_mots(contexte.jour)
    return Rapport(
        titre=textes.mot("titre"),
        sous_titre=textes.mot("sous_titre"),
        porteur=porteur,
        jour=contexte.jour,
        identite=Definitions(
            lignes=(
                (textes.mot("porteur"), porteur),
                (textes.mot("departement"), _dire(projet, "departement", libelles)),
                (textes.mot("annee_scolaire"), _dire(projet, "annee_scolaire", libelles)),
                (textes.mot("date"), jour),
                (
                    textes.mot("versions"),
                    textes.mot(
                        "versions_valeur",
                        documents=len(contexte.documents),
                        partie=len(parties),
                        **versions,
                    ),
                ),
            )
        ),
        sections=tuple(
            Section(numero=numero, titre=textes.mot(cle), blocs=blocs)
            for numero, (cle, blocs) in enumerate(parties, 1)
        ),
        pied=textes.mot("pied", jour=jour, **versions),
    )


def _dire(projet: Projet, champ: str, libelles: Libelles) -> str:
    return libelles.valeur(getattr(projet, champ), libelles.fait(champ))


def _verdict(resultat: Resultat, vocabulaire: Vocabulaire, textes: Textes) -> tuple[Bloc, ...]:
    mots = textes.verdicts[resultat.verdict]
    lignes: list[tuple[str, str]] = []
    for groupe in textes.groupes:
        if groupe.bref is None:
            continue
        fiches = du_groupe(resultat.criteres, groupe)
        noms = [intitule(f, vocabulaire, textes) for f in fiches]
        nombre = sum(len(f) for f in fiches)
        montres = ", ".join(noms[:_NOMS_MONTRES]) + (", …" if len(noms) > _NOMS_MONTRES else "")
        nommer = nombre and "conforme" not in groupe.statuts
        compte = str(nombre) if nombre else textes.mot("aucun")
        lignes.append((groupe.bref, f"{compte} : {montres}" if nommer else compte))
    manquants = str(len(resultat.a_renseigner) or textes.mot("aucun"))
    lignes.append((textes.mot("faits_a_renseigner"), manquants))
    total = total_en_mots(resultat.montants, textes)
    if resultat.montants.total_max and resultat.verdict != "eligible":
        total = textes.mot("projet_refuse", montant=total)
    lignes.append((textes.mot("total_possible"), total))
    return (
        Encadre(
            verdict=resultat.verdict,
            mot=mots.mot,
            sens=mots.sens,
            avertissement=textes.mot("avertissement"),
        ),
        Definitions(lignes=tuple(lignes)),
    )


def _suite(resultat: Resultat, libelles: Libelles, textes: Textes) -> tuple[Bloc, ...]:
    """Corrections, then what to fill in."""
    blocs: list[Bloc] = [SousTitre(texte=textes.mot("corrections"))]
    if resultat.corrections:
        blocs.append(Paragraphe(texte=textes.mot("corrections_intro")))
    else:
        blocs.append(Paragraphe(texte=textes.mot("corrections_aucune")))
    for ensemble in dict.fromkeys(c.ensemble for c in resultat.corrections):
        membres = [c for c in resultat.corrections if c.ensemble == ensemble]
        blocs.append(
            Tableau(
                legende=textes.mot("proposition", rang=ensemble),
                entetes=tuple(
                    textes.mot(cle) for cle in ("fait", "declare", "propose", "pourquoi")
                ),
                lignes=tuple(_changement(c, libelles) for c in membres),
            )
        )
    blocs.append(SousTitre(texte=textes.mot("a_renseigner")))
    if not resultat.a_renseigner:
        return (*blocs, Paragraphe(texte=textes.mot("a_renseigner_aucun")))
    return (
        *blocs,
        Paragraphe(texte=textes.mot("a_renseigner_intro")),
        Tableau(
            legende=textes.mot("a_renseigner"),
            entetes=tuple(textes.mot(cle) for cle in ("ordre", "fait", "question")),
            lignes=tuple(
                (str(rang), libelles.nom(chemin), libelles.question(chemin))
                for rang, chemin in enumerate(resultat.a_renseigner, 1)
            ),
        ),
    )


def _changement(correction: Correction, libelles: Libelles) -> tuple[str, ...]:
    fait = libelles.fait(correction.champ)
    de, vers = correction.de, correction.vers
    propose = libelles.valeur(vers, fait)
    if fait is None and isinstance(de, list | tuple) and isinstance(vers, list | tuple):
        # Of a list of records, what is added says it all.
        ajouts = [ligne for ligne in vers if ligne not in de]
        propose = libelles.ajout(ajouts) if ajouts else propose
    return (libelles.nom(correction.champ), libelles.valeur(de, fait), propose, correction.motif)


def _reserves(
    resultat: Resultat, vocabulaire: Vocabulaire, libelles: Libelles, textes: Textes
) -> tuple[Bloc, ...]:
    """Reserves, then readings of the texts, each group with the words that ground it."""
    reserves: list[str] = []
    lectures: list[str] = []
    citees: list[PhraseCitee] = []
    for texte, est_lecture, phrase in _dites(resultat, vocabulaire, textes):
        (lectures if est_lecture else reserves).append(texte)
        citees += [phrase] if phrase else []
    lectures += [lue for lue in vocabulaire.lectures_generales if lue not in lectures]
    blocs: list[Bloc] = [SousTitre(texte=textes.mot("reserves_titre"))]
    if reserves:
        blocs.append(Liste(elements=tuple(reserves)))
    else:
        blocs.append(Paragraphe(texte=textes.mot("reserves_aucune")))
    blocs += _appuis([p for p in citees if not p.est_lecture], libelles)
    if lectures:
        blocs += [
            SousTitre(texte=textes.mot("lectures_titre")),
            Paragraphe(texte=textes.mot("lectures_intro")),
            Liste(elements=tuple(lectures)),
        ]
        blocs += _appuis([p for p in citees if p.est_lecture], libelles)
    return tuple(blocs)


def _dites(
    resultat: Resultat, vocabulaire: Vocabulaire, textes: Textes
) -> Iterator[tuple[str, bool, PhraseCitee | None]]:
    """Go through the reserves: words, whether it is a reading, the declared sentence it is."""
    annonce = textes.mot("lecture_annoncee")
    for reserve in resultat.reserves:
        nue = reserve
        if reserve.startswith(annonce):
            nue = reserve.removeprefix(annonce).lstrip(" :\u00a0")
            nue = nue[:1].upper() + nue[1:]
        phrase = next((p for p in vocabulaire.phrases if p.dit(nue)), None)
        yield nue, nue != reserve or (phrase is not None and phrase.est_lecture), phrase


def _appuis(phrases: Sequence[PhraseCitee], libelles: Libelles) -> list[Bloc]:
    uniques = {(c.document, c.debut, c.fin): c for p in phrases for c in p.citations}
    if not uniques:
        return []
    return [Citations(citations=citations_montrees(uniques.values(), libelles))]


def _sources(
    resultat: Resultat, contexte: ContexteRapport, libelles: Libelles, textes: Textes
) -> tuple[Bloc, ...]:
    dites = _dites(resultat, contexte.vocabulaire, textes)
    appuis = [c for _, _, phrase in dites if phrase for c in phrase.citations]
    cites = {c.document for c in (*_citations(resultat), *appuis)}
    return (
        Paragraphe(texte=textes.mot("sources_intro")),
        Tableau(
            legende=textes.mot("sources"),
            entetes=tuple(
                textes.mot(cle) for cle in ("document", "portee", "annee", "version", "cite")
            ),
            lignes=tuple(
                (
                    f"{d.titre} – {d.adresse}" if d.adresse else d.titre,
                    libelles.portee(d.portee).split(",")[0],
                    d.annee or "–",
                    d.version,
                    textes.mot("oui" if d.id in cites else "non"),
                )
                for d in contexte.documents
            ),
        ),
    )


def _citations(resultat: Resultat) -> Iterator[Citation]:
    porteurs: tuple[Any, ...] = (
        *resultat.criteres,
        *resultat.calendrier_paiement,
        resultat.pluriannuel,
    )
    for porteur in porteurs:
        yield from porteur.citations
