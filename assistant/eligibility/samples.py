"""Project files to start from: an empty one with its questions in comments, and a complete one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from assistant.eligibility.project import COFINANCEURS, Projet
from assistant.eligibility.reading import lire_projet
from assistant.eligibility.rulebook import COLLECTIF, Regles
from assistant.eligibility.schema import FaitDeclare
from corpus.lecture_yaml import read_yaml

_EXEMPLE: Final = Path(__file__).parent / "exemple.yaml"
_ENTETE: Final = """\
# Projet Clas à vérifier : clas verifier projet.yaml
# Remplacez null par votre réponse ; null veut dire « je ne sais pas ».
# Textes entre guillemets, dates « AAAA-MM-JJ », montants en euros, true ou false pour oui ou non.
"""


def modele_commente(regles: Regles) -> str:
    """Return an empty project file (YAML), each fact with its question and what it accepts."""
    lignes = [_ENTETE]
    ouverts: list[str] = []
    cofinancements_ecrits = False
    for fichier in regles.fichiers.values():
        if fichier.bloc:
            lignes.append(f"\n# Faits propres au département {fichier.portee} ({fichier.nom}).")
        for fait in fichier.faits:
            if fait.nom.startswith("budget.") and not cofinancements_ecrits:
                _fermer(ouverts, ["budget"], lignes)
                lignes += _cofinancements()
                cofinancements_ecrits = True
            parties = fait.nom.split(".")
            _fermer(ouverts, parties[:-1], lignes)
            retrait = "  " * len(ouverts)
            lignes.append(f"{retrait}# {_aide(fait)}")
            lignes.append(f"{retrait}{parties[-1]}: null")
    return "\n".join(lignes) + "\n"


def _fermer(ouverts: list[str], voulus: list[str], lignes: list[str]) -> None:
    """Open the blocks that a fact stands in; those of another fact are closed by the margin."""
    commun = 0
    while commun < min(len(ouverts), len(voulus)) and ouverts[commun] == voulus[commun]:
        commun += 1
    del ouverts[commun:]
    for partie in voulus[commun:]:
        if partie == "*":
            lignes.append("  " * len(ouverts) + "-")
        else:
            lignes.append(f"{'  ' * len(ouverts)}{partie}:")
        ouverts.append(partie)


def _aide(fait: FaitDeclare) -> str:
    if fait.nom.startswith(COLLECTIF) and fait.herite_de:
        return f"{fait.question} (null : comme le projet)"
    accepte = {
        "booleen": "true, false",
        "choix": ", ".join(fait.valeurs),
        "ensemble": "liste parmi " + ", ".join(fait.valeurs),
        "entier": "nombre entier",
        "montant": "euros",
        "date": "AAAA-MM-JJ",
        "annee": '"2025-2026"',
        "departement": '"34"',
        "texte": "texte",
    }[fait.type]
    return f"{fait.question} [{accepte}]"


def _cofinancements() -> list[str]:
    return [
        "  # Quels cofinancements le projet a-t-il ? Une ligne par financeur, par exemple :",
        '  #   - {financeur: "commune", type: commune, montant: 3000}',
        f"  # type : {', '.join(COFINANCEURS)}",
        "  cofinancements: null",
    ]


def exemple(departement: str, regles: Regles) -> str:
    """Return a complete project that conforms (JSON), for a département.

    Raises:
        EntreeInutilisable: the département does not exist.
    """
    fichier = regles.fichiers.get(departement)
    projet: dict[str, Any] = read_yaml(_EXEMPLE.read_text(encoding="utf-8"))
    annee: str = (fichier.annees.du if fichier else None) or projet["annee_scolaire"]
    projet |= {
        "departement": departement,
        "annee_scolaire": annee,
        "depot_elan": f"{annee[:4]}-{projet['depot_elan']}",
        "fin": f"{annee[5:]}-{projet['fin']}",
    }
    reprise, _ = regles.parametre("reprise_toussaint", int(annee[:4]))
    if reprise is not None:
        projet["debut"] = reprise.valeur.isoformat()
    if fichier is not None and fichier.bloc:
        projet[fichier.bloc] = {fait.nom.rpartition(".")[2]: fait.exemple for fait in fichier.faits}
    lire_projet(projet, regles)
    ordre = [*Projet.model_fields, *regles.blocs]
    range_ = {cle: projet[cle] for cle in ordre if cle in projet}
    return json.dumps(range_, ensure_ascii=False, indent=2) + "\n"
