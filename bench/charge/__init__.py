"""Many people in the pages at once: what they wait for, what it takes, what goes wrong."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from assistant.configuration import read_configuration
from bench.charge.modele import Charge, Resultat, centile
from bench.charge.repliques import Replique, copier, preparer, repliques
from bench.tableau import RAW, ROOT, Tableau, decimal, size, verdict

SESSIONS = 100
DUREE = 60.0
ECHAUFFEMENT = 8.0
"""Seconds that two people a replica ask before anything is measured."""
REPLIQUES = (1, 2, 4)
BUT = 1.0
BASE = "charge"


def run(
    duree: float = DUREE, sessions: int = SESSIONS, nombres: Sequence[int] = REPLIQUES
) -> Sequence[Tableau]:
    """Measure each number of replicas, for ``duree`` seconds each."""
    # An extra, and a server of the tests: no other bench needs them.
    from tests.postgres_lance import postgres_lance  # noqa: PLC0415

    RAW.mkdir(parents=True, exist_ok=True)
    lignes = []
    with tempfile.TemporaryDirectory(dir=RAW) as brouillon, postgres_lance() as serveur:
        dossier = Path(brouillon)
        serveur.creer(BASE)
        sources: dict[str | None, Path] = {}
        for base in (None, serveur.url(BASE)):
            sources[base] = dossier / ("partage" if base else "embarque")
            copier(read_configuration().donnees, sources[base])
            preparer(sources[base], base)
        for rang, (base, lecteur, nombre) in enumerate(product(sources, (True, False), nombres)):
            place = dossier / f"essai-{rang}"
            with repliques(sources[base], place, nombre, base, lecteur=lecteur) as lancees:
                nom = "PostgreSQL" if base else "embarqués"
                mesures = _mesurer(lancees, sessions, duree)
                lignes.append((nom, "oui" if lecteur else "non", str(nombre), *mesures))
    return [
        Tableau(
            f"{sessions} personnes, 5 s de réflexion entre une réponse et la question suivante",
            (
                "textes",
                "premiers candidats relus",
                "répliques",
                "réponses",
                "médiane (s)",
                "95 % (s)",
                "99 % (s)",
                "ouvrir la page, médiane (s)",
                "erreurs",
                "reconnexions",
                "mémoire des répliques",
                "processeur par réponse (s)",
                "cœurs pris, répliques et client",
                "but, à 95 %",
            ),
            tuple(lignes),
            f"{decimal(duree, 0)} s par ligne, par le protocole des pages, sans navigateur : de la "
            "question envoyée à la page entière. Un processus de calcul par réplique. Les "
            "personnes arrivent en 5 s. « Mémoire » : la plus haute de chaque réplique, ajoutées ; "
            "les fichiers du modèle et de l'index, communs à toutes, y sont comptés dans chacune. "
            "Le client et PostgreSQL tournent sur la même machine.",
        )
    ]


def charger(charge: Charge) -> Resultat:
    """Make a load, from a process of its own.

    Raises:
        subprocess.CalledProcessError: it could not be made.
    """
    fait = subprocess.run(
        [sys.executable, "-m", "bench.charge.client"],
        input=charge.json,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=charge.duree + 3 * charge.patience,
        check=True,
    )
    return Resultat.lu(fait.stdout)


def _mesurer(lancees: Sequence[Replique], sessions: int, duree: float) -> tuple[str, ...]:
    """Cells of a row, from the answers on."""
    adresses = tuple(replique.adresse for replique in lancees)
    charger(Charge(adresses, 2 * len(adresses), ECHAUFFEMENT, reflexion=1, graine=1))
    avant = sum(replique.processeur for replique in lancees)
    resultat = charger(Charge(adresses, sessions, duree))
    pris = sum(replique.processeur for replique in lancees) - avant
    haut = resultat.centile(0.95)
    erreurs = [f"{combien} : {genre}" for genre, combien in resultat.erreurs.items()]
    return (
        str(len(resultat.repondues)),
        decimal(resultat.centile(0.5)),
        decimal(haut),
        decimal(resultat.centile(0.99)),
        decimal(centile(resultat.ouvertures, 0.5)),
        " ; ".join(erreurs) or "0",
        str(resultat.reconnexions),
        size(sum(replique.memoire for replique in lancees)),
        decimal(pris / max(1, len(resultat.demandes)), 3),
        decimal((pris + resultat.processeur) / duree),
        verdict(haut, BUT),
    )
