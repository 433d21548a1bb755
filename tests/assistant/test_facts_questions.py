"""Which question is asked: about their case, which criterion, an amount, a verdict."""

from __future__ import annotations

import pytest

from assistant.dialogue.facts import (
    critere_demande,
    demande_montant,
    demande_verdict,
    est_cas_personnel,
)


@pytest.mark.parametrize(
    "texte",
    [
        "On a 6 enfants, ça passe ?",
        "g 6 gamins c bon ?",
        "notre projet est-il éligible ?",
        "Nous sommes une association de Béziers.",
        "je suis seule avec 8 enfants",
        "on touche combien ?",
        "est-ce qu'on est éligible ?",
        "chez nous il n'y a pas de cofinanceur",
        "6 enfants en ville, 1 animateur : ça passe ?",
        "je voudrais savoir si notre projet est éligible",
    ],
)
def test_their_own_case_is_recognised(texte: str) -> None:
    assert est_cas_personnel(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "Combien d'enfants faut-il ?",
        "je voudrais savoir combien d'enfants il faut",
        "j'ai une question sur le bonus",
        "c'est quoi un collectif ?",
        "quelle est la date limite dans l'Hérault ?",
        "le coordinateur doit-il avoir un diplôme ?",
        "et en milieu rural ?",
        "qui donne l'agrément ?",
        "bonjour",
        "",
    ],
)
def test_a_question_about_the_rule_is_no_case(texte: str) -> None:
    assert not est_cas_personnel(texte)


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("combien d'enfants faut-il ?", "effectif"),
        ("est-ce que 6 enfants suffisent ?", "effectif"),
        ("on aura 14 enfants dans un seul groupe, c'est possible ?", "effectif"),
        ("un seul animateur, c'est possible ?", "encadrement"),
        ("combien d'intervenants pour nos 10 enfants ?", "encadrement"),
        ("et l'encadrement ?", "encadrement"),
        ("combien de séances par semaine ?", "frequence"),
        ("une séance de 2h suffit ?", "frequence"),
        ("on a besoin d'une dérogation ?", "frequence"),
        ("il faut combien de semaines ?", "semaines"),
        ("peut-on faire payer les familles ?", "gratuite"),
        ("est-ce que ça doit être gratuit ?", "gratuite"),
        ("quel diplôme pour le coordinateur ?", "coordinateur"),
        ("on n'a pas de coordinateur, c'est grave ?", "coordinateur"),
        ("le cofinancement est obligatoire ?", "cofinancement"),
        ("peut-on accueillir des maternelles ?", "public"),
        ("quel public ?", "public"),
        ("on ne fait que les devoirs, ça va ?", "aide_aux_devoirs"),
        ("peut-on aller à domicile ?", "dynamique_collective"),
        ("faut-il un diagnostic ?", "diagnostic"),
        ("peut-on faire ça pendant la classe ?", "hors_temps_scolaire"),
        ("les animateurs doivent-ils avoir le bafa ?", "competences_intervenants"),
        ("peut-on changer de salle ?", "lieu"),
        ("faut-il deux dossiers ?", "fiches_distinctes"),
        ("quand commencer les séances ?", "calendrier"),
        ("quelle est la date limite de dépôt ?", "depot_elan"),
        ("et la laïcité ?", "laicite"),
        ("le comité de pilotage local doit-il valider ?", "comite_pilotage_local"),
        ("g 6 gamins a la campagne et 1 anim c bon ?", None),
        ("bonjour", None),
        ("on touche combien ?", None),
        ("", None),
    ],
)
def test_the_criterion_asked_is_named(texte: str, code: str | None) -> None:
    assert critere_demande(texte) == code


@pytest.mark.parametrize(
    "texte",
    [
        "on touche combien ?",
        "combien on va toucher ?",
        "et pour l'argent ?",
        "quel montant peut-on espérer ?",
        "la caf nous verse combien ?",
        "ça fait combien pour nous ?",
        "quelle subvention pour 2 groupes ?",
        "combien d'argent pour notre projet",
        "tu peux calculer notre ps ?",
    ],
)
def test_a_question_of_money_is_recognised(texte: str) -> None:
    assert demande_montant(texte)


@pytest.mark.parametrize(
    "texte", ["combien d'enfants ?", "quel est le prix plafond ?", "c'est bon ?", "", "merci"]
)
def test_another_question_is_not_of_money(texte: str) -> None:
    assert not demande_montant(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "c'est bon ?",
        "c bon",
        "on est éligible ?",
        "ça passe ?",
        "c'est possible ?",
        "est-ce que 6 enfants suffisent ?",
        "on est dans les clous ?",
        "sommes-nous éligibles ?",
        "ca marche?",
        "peut-on déposer quand même ?",
    ],
)
def test_a_request_for_a_verdict_is_recognised(texte: str) -> None:
    assert demande_verdict(texte)


@pytest.mark.parametrize("texte", ["combien d'enfants ?", "on a 6 enfants", "merci", ""])
def test_another_text_asks_for_no_verdict(texte: str) -> None:
    assert not demande_verdict(texte)
