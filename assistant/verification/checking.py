"""Check quotations: where each stands, what differs, what became of it, what rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from assistant.quotation import IndexCitation, Localisation, Refus, localiser_partout
from assistant.quotation.differences import MOTS_COMPARES
from assistant.verification.differences import compare
from assistant.verification.elsewhere import elsewhere
from assistant.verification.models import (
    Actuel,
    AppuiTrouve,
    Constat,
    Decoupage,
    Extrait,
    Lien,
    Place,
    Statut,
    Verification,
)
from assistant.verification.places import make_place
from assistant.verification.splitting import CITATIONS, split_pasted
from assistant.verification.supports import resting_on
from assistant.verification.texts import Recueil
from corpus.comparison.anchoring import follow
from corpus.models import DocumentCanonique
from corpus.wording.flux import lire

_COUPURE: Final = re.compile(r"\s*[\[(]?\s*(?:…|\.\.\.)\s*[\])]?\s*")
_MOTS_D_UN_MORCEAU: Final = 2

_DITS: Final[dict[Statut, str]] = {
    "mot_pour_mot": "Ces mots sont dans le texte, mot pour mot.",
    "mise_en_page": "Ces mots sont dans le texte ; seule la mise en page diffère.",
}


def check_pasted(
    texte: str,
    recueil: Recueil,
    ou: tuple[DocumentCanonique, ...] | None = None,
) -> Verification:
    """Check everything that was pasted.

    Args:
        texte: a sentence, an answer with its quotations, a link.
        recueil: the texts.
        ou: the texts that were asked for; by default those in service, then those before.

    Raises:
        TexteInutilisable: it is too long, or holds no word.
        BaseInutilisable: a text of the base is lost or altered.
    """
    chercheur = _Chercheur(recueil, ou)
    decoupage = _cut_at_ellipses(split_pasted(texte, chercheur.connait), chercheur)
    trouves = [(extrait, _check(extrait, chercheur)) for extrait in decoupage.extraits]
    return Verification(
        constats=tuple(c for extrait, c in trouves if extrait.citee or _is_told(c)),
        laisses=decoupage.laisses,
    )


def _is_told(constat: Constat) -> bool:
    """Whether a sentence beside quotations is of a text, or gives something else than a text."""
    if constat.statut == "altere":
        return constat.ecarts is not None and constat.ecarts.de_fond
    return constat.statut in ("mot_pour_mot", "mise_en_page")


def with_supports(verification: Verification, appuis: Sequence[AppuiTrouve]) -> Verification:
    """Add what rests on the place of each quotation, or on what it became in service."""
    return verification.model_copy(
        update={
            "constats": tuple(
                constat.model_copy(update={"appuis": resting_on(place, appuis)})
                if (place := place_in_service(constat))
                else constat
                for constat in verification.constats
            )
        }
    )


def place_in_service(constat: Constat) -> Place | None:
    """Where a quotation stands in the texts in service; None when it does not."""
    if constat.place is None or constat.place.remplacement is None:
        return constat.place
    return constat.actuel.place if constat.actuel else None


class _Chercheur:
    """Looks words up in the texts asked for, in the order that they count."""

    def __init__(self, recueil: Recueil, ou: tuple[DocumentCanonique, ...] | None) -> None:
        self.recueil = recueil
        self._rangs = (tuple(recueil.en_service.values()),) if ou is None else (ou,)
        self._puis_les_anciens = ou is None

    def connait(self, mots: str) -> bool:
        return any(isinstance(self._localiser(mots, rang), tuple) for rang in self.rangs())

    def rangs(self) -> Iterable[tuple[DocumentCanonique, ...]]:
        """Texts in service, then, only if they are needed, those before."""
        yield from self._rangs
        if self._puis_les_anciens:
            yield self.recueil.old_texts()

    def trouver(self, mots: str) -> tuple[Localisation, ...] | Refus:
        """Every place in the first texts that have these words; else what the first ones say."""
        premier: Refus | None = None
        for rang in self.rangs():
            trouve = self._localiser(mots, rang)
            if isinstance(trouve, tuple):
                return trouve
            premier = premier or trouve
        return premier or Refus(motif="introuvable", explication="Aucun texte à lire.")

    def plus_proche(self, mots: str) -> Localisation | None:
        """Where words that stand nowhere come nearest, in service rather than before."""
        meilleur: tuple[float, IndexCitation, int, int] | None = None
        flux = lire(mots)
        for document in (document for rang in self.rangs() for document in rang):
            index = self.recueil.index(document)
            trouve = index.rapprocher(flux, mots)
            if trouve and (meilleur is None or trouve.ressemblance > meilleur[0]):
                meilleur = trouve.ressemblance, index, trouve.debut, trouve.fin
        return meilleur[1].tranche(*meilleur[2:]) if meilleur else None

    def coupe(self, mots: str, proche: Localisation | None) -> bool:
        """Whether words stand in a text, at a place where they cut a figure or a negation."""
        if proche is None:
            return False
        document = self.recueil.document(proche.document, proche.version)
        return document is not None and bool(self.recueil.index(document).places(lire(mots), mots))

    def _localiser(
        self, mots: str, documents: tuple[DocumentCanonique, ...]
    ) -> tuple[Localisation, ...] | Refus:
        return localiser_partout(mots, [self.recueil.index(d) for d in documents])


def _cut_at_ellipses(decoupage: Decoupage, chercheur: _Chercheur) -> Decoupage:
    """A quotation with an ellipsis that is not the text's own: each piece is checked."""
    extraits: list[Extrait] = []
    for extrait in decoupage.extraits:
        morceaux = [
            morceau
            for morceau in _COUPURE.split(extrait.texte)
            if len(morceau.split()) >= _MOTS_D_UN_MORCEAU
        ]
        if not _COUPURE.search(extrait.texte) or chercheur.connait(extrait.texte) or not morceaux:
            extraits.append(extrait)
            continue
        extraits += [
            extrait.model_copy(
                update={
                    "texte": morceau,
                    "lien": extrait.lien if len(morceaux) == 1 else None,
                }
            )
            for morceau in morceaux
        ]
    en_trop = max(0, len(extraits) - CITATIONS)
    return Decoupage(extraits=tuple(extraits[:CITATIONS]), laisses=decoupage.laisses + en_trop)


def _check(extrait: Extrait, chercheur: _Chercheur) -> Constat:
    if not extrait.texte and extrait.lien is not None:
        return check_link(extrait.lien, chercheur.recueil)
    trouve = chercheur.trouver(extrait.texte)
    if isinstance(trouve, Refus):
        return _refused(extrait, trouve, chercheur)
    choisie = _chosen(trouve, extrait.lien)
    statut: Statut = "mot_pour_mot" if choisie.exact else "mise_en_page"
    return _told(
        Constat(cite=extrait.texte, statut=statut, explication=_DITS[statut]),
        choisie,
        extrait.lien,
        chercheur.recueil,
    )


def check_link(lien: Lien, recueil: Recueil) -> Constat:
    """Read the words that a link names, in whichever version of the text it names.

    Raises:
        BaseInutilisable: that text of the base is altered.
    """
    document = recueil.document(lien.document, lien.version)
    if document is None:
        connus = ", ".join(recueil.documents())
        raison = (
            f"Le lien vise le texte « {lien.document} », qui n'est pas dans la base "
            f"(textes connus : {connus})."
            if lien.document not in recueil.documents()
            else f"Le lien vise la version {lien.version} du texte {lien.document}, qui n'est pas "
            f"dans la base (versions connues : {', '.join(recueil.versions(lien.document))})."
        )
        return Constat(cite="", statut="introuvable", explication=raison)
    if not lien.debut < lien.fin <= len(document.texte):
        raison = (
            f"Le lien vise les caractères {lien.debut} à {lien.fin} d'un texte qui en compte "
            f"{len(document.texte)}."
        )
        return Constat(cite="", statut="introuvable", explication=raison)
    mots = document.texte[lien.debut : lien.fin]
    if not lire(mots).mots:
        raison = f"Le lien vise les caractères {lien.debut} à {lien.fin}, où il n'y a aucun mot."
        return Constat(cite="", statut="introuvable", explication=raison)
    place = recueil.index(document).tranche(lien.debut, lien.fin, exact=True)
    dit = "Voici les mots que le lien désigne."
    constat = Constat(cite=mots, statut="mot_pour_mot", explication=dit)
    return _told(constat, place, None, recueil)


def _refused(extrait: Extrait, refus: Refus, chercheur: _Chercheur) -> Constat:
    statut: Statut = "trop_court" if refus.motif == "trop_court" else "introuvable"
    constat = Constat(cite=extrait.texte, statut=statut, explication=refus.explication)
    proche = refus.proche
    if refus.motif != "trop_court" and not chercheur.coupe(extrait.texte, proche):
        proche = chercheur.plus_proche(extrait.texte)
        constat = constat.model_copy(update={"explication": _altered(extrait.texte)})
    if proche is None:
        return constat.model_copy(update={"explication": refus.explication})
    if refus.motif != "trop_court":
        ecarts = compare(proche.extrait, extrait.texte)
        constat = constat.model_copy(update={"statut": "altere", "ecarts": ecarts})
    return _told(constat, proche, extrait.lien, chercheur.recueil)


def _altered(mots: str) -> str:
    dit = "Ces mots ne sont pas tels quels dans le texte : voici l'endroit le plus proche."
    if len(mots.split()) > MOTS_COMPARES:
        return f"{dit} Seuls les {MOTS_COMPARES} premiers mots ont été rapprochés."
    return dit


def _chosen(trouves: tuple[Localisation, ...], lien: Lien | None) -> Localisation:
    """The place that the link names, else the first that is the same to the letter."""
    if lien is not None:
        for trouve in trouves:
            if _leads_to(lien, trouve):
                return trouve
    return next((trouve for trouve in trouves if trouve.exact), trouves[0])


def _leads_to(lien: Lien, place: Localisation) -> bool:
    return (
        lien.document == place.document
        and lien.version in (None, place.version)
        and lien.debut < place.fin
        and place.debut < lien.fin
    )


def _told(constat: Constat, trouvee: Localisation, lien: Lien | None, recueil: Recueil) -> Constat:
    """Add the place of a quotation to what was found of it, and all that goes with a place."""
    document = recueil.document(trouvee.document, trouvee.version)
    if document is None:
        return constat
    place = make_place(document, trouvee.debut, trouvee.fin, recueil.remplacement(document))
    actuel = _today(document, place, recueil)
    return constat.model_copy(
        update={
            "place": place,
            "lien": _of_link(lien, trouvee),
            "ailleurs": elsewhere(constat.cite, place, recueil)
            if constat.statut != "trop_court"
            else (),
            "actuel": actuel,
        }
    )


def _of_link(lien: Lien | None, place: Localisation) -> str | None:
    if lien is None or _leads_to(lien, place):
        return None
    vers = f"version {lien.version}" if lien.version else "version en service"
    return (
        f"Le lien collé avec cette citation mène ailleurs : document {lien.document}, {vers}, "
        f"caractères {lien.debut} à {lien.fin}."
    )


def _today(document: DocumentCanonique, place: Place, recueil: Recueil) -> Actuel | None:
    """What the text in service says now, of words of a text that is no longer."""
    if place.remplacement is None:
        return None
    suivant = place.remplacement.document or document.fiche.id
    present = recueil.en_service.get(suivant) or recueil.en_service.get(document.fiche.id)
    if present is None:
        return None
    devenir = follow(recueil.alignement(document, present), place.debut, place.fin)
    if devenir.debut is None or devenir.fin is None:
        return Actuel(sort="disparu", place=None)
    return Actuel(
        sort=devenir.sort,
        place=make_place(present, devenir.debut, devenir.fin),
        ecarts=compare(devenir.nouveau, devenir.ancien) if devenir.sort == "change" else None,
    )
