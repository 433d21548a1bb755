"""What ``clas verifier`` does, ready to be wired to a command line.

Every function raises ``EntreeInutilisable`` (leave with status 2) for a file that cannot be used,
and ``ReglesInutilisables`` or ``OSError`` (status 1) for what could not be done.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from assistant.eligibility.engine.checker import verifier
from assistant.eligibility.errors import EntreeInutilisable, ProjetInutilisable
from assistant.eligibility.loading import charger_regles
from assistant.eligibility.messages import montrer
from assistant.eligibility.reading import (
    FICHIER_MAXIMUM,
    analyser,
    lignes,
    lire_fichier,
    lire_octets,
    lire_projet,
)
from assistant.eligibility.rendering import en_texte
from assistant.eligibility.rulebook import Regles
from assistant.eligibility.samples import exemple, modele_commente
from corpus.library import load_corpus

__all__ = ["exemple", "modele_commente", "regles_livrees", "verifier_fichier", "verifier_lot"]


def regles_livrees() -> Regles:
    """Load the rules that come with the program, checked against its texts."""
    return charger_regles(load_corpus().documents)


def verifier_fichier(chemin: Path, regles: Regles, *, en_json: bool = False) -> str:
    """Check one project file; return the result as a text, or as the contract's JSON."""
    resultat = verifier(lire_fichier(chemin, regles), regles)
    if en_json:
        return json.dumps(resultat.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
    return en_texte(resultat, regles)


def verifier_lot(entree: Path, sortie: Path, regles: Regles) -> int:
    """Check the projects of a file of JSON lines, in order; return how many there were.

    A line in is ``{"id", "projet"}``, a line out ``{"id", "resultat"}``. Nothing is written unless
    every line can be used.
    """
    contenu = lire_octets(entree, FICHIER_MAXIMUM)
    nombre = 0
    dossier = sortie.parent
    if not dossier.is_dir():
        raise EntreeInutilisable(f"« {dossier} » : ce dossier n'existe pas.")
    descripteur, provisoire = tempfile.mkstemp(dir=dossier, prefix=f".{sortie.name}.")
    try:
        with os.fdopen(descripteur, "w", encoding="utf-8") as fichier:
            for numero, ligne in lignes(contenu):
                fichier.write(_verifier_ligne(entree, numero, ligne, regles))
                nombre += 1
            fichier.flush()
            os.fsync(fichier.fileno())
        os.replace(provisoire, sortie)  # noqa: PTH105 - the pair of mkstemp
    except BaseException:
        Path(provisoire).unlink(missing_ok=True)
        raise
    return nombre


def _verifier_ligne(entree: Path, numero: int, ligne: bytes, regles: Regles) -> str:
    lieu = f"{entree.name}, ligne {numero}"
    try:
        donnees = analyser(ligne)
        identifiant, projet = _identifiant_et_projet(donnees)
        resultat = verifier(lire_projet(projet, regles), regles)
    except ProjetInutilisable as error:
        raise ProjetInutilisable(tuple(f"{lieu} : {f}" for f in error.fautes)) from error
    except EntreeInutilisable as error:
        raise EntreeInutilisable(f"{lieu} : {error}") from error
    debut = json.dumps({"id": identifiant}, ensure_ascii=False)[:-1]
    return f'{debut}, "resultat": {resultat.model_dump_json()}}}\n'


def _identifiant_et_projet(donnees: Any) -> tuple[str | int, Any]:  # noqa: ANN401 - any JSON
    if not isinstance(donnees, dict):
        raise EntreeInutilisable(
            f'la ligne vaut {montrer(donnees)} ; attendu : {{"id": "…", "projet": {{…}}}}.'
        )
    for cle in ("id", "projet"):
        if donnees.get(cle) is None:
            raise EntreeInutilisable(
                f'« {cle} » : absent ; attendu : {{"id": "…", "projet": {{…}}}}.'
            )
    identifiant = donnees["id"]
    if isinstance(identifiant, bool) or not isinstance(identifiant, str | int):
        raise EntreeInutilisable(f"« id » vaut {montrer(identifiant)} ; attendu : un texte.")
    return identifiant, donnees["projet"]
