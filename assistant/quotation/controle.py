"""The last step of every answer: nothing leaves without each of its quotations being checked.

Why there is no bypass. What goes out, to the screen or to a file, is a ``ReponseScellee``, and
building one *is* the check: its constructor takes a draft and a ``Verificateur``, checks every
quotation and passage of the draft, those of the checker's result included, and raises
``ReponseRefusee`` at the first thing that does not hold. There is no other constructor, no flag
that skips the check, no method that changes a sealed answer; it keeps its own copy of the draft,
as JSON, so that changing the draft afterwards changes nothing. A ``Reponse`` remains a mere draft
that anyone may build; functions that print or write take a ``ReponseScellee``, so mypy refuses
one that was not checked. A ``Verificateur`` in its turn only exists for documents whose version is
the hash of their text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NoReturn, final

from pydantic import ValidationError

from assistant.models import Citation, Reponse
from assistant.quotation.localisation import (
    IndexCitation,
    TexteVerifie,
    index_de,
    refus_d_une_coupe,
)
from assistant.quotation.models import Localisation, Refus
from assistant.quotation.unites import elargir
from corpus.places import page_at

if TYPE_CHECKING:
    from assistant.models import PassageClasse
    from corpus.models import DocumentCanonique

SEPARATEUR_DE_SECTION: Final = " › "
_SANS_CITATION: Final = frozenset({"precision", "hors_corpus"})
_CITATIONS: Final = "citations"


class CorpusAltere(ValueError):
    """A document whose text is not the one that its name and version announce."""


class ReponseRefusee(ValueError):
    """An answer that may not leave; ``refus`` says why, one refusal for each fault."""

    def __init__(self, refus: tuple[Refus, ...]) -> None:
        self.refus = refus
        super().__init__(" ".join(r.explication for r in refus))


@final
class Verificateur:
    """The documents that may be quoted, and the only maker of their citations.

    Example:
        >>> verificateur = Verificateur(load_corpus().documents)
        >>> citation = verificateur.citer("004", 120, 310)
        >>> scellee = verificateur.sceller(brouillon)

    ``archives``: quotations of texts that were withdrawn, as the version in service records them.
    Each was made by a ``Verificateur`` of its text; it leaves whole, or not at all.

    Raises:
        CorpusAltere: a document is filed under another's name, or its version is not the hash
            of its text.
    """

    __slots__ = ("_archives", "_documents", "_indexes")

    def __init__(
        self, documents: Mapping[str, DocumentCanonique], archives: Iterable[Citation] = ()
    ) -> None:
        for nom, document in documents.items():
            if nom != document.fiche.id:
                raise CorpusAltere(f"Le document {document.fiche.id} est rangé sous « {nom} ».")
            empreinte = sha256(document.texte.encode("utf-8")).hexdigest()[:12]
            if empreinte != document.version:
                raise CorpusAltere(
                    f"Le texte du document {document.fiche.id} a pour empreinte {empreinte} ; "
                    f"sa version annonce {document.version}."
                )
        self._documents = dict(documents)
        self._archives = frozenset(archives)
        self._indexes: dict[str, IndexCitation] = {}

    def index(self, document: str) -> IndexCitation:
        """Return the index that quotations of a document are looked up in, built at first use."""
        if document not in self._indexes:
            self._indexes[document] = index_de(TexteVerifie.de(self._documents[document]))
        return self._indexes[document]

    def localiser(
        self, extrait: str, document: str, entre: tuple[int, int] | None = None
    ) -> Localisation | Refus:
        """Find the one place of a quotation in a document, within ``entre`` if it is given."""
        if document not in self._documents:
            return self._document_inconnu(document)
        return self.index(document).localiser(extrait, entre)

    def citer(self, document: str, debut: int, fin: int) -> Citation | Refus:
        """Make the citation of a slice (code points); widen nothing, refuse what cuts a unit."""
        if document not in self._documents:
            return self._document_inconnu(document)
        source = self._documents[document]
        if not 0 <= debut < fin <= len(source.texte):
            return _altere(
                f"Le document {document} compte {len(source.texte)} caractères ; la citation "
                f"va de {debut} à {fin}."
            )
        if coupe := refus_d_une_coupe(source.texte, debut, fin):
            bornes = elargir(source.texte, debut, fin)
            return _altere(coupe, self._tranche(document, *bornes))
        section, page = _situer(source, debut)
        return Citation(
            document=document,
            version=source.version,
            titre=source.fiche.titre,
            portee=source.fiche.portee,
            annee=source.fiche.annee,
            section=section,
            page=page,
            extrait=source.texte[debut:fin],
            debut=debut,
            fin=fin,
        )

    def verifier(self, citation: Citation) -> Citation | Refus:
        """Return the citation made afresh from the stored text, if it is the same throughout."""
        if citation in self._archives:
            return citation
        attendue = self.citer(citation.document, citation.debut, citation.fin)
        if isinstance(attendue, Refus):
            return attendue
        for champ in ("version", "extrait", "titre", "portee", "annee", "section", "page"):
            dit, vrai = getattr(citation, champ), getattr(attendue, champ)
            if dit != vrai:
                return _altere(
                    f"Document {citation.document}, {citation.debut} à {citation.fin} : "
                    f"« {champ} » vaut {vrai!r}, pas {dit!r}.",
                    self._tranche(citation.document, citation.debut, citation.fin),
                )
        return attendue

    def sceller(self, brouillon: Reponse) -> ReponseScellee:
        """Check a draft and seal it; raise ``ReponseRefusee`` if anything in it does not hold."""
        return ReponseScellee(brouillon, self)

    def controler(self, brouillon: Reponse) -> tuple[Refus, ...]:
        """Return every fault of a draft: empty when it may be sealed."""
        refus: list[Refus] = []
        if not brouillon.citations and brouillon.type not in _SANS_CITATION:
            refus.append(_altere(f"Une réponse de type « {brouillon.type} » cite ses sources."))
        refus += _refus(self.verifier(c) for c in brouillon.citations)
        refus += _refus(self._verifier_passage(p) for p in brouillon.passages)
        refus += self._controler_donnees(brouillon.eligibilite)
        return tuple(refus)

    def _verifier_passage(self, passage: PassageClasse) -> Refus | None:
        if passage.document not in self._documents:
            return self._document_inconnu(passage.document)
        texte = self._documents[passage.document].texte
        entier = 0 <= passage.debut < passage.fin <= len(texte)
        if entier and texte[passage.debut : passage.fin] == passage.texte:
            return None
        return _altere(
            f"Le passage du document {passage.document}, {passage.debut} à {passage.fin}, "
            "n’est pas dans le texte conservé."
        )

    def _controler_donnees(self, donnees: Any) -> list[Refus]:  # noqa: ANN401 - any JSON
        """Check the lists called ``citations`` at any depth of a checker's result."""
        if isinstance(donnees, Mapping):
            refus = [r for valeur in donnees.values() for r in self._controler_donnees(valeur)]
            if _CITATIONS in donnees:
                refus += self._controler_liste(donnees[_CITATIONS])
            return refus
        if isinstance(donnees, Sequence) and not isinstance(donnees, str | bytes):
            return [r for valeur in donnees for r in self._controler_donnees(valeur)]
        return []

    def _controler_liste(self, citations: Any) -> list[Refus]:  # noqa: ANN401 - any JSON
        try:
            lues = [Citation.model_validate(c) for c in citations]
        except (ValidationError, TypeError):
            return [_altere("Une citation du résultat n’a pas la forme attendue.")]
        return _refus(self.verifier(c) for c in lues)

    def _tranche(self, document: str, debut: int, fin: int) -> Localisation:
        source = self._documents[document]
        return Localisation(
            document=document,
            version=source.version,
            debut=debut,
            fin=fin,
            extrait=source.texte[debut:fin],
            exact=True,
        )

    def _document_inconnu(self, document: str) -> Refus:
        return Refus(
            motif="introuvable",
            explication=f"Document « {document} » inconnu ; documents connus : "
            f"{', '.join(self._documents)}.",
        )


@final
class ReponseScellee:
    """An answer whose every quotation was checked; see the module for why none escapes.

    Raises:
        ReponseRefusee: a quotation or a passage of the draft does not hold.
    """

    __slots__ = ("_json",)
    _json: str

    def __init__(self, brouillon: Reponse, verificateur: Verificateur) -> None:
        if type(verificateur) is not Verificateur:
            raise TypeError("Seul un Verificateur scelle une réponse.")
        # Checked and kept as a copy read anew from JSON: neither an unvalidated draft nor a
        # later change of one can get in.
        texte = brouillon.model_dump_json()
        refus = verificateur.controler(Reponse.model_validate_json(texte))
        if refus:
            raise ReponseRefusee(refus)
        object.__setattr__(self, "_json", texte)

    @property
    def reponse(self) -> Reponse:
        """The answer as a record: a fresh copy."""
        return Reponse.model_validate_json(self._json)

    @property
    def json(self) -> str:
        """The answer as the contract's JSON, on one line."""
        return self._json

    def __setattr__(self, nom: str, _valeur: object) -> NoReturn:
        raise AttributeError(f"Une réponse scellée ne change pas : « {nom} ».")

    def __delattr__(self, nom: str) -> NoReturn:
        raise AttributeError(f"Une réponse scellée ne change pas : « {nom} ».")

    def __copy__(self) -> ReponseScellee:
        return self

    def __deepcopy__(self, _deja: dict[int, Any]) -> ReponseScellee:
        return self

    def __reduce__(self) -> NoReturn:
        # Read back from a file, it would not have gone through the check.
        raise TypeError("Une réponse scellée ne se conserve pas : conservez son JSON.")


def verifier(citation: Citation, documents: Mapping[str, DocumentCanonique]) -> Citation | Refus:
    """Check one citation against documents; many: keep one ``Verificateur``."""
    return Verificateur(documents).verifier(citation)


def sceller(brouillon: Reponse, documents: Mapping[str, DocumentCanonique]) -> ReponseScellee:
    """Check and seal one answer; many: keep one ``Verificateur``."""
    return Verificateur(documents).sceller(brouillon)


def _situer(document: DocumentCanonique, debut: int) -> tuple[str | None, int | None]:
    """Return the section path and the page that a slice begins in."""
    rang = bisect_right(document.blocs, debut, key=lambda bloc: bloc.debut) - 1
    if rang < 0:
        return None, None
    bloc = document.blocs[rang]
    return SEPARATEUR_DE_SECTION.join(bloc.section) or None, page_at(document, debut)


def _refus(resultats: Iterable[Citation | Refus | None]) -> list[Refus]:
    return [r for r in resultats if isinstance(r, Refus)]


def _altere(explication: str, proche: Localisation | None = None) -> Refus:
    return Refus(motif="altere", explication=explication, proche=proche)
