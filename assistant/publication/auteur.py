"""Who acts, and why: as the journal keeps it."""

from __future__ import annotations

import getpass
import os

from assistant.publication.brouillons import DemandeInutilisable

AUTHOR_VARIABLE = "CLAS_AUTEUR"
_LONGEST = 100


def author(given: str | None) -> str:
    """Name of whoever acts: as given, else of ``CLAS_AUTEUR``, else of the session.

    Raises:
        DemandeInutilisable: none is known, or it is no name.
    """
    if given is not None:
        return _name(given, "--auteur")
    told = os.environ.get(AUTHOR_VARIABLE, "").strip()
    if told:
        return _name(told, AUTHOR_VARIABLE)
    try:
        return _name(getpass.getuser(), "nom de session")
    except (KeyError, OSError, ImportError) as error:
        raise DemandeInutilisable(
            f"auteur inconnu : donnez --auteur NOM, ou la variable {AUTHOR_VARIABLE}"
        ) from error


def reason(given: str | None, option: str, most: int) -> str:
    """Why it is done.

    Raises:
        DemandeInutilisable: it is not said, or too long.
    """
    said = _clean(given or "")
    if not said:
        raise DemandeInutilisable(f"{option} : dites pourquoi, en quelques mots")
    if len(said) > most:
        raise DemandeInutilisable(f"{option} : {len(said)} caractères ; {most} au plus")
    return said


def _name(given: str, where: str) -> str:
    said = _clean(given)
    if not said or len(said) > _LONGEST:
        raise DemandeInutilisable(
            f"{where} : « {said[:_LONGEST]} » ; attendu un nom de 1 à {_LONGEST} caractères"
        )
    return said


def _clean(words: str) -> str:
    whole = words.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in whole).split())
