"""The manifest entry that a file proposes for itself, with where each value was read."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import PurePath
from typing import Final, Literal

from pydantic import BaseModel

from corpus.base import clues
from corpus.base.clues import Indice, Ligne
from corpus.base.naming import free, id_of, own_title, short_title, title_of
from corpus.canonical import build_canonical, build_loaded
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.manifest import ManifesteInutilisable
from corpus.models import (
    FROZEN,
    NATIONALE,
    DocumentCanonique,
    FicheDocument,
    MiseEnPage,
    Nature,
)

Champ = Literal[
    "id", "titre", "titre_court", "editeur", "nature", "portee", "rang", "annee",
    "premiere_annee", "derniere_annee", "date_publication", "mise_en_page",
]  # fmt: skip

_LOCAL: Final = ("note_de_cadrage", "cahier_des_charges")
_OF_THE_NATION: Final = ("circulaire", "referentiel", "page_web")
UNREAD_SCOPE: Final = "aucun département reconnu, ou plusieurs"
UNSURE_SCOPE: Final = "plusieurs départements, ou un seul nommé en passant"
_CNAF: Final = "Cnaf"
_NATIONAL_PUBLISHERS: Final = (_CNAF, "caf.fr")
_NO_DATE: Final = "aucune date lue : celle d'aujourd'hui, à corriger"
_DAY: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
_LONG_LINE: Final = 60
"""Characters from which a line of a plain text may have been cut by its tool."""
_PROVISIONAL: Final = "0" * 64


class Lu(BaseModel):
    """A field of the proposal, and where its value comes from."""

    model_config = FROZEN

    champ: Champ
    ou: str


class Proposition(BaseModel):
    """An entry proposed, the text it gives, and what the text says it replaces."""

    model_config = FROZEN

    fiche: FicheDocument
    document: DocumentCanonique
    lus: tuple[Lu, ...]
    numero: str | None
    annonces: tuple[Indice, ...]
    """Numbers of the texts that it says it annuls or replaces."""


def propose(
    charge: DocumentCharge | TexteBrut,
    name: str,
    sha256: str,
    taken: Collection[str],
    today: date,
) -> Proposition:
    """Propose the manifest entry of a file that was read.

    Args:
        charge: what its loader read.
        name: the file's name.
        sha256: of its bytes.
        taken: ids that are not free.
        today: the day it is added, its date for want of another.
    """
    document = read_as(charge, _provisional(charge, name, sha256, today))
    head = clues.head_of(document)
    bare = PurePath(name).stem
    nature, why_nature = _nature(head, bare, charge)
    place = clues.place_of(head, bare, document.texte, local=nature in _LOCAL)
    if place is None and nature not in _OF_THE_NATION:
        place = clues.coded_place_of(head, document.texte)
    elif place and nature in _OF_THE_NATION and clues.is_of_the_nation(head):
        # It names a Caf and the Cnaf: which of both it is made for is not for us to say.
        place = None
    portee = place.valeur if place else NATIONALE
    publisher = clues.publisher_of(head, portee, web=nature == "page_web")
    number = clues.number_of(head)
    title = title_of(head, charge, bare, nature, number)
    year = clues.year_of((Ligne(title.valeur, title.lu, titre=True), *head), bare)
    if year is None and nature in _LOCAL:
        year = clues.most_told_year(document.texte)
    day, precise = _date(head, charge, bare, year, today)
    if year is not None and precise and int(year.valeur[5:]) < int(day.valeur[:4]):
        # A text speaks of years gone by; it is not made for one that ended before its date.
        made = f"{day.valeur[:4]}-{int(day.valeur[:4]) + 1}"
        year = Indice(made, f"déduit de la date : {year.valeur}, {year.lu}, est passée")
    rank = rank_of(nature, portee)
    known = number.valeur if number else None
    written = year.valeur if year else None
    fiche = document.fiche.model_copy(
        update={
            "id": free(id_of(nature, known, portee, written, day.valeur), taken),
            "titre": title.valeur,
            "titre_court": short_title(nature, publisher.valeur, known, portee, title.valeur),
            "editeur": publisher.valeur,
            "nature": nature,
            "portee": portee,
            "rang": rank,
            "annee": year and year.valeur,
            "premiere_annee": year and year.valeur,
            "derniere_annee": year.valeur if year and portee != NATIONALE else None,
            "date_publication": date.fromisoformat(day.valeur),
            "date_precise": precise,
        }
    )
    where: dict[Champ, str] = {
        "id": "libre",
        "titre": title.lu,
        "titre_court": "déduit de la nature, de l'éditeur et du titre",
        "editeur": publisher.lu,
        "nature": why_nature,
        "portee": place.lu if place else _unread(head, bare),
        "rang": "déduit de la nature et de la portée",
        "annee": year.lu if year else "aucune année scolaire lue",
        "premiere_annee": "déduit de l'année" if year else "aucune année scolaire lue",
        "derniere_annee": _why_last(year, portee),
        "date_publication": day.lu,
    }
    if fiche.mise_en_page:
        where["mise_en_page"] = "déduit de la coupe des lignes"
    return Proposition(
        fiche=fiche,
        document=document.model_copy(update={"fiche": fiche}),
        lus=tuple(Lu(champ=champ, ou=ou) for champ, ou in where.items()),
        numero=known,
        annonces=clues.replaced_by(head),
    )


def settled(proposed: Proposition, taken: Collection[str], today: date) -> Proposition:
    """A proposal made elsewhere, or before, as ``propose`` makes it here: its id free, its day.

    What it says and its text are the same whatever is known and whenever it is read.
    """
    fiche = proposed.fiche
    undated = any(lu.champ == "date_publication" and lu.ou == _NO_DATE for lu in proposed.lus)
    day = today if undated else fiche.date_publication
    wanted = id_of(fiche.nature, proposed.numero, fiche.portee, fiche.annee, day.isoformat())
    new = fiche.model_copy(update={"id": free(wanted, taken), "date_publication": day})
    document = proposed.document.model_copy(update={"fiche": new})
    return proposed.model_copy(update={"fiche": new, "document": document})


def scope_is_a_guess(proposed: Proposition) -> bool:
    """Whether a text is proposed as national for want of a département recognised in it.

    A circulaire with its number, or that names the Cnaf, is national where it names no département;
    a note that names nobody may be anyone's.
    """
    where = next((lu.ou for lu in proposed.lus if lu.champ == "portee"), "")
    fiche = proposed.fiche
    said = proposed.numero is not None or fiche.editeur in _NATIONAL_PUBLISHERS
    return where == UNSURE_SCOPE or (
        where == UNREAD_SCOPE and not (said and fiche.nature in _OF_THE_NATION)
    )


def scope_is_contradicted(fiche: FicheDocument) -> bool:
    """Whether a text of the Cnaf is kept for one département: a page of caf.fr may well be."""
    return fiche.portee != NATIONALE and fiche.editeur == _CNAF


def _unread(head: tuple[Ligne, ...], bare: str) -> str:
    return UNSURE_SCOPE if clues.names_a_place(head, bare) else UNREAD_SCOPE


def read_as(charge: DocumentCharge | TexteBrut, fiche: FicheDocument) -> DocumentCanonique:
    """Build the canonical text of a file under an entry.

    Raises:
        ManifesteInutilisable: the entry announces a hole or a heading that the text has not.
    """
    if isinstance(charge, TexteBrut):
        return build_canonical(charge.texte, fiche)
    return build_loaded(charge, fiche)


def like(
    proposed: Proposition, known: FicheDocument, charge: DocumentCharge | TexteBrut
) -> Proposition:
    """Propose a file as a new version of a known document: what it does not say is kept.

    Its holes and lost headings are kept as far as the new text still has their words.
    """
    fiche, read = proposed.fiche, {lu.champ: lu.ou for lu in proposed.lus}
    dated = fiche.date_precise and fiche.date_publication != known.date_publication
    kept: dict[str, object] = {
        name: getattr(known, name)
        for name in (
            "id", "titre", "titre_court", "editeur", "nature", "portee", "rang", "adresse",
            "derniere_annee",
        )
    }  # fmt: skip
    if fiche.annee is None or _covers(known, fiche.annee):
        kept |= {"annee": known.annee, "premiere_annee": known.premiere_annee}
    elif known.derniere_annee is not None:
        kept["derniere_annee"] = max(known.derniere_annee, fiche.annee)
    if not dated:
        kept |= {"date_publication": known.date_publication, "date_precise": known.date_precise}
    layout = known.mise_en_page if isinstance(charge, TexteBrut) else None
    if layout:
        kept["mise_en_page"] = layout
    new = fiche.model_copy(update=kept)
    for extra in (
        {"lacunes": known.lacunes, "titres_restitues": known.titres_restitues},
        {"titres_restitues": known.titres_restitues},
        {"lacunes": known.lacunes},
        {},
    ):
        tried = new.model_copy(update={**extra, "mobilier": known.mobilier})
        try:
            document = read_as(charge, tried if isinstance(charge, TexteBrut) or not extra else new)
        except ManifesteInutilisable:
            continue
        new = document.fiche
        break
    same = f"document {known.id}"
    lus = tuple(Lu(champ=champ, ou=same if champ in kept else ou) for champ, ou in read.items())
    return proposed.model_copy(update={"fiche": new, "document": document, "lus": lus})


def _covers(known: FicheDocument, year: str) -> bool:
    """Whether a year is the document's, or one of those that it is made for."""
    first, last = known.premiere_annee, known.derniere_annee
    return year == known.annee or bool(first and last and first <= year <= last)


def _provisional(
    charge: DocumentCharge | TexteBrut, name: str, sha256: str, today: date
) -> FicheDocument:
    return FicheDocument(
        id="0",
        titre="",
        titre_court="",
        editeur="",
        nature="autre",
        portee=NATIONALE,
        rang=2,
        date_publication=today,
        fichier=name,
        sha256=sha256,
        format=charge.format,
        mise_en_page=layout_of(charge.texte) if isinstance(charge, TexteBrut) else None,
    )


def layout_of(texte: str) -> MiseEnPage:
    """The habits of a plain text: what tool it seems to come from."""
    lines = [line for line in texte.splitlines() if line.strip()]
    if re.search(r"^#{1,6} \S", texte, re.MULTILINE):
        return "markdown"
    long = [len(line.rstrip()) for line in lines if len(line.rstrip()) >= _LONG_LINE]
    cut = sum(length <= 2 * _LONG_LINE for length in long)
    if "\f" in texte or (long and cut > 0.8 * len(long)):
        return "pdf"
    return "docx"


def _nature(
    head: tuple[Ligne, ...], bare: str, charge: DocumentCharge | TexteBrut
) -> tuple[Nature, str]:
    found = clues.nature_of(head, f"{bare} {own_title(charge)}")
    if found:
        return found
    if charge.format == "html":
        return "page_web", "c'est une page HTML"
    return "autre", "rien au début du texte ne la dit"


def _date(
    head: tuple[Ligne, ...],
    charge: DocumentCharge | TexteBrut,
    bare: str,
    year: Indice | None,
    today: date,
) -> tuple[Indice, bool]:
    """The day of publication, and whether it is one: of the text, of the file, of the year."""
    read = clues.date_of(head)
    if read:
        return read, True
    told = charge.proprietes.get("date", "")[:10] if isinstance(charge, DocumentCharge) else ""
    if _DAY.fullmatch(told) and (year is None or abs(int(told[:4]) - int(year.valeur[:4])) <= 1):
        return Indice(told, "propriétés du fichier"), False
    if year:
        return Indice(f"{year.valeur[:4]}-01-01", "déduit de l'année scolaire"), False
    some = clues.any_year(head, bare)
    if some:
        return Indice(f"{some.valeur}-01-01", some.lu), False
    return Indice(today.isoformat(), _NO_DATE), False


def rank_of(nature: Nature, portee: str) -> int:
    """Rank of a text among others: 1 binds all, 3 is a département's."""
    if portee != NATIONALE:
        return 3
    return 1 if nature in ("circulaire", "referentiel") else 2


def _why_last(year: Indice | None, portee: str) -> str:
    if year and portee != NATIONALE:
        return "un texte local vaut pour son année"
    return "en vigueur jusqu'à nouvel ordre"
