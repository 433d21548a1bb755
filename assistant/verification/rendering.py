"""What the terminal shows of a verification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.rendering import harmless, scope_name
from assistant.verification.models import Constat, Ecarts, Place, Verification
from assistant.verification.words import AILLEURS, DEVENIRS, GENRES, STATUTS, say_replacement
from assistant.verification.words import say_where as _say_where
from corpus.comparison.changes import Fragment


def render(verification: Verification) -> str:
    """Lay out every quotation, one after the other."""
    plusieurs = len(verification.constats) > 1
    parties = [
        "\n".join(_lines(constat, rang if plusieurs else None))
        for rang, constat in enumerate(verification.constats, start=1)
    ]
    if verification.laisses:
        parties.append(
            f"{verification.laisses} autres citations n'ont pas été vérifiées : collez-les à part."
        )
    return harmless("\n\n".join(parties))


def _lines(constat: Constat, rang: int | None) -> Iterator[str]:
    signe, titre = STATUTS[constat.statut]
    yield f"{f'{rang}. ' if rang else ''}{signe} {titre}"
    if constat.cite:
        yield f"   « {_flat(constat.cite)} »"
    yield f"   {constat.explication}"
    if constat.ecarts:
        yield from _differences(constat.ecarts)
    if constat.lien:
        yield f"   {constat.lien}"
    if constat.place:
        yield from _place(constat.place)
    if constat.actuel:
        yield f"   {DEVENIRS[constat.actuel.sort]}"
        if constat.actuel.ecarts:
            yield f"   « {_marked(constat.actuel.ecarts.texte)} »"
    for autre in constat.ailleurs:
        yield f"   Ailleurs, {AILLEURS[autre.sorte]} : {_where(autre.place)}"
        fragments = autre.ecarts.texte if autre.ecarts else ()
        yield f"      « {_marked(fragments) if fragments else _flat(autre.place.extrait)} »"
    if constat.appuis:
        dits = " ; ".join(
            f"{GENRES[a.genre]} {a.nom.removeprefix('paramètre ')}" for a in constat.appuis
        )
        yield f"   S'appuient sur ce passage : {dits}"


def _place(place: Place) -> Iterator[str]:
    yield f"   Place : {_where(place)}"
    yield f"   Document {place.document}, version {place.version}, {place.debut} à {place.fin}"
    if place.remplacement:
        yield f"   {say_replacement(place.remplacement)}"
    yield f"   Contexte : {_flat(f'{place.avant}⟦{place.extrait}⟧{place.apres}')}"


def _where(place: Place) -> str:
    return _say_where(place, scope_name(place.portee))


def _differences(ecarts: Ecarts) -> Iterator[str]:
    yield f"   Le texte dit     : {_marked(ecarts.texte)}"
    yield f"   La citation dit  : {_marked(ecarts.citation)}"


def _marked(fragments: Sequence[Fragment]) -> str:
    """Words that differ stand between ⟦ and ⟧."""
    return _flat("".join(f.texte if f.egal else f"⟦{f.texte.strip()}⟧ " for f in fragments))


def _flat(texte: str) -> str:
    return " ".join(texte.split())
