"""Project files read within bounds: JSON, JSON lines, TOML or YAML; every fault said in French."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from assistant.eligibility.errors import EntreeInutilisable, ProjetInutilisable
from assistant.eligibility.messages import cle_inconnue, fautes, montrer, montrer_cle
from assistant.eligibility.project import Projet
from assistant.eligibility.rulebook import Regles
from assistant.eligibility.schema import FaitDeclare
from corpus.systeme import raison_systeme

FICHIER_MAXIMUM: Final = 50_000_000
"""Bytes of a file of many projects."""
PROJET_MAXIMUM: Final = 1_000_000
"""Bytes of one project."""
PROFONDEUR_MAXIMUM: Final = 20
_SUFFIXES: Final = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}
_ENTIER_MAXIMUM: Final = 10**15


def lire_octets(chemin: Path, maximum: int) -> bytes:
    """Read a file that is not too large.

    Raises:
        EntreeInutilisable: absent, not a file, unreadable or larger than ``maximum`` bytes.
    """
    try:
        if not chemin.is_file():
            raise EntreeInutilisable(f"« {chemin} » : ce fichier n'existe pas.")
        taille = chemin.stat().st_size
        if taille >= maximum:
            raise EntreeInutilisable(
                f"« {chemin} » : {_megaoctets(taille)} trouvés ; attendu : "
                f"moins de {maximum / 1e6:g} Mo."
            )
        return chemin.read_bytes()
    except OSError as error:
        raise EntreeInutilisable(f"« {chemin} » : illisible ({raison_systeme(error)}).") from error


def _megaoctets(octets: int) -> str:
    """Write a size as a French reader does: « 1,5 Mo »."""
    return f"{octets / 1e6:.1f} Mo".replace(".", ",")


def lire_fichier(chemin: Path, regles: Regles) -> Projet:
    """Read a project file; its suffix says its format (JSON unless TOML or YAML).

    Raises:
        EntreeInutilisable: naming the file and what is wrong in it.
    """
    contenu = lire_octets(chemin, PROJET_MAXIMUM)
    forme = _SUFFIXES.get(chemin.suffix.lower(), "json")
    try:
        return lire_projet(analyser(contenu, forme), regles)
    except ProjetInutilisable as error:
        raise ProjetInutilisable(tuple(f"{chemin.name} : {f}" for f in error.fautes)) from error
    except EntreeInutilisable as error:
        raise EntreeInutilisable(f"{chemin.name} : {error}") from error


def analyser(contenu: bytes, forme: str = "json") -> Any:  # noqa: ANN401 - any data
    """Read bytes into plain data.

    Raises:
        EntreeInutilisable: too large, not UTF-8, not of the format, too deep, a key twice.
    """
    if len(contenu) > PROJET_MAXIMUM:
        raise EntreeInutilisable(
            f"{_megaoctets(len(contenu))} trouvés ; attendu : un projet de "
            f"{PROJET_MAXIMUM / 1e6:g} Mo au plus."
        )
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EntreeInutilisable(
            f"octet {error.start} : ce n'est pas de l'UTF-8 ; enregistrez le fichier en UTF-8."
        ) from error
    donnees = {"json": _json, "toml": _toml, "yaml": _yaml}[forme](texte)
    _verifier_profondeur(donnees)
    return donnees


def _json(texte: str) -> Any:  # noqa: ANN401 - any data
    _verifier_imbrication(texte)
    try:
        return json.loads(
            texte, object_pairs_hook=_sans_doublon, parse_float=_decimal, parse_int=_entier
        )
    except json.JSONDecodeError as error:
        raise EntreeInutilisable(
            f"ligne {error.lineno}, colonne {error.colno} : ce n'est pas du JSON ; attendu : un "
            "objet JSON, « { … } »."
        ) from error


def _verifier_imbrication(texte: str) -> None:
    """Refuse brackets nested beyond reason before any parser recurses into them."""
    niveau = 0
    for trouve in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', texte):
        signe = trouve[0]
        if signe in "[{":
            niveau += 1
            if niveau > PROFONDEUR_MAXIMUM:
                raise _trop_profond()
        elif signe in "]}":
            niveau -= 1


def _trop_profond() -> EntreeInutilisable:
    return EntreeInutilisable(
        f"plus de {PROFONDEUR_MAXIMUM} niveaux imbriqués ; un projet en compte moins de 6."
    )


def _decimal(texte: str) -> Decimal:
    return Decimal(texte)


def _entier(texte: str) -> int | Decimal:
    # A number of thousands of digits must not be turned into an int.
    return int(texte) if len(texte) <= len(str(_ENTIER_MAXIMUM)) else Decimal(texte)


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet: dict[str, Any] = {}
    for cle, valeur in paires:
        if cle in objet:
            raise EntreeInutilisable(
                f"« {montrer_cle(cle)} » : clé écrite deux fois ; une seule est acceptée."
            )
        objet[cle] = valeur
    return objet


def _toml(texte: str) -> Any:  # noqa: ANN401 - any data
    _verifier_imbrication(texte)
    try:
        return tomllib.loads(texte, parse_float=_decimal)
    except EntreeInutilisable:
        raise
    except tomllib.TOMLDecodeError as error:
        raise EntreeInutilisable(f"ce n'est pas du TOML ({error}).") from error
    except (RecursionError, ValueError) as error:
        raise EntreeInutilisable("ce n'est pas du TOML : une valeur est illisible.") from error


class _LecteurYaml(yaml.CSafeLoader):
    """Safe loader that refuses a key written twice."""


def _objet_yaml(lecteur: _LecteurYaml, noeud: yaml.MappingNode) -> dict[str, Any]:
    return _sans_doublon(
        [(str(cle), valeur) for cle, valeur in lecteur.construct_pairs(noeud, deep=True)]
    )


_LecteurYaml.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _objet_yaml)


def _yaml(texte: str) -> Any:  # noqa: ANN401 - any data
    try:
        _verifier_evenements(texte)
        return yaml.load(texte, Loader=_LecteurYaml)  # noqa: S506 - a safe loader
    except EntreeInutilisable:
        raise
    except yaml.MarkedYAMLError as error:
        ligne = error.problem_mark.line + 1 if error.problem_mark else 0
        raise EntreeInutilisable(f"ligne {ligne} : ce n'est pas du YAML.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise EntreeInutilisable("ce n'est pas du YAML : une valeur est illisible.") from error


def _verifier_evenements(texte: str) -> None:
    """Refuse aliases (they multiply) and blocks nested beyond reason, before anything is built."""
    niveau = 0
    for evenement in yaml.parse(texte, Loader=yaml.CSafeLoader):
        if isinstance(evenement, yaml.AliasEvent):
            raise EntreeInutilisable("YAML : les renvois (« *nom ») ne sont pas acceptés.")
        if isinstance(evenement, yaml.CollectionStartEvent):
            niveau += 1
        elif isinstance(evenement, yaml.CollectionEndEvent):
            niveau -= 1
        if niveau > PROFONDEUR_MAXIMUM:
            raise _trop_profond()


def _verifier_profondeur(donnees: Any) -> None:  # noqa: ANN401 - any data
    """Refuse data nested beyond reason, and texts that could not be written back."""
    pile = [(donnees, 0)]
    while pile:
        valeur, niveau = pile.pop()
        if niveau > PROFONDEUR_MAXIMUM:
            raise _trop_profond()
        if isinstance(valeur, str) and not valeur.isprintable() and _mal_forme(valeur):
            raise EntreeInutilisable(
                "un texte contient un demi-caractère (\\ud800 à \\udfff) ; attendu : de l'UTF-8."
            )
        if isinstance(valeur, dict):
            pile += [(partie, niveau + 1) for paire in valeur.items() for partie in paire]
        elif isinstance(valeur, list):
            pile += [(v, niveau + 1) for v in valeur]


def _mal_forme(texte: str) -> bool:
    try:
        texte.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def lire_projet(donnees: Any, regles: Regles) -> Projet:  # noqa: ANN401 - any data
    """Check plain data and make a project of it.

    Raises:
        ProjetInutilisable: a sentence for each key or value that is refused.
    """
    if not isinstance(donnees, Mapping):
        raise ProjetInutilisable(
            (f"Le projet vaut {montrer(donnees)} ; attendu : un objet, « {{ … }} ».",)
        )
    if not all(isinstance(cle, str) for cle in donnees):
        raise ProjetInutilisable(("Les clés d'un projet sont des textes.",))
    connues = (*(c for c in Projet.model_fields if c != Projet.LOCAUX), *regles.blocs)
    trouvees: list[str] = []
    locaux: dict[str, dict[str, Any]] = {}
    for bloc in regles.blocs:
        if donnees.get(bloc) is not None:
            locaux[bloc] = _lire_bloc(bloc, donnees[bloc], regles, trouvees)
    communes = {c: v for c, v in donnees.items() if c not in regles.blocs and c != Projet.LOCAUX}
    if Projet.LOCAUX in donnees:
        trouvees.append(cle_inconnue(Projet.LOCAUX, Projet.LOCAUX, connues))
    try:
        projet = Projet.model_validate({**communes, Projet.LOCAUX: locaux})
    except ValidationError as error:
        raise ProjetInutilisable((*fautes(error, Projet, lambda: connues), *trouvees)) from error
    if trouvees:
        raise ProjetInutilisable(tuple(trouvees))
    return projet


def _lire_bloc(bloc: str, donnees: Any, regles: Regles, trouvees: list[str]) -> dict[str, Any]:  # noqa: ANN401
    """Check a local block against what its rule file declares."""
    declares = {f.nom.rpartition(".")[2]: f for f in regles.bloc_local(bloc)}
    if not isinstance(donnees, Mapping):
        trouvees.append(
            f"« {bloc} » vaut {montrer(donnees)} ; attendu : un bloc de clés et de valeurs."
        )
        return {}
    valeurs: dict[str, Any] = {}
    for cle, valeur in donnees.items():
        fait = declares.get(str(cle))
        if fait is None:
            trouvees.append(cle_inconnue(f"{bloc}.{cle}", str(cle), declares))
        elif valeur is not None:
            try:
                valeurs[str(cle)] = _lire_local(fait, valeur)
            except _Refusee as refus:
                trouvees.append(f"« {bloc}.{cle} » vaut {montrer(valeur)} ; attendu : {refus}.")
    return valeurs


class _Refusee(Exception):
    """A local value that its declaration does not accept; the message says what is accepted."""


def _lire_local(fait: FaitDeclare, valeur: Any) -> Any:  # noqa: ANN401 - any fact value
    match fait.type:
        case "booleen":
            if isinstance(valeur, bool):
                return valeur
            raise _Refusee("true ou false")
        case "choix":
            if isinstance(valeur, str) and valeur in fait.valeurs:
                return valeur
            raise _Refusee(", ".join(fait.valeurs))
        case "ensemble":
            if isinstance(valeur, list | tuple | set | frozenset) and all(
                isinstance(v, str) and v in fait.valeurs for v in valeur
            ):
                return frozenset(valeur)
            raise _Refusee(f"une liste de valeurs parmi {', '.join(fait.valeurs)}")
        case "entier":
            haut = _ENTIER_MAXIMUM if fait.maximum is None else fait.maximum
            if (
                isinstance(valeur, int)
                and not isinstance(valeur, bool)
                and fait.minimum <= valeur <= haut
            ):
                return valeur
            raise _Refusee(f"un nombre entier de {fait.minimum} à {haut}")
        case _:
            return _lire_par_modele(fait, valeur)


def _lire_par_modele(fait: FaitDeclare, valeur: Any) -> Any:  # noqa: ANN401 - any fact value
    """Read a date or an amount as the national ones are read."""
    champ, attendu = {
        "date": ("debut", "une date qui existe, « AAAA-MM-JJ »"),
        "annee": ("annee_scolaire", "deux années qui se suivent, « 2025-2026 »"),
        "departement": ("departement", "un code de département"),
    }.get(fait.type, (None, "un texte"))
    if champ is None:
        if isinstance(valeur, str):
            return valeur
        raise _Refusee(attendu)
    try:
        return getattr(Projet.model_validate({champ: valeur}), champ)
    except ValidationError as error:
        raise _Refusee(attendu) from error


def lignes(contenu: bytes) -> Iterator[tuple[int, bytes]]:
    """Go through the lines that are not blank, counted from 1."""
    for numero, ligne in enumerate(contenu.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if ligne.strip():
            yield numero, ligne
