"""The other nodes of a shared store: each there, prepared, holding its part, and reached from here.

Imported only where ``CLAS_BASE`` is set: its packages are an extra.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sqlalchemy import Connection

from assistant.diagnostic.magasin import refus
from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    alerte,
    bon,
    configuration_de,
    non_verifie,
    panne,
)
from corpus.magasin.adresse import MagasinMalRegle
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin
from corpus.magasin.ouverture import ouvrir_magasin
from index.postgres.exchange import driver_of
from index.postgres.fragments.disposition import Disposition, Part
from index.postgres.fragments.lecture import answers
from index.postgres.fragments.plan import (
    FRAGMENTS_VARIABLE,
    Noeud,
    PlanFragments,
    adresse_du_noeud,
)
from index.postgres.fragments.repartir import layout_of
from index.postgres.names import stated
from index.postgres.versions import check_version, seal_of, versions_used
from index.storage import IndexInutilisable

_PREPARER: Final = "lancez « clas preparer »"
_VOIR: Final = "voyez « magasin partagé »"
_VOIR_LE_NOEUD: Final = "voyez son administration"
_MONTREES: Final = 5
"""Départements named, at most."""
_DELAI: Final = 3.0
"""Seconds that a node may take to answer the base that asks it."""


def noeuds(contexte: Contexte) -> Iterator[Releve]:
    """Whether each node can serve its départements; every one is told."""
    plan, magasin = configuration_de(contexte).fragments, contexte.magasin
    if plan is None or magasin is None or refus(magasin) is not None:
        yield non_verifie("le magasin partagé ne peut pas servir", _VOIR)
        return
    portees: frozenset[str] = frozenset()
    try:
        with magasin.connexion() as connection:
            version = next(iter(versions_used(connection)), None)
            disposition = None if version is None else layout_of(connection, version)
            if version is not None and disposition is not None:
                portees = _portees(connection, version, disposition)
    except (MagasinIndisponible, IndexInutilisable) as error:
        yield panne(str(error).rstrip("."), _VOIR)
        return
    if version is None or disposition is None:
        yield panne(
            "la version en service n'est pas répartie : la base de CLAS_BASE la tient seule",
            f"{_PREPARER} : les nœuds en recevront leur part",
        )
        return
    regarder = _regard(contexte, plan, magasin, version, disposition)
    with ThreadPoolExecutor(len(plan.autres) or 1) as fils:
        yield from fils.map(regarder, plan.autres)
    yield from _autrement(plan, disposition, portees)


def _portees(connection: Connection, version: str, disposition: Disposition) -> frozenset[str]:
    """Scopes of all the passages of a version, wherever they are."""
    ici = driver_of(connection).execute(stated("SELECT DISTINCT portee FROM {s}.passages", version))
    ailleurs = {portee for part in disposition.parts for portee in part.portees}
    return frozenset({str(portee) for (portee,) in ici} | ailleurs)


def _regard(
    contexte: Contexte,
    plan: PlanFragments,
    magasin: Magasin,
    version: str,
    disposition: Disposition,
) -> Callable[[Noeud], Releve]:
    """What is asked of each node, and of the base that asks it."""
    parts = {part.noeud: part for part in disposition.parts}

    def regarder(noeud: Noeud) -> Releve:
        part = parts.get(noeud.nom)
        if part is None:
            return panne(
                f"{noeud.nom} : la version en service n'y a rien",
                f"{_PREPARER} : il en recevra sa part",
            )
        sans = _sans(part, secours=plan.copie_de_secours)
        trouble = _sur_place(noeud, part, contexte, sans)
        return trouble or _d_ici(noeud, part, magasin, version, sans)

    return regarder


def _sur_place(noeud: Noeud, part: Part, contexte: Contexte, sans: str) -> Releve | None:
    """What is wrong with a node, asked of itself; ``sans``: what happens without it."""
    try:
        adresse = adresse_du_noeud(noeud, contexte.environnement)
        ouvert = ouvrir_magasin(adresse, connexion=3.0, requete=10.0, verrou=2.0)
    except MagasinMalRegle as error:
        return panne(
            str(error).rstrip("."), f"donnez {noeud.mot_de_passe} dans l'environnement de clas"
        )
    try:
        with ouvert.connexion() as connection:
            seal = seal_of(connection, part.version)
            whole = seal is None or contexte.rapide
            tort = None if whole else check_version(connection, part.version)
    except MagasinIndisponible as error:
        trouve, remede = of_node(noeud, error)
        return panne(f"{noeud.nom} ({noeud.adresse}) : {trouve}", f"{remede}{sans}")
    except IndexInutilisable as error:
        return panne(f"{noeud.nom} : {str(error).rstrip('.')}", f"{_PREPARER}{sans}")
    finally:
        ouvert.fermer()
    if seal != part.sceau:
        quoi = "n'a pas sa part de" if seal is None else "a une autre part de"
        return panne(
            f"{noeud.nom} : {quoi} la version en service",
            f"{_PREPARER} : il la recevra{sans}",
        )
    if tort is not None:
        return panne(
            f"{noeud.nom} : sa part de la version en service est abîmée ({tort})",
            f"donnez-lui une base neuve, puis {_PREPARER} : il la recevra{sans}",
        )
    return None


def of_node(noeud: Noeud, error: MagasinIndisponible) -> tuple[str, str]:
    """What a node refuses, and what to do: of its settings, not of those of the shared store."""
    raison = str(error).rpartition("ne peut pas servir : ")[2]
    trouve, _, remede = raison.partition(" : ")
    reglages = f"son adresse dans le fichier de {FRAGMENTS_VARIABLE}"
    if noeud.mot_de_passe:
        reglages += f" et {noeud.mot_de_passe}"
    return trouve, (remede or _VOIR_LE_NOEUD).replace("CLAS_BASE", reglages)


def _d_ici(noeud: Noeud, part: Part, magasin: Magasin, version: str, sans: str) -> Releve:
    """Whether the base that asks reaches a node that is well: it has its own way to it."""
    try:
        if answers(magasin.connexion, version, part, _DELAI):
            combien = f"{len(part.portees)} département{'s' if len(part.portees) > 1 else ''}"
            return bon(f"{noeud.nom} : {noeud.adresse}, {combien} de la version {version}")
    except MagasinIndisponible as error:
        return panne(str(error).rstrip("."), _VOIR)
    return panne(
        f"{noeud.nom} : répond à cette machine, et non à la base de CLAS_BASE",
        f"ouvrez le passage de l'une à l'autre (pg_hba.conf, pare-feu, mot de passe changé ?), "
        f"puis {_PREPARER}{sans}",
    )


def _autrement(
    plan: PlanFragments, disposition: Disposition, portees: frozenset[str]
) -> Iterator[Releve]:
    """Where the version in service is laid out otherwise than the file says now."""
    voulues = {noeud.nom: plan.portees_de(noeud, portees) for noeud in plan.autres}
    for part in disposition.parts:
        if part.noeud not in voulues:
            yield panne(
                f"{part.noeud} : tient une part de la version en service, et n'est pas un autre "
                "nœud dans le fichier de CLAS_FRAGMENTS",
                f"remettez-l'y, ou {_PREPARER} : sa part ira aux autres",
            )
        elif part.portees != voulues[part.noeud]:
            yield alerte(
                f"{part.noeud} : tient {_nommees(part.portees)}, et le fichier de CLAS_FRAGMENTS "
                f"lui donne {_nommees(voulues[part.noeud])}",
                f"{_PREPARER} : la version en service sera répartie comme il le dit",
            )


def _nommees(portees: Sequence[str]) -> str:
    if not portees:
        return "rien"
    return ", ".join(portees[:_MONTREES]) + ("…" if len(portees) > _MONTREES else "")


def _sans(part: Part, *, secours: bool) -> str:
    """What happens while a node is away; ``secours``: each machine's copy answers in its place."""
    if not part.portees:
        return ""
    lieux = _nommees(part.portees)
    if secours:
        return f" ; d'ici là, la copie de chaque machine répond pour {lieux} (copie_de_secours)"
    return (
        f" ; d'ici là, la recherche est incomplète, et les réponses disent qu'il y manque {lieux} "
        "(copie_de_secours: false)"
    )
