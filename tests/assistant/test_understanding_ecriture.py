"""Everyday and SMS spelling made plain French for search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.ecriture import (
    AJOUTS_MAX,
    ajouts,
    normaliser_pour_recherche,
    remplacer,
)


@pytest.mark.parametrize(
    ("ecrit", "plein"),
    [
        ("g 6 gamins", "j'ai 6 gamins"),
        ("cb d'enfants", "combien d'enfants"),
        ("keske le clas", "qu'est-ce que le clas"),
        ("c koi", "c'est quoi"),
        ("c bon ?", "c'est bon ?"),
        ("nb d'anims svp", "nombre d'animateurs s'il vous plaît"),
        ("ds le 34", "dans le 34"),
        ("ya combien de séances", "il y a combien de séances"),
        ("tjrs bcp de rdv", "toujours beaucoup de rendez-vous"),
        ("notre asso", "notre association"),
        ("mr le maire", "monsieur le maire"),
        ("qd déposer", "quand déposer"),
        ("pk et pq", "pourquoi et pourquoi"),
        ("fo koman", "faut comment"),
        ("kel date", "quel date"),
        ("1 jeun", "1 jeune"),
        ("CB D'ENFANTS", "combien D'ENFANTS"),
        ("L’asso", "L’association"),
    ],
)
def test_sms_spelling_is_made_plain(ecrit: str, plein: str) -> None:
    assert remplacer(ecrit) == plein


@pytest.mark.parametrize(
    "ecrit",
    [
        "payer par cb",
        "compte SF",
        "le syndicat FO",
        "la CB est refusée",
        "50 g de farine",
        "le plan C",
        "C’est bon",
        "c'est bon",
        "un DS de maths",
        "être à jeun",
        "les associations",
        "un groupe de 12 pour 2 séances de 1h30",
        "Combien d'enfants peut-on accueillir dans l'Hérault ?",
        "pr",
        "",
    ],
)
def test_what_may_mean_something_else_stays_as_typed(ecrit: str) -> None:
    assert remplacer(ecrit) == ecrit


def test_a_doubtful_word_stays_and_its_likely_meaning_is_added() -> None:
    assert normaliser_pour_recherche("budget pr groupe") == "budget pr groupe pour"


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("une heure et demie", "1h30"),
        ("une heure trente", "1h30"),
        ("1 heure 30", "1h30"),
        ("1h30", "1 heure 30"),
        ("1 h 30 min", "1h30"),
        ("2 x 1h30", "90 minutes"),
        ("90 min", "1h30"),
        ("quatre-vingt-dix minutes", "1h30"),
        ("2 h", "2 heures"),
        ("2h", "deux heures"),
        ("deux heures", "2h"),
        ("une heure et quart", "1h15"),
        ("une demi-heure", "30 minutes"),
        ("quarante-cinq minutes", "45 minutes"),
    ],
)
def test_a_duration_gets_its_other_spellings(ecrit: str, attendu: str) -> None:
    assert attendu in ajouts(ecrit)


@pytest.mark.parametrize("ecrit", ["rdv à 16h30", "12 enfants", "34000 habitants", "10,5 h", "h"])
def test_what_is_no_duration_gets_none(ecrit: str) -> None:
    assert ajouts(ecrit) == ()


@pytest.mark.parametrize("ecrit", ["1h30", "une heure et demie", "2 heures"])
def test_a_duration_itself_stays_as_typed(ecrit: str) -> None:
    assert normaliser_pour_recherche(ecrit).startswith(ecrit)


MOTS = st.sampled_from(
    ["g", "c", "cb", "1h30", "une heure et demie", "ds", "'", "pr", "6", "\u0301", "90 min"]
)


@given(st.one_of(st.text(max_size=300), st.lists(MOTS, max_size=60).map(" ".join)))
def test_any_text_is_normalised_within_bounds(texte: str) -> None:
    normalise = normaliser_pour_recherche(texte)
    assert len(ajouts(texte)) <= AJOUTS_MAX
    assert len(normalise) <= 12 * len(texte) + 40 * AJOUTS_MAX
    assert normalise == normaliser_pour_recherche(texte)
