"""The draft: the project as a plain mapping, what was typed and refused, and the way back.

A fact that is absent is unknown, and nothing else. Values are those of a project file; what a
person types is read by the same code as a file, so that both are accepted or refused alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from assistant.eligibility import (
    EntreeInutilisable,
    ProjetInutilisable,
    Regles,
    lire_projet,
)
from assistant.eligibility.donnees import en_donnees, lire, poser, simple
from assistant.eligibility.models import Correction
from assistant.eligibility.reading import analyser

MEMOIRE: Final = 50
"""Changes that can be undone, one after the other."""
TEXTE_MAXIMUM: Final = 500
"""Characters that a field takes."""
_ENTIER: Final = re.compile(r"-?\d{1,15}")
_DECIMAL: Final = re.compile(r"-?\d{1,15}([.,]\d{1,10})?")
_DATE: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_FORMES: Final = {"toml": "toml", "yaml": "yaml", "yml": "yaml"}
_DATE_ATTENDUE: Final = "une date qui existe, comme 03/11/2025"


class Refus(NamedTuple):
    """What was typed in a field and could not be kept, and what the field accepts."""

    texte: str
    attendu: str


class Origine(NamedTuple):
    """Where a value that was not answered here comes from, in words."""

    valeur: Any
    mots: str


class Etat(NamedTuple):
    """The draft as it stood before a change, and the name of that change."""

    action: str
    projet: dict[str, Any]
    refus: dict[str, Refus]
    origines: Mapping[str, Origine]


class Brouillon:
    """The draft of one session. A project is never changed in place: it is replaced."""

    def __init__(self) -> None:
        self.projet: dict[str, Any] = nouveau_projet()
        self.refus: dict[str, Refus] = {}
        self.origines: Mapping[str, Origine] = {}
        self.passe: list[Etat] = []
        self.numero = 0
        """Grows with each change, so that a message is said once."""

    def remplacer(
        self, action: str, projet: dict[str, Any], origines: Mapping[str, Origine] | None = None
    ) -> None:
        """Replace the project; what was refused in the old one goes with it.

        ``origines``: where its values come from, by path.
        """
        self._retenir(action)
        self.projet, self.refus, self.origines = projet, {}, origines or {}

    def poser(
        self,
        action: str,
        valeurs: Mapping[str, Any],
        origines: Mapping[str, Origine] | None = None,
    ) -> None:
        """Set facts, by path, as one change; None makes a fact unknown."""
        self._retenir(action)
        self.origines = {**self.origines, **(origines or {})}
        for chemin, valeur in valeurs.items():
            self.projet = poser(self.projet, chemin, valeur)
        prefixes = tuple(f"{chemin}." for chemin in valeurs)
        self.refus = {
            c: r for c, r in self.refus.items() if c not in valeurs and not c.startswith(prefixes)
        }

    def refuser(self, action: str, chemin: str, refus: Refus) -> None:
        """Remember what was typed and cannot be kept: the fact is unknown."""
        self.poser(action, {chemin: None})
        self.refus = {**self.refus, chemin: refus}

    def annuler(self) -> None:
        """Undo the last change, whatever it was."""
        if self.passe:
            etat = self.passe.pop()
            self.projet, self.refus, self.origines = etat.projet, etat.refus, etat.origines
            self.numero += 1

    def lire(self, chemin: str) -> Any:  # noqa: ANN401 - any fact value
        """Return a fact, None when it is unknown."""
        return lire(self.projet, chemin)

    def origine(self, chemin: str) -> str | None:
        """Say where a value comes from; None once it is another, or where it was answered here."""
        origine = self.origines.get(chemin)
        connue = origine is not None and origine.valeur == self.lire(chemin)
        return origine.mots if origine and connue else None

    @property
    def collectifs(self) -> list[dict[str, Any]]:
        """The collectifs, in order."""
        return list(self.projet.get("collectifs") or [])

    def _retenir(self, action: str) -> None:
        self.passe = [
            *self.passe[1 - MEMOIRE :],
            Etat(action, self.projet, self.refus, self.origines),
        ]
        self.numero += 1


def nouveau_projet() -> dict[str, Any]:
    """Return a draft of which nothing is known but that it has a collectif."""
    return {"collectifs": [{}]}


def corriger(projet: Mapping[str, Any], changements: Iterable[Correction]) -> dict[str, Any]:
    """Return the project with the changes of one proposition made."""
    suite = dict(projet)
    for changement in changements:
        suite = poser(suite, changement.champ, simple(changement.vers))
    return suite


def interpreter(texte: str, genre: str) -> Any:  # noqa: ANN401 - any fact value
    """Turn what was typed into a value, or leave it as it is, for the reader to refuse.

    ``genre`` is the type of the fact. Spaces within numbers, the sign €, a decimal comma and
    dates written « 03/11/2025 » are understood.
    """
    if genre == "texte":
        return texte.strip() or None
    serre = "".join(texte.split())
    if not serre:
        return None
    if genre == "entier" and _ENTIER.fullmatch(serre):
        return int(serre)
    if genre == "montant" and _DECIMAL.fullmatch(serre.removesuffix("€")):
        return simple(Decimal(serre.removesuffix("€").replace(",", ".")))
    if genre == "date" and (trouve := _DATE.fullmatch(serre)):
        jour, mois, annee = trouve.groups()
        return f"{annee}-{mois:0>2}-{jour:0>2}"
    return texte.strip()[:TEXTE_MAXIMUM]


def refus_de(chemin: str, texte: str, genre: str, regles: Regles) -> Refus | None:
    """Say what a field accepts when what was typed cannot be kept; None when it can.

    The value is read alone, by the reader of project files.
    """
    seul = ".".join("1" if partie.isdigit() else partie for partie in chemin.split("."))
    try:
        lire_projet(poser({}, seul, interpreter(texte, genre)), regles)
    except ProjetInutilisable as error:
        attendu = error.fautes[0].partition("attendu : ")[2].rstrip(".")
        if genre == "date":
            attendu = _DATE_ATTENDUE
        return Refus(texte[:TEXTE_MAXIMUM], attendu or error.fautes[0])
    return None


def importer(contenu: bytes, nom: str, regles: Regles) -> dict[str, Any]:
    """Read a project file; its suffix says its format (JSON unless TOML or YAML).

    Raises:
        EntreeInutilisable: naming what is wrong, in French (``ProjetInutilisable``: each fault).
    """
    suffixe = nom.rpartition(".")[2].lower()
    donnees = analyser(contenu, _FORMES.get(suffixe, "json"))
    return en_donnees(lire_projet(donnees, regles), regles)


def exporter(projet: Mapping[str, Any]) -> bytes:
    """Write the project file of a draft."""
    return (json.dumps(projet, ensure_ascii=False, indent=2) + "\n").encode()


def fautes(erreur: EntreeInutilisable) -> tuple[str, ...]:
    """Return the sentences of a refusal, one for each fault."""
    return erreur.fautes if isinstance(erreur, ProjetInutilisable) else (str(erreur),)
