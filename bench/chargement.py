"""What loaders find of the five texts, made files of every form by the tools offices use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from bench.rendus import FORMES, Forme, OutilAbsent
from bench.rendus.lecture import Lecture, relire
from bench.rendus.mesure import Compte, Mesure
from bench.tableau import NARROW, Tableau, decimal
from corpus.library import load_corpus
from corpus.models import DocumentCanonique

BUT = 0.995
_NOMS: dict[Forme, str] = {
    "typst-1": "PDF, une colonne (Typst)",
    "typst-2": "PDF, deux colonnes (Typst)",
    "lo-pdf": "PDF (LibreOffice)",
    "pandoc-docx": "DOCX (Pandoc)",
    "lo-docx": "DOCX (LibreOffice)",
    "pandoc-odt": "ODT (Pandoc)",
    "lo-odt": "ODT (LibreOffice)",
    "site-html": "HTML (page d'un site)",
    "pandoc-md": "Markdown (Pandoc)",
}
_COLONNES = (
    "forme",
    "mots dans l'ordre",
    "texte le moins bien lu",
    "but",
    "mots en trop",
    "titres",
    "éléments de liste",
    "lignes de tableau",
    "notes",
    "ms par page",
    "ms pour 1 000 mots",
)


def run() -> Sequence[Tableau]:
    documents = list(load_corpus().documents.values())
    lectures = {forme: _lire(documents, forme) for forme in _NOMS}
    pages = (lecture.pages for lecture in chain.from_iterable(lectures.values()))
    mots = sum(lecture.mesure.mots_attendus for lecture in next(iter(lectures.values())))
    return [
        Tableau(
            f"{len(documents)} textes, {decimal(mots, 0)} mots, {len(FORMES)} formes",
            _COLONNES,
            tuple(_ligne(forme, lues) for forme, lues in lectures.items()),
            (
                f"{sum(page or 0 for page in pages)} pages de PDF en tout. « 103 / 104 + 2 » :"
                " trouvés, sur combien, et combien de faux en plus. Temps du lecteur seul."
            ),
        )
    ]


def _lire(documents: Iterable[DocumentCanonique], forme: Forme) -> list[Lecture]:
    try:
        return [relire(document, forme) for document in documents]
    except OutilAbsent:
        return []


def _ligne(forme: Forme, lues: Sequence[Lecture]) -> tuple[str, ...]:
    nom = _NOMS[forme]
    if not lues:
        return (nom, "outil absent", *["—"] * (len(_COLONNES) - 2))
    mesures = [lecture.mesure for lecture in lues]
    trouves = sum(mesure.mots_trouves for mesure in mesures)
    attendus = sum(mesure.mots_attendus for mesure in mesures)
    pire = min(mesure.mots for mesure in mesures)
    millisecondes = 1000 * sum(lecture.secondes for lecture in lues)
    pages = sum(lecture.pages or 0 for lecture in lues)
    return (
        nom,
        _pour_cent(trouves / attendus),
        _pour_cent(pire),
        f"≥ {_pour_cent(BUT)} : {'tenu' if pire >= BUT else 'non tenu'}",
        decimal(sum(mesure.mots_en_trop for mesure in mesures), 0),
        _somme(mesures, lambda mesure: mesure.titres),
        _somme(mesures, lambda mesure: mesure.elements),
        _somme(mesures, lambda mesure: mesure.lignes),
        _somme(mesures, lambda mesure: mesure.notes),
        decimal(millisecondes / pages, 0) if pages else "—",
        decimal(1000 * millisecondes / attendus, 0),
    )


def _pour_cent(part: float) -> str:
    """Rounded down: « 100 % » is every word."""
    return f"{decimal(int(part * 10_000) / 100)}{NARROW}%"


def _somme(mesures: Iterable[Mesure], compte: Callable[[Mesure], Compte]) -> str:
    comptes = [compte(mesure) for mesure in mesures]
    trouves, attendus = sum(c.trouves for c in comptes), sum(c.attendus for c in comptes)
    faux = sum(c.faux for c in comptes)
    return f"{trouves} / {attendus}" + (f" + {faux}" if faux else "")
