"""Correct the entry that a file proposes, or that a document of the base has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from pydantic import ValidationError

from corpus.base import clues
from corpus.base.clues import UNKNOWN_PUBLISHER
from corpus.base.proposal import Champ, Lu, Proposition, rank_of, read_as
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.manifest import ManifesteInutilisable
from corpus.models import NATIONALE, FicheDocument

_SCOPES: Final = "attendu « nationale » ou un code de département (01 à 95, 2A, 2B, 971 à 976)"
CHAMPS: tuple[Champ, ...] = get_args(Champ)


def correct(
    proposed: Proposition, fields: Mapping[str, object], charge: DocumentCharge | TexteBrut
) -> Proposition:
    """Apply corrections of whoever adds the file.

    Raises:
        ValueError: a value is not accepted; the message names the field, what was found and what
            is accepted.
    """
    if not fields:
        return proposed
    fiche = corrected(proposed.fiche, fields)
    try:
        document = read_as(charge, fiche)
    except ManifesteInutilisable as error:
        raise ValueError(str(error)) from error
    read = {lu.champ: lu.ou for lu in proposed.lus} | {
        lu.champ: "corrigé" for lu in _given(fields, proposed.fiche, fiche)
    }
    return proposed.model_copy(
        update={
            "fiche": fiche,
            "document": document,
            "lus": tuple(Lu(champ=champ, ou=ou) for champ, ou in read.items()),
        }
    )


def _given(
    fields: Mapping[str, object], before: FicheDocument, after: FicheDocument
) -> tuple[Lu, ...]:
    names = CHAMPS
    changed = {n for n in names if getattr(before, n) != getattr(after, n)}
    return tuple(Lu(champ=name, ou="corrigé") for name in names if name in changed | set(fields))


def corrected(fiche: FicheDocument, fields: Mapping[str, object]) -> FicheDocument:
    """An entry with other values; a school year given alone gives those that rest on it.

    Raises:
        ValueError: as ``correct``.
    """
    given = dict(fields)
    if "annee" in given and given["annee"] is not None:
        given.setdefault("premiere_annee", given["annee"])
        if fiche.derniere_annee is not None:
            given.setdefault("derniere_annee", given["annee"])
    if "date_publication" in given:
        given.setdefault("date_precise", True)
    portee = given.get("portee")
    if isinstance(portee, str) and portee != fiche.portee:
        given = {**_of_the_scope(fiche, portee), **given}
    try:
        new = FicheDocument.model_validate({**fiche.model_dump(), **given})
    except ValidationError as error:
        raise ValueError(_trouble(error)) from error
    _check(new)
    return new


def _of_the_scope(fiche: FicheDocument, portee: str) -> dict[str, object]:
    """What rests on the scope of an entry, as a text of another scope has it.

    What somebody wrote otherwise stays: only what the former scope gave is changed.
    """
    lieux = clues.departements()
    if portee != NATIONALE and portee not in lieux:
        return {}
    before, after = lieux.get(fiche.portee), lieux.get(portee)
    changed: dict[str, object] = {"rang": rank_of(fiche.nature, portee)}
    if fiche.rang != rank_of(fiche.nature, fiche.portee):
        del changed["rang"]
    whose = f"Caf {before.de}" if before else UNKNOWN_PUBLISHER
    if fiche.editeur == whose:
        changed["editeur"] = f"Caf {after.de}" if after else UNKNOWN_PUBLISHER
    if before and fiche.titre_court.endswith(f" {before.de}"):
        bare = fiche.titre_court.removesuffix(f" {before.de}")
        changed["titre_court"] = f"{bare} {after.de}" if after else bare
    if after and fiche.derniere_annee is None:
        changed["derniere_annee"] = fiche.annee
    if not after and fiche.derniere_annee == fiche.annee:
        changed["derniere_annee"] = None
    return changed


def _trouble(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "fiche"
    context = first.get("ctx", {})
    match first["type"]:
        case "extra_forbidden":
            known = ", ".join(CHAMPS)
            return f"{field} : champ inconnu ; acceptés : {known}"
        case "string_pattern_mismatch" if field == "portee":
            return f"portee : « {first['input']} » ; {_SCOPES}"
        case "string_pattern_mismatch":
            return f"{field} : « {first['input']} » ; attendu de la forme {context['pattern']}"
        case "literal_error":
            return f"{field} : « {first['input']} » ; attendu {context['expected']}"
        case "string_type":
            return f"{field} : « {first['input']} » ; attendu du texte, entre guillemets"
        case "value_error":
            return f"{field} : {context['error']}"
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return f"{field} : « {first['input']} » ; attendu une date comme 2026-09-01"
        case _:
            return f"{field} : « {first['input']} » n'est pas accepté ({first['msg']})"


def _check(fiche: FicheDocument) -> None:
    if fiche.portee != NATIONALE and fiche.portee not in clues.departements():
        raise ValueError(f"portee : « {fiche.portee} » ; {_SCOPES}")
    for name in ("annee", "premiere_annee", "derniere_annee"):
        value = getattr(fiche, name)
        if value is not None and int(value[5:]) != int(value[:4]) + 1:
            raise ValueError(
                f"{name} : « {value} » ; attendu deux années qui se suivent, comme 2026-2027"
            )
    first, last = fiche.premiere_annee, fiche.derniere_annee
    if first and last and first > last:
        raise ValueError(f"derniere_annee : « {last} » vient avant premiere_annee « {first} »")
    for name in ("titre", "titre_court", "editeur"):
        if not getattr(fiche, name).strip():
            raise ValueError(f"{name} : vide ; attendu quelques mots")
