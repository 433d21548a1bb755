"""Errors of the system, in French: the words that the guide for operators has too."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Mapping
from typing import Final

_RAISONS: Final[Mapping[int, str]] = {
    errno.ENOENT: "fichier ou dossier introuvable",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "dossier en lecture seule",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EDQUOT: "plus de place sur le disque pour ce compte",
    errno.EIO: "le disque ne se laisse pas lire ou écrire",
    errno.EISDIR: "c'est un dossier, pas un fichier",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EEXIST: "ce nom est déjà pris",
    errno.ENOTEMPTY: "ce dossier n'est pas vide",
    errno.ENAMETOOLONG: "nom trop long",
    errno.EBUSY: "occupé par un autre programme",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.ENFILE: "trop de fichiers ouverts",
    errno.ENOMEM: "plus de mémoire",
    errno.ECONNREFUSED: "connexion refusée",
    errno.ETIMEDOUT: "pas de réponse à temps",
}


def raison_systeme(error: OSError) -> str:
    """Say in French why the system refused; in its own words for what is rare.

    >>> raison_systeme(PermissionError(errno.EACCES, "Permission denied"))
    'accès refusé'
    """
    if isinstance(error, shutil.Error):
        # It holds a list of what was refused, in place of a reason.
        return "des fichiers n'ont pas pu être copiés"
    return _RAISONS.get(error.errno or 0) or error.strerror or type(error).__name__
