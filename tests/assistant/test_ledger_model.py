"""A ledger file that cannot be used says which file, which entry and which field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.eligibility.ledger import RegistreInutilisable, lire_registre
from assistant.eligibility.ledger.model import lire_codes, lire_fichier

BONNE = {
    "extrait": "Chaque groupe d’enfants est encadré par 2 intervenants",
    "sort": "code",
    "regles": ["encadrement"],
    "mot": "Deux intervenants.",
}


def _ecrire(dossier: Path, *entrees: dict[str, Any], nom: str = "003.yaml") -> Path:
    fichier = dossier / nom
    contenu = {"document": "003", "entrees": list(entrees)}
    fichier.write_text(yaml.safe_dump(contenu, allow_unicode=True), encoding="utf-8")
    return fichier


def _sans(champ: str) -> dict[str, Any]:
    return {cle: valeur for cle, valeur in BONNE.items() if cle != champ}


def test_a_good_file_is_read(tmp_path: Path) -> None:
    registre = lire_fichier(_ecrire(tmp_path, BONNE))
    assert registre.document == "003"
    assert registre.entrees[0].regles == ("encadrement",)


@pytest.mark.parametrize(
    ("entree", "attendus"),
    [
        (BONNE | {"sort": "codé"}, ("champ « sort »", "« codé » trouvé", "hors_programme")),
        (BONNE | {"regle": "x"}, ("champ « regle »", "clé inconnue")),
        (_sans("mot"), ("champ « mot »", "obligatoire")),
        (BONNE | {"mot": ""}, ("champ « mot »", "un texte")),
        (BONNE | {"mot": 3}, ("champ « mot »", "« 3 » trouvé", "un texte")),
        (BONNE | {"occurrence": 0}, ("champ « occurrence »", "à partir de 1")),
        (BONNE | {"regles": "encadrement"}, ("champ « regles »", "une liste")),
        (BONNE | {"regles": []}, ("« regles » va avec le sort « code »",)),
        (BONNE | {"sort": "information"}, ("« regles » va avec le sort « code »",)),
        (_sans("regles") | {"sort": "appreciation"}, ("« qui » va avec",)),
        (BONNE | {"qui": "la Caf"}, ("« qui » va avec le sort « appreciation »",)),
    ],
)
def test_a_fault_names_the_file_the_entry_and_the_field(
    tmp_path: Path, entree: dict[str, Any], attendus: tuple[str, ...]
) -> None:
    with pytest.raises(RegistreInutilisable) as refus:
        lire_fichier(_ecrire(tmp_path, BONNE, entree))
    for attendu in ("003.yaml", "entrée 2", "« Chaque groupe d’enfants", *attendus):
        assert attendu in str(refus.value)


def test_unreadable_yaml_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "003.yaml").write_text("document: [", encoding="utf-8")
    with pytest.raises(RegistreInutilisable, match=r"003\.yaml : YAML illisible"):
        lire_fichier(tmp_path / "003.yaml")


def test_yaml_that_would_build_an_object_is_refused(tmp_path: Path) -> None:
    (tmp_path / "003.yaml").write_text("!!python/object/apply:os.getcwd []", encoding="utf-8")
    with pytest.raises(RegistreInutilisable, match="YAML illisible"):
        lire_fichier(tmp_path / "003.yaml")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "003.yaml").write_text("", encoding="utf-8")
    with pytest.raises(RegistreInutilisable, match=r"003\.yaml, contenu"):
        lire_fichier(tmp_path / "003.yaml")


def test_two_files_for_one_document_are_refused(tmp_path: Path) -> None:
    _ecrire(tmp_path, BONNE)
    _ecrire(tmp_path, BONNE, nom="bis.yaml")
    with pytest.raises(RegistreInutilisable, match="même document : 003"):
        lire_registre(tmp_path)


def test_every_word_of_the_ledger_is_one_short_sentence() -> None:
    for registre in lire_registre():
        for entree in registre.entrees:
            assert entree.mot.endswith(".")
            assert len(entree.mot) <= 140, entree.mot


def test_no_code_is_listed_twice() -> None:
    codes = lire_codes()
    assert len(codes.tous) == len(codes.criteres) + len(codes.resultat)
