"""The documents of the base, as a list or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.configuration import Configuration
from assistant.publication.etat import open_base
from assistant.rendering import harmless, scope_name
from corpus.base.models import EntreeBase, VersionBase
from corpus.base.store import BaseInutilisable

_ORIGINS = {"livre": "livré", "apporte": "apporté"}


def list_documents(entries: Iterable[EntreeBase]) -> str:
    """One document a line: id, text version, scope, school year, validity, origin, title."""
    listed = tuple(entries)
    after = _replaced(listed)
    return "\n".join(
        harmless(
            f"{e.fiche.id}  {e.texte}  {scope_name(e.fiche.portee):<14} {e.fiche.annee or '':<10} "
            f"{_validity(e, after.get(e.fiche.id)):<26} {_ORIGINS[e.origine]:<8} {e.fiche.titre}"
        )
        for e in listed
    )


def list_draft(configuration: Configuration, version: VersionBase) -> str:
    """What a draft changes in the list; empty where there is none."""
    try:
        draft = open_base(configuration).read_draft()
    except BaseInutilisable as error:
        return f"\nEn préparation : {error}"
    if draft is None:
        return ""
    before = {entree.fiche.id: entree for entree in version.documents}
    changed = [e for e in draft.documents if before.get(e.fiche.id) != e]
    aside = f", {len(draft.retraits)} élément(s) mis de côté" if draft.retraits else ""
    head = f"\nEn préparation, sur la version {version.numero}{aside} :"
    if draft.parent != version.identite:
        head = f"\nEn préparation, sur la version {draft.parent} qui n'est plus en service :"
    return f"{head}\n{list_documents(changed)}" if changed else head


def as_json(configuration: Configuration, version: VersionBase) -> str:
    """Everything that the list says, for programs."""
    base = open_base(configuration)
    draft = base.read_draft()
    told: dict[str, Any] = {
        "version": _version(version),
        "documents": _documents(version.documents),
        "brouillon": draft
        and {
            "parent": draft.parent,
            "documents": _documents(draft.documents),
            "retraits": [r.model_dump() for r in draft.retraits],
            "reparations": [r.model_dump() for r in draft.reparations],
        },
        "versions": [_version(v) for v in base.versions()],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _validity(entree: EntreeBase, after: str | None) -> str:
    if entree.retire:
        return "retiré"
    first, last = entree.fiche.premiere_annee, entree.fiche.derniere_annee
    said = f"jusqu'en {last}" if last else "en vigueur"
    if first and last and first == last:
        said = f"pour {first}"
    return f"{said}, puis {after}" if after else said


def _replaced(entries: Iterable[EntreeBase]) -> Mapping[str, str]:
    return {e.remplace: e.fiche.id for e in entries if e.remplace and not e.retire}


def _documents(entries: Iterable[EntreeBase]) -> list[dict[str, Any]]:
    listed = tuple(entries)
    after = _replaced(listed)
    return [
        {
            "id": e.fiche.id,
            "titre": e.fiche.titre,
            "titre_court": e.fiche.titre_court,
            "portee": e.fiche.portee,
            "annee": e.fiche.annee,
            "premiere_annee": e.fiche.premiere_annee,
            "derniere_annee": e.fiche.derniere_annee,
            "texte": e.texte,
            "origine": e.origine,
            "retire": e.retire,
            "remplace": e.remplace,
            "remplace_par": after.get(e.fiche.id),
            "fichier": e.fiche.fichier,
            "sha256": e.fiche.sha256,
        }
        for e in listed
    ]


def _version(version: VersionBase) -> dict[str, Any]:
    return {
        "numero": version.numero,
        "identite": version.identite,
        "auteur": version.auteur,
        "date": version.date.isoformat() if version.date else None,
        "motif": version.motif,
    }
