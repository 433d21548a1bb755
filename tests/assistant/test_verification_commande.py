"""``clas citer`` and the exports: what they write, how they leave, what never gets through."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from essais import Sortie

from assistant.cli import main
from assistant.configuration import FOLDER_VARIABLE
from assistant.eligibility import Regles, charger_regles
from assistant.verification.exports import (
    ExportInutilisable,
    export_journal,
    export_rules,
    to_csv,
)
from corpus.base.models import Evenement
from corpus.library import Corpus

ABSENT = "La fusée décolle demain matin vers la planète Mars."
CITED = "un groupe constitué de 8 à 12 enfants maximum qui se réunit"
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
DAY = date(2026, 9, 1)

Citer = Callable[..., Sortie]


@pytest.fixture
def citer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Citer:
    """Runs ``clas`` before anything is set up: on the texts that ship."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "donnees"))

    def run(*arguments: str, entree: bytes = b"") -> Sortie:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(entree), "utf-8"))
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main(arguments)
            except SystemExit as leaving:
                status = int(str(leaving.code or 0))
        out.flush()
        err.flush()
        raw, said = out.buffer, err.buffer
        assert isinstance(raw, io.BytesIO)
        assert isinstance(said, io.BytesIO)
        return Sortie(status, raw.getvalue(), said.getvalue().decode("utf-8"))

    return run


@pytest.fixture(scope="module")
def regles(corpus: Corpus) -> Regles:
    return charger_regles(corpus.documents)


def test_a_quotation_is_told_with_its_place_and_what_rests_on_it(citer: Citer) -> None:
    said = citer("citer", CITED, "--document", "004")
    told = said.out
    assert said.status == 0
    assert "Trouvée mot pour mot" in told
    assert "Définition d’un collectif d’enfants" in told
    assert re.search(r"S'appuient sur ce passage : .*collectif-effectif", told)


def test_what_is_not_found_is_done_all_the_same(citer: Citer) -> None:
    said = citer("citer", ABSENT)
    assert said.status == 0
    assert "Introuvable" in said.out


def test_json_holds_every_quotation_of_the_standard_input(citer: Citer) -> None:
    said = citer("citer", "-", "--json", entree=f"{ABSENT}\n\n{ABSENT}".encode())
    found = json.loads(said.out)
    assert [c["statut"] for c in found["constats"]] == ["introuvable", "introuvable"]
    assert found["laisses"] == 0


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_control_character_of_the_input_reaches_the_terminal(
    citer: Citer, options: tuple[str, ...]
) -> None:
    hostile = "la \x1b]0;titre\x07fusée \x9b31m\u202edécolle\r\x08\x7f \u2066demain matin"
    for said in (
        citer("citer", "-", *options, entree=hostile.encode()),
        citer("citer", hostile, "--document", hostile, *options),
    ):
        assert not CONTROLS.search(said.out)
        assert not CONTROLS.search(said.err)


@pytest.mark.parametrize(
    ("arguments", "entree", "said"),
    [
        (("citer",), b"", "phrase"),
        (("citer", ""), b"", "Aucun mot"),
        (("citer", "-"), b"", "Aucun mot"),
        (("citer", "-"), b"a" * 20_001, "20001"),
        (("citer", "-"), b"a" * 500_000, "20000 au plus"),
        (("citer", "-"), b"un groupe \xff", "UTF-8 (octet 11)"),
        (("citer", ABSENT, "--document", "zz"), b"", "documents connus : 004"),
        (("citer", ABSENT, "--version", "zz"), b"", "versions connues : 004"),
        (("regles", "--export", "livre.xls"), b"", ".csv, .pdf"),
        (("regles", "--export", "/nulle/part/livre.csv"), b"", "n'existe pas"),
        (("regles", "--export", "livre.csv", "--json"), b"", "seul"),
    ],
)
def test_unusable_input_leaves_with_2_and_says_what_is_accepted(
    citer: Citer, arguments: tuple[str, ...], entree: bytes, said: str
) -> None:
    left = citer(*arguments, entree=entree)
    assert (left.status, left.out) == (2, "")
    assert said in left.err


def read_csv(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_rule_book_quotes_the_texts_to_the_letter(
    regles: Regles, corpus: Corpus, tmp_path: Path
) -> None:
    path = tmp_path / "livre.csv"
    count = export_rules(regles, corpus.documents, path, DAY)
    rows = read_csv(path)
    assert len({(r["portée"], r["sorte"], r["code"]) for r in rows}) == count
    quoted = [row for row in rows if row["document"]]
    assert len(quoted) > 100
    for row in quoted:
        stored = corpus.documents[row["document"]].texte[int(row["début"]) : int(row["fin"])]
        assert row["citation"].removeprefix("'") == stored


def test_the_rule_book_holds_every_quotation_of_the_rules(
    regles: Regles, corpus: Corpus, tmp_path: Path
) -> None:
    path = tmp_path / "livre.csv"
    export_rules(regles, corpus.documents, path, DAY)
    held = {(r["document"], r["début"], r["fin"]) for r in read_csv(path)}
    of_rules = {
        (a.citation.document, str(a.citation.debut), str(a.citation.fin))
        for a in regles.appuis
        if not a.regle.startswith("fait ")
    }
    assert of_rules <= held


def test_the_rule_book_in_pdf_is_the_same_to_the_bit(
    regles: Regles, corpus: Corpus, tmp_path: Path
) -> None:
    first, second = tmp_path / "un.pdf", tmp_path / "deux.pdf"
    export_rules(regles, corpus.documents, first, DAY)
    export_rules(regles, corpus.documents, second, DAY)
    assert first.read_bytes() == second.read_bytes()
    text = " ".join(pypdf.PdfReader(first).pages[0].extract_text().split())
    assert "Livre des règles" in text
    assert "01/09/2026" in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_of_a_csv_is_computed(start: str) -> None:
    content = to_csv(("nom",), [(f"{start}HYPERLINK(1)",)]).decode("utf-8-sig")
    (cell,) = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1]
    assert cell.startswith("'")


def test_separators_quotes_and_lines_stay_in_their_cell() -> None:
    words = 'un ; deux "trois"\nquatre'
    content = to_csv(("nom", "autre"), [(words, "fin")]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1] == [words, "fin"]


def events(count: int) -> list[Evenement]:
    start = datetime(2026, 9, 1, 8, tzinfo=UTC)
    return [
        Evenement(
            date=start + timedelta(hours=rank),
            auteur="=cmd|' /C calc'!A0" if rank == 1 else "Une gestionnaire",
            action="publier",
            objet=f"version {rank}",
            detail='#import "x.typ" \x1b[31m *gras* \U0001f600 \u202e fin',
        )
        for rank in range(count)
    ]


def test_the_journal_in_csv_keeps_its_order_and_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    assert export_journal(events(3), path) == 3
    rows = read_csv(path)
    assert [row["objet"] for row in rows] == ["version 0", "version 1", "version 2"]
    assert rows[1]["auteur"].startswith("'=")
    assert not CONTROLS.search("".join(rows[0].values()))


def test_the_journal_in_pdf_shows_words_and_obeys_none(tmp_path: Path) -> None:
    path = tmp_path / "journal.pdf"
    export_journal(events(3), path)
    text = pypdf.PdfReader(path).pages[0].extract_text()
    assert "version 2" in text
    assert "#import" in text


@pytest.mark.parametrize("name", ["journal.csv", "journal.pdf"])
def test_an_empty_journal_is_written_all_the_same(tmp_path: Path, name: str) -> None:
    assert export_journal([], tmp_path / name) == 0
    assert (tmp_path / name).stat().st_size > 0


def test_a_refused_export_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportInutilisable):
        export_journal([], tmp_path / "journal.txt")
    assert list(tmp_path.iterdir()) == []
