"""What a text made to be costly costs: beside a plain one, and beside its own half."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import process_time

from assistant.anglais.traduction import traduire
from assistant.dialogue.facts.flux import LONGUEUR_LUE
from assistant.dialogue.facts.lecture import lire_faits
from assistant.models import Question
from assistant.questions_posees.masquage import LUS, masquer
from assistant.understanding.entree import LONGUEUR_MAX, qualifier
from bench.cadre import open_cadre
from bench.tableau import Tableau, decimal, verdict
from index.embedding.normalise import MAX_CHARS

ROUNDS = 5
"""Times that each text is read; the quickest counts."""
VARIANTS = "abcdefghijkl"
"""First letter of each round's text: what is remembered of one says nothing of the next."""
MOST = 4.0
"""Times the time of a plain text of the same length, at most."""
TWICE = 3.0
"""Times the time of its half, at most: 2 is in proportion, 4 is the square."""
KILOS = 100_000
PLAIN = "Le groupe réunit des enfants de l'école élémentaire. "
ASKED = "Combien d'enfants par groupe ? "
HOSTILE = {
    "ligature longue": "\ufdfa",
    "un seul mot": "a",
    "accents empilés": "\u0301\u0316",
    "émojis": "😀👩‍👩‍👧",
    "jetons spéciaux": "<s></s><pad><unk><mask>",
    "blancs": " \n\t",
    "idéogrammes": "漢字",
    "signes": "?",
    "chiffres": "1",
}
READERS: Mapping[str, tuple[Callable[[str], object], int, tuple[str, ...]]] = {
    "nettoyer une question": (qualifier, KILOS, ("a", " ", "ignore ", "\u0301\u0316", "\n \n")),
    "traduire de l'anglais": (traduire, LONGUEUR_MAX // 2, ("how ", "a", "1,", "'")),
    "lire des faits": (lire_faits, LONGUEUR_LUE // 2, ("6 ", "8, 9, ", "a", "2 x 1h30 ", ". ")),
    "masquer": (masquer, LUS // 2, ("x", "1 ", "-_", "1.", '"a', " ", "1 85 ", "(at)")),
}


def run() -> Sequence[Tableau]:
    return [_beside_plain(), _beside_half()]


def _beside_plain() -> Tableau:
    cadre = open_cadre()

    def encoded(text: str) -> object:
        return cadre.encoder.encode_query(text)

    def answered(text: str) -> object:
        return cadre.assistant.repondre(Question.model_construct(id="q", question=text))

    plain = {name: _repeated(PLAIN, MAX_CHARS) for name in HOSTILE}
    typed = {name: _repeated(motif, KILOS) for name, motif in HOSTILE.items()}
    rows = [
        ("vecteur d'une question", name, *_cells(encoded, typed[name], plain[name], MOST))
        for name in HOSTILE
    ]
    long, read = (_repeated(ASKED, length) for length in (KILOS, LONGUEUR_MAX))
    rows.append(("réponse", "question répétée", *_cells(answered, long, read, MOST)))
    return Tableau(
        f"{decimal(KILOS, 0)} caractères hostiles, contre un texte ordinaire aussi long que ce qui "
        "est lu",
        ("travail", "texte", "ordinaire (ms)", "hostile (ms)", "rapport", "but"),
        tuple(rows),
        f"Temps de processeur du plus rapide de {ROUNDS} passages, à tour de rôle. « Ce qui est lu "
        f"» : {decimal(MAX_CHARS, 0)} caractères pour le vecteur, {decimal(LONGUEUR_MAX, 0)} pour "
        "la réponse.",
    )


def _beside_half() -> Tableau:
    return Tableau(
        "Un texte hostile, contre sa moitié",
        ("lecture", "motif", "moitié (ms)", "entier (ms)", "rapport", "but"),
        tuple(
            (name, ascii(motif), *_cells(read, *_halved(motif, half), TWICE))
            for name, (read, half, motifs) in READERS.items()
            for motif in motifs
        ),
        "2 : en proportion du texte ; 4 : comme son carré. Les tests comptent les appels de "
        "fonctions ; le temps passé dans une expression rationnelle ne se voit qu'ici.",
    )


def _halved(motif: str, half: int) -> tuple[str, str]:
    return _repeated(motif, 2 * half), _repeated(motif, half)


def _repeated(motif: str, length: int) -> str:
    return (motif * (length // len(motif) + 1))[:length]


def _cells(
    read: Callable[[str], object], judged: str, reference: str, goal: float
) -> tuple[str, ...]:
    """Time both texts in turn, in an order that changes: a busy machine slows both."""
    spent: dict[str, list[float]] = {judged: [], reference: []}
    for turn, variant in enumerate(VARIANTS[: ROUNDS + 1]):
        for text in (judged, reference)[:: 1 if turn % 2 else -1]:
            start = process_time()
            read(variant + text[1:])
            spent[text].append(process_time() - start)
    # The first round makes what is made for good.
    slow, plain = (min(spent[text][1:]) for text in (judged, reference))
    ratio = slow / plain
    return (*(decimal(1000 * s, 2) for s in (plain, slow)), decimal(ratio), verdict(ratio, goal))
