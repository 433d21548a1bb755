"""Setting a mark and lifting one: by whom, on what, with which words."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.avis.models import COMMENTAIRE, Avis, AvisRefuse, Cible, Jugement, Statut
from assistant.avis.registre import Registre


def mark(registre: Registre, cible: Cible, statut: Jugement, commentaire: str, auteur: str) -> Avis:
    """Say what is thought of a card or an answer; it holds at once, for everybody.

    Raises:
        AvisRefuse: the comment is missing or too long.
        AvisInutilisables: it could not be written; nothing has changed.
    """
    mots = clean(commentaire)
    if statut != "verifie" and not mots:
        raise AvisRefuse("dites en quelques mots ce qui est douteux ou faux")
    return _add(registre, cible, statut, mots, auteur)


def lift(registre: Registre, cible: Cible, commentaire: str, auteur: str) -> Avis:
    """Take back what was said of a card or an answer, whoever said it.

    Raises:
        AvisRefuse: there is nothing to take back, or the comment is too long.
        AvisInutilisables: it could not be written; nothing has changed.
    """
    dernier = registre.marques().derniers.get((cible.genre, cible.nom))
    if dernier is None or dernier.statut == "leve":
        raise AvisRefuse("aucun avis n'est à lever ici")
    return _add(registre, cible, "leve", clean(commentaire), auteur)


def target_of_mark(avis: Avis) -> Cible:
    """What a mark was set on, as it was then."""
    return Cible(avis.genre, avis.cible, avis.empreinte, avis.version, avis.dit)


def clean(mots: str) -> str:
    """A comment in one paragraph, without what cannot be printed."""
    ecrits = mots.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in ecrits).split())


def _add(registre: Registre, cible: Cible, statut: Statut, mots: str, auteur: str) -> Avis:
    if len(mots) > COMMENTAIRE:
        raise AvisRefuse(f"commentaire de {len(mots)} caractères ; {COMMENTAIRE} au plus")
    avis = Avis(
        date=datetime.now(UTC),
        auteur=auteur,
        genre=cible.genre,
        cible=cible.nom,
        statut=statut,
        commentaire=mots,
        version=cible.version,
        empreinte=cible.empreinte,
        dit=cible.dit,
    )
    registre.add(avis)
    return avis
