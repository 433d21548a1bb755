"""What a card says in our own words is held by what it quotes: numbers, names, refusals.

A number may also come from a parameter of the rules, written ``{p:nom}``, which quotes the texts
on its own. A sentence that says what the texts leave out cannot be quoted: it must name them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from assistant.answers.places import nom_departement
from assistant.dialogue.facts.nombres import lire_nombre
from assistant.eligibility.commands import regles_livrees
from assistant.fiches.loading import FichePrete, fill_cards, locate_cards, read_cards
from assistant.fiches.model import Fiche
from corpus.library import Corpus
from corpus.models import NATIONALE
from index.french import fold, stems

PLACE = re.compile(r"\{p:[^}]*\}")
DIGITS = re.compile(r"\d{1,3}(?:[ \u202f\u00a0]\d{3})+(?!\d)|\d+(?:,\d+)?")
LETTERS = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"(?<=[.!?…])\s+")
RANKS = {"deuxieme": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "double": 2, "triple": 3}
YES_OR_NO = re.compile(r"^(?:Oui|Non)\b\s*[:,.]?\s*")

WORD = re.compile(r"[^\W\d_]+(?:\.fr\b|[^\W_]*)?")
YOUR_OFFICE = re.compile(r"\bvotre Caf\b", re.IGNORECASE)
"""Sending people to their Caf is advice, not a fact of the texts."""
SUBJECT = frozenset({"clas"})
"""What every card is about."""
SHORT_FOR: Mapping[str, tuple[str, ...]] = {
    "ps": ("prestation de service", "prestation clas"),
    "caf": ("caisse d'allocations familiales", "caisses d'allocations familiales"),
    "cof": ("convention d'objectifs et de financement",),
    "cog": ("convention d'objectifs et de gestion",),
    "sdsf": ("schemas departementaux des services aux familles",
             "schemas departementaux de service aux familles"),
    "reaap": ("reseaux d'ecoute, d'appui et d'accompagnement des parents",),
    "pre": ("programmes de reussite educative", "programme de reussite educatif"),
    "pedt": ("projets educatifs de territoire", "projet educatif de territoire"),
    "pel": ("projets educatifs locaux", "projet educatif local"),
    "ctg": ("convention territoriale globale",),
    "cpe": ("conseillers principaux d'education",),
    "pronote": ("pronotes",),
}  # fmt: skip

REFUSAL = re.compile(
    r"\b(?:ne|n')\s*(?=\w).{0,60}?\b(?:pas|plus|jamais|ni|guere|aucune?)\b|\baucune?\b|\bjamais\b"
    r"|\bni\b|\bsans\b|\bsauf\b|\bhormis\b"
)
ONLY = re.compile(
    r"\b(?:seulement|uniquement|exclusivement|seule?s?)\b|\b(?:ne|n')\s*(?=\w).{0,40}?\bque\b"
)
HOLDS_BACK = re.compile(
    r"\bne\b|\bn'|\bpas\b|\bnon\b|\baucune?\b|\bjamais\b|\bsans\b|\bsauf\b|\bhors\b"
    r"|\ben dehors\b|\bseule?s?\b|\bseulement\b|\buniquement\b|\bexclusive|\bmaximum\b|\bmax\b"
    r"|\bminimum\b|\bau moins\b|\blimite\b|\brigueur\b|\bpreconis|\brefus\b|\bdifferent\b"
    r"|\bdistinct|\binferieur|\bmanqu|\btoutefois\b|\bsous reserve\b|\bsous condition\b"
)
BOUND = re.compile(
    HOLDS_BACK.pattern + r"|\bdoi(?:t|vent)\b|\bdevr(?:a|ont)\b|\bobligatoire|\bregle\b|\bcondition"
)
"""What a « non » may rest on besides a refusal: an obligation that the thing asked would break."""
TEXTS = re.compile(
    r"\b(?:textes?|circulaires?|referentiel|notes?|cahier des charges|caf\.fr|corpus|documents?)\b"
)
PRONOUN = re.compile(r"^(?:ils?|elles?|rien)\b")
SAYS_NOT = re.compile(
    r"\b(?:ne |n'|sans )(?:l'|le |la |les |en |y |s')*(?:dis|dit|don|dress|precis|cit|parl|fix"
    r"|defini|repr|figur|mention|expliqu|concili|prevoi|evoqu|indiqu|chiffr|nomm|ecri|tranch"
    r"|regl|trait|detaill|impos|exig|demand|distingu|contien|limit|pos|seuil)"
    r"|\b(?:disent|prevoient|evoquent|citent|demandent) seulement\b|\bdans le seul\b|\brien\b"
)
"""A sentence about the texts that says what they leave out: nothing can be quoted for it."""
SHORTEST = 4
"""Letters of the shortest stem that says what a sentence is about."""
REASONS: Mapping[str, str] = {
    "bonus-acompte": "« lors du paiement du solde » : it is paid once, at the end",
    "public-quartiers": "« sur l'ensemble des territoires » leaves none out",
    "budget-incoherence": "the sum is ours: 38,6 less 31,9 is not the 8,1 that is quoted",
    "bonus-socle-seul": "« en complément » of the base: the base alone is not it",
    "collectif-a-la-carte": "« durant toute l'année scolaire »: not now and then",
    "public-sans-accord": "« en accord avec les parents » is not without them",
    "principe-egalite": "« l'égalité des droits de chacun » leaves nobody out",
}
"""Cards whose « non » no word of the quotations shows, and why it is right."""


@pytest.fixture(scope="module")
def pairs(corpus: Corpus) -> tuple[tuple[Fiche, FichePrete], ...]:
    """Each card as written, with its parameters' places, and as served, with its quotations."""
    cards = read_cards()
    ready, aside = locate_cards(fill_cards(cards, regles_livrees()), corpus.documents)
    assert aside == ()
    return tuple(zip(cards, ready, strict=True))


def said(card: Fiche) -> str:
    """What a card says in our own words, its parameters' places left out."""
    return PLACE.sub(" ", " ".join((card.reponse, *card.reserves)))


def quoted(ready: FichePrete) -> str:
    return plain(" ".join(c.extrait for c in ready.citations))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text.replace("’", "'")))


def numbers(text: str) -> Iterator[str]:
    """Numbers of a text, in digits or in letters; « un » and « une » are articles."""
    for figure in DIGITS.findall(text):
        yield re.sub(r"\s", "", figure)
    words = LETTERS.findall(plain(text))
    rank = 0
    while rank < len(words):
        read = lire_nombre(words[rank:])
        if read and words[rank : rank + read.taille] not in (["un"], ["une"]):
            yield str(read.valeur)
        if words[rank] in RANKS:
            yield str(RANKS[words[rank]])
        rank += read.taille if read else 1


def held_numbers(ready: FichePrete) -> set[str]:
    held = set(numbers(quoted(ready)))
    if re.search(r"\b(?:une?|1er)\b", quoted(ready)):
        held.add("1")
    for citation in ready.citations:
        held |= set(numbers(f"{citation.titre} {citation.annee or ''}"))
    return held


def unsupported_numbers(card: Fiche, ready: FichePrete) -> list[str]:
    """Numbers of a card that are neither in its quotations nor in the titles it quotes from."""
    held = held_numbers(ready)
    return [number for number in numbers(said(card)) if number not in held]


def names(sentence: str, known: frozenset[str]) -> Iterator[str]:
    """Capitalised words inside a sentence, acronyms anywhere, a known name that begins it."""
    inner = YES_OR_NO.sub("", sentence).lstrip("« ")
    for place, word in enumerate(WORD.findall(inner)):
        folded = fold(word)
        capital = len(word) > 1 and word[0].isupper()
        first = place == 0 and word[1:].islower() and folded not in known
        if word.endswith(".fr") or (capital and not first):
            yield folded


def unsupported_names(card: Fiche, ready: FichePrete, known: frozenset[str]) -> list[str]:
    """Names of a card that its quotations do not bear, in full or in short."""
    text = quoted(ready)
    held = {fold(word) for word in WORD.findall(text)} | SUBJECT
    for citation in ready.citations:
        if citation.portee != NATIONALE:
            held |= set(plain(nom_departement(citation.portee)).split())
        page = " ".join(re.findall(r"«[^»]*»|\w+\.fr", citation.titre))
        held |= {fold(word) for word in WORD.findall(page)}
    held |= {short for short, long in SHORT_FOR.items() if any(full in text for full in long)}
    return [
        name
        for sentence in SENTENCE.split(YOUR_OFFICE.sub("votre caisse", said(card)))
        # One that says what the texts leave out must name it, and no text does.
        if not (card.silence and speaks_of_the_texts(card, plain(sentence)))
        for name in names(sentence, known)
        if name not in held
    ]


def unsupported_refusals(card: Fiche, ready: FichePrete) -> list[str]:
    """Sentences of a card that refuse or restrict where no quotation does."""
    quotations = [plain(c.extrait) for c in ready.citations]
    lost = []
    bound = card.id in REASONS or any(BOUND.search(text) for text in quotations)
    if (card.polarite == "non" or card.reponse.startswith("Non")) and not bound:
        lost.append(card.reponse)
    for sentence in SENTENCE.split(said(card)):
        spoken = plain(YES_OR_NO.sub("", sentence))
        refuses = REFUSAL.search(spoken) or ONLY.search(spoken)
        if not refuses or speaks_of_the_texts(card, spoken):
            continue
        about = content(spoken)
        if not any(HOLDS_BACK.search(text) and about & content(text) for text in quotations):
            lost.append(sentence)
    return lost


def speaks_of_the_texts(card: Fiche, spoken: str) -> bool:
    """Whether a sentence says what the texts leave out (« ils » where a card compares them)."""
    names_them = TEXTS.search(spoken) or (
        (card.silence or card.divergence) and PRONOUN.search(spoken)
    )
    return bool(names_them and SAYS_NOT.search(spoken))


def content(text: str) -> set[str]:
    """Stems of the words that say what a sentence is about."""
    return {stem for stem in stems(text) if len(stem) >= SHORTEST}


@pytest.fixture(scope="module")
def known(corpus: Corpus) -> frozenset[str]:
    """Words that the texts write more often with a capital inside their sentences than without."""
    text = " ".join(document.texte for document in corpus.documents.values())
    small = Counter(fold(word) for word in re.findall(r"\b[a-zà-ÿ]\w*", text))
    inner = Counter(fold(word) for word in re.findall(r"(?<=[a-zà-ÿ,'’] )[A-ZÀ-Ý]\w+", text))
    return frozenset(word for word, times in inner.items() if times > small[word])


def test_every_number_of_a_card_in_digits_or_letters_is_quoted_or_a_parameter(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    lost = {c.id: found for c, ready in pairs if (found := unsupported_numbers(c, ready))}
    assert lost == {}


def test_every_name_of_a_card_is_quoted(
    pairs: tuple[tuple[Fiche, FichePrete], ...], known: frozenset[str]
) -> None:
    lost = {c.id: found for c, ready in pairs if (found := unsupported_names(c, ready, known))}
    assert lost == {}


def test_every_refusal_or_restriction_of_a_card_rests_on_one_that_it_quotes(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    lost = {c.id: found for c, ready in pairs if (found := unsupported_refusals(c, ready))}
    assert lost == {}


def test_an_answer_begins_with_the_yes_or_the_no_of_its_card(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    begun = {"oui": "Oui", "non": "Non"}
    against = [
        card.id
        for card, _ in pairs
        if card.polarite in begun and not card.reponse.startswith(begun[card.polarite])
    ]
    assert against == []


def with_answer(card: Fiche, reponse: str) -> Fiche:
    return card.model_copy(update={"reponse": reponse, "reserves": ()})


def of(pairs: tuple[tuple[Fiche, FichePrete], ...], identifier: str) -> tuple[Fiche, FichePrete]:
    return next(pair for pair in pairs if pair[0].id == identifier)


def test_no_card_can_change_one_of_its_figures(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    changed = 0
    for card, ready in pairs:
        for figure in DIGITS.findall(PLACE.sub(" ", card.reponse)):
            other = card.reponse.replace(figure, "7 913")
            assert "7913" in unsupported_numbers(with_answer(card, other), ready), card.id
            changed += 1
    assert changed > 50


@pytest.mark.parametrize("written", ["dix-neuf", "quatre-vingt-quinze", "Seize", "deuxième"])
def test_a_number_in_letters_that_no_quotation_gives_is_caught(
    pairs: tuple[tuple[Fiche, FichePrete], ...], written: str
) -> None:
    card, ready = of(pairs, "collectif-effectif")
    assert unsupported_numbers(with_answer(card, f"{written} enfants par groupe."), ready)


def test_an_article_is_not_a_number(pairs: tuple[tuple[Fiche, FichePrete], ...]) -> None:
    card, ready = of(pairs, "collectif-lieu")
    assert not unsupported_numbers(with_answer(card, "Dans un même lieu, une salle."), ready)


@pytest.mark.parametrize(
    ("identifier", "false", "caught"),
    [
        ("financement-plafond-qui", "La Cnav le détermine chaque année.", "cnav"),
        ("financement-plafond-qui", "Le Rectorat le détermine, dit le Rectorat.", "rectorat"),
        ("financement-plafond-qui", "Le plafond est fixé par le CDSF.", "cdsf"),
        ("financement-plafond-qui", "Caf par Caf, il change chaque année.", "caf"),
        ("herault-parentalite34", "L'association Familles 34 anime le réseau.", "familles"),
        ("herault-comite", "L'État, la DDETS et le Conseil départemental du Gard.", "gard"),
        ("experimentation-caf", "Ain, Ardèche et Savoie.", "savoie"),
        ("collectif-lieu", "Il se réunit au même lieu, dit DDETS.", "ddets"),
    ],
)
def test_a_name_that_no_quotation_bears_is_caught(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
    known: frozenset[str],
    identifier: str,
    false: str,
    caught: str,
) -> None:
    card, ready = of(pairs, identifier)
    assert caught in unsupported_names(with_answer(card, false), ready, known)


def test_a_name_may_be_written_in_short(
    pairs: tuple[tuple[Fiche, FichePrete], ...], known: frozenset[str]
) -> None:
    card, ready = of(pairs, "herault-pilotage")
    short = with_answer(card, "La Caf de l'Hérault anime le Clas.")
    assert "caisse d'allocations familiales" in quoted(ready)
    assert unsupported_names(short, ready, known) == []


@pytest.mark.parametrize(
    ("identifier", "false"),
    [
        ("axe-parents-seances", "Les séances partagées enfants/parents ne sont jamais possibles."),
        ("axe-parents-seances", "Oui, mais seulement pour les mères lors de temps forts."),
        ("axe-enfants-presences", "Aucun suivi des présences n'est demandé."),
        ("axe-enfants-presences", "Un cahier de présence, sauf pour les fiches individuelles."),
        ("bonus-versement", "Le bonus n'est pas versé avec le solde de la prestation."),
        ("axe-territoire-difficultes", "Non : le comité départemental ne peut pas être informé."),
        ("encadrement-etudiants", "La participation d'étudiants est admise sans limite."),
    ],
)
def test_a_refusal_or_a_restriction_that_no_quotation_holds_is_caught(
    pairs: tuple[tuple[Fiche, FichePrete], ...], identifier: str, false: str
) -> None:
    card, ready = of(pairs, identifier)
    assert unsupported_refusals(with_answer(card, false), ready)


def test_a_refusal_cannot_borrow_the_words_of_a_quotation_about_something_else(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    card, ready = of(pairs, "encadrement-diplome")
    false = with_answer(card, "Les goûters ne sont pas payés.")
    assert any("aucun" in plain(c.extrait) for c in ready.citations)
    assert unsupported_refusals(false, ready)


def test_a_yes_turned_into_a_no_is_caught_where_nothing_obliges_or_refuses(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    free = [
        (with_answer(card, "Non, ce n'est pas admis."), ready)
        for card, ready in pairs
        if card.polarite == "oui"
        and not any(BOUND.search(plain(c.extrait)) for c in ready.citations)
    ]
    assert len(free) > 10
    assert all(unsupported_refusals(card, ready) for card, ready in free)


def test_a_sentence_about_the_texts_may_say_what_they_leave_out_and_nothing_else(
    pairs: tuple[tuple[Fiche, FichePrete], ...],
) -> None:
    card, ready = of(pairs, "bonus-versement")
    silent = with_answer(card, "Les textes ne précisent pas le mois du versement.")
    refusing = with_answer(card, "La circulaire n'autorise pas le versement en fin d'exercice.")
    reported = with_answer(card, "La circulaire dit que le solde ne comprend jamais le bonus.")
    assert unsupported_refusals(silent, ready) == []
    assert unsupported_refusals(refusing, ready)
    assert unsupported_refusals(reported, ready)
