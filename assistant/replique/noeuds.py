"""The nodes of a shared store, for whoever publishes."""

from __future__ import annotations

from assistant.magasin import magasin_de_base
from index.postgres.fragments.plan import PlanFragments, adresse_du_noeud
from index.postgres.fragments.repartir import Noeuds


def noeuds_de(plan: PlanFragments) -> Noeuds:
    """The nodes of a plan; nothing is asked of them yet.

    Raises:
        MagasinMalRegle: the password of one is not in the environment.
    """
    return Noeuds(plan, {n.nom: magasin_de_base(adresse_du_noeud(n)) for n in plan.autres})
