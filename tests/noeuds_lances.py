"""Several PostgreSQL nodes for the tests: each a server of its own, with a prepared base."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from corpus.magasin.moteur import Bornes, Magasin
from corpus.magasin.preparation import preparer_magasin
from index.postgres.fragments.plan import PlanFragments
from index.postgres.fragments.repartir import Noeuds
from tests.postgres_lance import ServeurPostgres

BORNES = Bornes(connexion=2.0, requete=2.0, verrou=0.5, pause=1.0)
"""As the pages wait for a store."""


@dataclass(frozen=True)
class NoeudsLances:
    """Several nodes: the one that is asked, « ici », and more."""

    serveurs: Mapping[str, ServeurPostgres]
    magasins: Mapping[str, Magasin]
    noeuds: Noeuds

    @property
    def ici(self) -> Magasin:
        return self.magasins["ici"]


@contextmanager
def noeuds_lances(
    serveurs: Sequence[ServeurPostgres], departements: Mapping[str, object]
) -> Iterator[NoeudsLances]:
    """A new base on each of some servers; ``departements``: of each node, by its name, in order."""
    base = f"noeud_{secrets.token_hex(6)}"
    par_nom = dict(zip(departements, serveurs, strict=True))
    with ExitStack() as pile:
        magasins = {}
        for nom, serveur in par_nom.items():
            serveur.creer(base)
            pile.callback(serveur.supprimer, base)
            magasins[nom] = Magasin(serveur.adresse(base), BORNES)
            pile.callback(magasins[nom].fermer)
            preparer_magasin(magasins[nom])
        plan = plan_des_noeuds(par_nom, base, departements)
        autres = {nom: magasin for nom, magasin in magasins.items() if nom != "ici"}
        yield NoeudsLances(par_nom, magasins, Noeuds(plan, autres))


def plan_des_noeuds(
    serveurs: Mapping[str, ServeurPostgres], base: str, departements: Mapping[str, object]
) -> PlanFragments:
    """The plan of some nodes, as its file would say it."""
    return PlanFragments.model_validate(
        {
            "noeuds": [
                {
                    "nom": nom,
                    "departements": departements[nom],
                    "adresse": None
                    if nom == "ici"
                    else f"postgresql://clas@127.0.0.1:{serveur.port}/{base}",
                    "mot_de_passe": None if nom == "ici" else f"CLAS_FRAGMENT_{nom.upper()}",
                }
                for nom, serveur in serveurs.items()
            ]
        }
    )
