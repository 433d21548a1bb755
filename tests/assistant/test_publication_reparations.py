"""Words shown for a rule put aside mend nothing else, whatever way the draft was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tenue import folder_like

from assistant.configuration import Configuration
from assistant.eligibility.errors import ReglesInutilisables
from assistant.publication.apercu import Apercu, preview, put_aside, withdrawal_of
from assistant.publication.brouillons import DemandeInutilisable
from assistant.publication.decisions import mend, put_aside_items, take_back
from assistant.publication.etat import (
    Contenu,
    contents,
    documents_of,
    open_base,
    version_in_service,
)
from assistant.publication.publier import draft_version, look
from assistant.publication.reparations import merged_repairs, merged_withdrawals
from corpus.base.models import Brouillon, EntreeBase, Reparation, Retrait, VersionBase
from corpus.canonical import build_canonical
from corpus.library import SOURCES
from corpus.manifest import read_source

WHO, WHY = "Une gestionnaire", "le nombre d'enfants change"
RULE = ("regle", "effectif")


def in_service(place: Configuration) -> VersionBase:
    version = version_in_service(place)
    assert version is not None
    return version


@pytest.fixture
def place(donnees: Path, tmp_path: Path) -> Configuration:
    """A data folder whose draft gives the référentiel another number of children."""
    place = Configuration(donnees=folder_like(donnees, tmp_path / "d"), modele=None)
    base, parent = open_base(place), in_service(place)
    entries = {e.fiche.id: e for e in parent.documents}
    fiche = entries["001"].fiche
    text = build_canonical(read_source(fiche, SOURCES).replace("8 à 12", "6 à 10"), fiche)
    base.keep_text(text)
    entries["001"] = EntreeBase(fiche=fiche, texte=text.version, origine="apporte")
    base.write_draft(Brouillon(parent=parent.identite, documents=tuple(entries.values())))
    return place


def by_hand(place: Configuration, **update: object) -> tuple[Apercu, Contenu]:
    """Write the draft as somebody would with an editor."""
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    base.write_draft(draft.model_copy(update=update))
    return look(place)


def rule_alone(place: Configuration) -> tuple[tuple[Retrait, ...], tuple[Reparation, ...], Apercu]:
    seen, _ = look(place)
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    documents = documents_of(base, draft_version(base, in_service(place), draft))
    chosen = [a for a in seen.bloquants if withdrawal_of(a)[:2] == RULE]
    return *put_aside(seen, chosen, WHY, documents), seen


def blocked(seen: Apercu) -> set[tuple[str, str]]:
    return {withdrawal_of(appui)[:2] for appui in seen.bloquants}


def sharing(seen: Apercu) -> set[tuple[str, str]]:
    """What else quotes the very words of the rule."""
    words = {a.extrait for a in seen.bloquants if withdrawal_of(a)[:2] == RULE}
    return {(a[0], a[1]) for a in _items(seen, words)} - {RULE}


def _items(seen: Apercu, words: set[str]) -> Iterator[tuple[str, str, str]]:
    return (withdrawal_of(a) for a in seen.bloquants if a.extrait in words)


@pytest.mark.long
def test_a_card_and_a_parameter_of_the_same_words_are_not_mended_by_a_rule_put_aside(
    place: Configuration,
) -> None:
    retraits, reparations, before = rule_alone(place)
    others = sharing(before)
    assert {"parametre", "fiche"} <= {genre for genre, _ in others}
    seen, _ = by_hand(place, retraits=retraits, reparations=reparations)
    assert others <= blocked(seen)
    assert RULE not in blocked(seen)


@pytest.mark.long
def test_a_draft_written_by_hand_without_saying_what_its_repairs_are_for_does_not_pass(
    place: Configuration,
) -> None:
    retraits, reparations, before = rule_alone(place)
    bare = tuple(
        Reparation(document=r.document, ancien=r.ancien, nouveau=r.nouveau) for r in reparations
    )
    seen, _ = by_hand(place, retraits=retraits, reparations=bare)
    assert sharing(before) <= blocked(seen)


@pytest.mark.long
def test_words_shown_for_a_rule_are_not_given_to_what_is_not_put_aside(
    place: Configuration,
) -> None:
    retraits, reparations, _ = rule_alone(place)
    by_hand(place, retraits=retraits, reparations=reparations)
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    with pytest.raises(ReglesInutilisables, match="8 à 12"):
        contents(base, draft_version(base, in_service(place), draft))


@pytest.mark.long
def test_a_withdrawal_taken_out_by_hand_leaves_no_rule_with_words_shown(
    place: Configuration,
) -> None:
    put_aside_items(place, None, WHY, WHO)
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    assert contents(base, draft_version(base, in_service(place), draft))
    left = tuple(r for r in draft.retraits if (r.genre, r.nom) != RULE)
    seen, _ = by_hand(place, retraits=left)
    assert RULE in blocked(seen)
    with pytest.raises(ReglesInutilisables, match="critère effectif"):
        contents(
            base,
            draft_version(base, in_service(place), draft.model_copy(update={"retraits": left})),
        )


@pytest.mark.long
def test_words_mended_hold_for_all_that_quotes_them(place: Configuration) -> None:
    seen, _ = look(place)
    broken = next(a for a in seen.bloquants if withdrawal_of(a)[:2] == RULE)
    effet = next(e for e in seen.effets if e.appui == broken)
    mend(place, "001", broken.extrait, effet.devenir.nouveau, WHO, despite_substance=True)
    again, _ = look(place)
    assert broken.extrait not in {appui.extrait for appui in again.bloquants}


@pytest.mark.long
def test_a_rule_put_aside_after_its_words_were_mended_leaves_the_others_mended(
    place: Configuration,
) -> None:
    seen, _ = look(place)
    broken = next(a for a in seen.bloquants if withdrawal_of(a)[:2] == RULE)
    effet = next(e for e in seen.effets if e.appui == broken)
    mend(place, "001", broken.extrait, effet.devenir.nouveau, WHO, despite_substance=True)
    others = {withdrawal_of(a)[:2] for a in seen.bloquants if a.extrait == broken.extrait} - {RULE}
    put_aside_items(place, ["critère effectif"], WHY, WHO)
    again, _ = look(place)
    assert broken.extrait not in {appui.extrait for appui in again.bloquants}
    assert others


@pytest.mark.long
def test_a_rule_used_again_has_its_own_words_not_those_shown(place: Configuration) -> None:
    put_aside_items(place, None, WHY, WHO)
    take_back(place, ["critère effectif"], WHO)
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    assert not any("regle effectif" in repair.pour for repair in draft.reparations)
    assert RULE in blocked(look(place)[0])


def test_a_rule_that_nothing_touches_is_not_put_aside(place: Configuration) -> None:
    with pytest.raises(DemandeInutilisable, match="n'est pas touché"):
        put_aside_items(place, ["critère laicite"], WHY, WHO)


@pytest.mark.long
def test_a_repair_shown_whose_words_left_the_text_no_longer_passes(place: Configuration) -> None:
    put_aside_items(place, None, WHY, WHO)
    base = open_base(place)
    draft = base.read_draft()
    assert draft is not None
    forged = tuple(r.model_copy(update={"nouveau": "des mots inventés"}) for r in draft.reparations)
    here = contents(base, in_service(place))
    documents = documents_of(base, draft_version(base, in_service(place), draft))
    seen = preview(here, draft.model_copy(update={"reparations": forged}), documents)
    assert RULE in blocked(seen)


def test_records_written_before_keep_their_identity() -> None:
    repair = Reparation(document="001", ancien="a", nouveau="b")
    assert repair.model_dump_json() == '{"document":"001","ancien":"a","nouveau":"b"}'
    retrait = Retrait(genre="regle", nom="effectif", raison="r")
    assert retrait.model_dump_json() == '{"genre":"regle","nom":"effectif","raison":"r"}'


def test_a_version_with_repairs_written_before_has_the_name_that_it_had(
    place: Configuration,
) -> None:
    version = in_service(place).model_copy(
        update={"reparations": (Reparation(document="001", ancien="a", nouveau="b"),)}
    )
    plain = in_service(place).model_dump_json()
    written = plain.replace(
        '"reparations":[]', '"reparations":[{"document":"001","ancien":"a","nouveau":"b"}]'
    )
    assert version.identite == hashlib.sha256(written.encode()).hexdigest()[:12]
    assert VersionBase.model_validate_json(written).identite == version.identite


def test_words_shown_never_take_the_place_of_words_mended() -> None:
    mended = Reparation(document="001", ancien="a", nouveau="b", pour=("fiche x",))
    shown = Reparation(
        document="001", ancien="b", nouveau="c", pour=("regle effectif",), montre=True
    )
    assert merged_repairs([mended], [shown]) == (mended, shown)


def test_words_mended_again_are_followed_to_where_they_now_lead() -> None:
    first = Reparation(document="001", ancien="a", nouveau="b", pour=("fiche x",))
    second = Reparation(document="001", ancien="b", nouveau="c", pour=("fiche x",))
    assert merged_repairs([first], [second]) == (
        first.model_copy(update={"nouveau": "c"}),
        second,
    )


def test_what_is_put_aside_for_a_change_too_waits_for_a_person() -> None:
    withdrawn = Retrait(genre="fiche", nom="x", raison="r", textes=("001",))
    other = withdrawn.model_copy(update={"textes": ("002",)})
    changed = withdrawn.model_copy(update={"textes": ()})
    assert merged_withdrawals([withdrawn], [other])[0].textes == ("001", "002")
    assert merged_withdrawals([withdrawn], [changed])[0].textes == ()
