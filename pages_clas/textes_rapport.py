"""The whole report of a draft as a file: a web page that stands alone, a PDF to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from assistant.publication.comparaison import (
    AppuiTouche,
    ChangementMontre,
    DocumentRapporte,
    Rapport,
)
from assistant.publication.comparaison_texte import NATURES, place_of, summary
from assistant.publication.rapport import report_html
from assistant.publication.rapport_rejeu import ContenuRejeu, contents_of_replay
from assistant.publication.rejeu_modeles import EcartProjet, Rejeu
from assistant.verification.printing import Article, BlocImprime, Imprime, en_pdf
from corpus.comparison.changes import Fragment
from pages_clas.textes_comparaison import ALERTES_DITES
from pages_clas.textes_noms import nom_lisible
from pages_clas.textes_rejeu import lignes_du_projet

_TITRE = "Avant de publier : ce qui change"
_MONTRES = ("fond", "ajoute", "retire", "reformule", "deplace")
_RIEN = "(rien)"


def rapport_en_page(rapport: Rapport, rejeu: Rejeu | None) -> bytes:
    """The report as one web page."""
    return report_html(rapport, rejeu).encode("utf-8")


def rapport_en_pdf(rapport: Rapport, rejeu: Rejeu | None) -> bytes:
    """The report as a PDF that screen readers can read."""
    return en_pdf(
        Imprime(
            titre=_TITRE,
            chapeau=f"Avant : {rapport.ancien}. Après : {rapport.nouveau}.",
            jour=datetime.now(UTC).date(),
            articles=tuple(_articles(rapport, rejeu)),
        )
    )


def _articles(rapport: Rapport, rejeu: Rejeu | None) -> Iterator[Article]:
    bloquants = [nom_lisible(nom) for nom in rapport.bloquants]
    yield _article("Ce qui empêche de publier", "", _lignes(bloquants or ["Rien."]))
    entrees = [
        *(f"Ajouté, {d.document} : {d.dit}" for d in rapport.ajoutes),
        *(f"Retiré, {d.document} : {d.titre}" for d in rapport.retires),
    ]
    if entrees:
        yield _article("Documents ajoutés et retirés", "", _lignes(entrees))
    for document in rapport.documents:
        yield _article(document.titre, summary(document), _blocs(document))
        appuis = [_appui(appui) for appui in document.appuis]
        if appuis:
            yield _article(f"{document.titre} : ce qui s'appuie sur ces mots", "", appuis)
    if rapport.sans_texte:
        appuis = [_appui(appui) for appui in rapport.sans_texte]
        yield _article("Ce qui s'appuie sur un document retiré", "", appuis)
    if rejeu is not None:
        yield from _rejoues(contents_of_replay(rejeu), rejeu.verifications)


def _article(titre: str, note: str, blocs: Iterable[BlocImprime]) -> Article:
    return Article(titre=titre, note=note, blocs=tuple(blocs))


def _lignes(lignes: Iterable[str]) -> Iterator[BlocImprime]:
    return (BlocImprime(texte=ligne) for ligne in lignes)


def _blocs(document: DocumentRapporte) -> Iterator[BlocImprime]:
    for nature in _MONTRES:
        yield from (_change(c) for c in document.changements if c.nature == nature)


def _change(change: ChangementMontre) -> BlocImprime:
    nom = NATURES[change.nature][0].capitalize()
    return BlocImprime(
        tete=" – ".join(dit for dit in (nom, place_of(change)) if dit),
        texte=_deux(_mots(change.avant), _mots(change.apres)),
    )


def _appui(appui: AppuiTouche) -> BlocImprime:
    avant = appui.contexte_ancien or appui.ancien
    apres = appui.contexte_nouveau or appui.nouveau
    return BlocImprime(
        tete=nom_lisible(appui.nom),
        texte=_deux(avant, apres),
        note=ALERTES_DITES[appui.alerte] + (" ; empêche de publier." if appui.bloque else "."),
    )


def _rejoues(contenu: ContenuRejeu, projets: Sequence[EcartProjet]) -> Iterator[Article]:
    yield _article("Questions et projets rejoués", contenu.resume, ())
    for projet in projets:
        lignes = [
            f"{quoi} – avant : {avant} ; après : {apres}." + (f" {motif}" if motif else "")
            for quoi, avant, apres, motif in lignes_du_projet(projet)
        ]
        yield _article(f"Projet : {projet.nom}", "", _lignes(lignes))
    for question in contenu.questions:
        texte = _deux(question.avant, question.apres)
        yield _article(f"Question : {question.titre}", question.change, _lignes([texte]))


def _deux(avant: str, apres: str) -> str:
    return f"Avant : {avant.strip() or _RIEN}\nAprès : {apres.strip() or _RIEN}"


def _mots(fragments: Iterable[Fragment]) -> str:
    return "".join(fragment.texte for fragment in fragments)
