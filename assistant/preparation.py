"""Set-up: install the model, build the index. Safe to repeat, resumes after an interruption."""

from __future__ import annotations

from collections.abc import Callable

from assistant.configuration import Configuration
from assistant.eligibility import charger_regles
from assistant.fiches.loading import (
    dump_cards,
    fill_cards,
    locate_cards,
    read_cards,
    ways_to_ask,
)
from corpus.library import load_corpus
from index.build import BuildReport, build_index
from index.embedding.factory import open_encoder
from index.embedding.installation import installer
from index.lexicon import load_lexicon


def preparer(
    configuration: Configuration,
    annonce: Callable[[str], None],
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> BuildReport:
    """Install the default model unless another is configured, then bring the index up to date.

    Args:
        configuration: where things live and which model is used.
        annonce: told, in French, what is being done.
        advance: told (passages embedded, passages to embed).

    Raises:
        ErreurModele: the model cannot be had.
        ManifesteInutilisable: the corpus cannot be read.
    """
    configuration.donnees.mkdir(parents=True, exist_ok=True)
    if configuration.modele is None:
        installer(configuration.dossier_modele, annonce=annonce)
    encoder = open_encoder(configuration.modele, configuration.dossier_modele)
    annonce("Lecture des textes…")
    corpus = load_corpus()
    regles = charger_regles(corpus.documents)
    cards, aside = locate_cards(fill_cards(read_cards(), regles), corpus.documents)
    for card in aside:
        annonce(f"Fiche « {card.id} » écartée : {card.raison}")
    report = build_index(
        corpus.documents,
        encoder,
        load_lexicon(),
        configuration.dossier_index,
        advance=advance,
        asked=ways_to_ask(cards),
        attached=dump_cards(cards),
    )
    annonce(
        f"Index {report.info.version} : {report.info.passages} passages, "
        f"{report.embedded} vectorisés, {report.reused} repris."
    )
    return report
