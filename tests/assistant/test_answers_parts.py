"""What is quoted, how much of it, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from essais import Ask

from assistant.answers.composition import compose
from assistant.answers.parts import Partie, choose_parts, widen
from assistant.answers.selection import UniteChoisie
from assistant.quotation import Verificateur
from corpus.canonical import build_canonical
from corpus.models import DocumentCanonique, FicheDocument
from corpus.passages import cut_passages
from corpus.units import cut_units
from index.models import Hit, Signals

MakeFiche = Callable[..., FicheDocument]
RULE = "Chaque collectif est encadré par deux intervenants professionnels ou bénévoles formés."
SIGNALS = Signals(dense=0.9, lexical=1.0, expanded=1.0, late=0.9)


def _document(
    make_fiche: MakeFiche, source: str, name: str = "essai", portee: str = "nationale", **more: str
) -> DocumentCanonique:
    fiche = make_fiche(id=name, titre_court=name.capitalize(), portee=portee, **more)
    return build_canonical(source, fiche)


def _units(document: DocumentCanonique, note: float) -> list[UniteChoisie]:
    """All the units of a document, the mark falling a little from one to the next."""
    local = document.fiche.portee != "nationale"
    found = [
        (Hit(passage=p, score=1.0, signals=SIGNALS, local=local, hors_annee=False), unit)
        for p in cut_passages(document)
        for unit in cut_units(p, document)
    ]
    return [
        UniteChoisie(
            hit=hit,
            debut=unit.debut,
            fin=unit.fin,
            introduction=unit.introduction,
            liste=unit.liste,
            texte=document.texte[unit.debut : unit.fin],
            note=note - rank / 1000,
            couverture=1.0,
            proximite=0.9,
            repond_a_l_attente=True,
            dit_le_foyer=True,
        )
        for rank, (hit, unit) in enumerate(found)
    ]


def _parts(
    documents: Sequence[DocumentCanonique], *units: UniteChoisie, named: bool
) -> list[Partie]:
    return choose_parts(units, {d.fiche.id: d for d in documents}, named=named)


def _first(document: DocumentCanonique, note: float, words: str = "") -> UniteChoisie:
    return next(u for u in _units(document, note) if words in u.texte and not u.liste)


def test_a_short_paragraph_is_quoted_whole(make_fiche: MakeFiche) -> None:
    paragraph = f"{RULE} Un seul suffit en milieu rural sous huit enfants."
    document = _document(make_fiche, f"# Titre\n\n{paragraph}\n")
    assert widen(_first(document, 1, "Chaque"), document).texte == paragraph


def test_one_sentence_of_a_long_paragraph_is_quoted_alone(make_fiche: MakeFiche) -> None:
    paragraph = f"{RULE} " + "Le comité départemental suit aussi chaque année cette action. " * 9
    document = _document(make_fiche, f"# Titre\n\n{paragraph}\n")
    assert widen(_first(document, 1, "Chaque"), document).texte == RULE


def test_an_item_of_a_short_list_brings_the_whole_list(make_fiche: MakeFiche) -> None:
    document = _document(
        make_fiche, "# Titre\n\nLe dossier comprend :\n\n- un budget ;\n- un bilan signé.\n"
    )
    item = next(u for u in _units(document, 1) if u.introduction and "bilan" in u.texte)
    wide = widen(item, document)
    assert wide.liste
    assert wide.texte.startswith("Le dossier comprend")
    assert wide.texte.endswith("un bilan signé.")


def test_a_long_list_gives_the_item_whole_with_its_introduction(make_fiche: MakeFiche) -> None:
    items = [
        f"- la pièce numéro {n}, signée par le responsable légal de la structure porteuse ;"
        for n in range(12)
    ]
    source = "# Titre\n\nNe peuvent être retenus sans :\n\n" + "\n".join(items) + "\n"
    document = _document(make_fiche, source)
    item = next(u for u in _units(document, 1) if u.introduction and "numéro 7" in u.texte)
    wide = widen(item, document)
    assert wide.texte.removeprefix("- ") == items[7].removeprefix("- ")
    assert wide.introduction is not None
    assert document.texte[slice(*wide.introduction)] == "Ne peuvent être retenus sans :"


def test_a_text_that_says_the_same_is_cited_and_not_repeated(make_fiche: MakeFiche) -> None:
    one = _document(make_fiche, f"# Titre\n\n{RULE}\n", "un")
    two = _document(make_fiche, f"# Autre\n\n{RULE.replace('Chaque', 'Tout')}\n", "deux")
    parts = _parts([one, two], _first(one, 1), _first(two, 0.95), named=False)
    assert len(parts) == 1
    assert [u.hit.passage.document for u in parts[0].appuis] == ["deux"]


@pytest.mark.parametrize(
    ("quoted", "other"),
    [
        ("Le prix plafond est fixé à 7885 euros par collectif.", "à 7900 euros"),
        ("Une participation des familles est acceptée par le comité.", "n'est pas acceptée"),
    ],
)
def test_the_same_sentence_with_another_figure_or_a_negation_is_no_support(
    make_fiche: MakeFiche, quoted: str, other: str
) -> None:
    said = quoted.replace("à 7885 euros", other).replace("est acceptée", other)
    assert said != quoted
    one = _document(make_fiche, f"# Titre\n\n{quoted}\n", "un")
    two = _document(make_fiche, f"# Titre\n\n{said}\n", "deux")
    parts = _parts([one, two], _first(one, 1), _first(two, 0.95), named=False)
    assert parts[0].appuis == ()


def test_a_title_held_in_the_quotation_is_no_support(make_fiche: MakeFiche) -> None:
    one = _document(
        make_fiche, "# Titre\n\nIl faut lire le référentiel des Clas avant tout.\n", "un"
    )
    two = _document(make_fiche, "# Titre\n\nLe référentiel des Clas\n", "deux")
    parts = _parts([one, two], _first(one, 1), _first(two, 0.5), named=False)
    assert parts[0].appuis == ()


def test_a_text_supports_one_quotation_only(make_fiche: MakeFiche) -> None:
    first = "Le comité départemental valide chaque projet au printemps"
    second = "la Caf verse un acompte de 70 % en décembre au porteur"
    texts = [
        _document(make_fiche, f"# T\n\n{words}.\n", name)
        for name, words in (("un", first), ("deux", second), ("trois", f"{first} et {second}"))
    ]
    parts = _parts(texts, *(_first(t, 1 - n / 20) for n, t in enumerate(texts)), named=False)
    supports = [u.hit.passage.document for part in parts for u in part.appuis]
    assert len(parts) == 2
    assert supports == ["trois"]


def test_a_quotation_without_room_does_not_hide_the_shorter_text_that_says_the_same(
    make_fiche: MakeFiche,
) -> None:
    filler = "Le comité départemental suit avec attention chacune des actions conduites. " * 6
    long = f"Le groupe compte de 8 à 12 enfants, {filler.replace('. ', ', ')}et le reste."
    opening = _document(
        make_fiche, f"# T\n\nEn milieu rural, {filler.replace('. ', ', ')}fin.\n", "a"
    )
    wordy = _document(make_fiche, f"# T\n\n{long}\n", "b")
    short = _document(make_fiche, "# T\n\nLe groupe compte de 8 à 12 enfants.\n", "c")
    units = (_first(opening, 1), _first(wordy, 0.95), _first(short, 0.9))
    parts = _parts([opening, wordy, short], *units, named=False)
    assert [part.unite.hit.passage.document for part in parts] == ["a", "c"]


def test_the_national_rule_comes_first_where_the_local_text_answers_as_well(
    make_fiche: MakeFiche,
) -> None:
    local = _document(make_fiche, f"# T\n\n{RULE}\n", "note", "34")
    national = _document(make_fiche, f"# T\n\n{RULE}\n", "texte")
    parts = _parts([local, national], _first(local, 1), _first(national, 0.95), named=True)
    assert [part.unite.hit.passage.document for part in parts] == ["texte", "note"]
    assert parts[0].appuis == ()


def test_a_local_text_is_no_complement_for_who_named_no_departement(make_fiche: MakeFiche) -> None:
    local = _document(make_fiche, "# T\n\nIci une réunion par mois est attendue.\n", "note", "34")
    national = _document(make_fiche, f"# T\n\n{RULE}\n", "texte")
    units = (_first(national, 1), _first(local, 0.95))
    assert len(_parts([local, national], *units, named=False)) == 1
    assert len(_parts([local, national], *units, named=True)) == 2


def test_nothing_to_quote_makes_no_answer(make_fiche: MakeFiche) -> None:
    document = _document(make_fiche, f"# T\n\n{RULE}\n")
    documents = {"essai": document}
    assert choose_parts([], documents, named=False) == []
    assert compose([], (), documents, Verificateur(documents)) is None


def test_an_introduction_shared_by_two_items_is_said_and_cited_once(make_fiche: MakeFiche) -> None:
    items = [
        "réunir les familles au moins une fois par trimestre dans les locaux ;",
        "tenir chaque semaine le cahier de présence des enfants et des jeunes ;",
        *("adresser ce document annuel au comité départemental avant le terme prévu ;",) * 8,
    ]
    source = "# Titre\n\nLe porteur doit :\n\n" + "".join(f"- {item}\n" for item in items)
    document = _document(make_fiche, source)
    documents = {"essai": document}
    chosen = [u for u in _units(document, 1) if u.introduction][:2]
    different = [u.model_copy(update={"note": 1.0}) for u in chosen]
    composed = compose(different, (), documents, Verificateur(documents))
    assert composed is not None
    assert "réunir les familles" in composed.texte
    assert "tenir chaque semaine" in composed.texte
    assert composed.texte.count("Le porteur doit") == 1
    places = [(c.debut, c.fin) for c in composed.citations]
    assert len(places) == len(set(places))


def test_markdown_of_a_text_is_shown_as_its_own_signs(make_fiche: MakeFiche) -> None:
    document = _document(make_fiche, "# T\n\nVoir <b>la note</b> [1] et le seuil # 3_4 `ici`.\n")
    documents = {"essai": document}
    composed = compose([_first(document, 1)], (), documents, Verificateur(documents))
    assert composed is not None
    assert r"\[1\]" in composed.texte
    assert r"3\_4 \`ici\`" in composed.texte


@pytest.mark.parametrize(
    "question",
    [
        "Quels critères pour obtenir le bonus enfants ?",
        "quels sont les critères du bonus parents",
        "Quels critères d'attribution pour les bonus ?",
        "Je cherche le tableau des critères des bonus",
    ],
)
def test_a_table_lost_by_the_source_is_told_to_who_asks_for_it(ask: Ask, question: str) -> None:
    texte = ask(question).texte
    assert "le tableau des critères d'attribution des bonus manque" in texte
    assert "Circulaire" in texte.partition("manque")[2]


@pytest.mark.parametrize(
    "question", ["Combien d'enfants par groupe ?", "Quand la Caf verse-t-elle le solde ?"]
)
def test_a_lost_table_is_not_told_to_who_asks_something_else(ask: Ask, question: str) -> None:
    assert "manque" not in ask(question).texte
