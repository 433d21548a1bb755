"""What could name somebody never reaches the log; what questions are about does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.questions_posees.masquage import (
    ADRESSE,
    CODE,
    COURRIEL,
    LUS,
    NUMERO,
    TELEPHONE,
    masquer,
    masquer_et_borner,
)
from tests.travail import croissance, repete

MOTS = st.sampled_from(
    ["", "Bonjour,", "mon enfant", "le Clas de l'école", "c'est où ?", "à Sète :", "(urgent)", "n°"]
)
ESPACES = st.sampled_from(["", " ", ".", "-", "/", "\u00a0", "\u202f", " - ", ". ", "_", "–", "  "])
CHIFFRES = st.text("0123456789", min_size=6, max_size=24)


def chiffres_de(texte: str) -> str:
    return "".join(c for c in texte if c.isdecimal())


@pytest.mark.parametrize(
    ("ecrit", "garde"),
    [
        ("écrivez à jean.dupont+clas@asso-exemple.fr.", f"écrivez à {COURRIEL}."),
        ("jean dupont (at) gmail (dot) com", f"jean {COURRIEL}"),
        ("marie arobase asso point org merci", f"{COURRIEL} merci"),
        ("marie＠asso．fr", COURRIEL),
        ('"Jean Dupont"@asso.fr', COURRIEL),
        ("je suis au 06 12 34 56 78 merci", f"je suis au {TELEPHONE} merci"),
        ("06.12.34.56.78", TELEPHONE),
        ("06-12-34-56-78,", f"{TELEPHONE},"),
        ("06, 12, 34, 56, 78", TELEPHONE),
        ("06/12/34/56/78", TELEPHONE),
        ("0612345678", TELEPHONE),
        ("+33 (0)6 12 34 56 78", TELEPHONE),
        ("0033 612 345 678", TELEPHONE),
        ("+1 (415) 555-2671", TELEPHONE),
        ("+44 20 7946 0958", TELEPHONE),
        ("０６１２３４５６７８", TELEPHONE),
        ("0612345678 €", f"{TELEPHONE} €"),
        ("SIRET 123 456 789 00012", f"SIRET {NUMERO}"),
        ("siren 123456789", f"siren {NUMERO}"),
        ("1 85 05 78 006 084 36", NUMERO),
        ("2 85 05 2A 123 456 78 ok", f"{NUMERO} ok"),
        ("FR76 3000 6000 0112 3456 7890 189 merci", f"{NUMERO} merci"),
        ("FR1420041010050500013M02606", CODE),
        ("FR14 2004 1010 0505 0001 3M02 606", NUMERO),
        ("allocataire n° 1234567", f"allocataire n° {NUMERO}"),
        ("dossier 2021-006123", f"dossier {NUMERO}"),
        ("1\u200b2\u200b3\u200b4\u200b5\u200b6", NUMERO),
        ("voir https://x.fr/a?jeton=abc.", f"voir {ADRESSE}."),
        ("https://jean:secret@x.fr/", ADRESSE),
        ("jean@asso.fr,marie@asso.fr;x@y", f"{COURRIEL},{COURRIEL};{COURRIEL}"),
        ("(06)12-34-56-78", f"({TELEPHONE}"),
        ("34 2025-2026 123456", f"34 2025-2026 {NUMERO}"),
        ("www.x.fr/dossier/123456789", ADRESSE),
        ("clé eyJhbGciOiJIUzI1NiIsInR5cCI6", f"clé {CODE}"),
    ],
)
def test_what_could_name_somebody_is_masked(ecrit: str, garde: str) -> None:
    assert masquer(ecrit) == garde


@pytest.mark.parametrize(
    "ecrit",
    [
        "un coût de 12 000 € pour 7 843 enfants en 2025-2026",
        "12\u202f000\u00a0€, 9 000,50 euros, 1.200.000 €, 120 000 €, 717,64 €",
        "un budget de 120 000 par an",
        "32,5 % × min(9 000 € ; 7 885 €) = 2 562,625 € → 2 563 €",
        "2 563 + 300 + 0 = 2 863 €",
        "du 01/09/2025 au 30.06.2026, le 2025-09-01 ou le 1-9-2025",
        "le 12/03/26 à 16h30",
        "clas 2025 2026 12 enfants",
        "rentrée 2025 12 enfants",
        "de 2022 à 2026, convention 2022-2026, année 2025/2026 ou 2025-26",
        "en 09/2025",
        "Circulaire n° 2021-006, lettre circulaire 2011-176, circ 2021-006",
        "circulaire n° LC 176-2011, Lettre au réseau 2021 - 001 du 6 janvier, 2019-061",
        "l'Hérault (34, 2025-2026), le 69 2024-2025, (2024-2025), 03 2025-2026",
        "dans l'assistant documentaire @docAs",
        "en 2015 2019 2020, une commune de 3500-5000 habitants",
        "groupes de 8 à 12 enfants, 3, 4, 5, 6, 7, 8 ans",
        "34000 Montpellier, département 34 ou 69",
        "L. 227-4 du code",
        "selon le texte [1][2][3][4][5][6][7]",
        "voir https://www.caf.fr/professionnels/offres-et-services",
        "2 séances de 1 h 30, 16h30-18h30",
    ],
)
def test_what_questions_are_about_stays(ecrit: str) -> None:
    assert masquer(ecrit) == ecrit


@settings(max_examples=120, deadline=None)
@given(
    avant=MOTS, apres=MOTS, numero=st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True), data=st.data()
)
def test_no_telephone_stays_however_it_is_spaced(
    avant: str, apres: str, numero: str, data: st.DataObject
) -> None:
    ecrit = numero[0] + "".join(data.draw(ESPACES) + chiffre for chiffre in numero[1:])
    masque = masquer(f"{avant} {ecrit} {apres}")
    assert chiffres_de(masque) == ""
    assert masque.startswith(avant)
    assert masque.endswith(apres)


@settings(max_examples=80, deadline=None)
@given(
    indicatif=st.sampled_from(["+33 ", "+33(0)", "0033", "+32-", "+212 ", "00 41 "]),
    numero=st.from_regex(r"[1-9][0-9]{8}", fullmatch=True),
    pas=st.integers(1, 4),
    entre=ESPACES,
)
def test_no_international_telephone_stays(
    indicatif: str, numero: str, pas: int, entre: str
) -> None:
    ecrit = indicatif + entre.join(numero[i : i + pas] for i in range(0, len(numero), pas))
    assert masquer(f"appelez le {ecrit} svp") == f"appelez le {TELEPHONE} svp"


@settings(max_examples=80, deadline=None)
@given(avant=MOTS, numero=CHIFFRES, apres=MOTS)
def test_no_long_number_written_in_one_piece_stays(avant: str, numero: str, apres: str) -> None:
    masque = masquer(f"{avant} {numero} {apres}")
    assert numero not in masque
    assert chiffres_de(masque) == ""


@settings(max_examples=80, deadline=None)
@given(
    groupes=st.sampled_from(
        [(3, 3, 3), (3, 3, 3, 5), (1, 2, 2, 2, 3, 3, 2), (3, 4), (4, 4, 4, 4), (2, 2, 3)]
    ),
    entre=st.sampled_from([" ", "\u00a0", ".", "-", "\u202f"]),
    data=st.data(),
)
def test_no_siret_nir_or_allocataire_number_stays(
    groupes: tuple[int, ...], entre: str, data: st.DataObject
) -> None:
    """In groups of which no one is a year nor ends as an amount does."""
    parts = [data.draw(st.text("13456789", min_size=taille, max_size=taille)) for taille in groupes]
    ecrit = entre.join(parts)
    assert chiffres_de(masquer(f"mon numéro : {ecrit}, merci")) == ""


@settings(max_examples=80, deadline=None)
@given(
    local=st.from_regex(r"[a-z][a-z0-9._%+'-]{0,20}", fullmatch=True),
    domaine=st.from_regex(r"[a-z][a-z0-9-]{0,12}(\.[a-z]{2,8}){1,3}", fullmatch=True),
    at=st.sampled_from(["@", " @ ", "＠", "(at)", " [at] ", " arobase "]),
    avant=MOTS,
    apres=MOTS,
)
def test_no_address_stays(local: str, domaine: str, at: str, avant: str, apres: str) -> None:
    masque = masquer(f"{avant} {local}{at}{domaine} {apres}")
    assert domaine not in masque
    assert "@" not in masque
    assert f"{local}{at}" not in masque
    assert COURRIEL in masque


@settings(max_examples=80, deadline=None)
@given(texte=st.text(max_size=200))
def test_masking_again_changes_nothing(texte: str) -> None:
    masque = masquer(texte)
    assert masquer(masque) == masque
    masque.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(
    milliers=st.integers(1, 999_999),
    espace=st.sampled_from([" ", "\u00a0", "\u202f"]),
    monnaie=st.sampled_from([" €", "€", " euros", " EUR"]),
    annee=st.integers(2015, 2040),
)
def test_amounts_and_school_years_stay(
    milliers: int, espace: str, monnaie: str, annee: int
) -> None:
    montant = f"{milliers:,}".replace(",", espace) + monnaie
    ecrit = f"un coût de {montant} en {annee}-{annee + 1} ?"
    assert masquer(ecrit) == ecrit


@pytest.mark.parametrize(
    "motif",
    ["x", "1 ", "a@", "-_", "ab12 ", "1.", '"a', "é1", " ", "http://", "1 85 ", "@", "(at)"],
)
@pytest.mark.timeout(60)
def test_a_hostile_text_is_gone_through_once(motif: str) -> None:
    """Ten times what is ever masked: with the square of its length, it would not end."""
    masquer(repete(motif, 10 * LUS))
    assert croissance(masquer, motif, LUS // 2) < 2.5


def test_half_of_an_address_is_not_kept_where_a_text_is_cut() -> None:
    texte = "mot " * (LUS // 4 - 2) + "jean.dupont@asso.fr"
    assert "jean" not in masquer_et_borner(texte, LUS)


def test_a_text_is_bounded_after_it_is_masked() -> None:
    garde = masquer_et_borner("a@b.fr " * 1_000, 100)
    assert len(garde) == 100
    assert garde.endswith("…")
    assert masquer_et_borner("une\n ligne\x00 puis\tune autre", 100) == "une ligne puis une autre"
    assert masquer_et_borner("une\n\n- ligne", 100, lignes=True) == "une\n\n- ligne"
