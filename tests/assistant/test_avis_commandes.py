"""``clas avis``: marks set, listed and lifted from the terminal, and what it says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from essais import Clas

from assistant.avis.registre import Registre

OPEN = "Combien de séances par semaine ?"
CARD = "seances-par-semaine"


@pytest.fixture
def marks(donnees: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registre]:
    """The marks of the data folder, taken away at the end."""
    monkeypatch.setenv("CLAS_AUTEUR", "Une agente")
    yield Registre(donnees / "avis")
    for path in sorted((donnees / "avis").glob("*"), reverse=True):
        path.unlink()
    (donnees / "avis" / ".verrou").unlink(missing_ok=True)


@pytest.mark.long
def test_a_mark_set_from_the_terminal_holds_at_once(clas: Clas, marks: Registre) -> None:
    assert clas("avis", "lister").out == "Aucun avis.\n"
    before = clas("demander", OPEN)
    json_before = clas("demander", OPEN, "--json").out
    done = clas("avis", "marquer", "fiche", CARD, "--statut", "verifie")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Fiche {CARD} : vérifié, par Une agente.")
    after = clas("demander", OPEN)
    assert "\n\nVérifié par un agent le " in after.out
    assert "Une agente" not in after.out
    assert before.out.splitlines()[0] == after.out.splitlines()[0]
    # The contract's record has no room for it, and is left as it was.
    assert clas("demander", OPEN, "--json").out == json_before
    clas("avis", "marquer", "fiche", CARD, "--statut", "faux", "--commentaire", "=1+1 \x1b[31m")
    assert clas("demander", OPEN).out.splitlines()[0] != before.out.splitlines()[0]
    listed = clas("avis", "lister").out
    assert f"fiche {CARD} : faux (tient)" in listed
    assert "\x1b" not in listed
    assert clas("avis", "lister", "--statut", "verifie").out == "Aucun avis.\n"
    assert clas("avis", "lister", "--historique").out.count("fiche seances") == 2
    [told] = json.loads(clas("avis", "lister", "--json").out)
    assert (told["statut"], told["etat"], told["auteur"]) == ("faux", "tient", "Une agente")
    assert clas("avis", "lever", "fiche", CARD).status == 0
    assert clas("demander", OPEN).out == before.out
    assert [a.statut for a in marks.marques().historique] == ["verifie", "faux", "leve"]


def test_an_answer_is_judged_by_its_question_and_lifted_by_its_fingerprint(
    clas: Clas, marks: Registre
) -> None:
    why = ("--statut", "faux", "--commentaire", "le verdict oublie l'année")
    assert clas("avis", "marquer", "reponse", OPEN, *why).status == 0
    assert clas("demander", OPEN).out.startswith("Un agent a relevé une erreur")
    # Asked again, it is still the answer that is not given that is judged.
    assert clas("avis", "marquer", "reponse", OPEN, *why).status == 0
    [dernier] = marks.marques().derniers.values()
    assert clas("avis", "lever", "reponse", dernier.cible[:12]).status == 0
    assert not clas("demander", OPEN).out.startswith("Un agent")


@pytest.mark.usefixtures("marks")
@pytest.mark.parametrize(
    ("arguments", "said_why"),
    [
        (("marquer", "fiche", "inconnue", "--statut", "verifie"), "« inconnue » inconnue"),
        (("marquer", "fiche", CARD, "--statut", "faux"), "dites en quelques mots"),
        (("marquer", "fiche", CARD, "--statut", "parfait"), "choix inconnu"),
        (("marquer", "reponse", "bonjour", "--statut", "verifie"), "n'appelle pas de réponse"),
        (("marquer", "reponse", OPEN, "--statut", "verifie", "--departement", "999"), "« 999 »"),
        (("lever", "fiche", CARD), "aucun avis sur"),
        (("lister", "--export", "avis.pdf"), "s'écrivent en .csv"),
        (("marquer", "fiche", CARD, "--statut", "verifie", "--auteur", " "), "attendu un nom"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    clas: Clas, donnees: Path, arguments: tuple[str, ...], said_why: str
) -> None:
    sortie = clas("avis", *arguments)
    assert sortie.status == 2
    assert said_why in sortie.err
    assert not (donnees / "avis" / "journal.jsonl").exists()


def test_a_damaged_journal_is_told_by_every_command(clas: Clas, marks: Registre) -> None:
    conseiller_targets = clas("avis", "marquer", "fiche", CARD, "--statut", "verifie")
    assert conseiller_targets.status == 0
    path = marks._journal.path
    path.write_bytes(path.read_bytes().replace(b"verifie", b"douteux"))
    listed = clas("avis", "lister")
    assert (listed.status, listed.out) == (1, "Aucun avis.\n")
    assert "abîmé (ligne 1)" in listed.err
    asked_again = clas("demander", OPEN)
    assert asked_again.status == 0
    assert "abîmé (ligne 1)" in asked_again.err


def test_an_export_is_written_whole(clas: Clas, marks: Registre, tmp_path: Path) -> None:
    clas("avis", "marquer", "fiche", CARD, "--statut", "verifie")
    target = tmp_path / "avis.csv"
    assert clas("avis", "lister", "--export", target).out == f"1 avis dans {target}.\n"
    head, line = target.read_text("utf-8-sig").splitlines()
    assert head.startswith("Date;Auteur;Sur;Désignation;")
    assert f";Une agente;fiche;{CARD};" in line
    assert marks.marques().alerte == ""
