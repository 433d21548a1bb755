"""Broken lines, notes, tables, holes and pages of the five texts, on their literal words."""

from __future__ import annotations

import pytest

from corpus.library import Corpus
from corpus.models import Bloc, DocumentCanonique


def words_of(document: DocumentCanonique, bloc: Bloc) -> str:
    return document.texte[bloc.debut : bloc.fin]


def block_starting(document: DocumentCanonique, words: str) -> Bloc:
    found = [b for b in document.blocs if words_of(document, b).startswith(words)]
    assert found, words
    return found[0]


REJOINED = {
    "000": [
        "qui s’adresse aux enfants du CP à la Terminale.",
        (
            "- le cadre organisationnel du dispositif (composition des groupes d’enfants, "
            "l’encadrement requis pour ces groupes, la fréquence etc.) ;"
        ),
        "pour être éligible au financement du Clas ;",
        (
            "à partir de la remontée des justifications des données d’activités Clas, le bilan "
            "annuel de l’activité du dispositif Clas du département."
        ),
        "2. Modalités de dépôt du dossier de demande d’agrément et financement Clas",
        "nombre d’intervenants et leur qualification ainsi que pour la fonction de coordination,",
        "afin de renforcer les alliances avec les parents",
        (
            "➢ Bonus « parents » : Renforcement de l’action des Clas en matière de soutien à la "
            "parentalité"
        ),
        (
            "- Orienter les parents vers d’autres partenaires du territoire (ex : acteurs du "
            "soutien à la parentalité) ;"
        ),
        "répondre en complément à l’appel à projet de la Direction Départementale de l’emploi",
    ],
    "001": [
        (
            "Référentiel national de financement des contrats locaux d'accompagnement à la "
            "scolarité (Clas) par les Caf"
        ),
        "un collectif composé de 8 à 12 enfants maximum est constitué autour d'un même projet.",
        "dans le cadre des Reaap ; espaces parents au sein des établissements scolaires).",
        "- Les Cités Educatives.",
    ],
    "002": [
        "l’accompagnement à la scolarité a été mis en place pour contribuer",
        (
            "à l’Aide Spécifique des Rythmes Educatifs (ASRE) ou à la bonification plan mercredi "
            "versées par la Caf du Rhône."
        ),
        (
            "- 2 séances hebdomadaires d’1h30 minimum par séance pour chaque collectif sur une "
            "période de 27 semaines de fonctionnement annuel favorisant la progression des jeunes "
            "et des enfants."
        ),
        (
            "Attention : en milieu rural (commune de moins de 5000 habitants), selon la "
            "spécificité du territoire, peuvent être acceptés :"
        ),
    ],
    "003": [
        "le projet doit répondre aux critères du référentiel des Clas notamment :",
        "soit un montant maximal de 2 563 € par groupe d’enfants et par année scolaire*.",
    ],
    "004": [
        "Direction des politiques familiales et sociales",
        (
            "Mesdames et Messieurs les directeurs des caisses d’Allocations familiales, Mesdames "
            "et Messieurs les directeurs comptables et financiers"
        ),
        "Objet : Le soutien de la branche Famille aux Contrats locaux",
        "les besoins d’accompagnement des enfants et parents ;",
        (
            "égale à 32,5% du prix de revient de la fonction d’accompagnement à la scolarité "
            "dispensée au cours de l’exercice (année scolaire)"
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "sentence"), [(name, s) for name, found in REJOINED.items() for s in found]
)
def test_broken_lines_are_rejoined(corpus: Corpus, name: str, sentence: str) -> None:
    document = corpus.documents[name]
    assert sentence in document.texte
    start = document.texte.index(sentence)
    holders = [b for b in document.blocs if b.debut <= start < b.fin]
    assert holders[0].fin >= start + len(sentence), "the sentence stands in one block"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("000", "C’est un dispositif partenarial", "Le référentiel national de financement"),
        ("000", "Les projets Clas élémentaire et collège", "Les critères spécifiques"),
        ("002", "La circulaire interministérielle du 8 juin", "Le Contrat Local d’Accompagnement"),
        ("003", "4 300 projets Clas", "33 millions d’euros"),
        ("004", "Madame, Monsieur le Directeur,", "Madame, Monsieur le Directeur Comptable"),
        ("004", "Le prix plafond de la prestation", "Dans tous les Cas, les Caf vérifient"),
    ],
)
def test_what_the_source_parts_stays_apart(
    corpus: Corpus, name: str, before: str, after: str
) -> None:
    document = corpus.documents[name]
    following = document.blocs[block_starting(document, before).numero + 1]
    assert words_of(document, following).startswith(after)


@pytest.mark.parametrize(
    ("name", "caller", "note"),
    [
        ("001", "La double approche « enfants-parents »", "Réseaux d'écoute, d'appui"),
        ("001", "La circulaire interministérielle du 7 février", "CIRCULAIRE INTERMINISTÉRIELLE"),
        ("001", "Il est demandé que ce coordinateur possède", "Circulaires DGas/2Bn°200-295"),
        ("001", "- Les Cités Educatives.", "https://www.cget.gouv.fr/"),
        (
            "004",
            "La circulaire interministérielle du 7 février",
            "Circulaire interministérielle N°",
        ),
        ("004", "· une meilleure inscription des Clas", "Caf de l’Ain, Caf de l’Ardèche"),
        ("004", "A compter de septembre 2021", "La fonction d’accompagnement à la scolarité"),
        ("004", "La fonction d’accompagnement à la scolarité revêt", "Le montant du prix plafond"),
    ],
)
def test_a_footnote_stands_after_the_paragraph_or_the_whole_list_that_calls_it(
    corpus: Corpus, name: str, caller: str, note: str
) -> None:
    document = corpus.documents[name]
    following = document.blocs[block_starting(document, caller).numero + 1]
    assert following.nature == "note"
    assert words_of(document, following).startswith(note)


def rows_under(document: DocumentCanonique, heading: str) -> list[str]:
    """Words of the rows of the last table column that a heading stands over."""
    head = [b for b in document.blocs if words_of(document, b) == heading and b.niveau == 6][-1]
    rows: list[str] = []
    for bloc in document.blocs[head.numero + 1 :]:
        if bloc.introduit_par != head.numero:
            break
        assert bloc.section[-1] == heading
        rows.append(words_of(document, bloc))
    return rows


ANNEX = {
    "Interventions en direction des enfants et des jeunes": [
        "Fournir aux enfants et aux jeunes un appui et une méthodologie au travail scolaire",
        (
            "Leur permettre d’élargir leurs centres d’intérêt en mobilisant les ressources locales "
            "(bibliothèques, médiathèques, etc.) et en organisant des sorties culturelles (musées, "
            "expositions, etc.)"
        ),
        (
            "Leur permettre d’élargir leurs centres d’intérêt en développant leurs capacités de "
            "vie collective"
        ),
        "Mettre en valeur leurs compétences en valorisant l’entraide au sein du groupe Clas",
        (
            "Organiser un suivi régulier des présences des enfants (par exemple la mise en place "
            "de cahiers de présence et/ou de fiches individuelles de suivi)."
        ),
    ],
    "Interventions en direction des parents": [
        (
            "Organiser des temps d’information sur les objectifs et le contenu des actions Clas au "
            "moment de l’inscription des enfants"
        ),
        "Mettre en place des temps de convivialité enfants/parents",
        "Informer et accompagner les parents dans leur compréhension des codes de l’école",
        (
            "Orienter les parents vers d'autres partenaires du territoire (ex/ acteurs du soutien "
            "à la parentalité)"
        ),
        (
            "Associer les parents à l’accompagnement proposé à leur enfant par des échanges "
            "informels réguliers"
        ),
    ],
    "Concertation et coordination avec l’école": [
        (
            "Etablir des relations avec les directeurs d'établissements, les conseillers "
            "principaux d’éducation, les enseignants"
        ),
        (
            "Etablir une collaboration avec les équipes éducatives pour l'orientation des enfants "
            "vers le Clas"
        ),
        (
            "Organiser une réunion de concertation avec les équipes éducatives en amont de la mise "
            "en place du projet et lors du bilan"
        ),
    ],
    "Inscription dans une dynamique de partenariat local": [
        "Être en relation avec d'autres associations ou partenaires du secteur"
    ],
    "Collectif d’enfants": [
        (
            "Un collectif d’enfants est constitué de 8 à 12 enfants maximum qui se réunit durant "
            "toute l’année scolaire dans un même lieu, accessible aux parents"
        )
    ],
    "Modalités d’encadrement": [
        (
            "Chaque collectif d’enfants est encadré et animé par 2 animateurs professionnels et/ou "
            "bénévoles"
        )
    ],
    "Durée minimale d’une action": [
        (
            "Deux séances hebdomadaires d’une heure trente par séance sur une période de 27 "
            "semaines de fonctionnement annuel"
        )
    ],
    "Spécificité en milieu rural": [
        "En milieu rural, en raison de la spécificité territoriale :",
        "· un nombre minimum de 5 enfants au sein d’un collectif d’enfants",
        "· un animateur pour les collectifs inférieurs à 8 enfants",
        "· - une séance hebdomadaire de 2 heures minimum",
    ],
}


@pytest.mark.parametrize(("heading", "rows"), ANNEX.items())
def test_the_annex_table_of_the_circulaire_reads_as_rows_under_their_heading(
    corpus: Corpus, heading: str, rows: list[str]
) -> None:
    assert rows_under(corpus.documents["004"], heading) == rows


REFERENTIEL = {
    "Interventions en direction des enfants et des jeunes": [
        "Fournir aux enfants et aux jeunes un appui et une méthodologie au travail scolaire",
        (
            "Leur permettre d'élargir leurs centres d'intérêt en mobilisant les ressources locales "
            "(ex/bibliothèques, médiathèques)"
        ),
        (
            "Leur permettre d'élargir leurs centres d'intérêt en développant leurs capacités de "
            "vie collective"
        ),
        "Mettre en valeur leurs compétences en valorisant l'entraide au sein du groupe Clas",
        (
            "Organiser un suivi régulier des présences des enfants (ex/mise en place de cahiers de "
            "présence et/ou de fiches individuelles de suivi)."
        ),
    ],
    "Interventions en direction des parents": [
        (
            "Organiser des temps d'information sur les objectifs et le contenu des actions Clas au "
            "moment de l'inscription des enfants"
        ),
        "Mettre en place des temps de convivialité enfants/parents",
        "Informier et accompagner les parents dans leur compréhension des codes de l'école",
        (
            "Orienter les parents vers d'autres partenaires du territoire (ex/ acteurs du soutien "
            "à la parentalité)"
        ),
        (
            "Associer les parents à l'accompagnement proposé à leur enfant par des échanges "
            "informels réguliers"
        ),
    ],
    "Concertation et coordination avec l'école": [
        (
            "Etablir des relations avec les directeurs d'établissements, les conseillers "
            "principaux d'éducation, les enseignants"
        ),
        (
            "Etablir une collaboration avec les équipes éducatives pour l'orientation des enfants "
            "vers le Clas"
        ),
        (
            "Organiser une réunion de concertation avec les équipes éducatives en amont de la mise "
            "en place du projet et lors du bilan"
        ),
    ],
    "S’inscrire dans une dynamique de partenariat local": [
        "Être en relation avec d'autres associations ou partenaires du secteur."
    ],
}


@pytest.mark.parametrize(("heading", "rows"), REFERENTIEL.items())
def test_the_tables_of_the_referentiel_read_as_rows_under_their_heading(
    corpus: Corpus, heading: str, rows: list[str]
) -> None:
    assert rows_under(corpus.documents["001"], heading) == rows


def test_no_other_text_is_read_as_a_table(corpus: Corpus) -> None:
    for name in ("000", "002", "003"):
        assert not [b for b in corpus.documents[name].blocs if b.nature == "ligne_tableau"]


def test_the_missing_table_of_the_bonus_is_recorded_where_it_stood(corpus: Corpus) -> None:
    document = corpus.documents["004"]
    (hole,) = document.trous
    assert document.texte[: hole.position].endswith("dans le tableau ci-dessous :")
    assert document.texte[hole.position :].lstrip().startswith("Il sera par ailleurs demandé aux")
    assert hole.objet == "le tableau des critères d'attribution des bonus"


def test_only_the_circulaire_has_a_hole(corpus: Corpus) -> None:
    assert [name for name, d in corpus.documents.items() if d.trous] == ["004"]


@pytest.mark.parametrize(
    ("name", "words", "page"),
    [
        ("000", "INTRODUCTION", 1),
        ("000", "- veiller à l’utilisation des crédits", 1),
        ("000", "➢ Les orientations 2025 – 2026", 2),
        ("000", "Les modalités de transmission des bilans", 2),
        ("000", "2. Modalités de dépôt du dossier", 3),
        ("000", "- un axe d’intervention auprès et avec les parents", 3),
        ("000", "- un axe de concertation et de coordination avec l’école", 4),
        ("000", "Prise en compte de 32,5 %", 4),
        ("000", "Ce bonus vise à renforcer la mobilisation", 4),
        ("000", "Le montant total des financements accordés", 5),
        ("002", "CAHIER DES CHARGES DU CLAS", 1),
        ("002", "Une articulation doit être recherchée", 1),
        ("002", "2-2 Principes d’action", 2),
        ("002", "- Axe de concertation et de coordination avec l’école", 2),
        ("002", "Tout projet d’action doit avant son démarrage", 3),
        ("002", "- Les actions devront s’articuler", 3),
        ("002", "- Les actions devront prévoir des temps de formation", 4),
        ("002", "4. Financement", 4),
    ],
)
def test_a_sentence_stands_on_its_page(corpus: Corpus, name: str, words: str, page: int) -> None:
    assert block_starting(corpus.documents[name], words).page == page


def test_texts_whose_pages_are_lost_have_none(corpus: Corpus) -> None:
    for name in ("001", "003", "004"):
        assert {b.page for b in corpus.documents[name].blocs} == {None}


def test_pages_never_go_backwards(corpus: Corpus) -> None:
    for name in ("000", "002"):
        pages = [b.page or 0 for b in corpus.documents[name].blocs]
        assert pages == sorted(pages)


def test_an_item_is_introduced_by_the_sentence_before_its_list(corpus: Corpus) -> None:
    document = corpus.documents["004"]
    item = block_starting(document, "· le bonus « parents » vise à soutenir")
    assert item.introduit_par is not None
    introduction = words_of(document, document.blocs[item.introduit_par])
    assert introduction.startswith("A compter de la rentrée scolaire 2021, deux bonus")


def test_blocks_follow_each_other_and_cover_the_text(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        end = 0
        for number, bloc in enumerate(document.blocs):
            assert bloc.numero == number
            assert bloc.debut >= end
            assert not document.texte[end : bloc.debut].strip()
            assert bloc.fin > bloc.debut
            end = bloc.fin
        assert end == len(document.texte)
