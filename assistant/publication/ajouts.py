"""Bring files to the draft: read, recognised, their entry proposed; then kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from assistant.configuration import Configuration
from assistant.publication.brouillons import (
    ChangementRefuse,
    DemandeInutilisable,
    Etat,
    add_document,
    state_of,
)
from assistant.publication.etat import open_base
from corpus.base.anciens import Anciens, anciens_of
from corpus.base.clues import departements
from corpus.base.correction import correct
from corpus.base.intake import Apport
from corpus.base.kinship import Parente, recognise, same_file
from corpus.base.models import EntreeBase
from corpus.base.proposal import (
    Proposition,
    like,
    propose,
    scope_is_a_guess,
    scope_is_contradicted,
)
from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.loading.opening import load_bytes, read_regular
from corpus.manifest import ManifesteInutilisable
from corpus.models import DocumentCanonique, FicheDocument

_MOST_ENTRY = 64 * 1024
"""Bytes of a file of corrections."""


@dataclass(frozen=True, slots=True)
class Souhaits:
    """What whoever adds a file says of it."""

    champs: Mapping[str, object]
    """Corrections of the entry proposed."""
    nouveau: bool = False
    """It is another document, whatever it looks like."""
    remplace: str | None = None
    """Document that it comes after."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """A file ready to be put in the draft."""

    chemin: str
    dit: str
    """Where the file stands: in what was given, and as it was typed (see ``Apport``)."""
    contenu: bytes
    proposition: Proposition
    parentes: tuple[Parente, ...]
    version_de: EntreeBase | None
    """The document of which it is a new version."""
    remplace: str | None
    remarques: tuple[str, ...]
    vu: Etat


SEUL: Final = (
    "ajoutez-le seul, avec « --portee nationale » ou « --portee » et le code de son département"
)
"""What a command does of a text that does not say for whom it is; a page says it otherwise."""
POUR_QUI: Final = f"pour qui il est n'a pas été reconnu (aucun département, ou plusieurs) : {SEUL}"
"""Why a text that does not say for whom it is is not added: a rule of one département would be
given to all."""


def for_nobody_known(
    proposed: Proposition, version_de: EntreeBase | None, souhaits: Souhaits
) -> bool:
    """Whether neither a new text nor whoever adds it says for whom it is."""
    told = "portee" in souhaits.champs or version_de is not None
    return not told and scope_is_a_guess(proposed)


class Doublon(Exception):
    """The file is already in the base, or was (``ancien``); the message says where."""

    def __init__(self, parente: Parente, *, ancien: bool = False) -> None:
        super().__init__(
            f"déjà dans la base : document {parente.document} ({parente.titre}), {parente.pourquoi}"
        )
        self.parente = parente
        self.ancien = ancien


def read_corrections(path: Path) -> dict[str, object]:
    """Read a file of corrections: fields of the entry, in YAML.

    Raises:
        DemandeInutilisable: it cannot be read, or is no mapping.
    """
    try:
        content = read_regular(path, LIMITES.model_copy(update={"octets": _MOST_ENTRY}))
        data = yaml.safe_load(content.decode("utf-8"))
    except FichierRefuse as error:
        raise DemandeInutilisable(str(error)) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise DemandeInutilisable(f"{path.name} : YAML illisible") from error
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise DemandeInutilisable(f"{path.name} : attendu des champs de fiche, comme « titre : … »")
    return data


def prepare_file(
    configuration: Configuration,
    apport: Apport,
    souhaits: Souhaits,
    today: date,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Preparation:
    """Read a file and propose what it is; nothing is kept yet.

    Raises:
        FichierRefuse: it cannot be read.
        Doublon: the base already has it.
        DemandeInutilisable: a correction is not accepted.
        ChangementRefuse, BaseInutilisable: the draft cannot be changed.
    """
    state, base = state_of(configuration), open_base(configuration)
    known = state.documents
    contenu = apport.lire()
    digest = hashlib.sha256(contenu).hexdigest()
    twin = same_file(digest, known.values())
    if twin is not None:
        raise Doublon(twin)
    charge = load_bytes(contenu, apport.nom, advance=advance)
    proposed = proposed_of(charge, apport.nom, digest, known, today)

    def read(entree: EntreeBase) -> DocumentCanonique | None:
        return base.read_text(entree.fiche.id, entree.texte)

    kin = recognise(proposed, known, read)
    anciens = anciens_of(base, known)
    proposed, older, remplace = placed(proposed, kin, known, anciens, souhaits, charge, apport.dit)
    return Preparation(
        apport.chemin, apport.dit, contenu, proposed, kin, older, remplace,
        (*contradictions(proposed.fiche), *charge.remarques), state,
    )  # fmt: skip


def contradictions(fiche: FicheDocument) -> tuple[str, ...]:
    """What an entry says that does not go together: whoever gave it may know better."""
    if not scope_is_contradicted(fiche):
        return ()
    place = departements()[fiche.portee]
    said = (
        f"l'éditeur est national ({fiche.editeur}), mais la portée est celle d'un département "
        f"({fiche.portee}, {place.nom}) : corrigez l'un ou l'autre avant de publier, car ce texte "
        "ne serait donné qu'à ce département"
    )
    return (said,)


def placed(  # noqa: PLR0917 - a text, what is known, and what is asked
    proposed: Proposition,
    kin: tuple[Parente, ...],
    known: Mapping[str, EntreeBase],
    anciens: Anciens,
    souhaits: Souhaits,
    charge: DocumentCharge | TexteBrut,
    chemin: str,
) -> tuple[Proposition, EntreeBase | None, str | None]:
    """Give a text its place among the documents known: which it is a new version of, or replaces.

    Raises:
        Doublon: the base already has it, or had it before what it has now.
        DemandeInutilisable: a correction is not accepted.
    """
    if kin and kin[0].genre == "texte":
        raise Doublon(kin[0])
    _check_not_replaced(proposed, known, anciens, souhaits)
    older = _older(kin, known, souhaits)
    remplace = _replaced(kin, known, souhaits, older)
    fields = {name: value for name, value in souhaits.champs.items() if name != "remplace"}
    asked = fields.get("id")
    if souhaits.nouveau and isinstance(asked, str) and asked in known:
        raise DemandeInutilisable(
            f"id : « {asked} » est déjà celui d'un document ; avec --nouveau, il en faut un "
            "qui soit libre"
        )
    if older is not None:
        proposed = like(proposed, older.fiche, charge)
        if proposed.document.version == older.texte:
            raise Doublon(_same_text(older))
        _check_not_replaced(proposed, known, anciens, souhaits)
    try:
        proposed = correct(proposed, fields, charge)
    except ValueError as error:
        raise DemandeInutilisable(f"{chemin}, {error}") from error
    return proposed, older, remplace


def proposed_of(
    charge: DocumentCharge | TexteBrut, name: str, digest: str, taken: Collection[str], today: date
) -> Proposition:
    """Propose what a file that was read is.

    Raises:
        FichierRefuse: it has no word.
    """
    try:
        found = propose(charge, name, digest, taken, today)
    except ManifesteInutilisable as error:
        raise FichierRefuse("vide", f"{name} : {error}") from error
    if not found.document.texte.strip():
        raise FichierRefuse("vide", f"{name} : aucun mot n'y est lu")
    return found


def _same_text(entree: EntreeBase) -> Parente:
    return Parente(
        genre="texte",
        document=entree.fiche.id,
        titre=entree.fiche.titre_court,
        part=1.0,
        pourquoi="son texte est le même, mot pour mot",
    )


def replaced_since(entree: EntreeBase) -> Parente:
    """What a file is that gave an earlier text of a document."""
    name = entree.fiche.id
    return Parente(
        genre="texte",
        document=name,
        titre=entree.fiche.titre_court,
        part=1.0,
        pourquoi=(
            "c'est un de ses textes d'avant, remplacé depuis ; pour le remettre : « clas corpus "
            f"ajouter FICHIER --id {name} »"
        ),
    )


def _check_not_replaced(
    proposed: Proposition,
    known: Mapping[str, EntreeBase],
    anciens: Anciens,
    souhaits: Souhaits,
) -> None:
    """Leave aside what a document was before, unless whoever adds it says which document it is.

    Raises:
        Doublon: the file, or its text, was replaced since.
    """
    if souhaits.nouveau or "id" in souhaits.champs:
        return
    now = anciens.document(known, proposed.fiche.sha256, proposed.document.version)
    if now is not None:
        raise Doublon(replaced_since(now), ancien=True)


def _older(
    kin: tuple[Parente, ...], known: Mapping[str, EntreeBase], souhaits: Souhaits
) -> EntreeBase | None:
    """The document of which the file is a new version, as it is told or as it is recognised."""
    if souhaits.nouveau:
        return None
    asked = souhaits.champs.get("id")
    if isinstance(asked, str):
        return known.get(asked)
    found = next((k.document for k in kin if k.genre == "version"), None)
    successor = souhaits.remplace is not None and souhaits.remplace == found
    return None if found is None or successor else known[found]


def _replaced(
    kin: tuple[Parente, ...],
    known: Mapping[str, EntreeBase],
    souhaits: Souhaits,
    older: EntreeBase | None,
) -> str | None:
    if souhaits.remplace is not None:
        if souhaits.remplace not in known:
            raise DemandeInutilisable(
                f"--remplace : document « {souhaits.remplace} » inconnu ; documents connus : "
                f"{', '.join(known)}"
            )
        return souhaits.remplace
    if older is not None:
        return older.remplace
    return next((k.document for k in kin if k.genre == "successeur"), None)


def keep_file(configuration: Configuration, ready: Preparation, auteur: str) -> EntreeBase:
    """Put a file that was prepared in the draft.

    Raises:
        ChangementRefuse: the draft changed since, or the file replaces itself.
        BaseInutilisable: somebody else is changing the base.
    """
    entree = brought(ready.proposition, ready.remplace)
    add_document(configuration, entree, ready.proposition.document, ready.contenu, auteur, ready.vu)
    return entree


def brought(proposed: Proposition, remplace: str | None) -> EntreeBase:
    """The entry, in the base, of a text that has its place.

    Raises:
        ChangementRefuse: it replaces itself.
    """
    fiche: FicheDocument = proposed.fiche
    if remplace == fiche.id:
        raise ChangementRefuse(f"Le document {fiche.id} ne peut pas se remplacer lui-même.")
    return EntreeBase(
        fiche=fiche, texte=proposed.document.version, origine="apporte", remplace=remplace
    )
