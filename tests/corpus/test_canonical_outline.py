"""The headings of the five texts and what stands under them."""

from __future__ import annotations

import pytest

from corpus.library import Corpus

OUTLINES: dict[str, list[tuple[int, str]]] = {
    "000": [
        (1, "INTRODUCTION"),
        (1, "1. L’organisation départementale"),
        (3, "➢ Les orientations 2025 – 2026"),
        (3, "➢ Animation départementale"),
        (3, "➢ Le bilan des actions Clas au niveau départemental"),
        (1, "2. Modalités de dépôt du dossier de demande d’agrément et financement Clas"),
        (1, "3. Les modalités de financement du Clas par la branche Famille"),
        (2, "4.1 Les modalités d’éligibilité et de calcul de la Ps Clas :"),
        (
            3,
            (
                "➢ Bonus « enfants » : Soutien à la mise en place de projets culturels et "
                "éducatifs au sein des Clas"
            ),
        ),
        (
            3,
            (
                "➢ Bonus « parents » : Renforcement de l’action des Clas en matière de soutien à "
                "la parentalité"
            ),
        ),
    ],
    "001": [
        (2, "Préambule"),
        (2, "Pourquoi un référentiel national de financement des Clas par les Caf ?"),
        (3, "➤ A qui s'adresse ce référentiel ?"),
        (2, "Définition du « contrat local d'accompagnement à la scolarité » (Clas)"),
        (2, "Le pilotage du Clas s'organise dans un cadre partenarial"),
        (3, "- Au niveau départemental"),
        (3, "- Au niveau local"),
        (2, "Les modalités de sélection et de financement des projets Clas par les Caf"),
        (3, "☐ Les actions sont sélectionnées par un comité des financeurs"),
        (3, "☐ Les actions financées doivent bénéficier de cofinancements"),
        (3, "☐ Les actions peuvent bénéficier d'un financement pluriannuel"),
        (2, "Les critères du financement par la prestation de service « Clas »"),
        (3, "➤ S'adresser à un public d'enfants et/ou de jeunes et leurs parents"),
        (3, "➤ S'appuyer sur les principes de la charte d'accompagnement à la scolarité"),
        (
            3,
            (
                "➤ Répondre aux orientations définies dans le volet parentalité du Sdsf et prendre "
                "appui sur un diagnostic des besoins"
            ),
        ),
        (3, "➤ S'inscrire dans une dynamique collective"),
        (4, "Définition d'un collectif d'enfants"),
        (3, "➤ S'inscrire dans une régularité de mise en œuvre"),
        (3, "➤ Répondre à des critères d'encadrement qui garantissent une qualité d'intervention"),
        (4, "Les intervenants professionnels ou bénévoles des actions Clas"),
        (3, "Les coordinateurs des actions Clas"),
        (
            3,
            (
                "- Répondre à des critères d'animation, d'accompagnement et de coordination des "
                "acteurs qui garantissent une qualité d'intervention pour les enfants et leurs "
                "familles"
            ),
        ),
        (3, "Un axe d'intervention auprès des enfants et des jeunes"),
        (6, "Interventions en direction des enfants et des jeunes"),
        (3, "Un axe d'intervention auprès et avec les parents"),
        (6, "Interventions en direction des parents"),
        (2, "Un axe de concertation et de coordination avec l'école"),
        (6, "Concertation et coordination avec l'école"),
        (
            2,
            "Un axe de concertation et de coordination avec les différents acteurs du territoire",
        ),
        (6, "S’inscrire dans une dynamique de partenariat local"),
        (2, "Le bilan, le suivi et la valorisation des actions"),
    ],
    "002": [
        (1, "1. Préambule"),
        (1, "2. Les projets d’actions d’accompagnement à la scolarité"),
        (2, "2-1 Objectif général"),
        (2, "2-2 Principes d’action de l’accompagnement à la scolarité"),
        (2, "2-3 Objectifs"),
        (2, "2-4 Conditions de recevabilité des projets"),
        (1, "3. Les bénéficiaires des actions"),
        (1, "4. Financement"),
    ],
    "003": [
        (2, "En quelques mots"),
        (2, "Pour qui ?"),
        (2, "Quoi ?"),
        (2, "Quelles conditions?"),
        (2, "En quelques chiffres"),
        (1, "Ce que la Caf vous propose et ce qu’elle vous demande"),
        (2, "La prestation de service et les bonus"),
        (4, "Important"),
        (2, "Un projet Clas peut-il démarrer en cours d’année scolaire ?"),
        (
            2,
            (
                "En milieu rural, les groupes d’enfants doivent ils obligatoirement être de 8 à 12 "
                "enfants ?"
            ),
        ),
    ],
}

CIRCULAIRE: list[tuple[int, str]] = [
    (
        2,
        (
            "Un dispositif organisé autour d’une instance départementale de pilotage afin de "
            "structurer l’offre et renforcer la qualité des actions"
        ),
    ),
    (3, "· L’échelon départemental"),
    (3, "· Au niveau local"),
    (3, "· S’adresser à un public d’enfants et/ou de jeunes et leurs parents"),
    (3, "· S’appuyer sur les principes de la charte d’accompagnement à la scolarité"),
    (3, "· S’inscrire dans une dynamique collective"),
    (4, "Définition d’un collectif d’enfants"),
    (3, "· S’inscrire dans une régularité de mise en œuvre"),
    (4, "Dispositions spécifiques"),
    (3, "· Répondre à des critères d’encadrement qui garantissent une qualité d’intervention"),
    (2, "Le financement des Clas peut être bonifié pour renforcer la qualité des actions"),
    (1, "Modalités d’octroi et de versement de la Prestation de service Clas et des bonus"),
    (2, "Les modalités de sélection et de financement des projets par les Caf"),
    (3, "· L’agrément des projets est obligatoire"),
    (3, "· Les actions financées doivent bénéficier de cofinancements"),
    (3, "· Les actions peuvent bénéficier d’un financement pluriannuel"),
    (
        2,
        (
            "La Ps Clas permet de soutenir la fonction d’accompagnement à la scolarité réalisée "
            "auprès d’un collectif d’enfants"
        ),
    ),
    (2, "Les bonus complémentaires à la Ps Clas"),
    (2, "Les modalités de suivi et de gestion de la prestation de service Clas"),
    (3, "· La gestion des enveloppes"),
    (3, "· Le schéma d’écriture comptable et budgétaire"),
    (3, "· Le suivi statistique"),
    (3, "· L’ordonnancement"),
    (3, "· L’utilitaire Excel"),
    (3, "· Le contrôle"),
    (3, "· La formalisation des relations avec les partenaires"),
    (1, "Annexe"),
    (4, "Synthèse des conditions à remplir pour bénéficier de la prestation de service Clas"),
]


def outline(corpus: Corpus, name: str) -> list[tuple[int, str]]:
    document = corpus.documents[name]
    return [
        (b.niveau, document.texte[b.debut : b.fin])
        for b in document.blocs
        if b.nature in ("titre", "question", "encadre")
    ]


@pytest.mark.parametrize("name", OUTLINES)
def test_the_outline_is_that_of_the_text(corpus: Corpus, name: str) -> None:
    assert outline(corpus, name) == OUTLINES[name]


def test_the_main_headings_of_the_circulaire_stand_in_order_at_their_level(
    corpus: Corpus,
) -> None:
    found = outline(corpus, "004")
    assert [heading for heading in found if heading in CIRCULAIRE] == CIRCULAIRE


def section_of(corpus: Corpus, name: str, words: str) -> tuple[str, ...]:
    document = corpus.documents[name]
    start = document.texte.index(words)
    return next(b.section for b in document.blocs if b.debut <= start < b.fin)


ROOT = "II. Les dispositions prises afin de mieux contribuer au soutien des parents"


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (
            "Un collectif d’enfants est un groupe constitué",
            (
                ROOT,
                "S’inscrire dans une dynamique collective",
                "Définition d’un collectif d’enfants",
            ),
        ),
        (
            "Il en est de même pour un collectif",
            (
                ROOT,
                "S’inscrire dans une dynamique collective",
                "Définition d’un collectif d’enfants",
            ),
        ),
        (
            "Dans certains cas, les enfants inscrits",
            (ROOT, "S’inscrire dans une dynamique collective"),
        ),
        (
            "Un porteur de projet pour qui les conditions",
            (ROOT, "S’inscrire dans une régularité de mise en œuvre", "Dispositions spécifiques"),
        ),
        (
            "Chaque collectif d’enfants doit être encadré",
            (
                ROOT,
                "Répondre à des critères d’encadrement qui garantissent une qualité d’intervention",
            ),
        ),
    ],
)
def test_a_box_of_the_circulaire_ends_where_it_should(
    corpus: Corpus, words: str, path: tuple[str, ...]
) -> None:
    assert section_of(corpus, "004", words) == path


@pytest.mark.parametrize(
    ("name", "inside", "after"),
    [
        (
            "004",
            "un délai supplémentaire d’une année",
            "En complément de la prestation de service,",
        ),
        ("004", "Toute action relevant exclusivement", "Cette Ps Clas « rénovée »"),
        ("004", "Par exemple : un même gestionnaire", "L’agrément, par le comité départemental"),
        ("003", "La sélection des projets Clas", "Pour aller plus loin"),
        ("003", "Rapprochez- vous de votre Caf", "Pour en savoir plus sur les critères"),
    ],
)
def test_an_important_box_holds_its_words_and_not_the_next(
    corpus: Corpus, name: str, inside: str, after: str
) -> None:
    assert section_of(corpus, name, inside)[-1] == "Important"
    assert "Important" not in section_of(corpus, name, after)


def test_the_letter_of_the_circulaire_is_not_read_as_a_part_of_its_synthesis(
    corpus: Corpus,
) -> None:
    assert section_of(corpus, "004", "a décidé, pour renforcer la qualité") == ("SYNTHESE",)
    assert section_of(corpus, "004", "En 2019, 3 000 porteurs de projets") == ()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Pour qui ?", "Les structures qui oeuvrent avec les jeunes"),
        ("Quoi ?", "Une aide au financement des dépenses d'un montant maximal"),
        ("Quelles conditions?", "Répondre aux critères des Clas"),
        (
            "Un projet Clas peut-il démarrer en cours d’année scolaire ?",
            "Il est tout à fait possible",
        ),
    ],
)
def test_a_question_of_the_web_page_heads_its_answer(
    corpus: Corpus, question: str, answer: str
) -> None:
    assert section_of(corpus, "003", answer)[-1] == question


def test_lost_headings_guide_but_are_not_part_of_the_text(corpus: Corpus) -> None:
    document = corpus.documents["004"]
    for lost in document.fiche.titres_restitues:
        assert lost.titre not in document.texte
        assert any(lost.titre in bloc.section for bloc in document.blocs)
