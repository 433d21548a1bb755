"""What the system refuses is said in French, as it really refuses it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.magasin.adresse import MagasinMalRegle
from corpus.systeme import raison_systeme
from index.postgres.fragments.plan import plan_de


def _a_full_disk(_dossier: Path) -> None:
    sortie = os.open("/dev/full", os.O_WRONLY)
    try:
        os.write(sortie, b"x")
    finally:
        os.close(sortie)


def _a_copy_in_part(dossier: Path) -> None:
    (dossier / "a").mkdir()
    (dossier / "a" / "lien").symlink_to("nulle-part")
    shutil.copytree(dossier / "a", dossier / "b")


@pytest.mark.parametrize(
    ("faire", "raison"),
    [
        (lambda dossier: (dossier / "absent").read_bytes(), "fichier ou dossier introuvable"),
        (lambda dossier: dossier.read_bytes(), "c'est un dossier, pas un fichier"),
        (lambda _: Path("/dev/null/x").read_bytes(), "ce n'est pas un dossier"),
        (lambda dossier: (dossier / ("n" * 300)).read_bytes(), "nom trop long"),
        (lambda dossier: dossier.mkdir(), "ce nom est déjà pris"),
        (lambda dossier: dossier.parent.rmdir(), "ce dossier n'est pas vide"),
        (_a_full_disk, "plus de place sur le disque"),
        (_a_copy_in_part, "des fichiers n'ont pas pu être copiés"),
    ],
)
def test_what_the_system_refuses_is_said_in_french(
    faire: Callable[[Path], object], raison: str, tmp_path: Path
) -> None:
    with pytest.raises(OSError) as refus:  # noqa: PT011 - whichever it is, its words are compared
        faire(tmp_path)
    assert raison_systeme(refus.value) == raison


def test_what_is_rare_is_said_in_the_words_of_the_system() -> None:
    assert raison_systeme(OSError(errno.EXDEV, "Invalid cross-device link")) == (
        "Invalid cross-device link"
    )
    assert raison_systeme(TimeoutError()) == "TimeoutError"


def test_a_setting_that_cannot_be_read_says_so_in_french(tmp_path: Path) -> None:
    with pytest.raises(MagasinMalRegle, match=r"ne se lit pas \(c'est un dossier"):
        plan_de(tmp_path)
