"""Where a quotation stands in the stored texts, word for word, or why it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self

from assistant.quotation.differences import (
    Rapprochement,
    enoncer,
    montrer,
    places_des_mots,
    rapprocher,
)
from assistant.quotation.models import Localisation, Refus
from assistant.quotation.unites import elargir, unite_coupee
from corpus.wording.equivalence import meme_texte
from corpus.wording.flux import Flux, lire
from corpus.wording.mots import decouper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.models import DocumentCanonique

LETTRES_MINIMUM: Final = 12
"""Letters and digits under which a quotation is accepted only where it stands once."""
PLACES_EXAMINEES: Final = 1000
"""Places compared at most in one document: a quotation met more often is ambiguous anyway."""
_MARGE: Final = 2000
"""Code points of artefacts that a quotation may hold beyond twice its document's length."""
_GUILLEMETS: Final = '"«»“”„‟'
_COUPURE: Final = re.compile(r"…|\.\.\.")


class IndexCitation:
    """A document made ready for looking quotations up: built once, then only read.

    Example:
        >>> IndexCitation(document).localiser("8 à 12 enfants maximum")
    """

    __slots__ = ("_flux", "_mots", "_places", "document")

    def __init__(self, document: DocumentCanonique) -> None:
        self.document = document
        self._flux = lire(document.texte)
        self._mots = decouper(self._flux)
        self._places = places_des_mots(self._mots)

    def localiser(self, extrait: str, entre: tuple[int, int] | None = None) -> Localisation | Refus:
        """Find the one place of a quotation, within ``entre`` (code points) when it is given."""
        trouve = _chercher(extrait, (self,), entre)
        if isinstance(trouve, Refus):
            return trouve
        if len(trouve) == 1:
            return trouve[0]
        return Refus(
            motif="ambigu",
            explication=f"La citation se lit en {len(trouve)} endroits du texte. Ajoutez des mots "
            "avant ou après, ou dites dans quel passage la chercher.",
            proche=trouve[0],
        )

    def places(
        self, cite: Flux, extrait: str, entre: tuple[int, int] | None = None
    ) -> tuple[Localisation, ...]:
        """Return every place where a quotation stands but for layout, cut or not."""
        bas, haut = entre or (0, len(self.document.texte))
        trouves = (self._localisation(rang, cite, extrait) for rang in self._rangs(cite))
        return tuple(place for place in trouves if bas <= place.debut and place.fin <= haut)

    def rapprocher(self, cite: Flux, extrait: str) -> Rapprochement | None:
        """Find the place that looks most like a quotation that stands nowhere."""
        return rapprocher(extrait, decouper(cite), self.document.texte, self._mots, self._places)

    def tranche(self, debut: int, fin: int, *, exact: bool = False) -> Localisation:
        """Slice the stored text."""
        return Localisation(
            document=self.document.fiche.id,
            version=self.document.version,
            debut=debut,
            fin=fin,
            extrait=self.document.texte[debut:fin],
            exact=exact,
        )

    def _rangs(self, cite: Flux) -> Iterator[int]:
        rang = self._flux.glyphes.find(cite.glyphes)
        for _ in range(PLACES_EXAMINEES):
            if rang < 0:
                return
            if meme_texte(cite, self._flux, rang):
                yield rang
            rang = self._flux.glyphes.find(cite.glyphes, rang + 1)

    def _localisation(self, rang: int, cite: Flux, extrait: str) -> Localisation:
        debut = self._flux.debuts[rang]
        fin = self._flux.fins[rang + len(cite.glyphes) - 1]
        return self.tranche(debut, fin, exact=self.document.texte[debut:fin] == extrait)


@dataclass(frozen=True, slots=True)
class TexteVerifie:
    """A text whose hash was checked against its version: of one version, one text."""

    nom: str
    version: str
    document: DocumentCanonique = field(compare=False)

    @classmethod
    def de(cls, document: DocumentCanonique) -> Self:
        """``document``, which a ``Verificateur`` accepted."""
        return cls(document.fiche.id, document.version, document)


@lru_cache(maxsize=16)
def index_de(texte: TexteVerifie) -> IndexCitation:
    """Make a text ready once for all who look quotations up in it."""
    return IndexCitation(texte.document)


def localiser(extrait: str, document: DocumentCanonique | IndexCitation) -> Localisation | Refus:
    """Say where a quotation stands in one document, word for word, or why it is refused.

    Only layout may differ: white space, hyphenation at the end of a line, the shape of
    apostrophes, quotation marks, dashes and ligatures, bullets, and the artefacts of extraction
    (``**``, HTML tags, bookmarks, calls of footnotes). The text given back is the stored one.
    """
    index = document if isinstance(document, IndexCitation) else IndexCitation(document)
    return index.localiser(extrait)


def localiser_partout(
    extrait: str, documents: Iterable[DocumentCanonique | IndexCitation]
) -> tuple[Localisation, ...] | Refus:
    """Return every place of a quotation, in the order of the documents, or why there is none."""
    indexes = [d if isinstance(d, IndexCitation) else IndexCitation(d) for d in documents]
    return _chercher(extrait, indexes, None)


def _chercher(
    extrait: str, indexes: Sequence[IndexCitation], entre: tuple[int, int] | None
) -> tuple[Localisation, ...] | Refus:
    plus_long = max((len(index.document.texte) for index in indexes), default=0)
    if len(extrait) > 2 * plus_long + _MARGE:
        return _introuvable("La citation est plus longue que le texte.")
    extrait = _sans_guillemets(extrait)
    cite = lire(extrait)
    if not cite.mots:
        return Refus(motif="trop_court", explication="La citation ne contient aucun mot.")
    places = [(index, place) for index in indexes for place in index.places(cite, extrait, entre)]
    if not places:
        return _refus_d_absence(cite, extrait, indexes)
    entieres = tuple(place for index, place in places if not _coupe(index, place))
    if not entieres:
        return _refus_de_coupe(*places[0])
    if len(entieres) > 1 and cite.mots < LETTRES_MINIMUM:
        return Refus(
            motif="trop_court",
            explication=f"« {montrer(extrait)} » est trop court : il se lit en {len(entieres)} "
            "endroits. Citez la phrase entière.",
            proche=entieres[0],
        )
    return entieres


def _coupe(index: IndexCitation, place: Localisation) -> bool:
    texte = index.document.texte
    return elargir(texte, place.debut, place.fin) != (place.debut, place.fin)


def refus_d_une_coupe(texte: str, debut: int, fin: int) -> str | None:
    """Say which indivisible words a slice cuts, or None."""
    for position in (debut, fin):
        if coupe := unite_coupee(texte, position):
            return f"La citation coupe « {montrer(texte[slice(*coupe)])} » : citez-le en entier."
    return None


def _refus_de_coupe(index: IndexCitation, place: Localisation) -> Refus:
    texte = index.document.texte
    return Refus(
        motif="altere",
        explication=refus_d_une_coupe(texte, place.debut, place.fin) or "",
        proche=index.tranche(*elargir(texte, place.debut, place.fin)),
    )


def _refus_d_absence(cite: Flux, extrait: str, indexes: Sequence[IndexCitation]) -> Refus:
    if _COUPURE.search(extrait):
        return _introuvable(
            "La citation contient une coupure « … » : chaque morceau se cite séparément."
        )
    proches = [
        (trouve.ressemblance, index, trouve)
        for index in indexes
        if (trouve := index.rapprocher(cite, extrait)) is not None
    ]
    if not proches:
        return _introuvable(f"« {montrer(extrait)} » ne se lit pas dans le texte.")
    _, index, proche = max(proches, key=lambda candidat: candidat[0])
    difference = enoncer(proche.differences) or "les espaces ou les tirets d’un nombre diffèrent"
    return Refus(
        motif="altere",
        explication=f"La citation n’est pas mot pour mot : {difference}.",
        proche=index.tranche(proche.debut, proche.fin),
    )


def _introuvable(explication: str) -> Refus:
    return Refus(motif="introuvable", explication=explication)


def _sans_guillemets(extrait: str) -> str:
    """Take away the quotation marks that someone put around the whole quotation."""
    nu = extrait.strip()
    entoure = len(nu) > 1 and nu[0] in _GUILLEMETS and nu[-1] in _GUILLEMETS
    if entoure and not any(signe in nu[1:-1] for signe in _GUILLEMETS):
        return nu[1:-1].strip()
    return nu
