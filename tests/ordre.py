"""Files of tests that take long, the longest first: begun early, none is waited for at the end.

Each worker takes the next file of the collection; what is not named here comes after, as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

ORDRE: Final = (
    "assistant/test_eligibility_two_evaluators.py",
    "assistant/test_publication_faults.py",
    "assistant/test_measured_promises.py",
    "assistant/test_revision.py",
    "pages/test_charge.py",
    "pages/test_tenir_les_textes_navigateur.py",
    "assistant/test_prochaines.py",
    "assistant/test_ingestion.py",
    "assistant/test_sauvegarde_pannes.py",
    "assistant/test_sauvegarde.py",
    "index/test_fragments.py",
    "assistant/test_publication.py",
    "index/test_embedding_installation.py",
    "index/test_training_whole.py",
    "index/test_training_data.py",
    "assistant/test_rejeu_brouillon.py",
    "assistant/test_redacteur_service.py",
    "assistant/test_avis_service.py",
    "assistant/test_publication_retrait.py",
    "assistant/test_replique.py",
    "assistant/test_conversation_passage.py",
    "assistant/test_cli_corpus_decisions.py",
    "assistant/test_cli_corpus.py",
    "assistant/test_publication_successeur.py",
    "assistant/test_fiches_ecartees.py",
    "assistant/test_publication_concurrence.py",
    "index/test_storage_faults.py",
    "index/test_incremental.py",
    "bench/test_preuves_pdf.py",
    "assistant/test_magasin_reponses.py",
    "index/test_postgres_neighbours.py",
    "assistant/test_rejeu.py",
    "pages/test_navigateur.py",
    "pages/test_tenir_les_textes.py",
    "pages/test_projet_raconte_navigateur.py",
    "pages/test_formulaire_navigateur.py",
    "pages/test_formulaire_presentation_navigateur.py",
    "pages/test_repliques_navigateur.py",
    "pages/test_avis_navigateur.py",
    "pages/test_exploitation_navigateur.py",
    "pages/test_citations_navigateur.py",
    "pages/test_tenir_les_documents_navigateur.py",
    "pages/test_questions_navigateur.py",
    "pages/test_mise_a_jour.py",
    "pages/test_connexion_navigateur.py",
    "assistant/test_conversation_cases.py",
    "index/test_build.py",
    "index/test_search_scope.py",
    "index/test_storage.py",
    "corpus/test_loading_renderings.py",
    "assistant/test_publication_reparations.py",
    "assistant/test_answers_determinism.py",
    "assistant/test_answers_hostile_input.py",
    "assistant/test_anglais.py",
)
_RANG: Final = {Path(__file__).parent / nom: rang for rang, nom in enumerate(ORDRE)}


def rang(fichier: Path) -> int:
    """Place of a file among those of a run."""
    return _RANG.get(fichier, len(ORDRE))
