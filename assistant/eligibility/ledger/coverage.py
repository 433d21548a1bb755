"""Whether the ledger accounts for the texts: what is missing, what is gone, and the counts.

Example:
    >>> bilan = couverture()
    >>> bilan.complete, bilan.par_sort["code"]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, get_args

from pydantic import BaseModel, ConfigDict

from assistant.eligibility.ledger.model import (
    Entree,
    Registre,
    RegistreInutilisable,
    Sort,
    lire_codes,
    lire_fichier,
    montrer,
)
from assistant.eligibility.ledger.normative import (
    UniteNormative,
    decouper_unites,
    unites_normatives,
)
from assistant.quotation import IndexCitation, Localisation, Refus, localiser_partout
from corpus.library import load_corpus
from corpus.models import DocumentCanonique

FERME: Final = ConfigDict(frozen=True, extra="forbid")
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
TEXTES: Final = "textes"
DEBUT_SUFFISANT: Final = 40
"""Characters from its beginning that are enough to name a long sentence."""


class CouvertureDocument(BaseModel):
    """Counts of one document."""

    model_config = FERME

    document: str
    titre: str
    unites: int
    """Sentences, items, rows and headings, normative or not."""
    normatives: int
    par_sort: Mapping[Sort, int]
    """Entries, by sort; every sort is there."""


class Couverture(BaseModel):
    """What the ledger accounts for, and each fault in one French sentence."""

    model_config = FERME

    documents: tuple[CouvertureDocument, ...]
    par_regle: Mapping[str, int]
    """Sentences coded by each criterion or key of the result; 0 for one that codes none."""
    fautes: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True when nothing is missing, gone, repeated or unknown."""
        return not self.fautes

    @property
    def normatives(self) -> int:
        """Normative units of all the documents."""
        return sum(document.normatives for document in self.documents)

    @property
    def par_sort(self) -> Mapping[Sort, int]:
        """Entries of all the documents, by sort."""
        return {sort: sum(d.par_sort[sort] for d in self.documents) for sort in SORTS}


class CitationDeRegle(BaseModel):
    """A quotation that a rule is grounded on, to be compared with the ledger."""

    model_config = FERME

    regle: str
    document: str
    extrait: str


def lire_registre(dossier: Traversable | None = None) -> tuple[Registre, ...]:
    """Read every file of the ledger, by name; the shipped one by default.

    Raises:
        RegistreInutilisable: a file cannot be used, or two are about one document.
    """
    lieu = dossier or resources.files(__package__).joinpath(TEXTES)
    fichiers = sorted((f for f in lieu.iterdir() if f.name.endswith(".yaml")), key=_nom)
    registres = tuple(lire_fichier(fichier) for fichier in fichiers)
    repetes = [d for d, n in Counter(r.document for r in registres).items() if n > 1]
    if repetes:
        raise RegistreInutilisable(f"Deux fichiers pour un même document : {', '.join(repetes)}.")
    return registres


def couverture(
    documents: Mapping[str, DocumentCanonique] | None = None,
    registres: Iterable[Registre] | None = None,
    codes: Collection[str] | None = None,
) -> Couverture:
    """Compare the ledger with the texts.

    Args:
        documents: canonical texts by id; the shipped corpus by default.
        registres: the ledger; the shipped one by default.
        codes: what a coded entry may name: the ids of a rule book, or by default the criteria and
            keys of the result that the ledger lists.
    """
    textes = load_corpus().documents if documents is None else documents
    par_document = {r.document: r for r in (lire_registre() if registres is None else registres)}
    connus = lire_codes().tous if codes is None else frozenset(codes)
    entrees = {nom: registre.entrees for nom, registre in par_document.items()}
    fautes = [f"{nom} : aucun texte ne porte ce numéro." for nom in entrees if nom not in textes]
    for nom, document in textes.items():
        fautes += _fautes_du_document(document, entrees.get(nom, ()))
    fautes += _codes_inconnus(par_document.values(), connus)
    compte = Counter(code for r in par_document.values() for e in r.entrees for code in e.regles)
    return Couverture(
        documents=tuple(_compter(d, entrees.get(nom, ())) for nom, d in textes.items()),
        par_regle={code: compte[code] for code in sorted(connus)},
        fautes=tuple(fautes),
    )


def codes_d_un_livre(criteres: Iterable[str]) -> frozenset[str]:
    """Codes to check the ledger against, out of the criteria of a rule book."""
    return frozenset((*criteres, *lire_codes().resultat))


def citations_non_codees(
    citations: Iterable[CitationDeRegle],
    documents: Mapping[str, DocumentCanonique],
    registres: Iterable[Registre],
) -> tuple[str, ...]:
    """Say which quotations of rules stand in no sentence that the ledger holds for coded by them.

    A passage that lets a local rule differ is no quotation of this kind: it grants a discretion.
    """
    index = {nom: IndexCitation(document) for nom, document in documents.items()}
    connus = lire_codes().tous
    codees: dict[str, list[tuple[Entree, UniteNormative]]] = {}
    for registre in registres:
        if registre.document in index:
            couples = _reperer(index[registre.document], registre.entrees).couples
            codees[registre.document] = [couple for couple in couples if couple[0].sort == "code"]
    return tuple(
        f"Règle {c.regle} : le registre de {c.document} ne lui rattache pas ce qu'elle cite, "
        f"{montrer(c.extrait)}."
        for c in citations
        if not any(
            unite.debut < place.fin and place.debut < unite.fin
            for place in _places(index.get(c.document), c.extrait)
            for entree, unite in codees.get(c.document, ())
            if c.regle in entree.regles or c.regle not in connus
        )
    )


class _Reperes(BaseModel):
    """Entries and the units that they account for, and the faults met on the way."""

    model_config = FERME

    couples: tuple[tuple[Entree, UniteNormative], ...]
    manquantes: tuple[UniteNormative, ...]
    fautes: tuple[str, ...]


def unites_des_entrees(
    document: DocumentCanonique, entrees: tuple[Entree, ...]
) -> tuple[tuple[Entree, UniteNormative], ...]:
    """Return the sentence that each entry accounts for; an entry that names none is left out."""
    return _reperer(IndexCitation(document), entrees).couples


def _fautes_du_document(document: DocumentCanonique, entrees: tuple[Entree, ...]) -> list[str]:
    nom = document.fiche.id
    if not entrees:
        nombre = len(unites_normatives(document))
        return [f"{nom} : aucun registre, {nombre} phrases normatives à classer."] * bool(nombre)
    reperes = _reperer(IndexCitation(document), entrees)
    absentes = [
        f"{nom} : phrase normative absente du registre, « {unite.texte} » "
        f"({', '.join(unite.marques)})."
        for unite in reperes.manquantes
    ]
    return [*reperes.fautes, *absentes]


def _reperer(index: IndexCitation, entrees: tuple[Entree, ...]) -> _Reperes:
    """Find the unit of each entry."""
    document = index.document
    unites = unites_normatives(document)
    trouvees: dict[tuple[int, int], tuple[Entree, UniteNormative]] = {}
    fautes: list[str] = []
    for rang, entree in enumerate(entrees, 1):
        ici = f"{document.fiche.id}, entrée {rang} {montrer(entree.extrait)}"
        unite = _unite(index, unites, entree)
        if isinstance(unite, str):
            fautes.append(f"{ici} : {unite}")
        elif (unite.debut, unite.fin) in trouvees:
            fautes.append(f"{ici} : cette phrase a déjà une entrée.")
        else:
            trouvees[unite.debut, unite.fin] = (entree, unite)
    return _Reperes(
        couples=tuple(trouvees.values()),
        manquantes=tuple(u for u in unites if (u.debut, u.fin) not in trouvees),
        fautes=tuple(fautes),
    )


def _unite(
    index: IndexCitation, unites: tuple[UniteNormative, ...], entree: Entree
) -> UniteNormative | str:
    """Return the unit that an entry accounts for, or why there is none."""
    places = localiser_partout(entree.extrait, (index,))
    if isinstance(places, Refus):
        return f"sa phrase n'est plus dans le texte. {places.explication}"
    texte = index.document.texte
    nommees = [u for u in unites if any(_nomme(texte, place, u) for place in places)]
    if not nommees:
        return "ses mots n'ouvrent aucune phrase normative du texte."
    if entree.occurrence is None and len(nommees) > 1:
        return f"ses mots ouvrent {len(nommees)} phrases ; dites laquelle par « occurrence »."
    rang = entree.occurrence or 1
    if rang > len(nommees):
        return f"occurrence {rang} demandée ; le texte en a {len(nommees)}."
    return nommees[rang - 1]


def _nomme(texte: str, place: Localisation, unite: UniteNormative) -> bool:
    """True when a quotation opens a unit, and holds it whole or enough of it."""
    if not unite.debut <= place.debut < place.fin <= unite.fin:
        return False
    avant, apres = texte[unite.debut : place.debut], texte[place.fin : unite.fin]
    ouvre = not any(map(str.isalnum, avant))
    entiere = not any(map(str.isalnum, apres))
    return ouvre and (entiere or place.fin - place.debut >= DEBUT_SUFFISANT)


def _places(index: IndexCitation | None, extrait: str) -> tuple[Localisation, ...]:
    if index is None:
        return ()
    places = localiser_partout(extrait, (index,))
    return () if isinstance(places, Refus) else places


def _codes_inconnus(registres: Iterable[Registre], connus: frozenset[str]) -> list[str]:
    return [
        f"{registre.document}, entrée {rang} {montrer(entree.extrait)} : règle inconnue "
        f"« {code} » ; connues : {', '.join(sorted(connus))}."
        for registre in registres
        for rang, entree in enumerate(registre.entrees, 1)
        for code in entree.regles
        if code not in connus
    ]


def _compter(document: DocumentCanonique, entrees: tuple[Entree, ...]) -> CouvertureDocument:
    compte = Counter(entree.sort for entree in entrees)
    return CouvertureDocument(
        document=document.fiche.id,
        titre=document.fiche.titre_court,
        unites=len(decouper_unites(document)),
        normatives=len(unites_normatives(document)),
        par_sort={sort: compte[sort] for sort in SORTS},
    )


def _nom(fichier: Traversable) -> str:
    return fichier.name
