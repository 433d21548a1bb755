"""What an answer showed, piece by piece, with the proofs that each piece holds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from assistant.evaluation.proof import Piece, letters_and_digits, prepare_proofs
from assistant.evaluation.report import CitationMesuree, PassageMesure, PreuveAttendue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.proof import ProofGroups
    from assistant.evaluation.sets import Attendu, QuestionMesuree
    from assistant.models import Citation, PassageClasse


def empreinte(question: QuestionMesuree) -> str:
    """Return 12 hex digits that change with the question or with what is expected of its answers.

    Not with its ``categorie`` and ``style``, which only sort.
    """
    contenu = question.model_dump_json(exclude={"categorie", "style"}, exclude_defaults=True)
    return hashlib.sha256(contenu.encode("utf-8")).hexdigest()[:12]


def preuves_attendues(
    attendu: Attendu, preuves: ProofGroups, rangs: Sequence[frozenset[int]]
) -> tuple[PreuveAttendue, ...]:
    """Return the proofs of a turn, group by group, each with its first rank.

    Args:
        attendu: what is expected of the turn.
        preuves: its proofs, prepared.
        rangs: for each passage in order, the numbers of the prepared alternatives that it proves.

    """
    numeros = {piece: numero for numero, piece in enumerate(preuves.alternatives)}

    def rang(piece: Piece) -> int | None:
        numero = numeros[piece]
        return next((rang for rang, tenues in enumerate(rangs, start=1) if numero in tenues), None)

    return tuple(
        PreuveAttendue(
            groupe=groupe,
            document=preuve.document,
            extrait=preuve.extrait,
            rang=rang(prepare_proofs([[preuve]]).alternatives[0]),
        )
        for groupe, alternatives in enumerate(attendu.groupes, start=1)
        for preuve in alternatives
    )


def passages_mesures(
    passages: Sequence[PassageClasse],
    rangs: Sequence[frozenset[int]],
    attendu: Attendu,
    preuves: ProofGroups,
    portees: Mapping[str, str],
) -> tuple[PassageMesure, ...]:
    """Return the passages at the ranks given, with the proofs that each holds."""
    return tuple(
        PassageMesure(
            document=passage.document,
            portee=portees.get(passage.document, "inconnue"),
            debut=passage.debut,
            fin=passage.fin,
            texte=passage.texte,
            prouve=_numeros(attendu, preuves, tenues),
        )
        for passage, tenues in zip(passages, rangs, strict=False)
    )


def citations_mesurees(
    citations: Sequence[Citation], attendu: Attendu, preuves: ProofGroups
) -> tuple[CitationMesuree, ...]:
    """Return the quotations of an answer, with the proofs that each holds."""
    return tuple(
        CitationMesuree(
            document=citation.document,
            version=citation.version,
            portee=citation.portee,
            section=citation.section,
            page=citation.page,
            debut=citation.debut,
            fin=citation.fin,
            extrait=citation.extrait,
            prouve=_numeros(
                attendu,
                preuves,
                preuves.proved_by(
                    Piece(citation.document, letters_and_digits(citation.extrait)),
                ),
            ),
        )
        for citation in citations
    )


def _numeros(attendu: Attendu, preuves: ProofGroups, tenues: frozenset[int]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the proofs of the turn that the alternatives ``tenues`` are.

    Two proofs that read alike are one alternative.
    """
    pieces = {preuves.alternatives[numero] for numero in tenues}
    toutes = [preuve for groupe in attendu.groupes for preuve in groupe]
    return tuple(
        numero
        for numero, preuve in enumerate(toutes, start=1)
        if prepare_proofs([[preuve]]).alternatives[0] in pieces
    )
