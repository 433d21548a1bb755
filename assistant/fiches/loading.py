"""Read the cards and find each of their quotations in the texts of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.eligibility import Regles
from assistant.eligibility.revision import AUCUNE, Revision
from assistant.eligibility.templates import montrer, remplir
from assistant.fiches.model import Fiche
from assistant.models import Citation
from assistant.quotation import Localisation, Refus, Verificateur
from assistant.quotation.localisation import TexteVerifie, index_de
from corpus.lecture_yaml import read_yaml
from corpus.models import NATIONALE, DocumentCanonique
from index.models import Asked

FOLDER = Path(__file__).with_name("textes")
_LATEST = "2025-2026"
"""School year whose figures fill a card that is not of a year of its own."""
TARGET = "fiche:"
"""What an index entry that stands for a card begins with."""


class FichesInutilisables(ValueError):
    """A card file cannot be used; the message names file, card and field."""


class FichePrete(BaseModel):
    """A card and its quotations with their places: all of them, where it may be said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fiche: Fiche
    citations: tuple[Citation, ...]
    ecartee: bool = Field(default=False, exclude_if=lambda aside: not aside)
    """It was put aside: it keeps its place among the others, so that no neighbour takes it, and
    is never said. Its quotations are those still found, if any."""


_CARDS = TypeAdapter(tuple[FichePrete, ...])


class FicheEcartee(BaseModel):
    """A card that may not be served, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    raison: str
    rang: int
    """Its place among all the cards."""
    carte: FichePrete
    """What keeps its place."""


def read_cards(folder: Path = FOLDER) -> tuple[Fiche, ...]:
    """Read every card file, by name.

    Raises:
        FichesInutilisables: unreadable YAML, a wrong field, an id or a link that is not right.
    """
    cards = [card for path in sorted(folder.glob("*.yaml")) for card in _read_file(path)]
    ids = [card.id for card in cards]
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise FichesInutilisables(f"fiche « {repeated[0]} » : identifiant répété")
    for card in cards:
        lost = [other for other in card.voir if other not in ids]
        if lost:
            raise FichesInutilisables(f"fiche « {card.id} », voir : « {lost[0]} » n'existe pas")
    return tuple(cards)


def locate_cards(
    cards: Iterable[Fiche],
    documents: Mapping[str, DocumentCanonique],
    revision: Revision = AUCUNE,
    retirees: Mapping[str, str] | None = None,
) -> tuple[tuple[FichePrete, ...], tuple[FicheEcartee, ...]]:
    """Find the quotations of cards; a card with one that is gone is set aside, never served.

    Those set aside come in their order. ``revision``: the words that quotations now have;
    ``retirees``: cards withdrawn, and why.
    """
    gate = Verificateur(documents)
    ready: list[FichePrete] = []
    aside: list[FicheEcartee] = []
    withdrawn = retirees or {}
    for rang, card in enumerate(cards):
        found = [
            _cite(gate, documents, proof.document, revision.mots(proof.document, proof.extrait))
            for proof in card.preuves
        ]
        gone = [refusal for refusal in found if isinstance(refusal, Refus)]
        citations = tuple(c for c in found if isinstance(c, Citation))
        if gone or card.id in withdrawn:
            raison = withdrawn[card.id] if card.id in withdrawn else gone[0].explication
            kept = FichePrete(fiche=card, citations=citations, ecartee=True)
            aside.append(FicheEcartee(id=card.id, raison=raison, rang=rang, carte=kept))
        else:
            ready.append(FichePrete(fiche=card, citations=citations))
    return tuple(ready), tuple(aside)


def indexed_cards(
    ready: Iterable[FichePrete], aside: Iterable[FicheEcartee]
) -> tuple[FichePrete, ...]:
    """Every card in its order, those put aside in their places; as ``locate_cards`` gives them."""
    cards = list(ready)
    for one in aside:
        cards.insert(one.rang, one.carte)
    return tuple(cards)


def fill_cards(cards: Iterable[Fiche], regles: Regles) -> tuple[Fiche, ...]:
    """Put the figures of the rules in the places that cards leave for them.

    Raises:
        FichesInutilisables: a card names a parameter that the rules do not have.
    """
    return tuple(_fill(card, regles) for card in cards)


def _fill(card: Fiche, regles: Regles) -> Fiche:
    year = int((card.du or _LATEST)[:4])
    portee = None if card.portee == NATIONALE else card.portee

    def value(place: str) -> str:
        name = place.removeprefix("p:")
        try:
            found, _ = regles.parametre(name, year, portee)
        except KeyError as error:
            raise FichesInutilisables(
                f"fiche « {card.id} » : le paramètre « {name} » n'est pas dans les règles"
            ) from error
        return _in_words(found.valeur if found else None)

    return card.model_copy(
        update={
            "reponse": remplir(card.reponse, value),
            "reserves": tuple(remplir(reserve, value) for reserve in card.reserves),
        }
    )


def _in_words(value: Any) -> str:  # noqa: ANN401 - a number or a date of the rules
    """Write a parameter as people read it; a share of 1 as a percentage."""
    if isinstance(value, Decimal) and 0 < value < 1:
        return f"{(value * 100).normalize():f} %".replace(".", ",")
    return montrer(value).replace("\u202f", " ")


def dump_cards(cards: Iterable[FichePrete]) -> bytes:
    """Write cards as JSON, those put aside among them."""
    return _CARDS.dump_json(tuple(cards))


def load_cards(data: bytes) -> dict[str, FichePrete]:
    """Read what ``dump_cards`` wrote: cards by the target of their index entries."""
    return {target_of(card): card for card in _CARDS.validate_json(data)}


def served_cards(data: bytes) -> dict[str, FichePrete]:
    """The same, without those put aside."""
    return {target: card for target, card in load_cards(data).items() if not card.ecartee}


def card_of_rule(cards: Iterable[FichePrete], critere: str) -> FichePrete | None:
    """The national card that says the rule of a criterion; None when no card does."""
    return next(
        (
            card
            for card in cards
            if card.fiche.critere == critere
            and card.fiche.portee == NATIONALE
            and card.fiche.polarite is None
            and not card.fiche.silence
            and not card.fiche.divergence
            and card.fiche.attribut != "pourquoi"
        ),
        None,
    )


def target_of(card: FichePrete) -> str:
    """What the index entries of a card stand for."""
    return f"{TARGET}{card.fiche.id}"


def ways_to_ask(cards: Iterable[FichePrete]) -> tuple[Asked, ...]:
    """What is indexed for cards: each title and way to ask, linked to the words that prove it.

    Those of a card put aside are linked to what is left of these words.
    """
    return tuple(
        Asked(
            target=target_of(card),
            text=text,
            portee=card.fiche.portee,
            spans=tuple((c.document, c.debut, c.fin) for c in card.citations),
        )
        for card in cards
        for text in (card.fiche.titre, *card.fiche.formulations)
    )


def _cite(
    gate: Verificateur, documents: Mapping[str, DocumentCanonique], name: str, extrait: str
) -> Citation | Refus:
    source = documents.get(name)
    place = _place(TexteVerifie.de(source), extrait) if source else gate.localiser(extrait, name)
    if isinstance(place, Localisation):
        return gate.citer(name, place.debut, place.fin)
    return place


@lru_cache(maxsize=4096)
def _place(texte: TexteVerifie, extrait: str) -> Localisation | Refus:
    """Look a quotation up in a text: where it stands does not change while the text does not.

    A publication looks each of a thousand up three times, in texts that hardly change.
    """
    return index_de(texte).localiser(extrait)


def _read_file(path: Path) -> list[Fiche]:
    try:
        data: Any = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FichesInutilisables(f"{path.name} : YAML illisible ({error})") from error
    if not isinstance(data, dict) or not isinstance(data.get("fiches"), list):
        raise FichesInutilisables(f"{path.name} : attendu une liste sous « fiches »")
    cards: list[Fiche] = []
    for number, item in enumerate(data["fiches"], start=1):
        try:
            cards.append(Fiche.model_validate(item))
        except ValidationError as error:
            first = error.errors()[0]
            name = item.get("id") if isinstance(item, dict) else None
            field = ".".join(str(part) for part in first["loc"])
            raise FichesInutilisables(
                f"{path.name}, fiche {name or number}, {field} : {first['msg']}"
            ) from error
    return cards
