"""What is held of a project, fact by fact, and the ways to mend it: each gives another memory.

A project told is a set of facts, by path. A fact is corrected, removed, or the whole is replaced
by what the self-check form holds; the memory that was there is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from assistant.dialogue.memoire import FaitRetenu, Memoire, Origine, meme_valeur
from assistant.dialogue.tour import CADRE
from assistant.eligibility import Regles, lire_projet
from assistant.eligibility.donnees import en_donnees, lire, poser
from assistant.eligibility.errors import ProjetInutilisable
from assistant.eligibility.project import COLLECTIFS_MAXIMUM

COLLECTIFS: Final = "collectifs"
"""Path of the number of collectifs."""
COFINANCEMENTS: Final = "budget.cofinancements"
"""Path of the co-fundings: none at all, or one fact for each (``budget.cofinancements.1``)."""


def aplatir(projet: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a project, by path, in its order.

    ``projet`` is plain data as ``en_donnees`` writes it. A co-funding is one fact; ``collectifs``
    is how many there are.

    >>> aplatir({"collectifs": [{"enfants": 6}], "budget": {"cofinancements": []}})
    {'collectifs': 1, 'collectifs.1.enfants': 6, 'budget.cofinancements': []}
    """
    return {c: v for cle, valeur in projet.items() for c, v in _feuilles(cle, valeur)}


def deplier(faits: Mapping[str, Any]) -> dict[str, Any]:
    """Return the project that some facts make: what ``aplatir`` undoes."""
    projet: dict[str, Any] = {}
    for chemin, valeur in faits.items():
        nombre = chemin == COLLECTIFS
        projet = poser(projet, chemin, [{} for _ in range(valeur)] if nombre else valeur)
    return projet


def _feuilles(chemin: str, valeur: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - plain data
    if chemin == COLLECTIFS:
        yield chemin, len(valeur)
    if isinstance(valeur, Mapping):
        for cle, partie in valeur.items():
            yield from _feuilles(f"{chemin}.{cle}", partie)
    elif chemin == COLLECTIFS:
        for rang, collectif in enumerate(valeur, 1):
            yield from _feuilles(f"{chemin}.{rang}", collectif)
    elif chemin == COFINANCEMENTS and valeur:
        yield from ((f"{chemin}.{rang}", ligne) for rang, ligne in enumerate(valeur, 1))
    else:
        yield chemin, valeur


def faits_tenus(memoire: Memoire, regles: Regles) -> tuple[FaitRetenu, ...]:
    """Return every fact that answers go by, with the words that gave it where some did.

    The place and the year come first. The number of collectifs is a fact where it was told, or
    where there are several. What was only supposed, or was refused, is no part of it.
    """
    cadre = {"departement": memoire.departement, "annee_scolaire": memoire.annee_scolaire}
    dits = {f.chemin: f for f in memoire.cadre}
    tenus = [
        connu if connu and connu.valeur == valeur else _fait(chemin, valeur, memoire, "message")
        for chemin, valeur in cadre.items()
        if valeur
        for connu in [dits.get(chemin)]
    ]
    return (*tenus, *_faits(projet_tenu(memoire, regles), memoire, "message"))


def corriger(memoire: Memoire, chemin: str, valeur: Any, regles: Regles) -> Memoire:  # noqa: ANN401
    """Return the memory with one fact as the person sets it; None: no longer held.

    ``chemin`` may be ``collectifs`` (a number) or ``budget.cofinancements`` (the whole list).

    Raises:
        ProjetInutilisable: the value is refused, or contradicts another fact.
    """
    if valeur is None:
        return retirer(memoire, chemin, regles)
    if chemin in CADRE:
        lire_projet({chemin: valeur}, regles)
        autres = (f for f in memoire.cadre if f.chemin != chemin)
        dit = _fait(chemin, valeur, memoire, "correction")
        return memoire.model_copy(update={chemin: valeur, "cadre": (*autres, dit)})
    projet = projet_tenu(memoire, regles)
    if chemin == COLLECTIFS:
        connus = list(projet.get(COLLECTIFS) or [])
        if not 0 <= valeur <= COLLECTIFS_MAXIMUM:
            raise ProjetInutilisable(
                (f"« collectifs » vaut {valeur} ; attendu : 0 à {COLLECTIFS_MAXIMUM}.",)
            )
        valeur = connus[:valeur] + [{} for _ in range(valeur - len(connus))]
    return _avec(memoire, poser(projet, chemin, valeur), "correction", regles)


def retirer(memoire: Memoire, chemin: str, regles: Regles) -> Memoire:
    """Return the memory without one fact; what is told of collectifs keeps them."""
    if chemin in CADRE:
        cadre = tuple(f for f in memoire.cadre if f.chemin != chemin)
        return memoire.model_copy(update={chemin: None, "cadre": cadre})
    projet = projet_tenu(memoire, regles)
    debut, _, rang = chemin.rpartition(".")
    if debut == COFINANCEMENTS:
        lignes = lire(projet, COFINANCEMENTS) or []
        restes = [ligne for place, ligne in enumerate(lignes, 1) if str(place) != rang]
        projet = poser(projet, COFINANCEMENTS, restes or None)
    elif chemin != COLLECTIFS:
        projet = poser(projet, chemin, None)
    oublies = {chemin} & {COLLECTIFS}
    dits = tuple(f for f in memoire.faits if f.chemin not in oublies)
    suite = memoire.model_copy(update={"faits": dits})
    if not any(f.chemin == COLLECTIFS for f in dits):
        projet = _sans_collectif_vide(projet)
    return _avec(suite, projet, "correction", regles)


def remplacer(memoire: Memoire, projet: Mapping[str, Any], regles: Regles) -> Memoire:
    """Return the memory with the facts of the self-check form in place of those held.

    Raises:
        ProjetInutilisable: a value is refused, or the project contradicts itself.
    """
    donnees = en_donnees(lire_projet(projet, regles), regles)
    cadre = {nom: donnees.pop(nom, None) for nom in sorted(CADRE)}
    connus = {f.chemin: f for f in memoire.cadre}
    dits = tuple(
        connu if connu and connu.valeur == valeur else _fait(nom, valeur, memoire, "formulaire")
        for nom, valeur in cadre.items()
        if valeur is not None
        for connu in [connus.get(nom)]
    )
    suite = memoire.model_copy(update={**cadre, "cadre": dits})
    # A collectif of which nothing is known is what every project begins with.
    vide = donnees == {COLLECTIFS: [{}]}
    return _avec(suite, {} if vide else donnees, "formulaire", regles)


def _avec(memoire: Memoire, projet: dict[str, Any], origine: Origine, regles: Regles) -> Memoire:
    """Return the memory of another project; facts that stay as they were keep their words."""
    lu = en_donnees(lire_projet(projet, regles), regles)
    update = {"projet": lu, "faits": _faits(lu, memoire, origine), "attendus": ()}
    return memoire.model_copy(update=update)


def projet_tenu(memoire: Memoire, regles: Regles) -> dict[str, Any]:
    """Return the project held, written in one way: objectives one by one, sets in their order.

    The place and the year, which the memory holds apart, are no part of it.
    """
    try:
        return en_donnees(lire_projet(memoire.projet, regles), regles)
    except ProjetInutilisable:
        # New rules came during the conversation: what they no longer read is let go.
        lisible: dict[str, Any] = {}
        for chemin, valeur in aplatir(memoire.projet).items():
            essai = poser(lisible, chemin, [{}] * valeur if chemin == COLLECTIFS else valeur)
            lisible = essai if _se_lit(essai, regles) else lisible
        return en_donnees(lire_projet(lisible, regles), regles)


def _se_lit(projet: Mapping[str, Any], regles: Regles) -> bool:
    try:
        lire_projet(projet, regles)
    except ProjetInutilisable:
        return False
    return True


def _faits(projet: Mapping[str, Any], memoire: Memoire, origine: Origine) -> tuple[FaitRetenu, ...]:
    suite: list[FaitRetenu] = []
    for chemin, valeur in aplatir(projet).items():
        connu = _connu(chemin, valeur, memoire)
        if connu is None and chemin == COLLECTIFS and valeur == 1:
            continue
        suite.append(connu or _fait(chemin, valeur, memoire, origine))
    return tuple(suite)


def _connu(chemin: str, valeur: Any, memoire: Memoire) -> FaitRetenu | None:  # noqa: ANN401
    """Return the fact held that says this; a co-funding keeps its words when it changes place."""
    debut = chemin.rpartition(".")[0]
    semblables = [
        f
        for f in memoire.faits
        if meme_valeur(f.valeur, valeur)
        and (f.chemin == chemin or (debut == COFINANCEMENTS and f.chemin.startswith(debut)))
    ]
    trouve = min(semblables, key=lambda f: f.chemin != chemin, default=None)
    return trouve and trouve.model_copy(update={"chemin": chemin, "valeur": valeur})


def _fait(chemin: str, valeur: Any, memoire: Memoire, origine: Origine) -> FaitRetenu:  # noqa: ANN401
    return FaitRetenu(
        chemin=chemin,
        valeur=valeur,
        mots="",
        certitude="dite",
        tour=memoire.tours,
        origine=origine,
    )


def _sans_collectif_vide(projet: dict[str, Any]) -> dict[str, Any]:
    """Return the project without the last collectifs, where nothing is known of them."""
    collectifs = list(projet.get(COLLECTIFS) or [])
    while collectifs and not collectifs[-1]:
        collectifs.pop()
    reste = {cle: valeur for cle, valeur in projet.items() if cle != COLLECTIFS}
    return {**reste, COLLECTIFS: collectifs} if collectifs else reste
