"""What was measured of PostgreSQL, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from bench.echelle_magasin import Mesure, Mots
from bench.tableau import Tableau, decimal, size

MILLI = 1e3


def table_of_neighbours(near: Sequence[Mesure]) -> Tableau:
    """What was measured of what is near."""
    return Tableau(
        "Les passages les plus proches, dans PostgreSQL",
        (
            "passages et recherche",
            "construire le graphe (s, processeur)",
            "vecteurs sur disque",
            "graphe sur disque",
            "partout, médiane (ms)",
            "95 % (ms)",
            "processeur : serveur (ms)",
            "réplique (ms)",
            "un département, médiane (ms)",
            "les 10 plus proches",
            "les 10 plus proches du département",
        ),
        tuple(
            (
                f"{decimal(one.passages, 0)}, {one.sorte}",
                decimal(one.construction, 0) if one.graphe else "—",
                size(one.table),
                size(one.graphe) if one.graphe else "—",
                decimal(one.p50 * MILLI, 1),
                decimal(one.p95 * MILLI, 1),
                decimal(one.serveur * MILLI, 1),
                decimal(one.client * MILLI, 1),
                decimal(one.departement * MILLI, 1),
                decimal(one.rappel, 3),
                decimal(one.rappel_departement, 3),
            )
            for one in near
        ),
        "Par les lectures mêmes du programme, sans les mots ni les jetons ; machine partagée : les "
        "temps de l'horloge sont à comparer entre eux. Une tâche par construction et par "
        "recherche. Un dixième des passages est national, le reste réparti entre 94 départements. "
        "« Les 10 plus proches » : part de ceux que trouve une comparaison de tous.",
    )


def table_of_words(words: Sequence[Mots]) -> Tableau:
    """What was measured of the words."""
    return Tableau(
        "Les mots, dans PostgreSQL",
        (
            "passages",
            "sur disque",
            "par passage",
            "partout, médiane (ms)",
            "95 % (ms)",
            "un département, médiane (ms)",
            "envoyé par question",
        ),
        tuple(
            (
                decimal(one.passages, 0),
                size(one.disque),
                size(one.disque / one.passages),
                decimal(one.p50 * MILLI, 1),
                decimal(one.p95 * MILLI, 1),
                decimal(one.departement * MILLI, 1),
                size(one.envoye),
            )
            for one in words
        ),
        "Lire les poids des mots de la question et du lexique, les additionner, trier ; machine "
        "partagée. Textes fictifs de vrais mots, répétés à partir de dix mille : un "
        "mot y est aussi fréquent que dans les vrais textes.",
    )
