"""Départements and foreign places named in a question, and the traps that are not places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.repertoire import lire_departements
from assistant.understanding.territoires import reperer_departements, reperer_etranger


def codes(question: str) -> list[str]:
    return sorted({mention.code for mention in reperer_departements(question)})


NOMMES = [
    ("Qui instruit les dossiers dans l'Hérault ?", ["34"]),
    ("herault date de dépôt", ["34"]),
    ("HERAULT", ["34"]),
    ("he\u0301rault", ["34"]),
    ("on est ds l herault", ["34"]),
    ("lherault c'est jusqu'à quand", ["34"]),
    ("l'herraut accepte les projets à 6 enfants ?", ["34"]),
    ("une association héraultaise", ["34"]),
    ("Clermont-l'Hérault", ["34"]),
    ("departement du rhone", ["69"]),
    ("Dans le Rhône, faut-il un avis du comité ?", ["69"]),
    ("les porteurs rhodaniens", ["69"]),
    ("métropole de Lyon", ["69"]),
    ("Loire Atlantique", ["44"]),
    ("loire-atlantique", ["44"]),
    ("Bouches du Rhône", ["13"]),
    ("bouche du rhone", ["13"]),
    ("seine st denis", ["93"]),
    ("Seine-Saint-Denis", ["93"]),
    ("haute garone", ["31"]),
    ("val de marne", ["94"]),
    ("les Alpes-Maritimes", ["06"]),
    ("Alpes de Haute-Provence", ["04"]),
    ("Côte-d'Or", ["21"]),
    ("côte d’or", ["21"]),
    ("en Corse du Sud", ["2A"]),
    ("Haute-Corse", ["2B"]),
    ("en Corse", ["2A", "2B"]),
    ("en Lozère", ["48"]),
    ("territoire de Belfort", ["90"]),
    ("Mayotte", ["976"]),
    ("en Guadeloupe", ["971"]),
    ("pas de calais", ["62"]),
    ("les Ardennes", ["08"]),
    ("On habite dans le Gard", ["30"]),
    ("et ailleurs que dans le Rhône ?", ["69"]),
    ("différence entre l'Hérault et le Rhône", ["34", "69"]),
]

NOMS_AMBIGUS_EN_CONTEXTE = [
    ("dans le Cher", ["18"]),
    ("dans le cher on dépose où", ["18"]),
    ("la Caf du Cher", ["18"]),
    ("Cher (18)", ["18"]),
    ("Et dans le Lot ?", ["46"]),
    ("caf du lot", ["46"]),
    ("Lot 46", ["46"]),
    ("dans le Nord", ["59"]),
    ("dans le nord, combien de séances ?", ["59"]),
    ("caf du nord", ["59"]),
    ("département du Nord", ["59"]),
    ("On est dans la Manche", ["50"]),
    ("Caf de la Manche", ["50"]),
    ("Caf de la Somme", ["80"]),
    ("Quelle date dans la Somme ?", ["80"]),
    ("dans le Var", ["83"]),
    ("caf var", ["83"]),
    ("dans l'Ain", ["01"]),
    ("en Creuse", ["23"]),
    ("la Creuse", ["23"]),
    ("dans les Landes", ["40"]),
    ("dans la Loire", ["42"]),
    ("l'Orne", ["61"]),
    ("dans l'Eure", ["27"]),
    ("le Jura", ["39"]),
    ("dans la Vienne", ["86"]),
    ("à Paris", ["75"]),
    ("clas paris", ["75"]),
    ("dans l'Aude", ["11"]),
    ("date limite aude", ["11"]),
    ("dans l'Aube", ["10"]),
    ("dans l'Allier", ["03"]),
    ("Nous sommes à La Réunion", ["974"]),
    ("caf de la réunion", ["974"]),
]

VILLES = [
    ("à Béziers", ["34"]),
    ("montpelier", ["34"]),
    ("MONTPELLIER", ["34"]),
    ("Sète", ["34"]),
    ("un collège de Lodève", ["34"]),
    ("Frontignan", ["34"]),
    ("la mairie d'Agde", ["34"]),
    ("vileurbanne", ["69"]),
    ("Vénissieux", ["69"]),
    ("villefranche sur saone", ["69"]),
    ("Givors", ["69"]),
    ("notre club à Bron", ["69"]),
    ("une asso lyonnaise", ["69"]),
    ("Lyon 3e", ["69"]),
    ("à Saint-Étienne", ["42"]),
    ("st etienne", ["42"]),
    ("Lille", ["59"]),
    ("Brest", ["29"]),
    ("à Nice", ["06"]),
    ("la ville de Nice", ["06"]),
    ("à Tours", ["37"]),
    ("mairie de tours", ["37"]),
    ("Tours (37)", ["37"]),
    ("à vannes", ["56"]),
    ("à Sens", ["89"]),
    ("à Gap", ["05"]),
    ("à Die", ["26"]),
    ("à Foix", ["09"]),
    ("à Auch", ["32"]),
    ("à Agen", ["47"]),
    ("à Dole", ["39"]),
    ("Lens", ["62"]),
    ("Laon", ["02"]),
    ("au Mans", ["72"]),
    ("du Havre", ["76"]),
    ("aux Ulis", ["91"]),
    ("Aix en Provence", ["13"]),
    ("à Saint-Denis", ["93", "974"]),
]

NUMEROTES = [
    ("dans le 34", ["34"]),
    ("dans le 12", ["12"]),
    ("on est du 69", ["69"]),
    ("le 34 c'est quand la date ?", ["34"]),
    ("dans le 34 combien d'enfants ?", ["34"]),
    ("dans le 34, enfants de quel âge ?", ["34"]),
    ("Quelles pièces joindre (34) ?", ["34"]),
    ("Hérault 34", ["34"]),
    ("34 - Hérault", ["34"]),
    ("dept 34", ["34"]),
    ("dpt 69", ["69"]),
    ("département n° 34", ["34"]),
    ("Caf 34", ["34"]),
    ("caf34 contact", ["34"]),
    ("la Caf du 69", ["69"]),
    ("Caf 34 dossiers à rendre", ["34"]),
    ("parentalité 34", ["34"]),
    ("rural 34", ["34"]),
    ("date limite 34", ["34"]),
    ("34", ["34"]),
    ("69", ["69"]),
    ("dans le 2A", ["2A"]),
    ("caf 2b", ["2B"]),
    ("caf 974", ["974"]),
    ("dans le 06", ["06"]),
    ("dans le 34 et le 69", ["34", "69"]),
    ("départements 34, 69 et 30", ["30", "34", "69"]),
    ("différences 34 et 69", ["34", "69"]),
]

PIEGES = [
    "34 enfants inscrits",
    "groupe de 12",
    "un groupe de 34",
    "27 semaines",
    "sur 36 semaines",
    "12 enfants",
    "12 gosses",
    "nb enfants max 12",
    "collectif 12",
    "69 €",
    "69 euros par enfant",
    "2 x 1h30",
    "1h30",
    "80 %",
    "80%",
    "80 pour cent",
    "le plafond de 32,5 %",
    "art. 34",
    "article 34",
    "page 12 du référentiel",
    "le 15 juillet",
    "le 12",
    "dans les 15 jours",
    "30 jours après",
    "le 31/12/2025",
    "06 12 34 56 78",
    "de 30 à 34 élèves",
    "douze (12) enfants",
    "des groupes (12)",
    "au 34 rue des Écoles",
    "la Caf nous a donné 30 jours",
    "caf 30 jours avant",
    "circulaire 2021-006",
    "rentrée 25",
    "bac +2",
    "c'est moins cher",
    "C'est trop cher !",
    "trop cher 18 euros la séance",
    "Cher Monsieur, combien d'enfants ?",
    "chers collègues",
    "un lot de livres",
    "un enfant handicapé dans le lot",
    "dans le nord du département",
    "le nord de la ville",
    "une école des quartiers nord",
    "gare du Nord",
    "faire la manche",
    "les manches courtes",
    "la somme de 300 €",
    "la Caf verse la somme totale",
    "ces frais sont compris dans la somme",
    "en somme, combien ?",
    "qu'il vienne ou pas",
    "aux heures creuses",
    "la période creuse",
    "une séance dure 1 eure 30",
    "1 eure et demi",
    "l'eure de fin de séance",
    "Aude est notre coordinatrice",
    "Mme Paris est-elle la référente ?",
    "les paris sportifs",
    "on peut allier Clas et Reaap ?",
    "peut-on l'allier au Pre ?",
    "à l'aube",
    "la réunion de concertation",
    "à la réunion avec les enseignants",
    "Il faut une réunion par an ?",
    "nos tours de parole",
    "faire des tours",
    "c'est nice",
    "ça a du sens",
    "des vannes entre élèves",
    "un tiers des enfants",
    "une mention au projet",
    "la charte de la laïcité",
    "la chartre de la laicite",
    "les bourses des collégiens",
    "les règles du Clas",
    "la moyenne d'âge",
    "un atelier de grasse matinée",
    "un maçon bénévole",
    "l'accueil des familles",
    "les papiers à fournir",
    "la personne qui coordonne",
    "les langues vivantes",
    "les étapes du dossier",
    "une sortie à la montagne",
    "un modèle de bilan",
    "l'histoire du dispositif",
    "en Rhône-Alpes",
    "Pays de la Loire",
    "l'école de la rue de Lyon",
    "avenue de Toulouse",
    "cours d'anglais",
    "en Belgique",
    "",
    "?",
]


@pytest.mark.parametrize(
    ("question", "attendus"), NOMMES + NOMS_AMBIGUS_EN_CONTEXTE + VILLES + NUMEROTES
)
def test_a_named_departement_is_found(question: str, attendus: list[str]) -> None:
    assert codes(question) == attendus


@pytest.mark.parametrize("question", PIEGES)
def test_common_words_and_counts_are_not_departements(question: str) -> None:
    assert codes(question) == []


@pytest.mark.parametrize(
    ("question", "forme", "par"),
    [
        ("Et dans l’Hérault ?", "Hérault", "nom"),
        ("on est à Villefranche sur Saone", "Villefranche sur Saone", "ville"),
        ("dans le 34 ?", "34", "numero"),
    ],
)
def test_a_mention_tells_its_words_and_how_it_was_named(
    question: str, forme: str, par: str
) -> None:
    (mention,) = reperer_departements(question)
    assert (mention.forme, mention.par) == (forme, par)


def test_combining_accents_belong_to_the_mention() -> None:
    (mention,) = reperer_departements("à Se\u0301te\u0301 demain")
    assert mention.forme == "Se\u0301te\u0301"


def test_mentions_come_in_the_order_of_the_text() -> None:
    mentions = reperer_departements("le Rhône, le 34 puis Lille")
    assert [mention.code for mention in mentions] == ["69", "34", "59"]


@pytest.mark.parametrize(
    ("question", "pays"),
    [
        ("Le Clas existe-t-il en Belgique ?", "Belgique"),
        ("une école à Genève", "Suisse"),
        ("au Québec", "Canada"),
        ("en nouvelle caledonie", "Nouvelle-Calédonie"),
    ],
)
def test_a_place_abroad_is_told_apart(question: str, pays: str) -> None:
    assert [mention.pays for mention in reperer_etranger(question)] == [pays]
    assert codes(question) == []


@pytest.mark.parametrize("question", ["un petit suisse au goûter", "dans l'Hérault", "à Lyon"])
def test_nothing_is_abroad_without_a_foreign_place(question: str) -> None:
    assert reperer_etranger(question) == ()


def test_every_departement_of_the_contract_is_described_once() -> None:
    numeros = [f"{n:02d}" for n in range(1, 96) if n != 20]
    attendus = {*numeros, "2A", "2B", *(str(n) for n in range(971, 977))}
    lus = [departement.code for departement in lire_departements()]
    assert len(lus) == len(set(lus))
    assert set(lus) == attendus


@pytest.mark.parametrize(("code", "nom"), [(d.code, d.nom) for d in lire_departements()])
def test_every_departement_is_found_by_name_and_by_number(code: str, nom: str) -> None:
    assert codes(f"Caf {nom}") == [code]
    assert codes(f"Caf {code}") == [code]


@given(st.text(max_size=300))
def test_any_text_is_read_and_offsets_point_at_the_mention(texte: str) -> None:
    for mention in reperer_departements(texte):
        assert texte[mention.debut : mention.fin] == mention.forme


MOTS = st.sampled_from(
    [
        "dans",
        "le",
        "la",
        "l'",
        "34",
        "69",
        "(34)",
        "Hérault",
        "herault",
        "Rhône",
        "du",
        "de",
        "Caf",
        "nord",
        "Lot",
        "à",
        "Tours",
        "St",
        "Étienne",
        "é",
        "12",
        "enfants",
        "et",
        ",",
        ".",
        "-",
        "’",
        "œ",
        "\u0301",
        "\ud800",
        "val",
        "marne",
        "2A",
        "montpelier",
    ]
)


@given(st.lists(st.tuples(MOTS, st.sampled_from([" ", "", "-", "\u00ad"])), max_size=40))
def test_offsets_hold_in_texts_full_of_places(paires: list[tuple[str, str]]) -> None:
    texte = "".join(mot + blanc for mot, blanc in paires)
    departements, etranger = reperer_departements(texte), reperer_etranger(texte)
    assert all(texte[m.debut : m.fin] == m.forme and m.forme for m in departements)
    assert all(texte[m.debut : m.fin] == m.forme and m.forme for m in etranger)
    assert len(departements) <= 2 * len(texte)
