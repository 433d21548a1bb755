"""Checking quotations: how what is pasted is cut, what is found of it, what else says it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from assistant.verification.checking import check_link, check_pasted, with_supports
from assistant.verification.models import AppuiTrouve, Constat, Lien, TexteInutilisable
from assistant.verification.splitting import CARACTERES, CITATIONS, read_link, split_pasted
from assistant.verification.supports import of_same_passage
from assistant.verification.texts import Recueil
from corpus.library import Corpus
from tests.travail import croissance

PHRASE = (
    "Un collectif d'enfants est un groupe constitué de 8 à 12 enfants maximum qui se réunit durant "
    "toute l'année scolaire"
)
"""Words of the référentiel, as they are stored."""


@pytest.fixture(scope="module")
def recueil(corpus: Corpus) -> Recueil:
    return Recueil(corpus.documents)


def check(texte: str, recueil: Recueil) -> Constat:
    (constat,) = check_pasted(texte, recueil).constats
    return constat


def pieces(texte: str, *connus: str) -> list[str]:
    cut = split_pasted(texte, lambda mots: mots in connus)
    return [e.texte for e in cut.extraits if e.citee]


# What was pasted, cut into quotations.


@pytest.mark.parametrize(
    "pasted",
    [
        "La Caf écrit « un groupe de huit enfants » dans sa note.",
        "La Caf écrit “un groupe de huit enfants” dans sa note.",
        'La Caf écrit "un groupe de huit enfants" dans sa note.',
        "La Caf écrit « un groupe de huit enfants",
    ],
)
def test_words_between_quotation_marks_are_the_quotation(pasted: str) -> None:
    assert pieces(pasted) == ["un groupe de huit enfants"]


def test_quotation_marks_inside_others_belong_to_the_outer_quotation() -> None:
    assert pieces("« le bonus “enfants” est de 300 € par an »") == [
        "le bonus “enfants” est de 300 € par an"
    ]


def test_a_name_between_quotation_marks_is_no_quotation() -> None:
    sentence = "Le bonus « parents » est versé une fois par an."
    assert pieces(sentence) == [sentence]


def test_a_sentence_of_a_text_is_checked_whole_with_its_own_quotation_marks() -> None:
    sentence = "La notion de « collectif d'enfants du Clas » est précisée."
    assert pieces(sentence, sentence) == [sentence]
    assert pieces(sentence) == ["collectif d'enfants du Clas"]


def test_without_quotation_marks_each_sentence_is_a_quotation() -> None:
    assert pieces(
        "- Un groupe compte 8 enfants. [1][2] Il se réunit à l'école.\nPuis la Caf paie."
    ) == [
        "Un groupe compte 8 enfants.",
        "Il se réunit à l'école.",
        "Puis la Caf paie.",
    ]


def test_a_sentence_cut_by_the_width_of_a_page_is_one_quotation() -> None:
    assert pieces("Un groupe compte huit\nenfants au moins.\nIl se réunit.") == [
        "Un groupe compte huit\nenfants au moins.",
        "Il se réunit.",
    ]


def test_a_link_belongs_to_the_quotation_before_it() -> None:
    pasted = (
        "[1] Référentiel – page 3\n« un groupe de huit enfants »\n"
        "Dans le texte : http://x/textes?document=001&version=0123456789ab&debut=5&fin=9\n"
        "[2] Circulaire\n« la Caf verse une aide »\n"
    )
    first, second = split_pasted(pasted, lambda _: False).extraits
    assert first.lien == Lien(document="001", version="0123456789ab", debut=5, fin=9)
    assert second.lien is None


@pytest.mark.parametrize(
    "address",
    [
        "textes?document=../001&debut=1&fin=2",
        "textes?document=001&debut=-1&fin=2",
        "textes?document=001&debut=1",
        "textes?document=001&version=ZZ&debut=1&fin=2",
        "textes?document=001&debut=²&fin=2",
        "textes?" + "document=001&" * 40 + "debut=1",
    ],
)
def test_an_address_that_names_no_place_is_no_link(address: str) -> None:
    assert read_link(address) is None


def test_too_long_a_text_is_refused_with_its_length() -> None:
    with pytest.raises(TexteInutilisable, match=str(CARACTERES + 1)):
        pieces("a" * (CARACTERES + 1))


@pytest.mark.parametrize("pasted", ["", "  \n ", "« »", "…", "[1][2]", "\x00\x1b"])
def test_a_text_without_words_is_refused(pasted: str) -> None:
    with pytest.raises(TexteInutilisable, match="Aucun mot"):
        pieces(pasted)


def test_no_more_quotations_than_the_bound_are_kept_and_the_rest_is_counted() -> None:
    found = split_pasted("Une phrase courte.\n" * (CITATIONS + 7), lambda _: False)
    assert (len(found.extraits), found.laisses) == (CITATIONS, 7)


def test_no_control_character_is_kept() -> None:
    (kept,) = pieces("un \x1b[31mgroupe\x07 de \u202ehuit\x9b enfants \ud800")
    assert kept.replace("?", "").isprintable()


# What is found of each.


def test_words_of_a_text_are_found_word_for_word(recueil: Recueil) -> None:
    found = check(PHRASE, recueil)
    assert found.statut == "mot_pour_mot"
    assert found.place is not None
    assert found.place.document == "001"
    stored = recueil.en_service["001"].texte
    assert stored[found.place.debut : found.place.fin] == found.place.extrait == PHRASE
    assert found.place.section is not None
    assert found.place.section.endswith("Définition d'un collectif d'enfants")


def test_another_layout_is_told_from_other_words(recueil: Recueil) -> None:
    found = check(PHRASE.replace(" de 8", "\n  de\u00a08").replace("'", "\u02bc"), recueil)
    assert found.statut == "mise_en_page"


def test_a_changed_figure_is_shown_on_both_sides(recueil: Recueil) -> None:
    found = check(PHRASE.replace("8 à 12", "6 à 12"), recueil)
    assert found.statut == "altere"
    assert found.ecarts is not None
    assert [f.texte.strip() for f in found.ecarts.texte if not f.egal] == ["8"]
    assert [f.texte.strip() for f in found.ecarts.citation if not f.egal] == ["6"]
    assert ([m.ecrit for m in found.ecarts.perdues], [m.ecrit for m in found.ecarts.venues]) == (
        ["8"], ["6"],
    )  # fmt: skip


def test_both_sides_of_a_difference_hold_all_their_words(recueil: Recueil) -> None:
    pasted = PHRASE.replace("8 à 12 enfants maximum", "6 enfants")
    found = check(pasted, recueil)
    assert found.ecarts is not None
    assert found.place is not None
    assert "".join(f.texte for f in found.ecarts.texte) == found.place.extrait
    assert "".join(f.texte for f in found.ecarts.citation) == pasted


def test_a_quotation_that_cuts_a_limit_is_altered(recueil: Recueil) -> None:
    found = check("Un collectif d'enfants est un groupe constitué de 8 à 12 enfants", recueil)
    assert found.statut == "altere"
    assert "coupe" in found.explication


def test_words_of_no_text_are_not_found(recueil: Recueil) -> None:
    found = check("La fusée décolle demain matin vers la planète Mars.", recueil)
    assert (found.statut, found.place) == ("introuvable", None)


def test_too_few_words_are_of_no_place(recueil: Recueil) -> None:
    assert check("enfants", recueil).statut == "trop_court"


def test_the_pieces_around_an_ellipsis_are_checked_apart(recueil: Recueil) -> None:
    pasted = "« Un collectif d'enfants est un groupe […] toute l'année solaire et lunaire »"
    found = check_pasted(pasted, recueil).constats
    assert [c.cite for c in found] == [
        "Un collectif d'enfants est un groupe",
        "toute l'année solaire et lunaire",
    ]
    assert found[0].statut == "mot_pour_mot"
    assert found[1].statut != "mot_pour_mot"


def test_a_sentence_beside_quotations_is_told_when_it_gives_another_figure(
    recueil: Recueil,
) -> None:
    pasted = f"« {PHRASE} »\n\n{PHRASE.replace('8 à 12', '6 à 12')}, dit la « note Caf »."
    found = check_pasted(pasted, recueil).constats
    assert [c.statut for c in found] == ["mot_pour_mot", "altere"]


def test_the_own_words_of_an_answer_beside_its_quotations_are_no_quotation(
    recueil: Recueil,
) -> None:
    pasted = f"Voici ce que disent les textes, chère madame.\n\n« {PHRASE} »"
    assert [c.cite for c in check_pasted(pasted, recueil).constats] == [PHRASE]


@pytest.mark.parametrize("motif", ["?", "«", '"', "x?document=0&", "[1"])
def test_work_stays_in_proportion_to_a_hostile_text(recueil: Recueil, motif: str) -> None:
    def checked(pasted: str) -> None:
        with suppress(TexteInutilisable):
            check_pasted(pasted, recueil)

    assert croissance(checked, motif, CARACTERES // 16 - 1) < 2.5


def test_the_same_words_elsewhere_are_told(recueil: Recueil) -> None:
    found = check(PHRASE, recueil)
    assert ("identique", "004") in {(a.sorte, a.place.document) for a in found.ailleurs}


def test_a_text_that_gives_other_figures_is_told_as_different(recueil: Recueil) -> None:
    found = check(PHRASE, recueil)
    other = next(a for a in found.ailleurs if a.place.document == "002")
    assert other.sorte == "differe"
    assert other.ecarts is not None
    assert {"5", "15"} <= {m.ecrit for m in other.ecarts.perdues}


def test_no_place_is_told_twice(recueil: Recueil) -> None:
    found = check(PHRASE, recueil)
    assert found.place is not None
    places = [found.place, *(a.place for a in found.ailleurs)]
    for rank, one in enumerate(places):
        for other in places[rank + 1 :]:
            apart = one.document != other.document
            assert apart or one.fin <= other.debut or other.fin <= one.debut


def test_the_link_chooses_among_places_that_say_the_same(recueil: Recueil) -> None:
    other = next(a for a in check(PHRASE, recueil).ailleurs if a.sorte == "identique").place
    link = f"textes?document={other.document}&debut={other.debut}&fin={other.fin}"
    found = check(f"« {PHRASE} »\n{link}", recueil)
    assert found.place is not None
    assert found.place.document == other.document
    assert found.lien is None


def test_a_link_that_leads_elsewhere_is_told(recueil: Recueil) -> None:
    found = check(f"« {PHRASE} »\ntextes?document=001&debut=3&fin=9", recueil)
    assert found.lien is not None
    assert "ailleurs" in found.lien


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (Lien(document="zz", version=None, debut=0, fin=4), "zz"),
        (Lien(document="001", version="0" * 12, debut=0, fin=4), "0" * 12),
        (Lien(document="001", version=None, debut=9, fin=10**8), "caractères"),
        (Lien(document="001", version=None, debut=9, fin=9), "caractères"),
    ],
)
def test_a_link_that_cannot_be_followed_says_why(recueil: Recueil, link: Lien, said: str) -> None:
    found = check_link(link, recueil)
    assert found.statut == "introuvable"
    assert said in found.explication


def test_a_link_opens_at_its_words(recueil: Recueil) -> None:
    place = check(PHRASE, recueil).place
    assert place is not None
    link = Lien(document=place.document, version=place.version, debut=place.debut, fin=place.fin)
    assert check_link(link, recueil).place == place


# What rests on a passage.


def resting(debut: int, fin: int, nom: str, recueil: Recueil) -> AppuiTrouve:
    version = recueil.en_service["001"].version
    return AppuiTrouve(
        genre="fiche", nom=nom, document="001", version=version, debut=debut, fin=fin
    )


def test_what_quotes_some_of_the_words_rests_on_the_passage(recueil: Recueil) -> None:
    found = check_pasted(PHRASE, recueil)
    place = found.constats[0].place
    assert place is not None
    supports = [
        resting(place.debut + 5, place.debut + 9, "dedans", recueil),
        resting(place.fin - 3, place.fin + 3, "à cheval", recueil),
        resting(place.fin, place.fin + 9, "après", recueil),
        resting(place.debut, place.fin, "ailleurs", recueil).model_copy(
            update={"version": "0" * 12}
        ),
    ]
    told = with_supports(found, supports).constats[0].appuis
    assert [appui.nom for appui in told] == ["dedans", "à cheval"]


def test_quotations_of_the_same_block_follow_one_another(recueil: Recueil) -> None:
    place = check(PHRASE, recueil).place
    assert place is not None
    supports = [
        resting(place.fin + 1, place.fin + 5, "suivante", recueil),
        resting(0, 5, "loin", recueil),
    ]
    spans = of_same_passage(recueil.en_service["001"], place, supports)
    assert spans == ((place.debut, place.fin), (place.fin + 1, place.fin + 5))
